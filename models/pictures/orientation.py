"""Which way up a picture is: as browsers read it, so that a photo lies here as it lay in the visitor's browser.

Held against Chromium: JPEG by its EXIF block, PNG by an eXIf chunk before its pixels, AVIF by its rotation and not by
EXIF, WebP not at all, and nothing by XMP. TIFF and HEIC, which Chromium does not show, are upright once decoded.
"""

import struct

from PIL import Image

from models.pictures.png_chunks import png_chunk

_TAG, _SHORT = 274, 3


def orientation(image: Image.Image, data: bytes) -> int:
    """Return the orientation of a decoded picture, 1 (upright) to 8, numbered as in EXIF.

    Args:
        image: as Pillow loaded it from `data`; in an AVIF file, Pillow writes the rotation into the EXIF block.
        data: the file's bytes.
    """
    if image.format in ("JPEG", "AVIF"):
        return _of_exif(image.info.get("exif", b""))
    return _of_exif(png_chunk(data, b"eXIf")) if image.format == "PNG" else 1


def _of_exif(block: bytes) -> int:
    """The orientation in a block's first directory: one 16-bit number, 1 to 8. Everything else counts as upright."""
    try:
        block = block.removeprefix(b"Exif\0\0")
        order = {b"II*\0": "<", b"MM\0*": ">"}[block[:4]]
        (start,) = struct.unpack_from(f"{order}I", block, 4)
        (entries,) = struct.unpack_from(f"{order}H", block, start)
        for place in range(start + 2, start + 2 + 12 * entries, 12):
            tag, kind, count, value = struct.unpack_from(f"{order}HHIH", block, place)
            if (tag, kind, count) == (_TAG, _SHORT, 1):
                return value if 1 <= value <= 8 else 1
    except (AttributeError, KeyError, TypeError, struct.error):
        pass
    return 1
