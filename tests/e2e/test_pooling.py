"""Pooling in a real browser: the course's grids, numbers of one's own, guesses, the photo, and 32 maps."""

import re
from collections.abc import Iterable
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from models.arithmetic import global_average_pool, pool
from models.arithmetic.convolution import Padding
from models.arithmetic.pooling import PoolingMode
from models.pictures.photo import decode
from models.pictures.samples import DEFAULT, sample
from models.pretrained.first_layer import first_layer, relu6
from tests.e2e.engine_app import until
from tests.e2e.pixels import GROUND, WINDOW, assert_same_picture, look, near, signed_colours
from tests.e2e.visitor import (
    PHONE,
    PROJECTOR,
    box,
    choose,
    follow,
    number,
    ready,
    settle,
    stage,
    upload,
    wait_for_photo,
)

PAGE = "/pooling"
BOARDS = "Pooling boards"
PICTURE = "Pooling on the picture"
MAPS = "Global average pooling of real maps"
MODES: tuple[PoolingMode, ...] = ("max", "average")


def answers(page: Page, board: str, rows: int = 2, columns: int = 2) -> list[list[str]]:
    return [
        [page.get_by_test_id(f"{board}-{row}-{column}").inner_text() for column in range(columns)]
        for row in range(rows)
    ]


def finish(page: Page) -> None:
    """Go to the last stop by keyboard."""
    stage(page, BOARDS)  # until it has its data, a key goes to another animation
    page.keyboard.press("End")
    expect(page.get_by_test_id("global-0-0")).not_to_have_text("")


def test_play_gives_the_courses_answers_on_both_of_its_grids(open_page):
    page = ready(open_page(PAGE))
    boards = stage(page, BOARDS)
    boards.get_by_role("button", name="Play").click()
    expect(page.get_by_test_id("max-1-1")).to_have_text("68")
    expect(boards.get_by_role("button", name="Play")).to_be_visible()
    assert answers(page, "max") == [["76", "12"], ["26", "68"]]
    choose(boards.locator('input[name="grid"]').nth(1))
    expect(page.get_by_test_id("average-1-0")).to_have_text("29")
    assert answers(page, "average") == [["28", "6"], ["29", "33.5"]]
    for board, text in (("Max pooling", "max(68, 26, 8, 32) = 68"), ("Average pooling", "134 / 4 = 33.5")):
        expect(page.get_by_role("region", name=board, exact=True)).to_contain_text(text)
    expect(page.get_by_role("region", name="Global average pooling", exact=True)).to_contain_text("386 / 16 ≈ 24.13")


def test_answers_land_one_stop_after_the_other(open_page):
    page = ready(open_page(PAGE))
    expect(page.get_by_test_id("max-0-0")).to_have_text("76")
    for testid in ("max-0-1", "average-1-1", "global-0-0"):
        expect(page.get_by_test_id(testid)).to_have_text("")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("max-0-1")).to_have_text("12")
    expect(page.get_by_test_id("average-0-1")).to_have_text("6")
    expect(page.get_by_test_id("max-1-0")).to_have_text("")


def test_an_edited_cell_changes_both_boards_and_the_link(open_page):
    page = ready(open_page(PAGE))
    finish(page)
    cell = page.get_by_label("row 3, column 2", exact=True)
    cell.fill("99")
    expect(page.get_by_test_id("max-1-0")).to_have_text("99")
    expect(page.get_by_test_id("average-1-0")).to_have_text("39.5")
    expect(page.get_by_test_id("max-0-0")).to_have_text("76")
    expect(page).to_have_url(re.compile("grid="))
    copy = ready(open_page(PAGE + "?" + page.url.partition("?")[2]))
    expect(copy.get_by_label("row 3, column 2", exact=True)).to_have_value("99")
    # A typing error is marked, and changes nothing.
    cell.fill("9x")
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(stage(page, BOARDS).get_by_role("alert").filter(has_text="A cell takes a number")).to_be_visible()
    expect(page.get_by_test_id("max-1-0")).to_have_text("99")
    cell.press("Tab")
    expect(cell).to_have_value("99")


