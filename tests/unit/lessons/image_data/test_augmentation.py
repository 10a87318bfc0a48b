"""The augmentation that the browser computes equals Keras's layers; the page's lines, run as they stand, make it."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from components.lessons.image_data.augmentation import CHANCES, chances, payload
from components.lessons.image_data.augmentation.scene import DRAWS, LIMITS, NINE, AugmentationScene
from components.lessons.image_data.augmentation.texts import EXACT_LINES, RANDOM_LINES
from models.pictures.samples import sample
from models.storage import ROOT
from tests.node import in_node

NOTHING = dict.fromkeys(LIMITS, 0.0) | {"flip": False}
TOLERANCE = 255e-5
SIDE = 24


def in_javascript(expression: str, **values: Any) -> Any:
    """Return the value of an expression over the browser's module, with these values as its variables."""
    return in_node(
        f"""
        import {{ augmented, drawnAmounts }} from "./lessons/image_data/augmentation/keras_layers.js";
        const {{ {", ".join(values)} }} = told;
        answer({expression});
        """,
        values,
    )


def changed(pixels: np.ndarray, **amounts: Any) -> np.ndarray:
    """The browser's picture, float64 (side, side, 3)."""
    found = in_javascript(
        "[...augmented(Float32Array.from(pixels), side, amounts)]",
        pixels=pixels.ravel().tolist(),
        side=pixels.shape[0],
        amounts=NOTHING | amounts,
    )
    return np.array(found).reshape(pixels.shape)


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    return np.random.default_rng(4).integers(0, 256, (SIDE, SIDE, 3)).astype(np.float32)


def by_keras(library: Any, picture: np.ndarray, name: str, amount: float) -> np.ndarray:
    """The same by Keras's own layer, with a range of a single number."""
    layers, one = library.keras.layers, (amount, amount)
    if name == "contrast":  # its range is around 1 and cannot be a single number: its arithmetic gets the factor itself
        found = layers.RandomContrast(0.5).transform_images(
            library.tf.constant(picture[None]), {"contrast_factor": np.float32(1 + amount)}
        )
    else:
        layer = {
            "rotation": lambda: layers.RandomRotation((amount / 360, amount / 360)),
            "zoom": lambda: layers.RandomZoom(one),
            "across": lambda: layers.RandomTranslation((0.0, 0.0), one),
            "down": lambda: layers.RandomTranslation(one, (0.0, 0.0)),
            "brightness": lambda: layers.RandomBrightness(one),
        }[name]()
        found = layer(picture[None], training=True)
    return np.asarray(library.keras.ops.convert_to_numpy(found))[0]


@pytest.mark.parametrize(
    ("name", "amount"),
    [
        *(("rotation", degrees) for degrees in (-180, -90, -33, 12, 45, 179)),
        *(("zoom", share) for share in (-0.5, -0.17, 0.2, 0.5)),
        *(("across", share) for share in (-0.5, -0.31, 0.08, 0.25)),
        *(("down", share) for share in (-0.5, 0.08, 0.43)),
        *(("contrast", share) for share in (-0.9, -0.3, 0.2, 0.9)),
        *(("brightness", share) for share in (-0.9, -0.1, 0.25, 0.9)),
    ],
)
def test_each_change_is_that_of_kerass_layer(library, picture, name, amount):
    expected = by_keras(library, picture, name, float(amount))
    np.testing.assert_allclose(changed(picture, **{name: amount}), expected, rtol=0, atol=TOLERANCE)


def test_a_flip_is_that_of_keras(library, picture):
    always = next(
        found
        for seed in range(20)
        if not np.array_equal(found := library.keras.layers.RandomFlip("horizontal", seed=seed)(picture), picture)
    )
    np.testing.assert_array_equal(changed(picture, flip=True), np.asarray(always))
    np.testing.assert_array_equal(changed(picture), picture)


