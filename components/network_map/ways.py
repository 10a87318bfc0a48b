"""From a map to the page that shows how such a number is computed."""

from typing import Any

from components.network_map.scene import MapScene
from components.shell.course import COURSE

PAGES = {
    "convolution": ("convolution", "See how a filter slides"),
    "depthwise": ("convolution", "See how a filter slides"),
    "activation": ("activation", "See this activation's curve"),
    "pooling": ("pooling", "See how a window pools"),
    "global pooling": ("pooling", "See global average pooling"),
    "dense": ("dense", "See every term of this sum"),
}
"""Kind of computation → page, and what its link says."""


def ways_of(scene: MapScene, origin: dict[str, Any]) -> list[dict[str, str]]:
    """Return links to the pages that show how a map is computed.

    Args:
        scene: the map that is open.
        origin: what `models.network_map.map_origin` returned.
    """
    page, label = PAGES.get(origin["kind"], ("", ""))
    if page not in {part.path for part in COURSE[1:]}:
        return []
    return [{"url": page, "label": label}]
