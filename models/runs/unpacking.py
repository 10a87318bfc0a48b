"""A run's zip file → a run's folder: what a stranger's file may hold, how large it may be, and what is made of it.

This is for a process with bounds (`models.limited_process`); `transfer.import_run` asks one.
"""

import lzma
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from models.datasets.contents import left_by_systems
from models.disk import is_of_the_disk, why
from models.networks.graph_bounds import excess_of
from models.runs import strangers
from models.runs.bounds import CONFIG_BYTES, SMALL_BYTES, is_count, json_of, parsed, shortened, text_of
from models.runs.config import ConfigError, RunConfig
from models.runs.lines import MOST_BYTES as METRICS_BYTES
from models.runs.packed import NETWORK_BYTES, PackedError, check_arrays, check_network, check_pictures
from models.runs.run_directory import INITIAL_WEIGHTS, RunDirectory, RunError, is_state
from models.runs.watching.snapshots import VIEW_BYTES
from models.storage import without_paths, write_text

MAX_BYTES = 2 * 2**30
"""Largest run that is imported, unpacked."""

MAX_ENTRIES = 500

EVENT_BYTES = 64 * 2**20
"""Most of all event files together: TensorBoard holds what is in them in its memory."""

CHECKPOINT_BYTES = 1536 * 2**20
PICTURES_BYTES = 2**28
"""A thousand own photos of 224 pixels a side."""

RECORD_BYTES = 4 * 2**20

ROOM_BYTES = 2**27
"""Space that an import leaves on the disk, in bytes: trainings need some for their next checkpoints."""

MOST_CLASSES = 10_000
MOST_LETTERS = 255
"""Longest name of a class: it is a folder's."""

ALLOWED: Mapping[re.Pattern[str], int] = {
    re.compile(r"config\.json"): CONFIG_BYTES,
    re.compile(r"state\.json"): SMALL_BYTES,
    re.compile(r"(data|machine)\.json"): RECORD_BYTES,
    re.compile(r"metrics\.jsonl"): METRICS_BYTES,
    re.compile(r"(best|last|initial)\.keras"): NETWORK_BYTES,
    re.compile(r"pictures\.npz"): PICTURES_BYTES,
    re.compile(r"view\.npz"): VIEW_BYTES,
    re.compile(r"checkpoints/[0-9]{9}\.npz"): CHECKPOINT_BYTES,
    re.compile(r"tensorboard/(train|validation)/events\.out\.tfevents\.[A-Za-z0-9_.\-]{1,150}"): EVENT_BYTES,
}
"""The files of a run → most bytes of one. Nothing else in a zip is unpacked, so that no path leads outside and no code
is run."""

LEFT_BEHIND = (
    re.compile(r"lock|reserve|wish|task|owner|parameters|origin|log\.txt|(plug|preparing|former)\.json"),
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
UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError)


def problem_with(source: str, target: str, stranger: bool) -> str:
    """Do what `unpack` does, and return why it could not be done, as a sentence, or ""."""
    try:
        unpack(Path(source), Path(target), stranger=stranger)
    except RunError as error:
        return shortened(str(error), 1000)
    return ""


def unpack(source: Path, target: Path, *, stranger: bool = False) -> None:
    """Unpack a run, and check it.

    Args:
        source: the zip file.
        target: the run's folder, which does not exist yet. What is in it afterwards is whole only if nothing is raised.
        stranger: it is for somebody who may open no folder of this machine, and not train what fills it.

    Raises:
        RunError: no such file, no run, an inconsistent run, or one that is too large.
    """
    try:
        _unpack(source, target)
        _check(target, stranger=stranger)
    except zipfile.BadZipFile as error:
        raise RunError(
            f"{source.name} is no zip file, or a part of it is missing or damaged. A run's file is what "
            "“Whole run” downloads, or what python -m models.training export writes: save or copy it again."
        ) from error
    except UNREADABLE as error:
        if isinstance(error, OSError) and is_of_the_disk(error) and source.is_file():
            raise RunError(f"The run in {source.name} cannot be written here: {why(error)}") from error
        raise RunError(f"{source.name} cannot be read as a run: {without_paths(error)}.") from error


def most_bytes(name: str) -> int | None:
    """Return how large a file of a run may be, or None if no run has a file of this name."""
    return next((most for pattern, most in ALLOWED.items() if pattern.fullmatch(name)), None)


