"""lessons/dense/board: scenes, the order of terms, and the browser's sums, which are Keras's."""

from typing import Any

import numpy as np
import pytest
from skimage.data import chelsea

from components.browser import encode_array, encode_message
from components.lessons.dense.board import order_of, part_of, payload
from components.lessons.dense.board.scene import DenseScene, read_silent, read_weights
from components.lessons.dense.board.texts import KERAS_LINES
from models.answers import DenseLayer, DenseRows
from models.networks import inference
from models.networks.dense_layer import dense_layer, dense_rows
from models.storage import ROOT
from tests.node import in_node

PHOTO = chelsea()


# The scene ------------------------------------------------------------------------------------------------------------


def test_a_scene_is_the_same_after_its_url():
    scene = DenseScene(
        "efficientnet-lite0", layer="answer", map=285, order="for", page=3, feature=7, silent="3_17", weights="4~-1.25"
    )
    assert DenseScene.from_params(scene.to_params()) == scene
    assert DenseScene().to_params() == {}


@pytest.mark.parametrize(
    "params",
    [
        {"network": "../../etc", "map": "x", "order": "upwards", "page": "-4", "feature": "nan"},
        {"silent": "a_-3_1.5", "weights": "1~x_y~2_3", "bias": "much"},
        {"layer": "<b>", "which": "worst", "weights": "1~inf_2~1e999"},
    ],
)
def test_what_makes_no_sense_becomes_the_default(params):
    assert DenseScene.from_params(params) == DenseScene()


def test_changes_are_read_in_order_once_and_within_their_limits():
    assert read_silent("17_3_17_0") == (0, 3, 17)
    assert read_weights("9~0.123456789_2~-400_9~3") == {2: -10.0, 9: 3.0}
    assert DenseScene.from_params({"bias": "-0"}).bias == "0"
    assert len(read_silent("_".join(map(str, range(500))))) == 60


# The message ----------------------------------------------------------------------------------------------------------


class Answers:
    """Answers like the engine, but in this process."""

    subject = "photo and network"

    def __init__(self, scene: DenseScene) -> None:
        self._scene = scene

    def told(self) -> DenseLayer:
        return dense_layer(PHOTO, self._scene.network, self._scene.layer, self._scene.map)

    def rows(self, features: list[int]) -> DenseRows:
        return dense_rows(PHOTO, self._scene.network, self.told()["layer"], features)

    def square(self) -> str:
        return "data:image/jpeg;base64,"


def sent(scene: DenseScene) -> Any:
    return part_of(Answers(scene), scene)  # type: ignore[arg-type]


def test_the_strongest_terms_come_first_and_the_orders_are_what_they_say():
    terms = np.array([0.1, -3.0, 2.0, 0.0])
    assert order_of(terms, "strength").tolist() == [1, 2, 0, 3]
    assert order_of(terms, "for").tolist() == [2, 0, 3, 1]
    assert order_of(terms, "against").tolist() == [1, 3, 0, 2]


@pytest.mark.parametrize("network", ["convnet", "efficientnet-lite0"])
def test_a_message_stays_small_and_a_page_past_the_end_is_the_last_one(network):
    last = sent(DenseScene(network, page=9999))
    assert last["page"] == last["pages"] - 1
    assert 1 <= len(last["shown"]) <= 10
    assert len(encode_message(last)) < 300_000
    assert len(encode_message(payload(DenseScene(network), "x", last["id"]))) < 10_000
    assert sent(DenseScene(network, page=9999))["id"] == last["id"] != sent(DenseScene(network))["id"]


def test_rows_of_silenced_features_come_along_where_other_units_need_them():
    assert 1279 in sent(DenseScene("efficientnet-lite0", silent="1279_4000"))["rows"]
    assert 4000 not in sent(DenseScene("efficientnet-lite0", silent="1279_4000"))["rows"]
    assert 191 not in sent(DenseScene("convnet", silent="191"))["rows"][:10]


# The browser's sums ---------------------------------------------------------------------------------------------------

HARNESS = """
import { addUp, readChanges, writeChanges } from "./lessons/dense/board/sums.js";
const { part, scenes } = told;
const floats = (text) => new Float32Array(new Uint8Array(Buffer.from(text, "base64")).buffer);
const kernel = floats(part.kernel);
const rowOf = (_, place) => kernel.subarray(place * part.units, (place + 1) * part.units);
const layer = {
  ...part, x: floats(part.x), w: floats(part.w), logits: floats(part.logits),
  rowOf: new Map(part.rows.map((feature, place) => [feature, rowOf(feature, place)])),
};
answer(scenes.map((scene) => {
  const changes = readChanges(scene);
  const { z, shown, rest, bias, probabilities } = addUp(layer, changes);
  return { z, shown, rest, bias, probabilities: Array.from(probabilities), again: writeChanges(changes) };
}));
"""


