"""network_map/columns.py: which layers stand where, what feeds them, which maps they show."""

from typing import Any

import numpy as np
import pytest

from components.lessons.convnet.network_map.columns import columns_of, link_of, orders_of, slice_of


def layer(name: str, kind: str, channels: int, *inputs: str, strength: list[float] | None = None) -> Any:
    """Return a layer as the engine describes it. Without `strength`, later maps are stronger."""
    return {
        "name": name,
        "class": kind,
        "shape": [8, 8, channels],
        "parameters": 10,
        "inputs": list(inputs),
        "block": name.split("_", maxsplit=1)[0],
        "strength": np.array(strength or range(channels), np.float32),
    }


# photo → stem (conv, relu) → block (conv, norm, shortcut, sum, relu) → answer
NETWORK = [
    layer("photo", "InputLayer", 3),
    layer("stem_conv", "Conv2D", 4, "photo", strength=[9, 1, 1, 1]),
    layer("stem_relu", "ReLU", 4, "stem_conv", strength=[1, 2, 3, 9]),
    layer("block_conv", "Conv2D", 4, "stem_relu", strength=[5, 4, 3, 2]),
    layer("block_norm", "BatchNormalization", 4, "block_conv", strength=[1, 1, 1, 1]),
    layer("block_add", "Add", 4, "block_norm", "stem_relu", strength=[2, 2, 9, 2]),
    layer("block_relu", "ReLU", 4, "block_add", strength=[1, 9, 2, 3]),
    layer("answer", "Dense", 2, "block_relu"),
]


def test_folded_blocks_stand_for_their_layers_and_are_fed_by_other_blocks():
    columns = columns_of(NETWORK)
    assert [(one.layer, one.layers, one.parameters) for one in columns] == [
        ("photo", 1, 10),
        ("stem_relu", 2, 20),
        ("block_relu", 4, 40),
        ("answer", 1, 10),
    ]
    assert [one.inputs for one in columns] == [(), ("photo",), ("stem_relu",), ("block_relu",)]
    assert [one.link for one in columns[1:]] == ["all", "all", "all"]


def test_one_unfolded_block_shows_its_way_around():
    columns = {one.layer: one for one in columns_of(NETWORK, "block")}
    assert list(columns) == ["photo", "stem_relu", "block_conv", "block_norm", "block_add", "block_relu", "answer"]
    assert columns["block_add"].inputs == ("block_norm", "stem_relu")
    assert columns["block_conv"].link == "all"
    assert columns["block_norm"].link == columns["block_add"].link == columns["block_relu"].link == "same"
    assert columns["stem_relu"].layers == 2


def test_all_blocks_are_unfolded_at_once():
    assert [one.layer for one in columns_of(NETWORK, "all")] == [one["name"] for one in NETWORK]


# photo → rescale → stem (conv, dropout, relu) → pool → dropout → answer
QUIET = [
    layer("photo", "InputLayer", 3),
    layer("rescale", "Rescaling", 3, "photo"),
    layer("stem_conv", "Conv2D", 4, "rescale"),
    layer("stem_dropout", "Dropout", 4, "stem_conv"),
    layer("stem_relu", "ReLU", 4, "stem_dropout"),
    layer("features", "GlobalAveragePooling2D", 4, "stem_relu"),
    layer("noise", "GaussianNoise", 4, "features"),
    layer("dropout", "Dropout", 4, "noise"),
    layer("answer", "Dense", 2, "dropout"),
]


def test_layers_that_change_nothing_one_could_see_join_the_column_before_them_whatever_they_are_called():
    columns = columns_of(QUIET)
    assert [(one.layer, one.behind) for one in columns] == [
        ("photo", ("rescale",)),
        ("stem_relu", ()),
        ("features", ("noise", "dropout")),
        ("answer", ()),
    ]
    assert [one.inputs for one in columns] == [(), ("photo",), ("stem_relu",), ("features",)]
    assert [one.layer for one in columns_of(QUIET, "stem")][1:4] == ["stem_conv", "stem_dropout", "stem_relu"]
    assert [one.layer for one in columns_of(QUIET, "all")] == [one["name"] for one in QUIET]
    # The same name on a layer that does change what one sees keeps its column.
    renamed: list[Any] = [{**one, "class": "Conv2D"} if one["name"] == "rescale" else one for one in QUIET]
    assert [one.layer for one in columns_of(renamed)][:2] == ["photo", "rescale"]


def test_a_map_keeps_its_row_from_filter_to_sum():
    orders = orders_of(NETWORK)
    # The sum joins the stem's relu and the block: both follow the order of the block's last layer.
    for name in ("stem_relu", "stem_conv", "block_conv", "block_norm", "block_add", "block_relu"):
        assert orders[name].tolist() == [1, 3, 2, 0]
    assert orders["photo"].tolist() == [2, 1, 0]
    assert orders_of(NETWORK, "number")["block_relu"].tolist() == [0, 1, 2, 3]


def test_layers_with_other_channels_are_linked_to_all():
    layers = [layer("photo", "InputLayer", 1), layer("rgb", "Concatenate", 3, "photo", "photo")]
    assert link_of(layers[1], layers) == "all"


@pytest.mark.parametrize(("page", "expected"), [(0, [0, 1, 2, 3]), (1, [4, 5, 6, 7]), (2, [8, 9]), (99, [8, 9])])
def test_pages_end_with_the_last_maps(page, expected):
    assert slice_of(np.arange(10), 4, page).tolist() == expected
