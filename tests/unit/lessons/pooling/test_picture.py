"""Pooling on a whole picture: what is lost, moved and disturbed is what Keras's layers say; the drawn lines and the
noise; what the browser is sent and the visitor told.
"""

import base64
import itertools
import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.browser import encode_message
from components.lessons.pooling.picture import NOISE_SHARE, payload
from components.lessons.pooling.picture.scene import MAX_SPEED, SIDE, SIZES, SOURCES, THE_END, VIEWS, PictureScene
from components.lessons.pooling.picture.texts import CHOICES, TEXTS
from components.player import TRANSPORT_TEXTS
from models.arithmetic import PoolingMode, enlarge
from models.arithmetic.pooling_study import MODES, study_pooling
from models.pictures.patterns import salt_and_pepper, thin_lines
from models.pictures.photo import Photo, Source
from models.pictures.samples import sample
from models.pretrained.first_layer import FILTERS, first_layer, relu6

DEFAULT = PictureScene()
SETTINGS: list[Any] = [
    {"source": source, "size": size, "view": view} for source, size, view in itertools.product(SOURCES, SIZES, VIEWS)
]
SCENES = [PictureScene(**setting) for setting in SETTINGS]
NAMES = [" ".join(map(str, setting.values())) for setting in SETTINGS]
OF_LINES = [PictureScene(source="lines", size=size) for size in SIZES]

_generator = np.random.default_rng(5)


@pytest.fixture(scope="module")
def photo() -> Photo:
    return sample("chelsea")


def keras_pool(keras: Any, picture: np.ndarray, mode: PoolingMode, size: int) -> np.ndarray:
    layers = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}
    return layers[mode](size)(picture[np.newaxis].astype(np.float32)).numpy()[0]


def keras_enlarge(keras: Any, picture: np.ndarray, size: int) -> np.ndarray:
    return keras.layers.UpSampling2D(size)(picture[np.newaxis].astype(np.float32)).numpy()[0]


def distance(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.abs(one.astype(np.float64) - other).mean(axis=2)


def decode(text: str, dtype: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text, validate=True), dtype)


def picture_sent(message: Any) -> np.ndarray:
    numbers = decode(message["picture"], "u1" if message["whole"] else "<f4")
    return numbers.reshape(message["side"], message["side"], message["channels"])


def pooled_sent(message: Any, mode: PoolingMode, size: int) -> np.ndarray:
    across = message["side"] // size
    return decode(message[mode], "<f4").reshape(across, across, message["channels"])


def wide_picture(photo: Photo, scene: PictureScene) -> np.ndarray:
    """The picture and the column into which it is shifted, computed independently."""
    if scene.source == "map":
        return relu6(first_layer(photo.square(2 * SIDE + 2)))[:SIDE, :, scene.map : scene.map + 1]
    if scene.source == "lines":
        return np.pad(thin_lines(SIDE), ((0, 0), (0, 1), (0, 0)), mode="edge")
    wide = photo.square(SIDE + 1)[:SIDE]
    return salt_and_pepper(wide, NOISE_SHARE) if scene.source == "noise" else wide


# Enlarging ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 4, 8])
@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 3, 1), (5, 4, 3)])
def test_enlarging_is_upsampling_of_keras(shape, size, library):
    image = _generator.normal(size=shape).astype(np.float32)
    enlarged = enlarge(image, size)
    np.testing.assert_array_equal(enlarged, keras_enlarge(library.keras, image, size), strict=True)
    np.testing.assert_array_equal(enlarge(image[..., 0], size), enlarged[..., 0], strict=True)


def test_enlarging_keeps_whole_numbers_whole():
    assert enlarge(np.array([[1, 255]], np.uint8), 2).dtype == np.uint8


@pytest.mark.parametrize("size", [0, -1])
def test_nothing_is_enlarged_to_nothing(size):
    with pytest.raises(ValueError, match=rf"^The size is {size}, but it must be at least 1\.$"):
        enlarge(np.zeros((2, 2)), size)


# What pooling does to a picture ---------------------------------------------------------------------------------------

