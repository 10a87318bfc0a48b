"""models/evaluation/scoring.py: answers and features are those of Keras, in turns, for datasets whose classes fit."""

import importlib
import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Literal, get_args, get_type_hints

import numpy as np
import pytest
from PIL import Image

from models import datasets
from models.datasets import DatasetError, photos
from models.engine import questions
from models.engine.questions import JUDGE, Question, computed
from models.evaluation import scoring
from models.evaluation.neighbours import own_distances
from models.evaluation.ship_scores import DRAWN
from models.evaluation.shipped_scores import DIGITS, PARTS, PET_PHOTOS, photos_folder, shipped
from models.evaluation.stored_scores import IMAGENET_PETS, Judged, known, progress_of
from models.networks import inference
from models.networks.files import IMAGENET, JudgingError, network_file, weights_digest
from models.networks.saved_network import NetworkError
from models.pictures.pet_drawing import draw_pet
from models.pictures.photo import Photo
from models.pictures.samples import sample
from models.storage import cache_dir
from models.zoo import assembly

# Keras uses a deprecated way to get arrays from NumPy.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SIDE = 32


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))


@pytest.fixture(scope="module")
def saved(library, tmp_path_factory) -> SimpleNamespace:
    """The files of two small networks: cats and dogs in colour, and ten digits in grey."""
    keras, folder = library.keras, tmp_path_factory.mktemp("networks")
    layers = keras.layers

    def save(name: str, classes: list[str], side: int, channels: int, *, maximum: int) -> str:
        keras.utils.set_random_seed(3)
        photo = keras.Input((None, None, channels), name="photo")
        squares = layers.Rescaling(2 / maximum, offset=-1)(assembly.resized(photo, side, "squash"))
        maps = layers.Conv2D(6, 3, activation="relu", name="maps")(squares)
        features = layers.GlobalAveragePooling2D(name="features")(maps)
        units, activation = (1, "sigmoid") if len(classes) == 2 else (len(classes), "softmax")
        large = keras.initializers.RandomNormal(stddev=5)  # so that the answers differ between pictures
        answers = layers.Dense(units, activation=activation, kernel_initializer=large, name="answer")(features)
        path = folder / f"{name}.keras"
        keras.Model(photo, answers).save(path)
        path.with_suffix(".json").write_text(json.dumps({"classes": classes, "maximum": maximum}))
        return str(path)

    digits = [str(digit) for digit in range(10)]
    return SimpleNamespace(
        pets=save("pets", ["Cats", "Dogs"], SIDE, 3, maximum=255),
        digits=save("digits", digits, 8, 1, maximum=16),
        bright=save("bright", digits, 8, 1, maximum=255),
    )


def drawn(species: Literal["cat", "dog"], seed: int) -> np.ndarray:
    return draw_pet(species, side=40, seed=seed)


def folder(root: Path, **counts: int) -> str:
    """Write pictures in a folder for each class; test__dog stands for the class dog in the part test."""
    seed = 0
    for name, count in counts.items():
        place = root.joinpath(*name.split("__"))
        place.mkdir(parents=True)
        for _ in range(count):
            seed += 1
            Image.fromarray(drawn("cat" if "cat" in name else "dog", seed)).save(place / f"{seed:03d}.png")
    return f"folder:{root}"


def divided(root: Path, *, cats: int, dogs: int) -> str:
    return folder(
        root, train__dog=2, train__cat=1, validation__dog=1, validation__cat=2, test__dog=dogs, test__cat=cats
    )


def finished(network: str, dataset: str, part: str, **options) -> Judged:
    told = scoring.judge(network, dataset, part, **options)
    assert told["finished"]
    assert told["done"] == told["total"]
    found = known(told["weights"], told["dataset"], told["part"], told["pictures"])
    assert found is not None
    assert len(found) == told["total"]
    return found


