"""Colours become sRGB as Pillow's ImageCms converts them, within one level."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from models.pictures import colours
from models.pictures.photo import decode

RANDOM = np.random.default_rng(1)
CUBE = Image.fromarray(np.kron(RANDOM.integers(0, 256, (8, 8, 3), dtype=np.uint8), np.ones((8, 8, 1), np.uint8)))
D65 = (0.3127, 0.329)
ADOBE = colours.Primaries(D65, (0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
P3, REC_2020, SRGB = (colours._coded(number, 13) for number in (12, 9, 1))
ADOBE_RGB = colours._matrix_profile(ADOBE, (563 / 256,))
GREY = colours._matrix_profile(ADOBE, (1.0,)).replace(b"RGB XYZ ", b"GRAYXYZ ", 1).replace(b"rTRC", b"kTRC", 1)


def encoded(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def converted(image: Image.Image, profile: bytes) -> np.ndarray:
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    result = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    assert result is not None
    return np.asarray(result, int)


def assert_within_one_level(pixels: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(pixels.astype(int), expected, rtol=0, atol=1)


def with_chunk(png: bytes, kind: bytes, contents: bytes) -> bytes:
    chunk = kind + contents
    return png[:33] + struct.pack(">I", len(contents)) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[33:]


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WebP", "JPEG", "AVIF"])
@pytest.mark.parametrize("profile", [P3, REC_2020, ADOBE_RGB], ids=["Display P3", "BT.2020", "Adobe RGB"])
def test_a_profile_is_converted_as_image_cms_does(kind, profile):
    best: dict[str, dict] = {
        "WebP": {"lossless": True},
        "JPEG": {"quality": 95, "subsampling": 0},
        "AVIF": {"quality": 100},
    }
    data = encoded(CUBE, kind, icc_profile=profile, **best.get(kind, {}))
    with Image.open(BytesIO(data)) as stored:
        expected = converted(stored.convert("RGB"), profile)
        before = np.asarray(stored.convert("RGB"), int)
    assert np.abs(expected - before).max() > 20
    assert_within_one_level(decode(data).pixels, expected)


def test_a_shrunk_photo_is_converted_too():
    wide = CUBE.resize((2400, 1600), Image.Resampling.NEAREST)
    profiles: tuple[dict, dict] = ({"icc_profile": P3}, {})
    photo, plain = (decode(encoded(wide, "JPEG", quality=95, **more)) for more in profiles)
    assert_within_one_level(photo.pixels, converted(Image.fromarray(plain.pixels), P3))


@pytest.mark.parametrize("profile", [SRGB, ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()])
def test_a_profile_that_says_srgb_changes_no_pixel(profile):
    np.testing.assert_array_equal(decode(encoded(CUBE, icc_profile=profile)).pixels, np.asarray(CUBE))


def test_display_p3_holds_redder_reds():
    # The corner of Display P3 lies outside of sRGB; its white and greys are sRGB's.
    image = Image.new("RGB", (48, 16), (128, 128, 128))
    image.paste((255, 0, 0), (0, 0, 16, 16))
    image.paste((200, 50, 50), (32, 0, 48, 16))
    row = decode(encoded(image, icc_profile=P3)).pixels[8, 8::16].astype(int)
    assert_within_one_level(row[:2], np.array([[255, 0, 0], [128, 128, 128]]))
    assert row[2, 0] > 210
    assert row[2, 1] < 40


def test_transparency_stays():
    image = CUBE.copy()
    image.putalpha(Image.linear_gradient("L").resize(CUBE.size))
    solid = Image.fromarray(converted(CUBE, P3).astype(np.uint8)).convert("RGBA")
    solid.putalpha(image.getchannel("A"))
    expected = np.asarray(Image.alpha_composite(Image.new("RGBA", solid.size, "white"), solid).convert("RGB"), int)
    assert_within_one_level(decode(encoded(image, icc_profile=P3)).pixels, expected)


def test_a_palette_is_converted():
    palette = CUBE.quantize(32)
    expected = converted(palette.convert("RGB"), P3)
    assert_within_one_level(decode(encoded(palette, icc_profile=P3)).pixels, expected)


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("alpha", [False, True])
def test_grey_with_a_grey_profile_is_converted(depth, alpha):
    ramp = np.tile(np.arange(0, 256, 4, dtype=np.uint8), (16, 1))
    image = Image.fromarray(ramp) if depth == 8 else Image.fromarray(ramp.astype(np.uint16) * 257)
    if alpha:
        image = Image.merge("LA", [Image.fromarray(ramp), Image.new("L", (64, 16), 255)])
    pixels = decode(encoded(image, icc_profile=GREY)).pixels
    assert_within_one_level(pixels, converted(Image.fromarray(ramp), GREY))
    assert pixels[0, 8, 0] > 90  # 32 of 255, if they are light and no gamma, are a middle grey


def test_grey_with_a_profile_for_colours_is_converted_as_browsers_do():
    ramp = Image.linear_gradient("L")
    expected = converted(ramp.convert("RGB"), ADOBE_RGB)
    assert_within_one_level(decode(encoded(ramp, icc_profile=ADOBE_RGB)).pixels, expected)


def cmyk_profile() -> bytes:
    """A device's profile: an eight-bit table from ink to Lab with two points a side, on which lightness falls."""
    grid = np.stack(np.meshgrid(*[[0.0, 1.0]] * 4, indexing="ij"), axis=-1).reshape(-1, 4)
    light = 100 * (1 - grid[:, 3]) * (1 - grid[:, :3].mean(axis=1) * 0.8)
    red = 60 * (grid[:, 1] - grid[:, 0]) * (1 - grid[:, 3])
    yellow = 60 * (grid[:, 2] - grid[:, :2].mean(axis=1)) * (1 - grid[:, 3])
    lab = np.stack([light * 2.55, red + 128, yellow + 128], axis=1).round().astype(np.uint8)
    ramp = bytes(range(256))
    identity = struct.pack(">9i", *[65536 if place % 4 == 0 else 0 for place in range(9)])
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + identity + ramp * 4 + lab.tobytes() + ramp * 3
    head = struct.pack(">I4xI4s4s4s12x4s28x", 144 + len(table), 0x02100000, b"prtr", b"CMYK", b"Lab ", b"acsp")
    white = struct.pack(">3i", 63190, 65536, 54061)
    return head + white + bytes(48) + struct.pack(">I", 1) + b"A2B0" + struct.pack(">II", 144, len(table)) + table


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_ink_with_a_profile_is_converted(kind):
    ink = Image.fromarray(np.kron(RANDOM.integers(0, 256, (4, 4, 4), dtype=np.uint8), np.ones((16, 16, 1), np.uint8)))
    ink = Image.merge("CMYK", ink.split())
    profile = cmyk_profile()
    data = encoded(ink, kind, icc_profile=profile)
    with Image.open(BytesIO(data)) as stored:
        expected = converted(stored, profile)
        plain = np.asarray(stored.convert("RGB"), int)
    assert np.abs(expected - plain).max() > 20
    assert_within_one_level(decode(data).pixels, expected)


