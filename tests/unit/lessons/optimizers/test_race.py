"""lessons/optimizers/race: what the browser is sent, the scene, and the Keras lines beside it."""

import base64
import itertools
import re
from dataclasses import replace

import numpy as np
import pytest

from components.lessons.optimizers.race import contour_levels, payload, races_of
from components.lessons.optimizers.race.formula import formula_of
from components.lessons.optimizers.race.keras_code import keras_code
from components.lessons.optimizers.race.scene import RATES, RUNNERS, START, STEPS, STORIES, RaceScene
from components.lessons.optimizers.race.texts import LABELS, LINES, LOOKS, STORY_LABELS, STORY_TEXTS
from models.arithmetic.loss_surfaces import SURFACES, batches
from models.arithmetic.optimizer_updates import RULES
from models.storage import ROOT
from tests.node import in_node


def decode(text, dtype="<f4"):
    return np.frombuffer(base64.b64decode(text), dtype)


def all_seven(surface, *, noise=False):
    """The scene of all optimizers on a surface, with the rates and the start that belong to it."""
    return replace(RaceScene.at_first(surface), story="4", noise=noise)


def ways_of(scene):
    """Runner → its run."""
    return dict(zip(scene.rates, races_of(scene), strict=True))


@pytest.mark.parametrize("scene", [*map(all_seven, SURFACES), *map(RaceScene.of_story, STORIES)])
def test_the_browser_gets_every_way(scene):
    message = payload(scene)
    assert [runner["name"] for runner in message["runners"]] == list(scene.rates)
    assert [runner["rule"] for runner in message["runners"]] == [RUNNERS[name] for name in scene.rates]
    drawn = decode(message["batches"], "<u2")
    np.testing.assert_array_equal(drawn, batches(STEPS + 1).ravel() if scene.noise else [])
    for sent, way in zip(message["runs"], races_of(scene), strict=True):
        np.testing.assert_array_equal(decode(sent["weights"]).reshape(-1, 2), way.weights)
        np.testing.assert_array_equal(decode(sent["losses"]), way.losses)
        np.testing.assert_array_equal(decode(sent["slots"]).reshape(-1, 2, 2), way.slots)
        assert sent["ended"] == way.ended
        assert len(way.weights) == STEPS + 1


@pytest.mark.parametrize("surface", SURFACES)
def test_with_the_tuned_rates_everyone_comes_well_down(surface):
    for way in races_of(all_seven(surface)):
        assert way.losses[-1] < 0.6 * way.losses[0]


# The story ------------------------------------------------------------------------------------------------------------


def test_the_page_opens_with_the_first_story():
    assert RaceScene() == RaceScene.of_story("1")
    assert list(STORY_LABELS) == list(STORY_TEXTS) == list(STORIES)
    assert set(RUNNERS) == set(LABELS) == set(LOOKS)


def test_three_rates_of_sgd_are_too_small_right_and_too_large():
    scene = RaceScene()
    slow, right, fast = (ways_of(scene)[name] for name in ("slow", "sgd", "fast"))
    said = STORY_TEXTS["1"]
    for rate in ("0.01 is too small", "0.2 arrives within ten steps", "0.51 is too large"):
        assert rate in said
    assert [scene.slow, scene.sgd, scene.fast] == [0.01, 0.2, 0.51]
    now = scene.position
    assert slow.losses[now] > 0.5 * slow.losses[0]  # creeps
    assert right.losses[now] < 1e-3 * right.losses[0]  # has arrived
    # Each step lands on the other side of the valley, and farther up than the one before.
    heights = fast.weights[: fast.ended, 1]
    assert np.all(heights[1:] * heights[:-1] < 0)
    assert np.all(np.diff(np.abs(heights)) > 0)
    assert "from the second step on the loss grows" in said
    assert fast.losses[1] < fast.losses[0]
    assert np.all(np.diff(fast.losses[1 : fast.ended]) > 0)
    assert fast.ended is not None


