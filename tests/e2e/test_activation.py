"""Activation functions in a real browser: curves, a feature map of the photo, linear layers, training, gradients."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from components.lessons.activation.curve.scene import CurveScene
from components.lessons.activation.curve.scene import inputs as curve_inputs
from components.lessons.activation.curve.texts import WORDS
from components.lessons.activation.feature_map import before_and_after
from components.lessons.activation.feature_map.scene import MapScene
from components.lessons.activation.linear_collapse.scene import inputs as stack_inputs
from models.arithmetic import ACTIVATIONS, activation, activation_derivative
from models.arithmetic.activation import most_even
from models.arithmetic.gradient_flow import gradient_flows
from models.arithmetic.linear_stack import draw_stack
from models.experiments.toy import EXTENT, Training, grid, points, suitable_rate, train
from models.pictures.photo import decode
from models.pictures.samples import DEFAULT, sample
from models.pretrained.first_layer import first_layer
from tests.e2e.pixels import (
    CAT,
    DOG,
    GROUND,
    NEGATIVE,
    POSITIVE,
    SOFT,
    TEXT,
    WINDOW,
    ZERO,
    Colour,
    assert_same_picture,
    assert_traced,
    look,
    near,
    signed_colours,
)
from tests.e2e.visitor import (
    PHONE,
    PROJECTOR,
    box,
    choose,
    follow,
    number,
    open_act,
    ready,
    settle,
    stage,
    upload,
    wait_for_photo,
)

PAGE = "/activation"
CURVE = "Activation curve"
MAP = "Activation on a feature map"
STACK = "Two linear layers"
TOY = "Toy training"
GRADIENTS = "Vanishing gradients"


def expected(name: str, x: float) -> tuple[float, float]:
    scene = CurveScene(activation=name)
    inputs = np.array([x, scene.second, scene.third] if name == "softmax" else [x])
    return float(activation(name, inputs)[0]), float(activation_derivative(name, inputs)[0])


def test_value_and_slope_are_written_at_every_input(open_page):
    page = ready(open_page(PAGE))
    names = stage(page, CURVE).get_by_role("radiogroup", name="Activation", exact=True)
    slider = page.get_by_role("slider", name="Input x", exact=True)
    # The one that a link without a name opens comes last: it has to be chosen, too.
    for name in sorted(ACTIVATIONS, key=lambda name: name == "relu"):
        names.get_by_text(WORDS[name].label, exact=True).click()
        if name == "relu":
            expect(page).not_to_have_url(re.compile("activation="))
        else:
            expect(page).to_have_url(re.compile(rf"activation={name}\b"))
        for x in (-6, -1.25, 0, 0.01, 2, 6):
            slider.fill(str(x))
            value, slope = expected(name, x)
            expect(page.get_by_test_id("activation-value")).to_have_text(re.compile(re.escape(f"{abs(value):.4f}")))
            assert number(page.get_by_test_id("activation-value")) == pytest.approx(value, abs=1e-6), (name, x)
            assert number(page.get_by_test_id("activation-slope")) == pytest.approx(slope, abs=1e-6), (name, x)


def test_dragging_on_the_curve_and_keys_move_x(open_page):
    page = ready(open_page(PAGE))
    slider = page.get_by_role("slider", name="Input x", exact=True)
    area = box(page.locator("[data-part=curve-plate]"))
    page.mouse.move(area["x"] + area["width"] * 0.2, area["y"] + area["height"] / 2)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.3, area["y"] + area["height"] / 3)
    page.mouse.up()
    x = float(slider.input_value())
    assert -4 < x < -2
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_value(f"{x + 0.01:.2f}".rstrip("0").rstrip("."))
    page.keyboard.press("ArrowUp")
    assert float(slider.input_value()) == pytest.approx(x + 1.01)
    page.keyboard.press("Home")
    expect(slider).to_have_value("-6")
    expect(page.get_by_test_id("activation-value")).to_have_text("0.0000")


def test_play_sweeps_x_and_draws_the_slope_as_it_goes(open_page):
    page = ready(open_page(PAGE + "?activation=tanh&speed=600"))
    curve = stage(page, CURVE)
    curve.get_by_role("button", name="Restart").click()
    canvas = page.locator("canvas[data-part=curve]")
    x = np.linspace(0.2, 1.5, 14)

    def traced() -> float:
        """Return how much of the dashed slope is drawn there."""
        drawing = look(canvas)
        places = drawing.axes(**MARGINS, x=(-6, 6), y=(-1, 1.25)).places(x, 1 - np.tanh(x) ** 2)
        return float(np.mean([drawing.shows(TEXT, place) for place in places]))

    assert traced() < 0.2
    curve.get_by_role("button", name="Play").click()
    expect(page.get_by_role("slider", name="Input x", exact=True)).to_have_value("6")
    assert traced() > 0.4


def test_softmax_shares_out_one_whole(open_page):
    page = ready(open_page(PAGE + "?activation=softmax&second=2&third=-1"))
    curve = stage(page, CURVE)
    shares = [float(text.strip(" %")) for text in curve.locator(".share b").all_text_contents()]
    assert sum(shares) == pytest.approx(100, abs=1e-9)
    assert shares == pytest.approx((activation("softmax", np.array([1.5, 2, -1])) * 100).tolist(), abs=0.1)
    curve.get_by_label("x₂").fill("-6")
    expect(page).to_have_url(re.compile("second=-6"))
    expect(curve.locator(".share b").nth(1)).to_have_text("0.0\u00a0%")
    shares = [float(text.strip(" %")) for text in curve.locator(".share b").all_text_contents()]
    assert sum(shares) == pytest.approx(100, abs=1e-9)


def test_a_link_opens_the_same_curve_at_the_same_input(open_page):
    page = ready(open_page(PAGE + "?activation=elu&position=100"))
    expect(page.get_by_role("slider", name="Input x", exact=True)).to_have_value("-5")
    assert number(page.get_by_test_id("activation-value")) == pytest.approx(np.expm1(-5), abs=1e-9)


# The feature map ------------------------------------------------------------------------------------------------------


def check_map(page: Page, pixels: np.ndarray, **settings) -> None:
    scene = MapScene(**settings)
    before, after = before_and_after(first_layer(pixels), scene)
    shown = re.findall(r"\d+", stage(page, MAP).locator("[data-part=pointed]").inner_text())
    row, column = (int(number) - 1 for number in shown)
    assert number(page.get_by_test_id("map-before")) == pytest.approx(float(before[row, column]), abs=1e-5)
    assert number(page.get_by_test_id("map-after")) == pytest.approx(float(after[row, column]), abs=1e-5)


def test_the_feature_map_is_that_of_the_visitors_photo(open_page, picture):
    page = ready(open_page(PAGE))
    board = stage(page, MAP)
    check_map(page, sample(DEFAULT).square(192))
    expect(board.get_by_text(re.compile(r"^ReLU turned [3-7]\d\u00a0%"))).to_be_visible()
    data = picture(3)
    upload(page, "rex.jpg", data)
    wait_for_photo(page, "rex.jpg")
    square = decode(data).square(192)
    # The map that opens follows the photo, and so does its name in the list.
    index = most_even(first_layer(square))
    expect(board.get_by_label("Map", exact=True).locator("option").first).to_have_text(f"{index + 1}, most even here")
    settle(page)
    check_map(page, square)
    choose(board.locator('input[name="activation"][value="tanh"]'))
    board.get_by_label("Map", exact=True).select_option(index=21)  # after the one that follows the photo
    expect(page).to_have_url(re.compile("map-map=20"))
    expect(board.get_by_text("After tanh")).to_be_visible()
    settle(page)
    check_map(page, square, activation="tanh", map=20)
    board.get_by_label("Bias").fill("-1.5")
    expect(page).to_have_url(re.compile("map-bias=-1.5"))
    settle(page)
    check_map(page, square, activation="tanh", map=20, bias=-1.5)


def test_the_histogram_and_the_map_move_from_before_to_after(open_page):
    page = ready(open_page(PAGE + "?map-speed=200"))
    board = stage(page, MAP)
    picture_of = "canvas => canvas.toDataURL()"
    after, histogram = (board.locator(f"canvas[data-part={name}]") for name in ("after", "histogram"))
    behind = [canvas.evaluate(picture_of) for canvas in (after, histogram)]
    board.get_by_role("button", name="Restart").click()
    at_first = [canvas.evaluate(picture_of) for canvas in (after, histogram)]
    assert board.locator("canvas[data-part=before]").evaluate(picture_of) == at_first[0]
    assert at_first[0] != behind[0]
    assert at_first[1] != behind[1]
    board.get_by_role("button", name="Play").click()
    expect(board.get_by_role("slider", name="Way through the activation")).to_have_value("100")
    assert [canvas.evaluate(picture_of) for canvas in (after, histogram)] == behind


# Why nonlinear --------------------------------------------------------------------------------------------------------


def test_two_linear_layers_are_one_until_a_relu_stands_between_them(open_page):
    page = open_page(PAGE)
    settle(page)
    open_act(page, "4 Two are one")
    board = stage(page, STACK)
    stack = draw_stack(0)
    slider = board.get_by_label("x into both")
    for x in (-4, 0.3, 2.5):
        slider.fill(str(x))
        expected_answer = float(stack.outputs(np.array([x]))[0])
        for name in ("stack-two", "stack-one"):
            assert number(page.get_by_test_id(name)) == pytest.approx(expected_answer, abs=1e-9)
        expect(page.get_by_test_id("stack-two")).to_have_text(page.get_by_test_id("stack-one").inner_text())
    expect(page.get_by_test_id("stack-verdict")).to_contain_text("the two layers are one")
    board.get_by_label("ReLU between the layers").check()
    expect(page.get_by_test_id("stack-verdict")).to_contain_text("Now the outputs differ")
    bent = float(stack.outputs(np.array([2.5]), between="relu")[0])
    assert number(page.get_by_test_id("stack-two")) == pytest.approx(bent, abs=1e-9)
    assert number(page.get_by_test_id("stack-one")) == pytest.approx(stack.weight * 2.5 + stack.bias, abs=1e-9)
    board.get_by_role("button", name="Other weights").click()
    expect(page).to_have_url(re.compile("stack-seed=1"))
    bent = float(draw_stack(1).outputs(np.array([2.5]), between="relu")[0])
    expect(page.get_by_test_id("stack-two")).to_have_attribute("data-value", re.compile(re.escape(f"{bent:.4f}"[:4])))


def test_what_is_written_of_the_two_layers_adds_up(open_page):
    page = ready(open_page(PAGE + "?stack-relu=on"))
    board = stage(page, STACK)

    def computed(text: str) -> tuple[float, float]:
        left, right = text.rsplit("=", 1)
        expression = left.split("=", 1)[-1].replace("·", "*").replace("−", "-")
        assert re.fullmatch(r"[\d\s().,*+\-max]+", expression)
        return eval(expression), float(right.replace("−", "-"))

    for x in (-3.7, 0.4, 3.9):
        board.get_by_label("x into both").fill(str(x))
        lines = [
            *board.locator("ol li").all_text_contents(),
            *board.locator("[data-part$=-line]").all_text_contents()[1:3],
        ]
        assert len(lines) == 5
        for line in lines:
            left, right = computed(line)
            assert left == pytest.approx(right, abs=1e-9)
        left, right = computed(
            board.locator("[data-part=two-line]").inner_text() + " = " + page.get_by_test_id("stack-two").inner_text()
        )
        assert left == pytest.approx(right, abs=1e-9)


def test_a_training_is_run_and_played_and_only_the_bent_network_solves_it(open_page):
    page = ready(open_page(PAGE + "?toy-speed=240"))
    board = stage(page, TOY)
    for name in ("toy-linear-accuracy", "toy-nonlinear-accuracy"):
        expect(page.get_by_test_id(name)).to_have_text("–")
    board.get_by_role("button", name="Train", exact=True).click()
    expect(board.get_by_role("slider", name="Epoch")).to_have_value("79", timeout=30_000)
    linear, bent = (
        train("circles", activation=name, hidden=8, seed=1, learning_rate=suitable_rate("circles", "relu"))
        for name in ("identity", "relu")
    )
    for name, training in (("linear", linear), ("nonlinear", bent)):
        for figure, values in (("accuracy", training.accuracies), ("loss", training.losses)):
            shown = number(page.get_by_test_id(f"toy-{name}-{figure}"))
            assert shown == pytest.approx(float(values[-1]), abs=1e-6)
    assert linear.accuracies[-1] < 0.75 < 0.97 < bent.accuracies[-1]
    check_planes(board, {"linear": linear, "nonlinear": bent})
    check_losses(board, linear, bent)
    expect(board.get_by_role("status")).to_contain_text("Both trained")
    # With other points, the training begins anew at once.
    choose(board.get_by_role("radio", name="xor"))
    expect(page).to_have_url(re.compile("toy-points=xor"))
    expect(page.get_by_test_id("toy-nonlinear-accuracy")).not_to_have_text("–", timeout=30_000)


def test_with_reduced_motion_the_training_shows_its_end_at_once(open_page):
    page = ready(open_page(PAGE, reduced_motion="reduce"))
    board = stage(page, TOY)
    board.get_by_role("button", name="Train", exact=True).click()
    expect(board.get_by_role("slider", name="Epoch")).to_have_value("79", timeout=30_000)
    expect(board.get_by_role("button", name="Play")).to_be_enabled()


def test_the_deeper_the_network_the_less_gradient_arrives(open_page):
    page = open_page(PAGE)
    settle(page)
    open_act(page, "5 Vanishing")
    board = stage(page, GRADIENTS)
    before = ""
    for depth in (2, 9, 30):
        board.get_by_label("Depth").fill(str(depth))
        expect(page.get_by_test_id("vanishing-sigmoid")).not_to_have_attribute("data-value", before)
        before = page.get_by_test_id("vanishing-sigmoid").get_attribute("data-value") or ""
        for name in ("sigmoid", "tanh", "relu"):
            flow = gradient_flows(name, deepest=depth)[-1]
            share = float(flow.sizes[0] / flow.sizes[-1])
            assert number(page.get_by_test_id(f"vanishing-{name}")) == pytest.approx(share, rel=1e-4)
    expect(page).to_have_url(re.compile("vanishing-depth=30"))
    assert number(page.get_by_test_id("vanishing-sigmoid")) < 1e-12 < number(page.get_by_test_id("vanishing-relu"))


# What is drawn --------------------------------------------------------------------------------------------------------

MARGINS = {"left": 3.2, "right": 0.8, "top": 0.6, "bottom": 1.8}
"""The margins of a chart of curves in rem, with the axes' numbers."""
GREY: Colour = (104, 106, 108)
"""Tanh's colour, between text and ground."""


