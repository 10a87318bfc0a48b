"""Everything that the next batch depends on, in one file that is there whole or not at all."""

import errno
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from models.storage import write_whole

KEPT = 2
"""Number of checkpoints that are kept. A power cut may damage the newest one; then the one before it is used."""

_STATE = "state.json"
_COUNT = "arrays"


def save(folder: Path, step: int, arrays: Sequence[np.ndarray], state: Mapping[str, object]) -> Path:
    """Write a checkpoint, whole or not at all, and delete all but the newest two.

    Args:
        folder: for the checkpoints; it is made if it does not exist.
        step: batches since the run's beginning; the file is named after it.
        arrays: weights, optimizer, seed generators and metrics, in an order that `load`'s caller knows.
        state: everything else, as JSON; the key "arrays" is reserved.

    Returns:
        The file.

    Raises:
        OSError: the disk is full, or the folder cannot be written. All earlier checkpoints are as they were.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{step:09d}.npz"
    # Every array has a checksum, but the zip's directory has none: the number of arrays shows if one is lost.
    # Only this program reads it, and what was saved must come back as it was, NaN included.
    text = np.frombuffer(json.dumps({**state, _COUNT: len(arrays)}, allow_nan=True).encode(), np.uint8)
    named = {f"array{number:05d}": array for number, array in enumerate(arrays)}
    write_whole(path, lambda file: np.savez(file, allow_pickle=False, **{_STATE: text}, **named))
    for old in newest_first(folder)[KEPT:]:
        old.unlink(missing_ok=True)
    for stray in folder.glob(".*.tmp"):  # left by a process that was killed while it wrote
        stray.unlink(missing_ok=True)
    return path


def newest_first(folder: Path) -> list[Path]:
    """Return the checkpoints of a run, the newest first."""
    return sorted((path for path in folder.glob("*.npz") if re.fullmatch(r"[0-9]{9}\.npz", path.name)), reverse=True)


def load(path: Path) -> tuple[list[np.ndarray], dict[str, object]]:
    """Read a checkpoint.

    Raises:
        ValueError: the file is damaged.
        OSError: the file cannot be reached.
    """
    try:
        # Opened here: NumPy leaves a file open if its directory is damaged, and Windows deletes no open file.
        with path.open("rb") as source, np.load(source, allow_pickle=False) as file:
            # All are read, whatever their names: the damage may be in a name.
            arrays = {name: file[name] for name in sorted(file.files)}
        state = json.loads(arrays.pop(_STATE).tobytes())
        count = state.pop(_COUNT, len(arrays))
        if count != len(arrays):
            raise ValueError(f"{len(arrays)} of {count} arrays are left")  # noqa: TRY301
        return list(arrays.values()), state
    except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile) as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise  # a file that cannot be reached is not a damaged one
        raise ValueError(f"The checkpoint {path.name} is damaged: {error}") from error


def load_newest(folder: Path) -> tuple[list[np.ndarray], dict[str, object], list[Path]] | None:
    """Read the newest checkpoint that is not damaged.

    Returns:
        Its arrays, its state, and the files of newer, damaged checkpoints; None if no checkpoint can be read.
    """
    damaged = []
    for path in newest_first(folder):
        try:
            arrays, state = load(path)
        except ValueError:
            damaged.append(path)
        else:
            return arrays, state, damaged
    return None
