"""/optimizers: how a network's weights find their way downhill."""

import streamlit as st

from components import shell
from components.lessons.optimizers.adam_figure import adam_figure
from components.lessons.optimizers.race import optimizer_race
from components.lessons.optimizers.race.keras_code import WORDS, keras_code

shell.lesson(
    "Optimizers",
    "The gradient points uphill. An optimizer decides how far to step the other way.",
)
scene = optimizer_race()

left, right = st.columns([2, 3], gap="large")
with left:
    shell.notice(
        [
            "Every optimizer starts at the same weights and gets the exact gradient of the place where it stands. Only "
            "what it makes of it differs.",
            "On the ravine, SGD jumps from wall to wall: its rate is as large as the steep direction allows, and small "
            "for the flat one. Raise it to 0.021, and SGD diverges.",
            "Momentum keeps 0.9 of its last step. It rolls past the minimum and comes back; Nesterov looks ahead and "
            "overshoots less.",
            "AdaGrad, RMSProp, AdaDelta and Adam divide by the size of past gradients, for each weight by itself: "
            "steep and flat directions get steps of about the same size.",
            "Press “Keras's rates”: the defaults suit networks with thousands of weights, and are often too small for "
            "two.",
            "SGD is efficient for linear classifiers and regressors under convex losses. The surface “real: 3 or 8?” "
            "is such a loss.",
        ]
    )
    shell.question(
        "A bowl's gradient in x is 2x, and SGD's learning rate is 0.5. Where is x after one step from x = −2?",
        ["−1", "0", "2", "It diverges"],
        right=1,
        because="x − 0.5 · 2x = 0: one step to the minimum. With a rate above 1, each step would end farther away than "
        "it began. Try it: choose the bowl and set SGD's rate to 0.5. In y, the slope is twice as steep: there the "
        "same rate jumps to and fro for ever.",
        key="optimizers-question",
    )
with right:
    shell.formula(
        """<mtable columnalign="left" displaystyle="true"><mtr><mtd><msub><mi>m</mi><mi>t</mi></msub><mo>=</mo>
        <msub><mi>β</mi><mn>1</mn></msub><msub><mi>m</mi><mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow></msub><mo>+</mo><mo>(</mo><mn>1</mn><mo>−</mo><msub>
        <mi>β</mi><mn>1</mn></msub><mo>)</mo><msub><mi>g</mi><mi>t</mi></msub></mtd></mtr><mtr><mtd><msub><mi>v</mi>
        <mi>t</mi></msub><mo>=</mo><msub><mi>β</mi><mn>2</mn></msub><msub><mi>v</mi><mrow><mi>t</mi><mo>−</mo><mn>1</mn>
        </mrow></msub><mo>+</mo><mo>(</mo><mn>1</mn><mo>−</mo><msub><mi>β</mi><mn>2</mn></msub><mo>)</mo><msubsup>
        <mi>g</mi><mi>t</mi><mn>2</mn></msubsup></mtd></mtr><mtr><mtd><msub><mi>w</mi><mi>t</mi></msub><mo>=</mo><msub>
        <mi>w</mi><mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow></msub><mo>−</mo><mi>η</mi><mfrac><msqrt><mrow><mn>1</mn>
        <mo>−</mo><msubsup><mi>β</mi><mn>2</mn><mi>t</mi></msubsup></mrow></msqrt><mrow><mn>1</mn><mo>−</mo><msubsup>
        <mi>β</mi><mn>1</mn><mi>t</mi></msubsup></mrow></mfrac><mfrac><msub><mi>m</mi><mi>t</mi></msub><mrow><msqrt>
        <msub><mi>v</mi><mi>t</mi></msub></msqrt><mo>+</mo><mi>ε</mi></mrow></mfrac></mtd></mtr></mtable>""",
        "Adam, “adaptive moment estimation” (Kingma and Ba, 2015), as Keras computes it. m is a running mean of the "
        "gradient g, v of its square, with β₁ = 0.9 and β₂ = 0.999. Both begin at 0 and are too small at first; the "
        "fraction with 1 − βᵗ, the bias correction, makes up for it. η is the learning rate, and ε = 0.0000001 keeps "
        "the division from failing. SGD, stochastic gradient descent, is only w − η·g: stochastic, because in a "
        "training g comes from a batch that was drawn at random.",
    )
    shell.keras_lines(keras_code(scene), WORDS)

adam_figure()
