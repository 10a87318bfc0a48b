"""models/runs/checkpoint.py: what was saved comes back to the last bit, or an earlier one does."""

import io
import json
import math
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.runs import checkpoint
from models.storage import ROOT

ARRAYS: list[np.ndarray] = [
    np.arange(6, dtype=np.float32).reshape(2, 3) / 7,
    np.array(5, np.int64),
    np.zeros((0, 2), np.float32),
    np.array([3, 2**32 - 1], np.uint32),
    np.array([np.nan, np.inf, -0.0], np.float16),
]
STATE = {"epoch": 1, "step": 2, "callbacks": {"best": {"best": math.inf, "name": "süß"}}, "mean": 0.1 + 0.2}


def save(folder: Path, *steps: int) -> list[Path]:
    return [checkpoint.save(folder, step, [*ARRAYS, np.array(step)], {**STATE, "global_step": step}) for step in steps]


def assert_saved(arrays: list[np.ndarray], state: dict, step: int) -> None:
    """Assert that every array has its shape, its type and its bits, and that the state is equal."""
    expected = [*ARRAYS, np.array(step)]
    assert len(arrays) == len(expected)
    for actual, wanted in zip(arrays, expected, strict=True):
        assert (actual.shape, actual.dtype) == (wanted.shape, wanted.dtype)
        assert actual.tobytes() == wanted.tobytes()
    assert state == {**STATE, "global_step": step}


# Saving --------------------------------------------------------------------------------------------------------------


def test_what_was_saved_comes_back(tmp_path):
    (path,) = save(tmp_path / "new" / "checkpoints", 12)
    assert path.name == "000000012.npz"
    assert_saved(*checkpoint.load(path), step=12)
    newest = checkpoint.load_newest(path.parent)
    assert newest is not None
    assert_saved(newest[0], newest[1], step=12)
    assert newest[2] == []


def test_many_arrays_come_back_in_their_order(tmp_path):
    arrays = [np.array(number) for number in range(1200)]
    path = checkpoint.save(tmp_path, 0, arrays, {})
    assert [int(array) for array in checkpoint.load(path)[0]] == list(range(1200))


def test_numbers_that_are_none_come_back_as_what_they_are(tmp_path):
    # A callback's best value may be infinite before the first epoch.
    state = {"best": math.inf, "worst": -math.inf, "loss": math.nan, "none": None, "third": 1 / 3}
    _, found = checkpoint.load(checkpoint.save(tmp_path, 0, [], state))
    loss = found.pop("loss")
    assert isinstance(loss, float)
    assert math.isnan(loss)
    assert found == {"best": math.inf, "worst": -math.inf, "none": None, "third": 1 / 3}


def test_the_newest_two_stay(tmp_path):
    save(tmp_path, 1, 5, 20, 100)
    assert [path.name for path in checkpoint.newest_first(tmp_path)] == ["000000100.npz", "000000020.npz"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000000020.npz", "000000100.npz"]


def test_the_same_step_saved_twice_is_one_checkpoint(tmp_path):
    save(tmp_path, 1, 2)
    checkpoint.save(tmp_path, 2, [], {"again": True})
    assert len(list(tmp_path.iterdir())) == 2
    newest = checkpoint.load_newest(tmp_path)
    assert newest is not None
    assert newest[1] == {"again": True}


def test_what_a_killed_process_left_half_written_is_cleared_away_and_other_files_are_not(tmp_path):
    (tmp_path / ".000000003.npz.abc.tmp").write_bytes(b"half")
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "model.npz").write_bytes(b"mine, too")
    save(tmp_path, 1, 2, 4)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["000000002.npz", "000000004.npz", "model.npz", "notes.txt"]


def test_a_state_that_is_no_json_is_an_error_and_leaves_nothing(tmp_path):
    with pytest.raises(TypeError):
        checkpoint.save(tmp_path, 1, [], {"model": object()})
    assert list(tmp_path.iterdir()) == []


# A write that fails --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_write_that_fails_midway_leaves_the_earlier_ones(tmp_path, monkeypatch, error):
    save(tmp_path, 1, 2)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    savez = np.savez

    def fail(file, **arrays):
        whole = io.BytesIO()
        savez(whole, **arrays)
        file.write(whole.getvalue()[:500])
        raise error

    monkeypatch.setattr(np, "savez", fail)
    with pytest.raises(type(error)):
        save(tmp_path, 3)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


