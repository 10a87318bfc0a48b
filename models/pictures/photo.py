"""Bytes of a picture file → `Photo`: the one decoder, for the web and for training pipelines.

A visitor's file is not trusted: its type is read from its first bytes, its size from its header, and only then is it
decoded, by the one parser that its type names. Only pixels are kept; all metadata (place, date, camera) is dropped.
Colours that a file describes otherwise (Display P3, Adobe RGB, CMYK …) are converted to sRGB, as browsers do.
"""

import hashlib
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageFile
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile
from pillow_heif import HeifImageFile

from models.pictures.colours import described_profile, to_srgb
from models.pictures.jpeg_file import Scans, closed, filled, read_scans
from models.pictures.kinds import recognise, refusal
from models.pictures.large_pictures import check_decoder_memory, loaded_rows
from models.pictures.orientation import orientation
from models.pictures.photo_limits import (
    MAX_BYTES,
    MAX_PIXELS,
    MAX_RATIO,
    MIN_SIDE,
    PhotoError,
    check_length,
    check_pixels,
    check_size,
)
from models.pictures.photo_names import shown_name
from models.pictures.rows import Rows, rows_of, shrunk
from models.pictures.structure import check_structure

__all__ = ["MAX_BYTES", "MAX_PIXELS", "MAX_RATIO", "MIN_SIDE", "Photo", "PhotoError", "Source", "decode", "grey"]

