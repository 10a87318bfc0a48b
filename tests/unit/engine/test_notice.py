"""What a page says where the engine is not there: whatever the reason, nobody is told to start the app again."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from components import engine as app
from components.engine import STARTING, STARTING_AGAIN


def page() -> None:
    import streamlit as st

    from components.engine.notice import engine_or_word

    st.text("there" if engine_or_word("A training") is not None else "not there")


@pytest.fixture(autouse=True)
def afterwards():
    yield
    app._say("off")


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (STARTING, "info", "A training needs the engine, which is just starting. This takes some seconds."),
        (
            STARTING_AGAIN,
            "info",
            "A training needs the engine, which has ended and is being started again. This takes some seconds; "
            "trainings then go on by themselves.",
        ),
        ("The engine does not answer.", "warning", "A training needs the engine. The engine does not answer."),
        (
            "off",
            "info",
            "A training needs the engine, which was turned off when this app was started (ENGINE=off).",
        ),
    ],
)
def test_the_page_says_why_and_goes_on_when_the_engine_is_there(status: str, kind: str, words: str) -> None:
    app._say(status)
    shown = AppTest.from_function(page, default_timeout=60).run()
    assert [one.value for one in getattr(shown, kind)] == [words]
    assert [one.value for one in shown.text] == ["not there"]
    app._say("ready", SimpleNamespace(is_alive=True))  # type: ignore[arg-type]
    shown.run()
    assert [one.value for one in shown.text] == ["there"]
    assert not shown.info
    assert not shown.warning


def test_an_engine_whose_connection_has_just_broken_is_being_started_again() -> None:
    app._say("ready", SimpleNamespace(is_alive=False))  # type: ignore[arg-type]
    shown = AppTest.from_function(page, default_timeout=60).run()
    assert "is being started again" in shown.info[0].value
