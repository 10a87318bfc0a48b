"""A network's layers as the columns of a picture: which layers stand there, what feeds them, which maps they show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.answers import MapLayer

EVERY_CHANNEL = ("Conv2D", "Dense", "SeparableConv2D", "Conv2DTranspose")
"""Layers that compute every map from all maps of their input; others use only the map with the same number."""


UNSEEN = (
    "ActivityRegularization",
    "AlphaDropout",
    "Dropout",
    "GaussianDropout",
    "GaussianNoise",
    "Identity",
    "Normalization",
    "Rescaling",
    "SpatialDropout2D",
)
"""Layers after which every map looks as before: their numbers are scaled, or the same where a network answers."""


@dataclass(frozen=True)
class Column:
    """A column of the map.

    Attributes:
        layer: the layer whose maps it shows; for a folded block, the last one.
        block: the block that it belongs to.
        layers: number of layers that it stands for: more than one if a block is folded.
        parameters: number of parameters in all of them.
        inputs: the layers of the columns that feed it.
        link: "all" if each map is computed from all maps of the input, "same" if only from the one with its number.
        behind: the layers behind it that change nothing that one could see, and have no column of their own.
    """

    layer: str
    block: str
    layers: int
    parameters: int
    inputs: tuple[str, ...]
    link: Literal["all", "same"]
    behind: tuple[str, ...] = ()


def columns_of(layers: Sequence[MapLayer], unfold: str = "") -> list[Column]:
    """Return the columns of a network, in the order of its layers.

    A layer of its own block after which every map looks as before joins the column before it, unless all are shown.

    Args:
        layers: as `models.networks.network_map.network_map` describes them.
        unfold: the block whose layers have a column each; "all" for all blocks, "" for none.
    """
    blocks: dict[str, list[MapLayer]] = {}
    for layer in layers:
        blocks.setdefault(layer["block"], []).append(layer)
    joined = {} if unfold == "all" else _joined(blocks)
    # Layer → the layer of the column that shows it, from which the connections to later columns are drawn.
    shown: dict[str, str] = {}
    for name, inside in blocks.items():
        for layer in inside:
            shown[layer["name"]] = layer["name"] if unfold in ("all", name) else inside[-1]["name"]
    for name, source in joined.items():
        shown[name] = shown[source]
    hidden: dict[str, list[str]] = {}
    for name in joined:
        hidden.setdefault(shown[name], []).append(name)
    found: list[Column] = []
    for name, inside in blocks.items():
        if inside[0]["name"] in joined:
            continue
        groups = [[layer] for layer in inside] if unfold in ("all", name) else [inside]
        for group in groups:
            own = {layer["name"] for layer in group}
            inputs = [source for layer in group for source in layer["inputs"] if source not in own]
            link: Literal["all", "same"] = "all" if len(group) > 1 else link_of(group[0], layers)
            found.append(
                Column(
                    layer=group[-1]["name"],
                    block=name,
                    layers=len(group),
                    parameters=sum(layer["parameters"] for layer in group),
                    inputs=tuple(dict.fromkeys(shown[source] for source in inputs if source in shown)),
                    link=link,
                    behind=tuple(hidden.get(group[-1]["name"], ())),
                )
            )
    return found


def _joined(blocks: dict[str, list[MapLayer]]) -> dict[str, str]:
    """Return the layers that join the column before them, each with the layer that feeds it, in the network's order."""
    known = {layer["name"] for inside in blocks.values() for layer in inside}
    return {
        layer["name"]: layer["inputs"][0]
        for (layer, *others) in blocks.values()
        if not others and layer["class"] in UNSEEN and len(layer["inputs"]) == 1 and layer["inputs"][0] in known
    }


def link_of(layer: MapLayer, layers: Sequence[MapLayer]) -> Literal["all", "same"]:
    """Return whether each map of a layer is computed from all maps of its inputs or only from those with its number."""
    if layer["class"] in EVERY_CHANNEL:
        return "all"
    channels = {other["name"]: other["shape"][-1] for other in layers}
    same = all(channels.get(name) == layer["shape"][-1] for name in layer["inputs"])
    return "same" if same else "all"


def orders_of(layers: Sequence[MapLayer], order: str = "strength") -> dict[str, np.ndarray]:
    """Return for each layer the numbers of its maps in the order in which they are shown.

    Layers in which every map keeps its number (normalisation, activation, pooling, sums) share one order with the
    layers that feed them, so that a map stays in its row. It is the order of the last of them, whose output counts.

    Args:
        layers: as `models.networks.network_map.network_map` describes them.
        order: "strength", the largest mean of |value| first, or "number".

    Returns:
        Layer → int array (channels,).
    """
    leader = {layer["name"]: layer["name"] for layer in layers}

    def lead(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for layer in layers:
        if link_of(layer, layers) == "same":
            for source in layer["inputs"]:
                if source in leader:
                    leader[lead(source)] = lead(layer["name"])
    strongest: dict[str, np.ndarray] = {}
    for layer in layers:  # a later layer with the same rows overrides an earlier one
        strength = np.asarray(layer["strength"])
        strongest[lead(layer["name"])] = np.argsort(-strength, kind="stable")
    return {
        layer["name"]: strongest[lead(layer["name"])] if order == "strength" else np.arange(layer["shape"][-1])
        for layer in layers
    }


def slice_of(order: np.ndarray, count: int, page: int) -> np.ndarray:
    """Return one page of a layer's maps, `count` of them; the last page if `page` is too large."""
    last = max(-(-len(order) // count) - 1, 0)
    first = min(page, last) * count
    return order[first : first + count]
