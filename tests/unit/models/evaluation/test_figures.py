"""models/evaluation: figures are scikit-learn's and Keras's, classes find each other, and the command line adds up."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn import metrics

from models.datasets import Part
from models.evaluation import figures, score
from models.evaluation.__main__ import main
from models.evaluation.class_names import UnknownClassError, joined, matched
from models.figures import number_of, percent, probability, written
from models.networks.saved_network import NetworkError, model_file, open_network
from models.pictures.photo import grey
from models.storage import ROOT
from models.zoo import assembly
from models.zoo.assembly import resized

# Keras uses a deprecated way to get arrays from NumPy.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

RED, GREEN = (220, 20, 30), (30, 210, 20)
KEYS = {"accuracy", "confusion_matrix", "precision", "recall", "average_precision", "classes", "n"}


def noise(count: int, side: int = 8, channels: int = 3) -> Part:
    images = np.random.default_rng(1).integers(0, 256, (count, side, side, channels), np.uint8)
    images.flags.writeable = False
    return Part(images, np.zeros(count, np.int64), tuple(map(str, range(count))))


def greenness(keras, *, any_size: bool = True, units: int = 1, channels: int = 3, how="squash", activation="sigmoid"):
    """A network without training: the more a picture's green exceeds its red, the more probable is the second class."""
    inputs = keras.Input((None, None, channels) if any_size else (8, 8, channels))
    squares = resized(inputs, 8, how) if any_size else inputs
    features = keras.layers.GlobalAveragePooling2D()(squares)
    model = keras.Model(inputs, keras.layers.Dense(units, activation=activation)(features))
    if channels == 3 and units == 1:
        model.layers[-1].set_weights([np.array([[-0.05], [0.05], [0.0]]), np.zeros(1)])
    return model


@pytest.fixture
def photos(tmp_path, monkeypatch):
    """A function that writes a folder of plain pictures: {"train/Cat": [RED, …]}."""
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))

    def write(classes: dict[str, list[tuple[int, int, int]]]) -> str:
        folder = tmp_path / "photos"
        for name, colours in classes.items():
            (folder / name).mkdir(parents=True)
            for number, colour in enumerate(colours):
                Image.new("RGB", (20 + number, 24), colour).save(folder / name / f"{number}.png")
        return f"folder:{folder}"

    return write


@pytest.fixture
def model(library, tmp_path) -> Path:
    """A file that takes red for cats and green for dogs."""
    path = tmp_path / "pets.keras"
    greenness(library.keras).save(path)
    path.with_suffix(".json").write_text('{"classes": ["cats", "dogs"]}')
    return path


