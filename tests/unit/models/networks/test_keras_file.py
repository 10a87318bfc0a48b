"""models/networks/keras_file.py: a file that cannot be opened is refused in one sentence, the same at every door."""

import io
import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.evaluation.__main__ import main as evaluate
from models.networks import inference
from models.networks.keras_file import fault_in_words, fault_of
from models.networks.saved_network import NetworkError, load, open_network
from models.runs.run_directory import RunError
from models.training.__main__ import main as training
from models.zoo import assembly


@pytest.fixture(scope="module")
def good(library, tmp_path_factory) -> Path:
    """The file of a small network, as Keras saves it."""
    path = tmp_path_factory.mktemp("good") / "good.keras"
    built = assembly.build("mlp", side=8, channels=3, classes=2, any_size=True, options={"units": 4})
    built.save(path)
    return path


def repacked(source: Path, target: Path, **parts: bytes | None) -> Path:
    """Copy an archive with parts exchanged, or left out for None; a part's dots are written as two underscores."""
    exchanged = {name.replace("__", "."): part for name, part in parts.items()}
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = exchanged.get(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return target


def with_layer(good: Path, target: Path, layer: dict, **more: bytes) -> Path:
    """Copy a network's file with one layer of its description exchanged."""
    with zipfile.ZipFile(good) as archive:
        config = json.loads(archive.read("config.json"))
    layers = config["config"]["layers"]
    layers[-1] = layers[-1] | layer
    return repacked(good, target, config__json=json.dumps(config).encode(), **more)


def archive_of(names: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in names.items():
            archive.writestr(name, part)
    return file.getvalue()


def changed_inside(data: bytes) -> bytes:
    """One byte of the stored weights is another one: the archive's checksum does not fit any more."""
    place = data.index(b"\x89HDF") + 200
    return data[:place] + bytes([data[place] ^ 255]) + data[place + 1 :]


def bytes_of(kind: str, good: bytes) -> bytes:
    return {
        "empty": b"",
        "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(100),
        "text": b"no network at all",
        "web page": b"<!DOCTYPE html><html>Not found</html>",
        "Git LFS": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
        "TensorFlow Lite": b"\x1c\x00\x00\x00TFL3" + bytes(40),
        "begins as a zip": b"PK\x03\x04 no model",
        "cut short": good[: len(good) // 2],
        "changed": changed_inside(good),
        "other zip": archive_of({"photo.jpg": b"x"}),
        "PyTorch": archive_of({"archive/data.pkl": b"x", "archive/data/0": b"x"}),
        "folder around": archive_of({"mine/config.json": b"{}", "mine/model.weights.h5": b""}),
        "zipped again": archive_of({"mine.keras": good}),
        "no weights": archive_of({"config.json": b"{}"}),
        "config is no JSON": archive_of({"config.json": b"{", "model.weights.h5": b""}),
        "config is a list": archive_of({"config.json": b"[]", "model.weights.h5": b""}),
    }[kind]


SAID = {
    "empty": "is empty, 0 bytes: it was not saved or copied to its end",
    "HDF5": "is an HDF5 file under another name, the format of older versions of Keras",
    "text": "is no .keras file: that is a zip archive, and this is none",
    "web page": "is a web page",
    "Git LFS": "is a text of Git LFS that stands for the network",
    "TensorFlow Lite": "is a network of TensorFlow Lite",
    "begins as a zip": "is damaged",
    "cut short": "is damaged: it ends too early, or a part of it has changed",
    "changed": "is damaged: it ends too early, or a part of it has changed",
    "other zip": "is a zip archive but no network of Keras: it holds no config.json",
    "PyTorch": "is a file of PyTorch",
    "folder around": "was packed with a folder around it, mine",
    "zipped again": "is an archive with mine.keras in it: unpack it",
    "no weights": "holds no weights: its archive has no model.weights.h5",
    "config is no JSON": "is damaged",
    "config is a list": "is damaged",
}


@pytest.mark.parametrize("kind", SAID)
def test_every_kind_of_file_has_its_sentence_and_it_is_the_same_at_both_doors(
    kind, good, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    path = tmp_path / "mine.keras"
    path.write_bytes(bytes_of(kind, good.read_bytes()))
    sentence = fault_of(path)
    assert sentence.startswith(f"mine.keras {SAID[kind]}")
    assert sentence.endswith(".")
    assert str(tmp_path) not in sentence
    assert "not found" not in sentence.lower()
    assert len(sentence) < 250
    assert evaluate([str(path), "--dataset", "digits"]) == 2
    assert capsys.readouterr().err == f"error: {sentence}\n"
    assert training(["start", "--dataset", "digits", "--initial-weights", str(path)]) == 2
    assert capsys.readouterr().err == f"config: initial_weights: {sentence}\n"
    with pytest.raises(NetworkError) as refused:
        inference.warm(str(path))
    assert str(refused.value) == sentence
    assert not (tmp_path / "runs").exists()  # no run was begun with it


def test_folders_and_what_is_missing_have_their_sentences(good, tmp_path):
    saved_model, unpacked, run, other = (tmp_path / name for name in ("saved", "unpacked", "run", "other"))
    for folder in (saved_model, unpacked, run, other):
        folder.mkdir()
    (saved_model / "saved_model.pb").touch()
    with zipfile.ZipFile(good) as archive:
        archive.extractall(unpacked)
    shutil.copyfile(good, run / "last.keras")
    assert fault_of(saved_model).startswith("The folder saved is a SavedModel of TensorFlow, no .keras file: ")
    assert fault_of(unpacked) == "The folder unpacked is an unpacked .keras file: name the .keras file itself."
    assert fault_of(run) == "run is the folder of a run: name the file last.keras in it."
    assert fault_of(other).startswith("The folder other holds no model")
    assert fault_of(tmp_path / "gone.keras").startswith("There is no file gone.keras")
    (tmp_path / "link.keras").symlink_to(tmp_path / "gone.keras")
    assert fault_of(tmp_path / "link.keras").startswith("There is no file link.keras")
    os.mkfifo(tmp_path / "pipe.keras")
    assert "is no file that can be opened" in fault_of(tmp_path / "pipe.keras")
    assert open_network(run).path == run / "last.keras"
    shutil.copyfile(good, tmp_path / "good.h5")
    with pytest.raises(NetworkError, match=r"good\.h5 is no \.keras file by its name"):
        open_network(tmp_path / "good.h5")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(13, "Permission denied"), "no right to read it"),
        (OSError(5, "Input/output error"), "put/output"),
    ],
)
def test_a_file_that_may_not_be_read_is_not_called_missing(error, said, good, monkeypatch):
    def refuses(*_args, **_options):
        raise error

    monkeypatch.setattr(Path, "open", refuses)
    assert fault_of(good).startswith("good.keras cannot be read: ")
    assert said in fault_of(good)


OWN: dict[str, tuple[dict, str]] = {
    "a layer": (
        {"module": "my_layers", "class_name": "Twice", "registered_name": "Twice"},
        "has a layer of its own, Twice",
    ),
    "a registered layer": (
        {"module": None, "class_name": "Twice", "registered_name": "mine>Twice"},
        "has a layer of its own, Twice",
    ),
    "a layer in a wrapper": (
        {
            "module": "keras.layers",
            "class_name": "TimeDistributed",
            "config": {"layer": {"module": "__main__", "class_name": "Inner", "registered_name": "Inner"}},
        },
        "has a layer of its own, Inner",
    ),
    "an activation": (
        {"config": {"units": 1, "activation": {"module": "builtins", "class_name": "function", "config": "steep"}}},
        "has a part of its own, steep",
    ),
    "Lambda": ({"class_name": "Lambda", "config": {"function": "any"}}, "has a Lambda layer"),
}


@pytest.mark.parametrize("kind", OWN)
def test_code_of_strangers_is_named_and_not_run(kind, good, tmp_path):
    layer, said = OWN[kind]
    path = with_layer(good, tmp_path / "own.keras", layer)
    assert fault_of(path).startswith(f"own.keras {said}")
    with pytest.raises(NetworkError, match=r"own\.keras has a"):
        load(path)


@pytest.mark.parametrize("module", ["tf_keras.src.layers.core.dense", "tensorflow.keras.layers"])
def test_networks_of_keras_2_are_not_called_own_code(module, good, tmp_path):
    path = with_layer(good, tmp_path / "old.keras", {"module": module, "class_name": "Dense"})
    root = module.partition(".")[0]
    assert fault_of(path).startswith(f"old.keras was saved by {root}, whose networks are those of Keras 2: ")


def test_own_layers_that_keras_itself_wrote_are_named(library, good, tmp_path):
    keras = library.keras
    a_layer: Any = keras.layers.Layer
    a_model: Any = keras.Model

    class Thrice(a_layer):
        def call(self, x):
            return x * 3

    inputs = keras.Input((8, 8, 3))
    tripled = Thrice()(keras.layers.GlobalAveragePooling2D()(inputs))
    keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(tripled)).save(tmp_path / "own.keras")
    assert fault_of(tmp_path / "own.keras").startswith("own.keras has a layer of its own, Thrice: ")

    class Whole(a_model):
        def call(self, x):
            return x

    model = Whole()
    model(np.zeros((1, 8, 8, 3), np.float32))
    model.save(tmp_path / "whole.keras")
    assert fault_of(tmp_path / "whole.keras").startswith("whole.keras is a network of a class of its own, Whole: ")
    outputs = keras.layers.Lambda(lambda x: x[:, 0, 0, :1])(inputs)
    keras.Model(inputs, outputs).save(tmp_path / "code.keras")
    assert "no code of strangers is run here" in fault_of(tmp_path / "code.keras")
    # What belongs to the training alone is not opened.
    trained = load(good)

    def own_loss(y, p):
        return keras.ops.mean(y - p)

    trained.compile(loss=own_loss, metrics=[own_loss])
    trained.save(tmp_path / "compiled.keras")
    assert fault_of(tmp_path / "compiled.keras") == ""
    load(tmp_path / "compiled.keras")


