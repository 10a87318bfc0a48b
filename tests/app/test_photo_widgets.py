"""The photo: taken over when it is good, refused in a sentence when it is not, everywhere with its own visitor only."""

import gc
import html
import time
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import psutil  # type: ignore[import-untyped]
import pytest

from components.photo import opening
from models.pictures.opening import PhotoOpener
from models.pictures.photo import PhotoError, decode
from models.pictures.samples import DEFAULT, SAMPLES, sample
from tests.app.visitor import Visitor

SIDE = 128


def shows(visitor: Visitor, photo) -> bool:
    """Whether the convolution's photo is this one."""
    return np.array_equal(visitor.input_pixels, photo.square(SIDE))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP"])
def test_an_uploaded_photo_is_the_one_that_the_filter_slides_over(on_convolution, picture, kind):
    assert shows(on_convolution, sample(DEFAULT))
    data = picture(kind=kind)
    on_convolution.upload("Bello.jpg", data)
    assert shows(on_convolution, decode(data))
    assert not shows(on_convolution, sample(DEFAULT))
    assert on_convolution.data()["texts"]["photo"] == "Your photo"
    assert "Bello.jpg" in on_convolution.markup
    assert not on_convolution.app.error


def test_the_uploader_is_empty_again_after_a_photo(on_convolution, picture):
    first = on_convolution.app.file_uploader[0].key
    on_convolution.upload("Bello.jpg", picture())
    assert on_convolution.app.file_uploader[0].key != first
    assert not on_convolution.app.file_uploader[0].value


def test_streamlit_lets_go_of_the_file(monkeypatch, on_convolution, picture):
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

    let_go = []
    remove = MemoryUploadedFileManager.remove_file

    def noted(self, session_id, file_id):
        let_go.append(file_id)
        remove(self, session_id, file_id)

    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", noted)
    on_convolution.upload("Bello.jpg", picture())
    assert len(let_go) == 1
    on_convolution.upload("notes.txt", b"no picture")
    assert len(let_go) == 2


def test_a_file_that_was_let_go_of_may_come_again(monkeypatch, on_convolution, picture):
    # A visitor who clicks before the page is redrawn sends the old uploader once more, without its file.
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

    on_convolution.upload("Bello.jpg", picture())
    monkeypatch.setattr(MemoryUploadedFileManager, "get_files", lambda *_args, **_more: [])
    on_convolution.upload("Bello.jpg", picture(seed=2))
    assert not on_convolution.app.exception
    assert shows(on_convolution, decode(picture()))


