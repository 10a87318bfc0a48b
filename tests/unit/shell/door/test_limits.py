"""Buckets, places, the log, connections and who is counted as whom: without a server."""

import asyncio
import logging

import pytest

from components.clients import client_of, network_of
from components.shell.door import connections
from components.shell.door.buckets import MOST_KEYS, Bucket, Buckets
from components.shell.door.connections import Connections, raise_file_numbers
from components.shell.door.logs import A_MINUTE, AT_ONCE, MOST_KINDS, MOST_LETTERS, LogLimit
from components.shell.door.places import Places, Stopwatch
from components.streamlit_server import Connection

# Buckets --------------------------------------------------------------------------------------------------------------


def test_a_bucket_lets_its_size_through_at_once_and_its_rate_from_then_on():
    now = [0.0]
    bucket = Bucket(10, 2, lambda: now[0])
    assert [bucket.wait() for _ in range(10)] == [0] * 10
    assert [bucket.wait() for _ in range(3)] == [0.5, 1, 1.5]
    now[0] = 1.5
    assert bucket.wait() == 0.5
    now[0] = 1000
    assert [bucket.wait() for _ in range(11)] == [0] * 10 + [0.5]


def test_who_is_refused_takes_nothing():
    now = [0.0]
    bucket = Bucket(1, 1, lambda: now[0])
    assert [bucket.try_take() for _ in range(3)] == [True, False, False]
    now[0] = 1
    assert bucket.try_take()


def test_every_key_has_a_bucket_of_its_own_and_not_too_many_are_kept():
    buckets = Buckets(1, 0.001)
    assert buckets.of("a").try_take()
    assert not buckets.of("a").try_take()
    for number in range(MOST_KEYS * 2):
        assert buckets.of(number).try_take()
    assert len(buckets._kept) <= MOST_KEYS


# Places ---------------------------------------------------------------------------------------------------------------


def test_places_are_handed_on_in_order_and_never_lost():
    async def scene():
        places, came = Places(2, 60, 60), []

        async def come(name):
            await places.take("key")
            came.append(name)

        tasks = [asyncio.create_task(come(number)) for number in range(5)]
        await asyncio.sleep(0)
        assert came == [0, 1]
        await places.take("another key")
        for _ in range(3):
            places.leave("key")
            await asyncio.sleep(0.01)
        assert came == [0, 1, 2, 3, 4]
        assert places.taken("key") == 2
        places.leave("key")
        places.leave("key")
        places.leave("another key")
        assert places._taken == {}
        assert places._lines == {}
        await asyncio.gather(*tasks)

    asyncio.run(scene())


class Watch(Stopwatch):
    """A process that is busy, or is not."""

    def __init__(self, busy):
        self.busy = busy

    def was_busy(self):
        return self.busy


@pytest.mark.parametrize(("busy", "longest", "goes_on"), [(False, 60, True), (True, 0.04, True), (True, 60, False)])
def test_who_waits_goes_on_while_others_wait_themselves_and_in_the_end_in_any_case(busy, longest, goes_on):
    async def scene():
        places = Places(1, 0.02, longest, lambda: Watch(busy))
        await places.take("key")
        waiting = asyncio.create_task(places.take("key"))
        await asyncio.sleep(0.2)
        assert waiting.done() == goes_on
        places.leave("key")
        await waiting
        places.leave("key")
        assert places._taken == places._lines == {}

    asyncio.run(scene())


def test_whoever_gives_up_leaves_no_gap():
    async def scene():
        places = Places(1, 60, 60)
        await places.take("key")
        waiting = asyncio.create_task(places.take("key"))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        places.leave("key")
        assert places._taken == places._lines == {}
        await places.take("key")

    asyncio.run(scene())


def test_a_stopwatch_tells_computing_from_waiting(monkeypatch):
    passed, worked = [0.0], [0.0]
    monkeypatch.setattr("components.shell.door.places.time.monotonic", lambda: passed[0])
    monkeypatch.setattr("components.shell.door.places.time.process_time", lambda: worked[0])
    watch = Stopwatch()
    passed[0], worked[0] = 3.0, 2.0
    assert watch.was_busy()
    passed[0], worked[0] = 6.0, 2.1
    assert not watch.was_busy()


