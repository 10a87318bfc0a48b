"""Which places of a photo spoke for a class: Grad-CAM on a network's last feature maps.

A map counts by how much the class's logit would rise if the map's numbers rose, on average over its places. The maps
are added with these weights; where the sum is below 0, that place spoke for another class, and 0 remains. For a network
with global average pooling before its answer that is the class activation map of Zhou et al. (2016), but for a factor.

Source: Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", ICCV 2017,
equations 1 and 2.

This module imports Keras when it is asked something.
"""

import weakref
from typing import Any, NamedTuple

import numpy as np

from models.answers import CloseLook, Heatmap, Look
from models.networks import inference
from models.networks.files import IMAGENET, Which, network_file
from models.networks.inference import WarmNetwork
from models.networks.last_layers import LastLayers, last_layers
from models.networks.saved_network import NetworkError, SavedNetwork

_PREDICTED = -1  # in place of a class: the predicted one

_NO_MAPS = "This network has no convolutions, so it has no feature maps that could say where it looked."


def heatmap(pixels: np.ndarray, network: str, chosen: int | None = None, which: Which = "best") -> Heatmap:
    """Return a heatmap of the places of a photo that speak for a class (Grad-CAM).

    Args:
        pixels: uint8 array (height, width, 3) or (height, width, 1) of any size, 0 to the network's maximum.
        network: see `models.networks.files.network_file`.
        chosen: index of the class among the network's own ones (1000 for ImageNet's network); None: the predicted one.
        which: of a run's networks.

    Returns:
        - "map": float32 (h, w), as large as the last feature maps; 1 where the map is largest, and all 0 if nothing
          speaks for the class;
        - "peak": the map's largest number before the map was divided by it, in units of the logit; 0 if nothing speaks
          for the class;
        - "layer": the name of the layer that makes the feature maps;
        - "side", "resize": side, in pixels, of the square that the map covers, and how the photo became that square;
        - "class", "name", "score": index, name and probability of the class.

    Raises:
        ValueError: no such network, class or picture, or a network without convolutions. The text is one sentence.
    """
    look = _look(network, which)
    if look.last.maps is None:
        raise NetworkError(_NO_MAPS)
    answers = look.warm.network.answers
    if chosen is not None and not 0 <= chosen < answers:
        raise NetworkError(f"The network tells {answers} classes apart, numbered from 0: there is no class {chosen}.")
    found = _seen(look, pixels, chosen)["heatmap"]
    assert found is not None
    return found


def look_closely(pixels: np.ndarray, network: str, which: Which = "best") -> CloseLook:
    """Return everything that a page shows about one photo, in one pass through the network.

    Args:
        pixels: as for `heatmap`.
        network: as for `heatmap`.
        which: of a run's networks.

    Returns:
        "network", "classes", "probabilities" and "top" as from `models.networks.inference.predict`; "features": float32
        (f,), as in `stored_scores.Judged`; "heatmap": that of the predicted class, or None for a network without
        convolutions; "no_heatmap": a sentence that says so, or "".

    Raises:
        ValueError: no such network, or no picture. The text is one sentence.
    """
    return {"network": network, **_seen(_look(network, which), pixels, None)}


class _Look(NamedTuple):
    """A warm network, its last layers, and a compiled function for the forward and the backward pass."""

    warm: WarmNetwork
    last: LastLayers
    function: Any


_kept: "weakref.WeakKeyDictionary[WarmNetwork, tuple[LastLayers, Any]]" = weakref.WeakKeyDictionary()
"""Warm network → its last layers and the compiled function, while `models.networks.inference` keeps the network."""


def _look(network: str, which: Which) -> _Look:
    file = network_file(network, which)
    warm = inference.warm(IMAGENET if network == IMAGENET else str(file))
    if warm not in _kept:
        last = last_layers(warm.network)
        _kept[warm] = last, _compiled(warm.network, last)
    return _Look(warm, *_kept[warm])


def _seen(look: _Look, pixels: np.ndarray, chosen: int | None) -> Look:
    """The network's prediction for a photo, its features, and the heatmap of a class."""
    wanted = np.int32(_PREDICTED if chosen is None else chosen)
    answer, features, place, heat = look.warm.run(
        lambda squares: list(look.function(squares, wanted)), inference.checked(pixels)
    )
    found: Look = {**look.warm.named(answer), "features": features, "heatmap": None, "no_heatmap": _NO_MAPS}
    if look.last.maps is not None:
        number, peak = int(place), float(heat.max())
        found["no_heatmap"] = ""
        found["heatmap"] = {
            "map": heat / np.float32(peak) if peak > 0 else heat,
            "peak": peak,
            "layer": look.last.layer,
            "side": look.warm.network.side,
            "resize": look.warm.network.resize,
            "class": number,
            "name": found["classes"][number],
            "score": found["probabilities"][number],
        }
    return found


def _compiled(network: SavedNetwork, last: LastLayers) -> Any:
    """A function: (1, side, side, channels) and a class → answer, features, the class, and the undivided map."""
    import keras
    import tensorflow as tf

    # Without maps, the features take their place, and are not used.
    tensors = [network.model.outputs[0], last.features, last.features if last.maps is None else last.maps]
    graph = keras.Model(network.model.inputs[0], tensors)
    squares_given = tf.TensorSpec((1, network.side, network.side, network.channels), tf.float32)

    def look(squares: Any, wanted: Any) -> tuple[Any, ...]:
        with tf.GradientTape() as tape:
            tape.watch(squares)  # otherwise, nothing would be recorded if all weights are frozen
            answer, features, maps = graph(squares, training=False)
            logits = tf.linalg.matmul(features, last.dense.kernel)
            if last.dense.use_bias:
                logits += last.dense.bias
            if last.dense.units == 1:  # what speaks against the second class speaks for the first
                logits = tf.concat([-logits, logits], axis=1)
                predicted = tf.cast(answer[0, 0] > 0.5, tf.int32)
            else:
                predicted = tf.argmax(answer[0], output_type=tf.int32)
            place = tf.where(wanted < 0, predicted, wanted)
            score = tf.gather(logits[0], place)
        if last.maps is None:
            return answer, features, place[tf.newaxis], tf.zeros((1, 1, 1))
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(1, 2), keepdims=True)  # equation 1
        heat = tf.nn.relu(tf.reduce_sum(weights * maps, axis=-1))  # equation 2
        return answer, features, place[tf.newaxis], heat

    return tf.function(look, input_signature=[squares_given, tf.TensorSpec((), tf.int32)], autograph=False)