Source = Literal["upload", "camera", "sample", "drawn"]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Photo:
    """One decoded picture: its pixels, and what a page says about it.

    Attributes:
        pixels: uint8 array (height, width, 3), RGB, upright, C-contiguous and read-only.
        name: the file's name without its folder, for the visitor; printable, at most `NAME_LENGTH` characters.
        source: where it comes from.
        original_size: (width, height) in pixels, upright, before shrinking.
        location_removed: the file contained the place where the photo was taken, which was dropped.
        end_missing: the file, a JPEG, breaks off before its end marker, but after the last pixel's data.

    Raises:
        ValueError: `pixels` are not uint8 or not (height, width, 3).
    """

    pixels: Pixels
    name: str
    source: Source
    original_size: tuple[int, int]
    location_removed: bool = False
    end_missing: bool = False

    def __post_init__(self) -> None:
        pixels = self.pixels
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
            raise ValueError(f"pixels must be uint8 (height, width, 3), not {pixels.dtype} {pixels.shape}")
        if pixels.flags.writeable or not pixels.flags.c_contiguous:
            pixels = pixels.copy(order="C")
            pixels.setflags(write=False)
        object.__setattr__(self, "pixels", pixels)
        object.__setattr__(self, "name", shown_name(self.name))

    def __setstate__(self, state: dict[str, Any]) -> None:
        # A NumPy array is writable after unpickling, for example in a worker process.
        state["pixels"].setflags(write=False)
        self.__dict__.update(state)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of shape and pixels in 64 hexadecimal digits: the key for cached results for this photo."""
        return hashlib.sha256(repr(self.pixels.shape).encode() + self.pixels.tobytes()).hexdigest()

    def square(self, side: int) -> Pixels:
        """Return the largest centred square, resized, as the input of a network.

        Args:
            side: pixels, at least 1.

        Returns:
            A new uint8 array (side, side, 3).

        Raises:
            ValueError: `side` is below 1.
        """
        if side < 1:
            raise ValueError(f"side must be at least 1 pixel, not {side}")
        height, width = self.pixels.shape[:2]
        short = min(height, width)
        top, left = (height - short) // 2, (width - short) // 2
        crop = self.pixels[top : top + short, left : left + short]
        # INTER_AREA averages all the pixels that it merges. Other methods would skip some and leave moiré.
        interpolation = cv2.INTER_AREA if side < short else cv2.INTER_CUBIC
        resized = cv2.resize(crop, (side, side), interpolation=interpolation)
        return np.ascontiguousarray(resized, dtype=np.uint8)


def grey(pixels: Pixels) -> Pixels:
    """Return the brightness by ITU-R 601, 0.299 R + 0.587 G + 0.114 B, as computed by Pillow's `convert("L")`.

    Args:
        pixels: uint8 array (height, width, 3), RGB.

    Returns:
        A new uint8 array (height, width).
    """
    return np.array(Image.fromarray(pixels).convert("L"))


def decode(data: bytes, *, name: str = "", source: Source = "upload", max_side: int | None = 512) -> Photo:
    """Read a JPEG, PNG, WebP, AVIF, GIF (first frame), TIFF (first page), BMP or HEIC file.

    The result is upright (see `models.pictures.orientation`) and sRGB, with transparent pixels on white. Sixteen-bit
    pictures are scaled down to eight bits, not clipped. The type is recognised by the file's bytes, not by its name.
    A JPEG that breaks off is read if no pixel lacks data.

    Args:
        data: the file's bytes, at most `MAX_BYTES`.
        name: the file's name, shown to the visitor.
        source: where the file comes from.
        max_side: shrink so that the longest side has at most this many pixels; None keeps the size. Never enlarges.

    Raises:
        PhotoError: the file cannot be used; the text says why, and what to do. No bytes raise anything else.
        ValueError: `max_side` is below 1.
    """
    if max_side is not None and max_side < 1:
        raise ValueError(f"max_side must be at least 1 pixel, not {max_side}")
    check_length(len(data))
    kind = recognise(data)
    _quieten_pillow()
    try:
        check_structure(kind, data)
        image, place_in_xmp, scans = _open(kind, data)
        stored = image.size
        end_missing = False
        if scans is not None:
            end_missing = _load_jpeg(image, data, scans, _fit(stored, max_side))
            rows = rows_of(image)
        else:
            rows = loaded_rows(kind, image, data)
            stored = rows.size  # while decoding, libheif may correct the header's size, and Pillow rotates a TIFF
            check_size(stored)
        turned = orientation(image, data)
        located = place_in_xmp or _take_xmp(image) or _has_place(image)
        pixels = _to_rgb(rows, _fit(stored, max_side), turned, described_profile(image, data))
    except PhotoError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoError(
            f"This picture has more than the {MAX_PIXELS // 10**6} megapixels that are read: "
            "please choose a smaller copy."
        ) from error
    except MemoryError as error:
        raise PhotoError(
            "This picture needs more memory than is free here: please choose a smaller copy of it."
        ) from error
    except Exception as error:
        # For damaged files, parsers raise nearly anything: OSError, SyntaxError, ValueError, struct.error, EOFError,
        # IndexError, KeyError, TypeError, OverflowError, ZeroDivisionError, RuntimeError …
        raise PhotoError(
            f"This {kind} file is damaged, incomplete or of a rare kind: "
            "please copy it again, or save the photo as JPEG or PNG and choose that file."
        ) from error
    original_size = (stored[1], stored[0]) if turned in _SIDEWAYS else stored
    return Photo(pixels, name, source, original_size, located, end_missing)


def original_size(data: bytes) -> tuple[int, int]:
    """Return (width, height) in pixels, upright, as `decode` finds them. Of a JPEG, only the header is read.

    Args:
        data: the file's bytes.

    Raises:
        PhotoError: the file cannot be used. A JPEG with a sound header may still be damaged.
    """
    if data.startswith(b"\xff\xd8\xff") and len(data) <= MAX_BYTES:
        try:
            image, _, _ = _open("JPEG", data)
        except PhotoError:
            raise
        except Exception:  # noqa: BLE001 - whatever is wrong with it, `decode` says
            return decode(data).original_size
        width, height = image.size
        return (height, width) if orientation(image, data) in _SIDEWAYS else (width, height)
    return decode(data).original_size


# What the file is ----------------------------------------------------------------------------------------------------

_PARSERS: Mapping[str, Callable[[BytesIO], ImageFile.ImageFile]] = {
    # Pillow's classes are called directly. Image.open() also accepts a list of formats, but it warns about large
    # pictures before their size can be read, and it tries several parsers on one file.
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WebP": WebPImageFile,
    "AVIF": AvifImageFile,
    "GIF": GifImageFile,
    "TIFF": TiffImageFile,
    "BMP": BmpImageFile,
    "HEIC": HeifImageFile,
}


# What the header says ------------------------------------------------------------------------------------------------


def _open(kind: str, data: bytes) -> tuple[ImageFile.ImageFile, bool, Scans | None]:
    """Parse and check the header only. Raises PhotoError, or anything that a parser raises.

    Returns:
        The picture, not yet decoded, whether its XMP says where the photo was taken, and a JPEG's scans.
    """
    scans = read_scans(data) if kind == "JPEG" else None
    image = _PARSERS[kind](BytesIO(data))
    if isinstance(image, TiffImageFile):
        _check_tiff(image)
    check_size(image.size)
    check_decoder_memory(kind, image)
    return image, _take_xmp(image), scans


def _load_jpeg(image: ImageFile.ImageFile, data: bytes, scans: Scans, size: tuple[int, int]) -> bool:
    """Decode a JPEG at `size` (width, height) or a little larger, and return whether its end marker is missing.

    Raises:
        ValueError: image data are missing, too.
    """

    def load(one: ImageFile.ImageFile) -> Image.Image:
        if size != one.size:
            # libjpeg can decode to 1/2, 1/4 or 1/8. Twice the wanted size leaves the last step to Lanczos.
            one.draft(None, (2 * size[0], 2 * size[1]))
        one.load()
        return one

    if scans.end is None:
        if not scans.covered or not scans.huffman:
            raise ValueError("the file breaks off")
        image.fp = BytesIO(closed(data, None))
    width, height = load(image).size
    corner = image.crop((width - 4, height - 4, width, height))
    # Where data are missing, libjpeg goes on in an even grey, whether an end marker follows or not.
    suspect = scans.end is None or (scans.huffman and len(corner.getcolors() or ()) == 1)
    if suspect and any(load(JpegImageFile(BytesIO(one))).tobytes() != image.tobytes() for one in filled(data, scans)):
        raise ValueError("image data are missing")
    return scans.end is None


def _check_tiff(image: TiffImageFile) -> None:
    tags = image.tag_v2
    # Raw formats (DNG, NEF, ARW) are TIFF files whose first page is only a thumbnail.
    is_thumbnail = tags.get(254, 0) & 1 and 330 in tags  # NewSubfileType, SubIFDs
    if 50706 in tags or is_thumbnail:  # DNGVersion
        raise refusal("a camera's raw file")
    tile_width, tile_height = tags.get(322, 1), tags.get(323, 1)
    check_pixels((int(tile_width), int(tile_height)))  # a small picture may be part of one huge tile


def _take_xmp(image: Image.Image) -> bool:
    """Take the XMP away and return whether it holds a place. Pillow would turn a picture by it; browsers do not."""
    blocks = [image.info.pop(name, b"") for name in ("xmp", "XML:com.adobe.xmp")]
    return any(b"GPSLatitude" in block if isinstance(block, bytes) else "GPSLatitude" in str(block) for block in blocks)


def _has_place(image: Image.Image) -> bool:
    """Return whether a picture's EXIF says where it was taken. Unreadable metadata counts as none."""
    try:
        place = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    except Exception:  # noqa: BLE001 - damaged metadata raise whatever they please
        return False
    return ExifTags.GPS.GPSLatitude in place or ExifTags.GPS.GPSLongitude in place


