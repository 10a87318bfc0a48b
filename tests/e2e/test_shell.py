"""What all pages share, in a real browser: addresses, projector view, accessibility, health."""

import gzip
import json
import re
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, TimeoutError, expect

from components.shell import UNKNOWN
from components.shell.bar import NAME
from components.shell.course import COURSE
from tests.e2e.visitor import AT_REST, PHONE, PROJECTOR, box, follow, open_act, open_tab, ready, settle
from tests.server import running_app

PATHS = [f"/{part.path}" for part in COURSE]


def test_a_deep_link_is_the_first_request_of_a_fresh_server(open_page):
    with running_app() as fresh:
        page = open_page("/convolution?kernel=outline", host=fresh)
        expect(page.locator("h1")).to_have_text("Convolution")
        expect(page.get_by_role("button", name="5 Convolution")).to_be_visible()
        expect(page.locator('input[name="kernel"][value="outline"]')).to_be_checked()
        expect(page.get_by_role("button", name="Play")).to_be_enabled()
        page.close()


def test_the_health_address_answers(server):
    with urllib.request.urlopen(f"{server.url}/healthz") as answer:
        assert json.load(answer) == {"status": "ok", "engine": "off"}


def test_scripts_travel_compressed(server):
    with urllib.request.urlopen(server.url) as answer:
        script = re.search(rb'src="\.?(/static/js/index[^"]+)"', answer.read())
    assert script is not None
    address = server.url + script[1].decode()
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer, urllib.request.urlopen(address) as plain:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]
        packed, whole = answer.read(), plain.read()
    assert gzip.decompress(packed) == whole
    assert len(packed) < len(whole) / 2


def test_an_unknown_address_says_so_in_our_words_and_offers_the_course(open_page):
    page = open_page("/no-such-page")
    expect(page.get_by_text(UNKNOWN)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("h1")).to_have_text(NAME)
    follow(page, "pooling")
    expect(page.get_by_text(UNKNOWN)).to_have_count(0)


def test_the_bar_says_where_we_are_what_was_seen_and_leads_everywhere(open_page):
    page = open_page("/pooling")
    bar = page.get_by_role("navigation", name="The course")
    expect(bar.get_by_role("button", name="6 Pooling")).to_be_visible()
    expect(bar.get_by_role("link", name=re.compile(r"^\d+b? "))).to_have_count(12)
    expect(bar.get_by_text("(seen)")).to_have_count(0)
    bar.get_by_role("link", name="Next: 6b. Dense layer").click()
    expect(page.locator("h1")).to_have_text("Dense layer")
    expect(page).to_have_title("Dense layer · See a neural network learn")
    seen = bar.get_by_role("link", name="6 Pooling (seen)")
    expect(seen).to_be_visible()
    number, around = box(seen.locator("p")), box(seen.locator(":scope > span"))
    assert number["y"] >= around["y"] - 0.5  # the tick below it cuts nothing off
    bar.get_by_role("link", name="Previous: 6. Pooling").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Pooling")
    bar.get_by_role("button", name="6 Pooling").click()
    expect(page.locator(".st-key-bar-lessons [aria-current=page]")).to_have_text("6. Pooling")
    page.locator(".st-key-bar-lessons").get_by_role("link", name="12. Evaluation").click()
    expect(page.locator("h1")).to_have_text("Evaluation")
    expect(page.locator(".st-key-bar-lessons")).to_have_count(0)
    page.mouse.wheel(0, 3000)  # the bar stays
    expect(bar.get_by_role("link", name="See a neural network learn")).to_be_in_viewport()
    bar.get_by_role("link", name="See a neural network learn").click()
    expect(page.locator("h1")).to_have_text(NAME)
    expect(page.get_by_role("button", name="Continue with 1 Deep learning")).to_be_visible()


