"""Loss functions in a real browser: the curve, softmax and the choice of a loss."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from models.arithmetic import (
    binary_crossentropy,
    categorical_crossentropy,
    crossentropy_push,
    mean_squared_error,
    softmax,
    squared_push,
)
from tests.e2e.pixels import NEGATIVE, SOFT, TEXT, WINDOW, look
from tests.e2e.visitor import box, number, open_act, open_tab, ready, settle, stage
from tests.node import in_node

PAGE = "/loss"


def check_curve(page, label: int) -> None:
    """Check that the numbers beside the curve are those of the displayed prediction."""
    p, z = number(page.get_by_test_id("loss-p")), number(page.get_by_test_id("loss-z"))
    y = np.array([float(label)])
    expected = {
        "crossentropy": binary_crossentropy(y, np.array([p]))[0],
        "squared": mean_squared_error(y, np.array([p])),
        "crossentropyPush": crossentropy_push(y, np.array([z]))[0],
        "squaredPush": squared_push(y, np.array([z]))[0],
    }
    for name, value in expected.items():
        assert number(page.get_by_test_id(f"loss-{name}")) == pytest.approx(value, abs=1e-6), name


def test_the_prediction_is_dragged_and_the_numbers_follow(open_page):
    page = ready(open_page(PAGE))
    curve = stage(page, "Loss curve")
    slider = page.get_by_role("slider", name="Prediction p", exact=True)
    area = box(page.locator("[data-part=curve-plate]"))
    page.mouse.move(area["x"] + area["width"] * 0.5, area["y"] + area["height"] / 2)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.8, area["y"] + area["height"] / 2)
    page.mouse.up()
    p = float(slider.input_value())
    assert 0.6 < p < 0.95
    assert number(page.get_by_test_id("loss-p")) == pytest.approx(p, abs=1e-9)
    check_curve(page, 1)
    page.keyboard.press("ArrowLeft")
    assert number(page.get_by_test_id("loss-p")) == pytest.approx(p - 0.001, abs=1e-9)
    check_curve(page, 1)
    curve.get_by_text("0, a cat", exact=True).click()
    expect(page.get_by_test_id("loss-verdict")).to_have_attribute("data-label", "0")
    check_curve(page, 0)
    curve.get_by_text("Slope by z", exact=True).click()
    slider = page.get_by_role("slider", name="Logit z", exact=True).first
    slider.fill("9")
    check_curve(page, 0)
    expect(page.get_by_test_id("loss-verdict")).to_contain_text("A confident mistake.")


def test_both_losses_are_drawn_where_they_are(open_page):
    page = ready(open_page(PAGE + "?chart=logit&label=0&position=700"))
    drawing = look(stage(page, "Loss curve").locator("canvas[data-part=curve]"))
    axes = drawing.axes(left=3.2, right=0.8, top=0.6, bottom=1.8, x=(-10, 10), y=(-0.5, 10.5))
    z = np.delete(np.linspace(-9.5, 9.5, 39), slice(22, 32))  # without 2 to 6, where the tangents are
    crossentropy = np.log1p(np.exp(z))
    squared = (1 / (1 + np.exp(-z))) ** 2
    apart = crossentropy > 0.5  # near 0, the squared error is drawn over it
    assert all(drawing.shows(TEXT, place) for place in axes.places(z[apart], crossentropy[apart]))
    assert np.mean([drawing.shows(SOFT, place) for place in axes.places(z, squared)]) > 0.4
    assert drawing.shows(WINDOW, axes.place(4, float(np.log1p(np.exp(4)))))
    assert drawing.shows(SOFT, axes.place(4, (1 / (1 + np.exp(-4))) ** 2))


def check_backpropagation(page) -> None:
    """Check that a dragged weight moves loss and slope at once, and that the last step tells the new loss."""
    open_act(page, "6 Backward")
    back = stage(page, "Backpropagation")
    lines = page.get_by_test_id("back-lines")

    def told(name: str) -> float:
        return float(lines.get_attribute(f"data-{name}") or "nan")

    def expected(w: float) -> tuple[float, float]:
        h = 1 / (1 + np.exp(-(np.array([1.0, 0.5]) @ [[w, -0.8], [-1.2, 0.6]] + [0.3, -0.2])))
        p = 1 / (1 + np.exp(-(h @ [1.4, -0.9] - 0.3)))
        return -np.log(p), (p - 1) * 1.4 * h[0] * (1 - h[0])

    expect(page.get_by_test_id("back-title")).to_have_text("Back: the first weights")
    assert (told("loss"), told("slope")) == pytest.approx(expected(0.5), abs=1e-9)
    canvas = back.locator("canvas[data-part=network]")
    back.get_by_role("slider", name="Weight w₁₁").fill("-2")
    look(canvas)  # the next frame
    assert (told("loss"), told("slope")) == pytest.approx(expected(-2.0), abs=1e-9)
    back.get_by_role("slider", name="Step", exact=True).fill("10")
    expect(lines).to_contain_text(f"is {told('next'):.4f}: one step made it smaller.")
    assert told("next") < told("loss")
    drawing = look(canvas)
    size = {"width": drawing.width, "height": drawing.height, "rem": drawing.rem}
    layout = in_node(
        'import { layOut } from "./lessons/loss/backpropagation/picture.js";\n'
        "answer(layOut(told.width, told.height, told.rem));",
        size,
    )
    first = 0.7 * np.array(layout["inputs"][0]) + 0.3 * np.array(layout["hidden"][0])  # the number is further on
    assert drawing.shows(NEGATIVE, tuple(first), around=4)  # the weight that was dragged below 0
    expect(page).to_have_url(re.compile("back-w=-2"))


def test_softmax_follows_its_logits_and_the_chooser_its_problem(open_page):
    page = ready(open_page(PAGE + "?softmax-classes=4&softmax-label=2&softmax-position=19"))
    board = stage(page, "Softmax")
    board.get_by_role("spinbutton", name="trucks: logit z").fill("3.5")
    p = softmax(np.array([2.0, 1.0, 3.5, 0.0]), temperature=2.0)
    loss = float(categorical_crossentropy(np.eye(4)[2], p))
    expect(page.get_by_test_id("softmax-loss")).to_contain_text(f"{loss:.4f}")
    assert number(page.get_by_test_id("softmax-loss")) == pytest.approx(loss, abs=1e-6)
    shares = [number(share) for share in board.locator(".share").all()[:4]]
    assert shares == pytest.approx(p.tolist(), abs=1e-6)
    check_backpropagation(page)
    digits = page.get_by_text("Digits 0 to 9", exact=True).first
    digits.scroll_into_view_if_needed()  # on the way, the photo's loss comes into view and requests its answer
    settle(page)
    digits.click()
    expect(page.get_by_role("cell", name="softmax, 10 units")).to_be_visible()
    keras = open_tab(page, "The same in Keras")
    expect(keras.locator("pre")).to_contain_text('Dense(10, activation="softmax")')
    pair = open_act(page, "5 Wrong pair")
    expect(pair.get_by_text("Training both networks", exact=False)).to_be_visible()


def test_a_link_to_the_way_back_opens_it_and_it_is_drawn_in_its_size(open_page):
    page = ready(open_page(PAGE + "?back-w=-2"))
    settle(page)
    canvas = stage(page, "Backpropagation").locator("canvas[data-part=network]")
    expect(canvas).to_be_visible()
    page.wait_for_function("canvas => canvas.width >= canvas.clientWidth", arg=canvas.element_handle())
    assert page.get_by_test_id("back-lines").get_attribute("data-loss") is not None
