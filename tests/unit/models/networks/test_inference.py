"""models/networks/inference.py: answers are those of the Keras model, as plain data, and networks stay loaded."""

import os
import pickle
import shutil
import sys
import threading
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.networks import inference
from models.networks.inference import KEPT, NETWORKS, predict, resolve, warm_up
from models.networks.saved_network import open_network
from models.pictures.drawn_pets import draw
from models.pictures.photo import grey
from models.pictures.resize import resize
from models.pictures.samples import sample
from models.zoo import assembly
from models.zoo.efficientnet_lite0 import imagenet_names

# Keras uses a deprecated way to get arrays from NumPy.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

CHELSEA = sample("chelsea").pixels


@pytest.fixture(autouse=True)
def nothing_loaded(monkeypatch):
    monkeypatch.setattr(inference, "_loaded", type(inference._loaded)())


@pytest.fixture(scope="module")
def saved(library, tmp_path_factory):
    """A function that returns the file of a small convnet with different weights in every layer."""

    @cache
    def saved(side: int, channels: int, classes: int, seed: int) -> Path:
        library.keras.utils.set_random_seed(seed)
        shape = {"side": side, "channels": channels, "classes": classes}
        model = assembly.build("convnet", **shape, any_size=True, options={"width": 0.25})
        random = np.random.default_rng(seed)
        for weight in model.weights:  # an untrained batch normalisation is the identity, which would hide mistakes
            if any(part in weight.path for part in ("gamma", "variance")):
                weight.assign(random.uniform(0.5, 1.5, weight.shape))
            elif any(part in weight.path for part in ("beta", "mean", "bias")):
                weight.assign(random.normal(0, 0.1, weight.shape))
        path = tmp_path_factory.mktemp("saved") / "pets.keras"
        model.save(path)
        return path

    return saved


@pytest.fixture
def save(saved, tmp_path):
    """A function that copies such a file into the test's folder and returns its path."""

    def save(name: str = "pets", *, side: int = 32, channels: int = 3, classes: int = 2, seed: int = 1) -> str:
        return str(shutil.copyfile(saved(side, channels, classes, seed), tmp_path / f"{name}.keras"))

    return save


def loads(monkeypatch) -> list[Path]:
    """The files that are opened from now on."""
    opened: list[Path] = []
    original = open_network

    def counted(path: Path):
        opened.append(path)
        return original(path)

    monkeypatch.setattr(inference, "open_network", counted)
    return opened


# Predictions ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pixels", [CHELSEA, draw("dog", side=90, seed=3)], ids=["chelsea", "drawn dog"])
def test_the_answer_is_that_of_the_saved_file_with_its_own_resize(pixels, save, library):
    path = save()
    model = library.keras.models.load_model(path, compile=False)
    expected = float(model(pixels[np.newaxis].astype(np.float32), training=False)[0, 0])
    found = predict(pixels, path)
    # Here the resized photo is rounded to integers, like the training's pictures.
    assert found["probabilities"][1] == pytest.approx(expected, abs=1e-2)
    square = resize(pixels, 32)[np.newaxis].astype(np.float32)
    assert found["probabilities"][1] == pytest.approx(float(model(square, training=False)[0, 0]), abs=1e-5)


def test_both_classes_of_a_sigmoid_unit_are_named_in_the_order_of_the_card(save):
    path = save()
    Path(path).with_suffix(".json").write_text('{"classes": ["cats", "dogs"]}')
    found = predict(CHELSEA, path)
    assert found["network"] == path
    assert found["classes"] == ["cats", "dogs"]
    assert sum(found["probabilities"]) == pytest.approx(1)
    assert sorted(found["top"], key=lambda pair: -pair[1]) == found["top"]
    assert dict(found["top"]) == dict(zip(found["classes"], found["probabilities"], strict=True))


def test_a_softmax_has_its_five_most_probable_classes_on_top(save, library):
    path = save(classes=7)
    found = predict(CHELSEA, path)
    assert found["classes"] == [f"class {number}" for number in range(7)]
    model = library.keras.models.load_model(path, compile=False)
    expected = model(resize(CHELSEA, 32)[np.newaxis].astype(np.float32), training=False)[0]
    np.testing.assert_allclose(found["probabilities"], expected, rtol=0, atol=1e-5)
    assert [name for name, _ in found["top"]] == [f"class {place}" for place in np.argsort(-np.array(expected))[:5]]


