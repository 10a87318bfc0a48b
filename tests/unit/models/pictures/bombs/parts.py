"""What the files of several formats are made of."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pillow_heif
from PIL import Image

Makers = dict[str, Callable[[], bytes]]
"""What a file holds → how it is made."""

FULL = 24 * 10**6
"""Bytes of a file that is filled up, a little below what may be sent."""

WIDE, HIGH = 8000, 6200
"""49.6 megapixels, a little below what is read."""


def pet(width: int = 96, height: int = 64) -> Image.Image:
    """A small picture with something in it."""
    return Image.linear_gradient("L").resize((width, height)).convert("RGB")


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    buffer = BytesIO()
    if kind == "HEIC":
        pillow_heif.from_pillow(image).save(buffer, **options)
    else:
        image.save(buffer, kind, **options)
    return buffer.getvalue()


def noise(size: int) -> bytes:
    return np.random.default_rng(size).bytes(size)


def squeezed(row: bytes, rows: int, *, checked: bool = True) -> bytes:
    """A zlib stream of many equal rows, made without compressing each of them; its checksum is right if `checked`."""
    many = max(1, 2**20 // len(row))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(row * many) + packer.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    end = last.compress(row * (rows % many)) + last.flush()
    return b"\x78\x9c" + block * (rows // many) + end + struct.pack(">I", _adler(row, rows) if checked else 0)


def _adler(row: bytes, rows: int) -> int:
    total = 1
    chunk = row * max(1, 2**22 // len(row))
    left = len(row) * rows
    while left > 0:
        total = zlib.adler32(chunk[:left], total)
        left -= len(chunk)
    return total
