"""Who is looking: the browser that began a run may change it, the teacher may change any, all others may watch."""

import hashlib
import hmac
import ipaddress
import os
import threading

import streamlit as st

from components.scene import rerun
from components.shell.visitor_cookie import COOKIE
from models.runs.bounds import SMALL_BYTES, text_of
from models.runs.run_directory import RunDirectory
from models.storage import write_text

OWNER_FILE = "owner"
"""In a run's folder: a digest of the cookie of the browser that started it. It is never exported."""

_FORWARDED = ("x-forwarded-for", "forwarded", "via")

_teachers: set[str] = set()  # visitors who entered the password on this server
_lock = threading.Lock()


def visitor() -> str:
    """Return the identifier of this browser, or "" if it accepts no cookies."""
    cookie = st.context.cookies.get(COOKIE)
    # Without a browser (in AppTest), this is not a text.
    return hashlib.sha256(cookie.encode()).hexdigest() if isinstance(cookie, str) and cookie else ""


def is_teacher() -> bool:
    """Return whether this visitor may change every run.

    With TEACHER_PASSWORD set: whoever entered it. Otherwise: a browser on the server itself.
    """
    if os.environ.get("TEACHER_PASSWORD"):
        with _lock:
            return visitor() in _teachers
    # Behind a proxy on this machine, everybody would seem to be on it.
    return _is_here(st.context.ip_address) and not any(name in st.context.headers for name in _FORWARDED)


def _is_here(address: str | None) -> bool:
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
    password = os.environ.get("TEACHER_PASSWORD")
    if not password or is_teacher():
        return
    with st.expander("I am the teacher"):
        given = st.text_input("Password", type="password", key="teacher-password")
        if not given:
            return
        if not visitor():
            st.warning("This browser takes no cookies, so the course could not know you again.")
        elif hmac.compare_digest(given.encode(), password.encode()):
            with _lock:
                _teachers.add(visitor())
            rerun()
        else:
            st.warning("That is not the teacher's password.")
