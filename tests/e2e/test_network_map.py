"""/convnet in a browser, with a real engine: overview, layer, map and back, by mouse, by keyboard and on a phone."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from models.networks.network_map import layer_maps, network_map, small_maps
from models.pictures.samples import DEFAULT, sample
from tests.e2e.pixels import GROUND, WINDOW, assert_same_picture, look, near, pixels_of_image, signed_colours
from tests.e2e.visitor import PHONE, PROJECTOR, box, follow, number, stage, upload, wait_for_photo

PHOTO = sample(DEFAULT).pixels
ANSWERED = 90_000
"""Milliseconds until the engine has started, loaded TensorFlow and answered."""


def drawn(page: Page) -> Page:
    """Wait until the map has its numbers."""
    expect(page.locator(".network-map[data-ready]")).to_be_attached(timeout=ANSWERED)
    return page


def check_step(step: Locator, numbers: np.ndarray, position: int) -> None:
    """Check that the step's map has the colours of its signs up to the position, and is empty after it."""
    shown = look(step.locator("canvas[data-part=map]")).pixels.reshape(-1, 3)
    colours = signed_colours(numbers, float(np.abs(numbers).max())).reshape(-1, 3)
    assert np.abs(shown[: position + 1] - colours[: position + 1]).max() <= 2
    assert np.all(np.abs(shown[position + 1 :] - np.array(GROUND)) <= 1)


def longest_run(line: np.ndarray) -> tuple[int, int]:
    """Return where the longest run of True begins and ends in a bool array."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], line, [False]]).astype(int)))
    if not edges.size:
        return 0, 0
    begins, ends = edges[::2], edges[1::2]
    longest = int((ends - begins).argmax())
    return int(begins[longest]), int(ends[longest])


def check_overview(page: Page) -> None:
    """Check that the keyboard's frame is around the named map, and that this map has the colours of its signs."""
    layer, channel = re.findall(r"(\w+), map (\d+)", page.locator(".readout").inner_text())[0]
    base, top = (look(canvas) for canvas in page.locator(".overview > canvas").all())
    # Edges of the same yellow lead to the frame. Its upper and lower sides are the longest lines in the column.
    head = box(page.locator(f'.head[data-layer="{layer}"]'))
    left = head["x"] - box(page.locator(".overview"))["x"]
    first, last = (max(int(x * top.ratio), 0) for x in (left - 8, left + head["width"]))
    runs = [longest_run(line) for line in near(top.pixels, WINDOW)[:, first:last]]
    lengths = np.array([end - start for start, end in runs])
    rows = np.flatnonzero(lengths > 0.9 * lengths.max())
    start, end = (first + edge for edge in runs[rows[0]])
    picture = base.pixels[rows[0] + 5 : rows[-1] - 4, start + 5 : end - 5]
    assert picture.size
    numbers = layer_maps(PHOTO, "convnet", layer, [int(channel) - 1])[..., 0]
    # Compared in 4 × 4 parts, because the map's size on the page depends on the room.
    colours = signed_colours(numbers, float(np.abs(numbers).max()))
    for row, column in np.ndindex(4, 4):
        seen, wanted = (
            whole[
                len(whole) * row // 4 : len(whole) * (row + 1) // 4,
                whole.shape[1] * column // 4 : whole.shape[1] * (column + 1) // 4,
            ].mean(axis=(0, 1))
            for whole in (picture, colours)
        )
        assert np.abs(seen - wanted).max() < 40, (layer, channel, row, column)


def check_answer_and_quiet_layers(page: Page) -> None:
    """Check how the answer is written, and that layers after which nothing looks other can be opened."""
    first = page.locator(".answer [data-probability]")
    heads = page.locator(".overview .head").all_inner_texts()
    assert [head.split("\n") for head in heads][:3] == [
        ["photo", "112×112×3"],
        ["stem", "28×28×32"],
        ["block1", "28×28×48"],
    ]
    assert first.locator("b").inner_text() == "cat"
    assert re.fullmatch(r"cat \d+\.\d\u00a0%", first.locator(".first").inner_text())
    bar = first.locator(".bar i")
    assert bar.evaluate("bar => getComputedStyle(bar).backgroundColor") == "rgb(230, 159, 0)"
    # What changes nothing that one could see stands behind its neighbours, and can be opened.
    assert page.locator(".fold.then").all_inner_texts() == ["then rescale", "then dropout"]
    page.get_by_role("button", name="Open rescale").click()
    expect(page.locator(".tile")).to_have_count(3)
    page.get_by_role("button", name="Back", exact=True).click()
    page.locator('.overview .head[data-layer="photo"]').click()
    expect(page.locator(".tile b")).to_have_text(["red", "green", "blue"])
    planes = look(page.locator(".tile canvas").first).pixels
    assert np.ptp(planes, axis=-1).max() == 0  # grey
    page.keyboard.press("Escape")
    expect(page.locator(".overview")).to_be_visible()


