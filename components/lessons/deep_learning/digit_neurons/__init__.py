"""A whole network of neurons, drawn: it lights up on the digit that is on the digit board."""

from pathlib import Path
from typing import TypedDict

import numpy as np

from components.browser import Texts, encode_array
from components.lessons.deep_learning.digit_neurons.scene import COUNT, MAX_SPEED, DigitNeuronsScene
from components.player import TRANSPORT_TEXTS, animation, register
from models.experiments.digit_neurons import MAXIMUM, DigitNeurons, digit_neurons

KEY = "digit-neurons"

TEXTS: Texts = {
    "picture-alt": "64 inputs, {hidden} hidden neurons and 10 output neurons, joined by lines. {said}",
    "inputs": "64 inputs",
    "hidden": "{hidden} hidden neurons",
    "outputs": "10 outputs",
    "whole": "This network reads {digit}",
    "whole-sum": "{share}\u00a0% sure, with {count} weights and biases",
    "nothing": "Nothing to read yet",
    "nothing-sum": "Draw a digit, or take one.",
    "nothing-comes": "Nothing comes in yet, so nothing adds up.",
    "hidden-name": "Hidden neuron {number} of {hidden}",
    "output-name": "The output neuron for {digit}",
    "hidden-sum": "64 products add up to {products}. {products} {bias} = z = {z}, and σ(z) = {answer}.",
    "output-sum": "{hidden} products add up to {products}. {products} {bias} = z = {z}. "
    "Softmax, which makes shares of one whole out of all ten sums, gives {answer}\u00a0%.",
    "hidden-pictures": "Its 64 weights, and what comes through them: weight × input",
    "output-pictures": "Its {hidden} weights, and what comes through them: weight × brightness",
    "whole-pictures": "Point at a neuron, or press it, to see its sum. Here are the weights of all {hidden} hidden "
    "ones, and what comes through them:",
    "weights": "weights",
    "products": "weight × input",
    "lines": "Lines show",
    "bright": "neuron: 0 to 1",
    "plus": "lifts the sum",
    "minus": "lowers it",
    "player": TRANSPORT_TEXTS
    | {"position": "Neuron", "count": "step {position} of {count}", "rate": "Speed {speed} / s"},
}

_mount = register(KEY.replace("-", "_"), Path(__file__).resolve().parent)


class DigitNeuronsMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    texts: Texts
    choices: dict[str, list[list[str]]]
    count: int
    topSpeed: int
    maximum: int
    counts: list[int] | None
    kernels: list[str]
    biases: list[list[float]]


def payload(counts: np.ndarray | None) -> DigitNeuronsMessage:
    """Return everything that the browser needs; it computes the network itself.

    Args:
        counts: amounts of ink on the digit board, 0 to 16, (8, 8); None for an empty board.
    """
    network = digit_neurons()
    return {
        "texts": TEXTS,
        "choices": {"lines": [["products", "weight × input"], ["weights", "weights alone"]]},
        "count": COUNT,
        "topSpeed": MAX_SPEED,
        "maximum": MAXIMUM,
        "counts": counts.ravel().tolist() if counts is not None else None,
        "kernels": [encode_array(kernel, "f8") for kernel in network.kernels],
        "biases": [bias.tolist() for bias in network.biases],
    }


def drawn_network(counts: np.ndarray | None) -> DigitNeuronsScene:
    """Draw the network and return the scene that it shows.

    Args:
        counts: what is on the digit board; see `payload`.
    """
    return animation(_mount, KEY, DigitNeuronsScene, lambda _: payload(counts), subject=KEY, prefix="network-")


def words(network: DigitNeurons, convnet_accuracy: float) -> str:
    """Return sentences that keep this network and the digits' convnet apart.

    Args:
        network: the one that is drawn.
        convnet_accuracy: the convnet's on the same test digits, 0 to 1.
    """
    return (
        "No. The bars are filled by a convnet, whose layers slide small filters over the picture. The drawn network is "
        f"one of its own: scikit-learn trained its {network.parameter_count:,} weights and biases on the same "
        f"{network.training_digits:,} digits. It reads {network.test_correct} of {network.test_digits} other digits "
        f"correctly, the convnet {round(convnet_accuracy * network.test_digits)}. On your drawing the two may disagree."
    )
