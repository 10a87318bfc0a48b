"""network_map/layout.js: how large the photo and the maps are, on a screen, on a projector and on a phone."""

from itertools import pairwise
from typing import Any

import pytest

from tests.node import in_node

LAID_OUT = """
import { layOut, mapAt } from "./lessons/convnet/network_map/layout.js";
import { outlineOf } from "./lessons/convnet/network_map/sheet.js";
answer(told.map(({ rows, width, height, rem }) => {
  const columns = outlineOf([], rows);
  const layout = layOut(columns, { width, height, rem, pairs: false });
  const found = layout.places.flatMap(({ rows: points, side }, column) =>
    columns[column].answer ? [] : points.map(({ x, y }, row) => {
      const at = mapAt(layout, x + side / 4, y + side / 2);
      return [at?.column === column, at?.row === row, Math.abs((at?.x ?? 9) - 0.25) < 0.02];
    }));
  return { ...layout, found: found.flat().every(Boolean) };
}));
"""

# What is left of 1280 × 800 and of 1920 × 1080 below the page's bar, its heading and one line of tools.
SCREEN = {"rows": 8, "width": 1216, "height": 800 - 170, "rem": 16}
PROJECTOR = {"rows": 6, "width": 1870, "height": 1080 - 250, "rem": 1080 * 0.0208}
PHONE = {"rows": 8, "width": 358, "height": 500, "rem": 16}


def laid_out(room: dict[str, Any]) -> dict[str, Any]:
    (layout,) = in_node(LAID_OUT, [room])
    return layout


@pytest.mark.parametrize(
    ("room", "least"), [(SCREEN, 60), (PROJECTOR, 100), ({**SCREEN, "rows": 6}, 60), ({**SCREEN, "height": 100}, 60)]
)
def test_photo_and_maps_are_large_enough_to_be_seen(room, least):
    layout = laid_out(room)
    photo, *columns, answer = layout["places"]
    assert photo["side"] >= 96
    assert all(one["side"] >= least for one in columns)
    assert all(len(one["rows"]) == room["rows"] for one in columns)
    assert answer["left"] + answer["across"] <= room["width"] + 1  # nothing has to be scrolled
    assert layout["found"]


def test_what_fits_a_screen_is_not_higher_than_it():
    assert laid_out(SCREEN)["height"] <= SCREEN["height"] + 1
    assert laid_out(PROJECTOR)["height"] <= PROJECTOR["height"] + 1


def test_columns_stand_beside_each_other_and_none_over_another():
    places = laid_out(SCREEN)["places"]
    for before, after in pairwise(places):
        assert before["x"] + before["wide"] < after["x"]


def test_on_a_phone_the_layers_stand_below_each_other_from_photo_to_answer():
    layout = laid_out(PHONE)
    assert layout["upright"]
    photo, *layers, answer = layout["places"]
    assert photo["side"] >= 96
    for before, after in zip([photo, *layers], [*layers, answer], strict=True):
        assert before["y"] + before["tall"] < after["head"]["y"]
    for one in layers:
        assert one["side"] >= 60
        assert max(at["x"] for at in one["rows"]) + one["side"] <= PHONE["width"]
    assert layout["width"] == PHONE["width"]
    assert layout["found"]