def evaluate(capsys, *arguments: object) -> dict:
    assert main([*map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


# Figures --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("threshold", [0.2, 0.5, 0.9])
def test_figures_of_two_classes_are_those_of_scikit_learn(threshold):
    random = np.random.default_rng(2)
    y_true, y_score = random.integers(0, 2, 200), random.random(200).astype(np.float32)
    found = figures(y_true, y_score, ("cats", "dogs"), threshold=threshold)
    y_pred = y_score > threshold
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(y_true, y_pred))
    assert found["confusion_matrix"] == metrics.confusion_matrix(y_true, y_pred).tolist()
    assert found["precision"] == pytest.approx(metrics.precision_score(y_true, y_pred))
    assert found["recall"] == pytest.approx(metrics.recall_score(y_true, y_pred))
    assert found["average_precision"] == pytest.approx(metrics.average_precision_score(y_true, y_score))
    cats = found["per_class"][0]
    assert cats["class"] == "cats"
    assert cats["precision"] == pytest.approx(metrics.precision_score(y_true, y_pred, pos_label=0))
    assert cats["f1"] == pytest.approx(metrics.f1_score(y_true, y_pred, pos_label=0))
    assert cats["average_precision"] == pytest.approx(metrics.average_precision_score(1 - y_true, 1 - y_score))
    assert cats["support"] == (y_true == 0).sum()
    assert (found["n"], found["threshold"], found["classes"]) == (200, threshold, ["cats", "dogs"])


def test_two_columns_of_probabilities_give_the_figures_of_one():
    random = np.random.default_rng(3)
    y_true, y_score = random.integers(0, 2, 50), random.random(50)
    two = np.stack([1 - y_score, y_score], axis=1)
    assert figures(y_true, two, ("a", "b"), threshold=0.4) == figures(y_true, y_score, ("a", "b"), threshold=0.4)


def test_figures_of_three_classes_are_macro_averages():
    random = np.random.default_rng(4)
    y_true, y_score = random.integers(0, 3, 90), random.dirichlet((1, 1, 1), 90)
    found = figures(y_true, y_score, ("a", "b", "c"))
    y_pred = y_score.argmax(axis=1)
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(y_true, y_pred))
    assert found["confusion_matrix"] == metrics.confusion_matrix(y_true, y_pred).tolist()
    assert found["precision"] == pytest.approx(metrics.precision_score(y_true, y_pred, average="macro"))
    assert found["recall"] == pytest.approx(metrics.recall_score(y_true, y_pred, average="macro"))
    one_hot = np.eye(3)[y_true]
    assert found["average_precision"] == pytest.approx(metrics.average_precision_score(one_hot, y_score))
    assert found["threshold"] is None


def test_a_probability_at_the_threshold_is_the_first_class_as_in_keras(library):
    y_true, y_score = np.array([0, 1, 1]), np.array([0.5, 0.5, 0.75], np.float32)
    keras_accuracy = library.keras.metrics.BinaryAccuracy()
    keras_accuracy.update_state(y_true, y_score)
    found = figures(y_true, y_score, ("a", "b"))
    assert found["confusion_matrix"] == [[1, 0], [1, 1]]
    assert found["accuracy"] == pytest.approx(float(keras_accuracy.result()))


def test_what_is_undefined_is_null_and_the_rest_is_valid_json():
    only_first = figures([0, 0], [0.1, 0.2], ("cats", "dogs"))
    assert only_first["average_precision"] is None
    assert (only_first["accuracy"], only_first["precision"], only_first["recall"]) == (1, None, None)
    assert [only_first["per_class"][1][name] for name in ("precision", "recall", "f1")] == [None] * 3
    two_of_three = figures([0, 1], [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1]], ("a", "b", "c"))
    assert [one["average_precision"] for one in two_of_three["per_class"]] == [1, 1, None]
    assert two_of_three["average_precision"] == two_of_three["precision"] == two_of_three["recall"] == 1
    assert two_of_three["averaged_over"] == {"precision": 2, "recall": 2, "average_precision": 2}
    assert json.loads(json.dumps([only_first, two_of_three], allow_nan=False)) == [only_first, two_of_three]


def test_an_average_leaves_out_the_classes_without_a_value_and_says_how_many_remain():
    # Nothing is called c, and there is no d.
    scores = np.eye(4)[[0, 0, 1, 3, 1]] * 0.7 + 0.075
    found = figures([0, 0, 1, 1, 2], scores, ("a", "b", "c", "d"))
    y_pred = scores.argmax(axis=1)
    expected = metrics.precision_recall_fscore_support(
        [0, 0, 1, 1, 2], y_pred, labels=range(4), average="macro", zero_division=np.nan
    )
    assert (found["precision"], found["recall"]) == expected[:2]
    assert found["averaged_over"] == {"precision": 3, "recall": 3, "average_precision": 3}
    assert figures([0, 1], [0.1, 0.9], ("a", "b"))["averaged_over"] is None


