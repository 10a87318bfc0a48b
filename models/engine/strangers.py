"""Networks that came with somebody's run: they are opened and computed in a process of their own, with bounds.

Nobody knows what such a network takes before it is asked. The networks that come along and those that were trained here
are asked meanwhile, by the worker itself.
"""

import os
import threading
from pathlib import Path
from typing import Any

from models.engine import settings
from models.engine.questions import Question, computed
from models.limited_process import LimitedProcess, LimitError
from models.networks.graph_bounds import excess_of
from models.runs.run_directory import ORIGIN

MEMORY_BYTES = 2 * 2**30
SECONDS = 60.0
"""Most processor time for an answer, of all processors together (ENGINE_STRANGER_SECONDS)."""

JOB_SECONDS = 300.0
"""The same for a question of which the asker knows that it takes minutes."""

IDLE_SECONDS = 300.0
"""The process ends some time after its last answer: it holds TensorFlow, some 700 MB."""

_NO_MEMORY = ("ResourceExhaustedError", "MemoryError", "bad_alloc")

_EXCESS = {
    "memory": f"more memory than the {MEMORY_BYTES / 2**30:.0f} GB that such a network may take",
    "time": "longer than such a network may take",
}


def brought_in(arguments: tuple[Any, ...]) -> Path | None:
    """Return the folder of the run whose network a question is about, if that run was brought here; else None.

    Args:
        arguments: of the question. A network that has no name is named by a path: a run's folder, or a file in it.
    """
    for text in arguments:
        if isinstance(text, str) and ("/" in text or os.sep in text):
            path = Path(os.path.expanduser(text))  # noqa: PTH111 - a home that nobody has stays a name
            for folder in (path, path.parent, path.parent.parent):
                if (folder / ORIGIN).is_file():
                    return folder
    return None


def answer(question: Question[Any], arguments: tuple[Any, ...], folder: Path, seconds: float) -> tuple[bool, Any]:
    """Answer a question about a stranger's network in the process with bounds; see `questions.answer`.

    Args:
        question: one of `models.engine.questions`.
        arguments: for the function that answers it.
        folder: of the run that was brought here.
        seconds: that the asker waits.
    """
    bound = settings.seconds("ENGINE_STRANGER_SECONDS", SECONDS if seconds <= SECONDS else JOB_SECONDS)
    try:
        found: tuple[bool, Any] = _resident.computed(question, arguments, folder, bound)
    except LimitError as error:
        said = _EXCESS.get(error.reason)
        if said is None:
            return False, f"The network of the run {folder.name} could not answer: {error}"
        return False, f"The network of the run {folder.name} was brought in, and its answer takes {said}."
    return found


class _Resident:
    """The process with bounds, which stays for a while after an answer."""

    def __init__(self) -> None:
        self._process = LimitedProcess(memory=MEMORY_BYTES, modules=("keras", "models.networks.inference"), niceness=10)
        self._asking = threading.Lock()
        self._rest: threading.Timer | None = None

    def computed(self, question: Question[Any], arguments: tuple[Any, ...], folder: Path, bound: float) -> Any:
        with self._asking:
            if self._rest is not None:
                self._rest.cancel()
            try:
                return self._process.ask(__name__, "computed_within_bounds", question, arguments, folder, seconds=bound)
            finally:
                self._rest = threading.Timer(IDLE_SECONDS, self._end)
                self._rest.daemon = True
                self._rest.start()

    def _end(self) -> None:
        with self._asking:
            self._process.close()


_resident = _Resident()


def computed_within_bounds(question: Question[Any], arguments: tuple[Any, ...], folder: Path) -> tuple[bool, Any]:
    """Answer a question in the process with bounds, unless the network is too large already by its description.

    Raises:
        MemoryError: the bound on memory was met; TensorFlow says so in words of its own.
    """
    for name in ("best.keras", "last.keras"):
        if (folder / name).is_file() and (excess := excess_of(folder / name)):
            return False, excess
    found, value = computed(question, arguments)
    if not found and any(name in value for name in _NO_MEMORY):
        raise MemoryError
    return found, value
