"""Everything that a visitor can set on the network map, as one value that fits into a URL."""

from dataclasses import dataclass, replace
from typing import Self

from components.networks.network_parameters import network_and_epoch_parameter, network_parameter
from components.scene import Scene, choice, text, whole

AS_FITS = 0
COUNTS = (AS_FITS, 6, 8, 12, 16)
ROWS, PROJECTED_ROWS = 8, 6
"""Maps of a layer that fit on a screen, and on a projector, where each is seen from the last row."""

ORDERS = ("strength", "number")
SCALES = ("map", "layer", "all")
WHICH = ("best", "last")
_LAYER = r"[\w .:/-]{0,120}"


@dataclass(frozen=True)
class MapScene(Scene):
    """All settings of the network map.

    Attributes:
        network: a network that comes with the course, or "run:" and a run's name.
        which: for a run, its best or last epoch.
        beside: a second network, with "@best" or "@last" after the name of a run; "" for none.
        unfold: a block whose layers are all shown, "all" for all blocks, "" for none.
        layer: the layer that is open, "" for the overview.
        map: the map of that layer that is open, −1 for all of them.
        order: maps by strength or by number.
        count: number of maps of a layer that the overview shows at once; `AS_FITS` for as many as fit.
        page: index of the page of maps that is shown.
        scale: full colour stands for the largest number of each map, of each layer, or of all layers shown.
    """

    network: str = network_parameter("convnet")
    which: str = choice("best", WHICH)
    beside: str = network_and_epoch_parameter()
    unfold: str = text("", _LAYER)
    layer: str = text("", _LAYER)
    map: int = whole(-1, -1, 99_999)
    order: str = choice("strength", ORDERS)
    count: int = choice(AS_FITS, COUNTS)
    page: int = whole(0, 0, 9_999)
    scale: str = choice("map", SCALES)

    def fitted(self) -> Self:
        """Return the scene, with a map only if a layer is open."""
        return self if self.layer else replace(self, map=-1)

    def rows(self, *, projected: bool) -> int:
        """Return how many maps of a layer the overview shows at once.

        Args:
            projected: whether it is drawn for a projector.
        """
        return self.count or (PROJECTED_ROWS if projected else ROWS)
