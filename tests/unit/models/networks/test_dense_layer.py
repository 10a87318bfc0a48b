"""What a Dense layer adds up is Keras's own, also with a feature silenced or a weight moved."""

from typing import Any

import numpy as np
import pytest
from skimage.data import chelsea

from models.answers import DenseLayer
from models.networks import inference
from models.networks.dense_layer import dense_layer, dense_rows
from models.networks.network_map import network_map

PHOTO = chelsea()
NETWORKS = ("convnet", "efficientnet-lite0-pets", "efficientnet-lite0")


@pytest.fixture(scope="module", params=NETWORKS)
def network(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def told(network: str) -> DenseLayer:
    return dense_layer(PHOTO, network)


def keras_answer(network: str, change: Any) -> np.ndarray:
    """Keras's answer for the photo with a changed kernel in the last layer, float32 (answers,)."""
    model = inference.warm(network).network.model
    answer = model.layers[-1]
    kernel = np.asarray(answer.kernel).copy()
    changed = kernel.copy()
    change(changed)
    square = network_map(PHOTO, network)["square"][np.newaxis].astype(np.float32)
    try:
        answer.kernel.assign(changed)
        return np.asarray(model(square, training=False))[0]
    finally:
        answer.kernel.assign(kernel)


def activated(told: dict[str, Any], logits: np.ndarray) -> np.ndarray:
    if told["activation"] == "sigmoid":
        return 1 / (1 + np.exp(-logits))
    shares = np.exp(logits - logits.max())
    return shares / shares.sum()


def test_the_sum_of_all_terms_and_the_bias_is_the_networks_own_answer(network, told):
    logit = float((told["x"].astype(float) * told["weights"]).sum() + told["biases"][told["unit"]])
    assert logit == pytest.approx(float(told["logits"][told["unit"]]), abs=1e-5)
    expected = keras_answer(network, lambda kernel: None)
    found = activated(told, told["logits"].astype(float))
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert told["output"] == pytest.approx(float(expected[told["unit"]]), abs=1e-5)
    probabilities = [1 - expected[0], expected[0]] if len(expected) == 1 else expected
    np.testing.assert_allclose(told["probabilities"], probabilities, atol=1e-5)
    assert told["last"]


def test_a_silenced_feature_is_keras_with_that_weight_zero(network, told):
    strongest = int(np.abs(told["x"] * told["weights"]).argmax())

    def silence(kernel: np.ndarray) -> None:
        kernel[strongest] = 0

    row = dense_rows(PHOTO, network, told["layer"], [strongest])["kernel"][0]
    logits = told["logits"].astype(float) - told["x"][strongest] * row
    np.testing.assert_allclose(activated(told, logits), keras_answer(network, silence), atol=1e-5)


def test_a_moved_weight_is_keras_with_that_weight(network, told):
    feature = int(np.argsort(-np.abs(told["x"] * told["weights"]))[3])

    def move(kernel: np.ndarray) -> None:
        kernel[feature, told["unit"]] = 0.75

    logits = told["logits"].astype(float)
    logits[told["unit"]] += told["x"][feature] * (0.75 - told["weights"][feature])
    np.testing.assert_allclose(activated(told, logits), keras_answer(network, move), atol=1e-5)


def test_every_input_is_the_mean_of_its_map(network, told):
    count = len(told["x"])
    features = [0, count // 2, count - 1]
    rows = dense_rows(PHOTO, network, told["layer"], features)
    assert rows["maps"].shape == (3, *told["maps_shape"][:2])
    np.testing.assert_allclose(rows["maps"].mean(axis=(1, 2)), told["x"][features], atol=1e-5)
    np.testing.assert_array_equal(rows["kernel"][:, told["unit"]], told["weights"][features])


def test_the_layers_parameters_are_those_that_keras_counts(network, told):
    model = inference.warm(network).network.model
    assert sum(layer["parameters"] for layer in told["parameters"]) == model.count_params()
    dense = next(layer for layer in told["parameters"] if layer["class"] == "Dense")
    assert dense["parameters"] == len(told["x"]) * told["units"] + told["units"]


def test_a_unit_is_chosen_by_its_number_and_one_that_is_not_there_becomes_the_strongest():
    first = dense_layer(PHOTO, "efficientnet-lite0")
    assert first["unit"] == int(np.argmax(first["probabilities"]))
    fox = dense_layer(PHOTO, "efficientnet-lite0", "answer", 277)
    assert fox["unit"] == 277
    assert fox["output"] == pytest.approx(fox["probabilities"][277], abs=1e-5)
    assert dense_layer(PHOTO, "efficientnet-lite0", "gone", 1000)["unit"] == first["unit"]


def test_a_network_of_dense_layers_only_has_no_maps_and_hidden_layers(monkeypatch, tmp_path):
    from models.zoo import assembly

    model = assembly.build("mlp", side=28, channels=1, classes=10, options={"units": 20})
    path = tmp_path / "mlp.keras"
    model.save(path)
    told = dense_layer(PHOTO, str(path))
    assert (told["maps"], told["maps_shape"]) == ("", ())
    hidden = dense_layer(PHOTO, str(path), "hidden1", 3)
    assert (hidden["layer"], hidden["unit"], hidden["activation"], hidden["last"]) == ("hidden1", 3, "relu", False)
    assert hidden["output"] == pytest.approx(max(float(hidden["logits"][3]), 0), abs=1e-5)
    assert dense_rows(PHOTO, str(path), "hidden1", [5, 6])["maps"].shape == (2, 0, 0)


def test_what_is_not_there_is_refused_in_a_sentence(monkeypatch, tmp_path):
    import keras

    with pytest.raises(ValueError, match="has 192 inputs: index 0 to 191"):
        dense_rows(PHOTO, "convnet", "answer", [192])
    inputs = keras.Input((16, 16, 3))
    outputs = keras.layers.Softmax()(keras.layers.GlobalAveragePooling2D()(inputs))
    keras.Model(inputs, outputs).save(tmp_path / "none.keras")
    with pytest.raises(ValueError, match="no dense layer"):
        dense_layer(PHOTO, str(tmp_path / "none.keras"))
