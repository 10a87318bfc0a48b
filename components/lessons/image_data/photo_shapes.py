"""The course's own photos of cats and dogs do not come along; the sizes that they have do."""

from functools import cache

import numpy as np
import streamlit as st

from components.lessons.image_data.dataset_charts import sizes_figure
from components.photo.uploads import plain
from components.shell.in_view import in_view
from components.shell.projector import text_size
from models.figures import percent
from models.survey.photo_sizes import every_photo, shipped_sizes

KEY = "photo-shapes"
_CONFIG = {"displaylogo": False, "displayModeBar": False}


@st.fragment
def photo_shapes() -> None:
    """Draw a point for every size, cats and dogs side by side, and say which shapes there are."""
    with st.container(key=KEY):
        st.write(plain(words()))
        if not in_view(f"{KEY}-near"):
            return
        sizes, labels, classes = every_photo(shipped_sizes())
        # Thousands lie along two edges: in one picture the class that is drawn last would hide the other.
        for place, column in enumerate(st.columns(len(classes))):
            own = labels == place
            column.plotly_chart(
                sizes_figure(sizes[own], labels[own], classes, text_size=text_size()),
                key=f"{KEY}-chart-{classes[place]}",
                config=_CONFIG,
                alt=f"Width and height of {int(own.sum()):,} photos of {classes[place]}",
            )


@cache
def words() -> str:
    """Return what was measured, in sentences."""
    measured = shipped_sizes()
    sizes, _, _ = every_photo(measured)
    wide, high = (percent(float(np.mean(share))) for share in (sizes[:, 0] > sizes[:, 1], sizes[:, 0] < sizes[:, 1]))
    square = int((sizes[:, 0] == sizes[:, 1]).sum())
    small = int((sizes.max(axis=1) < sizes.max()).sum())
    return (
        f"Measured on {measured['data']}: {len(np.unique(sizes, axis=0)):,} different sizes. {wide} are wider than "
        f"high, {high} higher than wide, and only {square:,} are square. {small:,} photos had less than {sizes.max()} "
        "pixels on their longest side from the start. The larger the point, the more photos have that size."
    )
