"""The picture of a small dense layer and its notations, as HTML whose parts are marked with `data-parts`."""

from collections.abc import Iterable

import numpy as np

from components.lessons.dense.notations.example import B, W, X, outputs, sums
from components.lessons.dense.notations.texts import CARDS

_INPUT_X, _UNIT_X, _SIGMA_X, _OUTPUT_X = 1.65, 11.2, 15.9, 19.9
_INPUT_Y, _UNIT_Y, _BIAS_Y = (2.6, 7.4, 12.2), (4.6, 10.2), (1.3, 13.5)
_WIDTH, _HEIGHT = 22.0, 14.8
_LABEL = 0.31
"""A weight's place on its line, as a share of the way from the input: here no two weights overlap."""


def write(number: float, digits: int = 2) -> str:
    """Return a number with a real minus sign."""
    return f"{number:.{digits}f}".replace("-", "\u2212")


def mark(parts: str, inner: str, *, tag: str = "span", more: str = "") -> str:
    """Return an element that lights up with `parts`, names from `scene.PARTS` separated by spaces."""
    return f'<{tag} data-parts="{parts}"{more}>{inner}</{tag}>'


def picture() -> str:
    """Return inputs, weights on their lines, sums with their bias, activation and outputs; sizes in rem."""
    y, z = outputs(), sums()
    lines, nodes = [], []
    for i, top in enumerate(_INPUT_Y):
        nodes.append(_node("x", f"<i>x{_low(i)}</i> {write(X[i], 1)}", _INPUT_X, top, "circle"))
        for j, unit in enumerate(_UNIT_Y):
            side = "against" if W[i, j] < 0 else "for"
            lines.append(_line("w", _INPUT_X, top, _UNIT_X, unit, f"{side}", 0.06 + 0.1 * abs(W[i, j])))
            at = (_INPUT_X + _LABEL * (_UNIT_X - _INPUT_X), top + _LABEL * (unit - top))
            nodes.append(_node("w", write(W[i, j]), *at, "weight"))
    for j, unit in enumerate(_UNIT_Y):
        lines.append(_line("b", _UNIT_X, _BIAS_Y[j], _UNIT_X, unit, "plain", 0.1))
        lines.append(_line("", _UNIT_X, unit, _OUTPUT_X, unit, "plain", 0.1))
        nodes.append(_node("b", f"<i>b{_low(j)}</i> {write(B[j])}", _UNIT_X, _BIAS_Y[j], "box"))
        nodes.append(_node("", "Σ", _UNIT_X, unit, "circle sum"))
        nodes.append(_node("", write(z[j]), (_UNIT_X + _SIGMA_X) / 2, unit - 0.95, "plain"))
        nodes.append(_node("s", "σ", _SIGMA_X, unit, "box sigma"))
        nodes.append(_node("y", f"<i>y{_low(j)}</i> {write(y[j], 3)}", _OUTPUT_X, unit, "box"))
    said = (
        "Three inputs on the left, each joined to two units by a line with its weight; each unit adds its bias, "
        "then comes the activation and the output."
    )
    return (
        f'<div class="net" role="img" aria-label="{said}"><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true">'
        f"{''.join(lines)}</svg>{''.join(nodes)}</div>"
    )


def cards() -> str:
    """Return the five notations, each with the numbers of the picture."""
    inner = {"column": _column(), "row": _row(), "sum": _sum(), "dot": _dot(), "keras": _keras()}
    return "".join(
        f'<li class="card" data-card="{name}"><h3>{title}</h3><div class="math">{inner[name]}</div><p>{know}</p></li>'
        for name, (title, know) in CARDS.items()
    )


def _column() -> str:
    return (
        f"{_letters('y', 'y')} = {mark('s', 'σ')}({_letters('w', 'W')}{_letters('x', 'x')} + {_letters('b', 'b')})"
        f'<span class="worked">{mark("y", _matrix(outputs()[:, np.newaxis], 3))} = {mark("s", "σ")}('
        f"{mark('w', _matrix(W.T))} {mark('x', _matrix(X[:, np.newaxis], 1))} + "
        f"{mark('b', _matrix(B[:, np.newaxis]))})</span>"
    )


def _row() -> str:
    return (
        f"{_letters('y', 'y')} = {mark('s', 'σ')}({_letters('x', 'x')}{_letters('w', 'W')} + {_letters('b', 'b')})"
        f'<span class="worked">{mark("y", _matrix(outputs()[np.newaxis], 3))} = {mark("s", "σ")}('
        f"{mark('x', _matrix(X[np.newaxis], 1))} {mark('w', _matrix(W))} + {mark('b', _matrix(B[np.newaxis]))})</span>"
    )


def _sum() -> str:
    def product(i: int) -> str:
        return f"{mark('w', _bracket(W[i, 0]))} · {mark('x', write(X[i], 1))}"

    terms = " + ".join(product(i) for i in range(len(X)))
    return (
        f"{_letters('y', 'y<sub>1</sub>')} = {mark('s', 'σ')}(Σ {_letters('w', 'w<sub>i</sub>')}"
        f"{_letters('x', 'x<sub>i</sub>')} + {_letters('b', 'b<sub>1</sub>')})"
        f'<span class="worked">{mark("y", write(outputs()[0], 3))} = {mark("s", "σ")}({terms} + '
        f"{mark('b', write(B[0]))})</span>"
    )


def _dot() -> str:
    inside = mark("x w b", "·", more=' class="dot"')
    values = " and ".join(
        f"{mark('y', write(y, 3))} = {mark('s', 'σ')}({mark('x w b', write(z))})"
        for y, z in zip(outputs(), sums(), strict=True)
    )
    return f'{_letters("y", "y")} = {mark("s", "σ")}({inside})<span class="worked">{values}</span>'


def _keras() -> str:
    code = (
        f"layer = keras.layers.Dense(2, {mark('s', 'activation=&quot;sigmoid&quot;')})\n"
        f"{mark('y', 'y')} = layer({mark('x', 'x')})\n"
        f"{mark('w', 'W')} = {mark('w', 'layer.kernel')}  # (3, 2)\n"
        f"{mark('b', 'b')} = {mark('b', 'layer.bias')}  # (2,)"
    )
    return f"<pre>{code}</pre>"


def _letters(parts: str, letters: str) -> str:
    return mark(parts, letters, tag="i")


def _matrix(numbers: np.ndarray, digits: int = 2) -> str:
    cells = "".join(f"<span>{write(number, digits)}</span>" for number in numbers.ravel())
    return f'<span class="matrix" style="--columns: {numbers.shape[1]}">{cells}</span>'


def _bracket(number: float) -> str:
    return f"({write(number)})" if number < 0 else write(number)


def _low(place: int) -> str:
    return "₁₂₃"[place]


def _node(parts: str, inner: str, x: float, y: float, kind: str) -> str:
    place = f' class="node {kind}" style="left: {x:.2f}rem; top: {y:.2f}rem"'
    return mark(parts, inner, more=place) if parts else f"<span{place}>{inner}</span>"


def _line(parts: str, x1: float, y1: float, x2: float, y2: float, kind: str, width: float) -> str:
    marked = f' data-parts="{parts}"' if parts else ""
    ends = " ".join(f'{name}="{value:.2f}"' for name, value in _ends(x1, y1, x2, y2))
    return f'<line{marked} class="{kind}" {ends} stroke-width="{width:.2f}"></line>'


def _ends(*ends: float) -> Iterable[tuple[str, float]]:
    return zip(("x1", "y1", "x2", "y2"), ends, strict=True)