def faint(colour: Colour, opacity: float, ground: Colour = GROUND) -> Colour:
    """Return the blend of a partly transparent colour with the ground."""
    red, green, blue = (round(opacity * one + (1 - opacity) * below) for one, below in zip(colour, ground, strict=True))
    return red, green, blue


def test_curves_lie_where_the_numbers_say(open_page):
    page = ready(open_page(PAGE + "?activation=tanh&position=900&stack-relu=on&stack-position=70&vanishing-depth=9"))
    curve, stack, gradients = (stage(page, name) for name in (CURVE, STACK, GRADIENTS))
    x = curve_inputs()
    values, slopes = np.tanh(x), 1 - np.tanh(x) ** 2
    drawing = look(curve.locator("canvas[data-part=curve]"))
    axes = drawing.axes(**MARGINS, x=(-6, 6), y=(-1, 1.25))
    some = slice(40, 560, 40)  # left of the tangent, which is drawn over the curve
    assert_traced(drawing, axes.places(x[some], values[some]), NEGATIVE, within=8)
    above = np.arange(1000, 1200, 20)  # right of it, the numbers are above 0
    assert_traced(drawing, axes.places(x[above], values[above]), POSITIVE, within=8)
    assert np.mean([drawing.shows(TEXT, place) for place in axes.places(x[some], slopes[some])]) > 0.4
    assert drawing.shows(WINDOW, axes.place(3, np.tanh(3)))
    assert drawing.shows(TEXT, axes.place(3, 1 - np.tanh(3) ** 2))

    x = stack_inputs()
    layers = draw_stack(0)
    two, one = layers.outputs(x, between="relu"), x * layers.weight + layers.bias
    drawing = look(stack.locator("canvas[data-part=chart]"))
    both = np.concatenate([two, one, [0]])
    axes = drawing.axes(**MARGINS, x=(x[0], x[-1]), y=(both.min() - 0.5, both.max() + 0.5))
    apart = [place for place in range(2, len(x) - 2, 2) if abs(two[place] - one[place]) > 1 and abs(place - 70) > 4]
    assert len(apart) > 5
    for colour, shown in ((POSITIVE, two[apart] > 0.3), (NEGATIVE, two[apart] < -0.3)):
        of_sign = np.array(apart)[shown]
        if len(of_sign):
            assert_traced(drawing, axes.places(x[of_sign], two[of_sign]), colour, within=9)
    assert np.mean([drawing.shows(TEXT, place) for place in axes.places(x[apart], one[apart])]) > 0.4
    assert drawing.shows(WINDOW, axes.place(x[70], two[70]), around=8)

    check_gradients(gradients, depth=9)


