"""A run as one zip file, to go on with it on another machine."""

import contextlib
import json
import lzma
import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from models import disk
from models.datasets.contents import left_by_systems
from models.runs import names
from models.runs.config import ConfigError, RunConfig
from models.runs.run_directory import STATES, RunDirectory, RunError, writing
from models.storage import without_paths

MAX_BYTES = 2 * 2**30
"""Largest run that is imported, unpacked."""

MAX_ENTRIES = 500

EXPORT_PATIENCE = 20.0
"""Seconds to wait while somebody else exports the same run."""

ALLOWED = (
    re.compile(r"(config|state|data|machine)\.json"),
    re.compile(r"metrics\.jsonl"),
    re.compile(r"(best|last|initial)\.keras"),
    re.compile(r"(pictures|view)\.npz"),
    re.compile(r"checkpoints/[0-9]{9}\.npz"),
    re.compile(r"tensorboard/(train|validation)/events\.out\.tfevents\.[A-Za-z0-9_.\-]{1,150}"),
)
"""The files of a run. Nothing else in a zip is unpacked, so that no path leads outside and no code is run."""

LEFT_BEHIND = (
    re.compile(r"lock|reserve|wish|task|owner|log\.txt|(plug|preparing|former)\.json"),
    re.compile(r"checkpoints/[0-9]{9}\.damaged"),
)
"""Files that belong to a run on its own machine: `export_run` leaves them, but not who packs the folder by hand."""

_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)

_STRANGERS = re.compile(
    r"(eh)?thumbs(_vista)?\.db:encryptable|.*:Zone\.Identifier|.*~|.*@Syno(Resource|EAStream)", re.IGNORECASE
)
"""Files that programs leave beside others, and that lie in no folder of photos."""

_NO_RUN = (
    "This file holds no run: it has no config.json. A run's file is what “Whole run” downloads, or what "
    "python -m models.training export writes."
)

# What Python's zip reader raises on damaged or encrypted bytes; its documentation does not list them all.
_UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError)


def export_run(run: RunDirectory, target: Path) -> Path:
    """Write a run to a zip file that `import_run` reads on another machine.

    Raises:
        RunError: the run is being trained, or the file cannot be written.
    """
    with writing(run, patience=EXPORT_PATIENCE):  # files of different moments would not fit together
        files = sorted(path for path in run.path.rglob("*") if path.is_file() and _is_allowed(run.path, path))
        beside = target.with_name(f".{target.name}.tmp")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            # Not strict: a machine with a wrong clock dates files to 1970, which a zip cannot express.
            with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
                for path in files:
                    archive.write(path, path.relative_to(run.path).as_posix())
            disk.move(beside, target)
        except OSError as error:
            raise RunError(f"{target.name} cannot be written: {disk.why(error)}") from error
        finally:
            with contextlib.suppress(OSError):
                beside.unlink()
    return target


def import_run(source: Path, target: Path) -> RunDirectory:
    """Read a run from a zip file, so that it can be viewed and resumed here.

    Args:
        source: a file that `export_run` wrote, perhaps unpacked and packed again by an operating system, or that is
            said to be one.
        target: the run's new folder, which does not exist yet.

    Raises:
        RunError: no such file, no run, an inconsistent run, a folder that exists, or a name that no run can have.
    """
    if problem := names.problem_of(target.name):
        raise RunError(problem)
    if target.exists():
        raise RunError(f"{target.name} exists already: give the run another name.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Unpacked into a folder of its own and renamed at the end: an interruption leaves no half run.
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".import-") as folder:
            unpacked = Path(folder, "run")
            _unpack(source, unpacked)
            _check(unpacked)
            _mark_interrupted(RunDirectory(unpacked))
            disk.move(unpacked, target)
    except zipfile.BadZipFile as error:
        raise RunError(
            f"{source.name} is no zip file, or a part of it is missing or damaged. A run's file is what "
            "“Whole run” downloads, or what python -m models.training export writes: save or copy it again."
        ) from error
    except _UNREADABLE as error:
        if isinstance(error, OSError) and disk.is_of_the_disk(error) and source.is_file():
            raise RunError(f"The run {target.name} cannot be written: {disk.why(error)}") from error
        raise RunError(f"{source.name} cannot be read as a run: {without_paths(error)}.") from error
    return RunDirectory(target)


def _is_allowed(root: Path, path: Path) -> bool:
    return any(pattern.fullmatch(path.relative_to(root).as_posix()) for pattern in ALLOWED)


