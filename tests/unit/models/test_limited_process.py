"""A process with bounds: what it answers, and how it ends when a question takes too much."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil  # type: ignore[import-untyped]
import pytest

from models import limited_process
from models.limited_process import LimitedProcess, LimitError

ROOT = Path(__file__).resolve().parents[3]
MB = 2**20

TASKS = """
import os, sys, time
import numpy as np

class Odd: pass

def add(one, other): return one + other
def shout(text): print(text, flush=True); return text
def raising(): raise ValueError("/somewhere/deep/file.txt is odd")
def fill(megabytes):
    return np.ones((megabytes, 2**20), np.uint8).nbytes
def slowly(megabytes):
    kept = []
    for _ in range(megabytes): kept.append(np.ones(2**20, np.uint8)); time.sleep(0.001)
    return len(kept)
def spin():
    while True: pass
def sleep(seconds): time.sleep(seconds)
def die(): os._exit(3)
def odd(): return Odd()
def program(): return os.system
def environment(): return sorted(os.environ)
"""


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a module with small functions, which the process can import."""
    folder = tmp_path_factory.mktemp("tasks")
    (folder / "limited_tasks.py").write_text(TASKS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        patch.setenv("TEACHER_PASSWORD", "secret")
        yield "limited_tasks"


@pytest.fixture(scope="module")
def process(tasks: str) -> Iterator[LimitedProcess]:
    """One process for all tests that may share it: it is replaced when it has been ended."""
    with LimitedProcess(memory=100 * MB, modules=[tasks, "numpy"]) as found:
        yield found


def test_a_function_is_called_with_its_arguments_and_the_process_stays(process: LimitedProcess, tasks: str):
    assert process.ask(tasks, "add", 2, 3, seconds=5) == 5
    pid = process.pid
    given = np.arange(6, dtype=np.float32).reshape(2, 3)
    np.testing.assert_array_equal(process.ask(tasks, "add", given, 0.5, seconds=5), given + 0.5)
    assert process.ask(tasks, "shout", "printed in between", seconds=5) == "printed in between"
    assert process.pid == pid


def test_an_exception_is_a_sentence_without_folders_and_the_process_stays(process: LimitedProcess, tasks: str):
    process.start()
    pid = process.pid
    with pytest.raises(LimitError, match=r"file\.txt is odd") as raised:
        process.ask(tasks, "raising", seconds=5)
    assert raised.value.reason == "raised"
    assert "somewhere" not in str(raised.value)
    assert process.pid == pid


@pytest.mark.parametrize("function", ["fill", "slowly"])
def test_too_much_memory_ends_the_process_and_the_next_question_has_another(
    process: LimitedProcess, tasks: str, function: str
):
    assert process.ask(tasks, function, 50, seconds=10)
    pid = process.pid
    with pytest.raises(LimitError, match="memory") as raised:
        process.ask(tasks, function, 2000, seconds=60)
    assert raised.value.reason == "memory"
    assert process.pid is None
    assert process.ask(tasks, "add", 1, 1, seconds=5) == 2
    assert process.pid not in (None, pid)


def test_too_much_processor_time_ends_the_process(process: LimitedProcess, tasks: str):
    with pytest.raises(LimitError, match="longer") as raised:
        process.ask(tasks, "spin", seconds=0.2)
    assert raised.value.reason == "time"
    assert process.pid is None


def test_one_that_only_waits_is_ended_too(process: LimitedProcess, tasks: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limited_process, "WAITING_SHARE", 1.0)
    process.start()
    with pytest.raises(LimitError) as raised:
        process.ask(tasks, "sleep", 600, seconds=0.2)
    assert raised.value.reason == "time"


@pytest.mark.parametrize("function", ["die", "odd", "program"])
def test_what_is_no_plain_answer_is_none(process: LimitedProcess, tasks: str, function: str):
    with pytest.raises(LimitError):
        process.ask(tasks, function, seconds=5)
    assert process.ask(tasks, "add", 1, 1, seconds=5) == 2


def test_the_teachers_password_stays_outside(process: LimitedProcess, tasks: str):
    names = process.ask(tasks, "environment", seconds=5)
    assert "PYTHONPATH" in names
    assert "TEACHER_PASSWORD" not in names


def test_it_ends_with_its_parent_even_while_it_computes(tasks: str):
    program = (
        "import threading\nfrom models.limited_process import LimitedProcess\n"
        "process = LimitedProcess(memory=2**28)\nprocess.start()\nprint(process.pid, flush=True)\n"
        f"process.ask({tasks!r}, 'spin', seconds=600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    before = child.cpu_times().user
    end = time.monotonic() + 60
    while child.cpu_times().user < before + 0.2:  # it computes
        assert time.monotonic() < end
        time.sleep(0.01)
    os.kill(parent.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    parent.wait()
    parent.stdout.close()
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end, "it outlives its parent"
        time.sleep(0.01)


def test_a_module_that_cannot_be_loaded_is_said():
    with pytest.raises(LimitError) as raised, LimitedProcess(memory=MB, modules=["no.such.module"]) as process:
        process.start()
    assert raised.value.reason == "died"
