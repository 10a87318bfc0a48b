"""The many notations of a dense layer, beside one picture of it: what is pointed at lights up in all of them."""

from pathlib import Path
from typing import Any

import streamlit as st

from components.dense_notations.markup import cards, picture
from components.dense_notations.scene import PARTS, NotationScene
from components.dense_notations.texts import NAMES, TEXTS, words
from components.player import PLAYER, animation

KEY = "dense-notations"

_FOLDER = Path(__file__).resolve().parent


def _read(*paths: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


_mount = st.components.v2.component(
    "dense_notations",
    html=f"""<section class="notations" aria-label="{TEXTS["region"]}">
  <div class="beside">{picture()}<div class="parts" role="group" aria-label="{TEXTS["parts"]}"></div>
    <p class="words" aria-live="polite"></p></div>
  <ul class="cards">{cards()}</ul>
</section>
""",
    css=_read(_FOLDER / "dense_notations.css"),
    js=_read(PLAYER / "numbers.js", _FOLDER / "dense_notations.js"),
)


def dense_notations(told: dict[str, Any] | None = None) -> NotationScene:
    """Draw picture and notations, and return which part is highlighted.

    Args:
        told: what `models.dense_layer.dense_layer` says of a real layer, for its sizes; or None.
    """
    return animation(_mount, KEY, NotationScene, lambda _: payload(told), subject=KEY, prefix="notation-")


def payload(told: dict[str, Any] | None) -> dict[str, Any]:
    """Return the names of the parts and what is said of each."""
    return {"parts": [[part, NAMES[part]] for part in PARTS], "words": words(told), "texts": TEXTS}
