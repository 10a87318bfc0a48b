"""components/lessons/pooling/boards/grid.py: whatever is pasted is a grid or a sentence that says why it is none."""

import re
import time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from components.lessons.pooling.boards.grid import (
    COURSE_GRIDS,
    LIMIT,
    MAX_SIDE,
    MIN_SIDE,
    GridError,
    UnclearGridError,
    parse_grid,
    rounding,
    write_grid,
)

SIDES = range(MIN_SIDE, MAX_SIDE + 1)
LONG = 100_000

one_decimal = st.integers(-int(LIMIT) * 10, int(LIMIT) * 10).map(lambda tenths: tenths / 10)
grids = st.tuples(st.sampled_from(SIDES), st.sampled_from(SIDES)).flatmap(
    lambda shape: arrays.arrays(np.float64, shape, elements=one_decimal)
)
# Text that is nearly right is more dangerous than noise.
near_misses = st.text(alphabet="0123456789.,;-−+eE \t\r\n[](){}", max_size=80)
pasted = st.lists(
    st.sampled_from(
        [
            *("1", "-2.5", "−3", "1,5", "1e9", "1e99", "nan", "٣", "²", "\0", "💩"),
            *("np.array(", "array([[", ", dtype=float32", "]])", "[", "]", "],", "],\n["),
            *(",", ";", "\t", " ", "\n", "\r\n", "\r", "\x0b", "\u2028"),
        ]
    ),
    max_size=40,
).map("".join)


def assert_is_valid(grid: np.ndarray) -> None:
    assert grid.dtype == np.float64
    assert grid.ndim == 2
    assert {*grid.shape} <= {*SIDES}
    assert (np.abs(grid) <= LIMIT).all()
    np.testing.assert_array_equal(grid, np.round(grid, 1))
    assert not np.signbit(grid[grid == 0]).any()


# Accepted texts -------------------------------------------------------------------------------------------------------


def test_the_grids_of_the_course_are_read_as_they_stand_on_its_slides():
    assert parse_grid(COURSE_GRIDS["max"]).tolist() == [[1, 3, 5, 1], [76, 32, 12, 6], [26, 7, 8, 26], [16, 17, 68, 32]]
    assert parse_grid(COURSE_GRIDS["average"]).tolist() == [
        [1, 3, 5, 1],
        [76, 32, 12, 6],
        [26, 37, 68, 26],
        [16, 37, 8, 32],
    ]


@pytest.mark.parametrize("name", COURSE_GRIDS)
def test_the_grids_of_the_course_are_written_as_they_were_read(name):
    assert write_grid(parse_grid(COURSE_GRIDS[name])) == COURSE_GRIDS[name]


@pytest.mark.parametrize(
    "text",
    [
        "1 2\n30 4.5",
        "1,2\n30,4.5",
        "1, 2\n30, 4.5",
        "1 , 2\n30 ,4.5",
        "1,2;30,4.5",
        "1 2; 30 4.5",
        "1,2;30,4.5;",
        "1;2\n30;4.5",
        "  1   2  \n\n 30   4.5 \n",
        "1,2,\n30,4.5,",
        "+1 2.\n30 4.50",
        "1e0 .2e1\n3e+1 45E-1",
    ],
)
def test_numbers_stand_apart_by_commas_spaces_or_semicolons_and_rows_by_lines_or_semicolons(text):
    assert parse_grid(text).tolist() == [[1, 2], [30, 4.5]]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end"], ids=["without a last line end", "with a last line end"])
def test_cells_copied_from_a_spreadsheet_are_read(line_end, last):
    text = f"1\t-2\t3{line_end}4\t5.5\t6" + (line_end if last else "")
    assert parse_grid(text).tolist() == [[1, -2, 3], [4, 5.5, 6]]


@pytest.mark.parametrize("text", ["1,5\t2\n3\t−4,5", "1,5;2\n3;−4,5", "1,5; 2\r\n3; -4,5", "1,5\t 2\n3\t -4,5\t"])
def test_a_comma_is_decimal_where_tabs_or_semicolons_separate_the_numbers(text):
    assert parse_grid(text).tolist() == [[1.5, 2], [3, -4.5]]


