"""/pooling: max, average and global average pooling."""

import streamlit as st

from components import shell
from components.lessons.pooling.boards import pooling_boards
from components.lessons.pooling.boards.keras_code import keras_code, keras_words
from components.lessons.pooling.global_pooling import global_pooling_maps
from components.lessons.pooling.picture import pooling_picture
from components.networks.layer_step import layer_step
from components.photo import current_photo

shell.lesson(
    "Pooling layers",
    "Keep one number for each window: the picture shrinks. Nothing here is learned.",
)
layer_step(current_photo(), "pooling")
scene = pooling_boards()

shell.section(
    "On your photo, and on what a network finds in it",
    "The same on a whole picture: the middle of your photo, 96 × 96 pixels. What is left is enlarged back to the old "
    "size, so that you see what is gone. The feature maps are those of a real network's first layer on your photo.",
)
pooling_picture(current_photo())

shell.section(
    "Global average pooling: a map becomes one number",
    "Whatever the size of a map, its mean is one number: how strongly its filter answers on average over the whole "
    "picture. Here the 32 maps of the first layer become 32 numbers. In the whole network it is the last 1,280 maps "
    "that become 1,280 numbers, and only those go on to the Dense layer that answers.",
)
global_pooling_maps(current_photo())

left, right = st.columns([2, 3], gap="large")
with left:
    shell.notice(
        [
            "All three look at the same numbers. Max pooling asks for the strongest one, average pooling for what is "
            "usual, global average pooling for a single number for the whole grid.",
            "Window and stride make the picture smaller, not the padding: a 2 × 2 window with stride 2 keeps one "
            "number in four. With same padding, windows may hang over the edge and fewer numbers are lost.",
            "A window has no weights, so there is nothing to learn: 0 parameters, whatever its size.",
            "Each channel is pooled by itself: 32 maps stay 32 maps.",
            "Max pooling remembers that something was found in the window and forgets where. If it moves by a pixel, "
            "stays inside the window, and nothing larger comes in, the answer stays the same.",
            "Transfer learning takes a trained network and teaches only a new last layer. Global average pooling "
            "stands between its maps and that layer: any input size fits, and few weights have to be learned.",
        ]
    )
    shell.question(
        "A map of 32 × 32 numbers, max pooling with a 2 × 2 window and stride 2, twice in a row. How large is what "
        "is left?",
        ["16 × 16", "8 × 8", "4 × 4", "30 × 30"],
        right=1,
        because="Each time the side is halved: 32 → 16 → 8. One number in 16 is left.",
        key="pooling-question",
    )
with right:
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
        "y is the answer, x the input, k the side of the window, s the stride; r and c count the stops, i and j the "
        "rows and columns of the window. The output has ⌊(n − k) / s⌋ + 1 rows of n (valid padding), or ⌈n / s⌉ (same; "
        "then only the numbers inside the grid count).",
    )
    shell.keras_lines(keras_code(scene), keras_words(scene))