def filled(lines: dict[str, str], amounts: dict[str, Any]) -> str:
    """The lines as the browser fills them in, for amounts other than 0."""
    written = []
    for name, line in lines.items():
        values = {word: amounts[word] for word in ("across", "down")}
        values |= {f"{word}-size": abs(amounts[word]) for word in ("across", "down")}
        if name in amounts and name != "flip":
            values |= {"amount": amounts[name], "size": abs(amounts[name])}
        for word, value in values.items():
            line = line.replace(f"{{{word}}}", str(value))  # noqa: PLW2901 - word after word
        written.append(line)
    return "\n".join(written)


AMOUNTS = {
    "flip": True,
    "rotation": -20,
    "zoom": 0.2,
    "across": 0.1,
    "down": -0.25,
    "contrast": 0.5,
    "brightness": -0.1,
}


def test_the_exact_lines_make_the_picture_that_is_shown(library, picture):
    names: dict[str, Any] = {"keras": library.keras, "images": picture[None]}
    exec(filled(EXACT_LINES, AMOUNTS), names)
    expected = library.keras.ops.convert_to_numpy(names["images"])[0]
    # Where rotated noise jumps by 255, the sixth digit of a coordinate shows in the fifth digit of a pixel.
    np.testing.assert_allclose(changed(picture, **AMOUNTS), expected, rtol=0, atol=4 * TOLERANCE)


def test_the_random_lines_run_and_draw_no_more_than_the_limits(library, picture):
    names: dict[str, Any] = {"keras": library.keras, "images": picture[None]}
    exec(filled(RANDOM_LINES, AMOUNTS), names)
    assert names["images"].shape == (1, SIDE, SIDE, 3)
    layers = names["augmentation"].layers
    assert [type(layer).__name__ for layer in layers] == [
        "RandomFlip",
        "RandomRotation",
        "RandomZoom",
        "RandomTranslation",
        "RandomContrast",
        "RandomBrightness",
    ]
    assert layers[1].factor == pytest.approx((-20 / 360, 20 / 360))
    assert (layers[3].height_upper, layers[3].width_upper) == (0.25, 0.1)


def test_amounts_are_drawn_between_minus_and_plus_the_limits():
    limits = NOTHING | {"flip": True, "rotation": -12, "zoom": 0.2}
    draw = "chances.map((row) => drawnAmounts(limits, row))"
    low, middle, high = in_javascript(draw, chances=[[0.0] * 7, [0.5] * 7, [1.0] * 7], limits=limits)
    assert (low["flip"], middle["flip"]) == (True, False)
    assert (low["rotation"], middle["rotation"], high["rotation"]) == (-12, 0, 12)
    assert (low["zoom"], high["zoom"], high["down"]) == (-0.2, 0.2, 0)
    assert in_javascript(draw, chances=[[0.0] * 7], limits=limits | {"flip": False})[0]["flip"] is False


def test_the_numbers_of_chance_are_those_of_a_training_and_never_repeat():
    found = chances()
    assert found.shape == (DRAWS * NINE, CHANCES)
    assert len(np.unique(found)) == found.size
    # As `training_batches` draws them for the first picture of each epoch, with seed 0.
    np.testing.assert_array_equal(found[3], np.random.default_rng([0, 3, 0, 1]).random((1, 7))[0])


def test_the_sliders_begin_as_the_convnet_was_trained():
    card = json.loads((ROOT / "models/weights/convnet.json").read_text(encoding="utf-8"))
    told = card["command"].partition("--augment ")[2].split()[0].split(",")
    values = {name: float(value or 1) for name, _, value in (part.partition("=") for part in told)}
    scene = asdict(AugmentationScene())
    assert scene["flip"] is True
    assert {scene[name] for name in ("across", "down")} == {values["shift"]}
    assert all(scene[name] == values[name] for name in ("rotation", "zoom", "contrast", "brightness"))
    sliders = payload(sample("chelsea"))["sliders"]
    assert [slider["name"] for slider in sliders] == list(LIMITS)


def test_a_link_beyond_the_sliders_stops_at_their_ends():
    scene = AugmentationScene.from_params({"rotation": "999", "zoom": "-3", "flip": "perhaps", "position": "1000"})
    assert (scene.rotation, scene.zoom, scene.flip, scene.position) == (180, -0.5, True, DRAWS - 1)