def test_a_figure_without_a_value_is_written_as_a_dash_and_numbers_have_their_nouns():
    assert [written(0.5), written(1.0, 3), written(None), percent(0.9075), percent(None)] == [
        "0.5000", "1.000", "–", "90.8\u00a0%", "–"
    ]  # fmt: skip
    assert [number_of(n, "picture") for n in (0, 1, 1600)] == ["0 pictures", "1 picture", "1,600 pictures"]
    assert [probability(p).removesuffix("\u00a0%") for p in (0, 0.0004, 0.0005, 0.9, 0.9994, 0.9995, 0.99999, 1)] == [
        "0.0", "<0.1", "0.1", "90.0", "99.9", ">99.9", ">99.9", "100.0"
    ]  # fmt: skip
    assert [number_of(n, "class", "classes") for n in (1, 2)] == ["1 class", "2 classes"]


@pytest.mark.parametrize(
    ("y_true", "y_score", "classes", "threshold", "message"),
    [
        ([0], [0.5], ("a",), 0.5, "at least two classes, not 1"),
        ([], [], ("a", "b"), 0.5, "at least one picture"),
        ([0, 1], [0.5], ("a", "b"), 0.5, "2 labels of 2 classes do not go with"),
        ([0, 1], [0.5, 0.5], ("a", "b", "c"), 0.5, "2 labels of 3 classes do not go with"),
        ([0, 2], [0.5, 0.5], ("a", "b"), 0.5, "numbers from 0 to 1"),
        ([0, -1], [0.5, 0.5], ("a", "b"), 0.5, "numbers from 0 to 1"),
        ([0, 1], [0.5, np.nan], ("a", "b"), 0.5, "not a number"),
        ([0, 1], [0.5, 0.5], ("a", "b"), 1.5, "from 0 to 1, not 1.5"),
        ([0, 1], [0.5, 0.5], ("a", "b"), np.nan, "from 0 to 1, not nan"),
    ],
)
def test_what_gives_no_figures_is_refused_in_a_sentence(y_true, y_score, classes, threshold, message):
    with pytest.raises(ValueError, match=message):
        figures(y_true, y_score, classes, threshold=threshold)


# Probabilities --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "batch_size"), [(1, 128), (7, 3), (8, 4), (10, 4), (5, 1)])
def test_scores_are_those_of_predict_whatever_the_batches(library, count, batch_size):
    model, part, told = greenness(library.keras), noise(count), []
    found = score(model, part, batch_size=batch_size, progress=lambda *done: told.append(done))
    expected = model.predict(part.images.astype(np.float32), verbose=0)[:, 0]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    assert told[-1] == (count, count)
    assert [done for done, _ in told] == sorted({done for done, _ in told})


def test_all_batches_have_one_size_so_that_the_network_is_traced_once(library, monkeypatch):
    model, shapes = greenness(library.keras), []

    def seen(batch):
        shapes.append(batch.shape)
        return np.full((len(batch), 1), 0.5)

    monkeypatch.setattr(model, "predict_on_batch", seen)
    assert len(score(model, noise(129), batch_size=128)) == 129
    assert shapes == [(65, 8, 8, 3)] * 2


def test_a_softmax_gives_one_column_a_class(library):
    found = score(greenness(library.keras, units=4, activation="softmax"), noise(6))
    assert found.shape == (6, 4)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)


def test_colour_becomes_grey_for_a_grey_network_and_grey_becomes_colour(library):
    for channels, part in ((1, noise(5)), (3, noise(5, channels=1))):
        model = greenness(library.keras, channels=channels)
        if channels == 1:
            model.layers[-1].set_weights([np.array([[0.01]]), np.zeros(1)])
            pictures = np.stack([grey(image) for image in part.images])[..., np.newaxis]
        else:
            pictures = np.concatenate([part.images] * 3, axis=-1)
        expected = model.predict(pictures.astype(np.float32), verbose=0)[:, 0]
        np.testing.assert_allclose(score(model, part), expected, rtol=0, atol=1e-6)


