"""A training whose disk fails, whose files are damaged or older, whose clock jumps: the same bits, or a sentence."""

import hashlib
import itertools
import json
import os
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from models import command_line, datasets
from models.runs import checkpoint
from models.runs.planning import more_epochs
from models.runs.run_directory import RunDirectory, RunError
from models.runs.run_removal import delete_run
from models.training.__main__ import main
from models.training.fit import train
from tests.faults.conftest import CONFIG, ask_after, assert_same_run, history
from tests.faults.failing_disk import failing

linux = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc which file is behind a descriptor")
RAW = ("Errno", "No space left", "Read-only file", "Permission denied", "/")


def state_is_a_sentence(run: RunDirectory) -> None:
    reason = run.state().reason
    assert reason.endswith(".") or run.state().name == "queued"  # it could not even begin
    assert not any(raw in reason for raw in RAW), reason


# Disks ----------------------------------------------------------------------------------------------------------------


@linux
@pytest.mark.parametrize(
    ("kind", "first"), [("full", 1), ("full", 17), ("full", 60), ("read-only", 40), ("broken", 33)]
)
def test_a_disk_that_fails_while_training_and_works_again_costs_no_bit(alone, run_of, kind, first):
    run = run_of("cut")
    with failing(run.path, kind, first) as disk:
        try:
            assert train(run) == "paused"
        except RunError as error:
            assert not any(raw in str(error) for raw in RAW), error
            assert str(error).endswith(".")
    assert disk.refused
    assert run.state().name in ("paused", "interrupted", "queued")
    state_is_a_sentence(run)
    assert train(run) == "finished"
    assert_same_run(alone, run)


def test_event_files_that_cannot_be_written_are_a_sentence_and_cost_no_bit(alone, run_of):
    """TensorFlow writes them, past Python, and has errors and words of its own."""
    run = run_of("events", tensorboard=True)
    run.tensorboard.write_text("no folder")
    with pytest.raises(RunError, match="cannot be read or written: its folder is gone, or something"):
        train(run)
    assert run.state().name == "paused"
    state_is_a_sentence(run)
    run.tensorboard.unlink()
    assert train(run) == "finished"
    assert_same_run(alone, run)


@linux
def test_a_start_on_a_full_disk_leaves_its_name_free(library, runs: Path, capsys):
    runs.mkdir()
    words = ["start", "--dataset", CONFIG.dataset, "--network", "mlp", "--side", "32", "--run", str(runs / "new")]
    for first in (1, 5, 9, 14):
        with failing(runs, "full", first) as disk:
            assert main([*words, "--epochs", "1"]) in (2, 3)
        assert disk.refused
        assert not (runs / "new").exists() or not RunDirectory(runs / "new").never_began()
        shutil.rmtree(runs / "new", ignore_errors=True)
    assert "Errno" not in capsys.readouterr().err


# Refused --------------------------------------------------------------------------------------------------------------


def test_a_refused_start_leaves_no_folder(runs: Path, tmp_path: Path, capsys):
    photos = tmp_path / "photos"
    (photos / "cats").mkdir(parents=True)  # one class, and no picture
    for dataset in (f"folder:{tmp_path / 'nowhere'}", f"folder:{photos}", "dogs-vs-cats", "photos"):
        words = ["start", "--dataset", dataset, "--network", "mlp", "--side", "32", "--epochs", "1", "--run", "new"]
        words[-1] = str(runs / "new")
        assert main(words) == 2
        said = capsys.readouterr().err
        assert "Traceback" not in said
        assert said.rstrip().endswith((".", ")"))
        assert not (runs / "new").exists(), said


def test_a_folder_with_other_files_keeps_them_when_a_start_is_refused(runs: Path, capsys):
    (runs / "notes").mkdir(parents=True)
    (runs / "notes" / "read me.txt").write_text("mine")
    words = ["start", "--dataset", "folder:nowhere", "--network", "mlp", "--run", str(runs / "notes")]
    assert main(words) == 2
    assert [path.name for path in (runs / "notes").iterdir()] == ["read me.txt"]


@pytest.mark.parametrize("before", ["paused", "finished"])
def test_a_refused_wish_for_more_epochs_leaves_nothing(run_of, library, tmp_path, before, capsys):
    pets = tmp_path / "pets"
    _fill(pets)
    run = run_of("pets", dataset=f"folder:{pets}", epochs=1, batch_size=5)
    assert train(run, report=ask_after(run, 2, "pause") if before == "paused" else None) == before
    config, files = run.config(), checkpoint.newest_first(run.checkpoints)
    bits = [path.read_bytes() for path in files]
    pets.rename(tmp_path / "elsewhere")
    assert main(["resume", str(run.path), "--epochs", "4"]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert run.config() == config
    assert run.state().name == ("finished" if before == "finished" else "failed")
    assert "pets" in run.state().reason
    assert not run.former_file.exists()
    assert [path.read_bytes() for path in files] == bits
    (tmp_path / "elsewhere").rename(pets)
    assert main(["resume", str(run.path), "--epochs", "2"]) == 0
    assert run.config().epochs == len(run.epochs()) == 2
    assert not run.former_file.exists()


def _fill(folder: Path) -> None:
    from PIL import Image

    for part, (kind, value), number in itertools.product(
        ("train", "validation"), (("cats", 40), ("dogs", 200)), range(6)
    ):
        path = folder / part / kind / f"{number}.bmp"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 20), (value, 10 * number, 0 if part == "train" else 9)).save(path)


