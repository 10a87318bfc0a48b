"""/convolution: a filter slides over the photo."""

import streamlit as st

from components import shell
from components.lessons.convolution.slide import convolution_animation, input_png
from components.lessons.convolution.slide.keras_code import INPUT_FILE, keras_code, keras_words
from components.networks.layer_step import layer_step
from components.photo import current_photo

shell.lesson(
    "A filter slides over the picture. At every stop: multiply, add up, write down one number.",
)
photo = current_photo()
layer_step(photo, "convolution")
scene = convolution_animation(photo)


tabs = shell.reference(
    shell.Question(
        "A grey photo of 128 × 128 pixels, a 5 × 5 filter, stride 1, valid padding. How large is the feature map?",
        ["128 × 128", "126 × 126", "124 × 124", "64 × 64"],
        right=2,
        because="The window is 5 pixels wide, so its left edge can stand on 128 − 5 + 1 = 124 places. "
        "Set it above and count.",
        key="convolution-question",
    ),
)
with tabs.formula:
    shell.formula(
        """<mrow><msub><mi>y</mi><mrow><mi>r</mi><mo>,</mo><mi>c</mi></mrow></msub><mo>=</mo><mi>b</mi><mo>+</mo>
        <munder><mo>∑</mo><mi>k</mi></munder><munder><mo>∑</mo><mi>i</mi></munder><munder><mo>∑</mo><mi>j</mi></munder>
        <msub><mi>w</mi><mrow><mi>i</mi><mo>,</mo><mi>j</mi><mo>,</mo><mi>k</mi></mrow></msub><mo>·</mo>
        <msub><mi>x</mi><mrow><mi>r</mi><mi>s</mi><mo>+</mo><mi>i</mi><mi>d</mi><mo>,</mo><mi>c</mi><mi>s</mi><mo>+</mo>
        <mi>j</mi><mi>d</mi><mo>,</mo><mi>k</mi></mrow></msub></mrow>""",
        "y is the feature map, x the picture (with its zeros, if padded), w the filter, b the bias; r and c are the "
        "index of the stop's row and column, i and j those of the filter, k that of the channel, all from 0 as in code "
        "(above, rows and columns are numbered from 1); s is the stride, d the dilation.",
    )
with tabs.keras:
    shell.keras_lines(keras_code(scene), keras_words(scene))
    st.download_button(
        f"Save {INPUT_FILE}",
        data=lambda: input_png(photo, scene),
        file_name=INPUT_FILE,
        mime="image/png",
        on_click="ignore",
        key="convolution-input",
    )
with tabs.notice:
    shell.notice(
        [
            "Each number of the feature map comes from one small window of the photo and from nothing else. "
            "Multiplying pair by pair and adding up is called a dot product.",
            "The filter is the same at every stop. That is why a convolutional layer needs so few weights, and why an "
            "ear gives the same response wherever it is.",
            "Keras slides the filter as it is, which mathematics calls cross-correlation; a convolution in mathematics "
            "turns it by 180° first. Where filters are learned, that makes no difference. For the convolution of "
            "mathematics, choose your own filter and press Flip.",
            "Sobel x responds where the picture gets brighter (blue) or darker (orange) from left to right. "
            "Where nothing changes, its output is 0.",
            "An RGB picture has three planes, and the filter has weights for each. The three partial sums are added "
            "up: one filter gives one map, not three.",
            "Without padding (“valid”) the map is smaller than the photo: a 3 × 3 filter loses one pixel at each edge. "
            "With “same”, zeros are put around the photo first. "
            "A stride of 2 moves the window 2 pixels at a time and halves the width and the height of the map. A "
            "dilation of 2 spreads the filter: it reads every second pixel.",
            "The learned filters come from EfficientNet-Lite0, trained on 1.28 million photos. Nobody drew them. You "
            "see the raw weights, without the normalisation that follows in the network (it shifts and scales each "
            "map). Four of the 32 died in training, and their maps are 0: try number 12.",
            "A layer slides its filters like this whenever the network runs. In training the weights change.",
        ]
    )
