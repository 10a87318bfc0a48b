"""What is said about each activation function; the browser only fills in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from components.browser import Texts
from components.player import TRANSPORT_TEXTS


@dataclass(frozen=True)
class Words:
    """One activation function in words.

    Attributes:
        label: its name.
        formula: MathML of its value.
        value, value_above: the value with its numbers, at or below 0 and above 0. {x} is the input, {y} the value,
            {inside} the input in brackets if it is negative, {part} what `components.lessons.activation.curve.part_of`
            gives, {second} and {third} softmax's others.
        slope, slope_above: the same for the derivative, {slope}.
        facts: sentences on where it is used and what it does.
    """

    label: str
    formula: str
    value: str
    slope: str
    facts: tuple[str, ...]
    value_above: str = ""
    slope_above: str = ""


def _mathml(right: str) -> str:
    return f"<mrow><mi>f</mi><mo>(</mo><mi>x</mi><mo>)</mo><mo>=</mo>{right}</mrow>"


_POWER = "<msup><mi>e</mi><mrow><mo>−</mo><mi>x</mi></mrow></msup>"
_SIGMOID = f"<mfrac><mn>1</mn><mrow><mn>1</mn><mo>+</mo>{_POWER}</mrow></mfrac>"


def _cases(above: str, below: str) -> str:
    return _mathml(
        "<mo form='prefix' stretchy='true' fence='true'>{</mo><mtable columnalign='left'>"
        f"<mtr><mtd>{above}</mtd><mtd><mtext>for&#xa0;</mtext><mi>x</mi><mo>&gt;</mo><mn>0</mn></mtd></mtr>"
        f"<mtr><mtd>{below}</mtd><mtd><mtext>else</mtext></mtd></mtr></mtable>"
    )


WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "linear": Words(
            label="linear",
            formula=_mathml("<mi>x</mi>"),
            value="x = {y}",
            slope="1, everywhere",
            facts=(
                "It changes nothing. As the last layer it lets a network predict any number, such as a price.",
                "Between layers it is useless: layers with nothing between them are one layer.",
            ),
        ),
        "relu": Words(
            label="ReLU",
            formula=_mathml("<mi>max</mi><mo>(</mo><mn>0</mn><mo>,</mo><mi>x</mi><mo>)</mo>"),
            value="max(0, {x}) = {y}",
            slope="0, because x is not above 0",
            slope_above="1, because x is above 0",
            facts=(
                "The usual choice between a convnet's layers: one comparison, and a slope of 1 wherever x is above 0.",
                "At exactly 0 there is a kink and no derivative. TensorFlow takes 0.",
            ),
        ),
        "sigmoid": Words(
            label="sigmoid",
            formula=_mathml(_SIGMOID),
            value="1 / (1 + {part}) ≈ {y}, with {part} ≈ e⁻ˣ",
            slope="{y} · (1 − {y}) ≈ {slope}",
            facts=(
                "Squeezes every number into 0 to 1. The last layer of a two-class network: how sure is it of “dog”?",
                "Its slope is never above 0.25 and almost 0 at both ends: many sigmoids in a row stop the learning.",
            ),
        ),
        "tanh": Words(
            label="tanh",
            formula=_mathml(
                f"<mfrac><mrow><msup><mi>e</mi><mi>x</mi></msup><mo>−</mo>{_POWER}</mrow>"
                f"<mrow><msup><mi>e</mi><mi>x</mi></msup><mo>+</mo>{_POWER}</mrow></mfrac>"
            ),
            value="tanh({x}) ≈ {y}",
            slope="1 − {y}² ≈ {slope}",
            facts=(
                "A sigmoid stretched to −1 to 1 with its middle at 0: twice as high, half as wide, and so four times "
                "as steep (slope 1 at 0).",
                "At both ends its slope goes to 0, too.",
            ),
        ),
        "leaky_relu": Words(
            label="leaky ReLU",
            formula=_cases("<mi>x</mi>", "<mn>0.2</mn><mi>x</mi>"),
            value="0.2 · {inside} = {y}",
            value_above="x = {y}",
            slope="0.2, because x is not above 0",
            slope_above="1, because x is above 0",
            facts=(
                "A ReLU that leaks: below 0 a little gets through, so a unit whose output is never above 0 can still "
                "learn.",
                "0.2 is the slope of Keras's function; its layer LeakyReLU takes 0.3. Both can be set.",
            ),
        ),
        "elu": Words(
            label="ELU",
            formula=_cases("<mi>x</mi>", "<msup><mi>e</mi><mi>x</mi></msup><mo>−</mo><mn>1</mn>"),
            value="{part} − 1 ≈ {y}, with {part} ≈ eˣ",
            value_above="x = {y}",
            slope="eˣ ≈ {slope}",
            slope_above="1, because x is above 0",
            facts=(
                "Below 0 it bends smoothly towards −1: the mean of a layer's outputs stays nearer to 0.",
                "The power costs more time than ReLU's comparison.",
            ),
        ),
        "gelu": Words(
            label="GELU",
            formula=_mathml("<mi>x</mi><mo>·</mo><mi>Φ</mi><mo>(</mo><mi>x</mi><mo>)</mo>"),
            value="{inside} · {part} ≈ {y}",
            slope="Φ(x) + x · φ(x) ≈ {slope}",
            facts=(
                "x times the share of a normal distribution that lies below x (Φ; φ is its bell curve).",
                "The usual choice in transformers. It dips below 0 and comes back.",
            ),
        ),
        "swish": Words(
            label="swish",
            formula=_mathml(f"<mi>x</mi><mo>·</mo>{_SIGMOID}"),
            value="{inside} · {part} ≈ {y}",
            slope="σ(x) · (1 + x · (1 − σ(x))) ≈ {slope}",
            facts=(
                "x times its own sigmoid σ(x); also called SiLU. An automatic search over many functions chose it.",
                "EfficientNet uses it. Its “Lite” version has ReLU6, min(max(0, x), 6), which phones compute faster.",
            ),
        ),
        "softmax": Words(
            label="softmax",
            formula=(
                "<mrow><msub><mi>f</mi><mi>i</mi></msub><mo>=</mo><mfrac><msup><mi>e</mi><msub><mi>x</mi><mi>i</mi>"
                "</msub></msup><mrow><munder><mo>∑</mo><mi>j</mi></munder><msup><mi>e</mi><msub><mi>x</mi><mi>j</mi>"
                "</msub></msup></mrow></mfrac></mrow>"
            ),
            value="e^{x} / (e^{x} + e^{second} + e^{third}) ≈ {y}",
            slope="{y} · (1 − {y}) ≈ {slope}",
            facts=(
                "Not a function of one number: its outputs for all classes add up to 1. Drawn is f₁ as x₁ moves.",
                "The last layer of a network with more than two classes. With two it is a sigmoid of x₁ − x₂.",
            ),
        ),
    }
)

TEXTS: Texts = {
    "activation": "Activation",
    "value": "value f(x)",
    "slope": "slope f′(x)",
    "tangent": "The thin line touches the curve at x: its slope is f′(x).",
    "second": "x₂",
    "third": "x₃",
    "curve-alt": "The curve of the activation with its derivative, dashed. Click or drag to move x.",
    "player": TRANSPORT_TEXTS | {"position": "Input x", "count": "x = {value}", "rate": "Speed {speed} / s"},
}