def test_what_cannot_be_scored_is_refused_in_a_sentence(library):
    model = greenness(library.keras, any_size=False)
    with pytest.raises(ValueError, match="no pictures"):
        score(model, noise(0))
    with pytest.raises(ValueError, match="at least 1 picture, not 0"):
        score(model, noise(2), batch_size=0)
    with pytest.raises(ValueError, match="pictures of 8 by 8 pixels, but these have 9 by 9"):
        score(model, noise(2, side=9))
    small = greenness(library.keras, activation="linear")
    small.layers[-1].set_weights([np.full((3, 1), 1e-4), np.full(1, 0.5)])  # what comes out lies between 0 and 1
    with pytest.raises(ValueError, match="The network ends in logits"):
        score(small, noise(4))
    with pytest.raises(ValueError, match="The network ends in tanh, which gives no probabilities"):
        score(greenness(library.keras, activation="tanh"), noise(4))
    model.layers[-1].set_weights([np.full((3, 1), np.nan), np.zeros(1)])
    with pytest.raises(ValueError, match="its weights are damaged"):
        score(model, noise(2))


# Names of classes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dataset", "network", "places"),
    [
        (("cats", "dogs"), ("cats", "dogs"), [0, 1]),
        (("Cat", "Dog"), ("cats", "dogs"), [0, 1]),
        (("DOGS", "cats"), ("cat", "dog"), [1, 0]),
        (("dog",), ("cats", "dogs"), [1]),
        (("cat", "cats"), ("cats", "dogs"), [0, 0]),
        (("great-dane", "German_Shepherds"), ("german shepherd", "Great Danes"), [1, 0]),
        (("pony", "glasses", "bus", "fox"), ("ponies", "glass", "buses", "foxes"), [0, 1, 2, 3]),
        (("glass", "glas"), ("glas", "glass"), [1, 0]),
        (("0", "7"), tuple("0123456789"), [0, 7]),
        (("Straße",), ("strasse", "weg"), [0]),
        # The same name wins before a generous one, whatever the order.
        (("Cat", "cat"), ("cat", "Cat"), [1, 0]),
        (("cat", "CAT", "Cat"), ("CAT", "Cat", "cat"), [2, 0, 1]),
        (("great dane", "great-dane"), ("great-dane", "great dane"), [1, 0]),
        (("cat", "cats"), ("cats", "cat"), [1, 0]),
        (("01", "1"), ("1", "01"), [1, 0]),
        (("-", "_", " "), ("_", " ", "-"), [2, 0, 1]),
        (("گربه‌ی", "گربهی"), ("گربهی", "گربه‌ی"), [1, 0]),
        (("❤️", "❤", "🐱"), ("🐱", "❤", "❤️"), [2, 1, 0]),
        (("❤️", "great–dane", "ca\u00adt"), ("❤", "Great Dane", "cat"), [0, 1, 2]),
        # macOS writes "ü" as two signs in the names of files.
        (("Hu\u0308ndin",), ("Hundin", "Hündin"), [1]),
        (("HU\u0308NDIN",), ("Hundin", "Hündin"), [1]),
    ],
)
def test_classes_match_by_name_case_and_plural_aside(dataset, network, places):
    assert matched(dataset, network).tolist() == places


@pytest.mark.parametrize("name", ["bird", "s", "", "glass", "catss", "doggs", "-", "_ _"])
def test_an_unknown_class_is_named(name):
    with pytest.raises(UnknownClassError, match=f'does not know the class "{name}", only cats, dogs, gla'):
        matched((name,), ("cats", "dogs", "gla"))


def test_a_class_that_could_be_two_is_refused():
    with pytest.raises(UnknownClassError, match='"axes" could be the network\'s "axe" or "ax"'):
        matched(("axes",), ("axe", "ax"))
    with pytest.raises(UnknownClassError, match='"CAT" could be the network\'s "cat" or "Cat"'):
        matched(("CAT",), ("cat", "Cat"))