@pytest.mark.parametrize(
    "profile",
    [
        b"",
        b"no profile",
        P3[:200],
        P3[:128] + bytes(200),
        bytes(4000),
        GREY,
        cmyk_profile(),
        P3.replace(b"rXYZ", b"none"),
    ],
    ids=["empty", "text", "cut", "no tags", "zeros", "for greys", "for ink", "a colour missing"],
)
def test_a_profile_that_is_damaged_or_does_not_fit_changes_nothing(profile):
    np.testing.assert_array_equal(decode(encoded(CUBE, icc_profile=profile)).pixels, np.asarray(CUBE))


# Without a profile ----------------------------------------------------------------------------------------------------


def fixed(*numbers: float) -> bytes:
    return struct.pack(f">{len(numbers)}I", *(round(number * 100_000) for number in numbers))


def test_a_pngs_primaries_and_gamma_count_together_and_not_alone():
    gamma = with_chunk(encoded(CUBE), b"gAMA", fixed(256 / 563))
    corners = fixed(*D65, *ADOBE.red, *ADOBE.green, *ADOBE.blue)
    both = with_chunk(gamma, b"cHRM", corners)
    assert_within_one_level(decode(both).pixels, converted(CUBE, ADOBE_RGB))
    np.testing.assert_array_equal(decode(gamma).pixels, np.asarray(CUBE))
    np.testing.assert_array_equal(decode(with_chunk(encoded(CUBE), b"cHRM", corners)).pixels, np.asarray(CUBE))
    np.testing.assert_array_equal(decode(with_chunk(both, b"sRGB", b"\0")).pixels, np.asarray(CUBE))


def test_a_pngs_code_points_come_before_its_profile():
    coded = with_chunk(encoded(CUBE, icc_profile=ADOBE_RGB), b"cICP", bytes([12, 13, 0, 1]))
    assert_within_one_level(decode(coded).pixels, converted(CUBE, P3))
    for points in ([1, 13, 0, 1], [9, 16, 0, 1], [12, 13], [77, 13, 0, 1]):  # sRGB, light of films, cut, unknown
        data = with_chunk(encoded(CUBE), b"cICP", bytes(points))
        np.testing.assert_array_equal(decode(data).pixels, np.asarray(CUBE))


@pytest.mark.parametrize("numbers", [(0,) * 8, (0.3, 0, 0.6, 0.3, 0.3, 0.6, 0.1, 0.1), (0.3,) * 8])
def test_primaries_that_are_no_colours_change_nothing(numbers):
    data = with_chunk(with_chunk(encoded(CUBE), b"gAMA", fixed(0.4545)), b"cHRM", fixed(*numbers))
    np.testing.assert_array_equal(decode(data).pixels, np.asarray(CUBE))


def test_an_avif_says_its_colours_by_code_points():
    data = encoded(CUBE, "AVIF", quality=100)
    place = data.index(b"colrnclx") + 8
    plain = decode(data).pixels
    coded = data[:place] + struct.pack(">HH", 12, 13) + data[place + 4 :]
    assert_within_one_level(decode(coded).pixels, converted(Image.fromarray(plain), P3))
