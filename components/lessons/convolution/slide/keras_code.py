"""The Keras program that computes the very map on the page."""

import numpy as np

from components.lessons.convolution.slide.scene import ConvolutionScene

INPUT_FILE = "input.png"


def keras_code(scene: ConvolutionScene) -> str:
    """Return Python lines that read `input.png` (the page offers it) and compute the scene's feature map.

    The result is `feature_map`, a tensor (output height, output width).
    """
    kernel = scene.kernel_array()
    size, _, channels = kernel.shape
    mode = "RGB" if channels == 3 else "L"
    rescale = " / 255" if scene.pixels == "1" else ""
    same = all(np.array_equal(kernel[:, :, 0], kernel[:, :, channel]) for channel in range(channels))
    if same:
        weights = f"plane = {_literal(kernel[:, :, 0])}\nkernel = np.stack([plane] * {channels}, axis=-1)"
        note = "the same weights in every channel" if channels == 3 else "one channel"
    else:
        planes = ",\n    ".join(_literal(kernel[:, :, channel], indent="        ") for channel in range(channels))
        weights = f"kernel = np.stack([\n    {planes},\n], axis=-1)"
        note = "red, green, blue"
    activation = '"relu"' if scene.relu else "None"
    return f"""import keras
import numpy as np
from PIL import Image

# {INPUT_FILE} is the picture on the page: {scene.side} × {scene.side} × {channels}
picture = Image.open("{INPUT_FILE}").convert("{mode}")
pixels = np.array(picture, dtype="float32"){rescale}
batch = pixels.reshape(1, {scene.side}, {scene.side}, {channels})

# the filter, {note}
{weights}

layer = keras.layers.Conv2D(
    filters=1,
    kernel_size={size},
    strides={scene.stride},
    padding="{scene.padding}",
    dilation_rate={scene.dilation},
    activation={activation},
)
layer.build(batch.shape)
bias = np.array([{scene.bias:.6g}])
layer.set_weights([kernel[..., np.newaxis], bias])

feature_map = layer(batch)[0, :, :, 0]
print(feature_map.shape)
"""


def keras_words(scene: ConvolutionScene) -> str:
    """Return the sentence above the lines: what they do, or that Keras rejects these settings."""
    if scene.stride > 1 and scene.dilation > 1:
        return "Keras refuses these settings: the lines below end with its error. Set stride or dilation to 1."
    return f"These lines compute this very map. Save the picture as {INPUT_FILE} first."


def _literal(plane: np.ndarray, *, indent: str = "    ") -> str:
    """Return one plane of weights as nested lists, with enough digits to be the same float32 numbers."""
    rows = ("[" + ", ".join(f"{weight:.9g}" for weight in row) + "]" for row in plane)
    lines = f",\n{indent}".join(rows)
    return f"np.array([\n{indent}{lines},\n{indent[:-4]}])"
