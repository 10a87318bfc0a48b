"""The boards' answers are those of Keras, what is said about them is true, and every scene fits
into a URL.
"""

import itertools
import json
import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from components.lessons.pooling.boards import payload
from components.lessons.pooling.boards.grid import (
    COURSE_GRIDS,
    DECIMALS,
    LIMIT,
    MAX_SIDE,
    MIN_SIDE,
    parse_grid,
    write_grid,
)
from components.lessons.pooling.boards.keras_code import keras_code, keras_words
from components.lessons.pooling.boards.scene import MAX_SPEED, SIZES, SLOWEST, STRIDES, PoolingScene
from components.lessons.pooling.boards.texts import TEXTS, reach_text
from components.player import TRANSPORT_TEXTS
from models.arithmetic import axis_geometry

DEFAULT = PoolingScene()
SIDES = range(MIN_SIDE, MAX_SIDE + 1)
PADDINGS = ("valid", "same")
SETTINGS: list[tuple[int, Any, Any]] = list(itertools.product(SIZES, STRIDES, PADDINGS))

_generator = np.random.default_rng(11)


def random_grid(rows: int, columns: int, *, low: int = -9990, high: int = 9990) -> str:
    return write_grid(_generator.integers(low, high, (rows, columns), endpoint=True) / 10)


GRIDS = {
    "course, max": COURSE_GRIDS["max"],
    "course, average": COURSE_GRIDS["average"],
    "smallest": random_grid(2, 2),
    "square of odd side": random_grid(7, 7),
    "wide": random_grid(3, 8),
    "tall": random_grid(8, 2),
    "nearly square": random_grid(5, 4),
    "all negative": random_grid(6, 6, low=-9990, high=-1),
    "all alike": ";".join(["-0.1,-0.1,-0.1,-0.1,-0.1"] * 5),
}
TABLE = [
    (grid, size, stride, padding)
    for grid, (size, stride, padding) in itertools.product(GRIDS, SETTINGS)
    if padding == "same" or size <= min(parse_grid(GRIDS[grid]).shape)
]

one_decimal = st.integers(-int(LIMIT) * 10, int(LIMIT) * 10).map(lambda tenths: tenths / 10)
grid_texts = (
    st.tuples(st.sampled_from(SIDES), st.sampled_from(SIDES))
    .flatmap(lambda shape: arrays.arrays(np.float64, shape, elements=one_decimal))
    .map(lambda grid: write_grid(grid + 0.0))
)
scenes = st.builds(
    PoolingScene,
    grid=grid_texts,
    size=st.sampled_from(SIZES),
    stride=st.sampled_from(STRIDES),
    padding=st.sampled_from(PADDINGS),
    guess=st.booleans(),
    position=st.integers(0, 63),
    speed=st.sampled_from([0.2, 0.5, 1.0, 2.25, 30.0]),
)
# Text that is nearly right is more dangerous than noise.
near_misses = st.sampled_from(
    [
        *("on", "off", "same", "none", "None", "", " ", "-", "-0", "0", "5", "2.0", " 2", "1e5", "1e999", "nan", "inf"),
        *("٣", "²", "\0", "💩", "1,2;3", "1,2;3,4", "1,2;3,x", "1000,1;1,1", "1,2", ";", "1 2\n3 4", "nan,1;1,1"),
    ]
)
urls = st.dictionaries(st.one_of(st.sampled_from(PoolingScene.names()), st.text(max_size=8)), st.text() | near_misses)


def shown(message: Any, name: str) -> np.ndarray:
    """A board's answers as the browser arranges them."""
    return np.array(message[name]).reshape(message["rows"]["output"], message["columns"]["output"])


def window_numbers(message: Any, size: int, stop: int) -> list[float]:
    """The numbers of the grid under the window at a stop, as the browser finds them."""
    top, left = (place * message["step"] for place in divmod(stop, message["columns"]["output"]))
    rows, columns = message["rows"], message["columns"]
    places = itertools.product(range(top, top + size), range(left, left + size))
    return [
        message["values"][y - rows["before"]][x - columns["before"]]
        for y, x in places
        if 0 <= y - rows["before"] < rows["size"] and 0 <= x - columns["before"] < columns["size"]
    ]


# The scene ------------------------------------------------------------------------------------------------------------


@given(urls)
@example(dict.fromkeys(PoolingScene.names(), ""))
@example(dict.fromkeys(PoolingScene.names(), "💩"))
def test_whatever_the_url_says_the_scene_is_one_that_the_page_can_draw(url):
    scene = PoolingScene.from_params(url)
    assert scene.size in SIZES
    assert scene.stride in STRIDES
    assert scene.padding in PADDINGS
    assert isinstance(scene.guess, bool)
    assert 0 <= scene.position <= 63
    assert SLOWEST <= scene.speed <= MAX_SPEED
    assert {*scene.numbers().shape} <= {*SIDES}
    json.dumps(payload(scene), allow_nan=False)
    assert PoolingScene.from_params(scene.all_params()) == scene


