"""models/kept_arrays.py: an array and its list, exchanged while others have them mapped."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from models import kept_arrays
from models.kept_arrays import forget_old_ones, keep, opened


def store(folder: Path, name: str, value: int, **listed: object) -> Path:
    keep(folder / f"{name}.json", listed, lambda file: np.save(file, np.full(5, value, np.uint8)))
    return folder / f"{name}.json"


def test_what_was_kept_is_mapped_with_its_list(tmp_path):
    found = opened(store(tmp_path / "cache", "a", 3, kept=[1, 2]))
    assert found is not None
    assert found[0]["kept"] == [1, 2]
    assert isinstance(found[1], np.memmap)
    assert not found[1].flags.writeable
    np.testing.assert_array_equal(found[1], [3] * 5)


def test_another_array_leaves_the_mapped_one_as_it_was_and_one_file(tmp_path):
    file = store(tmp_path, "a", 1)
    before = opened(file)
    store(tmp_path, "a", 2)
    now = opened(file)
    assert before is not None
    assert now is not None
    assert (before[1][0], now[1][0]) == (1, 2)
    assert len(list(tmp_path.glob("*.npy"))) == 1


def test_an_array_that_an_earlier_version_named_as_its_list_is_found(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(3))
    (tmp_path / "a.json").write_text('{"kept": [0]}')
    found = opened(tmp_path / "a.json")
    assert found is not None
    np.testing.assert_array_equal(found[1], [0, 1, 2])


@pytest.mark.parametrize(
    "array", ["../b.npy", "/etc/passwd", "b-00000000.npy", "a.json", "", 5, None, "a-0000000g.npy", "..", "a/b.npy"]
)
def test_a_list_names_no_array_but_its_own(tmp_path, array):
    file = store(tmp_path / "cache", "a", 1)
    np.save(tmp_path / "b.npy", np.arange(3))
    np.save(tmp_path / "cache" / "b-00000000.npy", np.arange(3))
    file.write_text(json.dumps({"array": array}))
    assert opened(file) is None


@pytest.mark.parametrize("text", ["", "[1]", "null", "5", "[" * 100_000, "{", '{"array": {}}', "\x00"])
def test_a_damaged_list_is_as_if_there_were_none(tmp_path, text):
    file = store(tmp_path, "a", 1)
    file.write_text(text)
    assert opened(file) is None
    store(tmp_path, "a", 2)
    assert opened(file) is not None


def test_strays_of_killed_processes_go_when_they_are_old(tmp_path):
    store(tmp_path, "a", 1)
    strays = [tmp_path / name for name in ("a-11111111.npy", "b-22222222.npy", ".c.npy.0123.tmp")]
    for path in strays:
        path.write_bytes(b"x")
    forget_old_ones(tmp_path, keep=set())
    assert all(path.exists() for path in strays)  # they may belong to a process at work
    for path in strays:
        os.utime(path, (1000, 1000))
    forget_old_ones(tmp_path, keep=set())
    assert not any(path.exists() for path in strays)
    assert opened(tmp_path / "a.json") is not None


def test_a_list_whose_array_cannot_be_deleted_stays_with_it(tmp_path, monkeypatch):
    file = store(tmp_path, "a", 1)
    real = Path.unlink

    def refuse(path: Path, **named: bool) -> None:
        if path.suffix == ".npy":
            raise PermissionError(13, "mapped")
        real(path, **named)

    monkeypatch.setattr(Path, "unlink", refuse)
    monkeypatch.setattr(kept_arrays, "CACHE_BYTES", 0)
    forget_old_ones(tmp_path, keep=set())
    assert opened(file) is not None
    monkeypatch.setattr(Path, "unlink", real)
    forget_old_ones(tmp_path, keep=set())
    assert list(tmp_path.iterdir()) == []