def test_a_comma_separates_where_nothing_else_does():
    assert parse_grid("1,5\n2,5").tolist() == [[1, 5], [2, 5]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,5 2,5\n3,5 4,5", [[1.5, 2.5], [3.5, 4.5]]),
        ("1,5   2\n30 -4,5", [[1.5, 2], [30, -4.5]]),
        ("[1,5 2,5]\n[3 4]", [[1.5, 2.5], [3, 4]]),
        ("0,125 12,5\n3 4", [[0.1, 12.5], [3, 4]]),
        ('"1,5","2,5"\n"3","4"', [[1.5, 2.5], [3, 4]]),
        ('2,"1,5"\r\n"3",4', [[2, 1.5], [3, 4]]),
        ('"1,5";2\n3;4', [[1.5, 2], [3, 4]]),
        ("[[1,2, 3],[4,5, 6]]", [[1, 2, 3], [4, 5, 6]]),
        ("\u20131 \uff0d2\n\u20113 4", [[-1, -2], [-3, 4]]),
        ("1\u00a03\n5\u00a07", [[1, 3], [5, 7]]),
        ("1\u202f3 5\n7 9 1", [[1, 3, 5], [7, 9, 1]]),
        ("\ufeff1\t2\u200e\n3\t4", [[1, 2], [3, 4]]),
        ("1,234\t12,5\n3\t4", [[1.2, 12.5], [3, 4]]),  # elsewhere a comma is decimal
        ("1.234\t12.5\n3\t4", [[1.2, 12.5], [3, 4]]),
        ("1.234 5.678\n3 4", [[1.2, 5.7], [3, 4]]),  # as the page writes numbers
    ],
)
def test_commas_quotes_signs_and_spaces_are_read_as_meant(text, expected):
    assert parse_grid(text).tolist() == expected


@pytest.mark.parametrize(
    ("word", "beside"),
    [
        *(("1,234", beside) for beside in ("1.5", "1,234.5", "1,234,567")),
        *(("1.234", beside) for beside in ("1,5", "1.234,5", "1.234.567")),
        *((word, "2") for word in ("1 234", "1\u00a0234", "1\u202f234", "1'234", "1’234", "1,234.0", "1.234,0")),
    ],
)
def test_thousands_are_never_read_as_decimals(word, beside):
    with pytest.raises(GridError, match=r"is too large: numbers go from −999 to 999 here\.$"):
        parse_grid(f"{word}\t1\n{beside}\t4")


UNCLEAR = {
    "1,234\t12\n3\t4": ("“1,234” can be 1.234 or 1234.", [[1.2, 12], [3, 4]], None),
    "1,234 12\n3 4": ("“1,234” can be 1.234 or 1234.", [[1.2, 12], [3, 4]], None),
    "1.234\t1,5\t2.5\n1\t2\t3": ("“1.234” can be 1.234 or 1234.", [[1.2, 1.5, 2.5], [1, 2, 3]], None),
    "1,5, 2,5\n3,1, 4,0": (
        "“1,5” can be one number or two: commas stand with and without a space.",
        [[1.5, 2.5], [3.1, 4]],
        [[1, 5, 2, 5], [3, 1, 4, 0]],
    ),
}


@pytest.mark.parametrize("text", UNCLEAR)
def test_a_text_with_two_meanings_is_asked_about_and_then_read_as_told(text):
    sentence, decimal, thousands = UNCLEAR[text]
    with pytest.raises(UnclearGridError, match=f"^{re.escape(sentence)}$") as caught:
        parse_grid(text)
    assert set(caught.value.readings) == {"decimal", "thousands"}
    assert parse_grid(text, "decimal").tolist() == decimal
    if thousands is None:
        with pytest.raises(GridError, match="which is 1234, is too large"):
            parse_grid(text, "thousands")
    else:
        assert parse_grid(text, "thousands").tolist() == thousands


@pytest.mark.parametrize("text", ["1,2,3 4,5,6\n7,8,9 1,2,3", "1,23,456\t2\n3\t4", "1.2.3 4\n5 6", '"1\n2'])
def test_marks_that_fit_no_number_are_refused(text):
    with pytest.raises(GridError):
        parse_grid(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.26 1\n1 1", "Numbers are rounded to one decimal: 1.26 became 1.3."),
        ("1 1\n1,04 1,25", "Numbers are rounded to one decimal: 1,04 became 1."),
        ("1.5 2.0\n3 4.50", ""),
        ("0.1 0.2\n0.3 0.7", ""),
    ],
)
def test_rounding_is_said(text, words):
    assert rounding(text) == words


