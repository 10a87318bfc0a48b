"""models/arithmetic/loss_surfaces.py: losses and gradients are those of TensorFlow, and the minima are minima."""

import numpy as np
import pytest

from models.arithmetic.loss_surfaces import BATCH_SIZE, SURFACES, batches, halves

every_surface = pytest.mark.parametrize("name", SURFACES)


def tensorflow_loss(library, name, x, y, pictures=slice(None)):
    tf = library.tf
    if name == "bowl":
        return x**2 + 2 * y**2
    if name == "ravine":
        return x**2 + 50 * y**2
    if name == "beale":
        return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2
    if name == "saddle":
        return (x**2 / 4 - 1) ** 2 + y**2
    inputs, labels = (array[pictures] for array in halves())
    model = library.keras.Sequential([library.keras.Input((2,)), library.keras.layers.Dense(1, use_bias=False)])
    logits = tf.matmul(tf.constant(inputs, "float64"), tf.stack([[x], [y]]))
    assert model.count_params() == 2  # the model with this loss
    losses = library.keras.losses.binary_crossentropy(labels[:, np.newaxis], logits, from_logits=True)
    return tf.reduce_mean(tf.cast(losses, "float64"))


@every_surface
def test_loss_and_gradient_are_those_of_tensorflows_tape(name, library):
    surface = SURFACES[name]
    generator = np.random.default_rng(3)
    places = generator.uniform(-1, 1, (12, 2)) * [surface.width, surface.height]
    for place in places:
        x, y = (library.tf.Variable(value, dtype="float64") for value in place)
        with library.tf.GradientTape() as tape:
            loss = tensorflow_loss(library, name, x, y)
        gradient = [float(slope) for slope in tape.gradient(loss, [x, y])]
        assert float(surface.loss(place)) == pytest.approx(float(loss), rel=1e-6)
        assert surface.gradient(place) == pytest.approx(gradient, rel=1e-5, abs=1e-8)


@every_surface
def test_no_place_of_the_map_is_lower_than_the_minima(name):
    surface = SURFACES[name]
    minima = np.array(surface.minima)
    assert surface.gradient(minima) == pytest.approx(np.zeros_like(minima), abs=2e-6)
    assert surface.loss(minima) == pytest.approx([float(surface.loss(minima[0]))] * len(minima))
    assert surface.grid(121, 81).min() >= surface.loss(minima).min() - 1e-12
    assert np.all(np.abs(minima) <= [surface.width, surface.height])


@every_surface
def test_a_grid_begins_at_the_top_left(name):
    surface = SURFACES[name]
    grid = surface.grid(5, 3)
    assert grid.shape == (3, 5)
    assert grid[0, 0] == surface.loss(np.array([-surface.width, surface.height]))
    assert grid[2, 4] == surface.loss(np.array([surface.width, -surface.height]))


def test_far_away_the_real_loss_is_still_a_number():
    assert np.isfinite(SURFACES["digits"].loss(np.array([1e5, -1e5])))
    assert np.all(np.isfinite(SURFACES["digits"].gradient(np.array([-1e5, 1e5]))))


def test_the_data_are_all_threes_and_eights():
    inputs, labels = halves()
    assert inputs.shape == (357, 2)
    assert sorted(np.unique(labels, return_counts=True)[1]) == [174, 183]
    assert inputs.min() >= 0
    assert inputs.max() <= 10


def test_the_gradient_of_a_batch_is_that_of_tensorflows_tape(library):
    surface, places = SURFACES["digits"], [(-4.0, 3.0), (2.5, -2.0), (0.0, 0.0)]
    for place, batch in zip(places, batches(3), strict=True):
        x, y = (library.tf.Variable(value, dtype="float64") for value in place)
        with library.tf.GradientTape() as tape:
            loss = tensorflow_loss(library, "digits", x, y, batch)
        gradient = [float(slope) for slope in tape.gradient(loss, [x, y])]
        assert surface.batch_gradient(np.array(place), batch) == pytest.approx(gradient, rel=1e-5, abs=1e-8)


def test_batches_are_drawn_from_all_pictures_and_the_same_ones_every_time():
    drawn = batches(200)
    assert drawn.shape == (200, BATCH_SIZE)
    assert all(len(set(batch)) == BATCH_SIZE for batch in drawn)
    assert 0 <= drawn.min() < drawn.max() < len(halves()[1])
    assert len(np.unique(drawn)) > 0.95 * len(halves()[1])
    np.testing.assert_array_equal(batches(7), drawn[:7])


def test_a_batchs_gradient_is_wrong_each_time_and_right_on_average():
    surface, place = SURFACES["digits"], np.array([1.0, -0.5])
    exact = surface.gradient(place)
    noisy = np.array([surface.batch_gradient(place, batch) for batch in batches(4000)])
    errors = np.linalg.norm(noisy - exact, axis=1)
    assert np.median(errors) > 0.1 * np.linalg.norm(exact)
    assert np.all(np.abs(noisy.mean(axis=0) - exact) < 4 * noisy.std(axis=0) / np.sqrt(len(noisy)))


def test_all_pictures_in_one_batch_give_the_exact_gradient():
    surface, place = SURFACES["digits"], np.array([[1.0, -0.5], [-3.0, 2.0]])
    every = surface.batch_gradient(place, np.arange(len(halves()[1])))
    np.testing.assert_allclose(every, surface.gradient(place), rtol=1e-12)


@pytest.mark.parametrize("name", [name for name in SURFACES if name != "digits"])
def test_a_formula_has_no_batches(name):
    with pytest.raises(ValueError, match=f"The surface {name} is a formula: there are no pictures"):
        SURFACES[name].batch_gradient(np.zeros(2), np.arange(8))
