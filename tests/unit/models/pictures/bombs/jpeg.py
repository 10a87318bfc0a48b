"""JPEG files that hold more than a photo does."""

import struct
from collections.abc import Sequence
from functools import cache

from tests.unit.models.pictures.bombs.parts import FULL, HIGH, WIDE, Makers, encoded, noise, pet
from tests.unit.models.pictures.bombs.png import staged_profile
from tests.unit.models.pictures.bombs.tiff import overlapping_tiff


def segment(marker: int, body: bytes = b"") -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


@cache
def small_jpeg(**options) -> bytes:
    return encoded(pet(), "JPEG", **options)


def jpeg(middle: bytes, **options) -> bytes:
    """A small JPEG with bytes behind its first marker."""
    data = small_jpeg(**options)
    return data[:2] + middle + data[2:]


def frame(kind: int, width: int = WIDE, height: int = HIGH, factors: Sequence[int] = (0x11, 0x11, 0x11)) -> bytes:
    """The header of a frame, with a component for each pair of sampling factors."""
    body = struct.pack(">BHHB", 8, height, width, len(factors))
    body += b"".join(bytes([number + 1, factor, 0]) for number, factor in enumerate(factors))
    return segment(0xC0 + kind, body)


def scan(components: Sequence[int], first: int = 0, last: int = 63, bits: int = 0) -> bytes:
    body = bytes([len(components)]) + b"".join(bytes([one, 0]) for one in components)
    return segment(0xDA, body + bytes([first, last, bits]))


QUANTA = segment(0xDB, b"\0" + bytes([1] * 64))
SHORT_CODES = segment(0xC4, b"\0" + bytes([0, 2] + [0] * 14) + b"\0\1" + b"\x10" + bytes([0, 2] + [0] * 14) + b"\0\1")
"""Huffman codes of two bits: 0 for "nothing more in this block"."""


def large_jpeg(kind: int, scans: bytes, factors: Sequence[int] = (0x11, 0x11, 0x11)) -> bytes:
    return b"\xff\xd8" + QUANTA + SHORT_CODES + frame(kind, factors=factors) + scans + b"\xff\xd9"


MAKERS: Makers = {
    "24 MB of fill bytes": lambda: jpeg(b"\xff" * FULL),
    "24 MB between two markers": lambda: jpeg(b"\0" * FULL),
    "24 MB of escaped bytes between two markers": lambda: jpeg(b"\xff\0" * (FULL // 2)),
    "six million empty segments": lambda: jpeg(segment(0xE9) * (FULL // 4)),
    "six million comments": lambda: jpeg(segment(0xFE) * (FULL // 4)),
    "comments of a byte": lambda: jpeg(segment(0xFE, b"a") * (FULL // 5)),
    "empty segments behind the pixels": lambda: small_jpeg()[:-2] + segment(0xE9) * (FULL // 4) + b"\xff\xd9",
    "a flood of quantisation tables": lambda: jpeg(segment(0xDB, (b"\0" + bytes([1] * 64)) * 1000) * 369),
    "a flood of Huffman tables": lambda: jpeg(segment(0xC4, (b"\0" + bytes([0, 1] + [0] * 14) + b"\0") * 3600) * 370),
    "a flood of arithmetic conditions": lambda: jpeg(segment(0xCC, b"\0\x10" * 30_000) * 400),
    "a hundred scans of 50 megapixels": lambda: large_jpeg(
        2, b"".join(scan([1 + number % 3], 1, 63, 0) + b"\0" for number in range(99)), (0x11, 0x11, 0x11)
    ),
    "progressive, 50 megapixels": lambda: large_jpeg(2, scan([1, 2, 3], 0, 0) + bytes(FULL // 8)),
    "progressive, 50 megapixels of CMYK": lambda: large_jpeg(
        2, scan([1, 2, 3, 4], 0, 0) + bytes(FULL // 8), (0x11,) * 4
    ),
    "progressive, scans that hold nothing": lambda: large_jpeg(2, scan([1], 0, 0) * 90),
    "50 megapixels whose end is missing": lambda: large_jpeg(0, scan([1, 2, 3]) + bytes(FULL // 8))[:-2],
    "50 megapixels of noise": lambda: large_jpeg(0, scan([1, 2, 3]) + noise(FULL).replace(b"\xff", b"\xfe")),
    "large factors of sampling": lambda: large_jpeg(0, scan([1, 2, 3]) + bytes(FULL // 4), (0x44, 0x11, 0x11)),
    "arithmetic codes of 50 megapixels": lambda: large_jpeg(9, scan([1, 2, 3]) + noise(FULL).replace(b"\xff", b"\xfe")),
    "progressive arithmetic codes": lambda: large_jpeg(
        10, scan([1, 2, 3], 0, 0) + noise(FULL).replace(b"\xff", b"\xfe")
    ),
    "restart markers only": lambda: large_jpeg(
        0,
        segment(0xDD, b"\0\1") + scan([1, 2, 3]) + b"".join(bytes([0xFF, 0xD0 + n]) for n in range(8)) * (FULL // 16),
    ),
    "EXIF whose entries are all of it": lambda: jpeg(segment(0xE1, b"Exif\0\0" + overlapping_tiff()[:65000])),
    "16 MB of a colour profile": lambda: jpeg(
        b"".join(
            segment(
                0xE2,
                b"ICC_PROFILE\0"
                + bytes([number, 255])
                + staged_profile(16 * 10**6)[(number - 1) * 65_000 : number * 65_000],
            )
            for number in range(1, 2)
        )
    ),
}
