"""Try a trained network on a new picture: its answer stands in one piece with the picture that it is about."""

import html
import math
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from components.photo import current_photo
from components.photo.opening import forget_openings, open_files, opening_note
from components.photo.own_photos import is_among_own_photos
from components.photo.uploads import files_in, fresh_key, jpeg_url, plain, renew
from components.scene import rerun
from models.answers import Named
from models.engine import Engine, EngineError
from models.evaluation.class_names import pet
from models.pictures.photo import MAX_BYTES, Photo, PhotoError
from models.runs.run_directory import RunDirectory
from models.runs.watching.run_facts import facts_of
from models.storage import FileMark, file_mark

MOST_BARS = 5
"""Most classes that are shown, the most probable ones."""

PICTURE_SIDE = 256

_STYLE = (Path(__file__).resolve().parent / "try_a_photo.css").read_text(encoding="utf-8")


def try_a_photo(run: RunDirectory, engine: Engine) -> None:
    """Draw an uploader, the picture and the answer of the run's network; at first, the picture is the visitor's photo.

    Args:
        run: a run that has a network already.
        engine: the engine that answers.
    """
    if not (run.best_model.is_file() or run.last_model.is_file()):
        st.caption("This run has no network yet: it can be tried on a picture after its first epoch.")
        return
    st.html(f"<style>{_STYLE}</style>")
    base = f"try-{run.name}"
    uploader = fresh_key(base)
    left, right = st.columns([1, 2], gap="large")
    with left:
        st.file_uploader(
            "Try it on a new picture",
            key=uploader,
            max_upload_size=MAX_BYTES // 2**20,
            on_change=_take,
            args=(base, uploader),
        )
        with st.container(key="try-notes"):  # beside the picture, which is higher: nothing below moves
            opening_note(base)
            if problem := st.session_state.get(f"{base}:problem"):
                st.error(problem)
            if f"{base}:photo" in st.session_state:
                st.button("Back to the page's photo", key=f"{base}-back", on_click=_forget, args=(base,))
    with right:
        _answered(run, engine, st.session_state.get(f"{base}:photo") or current_photo(), base)


def _answered(run: RunDirectory, engine: Engine, photo: Photo, base: str) -> None:
    # One element holds the picture and the answer: an old answer never stands beside a new picture.
    asked = (photo.digest, _mark(run))
    asking: _Asking | None = st.session_state.get(f"{base}:asking")
    if asking is None or asking.about != asked:

        def ask() -> Named:
            return engine.predict(photo.pixels, str(run.path))

        asking = st.session_state[f"{base}:asking"] = _Asking(asked, _threads.submit(ask))
    if not asking.answer.done():
        st.html(_page(photo, run, "<p>The network is looking at the picture …</p>"))
        st.fragment(_wait, run_every=_LOOK_SECONDS)(asking.answer)
        return
    problem = asking.answer.exception()
    st.html(_page(photo, run, _bars(asking.answer.result()) if problem is None else ""))
    if problem is not None:
        why = plain(str(problem)) if isinstance(problem, EngineError) else type(problem).__name__
        st.warning(f"The network could not classify it: {why}")
        st.button("Ask again", key=f"{base}-again", on_click=st.session_state.pop, args=(f"{base}:asking", None))


class _Asking(NamedTuple):
    """A question to the engine: about which picture and network, and its answer, which may still be on its way."""

    about: tuple[str, tuple[FileMark, FileMark]]
    answer: Future[Named]


_threads = ThreadPoolExecutor(16, thread_name_prefix="try-a-photo")
"""Whoever waits for the engine waits here: the page goes on."""

_LOOK_SECONDS = 0.4


def _wait(answer: Future[Named]) -> None:
    if answer.done():
        rerun()


def _take(base: str, uploader: str) -> None:
    files = files_in(uploader)
    if files:
        forget_openings(base)
        open_files(base, files, partial(_taken, base))
        renew(base, files)


def _taken(base: str, name: str, outcome: Photo | PhotoError) -> None:
    if isinstance(outcome, Photo):
        st.session_state[f"{base}:photo"] = outcome
        st.session_state.pop(f"{base}:problem", None)
    else:
        st.session_state[f"{base}:problem"] = f"{plain(name)}: {outcome}"


def _forget(base: str) -> None:
    forget_openings(base)
    for name in ("photo", "problem"):
        st.session_state.pop(f"{base}:{name}", None)


def _mark(run: RunDirectory) -> tuple[FileMark, FileMark]:
    """Return a mark that changes with the run's network: after further training, it answers anew."""
    return file_mark(run.best_model), file_mark(run.last_model)


def _page(photo: Photo, run: RunDirectory, answer: str) -> str:
    config = facts_of(run).config
    network = f"{config.network}, run {run.name}" if config else f"run {run.name}"
    seen = is_among_own_photos(photo)
    words = (
        "This very picture was among the training pictures, so a right prediction proves little."
        if seen and config is not None and config.dataset == "photos"
        else "Unless you took it from the training pictures, this network has never seen this picture."
    )
    if config is not None and config.dataset in ("digits", "mnist"):
        words = (
            "It has only ever seen digits. Whatever it is shown, it must choose one of them, however sure that sounds."
        )
    return (
        f'<div class="try-photo" data-digest="{photo.digest}">'
        f'<figure><img alt="{html.escape(photo.name)}" src="{jpeg_url(photo.square(PICTURE_SIDE))}">'
        f"<figcaption>{html.escape(photo.name)}</figcaption></figure>"
        f'<div class="try-answer"><p><strong>{html.escape(network)}</strong></p>{answer}<p>{words}</p></div></div>'
    )


def _bars(answer: Named) -> str:
    """Return a bar for each class, the most probable first; the percentages add up to 100 as shown."""
    classes, tenths = answer["classes"], percents(answer["probabilities"])
    order = sorted(range(len(classes)), key=lambda place: -answer["probabilities"][place])
    lines = [_bar(classes[place], tenths[place]) for place in order[:MOST_BARS]]
    rest = order[MOST_BARS:]
    if rest:
        lines.append(_bar(f"the other {len(rest)}", sum(tenths[place] for place in rest)))
    top = html.escape(str(classes[order[0]]))
    return f"<p>It says <strong>{top}</strong>.</p><dl>{''.join(lines)}</dl>"


def _bar(name: str, tenths: int) -> str:
    width, kind = f"{tenths / 10:.1f}%", pet(str(name)) or ""
    return (
        f"<dt>{html.escape(str(name))}</dt>"
        f'<dd class="{kind}"><span class="track"><span style="width:{width}"></span></span>'
        f"{tenths / 10:.1f}\u00a0%</dd>"
    )


def percents(probabilities: Sequence[float]) -> list[int]:
    """Return probabilities as tenths of a percent that add up to 1000 (largest remainder)."""
    total = math.fsum(probabilities)
    units = [probability * 1000 / total for probability in probabilities]
    floors = [math.floor(unit) for unit in units]
    order = sorted(range(len(units)), key=lambda place: floors[place] - units[place])
    for place in order[: 1000 - sum(floors)]:
        floors[place] += 1
    return floors
