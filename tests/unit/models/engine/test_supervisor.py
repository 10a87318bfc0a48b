"""Own pictures in a worker's memory: kept while their run may need them."""

import pytest

from models.engine import supervisor
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory, StateName


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch):
    monkeypatch.setattr(supervisor, "_pictures", {})


def test_a_worker_forgets_the_pictures_of_runs_that_ended_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    states: dict[str, StateName] = {"paused": "paused", "cut": "interrupted", "done": "finished", "wrong": "failed"}
    for name, state in states.items():
        RunDirectory.create(tmp_path / name, RunConfig(dataset="photos", network="convnet")).write_state(state)
        supervisor._pictures[name] = b"old"
    supervisor._pictures["deleted"] = b"old"
    supervisor.deposit_pictures("done", b"again")  # the run gets more epochs
    assert supervisor._pictures == {"paused": b"old", "cut": b"old", "done": b"again"}
