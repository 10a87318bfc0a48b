"""/deep-learning in a browser, with a real engine: a photo, a drawn digit, a dragged neuron, a measurement."""

import re

import keras
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from components.lessons.deep_learning.digit_board import sample_digits
from components.networks.answers import pet_shares
from models.experiments.digit_neurons import digit_neurons
from models.networks.inference import predict
from models.pictures.samples import DEFAULT, sample
from tests.e2e.pixels import POSITIVE, WINDOW, Drawing, assert_same_picture, assert_traced, look
from tests.e2e.visitor import PHONE, box, choose, number, open_act, settle, stage
from tests.node import in_node

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
    cat, _ = pet_shares(predict(sample(DEFAULT).pixels, "convnet"))
    assert float(said.get_attribute("data-cat") or "nan") == pytest.approx(cat, abs=1e-5)
    page.get_by_text("Which digit?").scroll_into_view_if_needed()
    answered(page)
    page.get_by_role("button", name="Handwritten 7 of the test data").click()
    expect(page.get_by_test_id("digit-verdict")).to_have_text("It reads 7.")
    expected = predict(sample_digits()[7][..., np.newaxis], "digits")["probabilities"]
    assert shares(page) == pytest.approx(expected, abs=1e-5)
    for digit, counts in enumerate(sample_digits()):
        greys = np.repeat(np.rint(255 * (1 - counts / 16))[..., np.newaxis], 3, axis=-1)
        offer = page.get_by_role("button", name=f"Handwritten {digit} of the test data").locator("canvas")
        assert_same_picture(look(offer), greys, 1)
        if digit == 7:
            whole = np.repeat(np.repeat(greys, 48, axis=0), 48, axis=1)
            assert_same_picture(look(page.locator("canvas.paper")), whole, 1)
    check_the_drawn_network(page, 7)
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_test_id("digit-verdict")).to_contain_text("Nothing to read yet")
    expect(page.get_by_test_id("neuron-name")).to_have_text("Nothing to read yet")
    network = look(stage(page, "A network of neurons").locator("canvas[data-part=network]"), is_grey)
    assert is_grey(network)  # no line has a colour before anything comes through it
    page.locator(".paper").evaluate("paper => paper.scrollIntoView({block: 'center'})")  # not below the page's bar
    paper = box(page.locator(".paper"))
    page.mouse.move(paper["x"] + paper["width"] * 0.5, paper["y"] + paper["height"] * 0.15)
    page.mouse.down()
    page.mouse.move(paper["x"] + paper["width"] * 0.5, paper["y"] + paper["height"] * 0.85, steps=8)
    page.mouse.up()
    expect(page.get_by_test_id("digit-verdict")).to_have_text("It reads 1.")
    drawing = look(page.locator("canvas.paper"))
    ink = drawing.pixels.mean(axis=-1) < 128
    assert np.flatnonzero(ink.any(axis=0)) == pytest.approx(np.arange(173, 211), abs=3)  # a pen of 38 pixels
    assert (ink.any(axis=1).argmax(), 383 - ink.any(axis=1)[::-1].argmax()) == pytest.approx((38, 346), abs=4)
    expect(page).to_have_url(re.compile("digit-ink=[0-9a-g]{64}"))
    open_act(page, "5 Computing power")
    page.get_by_role("button", name="Time it now").click(timeout=ANSWERED)
    expect(page.locator(".timing [data-rate]")).to_have_count(3, timeout=ANSWERED)
    phone = open_page("/deep-learning", host=app, viewport=PHONE)  # its first screen has the photo and both answers
    expect(phone.locator(".pet img")).to_be_in_viewport(ratio=0.99)
    expect(phone.locator(".said[data-network]")).to_have_count(2, timeout=ANSWERED)
    expect(phone.locator(".said[data-network]").last).to_be_in_viewport(ratio=1)


def test_on_a_phone_a_finger_draws_on_the_paper_and_scrolls_beside_it(open_page):
    page = open_page("/deep-learning", viewport=PHONE, has_touch=True, reduced_motion="reduce")
    settle(page)
    open_act(page, "2 Your digit")
    paper = page.locator("canvas.paper")
    paper.evaluate("paper => paper.scrollIntoView({block: 'center'})")
    area = box(paper)
    assert area["x"] + area["width"] <= PHONE["width"] * 0.75
    touch = page.context.new_cdp_session(page)
    scrolled = "document.querySelector('[data-testid=stMain]').scrollTop"
    before: float = page.evaluate(scrolled)

    def swipe(x: float) -> None:
        """Move a finger up from the height of the paper's middle, 100 pixels."""
        y = area["y"] + area["height"] / 2
        for kind, up in (("touchStart", 0), *(("touchMove", 10 * step) for step in range(1, 11))):
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y - up}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    swipe(area["x"] + area["width"] / 2)
    drawing = look(paper)
    assert drawing.at(area["width"] / 2, area["height"] * 0.4) == pytest.approx((0, 0, 0), abs=3)
    assert page.evaluate(scrolled) == before
    swipe(area["x"] + area["width"] + 40)
    page.wait_for_function(f"before => {scrolled} > before + 50", arg=before)


