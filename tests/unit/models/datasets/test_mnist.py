"""models/datasets/mnist.py: Keras fetches the digits, here from a small server on this machine.

The loads run in a process of their own: Keras reads KERAS_HOME when it is imported, and nobody's real cache is touched.
"""

import hashlib
import json
import os
import subprocess
import sys
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from models import datasets
from models.datasets import DatasetError
from models.storage import ROOT
from tests.unit.models.datasets.file_server import serving

# Keras's source has the server's address and the file's checksum. Only these two are replaced.
LOADS = """
import json, sys
import numpy as np
from keras.src.datasets import mnist
from models import datasets
from models.storage import ROOT
address, checksum, folder = sys.argv[1:]
fetch = mnist.get_file

def refusal():
    try:
        datasets.load("mnist", side=28)
    except datasets.DatasetError as error:
        return str(error)

def load(side):
    told = []
    dataset = datasets.load("mnist", side=side, progress=lambda *report: told.append(report))
    parts = {name: dataset.part(name) for name in datasets.PARTS}
    images = {f"{name}_images": part.images for name, part in parts.items()}
    np.savez(f"{folder}/{side}.npz", **images, **{f"{name}_labels": part.labels for name, part in parts.items()})
    return {
        "classes": dataset.classes,
        "maximum": dataset.maximum,
        "told": told,
        "names": {name: [part.names[0], part.names[-1]] for name, part in parts.items()},
        "writable": [bool(part.images.flags.writeable) for part in parts.values()],
    }

offline = refusal()
mnist.get_file = lambda fname, origin, file_hash: fetch(fname=fname, origin=address, file_hash="0" * 64)
wrong = refusal()
mnist.get_file = lambda fname, origin, file_hash: fetch(fname=fname, origin=address, file_hash=checksum)
print(json.dumps({"offline": offline, "wrong": wrong, "said": load(28), "again": load(14)}))
"""


def small_mnist() -> dict[str, Any]:
    """Arrays in the file's layout: smaller than MNIST, but with more digits than validation takes."""
    generator = np.random.default_rng(0)
    sizes = {"train": 10_020, "test": 30}
    images = {f"x_{name}": generator.integers(0, 256, (size, 28, 28), np.uint8) for name, size in sizes.items()}
    return images | {f"y_{name}": generator.integers(0, 10, size, np.uint8) for name, size in sizes.items()}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory) -> SimpleNamespace:
    """Output and files of a process that loads MNIST offline, then from a wrong file, then twice successfully."""
    home, arrays, file = tmp_path_factory.mktemp("keras"), small_mnist(), BytesIO()
    np.savez(file, **arrays)
    data = file.getvalue()
    # An unreachable proxy stands for a machine without a connection: the real file is never downloaded.
    environment = os.environ | {"KERAS_HOME": str(home), "TF_CPP_MIN_LOG_LEVEL": "3", "no_proxy": "127.0.0.1"}
    environment |= {"https_proxy": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    with serving(data) as server:
        run = subprocess.run(
            [sys.executable, "-c", LOADS, server.url, hashlib.sha256(data).hexdigest(), str(home)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout.splitlines()[-1])
    return SimpleNamespace(**said, arrays=arrays, fetched=len(server.asked), home=home)


def test_the_parts_are_those_of_the_file_that_keras_fetches(outcome):
    arrays, loaded = outcome.arrays, np.load(outcome.home / "28.npz")
    np.testing.assert_array_equal(loaded["train_images"][..., 0], arrays["x_train"][:20])
    np.testing.assert_array_equal(loaded["validation_images"][..., 0], arrays["x_train"][20:])
    np.testing.assert_array_equal(loaded["test_images"][..., 0], arrays["x_test"])
    np.testing.assert_array_equal(loaded["train_labels"], arrays["y_train"][:20])
    np.testing.assert_array_equal(loaded["validation_labels"], arrays["y_train"][20:])
    np.testing.assert_array_equal(loaded["test_labels"], arrays["y_test"])
    assert loaded["train_images"].dtype == np.uint8
    assert loaded["train_labels"].dtype == np.int64


def test_what_is_said_of_the_dataset(outcome):
    assert outcome.said["classes"] == list("0123456789")
    assert outcome.said["maximum"] == 255
    assert outcome.said["writable"] == [False] * 3
    assert outcome.said["names"] == {
        "train": ["train/0", "train/19"],
        "validation": ["train/20", "train/10019"],
        "test": ["test/0", "test/29"],
    }
    assert [report[1:] for report in outcome.said["told"]] == [[0, 1], [1, 1]]


def test_keras_keeps_the_file(outcome):
    assert (outcome.home / "datasets" / "mnist.npz").is_file()
    assert outcome.fetched == 1, "three loads found a server, and only the first one had to ask it"


def test_other_sides_are_resized(outcome):
    small = np.load(outcome.home / "14.npz")["test_images"]
    assert small.shape == (30, 14, 14, 1)
    blocks = outcome.arrays["x_test"].reshape(30, 14, 2, 14, 2).mean(axis=(2, 4))
    assert np.corrcoef(small.ravel(), blocks.ravel())[0, 1] > 0.9


def test_without_a_network_a_sentence_says_what_to_do(outcome):
    assert outcome.offline.startswith("MNIST is not on this machine and could not be fetched (URL fetch failure on ")
    assert outcome.offline.endswith('or take the dataset "digits", which needs no network.')


def test_a_file_with_another_checksum_is_not_taken(outcome):
    assert "could not be fetched (Incomplete or corrupted file detected" in outcome.wrong


@pytest.mark.parametrize("side", [0, -28])
def test_a_side_of_no_pixels_is_refused_before_keras_is_imported(side):
    with pytest.raises(DatasetError, match=f"at least 1 pixel on each side, not {side}"):
        datasets.load("mnist", side=side)


def test_a_page_that_has_no_time_to_wait_leaves_before_keras_is_imported(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)  # an import would fail

    def leave(*_: object) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        datasets.load("mnist", side=28, progress=leave)