def test_a_wish_with_which_a_killed_process_left_a_run_is_fulfilled_when_it_goes_on(alone, run_of):
    run = run_of("longer", epochs=2)
    assert train(run) == "finished"
    more_epochs(run, 3)  # and the power fails
    assert train(run) == "finished"
    assert_same_run(alone, run)
    assert not run.former_file.exists()


# Files ----------------------------------------------------------------------------------------------------------------

HARMLESS = {
    *(
        "state.json",
        "view.npz",
        "best.keras",
        "wish",
        "reserve",
        "task",
        "plug.json",
        "preparing.json",
        "stage",
        "lock",
        "owner",
    ),
    "former.json",
}
"""Files without which a run goes on as if nothing had happened. `best.keras` is that of an earlier epoch."""

REPLACED = {"state.json", "view.npz", "reserve", "lock", "best.keras"}
"""Those that a training writes: it does not take a folder in their place away."""


def _folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


DAMAGE: dict[str, Any] = {
    "gone": lambda path: path.unlink(missing_ok=True),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if path.exists() else b"{"),
    "garbled": lambda path: path.write_bytes(bytes(range(256)) * 3),
    "deep": lambda path: path.write_bytes(b"[" * 100_000),
    "a folder": _folder,
}


DAMAGES = [pytest.param(one, marks=pytest.mark.slow) if one in ("empty", "cut") else one for one in DAMAGE]


@pytest.fixture(scope="module")
def paused(tmp_path_factory, library) -> RunDirectory:
    """A run that was paused in its second epoch; tests copy it."""
    run = RunDirectory.create(tmp_path_factory.mktemp("paused") / "paused", CONFIG)
    assert train(run, report=ask_after(run, 8, "pause")) == "paused"
    return run


@pytest.fixture
def copy(paused, runs: Path) -> RunDirectory:
    shutil.copytree(paused.path, runs / "copy")
    return RunDirectory(runs / "copy")


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_run_goes_on_without_what_it_does_not_need_with_the_same_bits(alone, copy, damage):
    for name in HARMLESS - (REPLACED if damage == "a folder" else set()):
        DAMAGE[damage](copy.path / name)
    assert copy.state().name == ("paused" if damage == "a folder" else "interrupted")
    assert train(copy) == "finished"
    if not copy.best_model.is_file():  # no later epoch was better
        shutil.copy(alone.best_model, copy.best_model)
    assert_same_last(alone, copy)


@pytest.mark.parametrize("name", sorted(REPLACED))
def test_a_folder_in_place_of_a_file_is_a_sentence_or_no_harm(copy, name):
    _folder(copy.path / name)
    try:
        assert train(copy) in ("finished", "paused")
    except RunError as error:
        assert str(error).endswith(".")
        assert not any(raw in str(error) for raw in RAW), error
    state_is_a_sentence(copy) if copy.state().name != "finished" else None


def assert_same_last(alone: RunDirectory, run: RunDirectory) -> None:
    best = alone.best_model.read_bytes()
    kept = run.best_model.read_bytes()
    run.best_model.write_bytes(best)
    assert_same_run(alone, run)
    run.best_model.write_bytes(kept)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["config.json", "metrics.jsonl", "data.json machine.json", "newest", "both"])
def test_a_run_whose_needed_files_are_damaged_goes_on_exactly_or_says_why_not(alone, copy, name, damage):
    kept = checkpoint.newest_first(copy.checkpoints)
    files = {"newest": kept[:1], "both": kept}
    for path in files.get(name, [copy.path / one for one in name.split()]):
        DAMAGE[damage](path)
    try:
        ended = train(copy)
    except RunError as error:
        assert str(error).endswith(".")
        assert not any(raw in str(error) for raw in RAW[:-1])
        assert name != "newest"
        return
    assert ended == "finished"
    assert name != "both" or damage == "gone"
    if name in ("newest", "both"):
        assert_same_run(alone, copy)
    else:
        assert history(alone)[-5:] == history(copy)[-5:]


# Older formats --------------------------------------------------------------------------------------------------------


