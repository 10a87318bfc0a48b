"""Whether a file is built as photos are: looked through before any decoder sees it.

Decoders take one part of a file after the other. Of some (comments, tables, scans, entries), millions fit into 25 MB,
and each costs a decoder time or memory. A photo has few.
"""

import struct
from collections.abc import Callable, Mapping

from models.pictures.photo_limits import MAX_BYTES, MAX_PIXELS, UNPACKED_BYTES, check_pixels, too_much

MAX_CHUNKS = 30_000
"""Chunks in one PNG or WebP. At 25 MB, a PNG with pixels in parts of 1 KB has fewer."""

MAX_OTHER_CHUNKS = 5_000
"""Chunks in one PNG that hold no pixels."""

MAX_PACKED_CHUNKS = 64
"""Packed chunks in one PNG, texts and colour profiles: each unpacks to as much as a megabyte."""

MAX_TEXT_BYTES = 8 * 2**20
"""Bytes of all texts in one PNG. One that holds a picture's description in digits is taken apart line by line."""

MAX_BLOCKS = 20_000
"""Blocks before the first picture of a GIF, 255 bytes each: comments, a colour profile."""

MAX_JUNK = 64 * 1024
"""Bytes of a file that belong to nothing."""

MAX_RLE_PIXELS, MAX_RLE_BYTES = 6_000_000, 3_000_000
"""Largest run-length encoded BMP, pixels and bytes: Pillow decodes these, which are rare, in Python."""

MAX_ENTRIES = 4_096
"""Entries of a TIFF's directory. Photos have about 50."""

MAX_STRIPS = 65_536
"""Strips or tiles of a TIFF, and numbers in any of its entries."""

MAX_TABLE = 64 * 1024
"""Bytes of each table of an AVIF or HEIC file that lists its parts: enough for a thousand tiles."""

MAX_TRACKS = 1024 * 1024
"""Bytes of what describes the moving pictures of such a file."""


def check_structure(kind: str, data: bytes) -> None:
    """Look through a file; of a JPEG, `models.pictures.jpeg_file.read_scans` does it.

    A file that is damaged is left to its decoder.

    Args:
        kind: the format, as `models.pictures.kinds.recognise` names it.
        data: the file's bytes.

    Raises:
        PhotoError: it has more of something than a photo has.
    """
    if kind in _CHECKS:
        _CHECKS[kind](data)


def _png(data: bytes) -> None:
    if len(data) >= 26:
        width, height, depth, colours = struct.unpack_from(">IIBB", data, 16)
        if width * height <= MAX_PIXELS and width * height * depth * _CHANNELS.get(colours, 1) // 8 > UNPACKED_BYTES:
            raise too_much()
    position = 8
    chunks = others = packed = text = 0
    while position + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, position)
        if name == b"IEND":
            break
        chunks += 1
        others += name not in (b"IDAT", b"fdAT")
        packed += name in (b"iCCP", b"zTXt", b"iTXt")
        text += length if name in (b"tEXt", b"zTXt", b"iTXt") else 0
        if chunks > MAX_CHUNKS or others > MAX_OTHER_CHUNKS or packed > MAX_PACKED_CHUNKS or text > MAX_TEXT_BYTES:
            raise too_much()
        position += 12 + length


_CHANNELS = {2: 3, 4: 2, 6: 4}
"""Type of a PNG's colours → numbers of a pixel, where they are more than one."""


def _webp(data: bytes) -> None:
    position, chunks = 12, 0
    while position + 8 <= len(data):
        chunks += 1
        if chunks > MAX_CHUNKS:
            raise too_much()
        length = int.from_bytes(data[position + 4 : position + 8], "little")
        position += 8 + length + length % 2


def _gif(data: bytes) -> None:
    # Pillow's GIF parser allocates memory for a frame as soon as it reads the header.
    check_pixels((int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")))
    flags = data[10] if len(data) > 10 else 0
    position = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    blocks = junk = 0
    while position < len(data) and data[position] not in b",;":
        if data[position] != ord("!"):
            position, junk = position + 1, junk + 1
            if junk > MAX_JUNK:
                raise too_much()
            continue
        position += 2
        while position < len(data):
            blocks += 1
            if blocks > MAX_BLOCKS:
                raise too_much()
            length = data[position]
            position += 1 + length
            if not length:
                break


def _bmp(data: bytes) -> None:
    if len(data) < 34 or int.from_bytes(data[14:18], "little") < 40:
        return
    width, height, _, _, compression = struct.unpack_from("<iiHHI", data, 18)
    if compression in (1, 2) and (abs(width * height) > MAX_RLE_PIXELS or len(data) > MAX_RLE_BYTES):
        raise too_much()


def _tiff(data: bytes) -> None:
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    try:
        (start,) = struct.unpack_from(f"{order}Q" if big else f"{order}I", data, 8 if big else 4)
        (entries,) = struct.unpack_from(f"{order}Q" if big else f"{order}H", data, start)
        if entries > MAX_ENTRIES:
            raise too_much()
        first, length = (start + 8, 20) if big else (start + 2, 12)
        held = 0
        for place in range(first, first + entries * length, length):
            _, kind, count = struct.unpack_from(f"{order}HHQ" if big else f"{order}HHI", data, place)
            held += count * _TIFF_SIZES.get(kind, 1)
            # Bytes, texts and what only its maker knows may be long: colour profiles, for example.
            if (count > MAX_STRIPS and kind not in (1, 2, 6, 7)) or held > 2 * MAX_BYTES:
                raise too_much()
    except (struct.error, OverflowError):
        return  # the directory goes beyond the file's end, which its decoder says


_TIFF_SIZES = {3: 2, 4: 4, 5: 8, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
"""Type of a TIFF's entry → bytes of one number, where they are more than one."""


def _boxes(data: bytes) -> None:
    """Look through an AVIF or HEIC file: boxes within boxes (ISO/IEC 14496-12)."""
    for name, begin, end in _inside(data, 0, len(data)):
        if name == b"moov" and end - begin > MAX_TRACKS:
            raise too_much()
        if name == b"meta":
            for inner, first, last in _inside(data, begin + 4, end):
                if inner in (b"iinf", b"iloc", b"iref") and last - first > MAX_TABLE:
                    raise too_much()
                if inner == b"iprp":
                    for table, here, there in _inside(data, first, last):
                        # Beside the list of who has which property stand the properties, with a colour profile.
                        most = MAX_TABLE if table == b"ipma" else 64 * MAX_TABLE
                        if there - here > most:
                            raise too_much()
                        if table == b"ipco":
                            _inside(data, here, there)  # counts the properties


def _inside(data: bytes, begin: int, end: int) -> list[tuple[bytes, int, int]]:
    """The boxes between two places: their names, and where their contents begin and end."""
    found: list[tuple[bytes, int, int]] = []
    while begin + 8 <= end:
        length, name = struct.unpack_from(">I4s", data, begin)
        head = 8
        if length == 1 and begin + 16 <= end:
            head, length = 16, int.from_bytes(data[begin + 8 : begin + 16], "big")
        elif length == 0:
            length = end - begin
        if length < head:
            break
        found.append((name, begin + head, min(begin + length, end)))
        if len(found) > MAX_CHUNKS:
            raise too_much()
        begin += length
    return found


_CHECKS: Mapping[str, Callable[[bytes], None]] = {
    "PNG": _png,
    "WebP": _webp,
    "GIF": _gif,
    "BMP": _bmp,
    "TIFF": _tiff,
    "AVIF": _boxes,
    "HEIC": _boxes,
}
