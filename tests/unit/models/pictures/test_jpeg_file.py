"""A JPEG that breaks off is read where no pixel lacks data, and refused where one does, end marker or not."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from models.pictures.jpeg_file import END_MARKER, read_scans
from models.pictures.photo import PhotoError, decode

NOISE = Image.fromarray(np.random.default_rng(2).integers(0, 256, (150, 203, 3), dtype=np.uint8))
FLAT = Image.new("RGB", (203, 150), (250, 250, 250))
SCENE = Image.linear_gradient("L").resize((203, 150)).convert("RGB")
KINDS: dict[str, dict] = {
    "baseline": {},
    "progressive": {"progressive": True},
    "grey": {},
    "restarts": {"restart_marker_blocks": 5},
    "restarts by rows": {"restart_marker_rows": 1, "subsampling": 0},
    "optimised": {"optimize": True, "subsampling": 2},
}


def jpeg(image: Image.Image, kind: str = "baseline") -> bytes:
    buffer = BytesIO()
    (image.convert("L") if kind == "grey" else image).save(buffer, "JPEG", quality=90, **KINDS[kind])
    return buffer.getvalue()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cut", [1, 2])
@pytest.mark.parametrize("image", [NOISE, FLAT, SCENE], ids=["noise", "flat", "scene"])
def test_only_the_end_marker_is_missing(image, cut, kind):
    data = jpeg(image, kind)
    photo, whole = decode(data[:-cut]), decode(data)
    assert photo.end_missing
    assert not whole.end_missing
    np.testing.assert_array_equal(photo.pixels, whole.pixels)
    assert photo.original_size == whole.original_size


def test_bytes_behind_the_last_pixel_are_no_pixels():
    data = jpeg(SCENE)
    assert decode(data[:-2] + b"\0" * 700).end_missing
    assert not decode(data + b"\0" * 700).end_missing


@pytest.mark.parametrize("ended", [False, True], ids=["broken off", "ended all the same"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_image_data_are_missing(share, kind, ended):
    data = jpeg(NOISE, kind)
    if ended and kind == "progressive":
        pytest.skip("every pixel is there, if not every bit of it")
    with pytest.raises(PhotoError, match="damaged, incomplete"):
        decode(data[: int(len(data) * share)] + (END_MARKER if ended else b""))


def test_the_last_bytes_of_the_image_data_count():
    data = jpeg(NOISE)
    for cut in range(4, 12):
        with pytest.raises(PhotoError, match="damaged, incomplete"):
            decode(data[:-cut])


def test_an_interval_between_restart_markers_is_missing_as_a_whole():
    data = jpeg(NOISE, "restarts")
    place = max(data.rfind(bytes([0xFF, 0xD0 + number])) for number in range(8))
    for ending in (b"", data[place : place + 2], END_MARKER):
        with pytest.raises(PhotoError, match="damaged, incomplete"):
            decode(data[:place] + ending)


def test_a_progressive_file_without_its_last_scan_is_incomplete():
    data = jpeg(NOISE, "progressive")
    place = data.rfind(b"\xff\xda")
    assert not read_scans(data[:place]).covered
    with pytest.raises(PhotoError, match="damaged, incomplete"):
        decode(data[:place])


def test_a_large_photo_is_judged_at_the_size_at_which_it_is_decoded():
    data = jpeg(Image.fromarray(np.random.default_rng(3).integers(0, 256, (1500, 2100, 3), dtype=np.uint8)))
    assert decode(data[:-2]).end_missing
    for ending in (b"", END_MARKER):
        with pytest.raises(PhotoError, match="damaged, incomplete"):
            decode(data[:-40_000] + ending)


def test_what_the_markers_say():
    data = jpeg(NOISE, "restarts")
    scans = read_scans(data)
    assert scans.end == len(data) - 2
    assert scans.number == 1
    assert (scans.covered, scans.huffman, scans.restarts) == (True, True, True)
    assert not read_scans(jpeg(NOISE)).restarts
    assert read_scans(jpeg(NOISE, "progressive")).number == 10


@pytest.mark.parametrize(("kind", "cut"), [("PNG", 12), ("PNG", 4), ("GIF", 1)])
def test_other_kinds_end_with_their_last_pixel_too(kind, cut):
    buffer = BytesIO()
    SCENE.save(buffer, kind)
    data = buffer.getvalue()
    np.testing.assert_array_equal(decode(data[:-cut]).pixels, decode(data).pixels)
