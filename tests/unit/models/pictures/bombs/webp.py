"""WebP files that hold more than a photo does."""

import struct
from functools import cache

from PIL import Image

from tests.unit.models.pictures.bombs.parts import FULL, HIGH, WIDE, Makers, encoded
from tests.unit.models.pictures.bombs.png import staged_profile
from tests.unit.models.pictures.bombs.tiff import overlapping_tiff


@cache
def riff_chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(riff_chunk(*one) for one in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


@cache
def webp_picture(width: int, height: int, lossless: bool) -> tuple[bytes, bytes]:
    """The chunk of a picture of one colour."""
    data = encoded(Image.new("RGB", (width, height), (90, 60, 30)), "WebP", lossless=lossless, method=0, quality=0)
    return data[12:16], data[20 : 20 + int.from_bytes(data[16:20], "little")]


def extended(flags: int, width: int, height: int) -> tuple[bytes, bytes]:
    return b"VP8X", bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def webp_frame(width: int, height: int) -> tuple[bytes, bytes]:
    name, body = webp_picture(width, height, False)
    head = bytes(6) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little") + b"\x64\0\0\0"
    return b"ANMF", head + name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def animated_webp(width: int, height: int, frame_size: int, count: int) -> bytes:
    return riff(extended(0x12, width, height), (b"ANIM", bytes(6)), *[webp_frame(frame_size, frame_size)] * count)


MAKERS: Makers = {
    "50 megapixels": lambda: riff(webp_picture(WIDE, HIGH, False)),
    "50 megapixels, lossless": lambda: riff(webp_picture(WIDE, HIGH, True)),
    "30 megapixels, lossless": lambda: riff(webp_picture(6000, 5000, True)),
    "30 megapixels": lambda: riff(webp_picture(6000, 5000, False)),
    "16 megapixels": lambda: riff(webp_picture(4000, 4000, False)),
    "50 megapixels, animated": lambda: animated_webp(WIDE, HIGH, 64, 3),
    "200,000 frames": lambda: animated_webp(64, 64, 64, FULL // (len(webp_frame(64, 64)[1]) + 8)),
    "24 MB of a colour profile": lambda: riff(
        extended(0x20, 64, 64), (b"ICCP", staged_profile(FULL)), webp_picture(64, 64, False)
    ),
    "EXIF whose entries are all of it": lambda: riff(
        extended(0x08, 64, 64), webp_picture(64, 64, False), (b"EXIF", overlapping_tiff()[:FULL])
    ),
    "three million chunks": lambda: riff(
        extended(0, 64, 64), webp_picture(64, 64, False), *[(b"prIv", b"")] * (FULL // 8)
    ),
}
