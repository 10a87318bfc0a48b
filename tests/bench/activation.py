"""How smoothly the activation page plays, how soon it follows the pointer, and how soon it is usable.

Frames and answers are measured as tests/bench/playing.py describes: on the curve, on the feature map with its moving
histogram, and while x is dragged along the curve. Seconds and megabytes are those of a first visit with an empty cache,
as in tests/bench/first_page.py: Plotly is not among them, because it loads when the visitor comes near its chart.
"""

from tests.bench.first_page import print_visits
from tests.bench.playing import drag_on, dragged_frames, play, print_answers, print_smoothness
from tests.bench.visit import PLAY_USABLE, VIEWPORT, stage, visit
from tests.browser import running_browser
from tests.server import running_app

BENCH = "activation"
PAGE = "/activation"
CURVE = "Activation curve"
MAP = "Activation on a feature map"


def run() -> None:
    """Print all figures of the activation page."""
    with running_browser() as browser, running_app() as server:
        empty = browser.new_page(viewport=VIEWPORT)
        with visit(browser, server.url + PAGE, PLAY_USABLE) as page:
            runs, floor = play(stage(page, CURVE), empty)
            print_smoothness(BENCH, "_curve", runs, floor)
            feature_map = stage(page, MAP)
            feature_map.scroll_into_view_if_needed()
            print_smoothness(BENCH, "_map", *play(feature_map, empty), steady=False)
        with visit(browser, server.url + PAGE, PLAY_USABLE) as page:
            curve = stage(page, CURVE)
            move = drag_on(curve.locator("[data-part=curve-plate]"))
            print_answers(BENCH, "drag", "pointermove", curve, move, watched="[data-testid=activation-value]")
            print_smoothness(BENCH, "_drag", dragged_frames(curve, move), floor, steady=False)
        print_visits(BENCH, browser, server.url + PAGE)