def test_a_guess_comes_before_the_answer(open_page):
    page = ready(open_page(PAGE))
    boards = stage(page, BOARDS)
    finish(page)
    play = boards.get_by_role("button", name="Play")
    before = box(play)
    boards.get_by_label("Guess first").check()
    guess = boards.get_by_label("your guess: Max pooling, row 1, column 1")
    expect(guess).to_be_visible()
    assert box(play) == before  # what a visitor is about to press stays where it is
    for testid in ("max-0-0", "average-1-1", "global-0-0"):
        expect(page.get_by_test_id(testid)).to_have_text("")
        assert page.get_by_test_id(testid).get_attribute("data-value") is None
    expect(boards.get_by_text("max(1, 3, 76, 32) = ?")).to_be_visible()
    guess.fill("76")
    guess.press("Enter")
    expect(page.get_by_test_id("max-0-0")).to_have_text("76")
    expect(page.get_by_test_id("max-0-0")).to_have_class(re.compile("right"))
    # The next field has the focus already: the average of the same window.
    expect(boards.get_by_label("your guess: Average pooling, row 1, column 1")).to_be_focused()
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("average-0-0")).to_have_text("28")
    expect(page.get_by_test_id("average-0-0")).to_have_class(re.compile("wrong"))
    expect(page.get_by_test_id("average-0-0")).to_have_attribute("data-guess", "30")
    expect(boards.get_by_text("Right guesses: 1 of 2")).to_be_visible()
    # Text that is not a number is no guess. Leaving the field has the effect of Enter.
    guess = boards.get_by_label("your guess: Max pooling, row 1, column 2")
    guess.fill("many")
    guess.press("Enter")
    expect(boards.get_by_text("A guess is a number")).to_be_visible()
    guess.fill("12")
    guess.press("Tab")
    expect(page.get_by_test_id("max-0-1")).to_have_text("12")
    # With new numbers, the old guesses are gone.
    boards.get_by_role("button", name="Random").click()
    for testid in ("max-0-0", "average-0-0", "max-0-1"):
        expect(page.get_by_test_id(testid).locator("input")).to_have_value("")
        expect(page.get_by_test_id(testid).locator("input")).to_be_visible()


def test_nothing_on_the_board_gives_the_largest_number_away_before_it_is_guessed(open_page):
    page = ready(open_page(PAGE + "?guess=on"))
    boards = stage(page, BOARDS)
    blue = """canvas => {
        const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let index = 0; index < data.length; index += 4) {
            if (data[index] < 60 && data[index + 1] > 90 && data[index + 2] > 150 && data[index + 3] > 200) count += 1;
        }
        return count;
    }"""
    overlay = page.locator("canvas.overlay")
    assert overlay.evaluate(blue) == 0
    boards.get_by_role("button", name="Reveal this stop").click()
    expect(page.get_by_test_id("max-0-0")).to_have_text("76")
    assert overlay.evaluate(blue) > 100


def test_in_a_class_play_waits_at_each_stop_until_the_answers_are_revealed(open_page):
    page = ready(open_page(PAGE + "?guess=on&speed=30"))
    boards = stage(page, BOARDS)
    position = boards.get_by_label("Position")
    reveal = boards.get_by_role("button", name="Reveal this stop")
    for stop, answer in enumerate(["76", "12", "26"]):
        expect(position).to_have_value(str(stop))
        expect(page.get_by_test_id(f"max-{stop // 2}-{stop % 2}")).to_have_text("")
        boards.get_by_role("button", name="Play").click()
        expect(boards.get_by_text("Guess or reveal this stop first.")).to_be_visible()
        expect(position).to_have_value(str(stop))
        reveal.click()
        expect(page.get_by_test_id(f"max-{stop // 2}-{stop % 2}")).to_have_text(answer)
        expect(reveal).to_be_disabled()
        boards.get_by_role("button", name="Play").click()
    expect(position).to_have_value("3")
    expect(page.get_by_test_id("max-0-0")).to_have_text("76")
    expect(page.get_by_test_id("max-1-1")).to_have_text("")


