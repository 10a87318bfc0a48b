"""models/networks/ending.py: the last activation decides whether answers are probabilities, everywhere alike."""

from pathlib import Path

import numpy as np
import pytest
from skimage.data import chelsea

from models.datasets import Part
from models.evaluation import score
from models.evaluation.heatmap import look_closely
from models.networks import inference
from models.networks.dense_layer import dense_layer
from models.networks.ending import ending
from models.networks.network_map import network_map
from models.networks.saved_network import NetworkError, open_network
from models.pictures.resize import resize

# Keras uses a deprecated way to get arrays from NumPy.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

PHOTO = chelsea()


def network(keras, *end):
    """A network whose last steps are these."""
    keras.utils.set_random_seed(4)
    tensor = inputs = keras.Input((8, 8, 3))
    for step in (keras.layers.Rescaling(1 / 255), keras.layers.GlobalAveragePooling2D(), *end):
        tensor = step(tensor)
    return keras.Model(inputs, tensor)


def ends(keras) -> dict[str, tuple]:
    """Ends of networks, and what they are."""
    layers, ops = keras.layers, keras.ops
    dense, inner = layers.Dense, keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.Softmax()])
    spectral, shared = layers.SpectralNormalization, layers.TimeDistributed
    softmax = dense(4, activation="softmax")
    one_by_one = [layers.Reshape((1, 1, 3)), layers.Conv2D(4, 1)]
    return {
        "one sigmoid unit": ("sigmoid", dense(1, activation="sigmoid")),
        "sigmoid as a layer": ("sigmoid", dense(1), layers.Activation("sigmoid")),
        "sigmoid as an operation": ("sigmoid", dense(1), ops.sigmoid),
        "sigmoid, then float32": (
            "sigmoid",
            dense(1, activation="sigmoid"),
            layers.Activation("linear", dtype="float32"),
        ),
        "softmax": ("softmax", dense(2, activation="softmax")),
        "softmax as a layer": ("softmax", dense(5), layers.Softmax()),
        "softmax as an operation": ("softmax", dense(5), ops.softmax),
        "softmax, then nothing": ("softmax", dense(5, activation="softmax"), layers.Dropout(0.5), layers.Identity()),
        "softmax, then noise": ("softmax", dense(5, activation="softmax"), layers.GaussianNoise(0.1)),
        "softmax by its place": ("softmax", dense(5), layers.Softmax(axis=1)),
        "softmax of maps, by the layer for squares": (
            "softmax",
            *one_by_one,
            layers.Softmax(),
            layers.AveragePooling2D(1),
            layers.Flatten(),
        ),
        "softmax, reshaped": ("softmax", dense(4, activation="softmax"), layers.Reshape((1, 4)), layers.Flatten()),
        "softmax, cast": ("softmax", dense(4, activation="softmax"), lambda x: ops.cast(x, "float32")),
        "softmax in a network": ("softmax", inner),
        "softmax of maps": ("softmax", *one_by_one, layers.Softmax(), layers.GlobalAveragePooling2D()),
        "softmax in a wrapper": ("softmax", spectral(dense(2, activation="softmax"))),
        "softmax in two wrappers": ("softmax", spectral(spectral(dense(2, activation="softmax")))),
        "softmax in a wrapper, reshaped": ("softmax", spectral(softmax), layers.Reshape((4,)), layers.Identity()),
        "softmax at every place, averaged": (
            "softmax",
            layers.Reshape((3, 1)),
            shared(dense(4, activation="softmax")),
            layers.GlobalAveragePooling1D(),
        ),
        "softmax in rows, averaged by an operation": (
            "softmax",
            dense(8),
            layers.Reshape((2, 4)),
            layers.Softmax(),
            lambda x: ops.mean(x, axis=1),
        ),
        "softmax along the only axis": (
            "softmax",
            dense(4),
            layers.Reshape((4, 1)),
            layers.Softmax(axis=1),
            layers.Flatten(),
        ),
        "softmax over both axes": (
            "softmax",
            dense(4),
            layers.Reshape((2, 2)),
            layers.Softmax(axis=(1, 2)),
            layers.Flatten(),
        ),
        "softmax, clipped to what it is": ("softmax", softmax, lambda x: ops.clip(x, 0, 1)),
        "sigmoid in a wrapper": ("sigmoid", spectral(dense(1, activation="sigmoid"))),
        "sigmoid, clipped": ("sigmoid", dense(1, activation="sigmoid"), lambda x: ops.clip(x, 1e-7, 1 - 1e-7)),
        "logits in a wrapper": ("logits", spectral(dense(4))),
        "logits by a temperature": ("logits", dense(4), lambda x: x / 2.5),
        "logits times a number": ("logits", dense(4), lambda x: 0.5 * x - 1),
        "logits, rescaled": ("logits", dense(1), layers.Rescaling(0.5)),
        "softmax by a temperature": ("softmax", dense(4), lambda x: x / 2.5, layers.Softmax()),
        "one unit": ("logits", dense(1)),
        "two units": ("logits", dense(2)),
        "ten units, by name": ("logits", dense(10, activation="linear")),
        "logits in a network": ("logits", keras.Sequential([keras.Input((3,)), dense(4)])),
        "logits and Dropout": ("logits", dense(3), layers.Dropout(0.5)),
        "logits, normalised": ("logits", dense(3), layers.BatchNormalization()),
        "logits of maps": ("logits", *one_by_one, layers.GlobalAveragePooling2D()),
        "log_softmax": ("logits", dense(3, activation="log_softmax")),
        "relu": (None, dense(3, activation="relu")),
        "relu as a layer": (None, dense(3), layers.ReLU()),
        "tanh": (None, dense(1, activation="tanh")),
        "several sigmoid units": (None, dense(2, activation="sigmoid")),
        "softmax of one unit": (None, dense(1, activation="softmax")),
        "softmax in percent": (None, dense(3, activation="softmax"), layers.Rescaling(100)),
        "relu in a wrapper": (None, spectral(dense(3, activation="relu"))),
        "softmax, clipped": (None, softmax, lambda x: ops.clip(x, 0.1, 0.9)),
        "softmax, clipped and passed on": (None, softmax, lambda x: ops.clip(x, 0.1, 0.9), layers.Dropout(0.5)),
        "softmax by a number": (None, softmax, lambda x: x / 2),
        "softmax, normalised": (None, softmax, layers.BatchNormalization()),
        "softmax, then relu": (None, softmax, layers.ReLU()),
        "softmax in rows, averaged along them": (
            None,
            dense(8),
            layers.Reshape((4, 2)),
            layers.Softmax(),
            lambda x: ops.mean(x, axis=2),
        ),
        "softmax torn apart, averaged": (None, softmax, layers.Reshape((2, 2)), layers.GlobalAveragePooling1D()),
        "softmax of maps turned round, averaged": (
            None,
            *one_by_one,
            layers.Softmax(),
            layers.Reshape((4, 1)),
            layers.GlobalAveragePooling1D(),
        ),
        "sigmoid, clipped too far": (None, dense(1, activation="sigmoid"), lambda x: ops.clip(x, 0, 2) * 2),
        "both answers of one sigmoid": (
            None,
            dense(1, activation="sigmoid"),
            lambda x: ops.concatenate([1 - x, x]),
        ),
        "sparsemax": (None, dense(3, activation="sparsemax")),
        "logits through a number": (None, dense(4), lambda x: 2 / x),
        "logits over logits": (None, dense(4), lambda x: x / (x + 1)),
        "softmax over other numbers": (
            None,
            layers.Dense(4),
            layers.Reshape((2, 2)),
            layers.Softmax(),
            layers.Flatten(),
        ),
        "softmax over the places": (None, *one_by_one, layers.Softmax(axis=1), layers.GlobalAveragePooling2D()),
        "softmax over the batch": (None, dense(3), layers.Softmax(axis=0)),
        "largest of maps": (None, *one_by_one, layers.GlobalMaxPooling2D()),
    }


