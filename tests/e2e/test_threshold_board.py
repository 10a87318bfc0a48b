"""The board of the threshold in a real browser, on a small page of its own."""

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sklearn import metrics

from tests.e2e.pixels import CAT, DOG, GROUND, NEGATIVE, POSITIVE, TEXT, Colour, Drawing, assert_traced, look, near
from tests.e2e.visitor import PHONE
from tests.server import Server, running_page

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
from components.lessons.evaluation.threshold_board import Beside, threshold_board
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

beside = Beside()
if case == "mine":
    beside = Beside(mine=0.83, caution="Nobody knows photos like this one.")
if case in ("validation", "test"):  # the other part has half as many photos, every second score squared
    other = np.where(np.arange(count) % 3 == 0, scores**2, scores)[: count // 2].astype(np.float32)
    beside = Beside(case, (labels[: count // 2], other), "A note on the parts.")
choice = threshold_board(
    labels, scores, classes, thumbnail=thumbnail, subject=f"{case}{count}{classes}", beside=beside,
    aside=frozenset({1, 2}) if case == "aside" else frozenset(),
)
st.text(f"told: {choice.threshold!r} [{choice.cell}] {choice.photo}")
write_url()
"""


@pytest.fixture(scope="module")
def app() -> Iterator[Server]:
    with running_page(SCRIPT) as server:
        yield server


@pytest.fixture
def open_board(open_page, app) -> Callable[..., Page]:
    def opened(path: str = "/", **options) -> Page:
        page = open_page(path, host=app, **options)
        expect(page.get_by_test_id("board-threshold")).to_contain_text("threshold")
        return page

    return opened


def judged(count: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """Labels and scores of the page's photos."""
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
    expect(page.get_by_role("group", name="Missed")).to_be_visible()  # mistakes of both kinds are always shown
    strip = page.get_by_role("group", name="False alarms")
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


def test_bars_curves_and_film_are_drawn_where_the_scores_are(open_board):
    page = open_board("/?board-threshold=0.4")
    labels, scores = judged()
    page.get_by_text("More: the ROC curve").click()
    check_bars(look(page.locator("canvas.scores")), labels, scores)
    curves = {name: look(page.get_by_role("img", name=name)) for name in ("precision-recall curve", "ROC curve")}
    called = scores > 0.4
    recall, precision = float(called[labels == 1].mean()), float(labels[called].mean())
    alarm = float(called[labels == 0].mean())
    margins = {"left": 3.1, "right": 0.9, "top": 0.8, "bottom": 2.7}

    drawing = curves["precision-recall curve"]
    axes = drawing.axes(**margins, x=(0, 1), y=(0, 1))
    precisions, recalls, _ = metrics.precision_recall_curve(labels, scores, drop_intermediate=False)
    # From one threshold to the next, recall continues at the next one's precision: checked in the middle of steps.
    steps = [place for place in range(len(recalls) - 1) if recalls[place] > recalls[place + 1] > 0.1]
    some = [place for place in steps[::9] if abs(recalls[place] - recall) > 0.05]
    middles = [(recalls[place] + recalls[place + 1]) / 2 for place in some]
    assert_traced(drawing, axes.places(middles, precisions[some]), POSITIVE, within=8)
    assert drawing.shows(NEGATIVE, axes.place(recall, precision))

    drawing = curves["ROC curve"]
    axes = drawing.axes(**margins, x=(0, 1), y=(0, 1))
    alarms, hits, _ = metrics.roc_curve(labels, scores, drop_intermediate=False)
    some = [place for place in range(7, len(hits), 7) if np.hypot(alarms[place] - alarm, hits[place] - recall) > 0.08]
    assert all(drawing.shows(POSITIVE, place) for place in axes.places(alarms[some], hits[some]))
    flat = [place for place in some if alarms[place] > 0.3]
    assert_traced(drawing, axes.places(alarms[flat], hits[flat]), POSITIVE, within=8)
    assert drawing.shows(NEGATIVE, axes.place(alarm, recall))

    check_film(page.locator("canvas.film"), labels, scores, below=int((scores <= 0.4).sum()))


def check_bars(drawing: Drawing, labels: np.ndarray, scores: np.ndarray) -> None:
    """Check that bars, dogs' up and cats' down, are as high as roots of their counts, and pale on 0.4's wrong side."""
    cats, dogs = (np.histogram(scores[labels == label], 20, (0, 1))[0] for label in (0, 1))
    top, bottom = 1.3 * drawing.rem, drawing.height - 1.3 * drawing.rem
    up, down = np.sqrt(dogs.max()), np.sqrt(cats.max())
    axis = top + (bottom - top) * np.clip(up / (up + down), 0.3, 0.7)
    scale = min((axis - top) / up, (bottom - axis) / down)
    left, right = 0.75 * drawing.rem, drawing.width - 0.75 * drawing.rem
    sides: list[tuple[np.ndarray, Colour, int, bool]] = [(cats, CAT, 1, False), (dogs, DOG, -1, True)]
    for counts, colour, way, is_dog in sides:
        red, green, blue = (round(0.35 * part + 0.65 * 255) for part in colour)
        pale = (red, green, blue)
        for part, count in enumerate(counts):
            wide = (right - left) / 20
            x = left + (part + 0.5) * wide - 0.35 * wide  # beside the number at a bar's end
            rightly = (part >= 8) == is_dog
            if not count:
                assert near(drawing.at(x, axis + way * 8), GROUND, 2), part
                continue
            tall = max(np.sqrt(count) * scale, 3)
            outside = axis + way * (tall + 2.5)
            assert not drawing.shows(colour, (x, outside), around=0), (part, colour)
            if rightly or tall > 5:  # a pale bar that is lower has no room for an edge
                assert drawing.shows(colour, (x, axis + way * (tall - 1.5))), (part, colour)
            if tall > 12:
                assert near(drawing.at(x, axis + way * tall / 2), colour if rightly else pale, 6), (part, colour)


def check_film(canvas: Locator, labels: np.ndarray, scores: np.ndarray, below: int) -> None:
    """Check that the photos near the threshold are ordered by score, framed by class, and marked if they are wrong."""
    order = np.argsort(scores, kind="stable")
    colours: list[Colour] = [CAT, DOG]

    def left(drawing: Drawing, place: int) -> float:
        away = place + 0.5 - below
        gate = np.clip(2 * away, -1, 1) * 0.7 * drawing.rem
        return drawing.width / 2 + away * (drawing.height + 0.25 * drawing.rem) + gate - drawing.height / 2

    def shows_photo(drawing: Drawing, place: int) -> bool:
        photo = order[place]
        colour = (250, 160, 40) if labels[photo] == 0 else (20, 160, 120)
        expected = tuple(part - photo % 20 for part in colour)
        if photo % 7 == 3:  # this one has no picture
            full = colours[labels[photo]]
            expected = tuple(round(0.35 * part + 0.65 * ground) for part, ground in zip(full, GROUND, strict=True))
        middle = drawing.at(left(drawing, place) + drawing.height / 2, drawing.height / 3)
        return bool(near(middle, expected, 4))

    around = range(below - 4, below + 4)
    drawing = look(canvas, lambda now: all(shows_photo(now, place) for place in around))
    for place in around:
        photo = order[place]
        assert shows_photo(drawing, place), place
        begin = left(drawing, place)
        assert drawing.shows(colours[labels[photo]], (begin + drawing.height / 2, 1.5)), place
        corner = (begin + drawing.height - 1.2 * drawing.rem, drawing.height - 1.2 * drawing.rem)
        assert drawing.shows((0, 0, 0), corner) == ((place >= below) != (labels[photo] == 1)), place
    assert drawing.shows(TEXT, (drawing.width / 2, drawing.height / 2))


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
    page.get_by_text("More: the ROC curve").click()
    expect(page.get_by_role("img", name="ROC curve")).to_be_visible()
    # A cell of rightly classified photos is a third strip, all of which is visible.
    page.get_by_test_id("board-tp").click()
    strips = page.locator(".photo-strip:visible")
    expect(strips).to_have_count(3)
    expect(strips.last).to_contain_text("is dog, says dog")
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
    title = f"Missed: {counts['fn']}; is a {{positive}} one, says {{count}}; surest first"
    expect(page.get_by_text(title, exact=True)).to_be_visible()
    assert "undefined" not in page.inner_text("body")


def test_costs_choose_the_threshold_and_a_covered_cell_is_guessed_first(open_board):
    page = open_board()
    page.get_by_text("What do its mistakes cost?").click()
    page.get_by_role("button", name="Go there").click()
    expect(slider(page)).not_to_have_attribute("aria-valuenow", "0.5")
    least = float(slider(page).get_attribute("aria-valuenow") or "nan")
    assert price(page, "now", "chosen") == price(page, "chosen", "chosen") == cheapest(*judged())
    expect(page.get_by_test_id("price-words")).to_contain_text("Chosen and priced on the same photos")
    expect(page.get_by_test_id("price-late-test")).to_be_hidden()
    count = counts_at(least, *judged())["fn"]
    page.get_by_label("Cover the cells, guess first").check()
    cell = page.get_by_test_id("board-fn")
    expect(cell).to_contain_text("?")
    assert str(count) not in (cell.get_attribute("aria-label") or "")
    cell.click()
    page.get_by_label("How many photos are dog and called cat?").fill("3")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"You said 3. It is {count}: {abs(count - 3)} off.")).to_be_visible()


def price(page: Page, row: str, column: str) -> float:
    return float(page.get_by_test_id(f"price-{row}-{column}").get_attribute("data-value") or "nan")


def cost(threshold: float, labels: np.ndarray, scores: np.ndarray) -> float:
    """Return what mistakes cost if a missed dog costs 5 and a false alarm 1."""
    counts = counts_at(threshold, labels, scores)
    return 5 * counts["fn"] + counts["fp"]


def cheapest(labels: np.ndarray, scores: np.ndarray) -> float:
    return min(cost(cut, labels, scores) for cut in [0.0, 1.0, *scores.astype(float)])


@pytest.mark.parametrize("role", ["validation", "test"])
def test_a_threshold_is_chosen_on_validation_and_paid_for_on_test(open_board, role):
    page = open_board(f"/?case={role}&n=300")
    labels, scores = judged(300)
    other = np.where(np.arange(300) % 3 == 0, scores**2, scores)[:150].astype(np.float32)
    both = [(labels, scores), (labels[:150], other)]
    chosen, test = both if role == "validation" else both[::-1]
    expect(page.get_by_test_id("price-chosen-test")).to_be_hidden()
    page.get_by_text("What do its mistakes cost?").click()
    expect(page.get_by_test_id("price-chosen-test")).to_be_visible()
    page.get_by_role("button", name="Go there").click()
    expect(slider(page)).not_to_have_attribute("aria-valuenow", "0.5")
    threshold = float(slider(page).get_attribute("aria-valuenow") or "nan")
    for row in ("now", "chosen"):
        assert price(page, row, "chosen") == cost(threshold, *chosen) == cheapest(*chosen)
        assert price(page, row, "test") == cost(threshold, *test)
    assert price(page, "late", "test") == cheapest(*test) <= price(page, "chosen", "test")
    expect(page.get_by_role("columnheader", name=f"cost on test ({len(test[0])})")).to_be_visible()
    words = page.get_by_test_id("price-words")
    expect(words).to_contain_text("for every 100 photos")  # the parts have not as many photos
    expect(words).to_contain_text("A note on the parts.")
    page.get_by_label("Cover the cells, guess first").check()
    expect(page.get_by_test_id("price-chosen-test")).to_have_text("")


@pytest.mark.parametrize("path", ["/?n=1", "/?n=80&case=one-class", "/?n=50&case=equal", "/?n=25000"])
def test_every_number_of_photos_and_empty_classes_work(open_board, path):
    page = open_board(path)
    slider(page).focus()
    page.keyboard.press("PageDown")
    expect(slider(page)).to_have_attribute("aria-valuenow", "0.4")
    count = sum(int(shown(page, cell)) for cell in ("tn", "fp", "fn", "tp"))
    assert f"n={count}&" in f"{path}&"
    assert "NaN" not in page.inner_text("body")
    # 75 and 5 of 80 are 93.75 % and 6.25 %: what stands in a row adds up all the same.
    for row in (("tn", "fp"), ("fn", "tp")):
        texts = [page.get_by_test_id(f"board-{cell}").locator("span").first.inner_text() for cell in row]
        empty = not any(int(shown(page, cell)) for cell in row)
        assert texts == ["–", "–"] if empty else sum(round(10 * float(text.split()[0])) for text in texts) == 1000


def test_the_board_is_accessible_and_fits_a_phone(open_board):
    page = open_board("/?case=mine&board-cell=fp&board-positives=50")
    expect(page.get_by_test_id("board-caution")).to_have_text("Nobody knows photos like this one.")
    expect(page.get_by_role("img", name="ROC curve")).to_be_visible()  # a link that keeps a share opens where it is set
    expect(page.locator(".strip-photo:visible img:visible").first).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [
        (one["id"], [node["html"][:120] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ] == []
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