def check_gradients(board: Locator, depth: int) -> None:
    """Check that every marker is at its network's gradient, and that the layers below are filled to their heights."""
    flows = {name: gradient_flows(name, deepest=depth)[-1].shares for name in ("sigmoid", "tanh", "relu")}
    logarithms = np.log10(np.concatenate(list(flows.values())))
    drawing = look(board.locator("canvas[data-part=flow]"))
    axes = drawing.axes(
        left=5.4,
        right=4.2,
        top=0.7,
        bottom=6.75,
        x=(-0.5, depth - 0.5),
        y=(min(-8, logarithms.min() - 0.6), max(0.3, logarithms.max() + 0.3)),
    )
    colours: dict[str, Colour] = {"sigmoid": NEGATIVE, "tanh": GREY, "relu": POSITIVE}
    for row, (name, shares) in enumerate(flows.items()):
        # All begin at 1, where the last one drawn covers the others.
        layers = range(depth - 1 if name != "relu" else depth)
        for layer in layers:
            place = axes.place(layer, float(np.log10(shares[layer])))
            assert drawing.shows(colours[name], place), (name, layer)
        # The line between two markers is straight, and may be dashed.
        between = [(layer + part, layer, part) for layer in range(depth - 2) for part in np.linspace(0.25, 0.75, 9)]
        heights = [
            float((1 - part) * np.log10(shares[layer]) + part * np.log10(shares[layer + 1]))
            for _, layer, part in between
        ]
        hits = [drawing.shows(colours[name], axes.place(x, y)) for (x, _, _), y in zip(between, heights, strict=True)]
        assert np.mean(hits) > {"sigmoid": 0.8, "tanh": 0.35, "relu": 0.2}[name], (name, np.mean(hits))
        base = drawing.height + (-1.5 - 3 * 1.45 + (row + 0.5) * 1.45 + 1.15 / 2) * drawing.rem
        for layer in range(depth):
            column = drawing.rows(colours[name], axes.place(layer, 0)[0])
            filled = np.sum((column > base - 1.3 * drawing.rem) & (column <= base + 1))
            full = min(float(shares[layer]), 1) * 1.15 * drawing.rem
            assert filled == pytest.approx(full, abs=3), (name, layer)  # the box's edge is drawn over it


