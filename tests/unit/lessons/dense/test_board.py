"""lessons/dense/board: scenes, the order of terms, and the browser's sums, which are Keras's."""

import re
from typing import Any

import numpy as np
import pytest
from PIL import Image
from skimage.data import chelsea

from components.browser import encode_array, encode_message
from components.lessons.dense.board import A_PAGE, order_of, part_of, payload
from components.lessons.dense.board.scene import ORDERS, DenseScene, read_silent, read_weights
from components.lessons.dense.board.texts import KERAS_LINES, TEXTS
from models.answers import DenseLayer, DenseRows
from models.networks import inference
from models.networks.dense_layer import dense_layer, dense_rows
from models.pictures.samples import SAMPLES, sample
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

    def __init__(self, scene: DenseScene, pixels: np.ndarray) -> None:
        self._scene = scene
        self._pixels = pixels

    def told(self) -> DenseLayer:
        return dense_layer(self._pixels, self._scene.network, self._scene.layer, self._scene.map)

    def rows(self, features: list[int]) -> DenseRows:
        return dense_rows(self._pixels, self._scene.network, self.told()["layer"], features)

    def square(self) -> str:
        return "data:image/jpeg;base64,"


def sent(scene: DenseScene, pixels: np.ndarray = PHOTO) -> Any:
    return part_of(Answers(scene, pixels), scene)  # type: ignore[arg-type]


def test_the_strongest_terms_come_first_and_the_orders_are_what_they_say():
    terms = np.array([0.1, -3.0, 2.0, 0.0])
    assert order_of(terms, "strength").tolist() == [1, 2, 0, 3]
    assert order_of(terms, "for").tolist() == [2, 0, 3, 1]
    assert order_of(terms, "against").tolist() == [1, 3, 0, 2]


TERMS = {
    "both sides": np.random.default_rng(1).normal(0, 1, 192),
    "more of one side": np.random.default_rng(2).normal(0.8, 1, 57),
    "three against many": np.concatenate([-np.arange(1.0, 4), np.linspace(0.1, 5, 30)]),
    "one side only": np.linspace(0.1, 1, 23),
    "many zeros": np.where(np.arange(64) % 3, 0.0, np.sin(np.arange(64.0))),
    "nothing": np.zeros(12),
    "fewer than a page": np.array([0.5, -0.25, 0.0]),
    "all alike": np.tile([1.0, -1.0], 11),
}


