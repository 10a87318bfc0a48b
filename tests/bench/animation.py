"""How smoothly the convolution animation plays, how fast it can play, and how soon it follows a key or the pointer.

Everything is measured inside the page, in the default scene (128 × 128 RGB, Sobel x).

Frames: a second animation frame callback runs after the player's in the same frame and notes the frame's time and the
position that was drawn. The frame rate is frames over seconds; the 95th percentile of frame times shows stutter that
the rate hides. The floor is the same measurement on an empty page in the same browser, in turns with the animation's.

Speed: at 4,000 positions a second, positions are counted between the first frame and the last but one (the last one
stops at the end of the map), and the whole map is timed from the press of Play to the frame that shows its last
position.

Answers: the clock starts at the input event's own time stamp, which the browser sets when the input arrives, before any
script runs. A mutation observer notices the changed page, asks for the next animation frame, and posts a message from
there: `…_to_frame` ends at that frame's callback, `…_to_paint` when style, layout and paint of that frame are done.
Keys and pointer moves are real ones, sent through the browser's input queue, one at a time.
"""

import random
import statistics
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Page

from tests.bench.figures import print_figure
from tests.bench.visit import PLAY_USABLE, VIEWPORT, stage, visit
from tests.browser import running_browser
from tests.server import running_app

REPETITIONS = 5
SECONDS = 3
ANSWERS = 40
TOP_SPEED = 4000
SETTLED_MS = 1500  # the player tells the server where it stopped 0.4 s after it stopped; that must not be measured

_EMPTY_FRAMES = """seconds => new Promise(done => {
    const times = [];
    const frame = time => {
        times.push(time);
        if (time - times[0] >= seconds * 1000) done({times});
        else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
})"""

_PLAY = """async (stage, seconds) => {
    const part = name => stage.querySelector(`[data-player=${name}]`);
    const position = part("position");
    const [times, positions] = [[], []];
    part("restart").click();
    const begun = performance.now();
    part("play").click();
    await new Promise(done => {
        const frame = time => {
            times.push(time);
            positions.push(Number(position.value));
            if (position.value === position.max || time - begun >= seconds * 1000) done();
            else requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
    });
    const seconds_passed = (performance.now() - begun) / 1000;
    if (stage.querySelector(".transport.playing")) part("play").click();
    return {times, positions, seconds: seconds_passed, last: Number(position.max)};
}"""

_LISTEN = """(stage, type) => {
    const answers = bench.answers = [];
    let begun = null;
    window.addEventListener(type, event => { begun ??= event.timeStamp; }, {capture: true});
    new MutationObserver(() => {
        if (begun === null) return;
        const since = begun;
        begun = null;
        requestAnimationFrame(() => {
            const frame = performance.now() - since;
            bench.afterPaint(() => answers.push([frame, performance.now() - since]));
        });
    }).observe(
        stage.querySelector("[data-testid=conv-position]"), {subtree: true, childList: true, characterData: true},
    );
}"""


def run() -> None:
    """Print all figures of the animation."""
    with running_browser() as browser, running_app() as server:
        empty = browser.new_page(viewport=VIEWPORT)
        with visit(browser, f"{server.url}/convolution", PLAY_USABLE) as page:
            _print_smoothness("", *_play(page, empty, SECONDS))
            page.get_by_label("Speed").fill(str(TOP_SPEED))
            fast, floor = _play(page, empty, 60)
        _print_smoothness("_top_speed", fast, floor)
        _print_speed(fast)
        with visit(browser, f"{server.url}/convolution", PLAY_USABLE) as page:
            _print_answers("key", "keydown", page, _press_keys(page))
        with visit(browser, f"{server.url}/convolution", PLAY_USABLE) as page:
            _print_answers("drag", "pointermove", page, _drag(page))


def _play(page: Page, empty: Page, seconds: float) -> tuple[list[dict], list[dict]]:
    """Return what the animation did in some repetitions, and what the empty page did in turns with it."""
    runs, floor = [], []
    for _ in range(REPETITIONS):
        page.wait_for_timeout(SETTLED_MS)
        runs.append(stage(page).evaluate(_PLAY, seconds))
        page.wait_for_timeout(SETTLED_MS)
        floor.append(empty.evaluate(_EMPTY_FRAMES, SECONDS))
    return runs, floor


def _frame_rate(run: dict) -> float:
    return (len(run["times"]) - 1) / (run["times"][-1] - run["times"][0]) * 1000


def _frame_p95(run: dict) -> float:
    return float(np.percentile(np.diff(run["times"]), 95))


def _print_smoothness(suffix: str, runs: list[dict], floor: list[dict]) -> None:
    frames = sum(len(run["times"]) - 1 for run in runs)
    print_figure(
        "animation",
        f"frames_per_s{suffix}",
        "1/s",
        [_frame_rate(run) for run in runs],
        goal=">= 58",
        n=frames,
        floor=statistics.median(map(_frame_rate, floor)),
        peer={"value": "29 to 35"},
    )
    for name, figure in (("p50", lambda run: float(np.median(np.diff(run["times"])))), ("p95", _frame_p95)):
        print_figure(
            "animation",
            f"frame_ms_{name}{suffix}",
            "ms",
            [figure(run) for run in runs],
            goal="<= 20" if name == "p95" else "",
            n=frames,
            floor=statistics.median(map(figure, floor)),
        )
    # A frame that repeats the last position, or skips one, is smooth in the browser's eyes and jerky in the visitor's.
    steady = [float(np.mean(np.diff(run["positions"][1:]) > 0)) * 100 for run in runs]
    print_figure("animation", f"frames_that_move{suffix}", "%", steady, n=frames)


def _print_speed(runs: list[dict]) -> None:
    rates = [(run["positions"][-2] - run["positions"][0]) / (run["times"][-2] - run["times"][0]) * 1000 for run in runs]
    print_figure("animation", "positions_per_s_top_speed", "1/s", rates, goal=f">= {TOP_SPEED}", peer={"value": 4.0})
    print_figure(
        "animation",
        "whole_map_s",
        "s",
        [run["seconds"] for run in runs],
        goal="<= 5",
        floor=(runs[0]["last"] + 1) / TOP_SPEED,
        peer={"value": 960, "positions": 62 * 62},
        notes={"positions": runs[0]["last"] + 1},
    )


def _print_answers(name: str, event: str, page: Page, act: Callable[[int], None]) -> None:
    stage(page).evaluate(_LISTEN, event)
    for number in range(ANSWERS):
        act(number)
        page.wait_for_function("number => bench.answers.length > number", arg=number)
    answers = page.evaluate("bench.answers")
    peer = {"figure": "hover to repaint", "value": 55} if name == "drag" else None
    for number, end in enumerate(("frame", "paint")):
        times = [answer[number] for answer in answers]
        print_figure("animation", f"{name}_to_{end}", "ms", times, goal="<= 20", peer=peer)


def _press_keys(page: Page) -> Callable[[int], None]:
    return lambda number: page.keyboard.press("ArrowRight")


def _drag(page: Page) -> Callable[[int], None]:
    box = page.locator("[data-part=photo-plate]").bounding_box()
    assert box is not None
    places = random.Random(1)

    def move(number: int) -> None:
        # Left and right half in turn: each move leads to another position.
        x = (number % 2) * 0.5 + places.uniform(0.05, 0.45)
        page.mouse.move(box["x"] + x * box["width"], box["y"] + places.uniform(0.05, 0.95) * box["height"])

    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(SETTLED_MS)
    return move
