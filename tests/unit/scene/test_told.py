"""What a component tells may be anything: a visitor's own program can stand in for it."""

from dataclasses import dataclass

import pytest
import streamlit as st

from components.scene import Scene, choice, number
from components.scene.address import Opened, take_changes
from components.shell import projector


@dataclass(frozen=True)
class Board(Scene):
    side: int = choice(128, (64, 128, 256))
    rate: float = number(0.5, 0, 1)


@pytest.fixture
def told(monkeypatch):
    """Return a function that lets the component tell something, and returns what is open then."""
    state: dict = {}
    monkeypatch.setattr(st, "session_state", state)

    def tell(value, key="scene"):
        state["board:opened"] = Opened(Board(side=64), Board(), edit=3)
        state["board"] = {key: value}
        take_changes("board", "scene")()
        return state["board:opened"]

    return tell


def test_what_a_visitor_changes_is_taken_over(told):
    opened = told({"side": "256", "rate": "0.25", "edit": 7, "told": 1})
    assert (opened.scene, opened.edit) == (Board(256, 0.25), 7)
    assert told({"rate": 1, "edit": "12"}).scene == Board(64, 1.0)


@pytest.mark.parametrize("value", [None, [], "side", 5, 1.5, True, [["side", "256"]], "", float("nan")])
def test_what_is_no_scene_changes_nothing(told, value):
    opened = told(value)
    assert (opened.scene, opened.edit) == (Board(side=64), 3)


def test_a_message_without_a_scene_changes_nothing(told):
    assert told({"side": "256"}, key="another").scene == Board(side=64)


@pytest.mark.parametrize(
    "edit", [None, [], {}, "x", "-1", "1.5", 1.5, -1, "٣", "9" * 17, "9" * 5000, True, " 4 ", "4\n"]
)
def test_a_change_without_a_number_keeps_the_number_of_the_last_one(told, edit):
    opened = told({"side": "256", "edit": edit})
    assert (opened.scene.side, opened.edit) == (256, 3)


@pytest.mark.parametrize(
    "value", [None, [], {}, [1], {"a": 1}, "x" * 10**6, "256\x00", float("inf"), 10**400 // 10**390]
)
def test_a_parameter_of_another_type_or_value_keeps_what_it_was_or_its_default(told, value):
    assert told({"side": value}).scene.side in (64, 128)
    assert 0 <= told({"rate": value}).scene.rate <= 1


@pytest.mark.parametrize("state", [{}, {"wanted": None}, {"wanted": ["on"]}, {"wanted": {}}, {"wanted": 1}])
def test_the_projectors_button_takes_nothing_but_on(monkeypatch, state):
    monkeypatch.setattr(st, "session_state", {projector.KEY: state})
    monkeypatch.setattr(st, "query_params", {})
    projector._take_wish()
    assert st.session_state["shell:projector"] is False