@pytest.mark.parametrize("z", [-1.5, 0.0, 2.0])
@pytest.mark.parametrize("name", TERMS)
def test_a_page_has_the_strongest_of_either_side_and_the_side_of_the_sum_first(name, z):
    terms = TERMS[name]
    order = order_of(terms, "sides", z)
    assert sorted(order) == list(range(len(terms)))
    sign = -1 if z < 0 else 1
    left = {side: int((side * terms > 0).sum()) for side in (sign, -sign)}
    for start in range(0, len(order), A_PAGE):
        page = terms[order[start : start + A_PAGE]]
        room = {sign: A_PAGE - min(left[-sign], A_PAGE // 2), -sign: A_PAGE - min(left[sign], A_PAGE // 2)}
        counts = {side: min(left[side], room[side]) for side in left}
        signs = np.sign(page).tolist()
        assert signs == [sign] * counts[sign] + [-sign] * counts[-sign] + [0] * (len(page) - sum(counts.values()))
        left = {side: left[side] - counts[side] for side in left}
    for side in (1, -1):
        own = np.abs(terms[order][side * terms[order] > 0])
        assert np.all(np.diff(own) <= 0)


def test_the_browser_has_the_same_order():
    questions = [
        {"terms": terms.tolist(), "order": order, "z": z}
        for terms in TERMS.values()
        for order in ORDERS
        for z in (-1, 2)
    ]
    code = """
    import { orderOf } from "./lessons/dense/board/order.js";
    answer(told.questions.map(({ terms, order, z }) => orderOf(Float64Array.from(terms), order, z, told.size)));
    """
    found = in_node(code, {"questions": questions, "size": A_PAGE})
    expected = [order_of(np.array(one["terms"]), one["order"], one["z"]).tolist() for one in questions]
    assert found == expected


# What the page shows at first -----------------------------------------------------------------------------------------


def blobs(seed: int) -> np.ndarray:
    """A made picture: soft spots of colour, 90 × 140."""
    random = np.random.default_rng(seed)
    small = random.integers(0, 256, (5, 7, 3)).astype(np.float64)
    return np.clip(np.kron(small, np.ones((18, 20, 1))) + random.normal(0, 12, (90, 140, 3)), 0, 255).astype(np.uint8)


PICTURES = {
    **{name: np.asarray(sample(name).pixels) for name in SAMPLES},
    "the other way round": np.ascontiguousarray(PHOTO[:, ::-1]),
    "upside down": np.ascontiguousarray(PHOTO[::-1]),
    "dark": (PHOTO // 4).astype(np.uint8),
    "spots": blobs(3),
    "other spots": blobs(8),
    "grey": np.full((64, 80, 3), 128, np.uint8),
}


@pytest.mark.parametrize("network", ["convnet", "efficientnet-lite0-pets", "efficientnet-lite0"])
def test_rows_and_rest_add_up_to_the_sum_and_lean_to_its_side_or_the_page_says_who_decides(network):
    parts = [sent(DenseScene(network), pixels) for pixels in PICTURES.values()]
    for part, pixels, found in zip(parts, PICTURES.values(), at_first(parts), strict=True):
        told = dense_layer(pixels, network)
        terms = told["x"].astype(np.float64) * told["weights"]
        z = float(told["logits"][told["unit"]])
        assert found["z"] == pytest.approx(z, abs=1e-5)
        assert found["shown"] == pytest.approx(terms[part["shown"]].sum(), abs=1e-9)
        assert found["shown"] + found["rest"] + found["bias"] == pytest.approx(z, abs=1e-5)
        assert found["against"] + found["towards"] == pytest.approx(terms.sum(), abs=1e-9)
        assert found["against"] <= 0 <= found["towards"]
        # The strongest of each side, those of the sum's side first.
        signs = np.sign(terms[part["shown"]]) * (-1 if z < 0 else 1)
        if min((terms > 0).sum(), (terms < 0).sum()) >= 5:
            assert signs.tolist() == [1] * 5 + [-1] * 5
        assert np.abs(terms[part["shown"]]).max() == np.abs(terms).max()
        # The words.
        agree = np.sign(found["shown"]) == np.sign(z)
        assert ("lean to the other side" in found["lesson"]) == (not agree)
        share = np.abs(terms).max() / np.abs(terms).sum()
        assert f"map {np.abs(terms).argmax() + 1}, is {100 * share:.1f}\u00a0% of all" in found["lesson"]
        assert ("No single map matters much" in found["lesson"]) == (share < 0.1)
        assert f"{(terms != 0).sum():,}" in found["lesson"]


def at_first(parts: list[Any]) -> list[Any]:
    """What the browser adds up and says without changes."""
    return in_node(FIRST, {"parts": parts, "texts": TEXTS})


FIRST = """
import { lessonOf } from "./lessons/dense/board/lesson.js";
import { decodePart } from "./lessons/dense/board/part.js";
import { NO_CHANGES, addUp } from "./lessons/dense/board/sums.js";
answer(told.parts.map((sent) => {
  const part = decodePart(sent, told.texts.number);
  const sums = addUp(part, NO_CHANGES);
  const { z, shown, rest, bias, against, towards } = sums;
  return { z, shown, rest, bias, against, towards, lesson: lessonOf(part, sums, told.texts) };
}));
"""


def test_who_decides_is_said_for_the_rest_one_other_the_bias_and_nobody():
    code = """
    import { lessonOf } from "./lessons/dense/board/lesson.js";
    import { NO_CHANGES, addUp } from "./lessons/dense/board/sums.js";
    answer(told.cases.map(({ w, bias, shown }) => {
      const x = new Float32Array(w.length).fill(1);
      const [logits, rowOf] = [new Float32Array(1), new Map()];
      const unit = { unit: 0, units: 1, activation: "sigmoid" };
      const layer = { x, w: Float32Array.from(w), bias, shown, logits, rowOf, ...unit };
      return lessonOf({ ...layer, mapsLayer: "" }, addUp(layer, NO_CHANGES), told.texts);
    }));
    """
    many = [0.5, -0.25] * 12 + [-4.0]
    cases = [
        {"w": many, "bias": 0.0, "shown": [0, 1]},
        {"w": [0.5, -4.0], "bias": 0.0, "shown": [0]},
        {"w": [0.5, 0.5], "bias": -3.0, "shown": [0]},
        {"w": [0.5, 0.5], "bias": 0.0, "shown": [0]},
        {"w": [0.5, -1.0], "bias": 3.0, "shown": [0, 1]},
        {"w": [0.0, 0.0], "bias": 1.0, "shown": [0]},
    ]
    rest, one, bias, agreed, nobody_else, nothing = in_node(code, {"cases": cases, "texts": TEXTS})
    assert rest.startswith("The strongest of 25 pushes, input 25, is 30.8\u00a0% of all.")
    assert rest.endswith("the 23 others decide.")
    assert one.endswith("the 1 other decides.")
    assert bias.endswith("the bias decides.")
    assert "lean" not in agreed + nobody_else
    assert nothing == ""


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


def test_only_what_is_certain_is_100_percent():
    code = 'import { percent } from "./networks/percent.js"; answer(told.map(percent));'
    written = in_node(code, [0, 1e-9, 0.0004, 0.0006, 0.64, 0.9994, 0.9996, 1 - 1e-9, 1])
    assert written == ["0.0", "<0.1", "<0.1", "0.1", "64.0", "99.9", ">99.9", ">99.9", "100.0"]


# The Keras lines ------------------------------------------------------------------------------------------------------


def ran(lines: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(lines, "lines.py", "exec"), names)
    return names


def test_the_pages_keras_lines_give_the_networks_own_prediction(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    names = ran(KERAS_LINES)
    assert names["p"] == pytest.approx(float(names["network"](names["batch"])[0, 0]), abs=1e-5)
    assert names["terms"].shape == (192,)
    assert "193 of 853,089 parameters" in capsys.readouterr().out
    assert max(map(len, KERAS_LINES.splitlines())) <= 120


@pytest.mark.parametrize("name", ["the other way round", "spots"])
def test_with_a_photo_in_them_the_lines_give_the_numbers_of_the_page(name, monkeypatch, capsys, tmp_path):
    Image.fromarray(PICTURES[name]).save(tmp_path / "photo.png")
    [noise] = [line for line in KERAS_LINES.splitlines() if line.startswith("photo = ")]
    [advice] = re.findall(r"np\.array\(Image\.open.*\)$", KERAS_LINES, re.MULTILINE)
    own = KERAS_LINES.replace(noise, f"photo = {advice}").replace("photo.jpg", (tmp_path / "photo.png").as_posix())
    monkeypatch.chdir(ROOT)
    names = ran(own)
    told = dense_layer(PICTURES[name], "convnet")
    assert names["z"] == pytest.approx(float(told["logits"][0]), abs=1e-4)
    assert names["p"] == pytest.approx(told["output"], abs=1e-5)
    np.testing.assert_allclose(names["x"], told["x"], atol=1e-4)
    # The first five lines are the strongest for cats, the next five for dogs, as on the page.
    printed = [int(number) - 1 for number in re.findall(r"^map +(\d+):", capsys.readouterr().out, re.MULTILINE)]
    on_the_page = sent(DenseScene(), PICTURES[name])["shown"]
    assert {*printed} == {*on_the_page}
