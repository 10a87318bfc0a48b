"""The words and the Keras lines of the augmentation of a photo."""

from components.browser import Texts
from components.player import TRANSPORT_TEXTS

TEXTS: Texts = {
    "before": "Before",
    "exact": "Changed by exactly these amounts",
    "nine": "At random, epochs {first} to {last}",
    "amounts": "Amounts",
    "flip": "Left ↔ right",
    "reset": "All to 0",
    "usual": "As the convnet was trained",
    "exact-code": "Exactly these amounts",
    "random-code": "At random, up to these amounts, as in training",
    "nothing": "# nothing is changed",
    "pixel": "pixels[{row}, {column}]: {before} becomes {after}.",
    "before-alt": "The photo as a square, as a network gets it",
    "exact-alt": "The photo changed by exactly the amounts of the sliders",
    "nine-alt": "Nine times the photo, each changed by amounts of its own, drawn at random",
    "amount": "{name}: exact amount",
    "player": TRANSPORT_TEXTS
    | {"position": "Draw", "count": "draw {position} of {count}", "rate": "Speed {speed} / s"},
}

SLIDERS = {
    "rotation": ("Rotation", "° counter-clockwise", "° clockwise"),
    "zoom": ("Zoom", "of the side, zoomed out", "of the side, zoomed in"),
    "across": ("Shift across", "of the side, right", "of the side, left"),
    "down": ("Shift down", "of the side, down", "of the side, up"),
    "contrast": ("Contrast", "more contrast", "less contrast"),
    "brightness": ("Brightness", "of white, brighter", "of white, darker"),
}
"""Parameter → its label, and what its number means above and below 0."""

_KIND = "# images: float32, values 0 to 255"

EXACT_LINES = {
    "kind": _KIND,
    "flip": "images = keras.ops.flip(images, axis=2)",
    "begin": "moves = keras.Sequential([",
    "rotation": "    keras.layers.RandomRotation(({amount} / 360, {amount} / 360)),",
    "zoom": "    keras.layers.RandomZoom(({amount}, {amount})),",
    "shift": "    keras.layers.RandomTranslation(({down}, {down}), ({across}, {across})),",
    "end": "])\nimages = moves(images, training=True)",
    "contrast": "mean = keras.ops.mean(images, axis=(1, 2), keepdims=True)\n"
    "images = (images - mean) * (1 + {amount}) + mean\n"
    "images = keras.ops.clip(images, 0, 255)",
    "brightness": "images = keras.ops.clip(images + {amount} * 255, 0, 255)",
}
"""Change → Keras lines for exactly this change. A range from a number to itself leaves nothing to chance."""

RANDOM_LINES = {
    "kind": _KIND,
    "begin": "augmentation = keras.Sequential([",
    "flip": '    keras.layers.RandomFlip("horizontal"),',
    "rotation": "    keras.layers.RandomRotation({size} / 360),",
    "zoom": "    keras.layers.RandomZoom({size}),",
    "shift": "    keras.layers.RandomTranslation({down-size}, {across-size}),",
    "contrast": "    keras.layers.RandomContrast({size}),",
    "brightness": "    keras.layers.RandomBrightness({size}),",
    "end": "])\nimages = augmentation(images, training=True)",
}
"""Change → the line of its layer. Without training=True, the layers leave every picture unchanged."""