@pytest.mark.parametrize("values", [[[1, 2], [3, 4]], [[-1.5, 0.5, 7], [8, 9, 10]], [[1.0] * 8] * 8])
def test_lists_and_arrays_are_read_as_python_writes_them(values):
    array = np.array(values)
    for text in (repr(values), str(values).replace("], ", "],\n "), repr(array), f"np.{array!r}", str(array)):
        assert parse_grid(text).tolist() == array.tolist(), text
    for dtype in (np.float32, np.int16, np.float16):
        assert parse_grid(repr(array.astype(dtype))).tolist() == array.astype(dtype).tolist()


def test_an_array_with_its_type_is_read_in_any_spelling():
    for kind in ("float32", "'float32'", '"float32"', "np.float32"):
        assert parse_grid(f"np.array([[1, 2], [3, 4]], dtype={kind})").tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    "text",
    [
        "x = np.array([[1, -2],\n              [3, 4.5]])",
        "tensor([[ 1.0, -2.0],\n        [ 3.0,  4.5]], device='cuda:0')",
        "tf.Tensor(\n[[ 1.  -2. ]\n [ 3.   4.5]], shape=(2, 2), dtype=float32)",
        "<tf.Tensor: shape=(2, 2), dtype=float32, numpy=\narray([[ 1. , -2. ],\n       [ 3. ,  4.5]], dtype=float32)>",
        "[[np.float64(1.0), np.float64(-2.0)], [np.float64(3.0), np.float64(4.5)]]",
        "np.array([[1, -2], [3, 4.5]], dtype='<f8')",
        "A = [1 -2; 3 4.5];",
        "((1, -2), (3, 4.5))",
        "((1,-2),(3,4.5))",
        "{{1, -2}, {3, 4.5}}",
        '"1"\t"-2"\r\n"3"\t"4,5"',
        "1 -2\u20283 4.5",
    ],
)
def test_what_programs_print_and_write_is_read(text):
    assert parse_grid(text).tolist() == [[1, -2], [3, 4.5]]


@pytest.mark.parametrize("text", ["(1,50)\t2\n3\t4", "(1) 2\n3 4", "(1)\t(2)\n(3)\t(4)", "3 4\n1;(2)"])
def test_a_number_in_brackets_may_be_negative_and_is_not_read_as_positive(text):
    with pytest.raises(GridError, match=r"^“\([\d,]+\)” can be a negative number, as in a spreadsheet"):
        parse_grid(text)


@pytest.mark.parametrize("text", ["1,000\n2,000", "1,05,2\n3,4,5", "[[1,000, 2], [3, 4]]", "1,05;2,10"])
def test_a_comma_before_a_zero_and_digits_separates_no_numbers(text):
    with pytest.raises(GridError, match=r"^“1,0\d+” seems to be one number: put a space or a tab between numbers\.$"):
        parse_grid(text)


def test_the_minus_sign_of_a_book_is_a_minus():
    assert parse_grid("−1 2\n3 −4.5").tolist() == [[-1, 2], [3, -4.5]]


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.26", 1.3), ("1.24", 1.2), ("-1.26", -1.3), ("0.05", 0.1), ("1e-9", 0), ("999.04", 999), ("-999.04", -999)],
)
def test_numbers_are_rounded_to_one_decimal(text, number):
    assert parse_grid(f"{text} 1\n1 1")[0, 0] == number


@pytest.mark.parametrize("text", ["-0", "−0", "-0.0", "-0.04", "-1e-9"])
def test_minus_zero_is_zero(text):
    grid = parse_grid(f"{text} 1\n1 1")
    assert_is_valid(grid)
    assert write_grid(grid) == "0,1;1,1"


@pytest.mark.parametrize("rows", SIDES)
@pytest.mark.parametrize("columns", SIDES)
def test_every_shape_from_2_by_2_to_8_by_8_is_read(rows, columns):
    grid = np.arange(rows * columns).reshape(rows, columns) / 10
    np.testing.assert_array_equal(parse_grid(write_grid(grid)), grid)


