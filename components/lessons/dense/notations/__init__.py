"""The many notations of a dense layer, beside one picture of it: what is pointed at lights up in all of them."""

from pathlib import Path
from typing import TypedDict

from components.browser import BASE_CSS, component
from components.lessons.dense.notations.markup import cards, picture
from components.lessons.dense.notations.scene import PARTS, NotationScene
from components.lessons.dense.notations.texts import NAMES, TEXTS, words
from components.scene import show
from models.answers import DenseLayer

KEY = "dense-notations"

_FOLDER = Path(__file__).resolve().parent


_mount = component(
    "dense_notations",
    _FOLDER / "notations.js",
    html=f"""<section class="notations" aria-label="Notations of a dense layer">
  <div class="beside">{picture()}<div class="parts" role="group" aria-label="Highlight a part"></div>
    <p class="words" aria-live="polite"></p></div>
  <ul class="cards">{cards()}</ul>
</section>
""",
    css=[BASE_CSS, _FOLDER / "notations.css"],
)


def dense_notations(told: DenseLayer | None = None) -> NotationScene:
    """Draw picture and notations, and return which part is highlighted.

    Args:
        told: what `models.networks.dense_layer.dense_layer` returned for a real layer, for its sizes; or None.
    """
    return show(_mount, KEY, NotationScene, lambda _: payload(told), subject=KEY, prefix="notation-")


class NotationsMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    parts: list[list[str]]
    words: dict[str, str]
    texts: dict[str, str]


def payload(told: DenseLayer | None) -> NotationsMessage:
    """Return the names of the parts and the text about each."""
    return {"parts": [[part, NAMES[part]] for part in PARTS], "words": words(told), "texts": TEXTS}
