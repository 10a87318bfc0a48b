"""models/pictures/rows.py and large_pictures.py: large pictures have the pixels that they had with a second copy."""

import zlib
from io import BytesIO

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from models.pictures import large_pictures, rows
from models.pictures.photo import decode
from models.pictures.rows import rows_of, shrunk
from models.pictures.structure import MAX_BLOCKS, MAX_CHUNKS
from tests.unit.models.pictures.bombs.gif_bmp import gif
from tests.unit.models.pictures.bombs.jpeg import jpeg, segment
from tests.unit.models.pictures.bombs.png import chunk, png, staged_profile

TEXTURE = Image.fromarray(np.random.default_rng(6).integers(0, 256, (61, 83, 4), dtype=np.uint8))


def picture(mode: str, size: tuple[int, int]) -> Image.Image:
    """A picture with detail, in any mode of Pillow's."""
    whole = TEXTURE.resize(size, Image.Resampling.BICUBIC)
    if mode == "P":
        return whole.convert("RGB").quantize(32)
    if mode.startswith("I;16"):
        return Image.fromarray(np.asarray(whole.convert("L")).astype(np.uint16) * 251)
    if mode in ("I", "F"):
        numbers = np.asarray(whole.convert("L")).astype(np.float32) * 300 - 900
        return Image.fromarray(numbers if mode == "F" else numbers.astype(np.int32))
    if mode in ("CMYK", "LAB", "YCbCr"):
        channels = whole.convert("CMYK") if mode == "CMYK" else whole.convert("RGB")
        return Image.frombytes(mode, size, channels.tobytes())
    return whole.convert(mode)


def as_it_was(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture converted whole and then shrunk by Pillow."""
    if image.mode.startswith(("I", "F")):
        numbers = np.asarray(image)
        if image.mode == "I;16":
            levels = ((np.arange(65536) + 128) // 257).astype(np.uint8)[numbers]
        else:
            values = numbers.astype(np.float32)
            values -= min(0.0, float(values.min()))
            whites = (255.0, 65535.0) if image.mode == "I" else (1.0, 255.0, 65535.0)
            largest = float(values.max())
            values *= 255.0 / next((white for white in whites if largest <= white), largest)
            levels = (values + 0.5).astype(np.uint8)
        if "transparency" in image.info:
            levels[numbers == image.info["transparency"]] = 255
        image = Image.fromarray(levels)
    elif image.has_transparency_data and image.mode not in ("RGBA", "LA"):
        image = image.convert("RGBA")
    elif image.mode in ("1", "P"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


@pytest.mark.parametrize("transparency", [False, True])
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "LAB", "YCbCr", "I;16", "I", "F"])
def test_a_large_picture_is_shrunk_in_strips_to_the_very_pixels_of_shrinking_it_whole(mode, transparency, monkeypatch):
    monkeypatch.setattr(rows, "STRIP_BYTES", 30_000)  # many strips
    image = picture(mode, (1159, 757))
    if transparency:
        value = {"P": bytes(range(0, 256, 8)), "RGB": image.getpixel((7, 9)), "1": 0}.get(mode, 18)
        if mode in ("LA", "RGBA", "CMYK", "LAB", "YCbCr", "I", "F"):
            pytest.skip("no colour of this mode is declared transparent")
        image.info["transparency"] = value
    for size in ((100, 65), (48, 31), (250, 167), (16, 150), (1159, 757)):
        expected = as_it_was(image, size) if size != image.size else None
        found = shrunk(rows_of(image), size)
        assert found.size == size
        if expected is not None:
            assert found.mode == expected.mode
            assert found.tobytes() == expected.tobytes()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
@pytest.mark.parametrize(
    ("kind", "options"),
    [("WebP", {"quality": 70}), ("WebP", {"lossless": True, "exact": True}), ("HEIC", {"quality": 60})],
)
def test_the_way_that_takes_least_memory_finds_the_same_pixels(kind, options, mode, monkeypatch):
    image, buffer = picture(mode, (403, 307)), BytesIO()
    if kind == "HEIC":
        pillow_heif.from_pillow(image).save(buffer, **options)
    else:
        image.save(buffer, kind, **options)
    usual = decode(buffer.getvalue(), max_side=40)
    monkeypatch.setattr(large_pictures, "LARGE_PIXELS", 1000)
    sparing = decode(buffer.getvalue(), max_side=40)
    assert np.array_equal(sparing.pixels, usual.pixels)
    assert sparing.original_size == usual.original_size


def test_what_an_ordinary_file_holds_beside_its_picture_is_no_reason_to_refuse_it():
    some = chunk(b"tEXt", b"Comment\0A cat") * 500 + chunk(b"prIv", bytes(100)) * 3000
    assert MAX_CHUNKS > 25 * 2**20 // 1024  # the pixels of the largest file, in parts of 1 KB
    files = [
        png(before=chunk(b"iCCP", b"p\0\0" + b"no profile") + some, after=some[:1000]),
        gif(middle=b"\x21\xfe" + (b"\xff" + b"a" * 255) * (MAX_BLOCKS - 10) + b"\0"),
        jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + bytes(65_000)) * 200 + segment(0xFE, b"A cat") * 1000),
        jpeg(b"\xff" * 1000),
    ]
    for data in files:
        assert min(decode(data).original_size) == 64


def test_a_profile_of_a_long_chain_counts_as_its_other_tags_say():
    plain = png()
    staged = png(before=chunk(b"iCCP", b"p\0\0" + zlib.compress(staged_profile(5000))))
    assert np.array_equal(decode(staged).pixels, decode(plain).pixels)
