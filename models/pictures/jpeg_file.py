"""What a JPEG's markers tell before and after it is decoded: its scans, and whether image data are missing.

Source: ITU-T T.81 (1992), annex B: a file is segments behind markers, and scans of compressed data.
"""

import re
from typing import NamedTuple

_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # but no stuffed zero or restart marker in compressed data
_END, _SCAN, _RESTART_INTERVAL = 0xD9, 0xDA, 0xDD
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # but tables of Huffman and arithmetic codes, and a reserved one
_HUFFMAN_FRAMES = {0xC0, 0xC1, 0xC2}
_COEFFICIENTS = 64

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
    """

    number: int
    end: int | None
    covered: bool
    huffman: bool
    restarts: bool


def read_scans(data: bytes) -> Scans:
    """Walk through a JPEG's segments up to its end-of-image marker; phones append a video."""
    count, position, end = 0, 2, None
    huffman = restarts = False
    missing: dict[int, list[int]] = {}  # component → for each coefficient, how many of its last bits are missing
    while match := _MARKER.search(data, position):
        marker, position = data[match.start() + 1], match.end()
        if marker == _END:
            end = match.start()
            break
        body = b""
        if marker > 0xD8 or 0xC0 <= marker <= 0xCF:  # a segment with its length
            length = int.from_bytes(data[position : position + 2], "big")
            body = data[position + 2 : position + length]
            position += length
        if marker in _FRAMES:
            huffman = marker in _HUFFMAN_FRAMES
            missing |= {component: [16] * _COEFFICIENTS for component in body[6::3]}
        elif marker == _RESTART_INTERVAL:
            restarts = any(body)
        elif marker == _SCAN:
            count += 1
            _note_scan(body, missing)
    covered = bool(missing) and not any(any(bits) for bits in missing.values())
    return Scans(count, end, covered, huffman, restarts)


def _note_scan(body: bytes, missing: dict[int, list[int]]) -> None:
    """Note which bits of which coefficients a scan brings, by its header."""
    components = body[1 : 1 + 2 * body[0] : 2] if body else b""
    if len(body) < 4 + 2 * len(components):
        return
    first, last, bits = body[-3], min(body[-2], _COEFFICIENTS - 1), body[-1] & 15
    for component in components:
        if component in missing:
            missing[component][first : last + 1] = [bits] * (last + 1 - first)


def closed(data: bytes, end: int | None) -> bytes:
    """Return the file with an end marker at `end`, or behind its last byte."""
    return data[:end].rstrip(b"\xff") + END_MARKER


def filled(data: bytes, scans: Scans) -> list[bytes]:
    """Return the file with several fillings between its last scan and the end marker.

    Where every pixel has its data, a decoder skips what follows them, and all of these are the same picture. Where data
    are missing, it takes the filling for them.
    """
    start = data[: scans.end].rstrip(b"\xff")
    files = []
    for filler in _FILLERS:
        # The next interval is looked for behind a restart marker, whichever its number is.
        again = b"".join(bytes([0xFF, 0xD0 + number]) + filler for number in range(8)) if scans.restarts else b""
        files.append(start + filler + again + END_MARKER)
    return files
