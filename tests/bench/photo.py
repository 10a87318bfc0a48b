"""How long a visitor waits for a 12-megapixel photo, from choosing the file to seeing it in the animation.

The clock starts when the file input fires its event, inside the page, and stops when a frame was painted in which the
pixels of the animation's photo differ. In between lie the upload, the script run that decodes the photo, and the
animation's new data. Two photos take turns, so that each upload changes the picture.

A visitor's photo is opened by a process beside the web process. How much longer that takes than decoding it here, how
long that process takes to start, and how much memory it holds while it waits, are figures of their own.

The floor of the upload is an app of three lines that only names the file it was given, in the same browser. The floor
of decoding is Pillow alone, which decodes the same bytes to the smallest size that libjpeg offers above 512 pixels, and
does no more.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import psutil  # type: ignore[import-untyped]
from PIL import Image
from playwright.sync_api import Browser, Page

from models.pictures.opening import PhotoOpener
from models.pictures.photo import decode
from tests.bench.figures import print_figure
from tests.bench.plain_apps import HELLO_FILE, running_source
from tests.bench.visit import HELLO_SHOWN, PLAY_USABLE, stage, visit
from tests.browser import running_browser
from tests.server import running_app

REPETITIONS = 7
WIDTH, HEIGHT = 4000, 3000

_START_CLOCK = """() => {
    window.addEventListener("change", event => {
        if (event.composedPath()[0].type === "file") bench.chosenAt ??= performance.now();
    }, {capture: true});
}"""

_WATCH_PHOTO = """stage => {
    const canvas = stage.querySelector("canvas[data-part=photo]");
    const sum = () => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
        .reduce((total, value, index) => (total * 31 + value + index) % 1000003, 0);
    const before = sum();
    bench.chosenAt = bench.shownAt = null;
    const observer = new MutationObserver(() => {  // drawing a photo begins with setting the canvas's size
        if (sum() === before) return;
        observer.disconnect();
        requestAnimationFrame(() => bench.afterPaint(() => { bench.shownAt = performance.now(); }));
    });
    observer.observe(canvas, {attributes: true});
}"""

_WATCH_TEXT = """() => {
    bench.chosenAt = bench.shownAt = null;
    const look = () => {
        const texts = [...document.querySelectorAll("p")].map(paragraph => paragraph.textContent);
        const shown = texts.some(text => text.startsWith("hello p"));
        if (shown) bench.afterPaint(() => { bench.shownAt = performance.now(); });
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


def make_photo(seed: int) -> bytes:
    """Return a JPEG of gradients, blots and noise with 12 megapixels and about 4 MB, the same for the same seed."""
    random = np.random.default_rng(seed)
    rows = np.linspace(0, 120, HEIGHT, dtype=np.float32)[:, np.newaxis]
    columns = np.linspace(0, 80, WIDTH, dtype=np.float32)
    noise = random.normal(0, 8, (HEIGHT, WIDTH)).astype(np.float32)
    blots = random.integers(0, 60, (3, HEIGHT // 100, WIDTH // 100), dtype=np.uint8)
    planes = [
        np.asarray(Image.fromarray(blot).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), np.float32) + noise
        for blot in blots
    ]
    pixels = np.stack([planes[0] + rows, planes[1] + columns, planes[2] + (rows + columns) / 2], axis=-1)
    buffer = BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def run() -> None:
    """Print all figures of an uploaded photo."""
    photos = [make_photo(seed) for seed in (1, 2)]
    size = {"megapixels": WIDTH * HEIGHT / 1e6, "megabytes": len(photos[0]) / 1e6}
    decoding = [_seconds(lambda: decode(photos[0])) * 1000 for _ in range(REPETITIONS)]
    floor = [_seconds(lambda: _draft(photos[0])) * 1000 for _ in range(REPETITIONS)]
    print_figure("photo", "decode_ms", "ms", decoding, floor=statistics.median(floor), notes=size)
    _print_opening(photos[0], statistics.median(decoding), size)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, running_browser() as browser:
        files = [Path(folder, f"photo-{number}.jpg") for number in range(len(photos))]
        for file, data in zip(files, photos, strict=True):
            file.write_bytes(data)
        uploads = _uploads(browser, files)
        plain = _plain_uploads(browser, files[0])
    print_figure(
        "photo",
        "upload_to_picture_s",
        "s",
        uploads,
        goal="<= 0.9",
        floor=statistics.median(plain),
        peer={"value": 1.11},
        notes=size,
    )


def _print_opening(photo: bytes, decoding: float, size: dict[str, float]) -> None:
    opener = PhotoOpener(at_once=1)
    starting = _seconds(lambda: opener.submit(b"no picture", visitor=("", "")).wait(60)) * 1000
    print_figure("photo", "process_start_ms", "ms", [starting])
    opening = [_seconds(lambda: opener.submit(photo, visitor=("", "")).wait(60)) * 1000 for _ in range(REPETITIONS)]
    print_figure("photo", "opened_ms", "ms", opening, goal=f"<= {decoding + 30:.0f}", floor=decoding, notes=size)
    [number] = opener.processes()
    print_figure("photo", "process_memory_mb", "MB", [psutil.Process(number).memory_full_info().uss / 1e6])
    opener.close()


def _seconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def _draft(data: bytes) -> None:
    image = Image.open(BytesIO(data))
    image.draft("RGB", (512, 384))
    image.load()


def _upload(page: Page, file: Path) -> float:
    page.locator("input[type=file]").first.set_input_files(file)
    page.wait_for_function("() => bench.shownAt !== null", timeout=60_000)
    return (page.evaluate("bench.shownAt") - page.evaluate("bench.chosenAt")) / 1000


def _uploads(browser: Browser, files: list[Path]) -> list[float]:
    times = []
    with running_app() as server, visit(browser, f"{server.url}/convolution", PLAY_USABLE) as page:
        page.evaluate(_START_CLOCK)
        for number in range(REPETITIONS):
            stage(page, "Convolution animation").evaluate(_WATCH_PHOTO)
            times.append(_upload(page, files[number % len(files)]))
            page.wait_for_timeout(1000)  # the page settles: nothing of this upload remains for the next one
    return times


def _plain_uploads(browser: Browser, file: Path) -> list[float]:
    times = []
    with running_source(HELLO_FILE) as server:
        for _ in range(REPETITIONS):
            with visit(browser, server.url, HELLO_SHOWN) as page:
                page.wait_for_selector("input[type=file]", state="attached")
                page.evaluate(_START_CLOCK)
                page.evaluate(_WATCH_TEXT)
                times.append(_upload(page, file))
    return times
