"""The words of the pixel inspector."""

from components.browser import Texts
from components.lessons.image_data.pixel_inspector.scene import CHANNELS
from components.player import TRANSPORT_TEXTS
from models.pictures.photo import Photo

TEXTS: Texts = {
    "loupe": "Under the loupe",
    "place": "pixels[{row}, {column}]",
    "planes": "Planes",
    "numbers": "Numbers in the loupe",
    "planes-control": "Planes",
    "array": "As NumPy prints it",
    "code": "print(pixels[{top}:{bottom}, {left}:{right}])",
    "photo-alt": "The photo with the loupe's frame on it. Click or drag to choose a pixel; the arrow keys move it.",
    "loupe-alt": "9 × 9 pixels around the chosen one, with their numbers. Click one to choose it.",
    "red-alt": "The photo's red numbers",
    "green-alt": "The photo's green numbers",
    "blue-alt": "The photo's blue numbers",
    "offset": "In memory, its three bytes have the indices {first} to {last}.",
    "player": TRANSPORT_TEXTS | {"position": "Pixel", "count": "pixel {position} of {count}"},
}

CHOICES = {
    "numbers": [[name, name] for name in CHANNELS],
    "planes": [["tinted", "in their colour"], ["grey", "as brightness"]],
}


def facts(photo: Photo) -> list[str]:
    """Return facts about the whole array, one a line."""
    height, width, channels = photo.pixels.shape
    lines = [
        f"shape ({height}, {width}, {channels}): height × width × channels, {photo.pixels.size:,} numbers",
        f"dtype {photo.pixels.dtype}: whole numbers from 0 to 255, one byte each",
        f"{photo.pixels.nbytes:,} bytes in memory",
    ]
    if photo.original_size != (width, height):
        lines.append(f"your file: {photo.original_size[0]:,} × {photo.original_size[1]:,} pixels, made smaller here")
    return lines
