"""The survey of a dataset as one job for all visitors; the page shows its progress."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from components.engine.notice import engine_or_word
from components.engine.shared_job import PREPARING_SECONDS, TURN_SECONDS, SharedJobs, Told, keep_newest, share_of
from components.networks.open_datasets import decode_photos, forget, opened
from components.networks.pictures import PartPictures
from components.photo.uploads import plain
from components.scene import rerun
from components.shell.press import pressed
from models import datasets
from models.answers import Survey
from models.datasets import PARTS, DatasetError
from models.engine import Engine
from models.engine.questions import SURVEY
from models.evaluation.stored_scores import pictures_digest, pieces
from models.pictures.resize import Resize
from models.progress import Progress, in_words


@dataclass(frozen=True)
class Wanted:
    """A request to the engine for a survey; see `models.survey.survey`."""

    dataset: str
    part: str
    side: int
    resize: Resize


@dataclass(frozen=True, eq=False)
class Surveyed:
    """A dataset's part with the facts about its pictures, all in the same order.

    Attributes:
        title: the dataset's display name.
        classes: names of the classes.
        labels: int64 (n,), indices into them.
        parts: (n,), "train", "validation" or "test" for each picture.
        names: the identifier of each picture.
        sizes: int32 (n, 2), width and height in pixels before anything was resized.
        brightness: float32 (n,), 0 for black to 1 for white.
        twins: (kind, indices) of duplicates; see `models.survey.survey`.
        from_files: whether the pictures come from files.
        drawn: whether this project drew them.
        pictures: the pictures themselves.
        digest: `models.evaluation.stored_scores.pictures_digest` of the pictures.
        remarks: sentences on how the dataset was read; see `models.datasets.Dataset`.
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
    digest: str = ""
    remarks: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)


_jobs: SharedJobs[tuple[Wanted, str], Survey] = SharedJobs("survey", failed="The dataset could not be looked through")
"""Each under what is wanted, and the state of the dataset's files (`models.datasets.state`)."""

_kept: dict[Wanted, tuple[str, Surveyed]] = {}
"""The surveys that were used last, each with that state."""

_MOST_KEPT = 8


def surveyed(wanted: Wanted, *, key: str) -> Surveyed | None:
    """Return a finished survey; otherwise start it, draw its progress and return None until it is finished."""
    state = datasets.state(wanted.dataset)
    name = (wanted, state)
    before = _kept.get(wanted)
    if before is not None and before[0] == state:
        return before[1]
    engine = engine_or_word("Looking through a dataset")
    if engine is None:
        return None
    job = _jobs.outcome(name, partial(_ask, engine, wanted), _progress)
    if job is None:
        return None
    found = job.problem or _joined(wanted, job.result)
    if isinstance(found, str):
        st.warning(plain(found))
        if pressed("Look again", key=f"{key}-again"):
            rerun()
        return None
    keep_newest(_kept, wanted, (state, found), most=_MOST_KEPT)
    return found


def _ask(engine: Engine, wanted: Wanted, tell: Progress) -> Survey:
    """Ask the engine until the survey is finished, and return it."""
    decode_photos(wanted.dataset, wanted.side, wanted.resize, tell)
    while True:
        answer = engine.ask(
            SURVEY,
            wanted.dataset,
            wanted.part,
            wanted.side,
            wanted.resize,
            TURN_SECONDS,
            timeout=PREPARING_SECONDS,
        )
        if answer["finished"] is True:
            return answer
        tell("looking through the pictures", answer["done"], answer["total"])


def _progress(told: Told | None) -> tuple[float, str]:
    if told is None:
        words = "The engine is looking for the pictures …"
    else:
        words = f"The pictures are prepared once, {in_words(told)}" if told[2] else f"The engine is {told[0]} …"
    return share_of(told), words


def _joined(wanted: Wanted, answer: Survey) -> Surveyed | str:
    """Return the survey with its pictures, or a sentence on why they cannot be shown."""
    dataset = opened(wanted.dataset, wanted.side, wanted.resize)
    if dataset is None:
        forget(wanted.dataset, wanted.side, wanted.resize)
        dataset = opened(wanted.dataset, wanted.side, wanted.resize)
    try:
        parts = [] if dataset is None else pieces(dataset, wanted.part)
    except DatasetError:
        parts = []
    if dataset is None or not parts or pictures_digest(dataset, wanted.part) != answer["pictures"]:
        return "The pictures cannot be shown: they have changed while they were looked at, or are on another machine."
    held = [name for name in PARTS for part in parts if part is getattr(dataset, name)]
    subject = f"{answer['pictures']} {wanted.part} {wanted.side} {wanted.resize}"
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
        digest=answer["pictures"],
        remarks=dataset.remarks,
    )
