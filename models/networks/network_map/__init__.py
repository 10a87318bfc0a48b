"""Everything that a network computes from one photo: maps, filters, and what a map was made from.

The engine asks this in its answering worker. The outputs of the last photos stay in memory there, so that after the
first question all others about the same photo are answered in milliseconds. Only plain data and small arrays go back.
"""

import hashlib
import threading
from collections import OrderedDict
from typing import TypedDict

import cv2
import numpy as np

from models.answers import MapLayer, MapOrigin, NetworkMap, ReceptiveField
from models.networks import inference
from models.networks.files import IMAGENET, Which, network_file
from models.networks.network_map.origin import filters_of, origin_of
from models.networks.network_map.receptive import Field, field_of
from models.networks.saved_network import NetworkError

SMALL = 32
"""Largest width and height, in numbers, of a map in the overview."""

KEPT_BYTES = 400 * 2**20
"""Most bytes of all outputs that are kept. Those of EfficientNet-Lite0 for one photo take about 90 MB."""

_kept: OrderedDict[tuple[int, str], list[np.ndarray]] = OrderedDict()
_keeping = threading.Lock()


def network_map(pixels: np.ndarray, network: str, which: Which = "best") -> NetworkMap:
    """Return a network's prediction for a photo, and the facts about each of its layers there, without the maps.

    Args:
        pixels: uint8 array (height, width, 3) or (height, width, 1), 0 to the network's maximum, of any size.
        network: see `models.networks.files.network_file`.
        which: the one of a run's two networks.

    Returns:
        The keys of `models.networks.inference.predict`, and

        - "side", "resize": of the network's square input; "square": uint8 (side, side, channels);
        - "layers": one dict for each layer or operation with maps or a vector as its output, in the graph's order, the
          photo first: "name", "class", "shape" without the batch, "parameters", "inputs" (names), "block" (`block_of`),
          "field": {"size", "step", "start"} of its receptive field along an axis (`receptive.py`), or None if a number
          depends on the whole picture, and "low", "high", "strength": float32 (channels,), the smallest, the largest
          and the mean absolute number of each map.

    Raises:
        ValueError: no such network, or no picture. The text is one sentence.
    """
    warm, outputs = seen(pixels, network, which)
    fields = _fields(warm)
    layers: list[MapLayer] = [
        {
            **description,
            "block": block_of(description["name"]),
            "field": _told(fields[description["name"]]),
            **_extremes(output),
        }
        for description, output in zip(warm.descriptions, outputs, strict=True)
    ]
    return {
        "network": network,
        **warm.named(outputs[-1]),
        "side": warm.network.side,
        "resize": warm.network.resize,
        "square": np.clip(np.rint(outputs[0]), 0, 255).astype(np.uint8),
        "layers": layers,
    }


def small_maps(
    pixels: np.ndarray, network: str, wanted: dict[str, list[int]], which: Which = "best"
) -> dict[str, np.ndarray]:
    """Return small pictures of maps, at most `SMALL` numbers wide; larger maps are averaged over areas.

    Args:
        pixels, network, which: as for `network_map`.
        wanted: layer → numbers of maps.

    Returns:
        Layer → uint8 (maps, height, width). A byte b stands for low + b / 255 · (high − low), with the map's "low" and
        "high" from `network_map`. A vector's numbers are maps of 1 × 1.

    Raises:
        ValueError: as `network_map`, or no such layer or map.
    """
    warm, outputs = seen(pixels, network, which)
    found = {}
    for layer, channels in wanted.items():
        maps = _maps(warm, outputs, layer, channels)
        low, high = maps.min(axis=(0, 1)), maps.max(axis=(0, 1))
        height, width = maps.shape[:2]
        if max(height, width) > SMALL:
            scale = SMALL / max(height, width)
            size = (max(round(width * scale), 1), max(round(height * scale), 1))
            # OpenCV resizes at most four channels at once, and drops the axis of a single channel.
            shrunk = [cv2.resize(maps[..., one], size, interpolation=cv2.INTER_AREA) for one in range(maps.shape[-1])]
            maps = np.stack(shrunk, axis=-1) if shrunk else maps[:1, :1]
        share = (maps - low) / np.where(high > low, high - low, 1)
        found[layer] = np.ascontiguousarray(np.rint(share.clip(0, 1) * 255).astype(np.uint8).transpose(2, 0, 1))
    return found


def layer_maps(pixels: np.ndarray, network: str, layer: str, channels: list[int], which: Which = "best") -> np.ndarray:
    """Return maps of a layer with all their numbers.

    Args:
        pixels, network, which: as for `network_map`.
        layer: its name.
        channels: numbers of maps.

    Returns:
        float32 (height, width, maps); (1, 1, maps) for a vector.

    Raises:
        ValueError: as `network_map`, or no such layer or map.
    """
    warm, outputs = seen(pixels, network, which)
    return np.ascontiguousarray(_maps(warm, outputs, layer, channels))


