"""How smoothly the pooling boards play, how soon they follow the pointer, and how soon the page is usable.

Frames and answers are measured as tests/bench/playing.py describes: on the course's grid at its own speed (a stop a
second, every frame drawn), and on the photo while both pooled pictures fill in. The drag is on the position slider, on
8 × 8 numbers with a 2 × 2 window and stride 1. Seconds and megabytes are those of a first visit with an empty cache, as
in tests/bench/first_page.py.
"""

from tests.bench.first_page import print_visits
from tests.bench.playing import drag_on, dragged_frames, play, print_answers, print_smoothness
from tests.bench.visit import PLAY_USABLE, VIEWPORT, stage, visit
from tests.browser import running_browser
from tests.server import running_app

BENCH = "pooling"
PAGE = "/pooling"
BOARDS = "Pooling boards"
PICTURE = "Pooling on the picture"
MANY_STOPS = "?stride=1&grid=" + ";".join(
    ",".join(str((7 * row + 3 * column) % 100) for column in range(8)) for row in range(8)
)


def run() -> None:
    """Print all figures of the pooling page."""
    with running_browser() as browser, running_app() as server:
        empty = browser.new_page(viewport=VIEWPORT)
        with visit(browser, server.url + PAGE, PLAY_USABLE) as page:
            runs, floor = play(stage(page, BOARDS), empty)
            print_smoothness(BENCH, "_boards", runs, floor, steady=False)
            picture = stage(page, PICTURE)
            picture.scroll_into_view_if_needed()
            print_smoothness(BENCH, "_picture", *play(picture, empty))
        with visit(browser, server.url + PAGE + MANY_STOPS, PLAY_USABLE) as page:
            boards = stage(page, BOARDS)
            move = drag_on(boards.locator("[data-player=position]"))
            print_answers(BENCH, "drag", "pointermove", boards, move, watched="[data-part=max-terms]")
            print_smoothness(BENCH, "_drag", dragged_frames(boards, move), floor, steady=False)
        print_visits(BENCH, browser, server.url + PAGE)
