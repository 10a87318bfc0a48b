"""The parts of the course that exist, in teaching order. Menu, map, previous and next follow it."""

from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).resolve().parents[2] / "pages"


@dataclass(frozen=True)
class Part:
    """One page of the course.

    Attributes:
        path: its URL path, "" for the home page.
        number: as the course in twelve parts counts them, "" for the home page; the dense layer is 6b.
        title: without the number.
        summary: what a visitor does there, one sentence, for the map.
    """

    path: str
    number: str
    title: str
    summary: str

    @property
    def label(self) -> str:
        """What menu, map, previous and next call it: "6b. From feature maps to a decision"."""
        return f"{self.number}. {self.title}" if self.number else self.title

    @property
    def file(self) -> Path:
        """The page's script: pages/image_data.py serves /image-data."""
        return PAGES / f"{self.path.replace('-', '_') or 'home'}.py"


COURSE = (
    Part("", "", "Home", "The map of the course and your photo."),
    Part(
        "deep-learning",
        "1",
        "What is deep learning?",
        "Ask networks about your photo, draw a digit and watch neurons light up, see what data and power bring.",
    ),
    Part(
        "keras",
        "2",
        "What are TensorFlow and Keras?",
        "See one network written in three ways, run on your photo with equal numbers, and what is installed here.",
    ),
    Part(
        "image-data",
        "3",
        "Image data: images are tensors",
        "Put a loupe on your photo's numbers, follow them into a network, and look through whole datasets.",
    ),
    Part(
        "convnet",
        "4",
        "The structure of a convnet",
        "See all layers of a network on your photo at once, open any of them, and follow a map back to what made it.",
    ),
    Part(
        "convolution",
        "5",
        "Convolutional layers",
        "Slide a filter over your photo and watch the feature map fill in, number by number.",
    ),
    Part(
        "pooling",
        "6",
        "Pooling layers",
        "Keep the largest number of each window, or the average, and see what your photo loses and keeps.",
    ),
    Part(
        "dense",
        "6b",
        "From feature maps to a decision",
        "See which features of your photo push to cat and which to dog, silence some, and watch the prediction flip.",
    ),
    Part(
        "activation",
        "7",
        "Activation functions",
        "Drag along the curves, bend your photo's feature maps, and see why straight lines are not enough.",
    ),
    Part(
        "loss",
        "8",
        "Loss functions",
        "Drag a prediction along its loss, turn scores into probabilities, and follow the loss back to every weight.",
    ),
    Part(
        "optimizers",
        "9",
        "Optimizers",
        "Let seven optimizers race downhill, read each step, and see the Adam paper's experiment run for real.",
    ),
    Part(
        "callbacks",
        "10",
        "Callbacks",
        "See which hook fires when, drag the moment at which a training stops, and open TensorBoard.",
    ),
    Part(
        "training",
        "11",
        "Training, step by step",
        "Train a real network, watch it live, pull the plug, and see it go on as if nothing had happened.",
    ),
    Part(
        "evaluation",
        "12",
        "Evaluation",
        "Move the threshold and see matrix, curve and photos move along, look into every mistake, and test your pet.",
    ),
)


def neighbours(part: Part) -> tuple[Part | None, Part | None]:
    """Return the parts before and after `part`, None at the ends."""
    place = COURSE.index(part)
    return (COURSE[place - 1] if place else None), (COURSE[place + 1] if place + 1 < len(COURSE) else None)
