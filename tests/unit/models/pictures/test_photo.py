"""models/pictures/photo.py: whatever the visitor's file, either a clean picture or one clear sentence."""

import os
import pickle
import random
import struct
import subprocess
import sys
import warnings
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms, ImageFile, ImageOps, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

from models.pictures import kinds, photo
from models.pictures.photo import MAX_BYTES, MIN_SIDE, Photo, PhotoError, decode, grey
from models.pictures.photo_limits import TOO_MUCH
from models.pictures.photo_names import NAME_LENGTH
from models.storage import ROOT

MESSY = Path(os.environ.get("PHOTO_DATA", ROOT.parent / "shared" / "data" / "messy"))

FORMATS = ("JPEG", "PNG", "WebP", "AVIF", "GIF", "TIFF", "BMP", "HEIC")

# Top left, top right, bottom left, bottom right: they differ for all eight orientations.
RED, GREEN, BLUE, YELLOW = (220, 40, 40), (40, 180, 60), (40, 60, 210), (230, 220, 60)


def quarters(width: int = 96, height: int = 64) -> Image.Image:
    """A picture with four quarters in four colours."""
    image = Image.new("RGB", (width, height))
    for index, colour in enumerate((RED, GREEN, BLUE, YELLOW)):
        left, top = (index % 2) * (width // 2), (index // 2) * (height // 2)
        image.paste(colour, (left, top, width if index % 2 else width // 2, height if index > 1 else height // 2))
    return image


def encode(image: Image.Image, kind: str, **options) -> bytes:
    """The picture as a file in one of FORMATS, at the format's best quality."""
    buffer = BytesIO()
    if kind == "HEIC":
        pillow_heif.from_pillow(image).save(buffer, quality=95, **options)
    else:
        best: dict[str, dict] = {
            "JPEG": {"quality": 95, "subsampling": 0},
            "WebP": {"lossless": True},
            "AVIF": {"quality": 95},
        }
        image.save(buffer, kind, **best.get(kind, {}) | options)
    return buffer.getvalue()


def corners(pixels: np.ndarray) -> list[tuple[int, ...]]:
    """The colours in the middle of the four quarters."""
    height, width = pixels.shape[:2]
    rows, columns = (height // 4, height - 1 - height // 4), (width // 4, width - 1 - width // 4)
    return [tuple(int(value) for value in pixels[row, column]) for row in rows for column in columns]


def assert_close(actual, expected, tolerance: float) -> None:
    np.testing.assert_allclose(np.asarray(actual, float), np.asarray(expected, float), rtol=0, atol=tolerance)


def located_exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Model] = "PRIVATE CAMERA"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (48.0, 8.0, 14.0)
    gps[ExifTags.GPS.GPSLongitudeRef] = "E"
    gps[ExifTags.GPS.GPSLongitude] = (11.0, 34.0, 31.0)
    return exif


def png_header(width: int, height: int) -> bytes:
    """A PNG that ends where its pixels should begin: 8 bits, RGB."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + header
        + struct.pack(">I", zlib.crc32(header))
        + b"\0\0\xff\xffIDAT"
    )


def refusal(data: bytes, **options) -> str:
    with pytest.raises(PhotoError) as caught:
        decode(data, **options)
    return str(caught.value)


# Formats -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_read(kind):
    result = decode(encode(quarters(), kind), name=f"pet.{kind.lower()}")

    assert result.pixels.shape == (64, 96, 3)
    assert result.pixels.dtype == np.uint8
    assert result.pixels.flags.c_contiguous
    assert not result.pixels.flags.writeable
    assert result.original_size == (96, 64)
    assert result.source == "upload"
    assert result.name == f"pet.{kind.lower()}"
    assert not result.location_removed
    assert_close(corners(result.pixels), (RED, GREEN, BLUE, YELLOW), 12)


@pytest.mark.parametrize("kind", ["PNG", "WebP", "TIFF", "BMP"])
def test_lossless_formats_keep_every_value(kind):
    pixels = np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    assert np.array_equal(decode(encode(Image.fromarray(pixels), kind)).pixels, pixels)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
def test_tiff_compressions_are_read(compression):
    result = decode(encode(quarters(), "TIFF", compression=compression))
    assert_close(corners(result.pixels), (RED, GREEN, BLUE, YELLOW), 12)


def test_big_tiff_is_read():
    result = decode(encode(quarters(), "TIFF", big_tiff=True))
    assert corners(result.pixels) == [RED, GREEN, BLUE, YELLOW]


def test_progressive_jpeg_is_read():
    result = decode(encode(quarters(), "JPEG", progressive=True))
    assert_close(corners(result.pixels), (RED, GREEN, BLUE, YELLOW), 12)


@pytest.mark.parametrize("brand", [b"heic", b"mif1"])
def test_a_heic_file_is_recognised_by_its_brands(brand):
    data = encode(quarters(), "HEIC")
    assert data[8:12] == b"heic"
    result = decode(data[:8] + brand + data[12:])
    assert result.original_size == (96, 64)


def test_an_avif_file_with_a_general_brand_is_recognised_by_its_compatible_brands():
    data = encode(quarters(), "AVIF")
    assert decode(data[:8] + b"mif1" + data[12:]).original_size == (96, 64)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_name_plays_no_part_in_recognising_the_type(kind):
    data = encode(quarters(), kind)
    digests = {decode(data, name=name).digest for name in ("", "pet.jpg", "pet.heic", "pet.pdf", "pet")}
    assert len(digests) == 1


def test_a_gif_named_jpg_is_read_by_its_content():
    result = decode(encode(quarters(), "GIF"), name="cat.jpg")
    assert_close(corners(result.pixels), (RED, GREEN, BLUE, YELLOW), 2)
    assert result.name == "cat.jpg"


@pytest.mark.parametrize("kind", ["GIF", "WebP", "AVIF", "PNG", "TIFF"])
def test_the_first_of_several_pictures_is_read(kind):
    first, second = Image.new("RGB", (32, 24), RED), Image.new("RGB", (32, 24), BLUE)
    result = decode(encode(first, kind, save_all=True, append_images=[second, first]))
    assert_close(result.pixels.mean(axis=(0, 1)), RED, 6)


def test_a_jpeg_with_a_second_picture_behind_it_is_read():
    buffer = BytesIO()
    quarters().save(buffer, "MPO", quality=95, save_all=True, append_images=[Image.new("RGB", (96, 64), BLUE)])
    assert_close(corners(decode(buffer.getvalue()).pixels), (RED, GREEN, BLUE, YELLOW), 12)


def test_a_jpeg_with_a_video_behind_it_is_read():
    random_bytes = random.Random(0).randbytes(200_000) + b"\xff\xda" * 500
    assert decode(encode(quarters(), "JPEG") + random_bytes).original_size == (96, 64)


# Modes ---------------------------------------------------------------------------------------------------------------


def as_jpeg_cmyk() -> bytes:
    return encode(quarters().convert("CMYK"), "JPEG")


def as_palette() -> bytes:
    return encode(quarters().quantize(4), "PNG")


def as_lab_tiff() -> bytes:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    image = ImageCms.profileToProfile(quarters(), srgb, lab, outputMode="LAB")
    assert image is not None
    return encode(image, "TIFF")


def as_16_bit_png() -> bytes:
    encoded, data = cv2.imencode(".png", np.asarray(quarters())[..., ::-1].astype(np.uint16) * 257)
    assert encoded
    return data.tobytes()


@pytest.mark.parametrize(
    ("make", "tolerance"),
    [
        pytest.param(as_jpeg_cmyk, 12, id="CMYK JPEG, inverted as Adobe does"),
        pytest.param(lambda: encode(quarters().convert("CMYK"), "TIFF"), 2, id="CMYK TIFF"),
        pytest.param(lambda: encode(quarters().convert("YCbCr"), "JPEG"), 12, id="YCbCr JPEG"),
        pytest.param(lambda: encode(quarters().convert("YCbCr"), "TIFF"), 3, id="YCbCr TIFF"),
        pytest.param(as_lab_tiff, 4, id="LAB TIFF"),
        pytest.param(as_palette, 0, id="palette PNG"),
        pytest.param(lambda: encode(quarters().quantize(4), "BMP"), 0, id="palette BMP"),
        pytest.param(lambda: encode(quarters().convert("RGBA"), "PNG"), 0, id="opaque RGBA PNG"),
        pytest.param(lambda: encode(quarters().convert("RGBA"), "WebP"), 0, id="opaque RGBA WebP"),
        pytest.param(lambda: encode(quarters().convert("RGBA"), "AVIF"), 12, id="opaque RGBA AVIF"),
        pytest.param(lambda: encode(quarters().convert("RGBA"), "HEIC"), 12, id="opaque RGBA HEIC"),
        pytest.param(lambda: encode(quarters().convert("RGBA"), "TIFF"), 0, id="opaque RGBA TIFF"),
        pytest.param(lambda: encode(quarters().convert("RGBA"), "BMP"), 0, id="opaque RGBA BMP"),
        pytest.param(as_16_bit_png, 0, id="16-bit RGB PNG"),
    ],
)
def test_colours_survive_every_colour_mode(make: Callable[[], bytes], tolerance):
    assert_close(corners(decode(make()).pixels), (RED, GREEN, BLUE, YELLOW), tolerance)


@pytest.mark.parametrize("kind", FORMATS)
def test_one_channel_becomes_three_equal_ones(kind):
    result = decode(encode(quarters().convert("L"), kind))
    assert result.pixels.shape == (64, 96, 3)
    assert_close(result.pixels[..., 0], np.asarray(quarters().convert("L")), 10)
    assert_close(result.pixels[..., 0], result.pixels[..., 2], 2)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "TIFF", "BMP"])
def test_one_bit_pictures_are_black_and_white(kind):
    image = Image.new("1", (40, 20))
    image.paste(1, (20, 0, 40, 20))
    pixels = decode(encode(image, kind)).pixels
    assert np.array_equal(pixels[:, :20], np.zeros((20, 20, 3)))
    assert np.array_equal(pixels[:, 20:], np.full((20, 20, 3), 255))


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "big-endian TIFF"])
def test_sixteen_bit_grey_is_divided_and_not_clipped(kind):
    values = np.arange(0, 65536, 64, dtype=np.uint16).reshape(32, 32)
    if kind == "PNG":
        data = encode(Image.fromarray(values), "PNG")
    elif kind == "TIFF":
        data = encode(Image.fromarray(values), "TIFF")
    else:
        data = encode(Image.frombytes("I;16B", (32, 32), values.astype(">u2").tobytes()), "TIFF")
    pixels = decode(data).pixels
    assert np.array_equal(pixels[..., 1], np.rint(values / 257).astype(np.uint8))


def test_sixteen_bit_grey_comes_out_as_its_eight_bit_original():
    levels = np.arange(256, dtype=np.uint16).reshape(16, 16)
    assert np.array_equal(decode(encode(Image.fromarray(levels * 257), "PNG")).pixels[..., 0], levels)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(np.array([0, 128, 255], np.int32), (0, 128, 255), id="eight bits in 32"),
        pytest.param(np.array([0, 257, 65535], np.int32), (0, 1, 255), id="sixteen bits in 32"),
        pytest.param(np.array([0, 500_000, 1_000_000], np.int32), (0, 128, 255), id="more than sixteen bits"),
        pytest.param(np.array([-1000, 0, 64535], np.int32), (0, 4, 255), id="negative"),
        pytest.param(np.array([0, 0.5, 1], np.float32), (0, 128, 255), id="floats up to one"),
        pytest.param(np.array([0, 100, 255], np.float32), (0, 100, 255), id="floats up to 255"),
        pytest.param(np.array([0, 65535 / 2, 65535], np.float32), (0, 128, 255), id="floats up to 65535"),
        pytest.param(np.array([0, 5e8, 1e9], np.float32), (0, 128, 255), id="floats far above"),
        pytest.param(np.array([-1, 0, 3], np.float32), (0, 1, 4), id="negative floats"),
        pytest.param(np.array([np.nan, np.inf, 1], np.float32), (0, 0, 255), id="not a number"),
        pytest.param(np.array([0, 1e38, 3.4e38], np.float32), (0, 255, 255), id="the largest floats"),
        pytest.param(np.array([0, 0, 0], np.float32), (0, 0, 0), id="all black"),
    ],
)
def test_thirty_two_bit_grey_is_scaled_sensibly(values, expected):
    image = Image.fromarray(np.repeat(values, 20)[None].repeat(20, axis=0))
    pixels = decode(encode(image, "TIFF")).pixels
    assert_close(pixels[10, [10, 30, 50], 0], expected, 1)


# Transparency --------------------------------------------------------------------------------------------------------


def half_transparent(mode: str) -> Image.Image:
    """A picture: left opaque red (grey in LA), right half transparent over hidden black."""
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 20, 20))
    return image.convert(mode)


@pytest.mark.parametrize("kind", ["PNG", "WebP", "TIFF", "GIF", "AVIF", "HEIC"])
def test_transparent_pixels_become_white(kind):
    pixels = decode(encode(half_transparent("RGBA"), kind)).pixels
    assert_close(pixels[10, 8], (200, 0, 0), 8)
    assert_close(pixels[10, 32], (255, 255, 255), 3)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_transparent_grey_becomes_white(kind):
    pixels = decode(encode(half_transparent("LA"), kind)).pixels
    assert tuple(pixels[10, 8]) == (60, 60, 60)
    assert tuple(pixels[10, 32]) == (255, 255, 255)


def test_half_covering_pixels_are_mixed_with_white():
    pixels = decode(encode(Image.new("RGBA", (20, 20), (0, 100, 200, 128)), "PNG")).pixels
    assert_close(pixels[10, 10], (127, 177, 227), 1)


@pytest.mark.parametrize(
    ("mode", "transparency"),
    [
        pytest.param("P", 0, id="one palette entry"),
        pytest.param("P", bytes([0, 255, 255, 255]), id="an alpha for each palette entry"),
        pytest.param("RGB", (10, 20, 30), id="one colour"),
        pytest.param("L", 18, id="one grey value"),
        pytest.param("I;16", 18 * 257, id="one sixteen-bit value"),
        pytest.param("1", 0, id="black"),
    ],
)
def test_a_colour_declared_transparent_becomes_white(mode, transparency):
    image = Image.new("RGB", (40, 20), (10, 20, 30))  # brightness 18
    image.paste((200, 200, 200), (20, 0, 40, 20))
    if mode == "P":
        image = image.quantize(2).remap_palette([0, 1] if image.quantize(2).getpixel((0, 0)) == 0 else [1, 0])
    elif mode == "I;16":
        image = Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    else:
        image = image.convert(mode)
    pixels = decode(encode(image, "PNG", transparency=transparency)).pixels
    assert tuple(pixels[10, 8]) == (255, 255, 255)
    assert mode == "1" or tuple(pixels[10, 32]) == (200, 200, 200)


def test_shrinking_lets_no_colour_bleed_out_of_transparent_pixels():
    image = Image.new("RGBA", (1200, 1200), (0, 255, 0, 0))  # hidden green
    image.paste((255, 255, 255, 255), (0, 0, 601, 1200))
    assert (decode(encode(image, "PNG"), max_side=100).pixels == 255).all()


# Orientation and metadata --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "AVIF", "HEIC"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_picture_is_upright_by_its_exif_orientation(kind, orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    tagged = quarters()
    tagged.getexif()[ExifTags.Base.Orientation] = orientation
    expected = ImageOps.exif_transpose(tagged)

    result = decode(encode(quarters(), kind, exif=exif.tobytes()))

    assert result.original_size == expected.size
    assert_close(corners(result.pixels), corners(np.asarray(expected)), 12)


@pytest.mark.parametrize("orientation", [3, 6])
def test_a_large_jpeg_is_shrunk_and_upright(orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    result = decode(encode(quarters(2400, 1600), "JPEG", exif=exif))
    assert result.pixels.shape == ((341, 512, 3) if orientation == 3 else (512, 341, 3))
    assert result.original_size == ((2400, 1600) if orientation == 3 else (1600, 2400))
    assert_close(corners(result.pixels)[0], YELLOW if orientation == 3 else BLUE, 12)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_changes_nothing(orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    assert_close(corners(decode(encode(quarters(), "JPEG", exif=exif)).pixels)[0], RED, 12)


def test_the_first_of_several_tiff_pages_is_upright():
    result = decode(encode(quarters(), "TIFF", tiffinfo={274: 6}, save_all=True, append_images=[quarters()]))
    assert result.original_size == (64, 96)
    assert corners(result.pixels) == [BLUE, RED, YELLOW, GREEN]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF", "AVIF", "HEIC"])
def test_the_place_is_dropped_and_the_visitor_can_be_told(kind):
    data = encode(quarters(), kind, exif=located_exif().tobytes())
    assert b"PRIVATE CAMERA" in data

    result = decode(data)

    assert result.location_removed
    assert set(vars(result)) == {"pixels", "name", "source", "original_size", "location_removed", "end_missing"}
    assert b"PRIVATE CAMERA" not in pickle.dumps(result)


def test_a_place_in_an_old_png_text_profile_is_noticed():
    exif = located_exif().tobytes()
    info = PngInfo()
    info.add_text("Raw profile type exif", f"\nexif\n{len(exif):8}\n{exif.hex()}\n")
    assert decode(encode(quarters(), "PNG", pnginfo=info)).location_removed


@pytest.mark.parametrize("kind", ["JPEG", "WebP", "TIFF"])
def test_a_place_written_as_xmp_is_noticed(kind):
    xmp = b'<x:xmpmeta><rdf:Description exif:GPSLatitude="48,8.2N"/></x:xmpmeta>'
    options = {"tiffinfo": {700: xmp}} if kind == "TIFF" else {"xmp": xmp}
    assert decode(encode(quarters(), kind, **options)).location_removed


def test_a_gps_block_without_coordinates_is_no_place():
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSVersionID] = b"\2\3\0\0"
    assert not decode(encode(quarters(), "JPEG", exif=exif)).location_removed


@pytest.mark.parametrize(
    "exif",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"nonsense", id="no byte order"),
        pytest.param(b"II*\0\xff\xff\xff\xff", id="tags beyond the end"),
        pytest.param(b"MM\0*\0\0\0\x08\xff\xff", id="more tags than bytes"),
        pytest.param(b"II*\0\x08\0\0\0\1\0\x12\1\2\0\x09\0\0\0\0\1\0\0", id="an orientation in letters"),
        pytest.param(b"II*\0\x08\0\0\0\1\0\x25\x88\4\0\1\0\0\0\xff\xff\0\0", id="a place beyond the end"),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP"])
def test_damaged_metadata_does_not_spoil_the_picture(kind, exif):
    with warnings.catch_warnings(record=True) as leaked:
        warnings.simplefilter("always")
        result = decode(encode(quarters(), kind, exif=b"Exif\0\0" + exif))
    assert_close(corners(result.pixels)[0], RED, 12)
    assert not result.location_removed
    assert not leaked


def test_remarks_about_damaged_tags_do_not_reach_the_log():
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    directory[ExifTags.Base.Software] = "0123456789"
    data = encode(quarters(), "TIFF", tiffinfo=directory)
    entry = data.index(struct.pack("<HHI", ExifTags.Base.Software, 2, 11))
    data = data[: entry + 8] + struct.pack("<I", 10**6) + data[entry + 12 :]  # the text is beyond the end of the file
    with warnings.catch_warnings(record=True) as leaked:
        warnings.simplefilter("always")
        Image.open(BytesIO(data))
        assert leaked  # Pillow has logged something
        leaked.clear()
        assert decode(data).original_size == (96, 64)
        assert not leaked


# Size ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "max_side", "shape"),
    [
        ((1024, 768), 512, (384, 512, 3)),
        ((768, 1024), 512, (512, 384, 3)),
        ((512, 512), 512, (512, 512, 3)),
        ((513, 513), 512, (512, 512, 3)),
        ((100, 60), 512, (60, 100, 3)),
        ((1000, 700), None, (700, 1000, 3)),
        ((1000, 700), 64, (45, 64, 3)),
        ((640, 20), 1, (1, 1, 3)),
        ((2048, 64), 512, (16, 512, 3)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_longest_side_is_limited_and_nothing_is_enlarged(kind, size, max_side, shape):
    result = decode(encode(quarters(*size), kind), max_side=max_side)
    assert result.pixels.shape == shape
    assert result.original_size == size


@pytest.mark.parametrize("max_side", [0, -1])
def test_a_senseless_limit_is_the_callers_mistake(max_side):
    with pytest.raises(ValueError, match="at least 1 pixel") as caught:
        decode(encode(quarters(), "PNG"), max_side=max_side)
    assert not isinstance(caught.value, PhotoError)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 2}])
@pytest.mark.parametrize("size", [(4000, 3000), (3001, 1777), (1100, 900)])
def test_decoding_at_a_fraction_equals_decoding_all_and_shrinking(size, options):
    smooth = Image.fromarray(np.random.default_rng(1).integers(0, 256, (30, 40, 3), dtype=np.uint8)).resize(size)
    data = encode(smooth, "JPEG", **options)
    actual = decode(data).pixels.astype(float)
    plain = Image.open(BytesIO(data)).convert("RGB").resize(actual.shape[1::-1], Image.Resampling.LANCZOS)
    difference = np.abs(actual - np.asarray(plain, float))
    assert difference.mean() < 1
    assert difference.max() <= 10


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_fine_stripes_shrink_to_an_even_grey(kind):
    stripes = np.zeros((1600, 1600, 3), np.uint8)
    stripes[:, ::2] = 255
    pixels = decode(encode(Image.fromarray(stripes), kind), max_side=200).pixels
    assert_close(pixels[20:-20, 20:-20], 128, 4)


# Refusals ------------------------------------------------------------------------------------------------------------

SENTENCES = {
    "empty": (b"", "This file is empty (0 bytes)"),
    "one byte": (b"\xff", "This file is not a picture"),
    "text": (b"Dear cat, please find attached", "This file is not a picture"),
    "zeros": (bytes(1000), "This file is not a picture"),
    "XML": (b"<?xml version='1.0'?><note/>", "This file is not a picture"),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
    "SVG with a prologue": (b"\xef\xbb\xbf\n<?xml version='1.0'?>\n<!-- cat -->\n<svg/>", "an SVG drawing"),
    "web page": (b"<!DOCTYPE html><html><body><svg></svg>", "an SVG drawing"),
    "web page without pictures": (b"\n<!DOCTYPE html><html><body>", "a web page"),
    "PDF": (b"%PDF-1.7\n", "a PDF document"),
    "PSD": (b"8BPS\0\1", "a Photoshop file"),
    "EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n", "a PostScript file"),
    "FITS": (b"SIMPLE  =                    T", "an astronomical picture"),
    "ICO": (b"\0\0\1\0\1\0\x10\x10", "an icon"),
    "JPEG 2000": (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"),
    "JPEG XL": (b"\xff\x0a\xfa\x7f", "a JPEG XL picture"),
    "PPM": (b"P6\n32 32\n255\n" + bytes(3072), "a Netpbm picture"),
    "QOI": (b"qoif\0\0\0\x20\0\0\0\x20\3\0", "a QOI picture"),
    "XCF": (b"gimp xcf v011\0", "a GIMP file"),
    "ZIP": (b"PK\x03\x04\x14\0", "a ZIP archive"),
    "MP4": (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "a video"),
    "QuickTime": (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "a video"),
    "WebM": (b"\x1a\x45\xdf\xa3\x01", "a video"),
    "AVI": (b"RIFF\x24\0\0\0AVI LIST", "a video"),
    "CR3": (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "a camera's raw file"),
    "CR2": (b"II*\0\x10\0\0\0CR\2\0", "a camera's raw file"),
    "RAF": (b"FUJIFILMCCD-RAW 0201", "a camera's raw file"),
}


@pytest.mark.parametrize("case", SENTENCES)
def test_what_is_no_photo_is_refused_by_name(case):
    data, words = SENTENCES[case]
    message = refusal(data, name="cat.jpg")
    assert words in message
    assert "please" in message
    assert message.endswith(".")
    assert "\n" not in message


@pytest.mark.parametrize("tags", [{50706: b"\1\4\0\0"}, {254: 1, 330: 8}])
def test_a_raw_file_in_tiff_clothing_is_refused(tags):
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    for tag, value in tags.items():
        directory[tag] = value
    assert "a camera's raw file" in refusal(encode(quarters(), "TIFF", tiffinfo=directory))


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_a_truncated_file_is_refused(kind, share):
    noise = Image.fromarray(np.random.default_rng(2).integers(0, 256, (64, 64, 3), dtype=np.uint8))
    data = encode(noise, kind)
    message = refusal(data[: int(len(data) * share)])
    assert f"This {kind} file is damaged, incomplete or of a rare kind" in message


def test_truncated_files_stay_refused_for_everybody():
    decode(encode(quarters(), "JPEG"))
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_a_png_spoilt_by_a_text_transfer_is_called_damaged():
    data = encode(quarters(), "PNG").replace(b"\r\n", b"\n")
    assert "This PNG file is damaged" in refusal(data)


def test_a_file_with_too_many_bytes_is_refused_with_its_size():
    data = encode(quarters(), "BMP")
    assert decode(data + bytes(MAX_BYTES - len(data))).original_size == (96, 64)
    message = refusal(data + bytes(MAX_BYTES + 1 - len(data)))
    assert "This file has 25.1 MB and at most 25 MB are read" in message


@pytest.mark.parametrize("size", [(15, 200), (200, 15), (1, 1), (15, 15)])
def test_a_picture_that_is_too_small_is_refused_with_its_size(size):
    message = refusal(encode(Image.new("RGB", size), "PNG"))
    assert f"only {size[0]} by {size[1]} pixels and at least {MIN_SIDE} on each side" in message


def test_the_smallest_picture_is_read():
    assert decode(encode(quarters(MIN_SIDE, MIN_SIDE), "PNG")).pixels.shape == (16, 16, 3)


@pytest.mark.parametrize("size", [(20000, 16), (16, 20000), (2049, 64)])
def test_a_strip_too_thin_to_be_shown_is_refused_with_its_size(size):
    message = refusal(encode(Image.new("RGB", size), "PNG"))
    assert f"a strip of {size[0]} by {size[1]} pixels" in message
    assert "crop" in message


def bomb(kind: str) -> bytes:
    """A few bytes whose header promises 60000 by 60000 pixels (16000 by 16000 where that is the format's limit)."""
    if kind == "PNG":
        return png_header(60000, 60000)
    if kind == "GIF":
        return b"GIF89a" + struct.pack("<HHBBB", 60000, 60000, 0, 0, 0) + b",\0\0\0\0" + bytes(100)
    if kind == "BMP":
        info = struct.pack("<IiiHHIIiiII", 40, 60000, 60000, 1, 24, 0, 0, 0, 0, 0, 0)
        return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + info
    if kind == "WebP":
        canvas = (59999).to_bytes(3, "little") * 2
        return (
            b"RIFF" + struct.pack("<I", 100) + b"WEBPVP8X" + struct.pack("<IBBBB", 10, 0, 0, 0, 0) + canvas + bytes(82)
        )
    old = struct.Struct({"JPEG": ">HH", "TIFF": "<HHIHH", "HEIC": ">II", "AVIF": ">II"}[kind])
    data = encode(quarters(), kind)
    if kind == "JPEG":
        return data.replace(old.pack(64, 96), old.pack(60000, 60000), 1)
    if kind == "TIFF":
        for tag, value in ((256, 96), (257, 64)):
            data = data.replace(struct.pack("<HHIHH", tag, 3, 1, value, 0), struct.pack("<HHIHH", tag, 3, 1, 60000, 0))
            data = data.replace(struct.pack("<HHII", tag, 4, 1, value), struct.pack("<HHII", tag, 4, 1, 60000))
        return data
    return data.replace(b"ispe" + bytes(4) + old.pack(96, 64), b"ispe" + bytes(4) + old.pack(16000, 16000))


@pytest.mark.parametrize("kind", FORMATS)
def test_too_many_pixels_are_refused_from_the_header_without_decoding(kind, monkeypatch):
    data = bomb(kind)
    decoded = []
    for parser in photo._PARSERS.values():
        monkeypatch.setattr(parser, "load", lambda self: decoded.append(self))  # noqa: PLW0108 - bound to each
    with warnings.catch_warnings(record=True) as leaked:
        warnings.simplefilter("always")
        message = refusal(data)
    if kind == "WebP":  # Pillow's own check comes first, and its message has no size
        assert "more than the 50 megapixels" in message
    elif kind in {"AVIF", "HEIC"}:
        assert "16000 by 16000 pixels (256 megapixels) and at most 50 megapixels" in message
    else:
        assert "60000 by 60000 pixels (3600 megapixels) and at most 50 megapixels" in message
    assert not decoded
    assert not leaked


def test_a_picture_just_above_the_limit_is_refused_and_one_below_is_not():
    assert "50 megapixels" in refusal(png_header(7072, 7072))
    assert "damaged, incomplete" in refusal(png_header(7071, 7071))


def test_a_gif_frame_larger_than_its_screen_is_refused():
    frame = b"," + struct.pack("<HHHHB", 0, 0, 10_000, 10_000, 0)
    data = b"GIF89a" + struct.pack("<HHBBB", 64, 64, 0, 0, 0) + frame + b"\2\0;"
    with warnings.catch_warnings(record=True) as leaked:
        warnings.simplefilter("always")
        assert "megapixels" in refusal(data)
    assert not leaked


def test_a_tiff_cut_from_one_huge_tile_is_refused():
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    directory[65000], directory[65001] = 60000, 60000
    data = encode(quarters(), "TIFF", tiffinfo=directory)
    for private, tag in ((65000, 322), (65001, 323)):  # Pillow does not write TileWidth and TileLength
        private_entry, entry = (struct.pack("<HHIHH", number, 3, 1, 60000, 0) for number in (private, tag))
        assert private_entry in data
        data = data.replace(private_entry, entry)
    assert "60000 by 60000" in refusal(data)


def test_a_jpeg_made_of_endless_scans_is_refused():
    data = encode(quarters().convert("L"), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    assert decode(data[:-2] + last * 5 + b"\xff\xd9").original_size == (96, 64)
    assert refusal(data[:-2] + last * 200 + b"\xff\xd9") == TOO_MUCH


@pytest.mark.parametrize(
    "error",
    [
        OSError,
        SyntaxError,
        ValueError,
        struct.error,
        EOFError,
        IndexError,
        KeyError,
        TypeError,
        OverflowError,
        ZeroDivisionError,
        RuntimeError,
        AttributeError,
        AssertionError,
        NotImplementedError,
        UnicodeDecodeError,
        zlib.error,
    ],
)
@pytest.mark.parametrize("step", ["__init__", "load"])
def test_whatever_a_parser_raises_the_visitor_gets_a_sentence(error, step, monkeypatch):
    def fail(*_):
        raise error("ascii", b"", 0, 1, "trouble") if error is UnicodeDecodeError else error("trouble")

    monkeypatch.setattr(photo._PARSERS["PNG"], step, fail)
    message = refusal(encode(quarters(), "PNG"))
    assert "This PNG file is damaged, incomplete or of a rare kind" in message
    assert "trouble" not in message


def test_a_lack_of_memory_is_told_apart_from_damage(monkeypatch):
    def fail(_):
        raise MemoryError

    monkeypatch.setattr(photo._PARSERS["PNG"], "load", fail)
    assert "more memory than is free" in refusal(encode(quarters(), "PNG"))


@pytest.mark.parametrize("error", [Image.DecompressionBombError, Image.DecompressionBombWarning])
def test_pillows_own_check_of_the_size_gives_the_same_advice(error, monkeypatch):
    def fail(_):
        raise error("trouble")

    monkeypatch.setattr(photo._PARSERS["PNG"], "load", fail)
    assert "more than the 50 megapixels" in refusal(encode(quarters(), "PNG"))


# Damage at random ----------------------------------------------------------------------------------------------------


def mutate(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """The data with bytes flipped, cut out, doubled or overwritten, or with the end of another file."""
    damaged = bytearray(data)
    how = chance.randrange(5)
    # Half of the damage is in the head, where the structure is.
    place = chance.randrange(min(len(data), 200) if chance.random() < 0.5 else len(data))
    if how == 0:
        for _ in range(chance.randrange(1, 12)):
            position = (place + chance.randrange(40)) % len(damaged)
            damaged[position] = chance.choice((0, 1, 127, 128, 254, 255, chance.randrange(256)))
    elif how == 1:
        del damaged[place : place + chance.randrange(1, 60)]
    elif how == 2:
        damaged[place:place] = damaged[place : place + chance.randrange(1, 200)]
    elif how == 3:
        damaged[place : place + 4] = struct.pack(
            chance.choice("<>") + "I", chance.choice((0, 1, 2**16, 2**31, 2**32 - 1))
        )
    else:
        damaged[place:] = other[chance.randrange(len(other)) :]
    return bytes(damaged)


def healthy_files() -> list[bytes]:
    """Small files of all formats and several modes, most of them with metadata."""
    textured = Image.fromarray(
        np.asarray(quarters()) // 2 + np.random.default_rng(3).integers(0, 100, (64, 96, 3), np.uint8)
    )
    exif = located_exif(6).tobytes()
    files = [encode(textured, kind, exif=exif) for kind in ("JPEG", "PNG", "WebP", "TIFF", "AVIF", "HEIC")]
    files += [encode(textured, kind) for kind in ("GIF", "BMP")]
    files += [
        encode(textured, "JPEG", progressive=True),
        encode(textured.convert("CMYK"), "JPEG"),
        encode(textured.quantize(16), "PNG", transparency=bytes(range(0, 256, 16))),
        encode(textured, "PNG", save_all=True, append_images=[textured.rotate(180)]),
        encode(textured.convert("RGBA"), "WebP", lossless=False),
        encode(textured, "TIFF", compression="jpeg"),
        encode(textured.convert("1"), "TIFF", compression="group4"),
        encode(textured.convert("F"), "TIFF"),
        encode(
            textured.quantize(16),
            "GIF",
            save_all=True,
            append_images=[textured.rotate(180)],
            transparency=3,
            disposal=2,
        ),
        encode(textured.convert("P"), "BMP"),
    ]
    return files


def test_five_hundred_damaged_files_raise_nothing_else_and_warn_of_nothing():
    chance = random.Random(20240229)
    files = healthy_files()
    read = refused = 0
    with warnings.catch_warnings(record=True) as leaked:
        warnings.simplefilter("always")
        for index in range(540):
            data = mutate(files[index % len(files)], chance.choice(files), chance)
            try:
                result = decode(data, max_side=48)
            except PhotoError as error:
                refused += 1
                assert str(error).endswith(".")
            else:
                read += 1
                assert result.pixels.shape[2] == 3
                assert max(result.pixels.shape) <= 48
    assert [str(warning.message) for warning in leaked] == []
    assert read > 50  # otherwise, the damage would be too coarse to reach the decoders
    assert refused > 50


MAGIC = [magic for magic, _ in kinds.READ_MAGIC] + [b"RIFF\x40\0\0\0WEBPVP8 ", b"\0\0\0\x18ftypavif\0\0\0\0avifmif1"]


@settings(max_examples=200)
@given(prefix=st.sampled_from([b"", *MAGIC]), data=st.binary(max_size=300))
def test_random_bytes_raise_nothing_else(prefix, data):
    try:
        decode(prefix + data)
    except PhotoError as error:
        assert str(error).endswith(".")


# The photo -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("cat.jpg", "cat.jpg"),
        ("", "photo"),
        ("/home/me/cat.jpg", "cat.jpg"),
        ("C:\\Users\\me\\cat.jpg", "cat.jpg"),
        ("../../etc/passwd", "passwd"),
        ("pictures/", "photo"),
        ("  my   cat .jpg ", "my cat .jpg"),
        ("line\nbreak\x00\x1b[31m.jpg", "line break [31m.jpg"),
        ("cat\u202egpj.exe", "cat gpj.exe"),
        ("Käfer 猫 \U0001f408.jpg", "Käfer 猫 \U0001f408.jpg"),
        ("\ud800.jpg", ".jpg"),
        ("x" * 60, "x" * 60),
        ("x" * 100 + ".jpeg", "x" * 54 + "….jpeg"),
        ("a." + "x" * 100, "a." + "x" * 47 + "…" + "x" * 10),
    ],
)
def test_the_name_is_fit_to_be_shown(given_name, shown):
    assert decode(encode(quarters(), "PNG"), name=given_name).name == shown


@given(st.text(st.characters(codec=None), max_size=200))
def test_any_name_can_be_shown(given_name):
    shown = Photo(np.zeros((16, 16, 3), np.uint8), given_name, "drawn", (16, 16)).name
    assert 1 <= len(shown) <= NAME_LENGTH
    assert "/" not in shown
    assert "\\" not in shown
    assert shown.encode().decode() == shown
    assert not any(ord(char) < 32 for char in shown)


def test_the_digest_depends_on_pixels_and_shape_only():
    pixels = np.arange(16 * 32 * 3, dtype=np.uint32).astype(np.uint8).reshape(16, 32, 3)
    one = Photo(pixels, "one", "upload", (32, 16))
    same = Photo(pixels.copy(), "two", "camera", (320, 160), location_removed=True)
    reshaped = Photo(pixels.reshape(32, 16, 3), "one", "upload", (16, 32))
    assert len(one.digest) == 64
    assert one.digest == same.digest
    assert one.digest != reshaped.digest
    assert one != same  # equal only to itself: comparing pixels would be slow, and there are digests


def test_the_pixels_cannot_be_changed():
    result = decode(encode(quarters(), "PNG"))
    with pytest.raises(ValueError, match="read-only"):
        result.pixels[0, 0] = 0
    with pytest.raises(AttributeError):
        result.pixels = np.zeros((16, 16, 3), np.uint8)  # type: ignore[misc]


def test_the_callers_own_array_stays_writable():
    pixels = np.zeros((20, 20, 3), np.uint8)
    result = Photo(pixels[::2], "drawn", "drawn", (20, 10))
    pixels[:] = 9
    assert result.pixels.max() == 0
    assert result.pixels.flags.c_contiguous


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((16, 16), np.uint8),
        np.zeros((16, 16, 4), np.uint8),
        np.zeros((16, 16, 3)),
        np.zeros((0, 16, 3), np.uint8),
    ],
)
def test_a_photo_of_anything_but_rgb_bytes_is_a_mistake(pixels):
    with pytest.raises(ValueError, match="pixels must be uint8"):
        Photo(pixels, "wrong", "drawn", (16, 16))


def test_a_photo_travels_to_a_worker_and_stays_read_only():
    result = decode(encode(quarters(), "PNG"), name="cat.png")
    digest = result.digest
    arrived = pickle.loads(pickle.dumps(result))
    assert arrived.digest == digest
    assert arrived.name == "cat.png"
    assert not arrived.pixels.flags.writeable


@pytest.mark.parametrize("side", [1, 20, 64, 65, 224])
def test_a_square_is_cut_from_the_centre(side):
    image = Image.new("RGB", (200, 64), RED)
    image.paste(GREEN, (68, 0, 132, 64))
    square = decode(encode(image, "PNG")).square(side)
    assert square.shape == (side, side, 3)
    assert square.dtype == np.uint8
    assert_close(square, np.broadcast_to(GREEN, square.shape), 0)
    square[:] = 0  # the array is new and belongs to the caller


def test_a_square_of_the_same_size_is_a_plain_crop():
    pixels = np.random.default_rng(4).integers(0, 256, (30, 21, 3), dtype=np.uint8)
    assert np.array_equal(decode(encode(Image.fromarray(pixels), "PNG")).square(21), pixels[4:25])


def test_shrinking_a_square_averages_all_of_its_pixels():
    checks = (np.indices((64, 64)).sum(axis=0) % 2 * 255).astype(np.uint8)[..., None].repeat(3, axis=2)
    assert_close(decode(encode(Image.fromarray(checks), "PNG")).square(16), 128, 1)


def test_a_square_without_pixels_is_a_mistake():
    with pytest.raises(ValueError, match="at least 1 pixel"):
        decode(encode(quarters(), "PNG")).square(0)


def test_grey_weighs_the_channels_as_itu_r_601():
    pixels = np.random.default_rng(5).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    result = grey(pixels)
    assert result.shape == (20, 30)
    assert result.dtype == np.uint8
    assert_close(result, pixels @ np.array([0.299, 0.587, 0.114]), 0.51)
    assert np.array_equal(result, np.asarray(Image.fromarray(pixels).convert("L")))
    assert result.flags.writeable


def test_grey_takes_the_read_only_pixels_of_a_photo():
    assert grey(decode(encode(quarters(), "PNG")).pixels).shape == (64, 96)


def test_many_threads_decode_at_once():
    files = [encode(quarters(200, 120), kind) for kind in FORMATS]
    alone = [decode(data).digest for data in files]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda data: decode(data).digest, files * 6))
    assert together == alone * 6


