"""An open layer, or an open map, as a message: all numbers, filters, and what a map was made from."""

import hashlib
from collections.abc import Callable, Sequence
from typing import NotRequired, TypedDict

import numpy as np

from components.browser import encode_array
from components.lessons.convnet.network_map.columns import orders_of, slice_of
from components.lessons.convnet.network_map.links import Way
from components.lessons.convnet.network_map.scene import MapScene
from components.lessons.convnet.network_map.second_network import Beside
from components.lessons.convnet.network_map.sheet import shape_text
from components.lessons.convnet.network_map.texts import COLOURS
from components.networks.written import added, factor, map_name, share_of, subtracted, written
from models.answers import Contribution, MapLayer, MapOrigin, NetworkMap, Normalisation, ReceptiveField, Settings

A_PAGE = 500_000
"""Most bytes in one page of a layer's maps: encoded as text, they keep a message under 1 MB."""

MOST_MAPS = 48
SOURCES = 8

Maps = Callable[[str, list[int]], np.ndarray]
"""Layer and numbers of maps, to float32 (height, width, maps); vectors are (1, 1, maps)."""

Kernels = Callable[[str, list[int]], np.ndarray | None]
"""Layer and numbers of maps, to a convolution's filters, float32 (k, k, inputs, maps); None for another layer."""


def detail_id(scene: MapScene, subject: str) -> str:
    """Return the id of the layer or map that is open in a scene."""
    page = (scene.order, scene.page, scene.beside) if scene.map < 0 else ()
    return hashlib.sha256(repr((subject, scene.layer, scene.map, page)).encode()).hexdigest()[:16]


class _Head(TypedDict):
    """What `_head` returns."""

    id: str
    subject: str
    layer: str
    map: int


class _Values(TypedDict):
    """What `_values` returns."""

    height: int
    width: int
    reach: float
    values: str


class _Filters(TypedDict):
    """What `_filters` returns."""

    kernels: str | None


class BesideDetail(_Values, _Filters):
    """The same maps of the second network."""

    title: str


class LayerDetail(_Head, _Values, _Filters):
    """What `layer_detail` returns."""

    title: str
    channels: list[int]
    pages: int
    beside: BesideDetail | None
    kernelSize: int
    kernelInputs: int
    names: list[str] | None


class MapSource(TypedDict):
    """What `_source` returns."""

    layer: str
    channel: int
    title: str
    words: str
    height: int
    width: int
    grey: bool
    values: str
    kernel: str | None
    partial: NotRequired[str]


class MapDetail(_Head):
    """What `map_detail` returns."""

    title: str
    height: int
    width: int
    values: str
    field: ReceptiveField | None
    side: int
    photo: str
    facts: list[str]
    heading: str
    sources: list[MapSource]
    kernelReach: float
    ways: list[Way]
    kind: str
    settings: Settings
    norm: Normalisation | None
    bias: float
    parts: int
    grey: bool