def test_every_setting_gives_what_python_computed(open_page):
    grid = np.array([[4.5, -3, 7, 0, 12], [8, 1, 1, 99, -20], [0, 0, 3, 6, 2], [5, 5, -0.5, 1, 1]])
    text = ";".join(",".join(f"{value:g}" for value in row) for row in grid)
    page = ready(open_page(f"{PAGE}?grid={quote(text)}&size=3&stride=2&padding=same"))
    boards = stage(page, BOARDS)
    mean = float(global_average_pool(grid[..., None])[0])
    settings: list[tuple[int, int | None, Padding]] = [
        *((3, 2, "same"), (2, None, "valid"), (3, 1, "valid"), (4, 3, "same"), (1, 2, "valid")),
    ]
    for size, stride, padding in settings:
        for name, option in {"size": size, "stride": stride or "none", "padding": padding}.items():
            choose(boards.locator(f'input[name="{name}"][value="{option}"]'))
        expected = {mode: pool(grid, size=size, stride=stride, padding=padding, mode=mode) for mode in MODES}
        places = {f"{mode}-{row}-{column}": value for mode, answer in expected.items()
                  for (row, column), value in np.ndenumerate(answer)} | {"global-0-0": mean}  # fmt: skip
        stops = expected["max"].size
        position = boards.get_by_label("Position")
        expect(position).to_have_attribute("max", str(stops - 1))
        position.fill(str(stops - 1))
        until(lambda places=places: shown(page, places) == pytest.approx(places, rel=1e-6), 15)


def shown(page: Page, places: Iterable[str]) -> dict[str, float]:
    """Return the answers at these places of the boards, NaN where there is none."""
    values = page.get_by_test_id(re.compile(r"^(max|average|global)-\d+-\d+$")).evaluate_all(
        "cells => Object.fromEntries(cells.map(({ dataset }) => [dataset.testid, Number(dataset.value ?? NaN)]))"
    )
    return {place: values.get(place, float("nan")) for place in places}


def test_every_control_reaches_the_url(open_page):
    page = ready(open_page(PAGE))
    boards = stage(page, BOARDS)
    for name, option in {"size": "3", "stride": "1", "padding": "same"}.items():
        choose(boards.locator(f'input[name="{name}"][value="{option}"]'))
        expect(page).to_have_url(re.compile(rf"\b{name}={option}\b"))
    boards.get_by_label("Guess first").check()
    expect(page).to_have_url(re.compile("guess=on"))
    choose(boards.locator('input[name="side"][value="8"]'))
    expect(boards.get_by_label("row 8, column 8", exact=True)).to_be_visible()
    expect(boards.get_by_label("row 1, column 1", exact=True)).to_have_value("1")
    boards.get_by_role("button", name="Random").click()
    expect(page).to_have_url(re.compile("grid="))
    choose(boards.locator('input[name="grid"]').first)
    expect(page).not_to_have_url(re.compile("grid="))


def test_a_grid_is_pasted_or_refused_in_a_sentence(open_page):
    page = ready(open_page(PAGE))
    boards = stage(page, BOARDS)
    boards.get_by_role("button", name="Paste a grid").click()
    field = boards.get_by_label("One row of numbers per line")
    expect(field).to_be_focused()
    field.fill("1 2 3\n4 5")
    boards.get_by_role("button", name="Use this grid").click()
    expect(boards.get_by_role("alert").filter(has_text="Line 2 has 2 numbers and line 1 has 3")).to_be_visible()
    expect(boards.get_by_label("row 2, column 1", exact=True)).to_have_value("76")
    field.fill("\t1\t2\n3\t4\t")
    boards.get_by_role("button", name="Use this grid").click()
    expect(boards.get_by_role("alert").filter(has_text="A place in it is empty")).to_be_visible()
    field.fill("[[1, 2, 3],\n [4, 5, -6.5]]")
    boards.get_by_role("button", name="Use this grid").click()
    expect(boards.get_by_label("row 2, column 3", exact=True)).to_have_value("−6.5")
    expect(field).to_be_hidden()
    boards.get_by_role("button", name="Paste a grid").click()
    field.fill("1,234\t12\n3\t4")
    boards.get_by_role("button", name="Use this grid").click()
    expect(boards.get_by_role("alert").filter(has_text="“1,234” can be 1.234 or 1234. Which do")).to_be_visible()
    boards.get_by_role("button", name="Decimal: 1.234").click()
    expect(boards.get_by_label("row 1, column 1", exact=True)).to_have_value("1.2")
    expect(boards.get_by_role("alert").filter(has_text="1,234 became 1.2")).to_be_visible()
    expect(boards.get_by_role("button", name="Decimal: 1.234")).to_have_count(0)
    # Pasted from a spreadsheet into a cell.
    boards.get_by_label("row 1, column 1", exact=True).evaluate(
        """cell => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text", "7\\t8\\r\\n9\\t10\\r\\n");
            cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }"""
    )
    expect(boards.get_by_label("row 2, column 2", exact=True)).to_have_value("10")
    expect(page.get_by_test_id("max-0-0")).to_have_text("10")