@pytest.mark.parametrize(
    "data",
    [b"", b"just text", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0" + bytes(100), b"<svg xmlns='http://www.w3.org/2000/svg'/>"],
    ids=["empty", "text", "pdf", "damaged", "svg"],
)
def test_a_bad_file_is_refused_with_the_decoders_sentence_and_the_photo_stays(on_convolution, picture, data):
    good = picture()
    on_convolution.upload("Bello.jpg", good)
    on_convolution.upload("bad.jpg", data)
    with pytest.raises(PhotoError) as refusal:
        decode(data, name="bad.jpg")
    (error,) = on_convolution.app.error
    assert error.value == f"{refusal.value} The page still shows: Bello.jpg."
    assert shows(on_convolution, decode(good))
    assert not on_convolution.app.exception


def test_a_refusal_is_gone_after_a_good_photo(on_convolution, picture):
    on_convolution.upload("bad.jpg", b"just text")
    assert len(on_convolution.app.error) == 1
    on_convolution.upload("Bello.jpg", picture())
    assert not on_convolution.app.error


def test_a_refusal_is_gone_after_a_sample(on_convolution):
    on_convolution.upload("bad.jpg", b"just text")
    on_convolution.click("sample-drawn-cat")
    assert not on_convolution.app.error


def test_a_photo_without_its_end_marker_is_shown_with_a_remark(on_convolution, picture):
    on_convolution.upload("broken off.jpg", picture()[:-2])
    assert shows(on_convolution, decode(picture()))
    assert "your photo, the end of its file is missing" in on_convolution.markup


@pytest.mark.parametrize("sample_id", SAMPLES)
def test_a_sample_button_shows_its_sample(on_convolution, picture, sample_id):
    on_convolution.upload("Bello.jpg", picture())
    on_convolution.click(f"sample-{sample_id}")
    photo = sample(sample_id)
    assert shows(on_convolution, photo)
    assert html.escape(photo.name) in on_convolution.markup
    assert on_convolution.data()["texts"]["photo"] == ("Sample photo" if SAMPLES[sample_id].credit else "Drawn picture")


def test_the_photo_follows_its_visitor_to_every_page(visitor, picture):
    visitor.open("home").upload("Bello.jpg", picture())
    assert "<strong>Bello.jpg</strong>" in visitor.markup
    visitor.open("convolution")
    assert shows(visitor, decode(picture()))
    visitor.open("home")
    assert "Bello.jpg" in visitor.markup


def test_two_visitors_do_not_see_each_others_photos(picture):
    first, second, third = (Visitor().open("convolution") for _ in range(3))
    first.upload("Bello.jpg", picture(seed=1))
    second.upload("Rex.jpg", picture(seed=2))
    for visitor in (first, second, third):
        visitor.app.run()
    assert shows(first, decode(picture(seed=1)))
    assert shows(second, decode(picture(seed=2)))
    assert shows(third, sample(DEFAULT))
    assert "Rex.jpg" not in first.markup
    assert "Bello.jpg" not in second.markup
    assert "Bello.jpg" not in third.markup
    assert "Rex.jpg" not in third.markup


def test_a_files_name_is_text_and_never_markup(visitor, picture):
    visitor.open("convolution").upload("<img src=x onerror=alert(1)>.jpg", picture())
    assert "<img src=x" not in visitor.markup
    assert "&lt;img src=x onerror=alert(1)&gt;.jpg" in visitor.markup


def test_a_files_name_is_no_markdown_in_the_refusal_after_it(visitor, picture):
    visitor.open("convolution").upload("**bold** [link](x) $x$.jpg", picture())
    visitor.upload("bad.jpg", b"just text")
    (error,) = visitor.app.error
    assert "**bold**" not in error.value.replace(r"\*", "")


@pytest.mark.parametrize(
    ("url", "offered"),
    [
        ("https://school.example/convolution", True),
        ("http://localhost:8501/", True),
        ("http://127.0.0.1:8501/", True),
        ("http://192.168.1.20:8501/", False),
        ("http://localhost.example/", False),
    ],
)
def test_the_camera_is_offered_only_where_browsers_hand_it_out(visitor, url, offered):
    visitor.app.context["url"] = url
    visitor.open("convolution")
    assert [toggle.label for toggle in visitor.app.toggle] == (["Use the camera"] if offered else [])
    assert not visitor.app.camera_input


def test_a_picture_of_the_camera_is_a_photo_like_any_other(visitor, picture):
    visitor.app.context["url"] = "http://localhost:8501/"
    visitor.open("convolution")
    visitor.app.toggle[0].set_value(True).run()
    visitor.app.camera_input[0].set_value(("camera.jpg", picture(seed=9), "image/jpeg")).run()
    assert shows(visitor, decode(picture(seed=9)))
    assert visitor.data()["texts"]["photo"] == "Your photo"


# A photo that has to wait ---------------------------------------------------------------------------------------------


@pytest.fixture
def crowd(monkeypatch) -> Iterator[tuple[PhotoOpener, psutil.Process]]:
    """Open photos one at a time, by a process that stands still at first, and let no page wait for it."""
    opener = PhotoOpener(at_once=1)
    opener.submit(b"text", visitor=("", "warm")).wait(60)
    [number] = opener.processes()
    process = psutil.Process(number)
    process.suspend()
    monkeypatch.setattr(opening, "OPENER", opener)
    monkeypatch.setattr(opening, "PATIENCE", 0.0)
    yield opener, process
    with suppress(psutil.Error):
        process.resume()
    opener.close()


def notes(visitor: Visitor) -> list[str]:
    return [one.value for one in visitor.app.info if "open" in one.value]


def see(visitor: Visitor, photo) -> None:
    """Look again, as a browser does twice a second, until the page shows a photo."""
    for _ in range(600):
        visitor.app.run()
        if shows(visitor, photo):
            return
        time.sleep(0.05)
    raise AssertionError("the photo never came")


def test_a_page_says_what_a_photo_waits_for_and_shows_it_when_it_is_open(crowd, picture):
    opener, process = crowd
    first, second = (Visitor().open("convolution") for _ in range(2))
    first.upload("Bello.jpg", picture(seed=1))
    assert notes(first) == ["Your photo Bello.jpg is being opened …"]
    others = [opener.submit(picture(seed=3), visitor=("", "somebody")) for _ in range(4)]
    second.upload("**Rex**.jpg", picture(seed=2))
    assert notes(second) == [r"2 photos are opened before yours, \*\*Rex\*\*.jpg."]
    assert shows(second, sample(DEFAULT))
    assert not second.app.exception
    assert second.app.file_uploader[0].value is None
    process.resume()
    see(first, decode(picture(seed=1)))
    see(second, decode(picture(seed=2)))
    assert not notes(first) + notes(second)
    assert "Rex" in second.markup
    assert len(others) == 4


def test_one_photo_before_is_one(crowd, picture):
    opener, _ = crowd
    busy = opener.submit(picture(seed=1), visitor=("", "somebody"))
    visitor = Visitor().open("convolution")
    visitor.upload("Rex.jpg", picture(seed=2))
    assert notes(visitor) == ["1 photo is opened before yours, Rex.jpg."]
    assert not busy.wait(0)


def test_who_chooses_something_else_meanwhile_keeps_that(crowd, picture):
    _, process = crowd
    visitor = Visitor().open("convolution")
    visitor.upload("late.jpg", picture(seed=1))
    visitor.click("sample-drawn-cat")
    assert not notes(visitor)
    process.resume()
    visitor.upload("newer.jpg", picture(seed=2))
    visitor.upload("newest.jpg", picture(seed=4))
    see(visitor, decode(picture(seed=4)))
    assert "newest.jpg" in visitor.markup


def test_a_photo_that_waits_follows_its_visitor_to_the_next_page(crowd, picture):
    _, process = crowd
    visitor = Visitor().open("convolution")
    visitor.upload("Bello.jpg", picture(seed=1))
    visitor.open("pooling")
    assert notes(visitor) == ["Your photo Bello.jpg is being opened …"]
    visitor.open("convolution")
    process.resume()
    see(visitor, decode(picture(seed=1)))


def test_a_bad_file_that_waited_is_refused_in_its_sentence(crowd):
    _, process = crowd
    visitor = Visitor().open("convolution")
    visitor.upload("bad.jpg", b"just text")
    assert not visitor.app.error
    process.resume()
    for _ in range(600):
        visitor.app.run()
        if visitor.app.error:
            break
        time.sleep(0.05)
    assert visitor.app.error[0].value.startswith("This file is not a picture")
    assert not notes(visitor)


def test_a_photo_is_kept_for_a_browsers_next_session_no_longer_than_its_last_one(picture, monkeypatch):
    browser = "b" * 32
    monkeypatch.setattr("components.photo.page_browser", lambda: browser)
    first = Visitor().open("convolution").upload("Bello.jpg", picture())
    second = Visitor().open("convolution")
    assert shows(second, decode(picture()))
    del first, second
    gc.collect()
    assert shows(Visitor().open("convolution"), sample(DEFAULT))