WIDE = {
    "bytes": _generator.integers(0, 256, (24, 25, 3), np.uint8),
    "map": _generator.gamma(0.5, size=(24, 25, 1)).astype(np.float32),
    "negative": _generator.normal(size=(24, 25, 2)).astype(np.float32),
    "black": np.zeros((24, 25, 3), np.uint8),
}


@pytest.mark.parametrize("size", [1, *SIZES, 12])
@pytest.mark.parametrize("name", WIDE)
def test_what_is_kept_lost_and_moved_is_what_the_layers_of_keras_say(name, size, library):
    wide = WIDE[name]
    study = study_pooling(wide, size=size)
    picture, moved = wide[:, :-1], wide[:, 1:]
    np.testing.assert_array_equal(study.picture, picture, strict=True)
    tolerance = 1e-6 * max(float(np.abs(wide).max()), 1.0)
    for mode in MODES:
        pooled = keras_pool(library.keras, picture, mode, size)
        assert study.pooled[mode].dtype == np.float32
        np.testing.assert_allclose(study.pooled[mode], pooled, rtol=0, atol=tolerance)
        lost = distance(keras_enlarge(library.keras, pooled, size), picture)
        np.testing.assert_allclose(study.lost[mode], lost, rtol=0, atol=2 * tolerance)
        shifted = distance(keras_pool(library.keras, moved, mode, size), pooled)
        np.testing.assert_allclose(study.moved[mode], shifted, rtol=0, atol=2 * tolerance)
    assert study.pixel_moved == pytest.approx(distance(moved, picture).mean(), abs=tolerance)
    assert study.disturbed == {}


@pytest.mark.parametrize("size", SIZES)
def test_what_noise_changes_is_what_the_layers_of_keras_say(size, library):
    wide = salt_and_pepper(WIDE["bytes"], 0.2, seed=3)
    clean = WIDE["bytes"][:, :-1]
    disturbed = study_pooling(wide, size=size, clean=clean).disturbed
    assert set(disturbed) == {"pixel", *MODES}
    assert disturbed["pixel"] == pytest.approx(distance(wide[:, :-1], clean).mean(), rel=1e-5)
    for mode in MODES:
        before, after = (keras_pool(library.keras, image, mode, size) for image in (clean, wide[:, :-1]))
        assert disturbed[mode] == pytest.approx(distance(after, before).mean(), rel=1e-5)


def test_a_window_of_one_pixel_loses_nothing():
    study = study_pooling(WIDE["bytes"], size=1)
    for mode in MODES:
        assert not study.lost[mode].any()
        assert study.moved[mode].mean() == pytest.approx(study.pixel_moved, rel=1e-5)


