"""Small code that builds picture files which would take a decoder far more memory or time than a photo does.

Each function returns the bytes of a file of at most 25 MB, as any visitor could send it. Nothing here comes from elsewhere.
"""

import struct
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO

import numpy as np
import pillow_heif
from PIL import Image

FULL = 24 * 10**6
"""Bytes of a file that is filled up, a little below what may be sent."""

WIDE, HIGH = 8000, 6200
"""49.6 megapixels, a little below what is read."""

BOMBS: dict[str, Callable[[], bytes]] = {}
"""Name → how it is made."""


def bomb(name: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Note a function under a name, "FORMAT: what it holds"."""

    def noted(make: Callable[[], bytes]) -> Callable[[], bytes]:
        BOMBS[name] = make
        return make

    return noted


def several(kind: str, made: dict[str, Callable[[], bytes]]) -> None:
    for name, make in made.items():
        BOMBS[f"{kind}: {name}"] = make


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


def squeezed(row: bytes, rows: int) -> bytes:
    """A zlib stream of many equal rows, made without compressing each of them."""
    many = max(1, 2**20 // len(row))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(row * many) + packer.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    end = last.compress(row * (rows % many)) + last.flush()
    return b"\x78\x9c" + block * (rows // many) + end + struct.pack(">I", _adler(row, rows))


def _adler(row: bytes, rows: int) -> int:
    total = 1
    chunk = row * max(1, 2**22 // len(row))
    left = len(row) * rows
    while left > 0:
        total = zlib.adler32(chunk[:left], total)
        left -= len(chunk)
    return total


# PNG -----------------------------------------------------------------------------------------------------------------


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
    body = b"".join(chunk(b"IDAT", one) for one in pixels)
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

several(
    "PNG",
    {
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
        "a million texts": lambda: png(
            before=b"".join(chunk(b"tEXt", b"%d\0" % number) for number in range(10**6)),
        ),
        "two million private chunks": lambda: png(before=chunk(b"prIv") * 2 * 10**6),
        "two million private chunks behind the pixels": lambda: png(after=chunk(b"prIv") * 2 * 10**6),
        "two million empty parts": lambda: png(pixels=[b""] * 2 * 10**6 + [squeezed(bytes(193), 64)]),
        "pixels in parts of one byte": lambda: png(
            2000, 600, pixels=[bytes([one]) for one in zlib.compress(noise(1_800_000 // 8 * 7), 0)[:1_800_000]]
        ),
        "600,000 frames": lambda: png(
            before=chunk(b"acTL", struct.pack(">II", 600_000, 0))
            + chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 64, 64, 0, 0, 1, 1, 0, 0)) * 600_000
        ),
        "50 megapixels": lambda: png(WIDE, HIGH),
        "50 megapixels and transparency": lambda: png(WIDE, HIGH, colours=6),
        "50 megapixels in 16 bits": lambda: png(WIDE, HIGH, depth=16, colours=6),
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
        "a stream of 24 GB": lambda: png(pixels=[squeezed(bytes(10**6), 24_000)]),
        "a profile that unpacks to a gigabyte": lambda: png(
            before=chunk(b"iCCP", b"p\0\0" + squeezed(bytes(10**6), 1000))
        ),
        "EXIF whose entries are all of it": lambda: png(before=chunk(b"eXIf", overlapping_tiff()[: 10**7])),
        "a profile of many stages": lambda: png(
            64, 64, before=chunk(b"iCCP", b"p\0\0" + zlib.compress(staged_profile(900_000), 1))
        ),
    },
)


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


# JPEG ----------------------------------------------------------------------------------------------------------------


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


several(
    "JPEG",
    {
        "24 MB of fill bytes": lambda: jpeg(b"\xff" * FULL),
        "24 MB between two markers": lambda: jpeg(b"\0" * FULL),
        "24 MB of escaped bytes between two markers": lambda: jpeg(b"\xff\0" * (FULL // 2)),
        "six million empty segments": lambda: jpeg(segment(0xE9) * (FULL // 4)),
        "six million comments": lambda: jpeg(segment(0xFE) * (FULL // 4)),
        "comments of a byte": lambda: jpeg(segment(0xFE, b"a") * (FULL // 5)),
        "empty segments behind the pixels": lambda: small_jpeg()[:-2] + segment(0xE9) * (FULL // 4) + b"\xff\xd9",
        "a flood of quantisation tables": lambda: jpeg(segment(0xDB, (b"\0" + bytes([1] * 64)) * 1000) * 369),
        "a flood of Huffman tables": lambda: jpeg(
            segment(0xC4, (b"\0" + bytes([0, 1] + [0] * 14) + b"\0") * 3600) * 370
        ),
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
        "arithmetic codes of 50 megapixels": lambda: large_jpeg(
            9, scan([1, 2, 3]) + noise(FULL).replace(b"\xff", b"\xfe")
        ),
        "progressive arithmetic codes": lambda: large_jpeg(
            10, scan([1, 2, 3], 0, 0) + noise(FULL).replace(b"\xff", b"\xfe")
        ),
        "restart markers only": lambda: large_jpeg(
            0,
            segment(0xDD, b"\0\1")
            + scan([1, 2, 3])
            + b"".join(bytes([0xFF, 0xD0 + n]) for n in range(8)) * (FULL // 16),
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
    },
)


# GIF -----------------------------------------------------------------------------------------------------------------


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


several(
    "GIF",
    {
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
    },
)


# BMP -----------------------------------------------------------------------------------------------------------------


def bmp(width: int, height: int, bits: int, compression: int, data: bytes) -> bytes:
    colours = bytes(range(256)) * 4
    start = 14 + 40 + len(colours)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(data), 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + info + colours + data


def os2_bmp(width: int, height: int) -> bytes:
    info = struct.pack("<IHHHH", 12, width, height, 1, 24)
    row = (width * 3 + 3) // 4 * 4
    return b"BM" + struct.pack("<IHHI", 26 + row * height, 0, 0, 26) + info + bytes(row * height)


several(
    "BMP",
    {
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
    },
)


# TIFF ----------------------------------------------------------------------------------------------------------------

Tags = dict[int, tuple[int, Sequence[int]]]
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 16: 8}
_LETTERS = {1: "B", 2: "B", 3: "H", 4: "I", 7: "B", 16: "Q"}


def tiff(tags: Tags, data: bytes = b"", following: int = 0) -> bytes:
    """A TIFF with one directory; `data` begin at byte 8. In a tag's values, nothing is filled in."""
    start = 8 + len(data) + len(data) % 2
    places, values = b"", b""
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
    data = tiff_picture(
        bytes(FULL),
        compression=1,
        size=(64, 64),
        rows=64,
        more={40_000 + number: (3, [0, 0, 0]) for number in range(count)},
    )
    for number in range(count):
        place = data.rindex(struct.pack("<HHI", 40_000 + number, 3, 3))
        data = data[:place] + struct.pack("<HHII", 40_000 + number, 7, FULL - 100, 8) + data[place + 12 :]
    return data


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


FLOATS: Tags = {339: (3, [3])}
SIGNED: Tags = {339: (3, [2])}

several(
    "TIFF",
    {
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
    },
)


# WebP ----------------------------------------------------------------------------------------------------------------


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(name + struct.pack("<I", len(one)) + one + b"\0" * (len(one) % 2) for name, one in chunks)
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


several(
    "WebP",
    {
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
    },
)


# AVIF and HEIC -------------------------------------------------------------------------------------------------------


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def full_box(name: bytes, version: int, *parts: bytes) -> bytes:
    return box(name, struct.pack(">I", version << 24), *parts)


def find_box(data: bytes, name: bytes) -> bytes:
    """The contents of the first box of this name, wherever it is."""
    place = data.index(name)
    return data[place + 4 : place - 4 + int.from_bytes(data[place - 4 : place], "big")]


@cache
def coded_tile(kind: str, side: int) -> tuple[bytes, bytes]:
    """A picture's settings (a box) and data, as the encoder writes them."""
    data = encoded(pet(side, side), kind, **({"speed": 10} if kind == "AVIF" else {}))
    name = b"av1C" if kind == "AVIF" else b"hvcC"
    return box(name, find_box(data, name)), find_box(data, b"mdat")


def heif(
    kind: str,
    *,
    tiles: int = 0,
    side: int = 64,
    alone: int = 0,
    exif: bytes = b"",
    thumbnails: int = 0,
    rotations: int = 0,
) -> bytes:
    """A file of many pictures, all of which have the same data.

    Args:
        kind: AVIF or HEIC.
        tiles: the number of tiles in each direction of a picture that is made of them; 0 for a picture without.
        side: of each tile.
        alone: further pictures.
        exif: a block that belongs to all of them.
        thumbnails: further pictures that are thumbnails of the first.
        rotations: how often the first picture is turned.
    """
    settings, data = coded_tile(kind, side)
    coded = b"av01" if kind == "AVIF" else b"hvc1"
    items: list[bytes] = []  # the type of each; their numbers begin with 1
    references = b""
    if tiles:
        items.append(b"grid")
    items += [coded] * (tiles * tiles)
    if tiles:
        parts = b"".join(struct.pack(">H", 2 + number) for number in range(tiles * tiles))
        references += box(b"dimg", struct.pack(">HH", 1, tiles * tiles), parts)
    first = len(items) + 1
    items += [coded] * (alone + (0 if tiles else 1))
    pictures = [1] if tiles else []
    pictures += list(range(first, len(items) + 1))
    for _ in range(thumbnails):
        items.append(coded)
        references += box(b"thmb", struct.pack(">HHH", len(items), 1, 1))
    if exif:
        items.append(b"Exif")
        for picture in pictures:
            references += box(b"cdsc", struct.pack(">HHH", len(items), 1, picture))
    entries = b"".join(
        full_box(b"infe", 2, struct.pack(">HH4sB", number, 0, one, 0)) for number, one in enumerate(items, 1)
    )
    whole = side * tiles if tiles else side
    sizes = [full_box(b"ispe", 0, struct.pack(">II", one, one)) for one in (whole, side)]
    pixi = full_box(b"pixi", 0, b"\3\x08\x08\x08")
    turns = [box(b"irot", b"\1")] * rotations
    properties = box(b"ipco", *sizes, settings, pixi, *turns)
    links = b""
    for number, one in enumerate(items, 1):
        mine = {b"grid": [1, 4], coded: [2, 0x83, 4], b"Exif": []}[one]
        if number == 1:
            mine = mine + [0x80 | (5 + turn) for turn in range(min(rotations, 100))]
        links += struct.pack(">HB", number, len(mine)) + bytes(mine)
    grid = struct.pack(">BBBBHH", 0, 0, tiles - 1, tiles - 1, whole, whole) if tiles else b""
    contents = grid + data + (b"\0\0\0\0" + exif if exif else b"")

    def described(start: int) -> bytes:
        places = b""
        for number, one in enumerate(items, 1):
            place, length = {
                b"grid": (start, len(grid)),
                coded: (start + len(grid), len(data)),
                b"Exif": (start + len(grid) + len(data), 4 + len(exif)),
            }[one]
            places += struct.pack(">HHHII", number, 0, 1, place, length)
        return full_box(
            b"meta",
            0,
            full_box(b"hdlr", 0, bytes(4) + b"pict" + bytes(13)),
            full_box(b"pitm", 0, struct.pack(">H", 1)),
            full_box(b"iinf", 0, struct.pack(">H", len(items)), entries),
            full_box(b"iloc", 0, b"\x44\0", struct.pack(">H", len(items)), places),
            full_box(b"iref", 0, references) if references else b"",
            box(b"iprp", properties, full_box(b"ipma", 0, struct.pack(">I", len(items)), links)),
        )

    brand = b"avif" if kind == "AVIF" else b"heic"
    head = box(b"ftyp", brand, bytes(4), b"mif1", brand)
    start = len(head) + len(described(0)) + 8
    return head + described(start) + box(b"mdat", contents)


def resized_heif(kind: str, width: int, height: int) -> bytes:
    """A small picture that says it is a large one."""
    data = encoded(pet(), kind, **({"speed": 10} if kind == "AVIF" else {}))
    return data.replace(struct.pack(">II", 96, 64), struct.pack(">II", width, height))


for _kind in ("AVIF", "HEIC"):
    several(
        _kind,
        {
            "small tiles": lambda kind=_kind: heif(kind, tiles=100),
            "tiles of 46 megapixels": lambda kind=_kind: heif(kind, tiles=53, side=128),
            "tiles of 49 megapixels": lambda kind=_kind: heif(kind, tiles=27, side=256),
            "900 pictures": lambda kind=_kind: heif(kind, alone=900),
            "30,000 pictures": lambda kind=_kind: heif(kind, alone=30_000),
            "900 pictures that share a large EXIF": lambda kind=_kind: heif(
                kind, alone=900, exif=b"MM\0*" + noise(10**6)
            ),
            "EXIF whose entries are all of it": lambda kind=_kind: heif(kind, exif=overlapping_tiff()[:FULL]),
            "900 thumbnails": lambda kind=_kind: heif(kind, thumbnails=900),
            "turned many times": lambda kind=_kind: heif(kind, tiles=27, side=256, rotations=100),
            "a size that is not true": lambda kind=_kind: resized_heif(kind, WIDE, HIGH),
        },
    )


# Other formats ---------------------------------------------------------------------------------------------------------

several(
    "Others",
    {
        "PPM": lambda: b"P6\n8000 6200\n255\n" + bytes(FULL),
        "ICO": lambda: b"\0\0\1\0\xff\xff" + bytes(FULL),
        "noise": lambda: noise(FULL),
        "a page of blanks": lambda: b" " * FULL,
        "an SVG drawing": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * (FULL // 3),
        "PSD": lambda: b"8BPS\0\1" + bytes(FULL),
    },
)