def test_chelsea_is_a_cat_for_imagenet_by_both_ways_of_resizing(library):
    found = predict(CHELSEA, "efficientnet-lite0")
    assert found["classes"] == list(imagenet_names())
    assert len(found["top"]) == 5
    assert all("cat" in name for name, _ in found["top"][:3])
    model = inference.warm("efficientnet-lite0").network.model
    expected = model(CHELSEA[np.newaxis].astype(np.float32), training=False)[0]
    np.testing.assert_allclose(found["probabilities"], expected, rtol=0, atol=1e-2)


def test_channels_are_made_to_fit(save):
    grey_network, colour_network = save("grey", side=8, channels=1), save("colour", side=8)
    one = grey(CHELSEA)[..., np.newaxis]
    assert predict(CHELSEA, grey_network)["probabilities"] == predict(one, grey_network)["probabilities"]
    three = one.repeat(3, axis=2)
    assert predict(one, colour_network)["probabilities"] == predict(three, colour_network)["probabilities"]


@pytest.mark.parametrize("shape", [(1, 1, 3), (5, 300, 3), (300, 5, 1), (32, 32, 3)])
def test_a_photo_of_any_size_has_an_answer(shape, save):
    assert sum(predict(np.full(shape, 90, np.uint8), save())["probabilities"]) == pytest.approx(1)


# Feature maps ---------------------------------------------------------------------------------------------------------


def layers_of(path: str) -> list[dict[str, Any]]:
    """Every layer's description, with its output for the sample cat as "values"."""
    network = inference.warm(path)
    outputs = network.outputs(CHELSEA)
    return [{**about, "values": output} for about, output in zip(network.descriptions, outputs, strict=True)]


def test_every_map_is_that_of_keras(save, library):
    path = save()
    found = layers_of(path)
    model = library.keras.models.load_model(path, compile=False)
    by_name = {step.name: step.output for step in model.operations}
    every = library.keras.Model(model.inputs[0], [by_name[layer["name"]] for layer in found])
    outputs = every(resize(CHELSEA, 32)[np.newaxis].astype(np.float32), training=False)
    assert len(outputs) > 40
    for layer, output in zip(found, outputs, strict=True):
        expected = np.asarray(output)[0]
        assert layer["values"].shape == expected.shape == tuple(layer["shape"])
        assert layer["values"].dtype == np.float32
        np.testing.assert_allclose(layer["values"], expected, rtol=1e-3, atol=1e-4, err_msg=layer["name"])


def test_the_layers_come_in_the_order_of_the_graph_and_say_what_they_take(save):
    found = layers_of(save())
    layers = {layer["name"]: layer for layer in found}
    assert len(layers) == len(found)
    seen: set[str] = set()
    for name, layer in layers.items():
        assert set(layer["inputs"]) <= seen, f"{name} comes before what it takes"
        seen.add(name)
    assert list(layers)[:3] == ["photo", "rescale", "stem_conv"]
    assert layers["rescale"]["inputs"] == ["photo"]  # without the resize
    assert layers["photo"] | {"values": None} == {
        "name": "photo",
        "class": "InputLayer",
        "shape": [32, 32, 3],
        "parameters": 0,
        "inputs": [],
        "values": None,
    }
    assert layers["stem_conv"]["class"] == "Conv2D"
    assert layers["stem_conv"]["parameters"] == 3 * 3 * 3 * 8
    assert layers["block2_add"]["inputs"] == ["block2_b_norm", "block2_around_norm"]
    assert found[-1]["name"] == "answer"
    assert found[-1]["shape"] == [1]


def test_the_first_map_is_the_photo_as_the_network_sees_it(save):
    np.testing.assert_array_equal(layers_of(save())[0]["values"], resize(CHELSEA, 32))


