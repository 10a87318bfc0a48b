"""The matrix of many classes, two networks compared, and the downloads in a real browser, on a page of their own."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from models.evaluation.multiclass import confusion, photos_in, predicted_classes
from tests.e2e.pixels import GROUND, NEGATIVE, POSITIVE
from tests.e2e.visitor import PHONE, PROJECTOR
from tests.server import Server, running_page

SCRIPT = """
import base64
from io import BytesIO
from pathlib import Path
import numpy as np
import streamlit as st
from PIL import Image
from components.lessons.evaluation.class_matrix import class_matrix
from components.lessons.evaluation.compared_networks import compared_networks
from components.lessons.evaluation.figures_download import figures_download
from components.lessons.evaluation.score_tables import judged_tables
from components.scene import read_url, write_url
from models.evaluation.stored_scores import Judged

st.set_page_config(page_title="Matrix", layout="wide")
read_url()
st.html("<style>" + Path("assets/theme.css").read_text() + "</style>")
if st.query_params.get("view") == "projector":
    st.html("<style>" + Path("assets/projector.css").read_text() + "</style>")
st.title("Matrix")
part, k = st.query_params.get("part", ""), int(st.query_params.get("k", "10"))

def answers(seed):
    random = np.random.default_rng(3)
    labels = random.integers(0, k, 40 * k)
    scores = np.exp(random.normal(0, 1, (40 * k, k)) + 2.5 * np.eye(k)[labels])
    scores *= np.exp(np.random.default_rng(seed).normal(0, 0.3, scores.shape))
    probabilities = (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32)
    names = tuple(f"{place}.png" for place in range(len(labels)))
    classes = tuple(f"class {number}" for number in range(k))
    return Judged("net", "0", "digits", "test", "1", 8, "squash", classes, labels, probabilities, names,
                  np.zeros((len(labels), 1), np.float32), np.zeros(0))

def thumbnail(place):
    file = BytesIO()
    Image.new("RGB", (8, 8), (place % 256, 90, 90)).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()

one = answers(0)
if part == "compared":
    st.text(f"photo: {compared_networks(one, answers(1), titles=('one', 'other'), thumbnail=thumbnail, subject='a')}")
elif part == "files":
    figures_download(one, 0.5, frozenset({3}))
else:
    choice = class_matrix(one.labels, one.probabilities, one.classes, thumbnail=thumbnail, subject="a",
                          mine=one.probabilities[0])
    st.text(f"choice: {choice.cell} {choice.photo}")
    judged_tables(one.labels, one.probabilities, one.classes, subject="a")
write_url()
"""


def answers(k: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """Labels and answers of the page's photos."""
    random = np.random.default_rng(3)
    labels = random.integers(0, k, 40 * k)
    scores = np.exp(random.normal(0, 1, (40 * k, k)) + 2.5 * np.eye(k)[labels])
    scores *= np.exp(np.random.default_rng(0).normal(0, 0.3, scores.shape))
    return labels, (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def app() -> Iterator[Server]:
    with running_page(SCRIPT) as server:
        yield server


@pytest.fixture
def open_matrix(open_page, app) -> Callable[..., Page]:
    return lambda path="/", **options: open_page(path, host=app, **options)


def is_accessible_and_has_room(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [violation["id"] for violation in found if violation["impact"] in ("serious", "critical")] == []
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_cell_is_walked_to_opened_and_its_photos_are_seen_by_keyboard(open_matrix):
    page = open_matrix()
    cells = page.get_by_role("gridcell")
    expect(cells).to_have_count(100)
    labels, probabilities = answers()
    matrix = confusion(labels, predicted_classes(probabilities), 10)
    assert cells.all_inner_texts() == [str(count) for count in matrix.ravel()]
    painted = cells.evaluate_all("cells => cells.map((cell) => getComputedStyle(cell).backgroundColor)")
    shares = matrix / matrix.sum(axis=1, keepdims=True)
    for colour, (place, share) in zip(painted, np.ndenumerate(shares), strict=True):
        full = np.array(POSITIVE if place[0] == place[1] else NEGATIVE)
        strength = 0.08 + 0.77 * np.sqrt(share) if share else 0
        expected = np.array(GROUND) + (full - np.array(GROUND)) * strength
        assert [int(part) for part in re.findall(r"\d+", colour)] == pytest.approx(expected, abs=1), place
    cell = next(
        (row, column) for row in range(2, 10) for column in range(10) if row != column and matrix[row, column] > 1
    )
    cells.first.focus()
    for key, times in (("ArrowDown", cell[0]), ("ArrowRight", cell[1])):
        for _ in range(times):
            page.keyboard.press(key)
    expect(cells.nth(10 * cell[0] + cell[1])).to_be_focused()
    page.keyboard.press("Enter")
    photos = photos_in(cell, labels, probabilities).tolist()
    strip = page.locator(".strip-photo:visible")
    expect(strip).to_have_count(len(photos))
    expect(strip.first).to_be_focused()
    expect(strip.first.locator("img")).to_be_visible()
    percents = [f"{int(100 * probabilities[place, cell[1]])}\u00a0%" for place in photos]
    assert page.locator(".strip-caption:visible").all_inner_texts() == percents
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"choice: {cell} {photos[0]}")).to_be_visible()
    assert f"matrix-position={10 * cell[0] + cell[1] + 1}" in page.url
    page.keyboard.press("Escape")
    expect(cells.nth(10 * cell[0] + cell[1])).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("choice: None None")).to_be_visible()
    expect(strip).to_have_count(0)
    is_accessible_and_has_room(page)