@given(grids)
@example(np.full((8, 8), -998.9))
@example(np.array([[LIMIT, -LIMIT], [0.1, -0.1]]))
def test_a_grid_comes_back_from_its_text(grid):
    read = parse_grid(write_grid(grid))
    assert_is_valid(read)
    np.testing.assert_array_equal(read, grid)
    assert write_grid(read) == write_grid(grid + 0.0)


# Refusals -------------------------------------------------------------------------------------------------------------

NOTHING = "There is nothing in it: write one row of numbers per line, such as 1 3 5 1."
EMPTY_PLACE = "A place in it is empty: every cell needs a number."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        *((text, NOTHING) for text in ("", " ", "\n\r\n", ";", " , ;\n,", "\t\t\n\t", "[]", "[[], []]")),
        ("np.array([])", NOTHING),
        ("1 2\n3 x", "“x” is no number."),
        ("1 2\n3 4a", "“4a” is no number."),
        ("1 2\n3 1_0", "“1_0” is no number."),
        ("1 2\n3 0x10", "“0x10” is no number."),
        ("1 2\n3 ²", "“²” is no number."),
        ("1 2\n3 --4", "“--4” is no number."),
        ("1 2\n3 .", "“.” is no number."),
        ("1 2\n3 1e999", "“1e999” is no number."),
        ("1 2\n3 nan", "“nan” is no number."),
        ("1 2\n3 inf", "“inf” is no number."),
        ("1 2\n3 -inf", "“-inf” is no number."),
        ("a\tb\n1\t2", "“a” is no number."),
        ("1 2\n3 " + "y" * 20, f"“{'y' * 20}” is no number."),
        ("1 2\n3 " + "y" * 500, f"“{'y' * 20}…” is no number."),
        ("1,,2\n3,4,5", EMPTY_PLACE),
        ("1\t\t2\n3\t4\t5", EMPTY_PLACE),
        ("1;;2\n3;4;5", EMPTY_PLACE),
        ("1 2\n3", "Line 2 has 1 number and line 1 has 2: all rows of a grid are equally long."),
        ("1 2\n3 4\n5 6 7", "Line 3 has 3 numbers and line 1 has 2: all rows of a grid are equally long."),
        ("1\n2 3", "Line 2 has 2 numbers and line 1 has 1: all rows of a grid are equally long."),
        ("1\t2\n3\t", EMPTY_PLACE),
        ("1", "It has 1 row, but a grid here has 2 to 8."),
        ("1 2 3", "It has 1 row, but a grid here has 2 to 8."),
        ("[[1, 2, 3]]", "It has 1 row, but a grid here has 2 to 8."),
        ("\n".join(["1 2"] * 9), "It has 9 rows, but a grid here has 2 to 8."),
        ("1\n2", "Its rows have 1 number, but here they have 2 to 8."),
        ("\n".join([" ".join("123456789")] * 2), "Its rows have 9 numbers, but here they have 2 to 8."),
        ("1 2\n3 1000", "1000 is too large: numbers go from −999 to 999 here."),
        ("1 2\n3 -999.1", "-999.1 is too large: numbers go from −999 to 999 here."),
        ("1 2\n3 1e99", "1e99 is too large: numbers go from −999 to 999 here."),
    ],
)  # fmt: skip
def test_what_is_no_grid_is_refused_with_the_reason(text, sentence):
    with pytest.raises(GridError, match=f"^{re.escape(sentence)}$"):
        parse_grid(text)


@pytest.mark.parametrize("separator", ["\t", ";", ",", " , ", " ; "])
@pytest.mark.parametrize(
    "cells",
    [
        [["", "1", "2"], ["3", "4", ""]],
        [["1", "2", ""], ["", "3", "4"]],
        [["", "1", "2"], ["3", "4", "5"]],
        [["1", "2"], ["", ""], ["3", "4"]],
        [["1", ""], ["", "2"]],
        [["1", "2", ""], ["3", "4", "5"]],
        [["", "1"], ["2", "3"], ["4", ""]],
    ],
    ids=str,
)
def test_an_empty_cell_moves_no_number_to_another_place(cells, separator):
    for line_end in ("\n", "\r\n"):
        text = line_end.join(separator.join(row) for row in cells)
        with pytest.raises(GridError, match=f"^{re.escape(EMPTY_PLACE)}$"):
            parse_grid(text)
        with pytest.raises(GridError, match=f"^{re.escape(EMPTY_PLACE)}$"):
            parse_grid(text + line_end)


