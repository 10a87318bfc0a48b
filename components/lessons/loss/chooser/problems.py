"""Problems of the course, with the last activation and the loss that fit, and the pairs that do not."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models.experiments.output_endings import COMPARISONS, Ending


@dataclass(frozen=True)
class Problem:
    """A problem and how its network ends.

    Attributes:
        label: the question that the network answers.
        classes: the classes or labels, in order.
        activation: of the last layer.
        units: of the last layer.
        losses: by Keras's names, the usual one first.
        because: why this pair, one or two sentences.
        wrong: names in `models.experiments.output_endings.COMPARISONS` of the pairs that do not fit.
    """

    label: str
    classes: tuple[str, ...]
    activation: str
    units: int
    losses: tuple[str, ...]
    because: str
    wrong: tuple[str, ...]


_TWO = "One unit is enough: sigmoid makes it the probability p of class 1, and 1 − p is left for class 0."
_MORE = (
    "One unit for each class. Softmax shares out one whole among them, because exactly one class is right. One-hot "
    "labels (a 1 for the true class, 0 for the others) take the categorical loss, plain class numbers the sparse one; "
    "both give the same number."
)
_EACH = "Each label is a yes-or-no question of its own, so each has a sigmoid, and several may be near 1 at once."
_WRONG_TWO = ("softmax-one", "categorical-one", "squared")
_WRONG_MORE = ("sigmoid-ten", "no-activation", "twice")
_CATEGORICAL = ("categorical_crossentropy", "sparse_categorical_crossentropy")

PROBLEMS: Mapping[str, Problem] = MappingProxyType(
    {
        "spam": Problem("E-mail: spam?", ("mail", "spam"), "sigmoid", 1, ("binary_crossentropy",), _TWO, _WRONG_TWO),
        "churn": Problem(
            "Churn: will a customer leave?",
            ("stays", "leaves"),
            "sigmoid",
            1,
            ("binary_crossentropy",),
            _TWO,
            _WRONG_TWO,
        ),
        "pets": Problem("Cat or dog?", ("cat", "dog"), "sigmoid", 1, ("binary_crossentropy",), _TWO, _WRONG_TWO),
        "digits": Problem("Digits 0 to 9", tuple(map(str, range(10))), "softmax", 10, _CATEGORICAL, _MORE, _WRONG_MORE),
        "vehicles": Problem(
            "Cars, motorcycles, trucks",
            ("cars", "motorcycles", "trucks"),
            "softmax",
            3,
            _CATEGORICAL,
            _MORE,
            _WRONG_MORE,
        ),
        "labels": Problem(
            "Several labels at once",
            ("dog", "outdoors", "at night"),
            "sigmoid",
            3,
            ("binary_crossentropy",),
            _EACH,
            ("softmax-labels",),
        ),
    }
)

PAIRS: Mapping[str, str] = MappingProxyType(
    {
        "softmax-one": "Softmax on one unit",
        "categorical-one": "Categorical cross-entropy on one sigmoid unit",
        "squared": "Squared error, from a confident mistake",
        "sigmoid-ten": "Sigmoid on each of ten classes",
        "no-activation": "No activation, and from_logits forgotten",
        "twice": "Softmax twice",
        "softmax-labels": "Softmax for several labels",
    }
)
"""The display names of the comparisons."""


def task_words(name: str) -> str:
    """Return which digits a comparison trains on, one sentence."""
    return {
        "three-eight": "Task: tell handwritten threes from eights.",
        "digits": "Task: read the ten handwritten digits 0 to 9.",
        "traits": "Task: say of a digit whether it is even, has a closed loop, is above 4; any number of them may "
        "hold.",
    }[COMPARISONS[name].task]


def ending_words(ending: Ending) -> str:
    """Return a network's ending as Keras writes it."""
    activation = f', activation="{ending.activation}"' if ending.activation else ""
    again = f' + Activation("{ending.again}")' if ending.again else ""
    return f'Dense({ending.units}{activation}){again}, loss="{ending.loss}"'


def keras_words(problem: Problem) -> str:
    """Return what a problem's Keras lines do."""
    return (
        f"“{problem.label}”, or what you choose under “Which loss”: these lines build a network with that last layer "
        "and that loss, and ask for its loss. They run as they stand."
    )


def keras_code(problem: Problem) -> str:
    """Return Python lines that build, compile and run a problem's network: `loss` and `predictions`."""
    several = problem.units > 1 and problem.activation == "sigmoid"
    if problem.units == 1:
        labels = "[[0], [1]]"
        first = f"# One label per picture: 0 is “{problem.classes[0]}”, 1 is “{problem.classes[1]}”."
    elif several:
        labels = "[[1, 1, 0], [0, 1, 1]]"
        first = f"# A 0 or 1 for each of: {', '.join(problem.classes)}."
    else:
        labels = f"keras.utils.to_categorical([0, 2], {problem.units})"
        first = "# One-hot labels of the classes 0 and 2."
    sparse = (
        ""
        if problem.activation != "softmax"
        else "\n# Class numbers instead of one-hot labels: the sparse loss gives the same number.\n"
        f'model.compile("adam", loss="{problem.losses[1]}")\n'
        "sparse_loss = model.evaluate(photos, np.array([0, 2]), verbose=0)\n"
    )
    return f"""import keras
import numpy as np

model = keras.Sequential(
    [
        keras.Input((64, 64, 3)),
        keras.layers.Conv2D(8, 3, activation="relu"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense({problem.units}, activation="{problem.activation}"),
    ]
)
model.compile("adam", loss="{problem.losses[0]}")

photos = np.random.default_rng(0).random((2, 64, 64, 3))
{first}
y_true = np.array({labels}, dtype="float32")
loss = model.evaluate(photos, y_true, verbose=0)
predictions = model.predict(photos, verbose=0)
{sparse}"""
