"""/dense: a weighted sum of the maps' means, and the prediction that it becomes."""

from components import shell
from components.lessons.dense.board import dense_board
from components.lessons.dense.board.texts import KERAS_LINES
from components.lessons.dense.notations import dense_notations
from components.lessons.dense.parameters import dense_parameters
from components.photo import current_photo

shell.lesson(
    "A dense layer weighs the feature maps: the mean of each times a weight, all added up. The sum decides.",
    acts=("Your photo", "Why the mean", "Notations"),
)
with shell.act("Your photo"):
    shown = dense_board(current_photo())

with shell.act(
    "Why the mean",
    "Why the maps are averaged first",
    "A dense layer has a weight for every pair of input and unit. Global average pooling gives it one number per map, "
    "Flatten every number of every map.",
    beside=True,
):
    dense_parameters(shown.scene.network, shown.told)
    shell.more(
        "How it is counted",
        "A dense layer's parameters are a product. They are counted in the network above, where normalisation shifts "
        "and scales each map; the bars of each comparison have a scale of their own.",
    )

with shell.act(
    "Notations",
    "One layer, many notations",
    "Books, lectures and libraries write this layer in different ways. All of them mean the same picture, "
    "here with three inputs and two units. Point at a part, or choose it: it lights up everywhere.",
    folded=True,
    opened_by="notation-",
):
    dense_notations(shown.told)

tabs = shell.reference(
    shell.Question(
        "A feature's map is 0 everywhere on your photo. What happens to the prediction when you double its weight?",
        ["It doubles", "Nothing", "It flips", "That depends on the bias"],
        right=1,
        because="The mean of that map is 0, and 0 times any weight is 0. On another photo the same weight may decide.",
        key="dense-question",
    ),
)
with tabs.formula:
    shell.formula(
        """<mtable columnalign="left"><mtr><mtd><mi>z</mi><mo>=</mo>
        <munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>
        <msub><mi>w</mi><mi>i</mi></msub><msub><mi>x</mi><mi>i</mi></msub><mo>+</mo><mi>b</mi></mtd></mtr>
        <mtr><mtd><mi>y</mi><mo>=</mo><mi>σ</mi><mo>(</mo><mi>z</mi><mo>)</mo><mo>=</mo>
        <mstyle displaystyle="true"><mfrac><mn>1</mn><mrow><mn>1</mn><mo>+</mo>
        <msup><mi>e</mi><mrow><mo>−</mo><mi>z</mi></mrow></msup></mrow></mfrac></mstyle></mtd></mtr></mtable>""",
        "x are the n inputs, here the mean of each map; w are their weights and b is the bias, both learned. z is the "
        "logit: below 0 for the first class, above 0 for the second, whose probability the sigmoid σ makes of it. With "
        "more than two classes each has a sum of its own, and softmax takes the place of σ.",
    )
with tabs.keras:
    shell.keras_lines(
        KERAS_LINES,
        "The convnet's features for a picture, its last layer's weights, every term by hand, and at the end the "
        "network's own prediction. With your photo they give the numbers above (a photo of more than 512 pixels is "
        "shrunk to 512 by this page first).",
    )
with tabs.notice:
    shell.notice(
        [
            "One feature alone hardly ever decides. Many pushes to both sides are added up, and what is left over is "
            "the prediction. A feature is what a map responds to; its number here is the mean of the map.",
            "A push is input times weight: large numbers in a map do nothing if the weight is near 0, and a large "
            "weight does nothing where the map is 0.",
            "A negative weight is as good as a positive one: the feature counts for the other side.",
            "Fully connected means that every unit reads every input. With one unit that is one weight per feature, "
            "with 1,000 classes it is 1,000 weights per feature.",
            "The bias is what the sum would be if all maps were 0: it does not depend on the photo.",
            "Even a clear photo does not get 100\u00a0%: the two networks for photos of pets were trained towards "
            "97.5\u00a0%, so that they do not become too sure (label smoothing).",
        ]
    )
