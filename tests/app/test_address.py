"""components/scene/address.py: session, component and URL agree on the scene, whoever changed it last."""

from dataclasses import dataclass

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components.scene import Playing, whole
from components.streamlit_parts import WENT_BACK, WIDGET_CHANGED


@dataclass(frozen=True)
class Board(Playing):
    """A scene with one setting that is kept and one that is not."""

    size: int = whole(3, 0, 100)
    position: int = whole(0, 0, 100)
    speed: int = whole(1, 1, 9)
    open: int = whole(0, 0, 9)

    fleeting = ("open",)


def script(kind) -> None:
    import streamlit as st

    from components.scene import change, current, forget, note_change, open_scene, read_url, take_changes, write_url

    for state, value in st.session_state.pop("sent", {}).items():
        st.session_state["board"] = {state: value}
        take_changes("board", state)()
    if changes := st.session_state.pop("changes", {}):
        change("board", **changes)
    if st.session_state.get("late"):
        note_change()
    if st.session_state.pop("forgets", False):
        forget("board")
    cut = st.session_state.pop("cut", "")
    read_url(arrived=st.session_state.pop("arrived", None))
    if cut == "before the board":
        return
    if st.session_state.get("late") == "not yet":
        write_url()
        return
    opened = open_scene("board", kind, subject=st.session_state.get("subject", "cat"))
    if cut != "before the URL":
        write_url()
    st.session_state["result"] = opened
    assert current("board", kind) == opened.scene


class Session:
    """A session on a page with nothing but the board."""

    def __init__(self, late: str = "", **params: str) -> None:
        self.app = AppTest.from_function(script, kwargs={"kind": Board}, default_timeout=60)
        self.app.session_state["late"] = late
        self.app.query_params.update(params)
        self.run()

    def run(self) -> "Session":
        self.app.run()
        assert not self.app.exception
        return self

    def cut_off(self, place: str) -> "Session":
        """Run the page, and cut the run off at a place, as the browser's next request does."""
        self.app.session_state["cut"] = place
        return self.run()

    def send(self, **sent: dict) -> "Session":
        self.app.session_state["sent"] = sent
        return self.run()

    def follow(self, **params: str) -> "Session":
        self.app.query_params.clear()
        self.app.query_params.update(params)
        return self.run()

    @property
    def opened(self):
        return self.app.session_state["result"]

    @property
    def url(self) -> dict[str, str]:
        return {
            name: values if isinstance(values, str) else values[-1] for name, values in self.app.query_params.items()
        }


@pytest.fixture
def session() -> Session:
    return Session()


def test_without_parameters_the_scene_is_the_default_and_nothing_is_imposed(session):
    assert (session.opened.scene, session.opened.epoch, session.url) == (Board(), 0, {})


def test_a_link_imposes_its_scene_once(session):
    session.follow(size="5", position="9")
    assert (session.opened.scene, session.opened.start, session.opened.epoch) == (Board(5, 9), Board(5, 9), 1)
    session.run()
    assert session.opened.epoch == 1


def test_a_link_imposes_the_scene_of_a_component_that_is_drawn_later():
    session = Session(late="not yet", size="7")
    session.app.session_state["late"] = "now"
    session.run()
    assert session.opened.scene.size == 7
    assert session.url == {"size": "7"}


def test_nonsense_in_the_url_is_cleaned_away():
    session = Session(size="many", position="4")
    assert session.opened.scene == Board(position=4)
    assert session.url == {"position": "4"}


def test_a_change_in_the_component_is_written_into_the_url_and_imposes_nothing(session):
    session.send(scene={"size": "7", "edit": "1"})
    assert (session.opened.scene, session.opened.start) == (Board(7), Board())
    assert (session.opened.epoch, session.opened.edit, session.url) == (0, 1, {"size": "7"})


