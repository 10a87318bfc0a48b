"""Askers take turns at the answering worker, whoever floods it."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from models.engine import CROWDED, Engine, EngineError
from models.engine.questions import INSTALLATION
from models.runs.run_directory import ORIGIN
from tests.e2e.engine_app import until

WORKERS = {
    "tcp://1": {"name": "training", "resources": {"TRAIN": 1}},
    "tcp://2": {"name": "answers", "resources": {"ANSWER": 1, "STRANGER": 1}},
}


class Client:
    """A cluster whose answers the test gives. A question's last argument names its asker."""

    status = "running"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.most = self._now = 0
        self._answers = threading.Semaphore(0)

    def scheduler_info(self, n_workers: int) -> dict[str, Any]:
        return {"workers": WORKERS}

    def submit(self, function: Any, question: Any, arguments: tuple[str, ...], *_: Any, **__: Any) -> SimpleNamespace:
        self.asked.append(arguments[-1])
        return SimpleNamespace(result=self._result)

    def _result(self, timeout: float) -> tuple[bool, str]:
        self._now += 1
        self.most = max(self.most, self._now)
        assert self._answers.acquire(timeout=60)
        self._now -= 1
        return True, "answer"

    def answer(self, count: int = 1) -> None:
        self._answers.release(count)


class Askers:
    """Threads that ask, each for somebody."""

    def __init__(self) -> None:
        self.client = Client()
        self.engine = Engine(self.client)
        self._who = threading.local()
        self.engine.asker = lambda: self._who.name
        self._threads: list[threading.Thread] = []

    def ask(self, network: str, browser: str, *arguments: str) -> None:
        turns = self.engine._turns["STRANGER" if arguments else "ANSWER"]

        def known() -> int:
            return len(turns._line) + len(self.client.asked)

        def ask() -> None:
            self._who.name = (network, browser)
            answer: Any = self.engine.ask(INSTALLATION, *arguments, browser)
            assert answer == "answer"

        before = known()
        self._threads.append(threading.Thread(target=ask, daemon=True))
        self._threads[-1].start()
        until(lambda: known() > before)

    def join(self) -> None:
        self.client.answer(1000)
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()


@pytest.fixture
def askers():
    askers = Askers()
    yield askers
    askers.join()


def test_who_asks_once_is_answered_before_the_hundred_questions_of_another(askers):
    for number in range(100):
        askers.ask("flood", f"forged {number}")
    assert len(askers.client.asked) == 2  # one is computed, one waits at the worker
    askers.ask("class", "me")
    askers.client.answer(2)
    until(lambda: len(askers.client.asked) == 4)
    assert "me" in askers.client.asked
    assert askers.client.most == 2


def test_tabs_of_one_browser_share_its_turns(askers):
    for _ in range(20):
        askers.ask("school", "many tabs")
    askers.ask("school", "one tab")
    askers.client.answer(2)
    until(lambda: len(askers.client.asked) == 4)
    assert "one tab" in askers.client.asked


def test_questions_to_brought_in_networks_have_a_line_of_their_own(askers, tmp_path):
    (tmp_path / ORIGIN).touch()
    for _ in range(5):
        askers.ask("school", "stranger", str(tmp_path))
    assert len(askers.client.asked) == 2
    askers.ask("school", "me")
    assert askers.client.asked[-1] == "me"


def test_whose_turn_does_not_come_is_told(askers):
    for _ in range(3):
        askers.ask("school", "somebody")
    askers._who.name = ("school", "me")
    with pytest.raises(EngineError) as refusal:
        askers.engine.ask(INSTALLATION, "me", timeout=0.05)
    assert str(refusal.value) == CROWDED
