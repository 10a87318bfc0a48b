"""browser/carrier.js: what is large comes once, and whoever names it finds it."""

from tests.node import in_node

LEAD = """
import carry, { carriedMessage, onCarried, whenCarried } from "./browser/carrier.js";
const bytes = (message) => new TextEncoder().encode(JSON.stringify(message));
const send = (id, value) => carry({ data: bytes({ id, value }) });
const heard = [];
"""


def test_who_waits_is_called_once_when_the_message_comes():
    code = (
        LEAD
        + """
whenCarried("a", ({ value }) => heard.push(value));
send("b", 1);
send("a", 2);
send("a", 3);
answer(heard);
"""
    )
    assert in_node(code) == [2]


def test_what_has_come_is_there_at_once_and_the_newest_counts():
    code = (
        LEAD
        + """
send("a", 1);
send("a", 2);
whenCarried("a", ({ value }) => heard.push(value));
answer([heard, carriedMessage("a").value, carriedMessage("b") ?? null]);
"""
    )
    assert in_node(code) == [[2], 2, None]


def test_who_stopped_waiting_or_listening_hears_nothing():
    code = (
        LEAD
        + """
whenCarried("a", () => heard.push("waited"))();
const end = onCarried((id) => heard.push(id));
send("b", 1);
end();
send("a", 2);
answer(heard);
"""
    )
    assert in_node(code) == ["b"]


def test_an_empty_place_carries_nothing():
    assert in_node(LEAD + 'onCarried((id) => heard.push(id));\nsend("", 1);\nanswer(heard);') == []


def test_twelve_are_kept_and_what_came_again_is_young():
    code = (
        LEAD
        + """
for (let number = 0; number < 12; number += 1) send(`part ${number}`, number);
send("part 0", 0);
send("part 12", 12);
answer(Array.from({ length: 13 }, (_, number) => Boolean(carriedMessage(`part ${number}`))));
"""
    )
    assert in_node(code) == [True, False, *[True] * 11]