@pytest.mark.filterwarnings("ignore:Skipping nested container:UserWarning")  # before it refuses the weights
def test_what_only_keras_finds_is_a_sentence_too(library, good, tmp_path):
    newer = json.dumps({"keras_version": "99.1.0"}).encode()
    layer = {"class_name": "LayerOfTheFuture"}

    def refusal(path: Path) -> str:
        with pytest.raises(NetworkError) as refused:
            load(path)
        assert refused.value.__cause__ is None
        assert len(str(refused.value)) < 250
        return str(refused.value)

    said = refusal(with_layer(good, tmp_path / "newer.keras", layer, metadata__json=newer))
    assert said.startswith("newer.keras was saved by Keras 99.1.0, which is newer than Keras ")
    said = refusal(with_layer(good, tmp_path / "unknown.keras", layer))
    assert "knows no LayerOfTheFuture, which is a part of it" in said
    # A newer Keras alone is no reason, if the file can be opened.
    assert load(repacked(good, tmp_path / "both.keras", metadata__json=newer)).count_params() > 0
    other = tmp_path / "other.keras"
    assembly.build("mlp", side=8, channels=3, classes=2, any_size=True, options={"units": 9}).save(other)
    with zipfile.ZipFile(other) as archive:
        weights = archive.read("model.weights.h5")
    said = refusal(repacked(good, tmp_path / "shapes.keras", model__weights__h5=weights))
    assert said == (
        "shapes.keras cannot be opened: its weights are of another network. "
        "The layer hidden1 needs 192 × 4 numbers, and the file holds 192 × 9."
    )
    said = refusal(with_layer(good, tmp_path / "setting.keras", {"config": {"units": 1, "colour": 3}}))
    assert "knows no setting colour of the layer Dense." in said
    for name, part in (("no-h5", b"nothing"), ("cut", weights[: len(weights) // 2])):
        said = refusal(repacked(good, tmp_path / f"{name}.keras", model__weights__h5=part))
        assert said == f"{name}.keras cannot be opened: its weights do not fit its layers, or are damaged."
    said = refusal(repacked(good, tmp_path / "senseless.keras", config__json=b'{"class_name": "Dense"}'))
    assert said.startswith("senseless.keras cannot be opened")


def test_too_little_memory_is_not_the_files_fault(good):
    assert fault_in_words(good, MemoryError()).endswith("it needs more memory than this machine has left.")
    assert fault_in_words(good, KeyError("what?")) == (
        "good.keras cannot be opened as a Keras network: its description makes no sense to Keras."
    )


def test_weights_to_start_with_are_refused_in_the_same_words(library, good, tmp_path):
    from models.training.saved_file import start_with

    model = load(good)
    path = tmp_path / "initial.keras"
    path.write_bytes(b"")
    with pytest.raises(RunError) as refused:
        start_with(model, path)
    assert str(refused.value) == fault_of(path)
    keras = library.keras
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, name="elsewhere")]).save(path)
    with pytest.raises(RunError, match=r"initial\.keras is another network than this one"):
        start_with(model, path)
    changed = load(good)
    changed.set_weights([weight + 1 for weight in changed.get_weights()])
    start_with(model, good)
    start_with(changed, good)
    for one, other in zip(model.get_weights(), changed.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