def test_a_link_opens_cell_and_percent_and_a_pair_opens_its_cell(open_matrix):
    page = open_matrix("/?matrix-position=1&matrix-show=row")
    expect(page.get_by_role("radio", name="% of row")).to_be_checked()
    expect(page.get_by_text("choice: (0, 0) None")).to_be_visible()
    labels, probabilities = answers()
    matrix = confusion(labels, predicted_classes(probabilities), 10)
    shares = 100 * matrix / matrix.sum(axis=1, keepdims=True)
    written = [float(text) for text in page.get_by_role("gridcell").all_inner_texts()]
    assert written == pytest.approx(shares.ravel(), abs=0.05 + 1e-9)
    page.get_by_role("listitem").get_by_role("button").first.click()
    wrong = matrix * (1 - np.eye(10, dtype=int))
    found = page.get_by_text(re.compile(r"choice: \((\d), (\d)\) None"))
    expect(found).not_to_have_text("choice: (0, 0) None")
    row, column = map(int, re.findall(r"\d", found.inner_text()))
    assert wrong[row, column] == wrong.max()


def test_on_a_phone_the_edge_of_the_matrix_fades_until_it_is_scrolled_to_its_end(open_matrix):
    page = open_matrix(viewport=PHONE)
    expect(page.get_by_role("gridcell")).to_have_count(100)
    box = page.locator(".grid-box")
    expect(box).to_have_css("mask-image", re.compile("^linear-gradient"))
    box.evaluate("box => { box.scrollLeft = box.scrollWidth; }")
    expect(box).to_have_css("mask-image", "none")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(box).to_have_css("mask-image", "none")


@pytest.mark.slow
def test_a_hundred_classes_are_opened_by_name(open_matrix):
    page = open_matrix("/?k=100", viewport=PROJECTOR)
    expect(page.get_by_role("gridcell")).to_have_count(10_000)
    for label in ("Is", "says"):
        page.get_by_label(label, exact=True).select_option("class 42")
    page.get_by_role("button", name="Show pictures").click()
    expect(page.get_by_text("choice: (42, 42) None")).to_be_visible()
    expect(page.locator(".strip-photo:visible img").first).to_be_visible()


def test_photos_that_changed_sides_are_opened(open_matrix):
    page = open_matrix("/?part=compared")
    expect(page.get_by_role("grid")).to_have_count(2)
    page.locator(".strip-photo:visible").first.click()
    expect(page.get_by_text(re.compile(r"photo: \d+"))).to_be_visible()
    page.get_by_role("grid").first.get_by_role("gridcell").nth(5).hover()
    expect(page.get_by_text(re.compile("Is class 0, says class 5: .* with one, .* with other"))).to_be_visible()
    is_accessible_and_has_room(page)


def test_every_file_is_downloaded_and_the_png_is_the_svg(open_matrix):
    page = open_matrix("/?part=files")
    for label, name in (
        ("Photos, CSV", "evaluation.csv"), ("Figures, JSON", "figures.json"), ("Matrix, SVG", "matrix.svg"),
        ("Curves, SVG", "curves.svg"), ("Matrix, PNG", "matrix.png"), ("Curves, PNG", "curves.png"),
    ):  # fmt: skip
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        assert download.value.suggested_filename == name
        data = Path(download.value.path()).read_bytes()
        if name.endswith(".svg"):
            size = tuple(2 * int(number) for number in re.findall(rb'(?:width|height)="(\d+)"', data)[:2])
        elif name == "matrix.png":
            pixels = np.asarray(Image.open(BytesIO(data)).convert("RGB"))
            assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 20
            assert tuple(pixels[0, 0]) == (255, 255, 255)
        elif name == "curves.png":
            assert Image.open(BytesIO(data)).size == size
    is_accessible_and_has_room(page)
