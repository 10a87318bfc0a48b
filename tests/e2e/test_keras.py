"""/keras in a browser, with a real engine: the three programs' numbers, row by row, on a desk and on a phone."""

import re

import keras
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from models.experiments.three_programs import PROGRAMS, SIDE
from models.experiments.three_programs.running import run_programs
from models.pictures.resize import resize
from models.pictures.samples import DEFAULT, sample
from tests.e2e.pixels import assert_same_picture, look, pixels_of_image, signed_colours
from tests.e2e.visitor import PHONE, choose, number, open_act, stage, upload, wait_for_photo

ANSWERED = 90_000
"""Milliseconds until the engine has started, loaded TensorFlow and answered."""


def shown(page: Page) -> list[float]:
    """Each program's number in the chosen row."""
    return [number(page.locator(f".value b[data-program={program}]")) for program in PROGRAMS]


def answered(page: Page) -> Page:
    expect(page.locator(".value b").first).to_be_visible(timeout=ANSWERED)
    return page


def test_every_row_of_the_programs_gives_the_numbers_of_keras(open_page, app, picture):
    page = answered(open_page("/keras?position=9", host=app))
    told = run_programs(sample(DEFAULT).pixels)
    # It opens on the photo, and on the three answers.
    assert [float(answer) for answer in page.locator(".answers dd").all_inner_texts()] == pytest.approx(told["answers"])
    dog = told["answers"][0]
    expect(page.locator(".says b")).to_have_text(
        f"{'dog' if dog >= 0.5 else 'cat'} {100 * max(dog, 1 - dog):.1f}\u00a0%"
    )
    assert np.array_equal(pixels_of_image(page.locator(".same img")), resize(sample(DEFAULT).pixels, SIDE))
    assert shown(page) == pytest.approx(told["answers"], abs=1e-5)
    for step in told["steps"][1:]:
        page.locator(f".cell[data-row={step['name']}]").first.click()
        assert shown(page) == pytest.approx(step["values"], abs=1e-5)
        maps = step["maps"]
        photo = maps * (1 if maps.max() > 1 else 255)
        pictures = photo if maps.ndim == 4 else signed_colours(maps, float(np.abs(maps).max()))
        for canvas, picture_of_map in zip(page.locator(".value canvas").all(), pictures, strict=True):
            assert_same_picture(look(canvas), picture_of_map, 2)
    expect(page.locator(".cell.now")).to_have_count(3)
    expect(page).to_have_url(re.compile("position=7"))
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".cell.now").first).to_contain_text("GlobalAveragePooling2D")
    expect(page.get_by_text("Total params: 30,721").first).to_be_attached()
    open_act(page, "3 This machine")
    expect(page.get_by_role("cell", name=keras.__version__, exact=True)).to_be_visible(timeout=ANSWERED)
    # Another photo has its own numbers, and never shows the old ones.
    page.locator(".cell[data-row=answer]").first.click()
    upload(page, "new.jpg", picture(2))
    wait_for_photo(page, "new.jpg")
    expect(page.locator(".value b").first).not_to_have_attribute("data-value", str(told["answers"][0]))
    answered(page)
    assert shown(page)[0] != pytest.approx(told["answers"][0], abs=1e-7)


def test_a_phone_shows_one_program_at_a_time(open_page, app):
    page = answered(open_page("/keras", host=app, viewport=PHONE))
    programs = stage(page, "Three programs")
    expect(programs.locator(".cell:visible")).to_have_count(10)
    choose(programs.get_by_role("radio", name="TensorFlow"))
    expect(programs.get_by_text("tf.reduce_mean", exact=False)).to_be_visible()
    expect(programs.get_by_text("model = keras.Sequential", exact=False)).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page).to_have_url(re.compile("program=bare_tensorflow"))
    # Nothing scrolls sideways in a row of code: neither here nor where a scrollbar leaves 1,265 pixels to the page.
    fits = "cells => cells.every((cell) => cell.scrollWidth <= cell.clientWidth)"
    assert programs.locator(".cell:visible").evaluate_all(fits)
    page.set_viewport_size({"width": 1265, "height": 800})
    expect(programs.locator(".cell:visible")).to_have_count(30)
    assert programs.locator(".cell").evaluate_all(fits)
