"""/activation: what follows each layer, so that layers can be stacked."""

import streamlit as st

from components import shell
from components.lessons.activation.comparison import activation_comparison
from components.lessons.activation.curve import activation_curve
from components.lessons.activation.curve.keras_code import WORDS, keras_code
from components.lessons.activation.feature_map import activation_map
from components.lessons.activation.linear_collapse import linear_collapse
from components.lessons.activation.toy_training import toy_training
from components.lessons.activation.vanishing import vanishing_gradients
from components.networks.layer_step import layer_step
from components.photo import current_photo

shell.lesson(
    "One small curve after each layer. Without it, a hundred layers could do no more than one.",
    acts=("Curve", "Your map", "Why bent", "Two are one", "Vanishing", "Compare"),
)
with shell.act("Curve"):
    layer_step(current_photo(), "activation")
    scene = activation_curve()

with shell.act("Your map", "On a real feature map of your photo"):
    activation_map(current_photo())
    shell.more(
        "Which map is it?",
        "One of the first layer's. The map that opens is the one that your photo divides most evenly at 0. The "
        "network's own bias, a number that is added everywhere, is already in it; the extra bias comes on top and "
        "changes how much the activation lets through.",
    )

with shell.act("Why bent", "What the bend in the curve makes possible"):
    toy_training()

with shell.act(
    "Two are one",
    "Why not leave it out? Two linear layers are one",
    "A layer without an activation multiplies by weights and adds a bias. Here the first layer has three units, h = "
    "w·x + b, and the second adds them up, y = Σ v·h + c. Multiply out, and what remains is one weight and one bias. A "
    "hundred such layers would be one, too.",
    folded=True,
    opened_by="stack-",
):
    linear_collapse()

with shell.act(
    "Vanishing",
    "Vanishing gradients: what is left on the way back",
    "In training, every weight gets a number, its gradient: how fast the loss, the measure of all mistakes, rises when "
    "the weight grows. The weight is then moved a little the other way. Gradients are computed from the end of the "
    "network backwards: at every layer they are multiplied by the activation's slope and by the weights. Many small "
    "slopes in a row leave almost nothing, and the first layers stop learning. The weights here are random, as in a "
    "new Dense layer of Keras.",
    folded=True,
    opened_by="vanishing-",
):
    vanishing_gradients()

with shell.act("Compare", "Compare the curves", folded=True):
    activation_comparison()

tabs = shell.reference(
    shell.Question(
        "On its way back, the gradient passes five sigmoids. By what do their slopes alone multiply it, at most?",
        ["5 × 0.25 = 1.25", "0.25⁵ ≈ 0.001", "0.25", "1"],
        right=1,
        because="Sigmoid's slope is at most 0.25, at x = 0, and the slopes of layers in a row are multiplied: "
        "0.25 · 0.25 · 0.25 · 0.25 · 0.25 ≈ 0.00098.",
        key="activation-question",
    ),
    table="Nerve cells",
)
with tabs.formula:
    shell.formula(
        """<mrow><mi>y</mi><mo>=</mo><mi>f</mi><mo>(</mo><mi>b</mi><mo>+</mo><munder><mo>∑</mo><mi>i</mi></munder>
        <msub><mi>w</mi><mi>i</mi></msub><msub><mi>x</mi><mi>i</mi></msub><mo>)</mo></mrow>""",
        "y is a unit's output, x its inputs, w its weights, b its bias, and f the activation: the same f for all units "
        "of a layer, for each number alone. Only softmax looks at a layer's numbers together.",
    )
with tabs.keras:
    shell.keras_lines(keras_code(scene), WORDS)
with tabs.notice:
    shell.notice(
        [
            "In the picture at the top, the dashed line is the slope of the solid one: where the curve is flat, the "
            "slope is 0, and a unit whose x lies there does not learn.",
            "ReLU is only a comparison with 0, and that is enough: each unit makes one corner, and many corners can "
            "follow any curve.",
            "Sigmoid and tanh are flat at both ends. Drag x to 6: the value hardly changes any more.",
            "On the feature map, ReLU keeps the positive numbers, where the filter responded to its feature, and turns "
            "all others into exactly 0.",
            "An activation has no weights. Nothing in it is learned.",
        ]
    )
with tabs.table:
    st.write(
        "Artificial neurons were named after nerve cells. A cell collects signals, and if they are strong enough it is "
        "activated: it fires. The activation function is named after this last step. The comparison helps to remember "
        "the parts. It explains neither how networks learn nor how brains do."
    )
    shell.table(
        ["Nerve cell", "Artificial neuron", "Where the comparison ends"],
        [
            [
                "Dendrites receive signals from many cells.",
                "Inputs x.",
                "Signals come as pulses in time; x is one number.",
            ],
            [
                "Synapses pass a signal on strongly or weakly, or hold the cell back.",
                "Weights w, positive or negative.",
                "A synapse of a cell mostly stays exciting or inhibiting; a weight may change its sign in training.",
            ],
            [
                "The cell body collects what arrives.",
                "The sum Σ w·x + b.",
                "Dendrites compute more than a sum, and not all at the same moment.",
            ],
            [
                "Above a threshold the cell fires: all or nothing.",
                "The activation, such as ReLU: 0 below the threshold; above it, the more the larger.",
                "A pulse always has the same height. ReLU's number is at best like how often a cell fires; learning "
                "needs a slope, so a hard threshold is not used.",
            ],
            [
                "The axon carries the pulse to other cells.",
                "The output goes to the next layer.",
                "Brains are full of loops. A convnet goes one way.",
            ],
            [
                "Cells learn from what happens around them.",
                "Gradients that come from the loss at the end say how to change every weight.",
                "Nobody knows a way in which a brain could send exact gradients backwards like this.",
            ],
        ],
    )
