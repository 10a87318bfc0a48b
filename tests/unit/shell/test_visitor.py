"""Who may change a run."""

import hashlib
from types import SimpleNamespace

import pytest
import streamlit as st

from components.shell import visitor as people
from components.shell.teacher import Tries
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory
from models.runs.transfer import export_run


@pytest.fixture
def browse(monkeypatch):
    """Return a function that switches to another browser."""
    monkeypatch.delenv("TEACHER_PASSWORD", raising=False)

    def come(cookie="", address="192.168.1.30", *, host="localhost:8501", **headers):
        cookies = {"visitor": cookie.ljust(32, "-")} if cookie else {}
        headers = {"host": host, "origin": f"http://{host}", **headers}
        context = SimpleNamespace(cookies=cookies, ip_address=address, headers=headers)
        monkeypatch.setattr(st, "context", context)

    return come


@pytest.fixture
def run(tmp_path):
    return RunDirectory.create(tmp_path / "run", RunConfig(dataset="digits"))


def test_only_the_browser_that_began_a_run_may_change_it(browse, run):
    browse("anna")
    people.claim(run)
    assert people.may_change(run)
    browse("ben")
    assert not people.may_change(run)


def test_nobody_owns_a_run_without_an_owner_not_even_a_browser_without_cookies(browse, run):
    browse("")
    assert not people.owns(run)
    people.claim(run)
    assert not people.owns(run)


def test_the_cookie_itself_is_not_in_the_folder_and_the_owner_is_not_exported(browse, run, tmp_path):
    browse("anna")
    people.claim(run)
    assert (run.path / "owner").read_text() == hashlib.sha256(b"anna".ljust(32, b"-")).hexdigest()
    assert b"owner" not in export_run(run, tmp_path / "run.zip").read_bytes()


@pytest.mark.parametrize("address", [None, "127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_a_browser_on_the_server_is_the_teachers(browse, run, address):
    browse("carl", address)
    assert people.may_change(run)
    browse("carl", address, **{"x-forwarded-for": "10.0.0.9"})
    assert not people.may_change(run)
    browse("carl", address, host="evil.example")
    assert not people.may_change(run)
    browse("carl", address, origin="http://evil.example")
    assert not people.may_change(run)


@pytest.mark.parametrize(
    "cookie", ["a", "a" * 31, "a" * 33, "a" * 70_000, "ä" * 32, "../../../../etc/passwd-and-more!", " " * 32]
)
def test_a_cookie_that_the_course_did_not_give_is_nobody(browse, run, monkeypatch, cookie):
    browse()
    monkeypatch.setattr(st.context, "cookies", {"visitor": cookie})
    assert people.visitor() == ""
    people.claim(run)
    assert not people.owns(run)
    monkeypatch.setenv("TEACHER_PASSWORD", "chalk")
    monkeypatch.setattr(people, "_teachers", {"": None})
    assert not people.is_teacher()


def test_two_browsers_with_one_cookie_are_one_visitor(browse, run):
    browse("anna")
    people.claim(run)
    browse("anna", "10.0.0.77")
    assert people.owns(run)


def test_whoever_gives_the_password_is_the_teacher_until_many_others_have(browse, monkeypatch):
    monkeypatch.setenv("TEACHER_PASSWORD", "chalk")
    monkeypatch.setattr(people, "_teachers", {})
    monkeypatch.setattr(people, "_tries", Tries())
    browse("anna")
    assert people._sign_in("wrong") == "That is not the teacher's password."
    assert not people.is_teacher()
    assert people._sign_in("chalk") == ""
    assert people.is_teacher()
    browse("")
    assert "takes no cookies" in people._sign_in("chalk")
    browse("ben")
    said = [people._sign_in("wrong") for _ in range(4)]
    assert said[-1] == "There were too many wrong passwords. Try again in 1 second: this one was not looked at."
    for number in range(people.MOST_TEACHERS):
        people._teachers[str(number)] = None
    browse("other", "127.0.0.1")
    people._sign_in("chalk")
    assert len(people._teachers) == people.MOST_TEACHERS


def test_with_a_password_only_that_makes_a_teacher(browse, run, monkeypatch):
    monkeypatch.setenv("TEACHER_PASSWORD", "chalk")
    monkeypatch.setattr(people, "_teachers", {})
    browse("carl", None)
    assert not people.is_teacher()
    people._teachers[people.visitor()] = None
    assert people.is_teacher()
    browse("dora", None)
    assert not people.is_teacher()


@pytest.mark.parametrize("address", ["192.168.1.30", "::ffff:192.168.1.30", "fe80::1", "nonsense"])
def test_other_machines_are_not_the_teachers(browse, address):
    browse("carl", address)
    assert not people.is_teacher()