def test_a_map_and_its_histogram_are_painted_before_and_after(open_page):
    page = ready(open_page(PAGE + "?map-activation=tanh&map-map=20"))
    board = stage(page, MAP)
    before, after = before_and_after(first_layer(sample(DEFAULT).square(192)), MapScene(activation="tanh", map=20))
    low, high = min(before.min(), after.min()), max(before.max(), after.max())
    scale = max(-low, high)
    for name, numbers in (("before", before), ("after", after)):
        drawing = look(board.locator(f"canvas[data-part={name}]"))
        assert_same_picture(drawing, signed_colours(numbers, scale))
    # 72 columns, one of which begins at 0. The outline before ReLU is drawn over the filled columns after it.
    width = ((high - low) * 1.04 + 1e-6) / 71
    first = np.floor((low - 0.02 * (high - low)) / width)
    edges = (first + np.arange(73)) * width
    counts = {name: np.histogram(numbers[numbers != 0], edges)[0] for name, numbers in (("b", before), ("a", after))}
    drawing = look(board.locator("canvas[data-part=histogram]"))
    axes = drawing.axes(left=0, right=0, top=0, bottom=1.6, x=(edges[0], edges[-1]), y=(0, 2 * counts["b"].max()))
    middles = (edges[1:] + edges[:-1]) / 2
    tall = [bin for bin in range(72) if abs(counts["a"][bin] - counts["b"][bin]) > 0.05 * counts["b"].max()]
    assert len(tall) > 4
    for bin in tall:
        x, y = axes.place(middles[bin], min(float(counts["a"][bin]), axes.y[1]))
        rows = drawing.rows(faint(NEGATIVE if middles[bin] < 0 else POSITIVE, 0.85), x)
        assert rows.size == 0 if axes.bottom - y < 2 else rows.min() == pytest.approx(y, abs=3), bin
        assert drawing.shows(TEXT, axes.place(middles[bin], float(counts["b"][bin]))), bin


