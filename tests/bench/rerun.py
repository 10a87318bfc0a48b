"""Server time of a script run after one control of a page changed.

The app runs in its own server process whose `ScriptRunner._run_script` is wrapped in a clock (script_clock.py): from
the request's arrival in the script's thread to the last message that the script queued, with all callbacks. Sending
the messages is not in it. A browser changes one control at a time, waits until the animation shows the change, changes
it back, and waits again; only the changes count. `processor_ms` is what the script's thread worked in that time: the
rest it waited for a core or for Python's lock.

The floor is an empty app of a button and a text, on which the button is pressed.
"""

import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Locator

from tests.bench.figures import print_figure
from tests.bench.plain_apps import HELLO_AGAIN, running_source
from tests.bench.script_clock import MARK
from tests.bench.visit import HELLO_SHOWN, PLAY_USABLE, stage, visit
from tests.browser import running_browser
from tests.server import ROOT, Server

REPETITIONS = 9
WAIT_SECONDS = 30

CONVOLUTION = "Convolution animation"
# The page, its animation, the change (a control's name and value), and the change back.
CHANGES = {
    "kernel": ("/convolution", CONVOLUTION, ("kernel", "gaussian-blur"), ("kernel", "sobel-x")),
    "stride": ("/convolution", CONVOLUTION, ("stride", "2"), ("stride", "1")),
    "side_256": ("/convolution", CONVOLUTION, ("side", "256"), ("side", "128")),
    "size_7x7_rgb": ("/convolution?kernel=own", CONVOLUTION, ("size", "7"), ("size", "3")),
    "size_7x7_rgb_side_256": ("/convolution?kernel=own&side=256", CONVOLUTION, ("size", "7"), ("size", "3")),
    "pooling_window": ("/pooling", "Pooling boards", ("size", "3"), ("size", "2")),
    "pooling_picture": ("/pooling", "Pooling on the picture", ("source", "noise"), ("source", "photo")),
    "activation": ("/activation", "Activation curve", ("activation", "gelu"), ("activation", "relu")),
    "activation_with_a_training": (
        "/activation?toy-run=1",
        "Activation curve",
        ("activation", "gelu"),
        ("activation", "relu"),
    ),
}

Run = tuple[float, float]


def run() -> None:
    """Print the server time of each change."""
    with running_browser() as browser:
        with _clocked((ROOT / "app.py").read_text(encoding="utf-8")) as server:
            runs = {name: _changes(browser, server, *change) for name, change in CHANGES.items()}
        with _clocked(HELLO_AGAIN) as server:
            empty = _presses(browser, server)
    floor = statistics.median(wall for wall, _ in empty)
    for name, measured in runs.items():
        print_figure(
            "rerun",
            f"{name}_ms",
            "ms",
            [wall for wall, _ in measured],
            goal="<= 50",
            floor=floor,
            notes={"processor_ms": statistics.median(busy for _, busy in measured)},
        )


def _clocked(source: str) -> AbstractContextManager[Server]:
    """Run an app with a clock around its script runs. The app seems to be the usual file."""
    return running_source(f"import tests.bench.script_clock\n__file__ = {str(ROOT / 'app.py')!r}\n{source}")


def _script_runs(log: Path) -> list[Run]:
    lines = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith(MARK)]
    return [(float(wall), float(busy)) for wall, busy in (line.split()[-2:] for line in lines)]


def _next_run(server: Server, act: Callable[[], object]) -> Run:
    """Act, and return the script run that follows.

    Raises:
        RuntimeError: no run or several runs followed.
    """
    before = len(_script_runs(server.log))
    act()
    deadline = time.monotonic() + WAIT_SECONDS
    while len(_script_runs(server.log)) == before and time.monotonic() < deadline:
        time.sleep(0.02)
    runs = _script_runs(server.log)[before:]
    if len(runs) != 1:
        raise RuntimeError(f"One change led to {len(runs)} script runs")
    return runs[0]


def _changes(
    browser: Browser, server: Server, path: str, name: str, there: tuple[str, str], back: tuple[str, str]
) -> list[Run]:
    with visit(browser, server.url + path, PLAY_USABLE) as page:
        animation = stage(page, name)
        page.wait_for_timeout(3000)  # what follows the first run, such as writing the URL, is over
        runs = []
        for number in range(REPETITIONS + 1):
            measured = _next_run(server, partial(_choose, animation, *there, edit=2 * number + 1))
            _next_run(server, partial(_choose, animation, *back, edit=2 * number + 2))
            if number > 0:  # the first change fills caches, which are full for every later visitor
                runs.append(measured)
    return runs


def _choose(animation: Locator, name: str, value: str, *, edit: int) -> None:
    """Choose a radio button, and wait until the animation shows the server's answer to this edit."""
    animation.locator(f'input[name="{name}"][value="{value}"]').check(force=True)
    animation.and_(animation.page.locator(f'[data-ready="{edit}"]')).wait_for()


def _presses(browser: Browser, server: Server) -> list[Run]:
    with visit(browser, server.url, HELLO_SHOWN) as page:
        page.wait_for_timeout(1000)
        button = page.get_by_role("button", name="again")
        return [_next_run(server, button.click) for _ in range(REPETITIONS)]
