"""Who is looking: the browser that began a run may change it, the teacher may change any, all others may watch."""

import hashlib
import hmac
import ipaddress
import threading

import streamlit as st
from starlette.datastructures import Headers

from components.clients import network_of, page_browser
from components.shell.door.origins import comes_from_here
from components.shell.teacher import Tries, password
from models.figures import number_of
from models.runs.bounds import SMALL_BYTES, text_of
from models.runs.run_directory import RunDirectory
from models.storage import write_text

OWNER_FILE = "owner"
"""In a run's folder: a digest of the cookie of the browser that started it. It is never exported."""

MOST_TEACHERS = 100
"""Browsers that are known to be the teacher's; the one that gave the password first is forgotten first."""

MOST_LETTERS = 200
"""Of a password that is looked at."""

_GIVEN, _VERDICT = "teacher-password", "shell:password-verdict"
_teachers: dict[str, None] = {}  # visitors who entered the password on this server
_tries = Tries()
_lock = threading.Lock()


def visitor() -> str:
    """Return the identifier of this browser, or "" if it accepts no cookies."""
    browser = page_browser()
    return hashlib.sha256(browser.encode()).hexdigest() if browser else ""


def is_teacher() -> bool:
    """Return whether this visitor may change every run.

    With TEACHER_PASSWORD set: whoever entered it. Otherwise: a browser on the server itself.
    """
    if password():
        with _lock:
            return bool(visitor()) and visitor() in _teachers
    return _is_here()


def _is_here() -> bool:
    """Return whether this browser is on the serving computer, and asked for the course under that computer's name.

    Behind a proxy on this machine, everybody would seem to be on it; and a page of another site could point its own
    name at this machine, in the browser that is on it.
    """
    if not _is_own(st.context.ip_address):
        return False
    headers = st.context.headers
    given = Headers(
        raw=[
            (name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name in headers
            for value in (headers.get_all(name) if hasattr(headers, "get_all") else [headers[name]])
        ]
    )
    # Without a browser (in AppTest), there are no headers at all; a WebSocket always has some.
    return not given or comes_from_here(given)


def _is_own(address: str | None) -> bool:
    """Return whether it is this machine's own address: Streamlit gives None, or "::ffff:127.0.0.1" on a dual stack."""
    if address is None:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def owns(run: RunDirectory) -> bool:
    """Return whether this browser started the run."""
    return owned_by(run, visitor())


def owned_by(run: RunDirectory, browser: str) -> bool:
    """Return whether the browser that `visitor` has named so started the run; also where no page is drawn."""
    try:
        owner = text_of(run.path / OWNER_FILE, SMALL_BYTES).strip()
    except (OSError, ValueError):
        return False
    return bool(owner) and hmac.compare_digest(owner.encode(), browser.encode())


def may_change(run: RunDirectory) -> bool:
    """Return whether this visitor may pause, stop, resume or delete the run."""
    return owns(run) or is_teacher()


def claim(run: RunDirectory) -> None:
    """Record that this browser started the run.

    Raises:
        OSError: the folder cannot be written.
    """
    write_text(run.path / OWNER_FILE, visitor())


def teacher_sign_in() -> None:
    """Draw the field for the teacher's password, if one is set and not entered yet."""
    if not password() or is_teacher():
        return
    with st.expander("I am the teacher"):
        with st.form("teacher", clear_on_submit=True, border=False):
            st.text_input("Password", type="password", key=_GIVEN)
            # In a callback, for a run that asks whether it was pressed may be cut off before it gets here.
            st.form_submit_button("Sign in", on_click=_try)
        if said := st.session_state.get(_VERDICT):
            st.warning(said)


def _try() -> None:
    """Judge the password that was typed, if one was, and keep what is to be said of it."""
    if given := st.session_state.get(_GIVEN):
        st.session_state[_VERDICT] = _sign_in(given)


def _sign_in(given: str) -> str:
    """Make this browser the teacher's if the password is right, else return why not."""
    if not visitor():
        return "This browser takes no cookies, so the course could not know you again."
    network = network_of(st.context.ip_address or "")
    right, early = _tries.judge(given[:MOST_LETTERS], browser=visitor(), network=network, here=_is_here())
    if early:
        wait = number_of(int(early) + 1, "second")
        return f"There were too many wrong passwords. Try again in {wait}: this one was not looked at."
    if not right:
        return "That is not the teacher's password."
    with _lock:
        _teachers[visitor()] = None
        while len(_teachers) > MOST_TEACHERS:
            _teachers.pop(next(iter(_teachers)))
    return ""
