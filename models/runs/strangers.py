"""How large a training may be that a visitor brings or starts: everybody shares the machine that it runs on.

Who sits at that machine, or is the teacher, may train whatever fits on it.
"""

from models.datasets import DatasetError
from models.datasets.drawn_pets import sizes
from models.runs.config import ConfigError, RunConfig

MOST_EPOCHS = 1_000
MOST_UNITS = 4_096
MOST_WEIGHTS = 50_000_000
"""Most weights of a network that is built from a side and a number of units: with Adam, 800 MB."""

MOST_DRAWN = 30_000
MOST_PIXELS = 4 * 10**8
"""Most pixels, times channels, of all pictures together: bytes on the disk or in memory."""

MOST_DIGIT_PIXELS = 3 * 10**7
"""The same for the digits: pages hold them in memory in every size that is asked for."""

MOST_PHOTO_PIXELS = 5 * 10**9
"""The same for Dogs vs. Cats, whose pictures stay on the disk: 25,000 photos of 256 pixels a side."""

MOST_BATCH_PIXELS = 10**8
"""The same for one batch: 512 pictures of 224 pixels a side have 77 million."""

_KNOWN = {"digits": 1_797, "mnist": 70_000, "dogs-vs-cats": 25_000, "photos": 1_000}
"""Pictures of the datasets that always have as many, or at most."""


def refuse(config: RunConfig) -> None:
    """Refuse a run that opens a folder of this machine, or is larger than a visitor's may be.

    Raises:
        ConfigError: it does or is; the text says what, and who may.
    """
    kind, _, argument = config.dataset.partition(":")
    if kind == "folder":
        # Who owns a run may resume it and sees its mistakes, which are photos from a folder of this machine.
        raise ConfigError("dataset: for a folder on the server, only the teacher can import it, or train on it.")
    if argument and kind != "drawn-pets":
        raise ConfigError(f"dataset: {kind} takes nothing behind a colon.")
    side, channels = config.resolved_side, 1 if kind in ("digits", "mnist") else 3
    pictures = _KNOWN.get(kind, 0) or _drawn(argument)
    units = config.network_options.get("units", 0)
    weights = side**2 * channels * units + units**2
    most_pixels = {"dogs-vs-cats": MOST_PHOTO_PIXELS, "digits": MOST_DIGIT_PIXELS}.get(kind, MOST_PIXELS)
    for name, value, most in (
        ("epochs", config.epochs, MOST_EPOCHS),
        ("network_options: units", units, MOST_UNITS),
        ("the weights of a network with so many units", weights, MOST_WEIGHTS),
        ("the pixels of all pictures", pictures * side**2 * channels, most_pixels),
        ("the pixels of a batch", config.batch_size * side**2 * channels, MOST_BATCH_PIXELS),
    ):
        if value > most:
            raise ConfigError(
                f"{name}: {value:,.0f} are more than the {most:,} that a visitor's run may have. The teacher may train "
                "it, or whoever sits at this computer."
            )


def _drawn(argument: str) -> int:
    try:
        pictures = sum(sizes(argument))
    except DatasetError as error:
        raise ConfigError(f"dataset: {error}") from error
    if pictures > MOST_DRAWN:
        raise ConfigError(
            f"dataset: {pictures:,} drawn pets are more than the {MOST_DRAWN:,} that a visitor's run may have. The "
            "teacher may train on them, or whoever sits at this computer."
        )
    return pictures
