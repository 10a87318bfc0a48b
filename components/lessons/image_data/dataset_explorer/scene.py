"""Which dataset is looked through, and how, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from components.scene.parameters import SceneReader, SceneTexts

DATA = ("drawn-pets", "digits", "dogs-vs-cats", "folder")
ORDERS = ("dataset", "unsure", "dark", "bright", "large", "small", "wide", "tall")
"""The orders in which a class's pictures can be shown."""

NETWORKS = {"drawn-pets": "drawn-pets", "digits": "digits", "dogs-vs-cats": "convnet", "folder": "convnet"}
"""Dataset → the network that comes with the course and says which of its pictures are hard."""

NONE = -1
"""The number of no picture."""


@dataclass(frozen=True)
class Explored(SceneTexts):
    """The visitor's choices.

    Attributes:
        data: one of `DATA`.
        folder: path on the server, for "folder".
        order: one of `ORDERS`.
        picture: number of the picture that is shown large, `NONE` for none.
    """

    data: str = "drawn-pets"
    folder: str = ""
    order: str = "dataset"
    picture: int = NONE

    position = 0  # no animation: what `components.scene.address` asks of every scene
    speed = 1.0

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the choices of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        return cls(
            data=read.choice("data", DATA),
            folder=params.get("folder", "")[:1000],
            order=read.choice("order", ORDERS),
            picture=read.whole("picture", NONE, 10**6),
        )

    @property
    def dataset(self) -> str:
        """The dataset's name as `models.datasets` reads it. Of the drawn pets, only the test part is drawn."""
        if self.data == "drawn-pets":
            return "drawn-pets:train=2,validation=0"  # as /evaluation asks for it: judged once for both
        return f"folder:{self.folder}" if self.data == "folder" else self.data

    @property
    def part(self) -> str:
        """The part that is looked through."""
        return "test" if self.data == "drawn-pets" else "all"

    @property
    def network(self) -> str:
        """The network that is asked how sure it is."""
        return NETWORKS[self.data]
