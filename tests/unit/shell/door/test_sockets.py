"""components/shell/door/sockets.py: what one client may do with WebSockets, and what nobody loses by that."""

import asyncio
import contextlib
import time
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from components.shell.door import MOST_SESSIONS, sockets
from components.shell.door.sockets import Sockets
from components.streamlit_server import MOST_MESSAGE_BYTES, ends_a_run, message_kind
from tests.e2e.engine_app import until

NAME = "n" * 32


def rerun(query="", size=0):
    message = BackMsg()
    message.rerun_script.query_string = query + "x" * size
    return message.SerializeToString()


def finished(status=ForwardMsg.FINISHED_SUCCESSFULLY):
    return ForwardMsg(script_finished=status).SerializeToString()


class Page:
    """A WebSocket whose client has sent all messages already. `run` is what the app does with each."""

    def __init__(self, door, messages, *, address="10.0.0.1", browser=NAME):
        cookie = [(b"cookie", f"visitor={browser}".encode())] if browser else []
        self.scope = {"type": "websocket", "client": (address, 1), "headers": cookie}
        self.door, self.waiting, self.sent = door, list(messages), []

    async def receive(self):
        if self.waiting:
            return {"type": "websocket.receive", **self.waiting.pop(0)}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(self, message):
        self.sent.append(message)

    async def live(self):
        await self.door(self.scope, self.receive, self.send)


def binary(*messages):
    return [{"bytes": one, "text": None} for one in messages]


def run(app, scene):
    """Play a scene with a door before an app."""

    async def play():
        await scene(Sockets(app))

    asyncio.run(asyncio.wait_for(play(), 20))


