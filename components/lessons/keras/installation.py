"""What this machine computes with: versions, devices, and whether tf.keras is Keras, asked of TensorFlow itself."""

import html

import streamlit as st

from components.engine.notice import engine_or_word
from components.photo.uploads import plain
from components.shell.in_view import in_view
from models.answers import Installation
from models.engine import EngineError
from models.engine.questions import INSTALLATION

KEY = "installation"
FOUND = f"{KEY}:found"


@st.fragment
def installation() -> None:
    """Draw the tables when a visitor comes near; without an engine, a sentence."""
    with st.container(key=f"{KEY}-place"):
        if not in_view(KEY):
            return
        if FOUND not in st.session_state:
            engine = engine_or_word("Asking TensorFlow about this machine")
            if engine is None:
                return
            try:
                st.session_state[FOUND] = engine.ask(INSTALLATION)
            except EngineError as error:
                st.warning(f"TensorFlow gave no answer: {plain(str(error))}")
                return
        st.html(tables(st.session_state[FOUND]))


def tables(found: Installation) -> str:
    """Return what `models.experiments.three_programs.running.installation` found, as HTML."""
    rows = [*found["versions"], ("Keras’s backend", found["backend"])]
    rows += [
        ("CUDA that TensorFlow was built for", found["cuda"] or "none: this TensorFlow is for processors only"),
        ("cuDNN that TensorFlow was built for", found["cudnn"] or "none"),
    ]
    devices = [(name, f"{kind}{f', {called}' if called else ''}") for name, kind, called in found["devices"]]
    return (
        '<section class="lesson" style="display:flex;flex-wrap:wrap;gap:1rem 3rem">'
        f"<div>{_table('Installed here', 'Version', rows)}</div>"
        f"<div>{_table('Device, as TensorFlow calls it', 'Type', devices)}<p>{html.escape(_devices(found))}</p>"
        f"<p><code>tf.keras.Model is keras.Model</code> → <strong>{found['same']}</strong></p></div></section>"
    )


def _devices(found: Installation) -> str:
    cards = sum(kind == "GPU" for _, kind, _ in found["devices"])
    if cards:
        found_them = (
            f"{cards} graphics cards here and trains on them" if cards > 1 else "a graphics card and trains on it"
        )
        return f"TensorFlow finds {found_them}."
    if found["cuda"]:
        return (
            "TensorFlow finds no graphics card (GPU) here. It could use an NVIDIA card with CUDA; without one the "
            "processor computes everything: with the same lines, the same results but for rounding, and more slowly."
        )
    return "TensorFlow finds no graphics card (GPU) here: the processor computes everything."


def _table(first: str, second: str, rows: list[tuple[str, str]]) -> str:
    head = f'<tr><th scope="col">{html.escape(first)}</th><th scope="col">{html.escape(second)}</th></tr>'
    body = "".join(
        f'<tr><th scope="row" style="font-weight:400">{html.escape(name)}</th><td>{html.escape(value)}</td></tr>'
        for name, value in rows
    )
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"
