"""Everything that a visitor can set on the network map, as one value that fits into a URL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from components.scene.parameters import SceneReader, SceneTexts

COUNTS = (6, 8, 12, 16)
ORDERS = ("strength", "number")
SCALES = ("map", "layer", "all")
WHICH = ("best", "last")
_NAME = re.compile(r"(run:)?[\w .-]{1,100}")
_BESIDE = re.compile(r"((run:)?[\w .-]{1,100}(@(best|last))?)?")
_LAYER = re.compile(r"[\w .:/-]{0,120}")


@dataclass(frozen=True)
class MapScene(SceneTexts):
    """A setting of the network map.

    Attributes:
        network: a network that comes with the course, or "run:" and a run's name.
        which: of a run, the best or the last epoch.
        beside: a network that stands beside it, of a run with "@best" or "@last" after its name; "" for none.
        unfold: a block whose layers are all shown, "all" for all blocks, "" for none.
        layer: the layer that is open, "" for the overview.
        map: the map of that layer that is open, −1 for all of them.
        order: maps by strength or by number.
        count: maps of a layer that the overview shows at once.
        page: which of them; 0 for the first.
        scale: full colour at the largest number of each map, of each layer, or of all layers shown.
        position: no animation has a place here.
        speed: likewise.
    """

    network: str = "convnet"
    which: str = "best"
    beside: str = ""
    unfold: str = ""
    layer: str = ""
    map: int = -1
    order: str = "strength"
    count: int = 8
    page: int = 0
    scale: str = "map"

    position: ClassVar[int] = 0
    speed: ClassVar[float] = 1.0

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)

        def text(name: str, pattern: re.Pattern[str]) -> str:
            value = params.get(name, "")
            return value if pattern.fullmatch(value) else getattr(cls, name)

        layer = text("layer", _LAYER)
        return cls(
            network=text("network", _NAME),
            which=read.choice("which", WHICH),
            beside=text("beside", _BESIDE),
            unfold=text("unfold", _LAYER),
            layer=layer,
            map=read.whole("map", -1, 99_999) if layer else -1,
            order=read.choice("order", ORDERS),
            count=read.choice("count", COUNTS),
            page=read.whole("page", 0, 9_999),
            scale=read.choice("scale", SCALES),
        )
