"""From the colours that a file describes to sRGB, the colours that screens, browsers and networks take numbers for.

A file describes its colours by an ICC profile, by code points (PNG's cICP, the nclx of AVIF and HEIC) or, in a PNG, by
its primaries and its gamma. A profile that is damaged, or that does not fit the pixels, counts as none, as in browsers.
"""

import re
import struct
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageCms

from models.pictures.png_chunks import png_chunk

_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
"""A profile's kind of colours → the mode of pictures that it fits."""

MAX_PROFILE = 4 * 2**20
"""Largest profile, in bytes, that is used. Those of printers, which are the largest, have about two megabytes."""

_KEPT_PROFILES = 4
"""Profiles whose conversions are remembered: a class's photos are from few cameras."""

_FLOATING = re.compile(rb"[DB]2[DB][0-3]")
"""Names of a profile's floating-point tags (ICC.1:2022, 9.2). What they hold is a chain of any length, through which
every colour goes. Browsers do not use them, and a profile has the others, too."""

_TOLERANCE = 1
"""Levels by which a profile may differ from sRGB and still be taken for it: such a picture is left as it is."""


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return the picture in sRGB: as it is, or converted by Pillow's ImageCms, as perceptual as the profile says.

    Args:
        image: mode L, LA, RGB, RGBA, YCbCr or CMYK; another mode is returned as it is. Transparency is kept.
        profile: an ICC profile. An unusable one changes nothing.
    """
    if image.mode in ("RGBA", "LA"):
        alpha = image.getchannel("A")
        colours = to_srgb(image.convert(image.mode.removesuffix("A")), profile).convert("RGB")
        colours.putalpha(alpha)
        return colours
    if image.mode == "YCbCr":
        image = image.convert("RGB")
    if image.mode not in ("L", "RGB", "CMYK"):
        return image
    transform, takes = _transform(profile, image.mode)
    if transform is None:
        return image
    converted = ImageCms.applyTransform(image.convert(takes), transform)
    return image if converted is None else converted


def _transform(profile: bytes, mode: str) -> tuple[ImageCms.ImageCmsTransform | None, str]:
    return (None, mode) if len(profile) > MAX_PROFILE else _kept_transform(profile, mode)


@lru_cache(maxsize=_KEPT_PROFILES)
def _kept_transform(profile: bytes, mode: str) -> tuple[ImageCms.ImageCmsTransform | None, str]:
    """The conversion of pictures of a mode, None if nothing is to be converted, and the mode that it takes."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(_without_floating_tags(profile)))
        takes = _MODES.get(source.profile.xcolor_space.strip())
        if takes is None or (takes != mode and (takes, mode) != ("RGB", "L")):  # RGB profiles are found in grey files
            return None, mode
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), takes, "RGB")
        if takes != "CMYK":
            probe = _probe().convert(takes)
            before = np.asarray(probe.convert("RGB"), np.int16)
            after = np.asarray(ImageCms.applyTransform(probe, transform), np.int16)
            if np.abs(after - before).max() <= _TOLERANCE:
                return None, mode
    except Exception:  # noqa: BLE001 - a damaged profile raises PyCMSError, OSError, ValueError, TypeError …
        return None, mode
    return transform, takes


def _without_floating_tags(profile: bytes) -> bytes:
    """The profile with other names for those tags in its table, which begins at byte 128 with their number."""
    end = 132 + 12 * int.from_bytes(profile[128:132], "big")
    table = bytearray(profile[132:end])
    for place in range(0, len(table), 12):
        if _FLOATING.fullmatch(table, place, place + 4):
            table[place : place + 4] = b"none"
    return profile[:132] + bytes(table) + profile[end:]


@lru_cache(maxsize=1)
def _probe() -> Image.Image:
    """Colours from all over the cube, and every grey."""
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
    greys = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    return Image.fromarray(np.concatenate([cube, greys])[None])


# Colours that are described without a profile -------------------------------------------------------------------------


class Primaries(NamedTuple):
    """Where white, red, green and blue lie: x and y of CIE 1931."""

    white: tuple[float, float]
    red: tuple[float, float]
    green: tuple[float, float]
    blue: tuple[float, float]


