"""Canvases sized by the screen's pixels, their resting grounds, and where axes are marked."""

from typing import Any

import pytest

from tests.node import in_node

SCREEN = """
    import { SharpCanvas, sharpen, wiped } from "./browser/canvas.js";

    /** A canvas that remembers how often it was sized and what was drawn on it. */
    const canvas = (clientWidth = 0, clientHeight = 0) => {
      const made = { clientWidth, clientHeight, sized: [], drawn: [], size: [300, 150] };
      for (const [index, side] of ["width", "height"].entries()) {
        Object.defineProperty(made, side, {
          get: () => made.size[index],
          set: (pixels) => {
            made.size[index] = pixels;
            made.sized.push([side, pixels]);
          },
        });
      }
      let scale = 1;
      const saved = [];
      const context = {
        setTransform: (ratio) => {
          scale = ratio;
        },
        clearRect: (...box) => made.drawn.push(["clear", scale, ...box]),
        drawImage: (picture, x, y) => made.drawn.push(["image", scale, picture.name, x, y]),
        fillRect: (...box) => made.drawn.push(["fill", scale, ...box]),
        setLineDash: () => {},
        save: () => saved.push(scale),
        restore: () => {
          scale = saved.pop();
        },
      };
      made.getContext = () => context;
      return made;
    };
    globalThis.devicePixelRatio = told.ratio;
    const resized = [];
    globalThis.ResizeObserver = class {
      constructor(act) {
        this.act = act;
      }
      observe(element) {
        resized.push([element, this.act]);
      }
    };
    globalThis.getComputedStyle = () => ({ fontSize: "20px", fontFamily: "Source Sans" });
    let grounds = 0;
    globalThis.document = {
      documentElement: {},
      createElement: () => Object.assign(canvas(), { name: `ground ${(grounds += 1)}` }),
    };
"""
"""The parts of a page that a canvas uses."""


def on_a_screen(acts: str, ratio: float = 2) -> Any:
    return in_node(SCREEN + acts, {"ratio": ratio})


@pytest.mark.parametrize(("ratio", "pixels"), [(1, [101, 51]), (1.5, [152, 77]), (2, [202, 102])])
def test_a_canvas_has_the_pixels_of_the_screen(ratio, pixels):
    assert on_a_screen("const one = canvas(101, 51); sharpen(one); answer(one.size);", ratio) == pixels


def test_a_canvas_may_be_told_its_size():
    assert on_a_screen("const one = canvas(101, 51); sharpen(one, 10.25, 20); answer(one.size);") == [21, 40]


def test_a_canvas_of_the_right_size_is_left_alone():
    """Setting its size, even to the same one, would clear it."""
    acts = """
        const one = canvas(100, 50);
        for (const height of [50, 50, 60]) sharpen(one, 100, height);
        answer(one.sized);
    """
    assert on_a_screen(acts) == [["width", 200], ["height", 100], ["height", 120]]


def test_a_canvas_is_wiped_wholly_and_drawn_on_in_css_pixels():
    acts = "const one = canvas(100, 50); sharpen(one); wiped(one).fillRect(1, 2, 3, 4); answer(one.drawn);"
    assert on_a_screen(acts) == [["clear", 1, 0, 0, 200, 100], ["fill", 2, 1, 2, 3, 4]]


def test_a_window_on_another_screen_draws_as_its_canvas_was_sized():
    acts = """
        const one = canvas(100, 50);
        sharpen(one);
        globalThis.devicePixelRatio = 1;
        wiped(one).fillRect(1, 2, 3, 4);
        answer(one.drawn.at(-1));
    """
    assert on_a_screen(acts) == ["fill", 2, 1, 2, 3, 4]


def test_a_plate_that_is_not_on_the_screen_has_nothing_to_draw_on():
    acts = """
        const plate = { clientWidth: 0, clientHeight: 0 };
        const sheet = new SharpCanvas(canvas(), { plate });
        const before = [sheet.measure(), sheet.ready, sheet.canvas.sized.length];
        Object.assign(plate, { clientWidth: 100, clientHeight: 50 });
        const shown = [sheet.measure(), sheet.ready, sheet.width, sheet.height, sheet.rem, sheet.font];
        plate.clientWidth = 0;
        answer([before, shown, [sheet.measure(), sheet.ready]]);
    """
    assert on_a_screen(acts) == [[False, False, 0], [True, True, 100, 50, 20, "20px Source Sans"], [False, False]]


def test_who_draws_is_called_when_the_plate_has_another_size():
    acts = """
        let calls = 0;
        const [plate, one] = [{}, canvas()];
        new SharpCanvas(canvas(), { plate, resized: () => (calls += 1) });
        new SharpCanvas(one, { resized: () => (calls += 10) });
        new SharpCanvas(canvas());
        const watched = resized.map(([element]) => [element === plate, element === one]);
        resized.forEach(([, act]) => act());
        answer({ watched, calls });
    """
    assert on_a_screen(acts) == {"watched": [[True, False], [False, True]], "calls": 11}


def test_a_ground_is_painted_once_and_laid_under_every_frame_pixel_by_pixel():
    acts = """
        const sheet = new SharpCanvas(canvas(100, 50));
        sheet.measure();
        sheet.beginGround().fillRect(0, 0, 9, 9);
        for (const x of [1, 2]) sheet.beginFrame().fillRect(x, 0, 1, 1);
        answer({ frames: sheet.canvas.drawn, ground: sheet.ground.drawn, size: sheet.ground.size, grounds });
    """
    clear, ground = ["clear", 1, 0, 0, 200, 100], ["image", 1, "ground 1", 0, 0]
    assert on_a_screen(acts) == {
        "frames": [clear, ground, ["fill", 2, 1, 0, 1, 1], clear, ground, ["fill", 2, 2, 0, 1, 1]],
        "ground": [clear, ["fill", 2, 0, 0, 9, 9]],
        "size": [200, 100],
        "grounds": 1,
    }


def test_a_ground_is_painted_as_large_as_the_plate_has_become():
    acts = """
        const sheet = new SharpCanvas(canvas(100, 50));
        sheet.measure();
        sheet.beginGround();
        sheet.canvas.clientWidth = 150;
        sheet.beginGround();
        answer([sheet.ground.size, sheet.canvas.size, grounds]);
    """
    assert on_a_screen(acts) == [[300, 100], [300, 100], 1]


def test_a_canvas_without_a_ground_has_empty_frames():
    acts = """
        const sheet = new SharpCanvas(canvas(100, 50));
        sheet.measure();
        sheet.beginFrame();
        answer(sheet.canvas.drawn);
    """
    assert on_a_screen(acts) == [["clear", 1, 0, 0, 200, 100]]
