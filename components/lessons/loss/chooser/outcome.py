"""What a comparison of two pairs came to, in words that follow from its numbers."""

import math
import re

import numpy as np

from models.answers import PairComparison, PairSide
from models.figures import percent

_WHY = {
    "softmax-one": "Softmax divides eᶻ of each unit by the sum over all units. One unit is that sum itself, so every "
    "output of the wrong pair is {low:.2f}, whatever the picture, and never changes. {training} Keras computes this "
    "loss from the logit before the softmax: that is why it can fall although the output stands still.",
    "categorical-one": "Softmax of a single number is 1, and −y ln 1 is 0: the loss is 0 for every picture, so it "
    "cannot tell a good network from a bad one. The slope that Keras takes for it is softmax − y, 1 for each three and "
    "0 for each eight: threes push z down, and nothing pushes it up. {answers}",
    "squared": "Both networks start sure of “three”. Where p is nearly 0, the squared error's slope over z has the "
    "factor p (1 − p) and is nearly 0, too; cross-entropy's is p − y, nearly −1 for each eight. Do not compare the "
    "losses, which are of two kinds; compare the accuracies. An optimizer that, unlike plain SGD, makes small slopes "
    "count more would hide much of the difference.",
    "sigmoid-ten": "Each sigmoid looks at its own class only, so the outputs are no probabilities of one choice: those "
    "of one picture add up to {sum_low:.2f} to {sum_high:.2f}. {training} Keras computes it from the logits before the "
    "sigmoids, with softmax.",
    "no-activation": "Without an activation the outputs are logits, here {low:.1f} to {high:.1f}, and no "
    "probabilities. Keras takes them for some: it divides them by their sum and clips what is then below 0 or above 1. "
    "A true class that was clipped has the slope 0, so nothing is learned from that picture. With from_logits=True in "
    "the loss, the same network learns as the right pair does.",
    "twice": "The second softmax gets numbers between 0 and 1 only, so it cannot tell the classes far apart. Its "
    "largest output for any class is {high:.3f}, so no picture's loss is below −ln {high:.3f} = {bound:.2f}, however "
    "right the network is.",
    "softmax-labels": "Softmax's outputs for one picture add up to {sum_high:.2f}; the sigmoids' to "
    "{right_sum_low:.2f} to {right_sum_high:.2f}. Where several labels hold, softmax's have to share, and where none "
    "holds, one of the three is at least a third all the same. A picture is right here only where all three labels "
    "are; the two losses are of two kinds.",
}


def outcome(name: str, found: PairComparison) -> str:
    """Return the outcome of a comparison in words.

    Args:
        name: one of `models.experiments.output_endings.COMPARISONS`.
        found: what `models.experiments.output_pairs.compare_pairs` returned.
    """
    right, wrong = found["right"], found["wrong"]
    gap = right["accuracy"][-1] - wrong["accuracy"][-1]
    if gap > 0.02:
        verdict = "The wrong pair is behind."
    elif gap < -0.02:
        verdict = "This time the wrong pair has the higher accuracy."
    else:
        verdict = "The accuracies are about the same."
    alike = np.allclose(_numbers(right["loss"]), _numbers(wrong["loss"]), rtol=0, atol=1e-3, equal_nan=True)
    why = _WHY[name].format(
        low=_number(wrong["lowest"]),
        high=_number(wrong["highest"]),
        sum_low=_number(wrong["sum_low"]),
        sum_high=_number(wrong["sum_high"]),
        right_sum_low=_number(right["sum_low"]),
        right_sum_high=_number(right["sum_high"]),
        bound=-math.log(max(round(_number(wrong["highest"]), 3), 1e-7)),  # of the number that is shown
        training="The wrong pair's loss is the right pair's, epoch for epoch."
        if alike
        else "The wrong pair's loss goes its own way.",
        answers=_answers(wrong),
    )
    why = re.sub(r"(?<![\w.])-(?=\d)", "−", why)
    return (
        f"On {found['held_out']} digits that were held out, the right pair has {_percent(right)} right, the wrong pair "
        f"{_percent(wrong)}. The right pair's loss went from {_loss(right, 0)} to {_loss(right, -1)}, the wrong pair's "
        f"from {_loss(wrong, 0)} to {_loss(wrong, -1)}. {verdict}\n\n{why}"
    )


def _answers(side: PairSide) -> str:
    low, high = side["lowest"], side["highest"]
    if low is None or high is None:
        return "In the end its numbers are too large to compute with: the outputs are NaN, no number."
    if high < 0.5:
        return "In the end every output is below 0.5: it says “three” to every picture."
    return f"In the end its outputs lie between {low:.2f} and {high:.2f}."


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _numbers(values: list[float | None]) -> list[float]:
    return [_number(value) for value in values]


def _percent(side: PairSide) -> str:
    return percent(side["accuracy"][-1])


def _loss(side: PairSide, place: int) -> str:
    loss = side["loss"][place]
    return "no number" if loss is None else f"{loss:.3f}"