def test_on_a_phone_the_list_is_one_tap_away_and_the_bar_one_line_of_ways(open_page):
    page = open_page("/convolution", viewport=PHONE, has_touch=True)
    bar = page.get_by_role("navigation", name="The course")
    expect(bar.get_by_role("link", name=re.compile(r"^\d+b? "))).to_have_count(0)
    here = bar.get_by_role("button", name="5 of 12 Convolution")
    expect(here).to_be_visible()
    ways = [bar.get_by_role("link", name=name) for name in ("Previous: 4. Convnet", "Next: 6. Pooling")]
    assert abs(box(ways[0])["y"] - box(here)["y"]) < 8
    assert box(ways[1])["x"] + box(ways[1])["width"] <= PHONE["width"]
    here.tap()
    page.locator(".st-key-bar-lessons").get_by_role("link", name="8. Loss").tap()
    expect(page.locator("h1")).to_have_text("Loss")
    expect(page.locator(".st-key-bar-lessons")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_cannot_be_pressed_yet_is_legible(open_page):
    start = open_page("/training").get_by_role("button", name="Start the training")
    expect(start).to_be_disabled()  # there is no engine
    ink = start.page.locator("h1").evaluate("element => getComputedStyle(element).color")
    expect(start.locator("p")).to_have_css("color", ink)


def test_escape_closes_what_is_open_before_it_leaves_the_projector(open_page):
    page = open_page("/convolution?view=projector", viewport=PROJECTOR)
    more = ready(page).get_by_role("button", name="More")
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(more).to_have_attribute("aria-expanded", "false")
    expect(page).to_have_url(re.compile("view=projector"))
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("view=projector"))


def test_the_index_marks_the_act_that_was_pressed_though_the_page_ends_before_it_is_at_the_top(open_page):
    page = open_page("/callbacks", viewport=PROJECTOR, reduced_motion="reduce")  # then scrolling takes no time
    settle(page)
    index = page.get_by_role("navigation", name="On this page")
    expect(index.get_by_role("button", name="1 Hooks")).to_have_attribute("aria-current", "true")
    index.get_by_role("button", name="Reference").click()
    expect(index.get_by_role("button", name="Reference")).to_have_attribute("aria-current", "true")
    open_act(page, "3 TensorBoard")
    expect(index.get_by_role("button", name="3 TensorBoard")).to_have_attribute("aria-current", "true")
    page.mouse.wheel(0, 5000)
    expect(index.get_by_role("button", name="Reference")).to_have_attribute("aria-current", "true")


def test_on_the_narrowest_phone_the_bar_is_two_lines_and_covers_nothing(open_page):
    page = open_page("/deep-learning", viewport={"width": 320, "height": 640}, has_touch=True)
    here, ways = box(page.locator(".st-key-bar-list button")), box(page.locator(".st-key-bar-ways"))
    assert abs(here["y"] - ways["y"]) < 10
    assert here["x"] + here["width"] <= ways["x"]
    tools = box(page.locator(".st-key-bar-tools"))
    assert tools["y"] + tools["height"] <= box(page.locator("h1"))["y"]


def test_keys_p_and_escape_enter_and_leave_the_projector_view(open_page):
    page = open_page("/convolution")
    numbers = page.locator(".st-key-bar-steps").get_by_role("link")
    expect(page.get_by_role("button", name="Projector view", exact=True)).to_be_visible()
    expect(numbers).to_have_count(12)
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile("view=projector"))
    expect(numbers).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("view=projector"))
    expect(numbers).to_have_count(12)
    page.get_by_role("button", name="Projector view", exact=True).click()
    page.get_by_role("button", name="Leave projector view").click()
    expect(numbers).to_have_count(12)


def test_the_projector_view_survives_every_way_through_the_course(open_page):
    page = open_page("/?view=projector", viewport=PROJECTOR)
    for part in COURSE[1:]:
        page.get_by_role("link", name=f"Next: {part.label}").click()
        expect(page.locator("h1")).to_have_text(part.title)
        expect(page).to_have_url(re.compile(rf"/{part.path}\?.*view=projector"))
        expect(page.get_by_role("button", name="Leave projector view")).to_be_visible()
    follow(page, "")
    page.get_by_role("button", name="Begin again").click()
    expect(page.locator("h1")).to_have_text(COURSE[1].title)
    expect(page).to_have_url(re.compile("view=projector"))


SMALL_TEXTS = """
limit => {
    const small = [];
    const visit = (root) => {
        for (const element of root.querySelectorAll("*")) {
            if (element.shadowRoot) visit(element.shadowRoot);
            const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
            if (!own || !element.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
            const box = element.getBoundingClientRect();
            const style = getComputedStyle(element);
            if (box.width < 2 || box.height < 2 || style.clipPath !== "none" || style.clip.startsWith("rect")) continue;
            if (["SCRIPT", "STYLE", "NOSCRIPT"].includes(element.tagName)) continue;
            const size = parseFloat(style.fontSize);
            if (size < limit - 0.01) {
                small.push(`${size}px ${element.tagName} ${element.textContent.trim().slice(0, 40)}`);
            }
        }
    };
    visit(document);
    return small;
}
"""


