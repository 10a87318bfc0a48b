"""The words and the Keras lines of the augmentation of a photo."""

from components.player import TRANSPORT_TEXTS

TEXTS: dict = {
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
    "pixel": "Pixel [{row}, {column}]: {before} becomes {after}.",
    "before-alt": "The photo as a square, as a network gets it",
    "exact-alt": "The photo changed by exactly the amounts of the sliders",
    "nine-alt": "Nine times the photo, each changed by amounts of its own, drawn at random",
    "amount": "{name}: exact amount",
    "player": TRANSPORT_TEXTS
    | {"position": "Draw", "count": "draw {position} of {count}", "rate": "Speed {speed} / s"},
}

SLIDERS = {
    "rotation": ("Rotation", "° to the left", "° to the right"),
    "zoom": ("Zoom", "of the side more: smaller", "of the side less: larger"),
    "across": ("Shift across", "of the side, right", "of the side, left"),
    "down": ("Shift down", "of the side, down", "of the side, up"),
    "contrast": ("Contrast", "more", "less"),
    "brightness": ("Brightness", "of white brighter", "of white darker"),
}
"""Parameter → its label, and what its number means above and below 0."""

_EXACT = "images = keras.layers.{layer}(({{amount}}{unit}, {{amount}}{unit}))(images, training=True)"
_RANDOM = "    keras.layers.{layer}({{size}}{unit}),"

EXACT_LINES = {
    "flip": "images = keras.ops.flip(images, axis=2)",
    "rotation": _EXACT.format(layer="RandomRotation", unit=" / 360"),
    "zoom": _EXACT.format(layer="RandomZoom", unit=""),
    "shift": "images = keras.layers.RandomTranslation(({down}, {down}), ({across}, {across}))(images, training=True)",
    "contrast": "mean = keras.ops.mean(images, axis=(1, 2), keepdims=True)\n"
    "images = keras.ops.clip((images - mean) * (1 + {amount}) + mean, 0, 255)",
    "brightness": _EXACT.format(layer="RandomBrightness", unit=""),
}
"""Change → the lines that make exactly it. A range from a number to itself leaves nothing to chance."""

RANDOM_LINES = {
    "begin": "augmentation = keras.Sequential([",
    "flip": '    keras.layers.RandomFlip("horizontal"),',
    "rotation": _RANDOM.format(layer="RandomRotation", unit=" / 360"),
    "zoom": _RANDOM.format(layer="RandomZoom", unit=""),
    "shift": "    keras.layers.RandomTranslation({down-size}, {across-size}),",
    "contrast": _RANDOM.format(layer="RandomContrast", unit=""),
    "brightness": _RANDOM.format(layer="RandomBrightness", unit=""),
    "end": "])\nimages = augmentation(images, training=True)  # images: float32, 0 to 255",
}
"""Change → the line of its layer. Without training=True the layers let every picture pass as it is."""
