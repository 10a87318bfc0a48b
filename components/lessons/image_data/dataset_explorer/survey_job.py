"""A survey of a dataset on its way: asked of the engine once for all visitors; the page looks how far it is."""

import contextlib
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from components.engine.notice import engine_or_word
from components.lessons.training.data_facts import forget, opened
from components.networks.pictures import PartPictures
from components.photo.uploads import plain
from components.scene import rerun
from components.shell.press import pressed
from models import datasets
from models.answers import Survey
from models.datasets import PARTS, DatasetError
from models.engine import Engine, EngineError
from models.engine.questions import SURVEY
from models.evaluation.stored_scores import pieces
from models.pictures.resize import Resize
from models.progress import in_words

_TURN_SECONDS = 1.0
"""The answering worker works so long on a survey before others get their answers."""

_PREPARING_SECONDS = 3600.0
"""A worker that prepares 25,000 photos, because they are on its own machine, may take minutes before its first turn."""

_LOOK_SECONDS = 0.4
_MOST_KEPT = 8


@dataclass(frozen=True)
class Wanted:
    """What is looked through, as the engine is asked for it; see `models.survey.survey`."""

    dataset: str
    part: str
    side: int
    resize: Resize


@dataclass(frozen=True, eq=False)
class Surveyed:
    """A dataset's part with what is known of its pictures, in one order.

    Attributes:
        title: the dataset's, for people.
        classes: names of the classes.
        labels: int64 (n,), indices into them.
        parts: (n,), "train", "validation" or "test" for each picture.
        names: what identifies each picture.
        sizes: int32 (n, 2), width and height in pixels before anything was resized.
        brightness: float32 (n,), 0 for black to 1 for white.
        twins: (kind, places) of the same pictures; see `models.survey.survey`.
        from_files: whether the pictures come from files.
        drawn: whether this project drew them.
        pictures: to be shown.
    """

    title: str
    classes: tuple[str, ...]
    labels: np.ndarray
    parts: np.ndarray
    names: tuple[str, ...]
    sizes: np.ndarray
    brightness: np.ndarray
    twins: tuple[tuple[str, tuple[int, ...]], ...]
    from_files: bool
    drawn: bool
    pictures: PartPictures

    def __len__(self) -> int:
        return len(self.labels)


@dataclass
class _Way:
    """How far a survey is, and what came of it."""

    future: "Future[Survey | str] | None" = None
    told: tuple[str, int, int] = field(default=("looking for the pictures", 0, 0))

    @property
    def failed(self) -> bool:
        """Whether it is over and nothing came of it."""
        return self.future is not None and self.future.done() and isinstance(self.future.result(), str)

    def tell(self, doing: str, done: int, total: int) -> None:
        self.told = (doing, done, total)


_kept: dict[Wanted, Surveyed] = {}
_under_way: dict[Wanted, _Way] = {}
_pool = ThreadPoolExecutor(2, thread_name_prefix="survey")
_lock = threading.Lock()


def surveyed(wanted: Wanted, *, key: str) -> Surveyed | None:
    """Return a survey that is there; else start it, draw how far it is, and return None until it is finished."""
    checked: set[Wanted] = st.session_state.setdefault(f"{key}:checked", set())
    if wanted in _kept and (wanted in checked or not wanted.dataset.startswith("folder")):
        return _kept[wanted]
    # A folder may hold other pictures by now: the engine looks once for every visitor.
    engine = engine_or_word("Looking through a dataset")
    if engine is None:
        return None
    waiting: set[Wanted] = st.session_state.setdefault(f"{key}:waiting", set())
    with _lock:
        way = _under_way.get(wanted)
        # What went wrong for somebody who has left is no answer for the next one.
        if way is None or (way.failed and wanted not in waiting):
            way = _under_way[wanted] = _Way()
            way.future = _pool.submit(_ask, engine, wanted, way)
    if way.future is None or not way.future.done():
        waiting.add(wanted)
        st.fragment(_watch, run_every=_LOOK_SECONDS)(wanted)
        return None
    waiting.discard(wanted)
    with _lock:
        _under_way.pop(wanted, None)
    answer = way.future.result()
    found = answer if isinstance(answer, str) else _joined(wanted, answer)
    if isinstance(found, str):
        st.warning(plain(found))
        if pressed("Look again", key=f"{key}-again"):
            rerun()
        return None
    checked.add(wanted)
    _kept.pop(wanted, None)
    while len(_kept) >= _MOST_KEPT:
        _kept.pop(next(iter(_kept)))
    _kept[wanted] = found
    return found


def _ask(engine: Engine, wanted: Wanted, way: _Way) -> Survey | str:
    """Ask until it is finished; return what was found, or why nothing was."""
    try:
        if wanted.dataset.partition(":")[0] in ("folder", "dogs-vs-cats"):
            # Photos are decoded here, where nobody waits: the worker, which answers all visitors, finds them ready.
            # What goes wrong here goes wrong there, too, and is said.
            with contextlib.suppress(DatasetError, OSError):
                datasets.load(wanted.dataset, side=wanted.side, resize=wanted.resize, progress=way.tell)
        while True:
            told = engine.ask(
                SURVEY,
                wanted.dataset,
                wanted.part,
                wanted.side,
                wanted.resize,
                _TURN_SECONDS,
                timeout=_PREPARING_SECONDS,
            )
            if told["finished"] is True:
                return told
            way.tell("looking through the pictures", told["done"], told["total"])
    except EngineError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - nobody would see it: this thread has no visitor
        return f"The dataset could not be looked through ({type(error).__name__})."


def _watch(wanted: Wanted) -> None:
    with _lock:
        way = _under_way.get(wanted)
    if way is None or way.future is None or way.future.done():
        rerun()
    doing, done, total = way.told
    words = f"The pictures are got ready once, {in_words(way.told)}" if total else f"The engine is {doing} …"
    st.progress(min(done / total, 1.0) if total else 0.0, text=words)


def _joined(wanted: Wanted, answer: Survey) -> Surveyed | str:
    """The answer with the pictures that it is about, or why they cannot be shown."""
    dataset = opened(wanted.dataset, wanted.side, wanted.resize)
    if dataset is None or dataset.fingerprint() != answer["fingerprint"]:
        forget(wanted.dataset, wanted.side, wanted.resize)
        dataset = opened(wanted.dataset, wanted.side, wanted.resize)
    if dataset is None or dataset.fingerprint() != answer["fingerprint"]:
        return "The pictures cannot be shown: they have changed while they were looked at, or are on another machine."
    parts = pieces(dataset, wanted.part)
    held = [name for name in PARTS for part in parts if part is getattr(dataset, name)]
    subject = f"{dataset.fingerprint()} {wanted.part} {wanted.side} {wanted.resize}"
    return Surveyed(
        title=dataset.title,
        classes=dataset.classes,
        labels=np.concatenate([part.labels for part in parts]),
        parts=np.repeat(held, [len(part) for part in parts]),
        names=tuple(name for part in parts for name in part.names),
        sizes=answer["sizes"],
        brightness=answer["brightness"],
        twins=tuple((kind, tuple(places)) for kind, places in answer["twins"]),
        from_files=answer["files"],
        drawn=dataset.drawn,
        pictures=PartPictures(parts, maximum=dataset.maximum, subject=subject, skipped=tuple(dataset.skipped)),
    )
