"""A process beside this one for what strangers have sent: with bounds on memory and time, ended when it exceeds them.

A file that unpacks to gigabytes, or a network that computes for hours, then costs nobody else anything.
"""

import contextlib
import importlib
import io
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from typing import IO, Any, Literal

import psutil  # type: ignore[import-untyped]

from models.storage import ROOT, without_paths

Reason = Literal["memory", "time", "died", "raised"]

START_SECONDS = 120.0
"""How long the process may take to load its modules on a busy machine."""

WAITING_SHARE = 20.0
"""A question may take this many times its processor time: on a busy machine, a process waits for its turn."""

LOOK_SECONDS = 0.01
SLACK_BYTES = 256 * 2**20
"""How far the operating system's own bound lies above ours, which is looked at from outside, a moment late."""

_SECRETS = ("TEACHER_PASSWORD",)
_LENGTH_BYTES = 8
_PLAIN = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy._core.numeric", "_frombuffer"),
}


class LimitError(Exception):
    """There is no answer. `str()` is a sentence.

    Attributes:
        reason: "memory" or "time" if the question took too much of it, "died" if the process ended by itself, "raised"
            if the function raised an exception.
    """

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason: Reason = reason


class LimitedProcess:
    """A Python process that answers one question after the other. Safe to use from several threads.

    It starts with the first question or with `start`, stays for the next ones, and ends with `close`, with this
    process, however that ends, or when a question exceeds a bound; the next question starts another one.
    """

    def __init__(self, *, memory: int, modules: Sequence[str] = (), niceness: int = 0) -> None:
        """Set the bounds; nothing is started yet.

        Args:
            memory: bytes that a question may take beyond what the process has when its modules are loaded.
            modules: are loaded before the first question, and are not counted.
            niceness: how far the process steps behind others when they want the processor, 0 to 19.
        """
        self._memory = memory
        self._modules = tuple(modules)
        self._niceness = niceness
        self._asking = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._answers: SimpleQueue[bytes | None] = SimpleQueue()
        self._level = 0

    def __enter__(self) -> "LimitedProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process's number, or None if none runs."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def start(self) -> None:
        """Start the process now, so that the first question need not wait for it.

        Raises:
            LimitError: it does not start.
        """
        with self._asking:
            self._started()

    def ask(self, module: str, function: str, *arguments: Any, seconds: float) -> Any:
        """Call a function in the process and return what it returns.

        Args:
            module: where the function is, such as "models.runs.transfer".
            function: its name.
            arguments: whatever can be pickled.
            seconds: processor time that the call may take.

        Returns:
            The function's result: None, booleans, numbers, texts, bytes, NumPy arrays, and lists, tuples, sets and
            dictionaries of them.

        Raises:
            LimitError: the call took more memory or time than it may, ended the process, or raised an exception.
        """
        with self._asking:
            child = self._started()
            answer = self._answer_within(child, (module, function, arguments, seconds), seconds)
            if answer is None or not isinstance(answer, tuple):
                self._end()
                raise LimitError("died", "The process that was asked has ended.")
            kind, value = answer
            if kind == "memory":
                self._end()
                raise LimitError("memory", "This takes more memory than it may.")
            if kind == "raised":
                raise LimitError("raised", value)
            return value

    def close(self) -> None:
        """End the process."""
        with self._asking:
            self._end()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        environment = {name: value for name, value in os.environ.items() if name not in _SECRETS}
        paths = (str(ROOT), environment.get("PYTHONPATH", ""))
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        self._child = child = subprocess.Popen(
            [sys.executable, "-m", "models.limited_process", str(self._memory), str(self._niceness), *self._modules],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert child.stdout is not None
        self._answers = SimpleQueue()
        threading.Thread(target=_collect, args=(child.stdout, self._answers), daemon=True).start()
        try:
            ready = self._answers.get(timeout=START_SECONDS)
        except Empty:
            ready = None
        if ready is None:
            self._end()
            raise LimitError("died", "A process for this could not be started.")
        self._level = psutil.Process(child.pid).memory_info().rss
        return child

    def _answer_within(self, child: subprocess.Popen[bytes], question: Any, seconds: float) -> Any:
        """The answer, as the child sent it; None if the child has ended."""
        assert child.stdin is not None
        watched = psutil.Process(child.pid)
        try:
            before, begin = _processor_seconds(watched), time.monotonic()
            _write(child.stdin, pickle.dumps(question))
            while True:
                try:
                    sent = self._answers.get(timeout=LOOK_SECONDS)
                except Empty:
                    self._look(watched, before + seconds, begin + seconds * WAITING_SHARE)
                else:
                    return None if sent is None else _PlainUnpickler(io.BytesIO(sent)).load()
        except (OSError, psutil.Error, pickle.UnpicklingError):
            return None

    def _look(self, watched: Any, processor_end: float, end: float) -> None:
        """End the process and raise LimitError if it has exceeded a bound."""
        problem: LimitError | None = None
        if watched.memory_info().rss - self._level > self._memory:
            problem = LimitError("memory", "This takes more memory than it may.")
        elif _processor_seconds(watched) > processor_end or time.monotonic() > end:
            problem = LimitError("time", "This takes longer than it may.")
        if problem is not None:
            self._end()
            raise problem

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        with contextlib.suppress(OSError):
            assert child.stdin is not None
            child.stdin.close()


def _collect(stream: IO[bytes], answers: "SimpleQueue[bytes | None]") -> None:
    """Put what the child sends into a queue, and None when it has ended."""
    with stream:
        while (sent := _read(stream)) is not None:
            answers.put(sent)
            del sent  # may be a visitor's photo: nobody holds it while this waits for the next one
    answers.put(None)


def _processor_seconds(process: Any) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)


