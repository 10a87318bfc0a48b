"""Measures how smoothly an animation on the shared player plays, and how soon it follows a key or the pointer.

Everything is measured inside the page.

Frames: a second animation frame callback runs after the player's in the same frame and notes the frame's time and the
position that was drawn. The frame rate is frames over seconds; the 95th percentile of frame times shows stutter that
the rate hides. The floor is the same measurement on an empty page in the same browser, in turns with the animation's.

Answers: the clock starts at the input event's own time stamp, which the browser sets when the input arrives, before any
script runs. A mutation observer notices the changed page, asks for the next animation frame, and posts a message from
there: `…_to_frame` ends at that frame's callback, `…_to_paint` when style, layout and paint of that frame are done.
Keys and pointer moves are real ones, sent through the browser's input queue, one at a time, at random moments.
"""

import random
import statistics
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Locator, Page

from tests.bench.figures import print_figure

REPETITIONS = 5
SECONDS = 3
ANSWERS = 40
SETTLED_MS = 1500  # 0.4 s after it has stopped, the player reports its position to the server: not to be measured

EMPTY_FRAMES = """seconds => new Promise(done => {
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

_LISTEN = """(stage, [type, watched]) => {
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
        stage.querySelector(watched), {subtree: true, childList: true, characterData: true},
    );
}"""


def play(stage: Locator, empty: Page, seconds: float = SECONDS) -> tuple[list[dict], list[dict]]:
    """Return the frames of the animation in some repetitions, and those of an empty page in turns with it."""
    runs, floor = [], []
    for _ in range(REPETITIONS):
        empty.wait_for_timeout(SETTLED_MS)
        runs.append(stage.evaluate(_PLAY, seconds))
        empty.wait_for_timeout(SETTLED_MS)
        floor.append(empty.evaluate(EMPTY_FRAMES, SECONDS))
    return runs, floor


def _frame_rate(run: dict) -> float:
    return (len(run["times"]) - 1) / (run["times"][-1] - run["times"][0]) * 1000


def _frame_p95(run: dict) -> float:
    return float(np.percentile(np.diff(run["times"]), 95))


def print_smoothness(
    bench: str, suffix: str, runs: list[dict], floor: list[dict], *, peer: dict | None = None, steady: bool = True
) -> None:
    """Print frame rate and frame times; with `steady`, also how many frames showed a new position."""
    frames = sum(len(run["times"]) - 1 for run in runs)
    print_figure(
        bench,
        f"frames_per_s{suffix}",
        "1/s",
        [_frame_rate(run) for run in runs],
        goal=">= 58",
        n=frames,
        floor=statistics.median(map(_frame_rate, floor)),
        peer=peer,
    )
    for name, figure in (("p50", lambda run: float(np.median(np.diff(run["times"])))), ("p95", _frame_p95)):
        print_figure(
            bench,
            f"frame_ms_{name}{suffix}",
            "ms",
            [figure(run) for run in runs],
            goal="<= 20" if name == "p95" else "",
            n=frames,
            floor=statistics.median(map(figure, floor)),
        )
    if not steady:
        return
    # If a frame repeats or skips a position, the frame rate is unchanged, but the visitor sees a jerk.
    moving = [float(np.mean(np.diff(run["positions"][1:]) > 0)) * 100 for run in runs]
    print_figure(bench, f"frames_that_move{suffix}", "%", moving, n=frames)


def print_answers(
    bench: str,
    name: str,
    event: str,
    stage: Locator,
    act: Callable[[int], None],
    *,
    watched: str,
    goal: str = "<= 20",
    peer: dict | None = None,
) -> None:
    """Act several times and print how soon the page responded.

    Args:
        event: the browser's name for the input event of each act.
        act: does something that changes the text of the element `watched`, a selector inside the stage.
    """
    page = stage.page
    stage.evaluate(_LISTEN, [event, watched])
    pause = random.Random(2)
    for number in range(ANSWERS):
        # At a random moment within a frame, as by hand: the wait for the last answer ended at a frame's beginning.
        page.wait_for_timeout(pause.uniform(0, 1000 / 60))
        act(number)
        page.wait_for_function("number => bench.answers.length > number", arg=number)
    answers = page.evaluate("bench.answers")
    for number, end in enumerate(("frame", "paint")):
        times = [answer[number] for answer in answers]
        print_figure(bench, f"{name}_to_{end}", "ms", times, goal=goal, peer=peer)


def drag_on(plate: Locator) -> Callable[[int], None]:
    """Press the pointer on an element and return a function that moves it to another place there."""
    page = plate.page
    box = plate.bounding_box()
    assert box is not None
    places = random.Random(1)

    def move(number: int) -> None:
        # The left and the right half take turns, so that each move leads to another position.
        x = (number % 2) * 0.5 + places.uniform(0.05, 0.45)
        page.mouse.move(box["x"] + x * box["width"], box["y"] + places.uniform(0.05, 0.95) * box["height"])

    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(SETTLED_MS)
    return move


def dragged_frames(stage: Locator, move: Callable[[int], None], seconds: float = SECONDS) -> list[dict]:
    """Return the frames that a page drew while the pointer moved without a pause."""
    runs = []
    for _ in range(REPETITIONS):
        stage.evaluate(
            """(stage, seconds) => {
                const times = [];
                bench.drag = new Promise(done => {
                    const frame = time => {
                        times.push(time);
                        if (time - times[0] >= seconds * 1000) done({times});
                        else requestAnimationFrame(frame);
                    };
                    requestAnimationFrame(frame);
                });
                bench.dragging = true;
                bench.drag.then(() => { bench.dragging = false; });
            }""",
            seconds,
        )
        number = 0
        while stage.evaluate("() => bench.dragging"):
            move(number)
            number += 1
        runs.append(stage.evaluate("() => bench.drag"))
    return runs
