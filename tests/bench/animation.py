"""How smoothly the convolution animation plays, how fast it can play, and how soon it follows a key or the pointer.

Everything is measured in the default scene (128 × 128 RGB, Sobel x) as tests/bench/playing.py describes, at 60
positions a second and at 4,000. There, positions are counted between the first frame and the last but one (the last one
stops at the end of the map), and the whole map is timed from the press of Play to the frame that shows its last stop.
"""

from tests.bench.figures import print_figure
from tests.bench.playing import drag_on, play, print_answers, print_smoothness
from tests.bench.visit import PLAY_USABLE, VIEWPORT, stage, visit
from tests.browser import running_browser
from tests.server import running_app

BENCH = "animation"
NAME = "Convolution animation"
TOP_SPEED = 4000
PLACE = "[data-testid=conv-position]"


def run() -> None:
    """Print all figures of the animation."""
    with running_browser() as browser, running_app() as server:
        empty = browser.new_page(viewport=VIEWPORT)
        with visit(browser, f"{server.url}/convolution?speed=60", PLAY_USABLE) as page:
            peer = {"value": "29 to 35"}
            print_smoothness(BENCH, "", *play(stage(page, NAME), empty), peer=peer)
            page.get_by_label("Speed").fill(str(TOP_SPEED))
            fast, floor = play(stage(page, NAME), empty, 60)
        print_smoothness(BENCH, "_top_speed", fast, floor, peer=peer)
        _print_speed(fast)
        with visit(browser, f"{server.url}/convolution", PLAY_USABLE) as page:
            keyboard = page.keyboard
            print_answers(
                BENCH, "key", "keydown", stage(page, NAME), lambda number: keyboard.press("ArrowRight"), watched=PLACE
            )
        with visit(browser, f"{server.url}/convolution", PLAY_USABLE) as page:
            print_answers(
                BENCH,
                "drag",
                "pointermove",
                stage(page, NAME),
                drag_on(page.locator("[data-part=photo-plate]")),
                watched=PLACE,
                peer={"figure": "hover to repaint", "value": 55},
            )


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
