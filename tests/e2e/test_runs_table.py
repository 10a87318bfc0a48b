"""The table of runs, a run's files and the grid of own photos in a real browser, on a small page of their own."""

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from models.datasets.photos import VALIDATION_SHARE
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory
from tests.e2e.visitor import PHONE, PROJECTOR
from tests.server import Server, running_page

SCRIPT = """
from pathlib import Path
import streamlit as st
st.set_page_config(page_title="Runs", layout="wide")
st.html("<style>" + Path("assets/theme.css").read_text() + "</style>")
if st.query_params.get("view") == "projector":
    st.html("<style>" + Path("assets/projector.css").read_text() + "</style>")
st.title("Runs")
from components.photo.own_photos import own_photos
from components.lessons.training.run_files import import_a_run, run_files
from components.lessons.training.runs_table import row_of, runs_table
from models.runs.run_directory import all_runs

@st.fragment(run_every=1.0)
def table():
    session = st.session_state
    rows = [row_of(run, mine=run.name == "run-1") for run in all_runs()]
    before = session.get("opened"), session.get("compared", ())
    runs_table(rows, opened=before[0], compared=before[1], choose=choose)
    if session.get("opened") != session.get("shown"):
        session["shown"] = session["opened"]
        st.rerun()
    st.text("compared: " + " ".join(before[1]))

def choose(choice):
    st.session_state["opened"], st.session_state["compared"] = choice.opened, choice.compared

if st.query_params.get("part") == "own":
    pictures = own_photos()
    st.text(f"{len(pictures)} pictures: " + " ".join(sorted({kind for kind, _ in pictures})))
else:
    table()
    for run in all_runs():
        if run.name == st.session_state.get("opened"):
            run_files(run, may_change=True)
    st.text(f"came: {import_a_run(lambda run: None, may_open_folders=True)}")
"""
RUNS = 8


def line(epoch: int, accuracy: float) -> str:
    return json.dumps({"kind": "epoch", "epoch": epoch, "val_accuracy": accuracy, "time": 1e9, "seconds": 1}) + "\n"


@pytest.fixture
def runs(tmp_path_factory) -> Path:
    """Eight runs, new for every test. The higher a run's number, the lower its accuracy."""
    folder = tmp_path_factory.mktemp("table") / "runs"
    for number in range(1, RUNS + 1):
        run = RunDirectory.create(folder / f"run-{number}", RunConfig(dataset="digits", network="mlp", epochs=9))
        run.write_state("paused" if number == 2 else "finished", epoch=2)
        run.metrics_file.write_text(line(0, 0.95 - number / 100) + line(1, 0.93 - number / 100 + (number == 3) / 20))
    for path in (RunDirectory(folder / "run-2").best_model, RunDirectory(folder / "run-2").last_model):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("metadata.json", "{}")
    return folder


@pytest.fixture
def app(runs) -> Iterator[Server]:
    with running_page(SCRIPT, environment={"RUNS_DIR": str(runs)}) as server:
        yield server


@pytest.fixture
def open_runs(app, open_page) -> Callable[..., Page]:
    def opened(path: str = "/", **options) -> Page:
        page = open_page(path, host=app, **options)
        expect(page.get_by_text("came: None" if "own" not in path else "0 pictures:", exact=False)).to_be_visible()
        return page

    return opened


SMALL_TEXTS = """(least) => {
    const sizes = [];
    const walk = (root) => {
        for (const node of root.querySelectorAll("*")) {
            if (node.shadowRoot) walk(node.shadowRoot);
            const written = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
            const box = node.getBoundingClientRect();
            if ((written || node.matches("input[type=text]")) && box.width > 1 && box.height > 1)
                sizes.push([parseFloat(getComputedStyle(node).fontSize), node.textContent.slice(0, 40)]);
        }
    };
    walk(document.body);
    return sizes.filter(([size]) => size < least);
}"""


def has_room_and_is_accessible(page: Page) -> None:
    """Check a page with axe, and on a phone's screen: nothing overflows, and every text has at least 16 px."""
    found = Axe().run(page).response["violations"]
    assert [violation["id"] for violation in found if violation["impact"] in ("serious", "critical")] == []
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SMALL_TEXTS, 16) == []


def names(page: Page) -> list[str]:
    return page.locator("tbody .name").all_inner_texts()


