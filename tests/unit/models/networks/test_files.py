"""models/networks/files.py: which file holds a network, and sentences that name it without its folder."""

import hashlib
import os
import sys
from pathlib import Path

import pytest

from components.networks.names import network_argument, network_of
from models import weights
from models.networks.files import IMAGENET, JudgingError, file_title, network_file, weights_digest
from models.networks.saved_network import NetworkError, open_network


@pytest.fixture
def runs(monkeypatch, tmp_path) -> Path:
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


def test_a_network_is_found_by_its_name_its_file_and_its_run(runs, tmp_path):
    assert network_file("convnet") == weights.FOLDER / "convnet.keras"
    assert network_file(IMAGENET).is_file()
    run = runs / "one"
    run.mkdir()
    (run / "last.keras").touch()
    assert network_file(str(run)) == run / "last.keras"  # there is no other one
    (run / "best.keras").touch()
    assert network_file(str(run)) == run / "best.keras"
    assert network_file(str(run), "last") == run / "last.keras"
    (tmp_path / "own.keras").touch()
    assert network_file(str(tmp_path / "own.keras")) == tmp_path / "own.keras"


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("runs/nope", "There is no run nope: it has been deleted, or its name is another one."),
        ("runs/empty", "The run empty has no best network yet: it gets one after its first epoch."),
        ("elsewhere/own.keras", 'There is no network "own.keras": its file own.keras is missing.'),
    ],
)
def test_what_is_missing_is_named_without_its_folder(runs, tmp_path, place, sentence):
    (runs / "empty").mkdir()
    with pytest.raises(JudgingError) as refused:
        network_file(str(tmp_path / place))
    assert str(refused.value) == sentence


def test_a_damaged_file_is_named_without_its_folder(runs, tmp_path):
    (runs / "one").mkdir()
    for path, title in (
        (runs / "one" / "best.keras", "The best network of the run one"),
        (tmp_path / "own.keras", "own.keras"),
    ):
        path.write_bytes(b"PK")
        assert file_title(path) == title
        with pytest.raises(NetworkError) as refused:
            open_network(path)
        assert str(refused.value).startswith(f"{title} is damaged: ")
        assert str(tmp_path) not in str(refused.value)


def test_what_a_visitor_downloads_names_a_run_and_no_folder(runs):
    assert network_of(network_argument("run:one")) == "run:one"
    assert network_of(network_argument("convnet")) == "convnet"
    assert network_of("/home/me/own.keras") == "own.keras"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no time of the entry")
@pytest.mark.parametrize("how", ["written over", "moved in its place", "the network before it, in its place"])
def test_a_file_of_the_same_size_and_time_has_another_digest_if_it_was_exchanged(how, tmp_path):
    file, other, contents = tmp_path / "network.keras", tmp_path / "other.keras", (b"first weights", b"other weights")
    file.write_bytes(contents[0])
    state = file.stat()
    assert weights_digest(file) == hashlib.sha256(contents[0]).hexdigest()
    other.write_bytes(contents[1])
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    if how == "written over":
        file.write_bytes(contents[1])
        os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    else:
        file.rename(tmp_path / "kept.keras")
        other.rename(file)
    after = file.stat()
    assert (after.st_size, after.st_mtime_ns) == (state.st_size, state.st_mtime_ns)
    assert weights_digest(file) == hashlib.sha256(contents[1]).hexdigest()
    if how.startswith("the network before"):
        (tmp_path / "kept.keras").replace(file)
        assert weights_digest(file) == hashlib.sha256(contents[0]).hexdigest()


def test_a_file_that_stays_as_it_is_is_read_once(tmp_path, monkeypatch):
    file = tmp_path / "network.keras"
    file.write_bytes(b"weights")
    first = weights_digest(file)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("read again"))
    assert weights_digest(file) == first
