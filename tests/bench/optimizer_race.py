"""How smoothly the race of seven optimizers plays, and how smoothly all ways follow a start that is dragged.

Frames are measured as tests/bench/playing.py describes.
"""

from tests.bench.playing import drag_on, dragged_frames, play, print_smoothness
from tests.bench.visit import PLAY_USABLE, VIEWPORT, stage, visit
from tests.browser import running_browser
from tests.server import running_app

BENCH = "optimizer_race"
PAGE = "/optimizers?story=4&surface=ravine"
RACE = "Optimizer race"


def run() -> None:
    """Print all figures of the race."""
    with running_browser() as browser, running_app() as server:
        empty = browser.new_page(viewport=VIEWPORT)
        with visit(browser, server.url + PAGE, PLAY_USABLE) as page:
            runs, floor = play(stage(page, RACE), empty)
            print_smoothness(BENCH, "", runs, floor, steady=False)
            race = stage(page, RACE)
            move = drag_on(race.locator("[data-part=map-plate]"))
            print_smoothness(BENCH, "_drag", dragged_frames(race, move), floor, steady=False)
