"""What the network map says of a layer and of a number: how much of the photo it sees, and how it was computed."""

import re
from typing import Any

import numpy as np
import pytest

from components.lessons.convnet.network_map.detail import facts
from components.lessons.convnet.network_map.sheet import sees
from components.lessons.convnet.network_map.texts import TEXTS
from components.networks.written import added, factor, map_name, subtracted, written
from models.answers import MapLayer, MapOrigin
from models.networks.network_map.receptive import PIXEL, Field, through_window
from tests.node import in_node


def layer(places: int, field: Field | None) -> MapLayer:
    none = np.zeros(1, np.float32)
    return {
        "name": "a",
        "class": "Conv2D",
        "shape": [places, places, 1] if field else [1],
        "parameters": 0,
        "inputs": ["photo"],
        "block": "a",
        "field": None if field is None else {"size": field.size, "step": field.step, "start": field.start},
        "low": none,
        "high": none,
        "strength": none,
    }


# How much of the photo a number sees ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "field", "words"),
    [
        (112, Field(1, 1, 0), "Each number sees 1 pixel."),
        (110, Field(3, 1, 0), "Each number sees 3 × 3 pixels."),
        (112, Field(3, 1, -1), "Each number sees 3 × 3 pixels, at the edge fewer."),
        (1, Field(112, 1, 0), "Each number sees the whole photo."),
        (1, Field(127, 16, -7), "Each number sees the whole photo (its window of 127 × 127 reaches beyond the edge)."),
        (
            7,
            Field(127, 16, -55),
            "In the middle a number sees the whole photo (its window of 127 × 127 reaches beyond the edge), "
            "in a corner as few as 71 × 71 pixels.",
        ),
        (2, Field(120, 60, -40), "Each number sees at most 92 × 92 pixels (its window of 120 × 120 reaches beyond the"),
        (1, None, "It is one number for the whole photo."),
    ],
)
def test_no_number_sees_more_than_the_photo(places, field, words):
    assert sees(layer(places, field), 112).startswith(words)


