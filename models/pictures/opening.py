"""How a stranger's file becomes a photo: in a process beside the web process, one or two at a time, in fair order.

The web process never takes such a file apart. Whoever sends many files waits behind whoever sends one: visitors take
turns. A file that takes more memory or time than one photo may ends the process that opens it, and another one starts.
"""

import os
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

import numpy as np
import psutil  # type: ignore[import-untyped]

from models.fair_line import FairLine, Who
from models.limited_process import LimitedProcess, LimitError
from models.pictures.photo import Photo, PhotoError, Source, decode
from models.pictures.photo_limits import MEMORY_BYTES, SECONDS, check_length, too_much

AT_ONCE = min(2, os.cpu_count() or 1)
"""Files that are opened at the same time, for all visitors together."""

GROWTH_BYTES = 24 * 2**20
"""How much a process may have grown after an answer before it makes room for a new one."""

MOST_WAITING, MOST_WAITING_OF_NETWORK, MOST_WAITING_OF_ONE = 2000 * 10**6, 1500 * 10**6, 500 * 10**6
"""Bytes of files that may wait, of all visitors, of a network and of a browser: they lie in memory. A hundred photos
have 400 MB."""

CROWDED = "Too many photos wait to be opened at the moment: please choose this one again a little later."

FAILED = "Opening this file has failed: please choose it again, or save the photo as JPEG or PNG and choose that file."

_Decoded: TypeAlias = tuple[np.ndarray, tuple[int, int], bool, bool]


class Opening:
    """A file on its way to become a photo. Who lets go of it, takes it out of the queue.

    Args:
        data: the file's bytes.
        name: the file's name, shown to the visitor.
        source: where the file comes from.

    Attributes:
        size: of the file, in bytes.
    """

    def __init__(self, data: bytes, name: str, source: Source) -> None:
        self._data: bytes | None = data
        self.size = len(data)
        self._name, self._source = name, source
        self._ended = threading.Event()
        self._outcome: Photo | PhotoError | None = None

    def wait(self, seconds: float) -> bool:
        """Wait until the photo is open or refused, at most so long, and return whether it is."""
        return self._ended.wait(seconds)

    def photo(self) -> Photo:
        """Return the photo, waiting for it if need be.

        Raises:
            PhotoError: the file cannot be used; the text says why, and what to do.
        """
        self._ended.wait()
        if isinstance(self._outcome, Photo):
            return self._outcome
        assert self._outcome is not None
        raise self._outcome

    def refuse(self, sentence: str) -> None:
        """End the waiting: there will be no photo."""
        self._data, self._outcome = None, PhotoError(sentence)
        self._ended.set()

    def open_in(self, process: LimitedProcess) -> None:
        """Have a process open the file."""
        data, self._data = self._data, None
        try:
            assert data is not None
            check_length(len(data))
            answer = process.ask(decode_plainly.__module__, decode_plainly.__name__, data, seconds=SECONDS)
            self._outcome = self._checked(answer)
        except PhotoError as error:
            self._outcome = error.with_traceback(None)
        except LimitError as error:
            self._outcome = too_much() if error.reason in ("memory", "time") else PhotoError(FAILED)
        except Exception:  # noqa: BLE001 - whoever waits for this photo would wait for ever
            self._outcome = PhotoError(FAILED)
        finally:
            self._ended.set()

    def _checked(self, answer: object) -> Photo | PhotoError:
        """The photo of an answer. Its process has taken a stranger's file apart: it is not trusted either."""
        match answer:
            case str(text):
                return PhotoError(text)
            case (np.ndarray() as pixels, (int(width), int(height)), bool(located), bool(end_missing)):
                return Photo(pixels, self._name, self._source, (width, height), located, end_missing)
        return PhotoError(FAILED)


def decode_plainly(data: bytes) -> _Decoded | str:
    """Return what `decode` finds as plain data, or the sentence of its refusal. Runs in the process beside."""
    try:
        photo = decode(data)
    except PhotoError as error:
        return str(error)
    return photo.pixels, photo.original_size, photo.location_removed, photo.end_missing


