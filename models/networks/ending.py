"""How a network ends: whether its answers are probabilities, which its last activation decides and not their values.

This module walks through a graph of Keras; it imports nothing of it.
"""

from typing import Any, Literal

Ending = Literal["sigmoid", "softmax", "logits"]

ACTIVATIONS = {"Sigmoid": "sigmoid", "Softmax": "softmax", "LogSoftmax": "log_softmax"}
"""Steps that are an activation, as a layer or as an operation, and its name."""

_PASSING = (
    "Activation",  # where it is linear
    "ActivityRegularization",
    "AlphaDropout",
    "Cast",
    "Dropout",
    "ExpandDims",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "Identity",
    "Reshape",
    "SpatialDropout2D",
    "Squeeze",
)
"""Steps that change no number when a network answers."""

_MEANS = ("GlobalAveragePooling2D", "Average", "AveragePooling2D")
"""A mean of probabilities is one, and a mean of logits is a logit."""

_SUMS = (
    "Conv2D",
    "Dense",
    "DepthwiseConv2D",
    "EinsumDense",
    "SeparableConv2D",
)
"""Layers with weights that add up: what comes out is any number, unless they have an activation."""


def activation_name(step: Any) -> str:
    """Return the activation of a layer or an operation, "linear" for none."""
    kind = type(step).__name__
    if kind in ACTIVATIONS:
        return ACTIVATIONS[kind]
    activation = getattr(step, "activation", None)
    if activation is None:
        return "linear"
    return str(getattr(activation, "__name__", type(activation).__name__.lower()))


def is_passing(step: Any) -> bool:
    """Return whether a step changes no number when a network answers."""
    return type(step).__name__ in _PASSING and activation_name(step) == "linear"


def ending(model: Any) -> tuple[Ending | None, str]:
    """Return what the numbers are that a network ends with.

    Args:
        model: a `keras.Model` with a graph whose output is (batch, answers).

    Returns:
        "sigmoid" for one unit and "softmax" for several: probabilities. "logits": any numbers, from which the fitting
        one of the two makes probabilities; the logarithms that log_softmax gives are such numbers, too. None: something
        else. And why it is None, as the end of a sentence that begins with the network's name, or "".
    """
    answers = model.output_shape[1]
    name, width = _followed(model.outputs[0])
    if name == "sigmoid" and answers == 1:
        return "sigmoid", ""
    if name == "sigmoid":
        return None, (
            f"ends in {answers} sigmoid units: each says yes or no to its own class, and several may be true at once. "
            "Here a picture has one class: a network with several outputs must end in a softmax."
        )
    if name == "softmax" and answers == 1:
        return (
            None,
            "ends in a softmax of one unit, which is always 1: one unit needs a sigmoid, a softmax two or more.",
        )
    if name == "softmax" and width == answers:
        return "softmax", ""
    if name == "softmax":
        return None, f"ends in a softmax that is not over its {answers} outputs: only then do they add up to 1."
    if name in ("linear", "log_softmax"):
        return "logits", ""
    return None, f"ends in {name}, which gives no probabilities: a sigmoid, a softmax or no activation must be its end."


def _followed(tensor: Any) -> tuple[str, int | None]:
    """The activation that decides what a tensor's numbers are, and how many numbers it makes from each other."""
    step, node_index, tensor_index = tensor._keras_history  # noqa: SLF001 - Keras has no public name for it
    inside = getattr(step, "outputs", None)
    if inside and getattr(step, "layers", None):  # a network inside a network
        name, width = _followed(inside[tensor_index])
        outside = step._inbound_nodes[node_index].input_tensors  # noqa: SLF001
        return _followed(outside[0]) if name == "InputLayer" and len(outside) == 1 else (name, width)
    name, kind = activation_name(step), type(step).__name__
    if name != "linear":
        over = getattr(step, "axis", -1)
        return name, tensor.shape[-1] if over in (-1, [-1], len(tensor.shape) - 1) else None
    if kind in _SUMS:
        return "linear", None
    before = step._inbound_nodes[node_index].input_tensors  # noqa: SLF001
    if before and (is_passing(step) or kind in (*_MEANS, "Add", "BatchNormalization", "Rescaling")):
        found = {_followed(one) for one in before}
        name, width = found.pop()
        # Sums of probabilities are none.
        if not found and (is_passing(step) or kind in _MEANS or name == "linear"):
            return name, width
    return kind, None