@pytest.mark.parametrize("side", [8, 28, 112, 224])
@pytest.mark.parametrize("windows", [[(3, 1)], [(3, 2), (3, 2)], [(5, 2), (3, 1), (3, 2)], [(7, 2), (5, 2), (5, 2)]])
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_what_is_said_is_what_the_windows_reach(side, windows, padding):
    """Counted pixel by pixel: the pixels that go into each number, through all layers, along one side of the photo."""
    field, reached = PIXEL, [{place} for place in range(side)]
    for size, stride in windows:
        length = len(reached)
        if padding == "valid" and length < size:
            return
        field = through_window(field, length, size=size, stride=stride, dilation=1, padding=padding)
        count = -(-length // stride) if padding == "same" else (length - size) // stride + 1
        before = max((count - 1) * stride + size - length, 0) // 2 if padding == "same" else 0
        reached = [
            set().union(*reached[max(stop * stride - before, 0) : stop * stride - before + size])
            for stop in range(count)
        ]
    words = sees(layer(len(reached), field), side)
    least, most = min(map(len, reached)), max(map(len, reached))
    without_window = re.sub(r"\(.*?\)", "", words)
    numbers = [int(number) for number in re.findall(r"\d+", without_window)]
    assert all(number <= side for number in numbers)
    assert ("whole photo" in words) == (most == side)
    if most < side:
        assert numbers[0] == most
    elif least < most:
        assert numbers[-1] == least


# How a number was computed --------------------------------------------------------------------------------------------


def origin(kind: str, **more: Any) -> MapOrigin:
    found: MapOrigin = {
        "kind": kind,
        "inputs": ["x"],
        "settings": {},
        "filter": None,
        "bias": 0.0,
        "weights": None,
        "norm": None,
        "partials": None,
        "contributions": [],
    }
    return {**found, **more}  # type: ignore[typeddict-item]


NORM = {"gamma": -0.9893, "beta": -0.1093, "mean": -0.5, "variance": 0.25, "epsilon": 0.001}
ORIGINS = {
    "normalisation": origin("normalisation", norm=NORM),
    "normalisation upwards": origin("normalisation", norm={**NORM, "gamma": 1.0, "beta": 0.5, "mean": 2.0}),
    "scale": origin("scale", settings={"scale": 2 / 255, "offset": -1.0}),
    "scale upwards": origin("scale", settings={"scale": 1 / 255, "offset": 0.0}),
    "convolution": origin(
        "convolution", settings={"stride": 1, "padding": "same"}, filter=np.zeros((3, 3, 4)), bias=-0.25
    ),
    "depthwise": origin("depthwise", settings={"stride": 2, "padding": "same"}, filter=np.zeros((3, 3, 1))),
    "dense": origin("dense", settings={"activation": "sigmoid"}, bias=-1.5),
    "relu6": origin("activation", settings={"activation": "relu", "max_value": 6.0}),
    "sum": origin("sum"),
    "max": origin("global pooling", settings={"pool": "maximum"}),
}


def test_signs_are_written_once_and_as_minus():
    told = {name: facts(layer(7, PIXEL), one)[0] for name, one in ORIGINS.items()}
    for text in told.values():
        assert not re.search(r"-\d|[+−·] [−-]", text), text
    assert told["normalisation"].startswith("(x + 0.5) / √(0.25 + 0.001) · (−0.9893) − 0.1093.")
    assert told["normalisation upwards"].startswith("(x − 2) / √(0.25 + 0.001) · 1 + 0.5.")
    assert told["scale"].startswith("x · 0.00784314 − 1:")
    assert "plus the bias −0.25." in told["convolution"]
    assert "plus the bias −1.5, then sigmoid." in told["dense"]
    assert told["relu6"] == "ReLU6: max(0, x), but no more than 6."
    assert "skip connection" in told["sum"]
    assert told["max"].startswith("The largest of all numbers")


def test_a_number_is_written_with_its_sign():
    assert [written(number) for number in (-1.25, 0, 3e-7)] == ["−1.25", "0", "3e−07"]
    assert [added(number) for number in (-1.25, 0, 2)] == ["− 1.25", "+ 0", "+ 2"]
    assert [subtracted(number) for number in (-1.25, 2)] == ["+ 1.25", "− 2"]
    assert [factor(number) for number in (-1.25, 2)] == ["(−1.25)", "2"]
    assert map_name(0) == "map 1"


FORMULAS = """
import { formulaAt } from "./lessons/convnet/network_map/formula.js";
const floats = (numbers) => numbers && Float32Array.from(numbers);
answer(told.cases.map(({ detail, sources, place, value }) => formulaAt(
  { settings: {}, norm: null, bias: 0, parts: sources.length, ...detail },
  sources.map(({ title, values, partial }) => ({ title, values: floats(values), partial: floats(partial) ?? null })),
  place, value, told.texts,
)));
"""


def formulas(cases: list[dict[str, Any]]) -> list[str]:
    found: list[str] = in_node(FORMULAS, {"cases": cases, "texts": TEXTS})
    return found


def test_the_formula_of_a_number_writes_each_sign_once_and_adds_up():
    linear = {"settings": {"activation": "linear"}}
    made = [
        {"title": "map 3", "values": [0, 0], "partial": [0.25, 0]},
        {"title": "map 9", "values": [0, 0], "partial": [-1.5, 0]},
        {"title": "map 1", "values": [0, 0], "partial": [0, 0.5]},
    ]
    conv = {"kind": "convolution", **linear, "bias": -0.5, "parts": 5}
    norm = {"kind": "normalisation", "norm": NORM}
    upwards = {"kind": "normalisation", "norm": {**NORM, "mean": 2.0, "gamma": 1.5, "beta": 0.125}}
    x = [{"title": "map 1", "values": [-0.75]}]
    cases = [
        {"detail": conv, "sources": made, "place": 0, "value": -2.0},
        {"detail": conv, "sources": made, "place": 1, "value": -0.25},
        {"detail": norm, "sources": x, "place": 0, "value": 0.5},
        {"detail": upwards, "sources": x, "place": 0, "value": -4.0},
        {
            "detail": {"kind": "scale", "settings": {"scale": 0.5, "offset": -1}},
            "sources": x,
            "place": 0,
            "value": -1.375,
        },
        {"detail": {"kind": "sum"}, "sources": [*x, {"title": "map 2", "values": [-1]}], "place": 0, "value": -1.75},
    ]
    found = formulas(cases)
    assert found == [
        "−2 = −1.5 (map 9) + 0.25 (map 3) − 0.25 (3 other maps) − 0.5 (bias)",
        "−0.25 = 0.5 (map 1) − 0.25 (4 other maps) − 0.5 (bias)",
        "0.5 = (−0.75 + 0.5) / √(0.25 + 0.001) · (−0.9893) − 0.1093",
        "−4 = (−0.75 − 2) / √(0.25 + 0.001) · 1.5 + 0.125",
        "−1.375 = (−0.75) · 0.5 − 1",
        "−1.75 = −0.75 (map 1) − 1 (map 2)",
    ]
