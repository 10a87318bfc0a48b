"""app.py: what the server is made of."""

import asyncio
import json

import starlette.formparsers
import streamlit as st

import app as launcher
from models.pictures.photo import MAX_BYTES


def test_the_launcher_offers_an_app_that_streamlit_run_can_serve():
    assert isinstance(launcher.app, st.App)


def test_a_whole_upload_stays_in_memory():
    assert starlette.formparsers.MultiPartParser.spool_max_size > MAX_BYTES


def test_the_health_check_answers_without_a_session():
    answer = asyncio.run(launcher.healthz(object()))
    assert answer.status_code == 200
    assert json.loads(bytes(answer.body)) == {"status": "ok", "engine": "off"}
