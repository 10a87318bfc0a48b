"""models/evaluation/heatmap.py and overlay.py: Grad-CAM where the answer is known, and the map at its place."""

from pathlib import Path

import numpy as np
import plotly.colors
import pytest
from PIL import Image

from models.evaluation.heatmap import heatmap, look_closely
from models.evaluation.overlay import COLOURS, coloured, overlay
from models.networks import inference
from models.networks.files import JudgingError
from models.networks.last_layers import last_layers
from models.networks.saved_network import NetworkError, open_network
from models.pictures.photo import grey
from models.pictures.samples import sample
from models.zoo import assembly

# Keras uses a deprecated way to get arrays from NumPy.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

CHELSEA = sample("chelsea").pixels
SIDE = 8
PIXELS = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8)


@pytest.fixture(scope="module")
def saved(library, tmp_path_factory):
    """A function that writes a network, given as the layers after the pixels, and returns its path."""
    keras, folder = library.keras, tmp_path_factory.mktemp("networks")

    def save(name: str, *steps, weights=None) -> str:
        path = folder / f"{name}.keras"
        if not path.is_file():
            tensor = inputs = keras.Input((SIDE, SIDE, 3), name="pixels")
            for step in steps:
                tensor = step(tensor)
            model = keras.Model(inputs, tensor)
            # Keras's seed has no effect here: the layers already have their weights.
            random = np.random.default_rng(5)
            model.set_weights(weights or [random.normal(0, 0.3, weight.shape) for weight in model.weights])
            model.save(path)
        return str(path)

    return save


@pytest.fixture
def averaging(saved, library):
    """Networks with global average pooling, with one sigmoid unit and with a softmax of three."""
    layers = library.keras.layers

    def network(units: int) -> str:
        return saved(
            f"averaging{units}",
            layers.Rescaling(1 / 255),
            layers.Conv2D(12, 3, activation="relu", name="maps"),
            layers.GlobalAveragePooling2D(),
            layers.Dropout(0.5),
            layers.Dense(units, activation="sigmoid" if units == 1 else "softmax", bias_initializer="ones"),
        )

    return network


def maps_and_kernel(library, path: str, layer: str = "maps") -> tuple[np.ndarray, np.ndarray]:
    model = library.keras.models.load_model(path, compile=False)
    before = library.keras.Model(model.input, model.get_layer(layer).output)
    maps = np.asarray(before(PIXELS[np.newaxis].astype(np.float32)))[0].astype(np.float64)
    return maps, model.layers[-1].kernel.numpy().astype(np.float64)


# Known answers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("units", "chosen"), [(1, 0), (1, 1), (3, 0), (3, 1), (3, 2)])
def test_with_global_average_pooling_it_is_the_class_activation_map(units, chosen, averaging, library):
    path = averaging(units)
    maps, kernel = maps_and_kernel(library, path)
    weights = kernel[:, chosen] if units > 1 else kernel[:, 0] * (1 if chosen else -1)
    expected = np.maximum(maps @ weights, 0)
    assert expected.max() > 0
    found = heatmap(PIXELS, path, chosen)
    np.testing.assert_allclose(found["map"], expected / expected.max(), atol=1e-5)
    # Averaging divides each place's gradient by the number of places.
    assert found["peak"] == pytest.approx(expected.max() / maps[..., 0].size, rel=1e-4)
    assert found["map"].dtype == np.float32
    assert (found["map"].max(), found["class"], found["layer"]) == (1, chosen, "maps")
    assert (found["side"], found["resize"]) == (SIDE, "squash")
    predicted = inference.predict(PIXELS, path)
    assert found["name"] == predicted["classes"][chosen]
    assert found["score"] == pytest.approx(predicted["probabilities"][chosen], abs=1e-6)


@pytest.mark.parametrize("chosen", [0, 1, 2, 3])
def test_with_hidden_layers_it_is_the_gradient_that_numpy_finds(chosen, saved, library):
    layers = library.keras.layers
    path = saved(
        "hidden",
        layers.Conv2D(4, 3, strides=2, activation="relu"),
        layers.Conv2D(3, 2, name="maps"),
        layers.Flatten(),
        layers.Dense(6, activation="relu", name="hidden"),
        layers.Dense(4, activation="softmax"),
    )
    maps, kernel = maps_and_kernel(library, path)
    hidden = library.keras.models.load_model(path, compile=False).get_layer("hidden")
    first, bias = hidden.kernel.numpy().astype(np.float64), hidden.bias.numpy()
    awake = maps.ravel() @ first + bias > 0
    assert 0 < awake.sum() < len(awake)
    gradient = (first @ (awake * kernel[:, chosen])).reshape(maps.shape)
    expected = np.maximum(maps @ gradient.mean(axis=(0, 1)), 0)
    found = heatmap(PIXELS, path, chosen)
    peak = expected.max()
    assert found["peak"] == pytest.approx(peak, rel=1e-4, abs=1e-6)
    np.testing.assert_allclose(found["map"], expected / peak if peak else expected, atol=1e-5)


