"""/evaluation in a browser, with a real engine: threshold, cells, photos, heatmap, digits, and Python's numbers."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from models.pictures.pet_drawing import draw_pet
from models.pictures.pet_drawing.animals import Species
from tests.e2e.visitor import AT_REST, PHONE, number, open_act, settle

KINDS: tuple[Species, ...] = ("cat", "dog")
JUDGED = 120_000
"""Milliseconds until a judgement is finished: an engine starts, pictures are drawn, and a network scores them."""


def drawn(kind: Species, seed: int) -> bytes:
    """Return the PNG of a drawn pet."""
    file = BytesIO()
    Image.fromarray(draw_pet(kind, side=96, seed=seed)).save(file, "PNG")
    return file.getvalue()


def judged(page: Page) -> Page:
    """Wait until the board is there."""
    expect(page.locator(".threshold-board[data-ready]")).to_be_attached(timeout=JUDGED)
    return page


def cells(page: Page) -> dict[str, int]:
    return {name: int(number(page.get_by_test_id(f"board-{name}"))) for name in ("tn", "fp", "fn", "tp")}


def test_the_board_stands_without_an_engine_and_silhouettes_stand_for_the_photos(open_page):
    page = judged(open_page("/evaluation"))
    assert cells(page) == {"tn": 392, "fp": 8, "fn": 13, "tp": 387}
    assert float(page.get_by_test_id("price-chosen-chosen").get_attribute("data-value") or "nan") < float(
        page.get_by_test_id("price-chosen-test").get_attribute("data-value") or "nan"
    )
    prices = page.get_by_test_id("price-words")
    expect(prices).to_be_hidden()
    page.get_by_text("What do its mistakes cost?").click()
    expect(prices).to_be_visible()
    strip = page.get_by_role("group", name=re.compile("False alarms"))
    expect(strip.locator("img[src^=data]").first).to_be_visible()
    strip.locator(".strip-photo:visible").first.click()
    expect(page.get_by_role("heading", name=re.compile(r"^Photo cats.cat\.\d+\.jpg"))).to_be_visible()
    expect(page.get_by_text("The photo does not come with the course")).to_be_visible()


def test_two_networks_are_compared_in_their_fold_which_a_link_opens(open_page):
    page = judged(open_page("/evaluation"))
    settle(page)
    act = open_act(page, "4 Two networks")
    act.get_by_role("button", name="Compare with a bad one").click()
    verdict = act.get_by_text("779 of 800 pictures right", exact=False)
    expect(verdict).to_be_visible()
    expect(page).to_have_url(re.compile("other=drawn-pets"))
    page.reload()
    expect(verdict).to_be_visible()
    expect(page.locator(".st-key-act-3 details[open]")).to_have_count(0)


def test_the_threshold_moves_matrix_figures_and_photos_by_keyboard(open_page, app):
    page = judged(open_page("/evaluation", host=app))
    # The visitor's photo is judged by the same network, without making the board wait.
    expect(page.get_by_text(re.compile("^Your photo: score .*, so the network says “(cat|dog)”"))).to_be_visible(
        timeout=JUDGED
    )
    before = cells(page)
    assert sum(before.values()) == 800
    assert before["tn"] + before["fp"] == 400
    slider = page.get_by_role("slider", name="Threshold")
    slider.focus()
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("board-threshold")).to_have_text("threshold 0.61")
    after = cells(page)
    assert after["fp"] < before["fp"]
    assert after["fn"] > before["fn"]
    precision = after["tp"] / (after["tp"] + after["fp"])
    assert number(page.get_by_test_id("board-precision")) == pytest.approx(precision, abs=1e-12)
    expect(page.get_by_text(f"Missed: {after['fn']}; is dog, says cat; surest first")).to_be_visible()
    expect(page).to_have_url(re.compile("board-threshold=0.61"))
    # From photo to photo: except for equal scores, exactly one photo crosses the threshold.
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.get_by_test_id("board-threshold")).not_to_have_text("threshold 0.61")
    moved = cells(page)
    assert 1 <= sum(abs(moved[name] - after[name]) for name in moved) // 2 <= 4
    page.keyboard.press("Home")
    assert cells(page) == {"tn": 0, "fp": 400, "fn": 0, "tp": 400}


def test_a_cell_opens_its_photos_and_a_photo_its_heatmap_and_is_set_aside(open_page, app):
    page = judged(open_page("/evaluation?network=drawn-pets&data=drawn-pets&part=test", host=app))
    expect(page.get_by_text(re.compile("^Grad-CAM"))).to_have_count(1, timeout=JUDGED)  # of the visitor's own photo
    alarms = cells(page)["fp"]
    cell = page.get_by_test_id("board-fp")
    cell.focus()
    page.keyboard.press("Enter")
    strip = page.get_by_role("group", name=re.compile("False alarms"))
    expect(strip.locator("img[src^=data]").first).to_be_visible()
    expect(strip.locator(".strip-photo").first).to_be_focused()  # the surest mistake
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^Drawn picture no. .*cat"))).to_be_visible(timeout=30_000)
    expect(page.get_by_text(re.compile("^Grad-CAM: .* spoke for “dog”"))).not_to_have_count(0, timeout=30_000)
    expect(page.get_by_text(re.compile("^Grad-CAM"))).to_have_count(2, timeout=30_000)  # and the pet's
    expect(page.get_by_test_id("board-caution")).to_contain_text("of drawings")  # and the photo is none
    page.get_by_text("Wrong label? Set it aside").click()
    expect(page.get_by_text("1 set aside")).to_be_visible()
    expect(cell).to_have_attribute("data-value", str(alarms - 1))
    page.get_by_role("button", name="Count all again").click()
    expect(cell).to_have_attribute("data-value", str(alarms))
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name=re.compile("Missed"))).to_be_visible()


def test_covered_cells_are_guessed_first(open_page, app):
    page = judged(open_page("/evaluation?board-cover=on", host=app, viewport=PHONE))
    cell = page.get_by_test_id("board-fn")
    expect(cell).to_contain_text("?")
    expect(page.get_by_test_id("board-recall")).to_have_text("?")
    cell.click()
    page.get_by_label("How many photos are dog and called cat?").fill("7")
    page.get_by_role("button", name="Reveal").click()
    expect(page.get_by_text(re.compile(r"You said 7\. It is \d+: \d+ off\."))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_digits_have_a_matrix_of_ten_classes_and_a_pair_of_networks_is_compared(open_page, app):
    page = open_page("/evaluation?network=digits&data=digits&other=digits", host=app)
    expect(page.locator(".class-matrix[data-ready]")).to_be_attached(timeout=JUDGED)
    expect(page.get_by_role("cell", name="macro average").or_(page.get_by_text("macro"))).not_to_have_count(0)


def test_the_curves_of_a_digit_are_drawn_in_their_fold_once_the_pet_has_its_words(open_page, app):
    page = open_page("/evaluation?network=digits&data=digits", host=app)
    expect(page.locator(".class-matrix[data-ready]")).to_be_attached(timeout=JUDGED)
    # The words above the matrix come with the engine's answer, after the fold.
    expect(page.get_by_text("The network has never been evaluated on photos like yours")).to_be_visible(timeout=JUDGED)
    expect(page.get_by_text("for a photo of a pet, no row is right")).to_be_visible()
    page.get_by_text("Precision, recall and curves of each class").click()
    expect(page.locator(".st-key-evaluation-by-class details[open]")).to_have_count(1)
    page.wait_for_function(AT_REST)  # while the fold grows, what is scrolled to moves out of sight again
    page.get_by_text("Curves of the class").scroll_into_view_if_needed()
    charts = page.locator(".st-key-evaluation-by-class .js-plotly-plot svg.main-svg:visible")
    expect(charts.first).to_be_visible(timeout=30_000)
    assert (charts.first.bounding_box() or {})["height"] > 100
    open_act(page, "3 Own test")
    expect(page.get_by_text("Class 10", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Add (my|the page)"))).to_have_count(0)


def test_own_photos_are_judged_like_any_other_and_seen_by_their_owner_alone(open_page, app):
    page = open_page("/evaluation?data=own", host=app)
    for place, kind in enumerate(KINDS, 1):
        files = [{"name": f"{kind} {seed}.png", "mimeType": "", "buffer": drawn(kind, seed)} for seed in (1, 2)]
        # By its name: for a moment, the class that was filled before may have both its old and its new uploader.
        uploader = page.get_by_test_id("stFileUploader").filter(has_text=f"Pictures of {kind}")
        uploader.locator("input[type=file]").set_input_files(files)
        expect(page.get_by_text("2 pictures")).to_have_count(place)
    expect(page.get_by_text("on 4 of your own photos")).to_be_visible(timeout=JUDGED)
    judged(page)
    assert sum(cells(page).values()) == 4
    # A photo of any cell opens with its heatmap.
    filled = next(name for name, count in cells(page).items() if count)
    page.get_by_test_id(f"board-{filled}").click()
    page.locator(".strip-photo:visible").first.click()
    expect(page.get_by_role("heading", name=re.compile(r"^Photo (cat|dog) [12]\.png"))).to_be_visible()
    expect(page.get_by_text(re.compile("^Grad-CAM"))).to_have_count(2, timeout=30_000)  # and the pet's
    # From there to the network map, with this photo.
    page.get_by_role("button", name="See its feature maps").click()
    expect(page.locator(".photo-card").get_by_text(re.compile(r"^Photo (cat|dog) [12]\.png"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"/convnet$"))
    expect(page.locator(".network-map[data-ready]")).to_be_attached(timeout=JUDGED)


def test_folders_that_cannot_be_judged_say_why_and_others_name_what_they_leave_out(open_page, app, tmp_path):
    pictures: list[tuple[str, Species]] = [
        ("one class/cats/a.png", "cat"),
        ("empty/cats/.keep", "cat"),
        ("mixed/Cat/a.png", "cat"),
        ("mixed/Dog/b.png", "dog"),
    ]
    for path, kind in pictures:
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(drawn(kind, 3))
    (tmp_path / "mixed/Dog/broken.jpg").write_bytes(b"no picture")
    page = open_page("/evaluation?data=folder", host=app)
    field = page.get_by_label("Folder on the server, with one folder for each class")
    for folder, words in [
        ("nowhere", "There is no folder"),
        ("empty", "holds no class"),
        ("one class", "holds one class only"),
        ("mixed", "instead"),
    ]:
        field.fill(str(tmp_path / folder))
        field.press("Enter")
        expect(page.locator("[data-testid=stAlert]").get_by_text(words)).to_be_visible(timeout=JUDGED)
        expect(page.locator(".threshold-board")).to_have_count(0)
    # Two photos are in the training part only, but "all" parts can be chosen.
    page.goto(f"{page.url}&part=all")
    judged(page)
    assert sum(cells(page).values()) == 2
    expect(page.get_by_text("1 file could not be used and is left out")).to_contain_text("broken.jpg")