class PhotoOpener:
    """Opens files for all visitors, in the order of turns.

    Args:
        at_once: files that are opened at the same time, each in a process of its own.
        memory: bytes that opening one file may take.
    """

    def __init__(self, at_once: int = AT_ONCE, memory: int = MEMORY_BYTES) -> None:
        self._at_once, self._memory = at_once, memory
        self._change = threading.Condition()
        # Nobody but their visitor's session holds the files that wait.
        self._line: FairLine[weakref.ref[Opening]] = FairLine()
        self._busy = 0
        self._processes: list[LimitedProcess] = []
        self._closed = False

    def submit(self, data: bytes, *, visitor: Who, name: str = "", source: Source = "upload") -> Opening:
        """Put a file at the end of its visitor's line.

        Args:
            data: the file's bytes.
            visitor: whose file it is: visitors take turns.
            name: the file's name, shown to the visitor.
            source: where the file comes from.
        """
        opening = Opening(data, name, source)
        with self._change:
            if self._is_crowded(visitor, len(data)):
                opening.refuse(CROWDED)
                return opening
            self._line.put(visitor, weakref.ref(opening))
            if self._busy + len(self._line) > len(self._processes) < self._at_once:
                self._begin()
            self._change.notify()
        return opening

    def before(self, opening: Opening) -> int:
        """Return how many files are opened before this one: those that are being opened, and those whose turn is first.

        0 for one that is open or being opened itself.
        """
        with self._change:
            self._forget_leavers()
            ahead = self._line.before(weakref.ref(opening))
            return 0 if ahead is None else self._busy + ahead

    def warm_up(self) -> None:
        """Start a process in the background, so that the first photo need not wait for it."""
        with self._change:
            if not self._processes:
                self._begin()

    def processes(self) -> list[int]:
        """Return the numbers of the processes that run."""
        with self._change:
            return [process.pid for process in self._processes if process.pid is not None]

    def close(self) -> None:
        """End all processes. What still waits is not opened any more."""
        with self._change:
            self._closed = True
            self._change.notify_all()
            processes = list(self._processes)
        for process in processes:
            process.close()

    def _is_crowded(self, visitor: Who, size: int) -> bool:
        self._forget_leavers()
        waiting = [(who, one.size) for who, entry in self._line.items() if (one := entry()) is not None]
        of_network = sum(size for (network, _), size in waiting if network == visitor[0])
        of_one = sum(size for who, size in waiting if who == visitor)
        return (
            of_one + size > MOST_WAITING_OF_ONE
            or of_network + size > MOST_WAITING_OF_NETWORK
            or sum(size for _, size in waiting) + size > MOST_WAITING
        )

    def _begin(self) -> None:
        process = LimitedProcess(memory=self._memory, modules=(__name__,))
        self._processes.append(process)
        threading.Thread(target=self._serve, args=(process,), name="photos", daemon=True).start()

    def _serve(self, process: LimitedProcess) -> None:
        level = self._start(process)
        while True:
            with self._next() as opening:
                if opening is None:
                    return
                opening.open_in(process)
            del opening  # while this thread waits, it must not hold a photo
            if process.pid is None or _resident(process.pid) > level + GROWTH_BYTES:
                process.close()
                level = self._start(process)

    def _start(self, process: LimitedProcess) -> int:
        """Start a process and return how many bytes it holds."""
        try:
            process.start()
        except LimitError:
            return 0  # the first file tries again
        return _resident(process.pid)

    @contextmanager
    def _next(self) -> Iterator[Opening | None]:
        """Wait for the next file, which counts as being opened until its work is done; None if there are no more."""
        opening: Opening | None = None
        with self._change:
            while not self._closed and (opening := self._take()) is None:
                self._change.wait()
            if self._closed:
                opening = None
            self._busy += 1
        try:
            yield opening
        finally:
            del opening
            with self._change:
                self._busy -= 1

    def _take(self) -> Opening | None:
        self._forget_leavers()
        entry = self._line.take()
        return entry() if entry is not None else None

    def _forget_leavers(self) -> None:
        self._line.keep(lambda entry: entry() is not None)


def _resident(pid: int | None) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss) if pid is not None else 0
    except psutil.Error:
        return 0


OPENER = PhotoOpener()
"""Of this server. Its processes end with it, however it ends: what they read ends then."""


def warm_up_later(seconds: float) -> None:
    """Start the process that opens photos after a while: what the visitor waits for now comes first."""

    def start() -> None:
        time.sleep(seconds)
        OPENER.warm_up()

    threading.Thread(target=start, name="photos start", daemon=True).start()
