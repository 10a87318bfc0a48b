"""What all animations share: the transport (play, step, scrub, speed, keys) and the scene in the URL."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import streamlit as st

from components.player.address import SceneT, open_scene, take_changes

PLAYER = Path(__file__).resolve().parent
TRANSPORT_MARK = "<!-- transport -->"

TRANSPORT_TEXTS = {
    "play": "Play",
    "pause": "Pause",
    "position": "Position",
    "count": "stop {position} of {count}",
    "rate": "Speed {speed} / s",
}
"""What the transport says; a component may say some of it in its own words."""


def register(name: str, folder: Path) -> Callable:
    """Register a canvas component that plays on the shared transport.

    Args:
        name: the component's name, also the stem of its markup and style in `folder` (`name.html`, `name.css`).
        folder: where the files lie, with one script or several that make one module. The markup holds
            `<!-- transport -->` where the transport's buttons go.

    Returns:
        Streamlit's mount function of the component.
    """

    def text(*paths: Path) -> str:
        return "\n".join(path.read_text(encoding="utf-8") for path in paths)

    return st.components.v2.component(
        name,
        html=text(folder / f"{name}.html").replace(TRANSPORT_MARK, text(PLAYER / "transport.html")),
        css=text(*sorted(PLAYER.glob("*.css")), folder / f"{name}.css"),
        js=text(*sorted(PLAYER.glob("*.js")), *sorted(folder.glob("*.js"))),
    )


def animation(
    mount: Callable,
    key: str,
    kind: type[SceneT],
    payload: Callable[[SceneT], dict],
    *,
    subject: str,
    prefix: str = "",
    **callbacks: Callable[[], None],
) -> SceneT:
    """Draw a component that `register` made and return the scene that it shows.

    The scene lives in the URL and in the session; what the visitor changes in the component comes back through it.

    Args:
        payload: returns everything that the browser needs to play a scene, whatever its position and speed.
        subject: what the scene is about; another one starts at the default position.
        prefix: see `open_scene`.
        callbacks: `on_<event>_change` of the component's own events.
    """
    opened = open_scene(key, kind, subject=subject, prefix=prefix)
    scene = {name: text for name, text in opened.scene.all_params().items() if name not in ("position", "speed")}
    mount(
        key=key,
        data=encode_message(
            {
                **payload(opened.scene),
                "scene": scene,
                "epoch": opened.epoch,
                "edit": opened.edit,
                "session": opened.session,
                "position": opened.start.position,
                "speed": opened.start.speed,
            }
        ),
        on_scene_change=take_changes(key, kind, "scene"),
        on_place_change=take_changes(key, kind, "place"),
        **callbacks,
    )
    return opened.scene


def encode_message(data: dict) -> bytes:
    """Return a component's data as bytes of JSON; `decodeMessage` in numbers.js reads it.

    A dict would do, too, but Streamlit looks for tables in it, and for that it imports pandas: a quarter of a second of
    the first visitor's time.

    Raises:
        ValueError: a number is NaN or infinite, which JSON cannot say.
    """
    return json.dumps(data, allow_nan=False).encode()


def encode_array(array: np.ndarray, dtype: str) -> str:
    """Return the array's little-endian bytes as base64, row by row.

    `decodeArray` in numbers.js reads it.
    """
    return base64.b64encode(np.ascontiguousarray(array, dtype=np.dtype(dtype).newbyteorder("<")).tobytes()).decode()
