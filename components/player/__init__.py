"""What all animations share: the transport (play, step, scrub, speed, keys) and the scene in the URL."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from components.browser import CONTROLS_CSS, component, encode_message, read
from components.scene.address import SceneT, open_scene, take_changes

PLAYER = Path(__file__).resolve().parent
PLAYER_CSS = PLAYER / "player.css"
TRANSPORT_MARK = "<!-- transport -->"

TRANSPORT_TEXTS = {
    "play": "Play",
    "pause": "Pause",
    "position": "Position",
    "count": "stop {position} of {count}",
    "rate": "Speed {speed} / s",
}
"""What the transport says; a component may say some of it in its own words."""


def register(name: str, folder: Path) -> Callable[..., Any]:
    """Register a canvas component that plays on the shared transport.

    Args:
        name: the component's name.
        folder: where its markup, style sheet and module lie, all three named as the folder. The markup holds
            `<!-- transport -->` where the transport's buttons go.

    Returns:
        Streamlit's mount function of the component.
    """
    stem = folder / folder.name
    markup = read(stem.with_suffix(".html")).replace(TRANSPORT_MARK, read(PLAYER / "transport.html"))
    styles = [PLAYER / "stage.css", PLAYER_CSS, CONTROLS_CSS, stem.with_suffix(".css")]
    return component(name, stem.with_suffix(".js"), html=markup, css=styles)


def animation(
    mount: Callable[..., Any],
    key: str,
    kind: type[SceneT],
    payload: Callable[[SceneT], Mapping[str, object]],
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