@pytest.mark.parametrize(
    ("name", "network"),
    [("01", ("1", "2")), ("1", ("01", "02")), ("1s", ("1", "2")), ("s", ("a", "ss")), ("-", ("_", "a"))],
)
def test_numbers_letters_and_marks_alone_match_nothing_but_themselves(name, network):
    with pytest.raises(UnknownClassError, match="does not know"):
        matched((name,), network)


def test_classes_that_are_taken_together_are_said():
    assert joined(("cat", "Cat", "dog"), ("cats", "dogs")) == [
        "cat and Cat are taken together: the network knows one class, cats."
    ]
    assert joined(("cat", "Cat"), ("Cat", "cat")) == []


# The file -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["squash", "crop", "pad"])
def test_the_side_and_the_way_of_resizing_are_read_from_the_graph(how, library, tmp_path):
    greenness(library.keras, how=how).save(tmp_path / "a.keras")
    network = open_network(tmp_path / "a.keras")
    assert (network.side, network.resize, network.channels, network.answers) == (8, how, 3, 2)
    assert network.classes is None


def test_a_network_of_the_zoo_is_read_too(library, tmp_path):
    built = assembly.build("convnet", side=24, channels=1, classes=5, any_size=True, options={"width": 0.25})
    built.save(tmp_path / "a.keras")
    network = open_network(tmp_path / "a.keras")
    assert (network.side, network.resize, network.channels, network.answers) == (24, "squash", 1, 5)


def test_networks_made_elsewhere_are_read(library, tmp_path):
    layers, keras = library.keras.layers, library.keras
    end = [layers.Flatten(), layers.Dense(3, activation="softmax")]
    keras.Sequential([keras.Input((10, 10, 3)), *end]).save(tmp_path / "fixed.keras")
    network = open_network(tmp_path / "fixed.keras")
    assert (network.side, network.resize, network.answers) == (10, "squash", 3)
    begin = [keras.Input((None, None, 3)), layers.Resizing(12, 12, crop_to_aspect_ratio=True)]
    keras.Sequential([*begin, layers.Flatten(), layers.Dense(1, activation="sigmoid")]).save(tmp_path / "any.keras")
    network = open_network(tmp_path / "any.keras")
    assert (network.side, network.resize, network.answers) == (12, "crop", 2)


def test_a_run_has_its_best_model_else_its_last_and_its_classes(library, tmp_path):
    with pytest.raises(NetworkError, match="holds no model"):
        model_file(tmp_path)
    greenness(library.keras).save(tmp_path / "last.keras")
    assert model_file(tmp_path) == tmp_path / "last.keras"
    greenness(library.keras).save(tmp_path / "best.keras")
    (tmp_path / "data.json").write_text('{"classes": ["Katzen", "Hunde"]}')
    (tmp_path / "best.json").write_text('{"classes": ["no", "way"]}')
    network = open_network(tmp_path)
    assert network.path == tmp_path / "best.keras"
    assert network.classes == ("Katzen", "Hunde")


@pytest.mark.parametrize("card", ["", "[]", "{}", '{"classes": "ab"}', '{"classes": ["a"]}', '{"classes": [1, 2]}'])
def test_a_card_without_fitting_names_is_passed_over(card, library, tmp_path):
    greenness(library.keras).save(tmp_path / "a.keras")
    (tmp_path / "a.json").write_text(card)
    assert open_network(tmp_path / "a.keras").classes is None


