"""Projector view: in the URL, on every page, and off again."""

from pathlib import Path

import pytest

from tests.app.visitor import Visitor

SHEET = (Path(__file__).resolve().parents[2] / "assets" / "projector.css").read_text(encoding="utf-8")


def projected(visitor: Visitor) -> bool:
    """Whether the projector view is on. Style sheet, button and URL have to agree."""
    says = {
        SHEET in visitor.markup,
        visitor.data("projector_switch")["projected"],
        visitor.data("projector_switch")["label"] == "Leave projector view",
        visitor.url.get("view") == "projector",
    }
    assert len(says) == 1
    return says.pop()


@pytest.mark.parametrize("page", ["home", "convolution"])
def test_a_link_opens_the_projector_view(visitor, page):
    visitor.open(page, view="projector")
    assert projected(visitor)


@pytest.mark.parametrize("page", ["home", "convolution"])
def test_without_it_in_the_link_the_page_is_as_always(visitor, page):
    visitor.open(page)
    assert not projected(visitor)


def test_it_survives_a_change_of_page_that_drops_the_url(visitor):
    visitor.open("home", view="projector")
    visitor.app.query_params.clear()  # as Streamlit does when a menu entry is clicked
    visitor.open("convolution")
    assert projected(visitor)


def test_the_button_switches_it_on_and_off(visitor):
    visitor.open("convolution")
    visitor.set_trigger("projector_switch", "wanted", "on")
    assert projected(visitor)
    visitor.set_trigger("projector_switch", "wanted", "off")
    assert not projected(visitor)
    visitor.open("home")
    assert not projected(visitor)


def test_escape_leaves_a_view_that_came_with_the_link(visitor):
    visitor.open("convolution", view="projector", stride="2")
    visitor.set_trigger("projector_switch", "wanted", "off")
    assert not projected(visitor)
    assert visitor.url == {"stride": "2"}


def test_another_value_is_no_projector_view(visitor):
    visitor.open("convolution", view="phone")
    assert SHEET not in visitor.markup
    assert not visitor.data("projector_switch")["projected"]


def test_it_belongs_to_one_visitor(visitor):
    visitor.open("convolution", view="projector")
    assert not projected(Visitor().open("convolution"))
    assert projected(visitor)
