"""Which file holds a network, and a digest of its weights; read without TensorFlow."""

import hashlib
import importlib.util
import os
from pathlib import Path
from typing import Literal

from models import weights as shipped
from models.pretrained.filters import WEIGHTS_FILE, WEIGHTS_PACKAGE
from models.storage import FileMark, file_mark, runs_dir

IMAGENET = "efficientnet-lite0"
"""The network with ImageNet's 1000 classes, none of which is called cat or dog."""

Which = Literal["best", "last"]
"""Which of a run's networks: that of the epoch with the best validation figure, or the last one."""


class JudgingError(ValueError):
    """Pictures that cannot be judged, or not by this network. `str()` is a sentence for the visitor."""


def file_title(path: Path) -> str:
    """Return the name of a network's file for a sentence: a run's name for its network, else the file's own.

    Pages show it, and a visitor need not know the server's folders.
    """
    if path.parent.parent == runs_dir() and path.suffix == ".keras":
        return f"The {path.stem} network of the run {path.parent.name}"
    return path.name


def network_file(network: str, which: Which = "best") -> Path:
    """Return the file with a network's weights.

    Args:
        network: the name of a network that comes with the course, `IMAGENET`, or the path of a .keras file or a run.
        which: the one of a run's two networks; a run without a best model has only the last one.

    Raises:
        JudgingError: there is no such file.
    """
    if network == IMAGENET:
        found = importlib.util.find_spec(WEIGHTS_PACKAGE)
        path = Path(found.origin).parent / WEIGHTS_FILE if found and found.origin else Path(WEIGHTS_FILE)
    elif network in shipped.names():
        path = shipped.FOLDER / f"{network}.keras"
    else:
        path = Path(os.path.expanduser(network))  # noqa: PTH111 - a home that nobody has stays a name
        if network and path.is_dir():
            best, last = path / "best.keras", path / "last.keras"
            path = last if which == "last" or (last.is_file() and not best.is_file()) else best
            if not path.is_file():
                when = "at its end" if which == "last" else "after its first epoch"
                raise JudgingError(f"The run {path.parent.name} has no {which} network yet: it gets one {when}.")
        elif network and path.parent == runs_dir():
            raise JudgingError(f"There is no run {path.name}: it has been deleted, or its name is another one.")
    if not network or not path.is_file():
        asked = network if network == IMAGENET else Path(network).name
        raise JudgingError(f'There is no network "{asked}": its file {path.name} is missing.')
    return path


_file_digests: dict[Path, tuple[FileMark, str]] = {}


def weights_digest(path: Path) -> str:
    """Return the SHA-256 of a file in hex. The file is read again only if `file_mark` has changed.

    Raises:
        JudgingError: the file cannot be read.
    """
    try:
        path = path.resolve()
        mark = file_mark(path)
        if path not in _file_digests or _file_digests[path][0] != mark:
            with path.open("rb") as file:
                _file_digests[path] = mark, hashlib.file_digest(file, "sha256").hexdigest()
        return _file_digests[path][1]
    except OSError as error:
        raise JudgingError(f"{file_title(path)} cannot be read ({error.strerror}).") from error
