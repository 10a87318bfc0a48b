"""/image-data in a browser: the inspector by mouse and keyboard, augmentation, and a dataset's gallery."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from models.datasets import load
from models.pictures.most_varied import most_varied_place
from models.pictures.photo import decode
from models.pictures.resize import resize
from models.pictures.samples import DEFAULT, sample
from tests.e2e.pixels import WINDOW, assert_same_picture, look, near
from tests.e2e.visitor import PHONE, box, open_act, settle, stage, upload, wait_for_photo

ANSWERED = 120_000
"""Milliseconds until an engine has started and a network has scored all digits."""


def pixel(page: Page) -> list[int]:
    return [int(page.get_by_test_id(f"pixel-{name}").inner_text()) for name in ("red", "green", "blue")]


def place(page: Page) -> tuple[int, int]:
    row, column = re.findall(r"\d+", page.get_by_test_id("pixel-place").inner_text())
    return int(row), int(column)


def test_the_inspector_reads_another_photo_by_mouse_and_keyboard(open_page, picture):
    page = open_page("/image-data")
    stage(page, "Pixel inspector")
    data = picture(3)
    upload(page, "new.jpg", data)
    wait_for_photo(page, "new.jpg")
    settle(page)
    pixels = decode(data).pixels
    first = most_varied_place(pixels, 9)
    expect(page.get_by_test_id("pixel-place")).to_have_text(f"pixels[{first[0]}, {first[1]}]")
    assert pixel(page) == pixels[first].tolist()
    photo = page.get_by_role("img", name="The photo with the loupe")
    frame = box(photo)
    page.mouse.move(frame["x"] + 0.25 * frame["width"], frame["y"] + 0.5 * frame["height"])
    expect(page.get_by_test_id("pixel-place")).not_to_have_text(f"pixels[{first[0]}, {first[1]}]")
    assert pixel(page) == pixels[place(page)].tolist()
    row, column = place(page)
    count = f"pixel {row * 320 + column + 1:,} of {pixels.shape[0] * 320:,}"
    expect(stage(page, "Pixel inspector").locator(".count")).to_have_text(count)
    page.mouse.down()
    page.mouse.up()
    before = place(page)
    page.mouse.move(1, 1)  # when the mouse leaves, the loupe stays at the place of the press
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_test_id("pixel-place")).to_have_text(f"pixels[{before[0] + 1}, {before[1] + 1}]")
    row, column = place(page)
    assert pixel(page) == pixels[row, column].tolist()
    shown = page.get_by_test_id("pixel-printed").inner_text()
    assert shown.split() == str(pixels[row : row + 3, column : column + 3]).split()
    expect(page).to_have_url(re.compile(rf"position={row * 320 + column}\b"))
    check_inspector(stage(page, "Pixel inspector"), pixels, row, column)


def check_inspector(inspector: Locator, pixels: np.ndarray, row: int, column: int) -> None:
    """Check that the photo and its planes are painted pixel by pixel, with the chosen pixel in the loupe's middle."""
    assert_same_picture(look(inspector.locator("canvas[data-part=photo]")), pixels, 0)
    for plane, name in enumerate(("red", "green", "blue")):
        tinted = np.where(np.arange(3) == plane, pixels, 0)
        assert_same_picture(look(inspector.locator(f"canvas[data-part={name}]")), tinted, 0)
    loupe = look(inspector.locator("canvas[data-part=loupe]"))
    cell = loupe.width / 9
    for down, across in np.ndindex(9, 9):
        corner = loupe.at((across + 0.12) * cell, (down + 0.12) * cell)  # the numbers are in the middle
        if max(abs(down - 4), abs(across - 4)) > 1:
            assert near(corner, tuple(pixels[row - 4 + down, column - 4 + across].tolist()), 1), (down, across)
    assert loupe.shows(WINDOW, (4 * cell, 4.5 * cell))


def test_augmentation_follows_its_sliders_and_fits_a_phone(open_page):
    page = open_page("/image-data", viewport=PHONE)
    settle(page)
    open_act(page, "4 Augmentation")
    stage(page, "Augmentation")
    lines = page.get_by_test_id("augmentation-random-lines")
    expect(lines).to_contain_text("keras.layers.RandomRotation(12 / 360)")
    page.get_by_role("button", name="All to 0").click()
    expect(lines).to_have_text("# nothing is changed")
    told = page.get_by_test_id("augmentation-pixel")
    before = told.get_attribute("data-value") or ""
    brightness = page.get_by_role("slider", name="Brightness")
    brightness.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Brightness: exact amount")).to_have_value("0.02")
    expect(page.get_by_test_id("augmentation-exact-lines")).to_contain_text("images + 0.02 * 255")
    after = [float(number) for number in (told.get_attribute("data-value") or "").split()]
    assert after == pytest.approx([float(number) + 0.02 * 255 for number in before.split()], abs=1e-4)
    expect(page).to_have_url(re.compile("augment-brightness=0.02"))
    check_augmented(stage(page, "Augmentation"))
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def check_augmented(board: Locator) -> None:
    """Check that a brightness of 0.02 adds 5.1 to every pixel, and that each of nine samples adds at most that."""
    before, exact, nine = (look(board.locator(f"canvas[data-part={name}]")) for name in ("before", "exact", "nine"))
    photo = before.pixels
    assert_same_picture(before, resize(sample(DEFAULT).pixels, len(photo), "crop"), 0)
    assert_same_picture(exact, np.minimum(photo + 0.02 * 255, 255), 1)
    side = (len(nine.pixels) - 8) // 3
    small = resize(sample(DEFAULT).pixels, side, "crop").astype(int)
    offsets = []
    for row, column in np.ndindex(3, 3):
        tile = nine.pixels[row * (side + 4) :, column * (side + 4) :][:side, :side]
        changes = (tile - small)[(small > 6) & (small < 249)]
        assert np.ptp(changes) <= 1, (row, column)
        assert abs(changes.mean()) <= 5.6
        offsets.append(changes.mean())
    assert np.ptp(offsets) > 1
    board.get_by_role("checkbox", name="Left ↔ right").check()
    mirrored = np.minimum(photo[:, ::-1] + 0.02 * 255, 255)
    flipped = look(board.locator("canvas[data-part=exact]"), lambda now: bool(np.abs(now.pixels - mirrored).max() <= 1))
    assert_same_picture(flipped, mirrored, 1)


def test_the_explorer_pages_through_a_class_marks_hard_cases_and_opens_a_picture(open_page, app):
    page = open_page("/image-data?set-data=digits", host=app)
    expect(page.locator(".st-key-act-5 details[open]")).to_have_count(1)  # the link's scene lies in it
    open_act(page, "5 A dataset")
    hard = page.get_by_role("group", name="Hard cases, the least sure first")
    expect(hard.locator("img[src^=data]").first).to_be_visible(timeout=ANSWERED)
    strip = page.get_by_role("group", name=re.compile(r"^4: 181 pictures"))
    count = strip.locator(".strip-count")
    expect(count).to_have_text(re.compile(r"^1–\d+ of 181$"))
    strip.get_by_role("button", name="Next photos").click()
    expect(count).not_to_have_text(re.compile(r"^1–"))
    first = strip.locator(".strip-photo:visible").first
    name = first.locator(".strip-caption").inner_text()
    first.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Picture {name}")
    expect(dialog).to_contain_text("Labelled “4”")
    number = int(name.removeprefix("no. ").replace(",", "")) - 1
    assert load("digits", side=8).part("all").labels[number] == 4
    expect(page).to_have_url(re.compile(rf"set-picture={number}\b"))
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page).not_to_have_url(re.compile("set-picture"))
