"""The main job in a real browser: a filter slides over the visitor's photo, and every number is right."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from components.lessons.convolution.slide.scene import ConvolutionScene
from models.arithmetic import convolve
from models.pictures.photo import decode, grey
from models.pictures.samples import DEFAULT, sample
from tests.e2e.pixels import assert_same_picture, look, signed_colours
from tests.e2e.visitor import PHONE, animation, box, choose, ready, upload
from tests.server import running_app

PAGE = "/convolution"


def show_more(page: Page) -> None:
    """Unfold the settings that are not there at first."""
    animation(page).get_by_role("button", name="More", exact=True).click()
    expect(animation(page).get_by_label("Bias", exact=True)).to_be_visible()


def value(page: Page, test_id: str) -> float:
    return float(page.get_by_test_id(test_id).get_attribute("data-value") or "nan")


def terms(page: Page) -> np.ndarray:
    """Return pixel, weight and product of every cell, shown or not: (cells, 3)."""
    rows = page.locator('[data-testid^="conv-term-"]').evaluate_all(
        "cells => cells.map(({dataset}) => [dataset.pixel, dataset.weight, dataset.product].map(Number))"
    )
    return np.array(rows)


def go_to(page: Page, position: int) -> None:
    page.get_by_label("Position").fill(str(position))
    expect(page.get_by_label("Position")).to_have_value(str(position))


def expected_map(photo: np.ndarray, params: dict[str, str]) -> np.ndarray:
    scene = ConvolutionScene.from_params(params)
    image = photo if scene.channels == 3 else grey(photo)[..., np.newaxis]
    image = image / 255 if scene.pixels == "1" else image
    return convolve(
        image,
        scene.kernel_array(),
        bias=scene.bias,
        stride=scene.stride,
        padding=scene.padding,
        dilation=scene.dilation,
    )


def check_numbers(page: Page, feature_map: np.ndarray, position: int, *, relu: bool = False) -> None:
    """Compare one position on the page with Python's map before ReLU, and add up the cells."""
    row, column = divmod(position, feature_map.shape[1])
    expect(page.get_by_test_id("conv-position")).to_have_text(f"row {row + 1}, column {column + 1}")
    tolerance = 1e-5 * float(np.abs(feature_map).max())
    cells = terms(page)
    assert cells[:, 2] == pytest.approx(cells[:, 0] * cells[:, 1])
    assert value(page, "conv-sum") == pytest.approx(cells[:, 2].sum(), abs=tolerance)
    output = max(feature_map[row, column], 0) if relu else feature_map[row, column]
    assert value(page, "conv-output") == pytest.approx(output, abs=tolerance)


def test_a_visitor_uploads_a_photo_presses_play_and_the_map_completes(open_page, picture):
    page = ready(open_page(PAGE + "?side=32"))
    data = picture(1)
    upload(page, "rex.jpg", data)
    expect(page.get_by_text("rex.jpg").first).to_be_visible()
    expect(animation(page).get_by_text("Your photo")).to_be_visible()
    page.get_by_label("Speed").fill("4000")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_label("Position")).to_have_value("899")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    unfilled = page.locator("canvas[data-part=map]").evaluate(
        """canvas => {
            const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return data.filter((byte, index) => index % 4 === 3 && byte !== 255).length;
        }"""
    )
    assert unfilled == 0
    feature_map = expected_map(decode(data).square(32), {"side": "32"})
    drawing = look(page.locator("canvas[data-part=map]"))
    assert_same_picture(drawing, signed_colours(feature_map, float(np.percentile(np.abs(feature_map), 99))))
    for position in (899, 0, 431):
        go_to(page, position)
        check_numbers(page, feature_map, position)


