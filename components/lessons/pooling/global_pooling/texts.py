"""All words of the animation of global average pooling."""

from components.browser import Texts
from components.player import TRANSPORT_TEXTS

TEXTS: Texts = {
    "maps": "The first 32 maps",
    "side": "Input side",
    "picture": "Above, the 32 maps of the photo; below, the vector of their means as far as it is filled in. Click a "
    "map or a mean to go there.",
    "sentence": "map {map}: {count} numbers → mean",
    "silent": "ReLU6 cut all of them to 0.",
    "vector": "32 maps in, 32 numbers out",
    "top": "{largest} (ReLU6 cuts off here)",
    "row-map": "map",
    "row-mean": "mean",
    "reached": "map {map}: {mean}",
    "head": "Then a Dense layer: how many parameters?",
    "terms": "Flatten puts all numbers of all maps into one long vector. Dense has a weight for every number of it and "
    "every class.",
    "of-maps": "On EfficientNet-Lite0’s",
    "classes": "Classes",
    "flatten": "Flatten + Dense",
    "pooling": "Global average pooling + Dense",
    "why": "What that buys, and its price",
    "times": "Flatten needs {times} times as many.",
    "scale": "Bars to scale, full width at input side 224.",
    "thin": "The lower bar would be thinner than the line that marks it.",
    "why-size": "Any input size: one number per map, so the same Dense layer fits. After Flatten it fits only one "
    "size.",
    "why-fit": "Less overfitting: a few weights cannot memorise the training photos so easily. That is why the new "
    "part of a network begins with this pooling in transfer learning.",
    "price": "The price: a mean does not say where in the map the large numbers were.",
    "player": {**TRANSPORT_TEXTS, "position": "Map", "count": "{position} of {count} means"},
}