def test_a_network_made_elsewhere_is_taken_apart_too(library, tmp_path):
    keras, path = library.keras, tmp_path / "a.keras"
    layers = keras.layers
    steps = [layers.Conv2D(4, 3), layers.Reshape((36, 4)), layers.Flatten(), layers.Dense(3, activation="softmax")]
    keras.Sequential([keras.Input((8, 8, 3)), *steps]).save(path)
    found = layers_of(str(path))
    assert found[1]["inputs"] == [found[0]["name"]]
    shapes = [(layer["class"], layer["shape"]) for layer in found]
    # (36, 4) is neither a map nor a vector.
    assert shapes == [("InputLayer", [8, 8, 3]), ("Conv2D", [6, 6, 4]), ("Flatten", [144]), ("Dense", [3])]
    inputs = keras.Input((None, None, 3))
    squares = layers.Resizing(8, 8)(inputs)
    pooled = layers.GlobalAveragePooling2D(name="pool")(keras.ops.add(squares, 1.0))
    keras.Model(inputs, layers.Dense(1, activation="sigmoid")(pooled)).save(path)
    found = layers_of(str(path))
    assert [layer["class"] for layer in found] == ["InputLayer", "Add", "GlobalAveragePooling2D", "Dense"]
    assert found[1]["inputs"] == [found[0]["name"]]
    assert found[1]["parameters"] == 0


def test_a_layer_that_is_used_twice_appears_twice(library, tmp_path):
    keras, path = library.keras, tmp_path / "a.keras"
    inputs = keras.Input((8, 8, 3), name="pixels")
    twice = keras.layers.Rescaling(0.5, name="half")
    pooled = keras.layers.GlobalAveragePooling2D(name="pool")(twice(twice(inputs)))
    keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(pooled)).save(path)
    found = layers_of(str(path))
    assert [(layer["name"], layer["inputs"]) for layer in found[:4]] == [
        ("pixels", []),
        ("half", ["pixels"]),
        ("half_2", ["half"]),
        ("pool", ["half_2"]),
    ]
    np.testing.assert_allclose(found[2]["values"], found[0]["values"] / 4, rtol=1e-5)


def test_a_network_inside_a_network_is_one_layer(library, tmp_path):
    keras, path = library.keras, tmp_path / "a.keras"
    inside = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.ReLU()], name="body")
    inputs = keras.Input((8, 8, 3), name="pixels")
    pooled = keras.layers.GlobalAveragePooling2D(name="pool")(inside(inputs))
    keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(pooled)).save(path)
    found = layers_of(str(path))
    assert [(layer["name"], layer["shape"], layer["inputs"]) for layer in found[:3]] == [
        ("pixels", [8, 8, 3], []),
        ("body", [6, 6, 4], ["pixels"]),
        ("pool", [4], ["body"]),
    ]
    np.testing.assert_allclose(found[1]["values"].mean(axis=(0, 1)), found[2]["values"], rtol=1e-4)


def test_answers_are_plain_data(save):
    def kinds(value) -> set[type]:
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
        return {type(value)}.union(*map(kinds, inside))

    path = save()
    assert kinds(predict(CHELSEA, path)) == {dict, list, tuple, str, float}
    assert b"tensorflow" not in pickle.dumps(predict(CHELSEA, path))


# Networks that stay loaded --------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no time of the entry")
def test_a_network_of_the_same_size_and_time_is_opened_again_if_it_was_exchanged(save):
    files = [Path(save("one", seed=1)), Path(save("other", seed=2))]
    size = max(file.stat().st_size for file in files) + 100
    for file in files:
        with zipfile.ZipFile(file, "a") as archive:
            archive.comment = b"x" * (size - file.stat().st_size)
    before, state = predict(CHELSEA, str(files[0])), files[0].stat()
    os.utime(files[1], ns=(state.st_atime_ns, state.st_mtime_ns))
    files[1].replace(files[0])
    assert (files[0].stat().st_size, files[0].stat().st_mtime_ns) == (state.st_size, state.st_mtime_ns)
    assert predict(CHELSEA, str(files[0]))["probabilities"] != before["probabilities"]


def test_a_network_is_opened_once_and_again_when_its_file_is_new(save, monkeypatch):
    opened = loads(monkeypatch)
    path = save(seed=1)
    before = [predict(CHELSEA, path) for _ in range(3)][-1]
    inference.warm(path).outputs(CHELSEA)
    assert opened == [Path(path)]
    save(seed=2)
    assert predict(CHELSEA, path)["probabilities"] != before["probabilities"]
    assert opened == [Path(path)] * 2
    assert len(inference._loaded) == 1


