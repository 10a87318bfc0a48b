"""GIF and BMP files that hold more than a photo does."""

import struct
from functools import cache

from PIL import Image

from tests.unit.models.pictures.bombs.parts import FULL, HIGH, WIDE, Makers, encoded


def gif(width: int = 64, height: int = 64, middle: bytes = b"", frames: bytes | None = None) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes([0, 0, 0, 200, 100, 50])
    return head + middle + (gif_frame(64, 64) if frames is None else frames) + b";"


@cache
def gif_codes(width: int, height: int) -> bytes:
    """A frame of zeros as blocks of codes."""
    data = encoded(Image.new("P", (width, height)), "GIF")
    return data[data.rindex(b"\x2c" + bytes(4) + struct.pack("<HH", width, height)) + 10 : -1]


def gif_frame(width: int, height: int) -> bytes:
    codes = (
        b"\2" + blocks(b"\x84" + b"\x51" * 3 + b"\x01", 255) if (width, height) == (0, 0) else gif_codes(width, height)
    )
    return b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + codes


def blocks(data: bytes, size: int) -> bytes:
    parts = (data[place : place + size] for place in range(0, len(data), size))
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


GIF: Makers = {
    "12 million blocks of a comment": lambda: gif(middle=b"\x21\xfe" + b"\1a" * (FULL // 2) + b"\0"),
    "five million comments": lambda: gif(middle=b"\x21\xfe\1a\0" * (FULL // 5)),
    "comments of 255 bytes": lambda: gif(middle=b"\x21\xfe" + (b"\xff" + b"a" * 255) * (FULL // 256) + b"\0"),
    "three million empty extensions": lambda: gif(middle=b"\x21\x99\0" * (FULL // 3)),
    "three million controls of a frame": lambda: gif(middle=b"\x21\xf9\4\1\0\0\0\0" * (FULL // 8)),
    "programs' blocks": lambda: gif(middle=b"\x21\xff\x0bNETSCAPE2.0" + b"\1\1" * (FULL // 2) + b"\0"),
    "junk before the frame": lambda: gif(middle=b"\1" * FULL),
    "400,000 frames": lambda: gif(frames=gif_frame(16, 16) * (FULL // len(gif_frame(16, 16)))),
    "a screen of 50 megapixels": lambda: gif(WIDE, HIGH),
    "a transparent screen of 50 megapixels": lambda: gif(WIDE, HIGH, b"\x21\xf9\4\1\0\0\0\0"),
    "a frame of 50 megapixels": lambda: gif(WIDE, HIGH, frames=gif_frame(WIDE, HIGH)),
    "a transparent frame of 50 megapixels": lambda: gif(
        WIDE, HIGH, b"\x21\xf9\4\1\0\0\0\0", frames=gif_frame(WIDE, HIGH)
    ),
    "codes in blocks of a byte": lambda: gif(
        WIDE,
        HIGH,
        frames=b"\x2c" + struct.pack("<HHHHB", 0, 0, WIDE, HIGH, 0) + b"\2" + b"\1\x24" * (FULL // 2) + b"\0",
    ),
}


def bmp(width: int, height: int, bits: int, compression: int, data: bytes) -> bytes:
    colours = bytes(range(256)) * 4
    start = 14 + 40 + len(colours)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(data), 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + info + colours + data


def os2_bmp(width: int, height: int) -> bytes:
    info = struct.pack("<IHHHH", 12, width, height, 1, 24)
    row = (width * 3 + 3) // 4 * 4
    return b"BM" + struct.pack("<IHHI", 26 + row * height, 0, 0, 26) + info + bytes(row * height)


BMP: Makers = {
    "RLE8 of line ends": lambda: bmp(WIDE, HIGH, 8, 1, b"\0\0" * (FULL // 2)),
    "RLE8 of empty runs": lambda: bmp(WIDE, HIGH, 8, 1, b"\1\0" * (FULL // 2)),
    "RLE8 of short lines": lambda: bmp(WIDE, HIGH, 8, 1, b"\1\1\0\0" * HIGH),
    "RLE8 of runs": lambda: bmp(WIDE, HIGH, 8, 1, (b"\xff\1" * 31 + b"\x5f\1\0\0") * HIGH),
    "RLE8 of jumps": lambda: bmp(WIDE, HIGH, 8, 1, b"\0\2\0\0" * (FULL // 4)),
    "RLE8 of literal bytes": lambda: bmp(WIDE, HIGH, 8, 1, b"\0\3\1\2\3\0" * (FULL // 6)),
    "RLE4 of runs": lambda: bmp(WIDE, HIGH, 4, 2, (b"\xff\x12" * 31 + b"\x5f\x12\0\0") * HIGH),
    "RLE4 of literal bytes": lambda: bmp(WIDE, HIGH, 4, 2, (b"\0\xff" + b"\x12" * 128) * (FULL // 130)),
    "of OS/2": lambda: os2_bmp(3200, 2400),
    "of 16 bits": lambda: bmp(4000, 3000, 16, 0, bytes(FULL)),
    "of 50 megapixels in one bit": lambda: bmp(WIDE, HIGH, 1, 0, bytes(WIDE // 8 * HIGH)),
}