@pytest.fixture
def red_finder(saved, library):
    """A network that answers class 1 for a picture with red in it: red minus green and blue, in blocks of 2 × 2."""
    layers = library.keras.layers
    kernel = (
        np.tile(np.array([1, -1, -1], np.float32)[:, np.newaxis], (2, 2, 1, 1)) / 255
    )  # (row, column, channel, map)
    return saved(
        "red",
        layers.Conv2D(1, 2, strides=2, activation="relu", name="maps"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(1, activation="sigmoid"),
        weights=[kernel, np.zeros(1), np.ones((1, 1)), np.zeros(1)],
    )


@pytest.mark.parametrize("place", [(0, 0), (1, 2), (3, 3)])
def test_the_peak_lies_where_alone_something_is_to_be_seen(place, red_finder):
    pixels = np.full((SIDE, SIDE, 3), 120, np.uint8)
    row, column = place
    pixels[2 * row : 2 * row + 2, 2 * column : 2 * column + 2] = (255, 0, 0)
    found = look_closely(pixels, red_finder)
    assert found["heatmap"] is not None
    assert (found["heatmap"]["class"], found["no_heatmap"]) == (1, "")
    expected = np.zeros((4, 4))
    expected[place] = 1
    np.testing.assert_allclose(found["heatmap"]["map"], expected, atol=1e-6)
    # Red speaks against class 0, and nothing speaks for it.
    other = heatmap(pixels, red_finder, 0)
    assert other["peak"] == 0
    assert not other["map"].any()


# Networks of every kind -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "layer", "shape"),
    [
        ("convnet", "block4_relu", (7, 7)),
        ("digits", "block4_relu", (2, 2)),
        ("efficientnet-lite0-pets", "head_relu", (7, 7)),
    ],
)
def test_one_look_says_what_predict_and_heatmap_say(network, layer, shape):
    pixels = grey(CHELSEA)[..., np.newaxis] if network == "digits" else CHELSEA
    found, heat, predicted = look_closely(pixels, network), heatmap(pixels, network), inference.predict(pixels, network)
    assert found["probabilities"] == pytest.approx(predicted["probabilities"], abs=1e-5)
    assert (found["classes"], found["network"]) == (predicted["classes"], network)
    assert heat["name"] == predicted["top"][0][0]
    assert found["heatmap"] is not None
    np.testing.assert_allclose(found["heatmap"]["map"], heat["map"], atol=1e-6)
    assert (heat["layer"], heat["map"].shape) == (layer, shape)
    assert heat["peak"] > 0  # even if all weights are frozen
    model = inference.warm(network).network.model
    assert found["features"].shape == (model.get_layer("answer").kernel.shape[0],)
    logits = found["features"] @ model.get_layer("answer").kernel.numpy() + model.get_layer("answer").bias.numpy()
    if len(logits) == 1:
        assert found["probabilities"][1] == pytest.approx(1 / (1 + np.exp(-logits[0])), abs=1e-5)
    else:
        assert int(logits.argmax()) == heat["class"]


def test_a_network_without_convolutions_says_so_and_answers_all_the_same(library, tmp_path):
    path = tmp_path / "mlp.keras"
    assembly.build("mlp", side=SIDE, channels=3, classes=2, options={"units": 4}).save(path)
    with pytest.raises(NetworkError, match="This network has no convolutions, so it has no feature maps"):
        heatmap(PIXELS, str(path))
    found = look_closely(PIXELS, str(path))
    assert found["heatmap"] is None
    assert found["no_heatmap"].startswith("This network has no convolutions")
    assert found["features"].shape == (4,)
    assert found["probabilities"] == pytest.approx(inference.predict(PIXELS, str(path))["probabilities"], abs=1e-6)