UNLIKE_THE_DESIGN = """
([sizes, radii, inks]) => {
    const odd = new Set();
    const formula = "http://www.w3.org/1998/Math/MathML";  // sets its signs by rules of its own
    const visit = (root) => {
        for (const element of root.querySelectorAll("*")) {
            if (element.shadowRoot) visit(element.shadowRoot);
            const box = element.getBoundingClientRect();
            if (box.width < 2 || box.height < 2 || !element.checkVisibility({visibilityProperty: true})) continue;
            if (element.namespaceURI === formula || element.closest("svg, sub, sup")) continue;
            const style = getComputedStyle(element);
            const name = `${element.tagName} ${element.className} ${element.dataset.testid ?? ""}`;
            for (const corner of [style.borderTopLeftRadius, style.borderBottomRightRadius]) {
                if (!radii.includes(corner)) odd.add(`radius ${corner}: ${name}`);
            }
            const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
            if (!text) continue;
            if (!sizes.includes(style.fontSize)) odd.add(`${style.fontSize}: ${name}`);
            if (!inks.includes(style.color)) odd.add(`${style.color}: ${name}`);
        }
    };
    visit(document);
    return [...odd];
}
"""
"""What is in use on a page, and is none of the values of assets/DESIGN.md."""

SIZES = ["16px", "20px", "24px", "32px", "40px"]
RADII = ["0px", "6px", "14px", "50%", "3.04px"]  # the last: marks inside of Streamlit's own controls
INKS = {
    "light": [
        "rgb(27, 29, 34)",
        "rgba(27, 29, 34, 0.7)",
        "rgb(251, 250, 247)",
        "rgb(91, 95, 103)",
        "rgb(0, 0, 0)",
        "rgb(255, 255, 255)",
    ],
    "dark": [
        "rgb(242, 244, 247)",
        "rgba(242, 244, 247, 0.7)",
        "rgb(20, 23, 28)",
        "rgb(170, 178, 189)",
        "rgb(0, 0, 0)",
        "rgb(255, 255, 255)",
    ],
}
NUMBERS_IN_CELLS = re.compile(r"38\.4px: DIV .*(max|average)-\d")
"""As large as the cells of the pooling board, whose size the visitor chooses."""


def unlike_the_design(page: Page, scheme: str) -> list[str]:
    """Return what a page shows in sizes, radii or inks that are not the design's."""
    odd: list[str] = page.evaluate(UNLIKE_THE_DESIGN, [SIZES, RADII, INKS[scheme]])
    return [one for one in odd if not NUMBERS_IN_CELLS.match(one)]


ILL_FITTING = """(left_out) => [...document.querySelectorAll(
    "[data-testid=stBidiComponentIsolated]"
)].filter((board) => board.checkVisibility()).flatMap((board) => {
    const place = board.closest('[class*="st-key-"]');
    const name = [...place.classList].find((one) => one.startsWith("st-key-"));
    const kept = parseFloat(getComputedStyle(place).minHeight) || 0;
    const { height } = board.getBoundingClientRect();
    const fits = height <= 100 || (kept >= 0.88 * height && kept <= height + 8);
    return fits || left_out.includes(name) ? [] : [`${name}: ${height} px, kept for it ${kept} px`];
})"""
"""The boards in sight whose places are much too low or too high; `python -m tests.board_heights` mends that."""
NOT_HELD = ["st-key-network-map", "st-key-dense-board", "st-key-formula", "st-key-keras-lines"]
"""Two that are lower without an engine, and two that stand on several pages: their places are as low as the lowest."""


def check_places(page: Page) -> None:
    """Check that every board has a place of its height, as soon as it has drawn all."""
    try:
        page.wait_for_function(f"(left_out) => ({ILL_FITTING})(left_out).length === 0", arg=NOT_HELD, timeout=15_000)
    except TimeoutError:
        assert page.evaluate(ILL_FITTING, NOT_HELD) == []


def test_projected_the_picture_grows_with_the_screen(open_page):
    page = open_page("/convolution?view=projector", viewport=PROJECTOR)
    settle(page)
    photo = box(page.locator("[data-part=photo-plate]"))
    assert photo["width"] >= PROJECTOR["height"] * 0.45
    facts = box(page.get_by_text("Multiplications:"))
    assert facts["y"] + facts["height"] <= PROJECTOR["height"]


