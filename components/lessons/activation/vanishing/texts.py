"""The words of the picture of vanishing gradients; the browser only fills in numbers."""

from components.browser import Texts
from components.player import TRANSPORT_TEXTS

SERIES = (
    {
        "name": "sigmoid",
        "label": "sigmoid",
        "rule": "σ′ is at most 0.25",
        "slope": "mean σ′ ≈ {mean}, at most 0.25",
    },
    {
        "name": "tanh",
        "label": "tanh",
        "rule": "tanh′ is at most 1",
        "slope": "mean tanh′ ≈ {mean}, at most 1",
    },
    {
        "name": "relu",
        "label": "ReLU",
        "rule": "ReLU′ is 0 or 1",
        "slope": "ReLU′ = 1 for {percent}\u00a0%, else 0",
    },
)
"""One network for each activation: `name` as Keras writes it, and what its card says about its derivative, before the
gradient has passed a layer (`rule`) and after (`slope`, of the layer that it passed last)."""

TEXTS: Texts = {
    "chart": "Gradient that arrives at each layer",
    "chart-unit": "last layer = 1; lines on a logarithmic scale, boxes on a plain one",
    "start": "At the last layer, number {layer}",
    "reached": "Passed layer {passed}, arrived at layer {layer}",
    "chart-alt": "Chart of the gradient at each layer on a logarithmic scale, one line for each activation. Click or "
    "drag to send the gradient to a layer.",
    "layer": "layer",
    "loss": "loss",
    "none-yet": "derivatives: none passed yet",
    "starts-here": "gradient = 1",
    "derivatives": "derivatives:",
    "gradient": "× weights ≈ {weights} = gradient ≈ {share}",
    "first-layer": "First layer: {share} of the last layer’s.",
    "fraction": "1 / {number}",
    "only-layer": "One layer: the first one is the last one.",
    "depth": "Depth",
    "depth-value": "{depth} layers",
    "depth-one": "1 layer",
    "new-weights": "New weights",
    "note": "On its way back through a layer, the gradient is multiplied by the derivatives f′(z), then by the "
    "weights; each factor is what is left of its size. The lines are measured and contain both. With the first weights "
    "of a Dense layer (GlorotUniform: random, biases 0), the weights’ product stays between 0.1 and 4 in all 100 draws "
    "here: for sigmoid and ReLU the derivatives decide.",
    "note-draw": "Glorot’s sizes were made for tanh, which does best here. ReLU blocks about half of the units, which "
    'leaves √½ ≈ 0.71 of the size; kernel_initializer="he_normal" makes weights √2 times as large, which repairs it. '
    "How this was measured: the size of a gradient is its root mean square over a layer’s 64 units and 64 random "
    "inputs; the loss is a sum of the last layer’s outputs with random weights. All of it is the same for all three.",
    "player": {**TRANSPORT_TEXTS, "position": "Layers reached", "count": "{position} of {count} layers"},
}