def test_the_last_activation_decides(library):
    found = {name: ending(network(library.keras, *steps))[0] for name, (_, *steps) in ends(library.keras).items()}
    assert found == {name: kind for name, (kind, *_) in ends(library.keras).items()}


def test_what_is_taken_for_probabilities_is(library):
    pictures = np.random.default_rng(2).uniform(0, 255, (5, 8, 8, 3)).astype(np.float32)
    for name, (kind, *steps) in ends(library.keras).items():
        if kind not in ("sigmoid", "softmax"):
            continue
        answers = np.asarray(network(library.keras, *steps)(pictures, training=False))
        assert ((answers >= 0) & (answers <= 1)).all(), name
        if kind == "softmax":
            np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-5, err_msg=name)


def test_several_softmaxes_averaged_are_one_and_added_are_none(library):
    keras, layers = library.keras, library.keras.layers
    inputs = keras.Input((8, 8, 3))
    pooled = layers.GlobalAveragePooling2D()(inputs)
    both = [layers.Dense(3, activation="softmax")(pooled) for _ in range(2)]
    assert ending(keras.Model(inputs, layers.Average()(both)))[0] == "softmax"
    assert ending(keras.Model(inputs, layers.Add()(both)))[0] is None
    weighted = library.keras.ops.average(library.keras.ops.stack(both, axis=1), axis=1, weights=np.array([2.0, -1.0]))
    assert ending(keras.Model(inputs, weighted))[0] is None
    sums = [layers.Dense(3)(pooled) for _ in range(2)]
    assert ending(keras.Model(inputs, layers.Add()(sums)))[0] == "logits"
    assert ending(keras.Model(inputs, layers.Average()([both[0], sums[0]])))[0] is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("relu", "ends in relu, which gives no probabilities"),
        ("relu as a layer", "ends in ReLU, which gives no probabilities"),
        ("several sigmoid units", "ends in 2 sigmoid units: each says yes or no to its own class"),
        ("softmax of one unit", "ends in a softmax of one unit, which is always 1"),
        ("softmax over other numbers", "ends in a softmax that is not over its 4 outputs"),
        ("softmax over the batch", "ends in a softmax that is not over its 3 outputs"),
        ("relu in a wrapper", "ends in relu, which gives no probabilities"),
        ("softmax in percent", "has a softmax, but after it comes Rescaling, which may change the probabilities"),
        (
            "softmax, clipped and passed on",
            "has a softmax, but after it comes Clip, which may change the probabilities",
        ),
        ("both answers of one sigmoid", "has a sigmoid, but after it comes Concatenate, which may change"),
        ("sparsemax", "ends in sparsemax, and whether that gives probabilities is not known here"),
    ],
)
def test_what_gives_no_probabilities_is_refused_by_every_question_in_one_sentence(name, said, library, tmp_path):
    path = tmp_path / "end.keras"
    network(library.keras, *ends(library.keras)[name][1:]).save(path)
    sentences = set()
    for ask in (inference.predict, network_map, dense_layer, look_closely):
        with pytest.raises(NetworkError) as refused:
            ask(PHOTO, str(path))
        sentences.add(str(refused.value))
    with pytest.raises(NetworkError) as refused:
        open_network(path)
    assert sentences == {str(refused.value)}
    assert str(refused.value).startswith(f"end.keras {said}")


