"""The visitor's photo in a real browser: taken over at once, refused in one sentence, seen by nobody else."""

import re
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, Route, expect

from components.photo.forgotten_photo import WORDS
from components.shell.course import COURSE
from models.pictures.photo import decode
from models.pictures.samples import DEFAULT, SAMPLES
from tests.e2e.dropping_proxy import dropping_proxy
from tests.e2e.engine_app import until
from tests.e2e.visitor import animation, follow, ready, settle, upload, wait_for_photo


def shown_pixels(page: Page) -> np.ndarray:
    """Return the picture on the photo canvas: (height, width, 3)."""
    size, data = page.locator("canvas[data-part=photo]").evaluate(
        """canvas => [[canvas.height, canvas.width], Array.from(
            canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data)]"""
    )
    return np.array(data, np.uint8).reshape(*size, 4)[..., :3]


def test_the_uploaded_photo_is_the_one_that_is_shown(open_page, picture):
    page = open_page("/convolution?side=64")
    for seed, (kind, name) in enumerate([("JPEG", "a.jpg"), ("PNG", "b.png"), ("WEBP", "c.webp"), ("GIF", "d.jpg")]):
        data = picture(seed, kind=kind)
        upload(page, name, data)
        wait_for_photo(page, name)
        expect(animation(page).get_by_text("Your photo")).to_be_visible()
        assert_shown(page, decode(data).square(64))


def assert_shown(page: Page, pixels: np.ndarray) -> None:
    """Wait until the photo canvas shows these pixels: the picture comes a moment after the photo's name."""
    until(lambda: np.array_equal(shown_pixels(page), pixels), 15)