def by_keras(library, network: str, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The answers of Keras's own `predict` for these pictures, and the outputs of the layer before the answer."""
    model = library.keras.models.load_model(network, compile=False)
    base = library.keras.Model(model.input, model.get_layer("features").output)
    images = images.astype(np.float32)
    return model.predict(images, verbose=0), base.predict(images, verbose=0)


# Numbers --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["test", "all"])
def test_answers_and_features_are_those_of_keras_for_every_picture(part, saved, library, tmp_path, monkeypatch):
    monkeypatch.setattr(scoring, "BATCH", 4)  # the parts end within a batch
    name = divided(tmp_path / "pets", cats=4, dogs=5)
    found = finished(saved.pets, name, part)
    pictures = datasets.load(name, side=SIDE).part(part)
    answers, features = by_keras(library, saved.pets, pictures.images)
    assert len(found) == {"test": 9, "all": 15}[part]
    np.testing.assert_allclose(found.probabilities[:, 1], answers[:, 0], atol=1e-6)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(found.features, features, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(found.distances, own_distances(np.array(found.features)))
    assert found.probabilities.dtype == found.features.dtype == np.float32
    assert np.ptp(answers) > 0.01  # a wrong order would be noticed
    assert found.names == pictures.names
    # The folder's classes are cat and dog, the network's Cats and Dogs.
    assert found.classes == ("Cats", "Dogs")
    assert found.labels.tolist() == [int("dog" in name) for name in found.names]


def test_the_order_of_the_classes_is_the_networks(saved, tmp_path):
    name = folder(tmp_path / "pets", a_dog=9, the_cat=9)
    network = Path(saved.pets).with_name("renamed.keras")
    network.write_bytes(Path(saved.pets).read_bytes())
    network.with_suffix(".json").write_text('{"classes": ["The Cats", "A Dogs"]}')
    found = finished(str(network), name, "all")
    assert found.labels.tolist() == [int("dog" in name) for name in found.names]


def test_digits_have_ten_answers_in_grey(saved, library):
    found = finished(saved.digits, "digits", "validation")
    pictures = datasets.load("digits", side=8).validation
    answers, features = by_keras(library, saved.digits, pictures.images)
    assert found.probabilities.shape == (258, 10)
    np.testing.assert_allclose(found.probabilities, answers, atol=1e-6)
    np.testing.assert_allclose(found.features, features, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(found.labels, pictures.labels)


def test_white_is_as_white_as_in_the_networks_training(saved, library):
    found = finished(saved.bright, "digits", "test")
    images = datasets.load("digits", side=8).test.images.astype(np.float32)
    answers, _ = by_keras(library, saved.bright, images * 255 / 16)
    np.testing.assert_allclose(found.probabilities, answers, atol=1e-6)
    assert np.abs(answers - by_keras(library, saved.bright, images)[0]).max() > 0.01


def test_drawn_pets_are_enlarged_for_a_network_with_a_larger_square(saved):
    dataset = datasets.load("drawn-pets:train=1,validation=0,test=3", side=32)
    squares = scoring._squares(dataset.test.images, 48, 3)
    assert squares.shape == (3, 48, 48, 3)
    expected = np.asarray(Image.fromarray(dataset.test.images[1]).resize((48, 48), Image.Resampling.BILINEAR))
    np.testing.assert_array_equal(squares[1], expected)
    assert scoring._squares(squares, 48, 1).shape == (3, 48, 48, 1)


def test_imagenets_network_judges_cats_and_dogs_by_the_sums_of_their_kinds(tmp_path):
    name = folder(tmp_path / "pets", test__dog=1, test__cat=1, train__cat=1, train__dog=1, val__cat=1, val__dog=1)
    Image.fromarray(sample("chelsea").pixels).save(next((tmp_path / "pets/test/cat").iterdir()))
    found = finished(IMAGENET, name, "test")
    pictures = datasets.load(name, side=224, resize="crop").test
    assert found.classes == ("cats", "dogs")
    for place in range(2):
        every = np.array(inference.predict(pictures.images[place], IMAGENET)["probabilities"])
        cats, dogs = (every[list(kinds)].sum() for kinds in IMAGENET_PETS.values())
        np.testing.assert_allclose(found.probabilities[place], np.array([cats, dogs]) / (cats + dogs), atol=1e-4)
    assert found.probabilities[found.labels == 0, 0] > 0.99
    assert found.features.shape == (2, 1280)


def test_a_photo_without_any_cat_or_dog_in_32_bits_is_undecided():
    numbers = np.zeros((2, 1000), np.float32)
    numbers[:, 0] = 1
    numbers[1, 281] = 1e-38
    assert scoring._cats_and_dogs(numbers).tolist() == [[0.5, 0.5], [1, 0]]


# Turns ----------------------------------------------------------------------------------------------------------------


def test_a_long_judgement_is_done_in_turns_with_the_same_numbers(saved, tmp_path, monkeypatch):
    monkeypatch.setattr(scoring, "BATCH", 100)
    whole = finished(saved.digits, "digits", "test")
    for file in cache_dir().glob("scores-*"):
        file.unlink()
    told = [scoring.judge(saved.digits, "digits", "test", "best", 0.0)]
    asked_with = (told[0]["weights"], "digits", "test")
    assert progress_of(*asked_with) is not None
    assert known(*asked_with) is None
    while not told[-1]["finished"]:
        told.append(scoring.judge(saved.digits, "digits", "test", "best", 0.0))
    # Three batches of one size.
    assert [(one["done"], one["total"], one["finished"]) for one in told] == [
        (85, 255, False),
        (170, 255, False),
        (255, 255, True),
    ]
    found = known(*asked_with)
    assert found is not None
    np.testing.assert_array_equal(found.probabilities, whole.probabilities)
    np.testing.assert_array_equal(found.features, whole.features)
    assert progress_of(*asked_with) is None
    assert not list(cache_dir().glob("*.progress"))


def test_progress_counts_pictures(saved):
    told = scoring.judge(saved.digits, "digits", "train", "best", 0.0)
    assert progress_of(told["weights"], "digits", "train") == ("scoring", told["done"], 1284)


def test_what_was_judged_is_not_judged_again(saved, monkeypatch):
    first = scoring.judge(saved.digits, "digits", "test")
    monkeypatch.setattr(scoring, "_Work", None)
    assert scoring.judge(saved.digits, "digits", "test", "best", 0.0) == first


def test_of_many_unfinished_judgements_the_first_one_begins_anew(saved, monkeypatch):
    monkeypatch.setattr(scoring, "UNFINISHED", 1)
    scoring.judge(saved.digits, "digits", "train", "best", 0.0)
    scoring.judge(saved.digits, "digits", "validation", "best", 0.0)
    assert scoring.judge(saved.digits, "digits", "train", "best", 0.0)["done"] <= scoring.BATCH
    assert len(scoring._unfinished) == 1


def test_a_changed_picture_and_a_changed_network_are_judged_anew(saved, tmp_path):
    name = divided(tmp_path / "pets", cats=1, dogs=1)
    network = tmp_path / "pets.keras"
    network.write_bytes(Path(saved.pets).read_bytes())
    network.with_suffix(".json").write_text('{"classes": ["cat", "dog"]}')
    first = finished(str(network), name, "test")
    file = next((tmp_path / "pets/test/cat").iterdir())
    Image.fromarray(255 - drawn("cat", 1)).save(file)
    second = finished(str(network), name, "test")
    assert second.names == first.names
    assert second.probabilities[0, 1] != first.probabilities[0, 1]
    model = inference.warm(str(network)).network.model
    model.get_layer("answer").bias.assign([5.0])
    model.save(network)
    third = finished(str(network), name, "test")
    assert third.weights == weights_digest(network) != second.weights
    assert (third.probabilities[:, 1] > second.probabilities[:, 1]).all()


def test_a_run_is_judged_by_its_best_or_its_last_epoch(saved, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    (run / "best.keras").write_bytes(Path(saved.digits).read_bytes())
    (run / "last.keras").write_bytes(Path(saved.bright).read_bytes())
    (run / "data.json").write_text(json.dumps({"classes": [str(digit) for digit in range(10)], "maximum": 16}))
    best, last = (finished(str(run), "digits", "test", which=which) for which in ("best", "last"))
    assert best.weights == weights_digest(Path(saved.digits))
    assert last.weights == weights_digest(Path(saved.bright))


# Refusals -------------------------------------------------------------------------------------------------------------


def test_classes_that_do_not_fit_are_said_in_one_sentence(saved, tmp_path):
    with pytest.raises(JudgingError) as caught:
        scoring.judge(saved.digits, divided(tmp_path / "pets", cats=1, dogs=1), "test")
    assert str(caught.value) == (
        "The network tells 0, 1, 2, 3, 4 … 9 apart, and these are pictures of cat and dog: "
        "choose other pictures or another network."
    )
    rabbits = folder(tmp_path / "more", cat=2, dog=2, rabbit=2)
    with pytest.raises(JudgingError, match='does not know the class "rabbit", only Cats, Dogs'):
        scoring.judge(saved.pets, rabbits, "all")
    assert not list(cache_dir().glob("*.progress"))


@pytest.mark.parametrize(
    ("counts", "part", "said"),
    [
        ({"cat": 3}, "all", "holds one class only: at least two folders"),
        ({}, "all", "holds no class: at least two folders"),
        ({"train__cat": 2, "train__dog": 2, "val__cat": 1}, "test", "choose its train or validation part instead"),
        ({"cat": 3, "dog": 3}, "tests", 'but no "tests"'),
    ],
    ids=["one class", "no class", "no test part", "no such part"],
)
def test_folders_without_classes_or_the_part_are_said(counts, part, said, saved, tmp_path):
    (tmp_path / "pets").mkdir()
    with pytest.raises(DatasetError, match=said):
        scoring.judge(saved.pets, folder(tmp_path / "pets", **counts), part)


def test_corrupt_files_are_left_out_and_nothing_else(saved, tmp_path):
    name = divided(tmp_path / "pets", cats=2, dogs=2)
    whole = finished(saved.pets, name, "test")
    (tmp_path / "pets/test/cat/000.png").write_bytes(b"no picture")
    (tmp_path / "pets/test/dog/999.png").write_bytes(
        Path(next((tmp_path / "pets/test/dog").iterdir())).read_bytes()[:90]
    )
    found = finished(saved.pets, name, "test")
    assert found.names == whole.names
    np.testing.assert_allclose(found.probabilities, whole.probabilities, atol=1e-6)


def test_a_folder_of_corrupt_files_is_said(saved, tmp_path):
    for kind in ("cat", "dog"):
        (tmp_path / "pets" / kind).mkdir(parents=True)
        (tmp_path / "pets" / kind / "a.jpg").write_bytes(b"no picture")
    with pytest.raises(DatasetError, match=r"none of 2 classes has photos that can be read\. 2 files cannot be used"):
        scoring.judge(saved.pets, f"folder:{tmp_path / 'pets'}", "all")


def test_one_photo_is_judged(saved, tmp_path):
    found = finished(saved.pets, divided(tmp_path / "pets", cats=0, dogs=1), "test")
    assert (len(found), found.labels.tolist(), found.distances.tolist()) == (1, [1], [])


def test_no_such_network_and_nameless_classes_are_said(saved, tmp_path):
    with pytest.raises(JudgingError, match='There is no network "nothing"'):
        scoring.judge("nothing", "digits", "test")
    network = tmp_path / "nameless.keras"
    network.write_bytes(Path(saved.digits).read_bytes())
    with pytest.raises(
        NetworkError, match=r'not written down: write their names as a list "classes" into nameless\.json'
    ):
        scoring.judge(str(network), "digits", "test")


def test_damaged_weights_are_said_and_nothing_is_kept(saved, library, tmp_path):
    network = tmp_path / "broken.keras"
    model = library.keras.models.load_model(saved.digits, compile=False)
    model.get_layer("answer").bias.assign(np.full(10, np.nan, np.float32))
    model.save(network)
    network.with_suffix(".json").write_bytes(Path(saved.digits).with_suffix(".json").read_bytes())
    with pytest.raises(NetworkError, match="gives something that is no number: its weights are damaged"):
        scoring.judge(str(network), "digits", "test")
    assert not list(cache_dir().glob("scores-*"))


# A visitor's own photos -----------------------------------------------------------------------------------------------


def own(*species: Literal["cat", "dog"]) -> list[tuple[str, Photo]]:
    pictures = [(one, drawn(one, seed)) for seed, one in enumerate(species)]
    return [(one, Photo(pixels, one, "upload", pixels.shape[:2])) for one, pixels in pictures]


def test_own_photos_are_judged_in_their_order_and_leave_nothing_behind(saved, library):
    more: list[Literal["cat", "dog"]] = ["cat", "dog"]
    pictures = own("dog", *more * 6)
    found = scoring.judge_photos(saved.pets, photos.pack(pictures))
    assert found["classes"] == ("Cats", "Dogs")
    assert found["places"].tolist() == list(range(13))
    assert found["labels"].tolist() == [int(name == "dog") for name, _ in pictures]
    squares = np.stack([np.asarray(Image.fromarray(photo.pixels).resize((32, 32), 2)) for _, photo in pictures])
    answers, features = by_keras(library, saved.pets, squares)
    np.testing.assert_allclose(found["probabilities"][:, 1], answers[:, 0], atol=1e-6)
    np.testing.assert_allclose(found["features"], features, rtol=1e-4, atol=1e-5)
    assert (found["side"], found["resize"], found["skipped"]) == (32, "squash", 0)
    assert not cache_dir().exists()


def test_own_photos_that_cannot_be_judged_are_said(saved):
    with pytest.raises(JudgingError, match="these are pictures of cat and dog"):
        scoring.judge_photos(saved.digits, photos.pack(own("cat", "dog")))
    with pytest.raises(DatasetError, match="damaged"):
        scoring.judge_photos(saved.pets, b"nothing")


# The engine -----------------------------------------------------------------------------------------------------------


def test_the_engine_answers_with_plain_data_or_a_sentence(saved):
    done, told = computed(JUDGE, (saved.digits, "digits", "test", "best", 60.0))
    assert done
    assert told["total"] == 255
    assert computed(JUDGE, ("nothing", "digits", "test")) == (
        False,
        'There is no network "nothing": its file nothing is missing.',
    )


def test_every_question_has_a_function_that_answers_it_with_what_it_says():
    hints = get_type_hints(questions)
    asked = {name: value for name, value in vars(questions).items() if isinstance(value, Question)}
    assert len(asked) > 15
    for name, question in asked.items():
        function = getattr(importlib.import_module(question.module), question.name)
        assert get_type_hints(function)["return"] == get_args(hints[name])[0], name


# Scores that come along -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "part"),
    [
        ("drawn-pets", "validation"),
        ("drawn-pets", "test"),
        ("convnet", "validation"),
        ("efficientnet-lite0-pets", "test"),
    ],
)
def test_a_fresh_judgement_of_drawn_pets_gives_the_scores_that_come_along(network, part):
    along = shipped(weights_digest(network_file(network)), DRAWN[part], part)
    assert along is not None
    # A larger dataset begins with the smaller one.
    fresh = finished(network, f"{DRAWN[part]},{part}=48", part)
    assert fresh.names == along.names[:48]
    assert fresh.classes == along.classes
    assert (fresh.side, fresh.resize, fresh.weights) == (along.side, along.resize, along.weights)
    np.testing.assert_array_equal(fresh.labels, along.labels[:48])
    np.testing.assert_allclose(fresh.probabilities, along.probabilities[:48], atol=2e-5)
    if along.features.shape[1]:
        np.testing.assert_allclose(fresh.features, along.features[:48], rtol=2**-10, atol=2e-4)


@pytest.mark.parametrize("part", PARTS)
def test_a_fresh_judgement_of_digits_gives_the_scores_that_come_along(part):
    along = shipped(weights_digest(network_file("digits")), DIGITS, part)
    assert along is not None
    fresh = finished("digits", DIGITS, part)
    assert (fresh.pictures, fresh.names, fresh.classes) == (along.pictures, along.names, along.classes)
    np.testing.assert_array_equal(fresh.labels, along.labels)
    np.testing.assert_allclose(fresh.probabilities, along.probabilities, atol=2e-5)
    np.testing.assert_allclose(fresh.features, along.features, rtol=2**-10, atol=2e-4)


@pytest.mark.skipif("PET_PHOTOS" not in os.environ, reason="needs the folder of the 1,600 photos (PET_PHOTOS)")
@pytest.mark.parametrize("network", ["convnet", "drawn-pets"])
def test_a_fresh_judgement_of_the_photos_gives_the_scores_that_come_along(network):
    fresh = finished(network, f"folder:{photos_folder()}", "all")
    places = {name: place for place, name in enumerate(fresh.names)}
    for part in PARTS:
        along = shipped(fresh.weights, PET_PHOTOS, part)
        assert along is not None
        order = [places[name] for name in along.names]
        np.testing.assert_array_equal(fresh.labels[order], along.labels)
        np.testing.assert_allclose(fresh.probabilities[order], along.probabilities, atol=2e-5)
        np.testing.assert_allclose(fresh.features[order], along.features, rtol=2**-10, atol=2e-4)
