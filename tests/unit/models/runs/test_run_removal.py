"""models/runs/run_removal.py: a run is gone at once and wholly, but never while it is trained or waits."""

import shutil

import pytest

from models.runs.config import RunConfig
from models.runs.lock import FileLock
from models.runs.run_directory import RunDirectory, RunError, all_runs
from models.runs.run_removal import delete_run

CONFIG = RunConfig(dataset="digits", network="mlp", epochs=3)


@pytest.fixture
def run(tmp_path) -> RunDirectory:
    run = RunDirectory.create(tmp_path / "runs" / "first", CONFIG)
    run.write_state("paused", epoch=1)
    run.checkpoints.mkdir()
    (run.checkpoints / "000000001.npz").write_bytes(b"arrays")
    run.last_model.write_bytes(b"network")
    return run


def test_a_deleted_run_leaves_nothing_and_its_neighbour_stays(run):
    other = RunDirectory.create(run.path.with_name("second"), CONFIG)
    delete_run(run)
    assert [path.name for path in run.path.parent.iterdir()] == [other.name]


def test_its_name_is_free_again(run):
    delete_run(run)
    again = RunDirectory.create(run.path, CONFIG)
    assert not again.last_model.exists()


def test_a_run_that_is_trained_is_not_deleted(run):
    trainer = FileLock(run.lock.path)
    assert trainer.acquire()
    with pytest.raises(RunError, match=r"^The run first is being trained by another process\.$"):
        delete_run(run)
    trainer.release()
    assert run.last_model.read_bytes() == b"network"
    delete_run(run)
    assert not run.path.exists()


def test_a_run_that_waits_is_not_deleted(run):
    run.write_state("queued")
    with pytest.raises(RunError, match=r"waits for a worker: pause it first"):
        delete_run(run)
    assert run.config_file.exists()
    assert not run.lock.is_held()


def test_a_run_that_is_gone_already_is_a_sentence(run):
    delete_run(run)
    with pytest.raises(RunError, match=r"^The run first is not there any more\.$"):
        delete_run(run)
    assert not run.path.exists()


def test_a_run_whose_files_cannot_be_removed_is_no_run_any_more(run, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(RunError, match=r"could not be removed wholly: the server's account has no right"):
        delete_run(run)
    assert all_runs(run.path.parent) == []
    assert not run.path.exists()
