"""A picture lies as it lies in a browser: Chromium's answers to the same files are written down here."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from models.pictures.photo import decode, original_size

UPRIGHT, SIDEWAYS = (96, 64), (64, 96)
XMP = b'<x:xmpmeta><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></x:xmpmeta>'
PREFIX = b"Exif\0\0"


def block(value: int = 6, *, kind: int = 3, count: int = 1, tag: int = 274, order: str = "<") -> bytes:
    """EXIF with one entry: by default an orientation, one 16-bit number."""
    letter = {1: "B", 3: "H", 4: "I"}[kind]
    numbers = struct.pack(f"{order}{count}{letter}", *[value] * count).ljust(4, b"\0")
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, 1)
    return head + struct.pack(f"{order}HHI", tag, kind, count) + numbers + bytes(4)


def encoded(kind: str, **options) -> bytes:
    buffer = BytesIO()
    Image.linear_gradient("L").resize(UPRIGHT).convert("RGB").save(buffer, kind, **options)
    return buffer.getvalue()


def two_blocks(first: int, second: int) -> bytes:
    """A JPEG with two EXIF segments."""
    jpeg = encoded("JPEG")
    segments = [PREFIX + block(value) for value in (first, second)]
    return jpeg[:2] + b"".join(b"\xff\xe1" + struct.pack(">H", len(one) + 2) + one for one in segments) + jpeg[2:]


def late_png() -> bytes:
    """A PNG whose eXIf chunk stands behind its pixels."""
    png, chunk = encoded("PNG"), b"eXIf" + block()
    end = png.index(b"IEND") - 4
    return png[:end] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[end:]


def texts(**written: str) -> PngInfo:
    info = PngInfo()
    for name, text in written.items():
        info.add_itxt(name, text)
    return info


def profile_png() -> bytes:
    """A PNG with its EXIF in a text, as old programs wrote it."""
    raw = PREFIX + block()
    return encoded("PNG", pnginfo=texts(**{"Raw profile type exif": f"\nexif\n{len(raw):8}\n{raw.hex()}\n"}))


FILES = {
    "EXIF": (encoded("JPEG", exif=PREFIX + block()), SIDEWAYS),
    "EXIF, most significant byte first": (encoded("JPEG", exif=PREFIX + block(order=">")), SIDEWAYS),
    "the first of two EXIF segments counts": (two_blocks(6, 1), SIDEWAYS),
    "the second of two does not": (two_blocks(1, 6), UPRIGHT),
    "a 32-bit number": (encoded("JPEG", exif=PREFIX + block(kind=4)), UPRIGHT),
    "a byte": (encoded("JPEG", exif=PREFIX + block(kind=1)), UPRIGHT),
    "two numbers": (encoded("JPEG", exif=PREFIX + block(count=2)), UPRIGHT),
    "0": (encoded("JPEG", exif=PREFIX + block(0)), UPRIGHT),
    "9": (encoded("JPEG", exif=PREFIX + block(9)), UPRIGHT),
    "XMP only": (encoded("JPEG", xmp=XMP), UPRIGHT),
    "XMP, and EXIF without an orientation": (encoded("JPEG", xmp=XMP, exif=PREFIX + block(tag=700)), UPRIGHT),
    "XMP against EXIF": (encoded("JPEG", xmp=XMP, exif=PREFIX + block(1)), UPRIGHT),
    "EXIF cut off": (encoded("JPEG", exif=PREFIX + block()[:14]), UPRIGHT),
    "PNG, eXIf": (encoded("PNG", exif=block()), SIDEWAYS),
    "PNG, eXIf behind the pixels": (late_png(), UPRIGHT),
    "PNG, EXIF as a text": (profile_png(), UPRIGHT),
    "PNG, XMP": (encoded("PNG", pnginfo=texts(**{"XML:com.adobe.xmp": XMP.decode()})), UPRIGHT),
    "WebP, EXIF": (encoded("WebP", exif=PREFIX + block()), UPRIGHT),
    "WebP, XMP": (encoded("WebP", xmp=XMP), UPRIGHT),
    "AVIF, its own rotation": (encoded("AVIF", exif=block()), SIDEWAYS),
    "AVIF, EXIF alone": (encoded("AVIF", exif=block(1)).replace(block(1), block()), UPRIGHT),
    "AVIF, XMP": (encoded("AVIF", xmp=XMP), UPRIGHT),
    "TIFF, XMP": (encoded("TIFF", tiffinfo={700: XMP}), UPRIGHT),
    "TIFF": (encoded("TIFF", tiffinfo={274: 6}), SIDEWAYS),
}


@pytest.mark.parametrize("name", FILES)
def test_a_picture_lies_as_in_a_browser(name):
    data, size = FILES[name]
    photo = decode(data)
    assert photo.pixels.shape[1::-1] == size
    assert photo.original_size == original_size(data) == size


def test_a_picture_that_is_not_turned_keeps_its_pixels():
    assert (decode(encoded("JPEG", xmp=XMP)).pixels == decode(encoded("JPEG")).pixels).all()
