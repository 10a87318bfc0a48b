"""All words of the picture of an epoch: the browser fills in the batch, Python the numbers of the run."""

from collections.abc import Sequence

from components.browser import Texts
from components.lessons.training.epoch_batches.pictures import Window
from components.player import TRANSPORT_TEXTS
from models.datasets.batches import steps_per_epoch

TEXTS: Texts = {
    "picture": "On the left, the pictures that wait; in the middle, the batch in the network; on the right, the "
    "pictures that this epoch has seen.",
    "waiting": "Waiting",
    "inside": "In the network now",
    "seen": "Seen in this epoch",
    "now-cell": "in the network now",
    "gone-cell": "not here",
    "shuffled": "Each batch is a random sample: every epoch shuffles the order anew.",
    "batch": "Batch {batch}:",
    "coming": "Batch {batch} goes into the network …",
    "moved": "Weights updated: {update} of {updates}",
    "outside": "Not part of this run",
    "beyond": "This run ends after 1 epoch: this is the order that the next one would have.",
    "over": "The epoch is over: each picture was seen once. Epoch {next} shuffles them anew.",
    "end": "The epoch is over, and with it the training.",
    "reached": "batch {batch} of {steps}: {classes}; {waiting} waiting, {seen} seen",
    "epoch": "Epoch",
    "more": "and {count} more classes",
    "more-one": "and 1 more class",
    "player": {
        **TRANSPORT_TEXTS,
        "position": "Batch",
        "count": "batch {position} of {count}",
    },
}


def vocabulary(count: int, *, batch_size: int, epochs: int) -> list[dict[str, str]]:
    """Return the terms of a training with this run's numbers: name, term, formula, value and explanation of each.

    Args:
        count: pictures to train on, at least 1.
        batch_size: pictures in a batch.
        epochs: how many times all pictures are seen.
    """
    steps = steps_per_epoch(count, batch_size)
    last = count - (steps - 1) * batch_size
    if steps == 1:
        size = "It is the only batch."
    elif last == batch_size:
        size = "As large as all the others."
    else:
        size = f"Smaller: {count:,} is no multiple of {batch_size:,}."
    entries = [
        ("epochs", "Epochs", "", epochs, "Passes over all training pictures."),
        ("batch-size", "Batch size", "", batch_size, "This many pictures go in per weight update."),
        ("steps", "Steps per epoch", f"⌈{count:,} / {batch_size:,}⌉ =", steps, "The batches of an epoch, rounded up."),
        ("updates", "Updates in all", f"{steps:,} · {epochs:,} =", steps * epochs, "Total number of weight updates."),
        ("last", "The last batch", f"{count:,} − {steps - 1:,} · {batch_size:,} =", last, size),
    ]
    return [
        {"name": name, "term": term, "formula": formula, "value": f"{value:,}", "words": words}
        for name, term, formula, value, words in entries
    ]


def shown(count: int, window: Window | None, *, steps: int, batch_size: int, known: bool) -> str:
    """Return sentences on how many of the pictures are shown.

    Args:
        count: pictures to train on.
        window: the batches whose pictures are sent; None where there are no pictures.
        steps: batches in the epoch.
        batch_size: pictures in a batch.
        known: whether `count` is the run's own number.
    """
    if window is None:
        example = "" if known else f" How many there will be is not known yet either: {count:,} is an example."
        return f"The pictures are not here yet. Blank cards stand for them; their classes simply take turns.{example}"
    if (window.first, window.end) == (0, steps):
        return f"All {count:,} pictures are here, in the order in which this run takes them."
    here = min(window.end * batch_size, count) - window.first * batch_size
    first, last = window.first + 1, window.end
    batches = f"batch {first:,}" if first == last else f"batches {first:,} to {last:,}"
    return (
        f"{here:,} of {count:,} pictures are loaded, those of {batches}; the others load as you come near. "
        "The order is the one in which this run takes them."
    )


def letters(classes: Sequence[str]) -> list[str]:
    """Return a short label for each class: as few first letters as distinguish it from the others, at most three.

    If three are not enough, each class gets its number.
    """
    names = [name.strip() or "?" for name in classes]
    for length in (1, 2, 3):
        signs = [name[:length].capitalize() for name in names]
        if len(set(signs)) == len(signs):
            return signs
    return [str(number) for number in range(1, len(names) + 1)]
