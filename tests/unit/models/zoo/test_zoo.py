"""models/zoo: networks that are built by their names, and saved files that need nothing of this project."""

import os
import subprocess
import sys

import numpy as np
import pytest

from models import zoo
from models.pictures.resize import RESIZES, resize
from models.storage import ROOT
from models.zoo import Info, assembly


def build(name: str = "convnet", *, side: int = 32, channels: int = 3, classes: int = 2, **options):
    return assembly.build(name, side=side, channels=channels, classes=classes, **options)


def random_weights(model) -> None:
    """Set weights with which every layer has an effect: initially, batch normalisation and biases have none."""
    random = np.random.default_rng(0)
    for variable in model.weights:
        values = random.normal(0, 0.1, variable.shape)
        if variable.name == "kernel":
            values *= 10 * np.sqrt(2 / np.prod(variable.shape[:-1]))
        elif variable.name in ("gamma", "moving_variance"):
            values = np.abs(values) + 1
        variable.assign(values)


def picture(height: int, width: int, channels: int = 3) -> np.ndarray:
    """Large smooth blotches, which resize like a photo."""
    rows, columns = np.mgrid[0:height, 0:width]
    planes = [127 + 120 * np.sin(rows / (9 + 4 * plane) + columns / (13 - 2 * plane)) for plane in range(channels)]
    return np.stack(planes, axis=-1).astype(np.uint8)


@pytest.fixture(scope="module")
def convnet(library):
    model = build(side=112)
    random_weights(model)
    return model


# The registry --------------------------------------------------------------------------------------------------------


def test_every_module_is_a_network_with_its_own_name():
    modules = (
        {path.stem.replace("_", "-") for path in (ROOT / "models" / "zoo").glob("*.py")} - {"--init--"} - zoo.TOOLS
    )
    assert set(zoo.names()) == modules
    assert {"convnet", "mlp", "efficientnet-lite0"} <= modules
    for name in zoo.names():
        about = zoo.info(name)
        assert isinstance(about, Info)
        assert about.name == name
        assert about.title
        assert 8 <= about.side <= 512
        assert about.resize in RESIZES


def test_names_titles_and_options_cost_no_keras():
    code = (
        "import sys; from models import zoo; [(zoo.info(name), zoo.option_names(name)) for name in zoo.names()];"
        "print(sorted({'tensorflow', 'keras', 'streamlit'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


def test_options_are_what_a_body_can_be_told():
    assert zoo.option_names("convnet") == ("dropout", "width")
    assert zoo.option_names("mlp") == ("dropout", "units", "hidden_dropout")
    assert zoo.option_names("plain") == ("dropout", "units")
    for name in zoo.names():
        assert "maximum" not in zoo.option_names(name)  # it comes from the dataset


@pytest.mark.parametrize("name", ["", "resnet", "Convnet", "efficientnet_lite0", "__init__"])
def test_an_unknown_network_is_refused_with_all_that_there_are(name):
    for call in (zoo.info, zoo.option_names):
        with pytest.raises(ValueError, match=r"^There is no network ") as caught:
            call(name)
        assert str(caught.value) == f'There is no network "{name}": choose from {", ".join(zoo.names())}.'


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("convnet", {"wings": 2}, r"The network convnet has no option wings: dropout, width\."),
        ("mlp", {"width": 0.5}, r"The network mlp has no option width: dropout, units, hidden_dropout\."),
        ("convnet", {"maximum": 16}, r"The network convnet has no option maximum: "),
        ("convnet", {"dropout": 1}, r"dropout is a share from 0 to below 1, not 1\."),
        ("convnet", {"dropout": -0.1}, r"dropout is a share from 0 to below 1, not -0\.1\."),
        ("convnet", {"dropout": float("nan")}, r"dropout is a share from 0 to below 1, not nan\."),
        ("convnet", {"width": 1.5}, r"width is a factor from 0\.1 to 1, not 1\.5\."),
        ("convnet", {"width": 0}, r"width is a factor from 0\.1 to 1, not 0\."),
        ("mlp", {"units": 0}, r"A hidden layer has at least one unit, not 0\."),
        ("plain", {"units": 0}, r"A hidden layer has at least one unit, not 0\."),
    ],
)
def test_an_option_that_cannot_be_is_refused(library, name, options, said):
    with pytest.raises(ValueError, match=f"^{said}"):
        build(name, options=options)


@pytest.mark.parametrize("classes", [-1, 0, 1])
def test_one_class_is_nothing_to_tell_apart(library, classes):
    with pytest.raises(ValueError, match=rf"^A network tells at least two classes apart, not {classes}\.$"):
        build(classes=classes)


