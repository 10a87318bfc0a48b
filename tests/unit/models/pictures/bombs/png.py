"""PNG files that hold more than a photo does."""

import struct
import zlib
from collections.abc import Sequence
from functools import cache

from tests.unit.models.pictures.bombs.parts import FULL, HIGH, WIDE, Makers, noise, squeezed
from tests.unit.models.pictures.bombs.tiff import overlapping_tiff


def chunk(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(
    width: int = 64,
    height: int = 64,
    *,
    depth: int = 8,
    colours: int = 2,
    before: bytes = b"",
    after: bytes = b"",
    pixels: Sequence[bytes] | None = None,
    interlaced: bool = False,
) -> bytes:
    """A PNG of zeros. `before` and `after` are chunks around the pixels, `pixels` the contents of its IDAT chunks."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colours]
    if pixels is None:
        pixels = [squeezed(bytes(1 + (width * depth * channels + 7) // 8), height)]
    head = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, int(interlaced))
    body = b"".join(map(cache(lambda one: chunk(b"IDAT", one)), pixels))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + before + body + after + chunk(b"IEND")


def spoilt(data: bytes) -> bytes:
    """A zlib stream whose checksum is wrong: it is unpacked whole before that is found."""
    return data[:-1] + bytes([data[-1] ^ 1])


def interlaced_zeros(width: int, height: int, bits: int) -> bytes:
    """The seven passes of an interlaced PNG, all zeros."""
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    total = 0
    for left, top, across, down in passes:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        total += rows * (1 + (columns * bits + 7) // 8)
    return squeezed(b"\0" * 1000, total // 1000 + 1)


PALETTE = chunk(b"PLTE", bytes(range(48)) * 16)


def staged_profile(size: int) -> bytes:
    """An ICC profile whose way to XYZ is a chain of thousands of matrices, through which every colour would go."""
    matrix = b"matf\0\0\0\0" + struct.pack(">HH", 3, 3)
    matrix += struct.pack(">12f", 1, 0, 0, 0, 1, 0, 0, 0, 1, 0.001, 0, 0)
    count = size // (len(matrix) + 8)
    first = 16 + 8 * count
    table = b"".join(struct.pack(">II", first + number * len(matrix), len(matrix)) for number in range(count))
    elements = b"mpet\0\0\0\0" + struct.pack(">HHI", 3, 3, count) + table + matrix * count
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    tags = {b"wtpt": white, b"D2B0": elements, b"A2B0": elements}
    places, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, contents in tags.items():
        if name == b"A2B0":
            continue
        places += name + struct.pack(">II", start + len(body), len(contents))
        if name == b"D2B0":
            places += b"A2B0" + struct.pack(">II", start + len(body), len(contents))
        body += contents.ljust(-(-len(contents) // 4) * 4, b"\0")
    head = struct.pack(">I4xI4s4s4s12x4s28x", start + len(body), 0x04300000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    return head + struct.pack(">3i", 63190, 65536, 54061) + bytes(48) + struct.pack(">I", 3) + places + body


MAKERS: Makers = {
    "5,000 colour profiles": lambda: png(
        before=chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(2**20))) * 5000,
    ),
    "5,000 packed texts with wrong checksums": lambda: png(
        before=chunk(b"zTXt", b"p\0\0" + spoilt(zlib.compress(bytes(2**20 - 8)))) * 5000,
    ),
    "5,000 packed international texts": lambda: png(
        before=chunk(b"iTXt", b"p\0\1\0\0\0" + spoilt(zlib.compress(bytes(2**20 - 8)))) * 5000,
    ),
    "packed texts behind the pixels": lambda: png(
        after=chunk(b"zTXt", b"p\0\0" + spoilt(zlib.compress(bytes(2**20 - 8)))) * 5000,
    ),
    "300,000 texts": lambda: png(
        before=b"".join(chunk(b"tEXt", b"%d\0" % number) for number in range(3 * 10**5)),
    ),
    "two million private chunks": lambda: png(before=chunk(b"prIv") * 2 * 10**6),
    "two million private chunks behind the pixels": lambda: png(after=chunk(b"prIv") * 2 * 10**6),
    "two million empty parts": lambda: png(pixels=[b""] * 2 * 10**6 + [squeezed(bytes(193), 64)]),
    "pixels in parts of one byte": lambda: png(
        2000, 600, pixels=[bytes([one]) for one in zlib.compress(noise(1_800_000), 0)[:1_800_000]]
    ),
    "600,000 frames": lambda: png(
        before=chunk(b"acTL", struct.pack(">II", 600_000, 0))
        + chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 64, 64, 0, 0, 1, 1, 0, 0)) * 600_000
    ),
    "50 megapixels": lambda: png(WIDE, HIGH),
    "50 megapixels and transparency": lambda: png(WIDE, HIGH, colours=6),
    "50 megapixels in 16 bits": lambda: png(WIDE, HIGH, depth=16, colours=6),
    "50 megapixels in 16 bits, each from its neighbours": lambda: png(
        WIDE, HIGH, depth=16, colours=6, pixels=[squeezed(b"\4" + bytes(8 * WIDE), HIGH)]
    ),
    "50 megapixels of grey and transparency": lambda: png(WIDE, HIGH, colours=4),
    "50 megapixels of 16-bit grey": lambda: png(WIDE, HIGH, depth=16, colours=0),
    "50 megapixels of 16-bit grey, one transparent": lambda: png(
        WIDE, HIGH, depth=16, colours=0, before=chunk(b"tRNS", b"\0\1")
    ),
    "50 megapixels of a palette": lambda: png(WIDE, HIGH, colours=3, before=PALETTE),
    "50 megapixels of a transparent palette": lambda: png(
        WIDE, HIGH, colours=3, before=PALETTE + chunk(b"tRNS", bytes(range(200)))
    ),
    "50 megapixels of one transparent colour": lambda: png(WIDE, HIGH, before=chunk(b"tRNS", bytes(6))),
    "50 megapixels in one bit": lambda: png(WIDE, HIGH, depth=1, colours=0),
    "50 megapixels, interlaced": lambda: png(
        WIDE, HIGH, colours=6, interlaced=True, pixels=[interlaced_zeros(WIDE, HIGH, 32)]
    ),
    "a stream of 24 GB": lambda: png(pixels=[squeezed(bytes(10**6), 24_000, checked=False)]),
    "a profile that unpacks to a gigabyte": lambda: png(before=chunk(b"iCCP", b"p\0\0" + squeezed(bytes(10**6), 1000))),
    "EXIF whose entries are all of it": lambda: png(before=chunk(b"eXIf", overlapping_tiff()[: 10**7])),
    "EXIF in a text of line ends": lambda: png(before=chunk(b"tEXt", b"Raw profile type exif\0" + b"\n" * FULL)),
    "texts of 24 MB": lambda: png(before=chunk(b"tEXt", b"a\0" + noise(FULL))),
    "a profile of many stages": lambda: png(
        64, 64, before=chunk(b"iCCP", b"p\0\0" + zlib.compress(staged_profile(900_000), 1))
    ),
}
