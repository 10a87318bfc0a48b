"""A stranger's network that is too large is refused by what its file says, before anything of it is built."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from models import weights
from models.networks.graph_bounds import excess_of


def dense(number: int, **settings: Any) -> dict[str, Any]:
    return {"class_name": "Dense", "config": {"name": f"dense_{number}", "units": 8, "seed": 2**31, **settings}}


def layer(kind: str, **settings: Any) -> dict[str, Any]:
    return {"class_name": kind, "config": {"name": "large", **settings}}


def network(folder: Path, *layers: Any, text: str = "", **entries: bytes) -> Path:
    path = folder / "best.keras"
    first = layer("InputLayer", batch_shape=[None, 32, 32, 3])
    config = {"class_name": "Functional", "config": {"name": "model", "layers": [first, *layers]}}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", text or json.dumps(config))
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([dense(number) for number in range(1200)], "1,202 layers"),
        ([layer("Dense", units=10**9)], "large has a size of 1,000,000,000"),
        ([layer("RepeatVector", n=5_000_000)], "large has a size of 5,000,000"),
        ([layer("Conv2D", filters=8, kernel_size=[1, 2**40])], "large has a size of"),
        ([layer("UpSampling2D", size=[-(10**7), 2])], "large has a size of 10,000,000"),
        ([layer("Resizing", height=20_000, width=20_000)], "pictures of 400,000,000 numbers"),
        ([layer("Reshape", target_shape=[100_000, 100_000])], "pictures of 10,000,000,000 numbers"),
        ([layer("TimeDistributed", layer=layer("Dense", units=10**8))], "a size of 100,000,000"),
        ([layer("Functional", layers=[dense(number) for number in range(1100)])], "1,103 layers"),
    ],
)
def test_what_is_too_large_is_said(tmp_path: Path, layers: list[Any], words: str) -> None:
    assert words in excess_of(network(tmp_path, *layers))


def test_a_file_that_unpacks_to_gigabytes_or_whose_description_does_is_too_large(tmp_path: Path) -> None:
    zeros = bytes(2**20)
    path = network(tmp_path, dense(1))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("model.weights.h5", "w") as file:
        for _ in range(1100):
            file.write(zeros)
    assert path.stat().st_size < 2 * 2**20
    assert "it unpacks to 1.2 GB" in excess_of(path)
    assert "more than 16 MB" in excess_of(network(tmp_path, text=" " * (17 * 2**20)))
    assert "nested too deeply" in excess_of(network(tmp_path, text="[" * 100_000))


@pytest.mark.parametrize("name", weights.names())
def test_the_networks_that_come_along_are_within_the_bounds(name: str) -> None:
    assert excess_of(weights.FOLDER / f"{name}.keras") == ""


@pytest.mark.parametrize("data", [b"", b"PK", b"\x89HDF\r\n\x1a\n", bytes(100)])
def test_what_is_no_network_is_told_elsewhere(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "best.keras"
    path.write_bytes(data)
    assert excess_of(path) == ""
    assert excess_of(tmp_path / "nowhere.keras") == ""
    assert excess_of(network(tmp_path, text="{")) == ""
