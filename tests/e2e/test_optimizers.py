"""The race of optimizers in a real browser: it plays, follows the pointer, and shows what Python computes."""

import re
from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from components.lessons.optimizers.race import COLUMNS, LEVELS, ROWS, contour_levels, races_of
from components.lessons.optimizers.race.scene import STEPS, STORIES, RaceScene
from components.lessons.optimizers.race.texts import LOOKS, STORY_TEXTS
from models.arithmetic.loss_surfaces import SURFACES
from models.arithmetic.optimizer_updates import RULES
from tests.e2e.pixels import TEXT, Colour, assert_traced, look, near
from tests.e2e.visitor import PHONE, box, choose, number, ready, settle, stage

LOW, HIGH = (0xFD, 0xF8, 0xEA), (0x7D, 0x9F, 0xB8)
"""The light theme's --relief-low and --relief-high."""

PAGE = "/optimizers"
RACE = "Optimizer race"


def shows(page: Page, scene: RaceScene, step: int) -> None:
    """Check that everyone who takes part in a scene has the loss that Python computes for a step."""
    for name, way in zip(scene.rates, races_of(scene), strict=True):
        loss, shown = float(way.losses[step]), page.get_by_test_id(f"loss-{name}")
        expect(shown).to_have_attribute("data-value", re.compile(re.escape(repr(loss)[:6])))
        assert number(shown) == pytest.approx(loss, rel=1e-6)


