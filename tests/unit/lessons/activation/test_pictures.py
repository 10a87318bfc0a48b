"""The pictures on the activation page: curves, a feature map and stacked layers show what Keras computes, and what is
said of them is true.
"""

import base64
import itertools
import math
import re
import string
from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.browser import encode_message
from components.charts import STYLES, curves
from components.lessons.activation import curve as activation_curve
from components.lessons.activation import feature_map as activation_map
from components.lessons.activation import linear_collapse
from components.lessons.activation.comparison import AT_FIRST, OF_ONE_NUMBER
from components.lessons.activation.curve.keras_code import keras_code
from components.lessons.activation.curve.scene import COUNT, LIMIT, CurveScene, inputs
from components.lessons.activation.curve.scene import MAX_SPEED as CURVE_SPEED
from components.lessons.activation.curve.texts import TEXTS as CURVE_TEXTS
from components.lessons.activation.curve.texts import WORDS
from components.lessons.activation.feature_map.scene import ELEMENTWISE, LARGEST_BIAS, SIDE, MapScene
from components.lessons.activation.feature_map.texts import TEXTS as MAP_TEXTS
from components.lessons.activation.feature_map.texts import facts
from components.lessons.activation.linear_collapse.scene import SEEDS, CollapseScene
from components.lessons.activation.linear_collapse.scene import inputs as collapse_inputs
from components.player import TRANSPORT_TEXTS
from models.arithmetic import ACTIVATIONS
from models.arithmetic.linear_stack import UNITS, draw_stack
from models.figures import whole_percent
from models.pictures.samples import SAMPLES, sample
from models.pretrained.first_layer import FILTERS, first_layer, first_layer_tensors
from tests.node import in_node

OTHERS = [(1.0, 0.0), (0.0, 0.0), (-6.0, 6.0), (2.35, 2.35), (-0.123456, 5.5)]
"""Softmax's other two inputs."""

CURVES = [CurveScene(activation=name) for name in ACTIVATIONS if name != "softmax"]
CURVES += [CurveScene(activation="softmax", second=second, third=third) for second, third in OTHERS]
CURVE_NAMES = [
    scene.activation + (f" {scene.second:g} {scene.third:g}" if scene.activation == "softmax" else "")
    for scene in CURVES
]


def decode(text: str, dtype: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text, validate=True), dtype)


def inputs_of(scene: CurveScene) -> np.ndarray:
    """All inputs of the activation, (1201, 1), or (1201, 3) for softmax."""
    columns = [inputs()]
    if scene.activation == "softmax":
        columns += [np.full(COUNT, scene.second), np.full(COUNT, scene.third)]
    return np.stack(columns, axis=1)


def keras_curves(library: SimpleNamespace, scene: CurveScene) -> tuple[np.ndarray, np.ndarray]:
    """Value and slope from Keras and GradientTape; for softmax, the diagonal of each input's Jacobian."""
    x = library.tf.constant(inputs_of(scene), dtype="float64")
    with library.tf.GradientTape() as tape:
        tape.watch(x)
        y = getattr(library.keras.activations, scene.activation)(x)
    if scene.activation == "softmax":
        return y.numpy(), library.tf.linalg.diag_part(tape.batch_jacobian(y, x)).numpy()
    return y.numpy(), tape.gradient(y, x).numpy()


# The curve ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", CURVES, ids=CURVE_NAMES)
def test_value_and_slope_at_every_input_are_those_of_keras(scene, library):
    values, slopes = activation_curve.curves(scene)
    expected_values, expected_slopes = keras_curves(library, scene)
    np.testing.assert_allclose(values, expected_values, rtol=0, atol=1e-6, strict=True)
    np.testing.assert_allclose(slopes, expected_slopes, rtol=0, atol=1e-6, strict=True)


