"""What all animations share: the transport (play, step, scrub, speed, keys) and the scene in the URL."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import streamlit as st

PLAYER = Path(__file__).resolve().parent
TRANSPORT_MARK = "<!-- transport -->"


def register(name: str, folder: Path) -> Callable:
    """Register a canvas component that plays on the shared transport.

    Args:
        name: the component's name, also the stem of its markup and style in `folder` (`name.html`, `name.css`).
        folder: where the files lie, with one script or several that make one module. The markup holds
            `<!-- transport -->` where the transport's buttons go.

    Returns:
        Streamlit's mount function of the component.
    """

    def text(*paths: Path) -> str:
        return "\n".join(path.read_text(encoding="utf-8") for path in paths)

    return st.components.v2.component(
        name,
        html=text(folder / f"{name}.html").replace(TRANSPORT_MARK, text(PLAYER / "transport.html")),
        css=text(PLAYER / "player.css", folder / f"{name}.css"),
        js=text(*sorted(PLAYER.glob("*.js")), *sorted(folder.glob("*.js"))),
    )


def encode_message(data: dict) -> bytes:
    """Return a component's data as bytes of JSON; `decodeMessage` in numbers.js reads it.

    A dict would do, too, but Streamlit looks for tables in it, and for that it imports pandas: a quarter of a second of
    the first visitor's time.

    Raises:
        ValueError: a number is NaN or infinite, which JSON cannot say.
    """
    return json.dumps(data, allow_nan=False).encode()


def encode_array(array: np.ndarray, dtype: str) -> str:
    """Return the array's little-endian bytes as base64, row by row.

    `decodeArray` in numbers.js reads it.
    """
    return base64.b64encode(np.ascontiguousarray(array, dtype=np.dtype(dtype).newbyteorder("<")).tobytes()).decode()