def test_rows_are_sorted_kept_up_to_date_and_compared_without_losing_the_place(open_runs, runs):
    page = open_runs()
    expect(page.get_by_role("checkbox")).to_have_count(RUNS)
    numbered = [f"run-{number}" for number in range(1, RUNS + 1)]
    heading = page.get_by_role("columnheader", name="Best epoch")
    expect(heading).to_have_attribute("aria-sort", "none")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert names(page) == ["run-3", *(name for name in numbered if name != "run-3")]
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert names(page) == [*(name for name in reversed(numbered) if name != "run-3"), "run-3"]
    row = page.get_by_role("row", name="run-4", exact=False)
    expect(row).to_contain_text("89.0\u00a0%")
    expect(row).to_contain_text("2.0 below best")

    # Ticked by keyboard. While it has the focus, an epoch ends and the row moves to the other end.
    row.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("compared: run-4", exact=True)).to_be_visible()
    page.evaluate("""() => {
        const deep = (root) => root.querySelector(".box") ?? [...root.querySelectorAll("*")]
            .map((node) => node.shadowRoot && deep(node.shadowRoot)).find(Boolean);
        window.box = deep(document);
        window.box.scrollTop = 40;
        window.rows = new Map([...window.box.querySelectorAll("tbody tr")].map((row) => [row, row.innerText]));
    }""")
    with (runs / "run-4" / "metrics.jsonl").open("a") as file:
        file.write(line(2, 0.999))
    expect(row).to_contain_text("99.9\u00a0%")
    assert names(page)[-1] == "run-4"
    state = page.evaluate("""() => ({
        rows: [...window.box.querySelectorAll("tbody tr")].every((row) => window.rows.has(row)),
        top: window.box.scrollTop,
        focus: window.box.getRootNode().activeElement.getAttribute("aria-label"),
    })""")
    assert state == {"rows": True, "top": 40, "focus": "Compare run-4"}
    expect(heading).to_have_attribute("aria-sort", "ascending")
    expect(row.get_by_role("checkbox")).to_be_checked()

    # Ticks that are faster than the server's answers are all kept; six are the limit.
    for number in (1, 2, 3, 5, 6):
        page.get_by_role("checkbox", name=f"Compare run-{number}").check()
    expect(page.get_by_text("compared: run-4 run-1 run-2 run-3 run-5 run-6")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Compare run-7")).to_be_disabled()
    page.get_by_role("checkbox", name="Compare run-4").uncheck()
    expect(page.get_by_text("compared: run-1 run-2 run-3 run-5 run-6")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Compare run-7")).to_be_enabled()
    page.get_by_role("button", name="Open run-5").click()
    expect(page.get_by_role("button", name="Open run-5")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("button", name="Whole run")).to_be_visible()
    has_room_and_is_accessible(page)


def test_a_run_is_taken_along_deleted_and_brought_in_again(open_runs, runs, tmp_path):
    page = open_runs()
    page.get_by_role("button", name="Open run-2").click()
    with page.expect_download() as network:
        page.get_by_role("button", name="Best network").click()
    assert network.value.suggested_filename == "run-2.best.keras"
    assert Path(network.value.path()).read_bytes() == (runs / "run-2" / "best.keras").read_bytes()
    with page.expect_download() as whole:
        page.get_by_role("button", name="Whole run").click()
    file = tmp_path / whole.value.suggested_filename
    whole.value.save_as(file)
    before = {path.name: path.read_bytes() for path in (runs / "run-2").glob("*.*")}

    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Yes, delete run-2").click()
    expect(page.get_by_role("checkbox")).to_have_count(RUNS - 1)
    expect(page.get_by_role("button", name="Open run-2")).to_have_count(0)
    assert not (runs / "run-2").exists()

    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_label("Name of the run")).to_have_value("run-2")
    page.get_by_role("button", name="Import it").click()
    expect(page.get_by_role("button", name="Open run-2")).to_be_visible()
    after = {path.name: path.read_bytes() for path in (runs / "run-2").glob("*.*")}
    assert after == before


def test_pictures_are_dropped_and_taken_away_again_by_keyboard(open_runs, picture):
    page = open_runs("/?part=own")
    for place, seeds in enumerate([range(VALIDATION_SHARE), range(10, 12)]):
        files = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": picture(n)} for n in seeds]
        page.locator("input[type=file]").nth(place).set_input_files(files)
        expect(page.get_by_role("list").nth(place).get_by_role("listitem")).to_have_count(len(files))
    expect(page.get_by_text("7 pictures: cat dog")).to_be_visible()
    expect(page.get_by_text("6 to train on, 1 for validation")).to_be_visible()
    page.get_by_role("button", name="Remove 1.jpg, picture 2 of cat").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("6 pictures: cat dog")).to_be_visible()
    # The next picture has moved up in its class, and has the focus.
    expect(page.get_by_role("button", name="Remove 2.jpg, picture 2 of cat")).to_be_focused()
    page.get_by_label("Class 1").fill("Bello")
    page.keyboard.press("Enter")
    expect(page.get_by_text("6 pictures: Bello dog")).to_be_visible()
    has_room_and_is_accessible(page)


def test_texts_are_large_enough_on_a_projector(open_runs):
    page = open_runs("/?view=projector", viewport=PROJECTOR)
    expect(page.locator("html")).to_have_css("font-size", re.compile(r"^22\.46"))
    assert page.evaluate(SMALL_TEXTS, PROJECTOR["height"] / 50) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