def by_numpy(logits: np.ndarray) -> np.ndarray:
    """Probabilities of all classes."""
    if len(logits) == 1:
        logits = np.array([0, logits[0]])
    shares = np.exp(logits - logits.max())
    return shares / shares.sum()


@pytest.mark.parametrize("units", [1, 2, 5])
def test_logits_become_probabilities_in_every_question_alike(units, library, tmp_path):
    model = network(library.keras, library.keras.layers.Dense(units, name="answer"))
    weights = [np.full((3, units), 0.2) * np.arange(1, units + 1), np.full(units, 0.3)]
    model.layers[-1].set_weights(weights)  # all logits lie between 0 and 1 or a little above: that decides nothing
    path = str(tmp_path / "logits.keras")
    model.save(path)
    opened = open_network(Path(path))
    assert (opened.added, opened.answers) == ("sigmoid" if units == 1 else "softmax", max(2, units))
    square = resize(PHOTO, 8)[np.newaxis]
    logits = np.asarray(model(square.astype(np.float32), training=False))[0]
    expected = by_numpy(logits.astype(float))
    np.testing.assert_allclose(inference.predict(PHOTO, path)["probabilities"], expected, atol=1e-6)
    shown = network_map(PHOTO, path)
    np.testing.assert_allclose(shown["probabilities"], expected, atol=1e-6)
    assert [layer["name"] for layer in shown["layers"][-2:]] == ["answer", f"added_{opened.added}"]
    np.testing.assert_allclose(look_closely(PHOTO, path)["probabilities"], expected, atol=1e-6)
    board = dense_layer(PHOTO, path)
    assert (board["layer"], board["activation"], board["last"]) == ("answer", opened.added, True)
    np.testing.assert_allclose(board["logits"], logits, atol=1e-5)
    assert board["output"] == pytest.approx(expected[-1] if units == 1 else expected[board["unit"]], abs=1e-6)
    part = Part(square, np.zeros(1, np.int64), ("one",))
    scored = score(opened.model, part)[0]
    np.testing.assert_allclose(scored, expected[1] if units == 1 else expected, atol=1e-6)


