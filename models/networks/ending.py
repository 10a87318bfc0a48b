"""How a network ends: whether its answers are probabilities, which its last activation decides and not their values.

This module walks through a graph of Keras; it imports nothing of it.
"""

import math
from typing import Any, Literal, NamedTuple

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

_MEANS = (
    *(f"{kind}Pooling{axes}D" for kind in ("Average", "AdaptiveAverage", "GlobalAverage") for axes in (1, 2, 3)),
    "Average",
    "Mean",
)
"""A mean of probabilities is one, and a mean of logits is a logit."""

_SUMS = (
    *(f"{kind}{axes}D" for kind in ("Conv", "DepthwiseConv", "SeparableConv") for axes in (1, 2, 3)),
    *(f"Conv{axes}DTranspose" for axes in (1, 2, 3)),
    "Dense",
    "EinsumDense",
)
"""Layers with weights that add up: what comes out is any number, unless they have an activation."""

_OF_LOGITS = ("Add", "BatchNormalization", "Rescaling", "Subtract")
_BY_A_NUMBER = ("Divide", "Multiply", "TrueDivide")
"""Steps that make logits of logits, also where those are divided by a temperature."""

_NO_PROBABILITIES = (
    *("celu", "elu", "exponential", "gelu", "glu", "hardshrink", "hardsilu", "hardtanh", "leakyrelu", "mish", "prelu"),
    *("relu", "relu6", "selu", "silu", "softplus", "softshrink", "softsign", "squareplus", "swish", "tanh"),
    *("tanhshrink", "threshold"),
)
"""Activations whose numbers go below 0 or above 1; their names in small letters, without underscores."""


class _Followed(NamedTuple):
    """What decides a tensor's numbers.

    Attributes:
        name: the activation, "linear" for none, or the step after which it is not known.
        width: how many numbers that follow each other a softmax makes from each other; None for another axis.
        after: the activation that made probabilities before the step called `name` changed them; "" for none.
    """

    name: str
    width: int | None = None
    after: str = ""


def unwrapped(step: Any) -> Any:
    """Return the layer that a wrapper's numbers come from, or the step itself.

    SpectralNormalization changes its layer's weights in training; when the network answers, it is that layer.
    """
    while type(step).__name__ == "SpectralNormalization":
        step = step.layer
    return step


def activation_name(step: Any) -> str:
    """Return the activation of a layer or an operation, "linear" for none."""
    step = unwrapped(step)
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
    name, width, after = _followed(model.outputs[0], {})
    asked = "a sigmoid, a softmax or no activation must be its end."
    if after:
        return None, f"has a {after}, but after it comes {name}, which may change the probabilities: {asked}"
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
    if name.lower().replace("_", "") in _NO_PROBABILITIES:
        return None, f"ends in {name}, which gives no probabilities: {asked}"
    return None, f"ends in {name}, and whether that gives probabilities is not known here: {asked}"


def _followed(tensor: Any, known: dict[int, _Followed]) -> _Followed:
    """The activation that decides what a tensor's numbers are. `known` keeps what was found, for branches that meet."""
    if id(tensor) not in known:
        known[id(tensor)] = _decided(tensor, known)
    return known[id(tensor)]


def _decided(tensor: Any, known: dict[int, _Followed]) -> _Followed:
    step, node_index, tensor_index = tensor._keras_history  # noqa: SLF001 - Keras has no public name for it
    node = step._inbound_nodes[node_index]  # noqa: SLF001
    step = unwrapped(step)
    inside = getattr(step, "outputs", None)
    if inside and getattr(step, "layers", None):  # a network inside a network
        found = _followed(inside[tensor_index], known)
        if found.name == "InputLayer" and len(node.input_tensors) == 1:
            return _followed(node.input_tensors[0], known)
        return found
    name, kind = activation_name(step), type(step).__name__
    if kind == "TimeDistributed" and type(step.layer).__name__ == "Dense":  # the same sums at every place
        name, kind = activation_name(step.layer), "Dense"
    if name == "softmax":
        return _Followed(name, _width(tensor.shape, getattr(step, "axis", -1)))
    if name in ACTIVATIONS.values() or kind in _SUMS:
        return _Followed(name)
    before = {_followed(one, known) for one in node.input_tensors}
    if len(before) == 1:
        (found,) = before
        if is_passing(step) or _keeps(step, node, found):
            return found
    after = next((one.after or one.name for one in before if one.after or one.name in ("sigmoid", "softmax")), "")
    return _Followed(kind if name == "linear" else name, after=after)


def _keeps(step: Any, node: Any, found: _Followed) -> bool:
    """Return whether a step makes logits of logits, or probabilities of probabilities."""
    kind, shape = type(step).__name__, node.input_tensors[0].shape
    if found.after:
        return False
    if kind in _MEANS:
        # A softmax's numbers stay together only where the mean is over other axes than its own, the last.
        axes = _as_list(getattr(step, "axis", ()))  # an operation's; layers never take the last
        weighted = kind == "Average" and axes  # weights below 0 make no mean of it
        others = not weighted and not {None, -1, len(shape) - 1, 0, -len(shape)} & set(axes)
        first = getattr(step, "data_format", "channels_last") == "channels_first"
        return found.name != "softmax" or (others and not first and found.width == shape[-1])
    if kind == "Clip" and found.name in ("sigmoid", "softmax"):
        low, high = (math.nan if not isinstance(end, int | float) else end for end in (step.x_min, step.x_max))
        return (low <= 0 and high >= 1) or (found.name == "sigmoid" and 0 <= low <= high <= 1)
    if found.name != "linear":
        return False
    by_a_number = kind in _BY_A_NUMBER and len(node.input_tensors) == 1
    # A number divided by logits is no logit.
    return kind in _OF_LOGITS or (
        by_a_number and (kind == "Multiply" or node.arguments.args[0] is node.input_tensors[0])
    )


def _width(shape: tuple[int | None, ...], axis: Any) -> int | None:
    """How many numbers of a row that a tensor is flattened to add up to 1; None if such numbers stand apart."""
    axes = {one % len(shape) for one in _as_list(axis)}
    last = [place for place in range(1, len(shape)) if shape[place] != 1 or place in axes]
    sizes: list[int] = [size for place in axes if (size := shape[place]) is not None]
    if 0 in axes or len(sizes) < len(axes) or set(last[-len(axes) :]) != axes:
        return None
    return math.prod(sizes)


def _as_list(axis: Any) -> list[Any]:
    return list(axis) if isinstance(axis, list | tuple) else [axis]
