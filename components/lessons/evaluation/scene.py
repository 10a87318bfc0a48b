"""What is judged on /evaluation, as one value that fits into a URL: a network, pictures, perhaps another network."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from components.scene.parameters import SceneReader, SceneTexts

OWN = "own"
"""The visitor's own photos."""

DATA = ("drawn-pets", "digits", "dogs-vs-cats", OWN, "folder")
PARTS = ("validation", "test", "all")
"""What can be judged; "all" is for folders, which nobody here has trained on."""
WHICH = ("best", "last")
NAME = re.compile(r"(run:)?[\w .-]{0,100}")


@dataclass(frozen=True)
class Judgement(SceneTexts):
    """The choices of the page's head.

    Attributes:
        network: a name of a network that comes with the course, or "run:" and a run's name.
        which: of a run, the best or the last epoch.
        data: one of `DATA`.
        folder: path on the server, for "folder".
        part: one of `PARTS`.
        other: the network that it is compared with, "" for none.
        other_which: of a run, likewise.
    """

    network: str = "drawn-pets"
    which: str = "best"
    data: str = "drawn-pets"
    folder: str = ""
    part: str = "test"
    other: str = ""
    other_which: str = "best"

    position = 0  # no animation: what `components.scene.address` asks of every scene
    speed = 1.0

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the choices of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)

        def name(parameter: str, otherwise: str) -> str:
            text = params.get(parameter, otherwise)
            return text if NAME.fullmatch(text) else otherwise

        data, part = read.choice("data", DATA), read.choice("part", PARTS)
        return cls(
            network=name("network", cls.network) or cls.network,
            which=read.choice("which", WHICH),
            data=data,
            folder=params.get("folder", "")[:1000],
            part=part if part != "all" or data == "folder" else cls.part,
            other=name("other", ""),
            other_which=read.choice("other_which", WHICH),
        )

    @property
    def dataset(self) -> str:
        """The dataset's name as `models.datasets` reads it.

        Of the drawn pets only the part that is judged is drawn: a picture is the same, however many others there are.
        """
        if self.data == "drawn-pets":
            return f"drawn-pets:train=2,{'test' if self.part == 'validation' else 'validation'}=0"
        return f"folder:{self.folder}" if self.data == "folder" else self.data