def test_a_network_that_does_not_fit_is_refused_in_a_sentence(library, tmp_path):
    layers, keras = library.keras.layers, library.keras

    def refusal(*steps) -> str:
        keras.Sequential(steps).save(tmp_path / "a.keras")
        with pytest.raises(NetworkError) as refused:
            open_network(tmp_path / "a.keras")
        return str(refused.value)

    def dense():
        return layers.Dense(2, activation="softmax")

    assert "works on pictures of 12 by 10 pixels" in refusal(keras.Input((10, 12, 3)), layers.Flatten(), dense())
    assert "is no network for pictures" in refusal(keras.Input((10,)), dense())
    assert "is no network for pictures" in refusal(keras.Input((10, 10, 4)), layers.Flatten(), dense())
    assert "does not tell classes apart" in refusal(keras.Input((10, 10, 3)), layers.Conv2D(2, 1))
    pooled = layers.GlobalAveragePooling2D()
    assert "does not resize them" in refusal(keras.Input((None, None, 3)), pooled, dense())


# The command line -----------------------------------------------------------------------------------------------------


def test_a_plain_folder_is_evaluated_as_a_whole(model, photos, capsys):
    # The folders' order is not that of the network's classes, and each folder has one picture of the other class.
    dataset = photos({"A-DOG": [], "Dog": [GREEN] * 5 + [RED], "cat": [RED] * 3 + [GREEN] * 2})
    found = evaluate(capsys, model, "--dataset", dataset)
    assert set(found) >= KEYS
    assert (found["n"], found["part"], found["skipped"]) == (11, "all", 0)
    assert found["classes"] == ["cats", "dogs"]
    assert found["confusion_matrix"] == [[3, 2], [1, 5]]
    assert found["accuracy"] == pytest.approx(8 / 11)
    assert found["precision"] == pytest.approx(5 / 7)
    assert found["recall"] == pytest.approx(5 / 6)
    assert (found["model"], found["dataset"]) == (str(model), dataset)


def test_a_folder_that_brings_validation_photos_is_evaluated_on_them(model, photos, capsys):
    dataset = photos(
        {
            "train/cats": [RED] * 4,
            "train/dogs": [GREEN] * 4,
            "validation/cats": [RED] * 2,
            "validation/dogs": [GREEN, RED, RED],
        }
    )
    found = evaluate(capsys, model, "--dataset", dataset)
    assert (found["part"], found["n"], found["confusion_matrix"]) == ("validation", 5, [[2, 0], [2, 1]])
    found = evaluate(capsys, model, "--dataset", dataset, "--part", "train")
    assert (found["part"], found["n"], found["accuracy"]) == ("train", 8, 1)
    found = evaluate(capsys, model, "--dataset", dataset, "--part", "all", "--batch-size", "3")
    assert (found["part"], found["n"], found["confusion_matrix"]) == ("all", 13, [[6, 0], [2, 5]])
    assert main([str(model), "--dataset", dataset, "--part", "test"]) == 2
    assert "The test part of photos has no pictures" in capsys.readouterr().err


def test_the_threshold_moves_pictures_to_the_second_class(model, photos, capsys):
    dataset = photos({"cats": [RED, (100, 90, 0)], "dogs": [GREEN, (90, 100, 0)]})
    assert evaluate(capsys, model, "--dataset", dataset)["confusion_matrix"] == [[2, 0], [0, 2]]
    strict = evaluate(capsys, model, "--dataset", dataset, "--threshold", "0.8")
    assert (strict["confusion_matrix"], strict["threshold"]) == ([[2, 0], [1, 1]], 0.8)
    assert evaluate(capsys, model, "--dataset", dataset, "--threshold", "0.2")["confusion_matrix"] == [[1, 1], [0, 2]]