def layer_filters(
    pixels: np.ndarray, network: str, layer: str, channels: list[int], which: Which = "best"
) -> np.ndarray | None:
    """Return a convolution's filters.

    Args:
        pixels, network, which: as for `network_map`.
        layer: its name.
        channels: numbers of the maps that the filters make.

    Returns:
        float32 (k, k, inputs, maps), with one input for a depthwise convolution; None if the layer is not a
        convolution.

    Raises:
        ValueError: as `network_map`, or no such layer or map.
    """
    warm, outputs = seen(pixels, network, which)
    place = _place(warm, layer)
    _check(outputs[place], layer, channels)
    filters = filters_of(warm.steps[place])
    return None if filters is None else np.ascontiguousarray(filters[..., channels])


def map_origin(pixels: np.ndarray, network: str, layer: str, channel: int, which: Which = "best") -> MapOrigin:
    """Return how one map was computed, and from what: see `models.networks.network_map.origin.origin_of`.

    Args:
        pixels, network, which: as for `network_map`.
        layer: its name.
        channel: the map's number.

    Raises:
        ValueError: as `network_map`, or no such layer or map.
    """
    warm, outputs = seen(pixels, network, which)
    place = _place(warm, layer)
    _check(outputs[place], layer, [channel])
    named = {one["name"]: output for one, output in zip(warm.descriptions, outputs, strict=True)}
    inputs = {name: named[name] for name in warm.descriptions[place]["inputs"] if name in named}
    return origin_of(warm.steps[place], inputs, channel)


def block_of(name: str) -> str:
    """Return the block that a layer belongs to: its name up to the first "_".

    "block2_1_expand_bn" belongs to block2, "stem_conv" to stem. "features" is a block of its own, and so are names that
    Keras has given, such as "conv2d_7": their numbers count layers, not parts of a block.
    """
    first, _, rest = name.partition("_")
    return name if rest.isdigit() else first


# Kept in memory -------------------------------------------------------------------------------------------------------


def seen(pixels: np.ndarray, network: str, which: Which) -> tuple[inference.WarmNetwork, list[np.ndarray]]:
    """Return the warm network and all its outputs for a photo, computed now or kept from a moment ago.

    Args:
        pixels, network, which: as for `network_map`.

    Returns:
        The network, and the float32 output of each of its `descriptions`, without the batch.

    Raises:
        ValueError: as `network_map`.
    """
    pixels = inference.checked(pixels)
    file = network_file(network, which)
    warm = inference.warm(IMAGENET if network == IMAGENET else str(file))
    digest = hashlib.sha256(np.ascontiguousarray(pixels).data)
    digest.update(repr(pixels.shape).encode())
    key = (warm.number, digest.hexdigest())
    with _keeping:
        outputs = _kept.get(key)
        if outputs is None:
            outputs = _kept[key] = warm.outputs(pixels)
        _kept.move_to_end(key)
        while len(_kept) > 1 and sum(one.nbytes for kept in _kept.values() for one in kept) > KEPT_BYTES:
            _kept.popitem(last=False)
    return warm, outputs


def _place(warm: inference.WarmNetwork, layer: str) -> int:
    for place, description in enumerate(warm.descriptions):
        if description["name"] == layer:
            return place
    raise NetworkError(f'This network has no layer "{layer}".')


def _check(output: np.ndarray, layer: str, channels: list[int]) -> None:
    for channel in channels:
        if not 0 <= channel < output.shape[-1]:
            raise NetworkError(f"The layer {layer} has {output.shape[-1]:,} maps: there is none with index {channel}.")


def _maps(warm: inference.WarmNetwork, outputs: list[np.ndarray], layer: str, channels: list[int]) -> np.ndarray:
    output = outputs[_place(warm, layer)]
    _check(output, layer, channels)
    found = output[..., channels]
    return found if found.ndim == 3 else found.reshape(1, 1, -1)


def _told(field: Field | None) -> ReceptiveField | None:
    return None if field is None else {"size": field.size, "step": field.step, "start": field.start}


class _Extremes(TypedDict):
    low: np.ndarray
    high: np.ndarray
    strength: np.ndarray


def _extremes(output: np.ndarray) -> _Extremes:
    flat = output.reshape(-1, output.shape[-1])
    return {"low": flat.min(axis=0), "high": flat.max(axis=0), "strength": np.abs(flat).mean(axis=0)}


def _fields(warm: inference.WarmNetwork) -> dict[str, Field | None]:
    """Layer → its receptive field, or None if a number depends on the whole picture."""
    fields: dict[str, Field | None] = {}
    sides = {one["name"]: one["shape"][0] for one in warm.descriptions}
    for description, step in zip(warm.descriptions, warm.steps, strict=True):
        inputs = [(fields[name], sides[name]) for name in description["inputs"] if name in fields]
        known = [(field, side) for field, side in inputs if field is not None]
        flat = len(description["shape"]) == 1
        fields[description["name"]] = None if flat or len(known) < len(inputs) else field_of(step, known)
    return fields