def test_names_of_inputs_outputs_and_layers_do_not_matter(library, tmp_path):
    keras, layers = library.keras, library.keras.layers
    inputs = keras.Input((8, 8, 3), name="picture")
    pooled = layers.GlobalAveragePooling2D()(layers.Rescaling(1 / 255)(inputs))
    named = keras.Model({"picture": inputs}, {"pet": layers.Dense(2, activation="softmax")(pooled)})
    taken = keras.Model(inputs, layers.Dense(2, name="added_softmax")(pooled))
    part = Part(resize(PHOTO, 8)[np.newaxis], np.zeros(1, np.int64), ("one",))
    for name, model in (("named", named), ("taken", taken)):
        path = tmp_path / f"{name}.keras"
        model.save(path)
        opened = open_network(path)
        expected = inference.predict(PHOTO, str(path))["probabilities"]
        np.testing.assert_allclose(score(opened.model, part)[0], expected, atol=1e-6)
        assert sum(expected) == pytest.approx(1)


def test_a_layer_in_a_wrapper_is_shown_as_the_layer(library, tmp_path):
    layers = library.keras.layers
    path = str(tmp_path / "wrapped.keras")
    network(library.keras, layers.SpectralNormalization(layers.Dense(3, activation="softmax"), name="end")).save(path)
    board, close = dense_layer(PHOTO, path), look_closely(PHOTO, path)
    assert (board["layer"], board["activation"], board["units"], board["last"]) == ("end", "softmax", 3, True)
    np.testing.assert_allclose(by_numpy(board["logits"].astype(float)), board["probabilities"], atol=1e-6)
    np.testing.assert_allclose(close["probabilities"], board["probabilities"], atol=1e-6)
    shown = network_map(PHOTO, path)["layers"][-1]
    assert (shown["name"], shown["class"], shown["parameters"]) == ("end", "Dense", 3 * 3 + 3)


def test_a_hidden_layers_activation_may_be_a_step_of_its_own(library, tmp_path):
    layers = library.keras.layers
    steps = [
        layers.Dense(6, name="hidden"),
        layers.Activation("relu"),
        layers.Dropout(0.5),
        layers.Dense(2, name="end"),
    ]
    model = network(library.keras, *steps, layers.Softmax())
    path = str(tmp_path / "hidden.keras")
    model.save(path)
    hidden = dense_layer(PHOTO, path, "hidden", 2)
    assert (hidden["activation"], hidden["last"]) == ("relu", False)
    assert hidden["output"] == pytest.approx(max(float(hidden["logits"][2]), 0), abs=1e-6)
    end = dense_layer(PHOTO, path, "end", 1)
    assert (end["activation"], end["last"]) == ("softmax", True)
    assert end["output"] == pytest.approx(end["probabilities"][1], abs=1e-6)