def test_the_race_is_stepped_dragged_and_set(open_page):
    page = open_page(PAGE)
    settle(page)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_attached(timeout=60_000)  # the figure below has come
    race = stage(page, RACE)
    expect(page.get_by_test_id("race-step")).to_have_text("SGD, step 10")
    expect(page.get_by_test_id("race-story")).to_have_text(STORY_TEXTS["1"])
    for name in STORIES["1"].runners:
        expect(page.get_by_test_id(f"loss-{name}")).to_be_visible()
    # The last story: its surface, its switch, its place, and who takes part.
    choose(race.locator('input[name="story"][value="5"]'))
    # The first visitor who asks for the digits waits until a server has read them and computed their landscape.
    expect(page).to_have_url(re.compile("story=5.*noise=on"), timeout=60_000)
    expect(page.get_by_test_id("race-step")).to_have_text("SGD, step 150")
    shows(page, RaceScene.of_story("5"), 150)
    expect(page.get_by_text("generator.choice")).to_be_attached()
    race.get_by_label("batches of 8").uncheck()
    expect(page).not_to_have_url(re.compile("noise=on"))
    shows(page, replace(RaceScene.of_story("5"), noise=False), 150)
    choose(race.locator('input[name="story"][value="4"]'))
    scene = RaceScene.of_story("4")
    expect(page.get_by_test_id("race-step")).to_have_text("Adam, step 30")
    shows(page, scene, 30)
    expect(race.get_by_label("batches of 8")).to_be_disabled()
    race.locator("[data-player=position]").fill("0")
    race.get_by_role("button", name="Step forward").click()
    expect(page.get_by_test_id("race-step")).to_have_text("Adam, step 1")
    shows(page, scene, 1)
    race.get_by_role("button", name="Rates and start").click()
    race.get_by_label("Learning rate of SGD").last.fill("0.05")
    expect(page).to_have_url(re.compile("sgd=0.05"))
    page.keyboard.press("Tab")
    race.locator("[data-player=position]").fill(str(STEPS))
    expect(page.get_by_test_id("loss-sgd")).to_have_text(re.compile(r"diverged, step \d+"))
    expect(page.get_by_test_id("race-standing")).to_contain_text("Diverged: SGD at step")
    area = box(race.locator("[data-part=map-plate]"))
    page.mouse.move(area["x"] + area["width"] * 0.75, area["y"] + area["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.8, area["y"] + area["height"] * 0.25)
    expect(race).to_have_attribute("data-runs", "browser")
    page.mouse.up()
    expect(race).to_have_attribute("data-runs", "python")
    expect(page).to_have_url(re.compile(r"[?&]x=1\.\d"))
    race.get_by_text("Beale", exact=True).click()
    expect(page).to_have_url(re.compile("surface=beale"))
    expect(race.get_by_label("Start x")).to_have_value("0.5")


def colour_of(rule: str) -> Colour:
    red, green, blue = bytes.fromhex(LOOKS[rule][0].removeprefix("#"))
    return red, green, blue


def test_the_map_and_the_losses_are_drawn_where_they_are(open_page):
    page = ready(open_page(PAGE + "?surface=beale&position=150&optimizer=adam"))
    race = stage(page, RACE)
    expect(page.get_by_test_id("race-step")).to_contain_text("step 150")
    surface, scene = SURFACES["beale"], replace(RaceScene.at_first("beale"), story="4")
    runs = dict(zip(RULES, races_of(scene), strict=True))
    drawing = look(race.locator("canvas[data-part=map]"))
    axes = drawing.axes(
        left=0, right=0, top=0, bottom=0, x=(-surface.width, surface.width), y=(-surface.height, surface.height)
    )
    # The higher the loss, the nearer the ground is to the colour of high ground; checked where nothing else is drawn.
    xs, ys = np.meshgrid(np.linspace(-0.9, 0.9, 19) * surface.width, np.linspace(-0.9, 0.9, 13) * surface.height)
    bands = np.searchsorted(contour_levels(surface.grid(COLUMNS, ROWS)), surface.loss(np.stack([xs, ys], axis=-1)))
    shades = np.array(LOW) + (np.array(HIGH) - np.array(LOW)) * bands[..., np.newaxis] / LEVELS
    shown = np.array(
        [[drawing.at(*axes.place(x, y)) for x, y in zip(*row, strict=True)] for row in zip(xs, ys, strict=True)]
    )
    assert np.mean(np.abs(shown - shades).max(axis=-1) < 5) > 0.75
    # The start is a ring of white and black, the minimum a flag's pole, and a path has its optimizer's colour.
    start = axes.place(scene.x, scene.y)
    for across, down in ((-1, 0), (1, 0), (0, 1)):
        ring = (start[0] + across * 0.85 * drawing.rem, start[1] + down * 0.85 * drawing.rem)
        assert drawing.shows((255, 255, 255), ring), ring
    x, y = axes.place(*surface.minima[0])
    pole = [drawing.shows(TEXT, (x, y - up * drawing.rem)) for up in (1, 1.5, 1.9)]
    assert all(pole)
    way = axes.places(*runs["adam"].weights[:150:3].T)
    apart = [place for place in way if np.hypot(place[0] - start[0], place[1] - start[1]) > 2 * drawing.rem]
    assert np.mean([drawing.shows(colour_of("adam"), place) for place in apart]) > 0.7
    for rule in ("adam", "adadelta"):  # the chosen one is on top, and adadelta lags behind; others are covered
        x, y = axes.place(*runs[rule].weights[150])
        assert drawing.shows(colour_of(rule), (x, y)), rule

    drawing = look(race.locator("canvas[data-part=losses]"))
    every = np.concatenate([run.losses for run in runs.values()])
    first = every[0]
    low = np.floor(np.log10(max(every.min(), 1e-8 * first)) + 1e-9)
    high = max(np.ceil(np.log10(min(every.max(), 100 * first)) - 1e-9), low + 1)
    axes = drawing.axes(left=3.2, right=0.9, top=2.2, bottom=1.5, x=(0, STEPS), y=(low, high))
    steps, tall = np.arange(4, 140, 4), 0.15 * (axes.bottom - axes.top)  # how high the line is where it is steep
    assert_traced(drawing, axes.places(steps, np.log10(runs["adam"].losses[steps])), colour_of("adam"), within=tall)
    line = drawing.pixels[int(axes.top) + 2 : int(axes.bottom) - 2, int(axes.place(150, 0)[0])]
    assert np.median(line) < 150
    # The list has the same marks as the map.
    for rule, mark in zip(RULES, race.locator("label canvas").all(), strict=True):
        picture = look(mark)
        assert near(picture.at(picture.width / 2, picture.height / 2), colour_of(rule)), rule


def test_on_a_phone_a_swipe_over_the_map_scrolls_the_page_and_a_tap_moves_the_start(open_page):
    page = open_page(PAGE, viewport=PHONE, has_touch=True)
    settle(page)
    race = stage(page, RACE)
    plate = race.locator("[data-part=map-plate]")
    area = box(plate)
    x, y = area["x"] + area["width"] * 0.7, area["y"] + area["height"] * 0.4
    scrolled = "document.querySelector('[data-testid=stMain]').scrollTop"
    assert page.evaluate(scrolled) == 0
    finger = page.context.new_cdp_session(page)
    places = [[{"x": x, "y": y - 20 * step}] for step in range(16)]
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": places[0]})
    for place in places[1:]:
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": place})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function(f"() => {scrolled} > 150")
    expect(race).to_have_attribute("data-runs", "python")
    expect(page.get_by_test_id("race-step")).to_have_text("SGD, step 10")
    plate.tap(position={"x": area["width"] * 0.7, "y": area["height"] * 0.4})
    expect(page).to_have_url(re.compile(r"[?&]x=\d"))
