"""Several activation curves on one chart, compared at rest."""

import streamlit as st

from components.charts import curves
from components.lessons.activation.curve.scene import inputs
from components.lessons.activation.curve.texts import WORDS
from components.shell.in_view import in_view
from components.shell.projector import text_size
from models.arithmetic import ACTIVATIONS, activation, activation_derivative

KEY = "activation-comparison"
OF_ONE_NUMBER = tuple(name for name in ACTIVATIONS if name != "softmax")
AT_FIRST = ("relu", "sigmoid", "tanh")


@st.fragment
def activation_comparison() -> None:
    """Draw what the visitor chooses to compare: values or slopes of any of the curves."""
    chosen = st.pills(
        "Curves",
        OF_ONE_NUMBER,
        selection_mode="multi",
        default=AT_FIRST,
        format_func=lambda name: WORDS[name].label,
        key=f"{KEY}-curves",
    )
    side = st.segmented_control(
        "Compare", ["value", "slope"], default="value", required=True, format_func=_side, key=f"{KEY}-side"
    )
    if not in_view(KEY):
        return
    if not chosen:
        st.info("Choose a curve above, and it is drawn here.")
        return
    x = inputs()
    function = activation if side == "value" else activation_derivative
    lines = [(WORDS[name].label, function(name, x), OF_ONE_NUMBER.index(name)) for name in chosen]
    figure = curves(x, lines, title="f(x)" if side == "value" else "f′(x)", text_size=text_size())
    st.plotly_chart(
        figure,
        key=f"{KEY}-chart",
        config={"displaylogo": False, "displayModeBar": False},
        alt=f"{_side(side)} of {', '.join(label for label, *_ in lines)} for x from −6 to 6",
    )


def _side(side: str) -> str:
    return {"value": "values f(x)", "slope": "slopes f′(x)"}[side]