def test_the_networks_that_were_asked_for_last_stay(save, monkeypatch):
    opened = loads(monkeypatch)
    first, *others = [save(f"network{number}", side=8) for number in range(KEPT + 1)]
    for path in (first, *others[:-1], first, others[-1]):
        predict(CHELSEA, path)
    assert len(opened) == KEPT + 1
    assert len(inference._loaded) == KEPT
    predict(CHELSEA, first)
    assert len(opened) == KEPT + 1
    predict(CHELSEA, others[0])
    assert len(opened) == KEPT + 2


def test_threads_that_ask_at_once_open_a_network_once(save, monkeypatch):
    opened, path, found = loads(monkeypatch), save(side=8), []
    threads = [threading.Thread(target=lambda: found.append(predict(CHELSEA, path))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 1
    assert [answer["probabilities"] for answer in found] == [found[0]["probabilities"]] * 4


def test_warming_up_loads_what_is_installed(save, tmp_path, monkeypatch):
    monkeypatch.setattr(inference, "WEIGHTS", tmp_path)
    save("convnet")
    monkeypatch.setattr(inference, "NETWORKS", ("convnet", "digits"))
    opened = loads(monkeypatch)
    warm_up()
    assert opened == [tmp_path / "convnet.keras"]
    predict(CHELSEA, "convnet")
    assert len(opened) == 1


# Names and refusals ---------------------------------------------------------------------------------------------------


def test_names_and_paths_are_resolved(save, tmp_path, monkeypatch):
    monkeypatch.setattr(inference, "WEIGHTS", tmp_path)
    assert resolve("efficientnet-lite0") == "imagenet"
    path = save("best")
    assert resolve(path) == Path(path)
    assert resolve(str(tmp_path)) == Path(path)  # as a run's folder
    for name in set(NETWORKS) - {"efficientnet-lite0"}:
        with pytest.raises(ValueError, match=f"The weights of {name} are not installed"):
            resolve(name)
        assert resolve(save(name, side=8)) == tmp_path / f"{name}.keras"
        assert resolve(name) == tmp_path / f"{name}.keras"


@pytest.mark.parametrize("network", ["", "resnet", "/no/such/run", "no-such.keras"])
def test_an_unknown_network_is_refused_with_what_there_is(network):
    with pytest.raises(ValueError, match=f'no network "{Path(network).name}": choose from convnet, digits'):
        predict(CHELSEA, network)


@pytest.mark.parametrize(
    "pixels",
    [
        CHELSEA.astype(np.float32),
        CHELSEA[:, :, 0],
        CHELSEA[np.newaxis],
        np.zeros((9, 9, 4), np.uint8),
        np.zeros((0, 9, 3), np.uint8),
    ],
    ids=["float", "no channel", "batch", "four channels", "empty"],
)
def test_what_is_no_photo_is_refused(pixels, save):
    with pytest.raises(ValueError, match=r"A photo is uint8 \(height, width, 3\)"):
        predict(pixels, save(side=8))


def test_a_damaged_file_and_damaged_weights_are_refused_in_a_sentence(library, tmp_path):
    (tmp_path / "a.keras").write_bytes(b"PK")
    with pytest.raises(ValueError, match=r"a\.keras is damaged"):
        predict(CHELSEA, str(tmp_path / "a.keras"))
    keras = library.keras
    layers = [keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(2)]
    model = keras.Sequential(layers)
    model.layers[-1].set_weights([np.full((192, 2), np.nan), np.zeros(2)])
    model.save(tmp_path / "c.keras")
    with pytest.raises(ValueError, match="its weights are damaged"):
        predict(CHELSEA, str(tmp_path / "c.keras"))


def test_an_error_of_tensorflow_does_not_come_out(save, library):
    path = save(side=8)
    warm = inference.warm(path)

    def fails(_squares):
        raise library.tf.errors.ResourceExhaustedError(None, None, "no memory\nmany lines")

    warm._answer = fails
    with pytest.raises(
        ValueError, match=r"could not compute this photo \(ResourceExhaustedError: no memory\)"
    ) as refused:
        predict(CHELSEA, path)
    assert refused.value.__cause__ is None
    assert "many lines" not in str(refused.value)
