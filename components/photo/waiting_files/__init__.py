"""Files that a visitor chooses while the connection is down: kept in the browser, told of, and sent when it is back.

Streamlit switches its uploaders off meanwhile; what comes out of an open file picker then would be lost without a word.
Where the sending of a file breaks off, it says "AxiosError"; the file is sent again instead, a few times.
"""

from pathlib import Path

from components.browser import BASE_CSS, component, encode_message

KEY = "waiting-files"
TEXTS = {
    "waiting": "No connection to the server: {names} did not arrive. It goes out when the connection is back.",
    "lost": "{names} did not arrive: please upload again.",
}

_FOLDER = Path(__file__).resolve().parent
_notice = component(
    "waiting_files",
    _FOLDER / "waiting_files.js",
    html='<p role="alert" hidden></p>',
    css=[_FOLDER / "waiting_files.css", BASE_CSS],
)


def waiting_files() -> None:
    """Watch all uploaders of the page. Nothing is seen of it until a file has to wait."""
    _notice(key=KEY, data=encode_message({"texts": TEXTS}))