@pytest.mark.parametrize("scene", CURVES, ids=CURVE_NAMES)
def test_the_browser_gets_all_values_and_the_first_slope(scene):
    message = activation_curve.payload(scene)
    values, slopes = activation_curve.curves(scene)
    np.testing.assert_array_equal(decode(message["values"], "<f8").reshape(-1, message["count"]), values.T)
    np.testing.assert_array_equal(decode(message["slopes"], "<f8"), slopes[:, 0])
    assert len(values) == message["count"] == COUNT
    assert len(encode_message(message)) < 60_000


@pytest.mark.parametrize("scene", CURVES, ids=CURVE_NAMES)
def test_both_curves_lie_inside_the_chart(scene):
    message = activation_curve.payload(scene)
    drawn = np.concatenate([decode(message["values"], "<f8")[:COUNT], decode(message["slopes"], "<f8")])
    assert message["low"] <= min(drawn.min(), 0)
    assert message["high"] >= max(drawn.max(), 1)


def test_the_slider_goes_from_minus_6_to_6_in_hundredths():
    message = activation_curve.payload(CurveScene())
    slider = message["start"] + message["step"] * np.arange(message["count"])
    np.testing.assert_allclose(inputs(), slider, rtol=0, atol=1e-9)
    assert (inputs()[0], inputs()[COUNT // 2], inputs()[-1]) == (-LIMIT, 0, LIMIT)
    assert inputs()[CurveScene().position] == 1.5


def test_the_number_in_the_middle_leads_to_the_value():
    x = inputs()
    values = {name: activation_curve.curves(CurveScene(activation=name))[0][:, 0] for name in ACTIVATIONS}
    every = {name: activation_curve.part_of(CurveScene(activation=name)) for name in ACTIVATIONS}
    parts = {name: part for name, part in every.items() if part is not None}
    assert set(parts) == {"sigmoid", "gelu", "swish", "elu"}
    below = x <= 0
    np.testing.assert_allclose((parts["elu"] - 1)[below], values["elu"][below], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(1 / (1 + parts["sigmoid"]), values["sigmoid"], rtol=1e-9)
    for name in ("gelu", "swish"):
        np.testing.assert_allclose(x * parts[name], values[name], rtol=1e-9, atol=1e-12)


def test_the_number_in_the_middle_is_what_it_is_called():
    x = inputs()
    expected = {
        "sigmoid": [math.exp(-number) for number in x],
        "elu": [math.exp(number) for number in x],
        "swish": [1 / (1 + math.exp(-number)) for number in x],
        "gelu": [(1 + math.erf(number / math.sqrt(2))) / 2 for number in x],
    }
    for name, part in expected.items():
        encoded = activation_curve.payload(CurveScene(activation=name))["part"]
        assert encoded is not None
        sent = decode(encoded, "<f8")
        np.testing.assert_allclose(sent, part, rtol=1e-6, atol=1e-9)


# The words about the curves -------------------------------------------------------------------------------------------


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_activation_has_words_of_its_own():
    assert tuple(WORDS) == ACTIVATIONS
    assert len({words.label for words in WORDS.values()}) == len(ACTIVATIONS)
    for words in WORDS.values():
        assert words.facts
        assert all(fact.endswith((".", "?")) for fact in words.facts)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_lines_ask_for_numbers_that_the_browser_has(name):
    message = activation_curve.payload(CurveScene(activation=name))
    lines = [*message["valueLines"], *message["slopeLines"]]
    assert len(lines) == 4
    assert all(lines)
    wanted = set().union(*map(placeholders, lines))
    assert wanted <= {"x", "inside", "y", "slope", "part", "second", "third"}
    assert ("part" in wanted) == (message["part"] is not None)
    assert ({"second", "third"} <= wanted) == (name == "softmax")


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "linear"])
def test_a_slope_that_is_told_as_a_number_is_the_slope(name):
    message = activation_curve.payload(CurveScene(activation=name))
    slopes = decode(message["slopes"], "<f8")
    for line, x in ((message["slopeLines"][0], inputs() <= 0), (message["slopeLines"][1], inputs() > 0)):
        told = re.match(r"[\d.]+(?=,)", line)
        if told:
            assert set(slopes[x]) == {float(told[0])}
        else:
            assert "{slope}" in line


def test_what_is_told_of_the_steepest_slopes_is_true():
    steepest = {name: activation_curve.curves(CurveScene(activation=name))[1].max() for name in ("sigmoid", "tanh")}
    assert "never above 0.25" in WORDS["sigmoid"].facts[1]
    assert steepest["sigmoid"] == 0.25
    assert "four times as steep (slope 1 at 0)" in WORDS["tanh"].facts[0]
    assert steepest["tanh"] == 1 == activation_curve.curves(CurveScene(activation="tanh"))[1][COUNT // 2]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_formula_is_well_formed(name):
    assert len(list(ElementTree.fromstring(f"<math>{WORDS[name].formula}</math>").iter())) > 5


def test_every_activation_can_be_chosen_and_is_called_as_in_its_words():
    choices = activation_curve.payload(CurveScene())["choices"]["activation"]
    assert choices == [[name, WORDS[name].label] for name in ACTIVATIONS]


# The Keras lines ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", CURVES, ids=CURVE_NAMES)
def test_the_lines_compute_value_and_slope_of_the_tables(scene, capsys, library):
    values, slopes = activation_curve.curves(scene)
    for position in (0, 333, 599, 600, 601, 750, COUNT - 1):
        names: dict[str, Any] = {}
        exec(compile(keras_code(replace(scene, position=position)), "lines.py", "exec"), names)
        np.testing.assert_allclose(names["x"].numpy()[0], inputs_of(scene)[position], rtol=0, atol=1e-12)
        np.testing.assert_allclose(names["value"].numpy().ravel(), values[position], rtol=0, atol=1e-6)
        np.testing.assert_allclose(names["slope"].numpy(), slopes[position], rtol=0, atol=1e-6, strict=True)
        assert names["layer"].activation is getattr(library.keras.activations, scene.activation)
        assert capsys.readouterr().out.strip() == f"{names['value'][0].numpy()} {names['slope'].numpy()}"


@pytest.mark.parametrize("scene", CURVES, ids=CURVE_NAMES)
def test_no_line_is_too_long_to_read(scene):
    lines = keras_code(scene).splitlines()
    assert max(map(len, lines)) <= 100
    assert all(line == line.rstrip() for line in lines)


def test_zero_is_written_without_a_sign_and_other_inputs_as_on_the_slider():
    written = {
        position: keras_code(CurveScene(position=position)).partition("[[")[2].partition("]]")[0]
        for position in (0, 599, 600, 601, 1200)
    }
    assert written == {0: "-6", 599: "-0.01", 600: "0", 601: "0.01", 1200: "6"}


# The feature map ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def maps() -> np.ndarray:
    return first_layer(sample("chelsea").square(2 * SIDE))


@pytest.fixture(scope="module")
def keras_maps(library) -> np.ndarray:
    """The same maps from Conv2D and BatchNormalization."""
    kernel, *normalisation = first_layer_tensors()
    convolution = library.keras.layers.Conv2D(FILTERS, 3, strides=2, padding="same", use_bias=False)
    batch_normalisation = library.keras.layers.BatchNormalization(epsilon=1e-3)
    pixels = sample("chelsea").square(2 * SIDE)
    model = library.keras.Sequential([library.keras.Input(pixels.shape), convolution, batch_normalisation])
    convolution.set_weights([kernel])
    batch_normalisation.set_weights(normalisation)
    return model((pixels[np.newaxis].astype(np.float32) - 127) / 128, training=False).numpy()[0]


@pytest.mark.parametrize("bias", [0.0, -2.5, 4.0])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_before_and_after_are_what_the_layers_of_keras_say(name, bias, maps, keras_maps, library):
    for number in (0, 7, 11, 31):
        scene = MapScene(activation=name, map=number, bias=bias)
        before, after = activation_map.before_and_after(maps, scene)
        assert before.dtype == after.dtype == np.float32
        np.testing.assert_allclose(before, keras_maps[..., number] + bias, rtol=0, atol=1e-4, strict=True)
        function = getattr(library.keras.activations, name)
        np.testing.assert_allclose(after, function(keras_maps[..., number] + bias), rtol=0, atol=1e-4)
        np.testing.assert_allclose(after, function(before), rtol=1e-6, atol=1e-6)


def sent_maps(message: Any) -> tuple[np.ndarray, np.ndarray]:
    side = message["side"]
    return decode(message["before"], "<f4").reshape(side, side), decode(message["after"], "<f4").reshape(side, side)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_browser_gets_the_map_before_and_after(name, maps):
    scene = MapScene(activation=name, map=3, bias=0.5)
    message = activation_map.payload(maps, scene)
    assert message["side"] == SIDE
    for sent, expected in zip(sent_maps(message), activation_map.before_and_after(maps, scene), strict=True):
        np.testing.assert_array_equal(sent, expected)
    both = np.concatenate(sent_maps(message))
    assert (message["low"], message["high"]) == (both.min(), both.max())
    assert message["texts"]["after"] == f"After {WORDS[name].label}"


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_a_map_that_is_the_same_everywhere_is_called_so(name, maps):
    summary, told = activation_map.payload(maps, MapScene(activation=name, map=11))["facts"]
    assert "same everywhere" in told
    assert "−0.00" not in summary


@pytest.mark.parametrize("bias", [0.0, 1.25, -3.0])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_percentages_that_are_told_are_counted(name, bias, maps):
    for number in (0, 7, 19):
        message = activation_map.payload(maps, MapScene(activation=name, map=number, bias=bias))
        before, after = (array.ravel().tolist() for array in sent_maps(message))
        summary, *others = message["facts"]
        numbers = [float(text) for text in re.findall(r"-?\d+\.\d\d", summary.replace("−", "-"))]
        expected = [f(array) for array in (before, after) for f in (min, max, lambda array: math.fsum(array) / SIDE**2)]
        assert numbers == pytest.approx(expected, abs=0.00501)
        counted = {"below 0": sum(x < 0 for x in before)}
        facts = " ".join(message["facts"])
        zeros = sum(x == 0 for x in after)
        if name == "relu":
            assert ("changed nothing" in facts) == (zeros == 0)
            assert ("lets nothing through" in facts) == (zeros == len(after))
            if 0 < zeros < len(after):
                counted["of the 9,216 numbers into 0"] = zeros
        for squeezing, limit in (("sigmoid", 4), ("tanh", 2)):
            if name == squeezing:
                counted[f"of them lay beyond ±{limit}"] = sum(abs(x) > limit for x in before)
        assert facts.count("%") == len(counted)
        for words, count in counted.items():
            [percent] = re.findall(rf"(\S+)\u00a0% {re.escape(words)}", facts)
            assert percent == whole_percent(count / SIDE**2).removesuffix("\u00a0%")
        assert len(others) == 1


def stripes(side: int) -> np.ndarray:
    rows = np.arange(side)[:, np.newaxis, np.newaxis] // 6 % 2
    return np.broadcast_to(np.uint8(40 + 170 * rows), (side, side, 3)).copy()


def ramp(side: int) -> np.ndarray:
    shade = np.linspace(0, 255, side).astype(np.uint8)
    return np.stack([np.tile(shade, (side, 1)), np.tile(shade[::-1], (side, 1)), np.tile(shade, (side, 1)).T], axis=-1)


PICTURES = {
    **{name: sample(name).square(2 * SIDE) for name in SAMPLES},
    "upside down": sample("chelsea").square(2 * SIDE)[::-1],
    "in the dark": sample("chelsea").square(2 * SIDE) // 5,
    "overexposed": (255 - sample("chelsea").square(2 * SIDE) // 6).astype(np.uint8),
    "noise": np.random.default_rng(5).integers(0, 256, (2 * SIDE, 2 * SIDE, 3), dtype=np.uint8),
    "stripes": stripes(2 * SIDE),
    "ramp": ramp(2 * SIDE),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_map_that_opens_is_the_one_that_the_picture_divides_most_evenly(name):
    of_picture = first_layer(PICTURES[name])
    before, after = activation_map.before_and_after(of_picture, MapScene())
    share = float((before < 0).mean())
    shares = (of_picture < 0).mean(axis=(0, 1))
    changing = np.ptp(of_picture, axis=(0, 1)) >= 1e-3
    assert abs(share - 0.5) == np.abs(shares[changing] - 0.5).min()
    if np.any((shares[changing] >= 0.3) & (shares[changing] <= 0.7)):
        assert 0.3 <= share <= 0.7
    assert (after == 0).mean() >= share
    message = activation_map.payload(of_picture, MapScene())
    np.testing.assert_array_equal(sent_maps(message)[0], before)
    index = activation_map.map_of(of_picture, MapScene())
    assert message["choices"]["map"][0] == ["-1", f"{index + 1}, most even here"]
    assert before[*message["pointed"]] == before.min()


@pytest.mark.parametrize("name", SAMPLES)
def test_on_every_sample_relu_turns_30_to_70_percent_of_the_map_that_opens_into_0(name):
    before, _ = activation_map.before_and_after(first_layer(PICTURES[name]), MapScene())
    assert 0.3 <= (before < 0).mean() <= 0.7


def test_a_link_with_a_maps_number_keeps_it_whatever_the_photo():
    scene = MapScene.from_params({"map": "7"})
    for pixels in PICTURES.values():
        of_picture = first_layer(pixels)
        np.testing.assert_array_equal(activation_map.before_and_after(of_picture, scene)[0], of_picture[:, :, 7])
    assert MapScene.from_params({}).to_params() == {} == MapScene.from_params({"map": "-1"}).to_params()


def test_a_picture_of_one_colour_opens_with_a_map_and_says_so():
    of_picture = first_layer(np.full((2 * SIDE, 2 * SIDE, 3), 128, np.uint8))
    assert 0 <= activation_map.map_of(of_picture, MapScene()) < FILTERS
    flat = np.zeros((4, 4, 3), np.float32)
    flat[..., 1] = np.linspace(0.1, 2, 16).reshape(4, 4)
    assert activation_map.map_of(flat, MapScene()) == 1  # the only one that changes


@pytest.mark.parametrize(
    ("share", "text"),
    [
        *(
            (0, "0\u00a0%"),
            (0.0001, "<1\u00a0%"),
            (0.0049, "<1\u00a0%"),
            (0.006, "1\u00a0%"),
            (0.5, "50\u00a0%"),
            (0.994, "99\u00a0%"),
        ),
        *((0.995, ">99\u00a0%"), (0.99999, ">99\u00a0%"), (1, "100\u00a0%")),
    ],
)
def test_what_is_not_nothing_is_not_called_0_percent_and_the_browser_writes_the_same(share, text):
    assert whole_percent(share) == text
    code = 'import { wholePercent } from "./lessons/activation/feature_map/percent.js"; answer(wholePercent(told));'
    assert f"{in_node(code, share)}\u00a0%" == text


@pytest.mark.parametrize(
    ("zeros", "words"),
    [
        (0, "changed nothing"),
        (1, "<1\u00a0% of the 10,000 numbers into 0: nearly all go on"),
        (400, "4\u00a0% of the 10,000 numbers into 0: nearly all go on"),
        (600, "6\u00a0% of the 10,000 numbers into 0: only where the filter responded"),
        (5000, "50\u00a0% of the 10,000 numbers into 0: only where the filter responded"),
        (9600, "96\u00a0% of the 10,000 numbers into 0: nearly nothing goes on"),
        (9999, ">99\u00a0% of the 10,000 numbers into 0: nearly nothing goes on"),
        (10_000, "lets nothing through"),
    ],
)
def test_what_relu_did_is_said_by_how_much_it_turned_into_0(zeros, words):
    before = np.linspace(0.1, 3, 10_000, dtype=np.float32)
    before[:zeros] = -before[:zeros]
    before = before.reshape(100, 100)
    summary, told = facts(before, np.maximum(before, 0), MapScene(), "ReLU")
    assert words in told
    assert (", 0\u00a0% below 0" in summary) == (zeros == 0)


def test_what_is_told_of_the_range_is_true(maps):
    for name, low, high in (("sigmoid", 0, 1), ("tanh", -1, 1)):
        message = activation_map.payload(maps, MapScene(activation=name, bias=4.0))
        after = sent_maps(message)[1]
        assert f"squeezed into {str(low).replace('-', '−')} to {high}." in message["facts"][1]
        assert low <= after.min() <= after.max() <= high


def test_linear_moves_nothing_as_it_is_told(maps):
    message = activation_map.payload(maps, MapScene(activation="linear"))
    assert message["facts"][1] == "Linear: nothing moved."
    assert message["before"] == message["after"]


@pytest.mark.parametrize("number", range(FILTERS))
def test_every_map_of_any_picture_gives_a_small_message_without_nan(number, maps):
    pictures = {
        "photo": maps,
        "black": first_layer(np.zeros((2 * SIDE, 2 * SIDE, 3), np.uint8)),
        "of one colour": first_layer(np.full((2 * SIDE, 2 * SIDE, 3), (200, 30, 127), np.uint8)),
    }
    for name, bias in itertools.product(ELEMENTWISE, (0.0, -float(LARGEST_BIAS))):
        for of_picture in pictures.values():
            message = activation_map.payload(of_picture, MapScene(activation=name, map=number, bias=bias))
            assert len(encode_message(message)) < 120_000
            assert message["low"] <= message["high"]


def test_place_and_speed_change_nothing_of_what_the_browser_is_told(maps):
    assert activation_map.payload(maps, MapScene()) == activation_map.payload(maps, MapScene(position=3, speed=9))
    assert activation_curve.payload(CurveScene()) == activation_curve.payload(CurveScene(position=3, speed=9))
    assert linear_collapse.payload(CollapseScene()) == linear_collapse.payload(CollapseScene(position=3, speed=9))


def test_every_choice_on_the_map_is_one_that_a_scene_takes(maps):
    choices = activation_map.payload(maps, MapScene())["choices"]
    for name, options in choices.items():
        for value, label in options:
            assert MapScene.from_params({name: value}).all_params()[name] == value
            assert label
    assert [value for value, _ in choices["activation"]] == list(ELEMENTWISE)
    assert [value for value, _ in choices["map"]] == list(map(str, range(-1, FILTERS)))
    assert [label for _, label in choices["map"]][1:] == list(map(str, range(1, FILTERS + 1)))
    assert {*ACTIVATIONS} - {*ELEMENTWISE} == {"softmax"}


# Two linear layers ----------------------------------------------------------------------------------------------------


def keras_stack(library: SimpleNamespace, seed: int, between: str) -> Any:
    """The two layers in Keras, in double precision, with the drawn weights."""
    stack = draw_stack(seed)
    first = library.keras.layers.Dense(UNITS, activation=between, dtype="float64")
    second = library.keras.layers.Dense(1, dtype="float64")
    model = library.keras.Sequential([library.keras.Input((1,), dtype="float64"), first, second])
    first.set_weights([stack.first[np.newaxis], stack.first_bias])
    second.set_weights([stack.second[:, np.newaxis], np.array([stack.second_bias])])
    return model


@pytest.mark.parametrize("relu", [False, True])
@pytest.mark.parametrize("seed", [0, 1, 13, 42, 99])
def test_both_answers_are_those_of_the_dense_layers_of_keras(seed, relu, library):
    message = linear_collapse.payload(CollapseScene(seed=seed, relu=relu))
    x = collapse_inputs()[:, np.newaxis]
    model = keras_stack(library, seed, "relu" if relu else "linear")
    np.testing.assert_allclose(decode(message["two"], "<f8"), model(x).numpy()[:, 0], rtol=0, atol=1e-9)
    hidden = decode(message["hidden"], "<f8").reshape(UNITS, -1)
    np.testing.assert_allclose(hidden, model.layers[0](x).numpy().T, rtol=0, atol=1e-9)
    one = library.keras.layers.Dense(1, dtype="float64")
    one.build((None, 1))
    one.set_weights([np.array([[message["weight"]]]), np.array([message["bias"]])])
    np.testing.assert_allclose(decode(message["one"], "<f8"), one(x).numpy()[:, 0], rtol=0, atol=1e-9)


@pytest.mark.parametrize("seed", [0, 1, 13, 42, 99])
def test_weight_and_bias_of_the_one_layer_are_what_keras_multiplies_out(seed, library):
    model = keras_stack(library, seed, "linear")
    (first, first_bias), (second, second_bias) = (layer.get_weights() for layer in model.layers)
    stack = draw_stack(seed)
    assert stack.weight == pytest.approx(float((first @ second).item()), abs=1e-9)
    assert stack.bias == pytest.approx(float((first_bias @ second + second_bias).item()), abs=1e-9)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_two_linear_layers_are_one_and_with_relu_between_them_they_are_not(seed):
    for relu in (False, True):
        message = linear_collapse.payload(CollapseScene(seed=seed, relu=relu))
        two, one = decode(message["two"], "<f8"), decode(message["one"], "<f8")
        gap = np.abs(two - one).max()
        assert (gap > 0.1) if relu else (gap < 1e-9)
        assert message["low"] < min(two.min(), one.min(), 0)
        assert message["high"] > max(two.max(), one.max(), 0)
        assert len(encode_message(message)) < 10_000


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_kinks_are_seen_and_lie_apart(seed):
    stack = draw_stack(seed)
    kinks = np.sort(-stack.first_bias / stack.first)
    assert len(kinks) == UNITS == 3
    assert np.abs(kinks).max() < 3
    assert np.diff(kinks).min() > 0.5
    # Each of them bends the curve: the slope differs on its two sides.
    for kink in kinks:
        points = stack.outputs(kink + np.array([-0.2, -0.1, 0.1, 0.2]), between="relu")
        assert abs((points[1] - points[0]) - (points[3] - points[2])) > 0.01


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_number_can_be_written_in_full(seed):
    stack = draw_stack(seed)
    weights = [*stack.first, *stack.first_bias, *stack.second, stack.second_bias]
    np.testing.assert_allclose(weights, np.round(weights, 1), rtol=0, atol=1e-12)
    for between in ("linear", "relu"):
        hidden = stack.hidden(collapse_inputs(), between=between)
        np.testing.assert_allclose(hidden, np.round(hidden, 2), rtol=0, atol=1e-9)
        outputs = stack.outputs(collapse_inputs(), between=between)
        np.testing.assert_allclose(outputs, np.round(outputs, 3), rtol=0, atol=1e-9)


def test_a_seed_always_draws_the_same_weights_and_another_one_others():
    assert linear_collapse.payload(CollapseScene(seed=5)) == linear_collapse.payload(CollapseScene(seed=5))
    drawn = {tuple(linear_collapse.payload(CollapseScene(seed=seed))["first"]) for seed in range(20)}
    assert len(drawn) > 10


def test_the_slider_of_the_stack_goes_from_minus_4_to_4_in_tenths():
    message = linear_collapse.payload(CollapseScene())
    slider = message["start"] + message["step"] * np.arange(message["count"])
    np.testing.assert_allclose(collapse_inputs(), slider, rtol=0, atol=1e-9)
    assert collapse_inputs()[CollapseScene().position] == 1


# The scenes -----------------------------------------------------------------------------------------------------------


def six_digits(number: float) -> float:
    """A number with as many digits as in a URL. Minus zero becomes zero."""
    return float(f"{number:.6g}") + 0.0


other_inputs = st.floats(-LIMIT, LIMIT).map(six_digits)
curve_scenes = st.builds(
    CurveScene,
    activation=st.sampled_from(ACTIVATIONS),
    second=other_inputs,
    third=other_inputs,
    position=st.integers(0, COUNT - 1),
    speed=st.integers(1, CURVE_SPEED),
)


@settings(deadline=None)
@given(curve_scenes)
def test_a_curve_comes_back_from_its_url_and_unused_inputs_of_softmax_stay_out_of_it(scene):
    used = scene.activation == "softmax"
    expected = scene if used else replace(scene, second=CurveScene().second, third=CurveScene().third)
    assert CurveScene.from_params(scene.to_params()) == expected
    assert used or not {"second", "third"} & set(scene.to_params())


def test_the_transports_have_all_of_their_words():
    for texts in (CURVE_TEXTS, MAP_TEXTS, linear_collapse.TEXTS):
        player = texts["player"]
        assert isinstance(player, Mapping)
        assert set(player) == set(TRANSPORT_TEXTS)
        assert "{value}" in player["count"]


# Curves compared on a chart -------------------------------------------------------------------------------------------


def font_sizes(part: Any) -> list[float]:
    """The sizes of all fonts in a figure."""
    if isinstance(part, dict):
        own = [part["size"]] if "size" in part else []
        return own + [size for value in part.values() for size in font_sizes(value)]
    return [size for value in part for size in font_sizes(value)] if isinstance(part, list | tuple) else []


def test_each_curve_has_its_name_and_its_data():
    x = np.linspace(-1, 1, 5)
    figure = curves(x, [("square", x**2, 0), ("cube", x**3, 3)], title="f(x)", text_size=18)
    assert [trace.name for trace in figure.data] == ["square", "cube"]
    for trace, numbers in zip(figure.data, (x**2, x**3), strict=True):
        np.testing.assert_array_equal(trace.x, x)
        np.testing.assert_array_equal(trace.y, numbers)
        assert trace.mode == "lines"
    assert figure.layout.xaxis.title.text == "x"
    assert figure.layout.yaxis.title.text == "f(x)"


@pytest.mark.parametrize("text_size", [16, 21.6, 40])
def test_every_text_of_the_chart_has_the_size_that_is_asked_for(text_size):
    figure = curves(np.zeros(2), [("zero", np.zeros(2), 0)], title="f(x)", text_size=text_size)
    layout = figure.layout.to_plotly_json()
    layout.pop("template", None)
    assert set(font_sizes(layout)) == {text_size}
    for part in (layout, layout["hoverlabel"], layout["legend"], layout["xaxis"]["title"], layout["yaxis"]["title"]):
        assert part["font"]["size"] == text_size
    assert layout["xaxis"]["tickfont"]["size"] == layout["yaxis"]["tickfont"]["size"] == text_size
    assert layout["height"] > 10 * text_size


def test_every_curve_that_can_be_compared_has_a_look_of_its_own():
    assert {*OF_ONE_NUMBER} == {*ACTIVATIONS} - {"softmax"}
    assert {*AT_FIRST} <= {*OF_ONE_NUMBER}
    zeros = np.zeros(2)
    lines = [(name, zeros, number) for number, name in enumerate(OF_ONE_NUMBER)]
    figure = curves(zeros, lines, title="", text_size=16)
    looks = [(trace.line.color, trace.line.dash) for trace in figure.data]
    assert len(set(looks)) == len(OF_ONE_NUMBER)
    assert looks == list(STYLES[: len(looks)])
    # A curve looks the same when others are chosen beside it.
    alone = curves(zeros, [lines[4]], title="", text_size=16).data[0].line
    assert (alone.color, alone.dash) == looks[4]


def test_more_curves_than_looks_begin_again():
    figure = curves(np.zeros(2), [("a", np.zeros(2), 1), ("b", np.zeros(2), len(STYLES) + 1)], title="", text_size=16)
    assert figure.data[0].line.to_plotly_json() == figure.data[1].line.to_plotly_json()
