"""The pixel inspector: the print in the browser is NumPy's, and the message holds every pixel."""

import base64

import numpy as np
import pytest

from components.lessons.image_data import pixel_inspector
from components.lessons.image_data.pixel_inspector.scene import MOST_VARIED, InspectorScene
from models.pictures.photo import Photo
from models.pictures.samples import sample
from tests.node import in_node


def printed_by_the_browser(pixels: np.ndarray, places: list[tuple[int, int]]) -> list[str]:
    """The browser's lines for some pixels."""
    height, width, _ = pixels.shape
    return in_node(
        """
        import { numpyText } from "./lessons/image_data/pixel_inspector/numpy_text.js";
        const pixels = Uint8Array.from(told.pixels);
        answer(told.places.map(([row, column]) => numpyText(pixels, told.height, told.width, row, column, 3)));
        """,
        {"pixels": pixels.ravel().tolist(), "height": height, "width": width, "places": places},
    )


@pytest.mark.parametrize("largest", [256, 100, 10])
def test_the_text_is_the_one_that_numpy_prints(largest):
    pixels = np.random.default_rng(largest).integers(0, largest, (7, 9, 3)).astype(np.uint8)
    places = [(row, column) for row in range(7) for column in range(9)]  # also where the slice extends beyond the edge
    expected = [str(pixels[row : row + 3, column : column + 3]) for row, column in places]
    assert printed_by_the_browser(pixels, places) == expected


def test_the_message_holds_every_pixel_of_the_photo():
    shown = sample("chelsea")
    message = pixel_inspector.payload(shown, (2, 3))
    sent = np.frombuffer(base64.b64decode(message["pixels"]), np.uint8)
    np.testing.assert_array_equal(sent.reshape(message["height"], message["width"], 3), shown.pixels)
    assert message["start"] == 2 * message["width"] + 3
    assert any(f"{shown.pixels.nbytes:,} bytes" in fact for fact in message["facts"])


def test_a_photo_that_was_made_smaller_says_so():
    pixels = np.zeros((384, 512, 3), np.uint8)
    facts = pixel_inspector.payload(Photo(pixels, "large", "upload", (4032, 3024)), (0, 0))["facts"]
    assert any("4,032 × 3,024" in fact for fact in facts)
    assert not any("your file" in fact for fact in pixel_inspector.payload(sample("chelsea"), (0, 0))["facts"])


def test_a_link_that_makes_no_sense_opens_the_default():
    assert InspectorScene.from_params({"numbers": "X", "planes": "?", "position": "no"}) == InspectorScene()
    assert InspectorScene.from_params({"position": "-7"}).position == MOST_VARIED
    assert InspectorScene.from_params({"position": "9999999"}).position == 512**2 - 1