NONSENSE = {
    "grid": ["", "1", "1,2", "1,2;3", "1,x;2,3", "1000,1;1,1", "nan,1;1,1", "1,,2;3,4,5", ";".join(["1,1"] * 9)],
    "size": ["", "0", "5", "-2", "2.0", "two", " 2"],
    "stride": ["", "0", "5", "None", "1.0", "= window"],
    "padding": ["", "SAME", "full", "none"],
    "guess": ["", "ON", "true", "1"],
    "position": ["", "x", "nan", "1e999", "²"],
    "speed": ["", "x", "nan", "inf"],
}


@pytest.mark.parametrize("name", PoolingScene.names())
def test_a_value_that_makes_no_sense_becomes_the_default(name):
    for value in NONSENSE[name]:
        assert PoolingScene.from_params({name: value}) == DEFAULT, value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("grid", "1 2\n3 4", "1,2;3,4"),
        ("grid", "1,2;3,4.25", "1,2;3,4.2"),
        ("grid", "-0,1;1,1", "0,1;1,1"),
        ("position", "64", 63),
        ("position", "-1", 0),
        ("speed", "0", SLOWEST),
        ("speed", "1e9", MAX_SPEED),
    ],
)
def test_a_value_is_read_within_its_limits(name, text, value):
    assert getattr(PoolingScene.from_params({name: text}), name) == value


@pytest.mark.parametrize("size", SIZES)
def test_without_a_stride_the_window_moves_by_its_own_size(size):
    assert (PoolingScene(size=size).strides, PoolingScene(size=size).step) == (None, size)
    assert (PoolingScene(size=size, stride="3").strides, PoolingScene(size=size, stride="3").step) == (3, 3)


# The answers ----------------------------------------------------------------------------------------------------------


def test_the_table_holds_each_setting_with_several_grids():
    assert len(TABLE) >= 300
    assert {row[1:] for row in TABLE} == set(SETTINGS)


@pytest.mark.parametrize(("grid", "size", "stride", "padding"), TABLE)
def test_the_answers_are_those_of_keras(grid, size, stride, padding, library):
    scene = PoolingScene(grid=GRIDS[grid], size=size, stride=stride, padding=padding)
    message = payload(scene)
    batch = np.array(message["values"], np.float32)[np.newaxis, ..., np.newaxis]
    layers = library.keras.layers
    window: dict[str, Any] = {"pool_size": size, "strides": None if stride == "none" else int(stride)}
    maxima = layers.MaxPooling2D(**window, padding=padding)(batch).numpy()[0, :, :, 0]
    averages = layers.AveragePooling2D(**window, padding=padding)(batch).numpy()[0, :, :, 0]
    np.testing.assert_array_equal(shown(message, "max").astype(np.float32), maxima, strict=True)
    largest = float(np.abs(batch).max())
    np.testing.assert_allclose(shown(message, "average"), averages, rtol=1e-6, atol=1e-6 * largest)
    mean = layers.GlobalAveragePooling2D()(batch).numpy()[0, 0]
    assert message["global"] == pytest.approx(mean, rel=1e-6, abs=1e-6 * largest)


@given(scenes)
def test_the_numbers_under_the_window_give_the_answers(scene):
    message = payload(scene)
    single = float(np.finfo(np.float32).eps)  # the layers compute in float32
    for stop, (largest, average) in enumerate(zip(message["max"], message["average"], strict=True)):
        numbers = window_numbers(message, scene.size, stop)
        assert largest == pytest.approx(max(numbers), rel=single)
        assert average == pytest.approx(math.fsum(numbers) / len(numbers), rel=single, abs=single * LIMIT)
    values = np.array(message["values"])
    assert message["global"] == pytest.approx(math.fsum(values.ravel()) / values.size, rel=single, abs=single * LIMIT)


def test_the_course_gets_its_answers():
    assert shown(payload(DEFAULT), "max").tolist() == [[76, 12], [26, 68]]
    averages = payload(PoolingScene(grid=COURSE_GRIDS["average"]))
    assert shown(averages, "average").tolist() == [[28, 6], [29, 33.5]]


def test_the_browser_gets_the_grid_as_the_visitor_wrote_it():
    assert payload(PoolingScene(grid="-1,2.5;3,-999"))["values"] == [[-1, 2.5], [3, -999]]


# Refusals -------------------------------------------------------------------------------------------------------------