# Every network -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["convnet", "mlp"])
def test_two_classes_end_in_a_sigmoid_unit_and_more_in_a_softmax(library, name):
    pictures = np.stack([picture(16, 16), 255 - picture(16, 16)])
    two, ten = build(name, side=16), build(name, side=16, classes=10)
    last = [model.layers[-1] for model in (two, ten)]
    assert [layer.units for layer in last] == [1, 10]
    assert [layer.activation.__name__ for layer in last] == ["sigmoid", "softmax"]
    answer, answers = two.predict(pictures, verbose=0), ten.predict(pictures, verbose=0)
    assert (answer.shape, answers.shape) == ((2, 1), (2, 10))
    assert ((answer > 0) & (answer < 1)).all()
    np.testing.assert_allclose(answers.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("name", ["convnet", "mlp"])
def test_names_of_layers_are_unique_and_say_what_they_are(library, name):
    model = build(name, classes=3)
    names = [layer.name for layer in model.layers]
    assert len(set(names)) == len(names)
    assert names[0] == "pixels"
    assert names[1] == "rescale"
    assert names[-2:] == ["dropout", "answer"]
    again = [layer.name for layer in build(name, classes=3).layers]
    assert again == names  # the names do not depend on earlier networks
    for layer in model.layers:
        assert type(layer).__module__.startswith("keras."), layer.name
        assert type(layer).__name__ != "Lambda"


@pytest.mark.parametrize("name", ["convnet", "mlp"])
def test_dropout_silences_the_share_that_was_asked_for(library, name):
    assert build(name).get_layer("dropout").rate == 0.2
    assert build(name, options={"dropout": 0.35}).get_layer("dropout").rate == 0.35
    options = {"dropout": 0}
    build(name, options=options)
    assert options == {"dropout": 0}  # the argument is not changed


@pytest.mark.parametrize(("name", "low"), [("convnet", -1), ("mlp", 0)])
@pytest.mark.parametrize("maximum", [255, 16])
def test_black_and_white_become_the_ends_of_the_range(library, name, low, maximum):
    model = build(name, side=8, channels=1, maximum=maximum)
    prepared = library.keras.Model(model.inputs, model.get_layer("rescale").output)
    pixels = np.zeros((1, 8, 8, 1), np.float32)
    pixels[0, 0, 0], pixels[0, 0, 1] = maximum, maximum / 2
    values = prepared.predict(pixels, verbose=0)[0, 0, :3, 0]
    np.testing.assert_allclose(values, [1, (low + 1) / 2, low], atol=1e-6)


@pytest.mark.parametrize("precision", ["mixed_float16", "mixed_bfloat16"])
def test_the_answer_stays_in_32_bits(library, precision):
    before = library.keras.config.dtype_policy()
    library.keras.config.set_dtype_policy(precision)
    try:
        model = build(side=8)
    finally:
        library.keras.config.set_dtype_policy(before)
    assert model.output.dtype == "float32"
    assert model.get_layer("stem_conv").compute_dtype == precision.removeprefix("mixed_")


# The course's convnet ------------------------------------------------------------------------------------------------


def test_the_convnet_has_at_most_a_million_weights(convnet):
    assert convnet.count_params() <= 1_000_000
    assert convnet.get_layer("features").output.shape == (None, 192)
    assert convnet.get_layer("block4_relu").output.shape == (None, 7, 7, 192)


@pytest.mark.parametrize(
    ("side", "channels", "maps"),
    [
        (8, 1, 2),
        pytest.param(8, 3, 2, marks=pytest.mark.slow),
        (28, 1, 4),
        pytest.param(32, 3, 4, marks=pytest.mark.slow),
        pytest.param(63, 3, 8, marks=pytest.mark.slow),
        pytest.param(64, 3, 4, marks=pytest.mark.slow),
        pytest.param(96, 3, 6, marks=pytest.mark.slow),
        pytest.param(97, 3, 7, marks=pytest.mark.slow),
        (112, 1, 7),
        (128, 3, 8),
    ],
)
def test_the_convnet_works_at_every_size(library, side, channels, maps):
    model = build(side=side, channels=channels, classes=3)
    assert model.get_layer("block4_relu").output.shape == (None, maps, maps, 192)
    assert model.predict(picture(side, side, channels)[None], verbose=0).shape == (1, 3)


def test_the_convnet_learns_at_its_smallest_size(library):
    library.keras.utils.set_random_seed(0)
    pictures = np.random.default_rng(0).integers(0, 60, (32, 8, 8, 1)).astype(np.float32)
    labels = np.arange(32) % 2
    pictures[labels == 1] += 150
    model = build(side=8, channels=1, options={"width": 0.25})
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    losses = model.fit(pictures, labels, epochs=4, batch_size=8, verbose=0).history["loss"]
    assert losses[-1] < 0.5 * losses[0]


def test_width_is_a_factor_on_all_filters(library):
    narrow = build(side=16, options={"width": 0.25})
    filters = {layer.name: layer.filters for layer in narrow.layers if hasattr(layer, "filters")}
    assert filters["stem_conv"] == 8
    assert filters["block4_b_conv"] == 48
    assert narrow.output_shape == (None, 1)


# The multilayer perceptron -------------------------------------------------------------------------------------------


def test_the_perceptron_is_that_of_the_paper(library):
    model = build("mlp", side=28, channels=1, classes=10)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == ["InputLayer", "Rescaling", "Flatten", "Dense", "Dropout", "Dense", "Dropout", "Dense"]
    hidden = [model.get_layer(name) for name in ("hidden1", "hidden2")]
    assert [(layer.units, layer.activation.__name__) for layer in hidden] == [(1000, "relu")] * 2
    assert model.get_layer("hidden1_dropout").rate == 0.5
    assert model.count_params() == 784 * 1000 + 1000 + 1000 * 1000 + 1000 + 1000 * 10 + 10
    small = build("mlp", side=8, channels=1, options={"units": 20, "hidden_dropout": 0.1})
    assert small.get_layer("hidden2").units == 20
    assert small.get_layer("hidden1_dropout").rate == pytest.approx(0.1)


# Photos of any size --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(112, 112), (300, 200), (61, 90)])
def test_a_network_for_any_size_answers_as_the_one_for_its_squares(convnet, size):
    photos = build(side=112, any_size=True)
    assert [weight.path for weight in photos.weights] == [weight.path for weight in convnet.weights]
    photos.set_weights(convnet.get_weights())
    assert photos.input_shape == (None, None, None, 3)
    photo = picture(*size)
    square = resize(photo, 112, zoo.info("convnet").resize)
    expected = convnet.predict(square[None], verbose=0)
    np.testing.assert_allclose(photos.predict(photo[None], verbose=0), expected, atol=1e-3)
    other = convnet.predict(square[None] // 4, verbose=0)
    assert abs(other - expected).max() > 0.01  # with these weights, pictures matter


OPEN = """
import sys
import keras
import numpy as np
assert "models" not in sys.modules
model = keras.models.load_model("net.keras", safe_mode=True)
np.save("answer.npy", model.predict(np.load("photo.npy")[None], verbose=0))
print([layer.name for layer in model.layers][-1], sorted(name for name in sys.modules if name.startswith("models")))
"""


def test_a_saved_file_opens_in_a_process_that_knows_nothing_of_this_project(convnet, tmp_path):
    photos = build(side=112, any_size=True)
    photos.set_weights(convnet.get_weights())
    photos.save(tmp_path / "net.keras")
    photo = picture(150, 130)
    np.save(tmp_path / "photo.npy", photo)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    run = subprocess.run(
        [sys.executable, "-c", OPEN],
        cwd=tmp_path,
        env=environment | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == "answer []"
    expected = photos.predict(photo[None], verbose=0)
    np.testing.assert_allclose(np.load(tmp_path / "answer.npy"), expected, rtol=1e-5)


# Base and head --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", zoo.names())
def test_a_network_that_is_called_frozen_learns_in_its_answer_only(name, library):
    """Otherwise, a run would train a head on features of a base that should learn."""
    learning = {weight.path.partition("/")[0] for weight in build(name).trainable_weights}
    assert (learning == {"answer"}) == zoo.is_frozen(name, {})


@pytest.mark.parametrize("classes", [2, 4])
def test_a_head_on_a_bases_features_is_the_network(classes, library):
    network = build(classes=classes, options={"width": 0.2, "dropout": 0.5})
    random_weights(network)
    base, head = assembly.base_of(network), assembly.head_of(network)
    pictures = np.stack([np.roll(picture(32, 32), 9 * number, axis=1) for number in range(3)]).astype(np.float32)
    features = base.predict(pictures, verbose=0)
    np.testing.assert_allclose(head.predict(features, verbose=0), network.predict(pictures, verbose=0), rtol=1e-5)
    assert [layer.name for layer in head.layers] == ["features", "dropout", "answer"]
    assert all(network.get_layer(layer.name) is layer for layer in head.layers[1:])
    # The head's Dropout advances the network's random numbers.
    states = [library.keras.ops.convert_to_numpy(network.get_layer("dropout").seed_generator.state)]
    head(features, training=True)
    states.append(library.keras.ops.convert_to_numpy(network.get_layer("dropout").seed_generator.state))
    assert not np.array_equal(*states)
