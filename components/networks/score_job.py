"""The scoring of a network as one job for all visitors; the page shows its progress."""

import contextlib
from dataclasses import dataclass

import streamlit as st

from components.engine import STARTING, STARTING_AGAIN, engine, status
from components.engine.notice import engine_or_word
from components.engine.shared_job import PREPARING_SECONDS, TURN_SECONDS, SharedJobs, Told, keep_newest, share_of
from components.networks.open_datasets import decode_photos
from components.networks.pictures import is_at_hand
from components.photo.uploads import plain
from components.scene import rerun
from components.shell.press import pressed
from models import datasets
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


_Name = tuple[str, str, str]
_jobs: SharedJobs[tuple[_Name, str], None] = SharedJobs("judging", failed="The engine gave no answer")
"""Each under what is judged, and the state of the dataset's files (`models.datasets.state`)."""

_kept: dict[_Name, tuple[str, Judged]] = {}
"""The judgements that were used last, each with that state: one object for all visitors, read from the disk once."""

_MOST_KEPT = 12
_OF_FILES = ("folder", "dogs-vs-cats")
"""Datasets whose pictures may change."""


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
    state = datasets.state(asked.dataset)
    found = _known(name, state)
    if found is not None:
        return found
    answering = engine_or_word("Evaluating a network")
    if answering is None:
        return None
    # The worker reports its progress in a file: the job itself has none.
    job = _jobs.outcome((name, state), lambda _: _judge(answering, asked), lambda _: _progress(progress_of(*name)))
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
    _jobs.note_seen((name, state))
    keep_newest(_kept, name, (state, found), most=_MOST_KEPT)
    return found


def is_on_its_way(asked: Asked) -> bool:
    """Return whether a judgement is being made, or will be as soon as the engine has started."""
    try:
        name = (weights_digest(network_file(asked.network, asked.which)), asked.dataset, asked.part)
        job = _jobs.get((name, datasets.state(asked.dataset)))
    except (JudgingError, datasets.DatasetError):
        return False
    return job is not None or (engine() is None and status() in (STARTING, STARTING_AGAIN))


def finished(asked: Asked) -> Judged | None:
    """Return a judgement that comes along or was made before; None if there is none. Nothing is started or drawn."""
    try:
        name = (weights_digest(network_file(asked.network, asked.which)), asked.dataset, asked.part)
        return shipped(*name) or _known(name, datasets.state(asked.dataset))
    except (JudgingError, datasets.DatasetError):
        return None


def _known(name: _Name, state: str) -> Judged | None:
    """A judgement of the pictures as they are now, if there is one."""
    of_files = name[1].partition(":")[0] in _OF_FILES
    before, kept = _kept.get(name, ("", None))
    # Files that lie on the engine's machine alone have no state here: the engine checks once for every visitor.
    if kept is not None and before == state and (state or not of_files or _jobs.has_seen((name, state))):
        return kept
    found = _read(name)
    if found is None or (of_files and not is_at_hand(found)):
        return None
    keep_newest(_kept, name, (state, found), most=_MOST_KEPT)
    return found


def _read(name: _Name) -> Judged | None:
    """The stored judgement; the one that is kept, where it is the same."""
    found = known(*name)
    _, kept = _kept.get(name, ("", None))
    return kept if found is not None and kept is not None and kept.pictures == found.pictures else found


def _judge(answering: Engine, asked: Asked) -> None:
    """Ask the engine until the judgement is finished."""
    _decode(asked)
    while not answering.ask(
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
