"""Nothing of a visitor is left a moment after the session's time is over; this app's is one second, the course's 60."""

import json
import tomllib

import pytest

from components.photo import PRIVACY
from components.shell.door import MOST_SESSIONS, forgetting
from components.shell.door.forgetting import EVERY_SECONDS, UNCLAIMED_SECONDS, Forgetting
from models.storage import ROOT
from tests.e2e.engine_app import until


def state(visitor):
    return json.loads(visitor.ask("GET", "/state").body)


def test_photos_uploads_and_downloads_of_all_who_left_are_gone(come):
    """The very first visitor of the server, and the very last one, too: nobody comes after them."""
    visitors = [come().open() for _ in range(3)]
    for visitor in visitors:
        visitor.seen()
        (place,) = visitor.places("a.bin")
        assert visitor.send_file(place.upload_url, b"bytes").status == 204
    before = state(visitors[0])
    assert before["photos"] == 3
    assert before["media"] == 3
    assert sorted(before["uploads"].values()) == [1, 1, 1]
    for visitor in visitors:
        visitor.leave()
    nothing = {"photos": 0, "uploads": {}, "media": 0, "sessions": 0}
    until(lambda: {name: state(visitors[0])[name] for name in nothing} == nothing, 20)


def test_who_stays_keeps_everything_while_others_are_forgotten(come):
    staying, leaving = come().open(), come().open()
    staying.seen()
    (place,) = staying.places("a.bin")
    staying.send_file(place.upload_url, b"bytes")
    leaving.seen()
    leaving.leave()
    until(lambda: state(staying)["photos"] == 1, 20)
    assert state(staying)["uploads"] == {staying.session: 1}
    assert any(one.delta.new_element.text.body == "query {'a': '1'}" for one in staying.seen(query="a=1"))


def test_who_comes_back_in_time_finds_the_photo(come):
    visitor = come().open()
    visitor.seen()
    name = visitor.session
    visitor.leave()
    visitor.connect(session=name)
    assert any(one.delta.new_element.text.body == "run 2" for one in visitor.seen())
    assert state(visitor)["kept_at_most"] == MOST_SESSIONS
    assert visitor.session == name


def test_a_download_has_its_owners_address_alone_and_goes_with_the_session(come):
    visitor, other = come().open(), come().open()
    (address,) = addresses(visitor.seen())
    (others,) = addresses(other.seen())
    assert address != others
    answer = other.ask("GET", address)
    assert answer.status == 200  # the address is a digest of the content: who knows it has had the file
    assert answer.headers["cache-control"] == "private, no-store"
    assert "attachment" in answer.headers["content-disposition"]
    visitor.leave()
    until(lambda: other.ask("GET", address).status == 404, 20)


def addresses(messages):
    buttons = [one.delta.new_element.download_button for one in messages if one.WhichOneof("type") == "delta"]
    return [button.url for button in buttons if button.url]


def test_a_file_that_arrives_after_its_session_has_ended_is_not_kept(come):
    """The page is closed while the file is under way."""
    visitor, other = come().open(), come().open()
    visitor.seen()
    other.seen()
    (place,) = visitor.places("late.bin")
    visitor.leave()
    assert visitor.send_file(place.upload_url, b"late").status == 400
    until(lambda: state(other)["sessions"] == 1, 20)
    assert state(other)["uploads"] == {}


def test_the_minute_that_the_pages_promise_is_what_the_settings_make():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    longest = settings["server"]["disconnectedSessionTTL"] + EVERY_SECONDS
    assert longest <= 75
    assert "a minute after you close the page" in PRIVACY


@pytest.fixture
def uploads(monkeypatch):
    """Uploads without a server: what is there, and what was dropped."""
    there: set = set()
    dropped: list = []
    monkeypatch.setattr(forgetting, "unclaimed_uploads", lambda: set(there))
    monkeypatch.setattr(forgetting, "drop_uploads", dropped.append)
    monkeypatch.setattr(forgetting, "end_expired_sessions", lambda: 0)
    return there, dropped


def test_a_file_that_no_uploader_shows_is_dropped_in_the_end_but_not_while_it_may_be_shown_still(uploads):
    import asyncio

    there, dropped = uploads
    now = [0.0]
    looks = Forgetting(clock=lambda: now[0])
    there.add(("me", "1"))
    asyncio.run(looks.look())
    now[0] = UNCLAIMED_SECONDS - 1
    there.add(("me", "2"))
    asyncio.run(looks.look())
    assert dropped == [set(), set()]
    now[0] = UNCLAIMED_SECONDS
    asyncio.run(looks.look())
    assert dropped[-1] == {("me", "1")}
    there.clear()  # an uploader shows it by now
    asyncio.run(looks.look())
    there.add(("me", "2"))
    asyncio.run(looks.look())
    assert dropped[-1] == set()