def test_the_decoder_needs_neither_streamlit_nor_tensorflow_nor_scikit_image():
    code = (
        "import sys; from models.pictures import samples; samples.sample('chelsea'); "
        "print(sorted({'streamlit', 'tensorflow', 'keras', 'skimage'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# Real files ----------------------------------------------------------------------------------------------------------

messy = pytest.mark.skipif(not MESSY.is_dir(), reason="needs the folder of real messy files (PHOTO_DATA)")


@messy
@pytest.mark.parametrize(
    ("name", "shape", "original_size"),
    [
        ("cat_and_dog_together.jpg", (300, 233, 3), (233, 300)),
        ("cat_drawing.jpg", (306, 229, 3), (229, 306)),
        ("cmyk.jpg", (100, 100, 3), (100, 100)),
        ("exif_orientation_6.jpg", (512, 341, 3), (1200, 1800)),
        ("gif_named_jpg.jpg", (202, 250, 3), (250, 202)),
        ("gray_L_mode.jpg", (128, 128, 3), (128, 128)),
        ("huge_12Mpx.jpg", (288, 512, 3), (4640, 2610)),
        ("panorama_500x176.jpg", (176, 500, 3), (500, 176)),
        ("png_rgba_named_jpg.jpg", (150, 200, 3), (200, 150)),
        ("tiny_59x41.jpg", (41, 59, 3), (59, 41)),
        ("truncated.jpg", (100, 100, 3), (100, 100)),
        ("webp_named_png.png", (288, 512, 3), (800, 450)),
    ],
)
def test_real_messy_files_are_read(name, shape, original_size):
    path = MESSY / name
    if not path.is_file():
        pytest.skip(f"{name} is not there")
    result = decode(path.read_bytes(), name=name)
    assert result.pixels.shape == shape
    assert result.original_size == original_size
    assert result.end_missing == (name == "truncated.jpg")  # half of its end marker is missing, and nothing else