# One visit for everything that every page has to meet: opening a page takes most of the time.
@pytest.mark.parametrize("path", [*PATHS, "/convolution?kernel=own&relu=on&colour=grey"])
def test_every_page_is_found_legible_and_accessible(open_page, path):
    page = open_page(path, color_scheme="light")
    settle(page)
    expect(page.locator("h1")).to_have_count(1)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_role("region", name="Your photo").locator("input[type=file]")).to_have_count(1)
    assert page.evaluate(SMALL_TEXTS, 16) == []
    assert unlike_the_design(page, "light") == []
    if "?" not in path:
        check_places(page)
    assert findings(page) == []
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".stApp")).to_have_css("background-color", "rgb(20, 23, 28)")
    assert unlike_the_design(page, "dark") == []
    assert findings(page) == []
    page.set_viewport_size(PROJECTOR)
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Leave projector view")).to_be_visible()
    settle(page)
    assert page.evaluate(SMALL_TEXTS, PROJECTOR["height"] / 50) == []
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth <= main.clientWidth")


def findings(page: Page) -> list[str]:
    """Return axe's findings in the app's own markup, serious or worse."""
    page.wait_for_function(AT_REST)  # what fades in is paler than it will be
    results = Axe().run(page)
    return [
        f"{violation['id']}: {node['target']}"
        for violation in results.response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
        if not streamlits_own(node["target"])
    ]


def streamlits_own(target: list) -> bool:
    """Whether a finding is in markup that Streamlit writes and an app cannot change."""
    path = " ".join(str(part) for part in target)
    return any(part in path for part in ("stFileUploader", "stToolbar"))


def test_reduced_motion_starts_paused(open_page):
    page = open_page("/convolution", reduced_motion="reduce")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(page.get_by_label("Position")).to_have_value("0")


@pytest.mark.parametrize(("motion", "duration"), [("no-preference", "0.2s"), ("reduce", "0s")])
def test_boards_fade_in_over_what_stood_there_unless_less_motion_is_wanted(open_page, motion, duration):
    page = open_page("/pooling", reduced_motion=motion)
    settle(page)
    page.evaluate(
        """() => addEventListener("animationstart", ({animationName, target}) =>
            (window.arrived ??= new Set()).add(`${animationName} ${target.dataset.testid ?? target.className}`))"""
    )
    follow(page, "loss")
    settle(page)
    for name in ("head", "lesson", "stBidiComponentIsolated"):
        page.wait_for_function("name => arrived.has(`arrive ${name}`)", arg=name)
    expect(page.locator(".st-key-lesson-head .head")).to_have_css("animation-duration", duration)
    board = page.locator(".st-key-loss_curve").get_by_test_id("stBidiComponentIsolated")
    expect(board).to_have_css("animation-duration", duration)


def test_segments_that_wrap_begin_every_row_at_the_same_place_with_its_own_border(open_page):
    page = open_page("/activation", viewport=PHONE)
    settle(page)
    segments = page.locator(".st-key-activation_curve .segments > div").first
    boxes = [box(label) for label in segments.locator("label").all()]
    rows = {round(one["y"]): round(min(other["x"] for other in boxes if other["y"] == one["y"])) for one in boxes}
    assert len(rows) > 1
    assert len(set(rows.values())) == 1
    assert all(one["x"] >= box(segments)["x"] for one in boxes)


def test_keras_lines_are_copied(open_page):
    page = open_page("/convolution")
    settle(page)
    lines = open_tab(page, "The same in Keras")
    lines.get_by_role("button", name="Copy").click()
    expect(lines.get_by_role("button", name="Copied")).to_be_visible()
    # Read by pasting into a field: to read the clipboard itself takes a permission that no visitor gives.
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'paste'}))")
    page.locator("#paste").focus()
    page.keyboard.press("Control+V")
    assert "keras.layers.Conv2D(" in page.locator("#paste").input_value()


def test_the_question_reveals_its_answer_only_after_a_guess(open_page):
    page = open_page("/convolution")
    settle(page)
    expect(page.get_by_text("128 − 5 + 1 = 124")).to_have_count(0)
    answers = page.get_by_test_id("stRadioOption")
    answers.filter(has_text="126 × 126").click()
    expect(page.get_by_text("Not quite: the answer is “124 × 124”.")).to_be_visible()
    answers.filter(has_text="124 × 124").click()
    expect(page.get_by_text("Yes. The window is 5 pixels wide")).to_be_visible()


def test_previous_and_next_lead_through_the_course(open_page):
    page = open_page("/")
    first = COURSE[1].title
    page.get_by_role("link", name=f"{COURSE[1].label} →").click()
    expect(page.locator("h1")).to_have_text(first)
    page.get_by_role("link", name="← Home").click()
    expect(page.locator("h1")).to_have_text(NAME)