def test_without_a_card_the_sorted_classes_are_assumed_and_said(model, photos, capsys):
    model.with_suffix(".json").unlink()
    dataset = photos({"zebra": [GREEN], "ape": [RED]})
    assert main([str(model), "--dataset", dataset, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["classes"] == ["ape", "zebra"]
    assert json.loads(out)["accuracy"] == 1
    assert "are not written down; taken in this order: ape, zebra" in err


def test_files_that_are_no_photos_are_counted(model, photos, capsys):
    dataset = photos({"cats": [RED], "dogs": [GREEN]})
    Path(dataset.removeprefix("folder:"), "cats", "note.jpg").write_text("no photo")
    found = evaluate(capsys, model, "--dataset", dataset)
    assert (found["n"], found["skipped"]) == (2, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
def test_names_that_are_no_text_are_printed_on_every_terminal(model, photos, tmp_path, monkeypatch, encoding):
    model.with_suffix(".json").unlink()
    old = Path(photos({"ch\udce2ts": [RED], "Hündinnen": [GREEN]}).removeprefix("folder:"))
    (old / "Hündinnen" / "caf\udce9.jpg").write_bytes(b"")
    (old / "caf\udce9.jpg").write_bytes(b"")
    root = old.rename(tmp_path / "Bilder\udcfc")
    said = []
    for way in ([], ["--json"]):
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", stream)
            patched.setattr(sys, "stderr", stream)
            assert main([str(model), "--dataset", f"folder:{root}", *way]) == 0
        stream.flush()
        said.append(stream.buffer.getvalue().decode(encoding))
    found = json.loads(said[1].splitlines()[-1])
    assert found["classes"] == ["Hündinnen", "ch\ufffdts"]
    assert found["dataset"] == f"folder:{tmp_path}/Bilder\ufffd"
    skipped = "1 file cannot be used and is left out: Hündinnen/caf\ufffd.jpg"
    assert all(skipped.encode(encoding, "backslashreplace").decode(encoding) in text for text in said)


def test_people_get_a_table(model, photos, capsys):
    dataset = photos({"cats": [RED] * 3 + [GREEN], "dogs": [GREEN] * 4})
    assert main([str(model), "--dataset", dataset]) == 0
    out, err = capsys.readouterr()
    rows = [line.split() for line in out.splitlines()]
    assert ["true", "cats", "dogs", "recall"] in rows
    assert ["cats", "3", "1", "0.7500"] in rows
    assert ["dogs", "0", "4", "1.0000"] in rows
    assert ["precision", "1.0000", "0.8000"] in rows
    assert ["accuracy", "0.8750"] in rows
    assert "those of dogs, predicted above a probability of 0.5." in out
    assert err == ""  # without a terminal, no progress is shown


def test_ten_digits_are_evaluated_with_macro_averages(library, tmp_path, capsys):
    path = tmp_path / "digits.keras"
    assembly.build("mlp", side=8, channels=1, classes=10, maximum=16, any_size=True, options={"units": 8}).save(path)
    assert main([str(path), "--dataset", "digits", "--part", "test"]) == 0
    # An untrained network may never name a digit; then, the table says so below.
    assert "averages over the classes (macro)." in capsys.readouterr().out
    found = evaluate(capsys, path, "--dataset", "digits")
    assert (found["part"], found["n"], len(found["per_class"])) == ("validation", 258, 10)
    assert np.sum(found["confusion_matrix"]) == 258
    assert found["threshold"] is None


def test_a_class_without_pictures_has_a_dash_in_the_table_and_null_in_json(model, photos, capsys):
    dataset = photos({"train/cats": [RED], "train/dogs": [GREEN], "validation/cats": [RED], "validation/dogs": []})
    found = evaluate(capsys, model, "--dataset", dataset)
    assert (found["confusion_matrix"], found["accuracy"]) == ([[1, 0], [0, 0]], 1)
    assert (found["precision"], found["recall"], found["average_precision"]) == (None, None, None)
    assert found["per_class"][1] | {"class": ""} == {
        "class": "", "precision": None, "recall": None, "f1": None, "average_precision": None, "support": 0
    }  # fmt: skip
    assert main([str(model), "--dataset", dataset]) == 0
    out = capsys.readouterr().out
    rows = [line.split() for line in out.splitlines()]
    assert ["dogs", "0", "0", "–"] in rows
    assert ["precision", "1.0000", "–"] in rows
    assert ["average", "precision", "–"] in rows
    assert "part validation: 1 picture\n" in out
    assert "– has no value: it is 0 / 0." in out
    assert "Never predicted, so without a precision: dogs." in out
    assert "Without pictures, so without a recall: dogs." in out
    assert "nan" not in out.lower()


def test_classes_that_are_taken_together_are_a_note(model, photos, capsys):
    dataset = photos({"cat": [RED], "Cats": [RED], "dogs": [GREEN]})
    assert main([str(model), "--dataset", dataset, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["confusion_matrix"] == [[2, 0], [0, 1]]
    assert "are taken together: the network knows one class, cats." in err


def test_logits_become_probabilities_and_that_is_a_note(library, photos, capsys, tmp_path):
    dataset = photos({"cats": [RED] * 2, "dogs": [GREEN] * 2 + [RED]})
    matrices = []
    for activation in ("sigmoid", None):
        path = tmp_path / f"{activation}.keras"
        greenness(library.keras, activation=activation).save(path)
        path.with_suffix(".json").write_text('{"classes": ["cats", "dogs"]}')
        assert main([str(path), "--dataset", dataset, "--json"]) == 0
        out, err = capsys.readouterr()
        matrices.append(json.loads(out)["confusion_matrix"])
        assert ("sigmoid makes probabilities of them" in err) == (activation is None)
    assert matrices == [[[2, 0], [1, 2]]] * 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.keras", "--dataset", "digits"], r"error: There is no file missing\.keras"),
        (["~nobody-here/a.keras", "--dataset", "digits"], r"error: There is no file a\.keras"),
        (["run.py", "--dataset", "digits"], r"error: run\.py is no \.keras file: that is a zip archive"),
        (["assets", "--dataset", "digits"], "error: The folder assets holds no model"),
        (["MODEL", "--dataset", "no-such"], 'error: There is no dataset "no-such"'),
        (["MODEL", "--dataset", "folder"], "error: The dataset folder needs PATH"),
        (["MODEL", "--dataset", "folder:/no/such"], "error: There is no folder /no/such"),
        (["MODEL", "--dataset", "digits"], 'error: The network does not know the class "0", only cats, dogs'),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(arguments, message, model, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert main([str(model) if word == "MODEL" else word for word in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert re.match(message, err)


@pytest.mark.parametrize(
    "options",
    [["--threshold", "2"], ["--threshold", "nan"], ["--batch-size", "0"], ["--part", "half"], ["--threshold", "x"]],
)
def test_wrong_options_are_refused_before_anything_is_opened(options, capsys):
    with pytest.raises(SystemExit) as left:
        main(["missing.keras", "--dataset", "digits", *options])
    assert left.value.code == 2
    assert options[0] in capsys.readouterr().err


def test_a_network_whose_number_of_classes_does_not_fit_says_what_to_write_where(model, capsys):
    model.with_suffix(".json").unlink()
    assert main([str(model), "--dataset", "digits"]) == 2
    err = capsys.readouterr().err
    assert "tells 2 classes apart and Handwritten digits has 10" in err
    assert "pets.json" in err


def test_ctrl_c_ends_with_130(model, monkeypatch):
    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("models.evaluation.__main__.open_network", interrupted)
    assert main([str(model), "--dataset", "digits"]) == 130


@pytest.mark.slow
def test_the_command_prints_one_object_and_nothing_else(model, photos):
    dataset = photos({"cats": [RED, RED], "dogs": [GREEN]})
    command = [sys.executable, "-m", "models.evaluation", str(model), "--dataset", dataset, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["confusion_matrix"] == [[2, 0], [0, 1]]


def test_figures_need_neither_tensorflow_nor_keras():
    code = (
        "import sys; from models.evaluation import figures; figures([0, 1], [0.1, 0.9], ('a', 'b')); "
        "import models.evaluation.__main__; print(sorted({'tensorflow', 'keras', 'streamlit'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
