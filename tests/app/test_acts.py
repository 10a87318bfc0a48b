"""The acts of a page: how they are laid out, what a link opens, and what a page must say of them."""

import pytest
from streamlit.testing.v1 import AppTest


def folds(visitor):
    """Return the folded acts of the page: title → whether it is open."""
    return {fold.label: fold.proto.expanded for fold in visitor.app.expander}


VANISHING = "Vanishing gradients: what is left on the way back"


def test_the_index_names_every_act_and_the_reference(visitor):
    entries = visitor.open("activation").data("act_index")["acts"]
    assert entries[0] == ["act-1", "1 Curve"]
    assert entries[-1] == ["reference", "Reference"]
    assert [key for key, _ in entries[:-1]] == [f"act-{number}" for number in range(1, len(entries))]


def test_a_page_of_one_act_has_no_index(visitor):
    with pytest.raises(ValueError, match="not enough values"):
        visitor.open("convnet").component("act_index")


def test_deep_dives_are_closed(visitor):
    shown = folds(visitor.open("activation"))
    assert shown[VANISHING] is False
    assert not any(shown.values())


def test_a_link_to_a_scene_opens_its_act_for_the_whole_visit(visitor):
    visitor.open("activation", **{"vanishing-depth": "7"})
    assert folds(visitor)[VANISHING] is True
    assert sum(folds(visitor).values()) == 1
    visitor.follow()
    assert folds(visitor)[VANISHING] is True


@pytest.mark.parametrize(
    ("act", "reason"), [("'Unknown'", "announced no act 'Unknown'"), ("'Deep', folded=True", "no title to open it by")]
)
def test_an_act_that_nobody_could_open_is_an_error(act, reason):
    script = f"""
import streamlit as st
from components.shell.acts import act, act_index
act_index(["Board", "Deep"])
try:
    with act({act}):
        st.text("drawn")
except ValueError as error:
    st.text(str(error))
"""
    (said,) = AppTest.from_string(script).run().text
    assert reason in said.value


def test_words_stand_once_wherever_they_stand():
    script = """
import streamlit as st
from components.shell.acts import act, act_index
act_index(["One", "Two", "Three"])
with act("One", "First", "above", asides=[("more of one", "aside one")]):
    st.text("board one")
with act("Two", "Second", "beside", beside=True, asides=[("more of two", "aside two")]):
    st.text("board two")
with act("Three", "Third", "folded", folded=True, asides=[("more of three", "aside three")]):
    st.text("board three")
"""
    app = AppTest.from_string(script).run()
    assert not app.exception
    markup = " ".join(element.value for element in app.html)
    for words in ("First", "above", "Second", "beside", "Third", "folded", "aside one", "aside two", "aside three"):
        assert markup.count(f">{words}<") == 1
    assert [element.value for element in app.text] == ["board one", "board two", "board three"]
