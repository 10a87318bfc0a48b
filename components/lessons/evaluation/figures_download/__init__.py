"""All figures to take along: CSV, JSON, pictures as SVG and PNG, and the scikit-learn lines that make the figures."""

from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import streamlit as st

from components.browser import component, encode_message, read
from components.lessons.evaluation.figures_download.files import (
    CSV_NAME,
    answers,
    figures_json,
    photos_csv,
    scikit_lines,
)
from components.lessons.evaluation.figures_download.pictures import Curve, curves_svg, matrix_svg
from components.networks.names import network_of
from components.shell.lesson import KERAS_LINES
from models.evaluation.multiclass import confusion, counted, curves_of_class
from models.evaluation.stored_scores import Judged
from models.figures import number_of

PICTURES = {"matrix": "Matrix", "curves": "Curves"}

_FOLDER = Path(__file__).resolve().parent


_save_png = component(
    "save_png", _FOLDER / "save_png.js", html='<div class="save-png"></div>', css=[_FOLDER / "save_png.css"]
)
_lines = component(
    "scikit_lines",
    KERAS_LINES.with_suffix(".js"),
    html=read(KERAS_LINES).replace("Keras lines", "scikit-learn lines"),
    css=[KERAS_LINES.with_suffix(".css")],
)


def figures_download(
    judged: Judged, threshold: float, aside: frozenset[int] = frozenset(), key: str = "figures-download"
) -> None:
    """Draw the download buttons. A file is made only when its button is pressed.

    Args:
        judged: the network's answers for the photos; the photos' names are in the CSV.
        threshold: for two classes, the second is predicted above it; unused for more.
        aside: indices of photos that do not count. The CSV contains and marks them.
        key: distinguishes these buttons from others on the same page.
    """
    if not len(counted(len(judged.labels), aside)):
        st.info("Every photo is set aside: there are no results to download.")
        return
    with st.container(key=key, horizontal=True, vertical_alignment="center"):
        # utf-8-sig: without the byte order mark, Excel garbles "Hündin.jpg".
        texts: list[tuple[str, str, str, Callable[[], bytes]]] = [
            ("Photos, CSV", CSV_NAME, "text/csv", lambda: photos_csv(judged, threshold, aside).encode("utf-8-sig")),
            (
                "Figures, JSON",
                "figures.json",
                "application/json",
                lambda: figures_json(judged, threshold, aside).encode(),
            ),
        ]
        for name, label in PICTURES.items():
            texts.append(
                (f"{label}, SVG", f"{name}.svg", "image/svg+xml", _picture_maker(judged, threshold, aside, name))
            )
        for label, file_name, mime, make in texts:
            st.download_button(label, make, file_name=file_name, mime=mime, key=f"{key}-{file_name}", on_click="ignore")
        _png_buttons(judged, threshold, aside, f"{key}-png")


def scikit_learn(judged: Judged, threshold: float, aside: frozenset[int], key: str = "figures-download") -> None:
    """Draw the scikit-learn lines that make the page's figures of the CSV file.

    Args:
        judged, threshold, aside, key: as for `figures_download`.
    """
    if not len(counted(len(judged.labels), aside)):
        return
    st.html(
        '<section class="lesson"><h3>The same in scikit-learn</h3><p>Save the CSV file of the results in the same '
        "folder as this script: it reads the file and prints the figures of this page.</p></section>"
    )
    _lines(
        key=f"{key}-lines",
        data={"code": scikit_lines(judged, threshold, aside), "copy": "Copy", "copied": "Copied"},
    )


def _picture_maker(judged: Judged, threshold: float, aside: frozenset[int], name: str) -> Callable[[], bytes]:
    return lambda: picture(judged, threshold, aside, name).encode()


def picture(judged: Judged, threshold: float, aside: frozenset[int], name: str) -> str:
    """Return one of `PICTURES` of the photos that count, as SVG. With two classes, the curves are the second one's."""
    places = counted(len(judged.labels), aside)
    labels, probabilities = judged.labels[places], judged.probabilities[places]
    what = f"{network_of(judged.network)} on {judged.dataset}, {judged.part}"
    binary = len(judged.classes) == 2
    if name == "matrix":
        matrix = confusion(labels, answers(judged, threshold)[places], len(judged.classes))
        above = f", {judged.classes[1]} above {threshold:g}" if binary else ""
        return matrix_svg(matrix, judged.classes, f"Confusion matrix: {what}, {number_of(len(labels), 'photo')}{above}")
    numbers = [1] if binary else range(len(judged.classes))
    lines = [Curve(str(judged.classes[k]), curves_of_class(labels, probabilities, k)) for k in numbers]
    return curves_svg(lines, f"Curves: {what}, {number_of(len(labels), 'photo')}")


# PNG ------------------------------------------------------------------------------------------------------------------


class PngWish(TypedDict):
    """A press of a button: the picture's name in `PICTURES`, and what tells this press from others."""

    name: str
    press: str


class PngAnswer(TypedDict):
    """The picture that was asked for, the name of its file, and the press."""

    svg: str
    file: str
    press: str


class SavePngMessage(TypedDict):
    """What the browser is sent."""

    buttons: list[list[str]]
    answer: PngAnswer | None


@st.fragment
def _png_buttons(judged: Judged, threshold: float, aside: frozenset[int], key: str) -> None:
    """Draw the buttons; a press runs this alone again, and the answer goes to the browser once."""
    want: PngWish | None = st.session_state.get(f"{key}:want")
    answer: PngAnswer | None = None
    if want is not None:
        svg = picture(judged, threshold, aside, want["name"])
        answer = {"svg": svg, "file": f"{want['name']}.png", "press": want["press"]}
    message: SavePngMessage = {
        "buttons": [[name, f"{label}, PNG"] for name, label in PICTURES.items()],
        "answer": answer,
    }
    _save_png(key=key, data=encode_message(message), width="content", on_want_change=_take(key))
    if st.session_state.get(f"{key}:want") is want:
        st.session_state[f"{key}:want"] = None  # not before it is sent: this run may be cut off


def _take(key: str) -> Callable[[], None]:
    def take() -> None:
        want = st.session_state[key].get("want")
        if isinstance(want, dict) and want.get("name") in PICTURES and isinstance(want.get("press"), str):
            st.session_state[f"{key}:want"] = {"name": want["name"], "press": want["press"]}

    return take
