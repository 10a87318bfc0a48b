"""The page /evaluation as its visitors meet it: a moved threshold, a pressed cell, and how soon the matrix is there."""

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.bench.figures import print_figure
from tests.bench.playing import drag_on, print_answers
from tests.bench.visit import drawn_ms, visit
from tests.browser import running_browser
from tests.e2e.engine_app import app_with_engine, end_engine
from tests.server import running_page

BENCH = "evaluation"
REPETITIONS = 7

BOARD_USABLE = """() => bench.roots.some(root => {
    const board = root.querySelector(".threshold-board[data-ready]");
    return board && board.querySelector(".handle") && board.querySelector("[data-testid=board-tp]").dataset.value;
})"""
"""The matrix has its counts and the handle can be dragged."""

MANY_SCORES = """
from pathlib import Path
import numpy as np
import streamlit as st
from components.scene import read_url, write_url
from components.lessons.evaluation.threshold_board import threshold_board
from components.photo.uploads import jpeg_url
st.set_page_config(page_title="Board", layout="wide")
st.html("<style>" + Path("assets/theme.css").read_text() + "</style>")
st.title("25,000 scores")
read_url()
random = np.random.default_rng(1)
labels = np.arange(25_000) % 2
scores = (1 / (1 + np.exp(-(3.2 * (labels - 0.5) + random.normal(0, 1.2, 25_000))))).astype(np.float32)
picture = jpeg_url(np.full((96, 96, 3), 120, np.uint8))
threshold_board(labels, scores, ("cat", "dog"), thumbnail=lambda photo: picture, subject="many")
write_url()
"""

# From the press until the first photos of the cell are painted: checked in each frame, and timed after its paint.
FIRST_PHOTOS = """(board, cell) => new Promise((done) => {
    const button = board.querySelector(`[data-testid=board-${cell}]`);
    const begin = performance.now();
    button.click();
    const look = () => {
        const images = [...board.querySelectorAll(".photo-strip:last-child img")];
        const seen = images.some((image) => image.offsetParent && image.src && image.complete);
        const pressed = button.getAttribute("aria-pressed") === "true";
        if (seen && pressed) bench.afterPaint(() => done(performance.now() - begin));
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})"""


def run() -> None:
    """Print the figures of the browser."""
    with running_browser() as browser:
        threshold_moves(browser)
        real_page(browser)


def threshold_moves(browser: Browser) -> None:
    """Print how soon matrix, curve and figures follow the threshold, with 25,000 scores."""
    with running_page(MANY_SCORES) as server, visit(browser, server.url, BOARD_USABLE) as page:
        board = page.locator(".threshold-board")
        move = drag_on(board.locator(".plate"))
        watched, goal = "[data-testid=board-threshold]", "<= 16"
        print_answers(BENCH, "threshold_of_25000", "pointermove", board, move, watched=watched, goal=goal)


def real_page(browser: Browser) -> None:
    """Print how soon /evaluation is usable with stored scores, and how soon a cell's photos are seen."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        runs = Path(folder)
        try:
            with app_with_engine(runs) as server:
                url = f"{server.url}/evaluation"
                with visit(browser, url, BOARD_USABLE):
                    pass  # the scores are stored once, as by the first visitor of a class
                times, photos = [], []
                for _ in range(REPETITIONS):
                    with visit(browser, url, BOARD_USABLE) as page:
                        times.append(drawn_ms(page) / 1000)
                        board = page.locator(".threshold-board")
                        expect(page.get_by_text(re.compile("missed")).first).to_be_visible()
                        photos.append(board.evaluate(FIRST_PHOTOS, "tp"))
                print_figure(BENCH, "usable_from_an_empty_cache_s", "s", times, goal="<= 2.0")
                print_figure(BENCH, "cell_to_first_photos_ms", "ms", photos, goal="<= 300")
        finally:
            end_engine(runs)
