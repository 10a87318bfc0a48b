"""Small code that builds picture files which would take a decoder far more memory or time than a photo does.

Each is at most 25 MB large, as any visitor could send it. Nothing here comes from elsewhere.
"""

from tests.unit.models.pictures.bombs import gif_bmp, heif, jpeg, png, tiff, webp
from tests.unit.models.pictures.bombs.parts import FULL, Makers, noise

_OTHERS: Makers = {
    "PPM": lambda: b"P6\n8000 6200\n255\n" + bytes(FULL),
    "ICO": lambda: b"\0\0\1\0\xff\xff" + bytes(FULL),
    "noise": lambda: noise(FULL),
    "a page of blanks": lambda: b" " * FULL,
    "an SVG drawing": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * (FULL // 3),
    "PSD": lambda: b"8BPS\0\1" + bytes(FULL),
}

_FORMATS: dict[str, Makers] = {
    "PNG": png.MAKERS,
    "JPEG": jpeg.MAKERS,
    "GIF": gif_bmp.GIF,
    "BMP": gif_bmp.BMP,
    "TIFF": tiff.MAKERS,
    "WebP": webp.MAKERS,
    "AVIF": heif.makers("AVIF"),
    "HEIC": heif.makers("HEIC"),
    "Others": _OTHERS,
}

BOMBS: Makers = {f"{kind}: {name}": make for kind, makers in _FORMATS.items() for name, make in makers.items()}
"""FORMAT: what it holds → how it is made."""
