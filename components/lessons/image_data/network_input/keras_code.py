"""The Keras program that makes the very batch of the page out of a photo's file."""

from components.lessons.image_data.network_input.scene import InputScene
from components.lessons.image_data.network_input.texts import rescaling

WORDS = (
    "These lines do all five steps with a file of yours. A photo with a side over 512 pixels is made smaller on this "
    "page first, so its numbers differ a little."
)
_ARGUMENT = {"crop": ", crop_to_aspect_ratio=True", "pad": ", pad_to_aspect_ratio=True", "squash": ""}


def keras_code(scene: InputScene) -> str:
    """Return Python lines that end with `batch`, a float32 tensor (1, side, side, 3)."""
    size = f"({scene.side}, {scene.side})"
    return f"""import keras
import numpy as np
from PIL import Image, ImageOps

image = ImageOps.exif_transpose(Image.open("photo.jpg"))  # upright
pixels = np.asarray(image.convert("RGB"))
print(pixels.shape, pixels.dtype, pixels.nbytes)

resized = keras.ops.image.resize(
    pixels.astype("float32"), {size}, antialias=True{_ARGUMENT[scene.how]}
)
rescaled = keras.layers.Rescaling({rescaling(scene)})(resized)
batch = keras.ops.expand_dims(rescaled, axis=0)
print(batch.shape, batch.dtype)
"""