class _PlainUnpickler(pickle.Unpickler):
    """Reads plain data and arrays, and no program: what has read a stranger's file is not trusted any more."""

    def find_class(self, module: str, name: str) -> Any:
        """Return the class of an array or its type; refuse everything else."""
        if (module, name) in _PLAIN or module == "numpy.dtypes":
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no plain data")


def _write(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(data)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes | None:
    """Return what `_write` wrote; None at the end."""
    length = stream.read(_LENGTH_BYTES)
    if len(length) < _LENGTH_BYTES:
        return None
    wanted = int.from_bytes(length, "big")
    data = stream.read(wanted)
    return data if len(data) == wanted else None


# The child ------------------------------------------------------------------------------------------------------------


def main(arguments: list[str]) -> None:
    """Answer questions from the standard input until it ends."""
    memory, niceness, *modules = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end ends this process
    # Whatever is printed while a question is answered must not come between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    process = psutil.Process()
    if int(niceness) and os.name == "posix":
        process.nice(int(niceness))
    for module in modules:
        importlib.import_module(module)
    _bound_memory(int(memory))
    questions: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(questions,), daemon=True).start()
    _write(answers, b"ready")
    while True:
        module, function, given, seconds = pickle.loads(questions.get())
        _bound_processor(_processor_seconds(process) + seconds)
        _write(answers, _answer(module, function, given))
        del given  # may be a visitor's photo: nobody holds it while this waits for the next one


def _listen(questions: "SimpleQueue[bytes]") -> None:
    while (question := _read(sys.stdin.buffer)) is not None:
        questions.put(question)
        del question
    os._exit(0)  # the parent is gone


def _answer(module: str, function: str, given: tuple[Any, ...]) -> bytes:
    try:
        answer: tuple[str, Any] = ("value", getattr(importlib.import_module(module), function)(*given))
        return pickle.dumps(answer, protocol=5)
    except MemoryError:
        answer = ("memory", "")
    except Exception as error:  # noqa: BLE001 - it becomes a sentence of the parent's LimitError
        answer = ("raised", without_paths(error)[:1000] or type(error).__name__)
    return pickle.dumps(answer)


if sys.platform == "win32":

    def _bound_memory(_memory: int) -> None:
        """Leave it to the parent, which looks from outside."""

    def _bound_processor(_seconds: float) -> None:
        """Leave it to the parent, which looks from outside."""

else:
    import resource

    def _bound_memory(memory: int) -> None:
        """Let the system refuse memory, too, should the parent look too late; and write no memory to the disk."""
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":
            # What the process has reserved already (for threads, above all) counts, too.
            reserved = getattr(psutil.Process().memory_info(), "data", 0)
            bound = reserved + memory + SLACK_BYTES
            resource.setrlimit(resource.RLIMIT_DATA, (bound, bound))

    def _bound_processor(seconds: float) -> None:
        """Let the system end this process, too, should the parent have been stopped."""
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 5, hard))


if __name__ == "__main__":
    main(sys.argv[1:])
