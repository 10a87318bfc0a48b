"""The words of one step of a network; the browser fills in numbers."""

from collections.abc import Sequence

from components.browser import Texts
from components.networks.layer_step.scene import StepScene
from components.networks.names import network_words
from components.networks.written import map_name, share_of
from components.player import TRANSPORT_TEXTS
from models.answers import Contribution, Settings

TEXTS: Texts = {
    "input-control": "Made from",
    "place": "row {row}, column {column}",
    "input-alt": "The map that this one is made from, with the window on it. Click or drag to move the window.",
    "map-alt": "The map as filled in so far. Click or drag to choose a number.",
    "curve-alt": "The activation's curve with the number on it",
    "many": "{count} numbers, {low} to {high}",
    "max": "the largest",
    "average": "their mean",
    "output": "on the map",
    "player": TRANSPORT_TEXTS | {"position": "Number", "count": "number {position} of {count}"},
}


def heading(scene: StepScene) -> str:
    """Return the heading: the map, its layer, its network."""
    return f"{scene.layer}, {map_name(scene.map)}. {network_words(scene.network, scene.which)}"


def sentence(kind: str, settings: Settings) -> str:
    """Return what happens in such a step.

    Args:
        kind: by the names of `models.networks.network_map.origin`.
        settings: of the layer.
    """
    if kind == "convolution":
        return (
            "The network's own filter at work. It has weights for every map of the layer before; here you see those "
            "for one map. The sum of these products is that map's part; all parts and the bias make the number on the "
            "right."
        )
    if kind == "depthwise":
        return "A depthwise filter looks at one map only: the sum of these products is the number on the right."
    if kind == "activation":
        return "Each number goes through the curve by itself, whatever its neighbours are."
    what = "largest number" if settings.get("pool") == "maximum" else "mean"
    if kind == "global pooling":
        return f"The window is the whole map: its {what} is all that is passed on."
    return f"Of each window only the {what} is passed on, and the map becomes smaller. Nothing here is learned."


def option_label(part: Contribution, parts: Sequence[Contribution]) -> str:
    """Return a map's label in the list of maps that a map is computed from, strongest first."""
    whole = sum(one["strength"] for one in parts)
    share = f", {share_of(part, whole)}" if whole and len(parts) > 1 else ""
    return f"{map_name(part['channel'])}{share}"


def part_words(chosen: Contribution, others: int, bias: float) -> list[str]:
    """Return the text under each of the two parts of a convolution's number.

    Args:
        chosen: the input map that is shown.
        others: number of other maps that the filter reads.
        bias: that is added.
    """
    more = {0: "", 1: "1 other map"}.get(others, f"{others:,} other maps")
    with_bias = " and ".join(text for text in (more, "bias" if bias else "") if text)
    return [f"from {map_name(chosen['channel'])}", with_bias]
