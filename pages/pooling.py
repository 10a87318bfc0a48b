"""/pooling: max, average and global average pooling."""

from components import shell
from components.lessons.pooling.boards import pooling_boards
from components.lessons.pooling.boards.keras_code import keras_code, keras_words
from components.lessons.pooling.global_pooling import global_pooling_maps
from components.lessons.pooling.picture import pooling_picture
from components.networks.layer_step import layer_step
from components.photo import current_photo

shell.lesson(
    "Keep one number for each window: the picture shrinks. Nothing here is learned.",
    acts=("Boards", "Your photo", "One number"),
)
with shell.act("Boards"):
    layer_step(current_photo(), "pooling")
    scene = pooling_boards()

with shell.act(
    "Your photo",
    "On your photo, and on its feature maps",
):
    pooling_picture(current_photo())
    shell.more(
        "Which feature maps?",
        "Those of a real network's first layer on your photo, after the activation ReLU6: below 0 it gives 0, above 6 "
        "it gives 6.",
    )

with shell.act(
    "One number",
    "Global average pooling: a map becomes one number",
    "Whatever the size of a feature map, its mean is one number: how strongly its filter responds on average over the "
    "whole picture. Here the 32 maps of EfficientNet-Lite0's first layer become 32 numbers.",
):
    global_pooling_maps(current_photo())
    shell.more(
        "And in the whole network?",
        "There it is the last 1,280 maps that become 1,280 numbers, and only those go on to the Dense layer, which "
        "gives the prediction.",
    )


tabs = shell.reference(
    shell.Question(
        "A map of 32 × 32 numbers, max pooling with a 2 × 2 window and stride 2, twice in a row. How large is the "
        "output?",
        ["16 × 16", "8 × 8", "4 × 4", "30 × 30"],
        right=1,
        because="Each time the side is halved: 32 → 16 → 8. One number in 16 is left.",
        key="pooling-question",
    ),
)
with tabs.formula:
    shell.formula(
        """<mtable columnalign="left"><mtr><mtd>
        <msub><mi>y</mi><mrow><mi>r</mi><mo>,</mo><mi>c</mi></mrow></msub><mo>=</mo>
        <munder><mi>max</mi><mrow><mn>0</mn><mo>≤</mo><mi>i</mi><mo>,</mo><mi>j</mi><mo>&lt;</mo><mi>k</mi></mrow></munder>
        <msub><mi>x</mi><mrow><mi>r</mi><mi>s</mi><mo>+</mo><mi>i</mi><mo>,</mo><mi>c</mi><mi>s</mi><mo>+</mo><mi>j</mi></mrow></msub>
        </mtd></mtr><mtr><mtd>
        <msub><mi>y</mi><mrow><mi>r</mi><mo>,</mo><mi>c</mi></mrow></msub><mo>=</mo>
        <mstyle displaystyle="true"><mfrac><mn>1</mn><msup><mi>k</mi><mn>2</mn></msup></mfrac></mstyle>
        <munder><mo>∑</mo><mrow><mn>0</mn><mo>≤</mo><mi>i</mi><mo>,</mo><mi>j</mi><mo>&lt;</mo><mi>k</mi></mrow></munder>
        <msub><mi>x</mi><mrow><mi>r</mi><mi>s</mi><mo>+</mo><mi>i</mi><mo>,</mo><mi>c</mi><mi>s</mi><mo>+</mo><mi>j</mi></mrow></msub>
        </mtd></mtr></mtable>""",
        "y is the output, x the input, k the side of the window, s the stride; r and c are the index of the stop's "
        "row and column, i and j those in the window, all from 0 as in code (above, rows and columns are numbered from "
        "1). The output has ⌊(n − k) / s⌋ + 1 rows of n (valid padding), or ⌈n / s⌉ (same; "
        "then only the numbers inside the grid count).",
    )
with tabs.keras:
    shell.keras_lines(keras_code(scene), keras_words(scene))
with tabs.notice:
    shell.notice(
        [
            "All three look at the same numbers. Max pooling asks for the largest one in a window, average pooling for "
            "the mean, global average pooling for one mean of the whole grid.",
            "Window and stride make the picture smaller: a 2 × 2 window with stride 2 keeps one number in four. "
            "Padding decides about the edge only: with valid padding, numbers that fill no whole window are left out; "
            "with same padding, windows may reach beyond the edge, and every number is read.",
            "A window has no weights, so there is nothing to learn: 0 parameters, whatever its size.",
            "Each channel is pooled by itself: 32 maps stay 32 maps.",
            "A maximum says how large the largest number in a window is, not where. If that number moves by a pixel, "
            "stays inside the window, and nothing larger comes in, the output stays the same.",
            "Transfer learning takes a trained network and trains only a new last layer. Global average pooling stands "
            "between its feature maps and that layer: any input size fits, and few weights have to be learned.",
        ]
    )