def _unpack(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as archive:
        room = MAX_BYTES
        for name, entry in _run_entries(source, archive).items():
            path = target.joinpath(*PurePosixPath(name).parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as packed, path.open("xb") as file:
                # Bytes are counted while they are read: the sizes in a zip's directory may be false.
                while piece := packed.read(2**20):
                    room -= len(piece)
                    if room < 0:
                        raise RunError(f"{source.name} unpacks to more than {MAX_BYTES / 2**30:.0f} GB.")
                    file.write(piece)


def _run_entries(source: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files of the run in a zip by their names in the run's folder, however an operating system packed it.

    Raises:
        RunError: what is in the zip is not one run.
    """
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        # Some packers of Windows write backslashes, some of Unix a dot for the folder that was packed.
        name = entry.filename.replace("\\", "/")
        if name.endswith("/") or _is_stranger(name):
            continue
        name = re.sub(r"^(\./)+", "", name)
        if name in found:
            raise RunError(f"{source.name} holds two files of one name, {name!r}: pack the run's folder once more.")
        found[name] = entry
    folder = _folder_of_the_run(source, list(found))
    inside = {name.removeprefix(folder): entry for name, entry in found.items()}
    run = {name: entry for name, entry in inside.items() if not any(one.fullmatch(name) for one in LEFT_BEHIND)}
    if len(run) > MAX_ENTRIES:
        raise RunError(f"{source.name} holds {len(run)} files; a run has at most {MAX_ENTRIES}.")
    for name, entry in run.items():
        if not any(pattern.fullmatch(name) for pattern in ALLOWED):
            raise RunError(
                f"{source.name} holds {name!r}, which is no part of a run. Bring in the file as “Whole run” downloads "
                "it, or pack the run's folder and nothing else."
            )
        if entry.flag_bits & _ENCRYPTED:
            raise RunError(f"{source.name} is protected with a password: pack the run's folder without one.")
        if entry.compress_type not in _METHODS:
            raise RunError(
                f"{source.name} is packed in a way that cannot be read here: pack the run's folder as an ordinary zip."
            )
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise RunError(f"{source.name} holds a link, {name!r}: a run has files only.")
    return run


def _is_stranger(name: str) -> bool:
    parts = [part for part in name.split("/") if part.strip(".")]  # a way out is refused, not passed over
    return any(map(left_by_systems, parts)) or bool(_STRANGERS.fullmatch(parts[-1] if parts else ""))


def _folder_of_the_run(source: Path, files: Sequence[str]) -> str:
    """The folder in a zip in which the run lies, with a slash at its end; "" if it lies in none.

    Raises:
        RunError: the zip holds something else than one run.
    """
    if "model.weights.h5" in files and "metadata.json" in files:
        raise RunError(
            f"{source.name} is a saved network, a .keras file, and no run: it has no curves and no checkpoint. A run "
            "is what “Whole run” downloads."
        )
    if "config.json" in files:
        return ""
    folders = [name.removesuffix("config.json") for name in files if name.endswith("/config.json")]
    folders = [folder for folder in folders if not {"", ".", ".."} & set(folder[:-1].split("/")) and ":" not in folder]
    folders = [one for one in folders if not any(one != other and one.startswith(other) for other in folders)]
    if len(folders) > 1:
        listed = ", ".join(sorted(folder[:-1] for folder in folders)[:5])
        raise RunError(f"{source.name} holds {len(folders)} runs, {listed}: pack each of them in a file of its own.")
    zips = [name for name in files if name.lower().endswith(".zip")]
    if not folders and zips:
        raise RunError(f"{source.name} holds another zip file, {zips[0]}: unpack it once, and bring that file in.")
    outside = next((name for name in files if folders and not name.startswith(folders[0])), None)
    if outside is not None:
        raise RunError(
            f"{source.name} holds {outside!r} beside the folder {folders[0][:-1]!r} of a run: pack that folder alone."
        )
    return folders[0] if folders else ""


def _check(folder: Path) -> None:
    """Raise RunError unless the files make a run."""
    try:
        config = RunConfig.from_json((folder / "config.json").read_text(encoding="utf-8"))
        for name in ("state.json", "data.json", "machine.json"):
            if (folder / name).exists() and not isinstance(json.loads((folder / name).read_text("utf-8")), dict):
                raise RunError(f"{name} in this file is damaged.")
        if (folder / "data.json").exists() and not _is_data(json.loads((folder / "data.json").read_text("utf-8"))):
            raise RunError("data.json in this file is damaged.")
        if (folder / "state.json").exists() and not _is_state(json.loads((folder / "state.json").read_text("utf-8"))):
            raise RunError("state.json in this file is damaged.")
    except FileNotFoundError as error:
        raise RunError(_NO_RUN) from error
    except (ConfigError, ValueError) as error:
        raise RunError(f"The run in this file cannot be used: {error}") from error
    for path in folder.glob("*.keras"):
        if not zipfile.is_zipfile(path):
            raise RunError(f"{path.name} in this file is damaged.")
    # The path of the other machine means nothing here: the weights must be in the file.
    if config.initial_weights and not (folder / "initial.keras").exists() and not any(folder.glob("checkpoints/*")):
        raise RunError("The run in this file needs initial weights that did not come along.")


def _is_state(values: dict[str, object]) -> bool:
    places = [values.get(name, 0) for name in ("epoch", "step")]
    return (
        values.get("name") in STATES
        and isinstance(values.get("reason", ""), str)
        and all(isinstance(place, int) and place >= 0 for place in places)
    )


def _is_data(values: dict[str, object]) -> bool:
    counts = [values.get(name, 0) for name in ("train", "validation", "test", "skipped_count")]
    classes = values.get("classes", [])
    return (
        all(type(count) is int and count >= 0 for count in counts)
        and isinstance(classes, list)
        and all(isinstance(name, str) for name in classes)
    )


def _mark_interrupted(run: RunDirectory) -> None:
    """Mark a running or waiting run as interrupted: its worker or queue is on another machine."""
    if run.state_file.exists() and json.loads(run.state_file.read_text("utf-8"))["name"] in ("running", "queued"):
        state = run.state()
        run.write_state("interrupted", "It came from another machine.", epoch=state.epoch, step=state.step)
