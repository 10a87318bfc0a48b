"""models/command_line.py: command lines end quietly when nobody reads on, and in sentences."""

import ast
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models import command_line
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory
from models.storage import ROOT
from models.training.__main__ import main

NO_FILES = {"models/experiments/digit_neurons.py", "models/experiments/hook_recorder.py"}
"""They make a file that comes along, and print nothing."""

CHILDREN = {"models/engine/tensorboard_server.py", "models/limited_process.py"}
"""Nobody calls them but this program itself."""


def entries() -> list[Path]:
    found = (path for path in (ROOT / "models").rglob("*.py") if '__name__ == "__main__"' in path.read_text("utf-8"))
    return [path for path in found if path.relative_to(ROOT).as_posix() not in CHILDREN]


@pytest.mark.parametrize("path", entries(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_line_ends_by_this_function(path):
    if path.relative_to(ROOT).as_posix() in NO_FILES:
        return
    last = ast.parse(path.read_text("utf-8")).body[-1]
    assert isinstance(last, ast.If)
    assert ast.unparse(last.body[0]).startswith("sys.exit(command_line.run(main")


@pytest.fixture
def run(tmp_path, monkeypatch) -> RunDirectory:
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    return RunDirectory.create(tmp_path / "first", RunConfig(dataset="digits", network="mlp"))


@pytest.mark.parametrize("words", [["list"], ["show", "first"]])
def test_a_pipe_that_is_closed_early_ends_a_command_quietly(run, words):
    code = (
        "import sys; from models import command_line; from models.training.__main__ import main; "
        f"sys.exit(command_line.run(lambda: main({words!r})))"
    )
    reading, writing = os.pipe()
    os.close(reading)  # as `| head -0` does
    environment = {**os.environ, "RUNS_DIR": str(run.path.parent), "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=run.path.parent,
        env=environment,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert ended.stderr == b""
    assert ended.returncode == command_line.PIPE_CLOSED


def test_what_a_disk_refuses_and_nobody_has_words_for_is_a_sentence(capsys):
    def fail() -> int:
        raise OSError(errno.EROFS, "Read-only file system", "/home/teacher/runs/x")

    assert command_line.run(fail, private=False) == 1
    said = capsys.readouterr().err
    assert said.startswith("A file cannot be read or written: the disk can only be read.")
    assert "/home" not in said


def test_a_mistake_of_the_program_is_none_of_the_disks():
    def fail() -> int:
        raise ConnectionRefusedError(errno.ECONNREFUSED, "")

    with pytest.raises(ConnectionRefusedError):
        command_line.run(fail, private=False)


def test_what_a_command_returns_is_its_exit_code(run, capsys):
    assert command_line.run(lambda: main(["show", str(run.path)]), private=False) == 0
    assert command_line.run(lambda: main(["show", "nowhere"]), private=False) == 2
    assert command_line.run(lambda: None, private=False) == 0
