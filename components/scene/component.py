"""Draw a component that shows a scene, and take over what the visitor changes in it."""

from collections.abc import Callable, Mapping
from typing import Any

from components.browser import encode_message
from components.scene.address import SceneT, open_scene, take_changes


def show(
    mount: Callable[..., Any],
    key: str,
    kind: type[SceneT],
    payload: Callable[[SceneT], Mapping[str, object]],
    *,
    subject: str,
    prefix: str = "",
    **callbacks: Callable[[], None],
) -> SceneT:
    """Draw a component and return the scene that it shows.

    The scene lives in the URL and in the session; the visitor's changes come back from the component.

    Args:
        mount: Streamlit's mount function of the component, from `components.browser.component`.
        key: the component's, under which the scene is kept.
        kind: the scene's class.
        payload: returns everything else that the browser needs to show a scene.
        subject: what the scene is about; another one resets the fields in the scene's `resets`.
        prefix: see `open_scene`.
        callbacks: `on_<event>_change` of the component's own events.
    """
    opened = open_scene(key, kind, subject=subject, prefix=prefix)
    mount(
        key=key,
        data=encode_message(
            {
                **payload(opened.scene),
                **opened.scene.message(opened.start),
                "epoch": opened.epoch,
                "edit": opened.edit,
                "session": opened.session,
            }
        ),
        on_scene_change=take_changes(key, "scene"),
        **callbacks,
    )
    return opened.scene
