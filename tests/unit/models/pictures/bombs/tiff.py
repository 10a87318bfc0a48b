"""TIFF files that hold more than a photo does."""

import struct
from collections.abc import Sequence

from tests.unit.models.pictures.bombs.parts import FULL, HIGH, WIDE, Makers, noise, squeezed

Tags = dict[int, tuple[int, Sequence[int]]]
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 16: 8}
_LETTERS = {1: "B", 2: "B", 3: "H", 4: "I", 7: "B", 16: "Q"}


def tiff(tags: Tags, data: bytes = b"", following: int = 0) -> bytes:
    """A TIFF with one directory; `data` begin at byte 8. In a tag's values, nothing is filled in."""
    start = 8 + len(data) + len(data) % 2
    places, values = bytearray(), bytearray()
    behind = start + 2 + 12 * len(tags) + 4
    for tag, (kind, numbers) in sorted(tags.items()):
        packed = struct.pack(f"<{len(numbers)}{_LETTERS[kind]}", *numbers)
        if len(packed) <= 4:
            places += struct.pack("<HHI", tag, kind, len(numbers)) + packed.ljust(4, b"\0")
        else:
            places += struct.pack("<HHII", tag, kind, len(numbers), behind + len(values))
            values += packed + b"\0" * (len(packed) % 2)
    head = b"II*\0" + struct.pack("<I", start) + data.ljust(start - 8, b"\0")
    return head + struct.pack("<H", len(tags)) + places + struct.pack("<I", following) + values


