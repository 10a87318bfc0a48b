"""The one place that hands a piece of the browser's half to Streamlit: markup, styles and the module that shows it."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import streamlit as st

from components.browser.serving import address

BROWSER = Path(__file__).resolve().parent
BASE_CSS = BROWSER / "base.css"
CONTROLS_CSS = BROWSER / "controls.css"

Words: TypeAlias = str | Sequence[str] | Mapping[str, "Words"]
Texts: TypeAlias = dict[str, Words]
"""The texts of a component by name, as its module looks them up; {braces} are filled in by the browser."""


_DRAWN = """export default (here) => {
  const leave = show(here);
  // A board that waits for its data says so itself (player/stage.js).
  if (!here.parentElement.querySelector?.("section.stage:not([data-ready])")) {
    here.parentElement.host?.setAttribute("data-drawn", "");
  }
  return leave;
};
"""


def component(name: str, entry: Path, *, html: str | Path, css: Sequence[Path] = ()) -> Callable[..., Any]:
    """Register a component and return Streamlit's mount function of it.

    Its script imports the module `entry` and says when it has drawn. Streamlit sends these lines again with every
    change of the data, but the browser loads the module only once (`components.browser.serving`).

    Args:
        name: the component's name.
        entry: the module whose default export shows a message, `({ data, parentElement, … }) => cleanup`.
        html: the markup, or the file that holds it.
        css: the style sheets, in their order.
    """
    markup = read(html) if isinstance(html, Path) else html
    where = json.dumps(address(entry), allow_nan=False)
    return st.components.v2.component(
        name,
        # Streamlit takes a single line for the path of a file.
        html=f"{markup}\n",
        css="".join(f"{read(path)}\n" for path in css) or None,
        # Once it has drawn, its place is a skeleton no more (assets/boards.css).
        js=f"const {{ default: show }} = await import(location.origin + {where});\n" + _DRAWN,
    )


def read(path: Path) -> str:
    """Return a file's text."""
    return path.read_text(encoding="utf-8")


def encode_message(data: Mapping[str, object]) -> bytes:
    """Return a component's data as bytes of JSON; `decodeMessage` in numbers.js reads it.

    A dict would do, too, but Streamlit would search it for tables and import pandas for that: a quarter of a second of
    the first visitor's time.

    Raises:
        ValueError: a number is NaN or infinite, which JSON cannot express.
    """
    return json.dumps(data, allow_nan=False).encode()


def encode_array(array: np.ndarray, dtype: str) -> str:
    """Return the array's little-endian bytes as base64, row by row.

    `decodeArray` in numbers.js reads it.
    """
    return base64.b64encode(np.ascontiguousarray(array, dtype=np.dtype(dtype).newbyteorder("<")).tobytes()).decode()


_carrier = component("carrier", BROWSER / "carrier.js", html="<span></span>")


def carry(key: str, message: Mapping[str, object]) -> None:
    """Send the browser a large message of its own: while it stays the same, no other change sends it again.

    Args:
        key: the hidden component's, without the ending by which the style sheet knows what is never seen.
        message: has an "id", by which `whenCarried` of carrier.js finds it; new content needs a new id.
    """
    _carrier(key=f"{key}-carried", data=encode_message(message))