def check_going_back_and_forward(page: Page) -> None:
    """Check that the browser's Back finds nothing of a step on the map, and that Forward finds the step."""
    page.go_back()
    drawn(page)
    expect(page).not_to_have_url(re.compile("step-"))
    page.go_forward()
    stage(page, "One step of the network")


def check_step_is_gone(page: Page) -> None:
    """Check that nothing is left of a step, neither on the map nor where it was shown, and come back to the map."""
    expect(page).not_to_have_url(re.compile("step-"))
    page.locator('a[href$="convolution"]:visible').last.click()
    expect(page).to_have_url(re.compile(r"/convolution$"))
    expect(stage(page, "Convolution animation")).to_be_visible()
    expect(page.get_by_role("region", name="One step of the network")).to_have_count(0)
    page.go_back()
    drawn(page)


def test_from_the_overview_to_a_layer_to_a_map_to_what_made_it_and_back(open_page, app, picture):
    page = drawn(open_page("/convnet", host=app))
    told = network_map(PHOTO, "convnet")
    first = page.locator(".answer [data-probability]")
    assert float(first.get_attribute("data-probability") or 0) == pytest.approx(max(told["probabilities"]), abs=1e-5)
    check_answer_and_quiet_layers(page)
    page.get_by_role("button", name="Unfold stem").click()
    expect(page.locator('.head[data-layer="stem_conv"]')).to_be_visible()
    page.locator('.head[data-layer="stem_conv"]').click()
    expect(page.locator(".tile")).to_have_count(32)
    page.locator('.tile[data-map="5"]').click()
    numbers = layer_maps(PHOTO, "convnet", "stem_conv", [5])[..., 0]
    strongest = np.unravel_index(np.abs(numbers).argmax(), numbers.shape)
    colours = signed_colours(numbers, float(np.abs(numbers).max()))
    assert_same_picture(look(page.locator(".origin .crosshair canvas")), colours, 4)
    shown = page.locator(".told")
    expect(shown).to_contain_text(f"row {strongest[0] + 1}, column {strongest[1] + 1}")
    assert number(shown) == pytest.approx(float(numbers[strongest]), abs=1e-5)
    # All terms of its sum are displayed, and they add up to it.
    formula = page.get_by_test_id("map-formula").inner_text().replace("\u2212", "-")
    whole, _, parts = formula.partition("=")
    terms = [float(sign.replace("+", "").replace(" ", "") or 0) for sign in re.findall(r"[+-]? ?[\d.]+(?= \()", parts)]
    assert sum(terms) == pytest.approx(float(whole), abs=0.005)
    expect(page).to_have_url(re.compile(r"layer=stem_conv&map=5"))
    page.locator(".frame.crosshair").press("ArrowLeft")
    assert number(shown) == pytest.approx(float(numbers[strongest[0], strongest[1] - 1]), abs=1e-5)
    # The modules of the next page are there before it is opened.
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/layer_step/layer_step.js'))"
    )
    # The page about such a step opens with this very number, and the link back leads to this very map.
    page.get_by_role("button", name="Show this computation").click()
    step = stage(page, "One step of the network")
    expect(page).to_have_url(re.compile(r"/convolution\?step-network=convnet&step-layer=stem_conv&step-map=5"))
    here = float(numbers[strongest[0], strongest[1] - 1])
    assert number(step.get_by_test_id("step-output")) == pytest.approx(here, abs=1e-5)
    added = [number(step.get_by_test_id(f"step-{name}")) for name in ("part", "rest")]
    assert sum(added) == pytest.approx(here, abs=1e-5)
    check_step(step, numbers, int(strongest[0]) * numbers.shape[1] + int(strongest[1]) - 1)
    check_going_back_and_forward(page)
    step.get_by_role("button", name="Step forward").click()
    assert number(step.get_by_test_id("step-output")) == pytest.approx(float(numbers[strongest]), abs=1e-5)
    page.get_by_role("link", name="← Back to the network map").click()
    drawn(page)
    expect(page.locator(".origin")).to_be_visible()
    expect(page).not_to_have_url(re.compile("step-"))
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.locator(".tile")).to_have_count(32)
    page.keyboard.press("Escape")
    expect(page.locator(".overview")).to_be_visible()
    check_step_is_gone(page)
    # Another photo has other numbers, and never shows the old ones.
    upload(page, "new.jpg", picture(3))
    wait_for_photo(page, "new.jpg")
    drawn(page)
    expect(first).not_to_have_attribute("data-probability", str(max(told["probabilities"])))


