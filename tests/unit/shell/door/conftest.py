"""A small app behind the course's door, in a process of its own, that forgets its visitors in a second."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.server import Server, running_app
from tests.without_browser import Visitor

PAGE = """
import time
import weakref

import numpy as np
import streamlit as st

from components.shell.visitor import is_teacher, visitor
from models.pictures.photo import Photo
from tests.unit.shell.door import seen

if "photo" not in st.session_state:
    st.session_state["photo"] = Photo(np.zeros((64, 64, 3), np.uint8), "cat.png", "upload", (64, 64))
    seen.photos.append(weakref.ref(st.session_state["photo"]))


@st.fragment
def part(photo):
    st.text(f"part of {photo.name}")


part(st.session_state["photo"])
st.file_uploader("file", key="file")
st.download_button("take", st.session_state["photo"].pixels.tobytes() + visitor().encode(), "own.bin")
st.text(f"teacher {is_teacher()} visitor {bool(visitor())}")
if "busy" in st.query_params:
    end = time.monotonic() + float(st.query_params["busy"])
    while time.monotonic() < end:
        st.session_state["n"] = sum(range(2000))
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.text(f"run {st.session_state['runs']}")
st.text(f"query {st.query_params.to_dict()}")
if "broken" in st.query_params:
    raise RuntimeError("broken on purpose")
"""

APP = """
import os
import sys
from contextlib import asynccontextmanager

import streamlit as st
from starlette.responses import JSONResponse
from starlette.routing import Route

from components.shell import door
from components.shell.teacher import take_password
from components.streamlit_parts import keep_uploads_in_memory
from tests.unit.shell.door import seen

keep_uploads_in_memory(26 * 2**20)
take_password()
seen.outgoing()
door.build(head_seconds=0.5)


@asynccontextmanager
async def lifespan(_app):
    async with door.open_door(forget_every=0.3):
        yield


async def state(_request):
    return JSONResponse(seen.state())


async def failing(_request):
    raise RuntimeError("broken on purpose")


app = st.App(
    {page!r},
    lifespan=lifespan,
    routes=[Route("/state", state), Route("/failing", failing), Route("/change", state, methods=["POST"])],
    middleware=door.middleware(),
    exception_handlers=door.error_handlers,
)
"""


@pytest.fixture(scope="session")
def small() -> Iterator[Server]:
    """The running app."""
    with TemporaryDirectory(prefix="door-") as folder:
        page, script = Path(folder, "page.py"), Path(folder, "app.py")
        page.write_text(PAGE, encoding="utf-8")
        script.write_text(APP.format(page=str(page)), encoding="utf-8")
        settings = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1", "TEACHER_PASSWORD": ""}
        with running_app(script, environment=settings) as server:
            yield server


@pytest.fixture
def come(small: Server) -> Iterator[Callable[..., Visitor]]:
    """Return a function that makes a new visitor; all leave at the end."""
    visitors: list[Visitor] = []

    def arrive(**options: str) -> Visitor:
        visitors.append(Visitor(small.url, **options))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        visitor.leave()
