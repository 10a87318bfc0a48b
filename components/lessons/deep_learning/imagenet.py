"""The errors of the networks that won the ImageNet challenge, year by year: published figures, drawn as bars."""

import html
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Winner:
    """The best entry of a year in image classification.

    Attributes:
        year: of the challenge.
        name: of the winning network or team.
        error: its top-5 error on the test photos in percent: the truth is not among its five best guesses.
        deep: whether it was a deep network.
        source: where the figure was published.
    """

    year: int
    name: str
    error: float
    deep: bool
    source: str


_RUSSAKOVSKY = "Russakovsky et al., “ImageNet Large Scale Visual Recognition Challenge”, 2015"

WINNERS = (
    Winner(2010, "NEC-UIUC", 28.2, False, _RUSSAKOVSKY),
    Winner(2011, "XRCE", 25.8, False, _RUSSAKOVSKY),
    Winner(2012, "AlexNet", 16.4, True, _RUSSAKOVSKY),
    Winner(2013, "Clarifai", 11.7, True, _RUSSAKOVSKY),
    Winner(2014, "GoogLeNet", 6.66, True, _RUSSAKOVSKY),
    Winner(2015, "ResNet", 3.57, True, "He et al., “Deep Residual Learning for Image Recognition”, 2016"),
    Winner(2016, "Trimps-Soushen", 2.99, True, "results of the challenge, image-net.org, 2016"),
    Winner(2017, "SENet", 2.251, True, "Hu et al., “Squeeze-and-Excitation Networks”, 2018"),
)
HUMAN = 5.1
"""The top-5 error in percent of a person who had practised, on 1,500 of the photos (Russakovsky et al.)."""

_STYLE = """<style>
.imagenet { max-width: 52rem; font-size: var(--size-text); font-variant-numeric: tabular-nums; }
.imagenet .line {
  display: grid; grid-template-columns: 3.2rem 8.5rem minmax(0, 1fr) 4rem; gap: 0 0.8rem; align-items: center;
  padding: 0.15rem 0;
}
.imagenet .track { position: relative; height: 1.5rem; }
.imagenet strong { text-align: right; }
.imagenet .line + p { margin-top: 0.8rem; }
.imagenet .track::after {
  content: ""; position: absolute; top: -0.15rem; bottom: -0.15rem; left: var(--human);
  border-left: 3px dashed var(--st-text-color, currentcolor);
}
.imagenet i { display: block; height: 100%; background: var(--hairline); }
.imagenet .deep i { background: var(--ink); }
@media (max-width: 40rem) {
  .imagenet .line { grid-template-columns: 3rem minmax(0, 1fr) 4rem; padding: 0.3rem 0; }
  .imagenet .track { grid-area: 2 / 1 / 3 / -1; }
}
</style>"""

_FULL = 30
"""Percent at the right edge."""


def imagenet_errors() -> None:
    """Draw a bar for each year, the line of human error across them, and the sources."""
    lines = "".join(_line(winner) for winner in WINNERS)
    st.html(
        f'{_STYLE}<section class="lesson imagenet" aria-label="ImageNet’s winners by year" '
        f'style="--human:{100 * HUMAN / _FULL:.2f}%">{lines}<p>{html.escape(words())}</p>'
        f"<details><summary>Where these figures come from</summary><p>{html.escape(sources())}</p></details></section>"
    )


def words() -> str:
    """Return what the bars say, in sentences that follow from the figures."""
    before = [winner for winner in WINNERS if not winner.deep][-1]
    first = next(winner for winner in WINNERS if winner.deep)
    better = next(winner for winner in WINNERS if winner.error < HUMAN)
    return (
        "How often the truth was not among the winner’s five best guesses. Grey bars: no deep network; the others are "
        f"deep networks. In {first.year}, {first.name} brought the error from {before.error:.1f}\u00a0% to "
        f"{first.error:.1f}\u00a0%; since then every winner has been a deep network. The dashed line is a person who "
        "had practised: "
        f"{HUMAN}\u00a0%. {better.name} was the first below it, in {better.year}."
    )


def sources() -> str:
    """Return where the figures come from, each source with its years."""
    years: dict[str, list[int]] = {}
    for winner in WINNERS:
        years.setdefault(winner.source, []).append(winner.year)
    told = "; ".join(f"{_span(found)}: {source}" for source, found in years.items())
    return f"Published figures, not measured here. {told}."


def _span(years: list[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]} and the person"


def _line(winner: Winner) -> str:
    return (
        f'<div class="line{" deep" if winner.deep else ""}"><span>{winner.year}</span>'
        f'<span>{html.escape(winner.name)}</span><span class="track">'
        f'<i style="width:{100 * winner.error / _FULL:.2f}%"></i></span>'
        f"<strong>{winner.error:.1f}\u00a0%</strong></div>"
    )
