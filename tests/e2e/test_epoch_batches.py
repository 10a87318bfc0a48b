"""One epoch as batches, in a real browser: the pictures on the screen are those of the run's own batches."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from models.datasets.batches import order
from tests.e2e.visitor import PHONE, number, stage
from tests.server import Server, running_page

NAME = "One epoch as batches"
COUNT, BATCH, SEED = 2005, 32, 7
STEPS = 63

SCRIPT = f"""
from pathlib import Path

import numpy as np
import streamlit as st

from components.lessons.training.epoch_batches import epoch_batches
from components.scene import read_url, write_url
from models.datasets import Part

st.set_page_config(layout="wide")
st.html("<style>" + Path("assets", "theme.css").read_text() + "</style>")
st.title("Batches")
read_url()
numbers = np.arange({COUNT})
colours = np.stack([numbers * 37 % 256, numbers * 91 % 256, numbers // 8], axis=-1).astype(np.uint8)
images = np.broadcast_to(colours[:, None, None], ({COUNT}, 40, 40, 3))
part = Part(images, numbers % 2, tuple(map(str, numbers)))
part = None if "none" in st.query_params else part
epoch_batches(part, ("cat", "dog"), batch_size={BATCH}, epochs=2, seed={SEED}, subject="test", count={COUNT})
write_url()
"""

COLOURS = """canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const counts = {};
    for (let index = 0; index < data.length; index += 4) {
        const key = (data[index] << 16) | (data[index + 1] << 8) | data[index + 2];
        counts[key] = (counts[key] ?? 0) + 1;
    }
    return Object.entries(counts).filter(([, count]) => count > 300).map(([key]) => Number(key));
}"""
"""The colours with an area as large as a picture on a card."""


@pytest.fixture(scope="module")
def host() -> Iterator[Server]:
    with running_page(SCRIPT) as app:
        yield app


def pictures_on_cards(board: Locator, numbers: np.ndarray) -> int:
    """How many of these pictures are on cards. Each of the test's pictures has one colour."""
    found = np.array(board.locator("canvas[data-part=picture]").evaluate(COLOURS))
    seen = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=-1)
    wanted = np.stack([numbers * 37 % 256, numbers * 91 % 256, numbers // 8], axis=-1)
    return int((np.abs(wanted[:, None] - seen[None]).max(axis=-1) <= 4).any(axis=1).sum())


def expect_batch(page: Page, board: Locator, epoch: int, position: int) -> None:
    """Expect a batch's counters and pictures."""
    taken = order(COUNT, seed=SEED, epoch=epoch - 1)
    batch = taken[position * BATCH : (position + 1) * BATCH]
    update = f"updated: {(epoch - 1) * STEPS + position + 1} of {2 * STEPS}"
    expect(page.get_by_test_id("batches-update")).to_have_text(re.compile(update))
    counts = [number(page.get_by_test_id(f"batches-{name}")) for name in ("waiting", "inside", "seen")]
    assert counts == [COUNT - position * BATCH - len(batch), len(batch), position * BATCH]
    cats = int((batch % 2 == 0).sum())
    expect(page.get_by_test_id("batches-mixed")).to_have_text(re.compile(rf"cat × {cats}.*dog × {len(batch) - cats}"))
    for _attempt in range(100):  # a window of pictures may still be on its way
        if pictures_on_cards(board, batch) == len(batch):
            break
        page.wait_for_timeout(100)
    assert pictures_on_cards(board, batch) == len(batch)
    other = np.setdiff1d(order(COUNT, seed=SEED, epoch=2 - epoch)[position * BATCH : (position + 1) * BATCH], batch)
    assert pictures_on_cards(board, other) < len(other) / 2


def test_the_real_batches_pass_by_in_the_order_of_the_run(open_page, host):
    page = open_page("/", host=host)
    board = stage(page, NAME)
    for name, text in {"steps": "63", "updates": "126", "last": "21", "batch-size": "32"}.items():
        expect(page.get_by_test_id(f"batches-{name}")).to_have_text(text)
    expect_batch(page, board, 1, 0)
    slider = page.get_by_role("slider", name="Batch", exact=True)
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect_batch(page, board, 1, 1)

    # Beyond the pictures that were sent at first, others are fetched.
    expect(page.get_by_test_id("batches-shown")).to_contain_text("batches 1 to 20")
    slider.fill("45")
    expect(page.get_by_test_id("batches-shown")).to_contain_text("batches 31 to 60")
    expect_batch(page, board, 1, 45)
    slider.fill("62")
    expect(page.get_by_test_id("batches-words")).to_contain_text("Epoch 2 shuffles them anew")
    expect_batch(page, board, 1, 62)
    assert "batch 63 of 63" in (slider.get_attribute("aria-valuetext") or "")

    board.get_by_role("group", name="Epoch", exact=True).get_by_text("2", exact=True).click()
    expect(page).to_have_url(re.compile("batches-epoch=2"))
    expect(page.get_by_test_id("batches-words")).to_contain_text("with it the training")
    expect_batch(page, board, 2, 62)
    page.reload()
    expect_batch(page, stage(page, NAME), 2, 62)


def test_play_goes_through_the_epoch_and_fetches_pictures_on_its_way(open_page, host):
    page = open_page("/?batches-speed=20&batches-position=25", host=host)
    board = stage(page, NAME)
    board.get_by_role("button", name="Play").click()
    expect(page.get_by_test_id("batches-seen")).to_have_text("1,984")
    expect(board.get_by_role("button", name="Play")).to_be_visible()
    expect_batch(page, board, 1, 62)


def test_without_pictures_the_page_says_so_and_on_a_phone_it_fits(open_page, host):
    page = open_page("/?none=1", host=host, viewport=PHONE, color_scheme="dark")
    board = stage(page, NAME)
    expect(page.get_by_test_id("batches-shown")).to_contain_text("Blank cards stand for them")
    expect(page.get_by_test_id("batches-waiting")).to_have_text("1,973")
    board.get_by_role("button", name="Step forward").click()
    expect(page.get_by_test_id("batches-update")).to_have_text(f"Weights updated: 2 of {2 * STEPS}")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    found = Axe().run(page).response["violations"]
    ours = [item["id"] for item in found for node in item["nodes"] if "stage" in str(node) or "batches-" in str(node)]
    assert ours == []
