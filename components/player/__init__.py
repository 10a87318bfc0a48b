"""What all animations share: the transport (play, step, scrub, speed, keys) and the scene in the URL."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from components.browser import BASE_CSS, CONTROLS_CSS, component, read
from components.scene import Playing, show, take_changes

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
"""The texts of the transport; a component may override some of them."""

PlayingT = TypeVar("PlayingT", bound=Playing)


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
    styles = [BASE_CSS, PLAYER / "stage.css", PLAYER_CSS, CONTROLS_CSS, stem.with_suffix(".css")]
    return component(name, stem.with_suffix(".js"), html=markup, css=styles)


def animation(
    mount: Callable[..., Any],
    key: str,
    kind: type[PlayingT],
    payload: Callable[[PlayingT], Mapping[str, object]],
    *,
    subject: str,
    prefix: str = "",
    **callbacks: Callable[[], None],
) -> PlayingT:
    """Draw a component that `register` made and return the scene that it shows.

    It is `components.scene.show` for animations: the position where playing stops comes back, too.

    Args:
        payload: returns everything that the browser needs to play a scene, whatever its position and speed.
        subject: what the scene is about; another one starts at the default position.
        prefix: see `components.scene.open_scene`.
        callbacks: `on_<event>_change` of the component's own events.
    """
    come_to_rest = take_changes(key, "place")
    return show(mount, key, kind, payload, subject=subject, prefix=prefix, on_place_change=come_to_rest, **callbacks)
