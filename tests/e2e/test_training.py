"""/training in a browser, with a real engine: start, watch, pull the plug, resume, lay over; owners, queue, restart."""

import contextlib
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from models.pictures.pet_drawing import draw_pet
from models.pictures.pet_drawing.animals import Species
from models.runs.names import free_name
from models.runs.run_directory import RunDirectory, RunError, all_runs
from tests.e2e.engine_app import PASSWORD, app_with_engine, end_engine, state_of, until
from tests.e2e.visitor import box, open_act
from tests.server import Server, free_port

DIGITS = "/training?step=7&data=digits&network=mlp&epochs={epochs}&seed={seed}"
STARTS = 90_000
"""Milliseconds until a run has a batch: an engine starts, and a process loads TensorFlow."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("training-runs")
    yield folder
    end_engine(folder)


@pytest.fixture(scope="module")
def app(runs: Path) -> Iterator[Server]:
    with app_with_engine(runs) as server:
        yield server


@pytest.fixture
def named(runs: Path) -> Iterator[Callable[[str], str]]:
    """Return a function that makes a run's name unique, also when a test is run once more.

    After the test, its runs are ended, so that the next test need not wait for them.
    """
    yield lambda wish: free_name(wish, runs)
    for run in all_runs(runs):
        with contextlib.suppress(RunError):
            run.ask("stop")
    until(lambda: not any(run.state().name in ("running", "queued") for run in all_runs(runs)), 60)


def start(page: Page, name: str) -> None:
    """Start the drafted training under a name."""
    field = page.get_by_label("Name of the run")
    expect(field).to_be_visible(timeout=STARTS)  # the engine may just be starting
    field.fill(name)
    field.press("Tab")
    page.get_by_role("button", name="Start the training").click()
    expect(page.locator(".run-line strong")).to_have_text(name, timeout=STARTS)


def state(page: Page, name: str, timeout: int = STARTS) -> None:
    expect(page.locator(f'.run-line [data-state="{name}"]')).to_be_visible(timeout=timeout)


def drawn(kind: Species, seed: int) -> bytes:
    """Return the PNG of a drawn pet."""
    file = BytesIO()
    Image.fromarray(draw_pet(kind, side=96, seed=seed)).save(file, "PNG")
    return file.getvalue()


def button(page: Page, name: str):
    return page.get_by_role("button", name=name)


def test_a_run_is_started_cut_goes_on_by_itself_and_agrees_with_the_undisturbed_one(open_page, app, runs, named):
    cut = named("cut")
    page = open_page(DIGITS.format(epochs=8, seed=5), host=app)
    start(page, cut)
    state(page, "running")
    expect(page.locator(".counters")).to_contain_text(re.compile(r"[1-9]\d* / 41"), timeout=STARTS)
    until(lambda: RunDirectory(runs / cut).state().epoch >= 1, 90)
    button(page, "Pull the plug").click()
    stopped = page.locator(".run-line .stopped")
    expect(stopped).to_contain_text("stopped for", timeout=STARTS)
    expect(page.get_by_text("It went on by itself")).to_be_visible(timeout=STARTS)
    expect(stopped).to_have_count(0)
    button(page, "Train it again without pulling the plug").click()
    state(page, "finished", 150_000)
    until(lambda: state_of(runs, f"{cut}-undisturbed") == "finished", 240)
    agreed = page.get_by_test_id("largest-difference")
    expect(agreed).to_have_text("0", timeout=STARTS)
    expect(page.locator(".told")).to_contain_text("over 328 batches and 8 epochs")
    expect(page.locator(".result strong")).to_contain_text("right")
    page.get_by_role("link", name="Judge it").click()
    page.wait_for_url(f"**/evaluation?network=run%3A{cut}&data=digits")


def test_a_run_outlives_a_reload_and_a_restart_of_the_server_and_is_paused_and_resumed(browser, runs, named):
    kept = named("kept")
    port = free_port()
    with app_with_engine(runs, port=port) as before:
        # Not `open_page`: while the server is down, Streamlit's page rightly logs errors.
        page = browser.new_context().new_page()
        page.goto(before.url + DIGITS.format(epochs=150, seed=6))
        start(page, kept)
        state(page, "running")
        page.reload()
        state(page, "running")
        until(lambda: RunDirectory(runs / kept).state().epoch >= 1, 90)
    assert state_of(runs, kept) == "running"
    with app_with_engine(runs, port=port):
        page.goto(before.url + "/training?run=" + kept)
        state(page, "running")
        epoch = RunDirectory(runs / kept).state().epoch
        until(lambda: RunDirectory(runs / kept).state().epoch > epoch, 90)
        expect(button(page, "Pause")).to_be_visible(timeout=STARTS)  # the cookie still shows whose run it is
        button(page, "Pause").click()
        state(page, "paused")
        second = page.context.new_page()
        second.goto(page.url)
        state(second, "paused")
        button(second, "Resume").click()
        state(page, "running")
        button(second, "Stop").click()
        state(second, "finished")
        state(page, "finished")
        assert RunDirectory(runs / kept).state().epoch >= epoch
    page.context.close()


def test_another_visitor_watches_and_waits_and_the_teacher_may_stop(open_page, app, runs, named):
    firsts, others = named("firsts"), named("others")
    first = open_page(DIGITS.format(epochs=150, seed=7), host=app)
    start(first, firsts)
    state(first, "running")
    other = open_page("/training?run=" + firsts, host=app)
    state(other, "running")
    expect(other.get_by_text("Somebody else began this run")).to_be_visible()
    expect(button(other, "Stop")).to_have_count(0)
    button(other, "New training").click()
    other.goto(app.url + DIGITS.format(epochs=1, seed=8))
    start(other, others)
    state(other, "queued")
    expect(other.get_by_text("Place 1 of 1 in the queue")).to_be_visible()
    other.goto(app.url + "/training?run=" + firsts)
    other.get_by_text("I am the teacher").click()
    password = other.get_by_label("Password", exact=True)
    password.fill("wrong")
    password.press("Enter")
    expect(other.get_by_text("That is not the teacher's password.")).to_be_visible()
    password.fill(PASSWORD)
    password.press("Enter")
    button(other, "Stop").click()
    state(first, "finished")
    until(lambda: state_of(runs, others) == "finished", 150)


FOCUSED = """() => {
    let element = document.activeElement;
    // Between the page's end and its beginning, and on its scrolling box, there is nothing to press.
    if (element === document.body || element.dataset.testid === "stMain") return "";
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const label = element.getAttribute("aria-label") ?? [...(element.labels ?? [])].map((one) => one.innerText).join();
    return label || element.innerText || "";
}"""


def tab_to(page: Page, name: str, most: int = 200) -> None:
    """Press Tab until the focus is on the element of this name."""
    met = []
    for _ in range(most):
        page.keyboard.press("Tab")
        met.append(page.evaluate(FOCUSED))
        if name in met[-1]:
            return
    raise AssertionError(f"{name} was not reached with Tab, but {met}")


def test_a_training_is_put_together_and_started_with_the_keyboard_alone(open_page, app, runs, named):
    keys = named("keys")
    page = open_page("/training?data=digits&network=mlp&epochs=1&seed=9", host=app)
    expect(page.get_by_role("heading", name="1. Prepare the data")).to_be_visible()
    tab_to(page, "Adam, 0.001")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="3. Optimizer")).to_be_visible()
    tab_to(page, "Learning rate")
    page.keyboard.press("Control+A")
    page.keyboard.type("0.002")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("rate=0.002"))
    page.keyboard.press("Shift+Tab")
    page.reload()  # the focus is at the top again
    expect(page.get_by_role("heading", name="3. Optimizer")).to_be_visible()
    tab_to(page, "Launch")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name of the run")).to_be_visible(timeout=STARTS)
    tab_to(page, "Name of the run")
    page.keyboard.press("Control+A")
    page.keyboard.type(keys)
    page.keyboard.press("Enter")
    tab_to(page, "Start the training")
    page.keyboard.press("Enter")
    expect(page.locator(".run-line strong")).to_have_text(keys, timeout=STARTS)
    state(page, "finished")
    assert RunDirectory(runs / keys).config().learning_rate == 0.002


def test_the_program_grows_with_the_choices(open_page, server):
    page = open_page("/training?data=digits&network=mlp&step=3")
    program = page.get_by_role("region", name="The Keras program of this run")
    expect(program).to_contain_text("keras.optimizers.Adam(")
    page.get_by_label("Optimizer", exact=True).click()
    page.get_by_role("option", name="RMSProp").click()
    expect(program).to_contain_text("keras.optimizers.RMSprop(")
    expect(page).to_have_url(re.compile("optimizer=rmsprop"))
    page.get_by_role("navigation", name="The eight steps of a training").get_by_role("button", name="Compile").click()
    expect(program.locator("[aria-current]")).to_contain_text("model.compile(")
    expect(page).to_have_url(re.compile("step=5"))


def test_a_head_is_fine_tuned_on_own_photos_and_asked_about_a_new_one(open_page, app, runs, named):
    mine = named("mine")
    page = open_page("/training?data=photos&epochs=3&seed=1&network=efficientnet-lite0", host=app)
    kinds: tuple[Species, ...] = ("cat", "dog")
    for kind in kinds:
        files = [
            {"name": f"{kind}{number}.png", "mimeType": "image/png", "buffer": drawn(kind, number)}
            for number in range(5)
        ]
        zone = page.get_by_label(f"Pictures of {kind}: drop them here").locator("..").locator("input[type=file]")
        zone.first.set_input_files(files)
        expect(page.get_by_text("5 pictures").nth(("cat", "dog").index(kind))).to_be_visible()
    page.get_by_role("navigation", name="The eight steps of a training").get_by_role("button", name="Launch").click()
    start(page, mine)
    state(page, "finished", 150_000)
    expect(page.get_by_text("are frozen")).to_be_visible()
    expect(page.get_by_text("Try it on a new picture")).to_be_visible()
    expect(page.get_by_text(re.compile("It says (cat|dog)"))).to_be_visible(timeout=STARTS)
    inside = open_act(page, "2 Inside")
    high = box(inside)["height"]
    inside.locator("input[type=file]").set_input_files({"name": "no.jpg", "mimeType": "", "buffer": b"no picture"})
    expect(inside.get_by_text("This file is not a picture")).to_be_visible()
    assert box(inside)["height"] == high  # what is below has not moved
    assert not (runs / mine / "pictures.npz").exists()
    other = open_page("/training?run=" + mine, host=app)
    state(other, "finished")
    expect(other.get_by_text("only who added them sees them")).to_be_visible()
