"""A judgement on its way: asked of the engine once for all visitors; the page looks how far it is."""

import contextlib
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import streamlit as st

from components.engine.notice import engine_or_word
from components.photo.uploads import plain
from components.scene import rerun
from components.shell.press import pressed
from models import datasets
from models.datasets import DatasetError
from models.engine import Engine, EngineError
from models.engine.questions import JUDGE
from models.evaluation.network_facts import network_facts
from models.evaluation.stored_scores import (
    Judged,
    JudgingError,
    Which,
    known,
    loading_side,
    network_file,
    progress_of,
    progress_teller,
    weights_digest,
)
from models.progress import in_words

_TURN_SECONDS = 1.0
"""The answering worker works so long on a judgement before others get their answers."""

_PREPARING_SECONDS = 3600.0
"""A worker that prepares 25,000 photos, because they are on its own machine, may take minutes before its first turn."""

_LOOK_SECONDS = 0.4


@dataclass(frozen=True)
class Asked:
    """What is to be judged, as the engine is asked for it.

    Attributes:
        network: see `models.evaluation.stored_scores.network_file`.
        which: of a run's networks.
        dataset: the dataset's name.
        part: "validation" or "test".
    """

    network: str
    which: Which
    dataset: str
    part: str


_kept: dict[tuple[str, str, str], Judged] = {}
"""The judgements that were looked at last: one object for all visitors, read from the disk once."""

_MOST_KEPT = 12

_pool = ThreadPoolExecutor(2, thread_name_prefix="judging")
_under_way: dict[tuple[str, str, str], Future[str]] = {}
_lock = threading.Lock()


def judged(asked: Asked, *, key: str) -> Judged | None:
    """Return a judgement that is there; else start it, draw how far it is, and return None until it is finished.

    Args:
        asked: what is to be judged.
        key: tells this place of the page from others.
    """
    try:
        digest = weights_digest(network_file(asked.network, asked.which))
    except JudgingError as error:
        st.warning(plain(str(error)))
        return None
    name = (digest, asked.dataset, asked.part)
    found = _kept.get(name) or _read(name)
    checked = st.session_state.setdefault("evaluation:checked", set())
    if found is not None and (name in checked or not asked.dataset.startswith("folder")):
        return found
    # A folder may hold other pictures by now: the engine looks once for every visitor.
    engine = engine_or_word("Judging a network")
    if engine is None:
        return None
    waiting = st.session_state.setdefault("evaluation:waiting", set())
    with _lock:
        future = _under_way.get(name)
        # What went wrong for somebody who has left is no answer for the next one.
        if future is None or (future.done() and future.result() and name not in waiting):
            future = _under_way[name] = _pool.submit(_judge, engine, asked)
    waiting.add(name)
    if not future.done():
        st.fragment(_watch, run_every=_LOOK_SECONDS)(name)
        return None
    with _lock:
        _under_way.pop(name, None)
    waiting.discard(name)
    if problem := future.result():
        st.warning(plain(problem))
        if pressed("Try again", key=f"{key}-again"):
            rerun()
        return None
    found = _read(name)
    if found is None:
        st.info("Meanwhile the network went on learning, and what was judged is an earlier epoch of it.")
        if pressed("Judge it as it is now", key=f"{key}-again"):
            rerun()
        return None
    checked.add(name)
    return found


def _read(name: tuple[str, str, str]) -> Judged | None:
    found = known(*name)
    if found is None:
        return None
    before = _kept.pop(name, None)
    if before is not None and before.pictures == found.pictures:
        found = before
    while len(_kept) >= _MOST_KEPT:
        _kept.pop(next(iter(_kept)))
    _kept[name] = found
    return found


def _judge(engine: Engine, asked: Asked) -> str:
    """Ask until it is finished; return "" or why it cannot be."""
    _prepare(asked)
    try:
        while not engine.ask(
            JUDGE,
            asked.network,
            asked.dataset,
            asked.part,
            asked.which,
            _TURN_SECONDS,
            timeout=_PREPARING_SECONDS,
        )["finished"]:
            pass
    except EngineError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - nobody would see it: this thread has no visitor
        return f"The engine gave no answer ({type(error).__name__})."
    return ""


def _prepare(asked: Asked) -> None:
    """Decode photos of the disk here, where nobody waits: the worker, which answers all visitors, finds them ready.

    Pictures that are drawn or come in one file take seconds and are left to it. So is whatever goes wrong here: it
    finds the same, and says it.
    """
    facts = network_facts(asked.network, asked.which)
    if facts is None or asked.dataset.partition(":")[0] not in ("folder", "dogs-vs-cats"):
        return
    with contextlib.suppress(JudgingError, DatasetError, OSError):
        digest = weights_digest(network_file(asked.network, asked.which))
        tell = progress_teller(digest, asked.dataset, asked.part)
        datasets.load(asked.dataset, side=loading_side(asked.dataset, facts.side), resize=facts.resize, progress=tell)


def _watch(name: tuple[str, str, str]) -> None:
    with _lock:
        future = _under_way.get(name)
    if future is None or future.done():
        rerun()
    told = progress_of(*name)
    if told is None:
        words = "The network is being loaded …"
    elif told[0] == "scoring":
        words = f"The network looks at every picture once, {in_words(told)}"
    else:
        words = f"The pictures are got ready once, {in_words(told)}"
    st.progress(min(told[1] / told[2], 1.0) if told and told[2] else 0.0, text=words)