def test_it_is_refused_where_no_window_fits_and_nowhere_else():
    for (rows, columns), (size, stride, padding) in itertools.product(itertools.product(SIDES, repeat=2), SETTINGS):
        grid = ";".join([",".join("1" * columns)] * rows)
        message = payload(PoolingScene(grid=grid, size=size, stride=stride, padding=padding))
        too_large = padding == "valid" and size > min(rows, columns)
        assert ("refusal" in message) == too_large, (rows, columns, size, stride, padding)
        assert (message["max"] == []) == too_large
        assert (message["rows"] is None) == too_large


def test_a_refusal_is_a_sentence_and_the_numbers_are_still_there():
    message = payload(PoolingScene(grid="1,2;3,4;5,9", size=3))
    assert message["refusal"] == (
        "No 3 × 3 window fits into 3 × 2 cells: choose a smaller window, a larger grid or same padding."
    )
    assert message["values"] == [[1, 2], [3, 4], [5, 9]]
    assert message["global"] == 4
    assert (message["max"], message["average"], message["facts"], message["reach"]) == ([], [], [], "")


# The words ------------------------------------------------------------------------------------------------------------


def sides_told(text: str) -> list[int]:
    """The sides in a line of text. Its formulas are computed, and have to equal the numbers after them."""
    told = []
    for formula, result in re.findall(r"([⌊⌈(][^=]*) = (\d+)", text):
        python = formula.replace("⌊", "math.floor(").replace("⌈", "math.ceil(").replace("−", "-")
        assert eval(re.sub("[⌋⌉]", ")", python)) == int(result), text
        told.append(int(result))
    return told


@pytest.mark.parametrize(("rows", "columns"), [(4, 4), (2, 2), (7, 7), (8, 3), (2, 8), (5, 6)])
def test_the_output_side_is_shown_with_its_formula(rows, columns):
    for size, stride, padding in SETTINGS:
        grid = ";".join([",".join("1" * columns)] * rows)
        message = payload(PoolingScene(grid=grid, size=size, stride=stride, padding=padding))
        if "refusal" in message:
            continue
        output, parameters = message["facts"]
        real = list(shown(message, "max").shape)
        assert sides_told(output) == (real[:1] if rows == columns else real), output
        assert parameters.startswith("Learnable parameters: 0.")


@pytest.mark.parametrize(
    ("grid", "changes", "expected"),
    [
        (COURSE_GRIDS["max"], {}, "Output side: ⌊(4 − 2) / 2⌋ + 1 = 2"),
        (COURSE_GRIDS["max"], {"size": 3, "stride": "1"}, "Output side: ⌊(4 − 3) / 1⌋ + 1 = 2"),
        (COURSE_GRIDS["max"], {"size": 3, "padding": "same"}, "Output side: ⌈4 / 3⌉ = 2"),
        ("1,2,3,4,5;1,2,3,4,5", {}, "Output rows: ⌊(2 − 2) / 2⌋ + 1 = 1, columns: ⌊(5 − 2) / 2⌋ + 1 = 2"),
    ],
)
def test_the_formula_is_written_as_in_the_lesson(grid, changes, expected):
    assert payload(replace(PoolingScene(grid=grid), **changes))["facts"][0] == expected