@pytest.mark.parametrize(
    "text",
    ["1,5\t\n\t2,5", "1,5;\n;2,5", '"1,5",\n,"2,5"', "1 2;;3 4", "[[1, 2], [], [3, 4]]", "[[, 1, 2], [3, 4, 5]]"],
)
def test_an_empty_cell_is_found_beside_decimal_commas_and_in_lists(text):
    with pytest.raises(GridError, match=f"^{re.escape(EMPTY_PLACE)}$"):
        parse_grid(text)


@pytest.mark.parametrize(
    "text",
    [
        *("1,2,\n3,4,", "1;2;\n3;4;", "1\t2\t\n3\t4\t", "1 2 \n3 4 ", "1, 2,\n3, 4", "1 2;\n3 4", "1,2;\n3,4;"),
        *("1,2;3,4\n", "\n1,2;3,4;\n\n"),
        *("\t1\t2\n\t3\t4", "  1\t2\n 3\t4", "\t1 2\n\t3 4", "1 2\n\t3 4", "\t1,2\n\t3,4", ",1,2\n,3,4"),
        *("1\t2\n3\t4\n\t\n\t", "\t\n1\t2\n3\t4", "1,2\n3,4\n,\n", "1 2\n\n3 4", "1 2\n \n3 4\n\n", "1\t2\n\n3\t4"),
        *("\n\n1 2\n3 4", "A = [\n\t1 2\n\t3 4\n]", "[[1, 2,],\n [3, 4,],]", "[1 2]\n\n[3 4]", "1, 2],\n[3, 4]]"),
        *("[[1 2]\n [3 4]", "np.array([[1, 2],\n\t[3, 4]])", "[[[1, 2], [3, 4]]]", "[\n[1\n2]\n[3\n4]]\n"),
    ],
)  # fmt: skip
def test_what_surrounds_all_rows_is_no_empty_cell(text):
    assert parse_grid(text).tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 000 2 000\n3 000 4 000", "1 000"),
        ("1 050 2 030\n1 007 2 001", "1 050"),
        ("1 234 2 000\n3 4 5 6", "2 000"),
        ("1 234 001 5\n1 2 3 4", "1 234 001"),
        ("-1 050.5 2\n3 4 5", "1 050"),
        ("1 000, 2 000\n3 000, 4 000", "1 000"),
        ("1\u00a0000\u00a02\u00a0000\n3\u00a0000\u00a04\u00a0000", "1 000"),
        ("[[1 000 2]\n [3 4 5]]", "1 000"),
    ],
)
def test_a_blank_before_a_zero_and_two_digits_separates_no_numbers(text, number):
    with pytest.raises(GridError, match=f"^“{number}” seems to be one number: write it without blanks"):
        parse_grid(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 0 2 0\n3 0 4 0", [[1, 0, 2, 0], [3, 0, 4, 0]]),
        ("1 0.5\n2 0.05", [[1, 0.5], [2, 0.1]]),
        ("01 02\n03 04", [[1, 2], [3, 4]]),
        ("001 002\n003 004", [[1, 2], [3, 4]]),
        ("1 00 0\n2 3 4", [[1, 0, 0], [2, 3, 4]]),
        ("100 200 300 400\n500 600 700 800", [[100, 200, 300, 400], [500, 600, 700, 800]]),
        ("5 100\n6 200", [[5, 100], [6, 200]]),
        ("1, 200\n3, 400", [[1, 200], [3, 400]]),
        ("[[  5 100   7 200]\n [  6 300   8 400]]", [[5, 100, 7, 200], [6, 300, 8, 400]]),
    ],
)
def test_a_zero_and_three_digits_are_numbers_where_they_can_be_nothing_else(text, expected):
    assert parse_grid(text).tolist() == expected


