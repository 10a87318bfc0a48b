"""What the three programs say beside their own lines."""

from components.browser import Texts
from components.engine.thinking import AGAIN
from components.player import TRANSPORT_TEXTS
from models.experiments.three_programs import SIDE, card

_CARD = card()

SHORT_NAMES = {"sequential": "Sequential", "functional": "Functional", "bare_tensorflow": "TensorFlow"}
"""Names short enough for three of them to fit on a phone."""

NAMES = {"sequential": "Sequential API", "functional": "Functional API", "bare_tensorflow": "Bare TensorFlow"}

TITLES = {
    "imports": "What is imported",
    "photo": "The photo comes in",
    "scaled": "Numbers from 0 to 1",
    "conv1": "24 filters over the photo",
    "pool1": "The largest of 2 × 2",
    "conv2": "48 filters over 24 maps",
    "gap": "Each map becomes its mean",
    "dog": "One weighted sum: a dog?",
    "model": "The network is whole",
    "answer": "Ask it",
}

WORDS = {
    "imports": "Keras brings layers. TensorFlow alone brings tensors, arrays with any number of axes, and operations "
    "on them.",
    "photo": "Keras is told the shape, without the batch, and makes room for any number of photos. Bare TensorFlow "
    "takes the batch itself: nothing is planned, everything is computed at once.",
    "scaled": "The only difference here is rounding: Keras multiplies by 1/255, the bare line divides by 255.",
    "conv1": "Keras works out the kernel's shape, 5 × 5 × 3 × 24, makes it, and keeps it in the layer. In bare "
    "TensorFlow kernel and bias are two variables that you make and keep yourself.",
    "pool1": "Nothing is learned here, so there is no variable either.",
    "conv2": "Keras sees that 24 maps arrive, so the kernel must be 5 × 5 × 24 × 48. In bare TensorFlow a wrong shape "
    "is your mistake to find.",
    "gap": "A mean over rows and columns, axes 1 and 2. Axis 0 is the batch, axis 3 the maps.",
    "dog": "48 numbers times 48 weights, plus a bias, through a sigmoid: the probability of a dog.",
    "model": "The list ends, or input and output are named: only then is it a model with summary(), fit() and save(). "
    "Bare TensorFlow has no such moment. It has only what you wrote yourself.",
    "answer": "The same trained weights go into all three, and the same photo. So the same number has to come out.",
}

TEXTS: Texts = {
    "program": "Program",
    "copy": "Copy",
    "copied": "Copied",
    "photo-picture": f"The photo at {SIDE} × {SIDE} pixels, as the programs take it",
    "photo-size": f"{SIDE} × {SIDE} × 3",
    "again": AGAIN,
    "says": "{name} {percent}\u00a0%",
    "cat": "cat",
    "dog": "dog",
    "agree": "Three programs, one probability of a dog: the largest difference is {difference}.",
    "agree-none": "Three programs, one probability of a dog, down to the last bit.",
    "small": "The network is small on purpose. Trained on {trained:,} photos of cats and dogs, it is right on "
    "{right:,} of {measured:,} others, {share:.1f}\u00a0%: do not be surprised when it is wrong about yours.".format(
        trained=_CARD["trained_on"],
        right=_CARD["right"],
        measured=_CARD["measured_on"],
        share=100 * _CARD["right"] / _CARD["measured_on"],
    ),
    "waiting": "The numbers of this row appear when the programs have run.",
    "shape": "{shape} = {count} numbers",
    "single": "{count} numbers",
    "one": "1 number",
    "weights": ", {weights} weights",
    "largest": "The programs differ by {difference} at most: each adds up and rounds in its own way.",
    "same": "In the end it is the same probability.",
    "none": "No difference, down to the last bit.",
    "pixel": "Largest number, at row {row}, column {column}, colour {map}:",
    "map": "Largest number, at row {row}, column {column} of map {map}:",
    "entry": "Largest number, number {map} of the row:",
    "probability": "Probability of a dog:",
    "picture": "{name}: the output of {step}",
    "no-output": "No number comes out of this row.",
    "player": TRANSPORT_TEXTS | {"position": "Row", "count": "row {position} of {count}"},
}
