"""Where an axis is marked."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.node import in_node

TICKS = 'import { powersBetween, stepWithRoom, ticksBetween } from "./browser/ticks.js";\n'


@pytest.mark.parametrize(
    ("axis", "ticks"),
    [
        ((0, 1, 0.5), [0, 0.5, 1]),
        ((0, 0.9, 0.5), [0, 0.5]),
        ((-1.2, 1.2, 0.5), [-1, -0.5, 0, 0.5, 1]),
        ((0.1, 0.4, 0.1), [0.1, 0.2, 0.3, 0.4]),
        ((0.1, 0.3, 0.1), [0.1, 0.2, 0.3]),
        ((1.1, 1.3, 0.1), [1.1, 1.2, 1.3]),
        ((-8, 0, 2), [-8, -6, -4, -2, 0]),
        ((0, 300, 50), [0, 50, 100, 150, 200, 250, 300]),
        ((0.2, 0.8, 1), []),
        ((1.5, 1.4, 1), []),
    ],
)
def test_ticks_are_the_multiples_of_a_step_and_written_as_such(axis, ticks):
    assert in_node(f"{TICKS}answer(ticksBetween(...told).map(String));", axis) == [f"{tick:g}" for tick in ticks]


def test_zero_has_no_sign():
    assert in_node(f"{TICKS}answer(ticksBetween(-0.2, 1, 1).map((tick) => Object.is(tick, -0)));") == [False, False]


@settings(max_examples=30)
@given(
    axes=st.lists(
        st.tuples(
            st.floats(-1000, 1000), st.floats(0.01, 1000), st.sampled_from([0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 50.0])
        ),
        min_size=1,
        max_size=20,
    )
)
def test_no_tick_is_missing_and_none_lies_outside(axes):
    axes = [(low, low + span, step) for low, span, step in axes]
    for (low, high, step), ticks in zip(
        axes, in_node(f"{TICKS}answer(told.map((axis) => ticksBetween(...axis)));", axes), strict=True
    ):
        near = 1e-6 * step
        assert all(low - near <= tick <= high + near for tick in ticks)
        assert all(abs(tick / step - round(tick / step)) < 1e-6 for tick in ticks)
        expected = range(math.ceil(low / step + 1e-6), math.floor(high / step - 1e-6) + 1)
        assert {round(tick / step) for tick in ticks} >= set(expected)
        assert ticks == sorted(set(ticks))


@pytest.mark.parametrize(("pixels", "step"), [(100, 1), (20, 1), (19, 2), (4, 5), (0.1, 5)])
def test_the_step_is_the_smallest_one_with_room_and_else_the_largest(pixels, step):
    assert in_node(f"{TICKS}answer(stepWithRoom([1, 2, 5], told, 20));", pixels) == step


@pytest.mark.parametrize(
    ("axis", "powers"),
    [
        ((-2, 2, 20, 20), [2, 1, 0, -1, -2]),
        ((-2, 2, 19, 20), [2, 0, -2]),
        ((-3, 2, 10, 20), [2, 0, -2]),
        ((-8, 3, 6, 20), [3, -1, -5]),
        ((0, 1, 1, 20), [1]),
    ],
)
def test_powers_of_ten_are_counted_from_the_highest_as_far_as_there_is_room(axis, powers):
    assert in_node(f"{TICKS}answer(powersBetween(...told));", axis) == powers