def test_a_window_that_does_not_fit_is_explained_and_left_again(open_page):
    page = ready(open_page(PAGE + "?size=4&grid=1,2;3,4"))
    boards = stage(page, BOARDS)
    expect(boards.get_by_role("alert").filter(has_text="No 4 × 4 window fits into 2 × 2 cells")).to_be_visible()
    expect(boards.get_by_role("button", name="Play")).to_be_disabled()
    choose(boards.locator('input[name="size"][value="2"]'))
    expect(boards.get_by_role("button", name="Play")).to_be_enabled()
    expect(page.get_by_test_id("max-0-0")).to_have_text("4")


def test_the_boards_work_by_keyboard_alone(open_page):
    page = ready(open_page(PAGE))
    page.get_by_label("row 1, column 1", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("row 2, column 2", exact=True)).to_be_focused()
    page.keyboard.type("80")
    expect(page.get_by_test_id("max-0-0")).to_have_text("80")
    page.keyboard.press("Enter")
    expect(page.get_by_label("row 3, column 2", exact=True)).to_be_focused()
    stage(page, BOARDS).get_by_role("button", name="Restart").focus()
    page.keyboard.press("End")
    expect(page.get_by_test_id("max-1-1")).to_have_text("68")
    page.keyboard.press("ArrowUp")
    expect(stage(page, BOARDS).get_by_label("Position")).to_have_value("1")


def test_the_window_is_drawn_where_it_stands(open_page):
    page = open_page(PAGE)
    settle(page)  # the key goes to the animation in the middle of the screen
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(stage(page, BOARDS).get_by_label("Position")).to_have_value("3")
    last = page.get_by_label("row 4, column 4", exact=True)
    # Where the cell is now: what loads above it may still move it.
    yellow = """cell => {
        const canvas = cell.getRootNode().querySelector(".overlay");
        const [box, place] = [canvas, cell].map(element => element.getBoundingClientRect());
        const ratio = canvas.width / box.width;
        const [x, y] = [place.right + 1 - box.x, place.bottom - 5 - box.y].map(length => length * ratio);
        const [r, g, b] = canvas.getContext("2d").getImageData(x, y, 1, 1).data;
        return r > 200 && g > 200 && b < 120;
    }"""
    page.wait_for_function(yellow, arg=last.element_handle())
    page.keyboard.press("Home")
    page.wait_for_function(f"cell => !({yellow})(cell)", arg=last.element_handle())


def test_who_leaves_the_page_and_comes_back_finds_the_same_stop(open_page):
    page = open_page(PAGE)
    settle(page)  # the key goes to the animation in the middle of the screen
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile("position=3"))
    follow(page, "activation")
    ready(page)
    follow(page, "pooling")
    expect(stage(page, BOARDS).get_by_label("Position")).to_have_value("3")
    expect(page.get_by_test_id("max-1-1")).to_have_text("68")
    expect(page).to_have_url(re.compile("position=3"))


# The photo and the maps -----------------------------------------------------------------------------------------------


def test_the_picture_is_the_visitors_photo_and_so_are_its_numbers(open_page, picture):
    page = ready(open_page(PAGE + "?picture-size=8&picture-position=20"))
    stage(page, PICTURE)
    before = page.get_by_test_id("picture-max").get_attribute("data-value")
    data = picture(2)
    upload(page, "rex.jpg", data)
    wait_for_photo(page, "rex.jpg")
    expect(page.get_by_test_id("picture-max")).not_to_have_attribute("data-value", before or "")
    stage(page, PICTURE).get_by_label("Position").fill("20")
    square = decode(data).square(97)[:96, :96]
    for mode in ("max", "average"):
        expected = pool(square, size=8, mode=mode)[1, 8]
        shown = [
            float(text) for text in (page.get_by_test_id(f"picture-{mode}").get_attribute("data-value") or "").split()
        ]
        assert shown == pytest.approx(expected.tolist(), rel=1e-6)


