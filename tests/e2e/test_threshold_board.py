"""The board of the threshold in a real browser, on a small page of its own."""

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sklearn import metrics

from tests.e2e.visitor import PHONE
from tests.server import ROOT, Server, running_app

SCRIPT = """
from pathlib import Path
import numpy as np
import streamlit as st
from components.scene import read_url, write_url
st.set_page_config(page_title="Board", layout="wide")
st.html("<style>" + Path("assets/theme.css").read_text() + "</style>")
if st.query_params.get("view") == "projector":
    st.html("<style>" + Path("assets/projector.css").read_text() + "</style>")
st.title("Board")
from components.lessons.evaluation.threshold_board import threshold_board
from components.photo.uploads import jpeg_url
read_url()
count = int(st.query_params.get("n", 600))
case = st.query_params.get("case", "")
random = np.random.default_rng(1)
labels = np.zeros(count, int) if case == "one-class" else (np.arange(count) % 2)
if case == "equal":
    scores = np.full(count, 0.4, np.float32)
else:
    noise = random.normal(0, 1.2, count)
    scores = (1 / (1 + np.exp(-(3.2 * (labels - 0.5) + noise)))).astype(np.float32)

def thumbnail(photo):
    if photo % 7 == 3:
        return ""
    colour = (250, 160, 40) if labels[photo] == 0 else (20, 160, 120)
    return jpeg_url(np.full((48, 48, 3), colour, np.uint8) - np.uint8(photo % 20))

if st.session_state.get("stage") == "another":
    scores, classes = 1 - scores, ("{count}", "a {positive} one")
else:
    classes = ("cat", "dog")
stages = {"Choose another network": "loading", "It has judged": "another"}
for label, stage in stages.items():
    st.button(label, on_click=lambda stage=stage: st.session_state.update(stage=stage))
if st.session_state.get("stage") == "loading":
    st.text("judging")
    st.stop()

choice = threshold_board(
    labels, scores, classes, thumbnail=thumbnail, subject=f"{case}{count}{classes}",
    mine=0.83 if case == "mine" else None, aside=frozenset({1, 2}) if case == "aside" else frozenset(),
)
st.text(f"told: {choice.threshold!r} [{choice.cell}] {choice.photo}")
write_url()
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[Server]:
    script = tmp_path_factory.mktemp("script") / "board_page.py"
    script.write_text(SCRIPT, encoding="utf-8")
    with running_app(script, environment={"PYTHONPATH": str(ROOT)}) as server:
        yield server


@pytest.fixture
def open_board(open_page, app) -> Callable[..., Page]:
    def opened(path: str = "/", **options) -> Page:
        page = open_page(path, host=app, **options)
        expect(page.get_by_test_id("board-threshold")).to_contain_text("threshold")
        return page

    return opened


def judged(count: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """What the page judges."""
    labels = np.arange(count) % 2
    noise = np.random.default_rng(1).normal(0, 1.2, count)
    return labels, (1 / (1 + np.exp(-(3.2 * (labels - 0.5) + noise)))).astype(np.float32)


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Threshold", exact=True)


def shown(page: Page, name: str) -> str:
    return page.get_by_test_id(f"board-{name}").get_attribute("data-value") or ""


def counts_at(threshold: float, labels: np.ndarray, scores: np.ndarray) -> dict[str, int]:
    """The four cells as scikit-learn counts them."""
    matrix = metrics.confusion_matrix(labels, scores.astype(float) > threshold)
    return dict(zip(("tn", "fp", "fn", "tp"), matrix.ravel().tolist(), strict=True))


def shows_matrix_at(page: Page, threshold: float) -> None:
    labels, scores = judged()
    for name, count in counts_at(threshold, labels, scores).items():
        expect(page.get_by_test_id(f"board-{name}")).to_have_attribute("data-value", str(count))
    called = scores.astype(float) > threshold
    figures = {
        "accuracy": metrics.accuracy_score(labels, called),
        "precision": metrics.precision_score(labels, called),
        "recall": metrics.recall_score(labels, called),
        "specificity": metrics.recall_score(labels, called, pos_label=0),
        "f1": metrics.f1_score(labels, called),
        "balanced_accuracy": metrics.balanced_accuracy_score(labels, called),
        "majority": 0.5,
    }
    for name, value in figures.items():
        assert float(shown(page, name)) == pytest.approx(value, abs=1e-12), name


# The page -------------------------------------------------------------------------------------------------------------


def test_the_keys_move_the_threshold_and_all_figures_with_it(open_board):
    page = open_board()
    shows_matrix_at(page, 0.5)
    slider(page).focus()
    for key, expected in (("ArrowRight", 0.51), ("PageUp", 0.61), ("ArrowLeft", 0.6), ("PageDown", 0.5)):
        page.keyboard.press(key)
        expect(slider(page)).to_have_attribute("aria-valuenow", str(expected))
    for _ in range(3):
        page.keyboard.press("PageUp")
    shows_matrix_at(page, 0.8)
    expect(page.get_by_text("told: 0.8 [] None")).to_be_visible()
    expect(page).to_have_url(re.compile(r"board-threshold=0\.8(&|$)"))
    labels, scores = judged()
    next_score = min(float(score) for score in scores if float(score) > 0.8)
    page.keyboard.press("Shift+ArrowRight")
    expect(slider(page)).to_have_attribute("aria-valuenow", repr(next_score))
    shows_matrix_at(page, next_score)
    expect(page.get_by_text(f"told: {next_score!r}")).to_be_visible()
    page.reload()
    expect(slider(page)).to_have_attribute("aria-valuenow", repr(next_score))
    shows_matrix_at(page, next_score)
    slider(page).focus()
    page.keyboard.press("End")
    assert shown(page, "precision") == "null"
    expect(page.get_by_text("nothing is called dog")).to_be_visible()
    assert int(shown(page, "fn")) == int(labels.sum())


def test_a_cell_opens_its_photos_and_a_photo_is_told(open_board):
    page = open_board()
    labels, scores = judged()
    alarms = sorted(np.flatnonzero((scores > 0.5) & (labels == 0)).tolist(), key=lambda photo: -scores[photo])
    page.get_by_test_id("board-fp").click()
    expect(page.get_by_role("group", name="missed")).to_be_visible()  # mistakes of both kinds are always there
    strip = page.get_by_role("group", name="false alarms")
    photos = strip.locator(".strip-photo:visible")
    expect(photos.first).to_be_visible()
    expect(strip.locator("img:visible").first).to_be_visible()
    photos.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"told: 0.5 [fp] {alarms[1]}", exact=True)).to_be_visible()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"told: 0.5 [fp] {alarms[-1]}", exact=True)).to_be_visible()
    expect(strip).to_contain_text(f"of {len(alarms)}")


def test_the_handle_is_dragged_to_a_photo_row_that_is_seen_with_the_curves(open_board):
    page = open_board()
    box, start = page.locator(".plate").bounding_box(), slider(page).bounding_box()
    assert box is not None
    assert start is not None
    page.mouse.move(start["x"] + start["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 10, steps=4)
    page.mouse.up()
    threshold = float(slider(page).get_attribute("aria-valuenow") or "nan")
    assert 0.65 < threshold < 0.75
    shows_matrix_at(page, threshold)
    average, area = metrics.average_precision_score(*judged()), metrics.roc_auc_score(*judged())
    for name, value in (("average-precision", average), ("area", area)):
        assert float(shown(page, name)) == pytest.approx(value, abs=1e-12)
    expect(page.get_by_role("img", name="ROC curve")).to_be_visible()
    # A cell of photos that are named right is a third strip; all of it is seen at once.
    page.get_by_test_id("board-tp").click()
    strips = page.locator(".photo-strip:visible")
    expect(strips).to_have_count(3)
    expect(strips.last).to_contain_text("right: is dog, says dog")
    expect(strips.last.locator("img:visible").first).to_be_visible()
    page.locator(".threshold-board").evaluate("board => board.scrollIntoView()")
    for strip in strips.all():
        expect(strip.locator(".strip-photo:visible").first).to_be_in_viewport(ratio=1)


def test_another_network_keeps_the_threshold_and_closes_the_cell_whatever_its_classes_are_called(open_board):
    page = open_board("/?board-threshold=0.3&board-cell=tp")
    expect(page.locator(".photo-strip:visible")).to_have_count(3)
    expect(page.locator(".photo-strip:visible img").first).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    page.get_by_role("button", name="Choose another network").click()
    expect(page.get_by_text("judging")).to_be_visible()
    page.get_by_role("button", name="It has judged").click()
    expect(page.get_by_text("told: 0.3 [] None")).to_be_visible()
    expect(page.locator(".photo-strip:visible")).to_have_count(2)
    labels, scores = judged()
    counts = counts_at(0.3, labels, 1 - scores)
    cell = page.get_by_role("button", name=f"is {{count}}, says a {{positive}} one: {counts['fp']}, ")
    expect(cell).to_have_attribute("data-value", str(counts["fp"]))
    title = f"{counts['fn']} missed: is a {{positive}} one, says {{count}}; surest first"
    expect(page.get_by_text(title, exact=True)).to_be_visible()
    assert "undefined" not in page.inner_text("body")


def test_costs_choose_the_threshold_and_a_covered_cell_is_guessed_first(open_board):
    page = open_board("/?board-missed=5&board-alarm=1")
    page.get_by_role("button", name="Go there").click()
    expect(slider(page)).not_to_have_attribute("aria-valuenow", "0.5")
    least = float(slider(page).get_attribute("aria-valuenow") or "nan")
    every = [counts_at(cut, *judged()) for cut in [0.0, 1.0, *judged()[1].astype(float)]]
    assert float(shown(page, "cost")) == min(5 * one["fn"] + one["fp"] for one in every)
    count = counts_at(least, *judged())["fn"]
    page.get_by_label("Cover the cells, guess first").check()
    cell = page.get_by_test_id("board-fn")
    expect(cell).to_contain_text("?")
    assert str(count) not in (cell.get_attribute("aria-label") or "")
    cell.click()
    page.get_by_label("How many photos are dog and called cat?").fill("3")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"You said 3. It is {count}: {abs(count - 3)} off.")).to_be_visible()


@pytest.mark.parametrize("path", ["/?n=1", "/?n=50&case=one-class", "/?n=50&case=equal", "/?n=25000"])
def test_every_number_of_photos_and_empty_classes_work(open_board, path):
    page = open_board(path)
    slider(page).focus()
    page.keyboard.press("PageDown")
    expect(slider(page)).to_have_attribute("aria-valuenow", "0.4")
    count = sum(int(shown(page, cell)) for cell in ("tn", "fp", "fn", "tp"))
    assert f"n={count}&" in f"{path}&"
    assert "NaN" not in page.inner_text("body")


def test_the_board_is_accessible_and_fits_a_phone(open_board):
    page = open_board("/?case=mine&board-cell=fp")
    expect(page.locator(".strip-photo:visible img:visible").first).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [
        (one["id"], [node["html"][:120] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ] == []
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
