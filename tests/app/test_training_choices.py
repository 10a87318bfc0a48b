"""The choices of a training, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from models.runs.config import OPTIMIZERS

PAGE = """
import streamlit as st
from components.lessons.training import open_draft
from components.lessons.training.steps import choices
from components.scene import read_url, write_url
read_url()
now = open_draft()
choices(now)
write_url()
st.session_state["draft"] = now
"""


@pytest.fixture
def page() -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60)
    app.query_params["step"] = "3"
    app.run()
    assert not app.exception
    return app


def rate(app: AppTest) -> float | None:
    assert not app.exception
    return app.number_input(key="training-rate").value


def test_the_field_shows_the_learning_rate_that_is_used_and_the_default_goes_with_the_optimizer(page):
    assert rate(page) == page.session_state["draft"].learning_rate == OPTIMIZERS["adam"]["learning_rate"]
    page.selectbox(key="training-optimizer").set_value("sgd").run()
    assert rate(page) == page.session_state["draft"].learning_rate == OPTIMIZERS["sgd"]["learning_rate"]
    assert "rate" not in page.query_params


def test_a_learning_rate_of_ones_own_stays_and_0_is_the_default_again(page):
    page.number_input(key="training-rate").set_value(0.003).run()
    page.selectbox(key="training-optimizer").set_value("sgd").run()
    assert rate(page) == page.session_state["draft"].learning_rate == 0.003
    page.number_input(key="training-rate").set_value(0.0).run()
    assert rate(page) == page.session_state["draft"].learning_rate == OPTIMIZERS["sgd"]["learning_rate"]
