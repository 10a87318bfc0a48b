"""The overview as a message: columns, shapes, and the small pictures of the maps that are shown."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Literal, NotRequired, TypedDict

import numpy as np

from components.browser import encode_array
from components.lessons.convnet.network_map.columns import Column, columns_of, orders_of, slice_of
from components.lessons.convnet.network_map.scene import MapScene
from components.lessons.convnet.network_map.second_network import Beside
from models.answers import MapLayer, NetworkMap, ReceptiveField
from models.evaluation.class_names import pet
from models.figures import listed

SmallMaps = Callable[[dict[str, list[int]]], dict[str, np.ndarray]]
"""Layer → numbers of maps, to layer → uint8 (maps, height, width): see `models.networks.network_map.small_maps`."""

ANSWERS = 5


class SmallPictures(TypedDict):
    """What `_numbers` returns."""

    low: list[float]
    high: list[float]
    reach: float
    width: int
    height: int
    thumbs: str


class SheetColumn(SmallPictures):
    """What `_column` returns."""

    layer: str
    block: str
    title: str
    size: str
    short: str
    about: str
    behind: list[str]
    layers: int
    folded: bool
    foldable: bool
    inputs: list[str]
    link: Literal["all", "same"]
    picture: bool
    answer: bool
    channels: int
    shown: list[int]
    sees: str
    field: ReceptiveField | None
    grid: list[int]
    beside: NotRequired[SmallPictures]


class BesideTop(TypedDict):
    """The second network's answer to the photo."""

    title: str
    top: list[list[str | float]]


class Sheet(TypedDict):
    """What `sheet_of` returns."""

    id: str
    subject: str
    side: int
    columns: list[SheetColumn]
    layers: list[str]
    foldable: bool
    pages: int
    reach: float
    top: list[list[str | float]]
    beside: BesideTop | None


