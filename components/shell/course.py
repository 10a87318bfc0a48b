"""The parts of the course that exist, in teaching order. Bar, list, home, previous and next follow it."""

from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).resolve().parents[2] / "pages"


@dataclass(frozen=True)
class Part:
    """One page of the course.

    Attributes:
        path: its URL path, "" for the home page.
        number: as the course in twelve parts counts them, "" for the home page; the dense layer is 6b.
        title: its one short name, without the number: in the bar, on the home page and above the page itself.
        summary: what a visitor does there, one sentence, for the home page.
        minutes: how long a first visit takes, as planned for a lesson of an hour.
    """

    path: str
    number: str
    title: str
    summary: str
    minutes: int

    @property
    def label(self) -> str:
        """What list, previous and next call it: "6b. Dense layer"."""
        return f"{self.number}. {self.title}" if self.number else self.title

    @property
    def file(self) -> Path:
        """The page's script: pages/image_data.py serves /image-data."""
        return PAGES / f"{self.path.replace('-', '_') or 'home'}.py"


@dataclass(frozen=True)
class Group:
    """Lessons about one station on the way from a photo to a trained network.

    Attributes:
        name: of the station.
        words: what happens there, a short sentence.
        parts: its lessons, in teaching order.
    """

    name: str
    words: str
    parts: tuple[Part, ...]


HOME = Part("", "", "Home", "The course at a glance, with your photo.", 1)

GROUPS = (
    Group(
        "Photo",
        "What a computer sees in it: numbers.",
        (
            Part(
                "deep-learning",
                "1",
                "Deep learning",
                "Ask networks about your photo, draw a digit and watch neurons light up.",
                4,
            ),
            Part("keras", "2", "Keras", "See one network written in three ways, with equal numbers on your photo.", 4),
            Part("image-data", "3", "Image data", "Put a loupe on your photo’s numbers and look through datasets.", 5),
        ),
    ),
    Group(
        "Layers",
        "Filters turn it into feature maps.",
        (
            Part("convnet", "4", "Convnet", "See all layers of a network on your photo at once, and open any map.", 5),
            Part(
                "convolution",
                "5",
                "Convolution",
                "Slide a filter over your photo and watch the feature map fill in.",
                5,
            ),
            Part("pooling", "6", "Pooling", "Keep one number of each window, and see what your photo loses.", 4),
        ),
    ),
    Group(
        "Answer",
        "A weighted sum, bent by a curve, decides.",
        (
            Part("dense", "6b", "Dense layer", "See which features push to cat and which to dog; silence some.", 5),
            Part("activation", "7", "Activation", "Drag along the curves, and see why straight lines can’t do it.", 5),
        ),
    ),
    Group(
        "Loss",
        "How wrong is the prediction?",
        (Part("loss", "8", "Loss", "Drag a prediction along its loss, and follow the loss back to the weights.", 5),),
    ),
    Group(
        "Learning",
        "Training nudges every weight to lower the loss.",
        (
            Part(
                "optimizers", "9", "Optimizers", "Let seven optimizers race downhill, and read each of their steps.", 4
            ),
            Part("callbacks", "10", "Callbacks", "See which hook fires when, and drag the moment of stopping.", 3),
            Part("training", "11", "Training", "Train a real network, pull the plug, and see it go on as before.", 6),
        ),
    ),
    Group(
        "Evaluation",
        "How good is it, and where is it wrong?",
        (Part("evaluation", "12", "Evaluation", "Move the threshold: matrix, curve and photos move along.", 5),),
    ),
)
"""The six stations, in the order in which the bar and the home page show them."""

COURSE = (HOME, *(part for group in GROUPS for part in group.parts))
LAST = COURSE[-1].number
"""The course has so many parts: "12"."""


def part_at(path: str) -> Part | None:
    """Return the part at a URL path, None if the course has no such page."""
    return next((part for part in COURSE if part.path == path), None)


def neighbours(part: Part) -> tuple[Part | None, Part | None]:
    """Return the parts before and after `part`, None at the ends."""
    place = COURSE.index(part)
    return (COURSE[place - 1] if place else None), (COURSE[place + 1] if place + 1 < len(COURSE) else None)
