"""What Windows does not allow is never done: nothing that is open or mapped is moved, replaced or deleted."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models import datasets, kept_arrays
from models.datasets.prepared import prepare
from models.evaluation.stored_scores import keep, known
from models.runs.run_directory import RunDirectory, all_runs
from models.runs.run_removal import delete_run
from models.runs.transfer import export_run, import_run
from models.runs.watching.snapshots import read_view
from models.storage import cache_dir, write_text
from models.training.fit import train
from tests.faults.conftest import ask_after, assert_same_run
from tests.faults.test_failing_disk import _judgement
from tests.faults.windows_disk import refuse_use, windows

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc which files are open and mapped")


def test_the_disk_of_these_tests_refuses_what_windows_refuses(tmp_path: Path) -> None:
    with windows(tmp_path):
        write_text(tmp_path / "a.txt", "a")
        with (tmp_path / "a.txt").open() as _, pytest.raises(PermissionError, match="open"):
            write_text(tmp_path / "a.txt", "b")
        write_text(tmp_path / "a.txt", "b")
        np.save(tmp_path / "b.npy", np.zeros(9))
        mapped = np.load(tmp_path / "b.npy", mmap_mode="r")
        for attempt in ((tmp_path / "b.npy").unlink, lambda: np.save(tmp_path / "b.npy", np.ones(9))):
            with pytest.raises(PermissionError, match="mapped"):
                attempt()
        with pytest.raises(PermissionError, match="mapped"):
            os.truncate(tmp_path / "b.npy", 5)
        (tmp_path / "run").mkdir()
        with (tmp_path / "run" / "lock").open("w") as _, pytest.raises(PermissionError, match="open"):
            (tmp_path / "run").rename(tmp_path / "aside")
        for name in ("con", "NUL.txt", "a:b", "what?", "dot.", "blank ", "x" * 201, "A.txt"):
            with pytest.raises(OSError, match="Windows"):
                (tmp_path / name).open("w")
        del mapped
        (tmp_path / "b.npy").unlink()


def test_prepared_pictures_that_a_process_has_mapped_are_prepared_again(runs: Path, tmp_path: Path) -> None:
    def numbers(key: str, first: int) -> np.ndarray:
        names = [str(number) for number in range(5)]
        read = lambda number: np.full((4, 4, 3), first + number, np.uint8)  # noqa: E731
        return prepare(key, read, names, shape=(4, 4, 3), doing="counting").images

    with windows(runs):
        before = numbers("a", 0)
        (listed,) = cache_dir().glob("*.json")
        for damage in (listed.unlink, lambda: listed.write_text("{"), lambda: listed.write_text('{"kept": []}')):
            damage()
            np.testing.assert_array_equal(numbers("a", 0)[:, 0, 0, 0], range(5))
            np.testing.assert_array_equal(before[:, 0, 0, 0], range(5))
        now = numbers("a", 0)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kept_arrays, "CACHE_BYTES", 0)
            numbers("b", 7)  # what is mapped cannot be forgotten yet, and its list stays with it
        assert numbers("a", 99)[0, 0, 0, 0] == 0
        del before, now
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kept_arrays, "CACHE_BYTES", 0)
            numbers("c", 7)
        assert numbers("a", 99)[0, 0, 0, 0] == 99  # nobody has it mapped any more


def test_a_folder_whose_photos_change_is_read_again_while_a_page_shows_it(runs: Path, tmp_path: Path) -> None:
    def fill(colour: int) -> None:
        for part, kind, number in (
            (p, k, n) for p in ("train", "validation") for k in ("cat", "dog") for n in range(3)
        ):
            path = tmp_path / "pets" / part / kind / f"{number}.bmp"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (16, 16), (colour, number, len(kind) + len(part))).save(path)

    with windows(runs):
        seen = []
        for colour in (10, 20, 30):
            fill(colour)
            seen.append(datasets.load(f"folder:{tmp_path / 'pets'}", side=8))
            assert seen[-1].train.images[0, 0, 0, 0] == colour
        assert [one.train.images[0, 0, 0, 0] for one in seen] == [10, 20, 30]


def test_scores_that_a_page_shows_are_exchanged(runs: Path) -> None:
    with windows(runs):
        keep(_judgement(3))
        shown = known("ab" * 32, "d", "test")
        keep(_judgement(4))
        now = known("ab" * 32, "d", "test")
        assert shown is not None
        assert now is not None
        assert (len(shown), len(now)) == (3, 4)
        assert shown.features.shape == (3, 1)


def test_a_run_is_trained_exported_imported_and_deleted_with_nothing_open(alone, run_of, runs: Path) -> None:
    with windows(runs):
        run = run_of("run", tensorboard=True)
        assert train(run, report=ask_after(run, 6, "pause")) == "paused"
        view = read_view(run)
        refuse_use(run.path)  # nothing in it is open
        export_run(run, runs / "run.zip")
        copy = import_run(runs / "run.zip", runs / "copy")
        assert train(copy) == "finished"
        refuse_use(copy.path)
        assert_same_run(alone, copy)
        assert view is not None
        for one in (run, copy):
            delete_run(one)
        assert all_runs(runs) == []
        assert sorted(path.name for path in runs.iterdir()) in (["cache", "run.zip"], ["run.zip"])
        RunDirectory.create(run.path, alone.config())