def in_the_browser(part: Any, scenes: list[DenseScene]) -> list[Any]:
    return in_node(HARNESS, {"part": part, "scenes": [scene.all_params() for scene in scenes]})


def keras_says(network: str, scene: DenseScene, unit: int) -> list[float]:
    """The probabilities of the real network, with its last layer changed as in the scene."""
    model = inference.warm(network).network.model
    answer = model.layers[-1]
    kernel, bias = np.asarray(answer.kernel).copy(), np.asarray(answer.bias).copy()
    changed, moved = kernel.copy(), bias.copy()
    for feature, weight in read_weights(scene.weights).items():
        changed[feature, unit] = weight
    changed[list(read_silent(scene.silent))] = 0
    if scene.bias:
        moved[unit] = float(scene.bias)
    try:
        answer.kernel.assign(changed)
        answer.bias.assign(moved)
        found = np.asarray(model(dense_layer(PHOTO, network)["square"][np.newaxis].astype(np.float32)))[0]
    finally:
        answer.kernel.assign(kernel)
        answer.bias.assign(bias)
    return [1 - found[0], found[0]] if len(found) == 1 else found.tolist()


@pytest.mark.parametrize("network", ["convnet", "efficientnet-lite0-pets", "efficientnet-lite0", "digits"])
def test_the_browsers_answer_is_that_of_keras_whatever_was_changed(network):
    first = sent(DenseScene(network))
    one, two, three = first["shown"][:3]
    scenes = [
        DenseScene(network),
        DenseScene(network, silent=f"{one}"),
        DenseScene(network, silent="_".join(map(str, sorted(first["shown"])))),
        DenseScene(network, weights=f"{two}~1.5", silent=f"{one}"),
        DenseScene(network, weights=f"{three}~-2", bias="-1.25"),
        DenseScene(network, weights=f"{three}~-2", silent=f"{three}"),
    ]
    scenes = [DenseScene.from_params(scene.all_params()) for scene in scenes]
    for scene, found in zip(scenes, in_the_browser(first, scenes), strict=True):
        np.testing.assert_allclose(found["probabilities"], keras_says(network, scene, first["unit"]), atol=1e-5)
        assert found["shown"] + found["rest"] + found["bias"] == pytest.approx(found["z"], abs=1e-9)
        assert found["again"] == {name: getattr(scene, name) for name in ("silent", "weights", "bias")}


@pytest.mark.parametrize("activation", ["linear", "relu", "tanh", "sigmoid", "softmax"])
def test_the_browsers_sums_are_those_of_a_keras_layer(activation, library):
    random = np.random.default_rng(9)
    x, kernel = random.normal(0, 1, (1, 40)).astype("float32"), random.normal(0, 1, (40, 6)).astype("float32")
    biases = random.normal(0, 1, 6).astype("float32")
    layer = library.keras.layers.Dense(6, activation=activation)
    layer.build(x.shape)
    silent, moved, unit = [3, 17], {5: 1.5, 17: 9.0, 30: -2.0}, 2
    layer.set_weights([kernel, biases])
    part = {
        "units": 6,
        "unit": unit,
        "activation": activation,
        "bias": float(biases[unit]),
        "shown": [1, 3, 5],
        "x": encode_array(x, "f4"),
        "w": encode_array(kernel[:, unit], "f4"),
        "kernel": encode_array(kernel, "f4"),
        "logits": encode_array(x @ kernel + biases, "f4"),
        "rows": list(range(40)),
    }
    changed = kernel.copy()
    for feature, weight in moved.items():
        changed[feature, unit] = weight
    changed[silent] = 0
    scene = DenseScene(silent="3_17", weights="_".join(f"{one}~{weight}" for one, weight in moved.items()))
    for found, weights in zip(in_the_browser(part, [DenseScene(), scene]), (kernel, changed), strict=True):
        layer.set_weights([weights, biases])
        np.testing.assert_allclose(found["probabilities"], np.asarray(layer(x))[0], rtol=1e-4, atol=1e-5)
        assert found["z"] == pytest.approx(float((x @ weights + biases)[0, unit]), abs=1e-4)


# The Keras lines ------------------------------------------------------------------------------------------------------


def test_the_pages_keras_lines_give_the_networks_own_answer(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    exec(compile(KERAS_LINES, "lines.py", "exec"), names)
    assert names["p"] == pytest.approx(float(names["network"](names["photo"])[0, 0]), abs=1e-5)
    assert names["terms"].shape == (192,)
    assert "193 of 853,089 parameters" in capsys.readouterr().out
    assert max(map(len, KERAS_LINES.splitlines())) <= 120