def check_planes(board: Locator, trainings: dict[str, Training]) -> None:
    """Check that the points have their class's colour, and the ground that of the predicted class."""
    places, classes = points("circles")
    for canvas, (name, training) in zip(board.locator("canvas.plane").all(), trainings.items(), strict=True):
        drawing = look(canvas)
        axes = drawing.axes(left=0, right=0, top=0, bottom=0, x=(-EXTENT, EXTENT), y=(-EXTENT, EXTENT))
        colours: list[Colour] = [DOG if one else CAT for one in classes]
        on_canvas = axes.places(*places.T)
        hit = [drawing.shows(colour, place) for colour, place in zip(colours, on_canvas, strict=True)]
        assert np.mean(hit) > 0.95, name  # neighbours cover some of them
        answers = training.probabilities[-1]
        where = grid().reshape(*answers.shape, 2)
        apart = 0
        for row, column in np.argwhere(np.abs(answers - 0.5) > 0.25):
            x, y = axes.place(*where[row, column])
            if np.hypot(*(np.array(on_canvas) - (x, y)).T).min() < 20 or not (
                0 < x < axes.right and 0 < y < axes.bottom
            ):
                continue
            answer = float(answers[row, column])
            expected = faint(DOG if answer > 0.5 else CAT, 0.55 * abs(2 * answer - 1), ZERO)
            apart += 1
            assert near(drawing.at(x, y), expected, 30) or drawing.shows(TEXT, (x, y), around=6), (name, row, column)
        assert apart > 50 or name == "linear"