@pytest.mark.parametrize("surface", SURFACES)
def test_on_every_surface_the_three_rates_are_what_they_are_called(surface):
    ways = ways_of(replace(RaceScene.at_first(surface), story="1"))
    assert ways["sgd"].losses[-1] < 0.6 * ways["sgd"].losses[0]
    assert ways["slow"].losses[30] > ways["sgd"].losses[30]
    assert ways["fast"].ended is not None or np.ptp(ways["fast"].losses[100:]) > 1


def test_momentum_is_ahead_of_sgd_in_the_ravine_and_overshoots():
    scene = RaceScene.of_story("2")
    ways = ways_of(scene)
    for name in ("momentum", "nesterov"):
        assert ways[name].losses[scene.position] < ways["sgd"].losses[scene.position]
    assert ways["sgd"].weights[:, 0].max() <= 0 < ways["momentum"].weights[:, 0].max()
    # Nesterov overshoots less.
    assert 0 < ways["nesterov"].weights[:, 0].max() < ways["momentum"].weights[:, 0].max()


def test_adams_first_steps_are_of_the_same_size_in_both_directions():
    scene = RaceScene.of_story("3")
    ways = ways_of(scene)
    assert np.abs(ways["adam"].changes[1]) == pytest.approx([scene.adam] * 2, rel=1e-4)
    steep = np.abs(ways["sgd"].changes[1])
    assert steep[1] > 10 * steep[0]
    assert ways["adam"].losses[scene.position] < min(ways[name].losses[scene.position] for name in ("sgd", "momentum"))


def test_with_other_rates_the_order_is_another_one():
    """What the page says of the seven: who is ahead depends on the rates."""
    tuned = all_seven("bowl")
    default = replace(tuned, **{name: rule.default_rate for name, rule in RULES.items()})
    orders = []
    for scene in (tuned, default):
        losses = {name: way.losses[30] for name, way in ways_of(scene).items()}
        orders.append(sorted(losses, key=losses.__getitem__))
    assert orders[0] != orders[1]


def walked(way):
    """How far the last fifty steps went altogether."""
    return float(np.linalg.norm(way.changes[-50:], axis=1).sum())


def test_with_batches_sgd_does_not_rest_and_with_a_smaller_rate_it_trembles_less():
    noisy = RaceScene.of_story("5")
    exact = replace(noisy, noise=False)
    calm = replace(noisy, sgd=0.1)
    assert walked(ways_of(noisy)["sgd"]) > 10 * walked(ways_of(exact)["sgd"])
    assert walked(ways_of(calm)["sgd"]) < 0.5 * walked(ways_of(noisy)["sgd"])
    assert ways_of(calm)["sgd"].losses[100] > ways_of(noisy)["sgd"].losses[100]  # but takes longer
    assert ways_of(noisy)["sgd"].losses[-1] < 0.2 * ways_of(noisy)["sgd"].losses[0]


def test_all_get_the_same_batches():
    """At the start all stand at the same place, so their first gradients are equal; and it is the first batch's."""
    scene = all_seven("digits", noise=True)
    first = SURFACES["digits"].batch_gradient(np.array([scene.x, scene.y]), batches(1)[0])
    for way in races_of(scene):
        assert way.gradients[0] == pytest.approx(first, rel=1e-6)
        assert way.losses[0] == pytest.approx(SURFACES["digits"].loss(np.array([scene.x, scene.y])), rel=1e-6)


def test_noise_needs_pictures():
    assert RaceScene.from_params({"surface": "bowl", "noise": "on"}).noise is False
    assert RaceScene.from_params({"surface": "digits", "noise": "on"}).noise is True


