"""models/datasets/mnist.py: Keras fetches the digits, here from a small server on this machine.

Each load runs in a process of its own: Keras reads KERAS_HOME when it is imported, and nobody's real cache is touched.
"""

import hashlib
import http.server
import json
import os
import subprocess
import sys
import threading
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from models import datasets
from models.datasets import DatasetError

ROOT = Path(__file__).resolve().parents[2]

# Keras names its server and the file's checksum in its source. Only these two are replaced; the rest is Keras's own.
LOAD = """
import json, sys
import keras
from keras.src.datasets import mnist
from models import datasets
address, checksum, side, out = sys.argv[1:]
fetch = mnist.get_file
if address:
    mnist.get_file = lambda fname, origin, file_hash: fetch(fname=fname, origin=address, file_hash=checksum)
told = []
try:
    dataset = datasets.load("mnist", side=int(side), progress=lambda *report: told.append(report))
except datasets.DatasetError as error:
    print(json.dumps({"error": str(error)}))
    sys.exit()
import numpy as np
parts = {name: dataset.part(name) for name in datasets.PARTS}
images = {f"{name}_images": part.images for name, part in parts.items()}
np.savez(out, **images, **{f"{name}_labels": part.labels for name, part in parts.items()})
print(json.dumps({
    "classes": dataset.classes, "maximum": dataset.maximum, "told": told,
    "names": {name: [part.names[0], part.names[-1]] for name, part in parts.items()},
    "writable": [bool(part.images.flags.writeable) for part in parts.values()],
}))
"""


def small_mnist() -> dict[str, np.ndarray]:
    """Numbers in the file's layout: fewer than in MNIST, but more than validation takes."""
    generator = np.random.default_rng(0)
    sizes = {"train": 10_020, "test": 30}
    images = {f"x_{name}": generator.integers(0, 256, (size, 28, 28), np.uint8) for name, size in sizes.items()}
    return images | {f"y_{name}": generator.integers(0, 10, size, np.uint8) for name, size in sizes.items()}


@pytest.fixture(scope="module")
def served():
    """(address, checksum, arrays, requests) of an mnist.npz on 127.0.0.1."""
    arrays, file, requests = small_mnist(), BytesIO(), []
    np.savez(file, **arrays)
    data = file.getvalue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            requests.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/mnist.npz", hashlib.sha256(data).hexdigest(), arrays, requests
    server.shutdown()
    server.server_close()


def load(home: Path, *, address: str = "", checksum: str = "", side: int = 28) -> dict:
    """What a new process says of the dataset, and the arrays that it saved."""
    home.mkdir(exist_ok=True)
    out = home / "loaded.npz"
    # An unreachable proxy stands for a machine without a network: without it a test could fetch the real file.
    environment = os.environ | {"KERAS_HOME": str(home), "TF_CPP_MIN_LOG_LEVEL": "3", "no_proxy": "127.0.0.1"}
    environment |= {"https_proxy": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    run = subprocess.run(
        [sys.executable, "-c", LOAD, address, checksum, str(side), str(out)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout.splitlines()[-1])
    return said | (dict(np.load(out)) if "error" not in said else {})


def test_the_parts_are_those_of_the_file_that_keras_fetches(served, tmp_path):
    address, checksum, arrays, requests = served
    loaded = load(tmp_path / "keras", address=address, checksum=checksum)
    np.testing.assert_array_equal(loaded["train_images"][..., 0], arrays["x_train"][:20])
    np.testing.assert_array_equal(loaded["validation_images"][..., 0], arrays["x_train"][20:])
    np.testing.assert_array_equal(loaded["test_images"][..., 0], arrays["x_test"])
    np.testing.assert_array_equal(loaded["train_labels"], arrays["y_train"][:20])
    np.testing.assert_array_equal(loaded["validation_labels"], arrays["y_train"][20:])
    np.testing.assert_array_equal(loaded["test_labels"], arrays["y_test"])
    assert loaded["train_images"].dtype == np.uint8
    assert loaded["train_labels"].dtype == np.int64
    assert (loaded["classes"], loaded["maximum"], loaded["writable"]) == (list("0123456789"), 255, [False] * 3)
    assert loaded["names"] == {
        "train": ["train/0", "train/19"],
        "validation": ["train/20", "train/10019"],
        "test": ["test/0", "test/29"],
    }
    assert [report[1:] for report in loaded["told"]] == [[0, 1], [1, 1]]

    asked = len(requests)
    again = load(tmp_path / "keras", address=address, checksum=checksum, side=14)
    assert len(requests) == asked, "the file was fetched once more, although Keras had kept it"
    assert again["test_images"].shape == (30, 14, 14, 1)
    blocks = arrays["x_test"].reshape(30, 14, 2, 14, 2).mean(axis=(2, 4))
    assert np.corrcoef(again["test_images"].ravel(), blocks.ravel())[0, 1] > 0.9


def test_without_a_network_a_sentence_says_what_to_do(tmp_path):
    said = load(tmp_path / "keras")["error"]
    assert said.startswith("MNIST is not on this machine and could not be fetched (URL fetch failure on ")
    assert said.endswith('connect to the internet and try again, or take the dataset "digits", which needs no network.')


@pytest.mark.slow  # another start of TensorFlow, for what Keras itself promises
def test_a_file_with_another_checksum_is_not_taken(served, tmp_path):
    said = load(tmp_path / "keras", address=served[0], checksum="0" * 64)["error"]
    assert said.startswith(
        "MNIST is not on this machine and could not be fetched (Incomplete or corrupted file detected"
    )


@pytest.mark.parametrize("side", [0, -28])
def test_a_side_of_no_pixels_is_refused_before_keras_is_imported(side):
    with pytest.raises(DatasetError, match=f"at least 1 pixel on each side, not {side}"):
        datasets.load("mnist", side=side)
