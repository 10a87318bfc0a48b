"""A training watched live: from a batch's end to the browser's picture, long tasks, and what ten watchers cost the run.

The browser of this bench runs on the same cores as the training; a visitor's does not. So long tasks are told three
times: as the browser's clock sees them, by the processor time that the page itself needed in them, and for a floor: a
page that does nothing but count for some milliseconds as often as the live page is drawn.
"""

import bisect
import contextlib
import itertools
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from components.lessons.training.live import SECONDS
from models.runs.records import is_batch
from models.runs.run_directory import RunDirectory
from tests.bench.events import wait
from tests.bench.figures import print_figure
from tests.browser import running_browser
from tests.e2e.engine_app import app_with_engine, end_engine

BENCH = "live"
STEPS = 2000
WATCHERS = 10
WINDOW_SECONDS = 20.0
ROUNDS = 5
LONG_MS = 50.0
START = "/training?step=7&data=drawn-pets&count=4000&epochs={epochs}&seed={seed}"

# Reported two frames after the counters have changed: by then, the chart of the same message is painted, too.
OBSERVE = """
() => {
    window.painted = [];
    window.longTasks = [];
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.longTasks.push([entry.startTime, entry.duration]);
    }).observe({ type: "longtask" });
    let shown = "";
    new MutationObserver(() => {
        const cards = [...document.querySelectorAll(".counters b")].map((card) => card.textContent);
        const text = cards.slice(0, 2).join(" ");
        if (text === shown) return;
        shown = text;
        requestAnimationFrame(() => requestAnimationFrame(() => {
            window.painted.push([Date.now() / 1000, text]);
        }));
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
}
"""


def run() -> None:
    """Print the figures of one long run."""
    with tempfile.TemporaryDirectory(prefix="bench-live-") as name:
        runs = Path(name)
        try:
            with app_with_engine(runs, TEACHER_PASSWORD="") as server, running_browser() as browser:
                page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
                run = _started(page, server.url, runs)
                _painting(page, run)
                _processor_time(browser, page)
                page.goto("about:blank")
                _floor(page)
                _watching(server.url, run)
        finally:
            end_engine(runs)


def _started(page: Page, url: str, runs: Path) -> RunDirectory:
    page.goto(url + START.format(epochs=200, seed=1))
    field = page.get_by_label("Name of the run")
    field.wait_for(timeout=60_000)
    field.fill("live")
    field.press("Tab")
    page.get_by_role("button", name="Start the training").click()
    run = RunDirectory(runs / "live")
    wait(lambda: len(run.metrics()[0]) > 20)
    return run


def _painting(page: Page, run: RunDirectory) -> None:
    before = sum(1 for event in run.metrics()[0] if is_batch(event))
    page.evaluate(OBSERVE)
    begin = time.time()

    def trained() -> int:
        page.wait_for_timeout(500)  # lets the browser report what it has painted
        return sum(1 for event in run.metrics()[0] if is_batch(event)) - before

    while trained() < STEPS:
        pass
    end = time.time()
    told = [(when, _place(text)) for when, text in page.evaluate("() => window.painted")]
    painted = [(when, place) for when, place in told if place is not None]
    tasks = page.evaluate("() => window.longTasks")
    places = [place for _, place in painted]
    delays = []
    for event in run.metrics()[0]:
        if is_batch(event) and begin + 2 < event["time"] < end - 2:
            # A batch is shown by the first frame with this batch or a later one.
            first = bisect.bisect_left(places, (event["epoch"] + 1, event["step"]))
            if first < len(painted):
                delays.append(painted[first][0] - event["time"])
    blocks = [float(np.percentile(block, 95)) for block in np.array_split(delays, 5)]
    notes: dict[str, Any] = {"median": statistics.median(delays), "longest": max(delays), "every": f"{SECONDS} s"}
    print_figure(BENCH, "batch_to_paint_p95_s", "s", blocks, goal="<= 1.0", n=len(delays), notes=notes)
    total = sum(duration for _, duration in tasks)
    minutes = (end - begin) / 60
    print_figure(
        BENCH,
        "long_tasks_ms_a_minute",
        "ms",
        [total / minutes],
        goal="<= 50",
        n=len(tasks),
        notes={"steps": STEPS, "minutes": minutes, "longest": max((d for _, d in tasks), default=0.0)},
    )


def _processor_time(browser: Browser, page: Page) -> None:
    """The processor time of the live page's own thread in a minute, whatever else uses the core."""
    with tempfile.TemporaryDirectory(prefix="bench-trace-") as folder:
        path = Path(folder) / "trace.json"
        browser.start_tracing(page=page, path=path, categories=["toplevel", "disabled-by-default-devtools.timeline"])
        page.wait_for_timeout(60_000)
        browser.stop_tracing()
        events = json.loads(path.read_text(encoding="utf-8"))["traceEvents"]
    names = {(one["pid"], one["tid"]): one["args"]["name"] for one in events if one["name"] == "thread_name"}
    costs = [
        one.get("tdur", 0) / 1000
        for one in events
        if one["name"] == "RunTask" and names.get((one["pid"], one["tid"])) == "CrRendererMain"
    ]
    long = [cost for cost in costs if cost > LONG_MS]
    notes = {"longest": max(costs, default=0.0), "all_tasks_ms": sum(costs)}
    figure = "long_tasks_of_processor_ms_a_minute"
    print_figure(BENCH, figure, "ms", [sum(long)], goal="<= 50", n=len(costs), notes=notes)