@pytest.mark.parametrize(
    ("params", "story", "optimizer"),
    [
        ({}, "1", "sgd"),
        ({"optimizer": "adam"}, "4", "adam"),  # a link to an optimizer alone
        ({"story": "2", "optimizer": "adadelta"}, "4", "adadelta"),
        ({"story": "3", "optimizer": "fast"}, "3", "sgd"),
        ({"optimizer": "slow"}, "1", "slow"),
        ({"story": "9"}, "1", "sgd"),
    ],
)
def test_who_is_written_out_takes_part(params, story, optimizer):
    scene = RaceScene.from_params(params)
    assert (scene.story, scene.optimizer) == (story, optimizer)


@pytest.mark.parametrize("name", STORIES)
def test_a_link_tells_a_whole_story(name):
    scene = RaceScene.of_story(name)
    assert RaceScene.from_params(scene.to_params()) == scene
    assert len(scene.to_params()) <= 5
    sent = payload(RaceScene())["stories"][name]
    assert RaceScene.from_params({**sent["scene"], "position": str(sent["position"])}) == scene
    assert sent["runners"] == list(scene.rates)


def test_sgd_diverges_in_the_ravine_at_the_rate_that_the_page_names():
    assert "Raise it to 0.021, and SGD diverges" in (ROOT / "pages" / "optimizers.py").read_text()
    calm, wild = (races_of(replace(all_seven("ravine"), sgd=rate))[0] for rate in (RATES["ravine"]["sgd"], 0.021))
    assert calm.ended is None
    assert wild.ended is not None
    assert wild.ended <= STEPS


def test_half_the_rate_bounces_forever_as_the_question_says():
    way = ways_of(replace(RaceScene(), sgd=0.5))["sgd"]
    assert way.weights[1, 0] == pytest.approx(0, abs=1e-6)
    assert np.abs(way.weights[:, 1]) == pytest.approx(np.full(STEPS + 1, 1.5))
    assert np.all(way.weights[1:, 1] * way.weights[:-1, 1] < 0)


@pytest.mark.parametrize("story", STORIES)
def test_marks_differ_in_colour_and_in_shape(story):
    looks = [LOOKS[name] for name in STORIES[story].runners]
    assert len({colour for colour, _ in looks}) == len({shape for _, shape in looks}) == len(looks)


# What is written ------------------------------------------------------------------------------------------------------

SUMS = """
import { writeSum } from "./lessons/optimizers/race/writing.js";
answer(told.map(([terms, total, fixed]) => writeSum(terms, total, { fixed })));
"""


def shown_sum(text):
    """Return the numbers of a sum as it is written, in units of its last digit, and that unit."""
    text = text.replace("−", "-")
    inside = text[1 : text.index(")")] if text.startswith("(") else text
    left, total = re.split(" [=≈] ", inside)
    first, sign, second = left.split(" ")
    numbers = [float(first), float(sign + second), float(total)]
    decimals = len(total.partition(".")[2])
    power = 0
    if text.startswith("("):
        raised = text.partition("10")[2] if " · 10" in text else ""
        power = int(text.split(" · 10")[1].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))) if raised else 0
    return [round(number * 10**decimals) for number in numbers], 10.0 ** (power - decimals)


def sums_of_steps():
    """Every sum of a third of all steps: its terms, its total, and whether it is the weight's."""
    scenes = [*map(all_seven, SURFACES), all_seven("digits", noise=True)]
    for scene, step in itertools.product(scenes, range(1, STEPS + 1, 3)):
        for name, way in ways_of(scene).items():
            known = quantities(way, step, scene.rates[name])
            for line, weight in itertools.product(LINES[name], (0, 1)):
                if line["terms"]:
                    terms = [
                        (-scene.rates[name] if factor == "-eta" else float(factor)) * float(known[what][weight])
                        for factor, what in line["terms"]
                    ]
                    yield terms, float(known[line["total"]][weight]), line["total"] == "w1"


