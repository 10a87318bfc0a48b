"""What a Dense layer does with one photo: its inputs, its weights, every unit's sum, and the maps its inputs come from.

The engine asks this in its answering worker, which keeps the outputs of the last photos (`network_map`):
the second question about a photo is answered in milliseconds. Only plain data and small arrays go back.
"""

from typing import Any

import numpy as np

from models.answers import DenseLayer, DenseRows
from models.networks import inference
from models.networks.ending import activation_name, is_passing
from models.networks.files import Which
from models.networks.network_map import seen
from models.networks.saved_network import NetworkError

ACTIVATIONS = ("linear", "relu", "sigmoid", "tanh", "softmax")
"""The activations that a page can write out in numbers."""


def dense_layer(pixels: np.ndarray, network: str, layer: str = "", unit: int = -1, which: Which = "best") -> DenseLayer:
    """Return everything that goes into one unit of a Dense layer for a photo.

    Args:
        pixels: uint8 array (height, width, 3) or (height, width, 1), 0 to the network's maximum, of any size.
        network: see `models.networks.files.network_file`.
        layer: the Dense layer's name; if there is none of this name, the last one.
        unit: its number; if there is none of this number, the unit with the largest output.
        which: the one of a run's two networks.

    Returns:
        The keys of `models.networks.inference.predict`, and

        - "layer", "unit", "units", "activation": the Dense layer's, or that of a step of its own after it; "last":
          whether the network ends with it;
        - "x": float32 (n,), its inputs; "source": the name of the layer that they come from;
        - "weights": float32 (n,), the unit's; "biases", "logits": float32 (units,), the logits before the activation;
        - "output": float, the unit's output after the activation;
        - "maps": the layer whose maps global average pooling made the inputs from, or "" if they were made otherwise;
          "maps_shape": (height, width, n) of those maps, or ();
        - "parameters": one dict for each layer with weights: "name", "class", "parameters";
        - "side": of the network's square input; "square": uint8 (side, side, channels).

    Raises:
        ValueError: no such network, no picture, or no Dense layer that takes a vector. The text is one sentence.
    """
    warm, outputs = seen(pixels, network, which)
    place = _dense_place(warm, layer)
    step, description = warm.steps[place], warm.descriptions[place]
    named = {one["name"]: output for one, output in zip(warm.descriptions, outputs, strict=True)}
    source = description["inputs"][0]
    end, activation = _activated(warm, place)
    x, answers = named[source], outputs[end].reshape(-1)
    kernel, biases = _weights(step)
    chosen = unit if 0 <= unit < len(answers) else int(answers.argmax())
    maps = _maps_before(warm, source)
    return {
        "network": network,
        **warm.named(outputs[-1]),
        "layer": description["name"],
        "unit": chosen,
        "units": len(answers),
        "activation": activation,
        "last": end == len(outputs) - 1,
        "x": x,
        "source": source,
        "weights": np.ascontiguousarray(kernel[:, chosen]),
        "biases": biases,
        # In 64 bits: in 32, the sixth digit of a sum of 1,280 products depends on the order of the additions.
        "logits": (x.astype(np.float64) @ kernel.astype(np.float64) + biases).astype(np.float32),
        "output": float(answers[chosen]),
        "maps": maps,
        "maps_shape": tuple(named[maps].shape) if maps else (),
        "parameters": [
            {"name": one["name"], "class": one["class"], "parameters": one["parameters"]}
            for one in warm.descriptions
            if one["parameters"]
        ],
        "side": warm.network.side,
        "square": np.clip(np.rint(outputs[0]), 0, 255).astype(np.uint8),
    }


def dense_rows(pixels: np.ndarray, network: str, layer: str, inputs: list[int], which: Which = "best") -> DenseRows:
    """Return some inputs' weights to every unit of a Dense layer, and the maps that the inputs come from.

    Args:
        pixels, network, which: as for `dense_layer`.
        layer: the Dense layer's name.
        inputs: their numbers.

    Returns:
        "kernel": float32 (inputs, units). "maps": float32 (inputs, height, width), or (inputs, 0, 0) if there are none.

    Raises:
        ValueError: as `dense_layer`, or no such input.
    """
    warm, outputs = seen(pixels, network, which)
    place = _dense_place(warm, layer)
    kernel, _ = _weights(warm.steps[place])
    if any(not 0 <= one < len(kernel) for one in inputs):
        raise NetworkError(
            f"The layer {warm.descriptions[place]['name']} has {len(kernel):,} inputs: index 0 to {len(kernel) - 1}."
        )
    name = _maps_before(warm, warm.descriptions[place]["inputs"][0])
    maps = np.zeros((len(inputs), 0, 0), np.float32)
    if name:
        names = [one["name"] for one in warm.descriptions]
        maps = np.ascontiguousarray(outputs[names.index(name)][..., inputs].transpose(2, 0, 1))
    return {"kernel": np.ascontiguousarray(kernel[inputs]), "maps": maps}


def _dense_place(warm: inference.WarmNetwork, layer: str) -> int:
    """The index of a Dense layer that takes a vector: the named one, else the last one."""
    shapes = {one["name"]: one["shape"] for one in warm.descriptions}
    places = [
        place
        for place, one in enumerate(warm.descriptions)
        if one["class"] == "Dense" and len(shapes.get(one["inputs"][0], ())) == 1
    ]
    if not places:
        raise NetworkError("This network has no dense layer: it decides in another way.")
    named = [place for place in places if warm.descriptions[place]["name"] == layer]
    place = (named or places)[-1]
    _, activation = _activated(warm, place)
    if activation not in ACTIVATIONS:
        raise NetworkError(
            f"The activation {activation} of {warm.descriptions[place]['name']} cannot be shown here, "
            f"only {', '.join(ACTIVATIONS)}."
        )
    return place


def _activated(warm: inference.WarmNetwork, place: int) -> tuple[int, str]:
    """The index of the step with a Dense layer's output after its activation, and that activation.

    The activation may be a step of its own: it belongs to the layer where nothing else takes the layer's sums.
    """
    activation, end = activation_name(warm.steps[place]), place
    while True:
        takers = [n for n, one in enumerate(warm.descriptions) if warm.descriptions[end]["name"] in one["inputs"]]
        if len(takers) != 1:
            return end, activation
        step = warm.steps[takers[0]]
        if activation == "linear" and type(step).__name__ in ("Activation", "Softmax", "Sigmoid"):
            activation = activation_name(step)
        elif not is_passing(step):
            return end, activation
        end = takers[0]


def _weights(step: Any) -> tuple[np.ndarray, np.ndarray]:
    kernel = np.asarray(step.kernel, np.float32)
    biases = np.asarray(step.bias, np.float32) if step.use_bias else np.zeros(kernel.shape[1], np.float32)
    return kernel, biases


def _maps_before(warm: inference.WarmNetwork, source: str) -> str:
    """The layer whose maps were averaged into a vector, or "" if the vector was made otherwise. Dropout is skipped."""
    named = {one["name"]: one for one in warm.descriptions}
    while named[source]["class"] == "Dropout":
        source = named[source]["inputs"][0]
    return named[source]["inputs"][0] if named[source]["class"] == "GlobalAveragePooling2D" else ""