def test_an_activation_of_its_own_and_a_network_inside_are_understood(saved, library):
    keras, layers = library.keras, library.keras.layers
    inside = keras.Sequential([keras.Input((SIDE, SIDE, 3)), layers.Conv2D(4, 3), layers.ReLU()], name="body")
    path = saved(
        "nested",
        inside,
        layers.MaxPooling2D(2, name="pool"),
        layers.GlobalAveragePooling2D(keepdims=True),  # 1 × 1 does not count as a map
        layers.Flatten(),
        layers.Dense(3, name="logits"),
        layers.Softmax(),
    )
    found = look_closely(PIXELS, path)
    assert found["heatmap"] is not None
    assert (found["heatmap"]["layer"], found["heatmap"]["map"].shape) == ("pool", (3, 3))
    assert found["features"].shape == (4,)
    model = keras.models.load_model(path, compile=False)
    maps = np.asarray(keras.Model(model.input, model.get_layer("pool").output)(PIXELS[np.newaxis].astype(np.float32)))[
        0
    ]
    weights = model.get_layer("logits").kernel.numpy()[:, found["heatmap"]["class"]]
    expected = np.maximum(maps @ weights, 0)
    np.testing.assert_allclose(found["heatmap"]["map"], expected / max(expected.max(), 1e-9), atol=1e-5)


def test_a_sequential_model_is_understood(library, tmp_path):
    keras, layers = library.keras, library.keras.layers
    steps = [layers.Conv2D(4, 3, name="maps"), layers.Flatten(), layers.Dense(1, activation="sigmoid")]
    keras.Sequential([keras.Input((SIDE, SIDE, 3)), *steps]).save(tmp_path / "a.keras")
    last = last_layers(open_network(tmp_path / "a.keras"))
    assert (last.layer, last.features.shape, last.dense.units) == ("maps", (None, 144), 1)


@pytest.mark.parametrize("end", ["pooling", "normalised"])
def test_probabilities_that_no_dense_layer_makes_have_no_last_layers(end, saved, library):
    layers = library.keras.layers
    ends = {
        "pooling": [layers.GlobalMaxPooling2D(), layers.Softmax()],
        "normalised": [layers.Flatten(), layers.Dense(2), layers.BatchNormalization(), layers.Softmax()],
    }
    path = saved(end, layers.Conv2D(2, 3, activation="sigmoid"), *ends[end])
    with pytest.raises(NetworkError, match="does not end in a Dense layer with one sigmoid unit or a softmax"):
        last_layers(open_network(Path(path)))


def test_what_cannot_be_asked_is_said(averaging):
    for number in (-1, 3):
        with pytest.raises(NetworkError, match=f"3 classes apart, numbered from 0: there is no class {number}"):
            heatmap(PIXELS, averaging(3), number)
    with pytest.raises(JudgingError, match='There is no network "nothing"'):
        heatmap(PIXELS, "nothing")
    with pytest.raises(ValueError, match="A photo is uint8"):
        look_closely(PIXELS.astype(np.float32), averaging(3))


def test_a_run_is_asked_by_its_best_or_its_last_epoch_and_anew_when_that_is_written_anew(averaging, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    (run / "best.keras").write_bytes(Path(averaging(1)).read_bytes())
    (run / "last.keras").write_bytes(Path(averaging(3)).read_bytes())
    assert len(look_closely(PIXELS, str(run))["classes"]) == 2
    assert len(look_closely(PIXELS, str(run), "last")["classes"]) == 3
    (run / "best.keras").write_bytes(Path(averaging(3)).read_bytes())
    assert len(look_closely(PIXELS, str(run))["classes"]) == 3


# Over the photo -------------------------------------------------------------------------------------------------------


def test_the_colours_are_magmas_and_become_lighter_step_by_step():
    assert tuple(plotly.colors.sequential.Magma) == COLOURS
    brightness = grey(coloured(np.linspace(0, 1, 256)[np.newaxis]))[0].astype(int)
    assert (np.diff(brightness) >= 0).all()
    assert brightness[-1] - brightness[0] > 230
    assert coloured(np.array([[-1.0, 0, 1 / 9, 1, 2]]))[0].tolist() == [
        [0, 0, 4],
        [0, 0, 4],
        [0x18, 0x0F, 0x3D],
        [0xFC, 0xFD, 0xBF],
        [0xFC, 0xFD, 0xBF],
    ]


def has_colour(pixels: np.ndarray) -> np.ndarray:
    return np.ptp(pixels.astype(int), axis=2) > 0


@pytest.mark.parametrize(("height", "width"), [(40, 90), (91, 40), (50, 50)])
def test_the_map_covers_what_the_network_saw_and_nothing_else(height, width):
    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3)).astype(np.uint8)
    plain = np.repeat(grey(pixels)[..., np.newaxis], 3, axis=2)
    heat = np.full((3, 3), 0.5, np.float32)
    covered = {how: has_colour(overlay(pixels, heat, 1.0, how)) for how in ("squash", "pad", "crop")}
    assert covered["squash"].all()
    assert covered["pad"].all()
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    expected = np.zeros((height, width), bool)
    expected[top : top + short, left : left + short] = True
    np.testing.assert_array_equal(covered["crop"], expected)
    np.testing.assert_array_equal(overlay(pixels, heat, 1.0, "crop")[~expected], plain[~expected])
    np.testing.assert_array_equal(overlay(pixels, heat, 0.0, "crop"), plain)