@pytest.mark.parametrize(
    "text",
    [
        "1 234 2 500\n3 100 4 200",
        "1 234  12 500\n3 100  4 200",
        "1 234, 2 500\n3 100, 4 200",
        "1 234.5 2 500\n3 100 4 200",
    ],
)
def test_blanks_that_can_stand_between_thousands_are_asked_about(text):
    with pytest.raises(UnclearGridError, match=r"^“1 234(\.5)?” can be one number or several\.$") as caught:
        parse_grid(text)
    assert set(caught.value.readings) == {"decimal", "thousands"}
    assert parse_grid(text, "decimal").shape == (2, 4)
    with pytest.raises(GridError, match=r"^1234(\.5)? is too large"):
        parse_grid(text, "thousands")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[[1,2],[3,4]],[[5,6],[7,8]]]", "It has several grids in brackets: paste one of them."),
        ("np.array([[[1], [2]], [[3], [4]]])", "It has several grids in brackets: paste one of them."),
        ("[[1 2]\n [3 4]]\n\n[[5 6]\n [7 8]]", "It has several grids in brackets: paste one of them."),
        ("[1 2\n3 4]\n[5 6\n7 8]", "It has several grids in brackets: paste one of them."),
        ("1) 1 2\n2) 3 4", "A “(” in it is missing: brackets go around whole rows."),
        ("1] 1 2\n2] 3 4", "A “[” in it is missing: brackets go around whole rows."),
        ("a) 1 2\nb) 3 4", "A “(” in it is missing: brackets go around whole rows."),
        ("(1 1 2\n(2 3 4", "A “)” in it is missing: brackets go around whole rows."),
        ("[1 2)\n[3 4)", "A “(” in it is missing: brackets go around whole rows."),
        ("[[1, 2], [3, 4]] * 2", "“* 2” stands outside the brackets: leave it out."),
        ("1. 1 2\n2. 3 4", "“1.” seems to be the number of a line: leave those numbers out, or their points."),
        ("1.\t1\t2\n2.\t3\t4", "“1.” seems to be the number of a line: leave those numbers out, or their points."),
    ],
)
def test_brackets_and_numbers_of_lists_are_no_cells(text, sentence):
    with pytest.raises(GridError, match=f"^{re.escape(sentence)}$"):
        parse_grid(text)


def test_rows_that_numpy_divides_are_whole_again():
    array = np.linspace(0.123456789, 99, 16).reshape(2, 8)
    text = repr(array)
    assert text.count("\n") > 1
    np.testing.assert_array_equal(parse_grid(text), np.round(array, 1))
    np.testing.assert_array_equal(parse_grid(str(array)), np.round(array, 1))


@settings(max_examples=300)
@given(st.one_of(st.text(), near_misses, pasted))
def test_any_text_is_a_grid_or_is_refused_in_a_sentence(text):
    try:
        grid = parse_grid(text)
    except GridError as error:
        assert re.fullmatch(r"\S.*\.", str(error), re.DOTALL)
    else:
        assert_is_valid(grid)


@given(st.one_of(near_misses, pasted))
def test_what_was_read_once_is_written_and_read_again_unchanged(text):
    try:
        grid = parse_grid(text)
    except GridError:
        return
    np.testing.assert_array_equal(parse_grid(write_grid(grid)), grid)


@pytest.mark.parametrize(
    "text",
    [
        " " * LONG,
        "1" + " " * LONG + "1",
        "]" + " " * LONG + "x",
        "," + " " * LONG + "x",
        "] " * (LONG // 2),
        "," * LONG,
        "1," * (LONG // 2),
        "[" * LONG,
        "array" * (LONG // 5),
        ",dtype" * (LONG // 6),
        "1 2\n" * (LONG // 4),
        "x" * LONG,
        "9" * LONG,
        "e9" * (LONG // 2),
        "123 " * (LONG // 4),
        "1 234 " * (LONG // 6),
        "1 234, " * (LONG // 7),
        "[" + " " * LONG + "][" + "\n" * LONG + "]",
        "[]" * (LONG // 2),
        "1\t" * (LONG // 2),
        "\t" * LONG + "1",
    ],
    ids=lambda text: repr(text[:6]),
)  # fmt: skip
def test_a_long_text_is_refused_before_the_visitor_wonders(text):
    # Not a measurement: an algorithm in quadratic time would take minutes here.
    start = time.process_time()
    with pytest.raises(GridError):
        parse_grid(text)
    assert time.process_time() - start < 5
