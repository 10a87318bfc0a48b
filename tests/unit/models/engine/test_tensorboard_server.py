"""TensorBoard has a bound on its memory: it is ended, and a sentence says why."""

import subprocess
import sys
import time

import pytest

from models.engine import tensorboard_server
from models.engine.tensorboard_server import TensorBoardError, TensorBoardServer

GREEDY = (
    "held = [bytes([1]) * 2**20 for _ in range({megabytes})]\nimport time\nprint('held', flush=True)\ntime.sleep(600)"
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> TensorBoardServer:
    monkeypatch.setattr(tensorboard_server, "MEMORY_BYTES", 150 * 2**20)
    monkeypatch.setattr(tensorboard_server, "LOOK_SECONDS", 0.01)
    return TensorBoardServer()


def child(megabytes: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", GREEDY.format(megabytes=megabytes)], stdout=subprocess.PIPE)


def test_a_child_that_takes_too_much_memory_is_ended_and_rests_for_a_while(server, monkeypatch) -> None:
    with child(300) as greedy:
        server._watch(greedy)
        assert greedy.wait() != 0
    begun = []
    monkeypatch.setattr(server, "_start", lambda: begun.append(1))
    with pytest.raises(TensorBoardError, match="took more memory than the 1,024 MB that it may have"):
        server.port()
    assert begun == []
    server._rests_until = time.monotonic()
    server.port()
    assert begun == [1]


def test_one_that_takes_too_much_while_it_starts_says_the_same(server, monkeypatch) -> None:
    popen = subprocess.Popen
    started = []

    def start(command: list[str], **settings: object) -> subprocess.Popen[bytes]:
        started.append(popen([sys.executable, "-c", GREEDY.format(megabytes=300)], stdin=subprocess.PIPE))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    with pytest.raises(TensorBoardError, match="took more memory"):
        server.port()
    assert started[0].returncode is not None


def test_one_within_its_bound_is_left_alone(server) -> None:
    with child(20) as modest:
        assert modest.stdout is not None
        assert modest.stdout.readline() == b"held\n"
        server._child, server._port = modest, 1234
        assert server.port() == 1234
        modest.kill()
        server._watch(modest)
    assert server._rests_until < 0