def tiff_picture(
    data: bytes,
    *,
    bits: Sequence[int] = (8, 8, 8),
    compression: int = 8,
    photometric: int = 2,
    more: Tags | None = None,
    rows: int = HIGH,
    size: tuple[int, int] = (WIDE, HIGH),
) -> bytes:
    """A TIFF of one or many strips that are all the same bytes."""
    strips = -(-size[1] // rows)
    tags: Tags = {
        256: (4, [size[0]]),
        257: (4, [size[1]]),
        258: (3, list(bits)),
        259: (3, [compression]),
        262: (3, [photometric]),
        273: (4, [8] * strips),
        277: (3, [len(bits)]),
        278: (4, [rows]),
        279: (4, [len(data)] * strips),
    }
    return tiff(tags | (more or {}), data)


def tiff_zeros(bits: Sequence[int], rows: int = HIGH, **options) -> bytes:
    """A packed TIFF of 50 megapixels of zeros, in one strip or in many."""
    return tiff_picture(squeezed(bytes(WIDE * sum(bits) // 8), rows), bits=bits, rows=rows, **options)


def overlapping_tiff(entries: int = 2000) -> bytes:
    """A directory with thousands of entries that each are nearly the whole file."""
    size = FULL
    places = b"".join(struct.pack("<HHII", 40_000 + number, 7, size - 100, 8) for number in range(entries))
    return (b"II*\0" + struct.pack("<IH", 8, entries) + places + bytes(4)).ljust(size, b"\0")


def tiff_with(entries: Tags, kept: int = 20) -> bytes:
    """A small TIFF with entries of any kind beside its own."""
    return tiff_picture(bytes(64 * 64 * 3), compression=1, size=(64, 64), rows=64, more=entries)


def overlapping_picture(count: int) -> bytes:
    """A small TIFF with entries that each are nearly the whole file."""
    more: Tags = {40_000 + number: (3, [0, 0, 0]) for number in range(count)}
    data = bytearray(tiff_picture(bytes(FULL), compression=1, size=(64, 64), rows=64, more=more))
    for number in range(count):
        place = data.rindex(struct.pack("<HHI", 40_000 + number, 3, 3))
        data[place : place + 12] = struct.pack("<HHII", 40_000 + number, 7, FULL - 100, 8)
    return bytes(data)


def many_pages(count: int) -> bytes:
    page = tiff_picture(bytes(64 * 64 * 3), compression=1, size=(64, 64), rows=64)
    return page[:-4] + struct.pack("<I", 8 + 64 * 64 * 3) + page


def tiled(width: int, height: int, bits: Sequence[int], compression: int = 8) -> bytes:
    data = squeezed(bytes(width * sum(bits) // 8), height)
    across, down = -(-WIDE // width), -(-HIGH // height)
    tags: Tags = {
        256: (4, [WIDE]),
        257: (4, [HIGH]),
        258: (3, list(bits)),
        259: (3, [compression]),
        262: (3, [2 if len(bits) > 2 else 1]),
        277: (3, [len(bits)]),
        322: (4, [width]),
        323: (4, [height]),
        324: (4, [8] * across * down),
        325: (4, [len(data)] * across * down),
    }
    return tiff(tags, data)


def jpeg_scans(width: int, height: int, scans: int) -> bytes:
    """A progressive JPEG without anything in its scans."""
    quanta = b"\xff\xdb\0\x43\0" + bytes([1] * 64)
    one = b"\0\2" + bytes(14) + b"\0\1"
    codes = b"\xff\xc4" + struct.pack(">H", 2 + 2 * (1 + len(one))) + b"\0" + one + b"\x10" + one
    components = b"".join(bytes([number, 0x11, 0]) for number in (1, 2, 3))
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 17, 8, height, width, 3) + components
    first = b"\xff\xda\0\x0c\3\1\0\2\0\3\0\0\0\0\0"
    others = b"".join(b"\xff\xda\0\x08\1" + bytes([1 + number % 3, 0, 1, 63, 0, 0]) for number in range(scans - 1))
    return b"\xff\xd8" + quanta + codes + frame + first + others + b"\xff\xd9"


FLOATS: Tags = {339: (3, [3])}
SIGNED: Tags = {339: (3, [2])}

MAKERS: Makers = {
    "floats of 50 megapixels": lambda: tiff_zeros([32], photometric=1, more=FLOATS),
    "floats of 50 megapixels in strips": lambda: tiff_zeros([32], 100, photometric=1, more=FLOATS),
    "32-bit numbers of 50 megapixels": lambda: tiff_zeros([32], photometric=1, more=SIGNED),
    "32-bit numbers of 50 megapixels in strips": lambda: tiff_zeros([32], 100, photometric=1, more=SIGNED),
    "16-bit grey of 50 megapixels": lambda: tiff_zeros([16], photometric=1),
    "16-bit grey of 50 megapixels in strips": lambda: tiff_zeros([16], 100, photometric=1),
    "RGB of 50 megapixels": lambda: tiff_zeros([8, 8, 8]),
    "16-bit RGBA of 50 megapixels": lambda: tiff_zeros([16] * 4, more={338: (3, [2])}),
    "16-bit RGBA of 50 megapixels in strips": lambda: tiff_zeros([16] * 4, 50, more={338: (3, [2])}),
    "premultiplied RGBA of 50 megapixels in strips": lambda: tiff_zeros([8] * 4, 50, more={338: (3, [1])}),
    "CMYK of 50 megapixels": lambda: tiff_zeros([8] * 4, 50, photometric=5),
    "LAB of 50 megapixels": lambda: tiff_zeros([8] * 3, 50, photometric=8),
    "a palette of 50 megapixels": lambda: tiff_zeros([8], 50, photometric=3, more={320: (3, [9] * 768)}),
    "planes of 50 megapixels": lambda: tiff_picture(
        squeezed(bytes(WIDE), HIGH), more={284: (3, [2]), 273: (4, [8] * 3), 279: (4, [60_000] * 3)}
    ),
    "one tile of 50 megapixels": lambda: tiled(WIDE, HIGH // 16 * 16 + 16, [8, 8, 8]),
    "tiles of 50 megapixels": lambda: tiled(512, 512, [8, 8, 8]),
    "float tiles of 50 megapixels": lambda: tiled(512, 512, [32]),
    "differences of 50 megapixels": lambda: tiff_zeros([16] * 3, 50, more={317: (3, [2])}),
    "differences of floats of 50 megapixels": lambda: tiff_zeros(
        [32], 100, photometric=1, more=FLOATS | {317: (3, [3])}
    ),
    "a JPEG of ninety scans, 30 megapixels": lambda: tiff_picture(
        jpeg_scans(6000, 5000, 90), compression=7, photometric=6, size=(6000, 5000), rows=5000
    ),
    "CCITT of 50 megapixels": lambda: tiff_picture(
        b"\0\x10\1" + bytes(FULL // 4), bits=[1], compression=4, photometric=0
    ),
    "PackBits of 50 megapixels": lambda: tiff_picture(b"\x81\0" * (WIDE * HIGH * 3 // 128), compression=32773),
    "LZW of 50 megapixels": lambda: tiff_picture(noise(FULL), compression=5),
    "strips without number": lambda: tiff_with({273: (4, [8] * 5_500_000), 278: (4, [1])}),
    "strips without number, packed": lambda: tiff_picture(
        squeezed(bytes(192), 64),
        size=(64, 64),
        rows=64,
        more={273: (4, [8] * 2_700_000), 279: (4, [90] * 2_700_000)},
    ),
    "entries that each are all of it": lambda: overlapping_picture(60),
    "65,000 entries": lambda: tiff_with({number: (4, [0, 0]) for number in range(300, 65_000)}),
    "a tile table of 24 MB": lambda: tiff_with({65000: (1, bytes(FULL))}),
    "a text of 24 MB": lambda: tiff_with({270: (2, bytes(FULL))}),
    "one number of millions": lambda: tiff_with({258: (3, [8] * (FULL // 2))}),
    "a directory that follows itself": lambda: many_pages(1),
}
