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
"""Kind of computation → page, and what the way there says."""


class Way(TypedDict):
    """A way to the page that shows a computation."""

    page: str
    label: str


class TakenWay(TypedDict):
    """The way that a visitor takes, as the browser reports it."""

    page: str
    place: int


def ways_of(origin: MapOrigin) -> list[Way]:
    """Return the ways to the page that shows how a map is computed, as {"page", "label"}.

    Args:
        origin: what `models.networks.network_map.map_origin` returned.
    """
    page, label = PAGES.get(origin["kind"], ("", ""))
    if origin["settings"].get("activation") == "softmax" and origin["kind"] == "activation":
        return []  # it looks at all numbers together: no curve is followed
    if page not in {part.path for part in COURSE[1:]}:
        return []
    return [{"page": page, "label": label}]


def way_params(scene: MapScene, way: TakenWay) -> dict[str, str]:
    """Return what the URL of the page says to which a visitor goes.

    Args:
        scene: the map that is open.
        way: what the browser told: "page", and "place", which number of the map it is, row by row.
    """
    params = {"network": scene.network}
    if scene.which != "best":
        params["which"] = scene.which
    if way["page"] == "dense":
        return params | {"layer": scene.layer, "map": str(scene.map)}
    params |= {"layer": scene.layer, "map": str(scene.map), "position": str(int(way["place"]))}
    return {PREFIX + name: text for name, text in params.items()}
