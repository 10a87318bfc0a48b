"""What a JPEG's markers tell before and after it is decoded: its scans, what they cost, and whether data are missing.

Source: ITU-T T.81 (1992), annex B: a file is segments behind markers, and scans of compressed data.
"""

import re
from typing import NamedTuple

from models.pictures.photo_limits import PICTURE_BYTES, check_pixels, too_much

_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # but no stuffed zero or restart marker in compressed data
_END, _SCAN, _RESTART_INTERVAL = 0xD9, 0xDA, 0xDD
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # but tables of Huffman and arithmetic codes, and a reserved one
_HUFFMAN_FRAMES = {0xC0, 0xC1, 0xC2}
_PROGRESSIVE_FRAMES = {0xC2, 0xC6, 0xCA, 0xCE}
_TABLES = {0xC4, 0xCC, 0xDB}  # of Huffman and arithmetic codes, and for quantisation
_COEFFICIENTS = 64
_BLOCK_BYTES = 2 * _COEFFICIENTS

MAX_SCANS = 100
"""Most scans in one JPEG. A progressive photo has about ten."""

MAX_PASSES = 40_000_000
"""Most blocks of 8 by 8 pixels that all scans pass over together. A scan is a pass over the whole picture, which takes
35 ms for 50 megapixels, but only 75 bytes. A progressive photo of 50 megapixels has nine million."""

HEAVY_PASSES, HEAVY_BYTES = 8_000_000, 8 * 2**20
"""From here on, a JPEG is not decoded four times to find out whether data are missing, but twice."""

MAX_SEGMENTS = 4_000
"""Most segments in one JPEG: each is taken apart in Python. 25 MB of the longest segments are 400."""

MAX_TABLE_BYTES = 512 * 1024
"""Bytes of all tables together. A progressive photo has about 2 KB."""

MAX_JUNK = 64 * 1024
"""Bytes before the pixels that belong to no segment."""

END_MARKER = b"\xff\xd9"
_FILLERS = (b"\x55" * 48, b"\xaa" * 48, bytes(range(17, 113)))
"""Bytes that are decoded as something else each, where image data are missing. None holds a marker."""


class Scans(NamedTuple):
    """What the markers say.

    Attributes:
        number: of scans up to the end marker.
        end: place of the end marker in the file, or None if there is none.
        covered: whether the scans hold every coefficient of every component to its last bit.
        huffman: whether the data are coded by Huffman: arithmetic codes do not show where they end.
        restarts: whether restart markers divide the data.
        heavy: whether it takes long to decode.
    """

    number: int
    end: int | None
    covered: bool
    huffman: bool
    restarts: bool
    heavy: bool


class _Frame(NamedTuple):
    """A frame's header.

    Attributes:
        progressive: whether each scan brings a part of the coefficients only.
        blocks: number of blocks of each component.
    """

    progressive: bool
    blocks: dict[int, int]


def read_scans(data: bytes) -> Scans:
    """Walk through a JPEG's segments up to its end-of-image marker; phones append a video.

    Raises:
        PhotoError: it has more of something than a photo has, or more pixels than are read.
    """
    count, position, end = 0, 2, None
    segments = tables = junk = passes = 0
    huffman = restarts = False
    frame = _Frame(False, {})
    missing: dict[int, list[int]] = {}  # component → for each coefficient, how many of its last bits are missing
    while match := _MARKER.search(data, position):
        if not count:
            junk += match.start() - position
        marker, position = data[match.start() + 1], match.end()
        if marker == _END:
            end = match.start()
            break
        segments += 1
        body = b""
        if marker > 0xD8 or 0xC0 <= marker <= 0xCF:  # a segment with its length
            length = int.from_bytes(data[position : position + 2], "big")
            body = data[position + 2 : position + length]
            position += length
        if marker in _TABLES:
            tables += len(body)
        elif marker in _FRAMES:
            huffman = marker in _HUFFMAN_FRAMES
            frame = _read_frame(marker, body)
            missing |= {component: [16] * _COEFFICIENTS for component in frame.blocks}
        elif marker == _RESTART_INTERVAL:
            restarts = any(body)
        elif marker == _SCAN:
            count += 1
            components = _note_scan(body, missing)
            passes += sum(frame.blocks.get(component, 0) for component in components)
            _check_memory(frame, components)
        if segments > MAX_SEGMENTS or tables > MAX_TABLE_BYTES or junk > MAX_JUNK or count > MAX_SCANS:
            raise too_much()
        if passes > MAX_PASSES:
            raise too_much()
    if not count and junk + len(data) - position > MAX_JUNK and end is None:
        raise too_much()  # bytes that belong to nothing, up to the file's end
    covered = bool(missing) and not any(any(bits) for bits in missing.values())
    heavy = passes > HEAVY_PASSES or len(data) > HEAVY_BYTES
    return Scans(count, end, covered, huffman, restarts, heavy)


def _read_frame(marker: int, body: bytes) -> _Frame:
    """Read a frame's header (ITU-T T.81, B.2.2).

    Raises:
        PhotoError: it has more pixels than are read.
    """
    components = [body[place : place + 3] for place in range(6, len(body) - 2, 3)]
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    check_pixels((width, height))
    across = max((one[1] >> 4 for one in components), default=0) or 1
    down = max((one[1] & 15 for one in components), default=0) or 1
    columns, rows = -(-width // (8 * across)), -(-height // (8 * down))
    blocks = {one[0]: columns * (one[1] >> 4) * rows * (one[1] & 15) for one in components}
    return _Frame(marker in _PROGRESSIVE_FRAMES, blocks)


def _check_memory(frame: _Frame, components: bytes) -> None:
    """Raise PhotoError for too many coefficients: libjpeg keeps all of them where one scan does not bring them all."""
    kept = frame.progressive or len(components) < len(frame.blocks)
    if kept and sum(frame.blocks.values()) * _BLOCK_BYTES > PICTURE_BYTES:
        raise too_much()


def _note_scan(body: bytes, missing: dict[int, list[int]]) -> bytes:
    """Note which bits of which coefficients a scan brings, by its header, and return its components."""
    components = body[1 : 1 + 2 * body[0] : 2] if body else b""
    if len(body) < 4 + 2 * len(components):
        return components
    first, last, bits = body[-3], min(body[-2], _COEFFICIENTS - 1), body[-1] & 15
    for component in components:
        if component in missing:
            missing[component][first : last + 1] = [bits] * (last + 1 - first)
    return components


def closed(data: bytes, end: int | None) -> bytes:
    """Return the file with an end marker at `end`, or behind its last byte."""
    return data[:end].rstrip(b"\xff") + END_MARKER


def filled(data: bytes, scans: Scans) -> list[bytes]:
    """Return the file with several fillings between its last scan and the end marker.

    Where every pixel has its data, a decoder skips what follows them, and all of these are the same picture. Where data
    are missing, it takes the filling for them. For a file that takes long, one filling has to do.
    """
    start = data[: scans.end].rstrip(b"\xff")
    files = []
    for filler in _FILLERS[:1] if scans.heavy else _FILLERS:
        # The next interval is looked for behind a restart marker, whichever its number is.
        again = b"".join(bytes([0xFF, 0xD0 + number]) + filler for number in range(8)) if scans.restarts else b""
        files.append(start + filler + again + END_MARKER)
    return files
