"""What is said of each step of backpropagation; the browser only fills in numbers."""

from typing import TypedDict

from components.browser import Texts
from components.player import TRANSPORT_TEXTS


class Step(TypedDict):
    """A step of the calculation: its name in the module, its heading, and its lines with {numbers}.

    A number's name with a final _ stands in brackets where it is negative.
    """

    name: str
    title: str
    lines: list[str]


STEPS: list[Step] = [
    {
        "name": "network",
        "title": "Two inputs, two hidden neurons, one output",
        "lines": [
            "The number on a line is its weight. Blue is positive, orange negative.",
            "The inputs are x₁ = {x1} and x₂ = {x2}. The label is y = {y}.",
            "Each neuron also adds a bias, which is not drawn: b₁ = {b1}, b₂ = {b2}, c = {c}.",
            "Press Play: first the numbers go forward, then the slopes come back.",
        ],
    },
    {
        "name": "hidden",
        "title": "Forward: the hidden neurons",
        "lines": [
            "z₁ = {w11_} · {x1} + {w21_} · {x2} + {b1_} = {z1}",
            "h₁ = σ(z₁) = {h1}",
            "z₂ = {w12_} · {x1} + {w22_} · {x2} + {b2_} = {z2}",
            "h₂ = σ(z₂) = {h2}",
        ],
    },
    {
        "name": "output",
        "title": "Forward: the prediction",
        "lines": ["z = {v1_} · {h1} + {v2_} · {h2} + {c_} = {z}", "p = σ(z) = {p}"],
    },
    {
        "name": "loss",
        "title": "The loss: how wrong is p?",
        "lines": ["The label is {y}, so L = {formula} = {loss}.", "Now back: which weight is to blame, and how much?"],
    },
    {
        "name": "end",
        "title": "Back: from the loss to z",
        "lines": [
            "∂L/∂z = p − y = {p} − {y} = {dz}",
            "∂L/∂z is a slope: move z up by a little, and L changes by {dz} times as much.",
        ],
    },
    {
        "name": "last",
        "title": "Back: the last weights",
        "lines": [
            "∂L/∂v₁ = ∂L/∂z · h₁ = {dz_} · {h1} = {dv1}",
            "∂L/∂v₂ = ∂L/∂z · h₂ = {dz_} · {h2} = {dv2}",
            "The bias c is only added: ∂L/∂c = ∂L/∂z = {dz}",
        ],
    },
    {
        "name": "through",
        "title": "Back: along the weights",
        "lines": [
            "∂L/∂h₁ = ∂L/∂z · v₁ = {dz_} · {v1_} = {dh1}",
            "∂L/∂h₂ = ∂L/∂z · v₂ = {dz_} · {v2_} = {dh2}",
        ],
    },
    {
        "name": "sigmoid",
        "title": "Back: through the sigmoids",
        "lines": [
            "∂L/∂z₁ = ∂L/∂h₁ · h₁ (1 − h₁) = {dh1_} · {s1} = {dz1}",
            "∂L/∂z₂ = ∂L/∂h₂ · h₂ (1 − h₂) = {dh2_} · {s2} = {dz2}",
            "A sigmoid's slope is h (1 − h), at most 0.25: each sigmoid on the way divides the slopes by four or more.",
        ],
    },
    {
        "name": "first",
        "title": "Back: the first weights",
        "lines": [
            "∂L/∂w₁₁ = ∂L/∂z₁ · x₁ = {dz1_} · {x1} = {dw11}",
            "∂L/∂w₁₂ = ∂L/∂z₂ · x₁ = {dz2_} · {x1} = {dw12}",
            "∂L/∂w₂₁ = ∂L/∂z₁ · x₂ = {dz1_} · {x2} = {dw21}",
            "∂L/∂w₂₂ = ∂L/∂z₂ · x₂ = {dz2_} · {x2} = {dw22}",
            "Multiplied out, the first is ∂L/∂z · v₁ · h₁ (1 − h₁) · x₁: that is the chain rule.",
        ],
    },
    {
        "name": "update",
        "title": "One step of training",
        "lines": [
            "Each weight moves against its slope, {rate} times as far:",
            "w₁₁ = {w11} − {rate} · {dw11_} = {w11n}",
            "v₁ = {v1} − {rate} · {dv1_} = {v1n}",
            "… and so do all the others and the biases, at the same moment.",
        ],
    },
    {
        "name": "again",
        "title": "Forward again",
        "lines": ["p was {p} and is {pn} now. The label is {y}.", "The loss was {loss} and is {lossn}: {verdict}"],
    },
]
"""In the order in which they are played."""

TEXTS: Texts = {
    "picture-alt": "A network with two inputs, two hidden neurons and one output. {title}: {lines}",
    "w": "Weight w₁₁",
    "v": "Weight v₁",
    "label": "Label y",
    "rate": "Learning rate",
    "slope": "slope of the loss",
    "one": "−ln p",
    "zero": "−ln(1 − p)",
    "fell": "one step made it smaller.",
    "rose": "it grew. The slopes were right, but the step was too large.",
    "player": TRANSPORT_TEXTS | {"position": "Step", "count": "step {position} of {count}"},
}
