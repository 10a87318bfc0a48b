"""The teacher's password: tries cost time, and nobody is kept out for long."""

import logging
import os

import pytest

from components.shell import teacher
from components.shell.teacher import FREE, LONGEST, Tries, password, take_password


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setenv("TEACHER_PASSWORD", "chalk and sponge")
    return [1000.0]


@pytest.fixture
def tries(now):
    return Tries(clock=lambda: now[0])


def guess(tries, browser="anna", network="10.0.0.9", given="wrong", **where):
    return tries.judge(given, browser=browser, network=network, **where)


def test_the_right_password_is_right_at_once(tries):
    assert guess(tries, given="chalk and sponge") == (True, 0)


@pytest.mark.parametrize("given", ["", "chalk", "chalk and sponge ", "CHALK AND SPONGE", "krïde", "\x00", "c" * 10_000])
def test_anything_else_is_wrong(tries, given):
    assert guess(tries, given=given) == (False, 0)


def test_without_a_password_nothing_is_right(tries, monkeypatch):
    monkeypatch.setenv("TEACHER_PASSWORD", "")
    monkeypatch.setattr(teacher, "_taken", {})
    assert guess(tries, given="")[0] is False


def test_after_some_wrong_ones_each_costs_twice_the_time_and_a_minute_at_most(tries, now):
    for _ in range(FREE - 1):
        assert guess(tries) == (False, 0)
    waits = []
    for _ in range(9):
        assert guess(tries) == (False, 0)
        waits.append(guess(tries)[1])
        now[0] += waits[-1]
    assert waits == [1, 2, 4, 8, 16, 32, LONGEST[0], LONGEST[0], LONGEST[0]]


def test_what_comes_too_early_is_not_looked_at_and_makes_the_wait_no_longer(tries, now):
    for _ in range(FREE):
        guess(tries)
    assert guess(tries, given="chalk and sponge") == (False, 1)
    now[0] += 1
    assert guess(tries, given="chalk and sponge") == (True, 0)


def test_a_guesser_gets_few_tries_in_an_hour_whatever_cookies_are_thrown_away(tries, now):
    looked_at = 0
    for number in range(3600 * 4):
        now[0] += 0.25
        looked_at += guess(tries, browser=f"forged {number}")[1] == 0
    assert looked_at < 3600 / LONGEST[1] + 20


def test_many_networks_together_get_no_more_than_the_server_gives(tries, now):
    looked_at = 0
    for number in range(3600 * 4):
        now[0] += 0.25
        looked_at += guess(tries, browser=f"forged {number}", network=f"10.0.{number % 200}.{number % 250}")[1] == 0
    assert looked_at < 3600 / LONGEST[2] + 20


def test_a_learner_who_guesses_for_an_hour_keeps_the_teacher_out_for_seconds_only(tries, now):
    for _ in range(3600):
        now[0] += 1
        guess(tries, browser="learner")
    waited = 0.0
    while not (verdict := guess(tries, browser="teacher", network="10.0.0.1", given="chalk and sponge"))[0]:
        now[0] += verdict[1]
        waited += verdict[1]
    assert waited <= LONGEST[2]
    for _ in range(3600):
        now[0] += 1
        guess(tries, browser="learner")
    waited = 0.0
    while not (verdict := guess(tries, browser="teacher", given="chalk and sponge"))[0]:  # behind the same router
        now[0] += verdict[1]
        waited += verdict[1]
    assert waited <= LONGEST[1]


def test_on_the_serving_computer_nobody_waits(tries):
    for _ in range(50):
        guess(tries, network="127.0.0.1")
    assert guess(tries, given="chalk and sponge", here=True) == (True, 0)


def test_wrong_ones_are_forgotten_after_an_hour_and_only_some_are_kept(tries, now):
    for _ in range(FREE + 5):
        now[0] += 60
        guess(tries)
    now[0] += 3601
    assert guess(tries) == (False, 0)
    assert guess(tries) == (False, 0)
    for number in range(5000):
        now[0] += 10
        guess(tries, browser=str(number), network=str(number))
    assert len(tries._wrong) <= teacher.MOST_KEPT


def test_the_log_tells_of_wrong_ones_and_never_what_was_typed(tries, caplog):
    with caplog.at_level(logging.WARNING):
        guess(tries, given="my secret guess")
        guess(tries, given="chalk and sponge")
    assert "A wrong teacher's password came from 10.0.0.9 (number 1 in a row)." in caplog.text
    assert "secret" not in caplog.text
    assert "chalk" not in caplog.text


def test_no_child_process_inherits_the_password(monkeypatch):
    monkeypatch.setenv("TEACHER_PASSWORD", "chalk")
    monkeypatch.setattr(teacher, "_taken", {})
    take_password()
    assert "TEACHER_PASSWORD" not in os.environ
    assert password() == "chalk"


def test_it_is_compared_in_constant_time(tries, monkeypatch):
    compared: list = []

    def compare(*both):
        compared.append(both)
        return False

    monkeypatch.setattr("hmac.compare_digest", compare)
    guess(tries)
    assert compared == [(b"wrong", b"chalk and sponge")]
