"""Which dataset is explored, and how, as one value that fits into a URL."""

from dataclasses import dataclass

from components.scene import Scene, choice, tidied, whole
from models.storage import tidy_path

DATA = ("drawn-pets", "digits", "dogs-vs-cats", "folder")
ORDERS = ("dataset", "unsure", "dark", "bright", "large", "small", "wide", "tall")
"""The orders in which a class's pictures can be shown."""

NETWORKS = {"drawn-pets": "drawn-pets", "digits": "digits", "dogs-vs-cats": "convnet", "folder": "convnet"}
"""Dataset → the network that comes with the course and says which of its pictures are hard."""

NONE = -1
"""Stands for no picture."""


@dataclass(frozen=True)
class Explored(Scene):
    """The visitor's choices.

    Attributes:
        data: one of `DATA`.
        folder: path on the server, for "folder".
        order: one of `ORDERS`.
        picture: index of the picture that is shown large, `NONE` for none.
    """

    data: str = choice("drawn-pets", DATA)
    folder: str = tidied("", lambda path: tidy_path(path[:1000]))
    order: str = choice("dataset", ORDERS)
    picture: int = whole(NONE, NONE, 10**6)

    fleeting = ("picture",)

    @property
    def dataset(self) -> str:
        """The dataset's name as `models.datasets` reads it. Of the drawn pets, only the test part is drawn."""
        if self.data == "drawn-pets":
            return "drawn-pets:train=2,validation=0"  # the same as on /evaluation: judged once for both
        return f"folder:{self.folder}" if self.data == "folder" else self.data

    @property
    def part(self) -> str:
        """The part that is explored."""
        return "test" if self.data == "drawn-pets" else "all"

    @property
    def network(self) -> str:
        """The network whose confidence is shown."""
        return NETWORKS[self.data]
