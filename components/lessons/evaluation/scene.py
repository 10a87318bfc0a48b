"""What is judged on /evaluation, as one value that fits into a URL: a network, pictures, perhaps another network."""

from dataclasses import dataclass, replace
from typing import Self

from components.networks.network_parameters import network_parameter
from components.scene import Scene, choice, tidied
from models.evaluation import shipped_scores
from models.storage import tidy_path

OWN = "own"
"""The visitor's own photos."""

PHOTOS = shipped_scores.PET_PHOTOS
"""1,600 real photos, of which the scores come along and the photos do not."""

DATA = (PHOTOS, "drawn-pets", "digits", "dogs-vs-cats", OWN, "folder")
PARTS = ("validation", "test", "all")
"""The parts that can be judged; "all" is for folders, on which no network here was trained."""
WHICH = ("best", "last")


@dataclass(frozen=True)
class Judgement(Scene):
    """The choices of the page's head.

    Attributes:
        network: a name of a network that comes with the course, or "run:" and a run's name.
        which: for a run, its best or last epoch.
        data: one of `DATA`.
        folder: path on the server, for "folder".
        part: one of `PARTS`.
        other: the network to compare with, "" for none.
        other_which: for a run, likewise.
    """

    network: str = network_parameter("convnet")
    which: str = choice("best", WHICH)
    data: str = choice(PHOTOS, DATA)
    folder: str = tidied("", lambda path: tidy_path(path[:1000]))
    part: str = choice("validation", PARTS)
    other: str = network_parameter("")
    other_which: str = choice("best", WHICH)

    def fitted(self) -> Self:
        """Return the choices with a part that the pictures have."""
        return replace(self, part=type(self).part) if self.part == "all" and self.data != "folder" else self

    @property
    def dataset(self) -> str:
        """The dataset's name as `models.datasets` reads it.

        Only the judged part of the drawn pets is drawn: a picture is the same, however many others there are. The
        scores that come along have the same names (`models.evaluation.ship_scores.DRAWN`).
        """
        if self.data == "drawn-pets":
            return f"drawn-pets:train=2,{'test' if self.part == 'validation' else 'validation'}=0"
        return f"folder:{self.folder}" if self.data == "folder" else self.data
