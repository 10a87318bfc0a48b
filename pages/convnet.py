"""/convnet: all layers of a network on the photo at once."""

from components import shell
from components.lessons.convnet.network_map import network_map
from components.lessons.convnet.network_map.texts import KERAS_LINES
from components.photo import current_photo

shell.lesson(
    "Your photo goes in, a prediction comes out. Each map between them is computed from those before it.",
)
network_map(current_photo())


tabs = shell.reference(
    shell.Question(
        "A layer has 96 maps. The next one is a convolution of 192 filters, 3\u00a0×\u00a03 each. How many weights "
        "does it have?",
        ["3 × 3 × 192 = 1,728", "3 × 3 × 96 = 864", "3 × 3 × 96 × 192 = 165,888", "96 × 192 = 18,432"],
        right=2,
        because="Each of the 192 filters reads all 96 maps, and has 3 × 3 weights for each of them. Open block4_a_conv "
        "in the map above: its filters are these.",
        key="convnet-question",
    ),
)
with tabs.formula:
    shell.formula(
        """<mrow><mi>prediction</mi><mo>=</mo><msub><mi>f</mi><mi>L</mi></msub><mo>(</mo><mo>…</mo>
        <msub><mi>f</mi><mn>2</mn></msub><mo>(</mo><msub><mi>f</mi><mn>1</mn></msub><mo>(</mo><mi>photo</mi><mo>)</mo><mo>)</mo><mo>…</mo><mo>)</mo></mrow>""",
        "Each f is a layer. A convolution computes each of its maps from all maps of the layer before; a depthwise "
        "convolution, normalisation, activation and pooling compute each from one. A skip connection adds an earlier "
        "layer's maps x to later ones: y = f(x) + x, or, where the shapes differ, f(x) + a 1\u00a0×\u00a01 "
        "convolution of x.",
    )
with tabs.keras:
    shell.keras_lines(
        KERAS_LINES,
        "A Keras model can end anywhere: this one gives the maps of all its layers at once, as the picture above does.",
    )
with tabs.notice:
    shell.notice(
        [
            "The first columns look like the photo: edges, colours, textures. Later ones are small and strange: "
            "each of their numbers depends on a large part of the photo and says how much of something is there.",
            "A feature map, also called activation map, is the response of one filter everywhere in the picture. The "
            "filter is a feature detector: its map shows where the feature is, and how strong. Click a map to see the "
            "filter, and the maps that it was computed from.",
            "On the way to the answer, maps become smaller and there are more of them: less about where, more about "
            "what.",
            "After global average pooling each map is one number. The last layer multiplies each by a weight and adds "
            "all up: the sum decides the prediction.",
            "Three helpers change little that one sees: rescale turns pixels from 0 to 255 into small numbers, "
            "normalisation shifts and scales each map, and dropout turns random numbers into 0, in training only.",
            "A skip connection brings a layer's maps past the next layers and adds them there. So each block only has "
            "to learn what should change, and training reaches the first layers.",
            "Filters slide over the picture whenever the network runs. In training, and only there, their weights "
            "change.",
        ]
    )
