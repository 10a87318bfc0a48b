"""models/pictures/opening.py: strangers' files are opened beside the web process, in turns; nobody waits for ever."""

import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import numpy as np
import psutil  # type: ignore[import-untyped]
import pytest
from PIL import Image

from models.limited_process import LimitError
from models.pictures import opening
from models.pictures.opening import CROWDED, FAILED, OPENER, PhotoOpener, decode_plainly
from models.pictures.photo import MAX_BYTES, PhotoError, decode
from models.pictures.photo_limits import TOO_MUCH
from tests.unit.models.pictures.bombs.png import png

PATIENT = 60.0


def photo(seed: int = 1, kind: str = "JPEG", **options) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).resize((800, 600)).save(buffer, kind, **options)
    return buffer.getvalue()


def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENT
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.005)


# With a process ------------------------------------------------------------------------------------------------------


@pytest.fixture
def opener() -> Iterator[PhotoOpener]:
    found = PhotoOpener(at_once=1)
    yield found
    found.close()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF"])
def test_a_photo_is_the_same_as_one_that_is_decoded_here(kind):
    data = photo(kind=kind, exif=b"Exif\0\0" + b"II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0")
    found = OPENER.submit(data, visitor=("", "a"), name="../Bello.jpg", source="camera").photo()
    expected = decode(data)
    assert np.array_equal(found.pixels, expected.pixels)
    assert not found.pixels.flags.writeable
    assert (found.name, found.source, found.original_size) == ("Bello.jpg", "camera", expected.original_size)
    assert not found.location_removed


@pytest.mark.parametrize("data", [b"", b"text", photo()[:9000], bytes(MAX_BYTES + 1), b"%PDF-1.7"])
def test_a_refusal_is_the_decoders_sentence(data):
    with pytest.raises(PhotoError) as expected:
        decode(data)
    with pytest.raises(PhotoError) as found:
        OPENER.submit(data, visitor=("", "a")).photo()
    assert str(found.value) == str(expected.value)


def test_the_web_process_takes_no_strangers_file_apart(monkeypatch):
    def refuse(*_arguments, **_options):
        raise AssertionError("a stranger's file was taken apart here")

    monkeypatch.setattr("models.pictures.opening.decode", refuse)
    monkeypatch.setattr("PIL.Image.open", refuse)
    monkeypatch.setattr("models.pictures.photo.check_structure", refuse)
    assert OPENER.submit(photo(), visitor=("", "a")).photo().original_size == (800, 600)


@pytest.mark.parametrize("limit", ["memory", "time"])
def test_a_file_that_takes_too_much_ends_its_process_and_the_next_photo_has_another(limit, monkeypatch):
    opener = PhotoOpener(at_once=1, memory=2**26 if limit == "memory" else 2**28)
    try:
        small = opener.submit(png(), visitor=("", "a"))
        assert small.photo().original_size == (64, 64)
        [first] = opener.processes()
        monkeypatch.setattr(opening, "SECONDS", 0.1 if limit == "time" else 3.0)
        with pytest.raises(PhotoError) as refusal:
            opener.submit(png(8000, 6000), visitor=("", "a")).photo()
        assert str(refusal.value) == TOO_MUCH
        until(lambda: len(opener.processes()) == 1 and opener.processes() != [first])
        assert not psutil.pid_exists(first) or psutil.Process(first).status() == psutil.STATUS_ZOMBIE
        monkeypatch.setattr(opening, "SECONDS", 3.0)
        assert opener.submit(photo(), visitor=("", "a")).photo().original_size == (800, 600)
    finally:
        opener.close()


def test_a_process_that_dies_over_a_file_costs_nobody_else_anything(opener):
    opener.submit(png(), visitor=("", "a")).photo()
    [number] = opener.processes()
    process = psutil.Process(number)
    process.suspend()
    deadly, next_one = opener.submit(photo(), visitor=("", "a")), opener.submit(photo(2), visitor=("", "b"))
    until(lambda: opener.before(deadly) == 0 and opener.before(next_one) == 1)
    process.kill()
    with pytest.raises(PhotoError) as refusal:
        deadly.photo()
    assert str(refusal.value) == FAILED
    assert np.array_equal(next_one.photo().pixels, decode(photo(2)).pixels)


def test_it_is_warm_before_the_first_photo_and_small(opener):
    opener.warm_up()
    until(lambda: len(opener.processes()) == 1)
    opener.warm_up()
    opener.submit(photo(), visitor=("", "a")).photo()
    [number] = opener.processes()
    assert psutil.Process(number).memory_info().rss < 150 * 10**6


def test_many_at_once_are_all_opened_by_two_processes():
    opener = PhotoOpener(at_once=2)
    try:
        found = [(seed, opener.submit(photo(seed), visitor=("", str(seed % 3)))) for seed in range(12)]
        for seed, one in found:
            assert np.array_equal(one.photo().pixels, decode(photo(seed)).pixels)
        assert len(opener.processes()) == 2
    finally:
        opener.close()


def test_nobody_keeps_a_photo_whose_visitor_has_left(opener):
    waiting = opener.submit(photo(), visitor=("", "a"))
    found = weakref.ref(waiting.photo())
    del waiting
    assert found() is None