def sheet_of(
    answer: NetworkMap, scene: MapScene, small: SmallMaps, *, rows: int, subject: str, beside: Beside | None = None
) -> Sheet:
    """Return the overview of a network on a photo, ready to be sent.

    Args:
        answer: what `models.networks.network_map.network_map` returned.
        scene: which maps are shown.
        small: returns small pictures of maps.
        rows: how many maps of a layer are shown at once (`MapScene.rows`).
        subject: the photo and the network, as a digest.
        beside: the second network, whose maps with the same numbers are shown beside these.
    """
    layers: Sequence[MapLayer] = answer["layers"]
    named = {layer["name"]: layer for layer in layers}
    columns = columns_of(layers, scene.unfold)
    orders = orders_of(layers, scene.order)
    last = layers[-1]["name"]
    # The photo is shown as it is: its three planes stand in the opened layer.
    shown = {
        column.layer: slice_of(orders[column.layer], rows, scene.page)
        for column in columns
        if column.layer != last and column.inputs
    }
    wanted = {layer: numbers.tolist() for layer, numbers in shown.items()}
    pictures = small(wanted)
    drawn = [
        _column(column, named[column.layer], shown.get(column.layer), pictures.get(column.layer), answer)
        for column in columns
    ]
    if beside is not None:
        others, theirs = beside.layers(), beside.asked.small(wanted)
        for column in drawn:
            if not column["answer"] and not column["picture"]:
                column["beside"] = _numbers(others[column["layer"]], theirs[column["layer"]], column["shown"])
    widest = max((named[name]["shape"][-1] for name in shown), default=1)
    blocks = {layer["block"] for layer in layers}
    return {
        "id": sheet_id(scene, rows, subject),
        "subject": subject,
        "side": answer["side"],
        "columns": drawn,
        "layers": [layer["name"] for layer in layers if layer["inputs"] and layer["name"] != last],
        "foldable": len(blocks) < len(layers),
        "pages": -(-widest // rows),
        "reach": max(
            (column["reach"] for column in drawn if not column["picture"] and not column["answer"]), default=0.0
        ),
        "top": _top(answer),
        "beside": None if beside is None else {"title": beside.title, "top": _top(beside.answer)},
    }


def sheet_id(scene: MapScene, rows: int, subject: str) -> str:
    """Return the id that `sheet_of` gives to the overview of a scene."""
    seen = (subject, scene.beside, scene.unfold, scene.order, rows, scene.page)
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def _top(answer: NetworkMap) -> list[list[str | float]]:
    return [[pet(name) or name.split(",")[0], float(p), pet(name) or ""] for name, p in answer["top"][:ANSWERS]]


def shape_text(shape: Sequence[int]) -> str:
    """Return "112 × 112 × 32" for (112, 112, 32)."""
    return " × ".join(f"{size:,}" for size in shape)


def _column(
    column: Column, layer: MapLayer, shown: np.ndarray | None, pictures: np.ndarray | None, answer: NetworkMap
) -> SheetColumn:
    is_photo = not layer["inputs"]
    numbers = np.array([0] if is_photo else [], int) if shown is None else shown
    small = np.zeros((0, 1, 1), np.uint8) if pictures is None else pictures
    sent = _numbers(layer, small, numbers.tolist())
    return {
        "layer": column.layer,
        "block": column.block,
        "title": _title(column, layer),
        "size": shape_text(layer["shape"]),
        "short": "×".join(f"{size:,}" for size in layer["shape"]),
        "about": about(column, layer),
        "behind": list(column.behind),
        "layers": column.layers,
        "folded": column.layers > 1,
        "foldable": column.layers > 1 or _is_last_of_unfolded(column, answer["layers"]),
        "inputs": list(column.inputs),
        "link": column.link,
        "picture": is_photo,
        "answer": shown is None and not is_photo,
        "channels": layer["shape"][-1],
        "shown": numbers.tolist(),
        "low": sent["low"],
        "high": sent["high"],
        "reach": sent["reach"],
        "width": sent["width"],
        "height": sent["height"],
        "thumbs": sent["thumbs"],
        "sees": sees(layer, answer["side"]),
        "field": layer["field"],
        "grid": list(layer["shape"][:2]) if len(layer["shape"]) == 3 else [1, 1],
    }


def _numbers(layer: MapLayer, small: np.ndarray, shown: list[int]) -> SmallPictures:
    """Return small pictures with the numbers that their bytes stand for."""
    low, high = layer["low"][shown], layer["high"][shown]
    return {
        "low": [float(value) for value in low],
        "high": [float(value) for value in high],
        "reach": float(max(np.abs(layer["low"]).max(), np.abs(layer["high"]).max())),
        "width": small.shape[2],
        "height": small.shape[1],
        "thumbs": encode_array(small, "u1"),
    }


def _is_last_of_unfolded(column: Column, layers: Sequence[MapLayer]) -> bool:
    """Return whether this is the last column of an unfolded block, below which the block can be folded again."""
    inside = [layer["name"] for layer in layers if layer["block"] == column.block]
    return len(inside) > 1 and column.layers == 1 and inside[-1] == column.layer


def _title(column: Column, layer: MapLayer) -> str:
    if not layer["inputs"]:
        return "photo"
    if column.layers > 1 or layer["name"] == column.block:
        return column.block
    return layer["name"].removeprefix(f"{column.block}_")


def about(column: Column, layer: MapLayer) -> str:
    """Return a one-line description of a column."""
    weights = f"{column.parameters:,} parameters" if column.parameters else "no parameters"
    then = f"; then {listed(column.behind)}, after which every map looks the same" if column.behind else ""
    if column.layers > 1:
        return f"{column.block}: {column.layers} layers, {weights}; shown is the last, {layer['name']}{then}"
    return f"{layer['name']}: {layer['class']}, {shape_text(layer['shape'])}, {weights}{then}"


def sees(layer: MapLayer, side: int) -> str:
    """Return a sentence on how much of the photo one number of a layer sees: never more than there is.

    Args:
        layer: with its receptive field.
        side: of the photo as the network receives it, in pixels.
    """
    field = layer["field"]
    if field is None:
        return "It is one number for the whole photo."
    starts = [field["start"] + place * field["step"] for place in range(layer["shape"][0])]
    seen = [min(start + field["size"], side) - max(start, 0) for start in starts]
    least, most = min(seen), max(seen)
    window = f"its window of {field['size']} × {field['size']} reaches beyond the edge"
    if least == side and field["size"] > side:
        return f"Each number sees the whole photo ({window})."
    if least == side:
        return "Each number sees the whole photo."
    if most == side:
        return (
            f"In the middle a number sees the whole photo ({window}), in a corner as few as {least} × {least} pixels."
        )
    if most < field["size"]:
        return f"Each number sees at most {most} × {most} pixels ({window})."
    return f"Each number sees {_pixels(most)}{', at the edge fewer' if least < most else ''}."


def _pixels(size: int) -> str:
    return "1 pixel" if size == 1 else f"{size} × {size} pixels"
