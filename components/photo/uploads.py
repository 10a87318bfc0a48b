"""What all uploaders need: files that Streamlit lets go of, names that are no Markdown, pictures to be shown."""

import base64
import re
from collections.abc import Iterable
from io import BytesIO

import numpy as np
import streamlit as st
from PIL import Image

from components.streamlit_parts import UploadedFile, forget_upload


def fresh_key(base: str) -> str:
    """Return the key of an uploader; `renew` gives it another one, which empties it."""
    return f"{base}-{st.session_state.setdefault(f'{base}:uploads', 0)}"


def files_in(key: str) -> list[UploadedFile]:
    """Return the files of the uploader (or camera) with this key that Streamlit still has.

    A visitor who is quicker than the page sends the old uploader's files a second time, after `renew` released them:
    Streamlit then has a `DeletedFile`, without a name, in the file's place.
    """
    value = st.session_state.get(key)
    files = value if isinstance(value, list) else [value]
    return [file for file in files if isinstance(file, UploadedFile)]


def forget(files: Iterable[UploadedFile]) -> None:
    """Make Streamlit forget uploaded files at once, not when their visitor has left."""
    for file in files:
        forget_upload(file)


def renew(base: str, files: Iterable[UploadedFile]) -> None:
    """Empty an uploader, and make Streamlit forget the files that were in it."""
    st.session_state[f"{base}:uploads"] = st.session_state.get(f"{base}:uploads", 0) + 1
    forget(files)


def plain(text: str) -> str:
    """Return a text escaped for Markdown, as one line: a file's name must appear as it is, and nothing else."""
    # A line end would begin a paragraph, a list or a heading; an entity such as &lt; would be another letter.
    line = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text)
    line = re.sub(r"([\\`*_{}\[\]()<>#|$~:&!])", r"\\\1", line)
    line = re.sub(r"^(\s*)([-+=])", r"\1\\\2", line)
    return re.sub(r"^(\s*\d+)\.(?=\s|$)", r"\1\\.", line)


def jpeg_url(pixels: np.ndarray, *, quality: int = 85) -> str:
    """Return a picture, uint8 (height, width, 3) or (height, width), as a JPEG inside a URL."""
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def png_url(pixels: np.ndarray) -> str:
    """Return a picture, uint8 (height, width) or with 3 or 4 channels, as a PNG inside a URL: every number as it is."""
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def svg_url(markup: str) -> str:
    """Return a drawing as a URL for an `img`: Streamlit removes drawings from HTML."""
    return f"data:image/svg+xml;base64,{base64.b64encode(markup.encode()).decode()}"
