"""components/engine/thinking.py: a page stands at once; the engine's answer comes into its place."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components import clients
from components import engine as app
from components.clients import Client, page_waits
from components.engine import STARTING, thinking
from models.engine import BusyError, EngineError

WAIT = 30.0


def page() -> None:
    import streamlit as st

    from components.engine.thinking import thinking

    thought = thinking(
        "question",
        st.session_state["about"],
        lambda engine: engine.answer(),  # type: ignore[attr-defined]
        listen=st.session_state["listen"],
    )
    if thought.answer is not None:
        st.text(f"answer: {thought.answer}")
    else:
        thought.show()
    st.text("below")


class Answers:
    """An engine that answers what the test says, one after the other, and notes who asked."""

    is_alive = True

    def __init__(self, *answers: Any) -> None:
        self.left = list(answers)
        self.asked: list[Client] = []

    def answer(self) -> Any:
        self.asked.append(page_waits())
        found = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        if isinstance(found, threading.Event):
            assert found.wait(WAIT)
            return "late one"
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that the test moves; pauses take no time."""
    now = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(thinking, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    monkeypatch.setattr(thinking, "PAUSE_SECONDS", 0.001)
    return now


@pytest.fixture(autouse=True)
def afterwards():
    yield
    app._say("off")


def open_page(engine: Any, *, listen: float = WAIT, about: str = "photo") -> AppTest:
    if engine is not None:
        app._say("ready", engine)
    shown = AppTest.from_function(page, default_timeout=60)
    shown.session_state["about"], shown.session_state["listen"] = about, listen
    return shown.run()


def words(shown: AppTest) -> str:
    return " ".join([*(one.value for one in shown.text), *(one.value for one in shown.warning), *_html(shown)])


def _html(shown: AppTest) -> list[str]:
    return [one.proto.body for one in shown.get("html")]


def over(shown: AppTest) -> None:
    """Wait until the question's thread has ended."""
    assert shown.session_state["thinking"]["question"].over.wait(WAIT)


def test_the_page_stands_before_the_answer_and_shows_it_when_it_comes(clock):
    go = threading.Event()
    shown = open_page(Answers(go), listen=0.0)
    assert thinking.LOOKS in words(shown)
    assert "below" in words(shown)
    assert not shown.button
    go.set()
    over(shown)
    shown.run()
    assert "answer: late one" in words(shown)
    assert thinking.LOOKS not in words(shown)


def test_an_answer_stays_for_the_same_photo_and_another_photo_is_another_question(clock):
    engine = Answers("cat", "dog")
    shown = open_page(engine)
    assert "answer: cat" in words(shown)
    shown.run()
    assert len(engine.asked) == 1
    shown.session_state["about"] = "another photo"
    shown.run()
    assert "answer: dog" in words(shown)
    assert len(engine.asked) == 2


def test_a_busy_engine_is_asked_again_without_a_word(clock):
    engine = Answers(BusyError("It is busy."), BusyError("It is busy."), "cat")
    assert "answer: cat" in words(open_page(engine))
    assert len(engine.asked) == 3


def test_after_a_minute_the_page_says_so_and_the_button_asks_again(clock, monkeypatch):
    monkeypatch.setattr(thinking, "GONE_SECONDS", 1e9)
    engine = Answers(BusyError("It is busy."))
    shown = open_page(engine, listen=0.0)
    assert thinking.LOOKS in words(shown)
    assert not shown.button
    clock.seconds = thinking.PATIENCE_SECONDS + 1
    shown.run()
    assert thinking.LATE in words(shown)
    assert [one.label for one in shown.button] == [thinking.AGAIN]
    shown.button[0].click().run()
    assert thinking.LOOKS in words(shown)
    assert not shown.button
    engine.left[:] = ["cat"]
    over(shown)
    shown.run()
    assert "answer: cat" in words(shown)


def test_nobody_asks_on_for_a_page_that_was_left_and_who_comes_back_is_answered(clock):
    engine = Answers(BusyError("It is busy."))
    shown = open_page(engine, listen=0.0)
    clock.seconds = thinking.GONE_SECONDS + 1
    over(shown)
    assert shown.session_state["thinking"]["question"].answer is None
    engine.left[:] = ["cat"]
    shown.run()
    over(shown)
    shown.run()
    assert "answer: cat" in words(shown)


def test_an_answer_that_comes_after_a_minute_is_shown_all_the_same(clock):
    go = threading.Event()
    shown = open_page(Answers(go), listen=0.0)
    clock.seconds = thinking.PATIENCE_SECONDS + 1
    shown.run()
    assert thinking.LATE in words(shown)
    go.set()
    over(shown)
    shown.run()
    assert "answer: late one" in words(shown)


def test_a_question_that_has_no_answer_gets_the_reason_and_is_asked_again_later(clock):
    engine = Answers(EngineError("There is no such network."), "cat")
    shown = open_page(engine)
    assert [one.value for one in shown.warning] == ["There is no such network."]
    assert not shown.button
    shown.run()
    assert len(engine.asked) == 1
    clock.seconds = 60.0
    shown.run()
    assert "answer: cat" in words(shown)


def test_what_is_no_sentence_for_the_visitor_is_not_hidden(clock):
    shown = open_page(Answers(KeyError("a mistake of ours")))
    assert shown.exception


def test_an_engine_that_starts_is_waited_for_and_one_that_is_off_is_not(clock):
    assert thinking.OFF in words(open_page(None))
    app._say(STARTING)
    shown = open_page(None, listen=0.0)
    assert thinking.WAKES in words(shown)
    app._say("ready", Answers("cat"))  # type: ignore[arg-type]
    over(shown)
    shown.run()
    assert "answer: cat" in words(shown)


def test_the_engine_hears_who_asks_and_nobody_is_said_to_wait(clock, monkeypatch):
    who = Client("192.168.1.30", "n" * 32)
    monkeypatch.setattr(thinking, "page_client", lambda: who)
    heard: list[str] = []
    monkeypatch.setattr(clients, "_hear_of_waiting", [heard.append])
    engine = Answers("cat")
    shown = open_page(engine, listen=0.0)
    over(shown)
    assert engine.asked == [who]
    assert heard == []