def test_who_takes_a_change_back_before_the_browser_knows_it_is_sent_the_url_of_before(session, monkeypatch):
    sent: list[dict[str, str]] = []
    kind = type(st.query_params)
    write = kind.from_dict

    def noted(proxy, url) -> None:
        sent.append(dict(url))
        write(proxy, url)

    monkeypatch.setattr(kind, "from_dict", noted)
    session.send(scene={"size": "7", "edit": "1"})
    session.app.query_params.clear()  # as the browser sends it: nothing has come of that yet
    session.send(scene={"size": "3", "edit": "2"})
    assert sent == [{"size": "7"}, {}]
    session.send(scene={"edit": "3"})
    assert len(sent) == 2


def test_an_old_url_that_comes_with_another_widgets_change_undoes_nothing(session):
    session.send(scene={"size": "7", "edit": "1"})
    session.app.session_state[WIDGET_CHANGED] = True
    session.follow(size="5")  # the browser did not know yet what the page wrote
    assert (session.opened.scene, session.opened.epoch, session.url) == (Board(7), 0, {"size": "7"})
    session.follow(size="5")  # and now it is meant
    assert (session.opened.scene, session.opened.epoch) == (Board(5), 1)


def test_whoever_goes_back_means_the_url_whatever_changed_meanwhile(session):
    session.send(scene={"size": "7", "edit": "1"})
    session.app.session_state[WIDGET_CHANGED] = session.app.session_state[WENT_BACK] = True
    session.follow(size="5")
    assert (session.opened.scene, session.opened.epoch) == (Board(5), 1)


def test_a_link_from_another_page_counts_whatever_changed_there_at_last(session):
    session.send(scene={"size": "7", "edit": "1"})
    session.app.session_state[WIDGET_CHANGED] = session.app.session_state["arrived"] = True
    session.follow(size="5")
    assert session.opened.scene == Board(5)


def test_what_a_change_does_not_mention_stays(session):
    session.follow(size="5", position="9")
    session.send(place={"position": 2})
    assert session.opened.scene == Board(5, 2)
    assert session.opened.edit == 0
    session.send(scene={"size": "7", "edit": "3"})
    assert (session.opened.scene, session.opened.edit) == (Board(7, 2), 3)


def test_a_change_wins_over_the_url_of_the_moment_before(session):
    session.follow(size="5")
    session.send(scene={"size": "7", "edit": "1"})
    assert (session.opened.scene, session.url, session.opened.epoch) == (Board(7), {"size": "7"}, 1)


def test_a_change_wins_over_another_url_that_comes_with_it(session):
    session.app.query_params.update({"size": "5"})
    session.send(scene={"size": "7", "edit": "1"})
    assert (session.opened.scene, session.url, session.opened.epoch) == (Board(7), {"size": "7"}, 0)


def test_the_back_button_wins_over_the_session(session):
    session.follow(size="5")
    session.send(scene={"size": "7", "edit": "1"})
    session.follow(size="5")
    assert (session.opened.scene, session.opened.epoch) == (Board(5), 2)


def test_a_url_that_lost_its_parameters_gets_them_back(session):
    session.follow(size="5")
    session.follow()
    assert (session.opened.scene, session.url, session.opened.epoch) == (Board(5), {"size": "5"}, 1)


def test_other_parameters_are_left_alone(session):
    session.follow(size="5", view="projector")
    session.send(scene={"size": "3", "edit": "1"})
    assert session.url == {"view": "projector"}


def test_another_subject_starts_at_the_first_position_and_keeps_the_settings(session):
    session.follow(size="5", position="9")
    session.app.session_state["subject"] = "dog"
    session.run()
    assert (session.opened.scene, session.opened.start, session.opened.epoch) == (Board(5), Board(5), 2)
    assert session.url == {"size": "5"}
    session.run()
    assert session.opened.epoch == 2


def test_a_first_visit_takes_the_links_position_whatever_the_subject():
    session = Session(position="9")
    assert session.opened.scene == Board(position=9)


