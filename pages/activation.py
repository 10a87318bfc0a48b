"""/activation: what follows each layer, so that layers can be stacked."""

from components import shell
from components.activation_curve import activation_curve

shell.lesson(
    "Activation functions",
    "One small curve after each layer. Without it, a hundred layers could do no more than one.",
)
scene = activation_curve()