# The log --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def written():
    """A logger whose lines are kept, with the limit at a clock of its own: (logger, lines, the time)."""
    now, lines = [0.0], []

    class Keeping(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    logger = logging.Logger("somebody")
    logger.addHandler(Keeping())
    logger.addFilter(LogLimit(lambda: now[0]))
    return logger, lines, now


def test_a_flood_of_one_kind_is_a_few_lines_and_a_count(written):
    logger, lines, now = written
    for number in range(100_000):
        logger.warning("Rejected %s", number)
    assert len(lines) == AT_ONCE
    logger.warning("Another thing")
    assert lines[-1] == "Another thing"
    now[0] = 60
    for number in range(1000):
        logger.warning("Rejected %s", number)
    assert lines[AT_ONCE + 1] == "Rejected 0 (99,980 more like this were left out.)"
    assert len(lines) == AT_ONCE + 1 + A_MINUTE


def test_a_day_of_flooding_is_less_than_a_few_megabytes(written):
    logger, lines, now = written
    for minute in range(24 * 60):
        now[0] = 60.0 * minute
        for _ in range(A_MINUTE * 2):
            logger.warning("Rejected: origin=%s", "x" * 60)
    assert sum(map(len, lines)) < 4e6


def test_kinds_that_a_visitor_invents_are_limited_together(written):
    logger, lines, _ = written
    for number in range(20_000):
        logger.warning(f"{number} is no name")
    assert len(lines) <= MOST_KINDS + AT_ONCE


def test_a_long_line_is_cut_and_nothing_in_it_looks_like_another_line_of_a_terminal(written):
    logger, lines, _ = written
    logger.warning("origin=%s", "x" * 100_000)
    assert len(lines[0]) < MOST_LETTERS + 100
    logger.warning("path=%s", "\x1b[31mred\r\x07")
    assert lines[1] == "path=\\x1b[31mred\\x0d\\x07"
    logger.warning("two %s", *"ab")  # more details than the text has
    assert lines[2] == "two %s"


# Connections ----------------------------------------------------------------------------------------------------------


class Wire(Connection):
    """A connection; `head` is what it waits for, None for nothing."""

    address, waiting_for, is_open = "", None, True

    def __init__(self, address, head="first"):
        self.address, self.waiting_for = address, head

    def abort(self):
        self.is_open = False


@pytest.fixture
def timers():
    return []


def look(timers):
    """Let all timers run that are set by now."""
    due, timers[:] = list(timers), []
    for _, function, *given in due:
        function(*given)


def test_a_connection_that_never_says_what_it_wants_is_closed_and_others_stay(timers):
    door = Connections(100, later=lambda *what: timers.append(what))
    silent, slow, web_socket = Wire("10.0.0.1"), Wire("10.0.0.2"), Wire("10.0.0.3", None)
    for one in (silent, slow, web_socket):
        door.opened(one)
    look(timers)
    slow.waiting_for = "second"  # its first request is answered
    look(timers)
    assert [one.is_open for one in (silent, slow, web_socket)] == [False, True, True]
    for _ in range(5):
        look(timers)
    assert [one.is_open for one in (silent, slow, web_socket)] == [False, False, True]


def test_where_there_is_no_room_the_oldest_silent_one_of_the_greediest_goes(timers):
    door = Connections(20, later=lambda *what: timers.append(what))
    honest = [Wire("10.0.0.7", None) for _ in range(5)]
    greedy = [Wire("10.0.0.66") for _ in range(30)]
    for one in honest + greedy:
        door.opened(one)
    assert all(one.is_open for one in honest)
    assert sum(one.is_open for one in greedy) == 10  # half of all at most
    newcomer = Wire("10.0.0.8", None)
    door.opened(newcomer)
    assert newcomer.is_open
    assert [one.is_open for one in greedy[:20]] == [False] * 20


def test_behind_one_router_or_proxy_a_newcomer_gets_in_past_silent_ones(timers):
    for address in ("10.0.0.66", "127.0.0.1", "::ffff:127.0.0.1", "2001:db8::1"):
        door = Connections(20, later=lambda *what: timers.append(what))
        for _ in range(200):
            door.opened(Wire(address))
        honest = Wire(address)
        door.opened(honest)
        assert honest.is_open
        honest.waiting_for = None
        for _ in range(200):
            door.opened(Wire(address))
        assert honest.is_open
        assert sum(map(len, door._open.values())) <= 20


def test_a_class_behind_one_router_has_room_for_two_hundred_pages(timers):
    """Every page has a WebSocket and up to six connections more while it loads."""
    most = int(4096 * (1 - connections.RESERVED))
    door = Connections(most, later=lambda *what: timers.append(what))
    pages = [Wire("10.0.0.1", None) for _ in range(200 * 7)]
    for one in pages:
        door.opened(one)
    assert all(one.is_open for one in pages)


def test_the_server_may_open_as_many_files_as_the_system_gives():
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, before[1]), before[1]))
        assert raise_file_numbers() == min(before[1] if before[1] > 0 else 65536, 65536)
        assert raise_file_numbers() == resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize("most", [10240, 4096, 256])
def test_where_the_system_gives_less_than_it_says_less_is_taken(monkeypatch, most):
    """As on macOS, whose limit has no end but whose kernel has."""
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    given = [(256, resource.RLIM_INFINITY)]

    def set_limit(_which, wanted):
        if wanted[0] > most:
            raise ValueError("current limit exceeds maximum limit")
        given[0] = wanted

    monkeypatch.setattr(resource, "getrlimit", lambda _which: given[0])
    monkeypatch.setattr(resource, "setrlimit", set_limit)
    assert raise_file_numbers() == most


# Who is who -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.168.1.30", "192.168.1.30"),
        ("::ffff:192.168.1.30", "192.168.1.30"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("::1", "::1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_network_is_what_one_computer_may_have(address, network):
    assert network_of(address) == network


def test_a_client_is_known_by_a_name_that_the_course_gave():
    def of(*cookies):
        headers = [(b"cookie", one.encode("latin-1")) for one in cookies]
        return client_of({"type": "http", "client": ("10.0.0.1", 5), "headers": headers})

    name = "n" * 32
    assert of(f"visitor={name}") == ("10.0.0.1", name)
    assert of("a=1", f"b=2; visitor={name}") == ("10.0.0.1", name)
    assert of("visitor=short") == of() == ("10.0.0.1", "")
    assert client_of({"type": "http", "client": None, "headers": []}) == ("", "")