@pytest.mark.parametrize(
    "params",
    [
        {"side": "64", "kernel": "gaussian-blur", "pixels": "1"},
        {"side": "32", "kernel": "learned-7", "pixels": "1", "bias": "-0.25", "relu": "on"},
        {"side": "32", "kernel": "outline", "padding": "same", "stride": "3"},
        {"side": "64", "kernel": "sharpen", "dilation": "3", "colour": "grey"},
        {"side": "32", "kernel": "own", "weights": ",".join(["0.2", "-0.1", "0", "1", "3"] * 5)},
        {"side": "32", "kernel": "own", "weights": ";".join(",".join([str(w)] * 49) for w in (0.5, -0.25, 1))},
    ],
    ids=lambda params: params["kernel"] + "-" + params["side"],
)
def test_the_page_shows_what_python_computed(open_page, params):
    page = ready(open_page(f"{PAGE}?{urlencode(params)}"))
    feature_map = expected_map(sample(DEFAULT).square(int(params["side"])), params)
    last = feature_map.size - 1
    expect(page.get_by_label("Position")).to_have_attribute("max", str(last))
    for position in (0, last // 2 + 3, last):
        go_to(page, position)
        check_numbers(page, feature_map, position, relu=params.get("relu") == "on")


def shown_number(text: str) -> float:
    return float(re.sub(r"[=×\s]", "", text).replace("−", "-"))


@pytest.mark.parametrize("kernel", ["sobel-x", "gaussian-blur", "learned-3"])
@pytest.mark.parametrize("pixels", ["255", "1"])
def test_what_is_rounded_for_display_adds_up_as_displayed(open_page, kernel, pixels):
    page = ready(open_page(f"{PAGE}?side=32&kernel={kernel}&pixels={pixels}&bias=0.5"))
    for position in (17, 410, 899):
        go_to(page, position)
        products = [shown_number(text) for text in animation(page).locator(".product").all_text_contents()]
        partials = [shown_number(text) for text in animation(page).locator(".partials b").all_text_contents()]
        total = shown_number(page.get_by_test_id("conv-sum").inner_text())
        output = shown_number(page.get_by_test_id("conv-output").inner_text())
        assert len(products) == 27
        for channel, partial in enumerate(partials):
            assert sum(products[channel * 9 : channel * 9 + 9]) == pytest.approx(partial, abs=1e-6)
        assert sum(partials) == pytest.approx(total, abs=1e-6)
        assert total + 0.5 == pytest.approx(output, abs=1e-6)


def test_other_pixel_numbers_are_shown_at_once(open_page):
    page = ready(open_page(PAGE + "?side=32"))
    pixel = animation(page).locator(".pixel").first
    expect(pixel).to_have_text(re.compile(r"^\d{1,3}$"))
    choose(animation(page).locator('input[name="pixels"][value="1"]'))
    expect(pixel).to_have_text(re.compile(r"^[01]\.\d\d$"))


def test_the_whole_lesson_works_by_keyboard_alone(open_page):
    page = ready(open_page(PAGE + "?side=32&speed=8"))
    position = page.get_by_label("Position")
    page.keyboard.press("ArrowRight")
    expect(position).to_have_value("1")
    page.keyboard.press("ArrowDown")
    expect(position).to_have_value("31")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    expect(position).to_have_value("0")
    page.keyboard.press("End")
    expect(position).to_have_value("899")
    page.keyboard.press("Home")
    expect(position).to_have_value("0")
    page.keyboard.press("+")
    expect(page.get_by_label("Speed")).to_have_value("16")
    page.keyboard.press("-")
    expect(page.get_by_label("Speed")).to_have_value("8")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    # Tab reaches every control, and an arrow key chooses a filter.
    page.get_by_role("button", name="Restart").focus()
    reached = []
    for _ in range(18):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => {
                    let element = document.activeElement;
                    while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
                    return element.getAttribute("aria-label") || element.name || element.type;
                }"""
            )
        )
    order = ["Step back", "Play", "Step forward", "To the end", "Position", "Speed", "kernel"]
    assert reached[:7] == order
    assert {"side", "colour", "pixels", "stride", "padding", "dilation"} <= set(reached)


def test_keys_that_are_typed_into_a_field_stay_there(open_page):
    page = ready(open_page(PAGE + "?side=32"))
    bias = page.get_by_label("Bias", exact=True)
    bias.focus()
    page.keyboard.press("End")
    page.keyboard.type("7p ")
    expect(page.get_by_label("Position")).to_have_value("0")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(page.get_by_role("button", name="Projector view", exact=True)).to_be_visible()


def test_dragging_on_the_photo_and_on_the_map_moves_the_window(open_page):
    page = ready(open_page(PAGE + "?side=32"))
    for part in ("photo-plate", "map-plate"):
        area = box(page.locator(f"[data-part={part}]"))
        page.mouse.move(area["x"] + area["width"] * 0.1, area["y"] + area["height"] * 0.1)
        page.mouse.down()
        page.mouse.move(area["x"] + area["width"] * 0.5, area["y"] + area["height"] * 0.5)
        page.mouse.up()
        row, column = map(int, re.findall(r"\d+", page.get_by_test_id("conv-position").inner_text()))
        assert 14 <= row <= 17
        assert 14 <= column <= 17
        page.get_by_role("button", name="Restart").click()
        expect(page.get_by_label("Position")).to_have_value("0")


def test_a_finger_moves_the_window_and_plays(open_page):
    page = ready(open_page(PAGE + "?side=32", has_touch=True, is_mobile=True, viewport=PHONE))
    area = box(page.locator("[data-part=photo-plate]"))
    page.touchscreen.tap(area["x"] + area["width"] * 0.75, area["y"] + area["height"] * 0.25)
    row, column = map(int, re.findall(r"\d+", page.get_by_test_id("conv-position").inner_text()))
    assert 6 <= row <= 9
    assert 21 <= column <= 25
    page.get_by_role("button", name="Play").tap()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_a_phone_shows_the_page_without_scrolling_sideways(open_page):
    page = ready(open_page(PAGE, viewport=PHONE))
    width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= 390
    assert box(page.locator("[data-part=photo-plate]"))["width"] > 150
    assert box(page.get_by_role("button", name="Play"))["height"] >= 40
    tile = animation(page).locator('input[value="learned-0"]').locator("xpath=ancestor::label")
    assert min(box(tile)["width"], box(tile)["height"]) >= 44  # a fingertip
    # What stays in sight while a small phone scrolls leaves most of the screen to the picture.
    page.set_viewport_size({"width": 320, "height": 640})
    assert box(animation(page).locator(".go"))["height"] < 640 / 5


def test_on_a_laptop_picture_and_controls_are_visible_without_scrolling(open_page):
    page = ready(open_page(PAGE))
    for element in (
        page.locator("[data-part=photo-plate]"),
        page.locator("[data-part=map-plate]"),
        page.get_by_test_id("conv-output"),
        page.get_by_role("button", name="Play"),
        page.get_by_label("ReLU after it"),
        page.get_by_text("Multiplications:"),
    ):
        area = box(element)
        assert area["y"] >= 0
        assert area["y"] + area["height"] <= 800
        assert area["x"] + area["width"] <= 1280
    controls = animation(page).locator("input, button:enabled, select, [tabindex]")
    assert sum(control.is_visible() for control in controls.all()) <= 35
    # The finished map lies below the empty one.
    feature_map = expected_map(sample(DEFAULT).square(128), {})
    ghost = look(page.locator("canvas[data-part=ghost]"))
    assert_same_picture(ghost, signed_colours(feature_map, float(np.percentile(np.abs(feature_map), 99))))
    # The editor opens where it is seen, and what lies under "More" where it is asked for.
    choose(animation(page).locator('input[name="kernel"][value="own"]'))
    editor = box(page.locator("[data-part=editor]"))
    assert editor["y"] >= 0
    assert editor["y"] + editor["height"] <= 800
    show_more(page)
    more = box(page.locator("[data-part=more]"))
    assert more["y"] + more["height"] <= 801


def test_without_a_chosen_speed_playing_begins_slowly_and_one_press_goes_to_the_end(open_page):
    page = ready(open_page(PAGE + "?side=32"))
    speed = page.get_by_label("Speed")
    expect(speed).to_have_value("8")
    page.get_by_role("button", name="Play").click()
    expect(speed).not_to_have_value("8")
    page.get_by_role("button", name="To the end").click()
    expect(page.get_by_label("Position")).to_have_value("899")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(speed).to_have_value("8")
    expect(page).to_have_url(re.compile("position=899"))
    assert "speed" not in page.url
    speed.fill("25")
    expect(page).to_have_url(re.compile("speed=25"))


def test_every_control_reaches_the_url_and_a_link_opens_the_same_scene(open_page):
    page = ready(open_page(PAGE))
    controls = animation(page)
    show_more(page)

    def set_to(name: str, option: str) -> None:
        choose(controls.locator(f'input[name="{name}"][value="{option}"]'))

    for name, option in {
        "side": "64",
        "colour": "grey",
        "pixels": "1",
        "kernel": "emboss",
        "stride": "2",
        "padding": "same",
    }.items():
        set_to(name, option)
        expect(page).to_have_url(re.compile(rf"\b{name}={option}\b"))
    controls.get_by_label("Bias", exact=True).fill("0.75")
    expect(page).to_have_url(re.compile(r"bias=0\.75"))
    controls.get_by_label("ReLU after it").check()
    expect(page).to_have_url(re.compile("relu=on"))
    set_to("stride", "1")
    set_to("dilation", "2")
    expect(page).to_have_url(re.compile(r"dilation=2"))
    page.get_by_label("Speed").fill("250")
    go_to(page, 100)
    expect(page).to_have_url(re.compile(r"position=100&speed=250"))
    shown = value(page, "conv-output")
    query = urlsplit(page.url).query
    assert "photo" not in parse_qs(query)

    copy = ready(open_page(f"{PAGE}?{query}"))
    expect(copy.get_by_test_id("conv-position")).to_have_text("row 2, column 37")
    assert value(copy, "conv-output") == shown
    for name, option in {"side": "64", "colour": "grey", "kernel": "emboss", "dilation": "2"}.items():
        expect(animation(copy).locator(f'input[name="{name}"][value="{option}"]')).to_be_checked()
    expect(copy.get_by_label("Speed")).to_have_value("250")


def test_the_visitors_own_kernel_is_edited_normalised_flipped_and_cleared(open_page):
    page = ready(open_page(PAGE + "?side=32&kernel=box-blur"))
    controls = animation(page)
    choose(controls.locator('input[name="kernel"][value="own"]'))
    cell = controls.get_by_label("weight in row 1, column 1")
    expect(cell).to_have_value("0.1111")
    controls.get_by_role("button", name="Clear").click()
    expect(cell).to_have_value("0")
    cell.fill("2")
    controls.get_by_label("weight in row 3, column 2").fill("-1,5")
    expect(page).to_have_url(re.compile(r"weights=2%2C0%2C0%2C0%2C0%2C0%2C0%2C-1\.5%2C0|weights=2,0,0,0,0,0,0,-1\.5,0"))
    expect(page.get_by_test_id("conv-term-2-0-0")).to_have_attribute("data-weight", "2")
    controls.get_by_role("button", name="Flip").click()
    expect(page.get_by_test_id("conv-term-0-0-1")).to_have_attribute("data-weight", "-1.5")
    controls.get_by_role("button", name="Normalise").click()
    expect(page.get_by_test_id("conv-term-0-2-2")).to_have_attribute("data-weight", "4")
    choose(controls.locator('input[name="channel"][value="1"]'))
    cell.fill("9")
    expect(page.get_by_test_id("conv-term-1-0-0")).to_have_attribute("data-weight", "9")
    expect(page.get_by_test_id("conv-term-0-0-0")).to_have_attribute("data-weight", "0")
    choose(controls.locator('input[name="size"][value="5"]'))
    expect(page.get_by_test_id("conv-term-1-1-1")).to_have_attribute("data-weight", "9")
    # A typing error is marked, and changes nothing.
    controls.get_by_label("weight in row 3, column 3").fill("abc")
    expect(controls.get_by_label("weight in row 3, column 3")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_test_id("conv-term-1-1-1")).to_have_attribute("data-weight", "9")


def test_an_impossible_combination_is_explained_and_left_again(open_page):
    page = ready(open_page(PAGE + "?stride=2&dilation=2"))
    expect(animation(page).get_by_role("alert")).to_contain_text("Keras refuses stride 2 together with dilation 2")
    expect(page.get_by_role("button", name="Play")).to_be_disabled()
    choose(animation(page).locator('input[name="stride"][value="1"]'))
    expect(page.get_by_role("button", name="Play")).to_be_enabled()
    expect(animation(page).get_by_role("alert")).to_be_hidden()


def test_pixels_that_no_window_reaches_are_hatched_and_explained(open_page):
    page = ready(open_page(PAGE + "?stride=4&kernel=outline"))
    expect(page.locator("[data-part=hatch-right]")).to_be_visible()
    expect(page.get_by_text("the last row and column are never read")).to_be_visible()
    choose(animation(page).locator('input[name="stride"][value="1"]'))
    expect(page.locator("[data-part=hatch-right]")).to_be_hidden()


def test_names_that_tests_and_screen_readers_rely_on_exist_once(open_page):
    page = ready(open_page(PAGE))
    expect(page.get_by_role("button", name="Play", exact=True)).to_have_count(1)
    expect(page.get_by_role("slider", name="Position", exact=True)).to_have_count(1)
    expect(page.get_by_role("slider", name="Speed", exact=True)).to_have_count(1)
    for name in ("Play", "Position", "Speed"):
        expect(page.get_by_label(name, exact=True)).to_have_count(1)
    for name in ("Step back", "Step forward", "Restart", "To the end"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(1)


def test_a_kernel_chosen_while_playing_goes_on_playing(open_page):
    page = ready(open_page(PAGE + "?side=256&speed=500"))
    page.get_by_role("button", name="Play").click()
    choose(animation(page).locator('input[name="kernel"][value="outline"]'))
    expect(page).to_have_url(re.compile("kernel=outline"))
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    before = int(page.get_by_label("Position").input_value())
    expect(page.get_by_label("Position")).not_to_have_value(str(before))


def test_colour_cells_say_the_digits_of_the_one_pointed_at(open_page):
    page = ready(open_page(f"{PAGE}?{urlencode({'side': '32', 'kernel': 'own', 'weights': ','.join(['0.5'] * 49)})}"))
    pointed = page.locator("[data-part=pointed]")
    expect(pointed).to_have_text(re.compile(r"^filter row 4, column 4: \d+ × 0\.5 = [\d.]+$"))
    page.get_by_test_id("conv-term-0-6-1").hover()
    expect(pointed).to_have_text(re.compile(r"^filter row 7, column 2:"))
    page.get_by_role("group", name="Terms").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(pointed).to_have_text(re.compile(r"^filter row 6, column 3:"))
    expect(page.get_by_label("Position")).to_have_value("0")
    # All three partial sums are shown, and each plane can be opened.
    expect(animation(page).locator(".partials button")).to_have_count(3)
    animation(page).get_by_role("button", name="blue").click()
    cell = page.get_by_test_id("conv-term-2-5-2")
    page.get_by_test_id("conv-term-2-5-2").hover()
    expect(pointed).to_have_text(re.compile(rf"^filter row 6, column 3: {cell.get_attribute('data-pixel')} ×"))


def test_arrow_keys_work_after_a_click_on_the_photo(open_page):
    page = ready(open_page(PAGE + "?side=32"))
    page.locator("[data-part=photo-plate]").click()
    before = int(page.get_by_label("Position").input_value())
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Position")).to_have_value(str(before + 1))


def test_the_window_stays_where_it_is_on_the_photo_when_the_stops_change(open_page):
    page = ready(open_page(f"{PAGE}?side=128&position={60 * 126 + 40}"))
    expect(page.get_by_test_id("conv-position")).to_have_text("row 61, column 41")
    show_more(page)
    for name, option, place in [("side", "64", (30, 20)), ("stride", "2", (16, 11)), ("padding", "same", (16, 11))]:
        choose(animation(page).locator(f'input[name="{name}"][value="{option}"]'))
        expect(page.get_by_test_id("conv-position")).to_have_text(f"row {place[0]}, column {place[1]}")
    # To an impossible combination and back.
    choose(animation(page).locator('input[name="dilation"][value="2"]'))
    expect(page.get_by_role("button", name="Play")).to_be_disabled()
    choose(animation(page).locator('input[name="dilation"][value="1"]'))
    expect(page.get_by_test_id("conv-position")).to_have_text("row 16, column 11")
    expect(page).to_have_url(re.compile(rf"position={15 * 32 + 10}"))


def test_the_visitors_own_kernel_is_still_there_after_a_look_at_a_preset(open_page):
    page = ready(open_page(PAGE + "?side=32"))
    controls = animation(page)
    choose(controls.locator('input[name="kernel"][value="own"]'))
    controls.get_by_label("weight in row 2, column 2").fill("42")
    expect(page.get_by_test_id("conv-term-0-1-1")).to_have_attribute("data-weight", "42")
    choose(controls.locator('input[name="kernel"][value="identity"]'))
    expect(page.get_by_test_id("conv-term-0-1-1")).to_have_attribute("data-weight", "1")
    choose(controls.locator('input[name="kernel"][value="own"]'))
    expect(page.get_by_test_id("conv-term-0-1-1")).to_have_attribute("data-weight", "42")


def test_in_grey_the_sum_of_the_planes_is_what_is_edited(open_page):
    weights = ";".join(",".join([str(weight)] * 9) for weight in (1, 2, 4))
    page = ready(
        open_page(f"{PAGE}?{urlencode({'side': '32', 'kernel': 'own', 'weights': weights, 'colour': 'grey'})}")
    )
    cell = animation(page).get_by_label("weight in row 1, column 1")
    expect(cell).to_have_value("7")
    cell.fill("1")
    expect(page.get_by_test_id("conv-term-0-0-0")).to_have_attribute("data-weight", "1")
    expect(page.get_by_test_id("conv-term-0-0-1")).to_have_attribute("data-weight", "7")


def test_the_back_button_returns_to_the_scene_before(open_page):
    page = ready(open_page(PAGE))
    choose(animation(page).locator('input[name="kernel"][value="outline"]'))
    expect(page).to_have_url(re.compile("kernel=outline"))
    page.go_back()
    expect(animation(page).locator('input[name="kernel"][value="sobel-x"]')).to_be_checked()
    expect(page).not_to_have_url(re.compile("kernel="))


def test_a_dead_filter_draws_nothing_and_says_so(open_page):
    page = ready(open_page(PAGE + "?side=32&kernel=learned-11&position=899"))
    expect(page.get_by_text("This filter is dead")).to_be_visible()
    colours = page.locator("canvas[data-part=map]").evaluate(
        """canvas => {
            const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return new Set(data.filter((byte, index) => index % 4 !== 3)).size;
        }"""
    )
    assert colours == 1


def test_what_the_browser_shows_survives_a_server_that_was_started_again(open_page):
    with running_app() as first:
        page = ready(open_page(PAGE + "?side=32", host=first, expected=""))
        choose(animation(page).locator('input[name="kernel"][value="outline"]'))
        expect(page).to_have_url(re.compile("kernel=outline"))
        port = int(first.url.rsplit(":", 1)[1])
    with running_app(port=port):
        expect(page.get_by_role("button", name="Play")).to_be_enabled()
        controls = animation(page)
        choose(controls.locator('input[name="stride"][value="2"]'), timeout=60_000)
        expect(page).to_have_url(re.compile("stride=2"), timeout=60_000)
        expect(page.get_by_label("Position")).to_have_attribute("max", str(15 * 15 - 1))
        expect(page.get_by_test_id("conv-term-0-1-1")).to_have_attribute("data-weight", "8")
        page.close()