def is_grey(drawing: Drawing) -> bool:
    return bool(np.ptp(drawing.pixels[..., :3].astype(int), axis=-1).max() < 40)


LAYOUT = """
import { layOut, neuronAt } from "./lessons/deep_learning/digit_neurons/picture.js";
const layout = layOut(told.width, told.height, told.rem, 16, 10);
answer({ ...layout, found: layout.neurons.map(([x, y]) => neuronAt(layout, x + 3, y - 3)) });
"""


def check_the_drawn_network(page: Page, digit: int) -> None:
    """Check that every neuron of the drawn network is as bright as it answers, and says so when it is pointed at."""
    expect(page.get_by_test_id("neuron-name")).to_have_text(f"This network reads {digit}")
    canvas = stage(page, "A network of neurons").locator("canvas[data-part=network]")
    canvas.scroll_into_view_if_needed()
    network = digit_neurons()
    inputs = sample_digits()[digit].ravel() / 16
    hidden = 1 / (1 + np.exp(-(inputs @ network.kernels[0] + network.biases[0])))
    answers = np.concatenate([hidden, network.probabilities(sample_digits()[digit][np.newaxis])[0]])
    dark, lit = np.array([27, 33, 44]), np.array([255, 255, 255])
    size = look(canvas)
    layout = in_node(LAYOUT, {"width": size.width, "height": size.height, "rem": size.rem})
    assert layout["found"] == list(range(26))

    def is_lit(drawing) -> bool:
        shades = [drawing.at(*place) for place in layout["neurons"]]
        return bool(np.abs(shades - (dark + answers[:, np.newaxis] * (lit - dark))).max() <= 4)

    drawing = look(canvas, is_lit)  # the light needs a second to come through
    assert is_lit(drawing)
    pixels = [drawing.at(*place) for place in layout["inputs"]]
    np.testing.assert_allclose(pixels, dark + inputs[:, np.newaxis] * (lit - dark), atol=2)
    area = box(canvas)
    for neuron in (4, 16 + digit):
        x, y = layout["neurons"][neuron]
        page.mouse.move(area["x"] + x, area["y"] + y)
        said = page.get_by_test_id("neuron-said")
        name = "Hidden neuron 5 of 16" if neuron < 16 else f"The output neuron for {digit}"
        expect(page.get_by_test_id("neuron-name")).to_have_text(name)
        assert float(said.get_attribute("data-answer") or "nan") == pytest.approx(answers[neuron], abs=1e-9)


def test_the_neuron_answers_as_keras_does_while_it_is_dragged(open_page):
    page = open_page("/deep-learning?neuron-activation=tanh&neuron-w3=-1.2")
    neuron = stage(page, "One artificial neuron")
    neuron.get_by_role("slider", name="whiskers: input x", exact=True).fill("0.35")
    neuron.get_by_role("slider", name="bias b: bias b", exact=True).fill("0.4")
    neuron.get_by_role("slider", name="pointed ears: input x", exact=True).fill("0.2")
    neuron.get_by_role("spinbutton", name="pointed ears: input x, as a number").fill("0.5")
    expect(neuron.get_by_role("slider", name="pointed ears: input x", exact=True)).to_have_value("0.5")
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

    def is_drawn(drawing) -> bool:
        return drawing.shows(WINDOW, drawing.axes(**margins).place(2.055, 2.055))

    margins: dict = {"left": 3.2, "right": 0.8, "top": 0.6, "bottom": 1.8, "x": (-10, 10), "y": (-10, 10)}
    drawing = look(neuron.locator("canvas[data-part=chart]"), is_drawn)
    assert is_drawn(drawing)
    z = np.array([-9, -6.3, -2.2, 4.4, 6.7, 9.1])
    assert_traced(drawing, drawing.axes(**margins).places(z, np.maximum(z, 0)), POSITIVE, within=6)
