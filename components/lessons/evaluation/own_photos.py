"""The visitor's own labelled photos as what is judged: they, and what is made of them, stay in the session."""

import hashlib

import numpy as np
import streamlit as st

from components.engine.notice import engine_or_word
from components.lessons.evaluation.digits import reads_digits
from components.networks.pictures import small_url
from components.networks.score_job import Asked
from components.photo.own_photos import FIRST_NAMES, chosen_photos, own_photos, pack_judged
from components.photo.uploads import plain
from models.answers import JudgedPhotos
from models.engine import EngineError
from models.engine.questions import JUDGE_PHOTOS
from models.evaluation.neighbours import own_distances
from models.evaluation.network_facts import network_facts
from models.evaluation.stored_scores import Judged
from models.networks.files import JudgingError, network_file, weights_digest
from models.pictures.photo import Photo
from models.pictures.resize import resize

KEY = "evaluation-photos"
"""One grid of photos for the whole page."""

TITLE = "your own photos"
"""The name of such a judgement's dataset."""

Labelled = list[tuple[str, Photo]]


def own_grid(asked: Asked) -> Labelled:
    """Draw the grid for own photos, its classes named as the network's; return (class, photo) of all.

    Args:
        asked: the network to be judged on them.
    """
    facts = network_facts(asked.network, asked.which)
    names = FIRST_NAMES if facts is None else facts.classes
    return own_photos(KEY, training=False, names=names, takes_page_photo=not reads_digits(names))


def judge_own(photos: Labelled, asked: Asked) -> JudgedPhotos | None:
    """Return the answer of `models.evaluation.scoring.judge_photos`, asked for once; None if there is none.

    Args:
        photos: (class, photo).
        asked: the network.
    """
    try:
        weights = weights_digest(network_file(asked.network, asked.which))
    except JudgingError as error:
        st.warning(plain(str(error)))
        return None
    name = (weights, _digest(photos))
    answers: dict[tuple[str, str], JudgedPhotos] = st.session_state.setdefault(f"{KEY}:judged", {})
    if name not in answers:
        engine = engine_or_word("An evaluation on your photos")
        if engine is None:
            return None
        try:
            with st.spinner("The network looks at your photos …"):
                found = engine.ask(JUDGE_PHOTOS, asked.network, pack_judged(photos), asked.which)
        except EngineError as error:
            st.warning(plain(str(error)))
            return None
        # Answers of two networks may be needed for a comparison; those for other photos are dropped.
        st.session_state[f"{KEY}:judged"] = answers = {
            key: value for key, value in answers.items() if key[1] == name[1]
        } | {name: found}
    return answers[name]


def unread_words(count: int) -> str:
    """Return a sentence on photos that could not be read."""
    if count == 1:
        return "1 of your photos could not be read and was left out."
    return f"{count:,} of your photos could not be read and were left out."


def own_judgement(asked: Asked) -> Judged | None:
    """Return the judgement of the photos in the grid; None while photos are missing, or without an answer."""
    photos = chosen_photos(KEY)
    found = judge_own(photos, asked) if photos else None
    if found is None:
        return None
    if found["skipped"]:
        st.caption(unread_words(found["skipped"]))
    return Judged(
        network=asked.network,
        weights=found["weights"],
        dataset=TITLE,
        part="all",
        pictures=_digest(photos),
        side=found["side"],
        resize=found["resize"],
        classes=tuple(found["classes"]),
        labels=found["labels"],
        probabilities=found["probabilities"],
        names=tuple(photos[int(place)][1].name for place in found["places"]),
        features=found["features"],
        distances=own_distances(found["features"]),
    )


class OwnPictures:
    """The visitor's photos behind a judgement, in its order; see `components.networks.pictures.Pictures`.

    Args:
        judged: what `own_judgement` returned.
        asked: the network that judged them.
    """

    def __init__(self, judged: Judged, asked: Asked) -> None:
        photos = chosen_photos(KEY)
        found = judge_own(photos, asked) if photos else None
        places = [] if found is None else [int(place) for place in found["places"]]
        self._photos = [photos[place][1] for place in places]
        self._judged = judged
        self.skipped = ()  # the grid refuses files that cannot be read
        self.subject = hashlib.sha256(f"{judged.weights} {judged.pictures}".encode()).hexdigest()[:16]

    def __bool__(self) -> bool:
        return bool(self._photos)

    def raw(self, number: int) -> np.ndarray:
        """Return a photo as it is kept, uint8 (height, width, 3): the network resizes it itself.

        Raises:
            IndexError: there is no such photo.
        """
        if number < 0:
            raise IndexError("There is no such photo.")
        return self._photos[number].pixels

    def shown(self, number: int) -> np.ndarray:
        """Return a photo as the network receives it, uint8 (side, side, 3).

        Raises:
            IndexError: there is no such photo.
        """
        square = resize(self.raw(number), self._judged.side, self._judged.resize)
        pixels: np.ndarray = np.clip(np.rint(square), 0, 255).astype(np.uint8)
        return pixels

    def thumbnail(self, number: int) -> str:
        """Return a small picture as a data URL, "" where there is none."""
        try:
            return small_url(self.shown(number))
        except IndexError:
            return ""


def _digest(photos: Labelled) -> str:
    return hashlib.sha256(repr([(label, photo.digest) for label, photo in photos]).encode()).hexdigest()