@pytest.mark.parametrize("how", ["squash", "crop", "pad"])
@pytest.mark.parametrize("size", [(60, 120), (120, 60), (64, 64)])
def test_a_spot_lies_where_the_networks_square_has_it(how, size):
    from models.pictures.resize import resize

    photo = np.zeros((*size, 3), np.uint8)
    row, column = size[0] // 2 + 8, size[1] // 2 - 10
    photo[row - 4 : row + 4, column - 4 : column + 4] = 255
    # The map covers what the network sees of the photo, and is laid over this part.
    square = resize(photo, 32, how)[..., 0].astype(np.float32) / 255
    brightness = grey(overlay(np.zeros_like(photo), square, 1.0, how)).astype(float)
    rows, columns = np.indices(size)
    assert (rows * brightness).sum() / brightness.sum() == pytest.approx(row - 0.5, abs=1.5)
    assert (columns * brightness).sum() / brightness.sum() == pytest.approx(column - 0.5, abs=1.5)


@pytest.mark.parametrize("size", [(60, 90), (61, 97), (96, 96)])
@pytest.mark.parametrize("squares", [(4, 4), (7, 7), (1, 3)])
def test_a_map_is_shown_in_as_many_even_squares_as_it_has_numbers(size, squares):
    heat = np.random.default_rng(2).random(squares).astype(np.float32)
    shown = overlay(np.zeros((*size, 3), np.uint8), heat, 1.0)
    rows = np.minimum(((np.arange(size[0]) + 0.5) * squares[0] / size[0]).astype(int), squares[0] - 1)
    columns = np.minimum(((np.arange(size[1]) + 0.5) * squares[1] / size[1]).astype(int), squares[1] - 1)
    # Where a border runs through a pixel, it belongs to either square.
    inside = np.ix_(_inside(size[0], squares[0]), _inside(size[1], squares[1]))
    np.testing.assert_array_equal(shown[inside], coloured(heat)[np.ix_(rows, columns)][inside])
    seen, expected = (np.unique(pixels.reshape(-1, 3), axis=0) for pixels in (shown, coloured(heat)))
    np.testing.assert_array_equal(seen, expected)  # nothing in between


def _inside(length: int, parts: int) -> np.ndarray:
    """The pixels of a row through which no border runs."""
    edges = np.arange(1, parts) * length / parts
    return np.array([pixel for pixel in range(length) if not any(abs(pixel + 0.5 - edge) < 1 for edge in edges)])


def test_alpha_mixes_the_grey_photo_with_the_colours():
    one = overlay(np.full((4, 4, 1), 100, np.uint8), np.ones((2, 2)), 0.25)
    np.testing.assert_array_equal(one[0, 0], np.rint(0.75 * 100 + 0.25 * np.array([0xFC, 0xFD, 0xBF])))
    assert Image.fromarray(one).mode == "RGB"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pixels": np.zeros((4, 4, 3))}, "A photo is uint8"),
        ({"heat": np.zeros((2, 2, 2))}, "finite numbers in a shape"),
        ({"heat": np.full((2, 2), np.nan)}, "finite numbers in a shape"),
        ({"alpha": 1.5}, "alpha is a share from 0 to 1"),
        ({"resize": "stretch"}, "becomes a square by squash, crop, pad"),
    ],
)
def test_what_makes_no_sense_is_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        overlay(**{"pixels": np.zeros((4, 4, 3), np.uint8), "heat": np.zeros((2, 2)), **changes})
