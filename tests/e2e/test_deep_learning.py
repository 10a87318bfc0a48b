"""/deep-learning in a browser, with a real engine: a photo, a drawn digit, a dragged neuron, a measurement."""

import re

import keras
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from components.lessons.deep_learning.digit_board import sample_digits
from components.networks.answers import pet_shares
from models.networks.inference import predict
from models.pictures.samples import sample
from tests.e2e.visitor import box, choose, number, stage

ANSWERED = 90_000
"""Milliseconds until the engine has started, loaded TensorFlow and answered."""


def shares(page: Page) -> list[float]:
    return [number(share) for share in page.locator(".bars .share").all()]


def answered(page: Page) -> Page:
    expect(page.locator(".digit-board[data-ready=answered]")).to_be_attached(timeout=ANSWERED)
    return page


def test_networks_answer_on_the_photo_and_read_a_digit_that_is_drawn(open_page, app):
    page = open_page("/deep-learning", host=app)
    said = page.locator(".said[data-network=convnet]")
    expect(said).to_be_visible(timeout=ANSWERED)
    cat, _ = pet_shares(predict(sample("chelsea").pixels, "convnet"))
    assert float(said.get_attribute("data-cat") or "nan") == pytest.approx(cat, abs=1e-5)
    page.get_by_text("Which digit?").scroll_into_view_if_needed()
    answered(page)
    page.get_by_role("button", name="Handwritten 7 of the test data").click()
    expect(page.get_by_test_id("digit-verdict")).to_have_text("It reads 7.")
    expected = predict(sample_digits()[7][..., np.newaxis], "digits")["probabilities"]
    assert shares(page) == pytest.approx(expected, abs=1e-5)
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_test_id("digit-verdict")).to_contain_text("Nothing to read yet")
    paper = box(page.locator(".paper"))
    page.mouse.move(paper["x"] + paper["width"] * 0.5, paper["y"] + paper["height"] * 0.15)
    page.mouse.down()
    page.mouse.move(paper["x"] + paper["width"] * 0.5, paper["y"] + paper["height"] * 0.85, steps=8)
    page.mouse.up()
    expect(page.get_by_test_id("digit-verdict")).to_have_text("It reads 1.")
    expect(page).to_have_url(re.compile("digit-ink=[0-9a-g]{64}"))
    page.get_by_text("It needs computing power").scroll_into_view_if_needed()
    page.get_by_role("button", name="Time it now").click(timeout=ANSWERED)
    expect(page.locator(".timing [data-rate]")).to_have_count(3, timeout=ANSWERED)


def test_the_neuron_answers_as_keras_does_while_it_is_dragged(open_page):
    page = open_page("/deep-learning?neuron-activation=tanh&neuron-w3=-1.2")
    neuron = stage(page, "One artificial neuron")
    neuron.get_by_role("slider", name="whiskers: input x", exact=True).fill("0.35")
    neuron.get_by_role("slider", name="bias b: bias b", exact=True).fill("0.4")
    neuron.get_by_role("slider", name="pointed ears: input x", exact=True).fill("0.5")
    for name, key in (("tanh", None), ("sigmoid", "sigmoid"), ("relu", "ReLU")):
        if key:
            choose(neuron.get_by_role("radio", name=key))
        layer = keras.layers.Dense(1, activation=name)
        layer.build((None, 3))
        layer.set_weights([np.array([[2.5], [1.5], [-1.2]]), np.array([0.4])])
        expected = float(np.asarray(layer(np.array([[0.5, 0.35, 0.1]], np.float32)))[0, 0])
        assert number(page.get_by_test_id("neuron-answer")) == pytest.approx(expected, abs=1e-5)
    expect(page.get_by_test_id("neuron-sum")).to_contain_text("= 2.055")
    expect(page).to_have_url(re.compile("neuron-x2=0.35"))
