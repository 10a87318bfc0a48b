"""Whatever writes, on a disk that fails at any moment: the old state or the new one, whole, and a sentence."""

import itertools
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest

from models import command_line
from models.datasets import DatasetError
from models.datasets.download import only_one
from models.datasets.prepared import prepare
from models.datasets.unpack import unpack
from models.evaluation.stored_scores import Judged, keep, known
from models.networks.files import JudgingError
from models.runs import checkpoint, transfer
from models.runs.config import RunConfig
from models.runs.planning import fulfil, more_epochs, take_back
from models.runs.plug import note_pulled, pulled_plugs
from models.runs.preparation import preparation_teller
from models.runs.run_directory import RunDirectory, RunError, all_runs
from models.runs.run_removal import delete_run
from models.runs.transfer import export_run, import_run
from models.runs.unpacking import problem_with
from models.runs.watching.snapshots import View, read_view, write_view
from models.storage import cache_dir, write_text
from models.training.__main__ import main
from tests.faults.failing_disk import KINDS, failing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc which file is behind a descriptor")

CONFIG = RunConfig(dataset="digits", network="mlp", epochs=3)
RAW = re.compile(
    r"\[Errno|Errno|No space left|Read-only file system|Permission denied|Input/output|/tmp|/root|Traceback"
)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of runs, on the disk that fails; what lies beside it is on another one."""
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "disk" / "runs"))
    # Another process would know nothing of this disk.
    monkeypatch.setattr(
        transfer,
        "_unpacked_apart",
        lambda source, target, *, stranger: problem_with(str(source), str(target), stranger),
    )
    return tmp_path / "disk" / "runs"


def make_run(place: Path, name: str = "first") -> RunDirectory:
    run = RunDirectory.create(place / name, CONFIG)
    run.metrics_file.write_text('{"kind": "epoch", "epoch": 0, "loss": 1.0, "accuracy": 0.5, "seconds": 1.0}\n')
    checkpoint.save(run.checkpoints, 5, [np.arange(4)], {"epoch": 1, "step": 0})
    run.best_model.write_bytes(zip_of("config.json"))
    run.write_state("paused", epoch=1)
    return run


def zip_of(name: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr(name, b"{}")
    return file.getvalue()


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but for the lock, whose contents mean nothing."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: data for name, data in found.items() if Path(name).name not in ("lock", "reserve")}


@dataclass
class Case:
    """What is tried.

    Attributes:
        set_up: makes what has to be there, and returns it.
        act: is tried on a disk that fails.
        whole: asserts, on the disk that works again, that what is there is the old state or the new one.
        raises: what it may raise, as a sentence. An `OSError` is for its callers, who have words for it.
    """

    set_up: Callable[[Path], Any]
    act: Callable[[Any], object]
    whole: Callable[[Any], object]
    raises: tuple[type[BaseException], ...] = (RunError,)


def _created(place: Path) -> None:
    if (place / "new" / "config.json").exists():
        assert RunDirectory(place / "new").config() == CONFIG
        assert RunDirectory(place / "new").state().name == "queued"
        delete = RunDirectory(place / "new")
        delete.write_state("paused")
        delete_run(delete)
    run = RunDirectory.create(place / "new", CONFIG)  # the name is free
    assert run.config() == CONFIG
    shutil.rmtree(run.path)


def _wished(run: RunDirectory) -> None:
    assert run.wish() in (None, "pause")


def _longer(run: RunDirectory) -> None:
    assert run.config().epochs in (3, 8)
    take_back(run)
    assert run.config() == CONFIG
    assert run.state().name == "paused"
    assert not run.former_file.exists()


def _fulfilled(run: RunDirectory) -> None:
    fulfil(run)
    assert run.config().epochs == 8
    assert checkpoint.load_newest(run.checkpoints) is not None


def _deleted(run: RunDirectory) -> None:
    if run.config_file.exists():
        assert run.config() == CONFIG
        assert checkpoint.load_newest(run.checkpoints) is not None
        assert run.best_model.exists()
        delete_run(run)
    assert all_runs(run.path.parent) == []


def _exported(run: RunDirectory) -> None:
    target = run.path.parent.parent / "out" / "first.zip"
    if target.exists():
        with ZipFile(target) as archive:
            assert archive.testzip() is None
    export_run(run, target)
    assert [path.name for path in target.parent.iterdir()] == ["first.zip"]


def _import_source(place: Path) -> Path:
    source = place.parent.parent / "first.zip"  # on another disk
    if not source.exists():
        export_run(make_run(place.parent.parent / "elsewhere"), source)
    place.mkdir(parents=True, exist_ok=True)
    return source


def _imported(source: Path) -> None:
    target = source.parent / "disk" / "runs" / "copy"
    if target.exists():
        assert RunDirectory(target).config() == CONFIG
        assert checkpoint.load_newest(target / "checkpoints") is not None
        shutil.rmtree(target)
    import_run(source, target)
    shutil.rmtree(target)


def _prepared(place: Path) -> None:
    assert len(_prepare(place).images) == 5
    assert {path.suffix for path in cache_dir().iterdir() if not path.name.startswith(".")} == {".npy", ".json"}
    shutil.rmtree(place)


def _prepare(_place: Path) -> Any:
    names = [str(number) for number in range(5)]
    return prepare("five", lambda number: np.full((2, 2, 3), number, np.uint8), names, shape=(2, 2, 3), doing="x")


def _judgement(count: int) -> Judged:
    return Judged(
        network="n",
        weights="ab" * 32,
        dataset="d",
        part="test",
        pictures="cd",
        side=8,
        resize="crop",
        classes=("a", "b"),
        labels=np.zeros(count, np.int64),
        probabilities=np.full((count, 2), 0.5, np.float32),
        names=tuple(map(str, range(count))),
        features=np.zeros((count, 1), np.float32),
        distances=np.zeros(1),
    )


def _scored(_place: Path) -> None:
    found = known("ab" * 32, "d", "test")
    assert found is not None
    assert len(found) in (3, 4)


def _keep_first(place: Path) -> Path:
    keep(_judgement(3))
    return place


def _saved(run: RunDirectory) -> None:
    found = checkpoint.load_newest(run.checkpoints)
    assert found is not None
    assert found[2] == []
    assert len(found[0][0]) in (4, 9)


def _viewed(run: RunDirectory) -> None:
    view = read_view(run)
    assert view is not None
    assert view.epoch in (1, 2)


def _with_view(place: Path) -> RunDirectory:
    run = make_run(place)
    write_view(run, View(epoch=1))
    return run


def _archive(place: Path) -> Path:
    path = place.parent.parent / "pets.zip"
    with ZipFile(path, "w") as archive:
        for name in ("Cat/1.jpg", "Dog/1.jpg"):
            archive.writestr(name, name.encode())
    place.mkdir(parents=True, exist_ok=True)
    return path


def _unpacked(archive: Path) -> None:
    target = archive.parent / "disk" / "runs" / "pets"
    if not target.exists():
        unpack(archive, target, re.compile(".*jpg"))
    assert files_of(target) == {"Cat/1.jpg": b"Cat/1.jpg", "Dog/1.jpg": b"Dog/1.jpg"}
    shutil.rmtree(target.parent)


def _locked(place: Path) -> None:
    with only_one(place / "datasets" / "x.lock", "fetching"):
        pass


def _told(run: RunDirectory) -> None:
    tell, over = preparation_teller(run)
    tell("drawing", 1, 1)
    over()


def _noted(run: RunDirectory) -> None:
    assert len(pulled_plugs(run)) in (0, 1)


def _run_wished(place: Path) -> RunDirectory:
    run = make_run(place)
    more_epochs(run, 8)
    return run


def _run_queued(place: Path) -> RunDirectory:
    run = make_run(place)
    run.write_state("queued")
    return run


def _written(place: Path) -> None:
    assert (place / "a.txt").read_text() in ("old", "new")
    assert [path.name for path in place.iterdir() if not path.name.startswith(".")] == ["a.txt"]


def _old_text(place: Path) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    write_text(place / "a.txt", "old")
    return place


def _here(place: Path) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    return place


CASES = {
    "a text": Case(_old_text, lambda place: write_text(place / "a.txt", "new"), _written, (OSError,)),
    "a new run": Case(_here, lambda place: RunDirectory.create(place / "new", CONFIG), _created),
    "a request to pause": Case(_run_queued, lambda run: run.ask("pause"), _wished),
    "more epochs": Case(make_run, lambda run: more_epochs(run, 8), _longer),
    "more epochs begin": Case(_run_wished, fulfil, _fulfilled, (OSError,)),
    "a removal": Case(make_run, delete_run, _deleted),
    "an export": Case(make_run, lambda run: export_run(run, run.path.parent.parent / "out" / "first.zip"), _exported),
    "an import": Case(  # its unpacking is done in this process: see `place`
        _import_source, lambda source: import_run(source, source.parent / "disk" / "runs" / "copy"), _imported
    ),
    "prepared pictures": Case(_here, _prepare, _prepared, (DatasetError,)),
    "scores": Case(_keep_first, lambda _: keep(_judgement(4)), _scored, (JudgingError,)),
    "a checkpoint": Case(
        make_run, lambda run: checkpoint.save(run.checkpoints, 6, [np.arange(9)], {"epoch": 2}), _saved, (OSError,)
    ),
    "a view": Case(_with_view, lambda run: write_view(run, View(epoch=2)), _viewed, (OSError,)),
    "an archive of photos": Case(
        _archive,
        lambda archive: unpack(archive, archive.parent / "disk" / "runs" / "pets", re.compile(".*jpg")),
        _unpacked,
        (DatasetError,),
    ),
    "a lock of data": Case(_here, _locked, lambda _: None, (DatasetError,)),
    "progress": Case(make_run, _told, lambda _: None, ()),
    "a pulled plug": Case(make_run, lambda run: note_pulled(run, epoch=0, step=1), _noted, (OSError,)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CASES)
def test_whatever_a_disk_refuses_leaves_the_old_state_or_the_new_one_and_a_sentence(name, kind, place):
    case = CASES[name]
    refused = 0
    for first in itertools.count(1):
        shutil.rmtree(place.parent, ignore_errors=True)
        place.parent.mkdir()
        thing = case.set_up(place)
        with failing(place.parent, kind, first) as disk:
            try:
                case.act(thing)
            except case.raises as error:
                assert disk.refused, error
                if not isinstance(error, OSError):
                    assert is_sentence(str(error)), error
        if kind in ("full", "no more entries", "broken"):  # where it can tidy up, it does
            assert not list(place.parent.rglob("*.tmp")), disk.done
        case.whole(thing)
        refused += disk.refused
        if not disk.refused:
            break
        assert first < 200
    assert refused or not KINDS[kind][1] & {one.partition(" ")[0] for one in disk.done}


def is_sentence(text: str) -> bool:
    """Whether a text says what cannot be done, why, and what to do."""
    said = re.search(r" (cannot|could not) .*: (the|its) .*[.] .*[.]$", text)
    return said is not None and not RAW.search(text)


COMMANDS = {
    "start": ("start", "--dataset", "digits", "--network", "mlp", "--run", "new"),
    "resume": ("resume", "first", "--epochs", "9"),
    "pause": ("pause", "waiting"),
    "export": ("export", "first", "out.zip"),
    "import": ("import", "../../first.zip", "--run", "copy"),
    "show": ("show", "first"),
    "list": ("list",),
}


@pytest.mark.parametrize("kind", ["full", "read-only", "no right"])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_ends_in_a_sentence_and_a_run_as_it_was(name, kind, place, monkeypatch, capsys):
    _import_source(place)
    run = make_run(place)
    _run_waiting = make_run(place, "waiting")
    _run_waiting.write_state("queued")
    monkeypatch.chdir(place)
    before = files_of(place)
    with failing(place.parent, kind) as disk:
        code = command_line.run(lambda: main(list(COMMANDS[name])), private=False)
    said = capsys.readouterr().err
    assert "Traceback" not in said
    if name in ("show", "list"):
        assert code == 0
    else:
        assert code == 2, said
        assert disk.refused
        assert is_sentence(
            said.strip().splitlines()[-1].partition(": ")[2][:1].upper() + said.strip().partition(": ")[2][1:]
        )
    after = files_of(place)
    assert {name: data for name, data in after.items() if "state.json" not in name} == {
        name: data for name, data in before.items() if "state.json" not in name
    }
    assert run.state().name == "paused"
    assert not (place / "new").exists()
    assert not (place / "copy").exists()
