"""What one feature map was made from: the filter, the rule, and which maps of the layer before matter for it.

A step is a Keras layer or operation; its inputs are what it was given for one photo.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, TypedDict

import numpy as np

from models.answers import Contribution, MapOrigin, Normalisation, Settings
from models.arithmetic import convolve

_CONVOLUTIONS = {"Conv2D": "convolution", "DepthwiseConv2D": "depthwise"}
_POOLINGS = {"MaxPooling2D": "maximum", "AveragePooling2D": "average"}
_ACTIVATIONS = ("ReLU", "LeakyReLU", "ELU", "Activation", "Softmax")

PARTIALS = 8
"""Number of input maps whose contributions to every number are returned."""


def filters_of(step: Any) -> np.ndarray | None:
    """Return a convolution's filters, float32 (k, k, inputs, maps), or None for another step.

    A depthwise filter reads one map: it has one input.
    """
    kind = _CONVOLUTIONS.get(type(step).__name__)
    if kind is None:
        return None
    kernel = np.asarray(step.kernel, np.float32)
    if kind == "convolution":
        return kernel
    rows, columns, inputs, times = kernel.shape  # in Keras: (k, k, inputs, filters of each input)
    return kernel.reshape(rows, columns, 1, inputs * times)


def origin_of(step: Any, inputs: Mapping[str, np.ndarray], channel: int) -> MapOrigin:
    """Return how one map of a step was computed.

    Args:
        step: the layer or operation.
        inputs: name of each of its input layers → that layer's output, float32 (height, width, channels) or
            (channels,).
        channel: the map's number.

    Returns:
        - "kind": "input", "scale", "convolution", "depthwise", "normalisation", "activation", "pooling", "global
          pooling", "sum", "dense" or "other";
        - "inputs": the names;
        - "settings": those of stride, padding, dilation, pool, size, activation, max_value, scale and
          offset that the step has;
        - "filter": float32 (k, k, inputs) or None; "bias": a float; "weights": float32 (inputs,) of a Dense unit, or
          None; "norm": {"gamma", "beta", "mean", "variance", "epsilon"} or None;
        - "partials": for a convolution, float32 (at most `PARTIALS`, height, width): the filter's output for each of
          the first contributions alone. With those of the other inputs and the bias, they add up to the map. Else None;
        - "contributions": [{"layer", "channel", "strength"}], the largest strength first. It is, for a convolution with
          several inputs, the mean absolute output of the filter for this one map; for a Dense unit, |input · weight|;
          for other steps, the mean absolute number of the input map.
    """
    kind = type(step).__name__
    found: MapOrigin = {
        "kind": "other",
        "inputs": list(inputs),
        "settings": {},
        "filter": None,
        "bias": 0.0,
        "weights": None,
        "norm": None,
        "partials": None,
        "contributions": _own_number(inputs, channel),
    }
    if kind == "InputLayer":
        return found | {"kind": "input"}
    if kind in _CONVOLUTIONS:
        return found | _convolution(step, inputs, channel)
    if kind == "Dense":
        return found | _dense(step, inputs, channel)
    if kind == "BatchNormalization":
        return found | {"kind": "normalisation", "norm": _normalisation(step, channel)}
    if kind in _ACTIVATIONS:
        return found | {"kind": "activation", "settings": _activation(step)}
    if kind in _POOLINGS:
        settings: Settings = {
            "pool": _POOLINGS[kind],
            "size": int(step.pool_size[0]),
            "stride": int(step.strides[0]),
            "padding": step.padding,
        }
        return found | {"kind": "pooling", "settings": settings}
    if kind in ("GlobalAveragePooling2D", "GlobalMaxPooling2D"):
        pool = "average" if kind == "GlobalAveragePooling2D" else "maximum"
        return found | {"kind": "global pooling", "settings": {"pool": pool}}
    if kind == "Add":
        return found | {"kind": "sum"}
    if kind == "Rescaling":
        return found | {"kind": "scale", "settings": {"scale": float(step.scale), "offset": float(step.offset)}}
    return found


class _Found(TypedDict, total=False):
    """The fields of a kind of step that replace `origin_of`'s defaults."""

    kind: str
    inputs: list[str]
    settings: Settings
    filter: np.ndarray | None
    bias: float
    weights: np.ndarray | None
    norm: Normalisation | None
    partials: np.ndarray | None
    contributions: list[Contribution]


def _own_number(inputs: Mapping[str, np.ndarray], channel: int) -> list[Contribution]:
    """The map of the same number of each input, if there is one."""
    return [
        {"layer": name, "channel": channel, "strength": float(np.abs(values[..., channel]).mean())}
        for name, values in inputs.items()
        if channel < values.shape[-1]
    ]


def _convolution(step: Any, inputs: Mapping[str, np.ndarray], channel: int) -> _Found:
    filters = filters_of(step)
    assert filters is not None
    kernel = np.ascontiguousarray(filters[..., channel])
    settings: Settings = {
        "stride": int(step.strides[0]),
        "padding": step.padding,
        "dilation": int(step.dilation_rate[0]),
        "activation": step.activation.__name__,
    }
    name, values = next(iter(inputs.items()))
    depthwise = type(step).__name__ == "DepthwiseConv2D"
    read = [channel // int(step.depth_multiplier)] if depthwise else list(range(values.shape[-1]))
    slide = partial(convolve, stride=settings["stride"], padding=settings["padding"], dilation=settings["dilation"])
    made = [slide(values[..., [one]], kernel[..., [place]]) for place, one in enumerate(read)]
    strengths = [float(np.abs(one).mean()) for one in made]
    order = np.argsort(-np.array(strengths), kind="stable")
    return {
        "kind": _CONVOLUTIONS[type(step).__name__],
        "settings": settings,
        "filter": kernel,
        "bias": float(np.asarray(step.bias)[channel]) if step.use_bias else 0.0,
        "partials": np.stack([made[place] for place in order[:PARTIALS]]).astype(np.float32),
        "contributions": [{"layer": name, "channel": read[place], "strength": strengths[place]} for place in order],
    }


def _dense(step: Any, inputs: Mapping[str, np.ndarray], channel: int) -> _Found:
    weights = np.asarray(step.kernel, np.float32)[:, channel]
    name, values = next(iter(inputs.items()))
    terms = np.abs(values.ravel() * weights) if values.ndim == 1 else np.abs(weights)
    return {
        "kind": "dense",
        "settings": {"activation": step.activation.__name__},
        "weights": weights,
        "bias": float(np.asarray(step.bias)[channel]) if step.use_bias else 0.0,
        "contributions": [
            {"layer": name, "channel": int(place), "strength": float(terms[place])}
            for place in np.argsort(-terms, kind="stable")
        ],
    }


def _normalisation(step: Any, channel: int) -> Normalisation:
    def number(values: Any, otherwise: float) -> float:
        return otherwise if values is None else float(np.asarray(values)[channel])

    return {
        "gamma": number(step.gamma, 1.0),
        "beta": number(step.beta, 0.0),
        "mean": number(step.moving_mean, 0.0),
        "variance": number(step.moving_variance, 1.0),
        "epsilon": float(step.epsilon),
    }


def _activation(step: Any) -> Settings:
    kind = type(step).__name__
    if kind == "Activation":
        return {"activation": step.activation.__name__}
    names = {"ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu", "Softmax": "softmax"}
    found: Settings = {"activation": names[kind]}
    if getattr(step, "max_value", None) is not None:
        found["max_value"] = float(step.max_value)
    return found
