"""From a map to the page that shows how such a number is computed, with that very number loaded."""

from typing import TypedDict

from components.lessons.convnet.network_map.scene import MapScene
from components.networks.layer_step.scene import PREFIX
from components.shell.course import COURSE
from models.answers import MapOrigin

PAGES = {
    "convolution": ("convolution", "Show this computation: a filter slides"),
    "depthwise": ("convolution", "Show this computation: a filter slides"),
    "activation": ("activation", "Show this computation: along the curve"),
    "pooling": ("pooling", "Show this computation: a window pools"),
    "global pooling": ("pooling", "Show this computation: the mean of a map"),
    "dense": ("dense", "Show this computation: every term of the sum"),
}
"""Kind of computation → page and label of the link to it."""


class Way(TypedDict):
    """A link to the page that explains a computation."""

    page: str
    label: str


class TakenWay(TypedDict):
    """The link that a visitor follows, as the browser reports it.

    "place" is the index of a number on the map, row by row.
    """

    page: str
    place: int


def ways_of(origin: MapOrigin) -> list[Way]:
    """Return links to the page that explains how a map is computed.

    Args:
        origin: what `models.networks.network_map.map_origin` returned.
    """
    page, label = PAGES.get(origin["kind"], ("", ""))
    if origin["settings"].get("activation") == "softmax" and origin["kind"] == "activation":
        return []  # it looks at all numbers together: there is no curve
    if page not in {part.path for part in COURSE[1:]}:
        return []
    return [{"page": page, "label": label}]


def way_params(scene: MapScene, way: TakenWay) -> dict[str, str]:
    """Return the URL parameters of the page that a visitor opens.

    Args:
        scene: the map that is open.
        way: the link that the visitor followed.
    """
    params = {"network": scene.network}
    if scene.which != "best":
        params["which"] = scene.which
    if way["page"] == "dense":
        return params | {"layer": scene.layer, "map": str(scene.map)}
    params |= {"layer": scene.layer, "map": str(scene.map), "position": str(int(way["place"]))}
    return {PREFIX + name: text for name, text in params.items()}
