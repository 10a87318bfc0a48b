"""A network of 26 neurons that reads digits, small enough to draw: 64 numbers → 16 neurons with sigmoid → 10 answers.

Its weights come along as a file, so that nobody's first page waits for scikit-learn; `python -m
models.experiments.digit_neurons` trains it again and writes that file.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from models.arithmetic import activation
from models.storage import json_text

if TYPE_CHECKING:
    from sklearn.neural_network import MLPClassifier

HIDDEN = 16
MAXIMUM = 16
"""A block of 4 × 4 pixels full of ink; an input is its ink divided by this, 0 to 1."""

EPOCHS = 60
DECIMALS = 4
"""Weights are rounded to so many before the network is tested: those are the weights that are drawn."""

SHIPPED = Path(__file__).resolve().with_name("digit_neurons.json")


class Record(TypedDict):
    """What the file holds: weights as Keras's Dense layers have them, and what the network made of its digits."""

    kernels: list[list[list[float]]]
    biases: list[list[float]]
    training_digits: int
    test_digits: int
    test_correct: int
    scikit_learn: str


@dataclass(frozen=True, eq=False)
class DigitNeurons:
    """The trained network.

    Attributes:
        kernels: float64 (64, 16) and (16, 10).
        biases: float64 (16,) and (10,).
        training_digits: how many handwritten digits it learned from.
        test_digits: how many others it was tested on.
        test_correct: how many of those it read rightly.
    """

    kernels: tuple[np.ndarray, np.ndarray]
    biases: tuple[np.ndarray, np.ndarray]
    training_digits: int
    test_digits: int
    test_correct: int

    @property
    def parameter_count(self) -> int:
        """Number of weights and biases."""
        return sum(array.size for array in (*self.kernels, *self.biases))

    @property
    def accuracy(self) -> float:
        """Share of the test digits that it read rightly."""
        return self.test_correct / self.test_digits

    def probabilities(self, counts: np.ndarray) -> np.ndarray:
        """Return those of the digits 0 to 9 for amounts of ink 0 to 16, (pictures, 8, 8): float64 (pictures, 10)."""
        inputs = np.asarray(counts, np.float64).reshape(len(counts), -1) / MAXIMUM
        hidden = activation("sigmoid", inputs @ self.kernels[0] + self.biases[0])
        return activation("softmax", hidden @ self.kernels[1] + self.biases[1])


@lru_cache(maxsize=1)
def digit_neurons() -> DigitNeurons:
    """Return the network that comes along."""
    record: Record = json.loads(SHIPPED.read_text(encoding="utf-8"))
    first, second = (np.array(kernel) for kernel in record["kernels"])
    first_bias, second_bias = (np.array(bias) for bias in record["biases"])
    return DigitNeurons(
        kernels=(first, second),
        biases=(first_bias, second_bias),
        training_digits=record["training_digits"],
        test_digits=record["test_digits"],
        test_correct=record["test_correct"],
    )


def train() -> "MLPClassifier":
    """Train the network with scikit-learn, in about a second, and return it with rounded weights.

    It learns from the training digits of `models.datasets.digits`, in batches of 64, with Adam and a little weight
    decay. Neither the validation digits nor the test digits decided a setting.
    """
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    from models.datasets import Request, digits

    learned = digits.load(Request(side=digits.SIDE)).train
    network = MLPClassifier(
        (HIDDEN,),
        activation="logistic",
        alpha=0.01,
        batch_size=64,
        learning_rate_init=0.02,
        max_iter=EPOCHS,
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it stops after EPOCHS on purpose
        network.fit(_inputs(learned.images), learned.labels)
    network.coefs_ = [np.round(kernel, DECIMALS) for kernel in network.coefs_]
    network.intercepts_ = [np.round(bias, DECIMALS) for bias in network.intercepts_]
    return network


def record(network: "MLPClassifier") -> Record:
    """Return what the file holds of a trained network, tested now."""
    import sklearn

    from models.datasets import Request, digits

    data = digits.load(Request(side=digits.SIDE))
    right = network.predict(_inputs(data.test.images)) == data.test.labels
    return {
        "kernels": [kernel.tolist() for kernel in network.coefs_],
        "biases": [bias.tolist() for bias in network.intercepts_],
        "training_digits": len(data.train.labels),
        "test_digits": len(right),
        "test_correct": int(right.sum()),
        "scikit_learn": sklearn.__version__,
    }


def _inputs(images: np.ndarray) -> np.ndarray:
    """Return pictures (pictures, 8, 8, 1) of 0 to 16 as the network's inputs: float64 (pictures, 64), 0 to 1."""
    inputs: np.ndarray = np.asarray(images, np.float64).reshape(len(images), -1) / MAXIMUM
    return inputs


if __name__ == "__main__":
    SHIPPED.write_text(json_text(record(train())) + "\n", encoding="utf-8")
