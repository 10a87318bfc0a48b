"""Small drawings for the cards, in SVG: their ink follows light and dark, their colours mean what they always do."""

from collections.abc import Iterable, Sequence

import numpy as np

from components.photo.uploads import svg_url

WIDTH, HEIGHT = 152, 112
"""Of a card's picture, in CSS pixels."""

CAT, DOG, POSITIVE, NEGATIVE, WINDOW = "#E69F00", "#009E73", "#2C8CC8", "#D55E00", "#F0E442"
_STYLE = (
    "<style>.ink{stroke:#1b1d22;fill:none}.word{fill:#1b1d22;font:600 16px sans-serif}.paper{fill:#fff}"
    ".violet{stroke:#7b3fa8;fill:none}"
    "@media(prefers-color-scheme:dark){.ink{stroke:#f2f4f7}.word{fill:#f2f4f7}.paper{fill:#1b1f26}"
    ".violet{stroke:#c79bf0}}</style>"
)

Points = Iterable[tuple[float, float]]


def drawing(*parts: str) -> str:
    """Return a drawing of `WIDTH` × `HEIGHT` as a URL for an `img`."""
    return svg_url(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{_STYLE}'
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>{"".join(parts)}</svg>'
    )


def line(points: Points, look: str = 'class="ink" stroke-width="2.5"') -> str:
    """Return a line through points, in CSS pixels from the upper left corner."""
    written = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{written}" stroke-linejoin="round" stroke-linecap="round" {look}/>'


def curve(values: Sequence[float], *, top: float, bottom: float, look: str) -> str:
    """Return a curve of values at equal distances over the whole width.

    Args:
        values: two at least.
        top, bottom: the values at the upper and at the lower margin.
        look: the line's attributes.
    """
    x = np.linspace(12, WIDTH - 12, len(values))
    share = (np.asarray(values, float) - bottom) / (top - bottom)
    return line(zip(x, HEIGHT - 12 - share * (HEIGHT - 24), strict=True), look)


def dot(x: float, y: float, colour: str, radius: float = 6) -> str:
    """Return a dot with an edge of ink."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}" stroke="#1b1d22" stroke-width="1.5"/>'


def box(x: float, y: float, width: float, height: float, look: str) -> str:
    """Return a rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" {look}/>'


def picture(url: str, x: float, y: float, width: float, height: float) -> str:
    """Return a picture inside of the drawing, cut to its place."""
    return (
        f'<image href="{url}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        'preserveAspectRatio="xMidYMid slice" style="image-rendering:pixelated"/>'
    )


def word(text: str, x: float, y: float, look: str = "") -> str:
    """Return a word in 16 px."""
    return f'<text class="word" x="{x:.1f}" y="{y:.1f}" {look}>{text}</text>'