GROWING = """() => {
    window.grown = [];
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (frames, options) {
        const { left, top, width } = this.getBoundingClientRect();
        window.grown.push({ name: this.className, left, top, width, from: frames[0].transform, ms: options.duration });
        return animate.call(this, frames, options);
    };
}"""
"""Notes every animation that begins: of what, where it ends, and from where it comes."""


def start_of(grown: dict[str, Any]) -> tuple[float, float, float]:
    """Return left, top and width with which something begins to grow."""
    across, down, scale = map(float, re.findall(r"-?[\d.]+(?:e-\d+)?", grown["from"])[:3])
    return grown["left"] + across, grown["top"] + down, grown["width"] * scale


def test_the_keyboard_walks_the_maps_a_map_grows_out_of_its_thumbnail_and_another_network_takes_the_place(
    open_page, app
):
    page = drawn(open_page("/convnet", host=app))
    maps = page.get_by_role("application")
    maps.focus()
    page.keyboard.press("Home")
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    readout = page.locator(".readout")
    expect(readout).to_contain_text("stem_pool, map")
    pointed = readout.inner_text()
    check_overview(page)
    page.evaluate(GROWING)
    page.keyboard.press("Enter")
    expect(page.locator(".origin .told")).to_be_visible(timeout=ANSWERED)
    (plate,) = [one for one in page.evaluate("grown") if one["name"] == "frame"]
    left, top, width = start_of(plate)
    head, picture = box(page.locator(".origin")), box(page.locator(".origin .frame").first)
    assert plate["width"] > 3 * width  # it begins as small as the thumbnail
    assert left > head["x"] + 150  # where that was, to the right of the photo
    assert top > picture["y"]
    assert 60 <= width < 100
    assert all(one["ms"] <= 300 for one in page.evaluate("grown"))
    expect(page.locator(".stage")).to_be_hidden()
    # Escape goes back to the thumbnail, from which the keys go on.
    page.keyboard.press("Escape")
    expect(page.locator(".overview")).to_be_visible()
    expect(readout).to_have_text(pointed)
    (back,) = [one for one in page.evaluate("grown") if one["name"] == "flying"]
    assert (back["left"], back["top"]) == pytest.approx((left, top), abs=3)
    expect(page.locator(".flying")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(readout).not_to_have_text(pointed)
    page.locator(".network-map select[name=network]").select_option("efficientnet-lite0")
    expect(page.locator('.overview .head[data-layer="head_relu"]')).to_be_visible(timeout=ANSWERED)
    expect(page.locator(".answer .first b")).to_contain_text("cat")
    page.get_by_role("button", name="View", exact=True).click()
    page.get_by_label("Full colour").select_option("layer")
    expect(page).to_have_url(re.compile("scale=layer"))
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()


def test_the_photo_runs_through_and_projected_the_maps_are_larger(open_page, app):
    page = drawn(open_page("/convnet?view=projector", host=app, viewport=PROJECTOR))
    assert box(page.locator(".overview .photo"))["width"] >= 96
    expect(page.get_by_role("button", name="All 43 layers")).to_be_visible()
    whole = look(page.locator(".overview > canvas").first).pixels
    page.evaluate("() => { document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0); }")
    run = page.get_by_role("button", name="Run the photo through the network")
    run.click()
    expect(run).to_be_disabled()
    expect(page.locator(".answer.coming")).to_be_attached()
    expect(run).to_be_enabled()
    expect(page.locator(".answer.coming")).to_have_count(0)
    # In the end, everything is where it was.
    np.testing.assert_array_equal(look(page.locator(".overview > canvas").first).pixels, whole)
    page.get_by_role("button", name="All 43 layers").click()
    expect(page.locator(".overview .head")).to_have_count(44)  # with the photo's
    for name in ("rescale", "dropout"):
        expect(page.locator(f'.overview .head[data-layer="{name}"]')).to_be_attached()


def test_a_phone_shows_the_network_upright_and_a_link_to_nowhere_the_overview(open_page, app):
    page = drawn(
        open_page("/convnet?layer=gone&map=3", host=app, viewport=PHONE, has_touch=True, reduced_motion="reduce")
    )
    heads = page.locator(".overview .head")
    names = ["photo", "stem", "block1", "block2", "block3", "block4", "features"]
    expect(heads.locator("b")).to_have_text(names)
    tops = heads.evaluate_all("heads => heads.map((head) => head.getBoundingClientRect().y)")  # all in one frame
    assert tops == sorted(tops)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page).not_to_have_url(re.compile("layer=gone"))
    names = page.locator(".network-map button:visible").evaluate_all(
        "all => all.map(one => one.ariaLabel || one.textContent)"
    )
    assert all(name.strip(" ‹›") for name in names)
    assert len(set(names)) == len(names)
    # The answer stays in sight, and a swipe ends where a layer begins.
    answer, stem = page.locator(".answer"), heads.nth(1)
    for head in (heads.first, heads.nth(3), heads.last):
        head.scroll_into_view_if_needed()
        seen = box(answer)
        assert 0 < seen["y"] <= PHONE["height"] - seen["height"] + 1
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => getComputedStyle(main).scrollSnapType") in ("y", "y proximity")
    main.evaluate("(main, by) => main.scrollBy(0, by)", box(stem)["y"] - 100)
    margin = float(stem.evaluate("head => parseFloat(getComputedStyle(head).scrollMarginTop)"))
    page.wait_for_function(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
    )
    assert box(stem)["y"] == pytest.approx(box(main)["y"] + margin, abs=2)
    # A tap opens a map; with less motion asked for, nothing moves.
    page.evaluate(GROWING)
    at = box(stem)
    page.touchscreen.tap(at["x"] + 40, at["y"] + at["height"] + 60)
    expect(page.locator(".origin .told")).to_be_visible(timeout=ANSWERED)
    assert page.evaluate("grown") == []
    page.get_by_role("button", name="Back", exact=True).click()
    expect(stem).to_be_visible()


