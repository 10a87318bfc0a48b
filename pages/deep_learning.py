"""/deep-learning: what deep learning is, what it can do, and what it needs."""

import streamlit as st

from components import shell
from components.lessons.deep_learning.batch_timing import batch_timing
from components.lessons.deep_learning.data_curve import data_curve
from components.lessons.deep_learning.digit_board import NETWORK, counts, digit_board
from components.lessons.deep_learning.digit_neurons import drawn_network, words
from components.lessons.deep_learning.imagenet import imagenet_errors
from components.lessons.deep_learning.nested_fields import nested_fields
from components.lessons.deep_learning.neuron import neuron
from components.lessons.deep_learning.pet_answer import pet_answer
from models import weights
from models.experiments.digit_neurons import digit_neurons

shell.lesson(
    "Programs inspired by the brain, with many layers of neurons, that learn from examples. Two of them at work:",
    acts=("Two programs", "Your digit", "One neuron", "Data", "Computing power", "The standard"),
)
with shell.act("Two programs"), st.container(key="two-programs"):
    left, right = st.columns([4, 5], gap="medium")
    with left:
        pet_answer()
    with right:
        nested_fields()

with shell.act("Your digit"):
    left, right = st.columns([1, 2], gap="medium")
    with left:
        shell.section(
            "Which digit?",
            "A convnet, trained on 1,284 of scikit-learn’s handwritten digits, reads yours.",
        )
        board = digit_board()
    with right:
        shell.section(
            "Inside: an artificial neural network",
            "Your digit in a network small enough to draw: its neurons shine the brighter the more they fire.",
        )
        drawn_network(counts(board))
        shell.more("The same network?", words(digit_neurons(), weights.card(NETWORK)["figures"]["accuracy"]))

with shell.act(
    "One neuron",
    "One artificial neuron",
    "One of those circles, modelled, loosely, on a nerve cell: it weighs its inputs, adds them up, and its activation "
    "function turns the sum into its output.",
    "This one is invented, to tell cats by three clues. Drag everything.",
    beside=True,
):
    neuron()

with shell.act(
    "Data",
    "It needs data",
    "A small convnet, much smaller than the one above, trained on more and more real photos of cats and dogs, each "
    "with its label: cat or dog.",
    "An autonomous car learns from millions of pictures and thousands of hours of driving, for the same reason.",
    beside=True,
    folded=True,
):
    data_curve()

with shell.act(
    "Computing power",
    "It needs computing power",
    "All neurons of a layer can be computed at the same time, and so can a whole batch of pictures: the work is "
    "parallel. A graphics card (GPU) does such work: drawing a screen, too, is the same little sum for millions of "
    "pixels. It has thousands of small processors side by side, and deep networks are trained on it.",
    "Is this server faster, too, when it gets many pictures at once? Time it.",
    beside=True,
    folded=True,
):
    batch_timing()

with shell.act(
    "The standard",
    "It has set the standard",
    "ImageNet is a collection of labelled photos. In its contest, held every year from 2010 to 2017, programs learned "
    "from 1.28 million of them to tell 1,000 classes apart.",
    "Deep networks also find where things are. That is how autonomous cars see: networks mark lanes, cars and people "
    "in every picture of their cameras.",
    beside=True,
    folded=True,
):
    imagenet_errors()

tabs = shell.reference(
    shell.Question(
        "A neuron with a sigmoid has inputs 1 and 0, weights 2 and −3 and the bias −2. What is its output?",
        ["0", "0.5", "0.88", "1"],
        right=1,
        because="z = 1 · 2 + 0 · (−3) − 2 = 0, and the sigmoid of 0 is 0.5: undecided.",
        key="deep-learning-question",
    ),
)
with tabs.formula:
    shell.formula(
        """<mtable columnalign="left"><mtr><mtd><mi>z</mi><mo>=</mo>
        <msub><mi>w</mi><mn>1</mn></msub><msub><mi>x</mi><mn>1</mn></msub><mo>+</mo>
        <msub><mi>w</mi><mn>2</mn></msub><msub><mi>x</mi><mn>2</mn></msub><mo>+</mo>
        <msub><mi>w</mi><mn>3</mn></msub><msub><mi>x</mi><mn>3</mn></msub><mo>+</mo><mi>b</mi></mtd></mtr>
        <mtr><mtd><mi>a</mi><mo>=</mo><mi>σ</mi><mo>(</mo><mi>z</mi><mo>)</mo><mo>=</mo>
        <mstyle displaystyle="true"><mfrac><mn>1</mn><mrow><mn>1</mn><mo>+</mo>
        <msup><mi>e</mi><mrow><mo>−</mo><mi>z</mi></mrow></msup></mrow></mfrac></mstyle></mtd></mtr></mtable>""",
        "x are the inputs, w the weights, b the bias, z the sum and a the output.",
    )
with tabs.keras:
    shell.keras_lines(
        """import numpy as np
import keras

neuron = keras.layers.Dense(1, activation="sigmoid")
neuron.build((None, 3))
neuron.set_weights([
    np.array([[2.5], [1.5], [-3.5]]),  # weights
    np.array([-1.5]),                  # bias
])
print(neuron(np.array([[0.90, 0.80, 0.10]])))
""",
        "A Dense layer with one unit is the neuron above. A layer has many of them, a deep network many layers.",
    )
with tabs.notice:
    shell.notice(
        [
            "Nobody wrote a rule for ears or whiskers. The numbers in the network, its weights, were learned from "
            "labelled photos.",
            "Draw a digit in your own way, then something that is no digit. The network answers all the same: its ten "
            "probabilities always add up to 1.",
            "Set a weight of the neuron to 0: that input does not count any more. A large negative weight is a veto.",
            "The bias moves the point at which the neuron tips over; the weights say how steeply. Training changes "
            "both, never the inputs.",
            "A line of the drawn network is a weight, a circle a neuron. Like nerve cells in a brain, neurons pass "
            "signals on. Large networks are the same, with millions of lines.",
            "With few photos a network memorises them: it is right on them but not on new ones. That is called "
            "overfitting.",
        ]
    )