LIMITED = """
import resource, sys
from pathlib import Path
import numpy as np
from models.runs import checkpoint
folder = Path(sys.argv[1])
for step in (1, 2):
    checkpoint.save(folder, step, [np.full(1000, step)], {"global_step": step})
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    checkpoint.save(folder, 3, [np.full(1000, 3)], {"global_step": 3})
except OSError as error:
    print("full", error.errno)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_full_disk_leaves_the_earlier_ones(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.stdout.startswith("full "), run.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000000001.npz", "000000002.npz"]
    newest = checkpoint.load_newest(tmp_path)
    assert newest is not None
    assert newest[1] == {"global_step": 2}
    np.testing.assert_array_equal(newest[0][0], np.full(1000, 2))


KILLED = """
import sys
from pathlib import Path
import numpy as np
from models.runs import checkpoint
print("ready", flush=True)
step = 0
while True:
    step += 1
    checkpoint.save(Path(sys.argv[1]), step, [np.full(50_000, step)], {"global_step": step})
    if step == 3:
        print("going", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is for POSIX")
def test_a_process_that_is_killed_while_it_saves_leaves_a_whole_one(tmp_path):
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE)
        assert process.stdout is not None
        with process.stdout:
            assert process.stdout.readline() == b"ready\n"
            assert process.stdout.readline() == b"going\n"
            process.send_signal(signal.SIGKILL)
            process.wait()
        newest = checkpoint.load_newest(tmp_path)
        assert newest is not None
        arrays, state, damaged = newest
        np.testing.assert_array_equal(arrays[0], np.full(50_000, state["global_step"]))
        assert damaged == []


# Damage --------------------------------------------------------------------------------------------------------------


def without_state(data: bytes) -> bytes:
    """A zip file with sound arrays, but without the state."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            if not name.startswith("state"):
                archive.writestr(name, source.read(name))
    return target.getvalue()


def flipped(data: bytes, place: int, mask: int = 0xFF) -> bytes:
    changed = bytearray(data)
    changed[place] ^= mask
    return bytes(changed)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut": lambda data: data[: len(data) // 2],
    "cut by one byte": lambda data: data[:-1],
    "zeros": lambda data: bytes(len(data)),
    "the second half is zeros": lambda data: data[: len(data) // 2] + bytes(len(data) - len(data) // 2),
    "no zip file": lambda data: b"{}",
    "an array alone": lambda data: b"\x93NUMPY" + data,
    "without its state": without_state,
    "a byte is flipped": lambda data: flipped(data, data.index(ARRAYS[0].tobytes()) + 5),
    "the name of an array in the list is flipped": lambda data: flipped(data, data.rindex(b"array00003"), 2),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_newest_one_falls_back_to_the_one_before_it(tmp_path, what):
    _, newest = save(tmp_path, 1, 2)
    newest.write_bytes(DAMAGE[what](newest.read_bytes()))
    found = checkpoint.load_newest(tmp_path)
    assert found is not None
    assert_saved(found[0], found[1], step=1)
    assert found[2] == [newest]
    with pytest.raises(ValueError, match=r"^The checkpoint 000000002\.npz is damaged: "):
        checkpoint.load(newest)


@pytest.mark.parametrize("mask", [0x01, 0x80])
def test_no_flipped_byte_gives_other_numbers(tmp_path, mask):
    (path,) = save(tmp_path, 7)
    data = path.read_bytes()
    refused = 0
    for place in range(mask % 2, len(data), 2):
        path.write_bytes(flipped(data, place, mask))
        try:
            arrays, state = checkpoint.load(path)
        except ValueError:
            refused += 1
        else:
            assert_saved(arrays, state, step=7)  # the damage may be in a date, for example, which does not matter
    assert refused > 0.3 * len(data)


def test_no_cut_is_taken_for_a_checkpoint(tmp_path):
    (path,) = save(tmp_path, 7)
    data = path.read_bytes()
    for length in range(0, len(data), 7):
        path.write_bytes(data[:length])
        with pytest.raises(ValueError, match=r"^The checkpoint 000000007\.npz is damaged: "):
            checkpoint.load(path)


def test_a_pickle_is_never_run(tmp_path):
    class Trap:
        def __reduce__(self):
            return Path.touch, (tmp_path / "sprung",)

    trap = np.empty(1, object)
    trap[0] = Trap()
    state = np.frombuffer(json.dumps(STATE).encode(), np.uint8)
    arrays: dict[str, Any] = {"state.json": state, "array00000": trap}
    np.savez(tmp_path / "000000001.npz", **arrays)
    with pytest.raises(ValueError, match="damaged"):
        checkpoint.load(tmp_path / "000000001.npz")
    assert not (tmp_path / "sprung").exists()


def test_nothing_that_can_be_read_is_nothing(tmp_path):
    assert checkpoint.load_newest(tmp_path / "missing") is None
    assert checkpoint.load_newest(tmp_path) is None
    for path in save(tmp_path, 1, 2):
        path.write_bytes(b"")
    assert checkpoint.load_newest(tmp_path) is None
