"""Say that the visitor's photo is gone: the server forgets it a minute after the last page was closed.

The server has no memory of whose photo it has forgotten; the tab knows that it once showed one.
"""

from pathlib import Path

from components.browser import BASE_CSS, component, encode_message

KEY = "forgotten-photo"
WORDS = "Your photo has been forgotten: it is kept for a minute after you close the page. Choose it again, if you like."
CLOSE = "Close"

_FOLDER = Path(__file__).resolve().parent
_note = component(
    "forgotten_photo",
    _FOLDER / "forgotten_photo.js",
    html='<div role="status" hidden><p></p><button type="button"></button></div>',
    css=[_FOLDER / "forgotten_photo.css", BASE_CSS],
)


def forgotten_photo(*, own: bool) -> None:
    """Take note that the page shows the visitor's own photo, or say that it does so no more."""
    _note(key=KEY, data=encode_message({"own": own, "words": WORDS, "close": CLOSE}))