def check_losses(board: Locator, linear: Training, bent: Training) -> None:
    """Check that both losses are drawn over the epochs, dashed for the network without an activation."""
    drawing = look(board.locator("canvas[data-part=curves]"))
    top = float(np.ceil(max(linear.losses.max(), bent.losses.max(), np.log(2)) * 5 + 0.5) / 5)
    epochs = np.arange(len(bent.losses))
    axes = drawing.axes(left=2.2, right=2.8, top=0.6, bottom=1.5, x=(0, epochs[-1]), y=(0, top))
    assert all(drawing.shows(TEXT, place) for place in axes.places(epochs[:60], bent.losses[:60]))
    hit = [drawing.shows(SOFT, place) for place in axes.places(epochs[:60], linear.losses[:60])]
    assert np.mean(hit) > 0.5


# Compared at rest -----------------------------------------------------------------------------------------------------


def test_plotly_loads_when_its_act_is_opened_and_not_before(open_page):
    page = open_page("/")
    scripts: list[str] = []
    page.on("request", lambda request: scripts.append(request.url))
    follow(page, "activation")
    stage(page, GRADIENTS)
    settle(page)
    assert [url for url in scripts if "plotly" in url.lower()] == []
    open_act(page, "6 Compare")
    chart = page.locator(".js-plotly-plot")
    expect(chart.locator("g.trace")).to_have_count(3)
    assert [url for url in scripts if "plotly" in url.lower()] != []
    curves = page.locator(".st-key-activation-comparison-curves")
    curves.get_by_text("GELU").click()
    expect(chart.locator("g.trace")).to_have_count(4)
    page.get_by_text("slopes f′(x)").click()
    # While Plotly redraws, the old title may be there beside the new one. A list of texts waits for the end of that.
    expect(chart.locator(".ytitle")).to_have_text(["f′(x)"])
    for name in ("ReLU", "sigmoid", "tanh", "GELU"):
        curves.get_by_text(name, exact=True).click()
    expect(page.get_by_text("Choose a curve above")).to_be_visible()


# Screens --------------------------------------------------------------------------------------------------------------


def test_on_a_laptop_curve_and_controls_are_visible_without_scrolling(open_page):
    page = ready(open_page(PAGE + "?activation=softmax"))
    for element in (
        page.locator("[data-part=curve-plate]"),
        page.get_by_test_id("activation-slope"),
        stage(page, CURVE).get_by_role("button", name="Play"),
        page.get_by_label("x₃"),
    ):
        area = box(element)
        assert area["y"] >= 0
        assert area["y"] + area["height"] <= 800
        assert area["x"] + area["width"] <= 1280


def test_a_phone_shows_the_page_without_scrolling_sideways(open_page):
    page = ready(open_page(PAGE, viewport=PHONE))
    for name in (MAP, STACK, GRADIENTS):
        stage(page, name)
    settle(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


def test_projected_the_curve_grows_with_the_screen(open_page):
    page = ready(open_page(PAGE + "?view=projector", viewport=PROJECTOR))
    assert box(page.locator("[data-part=curve-plate]"))["height"] >= PROJECTOR["height"] * 0.5
    controls = box(stage(page, CURVE).locator('input[name="activation"]').last)
    assert controls["y"] + controls["height"] <= PROJECTOR["height"]
