"""The network map as its visitors meet it: all layers on a new photo, the way to one number's computation, the wave.

The engine runs and has looked at a photo before, as for the second of a class. Uploads are timed from the file input's
event, inside the page, to the frame in which the answer to the new photo and all its maps are painted; presses from
the press. The overview of all layers has 16 maps of each of the network's layers, more than 600 in all. The floor of
the frame rate is an empty page in the same browser, in turns with the animation.
"""

import statistics
import tempfile
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.bench.figures import print_figure
from tests.bench.playing import EMPTY_FRAMES
from tests.bench.visit import VIEWPORT, drawn_ms, visit
from tests.browser import running_browser
from tests.e2e.engine_app import app_with_engine, end_engine
from tests.server import Server

BENCH = "network_map"
REPETITIONS = 7

MAP_USABLE = """() => document.querySelector("h1") && bench.roots.some(root => {
    const map = root.querySelector(".network-map[data-ready]");
    return map && map.querySelector(".answer [data-probability]");
})"""
"""The overview has all its maps, and the network's answer is there."""

_FIND = "const map = bench.roots.map(root => root.querySelector('.network-map')).find(Boolean);"

_WATCH_UPLOAD = f"""() => {{
    {_FIND}
    const said = () => map.dataset.ready !== undefined && map.querySelector("[data-probability]").dataset.probability;
    const before = said();
    bench.shownAt = bench.chosenAt = null;
    window.addEventListener("change", event => {{
        if (event.composedPath()[0].type === "file") bench.chosenAt ??= performance.now();
    }}, {{capture: true}});
    const look = () => {{
        const now = said();
        if (now && now !== before) bench.afterPaint(() => {{ bench.shownAt = performance.now(); }});
        else requestAnimationFrame(look);
    }};
    requestAnimationFrame(look);
}}"""

_PRESS = f"""([selector, wanted]) => new Promise(done => {{
    {_FIND}
    const begin = performance.now();
    map.querySelector(selector).click();
    const look = () => {{
        const there = bench.roots.some(root => root.isConnected !== false && root.querySelector(wanted)?.offsetParent);
        if (there) bench.afterPaint(() => done(performance.now() - begin));
        else requestAnimationFrame(look);
    }};
    requestAnimationFrame(look);
}})"""

_WAVE = f"""() => new Promise(done => {{
    {_FIND}
    const button = map.querySelector(".tools .primary");
    const times = [];
    button.click();
    const frame = time => {{
        times.push(time);
        if (button.disabled) requestAnimationFrame(frame);
        else done({{times}});
    }};
    requestAnimationFrame(frame);
}})"""


def run() -> None:
    """Print all figures of the network map."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, running_browser() as browser:
        runs = Path(folder, "runs")
        try:
            with app_with_engine(runs) as server:
                _usable(browser, server)
                _uploads(browser, server, "?unfold=all&count=16", "upload_to_all_maps_s")
                _uploads(browser, server, "", "upload_to_overview_s")
                _ways(browser, server)
                _waves(browser, server)
        finally:
            end_engine(runs)


def _usable(browser: Browser, server: Server) -> None:
    url = f"{server.url}/convnet"
    times = []
    for number in range(REPETITIONS + 1):
        with visit(browser, url, MAP_USABLE) as page:
            if number:  # the first visit waits for the engine
                times.append(drawn_ms(page) / 1000)
    print_figure(BENCH, "usable_from_an_empty_cache_s", "s", times, goal="<= 2.0")


def _photo(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (12, 16, 3), dtype=np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).resize((1600, 1200), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def _uploads(browser: Browser, server: Server, params: str, figure: str) -> None:
    times, maps = [], 0
    with visit(browser, f"{server.url}/convnet{params}", MAP_USABLE) as page:
        maps = _count(page)
        for seed in range(REPETITIONS):
            page.evaluate(_WATCH_UPLOAD)
            file = {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": _photo(seed)}
            page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]
            page.wait_for_function("() => bench.shownAt !== null", timeout=60_000)
            times.append((page.evaluate("bench.shownAt") - page.evaluate("bench.chosenAt")) / 1000)
            page.wait_for_timeout(1000)  # the page settles: nothing of this upload remains for the next one
    peer = {"value": 0.79, "maps": 103}
    print_figure(BENCH, figure, "s", times, goal="<= 0.8", peer=peer, notes={"maps": maps, "megapixels": 1.92})


def _count(page: Page) -> int:
    """Count the maps in the overview: the columns' heads name the layers, each with at most 16 maps."""
    said = page.locator(".overview").get_attribute("data-maps")
    return int(said or 0)


def _ways(browser: Browser, server: Server) -> None:
    opened, steps = [], []
    for number in range(REPETITIONS):
        with visit(browser, f"{server.url}/convnet?layer=block2_a_conv", MAP_OPEN) as page:
            opened.append(page.evaluate(_PRESS, [f".tile:nth-child({number + 1})", ".origin"]))
            page.wait_for_timeout(500)
            steps.append(
                page.evaluate(_PRESS, ["button.way", '.stage[aria-label="One step of the network"][data-ready]'])
            )
    print_figure(BENCH, "map_to_its_origin_ms", "ms", opened, goal="<= 500")
    print_figure(BENCH, "number_to_its_computation_ms", "ms", steps, goal="<= 500")


MAP_OPEN = (
    """() => document.querySelector("h1") && bench.roots.some(root => root.querySelector(".network-map .tile"))"""
)
"""A layer is open."""


def _waves(browser: Browser, server: Server) -> None:
    rates, floors = [], []
    empty = browser.new_page(viewport=VIEWPORT)
    with visit(browser, f"{server.url}/convnet?unfold=all", MAP_USABLE) as page:
        for _ in range(REPETITIONS):
            rates.append(_rate(page.evaluate(_WAVE)["times"]))
            floors.append(_rate(empty.evaluate(EMPTY_FRAMES, 2.5)["times"]))
    floor = statistics.median(floors)
    print_figure(BENCH, "frames_per_s_while_the_photo_runs_through", "1/s", rates, goal=">= 58", floor=floor)


def _rate(times: list[float]) -> float:
    return 1000 * (len(times) - 1) / (times[-1] - times[0])