def test_the_home_page_has_the_networks_own_answer_and_ticks_what_was_seen(open_page, app):
    page = open_page("/", host=app)
    told = network_map(PHOTO, "convnet")
    likelier = page.locator(".flow [data-probability]").first
    expect(likelier).to_be_visible(timeout=ANSWERED)
    assert float(likelier.get_attribute("data-probability") or 0) == pytest.approx(max(told["probabilities"]), abs=1e-5)
    # The first column holds the strongest maps of the first layer with filters, in the colours of their signs.
    layer = next(layer for layer in told["layers"] if layer["class"] == "Conv2D")
    strongest = [int(one) for one in np.argsort(-layer["strength"])[:5]]
    low, high = (layer[end][strongest][:, None, None] for end in ("low", "high"))
    numbers = low + small_maps(PHOTO, "convnet", {layer["name"]: strongest})[layer["name"]] / 255 * (high - low)
    column = page.locator(".flow-maps img").first
    expect(column).to_have_js_property("complete", True)
    sheet = pixels_of_image(column)
    height = numbers.shape[1]
    for place, one in enumerate(numbers):
        top = place * (height + round(height / 8))
        colours = signed_colours(one, float(np.abs(one).max()))
        assert np.abs(sheet[top : top + height, :, :3].astype(int) - colours).mean() < 3
    cards = page.locator(".st-key-cards")
    cards.get_by_role("link", name="4. Convnet").click()
    drawn(page)
    follow(page, "")
    expect(cards.get_by_role("link", name="4. Convnet (seen)")).to_be_visible()
