"""What a network's head costs: the parameters of Flatten + Dense and of global average pooling + Dense."""

from typing import TypedDict

from components.lessons.pooling.global_pooling.scene import SIDES, GlobalPoolingScene, Maps
from models.arithmetic import output_size
from models.arithmetic.parameters import MapsShape, flatten_parameters, pooling_parameters
from models.pretrained.first_layer import FILTERS, KERNEL, STRIDE

LAST_MAPS = 1280
"""Maps that leave EfficientNet-Lite0's last convolution, each 1/32 of the photo's side (five strides of 2)."""
HALVINGS = 5
THINNEST_SHARE = 0.005
"""A bar with a smaller share would be thinner than the style sheet's minimum."""


def maps_shape(maps: Maps, side: int) -> MapsShape:
    """Return the shape of the first layer's or the last maps of EfficientNet-Lite0 for a photo of `side` pixels."""
    for _halving in range(1 if maps == "first" else HALVINGS):
        side = output_size(side, KERNEL, stride=STRIDE, padding="same")
    return MapsShape(side, side, FILTERS if maps == "first" else LAST_MAPS)


class HeadCost(TypedDict):
    """What one head costs; "share" is of the longest bar."""

    formula: str
    parameters: int
    share: float


class HeadComparison(TypedDict):
    """What `comparison` returns."""

    flatten: HeadCost
    pooling: HeadCost
    times: str
    thin: bool


def comparison(scene: GlobalPoolingScene) -> HeadComparison:
    """Return both heads for the browser: formula, parameters, and the share of a bar that is drawn to scale.

    The longest bar is Flatten + Dense at the largest side, so that both bars show what another side changes.
    """
    shape = maps_shape(scene.maps, scene.side)
    longest = flatten_parameters(maps_shape(scene.maps, max(SIDES)), scene.classes)
    flatten, pooling = flatten_parameters(shape, scene.classes), pooling_parameters(shape, scene.classes)
    classes = f"{scene.classes:,}"
    maps = f"{shape.height} · {shape.width} · {shape.channels:,}"
    return {
        "flatten": {
            "formula": f"{maps} · {classes} + {classes}",
            "parameters": flatten,
            "share": flatten / longest,
        },
        "pooling": {
            "formula": f"{shape.channels:,} · {classes} + {classes}",
            "parameters": pooling,
            "share": pooling / longest,
        },
        "times": f"{flatten / pooling:,.0f}",
        "thin": pooling / longest < THINNEST_SHARE,
    }
