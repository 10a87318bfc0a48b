"""lessons/optimizers/race: what the browser is sent, the scene, and the Keras lines beside it."""

import base64
from dataclasses import replace

import numpy as np
import pytest

from components.lessons.optimizers.race import contour_levels, payload, races_of
from components.lessons.optimizers.race.keras_code import keras_code
from components.lessons.optimizers.race.scene import RATES, START, STEPS, RaceScene
from components.lessons.optimizers.race.texts import LABELS, LINES, LOOKS
from models.arithmetic.loss_surfaces import SURFACES
from models.arithmetic.optimizer_updates import RULES
from models.storage import ROOT


def decode(text, dtype="<f4"):
    return np.frombuffer(base64.b64decode(text), dtype)


@pytest.mark.parametrize("surface", SURFACES)
def test_the_browser_gets_every_way(surface):
    scene = RaceScene.at_first(surface)
    message = payload(scene)
    assert [rule["name"] for rule in message["rules"]] == list(RULES) == list(LABELS)
    for sent, way in zip(message["runs"], races_of(scene), strict=True):
        np.testing.assert_array_equal(decode(sent["weights"]).reshape(-1, 2), way.weights)
        np.testing.assert_array_equal(decode(sent["losses"]), way.losses)
        np.testing.assert_array_equal(decode(sent["slots"]).reshape(-1, 2, 2), way.slots)
        assert sent["ended"] == way.ended is None
        assert len(way.weights) == STEPS + 1


@pytest.mark.parametrize("surface", SURFACES)
def test_with_the_rates_that_suit_everyone_gets_lower(surface):
    for way in races_of(RaceScene.at_first(surface)):
        assert way.losses[-1] < 0.6 * way.losses[0]


def test_sgd_diverges_in_the_ravine_at_the_rate_that_the_page_names():
    assert "Raise it to 0.021, and SGD diverges" in (ROOT / "pages" / "optimizers.py").read_text()
    calm, wild = (races_of(replace(RaceScene(), sgd=rate))[0] for rate in (RATES["ravine"]["sgd"], 0.021))
    assert calm.ended is None
    assert wild.ended is not None
    assert wild.ended <= STEPS


def test_marks_differ_in_colour_and_in_shape():
    assert len({colour for colour, _ in LOOKS.values()}) == len({shape for _, shape in LOOKS.values()}) == len(RULES)


@pytest.mark.parametrize("surface", SURFACES)
def test_the_lines_of_a_step_add_up(surface):
    scene = RaceScene.at_first(surface)
    for (name, way), step in zip(zip(RULES, races_of(scene), strict=True), [1, 5, 20, 60, 90, 120, 150], strict=True):
        rate = scene.rates[name]
        change = way.changes[step].astype(float)
        known = {
            "w0": way.weights[step - 1],
            "w1": way.weights[step],
            "g": way.gradients[step - 1],
            "change": change,
            "a0": way.slots[step - 1, 0],
            "a1": way.slots[step, 0],
            "b0": way.slots[step - 1, 1],
            "b1": way.slots[step, 1],
            "g2": way.gradients[step - 1].astype(float) ** 2,
            "d2": (change / rate) ** 2,
        }
        for line in LINES[name]:
            if not line["terms"]:
                continue
            factors = [-rate if factor == "-eta" else float(factor) for factor, _ in line["terms"]]
            terms = [factor * known[what] for factor, (_, what) in zip(factors, line["terms"], strict=True)]
            size = np.abs(terms).max(axis=0)
            assert np.all(np.abs(sum(terms) - known[line["total"]]) <= 1e-5 * size + 1e-12), (name, line["label"])


def test_contour_lines_rise():
    levels = contour_levels(SURFACES["beale"].grid(31, 21))
    assert levels == sorted(set(levels))


def test_each_surface_has_a_start_and_rates_of_its_own():
    assert list(START) == list(RATES) == list(SURFACES)
    for surface in SURFACES:
        scene = RaceScene.at_first(surface)
        assert RaceScene.from_params(scene.all_params()) == scene
        assert scene.to_params() == ({} if surface == "ravine" else {"surface": surface})
        assert RaceScene.from_params(scene.to_params()) == scene


def test_what_makes_no_sense_becomes_the_surfaces_default():
    nonsense = {"surface": "beale", "x": "here", "y": "99", "adam": "nan", "sgd": "0", "optimizer": "lion"}
    scene = RaceScene.from_params(nonsense)
    assert scene == replace(RaceScene.at_first("beale"), y=3.0, sgd=1e-4)
    assert RaceScene.from_params({"surface": "moon"}) == RaceScene()


@pytest.mark.parametrize(("surface", "optimizer"), list(zip([*SURFACES, "bowl", "beale"], RULES, strict=True)))
def test_the_keras_lines_arrive_where_the_page_does(surface, optimizer, library):
    scene = replace(RaceScene.at_first(surface), optimizer=optimizer, position=25)
    names: dict = {}
    exec(keras_code(scene), names)
    way = races_of(scene)[list(RULES).index(optimizer)]
    assert [float(names["x"]), float(names["y"])] == pytest.approx(way.weights[25].tolist(), rel=1e-3, abs=1e-4)