def _floor(page: Page) -> None:
    """The browser's long tasks on a page that only works for 20 ms as often as the live page is drawn."""
    page.evaluate(
        """(every) => {
            window.longTasks = [];
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) window.longTasks.push(entry.duration);
            }).observe({ type: "longtask" });
            setInterval(() => { const end = performance.now() + 20; while (performance.now() < end); }, every);
        }""",
        SECONDS * 1000,
    )
    page.wait_for_timeout(60_000)
    tasks = page.evaluate("() => window.longTasks")
    print_figure(BENCH, "long_tasks_floor_ms_a_minute", "ms", [sum(tasks)], n=len(tasks))


def _place(text: str) -> tuple[int, int] | None:
    """(epoch, step) of "3 / 200 17 / 125"."""
    parts = text.replace("/", " ").split()
    return (int(parts[0]), int(parts[2])) if len(parts) == 4 and all(part.isdigit() for part in parts) else None


# Watchers -------------------------------------------------------------------------------------------------------------


def _watching(url: str, run: RunDirectory) -> None:
    """Print the speeds with and without watchers. Both take turns, so that the machine is the same for both."""
    alone, watched, answers = [], [], 0
    for _ in range(ROUNDS):
        alone.append(_speed(run))
        with _watchers(url, run.name) as told:
            time.sleep(3)  # until all watchers have their page
            watched.append(_speed(run))
        answers += told()
    print_figure(
        BENCH,
        "watched_by_ten_ratio",
        "of the pictures a second without watchers",
        [with_them / without for with_them, without in zip(watched, alone, strict=True)],
        goal=">= 0.9",
        notes={
            "images_per_s": statistics.median(watched),
            "images_per_s_alone": statistics.median(alone),
            "pages_drawn_a_second": answers / ROUNDS / (WINDOW_SECONDS + 3),
        },
    )


def _speed(run: RunDirectory) -> float:
    """Pictures a second over a window, from the lines of batches alone. The time includes validation in both cases."""
    begin = time.time()
    time.sleep(WINDOW_SECONDS)
    end = time.time()
    size = run.config().batch_size
    return sum(size for event in run.metrics()[0] if is_batch(event) and begin < event["time"] <= end) / (end - begin)


@contextlib.contextmanager
def _watchers(url: str, name: str) -> Iterator[Any]:
    """Ten visitors who watch a run: web sockets with the requests of Streamlit's page."""
    over = threading.Event()
    drawn = [itertools.count() for _ in range(WATCHERS)]
    counts = [0] * WATCHERS

    def watch(number: int) -> None:
        address = url.replace("http", "ws") + "/_stcore/stream"
        with connect(address, subprotocols=["streamlit"], max_size=None, open_timeout=30) as socket:  # type: ignore[list-item]
            ask = BackMsg()
            ask.rerun_script.query_string = f"run={name}"
            ask.rerun_script.page_name = "training"
            socket.send(ask.SerializeToString())
            due: dict[str, tuple[float, float]] = {}  # fragment → (interval, time of the next run)
            held: set[str] = set()  # large messages that a browser has kept, so that they are not sent twice
            while not over.is_set():
                now = time.monotonic()
                for fragment, (interval, when) in list(due.items()):
                    if now >= when:
                        again = BackMsg()
                        again.rerun_script.query_string = f"run={name}"
                        again.rerun_script.fragment_id = fragment
                        again.rerun_script.is_auto_rerun = True
                        again.rerun_script.cached_message_hashes.extend(held)
                        socket.send(again.SerializeToString())
                        due[fragment] = (interval, now + interval)
                try:
                    message = ForwardMsg()
                    message.ParseFromString(socket.recv(timeout=0.05))
                except TimeoutError:
                    continue
                if message.metadata.cacheable:
                    held.add(message.hash)
                kind = message.WhichOneof("type")
                if kind == "auto_rerun":
                    interval = message.auto_rerun.interval
                    due.setdefault(message.auto_rerun.fragment_id, (interval, time.monotonic() + interval))
                elif kind == "script_finished":
                    counts[number] = next(drawn[number])

    threads = [threading.Thread(target=watch, args=(number,), daemon=True) for number in range(WATCHERS)]
    for thread in threads:
        thread.start()
    try:
        yield lambda: sum(counts)
    finally:
        over.set()
        for thread in threads:
            thread.join(10)
