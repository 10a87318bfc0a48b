"""The board of the threshold in a real browser, on a small page of its own; and its numbers, computed by both sides."""

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from components.lessons.evaluation.threshold_board import FIGURES_SCRIPT
from models.evaluation.thresholds import shuffled_ranks
from tests import threshold_reference as board
from tests.e2e.visitor import PHONE
from tests.server import ROOT, Server, running_app

SCRIPT = """
from pathlib import Path
import numpy as np
import streamlit as st
from components.scene.address import read_url, write_url
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


def shows_matrix_at(page: Page, threshold: float) -> None:
    counts = board.count(*judged(), threshold)
    for name in ("tn", "fp", "fn", "tp"):
        expect(page.get_by_test_id(f"board-{name}")).to_have_attribute("data-value", str(getattr(counts, name)))
    for name, value in board.figures_of(counts).items():
        assert value is not None
        assert float(shown(page, name)) == pytest.approx(value, abs=1e-12), name


# Numbers --------------------------------------------------------------------------------------------------------------

BOTH_SIDES = """cases => cases.map(({labels, scores, ranks, threshold, missed, alarm, shares, aside}) => {
    const figures = new ThresholdFigures(Uint8Array.from(labels), Float64Array.from(scores));
    figures.include(keptMask(labels, ranks, shares, aside));
    const counts = figures.countsAt(threshold);
    const curves = figures.makeCurves();
    return {
        counts, figures: figuresOf(counts), cheapest: figures.cheapest(missed, alarm),
        thresholds: curves.thresholds, truePositives: curves.truePositives, falsePositives: curves.falsePositives,
        averagePrecision: curves.averagePrecision, area: curves.area,
        histogram: figures.histogram(20).map((bars) => Array.from(bars)),
        photos: Object.fromEntries(
            ["tn", "fp", "fn", "tp"].map((cell) => [cell, Array.from(figures.photosIn(cell, counts))])
        ),
    };
})"""


def random_case(random: np.random.Generator) -> dict:
    """Scores with and without ties, with one or no class empty, a share kept and some set aside."""
    count = int(random.choice([1, 2, 3, 10, 50, 200]))
    labels = (random.random(count) < random.choice([0.0, 0.1, 0.5, 1.0])).astype(int)
    coarse = random.integers(0, 9, count) / 8
    fine = random.random(count).astype(np.float32).astype(np.float64)
    scores = [coarse, fine, fine**0.05, np.full(count, 0.25), np.where(random.random(count) < 0.5, coarse, fine)]
    chosen = scores[random.integers(len(scores))]
    return {
        "labels": labels.tolist(),
        "scores": chosen.tolist(),
        "ranks": shuffled_ranks(labels).tolist(),
        "threshold": float(random.choice([0.0, 0.5, 1.0, random.random(), random.choice(chosen)])),
        "missed": float(random.choice([0, 1, 5, 0.3])),
        "alarm": float(random.choice([0, 1, 2.5])),
        "shares": {"positives": int(random.choice([1, 30, 100])), "negatives": int(random.choice([1, 55, 100]))},
        "aside": np.flatnonzero(random.random(count) < random.choice([0, 0.2])).tolist(),
    }


def test_the_browser_computes_what_python_computes(browser: Browser):
    random = np.random.default_rng(6)
    cases = [random_case(random) for _ in range(200)]
    page = browser.new_page()
    page.add_script_tag(content=FIGURES_SCRIPT)
    answers = page.evaluate(BOTH_SIDES, cases)
    page.close()
    for case, answer in zip(cases, answers, strict=True):
        every_label, every_score = np.array(case["labels"]), np.array(case["scores"])
        remain = board.kept(every_label, np.array(case["ranks"]), **case["shares"])
        remain[case["aside"]] = False
        photos = np.flatnonzero(remain)
        labels, scores = every_label[photos], every_score[photos]
        counts = board.count(labels, scores, case["threshold"])
        assert answer["counts"] == vars(counts)
        assert answer["figures"] == board.figures_of(counts)
        assert answer["cheapest"] == vars(board.cheapest(labels, scores, missed=case["missed"], alarm=case["alarm"]))
        curves = board.curves(labels, scores)
        assert answer["thresholds"] == curves.thresholds.tolist()
        assert answer["truePositives"] == curves.true_positives.tolist()
        assert answer["falsePositives"] == curves.false_positives.tolist()
        for name, value in (("averagePrecision", curves.average_precision), ("area", curves.area)):
            assert answer[name] == (None if value is None else pytest.approx(value, abs=1e-12)), name
        assert answer["histogram"] == board.histogram(labels, scores).tolist()
        for cell in ("tn", "fp", "fn", "tp"):
            surest = photos[board.surest_first(labels, scores, case["threshold"], cell)]
            assert answer["photos"][cell] == surest.tolist(), cell


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
    alarms = board.surest_first(labels, scores, 0.5, "fp").tolist()
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
    curves = board.curves(*judged())
    for name, value in (("average-precision", curves.average_precision), ("area", curves.area)):
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
    counts = board.count(labels, 1 - scores, 0.3)
    cell = page.get_by_role("button", name=f"is {{count}}, says a {{positive}} one: {counts.fp}, ")
    expect(cell).to_have_attribute("data-value", str(counts.fp))
    title = f"{counts.fn} missed: is a {{positive}} one, says {{count}}; surest first"
    expect(page.get_by_text(title, exact=True)).to_be_visible()
    assert "undefined" not in page.inner_text("body")


def test_costs_choose_the_threshold_and_a_covered_cell_is_guessed_first(open_board):
    page = open_board("/?board-missed=5&board-alarm=1")
    least = board.cheapest(*judged(), missed=5, alarm=1)
    page.get_by_role("button", name="Go there").click()
    expect(slider(page)).to_have_attribute("aria-valuenow", repr(least.threshold))
    assert float(shown(page, "cost")) == least.cost
    page.get_by_label("Cover the cells, guess first").check()
    cell = page.get_by_test_id("board-fn")
    expect(cell).to_contain_text("?")
    assert str(board.count(*judged(), least.threshold).fn) not in (cell.get_attribute("aria-label") or "")
    cell.click()
    page.get_by_label("How many photos are dog and called cat?").fill("3")
    page.keyboard.press("Enter")
    count = board.count(*judged(), least.threshold).fn
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
