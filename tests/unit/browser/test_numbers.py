"""browser/numbers.js: numbers are decoded as Python sent them, and rounded so that what is shown adds up."""

import math

import numpy as np
import pytest

from components.browser import encode_array, encode_message
from tests.node import in_node


def rounded(cases: list[tuple[list[float], int]]) -> list[list[int]]:
    code = 'import { roundToTotal } from "./browser/numbers.js";\nanswer(told.map((one) => roundToTotal(...one)));'
    return in_node(code, cases)


def test_rounded_numbers_add_up_to_their_total_and_none_moves_by_more_than_one():
    random = np.random.default_rng(2)
    cases = []
    for _ in range(200):
        values = random.normal(0, 100, random.integers(1, 40))
        cases.append((values.tolist(), round(values.sum())))
    for (values, total), found in zip(cases, rounded(cases), strict=True):
        assert sum(found) == total
        assert max(abs(one - value) for one, value in zip(found, values, strict=True)) <= 1
        # No number is rounded up before one with a larger remainder.
        up = [value - math.floor(value) for one, value in zip(found, values, strict=True) if one > math.floor(value)]
        down = [value - math.floor(value) for one, value in zip(found, values, strict=True) if one == math.floor(value)]
        assert not up or not down or min(up) >= max(down)


@pytest.mark.parametrize(
    ("values", "total", "expected"),
    [
        ([1.5, 2.5, 3.0], 7, [2, 2, 3]),  # of equal remainders, the first one is rounded up
        ([0.2, 0.9, 0.4], 0, [0, 0, 0]),
        ([3.4, 2.1, 1.7], 5, [3, 1, 1]),  # the floors add up to too much: the smallest remainder loses one
        ([3.4, 2.1, 1.7], 4, [2, 1, 1]),
        ([-0.5, -1.25], -3, [-1, -2]),
        ([0.5, 0.5], 5, [3, 2]),  # more than one for each is missing
        ([], 0, []),
        ([], 3, []),
    ],
)
def test_too_little_is_given_and_too_much_is_taken(values, total, expected):
    assert rounded([(values, total)]) == [expected]


def test_whole_units_are_written_with_their_decimals_and_no_minus_before_zero():
    code = 'import { writeUnits } from "./browser/numbers.js";\nanswer(told.map((one) => writeUnits(...one)));'
    cases = [(1234, 2), (-5, 1), (-4, 0), (0, 3), (-0.4, 0), (7, 0)]
    assert in_node(code, cases) == ["12.34", "−0.5", "−4", "0.000", "0", "7"]


def test_as_many_decimals_as_all_numbers_need():
    code = 'import { decimalsFor } from "./browser/numbers.js";\nanswer(told.map(decimalsFor));'
    assert in_node(code, [[1, 2], [0.5, 1], [0.25, -1.5], [0.0625], [1 / 3], []]) == [0, 1, 2, 4, 3, 0]


@pytest.mark.parametrize(("kind", "array"), [("f4", "Float32Array"), ("i4", "Int32Array"), ("u1", "Uint8Array")])
def test_an_array_arrives_as_it_was_sent(kind, array):
    values = np.arange(256).astype(f">{kind}" if kind != "u1" else kind)
    code = f'import {{ decodeArray }} from "./browser/numbers.js";\nanswer(Array.from(decodeArray(told, {array})));'
    assert in_node(code, encode_array(values, kind)) == values.tolist()


def test_a_message_arrives_as_it_was_sent_and_what_is_no_number_is_not_sent():
    message = {"words": "Σ of 3 × −2 …", "numbers": [1, -0.5, 1e-9], "none": None}
    code = 'import { decodeMessage } from "./browser/numbers.js";\nanswer(decodeMessage(Uint8Array.from(told)));'
    assert in_node(code, list(encode_message(message))) == message
    for number in (math.nan, math.inf):
        with pytest.raises(ValueError, match="JSON"):
            encode_message({"number": number})


@pytest.mark.parametrize("width", [1, 4, 7])
def test_the_boxes_between_two_positions_hold_exactly_these(width):
    spans = [(first, last) for first in range(3 * width) for last in range(first - 1, 3 * width)]
    code = 'import { boxesBetween } from "./browser/numbers.js";\nanswer(told.map((one) => boxesBetween(...one)));'
    for (first, last), boxes in zip(spans, in_node(code, [(*span, width) for span in spans]), strict=True):
        held = [
            (row + down) * width + column + across
            for column, row, columns, rows in boxes
            for down in range(rows)
            for across in range(columns)
        ]
        assert sorted(held) == list(range(first, last + 1))
        assert len(boxes) <= 3


def test_names_in_a_text_are_filled_in():
    code = 'import { fillIn } from "./browser/numbers.js";\nanswer(fillIn("{a} of {b}, {a}", told));'
    assert in_node(code, {"a": 0, "b": "{a}"}) == "0 of {a}, 0"
