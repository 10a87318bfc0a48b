"""The scoring of a network as one job for all visitors; the page shows its progress."""

import contextlib
from dataclasses import dataclass

import streamlit as st

from components.engine.notice import engine_or_word
from components.engine.shared_job import PREPARING_SECONDS, TURN_SECONDS, SharedJobs, Told, keep_newest, share_of
from components.networks.open_datasets import decode_photos
from components.photo.uploads import plain
from components.scene import rerun
from components.shell.press import pressed
from models.engine import Engine
from models.engine.questions import JUDGE
from models.evaluation.network_facts import network_facts
from models.evaluation.shipped_scores import shipped
from models.evaluation.stored_scores import Judged, known, loading_side, progress_of, progress_teller
from models.networks.files import JudgingError, Which, network_file, weights_digest
from models.progress import in_words


@dataclass(frozen=True)
class Asked:
    """A request to the engine to judge a network on pictures.

    Attributes:
        network: see `models.networks.files.network_file`.
        which: which of a run's networks.
        dataset: the dataset's name.
        part: "validation" or "test".
    """

    network: str
    which: Which
    dataset: str
    part: str


_jobs: SharedJobs[tuple[str, str, str], None] = SharedJobs("judging", failed="The engine gave no answer")
_kept: dict[tuple[str, str, str], Judged] = {}
"""The judgements that were used last: one object for all visitors, read from the disk once."""

_MOST_KEPT = 12


def judged(asked: Asked, *, key: str) -> Judged | None:
    """Return a finished judgement; otherwise start it, draw its progress and return None until it is finished.

    Args:
        asked: the request.
        key: distinguishes this place of the page from others.
    """
    try:
        digest = weights_digest(network_file(asked.network, asked.which))
    except JudgingError as error:
        st.warning(plain(str(error)))
        return None
    name = (digest, asked.dataset, asked.part)
    if (along := shipped(*name)) is not None:
        return along
    found = _kept.get(name) or _read(name)
    if found is not None and (_jobs.has_seen(name) or not asked.dataset.startswith("folder")):
        return found
    # A folder's pictures may have changed: the engine checks once for every visitor.
    engine = engine_or_word("Evaluating a network")
    if engine is None:
        return None
    # The worker reports its progress in a file: the job itself has none.
    job = _jobs.outcome(name, lambda _: _judge(engine, asked), lambda _: _progress(progress_of(*name)))
    if job is None:
        return None
    if job.problem:
        st.warning(plain(job.problem))
        if pressed("Try again", key=f"{key}-again"):
            rerun()
        return None
    found = _read(name)
    if found is None:
        st.info("Meanwhile the network went on learning, and what was evaluated is an earlier epoch of it.")
        if pressed("Evaluate it as it is now", key=f"{key}-again"):
            rerun()
        return None
    _jobs.note_seen(name)
    return found


def finished(asked: Asked) -> Judged | None:
    """Return a judgement that comes along or was made before; None if there is none. Nothing is started or drawn."""
    try:
        name = (weights_digest(network_file(asked.network, asked.which)), asked.dataset, asked.part)
    except JudgingError:
        return None
    return shipped(*name) or _kept.get(name) or _read(name)


def _read(name: tuple[str, str, str]) -> Judged | None:
    found = known(*name)
    if found is None:
        return None
    before = _kept.get(name)
    if before is not None and before.pictures == found.pictures:
        found = before
    keep_newest(_kept, name, found, most=_MOST_KEPT)
    return found


def _judge(engine: Engine, asked: Asked) -> None:
    """Ask the engine until the judgement is finished."""
    _decode(asked)
    while not engine.ask(
        JUDGE, asked.network, asked.dataset, asked.part, asked.which, TURN_SECONDS, timeout=PREPARING_SECONDS
    )["finished"]:
        pass


def _decode(asked: Asked) -> None:
    facts = network_facts(asked.network, asked.which)
    if facts is None:
        return  # the worker meets the same problem, and reports it
    with contextlib.suppress(JudgingError):
        digest = weights_digest(network_file(asked.network, asked.which))
        tell = progress_teller(digest, asked.dataset, asked.part)
        decode_photos(asked.dataset, loading_side(asked.dataset, facts.side), facts.resize, tell)


def _progress(told: Told | None) -> tuple[float, str]:
    if told is None:
        words = "The network is being loaded …"
    elif told[0] == "scoring":
        words = f"The network looks at every picture once, {in_words(told)}"
    else:
        words = f"The pictures are prepared once, {in_words(told)}"
    return share_of(told), words
