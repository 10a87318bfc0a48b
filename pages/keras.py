"""/keras: what TensorFlow and Keras are, shown by one network written three times."""

from components import shell
from components.lessons.keras.installation import installation
from components.lessons.keras.model_summaries import model_summaries
from components.lessons.keras.three_programs import three_programs
from components.lessons.keras.three_programs.story import KERAS_LINES, KERAS_WORDS, STORY, SUMMARY, TWO_PROJECTS
from components.photo import current_photo

shell.lesson(
    "TensorFlow computes with tensors, arrays of numbers. Keras is its interface: layers, losses and optimizers as "
    "building blocks.",
    acts=("Three programs", "Summary", "This machine"),
)
with shell.act("Three programs"):
    found = three_programs(current_photo())

with shell.act("Summary", "Live: model.summary()", SUMMARY):
    model_summaries(found)

with shell.act(
    "This machine",
    "This machine: what is installed here",
    "What is installed on the server that answers you, as Python and TensorFlow report it just now.",
    folded=True,
):
    installation()

tabs = shell.reference(
    shell.Question(
        "conv2 gets 24 maps and has 48 filters of 5 × 5. Which shape must its kernel have in bare TensorFlow?",
        ["48 × 5 × 5 × 24", "5 × 5 × 48", "5 × 5 × 24 × 48", "24 × 48 × 5 × 5"],
        right=2,
        because="Height, width, maps that come in, maps that go out: 5 · 5 · 24 · 48 = 28,800 weights, and 48 biases "
        "more. Keras reads the 24 off the layer before.",
        key="keras-question",
    ),
    table="History",
)
with tabs.formula:
    shell.formula(
        """<mrow><mi>p</mi><mo>=</mo><mi>σ</mi><mo>(</mo><mi>gap</mi><mo>(</mo><msub><mi>conv</mi><mn>2</mn></msub>
        <mo>(</mo><mi>pool</mi><mo>(</mo><msub><mi>conv</mi><mn>1</mn></msub><mo>(</mo><mi>x</mi><mo>/</mo><mn>255</mn>
        <mo>)</mo><mo>)</mo><mo>)</mo><mo>)</mo><mo>·</mo><mi>w</mi><mo>+</mo><mi>b</mi><mo>)</mo></mrow>""",
        "x is the photo at 64 × 64 pixels and p the probability of a dog. A network is a function made of functions; "
        "the three programs are three ways to write this line down.",
    )
with tabs.keras:
    shell.keras_lines(KERAS_LINES, KERAS_WORDS)
with tabs.notice:
    shell.notice(
        [
            "Each coloured row does the same in all three programs: the same arithmetic, on the same weights.",
            "The numbers agree to six digits or more. The last digits may differ: float32 keeps about seven, and sums "
            "in another order round differently.",
            "Sequential is a list, so it can only be a line of layers. In the Functional API every output has a name, "
            "so a layer can have two inputs, and a network two ends.",
            "Keras derives the shapes of all weights and makes them. In bare TensorFlow you do.",
            "model.fit(photos, labels, epochs=10) is the whole training in one line: ten times through all photos, "
            "batch by batch, and for each batch how wrong the network is (the loss), and a small change of all weights "
            "that makes it less wrong. In bare TensorFlow you write that loop yourself, and the saving and the "
            "summary, too.",
            "Keras does not replace TensorFlow: each layer’s call ends in the operations on the right.",
        ]
    )
with tabs.table:
    shell.section("keras and tf.keras: one or two?", TWO_PROJECTS)
    shell.table(["When", "What happened", "What you imported"], STORY)
