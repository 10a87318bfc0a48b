"""/optimizers: how a network's weights find their way downhill."""

from components import shell
from components.lessons.optimizers.adam_figure import ABOUT, MORE, TITLE, adam_figure, adam_table
from components.lessons.optimizers.race import optimizer_race
from components.lessons.optimizers.race.formula import formula_of
from components.lessons.optimizers.race.keras_code import WORDS, keras_code

shell.lesson(
    "The gradient points uphill, to a higher loss. An optimizer decides how far to step the other way.",
    acts=("Race", "Paper’s figure"),
)
with shell.act("Race"):
    scene = optimizer_race()

with shell.act("Paper’s figure", TITLE, *ABOUT, asides=[MORE], beside=True):
    adam_figure()

tabs = shell.reference(
    shell.Question(
        "A bowl's gradient in x is 2x, and SGD's learning rate is 0.5. Where is x after one step from x = −2?",
        ["−1", "0", "2", "It diverges"],
        right=1,
        because="x − 0.5 · 2x = 0: one step to the minimum. With a rate above 1, each step would end farther away than "
        "it began. Try it: choose “1 SGD” and set the middle rate to 0.5. In y, the slope is twice as steep: there the "
        "same rate bounces forever.",
        key="optimizers-question",
    ),
    table="The paper’s five",
)
with tabs.formula:
    shell.formula(*formula_of(scene))
with tabs.keras:
    shell.keras_lines(keras_code(scene), WORDS)
with tabs.notice:
    shell.notice(
        [
            "The gradient says for each weight how steeply the loss rises when that weight grows. All start at the "
            "same weights and get the gradient of the place where they stand. Only the update rule differs.",
            "The map is a loss landscape: its colour is the loss at each place.",
            "On the ravine, SGD bounces from wall to wall: its rate is as large as the steep direction allows, and "
            "small for the flat one. Raise it to 0.021, and SGD diverges.",
            "Momentum rolls past the minimum and comes back; Nesterov looks ahead and overshoots less.",
            "AdaGrad, RMSProp, AdaDelta and Adam divide by the size of past gradients, for each weight by itself.",
            "Who is ahead depends on the rates, and those we found by trial, surface by surface. Press “Keras "
            "defaults”: they suit networks with thousands of weights, and are often too small for two.",
            "With batches of 8, each step goes a little wrong. Lower SGD’s rate, and it trembles less, but takes "
            "longer: that is why trainings lower the rate towards the end.",
            "SGD is efficient for linear classifiers and regressors under convex losses. The surface “real: 3 or 8?” "
            "is such a loss.",
        ]
    )
with tabs.table:
    adam_table()