def layer_detail(
    answer: NetworkMap,
    scene: MapScene,
    maps: Maps,
    kernels: Kernels,
    *,
    subject: str,
    beside: Beside | None = None,
) -> LayerDetail:
    """Return a page of a layer's maps.

    Args:
        answer: what `models.networks.network_map.network_map` returned.
        scene: which layer is open, and which page of it.
        maps: returns maps in full size.
        kernels: returns a convolution's filters, float32 (k, k, inputs, maps), or None for another layer.
        subject: the photo and the network, as a digest.
        beside: the second network, whose maps with the same numbers are shown beside these.
    """
    layer = _named(answer)[scene.layer]
    height, width = _size(layer)
    count = int(np.clip(A_PAGE // (4 * height * width * (1 if beside is None else 2)), 4, MOST_MAPS))
    planes = not layer["inputs"]
    order = orders_of(answer["layers"], "number" if planes else scene.order)[scene.layer]
    channels = slice_of(order, count, scene.page).tolist()
    filters = kernels(scene.layer, channels)
    other: BesideDetail | None = None
    if beside is not None and scene.layer in beside.layers():
        asked = beside.asked
        other = {
            "title": beside.title,
            **_values(beside.layers()[scene.layer], asked.maps(scene.layer, channels)),
            **_filters(asked.kernels(scene.layer, channels)),
        }
    return {
        **_head(scene, subject),
        "title": f"{layer['name']}: {layer['class']}, {shape_text(layer['shape'])}",
        "channels": channels,
        "pages": -(-len(order) // count),
        "beside": other,
        **_values(layer, maps(scene.layer, channels)),
        **_filters(filters),
        "kernelSize": 0 if filters is None else filters.shape[0],
        "kernelInputs": 0 if filters is None else filters.shape[2],
        "names": [_plane(channel, layer) for channel in channels] if planes else None,
    }


def _plane(channel: int, layer: MapLayer) -> str:
    """Return what a plane of the photo is called."""
    return COLOURS[channel] if layer["shape"][-1] == len(COLOURS) else map_name(channel)


def _values(layer: MapLayer, values: np.ndarray) -> _Values:
    return {
        "height": values.shape[0],
        "width": values.shape[1],
        "reach": float(max(np.abs(layer["low"]).max(), np.abs(layer["high"]).max())),
        "values": encode_array(values.transpose(2, 0, 1), "f4"),
    }


def _filters(filters: np.ndarray | None) -> _Filters:
    return {"kernels": None if filters is None else encode_array(filters.transpose(3, 2, 0, 1), "f4")}


def map_detail(
    answer: NetworkMap,
    scene: MapScene,
    maps: Maps,
    origin: MapOrigin,
    *,
    subject: str,
    photo: str,
    ways: Sequence[Way] = (),
) -> MapDetail:
    """Return one map and how it was computed.

    Args:
        answer: what `models.networks.network_map.network_map` returned.
        scene: which map is open.
        maps: returns maps in full size.
        origin: what `models.networks.network_map.map_origin` returned.
        subject: the photo and the network, as a digest.
        photo: the square that the network receives, as a data URL.
        ways: links to the pages that explain this computation.
    """
    named = _named(answer)
    layer = named[scene.layer]
    height, width = _size(layer)
    values = maps(scene.layer, [scene.map])
    kernel = origin["filter"]
    shown = origin["contributions"][:SOURCES]
    whole = sum(part["strength"] for part in origin["contributions"])
    sources = [_source(part, named, maps, kernel, origin, whole) for part in shown]
    for source, partial in zip(sources, _partials(origin), strict=False):
        source["partial"] = encode_array(partial, "f4")
    return {
        **_head(scene, subject),
        "title": f"{layer['name']}, {map_name(scene.map)}: {shape_text(layer['shape'][:-1]) or 'one number'}",
        "height": height,
        "width": width,
        "values": encode_array(values[..., 0], "f4"),
        "field": layer["field"],
        "side": answer["side"],
        "photo": photo,
        "facts": facts(layer, origin),
        "heading": _heading(origin, len(shown)),
        "sources": sources,
        "kernelReach": 0.0 if kernel is None else float(np.abs(kernel).max()),
        "ways": list(ways),
        "kind": origin["kind"],
        "settings": origin["settings"],
        "norm": origin["norm"],
        "bias": origin["bias"],
        "parts": len(origin["contributions"]),
        "grey": not layer["inputs"],
    }


def facts(layer: MapLayer, origin: MapOrigin) -> list[str]:
    """Return sentences on how a map was computed."""
    settings, kind = origin["settings"], origin["kind"]
    told = []
    if (filters := origin["filter"]) is not None:
        rows, columns, inputs = filters.shape
        if kind == "depthwise":
            every = "on the map with the same number"
        else:
            every = f"on each of {inputs:,} maps" if inputs > 1 else "on the only map before it"
        told.append(
            f"A filter of {rows} × {columns} weights {every} slides with stride {settings['stride']} and "
            f"{settings['padding']} padding: {rows * columns * inputs:,} products and their sum for every number"
            + (f", plus the bias {written(origin['bias'])}." if origin["bias"] else ".")
        )
    elif (norm := origin["norm"]) is not None:
        told.append(
            f"(x {subtracted(norm['mean'])}) / √({written(norm['variance'])} + {norm['epsilon']:g}) · "
            f"{factor(norm['gamma'])} {added(norm['beta'])}. Normalisation: the mean (the first number) and the "
            "variance (under the root) of this map during training are taken out; the last two numbers are learned."
        )
    elif kind == "activation":
        name, most = settings.get("activation", "relu"), settings.get("max_value")
        told.append(_activation(name, most))
    elif kind == "pooling":
        window = f"{settings['size']} × {settings['size']}"
        what = "largest number" if settings["pool"] == "maximum" else "mean"
        told.append(f"The {what} of each window of {window}, stride {settings['stride']}.")
    elif kind == "global pooling":
        what = "mean" if settings.get("pool") == "average" else "largest"
        told.append(f"The {what} of all numbers of one map: a map becomes one number.")
    elif kind == "sum":
        told.append(
            "The sum of the maps below, place by place: a skip connection, y = f(x) + x. It brings x past the layers "
            "between; where the shapes differ, x goes through a 1 × 1 convolution first."
        )
    elif kind == "dense":
        then = settings.get("activation", "linear")
        told.append(f"Every input times its weight, added up, plus the bias {written(origin['bias'])}, then {then}.")
    elif kind == "scale":
        scaled = f"x · {written(settings['scale'], '.6g')} {added(settings['offset'], '.6g')}"
        told.append(f"{scaled}: the pixels become small numbers.")
    elif kind == "input":
        told.append("The photo itself, as the network gets it.")
    else:
        told.append(_OTHERS.get(layer["class"], f"Keras's layer {layer['class']}."))
    return told


_OTHERS = {
    "Dropout": "In training, dropout turns random numbers into 0, so that the network does not rely on single ones. "
    "Here all numbers pass unchanged.",
}
"""Class of a layer without a formula → what it does."""


def _activation(name: str, most: float | None) -> str:
    if name != "relu":
        return f"{name}(x)"
    return f"ReLU{most:g}: max(0, x), but no more than {most:g}." if most else "ReLU: max(0, x)."


def _heading(origin: MapOrigin, shown: int) -> str:
    count = len(origin["contributions"])
    if count <= 1:
        return "Made from" if count else ""
    if shown == count:
        return "Made from these maps"
    if origin["kind"] == "dense":
        return f"Made from {count:,} numbers; the {shown} that count most"
    return f"Made from {count:,} maps; the {shown} that count most over the whole map"


def _source(
    part: Contribution,
    named: dict[str, MapLayer],
    maps: Maps,
    kernel: np.ndarray | None,
    origin: MapOrigin,
    whole: float,
) -> MapSource:
    layer = named[part["layer"]]
    height, width = _size(layer)
    channel = part["channel"]
    is_photo = not layer["inputs"]
    name = _plane(channel, layer) if is_photo else map_name(channel)
    share = share_of(part, whole) if len(origin["contributions"]) > 1 else ""
    own = None
    if kernel is not None:
        own = encode_array(kernel[..., channel if origin["kind"] == "convolution" else 0], "f4")
    return {
        "layer": "" if is_photo else part["layer"],
        "channel": channel,
        "title": f"{part['layer']}, {name}" if len(origin["inputs"]) > 1 else name,
        "words": share,
        "height": height,
        "width": width,
        "grey": is_photo,
        "values": encode_array(maps(part["layer"], [channel])[..., 0], "f4"),
        "kernel": own,
    }


def _partials(origin: MapOrigin) -> Sequence[np.ndarray]:
    """Return what each of the strongest sources contributes to every number of the map."""
    if origin["kind"] == "dense":
        return []
    return [] if origin["partials"] is None else list(origin["partials"])


def _head(scene: MapScene, subject: str) -> _Head:
    return {"id": detail_id(scene, subject), "subject": subject, "layer": scene.layer, "map": scene.map}


def _named(answer: NetworkMap) -> dict[str, MapLayer]:
    return {layer["name"]: layer for layer in answer["layers"]}


def _size(layer: MapLayer) -> tuple[int, int]:
    """Return height and width of a layer's maps; 1 × 1 for a vector."""
    return (layer["shape"][0], layer["shape"][1]) if len(layer["shape"]) == 3 else (1, 1)
