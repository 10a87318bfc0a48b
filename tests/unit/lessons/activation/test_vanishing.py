"""lessons/activation/vanishing: every scene fits into a URL, and the browser is told what the model computes."""

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from components.browser import encode_message
from components.lessons.activation.vanishing import ARRAYS, payload
from components.lessons.activation.vanishing.scene import DEEPEST, SEEDS, VanishingScene
from components.lessons.activation.vanishing.texts import SERIES, TEXTS
from models.arithmetic.gradient_flow import gradient_flows
from tests.node import in_node

DEFAULT = VanishingScene()


@pytest.mark.parametrize("depth", [1, 4, 10, 30])
def test_at_first_the_gradient_has_arrived_at_any_depth(depth):
    scene = VanishingScene.from_params({"depth": str(depth)})
    assert scene.position >= depth - 1
    assert "position" not in scene.to_params()


def sent(message: Mapping[str, Any], name: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(message[name]), "<f4").reshape(len(SERIES), DEEPEST, DEEPEST)


@pytest.mark.parametrize("depth", [1, 2, 10, 30])
@pytest.mark.parametrize("number", range(len(SERIES)))
def test_every_depth_is_sent_as_the_model_computes_it(number, depth):
    message = payload(VanishingScene(seed=4))
    flow = gradient_flows(SERIES[number]["name"], deepest=depth, seed=4)[-1]
    for name, attribute in ARRAYS.items():
        row = sent(message, name)[number, depth - 1]
        np.testing.assert_allclose(row[:depth], getattr(flow, attribute), rtol=1e-6)
        assert not row[depth:].any()


def test_what_is_sent_depends_on_the_weights_only():
    assert payload(DEFAULT) == payload(VanishingScene(depth=30, position=3, speed=9))
    assert payload(DEFAULT)["shares"] != payload(VanishingScene(seed=1))["shares"]


def test_the_message_is_small_and_no_share_is_lost_in_float32():
    message = payload(DEFAULT)
    assert len(encode_message(message)) < 200_000
    assert sent(message, "shares")[:, DEEPEST - 1].min() > 1e-30


@pytest.mark.slow
def test_what_the_note_says_of_the_weights_holds_for_every_draw():
    assert "between 0.1 and 4 in all 100 draws" in TEXTS["note"]
    for seed in range(SEEDS):
        for series in SERIES:
            flows = gradient_flows(series["name"], deepest=DEEPEST, seed=seed)
            products = np.concatenate([flow.weight_products for flow in flows])
            assert 0.1 < products.min() <= products.max() < 4
            # The cards have no words for a first layer with a larger gradient than the last one.
            assert all(flow.shares[0] <= 1 for flow in flows)


def test_every_series_has_a_look_of_its_own():
    looks = in_node('import { LOOKS } from "./lessons/activation/vanishing/flow_chart.js";\nanswer(LOOKS);')
    assert list(looks) == [series["name"] for series in SERIES]
    for part in ("colour", "dash", "shape"):
        assert len({str(look[part]) for look in looks.values()}) == len(SERIES)