_D65 = (0.3127, 0.329)
_PRIMARIES = {  # ITU-T H.273, table 2
    1: Primaries(_D65, (0.64, 0.33), (0.3, 0.6), (0.15, 0.06)),
    9: Primaries(_D65, (0.708, 0.292), (0.17, 0.797), (0.131, 0.046)),
    12: Primaries(_D65, (0.68, 0.32), (0.265, 0.69), (0.15, 0.06)),
}
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_CURVES = {  # ITU-T H.273, table 3. Pictures with the curves of video (1, 6, 14, 15) are shown as sRGB, as in browsers.
    1: _SRGB_CURVE,
    4: (2.2,),
    5: (2.8,),
    6: _SRGB_CURVE,
    8: (1.0,),
    13: _SRGB_CURVE,
    14: _SRGB_CURVE,
    15: _SRGB_CURVE,
}


def described_profile(image: Image.Image, data: bytes) -> bytes:
    """Return the ICC profile of a loaded picture, or one made from how else the file describes its colours.

    Args:
        image: as Pillow loaded it from `data`.
        data: the file's bytes.

    Returns:
        b"" if the file says nothing, or sRGB, or something that is for videos only.

    Source: the order is that of the PNG specification (third edition, 2025), 4.3.
    """
    profile = image.info.get("icc_profile")
    if image.format == "PNG":
        if points := png_chunk(data, b"cICP"):
            return _coded(points[0], points[1]) if len(points) == 4 else b""
        if profile or "srgb" in image.info:
            return profile or b""
        gamma, chromaticity = image.info.get("gamma"), image.info.get("chromaticity")
        if gamma and chromaticity:  # one without the other leaves too much to guess
            pairs = [tuple(chromaticity[place : place + 2]) for place in range(0, 8, 2)]
            return _matrix_profile(Primaries(*pairs), (1 / gamma,))
    elif not profile and image.format in ("AVIF", "HEIF"):
        place = data.find(b"colrnclx", 0, 65536)
        if place >= 0:
            return _coded(*struct.unpack(">HH", data[place + 8 : place + 12].ljust(4, b"\0")))
    return profile if isinstance(profile, bytes) else b""


def _coded(primaries: int, curve: int) -> bytes:
    if primaries in _PRIMARIES and curve in _CURVES:
        return _matrix_profile(_PRIMARIES[primaries], _CURVES[curve])
    return b""


def _matrix_profile(primaries: Primaries, curve: tuple[float, ...]) -> bytes:
    """An ICC profile of three primaries and one curve, or b"" if they are no colours.

    Args:
        primaries: none of them may be 0 high.
        curve: gamma, or gamma, a, b, c and d of a curve with a linear beginning, such as sRGB's.

    Source: ICC.1:2022, clauses 7 to 10 and annex F.3; white is brought to D50 by the Bradford matrix (annex E).
    """
    try:
        columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in primaries]).T
        white, rgb = columns[:, 0], columns[:, 1:]
        rgb = rgb * np.linalg.solve(rgb, white)
        bradford = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
        d50 = np.array([0.9642, 1, 0.8249])
        scale = (bradford @ d50) / (bradford @ white)
        rgb = np.linalg.inv(bradford) @ (scale[:, None] * (bradford @ rgb))
        tags = {
            name: b"XYZ \0\0\0\0" + _fixed(*rgb[:, place]) for place, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))
        }
        kind = 0 if len(curve) == 1 else 3
        shape = b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + _fixed(*curve)
    except (ArithmeticError, ValueError, struct.error, np.linalg.LinAlgError):
        return b""
    tags |= {b"wtpt": b"XYZ \0\0\0\0" + _fixed(*d50), b"rTRC": shape, b"gTRC": shape, b"bTRC": shape}
    table, body, start = b"", b"", 128 + 4 + 12 * len(tags)
    for name, contents in tags.items():
        table += name + struct.pack(">II", start + len(body), len(contents))
        body += contents.ljust(-(-len(contents) // 4) * 4, b"\0")
    head = struct.pack(">I4xI4s4s4s12x4s28x", start + len(body), 0x04200000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    return head + _fixed(*d50) + bytes(48) + struct.pack(">I", len(tags)) + table + body


def _fixed(*numbers: float) -> bytes:
    return struct.pack(f">{len(numbers)}i", *(round(float(number) * 65536) for number in numbers))