def test_plain_data_is_all_that_comes_back():
    answer = decode_plainly(photo())
    assert isinstance(answer, tuple)
    assert [type(one) for one in answer] == [np.ndarray, tuple, bool, bool]
    assert isinstance(decode_plainly(b"text"), str)


# Turns, with a process that does what the test says ------------------------------------------------------------------


class Stage:
    """Opens a file when the test says so, and notes which."""

    def __init__(self) -> None:
        self.begun: list[bytes] = []
        self._go = threading.Semaphore(0)
        self.answer: Any = (np.zeros((16, 16, 3), np.uint8), (16, 16), False, False)

    pid = os.getpid()

    def start(self) -> None: ...

    def close(self) -> None:
        self._go.release()

    def ask(self, module: str, function: str, data: bytes, *, seconds: float) -> Any:
        self.begun.append(data)
        self._go.acquire()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def open_one(self) -> None:
        self._go.release()


@pytest.fixture
def stage(monkeypatch) -> Stage:
    found = Stage()
    monkeypatch.setattr(opening, "LimitedProcess", lambda **_options: found)
    return found


def test_visitors_take_turns_and_each_knows_how_many_come_first(stage):
    opener = PhotoOpener(at_once=1)
    files = {}
    for name in ("a1", "a2", "a3", "b1", "c1", "b2"):
        files[name] = opener.submit(name.encode(), visitor=("", name[0]))
        until(lambda: stage.begun != [])
    assert {name: opener.before(one) for name, one in files.items()} == {
        "a1": 0, "a2": 1, "b1": 2, "c1": 3, "a3": 4, "b2": 5,
    }  # fmt: skip
    for count, name in enumerate(("a1", "a2", "b1", "c1", "a3", "b2"), 1):
        until(lambda count=count: len(stage.begun) == count)  # type: ignore[misc]
        assert stage.begun[-1] == name.encode()
        stage.open_one()
        files[name].photo()
    assert [opener.before(one) for one in files.values()] == [0] * 6


def test_who_sends_one_photo_waits_for_one_of_who_sends_a_hundred(stage):
    opener = PhotoOpener(at_once=1)
    flood = [opener.submit(b"flood", visitor=("", "a")) for _ in range(100)]
    until(lambda: stage.begun != [])
    mine = opener.submit(b"mine", visitor=("", "b"))
    assert opener.before(mine) <= 2
    assert opener.before(flood[-1]) == 100
    for _ in range(2):
        stage.open_one()
    mine_begun = lambda: b"mine" in stage.begun  # noqa: E731
    until(mine_begun)


def test_who_leaves_is_not_waited_for(stage):
    opener = PhotoOpener(at_once=1)
    busy = opener.submit(b"busy", visitor=("", "a"))
    until(lambda: stage.begun != [])
    left = [opener.submit(b"left", visitor=("", "b")) for _ in range(5)]
    mine = [opener.submit(b"mine", visitor=("", "c")) for _ in range(3)]
    assert opener.before(mine[2]) == 6
    gone = weakref.ref(left[0])
    left.clear()
    assert gone() is None
    assert opener.before(mine[2]) == 3
    for _ in range(4):
        stage.open_one()
    for one in (busy, *mine):
        one.photo()
    assert b"left" not in stage.begun


def test_what_waits_is_bounded_for_one_visitor_and_for_all(stage, monkeypatch):
    monkeypatch.setattr(opening, "MOST_WAITING_OF_ONE", 100)
    monkeypatch.setattr(opening, "MOST_WAITING_OF_NETWORK", 120)
    monkeypatch.setattr(opening, "MOST_WAITING", 150)
    opener = PhotoOpener(at_once=1)
    busy = opener.submit(b"busy", visitor=("", "a"))
    until(lambda: stage.begun != [])
    waiting = [opener.submit(bytes(50), visitor=("", "a")) for _ in range(2)]
    for network, browser, size, accepted in (
        ("", "a", 1, False),
        ("", "forged", 21, False),
        ("", "forged", 20, True),
        ("other", "b", 31, False),
        ("other", "b", 30, True),
        ("other", "c", 1, False),
    ):
        one = opener.submit(bytes(size), visitor=(network, browser))
        assert one.wait(0) is not accepted
        if not accepted:
            with pytest.raises(PhotoError) as refusal:
                one.photo()
            assert str(refusal.value) == CROWDED
        waiting.append(one)
    waiting.clear()
    assert not opener.submit(bytes(100), visitor=("", "a")).wait(0)
    stage.open_one()
    busy.photo()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (LimitError("memory", "x"), TOO_MUCH),
        (LimitError("time", "x"), TOO_MUCH),
        (LimitError("died", "x"), FAILED),
        (LimitError("raised", "/root/secret"), FAILED),
        (RuntimeError("x"), FAILED),
        ("A sentence.", "A sentence."),
        (None, FAILED),
        ((1, 2), FAILED),
        ((np.zeros((16, 16)), (16, 16), False, False), FAILED),
        ((np.zeros((16, 16, 3), np.uint8), "16", False, False), FAILED),
    ],
)
def test_whatever_the_process_answers_the_visitor_gets_a_photo_or_a_sentence(answer, sentence, stage):
    stage.answer = answer
    opener = PhotoOpener(at_once=1)
    one = opener.submit(b"file", visitor=("", "a"))
    stage.open_one()
    with pytest.raises(PhotoError) as refusal:
        one.photo()
    assert str(refusal.value) == sentence