def test_a_bad_upload_says_why_and_the_old_photo_stays(open_page, picture):
    page = open_page("/convolution?side=64")
    good = picture(3)
    upload(page, "good.jpg", good)
    wait_for_photo(page, "good.jpg")
    for name, data, words in [
        ("cut.jpg", good[: len(good) // 2], "JPEG"),
        ("empty.png", b"", "empty"),
        ("notes.jpg", b"Dear diary, " * 40, "picture"),
        ("dot.png", picture(0, width=8, height=8, kind="PNG"), "16"),
    ]:
        upload(page, name, data)
        alert = page.get_by_test_id("stAlert")
        expect(alert).to_contain_text(words)
        expect(alert).to_contain_text("The page still shows: good.jpg.")
        expect(alert).not_to_contain_text("Traceback")
        assert_shown(page, decode(good).square(64))
    upload(page, "better.jpg", picture(1))
    wait_for_photo(page, "better.jpg")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_a_file_over_25_megabytes_is_refused_by_the_browser_in_words(open_page, picture, tmp_path):
    page = open_page("/convolution?side=64")
    huge = tmp_path / "huge.jpg"
    huge.write_bytes(picture() + bytes(25 * 1024 * 1024))
    page.locator("input[type=file]").first.set_input_files(huge)
    expect(page.get_by_text("File must be 25.0MB or smaller.")).to_be_visible()
    wait_for_photo(page, SAMPLES[DEFAULT].label)
    upload(page, "fine.jpg", picture())
    wait_for_photo(page, "fine.jpg")
    expect(page.get_by_text("File must be 25.0MB or smaller.")).to_have_count(0)


def test_a_new_photo_starts_from_its_first_pixel_without_old_results(open_page, picture):
    page = open_page("/convolution?side=32&position=500")
    expect(page.get_by_test_id("conv-position")).to_have_text("row 17, column 21")
    upload(page, "new.jpg", picture(2))
    wait_for_photo(page, "new.jpg")
    expect(page.get_by_test_id("conv-position")).to_have_text("row 1, column 1")
    filled = page.locator("canvas[data-part=map]").evaluate(
        """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
            .filter((byte, index) => index % 4 === 3 && byte > 0).length"""
    )
    assert filled == 1
    expect(page).not_to_have_url(re.compile("position="))


def test_the_photo_follows_its_visitor_through_the_pages(open_page, picture):
    page = open_page("/")
    upload(page, "follow.jpg", picture(1))
    wait_for_photo(page, "follow.jpg")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("h1")).to_have_text(COURSE[1].title)
    wait_for_photo(page, "follow.jpg")
    follow(page, "")
    expect(page.get_by_role("img", name="follow.jpg")).to_be_visible()


def test_a_photo_survives_a_reload_and_a_second_tab_of_the_same_browser_alone(open_page, picture):
    page = open_page("/convolution?side=32")
    upload(page, "mine.jpg", picture(3))
    wait_for_photo(page, "mine.jpg")
    page.reload()
    wait_for_photo(page, "mine.jpg")
    tab = page.context.new_page()
    tab.goto(page.url.replace("convolution", "pooling"))
    wait_for_photo(tab, "mine.jpg")
    other = open_page("/convolution?side=32")
    wait_for_photo(other, SAMPLES[DEFAULT].label)


def test_a_tab_whose_photo_the_server_has_forgotten_says_so(open_page, picture):
    page = open_page("/pooling")
    upload(page, "mine.jpg", picture(3))
    wait_for_photo(page, "mine.jpg")
    note = page.get_by_text(WORDS)
    expect(note).to_be_hidden()
    page.context.clear_cookies()  # for the server, this is a browser that it has never seen
    page.reload()
    wait_for_photo(page, SAMPLES[DEFAULT].label)
    expect(note).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(note).to_be_hidden()
    page.reload()
    wait_for_photo(page, SAMPLES[DEFAULT].label)
    expect(note).to_be_hidden()


def test_two_visitors_do_not_see_each_others_photo(open_page, picture):
    first = open_page("/convolution?side=32")
    second = ready(open_page("/convolution?side=32"))
    before = shown_pixels(second)
    upload(first, "mine.jpg", picture(3))
    wait_for_photo(first, "mine.jpg")
    second.get_by_role("button", name="Step forward").click()
    second.reload()
    ready(second)
    wait_for_photo(second, SAMPLES[DEFAULT].label)
    assert np.array_equal(shown_pixels(second), before)
    assert not np.array_equal(shown_pixels(first), before)
    expect(second.get_by_text("mine.jpg")).to_have_count(0)


def test_samples_are_called_samples_and_drawings_drawn(open_page):
    page = open_page("/convolution")
    expect(animation(page).get_by_text("Sample photo")).to_be_visible()
    page.get_by_role("button", name="Samples").click()
    page.get_by_role("button", name=re.compile("Dog, drawn")).click()
    expect(animation(page).get_by_text("Drawn picture")).to_be_visible()
    expect(page.locator(".photo-card").get_by_text("drawn, not a photo")).to_be_attached()


SAYS_THAT_IT_IS_ALONE = """() => {
    const note = getComputedStyle(document.querySelector(".stApp"), "::before");
    return note.content.includes("No connection to the course") && note.opacity === "1";
}"""


def test_a_photo_chosen_while_the_connection_is_down_waits_and_arrives(browser, server, picture):
    with dropping_proxy(int(server.url.rsplit(":", 1)[1])) as proxy:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{proxy.port}/convolution?side=64")
        ready(page)
        settle(page)
        uploader = page.get_by_test_id("stFileUploader").first
        with page.expect_file_chooser() as opened:
            uploader.locator("button").first.click()
        proxy.drop()
        expect(uploader.locator("button").first).to_be_disabled()
        opened.value.set_files({"name": "late.jpg", "mimeType": "image/jpeg", "buffer": picture()})
        notice = page.get_by_role("alert").filter(has_text="late.jpg did not arrive")
        expect(notice).to_be_visible()
        wait_for_photo(page, SAMPLES[DEFAULT].label)
        page.wait_for_function(SAYS_THAT_IT_IS_ALONE)
        proxy.allow()
        wait_for_photo(page, "late.jpg")
        expect(notice).to_be_hidden()
        page.wait_for_function(f"() => !({SAYS_THAT_IT_IS_ALONE})()")
        context.close()


BROKEN_OFF = "ERR_CONNECTION_RESET|AxiosError: Network Error"
"""What the browser and Streamlit log of it."""


def test_a_photo_whose_sending_breaks_off_is_sent_again(open_page, picture):
    page = ready(open_page("/convolution?side=32", expected=BROKEN_OFF))
    page.route("**/_stcore/upload_file/**", lambda route: route.abort("connectionreset"), times=1)
    upload(page, "broken.jpg", picture())
    notice = page.get_by_role("alert").filter(has_text="broken.jpg did not arrive")
    expect(notice).to_be_visible()
    expect(page.get_by_text("AxiosError")).to_have_count(0)
    wait_for_photo(page, "broken.jpg")
    expect(notice).to_be_hidden()


def test_a_photo_that_cannot_be_sent_is_asked_for_again_and_the_next_one_is_taken(open_page, picture):
    page = open_page("/convolution?side=32", expected=BROKEN_OFF)
    ready(page)
    page.clock.install()
    tried: list[str] = []

    def refuse(route: Route) -> None:
        tried.append(route.request.url)
        route.abort("connectionreset")

    page.route("**/_stcore/upload_file/**", refuse)
    upload(page, "refused.jpg", picture())
    notice = page.get_by_role("alert").filter(has_text="refused.jpg did not arrive")
    last = notice.filter(has_text="please upload again")
    while last.count() == 0:
        page.clock.run_for(2000)
    assert len(tried) == 5
    expect(page.get_by_test_id("stFileChip")).to_have_count(0)
    page.unroute("**/_stcore/upload_file/**")
    upload(page, "next.jpg", picture(1))
    wait_for_photo(page, "next.jpg")
    expect(notice).to_be_hidden()


def test_an_upload_leaves_no_trace_on_disk_or_in_the_log(open_page, server, picture):
    page = open_page("/convolution?side=32")
    rng = np.random.default_rng(7)
    noise = rng.integers(0, 256, (1500, 1500, 3), np.uint8)
    buffer = BytesIO()
    Image.fromarray(noise).save(buffer, "PNG")  # 6.7 MB: far above the size that Starlette spools by default
    watched: set[Path] = set()
    page.on("response", lambda _response: watched.update(server.temporary.rglob("*")))
    upload(page, "secret-garden.png", buffer.getvalue())
    wait_for_photo(page, "secret-garden.png")
    watched.update(server.temporary.rglob("*"))
    assert not {path for path in watched if path.is_file() and path.stat().st_size > 100_000}
    assert "secret-garden" not in server.log.read_text(errors="replace")


def test_a_photo_is_taken_with_the_camera_where_the_browser_allows_one(open_page):
    page = ready(open_page("/convolution?side=32", permissions=["camera"]))
    before = shown_pixels(page)
    page.get_by_role("button", name="Samples, camera").click()
    page.get_by_text("Use the camera").click()
    page.wait_for_function("() => document.querySelector('video')?.currentTime > 0")
    page.get_by_role("button", name="Take Photo").click()
    wait_for_photo(page, "Camera photo")
    expect(animation(page).get_by_text("Your photo")).to_be_visible()
    assert not np.array_equal(shown_pixels(page), before)