def test_a_real_feature_map_noise_lines_and_all_views_are_shown(open_page):
    page = ready(open_page(PAGE))
    board = stage(page, PICTURE)
    choose(board.locator('input[name="source"][value="map"]'))
    board.get_by_label("Map", exact=True).select_option(index=20)
    choose(board.locator('input[name="size"][value="2"]'))
    expect(page).to_have_url(re.compile("picture-map=20.*picture-size=2"))
    board.get_by_label("Position").fill("1000")
    maps = relu6(first_layer(sample(DEFAULT).square(194)))[:96, :96, 20]
    expected = pool(maps, size=2)[1000 // 48, 1000 % 48]
    assert number(page.get_by_test_id("picture-max")) == pytest.approx(float(expected), abs=1e-6)
    for source, view, words in [
        ("noise", "lost", "The noise changed a number of the picture by"),
        ("lines", "shift", "One pixel to the side changes a number of the picture by"),
        ("photo", "result", "Enlarged back, a number is off by"),
    ]:
        choose(board.locator(f'input[name="source"][value="{source}"]'))
        choose(board.locator(f'input[name="view"][value="{view}"]'))
        expect(board.get_by_text(words)).to_be_visible()


def test_both_pooled_pictures_fill_in_while_the_window_plays(open_page):
    page = ready(open_page(PAGE))
    board = stage(page, PICTURE)
    empty = """canvas => {
        const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((byte, index) => index % 4 === 3 && byte === 0).length;
    }"""
    canvases = [board.locator(f"canvas[data-part={mode}]") for mode in ("max", "average")]
    assert [canvas.evaluate(empty) for canvas in canvases] == [0, 0]
    square = sample(DEFAULT).square(97)[:96, :96]
    assert_same_picture(look(board.locator("canvas[data-part=picture]")), square, 0)
    for mode in ("max", "average"):
        assert_same_picture(look(board.locator(f"canvas[data-part={mode}]")), pool(square, size=4, mode=mode), 1)
    board.get_by_role("button", name="Restart").click()
    assert [canvas.evaluate(empty) for canvas in canvases] == [575, 575]
    board.get_by_label("Speed").fill("4000")
    board.get_by_role("button", name="Play").click()
    expect(board.get_by_label("Position")).to_have_value("575")
    assert [canvas.evaluate(empty) for canvas in canvases] == [0, 0]


def test_32_maps_become_32_numbers_of_the_visitors_photo(open_page):
    page = ready(open_page(PAGE + "?gap-side=64"))
    page.locator(".photo-card").wait_for()
    board = stage(page, MAPS)
    means = global_average_pool(relu6(first_layer(sample(DEFAULT).square(64))))
    for place in (0, 7, 31):
        board.get_by_label("Map", exact=True).fill(str(place))
        assert number(page.get_by_test_id("gap-number")) == pytest.approx(float(means[place]), abs=1e-5)
    check_sheet(board, relu6(first_layer(sample(DEFAULT).square(64))), 31)
    choose(board.get_by_role("radio", name="224"))
    choose(board.get_by_role("radio", name="last maps"))
    expect(page.get_by_test_id("gap-flatten-parameters")).to_have_attribute("data-value", str(7 * 7 * 1280 * 2 + 2))
    expect(page.get_by_test_id("gap-gap-parameters")).to_have_attribute("data-value", str(1280 * 2 + 2))


def check_sheet(board: Locator, maps: np.ndarray, position: int) -> None:
    """Check that every map is in its place on the sheet, and that every mean has its height and its colour."""
    canvas = board.locator("canvas[data-part=picture]")
    drawing, origin = look(canvas), box(canvas)
    sheet, vector = (box(board.locator(f"[data-part={name}]")) for name in ("sheet", "vector"))
    left, top = sheet["x"] - origin["x"], sheet["y"] - origin["y"]
    wide, high = sheet["width"] / 8, sheet["height"] / 4
    for place in range(32):
        row, column = divmod(place, 8)
        for down, across in np.ndindex(2, 2):
            # A quarter of the tile without its edges, and the corresponding quarter of the map.
            y, x = top + (row + 0.12 + 0.42 * down) * high, left + (column + 0.12 + 0.42 * across) * wide
            seen = drawing.pixels[round(y) : round(y + 0.34 * high), round(x) : round(x + 0.34 * wide)]
            first_row, first_column = (round((0.12 + 0.42 * half) * len(maps)) for half in (down, across))
            side = round(0.34 * len(maps))
            quarter = maps[first_row : first_row + side, first_column : first_column + side, place]
            expected = signed_colours(quarter, 6).mean(axis=(0, 1))
            assert np.abs(seen.mean(axis=(0, 1)) - expected).max() < 20, (place, down, across)
    means = global_average_pool(maps)
    words = 3 * drawing.rem
    assert vector["width"] >= (32 * 2.05) * drawing.rem + words  # all 32 are in one row
    pitch = (vector["width"] - words) / 32
    floor = vector["y"] - origin["y"] + vector["height"] - 2.75 * drawing.rem
    room = vector["height"] - 3 * drawing.rem
    tallest = max(np.ceil(means.max()), 1)
    for place in range(position + 1):
        x = vector["x"] - origin["x"] + words + (place + 0.5) * pitch
        tall = means[place] / tallest * room
        colour = tuple(np.rint(signed_colours(means[place : place + 1], 6)[0]).astype(int).tolist())
        if tall > 8:
            assert near(drawing.at(x, floor - tall + 4), colour, 4), place
            assert near(drawing.at(x, floor - 4), colour, 4), place
        if tall < room - 8:
            assert near(drawing.at(x, floor - tall - 4), GROUND, 4), place
    row, column = divmod(position, 8)
    assert drawing.shows(WINDOW, (left + column * wide + max(0.03 * wide, 1.5), top + (row + 0.5) * high))


def test_keys_go_to_the_animation_that_the_visitor_looks_at(open_page):
    page = ready(open_page(PAGE))
    boards, maps = stage(page, BOARDS), stage(page, MAPS)
    stage(page, PICTURE)
    page.keyboard.press("ArrowRight")
    expect(boards.get_by_label("Position")).to_have_value("1")
    expect(maps.get_by_label("Map", exact=True)).to_have_value("0")
    maps.evaluate("stage => stage.scrollIntoView({block: 'center'})")
    page.keyboard.press("ArrowRight")
    expect(maps.get_by_label("Map", exact=True)).to_have_value("1")
    expect(boards.get_by_label("Position")).to_have_value("1")
    # The animation with the focus gets them, wherever it is.
    boards.get_by_role("button", name="Step forward").evaluate("button => button.focus({preventScroll: true})")
    page.keyboard.press("End")
    expect(boards.get_by_label("Position")).to_have_value("3")
    expect(maps.get_by_label("Map", exact=True)).to_have_value("1")


# Screens --------------------------------------------------------------------------------------------------------------


def test_on_a_laptop_boards_and_controls_are_visible_without_scrolling(open_page):
    page = ready(open_page(PAGE))
    for element in (
        page.get_by_label("row 4, column 4", exact=True),
        page.get_by_test_id("global-0-0"),
        stage(page, BOARDS).get_by_role("button", name="Play"),
        page.get_by_label("Guess first"),
        page.get_by_text("Learnable parameters: 0"),
    ):
        area = box(element)
        assert area["y"] >= 0
        assert area["y"] + area["height"] <= 800
        assert area["x"] + area["width"] <= 1280


def test_a_phone_shows_the_page_without_scrolling_sideways(open_page):
    page = ready(open_page(PAGE + "?grid=" + ";".join([",".join(["-9.5"] * 8)] * 8), viewport=PHONE))
    stage(page, MAPS)
    settle(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    assert box(page.get_by_label("row 1, column 1", exact=True))["height"] >= 32


def test_projected_the_boards_grow_with_the_screen(open_page):
    page = ready(open_page(PAGE + "?view=projector&guess=on", viewport=PROJECTOR))
    cell = page.get_by_label("row 1, column 1", exact=True)
    assert box(cell)["height"] >= PROJECTOR["height"] / 9
    assert float(cell.evaluate("cell => parseFloat(getComputedStyle(cell).fontSize)")) >= 36
    score = box(page.get_by_text("Learnable parameters: 0"))
    assert score["y"] + score["height"] <= PROJECTOR["height"]
