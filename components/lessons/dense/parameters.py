"""Where a network keeps its parameters: convolutions and dense layers side by side, with Flatten and with pooling."""

import html
from dataclasses import dataclass

import streamlit as st

from components.networks.names import network_title
from models.answers import DenseLayer
from models.arithmetic.parameters import MapsShape, flatten_parameters, pooling_parameters

MANY = 1000
"""Classes of the second comparison: as many as ImageNet has."""

VGG16 = {"convolution layers": 14_714_688, "dense layers": 123_642_856}
"""VGG16 as keras.applications builds it; a test counts both by hand."""

_NORMALISING = ("BatchNormalization", "LayerNormalization", "GroupNormalization")
_STYLE = """<style>
.parameters { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr)); gap: 1rem 1.5rem;
  font-variant-numeric: tabular-nums; line-height: 1.35; max-width: 90rem; }
.parameters h3 { font-size: var(--size-lead); margin: 0 0 var(--space-2); padding: 0; }
.parameters ul { list-style: none; margin: 0; padding: 0; }
.parameters li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 var(--space-4);
  margin: 0 0 var(--space-2); font-size: var(--size-text); }
.parameters li div { flex: 0 0 100%; height: 1.2rem; background: color-mix(in srgb, currentColor 8%, transparent); }
.parameters i { display: block; height: 100%; min-width: 2px; background: var(--soft); }
.parameters .dense i { background: var(--ink); }
.parameters .instead i { background: repeating-linear-gradient(135deg, var(--ink) 0 0.25rem,
  transparent 0.25rem 0.5rem); }
.parameters p { font-size: var(--size-text); margin: var(--space-1) 0 0; line-height: 1.45; }
</style>"""


@dataclass(frozen=True)
class Count:
    """One bar.

    Attributes:
        name: what is counted.
        parameters: how many numbers it holds.
        kind: "" for other layers, "dense", or "instead" for layers that the network does not have.
        formula: how they are counted, "" where they are only added up.
    """

    name: str
    parameters: int
    kind: str = ""
    formula: str = ""


def counts_of(told: DenseLayer, units: int | None = None) -> list[Count]:
    """Return the bars of a network.

    Args:
        told: what `models.networks.dense_layer.dense_layer` returned for its last layer.
        units: the number that its dense layer would have; None for its own number.
    """
    sums: dict[str, list[int]] = {"convolution layers": [], "normalisation": [], "dense": [], "others": []}
    for layer in told["parameters"]:
        sums[_group(layer["class"])].append(layer["parameters"])
    found = [
        Count(f"{len(numbers)} {name}" if name == "convolution layers" else name, sum(numbers))
        for name, numbers in sums.items()
        if numbers and name != "dense"
    ]
    if not told["maps"]:
        return [*found, Count(f"{len(sums['dense'])} dense layers", sum(sums["dense"]), "dense")]
    shape = MapsShape(*told["maps_shape"])
    units = told["units"] if units is None else units
    pooled = f"{shape.channels:,} · {units:,} + {units:,}"
    flat = f"{shape.height} · {shape.width} · {pooled}"
    return [
        *found,
        Count("dense layer, after pooling", pooling_parameters(shape, units), "dense", pooled),
        Count("dense layer, after Flatten instead", flatten_parameters(shape, units), "instead", flat),
    ]


def _group(kind: str) -> str:
    if "Conv" in kind:
        return "convolution layers"
    if kind in _NORMALISING:
        return "normalisation"
    return "dense" if kind == "Dense" else "others"


def dense_parameters(network: str, told: DenseLayer | None) -> None:
    """Draw the counts of a network as bars; each comparison has its own scale.

    Args:
        network: its name, as the board has it.
        told: what `models.networks.dense_layer.dense_layer` returned for its last layer; None before it has answered.
    """
    st.html(_STYLE + comparisons(network, told))


def comparisons(network: str, told: DenseLayer | None) -> str:
    """Return the comparisons as HTML; see `dense_parameters`."""
    blocks = []
    if told is not None:
        title = f"{network_title(network)}: {_units(told['units'])}"
        blocks.append(_block(title, counts_of(told), _compared(told, told["units"])))
        if told["maps"] and told["units"] != MANY:
            title = f"The same with {MANY:,} classes"
            words = f"Again about {_times(told, MANY):.0f} times as many."
            blocks.append(_block(title, counts_of(told, MANY), words))
    vgg = [Count(name, number, "dense" if name == "dense layers" else "") for name, number in VGG16.items()]
    share = VGG16["dense layers"] / sum(VGG16.values())
    words = (
        f"With Flatten, {100 * share:.0f}\u00a0% of all parameters are in its three dense layers, most of them in the "
        "first: 4,096 units read 7 · 7 · 512 numbers."
    )
    blocks.append(_block("An older network: VGG16 (2014), 1,000 classes", vgg, words))
    return f'<section class="parameters" aria-label="Parameters counted">{"".join(blocks)}</section>'


def _units(units: int) -> str:
    return "1 unit" if units == 1 else f"{units:,} units"


def _compared(told: DenseLayer, units: int) -> str:
    if not told["maps"]:
        return "This network has no maps to pool: all its numbers go through dense layers."
    shape = MapsShape(*told["maps_shape"])
    return (
        f"Flatten would need {_times(told, units):.0f} times as many: a weight for each of the {shape.height} · "
        f"{shape.width} places of every map, where pooling needs one for the map."
    )


def _times(told: DenseLayer, units: int) -> float:
    shape = MapsShape(*told["maps_shape"])
    return flatten_parameters(shape, units) / pooling_parameters(shape, units)


def _block(title: str, counts: list[Count], words: str) -> str:
    largest = max(count.parameters for count in counts)
    rows = ""
    for count in counts:
        formula = f"{count.formula} = " if count.formula else ""
        width = f"{100 * count.parameters / largest:.2f}%"
        rows += (
            f'<li class="{count.kind}"><span>{html.escape(count.name)}</span>'
            f'<span>{formula}<strong data-parameters="{count.parameters}">{count.parameters:,}</strong></span>'
            f'<div aria-hidden="true"><i style="width:{width}"></i></div></li>'
        )
    return f"<div><h3>{html.escape(title)}</h3><ul>{rows}</ul><p>{html.escape(words)}</p></div>"