@pytest.mark.parametrize(
    ("shape", "size", "sentence"),
    [
        ((24, 24, 3), 2, r"The picture needs one column more than rows, but its shape is (24, 24, 3)."),
        ((24, 26, 3), 2, r"The picture needs one column more than rows, but its shape is (24, 26, 3)."),
        ((24, 25, 3), 5, "Windows of 5 would leave out the last 4 of 24 pixels."),
        ((24, 25, 3), 48, "Windows of 48 would leave out the last 24 of 24 pixels."),
    ],
)
def test_a_picture_that_cannot_be_studied_is_refused_with_the_reason(shape, size, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        study_pooling(np.zeros(shape, np.uint8), size=size)


# Thin lines -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", [92, 94, SIDE, 128, 250])
def test_the_right_half_of_the_lines_is_the_negative_of_the_left_half(side):
    lines = thin_lines(side)
    assert lines.shape == (side, side, 3)
    assert lines.dtype == np.uint8
    assert set(np.unique(lines)) == {0, 255}
    left, right = np.split(lines, 2, axis=1)
    np.testing.assert_array_equal(left + right, np.full_like(left, 255))
    np.testing.assert_array_equal(lines, np.repeat(lines[..., :1], 3, axis=2))
    assert 0.02 < (left > 0).mean() < 0.25


@pytest.mark.parametrize("side", [92, SIDE, 128, 192, 256])
def test_the_lines_are_one_pixel_thin(side):
    bright = thin_lines(side)[:, : side // 2, 0] > 0
    assert not (bright[1:, 1:] & bright[1:, :-1] & bright[:-1, 1:] & bright[:-1, :-1]).any()


@pytest.mark.parametrize("side", [90, SIDE + 1, 31, 30, 2, 0, -2])
def test_lines_that_would_not_fit_are_refused_with_the_reason(side):
    with pytest.raises(ValueError, match=rf"^The lines need an even side of at least 92 pixels, not {side}\.$"):
        thin_lines(side)


# Noise ----------------------------------------------------------------------------------------------------------------

GREY = np.full((40, 50, 3), 128, np.uint8)


@pytest.mark.parametrize(("share", "count"), [(0, 0), (0.05, 100), (0.0507, 101), (0.5, 1000), (1, 2000)])
def test_exactly_the_share_of_pixels_becomes_noise(share, count):
    noisy = salt_and_pepper(GREY, share)
    assert noisy.shape == GREY.shape
    assert noisy.dtype == np.uint8
    changed = noisy[(noisy != GREY).any(axis=2)]
    assert len(changed) == count
    assert {tuple(pixel) for pixel in changed.tolist()} <= {(0, 0, 0), (255, 255, 255)}


def test_half_of_the_noise_is_white():
    noisy = salt_and_pepper(GREY, 1)
    assert (noisy[..., 0] == 255).mean() == pytest.approx(0.5, abs=0.05)


def test_the_same_seed_makes_the_same_noise_and_another_seed_another():
    np.testing.assert_array_equal(salt_and_pepper(GREY, 0.3, seed=4), salt_and_pepper(GREY, 0.3, seed=4))
    assert (salt_and_pepper(GREY, 0.3, seed=4) != salt_and_pepper(GREY, 0.3, seed=5)).any()


@pytest.mark.parametrize("share", [0, 0.4, 1])
def test_the_picture_itself_stays_without_noise(share):
    pixels = GREY.copy()
    noisy = salt_and_pepper(pixels, share)
    noisy[:] = 7
    np.testing.assert_array_equal(pixels, GREY)


@pytest.mark.parametrize("share", [-0.01, 1.01, float("nan"), float("inf")])
def test_what_is_no_share_is_refused_with_the_reason(share):
    with pytest.raises(ValueError, match=rf"^A share goes from 0 to 1, but this one is {share}\.$"):
        salt_and_pepper(GREY, share)


# The message ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", SCENES, ids=NAMES)
def test_the_arrays_that_the_browser_gets_are_those_that_keras_computes(scene, photo, library):
    message = payload(photo, scene)
    wide = wide_picture(photo, scene)
    picture = wide[:, :-1]
    np.testing.assert_array_equal(picture_sent(message), picture, strict=True)
    tolerance = 1e-6 * float(picture.max())
    for mode in MODES:
        pooled = keras_pool(library.keras, picture, mode, scene.size)
        np.testing.assert_allclose(pooled_sent(message, mode, scene.size), pooled, rtol=0, atol=tolerance)
    assert set(message["shown"]) == (set() if scene.view == "result" else set(MODES))
    for mode in message["shown"]:
        pooled = keras_pool(library.keras, picture, mode, scene.size)
        if scene.view == "lost":
            expected = distance(keras_enlarge(library.keras, pooled, scene.size), picture)
        else:
            expected = distance(keras_pool(library.keras, wide[:, 1:], mode, scene.size), pooled)
        shown = decode(message["shown"][mode], "<f4").reshape(expected.shape)
        np.testing.assert_allclose(shown, expected, rtol=0, atol=4 * tolerance)


@pytest.mark.parametrize("scene", SCENES, ids=NAMES)
def test_no_colour_scale_is_exceeded(scene, photo):
    message = payload(photo, scene)
    for mode in MODES:
        assert pooled_sent(message, mode, scene.size).max() <= message["scale"]
    assert picture_sent(message).max() <= message["scale"]
    shown = [decode(numbers, "<f4").max() for numbers in message["shown"].values()]
    assert message["shownScale"] == max(shown, default=0)


@pytest.mark.parametrize("scene", SCENES, ids=NAMES)
def test_the_message_is_small_json_without_nan(scene, photo):
    message = payload(photo, scene)
    assert len(encode_message(message)) < 300_000
    assert (message["side"], message["channels"]) == (SIDE, 1 if scene.source == "map" else 3)


@pytest.mark.parametrize("number", range(FILTERS))
def test_every_map_of_a_photo_and_of_a_black_picture_can_be_shown(number, photo):
    black = Photo(np.zeros((32, 32, 3), np.uint8), "black", "upload", (32, 32))
    for picture in (photo, black):
        message = payload(picture, PictureScene(source="map", map=number, view="lost"))
        encode_message(message)
        assert message["scale"] > 0
        expected = relu6(first_layer(picture.square(2 * SIDE + 2)))[:SIDE, :SIDE, number : number + 1]
        np.testing.assert_array_equal(picture_sent(message), expected)


def test_place_and_speed_change_nothing_of_what_the_browser_is_told(photo):
    assert payload(photo, DEFAULT) == payload(photo, replace(DEFAULT, position=0, speed=1))


def test_the_window_fits_the_picture_a_whole_number_of_times():
    assert all(SIDE % size == 0 for size in SIZES)
    assert max((SIDE // size) ** 2 for size in SIZES) == THE_END + 1


# The words ------------------------------------------------------------------------------------------------------------


def assert_tells(text: str, expected: float) -> None:
    """Assert that a text has a number with two significant digits if it is below 1, else with one decimal."""
    assert float(text) == pytest.approx(expected, rel=0.0501 if expected < 1 else 0, abs=0 if expected < 1 else 0.0501)
    assert re.fullmatch(r"0|0\.0*[1-9]\d?|1", text) if expected < 1 else re.fullmatch(r"\d+\.\d", text)


@pytest.mark.parametrize("scene", SCENES, ids=NAMES)
def test_the_numbers_that_are_told_are_the_measured_ones(scene, photo):
    message = payload(photo, scene)
    wide = wide_picture(photo, scene)
    clean = photo.square(SIDE + 1)[:SIDE, :SIDE] if scene.source == "noise" else None
    study = study_pooling(wide, size=scene.size, clean=clean)
    count, measured, *noise = message["facts"]
    kept = re.fullmatch(r"(.*) = ([\d,]+) numbers become (.*) = ([\d,]+): one in (\d+)\.", count)
    assert kept is not None
    before, before_total, after, after_total, ratio = (
        re.sub(",", "", part).replace("·", "*") for part in kept.groups()
    )
    assert eval(before) == int(before_total) == study.picture.size
    assert eval(after) == int(after_total) == study.pooled["max"].size
    assert int(ratio) == study.picture.size / study.pooled["max"].size
    distances = study.moved if scene.view == "shift" else study.lost
    expected = [float(distances[mode].mean()) for mode in MODES]
    if scene.view == "shift":
        expected.insert(0, study.pixel_moved)
    assert len(noise) == (scene.source == "noise")
    told = re.findall(r"\bby (\d+(?:\.\d+)?)", " ".join([measured, *noise]))
    for text, number in zip(told, [*expected, *study.disturbed.values()], strict=True):
        assert_tells(text, number)


@pytest.mark.parametrize("scene", OF_LINES, ids=lambda scene: str(scene.size))
def test_what_is_said_of_the_lines_is_true(scene, photo):
    message = payload(photo, scene)
    told = re.search(r"stays 255 after max pooling and fades to at most (\d+) in the average", message["look"])
    assert told is not None
    bright, dark = np.split(picture_sent(message), 2, axis=1)
    size = scene.size
    windows = bright.reshape(SIDE // size, size, SIDE // 2 // size, size, 3)
    left, right = np.split(pooled_sent(message, "max", size), 2, axis=1)
    np.testing.assert_array_equal(left, np.where(windows.any(axis=(1, 3)), 255, 0))
    # "The same line dark on bright is gone after max pooling."
    assert not dark.all()
    assert (right == 255).all()
    average = pooled_sent(message, "average", size)[:, : SIDE // 2 // size]
    assert int(told[1]) == round(float(average.max()))
    assert average.max() < 255


@pytest.mark.parametrize("size", SIZES)
def test_what_is_said_of_photo_and_noise_is_true(photo, size):
    message = payload(photo, PictureScene(size=size))
    assert "no pixel gets darker" in message["look"]
    assert "The average keeps the photo's tone" in message["look"]
    enlarged = pooled_sent(message, "max", size).repeat(size, axis=0).repeat(size, axis=1)
    assert (enlarged >= picture_sent(message)).all()
    mean = picture_sent(message).mean()
    assert pooled_sent(message, "max", size).mean() > mean
    assert pooled_sent(message, "average", size).mean() == pytest.approx(mean, rel=1e-5)
    noisy = payload(photo, PictureScene(source="noise", size=size))
    assert "max pooling paints its whole window white" in noisy["look"]
    white = (picture_sent(noisy) == 255).all(axis=2)
    windows = white.reshape(SIDE // size, size, SIDE // size, size).any(axis=(1, 3))
    assert windows.any()
    assert (pooled_sent(noisy, "max", size)[windows] == 255).all()


@pytest.mark.parametrize(
    ("source", "caption"),
    [("upload", "Your photo"), ("camera", "Your photo"), ("sample", "Sample photo"), ("drawn", "Drawn picture")],
)
def test_the_picture_is_called_what_it_is(source: Source, caption):
    picture = Photo(np.zeros((32, 32, 3), np.uint8), "x", source, (32, 32))
    assert payload(picture, DEFAULT)["texts"]["source"] == caption
    noise = str(payload(picture, PictureScene(source="noise"))["texts"]["source"])
    assert noise.startswith(caption)
    assert f"{100 * NOISE_SHARE:.0f}\u00a0% noise" in noise
    assert payload(picture, PictureScene(source="lines"))["texts"]["source"] == "Drawn lines, 1 pixel thin"
    of_map = payload(picture, PictureScene(source="map", map=31))["texts"]["source"]
    assert of_map == "Map 32 of the first layer, after ReLU6"


def test_the_noise_on_the_photo_has_the_share_that_is_told(photo):
    clean, noisy = (picture_sent(payload(photo, PictureScene(source=source))) for source in ("photo", "noise"))
    changed = noisy[(noisy != clean).any(axis=2)]
    assert len(changed) / SIDE**2 == pytest.approx(NOISE_SHARE, abs=0.005)
    assert set(np.unique(changed)) == {0, 255}


def test_the_choices_say_which_pictures_are_no_photo():
    labels = dict(CHOICES["source"])
    assert "drawn" in labels["lines"]
    assert "noise" in labels["noise"]
    assert [source for source, label in labels.items() if "drawn" in label or "noise" in label] == ["noise", "lines"]


# The scene ------------------------------------------------------------------------------------------------------------

scenes = st.builds(
    PictureScene,
    source=st.sampled_from(SOURCES),
    map=st.integers(0, FILTERS - 1),
    size=st.sampled_from(SIZES),
    view=st.sampled_from(VIEWS),
    position=st.integers(0, THE_END),
    speed=st.integers(0, MAX_SPEED),
)


@given(scenes)
def test_a_scene_comes_back_from_its_url_and_an_unused_map_stays_out_of_it(scene):
    expected = scene if scene.source == "map" else replace(scene, map=DEFAULT.map)
    assert PictureScene.from_params(scene.to_params()) == expected
    assert ("map" in scene.to_params()) == (scene.source == "map" and scene.map != DEFAULT.map)


def test_every_choice_is_one_that_a_scene_takes(photo):
    choices = payload(photo, DEFAULT)["choices"]
    for name, options in choices.items():
        for value, label in options:
            assert PictureScene.from_params({name: value}).all_params()[name] == value
            assert label
    for name, offered in (("source", SOURCES), ("size", SIZES), ("view", VIEWS), ("map", range(FILTERS))):
        assert [value for value, _ in choices[name]] == list(map(str, offered))


def test_the_texts_can_be_sent_and_the_transport_has_all_of_its_own():
    assert json.loads(json.dumps(TEXTS)) == TEXTS
    assert set(TEXTS["player"]) == set(TRANSPORT_TEXTS)