def test_two_sessions_know_nothing_of_each_other(session):
    other = Session()
    session.send(scene={"size": "7", "edit": "1"})
    assert other.run().opened.scene == Board()


def test_a_change_by_a_widget_is_moved_into_its_limits_and_wins_over_the_url(session):
    session.follow(size="5")
    session.app.session_state["changes"] = {"size": 700, "position": 4}
    session.run()
    assert (session.opened.scene, session.opened.epoch) == (Board(100, 4), 1)
    assert session.url == {"size": "100", "position": "4"}


def test_a_link_to_another_subject_takes_the_links_position(session):
    session.follow(position="9")
    session.app.session_state["subject"] = "dog"
    session.follow(position="4")
    assert (session.opened.scene, session.opened.epoch) == (Board(position=4), 2)


def test_who_comes_back_finds_the_scene_but_for_what_is_fleeting(session):
    session.follow(size="5", position="9", open="3")
    session.app.session_state["arrived"] = True
    session.follow()
    assert session.opened.scene == Board(5, 9)
    assert session.url == {"size": "5", "position": "9"}


def test_an_empty_url_on_the_same_page_is_the_scene_at_first(session):
    session.follow(size="5")
    session.app.session_state["arrived"] = False
    session.follow()
    assert (session.opened.scene, session.url) == (Board(), {})


def test_a_link_may_open_what_is_fleeting(session):
    session.follow(size="5")
    session.app.session_state["arrived"] = True
    session.follow(size="5", open="3")
    assert session.opened.scene == Board(5, open=3)


def test_a_forgotten_scene_is_the_default_and_leaves_the_url(session):
    session.follow(size="5", view="projector")
    session.app.session_state["forgets"] = True
    session.run()
    assert (session.opened.scene, session.url) == (Board(), {"view": "projector"})


CUTS = [["before the URL"], ["before the board"], ["before the URL", "before the board"], ["before the board"] * 3]
"""Where runs of a page are cut off, one after the other, before one gets to its end."""


@pytest.mark.parametrize("cuts", CUTS)
def test_a_change_outlives_runs_that_are_cut_off(session, cuts):
    session.follow(size="5")
    session.app.session_state["changes"] = {"size": 7}
    for place in cuts:
        session.cut_off(place)
        session.app.query_params.update({"size": "5"})  # the browser has heard of nothing else
    session.run()
    assert (session.opened.scene, session.url) == (Board(7), {"size": "7"})
    session.follow(size="5")  # and now it is meant
    assert session.opened.scene == Board(5)


@pytest.mark.parametrize("cuts", CUTS)
def test_who_goes_back_means_the_url_though_the_first_runs_are_cut_off(session, cuts):
    session.send(scene={"size": "7", "edit": "1"})
    session.app.session_state[WENT_BACK] = True
    session.app.query_params.update({"size": "5"})
    for place in cuts:
        session.app.session_state[WIDGET_CHANGED] = True
        session.cut_off(place)
        session.app.query_params.update({"size": "5"})
    session.run()
    assert (session.opened.scene, session.url) == (Board(5), {"size": "5"})


@pytest.mark.parametrize("cuts", CUTS)
def test_who_comes_back_finds_the_scene_though_the_first_runs_are_cut_off(session, cuts):
    session.follow(size="5", position="9", open="3")
    session.app.session_state["arrived"] = True
    for place in cuts:
        session.app.query_params.clear()
        session.cut_off(place)
        session.app.session_state["arrived"] = False
    session.app.query_params.clear()
    session.run()
    assert (session.opened.scene, session.url) == (Board(5, 9), {"size": "5", "position": "9"})


def test_what_is_opened_in_the_first_run_of_a_page_stays_open_though_that_run_is_cut_off(session):
    session.app.session_state["arrived"] = True
    session.cut_off("before the URL")
    session.app.session_state["arrived"] = False
    session.app.query_params.clear()
    session.send(scene={"open": "3", "edit": "1"})
    assert (session.opened.scene, session.url) == (Board(open=3), {"open": "3"})