def test_a_slider_that_is_dragged_for_two_seconds_at_sixty_a_second_is_never_kept_waiting(monkeypatch):
    waits = []
    clock = [0.0]

    async def note(seconds):
        waits.append(seconds)

    got: list = []

    async def app(scope, receive, send):
        for _ in range(120):
            got.append((await receive())["bytes"])
            clock[0] += 0.0003  # what Streamlit takes for one

    async def scene(door):
        page = Page(door, binary(*(rerun(f"value={number}") for number in range(120))))
        arriving = page.receive

        async def receive():
            clock[0] += 1 / 60
            return await arriving()

        page.receive = receive  # type: ignore[method-assign]
        await page.live()

    monkeypatch.setattr("components.shell.door.buckets.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("components.shell.door.sockets.asyncio.sleep", note)
    run(app, scene)
    assert got[-1] == rerun("value=119")
    assert waits == []


def test_a_flood_is_slowed_and_comes_in_order_to_its_very_last_message(monkeypatch):
    waited = []

    async def note(seconds):
        waited.append(seconds)

    monkeypatch.setattr("components.shell.door.sockets.asyncio.sleep", note)
    got: list = []

    async def app(scope, receive, send):
        while len(got) < 500:
            got.append((await receive())["bytes"])

    async def scene(door):
        await Page(door, binary(*(rerun(f"value={number}") for number in range(500)))).live()

    run(app, scene)
    assert got == [rerun(f"value={number}") for number in range(500)]
    assert max(waited) > (500 - sockets.MESSAGES[0]) / sockets.MESSAGES[1] * 0.9  # they were told to wait, not lost


def test_whose_messages_take_the_servers_time_waits_and_others_do_not(monkeypatch):
    """Where many threads want the processor, beginning a run takes long, and everybody waits for it."""
    waits, clock = [], [0.0]

    async def note(seconds):
        waits.append(seconds)

    async def app(scope, receive, send):
        for _ in range(40 if scope["client"][0] == "10.0.0.1" else 10):
            await receive()
            clock[0] += 0.05

    async def scene(door):
        await Page(door, binary(*[rerun()] * 40)).live()
        greedy, waits[:] = sum(waits), []
        assert greedy > 2
        await Page(door, binary(*[rerun()] * 10), address="10.0.0.2", browser="o" * 32).live()
        assert waits == []

    monkeypatch.setattr("components.shell.door.buckets.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("components.shell.door.sockets.asyncio.sleep", note)
    run(app, scene)


def test_a_large_message_counts_as_many(monkeypatch):
    waited = []

    async def note(seconds):
        waited.append(seconds)

    monkeypatch.setattr("components.shell.door.sockets.asyncio.sleep", note)

    async def app(scope, receive, send):
        for _ in range(20):
            await receive()

    async def scene(door):
        await Page(door, binary(*(rerun(size=10**6) for _ in range(20)))).live()

    run(app, scene)
    assert len(waited) > 5


@pytest.mark.parametrize("kind", ["clear_cache", "load_git_info", "set_run_on_save", "debug_shutdown_runtime"])
def test_messages_that_no_page_of_the_course_sends_are_left_out(kind):
    message = BackMsg()
    setattr(message, kind, True)
    got: list = []

    async def app(scope, receive, send):
        got.append((await receive())["bytes"])

    async def scene(door):
        await Page(door, binary(message.SerializeToString(), b"", rerun("after"))).live()

    run(app, scene)
    assert got == [rerun("after")]


def test_an_uploader_that_asks_for_a_million_places_gets_none():
    message = BackMsg()
    message.file_urls_request.file_names.extend(["a"] * 100)
    assert message_kind(message.SerializeToString()) == "file_urls_request"
    message.file_urls_request.file_names.extend(["a"] * 10_000)
    assert message_kind(message.SerializeToString()) == ""


@pytest.mark.parametrize("garbage", [{"bytes": b"\xff" * 50}, {"bytes": None, "text": "words"}, {"bytes": b"\x0a\xff"}])
def test_garbage_ends_the_web_socket_without_a_word_in_the_log(garbage, caplog):
    ends = []

    async def app(scope, receive, send):
        ends.append((await receive())["type"])

    async def scene(door):
        page = Page(door, [{"text": None, **garbage}])
        await page.live()
        assert page.sent[0]["type"] == "websocket.close"

    run(app, scene)
    assert ends == ["websocket.disconnect"]
    assert caplog.text == ""


def holding(counts):
    """An app that begins every run that it is asked for and ends none by itself."""

    async def app(scope, receive, send):
        await receive()
        counts["now"] += 1
        counts["most"] = max(counts["most"], counts["now"])
        await counts["release"].acquire()
        counts["now"] -= 1
        await send({"type": "websocket.send", "bytes": finished()})
        await asyncio.sleep(0)

    return app


@pytest.mark.parametrize(
    ("browsers", "most"),
    [
        ([NAME] * 10, sockets.RUNS_OF_BROWSER),
        ([""] * 10, sockets.RUNS_OF_BROWSER),
        (list("abcdefghijklmnopqrst"), sockets.RUNS_OF_NETWORK),
    ],
)
def test_only_some_pages_of_a_browser_and_of_a_network_are_computed_at_a_time(browsers, most):
    counts: dict[str, Any] = {"now": 0, "most": 0, "release": asyncio.Semaphore(0)}

    async def scene(door):
        pages = [Page(door, binary(rerun()), browser=one.ljust(32, "-") if one else "") for one in browsers]
        tasks = [asyncio.create_task(page.live()) for page in pages]
        await asyncio.sleep(0.1)
        assert counts["now"] == most
        other = asyncio.create_task(Page(door, binary(rerun()), address="10.0.0.2", browser="o" * 32).live())
        await asyncio.sleep(0.05)
        assert counts["now"] == most + 1  # another network does not wait
        for _ in range(len(pages) + 1):
            counts["release"].release()
        await asyncio.gather(*tasks, other)

    run(holding(counts), scene)
    assert counts["most"] == most + 1


def test_a_page_that_waits_for_the_engine_gives_its_place_to_another_one(monkeypatch):
    counts: dict[str, Any] = {"now": 0, "most": 0, "release": asyncio.Semaphore(0)}
    waits: list = []
    monkeypatch.setattr(sockets, "on_waiting", waits.append)

    async def scene(door):
        names = [one * 32 for one in "abcd"]
        tasks = [asyncio.create_task(Page(door, binary(rerun()), browser=one).live()) for one in names]
        await asyncio.sleep(0.1)
        assert counts["now"] == sockets.RUNS_OF_NETWORK == 2
        (tell,) = waits
        await asyncio.to_thread(tell, "a" * 32)  # as the page's thread does
        await asyncio.to_thread(tell, "nobody's")
        await asyncio.sleep(0.1)
        assert counts["now"] == 3
        for _ in names:
            counts["release"].release()
        await asyncio.gather(*tasks)
        assert door._runs[0]._taken == door._runs[1]._taken == {}
        assert door._turns == {}

    run(holding(counts), scene)


def test_a_new_run_of_the_same_page_needs_no_other_place():
    async def app(scope, receive, send):
        for _ in range(10):
            await receive()

    async def scene(door):
        await Page(door, binary(*[rerun()] * 10)).live()
        assert door._runs[0]._taken == door._runs[1]._taken == {}

    run(app, scene)


def test_a_run_that_ends_gives_its_place_back_and_one_that_is_taken_over_keeps_it():
    assert ends_a_run(finished())
    assert ends_a_run(finished(ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY))
    assert ends_a_run(finished(ForwardMsg.FINISHED_WITH_COMPILE_ERROR))
    assert not ends_a_run(finished(ForwardMsg.FINISHED_EARLY_FOR_RERUN))
    assert not ends_a_run(b"\xff" * 10)
    assert not ends_a_run(b"")
    message = ForwardMsg()
    message.delta.new_element.text.body = "x" * 10**5
    assert not ends_a_run(message.SerializeToString())


def test_forty_learners_with_two_tabs_each_and_two_hundred_pages_at_once_get_in_behind_one_address():
    """The same with browsers that take no cookies; a single browser gets no more than its share."""

    def opened(pages):
        async def app(scope, receive, send):
            await receive()

        async def scene(door):
            tasks = [asyncio.create_task(page(door).live()) for page in pages]
            await asyncio.sleep(0.2)
            count[0] = sum(door._open[key] for key in door._open if key[0] == "network")
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert +door._open == {}

        count = [0]
        run(app, scene)
        return count[0]

    def page_of(browser):
        return lambda door: Page(door, [], browser=browser)

    assert opened([page_of(f"{number // 2:032}") for number in range(80)]) == 80
    assert opened([page_of(f"{number % 40:032}") for number in range(200)]) == 200
    assert opened([page_of("")] * 200) == 200
    assert opened([page_of("")] * 1000) == min(sockets.MOST_OF_NETWORK, sockets.OPENINGS_OF_NETWORK[0])
    assert opened([page_of(NAME)] * 200) == sockets.OPENINGS_OF_BROWSER[0]


def test_one_network_cannot_drive_out_the_sessions_of_others():
    at_once, a_second = sockets.OPENINGS_OF_NETWORK
    assert at_once + 60 * a_second < MOST_SESSIONS


def test_pages_that_are_opened_and_closed_without_end_are_refused_after_some():
    """Each would leave a session behind, and push those out whose network is down for a moment."""

    async def app(scope, receive, send):
        return

    refused = []

    async def scene(door):
        for _ in range(100):
            page = Page(door, [])
            await page.live()
            refused.append(bool(page.sent))

    run(app, scene)
    assert refused == [False] * sockets.OPENINGS_OF_BROWSER[0] + [True] * (100 - sockets.OPENINGS_OF_BROWSER[0])


# The running server ---------------------------------------------------------------------------------------------------


def query_shown(messages):
    words = [one.delta.new_element.text.body for one in messages if one.WhichOneof("type") == "delta"]
    return next((one for one in reversed(words) if one.startswith("query")), "")


def test_a_visitor_who_floods_sees_the_last_state_in_the_end(come):
    visitor = come().open()
    visitor.seen()
    for number in range(300):
        visitor.rerun(query=f"value={number}")
    shown = ""
    end = time.monotonic() + 30
    while shown != "query {'value': '299'}" and time.monotonic() < end:
        shown = query_shown(visitor.until("script_finished")) or shown
    assert shown == "query {'value': '299'}"


@pytest.mark.parametrize("size", [MOST_MESSAGE_BYTES + 1, 30_000_000])
def test_a_message_that_is_too_large_closes_its_own_page_alone(come, size):
    flooding, other = come().open(), come().open()
    with contextlib.suppress(ConnectionClosed):
        flooding.tell(b"\x00" * size)
    assert flooding.is_shut_out() in (1006, 1009)
    assert query_shown(other.seen()) == "query {}"


@pytest.mark.parametrize("garbage", [b"\xff" * 40, "words"])
def test_garbage_closes_its_own_page_alone_and_the_log_has_no_page_of_it(come, small, garbage):
    before = len(small.log.read_bytes())
    for _ in range(10):
        visitor = come().open()
        visitor.tell(garbage)
        assert visitor.is_shut_out() in (1002, 1003, 1006)
    assert len(small.log.read_bytes()) == before
    assert query_shown(come().open().seen()) == "query {}"


def test_one_browser_cannot_open_pages_without_end(come):
    visitor = come().open()
    siblings, refused = [come() for _ in range(sockets.MOST_OF_BROWSER)], 0
    for one in siblings:
        one.cookies = dict(visitor.cookies)
        try:
            one.connect()
        except InvalidStatus:
            refused += 1
    assert refused > 0
    assert query_shown(come().open().seen()) == "query {}"
    for one in siblings:
        one.leave()
    visitor.leave()

    def opens():
        try:
            visitor.connect()
        except InvalidStatus:
            return False
        return True

    until(opens, 20)