def test_what_is_added_up_is_rounded_as_it_is_and_adds_up_as_shown():
    """In two sums of a hundred, the digits for which there is room do not add up: there stands "≈"."""
    # Below the smallest normal float32, a number has hardly a digit that is right.
    told = [one for one in sums_of_steps() if max(map(abs, one[0])) > np.finfo(np.float32).tiny]
    written = in_node(SUMS, [list(one) for one in told])
    near = 0
    for (terms, total, _), text in zip(told, written, strict=True):
        (first, second, whole), unit = shown_sum(text)
        assert (first + second == whole) == (" = " in text), text
        assert abs(first + second - whole) <= 1, text
        for shown, value in ((first, terms[0]), (second, terms[1]), (whole, total)):
            assert abs(shown - value / unit) <= 0.5001, (text, terms, total)
        near += " ≈ " in text
    assert 0 < near < 0.025 * len(told)


def quantities(way, step, rate):
    """Return the quantities of a step by the names that its lines use."""
    change = way.changes[step].astype(float)
    return {
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


@pytest.mark.parametrize("surface", SURFACES)
def test_the_lines_of_a_step_add_up(surface):
    scene = all_seven(surface)
    for (name, way), step in zip(zip(RULES, races_of(scene), strict=True), [1, 5, 20, 60, 90, 120, 150], strict=True):
        rate = scene.rates[name]
        known = quantities(way, step, rate)
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
        assert scene.to_params() == ({} if surface == "bowl" else {"surface": surface})
        assert RaceScene.from_params(scene.to_params()) == scene


def test_what_makes_no_sense_becomes_the_surfaces_default():
    nonsense = {"surface": "beale", "x": "here", "y": "99", "adam": "nan", "sgd": "0", "optimizer": "lion"}
    scene = RaceScene.from_params(nonsense)
    assert scene == replace(RaceScene.at_first("beale"), y=3.0, sgd=1e-4)
    assert RaceScene.from_params({"surface": "moon"}) == RaceScene()


@pytest.mark.parametrize(("surface", "optimizer"), list(zip([*SURFACES, "bowl", "beale"], RULES, strict=True)))
def test_the_keras_lines_arrive_where_the_page_does(surface, optimizer, library):
    lines_arrive(replace(all_seven(surface), optimizer=optimizer, position=25))


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_the_keras_lines_take_the_same_batches(optimizer, library):
    scene = replace(RaceScene.of_story("5"), optimizer=optimizer, position=25)
    assert "generator.choice" in keras_code(scene)
    lines_arrive(scene)


@pytest.mark.parametrize("optimizer", ["slow", "fast"])
def test_the_keras_lines_have_the_rate_of_the_chosen_one(optimizer, library):
    scene = replace(RaceScene(), optimizer=optimizer, position=25)
    assert f"SGD(learning_rate={getattr(scene, optimizer)})" in keras_code(scene)
    lines_arrive(scene)


def lines_arrive(scene):
    """Run the Keras lines of a scene and compare where they end."""
    names: dict = {}
    exec(keras_code(scene), names)
    way = ways_of(scene)[scene.optimizer]
    assert [float(names["x"]), float(names["y"])] == pytest.approx(way.weights[25].tolist(), rel=1e-3, abs=1e-4)


@pytest.mark.parametrize("name", RUNNERS)
def test_the_formula_is_that_of_the_chosen_optimizer_and_follows_the_switch(name):
    scene = replace(all_seven("digits"), optimizer=name)
    (exact, words), (noisy, others) = formula_of(scene), formula_of(replace(scene, noise=True))
    assert "∑" not in exact
    assert "∑" in noisy
    assert "8 pictures" in others
    assert "8 pictures" not in words
    for tag in ("mtr", "mfrac", "msub", "msqrt", "mrow"):
        assert exact.count(f"<{tag}>") == exact.count(f"</{tag}>")
    assert ("<mfrac>" in exact) == (RUNNERS[name] not in ("sgd", "momentum", "nesterov"))
