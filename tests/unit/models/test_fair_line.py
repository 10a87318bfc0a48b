"""Who asks much waits behind who asks little."""

import threading
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.fair_line import FairLine, FairTurns, NoTurnError
from tests.e2e.engine_app import until


def taken(line: FairLine) -> list:
    found = []
    while (item := line.take()) is not None:
        found.append(item)
    return found


def test_one_browsers_items_go_in_their_order():
    line: FairLine[int] = FairLine()
    for number in range(1, 6):
        line.put(("here", "a"), number)
    assert len(line) == 5
    assert taken(line) == [1, 2, 3, 4, 5]
    assert line.take() is None
    assert len(line) == 0


def test_networks_take_turns_and_in_each_its_browsers():
    line: FairLine[str] = FairLine()
    for item in ("a1", "a2", "a3", "b1", "b2"):
        line.put(("one", item[0]), item)
    for item in ("c1", "c2"):
        line.put(("two", item[0]), item)
    assert taken(line) == ["a1", "c1", "b1", "c2", "a2", "b2", "a3"]


def test_new_names_for_every_question_get_one_network_no_more_turns():
    line: FairLine[str] = FairLine()
    for number in range(1000):
        line.put(("flood", f"forged {number}"), "forged")
    line.put(("class", "me"), "mine")
    assert line.before("mine") == 1


WAITING = st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("ab")), max_size=30)


@given(WAITING)
def test_what_is_said_to_come_before_does(asked):
    line: FairLine[int] = FairLine()
    for number, who in enumerate(asked):
        line.put(who, number)
    said = {number: line.before(number) for number in range(len(asked))}
    assert line.before(-1) is None
    assert [said[number] for number in taken(line)] == list(range(len(asked)))


@given(WAITING)
def test_nobody_is_served_twice_before_another_network_was_once(asked):
    line: FairLine[tuple[str, str]] = FairLine()
    for who in asked:
        line.put(who, who)
    waiting = Counter(network for network, _ in asked)
    previous = ""
    for network, _ in taken(line):
        assert network != previous or not any(count for other, count in waiting.items() if other != network)
        waiting[network] -= 1
        previous = network


@given(WAITING, st.sets(st.integers(0, 29)))
def test_what_is_dropped_is_gone_and_the_others_keep_their_order(asked, dropped):
    line, without = FairLine[int](), FairLine[int]()
    for number, who in enumerate(asked):
        line.put(who, number)
    before = {who: [n for other, n in line.items() if other == who] for who in asked}
    line.keep(lambda number: number not in dropped)
    for who, numbers in before.items():
        assert [n for other, n in line.items() if other == who] == [n for n in numbers if n not in dropped]
    for who, number in list(line.items()):
        without.put(who, number)
    assert taken(line) == taken(without)


class Askers:
    """Threads that wait for their turns, which last until the test ends them."""

    def __init__(self) -> None:
        self.turns = FairTurns()
        self.begun: list[str] = []
        self._end: dict[str, threading.Event] = {}
        self._threads: list[threading.Thread] = []

    def ask(self, network: str, name: str, at_once: int = 1) -> None:
        self._end[name] = threading.Event()

        def wait() -> None:
            with self.turns.turn((network, name), at_once=at_once, seconds=60):
                self.begun.append(name)
                self._end[name].wait(60)

        waiting = len(self.turns._line)
        self._threads.append(threading.Thread(target=wait, daemon=True))
        self._threads[-1].start()
        until(lambda: name in self.begun or len(self.turns._line) == waiting + 1)

    def end(self, name: str, then: str | None) -> None:
        self._end[name].set()
        if then is not None:
            until(lambda: then in self.begun)

    def join(self) -> None:
        for event in self._end.values():
            event.set()
        for thread in self._threads:
            thread.join(60)


@pytest.fixture
def askers():
    askers = Askers()
    yield askers
    askers.join()


def test_a_few_at_a_time_in_the_order_of_turns(askers):
    for name in ("flood 1", "flood 2", "flood 3"):
        askers.ask("flood", name)
    askers.ask("class", "me")
    assert askers.begun == ["flood 1"]
    askers.end("flood 1", then="flood 2")
    askers.end("flood 2", then="me")
    askers.end("me", then="flood 3")
    assert askers.begun == ["flood 1", "flood 2", "me", "flood 3"]


def test_two_at_once_where_there_is_room_for_two(askers):
    for name in ("a", "b", "c"):
        askers.ask("here", name, at_once=2)
    assert askers.begun == ["a", "b"]
    askers.end("b", then="c")


def test_whoever_waits_too_long_is_told_and_keeps_nobody_waiting(askers):
    askers.ask("here", "busy")
    with pytest.raises(NoTurnError), askers.turns.turn(("here", "late"), at_once=1, seconds=0.02):
        raise AssertionError
    askers.ask("here", "next")
    askers.end("busy", then="next")


def test_a_turn_ends_with_its_error(askers):
    with pytest.raises(KeyError), askers.turns.turn(("here", "a"), at_once=1, seconds=1):
        raise KeyError
    askers.ask("here", "next")
    assert askers.begun == ["next"]