def reads(side: int, size: int, step: int, padding: str) -> tuple[list[int], bool]:
    """Move a window along one axis: how many stops read each cell, and whether one extends beyond an edge."""
    stops = -(-side // step) if padding == "same" else (side - size) // step + 1
    first = -(max((stops - 1) * step + size - side, 0) // 2) if padding == "same" else 0
    counts = [0] * side
    outside = False
    for stop in range(stops):
        for cell in range(first + stop * step, first + stop * step + size):
            if 0 <= cell < side:
                counts[cell] += 1
            else:
                outside = True
    return counts, outside


def test_what_is_said_of_cells_that_no_window_reads_is_true():
    seen = set()
    for (height, width), (size, stride, padding) in itertools.product(itertools.product(SIDES, repeat=2), SETTINGS):
        if padding == "valid" and size > min(height, width):
            continue
        scene = PoolingScene(size=size, stride=stride, padding=padding)
        axes = [axis_geometry(side, size, stride=scene.step, padding=padding) for side in (height, width)]
        text = reach_text(scene, *axes)
        counts, outside = zip(*(reads(side, size, scene.step, padding) for side in (height, width)), strict=True)
        unread = any(0 in axis for axis in counts)
        case = (height, width, size, stride, padding, text)
        assert ("outside the grid" in text) == any(outside), case
        assert ("no window reads" in text) == unread, case
        seen.add(text)
    assert len(seen) == 4


def test_the_words_name_the_limits_that_are_kept():
    assert f"−{LIMIT:.0f} to {LIMIT:.0f}" in TEXTS["cell-refusal"]
    assert ("at most one decimal" in TEXTS["cell-refusal"]) == (DECIMALS == 1)
    assert set(TEXTS["player"]) == set(TRANSPORT_TEXTS)


def test_every_board_has_its_name_and_its_calculation_known_hidden_and_too_long_to_write():
    for board in ("max", "average", "global"):
        assert TEXTS[board]
        # The global mean has no limit on the count: its line does not mention it.
        kinds = ("terms", "hidden") if board == "global" else ("terms", "hidden", "many")
        lines = {kind: TEXTS[f"{board}-{kind}"] for kind in kinds}
        assert "{answer}" not in lines.pop("hidden")
        assert all("{answer}" in line for line in lines.values())


# The Keras lines ------------------------------------------------------------------------------------------------------

SCENES = {
    "default": DEFAULT,
    "course, average": PoolingScene(grid=COURSE_GRIDS["average"]),
    "stride 1": PoolingScene(stride="1"),
    "stride as large as the window, but said": PoolingScene(stride="2"),
    "gaps": PoolingScene(grid=GRIDS["square of odd side"], size=2, stride="4"),
    "same": PoolingScene(size=3, stride="2", padding="same"),
    "same without a stride": PoolingScene(grid=GRIDS["square of odd side"], size=4, padding="same"),
    "window larger than the grid": PoolingScene(grid=GRIDS["smallest"], size=4, stride="1", padding="same"),
    "wide": PoolingScene(grid=GRIDS["wide"], size=3, stride="1"),
    "tall": PoolingScene(grid=GRIDS["tall"], size=2, padding="same", stride="3"),
    "negative": PoolingScene(grid=GRIDS["all negative"], size=4, stride="2", padding="same"),
    "one cell": PoolingScene(size=1),
    "largest numbers": PoolingScene(grid=write_grid(np.full((8, 8), -998.9)), size=3),
}


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
def test_the_lines_compute_the_answers_that_the_page_shows(scene, capsys, library):
    names: dict[str, Any] = {}
    exec(compile(keras_code(scene), "lines.py", "exec"), names)
    message = payload(scene)
    np.testing.assert_array_equal(names["grid"], np.array(message["values"], np.float32))
    np.testing.assert_array_equal(names["maxima"], shown(message, "max").astype(np.float32))
    largest = float(np.abs(message["values"]).max())
    np.testing.assert_allclose(names["averages"], shown(message, "average"), rtol=1e-6, atol=1e-6 * largest)
    np.testing.assert_allclose(names["mean"], [message["global"]], rtol=1e-6, atol=1e-6 * largest)
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1] == "0"
    assert len(printed) > 3


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
def test_no_line_is_too_long_to_read(scene):
    lines = keras_code(scene).splitlines()
    assert max(map(len, lines)) <= 100
    assert all(line == line.rstrip() for line in lines)


def test_the_lines_name_a_stride_only_where_the_visitor_chose_one():
    assert "strides" not in keras_code(DEFAULT)
    assert keras_code(PoolingScene(stride="3")).count("strides=3") == 2
    assert "without weights" in keras_words(DEFAULT)


def test_where_no_window_fits_the_lines_compute_the_mean_alone(library, capsys):
    scene = PoolingScene(grid="1,2;3,4;5,6", size=3)
    code = keras_code(scene)
    assert "No window fits" in keras_words(scene)
    assert "MaxPooling2D" not in code
    names: dict[str, Any] = {}
    exec(compile(code, "lines.py", "exec"), names)
    assert names["mean"].numpy().tolist() == [payload(scene)["global"]]


# The message ----------------------------------------------------------------------------------------------------------


@given(scenes)
def test_the_message_is_small_json_without_nan(scene):
    assert len(json.dumps(payload(scene), allow_nan=False).encode()) < 10_000


@given(scenes, st.integers(0, 63), st.integers(1, MAX_SPEED), st.booleans())
def test_place_speed_and_guessing_change_nothing_of_what_the_browser_is_told(scene, position, speed, guess):
    assert payload(scene) == payload(replace(scene, position=position, speed=speed, guess=guess))


def test_every_choice_of_the_browser_is_one_that_a_scene_takes():
    choices = payload(DEFAULT)["choices"]
    assert [int(value) for value, _ in choices["side"]] == list(SIDES)
    for name in set(choices) - {"side"}:
        for value, label in choices[name]:
            assert PoolingScene.from_params({name: value}).all_params()[name] == value
            assert label
    assert [value for value, _ in choices["grid"]] == list(COURSE_GRIDS.values())
