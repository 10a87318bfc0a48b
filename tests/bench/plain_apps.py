"""Streamlit apps of a line or two: what Streamlit itself costs is the floor of what a page of the course can cost."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.server import Server, running_app

HELLO = 'import streamlit as st\nst.write("hello")\n'
HELLO_AGAIN = 'import streamlit as st\nst.button("again")\nst.write("hello")\n'
HELLO_FILE = 'import streamlit as st\nfile = st.file_uploader("file")\nst.write(f"hello {file.name if file else 0}")\n'

_COMPRESSED = """
import streamlit as st
from starlette.middleware import Middleware

from components.shell.compression import CachedGzip

app = st.App({script!r}, middleware=[Middleware(CachedGzip)])
"""


@contextmanager
def script_file(source: str, name: str = "plain.py") -> Iterator[Path]:
    """Write a script to a temporary folder, and remove it when the block ends."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        script = Path(folder, name)
        script.write_text(source, encoding="utf-8")
        yield script


@contextmanager
def running_source(source: str) -> Iterator[Server]:
    """Run a script given as text, with the course's configuration."""
    with script_file(source) as script, running_app(script) as server:
        yield server


@contextmanager
def running_compressed(source: str) -> Iterator[Server]:
    """Run a script given as text behind the course's own compression."""
    with script_file(source, "page.py") as page, running_source(_COMPRESSED.format(script=str(page))) as server:
        yield server