def test_a_run_of_an_earlier_version_goes_on_to_the_same_bits(alone, copy):
    """Earlier versions wrote no views, no continuations, no fingerprint with pixels, and less about the machine."""
    values = json.loads(copy.config_file.read_text())
    for name in ("continuations", "schedule_epochs", "keep_pictures", "monitor", "label_smoothing", "precision"):
        values.pop(name, None)
    copy.config_file.write_text(json.dumps(values))
    copy.machine_file.write_text(json.dumps({"device": "CPU", "replicas": 1}))
    data = json.loads(copy.data_file.read_text())
    pictures = datasets.load(CONFIG.dataset, side=32)
    data = {name: data[name] for name in ("classes", "train", "validation", "test")}
    copy.data_file.write_text(json.dumps({**data, "fingerprint": _fingerprint_of_then(pictures)}))
    copy.state_file.write_text('{"name": "paused", "reason": "", "epoch": 1, "step": 3}')
    for path in (copy.view_file, copy.reserve_file, copy.lock.path):
        path.unlink(missing_ok=True)
    assert train(copy) == "finished"
    assert_same_run(alone, copy)


def _fingerprint_of_then(pictures: datasets.Dataset) -> str:
    """A digest of the pictures' names, labels, number and size, as the first version noted it."""
    digest = hashlib.sha256(repr((pictures.classes, pictures.maximum)).encode())
    for part in (pictures.train, pictures.validation):
        digest.update("\n".join(part.names).encode())
        digest.update(part.labels.tobytes())
        digest.update(repr(part.images.shape).encode())
    return digest.hexdigest()[:32]


# Clocks ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [86400.0, -86400.0])
def test_a_clock_that_jumps_by_a_day_costs_no_bit(alone, run_of, monkeypatch, jump):
    run, real, calls = run_of("jump"), time.time, itertools.count()
    monkeypatch.setattr(time, "time", lambda: real() + (jump if next(calls) > 12 else 0.0))
    assert train(run, report=ask_after(run, 6, "pause")) == "paused"
    monkeypatch.setattr(time, "time", lambda: real() - jump)  # and the other way while it rests
    assert train(run) == "finished"
    assert_same_run(alone, run)


# Two tabs -------------------------------------------------------------------------------------------------------------


def test_two_tabs_that_fight_over_a_run_get_sentences_and_the_run_its_bits(alone, run_of):
    run, said = run_of("fought"), list[str]()

    def tries(act: Callable[[], object]) -> None:
        try:
            act()
        except RunError as error:
            said.append(str(error))

    def deleting(_: object) -> None:
        if not said:  # it is trained just now
            tries(lambda: delete_run(RunDirectory(run.path)))

    def other_tab() -> None:
        mine = RunDirectory(run.path)
        for _ in range(3):
            tries(lambda: mine.ask("pause"))
            tries(lambda: train(mine))

    tab = threading.Thread(target=other_tab)
    tries(lambda: train(run, report=ask_after(run, 1, "pause")))
    tab.start()
    while tab.is_alive():
        tries(lambda: train(run, report=deleting))
    while run.state().name != "finished":
        tries(lambda: train(run))
    assert any("being trained by another process" in one for one in said)
    assert all(one.endswith(".") for one in said)
    assert_same_run(alone, run)


def test_a_run_that_another_tab_has_deleted_is_not_made_anew_by_who_goes_on_with_it(run_of):
    run = run_of("deleted")
    other = RunDirectory(run.path)
    run.write_state("paused")
    delete_run(other)
    for act in (lambda: train(run), lambda: run.ask("pause"), lambda: more_epochs(run, 9), lambda: delete_run(run)):
        with pytest.raises(RunError, match=r"\.$"):
            act()
    assert not run.path.exists()


# Nobody reads on ------------------------------------------------------------------------------------------------------


def test_a_training_whose_reader_has_gone_pauses_without_a_traceback(alone, run_of, monkeypatch, capsys):
    run = run_of("piped")
    shown = itertools.count()

    def closed(*_: object, **__: object) -> None:
        if next(shown) > 2:
            raise BrokenPipeError

    with monkeypatch.context() as patch:
        patch.setattr("models.training.__main__.print", closed, raising=False)
        code = command_line.run(lambda: main(["resume", str(run.path), "--json"]), private=False)
    assert code == command_line.PIPE_CLOSED
    assert run.state().name == "paused"
    assert "Traceback" not in capsys.readouterr().err
    assert train(run) == "finished"
    assert_same_run(alone, run)


def test_a_disk_without_entries_is_full_although_it_has_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.training.callbacks import free_space

    assert re.fullmatch(r"[\d,]+ MB free", free_space(tmp_path))
    for files, left, says in ((1000, 0, True), (1000, 1, False), (0, 0, False)):  # the last one counts no entries
        answer = SimpleNamespace(f_files=files, f_favail=left)
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=171 * 2**20))
            patch.setattr(os, "statvfs", lambda _, answer=answer: answer, raising=False)
            found = free_space(tmp_path)
        assert found == ("171 MB free, but no entry for another file" if says else "171 MB free")
