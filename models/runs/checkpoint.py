"""Everything that the next batch depends on, in one file that is there whole or not at all."""

import errno
import json
import re
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import numpy as np

from models import disk
from models.runs.bounds import arrays_of, parsed
from models.storage import write_whole

KEPT = 2
"""Number of checkpoints that are kept. A power cut may damage the newest one; then the one before it is used."""

STATE_BYTES = 2**24
"""Most that is read of a checkpoint's state: it holds no arrays."""

MOST_ARRAYS = 20_000

_DAMAGE = (None, errno.EINVAL, errno.EIO)
"""NumPy gives no number, or this one, for a damaged file; a disk that has lost a part of it, the last one."""

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
    text = _state_array(state, len(arrays))
    named = {f"array{number:05d}": array for number, array in enumerate(arrays)}
    write_whole(path, lambda file: np.savez(file, allow_pickle=False, **{_STATE: text}, **named))
    for old in newest_first(folder)[KEPT:]:
        disk.remove(old)
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
        if isinstance(error, OSError) and error.errno not in _DAMAGE and not path.is_dir():
            raise  # a file that cannot be reached is not a damaged one
        raise ValueError(f"The checkpoint {path.name} is damaged: {error}") from error


def state_of(path: Path) -> dict[str, object]:
    """Return a checkpoint's state without reading its arrays: a page may ask that of a stranger's checkpoint.

    Raises:
        ValueError: the file is damaged.
        OSError: the file cannot be reached.
    """
    state = parsed(arrays_of(path, (_STATE,), STATE_BYTES, entries=MOST_ARRAYS)[_STATE].tobytes())
    if not isinstance(state, dict):
        raise ValueError(f"The checkpoint {path.name} is damaged.")  # noqa: TRY004 - as for every other damage
    state.pop(_COUNT, None)
    return state


def replace_state(path: Path, state: Mapping[str, object]) -> None:
    """Give a checkpoint another state; its arrays are copied as they are, piece by piece.

    Raises:
        ValueError: the file is damaged; it stays as it was.
        OSError: the disk is full, or the folder cannot be written; it stays as it was.
    """
    try:
        write_whole(path, lambda file: _copy_with(path, file, state))
    except (EOFError, RuntimeError, zipfile.BadZipFile) as error:
        raise ValueError(f"The checkpoint {path.name} is damaged: {error}") from error


def _copy_with(path: Path, target: IO[bytes], state: Mapping[str, object]) -> None:
    with path.open("rb") as source, zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        # What this program writes is not compressed, so that no more is copied than is there.
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in old.infolist()):
            raise ValueError(f"The checkpoint {path.name} was written by another program.")
        count = len(old.infolist()) - 1
        for entry in old.infolist():
            with new.open(entry.filename, "w", force_zip64=True) as copied:
                if entry.filename == f"{_STATE}.npy":
                    np.lib.format.write_array(copied, _state_array(state, count), allow_pickle=False)
                else:
                    with old.open(entry) as array:
                        shutil.copyfileobj(array, copied, 2**20)


def _state_array(state: Mapping[str, object], count: int) -> np.ndarray:
    # Every array has a checksum, but the zip's directory has none: the number of arrays shows if one is lost.
    # Only this program reads it, and what was saved must come back as it was, NaN included.
    return np.frombuffer(json.dumps({**state, _COUNT: count}, allow_nan=True).encode(), np.uint8)


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
