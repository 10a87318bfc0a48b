"""What a decoder needs beside the picture itself: checked before it begins, and for some formats avoided."""

from io import BytesIO
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile
from pillow_heif import HeifFile

from models.pictures.photo_limits import PICTURE_BYTES, UNPACKED_BYTES, check_pixels, too_much
from models.pictures.rows import Rows, rows_of

LARGE_PIXELS = 12_000_000
"""From here on, a picture is decoded in the way that takes least memory. The pixels are the same."""

MAX_WEBP_PIXELS, MAX_ANIMATED_PIXELS, MAX_AVIF_PIXELS = 32_000_000, 14_000_000, 24_000_000
"""Largest pictures of formats whose decoders need 7, 16 and up to 9 bytes a pixel."""

_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2, "I;16N": 2}
"""Mode of a picture → bytes of a pixel in Pillow's memory; four in all others."""


def check_decoder_memory(kind: str, image: ImageFile.ImageFile) -> None:
    """Check what a decoder will need, as far as a picture's header tells.

    Raises:
        PhotoError: it is more than `PICTURE_BYTES`.
    """
    if kind == "AVIF":
        check_pixels(image.size, MAX_AVIF_PIXELS, kind)
    elif isinstance(image, WebPImageFile):
        moving = getattr(image, "n_frames", 1) > 1
        check_pixels(image.size, MAX_ANIMATED_PIXELS if moving else MAX_WEBP_PIXELS, kind)
    elif isinstance(image, TiffImageFile):
        _check_tiff_memory(image)


def _check_tiff_memory(image: TiffImageFile) -> None:
    """Count the picture, and the strip or tile that is unpacked before it becomes a part of the picture."""
    width, height = image.size
    picture = width * height * _BYTES.get(image.mode, 4)
    tags = image.tag_v2
    columns, rows = tags.get(322, width), tags.get(323, min(int(tags.get(278, height)), height))  # tile, RowsPerStrip
    bits, samples = max(tags.get(258, (1,))), int(tags.get(277, 1))
    if width * height * bits * samples // 8 > UNPACKED_BYTES:
        raise too_much()
    if image.info.get("compression") == "raw":
        return
    at_once = bits * (samples if tags.get(284, 1) == 1 else 1)  # in one plane, or each in its own
    if image.info.get("compression") == "jpeg":
        at_once = max(at_once, 32)
    if picture + int(columns) * int(rows) * at_once // 8 > PICTURE_BYTES:
        raise too_much()


def loaded_rows(kind: str, image: ImageFile.ImageFile, data: bytes) -> Rows:
    """Decode a picture, and return its rows.

    Args:
        kind: the format.
        image: as `data` were opened; it is loaded unless the picture is decoded in another way.
        data: the file's bytes.

    Raises:
        Exception: whatever a decoder raises.
    """
    large = image.size[0] * image.size[1] > LARGE_PIXELS
    if large and kind == "HEIC":
        return _heic_rows(data)
    if large and kind == "WebP" and getattr(image, "n_frames", 1) == 1:
        return _webp_rows(data)
    image.load()
    return rows_of(image)


def _heic_rows(data: bytes) -> Rows:
    # As the Pillow plugin does it, but without copying all pixels into a picture of Pillow's.
    found: Any = HeifFile(BytesIO(data), convert_hdr_to_8bit=True, hdr_to_16bit=True, remove_stride=False)  # type: ignore[no-untyped-call]
    picture = found[found.primary_index]
    pixels: Any = memoryview(picture.data)
    stride, mode = picture.stride, picture.mode

    def strip(top: int, bottom: int) -> Image.Image:
        part = pixels[top * stride : bottom * stride]
        return Image.frombuffer(mode, (picture.size[0], bottom - top), part, "raw", mode, stride, 1)

    return Rows(mode, picture.size, strip)


def _webp_rows(data: bytes) -> Rows:
    # Both use libwebp. Pillow asks it for an animation, which keeps two pictures, and copies the pixels twice.
    pixels: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.ndim != 3:
        raise ValueError("not decoded")
    transparent = pixels.shape[2] == 4
    order = cv2.COLOR_BGRA2RGBA if transparent else cv2.COLOR_BGR2RGB

    def strip(top: int, bottom: int) -> Image.Image:
        return Image.fromarray(cv2.cvtColor(pixels[top:bottom], order))

    return Rows("RGBA" if transparent else "RGB", (pixels.shape[1], pixels.shape[0]), strip)