def _unpack(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as archive:
        room, events = MAX_BYTES, EVENT_BYTES
        entries = _run_entries(source, archive)
        _refuse_full_disk(sum(entry.file_size for entry in entries.values()), target.parent)
        for name, entry in entries.items():
            path = target.joinpath(*PurePosixPath(name).parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            most = most_bytes(name) or 0
            if name.startswith("tensorboard/"):
                most = min(most, events)
            left = most
            with archive.open(entry) as packed, path.open("xb") as file:
                # Bytes are counted while they are read: the sizes in a zip's directory may be false.
                while piece := packed.read(2**20):
                    room -= len(piece)
                    left -= len(piece)
                    if room < 0:
                        raise RunError(f"{source.name} unpacks to more than {MAX_BYTES / 2**30:.0f} GB.")
                    if left < 0:
                        raise RunError(f"{name} in {source.name} is larger than that of any run.")
                    file.write(piece)
            if name.startswith("tensorboard/"):
                events -= most - left


def _refuse_full_disk(needed: int, folder: Path) -> None:
    """Raise RunError if the disk has no room for a run of so many bytes."""
    free = shutil.disk_usage(folder).free
    if min(needed, MAX_BYTES) + ROOM_BYTES > free:
        raise RunError(
            f"The disk has too little room for this run: it takes {needed / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are "
            "free. Make room and bring the file in again."
        )


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
        if most_bytes(name) is None:
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


def _check(folder: Path, *, stranger: bool) -> None:
    """Raise RunError unless the files make a run; drop what means nothing here."""
    run = RunDirectory(folder)
    try:
        config = RunConfig.from_json(text_of(run.config_file, CONFIG_BYTES))
        for file in (run.state_file, run.data_file, run.machine_file):
            if file.exists() and not isinstance(parsed(text_of(file, RECORD_BYTES)), dict):
                raise RunError(f"{file.name} in this file is damaged.")
        if run.data_file.exists() and not _is_data(json_of(run.data_file, RECORD_BYTES)):
            raise RunError("data.json in this file is damaged.")
        if run.state_file.exists() and not is_state(json_of(run.state_file, SMALL_BYTES)):
            raise RunError("state.json in this file is damaged.")
        if stranger:
            strangers.refuse(config)
    except FileNotFoundError as error:
        raise RunError(_NO_RUN) from error
    except (ConfigError, ValueError) as error:
        raise RunError(f"The run in this file cannot be used: {error}") from error
    if config.dataset != "photos":  # others have no pictures of their own
        run.pictures_file.unlink(missing_ok=True)
    counted = _check_packed(run)
    # The path of the other machine means nothing here, or something else: the weights must be in the file.
    if config.initial_weights and not run.initial_model.exists() and not any(folder.glob("checkpoints/*")):
        raise RunError("The run in this file needs initial weights that did not come along.")
    if config.initial_weights not in ("", INITIAL_WEIGHTS):
        write_text(run.config_file, replace(config, initial_weights=INITIAL_WEIGHTS).to_json())
    if counted is not None:
        write_text(run.parameters_file, f"{counted}\n")
    write_text(run.origin_file, "imported\n")
    _mark_interrupted(run)


def _check_packed(run: RunDirectory) -> int | None:
    """Check the archives in a run, and return the number of its network's parameters, or None if it has none."""
    counted: int | None = None
    for path in sorted(run.path.rglob("*")):
        try:
            if path.suffix == ".keras":
                if not zipfile.is_zipfile(path):
                    raise RunError(f"{path.name} in this file is damaged.")
                count = check_network(path)
                if excess := excess_of(path):
                    raise RunError(excess)
                counted = count if path != run.initial_model and count is not None else counted
            elif path.suffix == ".npz" and zipfile.is_zipfile(path):
                check_arrays(path, most_bytes(path.relative_to(run.path).as_posix()) or 0)
                if path == run.pictures_file:
                    check_pictures(path)
        except PackedError as error:
            raise RunError(f"{path.name} in this file {error}") from error
        except zipfile.BadZipFile as error:
            if path.suffix == ".keras":
                raise RunError(f"{path.name} in this file is damaged.") from error
            # Of two checkpoints one may be damaged: a resume takes the other one.
    return counted


def _is_data(values: object) -> bool:
    if not isinstance(values, dict):
        return False
    counts = [values.get(name, 0) for name in ("train", "validation", "test", "skipped_count", "maximum")]
    classes = values.get("classes", [])
    return (
        all(map(is_count, counts))
        and isinstance(classes, list)
        and len(classes) <= MOST_CLASSES
        and all(isinstance(name, str) and len(name) <= MOST_LETTERS for name in classes)
    )


def _mark_interrupted(run: RunDirectory) -> None:
    """Mark a running or waiting run as interrupted: its worker or queue is on another machine."""
    told = json_of(run.state_file, SMALL_BYTES)
    if isinstance(told, dict) and told["name"] in ("running", "queued"):
        state = run.state()
        run.write_state("interrupted", "It came from another machine.", epoch=state.epoch, step=state.step)