_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = {5, 6, 7, 8}

_METADATA_REMARKS = ("ignore", None, UserWarning, re.compile(r"PIL\.(Png|Tiff)ImagePlugin"), 0)


def _quieten_pillow() -> None:
    """Keep Pillow's warnings about damaged metadata out of the log, and make its warning about huge pictures an error.

    `warnings.catch_warnings` would do so for one call, but it replaces the filters of all threads. These two filters
    are added once and stay. If some other `catch_warnings` has removed them, they are added again.
    """
    if _METADATA_REMARKS not in warnings.filters:
        warnings.filterwarnings("ignore", category=UserWarning, module=_METADATA_REMARKS[3].pattern)
        warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


# What the pixels are -------------------------------------------------------------------------------------------------


def _fit(size: tuple[int, int], max_side: int | None) -> tuple[int, int]:
    """`size` scaled down so that the longest side is at most `max_side`, and no side is below one pixel."""
    if max_side is None or max(size) <= max_side:
        return size
    scale = max_side / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _to_rgb(rows: Rows, size: tuple[int, int], turned: int, profile: bytes) -> Pixels:
    """Eight-bit sRGB of any Pillow mode, at `size` (width, height) and then upright; read-only (height, width, 3)."""
    image = shrunk(rows, size)
    if profile:
        image = to_srgb(image, profile)
    if image.mode in ("RGBA", "LA"):
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA"))
    if image.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
        assert converted is not None  # it is None only for a conversion in place
        image = converted
    image = image.convert("RGB")
    if turned in _UPRIGHT:
        image = image.transpose(_UPRIGHT[turned])
    pixels = np.array(image)
    pixels.setflags(write=False)
    return pixels
