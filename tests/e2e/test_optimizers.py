"""The race of optimizers in a real browser: it plays, follows the pointer, and shows what Python computes."""

import re

import pytest
from playwright.sync_api import expect

from components.lessons.optimizers.race import races_of
from components.lessons.optimizers.race.scene import STEPS, RaceScene
from models.arithmetic.optimizer_updates import RULES
from tests.e2e.visitor import box, number, ready, stage

PAGE = "/optimizers"
RACE = "Optimizer race"


def test_the_race_is_stepped_dragged_and_set(open_page):
    page = ready(open_page(PAGE + "?position=0"))
    race = stage(page, RACE)
    scene = RaceScene()
    race.get_by_role("button", name="Step forward").click()
    expect(page.get_by_test_id("race-step")).to_have_text("Adam, step 1")
    for name, way in zip(RULES, races_of(scene), strict=True):
        assert number(page.get_by_test_id(f"loss-{name}")) == pytest.approx(float(way.losses[1]), rel=1e-6)
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
