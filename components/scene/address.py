"""Keep a component's scene in three places that agree: the session, the component and the URL.

A teacher's link opens the same scene; a visitor who leaves a page and comes back finds it as it was.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, NoReturn, TypeVar
from uuid import uuid4

import streamlit as st

from components.scene.scene import Scene
from components.streamlit_parts import WENT_BACK, WIDGET_CHANGED, let_this_run_end

ARRIVED, ARRIVALS = "address:arrived", "address:arrivals"
CHANGED, DOUBTED, MEANT, TRUSTED = "address:changed", "address:doubted", "address:meant", "address:trusted"
UNWRITTEN, WRITTEN = "address:unwritten", "address:written"

SceneT = TypeVar("SceneT", bound=Scene)


@dataclass
class Opened(Generic[SceneT]):
    """What a page needs to draw a component.

    Attributes:
        scene: all settings as they are now.
        start: the scene that the URL or a new subject last imposed.
        epoch: number of imposed scenes, from which the browser notices a new one.
        edit: the number of the visitor's last change that the scene includes.
        subject: what the scene is about; another one resets the fields in the scene's `resets`.
        prefix: stands before every parameter in the URL.
        written: the parameters that this page last wrote into the URL.
        arrivals: how often the visitor had come from another page when this was last opened.
        session: identifies the session: from another one, the browser sees that a restarted server lost its scene.
    """

    scene: SceneT
    start: SceneT
    epoch: int = 0
    edit: int = 0
    subject: str = ""
    prefix: str = ""
    written: dict[str, str] = field(default_factory=dict)
    arrivals: int = 0
    session: str = field(default_factory=lambda: uuid4().hex)


def open_scene(key: str, kind: type[SceneT], *, subject: str, prefix: str = "") -> Opened[SceneT]:
    """Return the scene of the component `key`; `write_url` writes it into the URL.

    A change in the component wins, then a URL that this page did not write itself, then the session's scene. With
    another `subject` (such as a photo's digest), the fields in the scene's `resets` get their defaults.

    Args:
        prefix: stands before every parameter in the URL; a page's second and third component need one each.
    """
    new = f"{key}:opened" not in st.session_state
    if new:
        default = kind()
        arrivals = st.session_state.get(ARRIVALS, 0)
        st.session_state[f"{key}:opened"] = Opened(default, default, subject=subject, prefix=prefix, arrivals=arrivals)
    opened: Opened[SceneT] = st.session_state[f"{key}:opened"]
    url = {name: st.query_params[prefix + name] for name in kind.names() if prefix + name in st.query_params}
    trusted = new or st.session_state.get(TRUSTED, True)
    on_this_page = st.session_state.get(ARRIVED) is False
    arrivals = st.session_state.get(ARRIVALS, 0)
    unwritten = st.session_state.setdefault(UNWRITTEN, {})
    # Whatever touches the session may be the end of this run. From here on nothing does: all of it is done, or nothing.
    imposed = False
    back_again = opened.arrivals != arrivals  # not "arrived": the run of the arrival may have been cut off before
    if back_again:
        opened.arrivals = arrivals
        opened.scene = opened.scene.reset(kind.fleeting)
    if subject != opened.subject:
        opened.subject = subject
        opened.scene = opened.scene.reset(kind.resets)
        imposed = True
    # A component that is drawn for the first time, perhaps long after the page was opened, has written nothing yet: its
    # parameters in the URL come from a link.
    if (trusted or back_again) and url != opened.written and (url or (on_this_page and not back_again)):
        opened.scene = kind.from_params(url)
        imposed = True
    elif back_again and opened.start != opened.scene:
        imposed = True  # the browser starts anew: it has to receive the visitor's scene
    if imposed:
        opened.start = opened.scene
        opened.epoch += 1
    opened.written = opened.scene.to_params()
    for name in kind.names():
        if opened.written != url:
            unwritten[prefix + name] = opened.written.get(name)
        else:
            unwritten.pop(prefix + name, None)
    return opened


def current(key: str, kind: type[SceneT]) -> SceneT:
    """Return the scene of the component `key` as it is now; the default one before it is opened."""
    opened: Opened[SceneT] | None = st.session_state.get(f"{key}:opened")
    return opened.scene if opened else kind()


def change(key: str, *, edit: int | None = None, **changes: Any) -> None:
    """Change fields of the scene that the component `key` has opened, within their limits. For callbacks.

    Args:
        key: the component's.
        edit: the number of the visitor's change, where the component counts them.
        changes: the fields' new values.
    """
    opened: Opened[Any] = st.session_state[f"{key}:opened"]
    opened.edit = opened.edit if edit is None else edit
    opened.scene = opened.scene.changed(**changes)
    note_change()


def forget(key: str) -> None:
    """Close the scene of the component `key`, in the session and in the URL."""
    opened: Opened[Any] | None = st.session_state.pop(f"{key}:opened", None)
    if opened is not None:
        for name in opened.scene.names():
            st.query_params.pop(opened.prefix + name, None)


def read_url(*, arrived: bool | None = None) -> None:
    """Begin a run of a page: decide whether the URL may impose scenes.

    It may not after a change of a widget: the browser may have sent this URL before it knew what the change before that
    wrote there. Who comes from another page or goes back in the browser means the URL. On a busy computer many a run is
    cut off by the next: what is noted here counts until one of them gets as far as `write_url`.

    Args:
        arrived: whether the visitor has just come from another page: then an empty URL keeps the scenes, else it means
            their defaults. None if there is only one page: then an empty URL means nothing.
    """
    state = st.session_state
    if arrived:
        state[ARRIVALS] = state.get(ARRIVALS, 0) + 1
    state[ARRIVED] = arrived or state.get(ARRIVED) or arrived
    state[MEANT] = bool(arrived or state.get(WENT_BACK) or state.get(MEANT))
    unsure = (CHANGED, WIDGET_CHANGED, UNWRITTEN, DOUBTED)
    state[DOUBTED] = any(state.get(key) for key in unsure)
    state[TRUSTED] = state[MEANT] or not state[DOUBTED]
    for key in (CHANGED, WIDGET_CHANGED, WENT_BACK):
        state.pop(key, None)
    state[UNWRITTEN] = {}


def write_url() -> None:
    """End a run of a page: write all scenes into the URL at once, one entry in the browser's history.

    The URL that came with the browser's request may be older than the one that the run before wrote. A change that is
    taken back at once then seems to need no other URL, while the browser shows that of the change, or is about to.
    """
    unwritten = st.session_state.get(UNWRITTEN, {})
    before = dict(st.query_params.items())
    after = {name: value for name, value in before.items() if name not in unwritten}
    after |= {name: text for name, text in unwritten.items() if text is not None}
    written = st.session_state.get(WRITTEN, after)
    if after != before or (st.session_state.get(DOUBTED) and after != written):
        st.query_params.from_dict(after)
    st.session_state[WRITTEN] = after
    _forget_notes()


def _forget_notes() -> None:
    """Begin anew: the URL is written, or the visitor leaves for another one."""
    state = st.session_state
    if state.get(ARRIVED):
        state[ARRIVED] = False
    state[MEANT] = state[DOUBTED] = state[TRUSTED] = False
    state[UNWRITTEN] = {}


def just_arrived() -> bool:
    """Return whether the visitor has come from another page in this run."""
    return bool(st.session_state.get(ARRIVED))


def note_change() -> None:
    """Note that the visitor changed a scene in this run, so that the URL imposes none. For callbacks."""
    st.session_state[CHANGED] = True


def leave() -> None:
    """Forget what this run has not written into the URL yet: the visitor leaves for another page, whose URL counts."""
    _forget_notes()
    st.session_state[CHANGED] = False


def rerun() -> NoReturn:
    """Run the page again, so that the URL imposes nothing: the browser may not know yet what this page wrote there."""
    note_change()
    let_this_run_end()
    st.rerun()


def take_changes(key: str, state: str) -> Callable[[], None]:
    """Return the `on_<state>_change` callback that takes over what the visitor changed in the component `key`.

    Beside the scene's parameters, the component tells "edit", the number of the change, and "told", which is
    another one each time: by that, Streamlit sees that what is told again is new.
    """

    def callback() -> None:
        opened: Opened[Any] = st.session_state[f"{key}:opened"]
        told = st.session_state[key].get(state)
        if not isinstance(told, dict):
            return  # no component of the course tells anything else
        changes = {str(name): text for name, value in told.items() if (text := _text(value)) is not None}
        edit = changes.pop("edit", "")
        # The browser counts its changes; 2 to the power of 53 is where its numbers end.
        opened.edit = int(edit) if re.fullmatch(r"\d{1,16}", edit, re.ASCII) else opened.edit
        opened.scene = opened.scene.from_params(opened.scene.all_params() | changes)
        note_change()

    return callback


def _text(value: object) -> str | None:
    """Return what a component told of a parameter as text; None for what none can be, such as a list."""
    return str(value) if isinstance(value, str | int | float) else None
