"""Thumbnails on demand, in the browser: a wish that was lost is made again, and answers reach all who listen."""

from typing import Any

from tests.node import FAKE_CLOCK, in_node

SUPPLY = (
    'import { photoSupply } from "./photo/photo_strip/photo_supply.js";'
    + FAKE_CLOCK
    + """
    const supply = photoSupply("here");
    const wishes = [];
    supply.ask = ({ number, ids }) => wishes.push([now, number, ids.join()]);
    const come = (number, ...ids) =>
      supply.take({ subject: "pets", number, photos: Object.fromEntries(ids.map((id) => [id, `photo ${id}`])) });
    come(0);
    supply.wish("strip", [1, 2]);
    pass(50);
"""
)
"""A supply of pets, and a strip that wishes for two of them: at 40 ms, as number 1."""


def in_the_browser(acts: str) -> Any:
    return in_node(SUPPLY + acts)


def test_a_wish_that_is_answered_is_not_made_again():
    acts = "come(1, 1, 2); pass(20_000); answer([wishes, [...supply.urls.values()]]);"
    assert in_the_browser(acts) == [[[40, 1, "1,2"]], ["photo 1", "photo 2"]]


def test_a_wish_without_an_answer_is_made_again_after_a_while():
    assert in_the_browser("pass(5000); answer(wishes);") == [[40, 1, "1,2"], [4040, 2, "1,2"]]


def test_after_a_message_that_does_not_know_it_a_wish_is_made_again_soon():
    assert in_the_browser("come(0); pass(1000); answer(wishes);") == [[40, 1, "1,2"], [750, 2, "1,2"]]


def test_messages_that_keep_coming_do_not_put_off_the_next_try():
    acts = "for (let time = 0; time < 7; time += 1) { come(0); pass(200); } answer(wishes.map(([at]) => at));"
    assert in_the_browser(acts) == [40, 750]


def test_a_late_answer_is_taken_and_the_rest_wished_for():
    acts = """
        come(0);
        pass(1000);
        supply.wish("strip", [1, 2, 3]);
        pass(100);
        come(1, 1, 2);
        come(2, 1, 2);
        answer([wishes.slice(2), [...supply.urls.keys()]]);
    """
    assert in_the_browser(acts) == [[[1150, 3, "3"]], [1, 2]]


def test_other_photos_begin_anew():
    acts = """
        come(1, 1, 2);
        supply.take({ subject: "digits", number: 1, photos: {} });
        pass(10_000);
        answer([[...supply.urls], wishes.at(-1)]);
    """
    urls, last = in_the_browser(acts)
    assert urls == []
    assert last[2] == "1,2"
