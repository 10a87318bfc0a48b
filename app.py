"""The launcher: `streamlit run app.py` finds `app` here and serves it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.responses import JSONResponse
from starlette.routing import Route

from components import engine
from components.browser.serving import route as module_route
from components.shell import door
from components.shell.bar import WIDGET_KEYS
from components.shell.teacher import take_password
from components.shell.tensorboard_proxy import tensorboard
from components.streamlit_parts import (
    keep_page_runs_whole,
    keep_uploads_in_memory,
    leave_old_pages,
    let_callbacks_finish,
    remember_gone_widgets,
    say_unknown_pages_ourselves,
)
from models.pictures.photo import MAX_BYTES
from models.storage import keep_private

# A visitor's photo is never written to disk. The form around it takes some bytes, too.
keep_uploads_in_memory(MAX_BYTES + 1024 * 1024)
let_callbacks_finish()
remember_gone_widgets()
keep_page_runs_whole()
leave_old_pages(WIDGET_KEYS)
say_unknown_pages_ourselves()
keep_private()  # and so do the engine's processes: they are this one's children
take_password()
door.build()


async def healthz(_request: object) -> JSONResponse:
    """Answer a load balancer's or a teacher's "is it up?" without starting a session."""
    return JSONResponse({"status": "ok", "engine": engine.status()})


@asynccontextmanager
async def lifespan(the_app: object) -> AsyncIterator[None]:
    """What goes on beside the pages: the engine, and the forgetting of visitors who have left."""
    async with door.open_door(), engine.running_beside_the_app(the_app):
        yield


app = st.App(
    Path(__file__).resolve().parent / "components" / "shell" / "main.py",
    lifespan=lifespan,
    routes=[
        Route("/healthz", healthz),
        module_route(),
        Route("/tensorboard", tensorboard, methods=["GET", "HEAD"]),
        Route("/tensorboard/{path:path}", tensorboard, methods=["GET", "HEAD", "POST"]),
    ],
    middleware=door.middleware(),
    exception_handlers=door.error_handlers,
)
