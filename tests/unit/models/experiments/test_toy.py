"""toy.py: the points are scikit-learn's, the trainings too, and Keras answers the same with their weights."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from sklearn.datasets import make_circles, make_moons
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from models.experiments.toy import (
    ACTIVATIONS,
    BATCH_SIZE,
    COUNT,
    EPOCHS,
    EXTENT,
    GRID_SIDE,
    KINDS,
    Activation,
    Kind,
    _train,
    grid,
    points,
    suitable_rate,
    train,
)
from models.storage import ROOT

KERAS_NAMES = {"identity": "linear", "relu": "relu", "tanh": "tanh", "logistic": "sigmoid"}
NONLINEAR: tuple[Activation, ...] = ("relu", "tanh", "logistic")
SEEDS = [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3, 4))]


# Points ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize(
    ("kind", "make", "settings"),
    [("circles", make_circles, {"factor": 0.45, "noise": 0.08}), ("moons", make_moons, {"noise": 0.12})],
)
def test_circles_and_moons_are_those_of_scikit_learn(kind, make, settings, seed):
    places, classes = make(60, shuffle=False, random_state=seed, **settings)
    found, found_classes = points(kind, count=60, seed=seed)
    np.testing.assert_allclose(found, StandardScaler().fit_transform(places), atol=1e-12)
    np.testing.assert_array_equal(found_classes, classes)


def test_xor_has_opposite_corners_of_one_class():
    places, classes = points("xor", count=400)
    same_signs = (places[:, 0] > 0) == (places[:, 1] > 0)
    assert np.mean(same_signs == (classes == 0)) > 0.99


@pytest.mark.parametrize("kind", KINDS)
def test_points_are_balanced_standardised_and_on_the_plane(kind):
    places, classes = points(kind)
    assert places.shape == (COUNT, 2)
    assert np.bincount(classes).tolist() == [COUNT // 2, COUNT // 2]
    np.testing.assert_allclose(places.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(places.std(axis=0), 1)
    assert np.abs(places).max() < EXTENT
    assert not np.array_equal(places, points(kind, seed=1)[0])


@pytest.mark.parametrize("count", [0, 2, 7])
def test_a_count_that_cannot_be_shared_out_is_refused(count):
    with pytest.raises(ValueError, match=f"an even number of points from 4, not {count}"):
        points("moons", count=count)


def test_the_grid_is_a_picture_from_the_top_left():
    places = grid().reshape(GRID_SIDE, GRID_SIDE, 2)
    np.testing.assert_array_equal(places[0, 0], [-EXTENT, EXTENT])
    np.testing.assert_array_equal(places[-1, -1], [EXTENT, -EXTENT])
    assert places[0, 1, 0] > places[0, 0, 0]


# Trainings ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_last_answers_are_those_of_a_classifier_trained_anew(activation):
    training = train("moons", activation=activation, hidden=4, seed=3, epochs=12)
    places, classes = points("moons")
    network = MLPClassifier(
        (4,),
        activation=activation,
        alpha=0,
        batch_size=BATCH_SIZE,
        learning_rate_init=training.learning_rate,
        random_state=np.random.RandomState(3),
    )
    for _ in range(12):
        network.partial_fit(places, classes, classes=[0, 1])
    expected = network.predict_proba(grid())[:, 1].reshape(GRID_SIDE, GRID_SIDE)
    np.testing.assert_allclose(training.probabilities[-1], expected, atol=1e-6)
    answers = network.predict_proba(places)
    assert training.losses[-1] == pytest.approx(log_loss(classes, answers), abs=1e-12)
    assert training.accuracies[-1] == accuracy_score(classes, network.predict(places))
    np.testing.assert_array_equal(training.correct[-1], network.predict(places) == classes)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_keras_with_the_last_weights_answers_the_same_and_has_the_same_loss(library, activation):
    training = train("circles", activation=activation, hidden=8, seed=1)
    layers = library.keras.layers
    network = library.keras.Sequential(
        [
            library.keras.Input((2,)),
            layers.Dense(8, activation=KERAS_NAMES[activation], dtype="float64"),
            layers.Dense(1, activation="sigmoid", dtype="float64"),
        ]
    )
    network.set_weights(training.weights)
    assert network.count_params() == training.parameter_count == 33
    answers = np.asarray(network(grid()))
    np.testing.assert_allclose(training.probabilities[-1], answers.reshape(GRID_SIDE, GRID_SIDE), atol=1e-6)
    places, classes = points("circles")
    on_points = network(places)
    losses = library.keras.losses.binary_crossentropy(classes[:, np.newaxis].astype(float), on_points)
    assert training.losses[-1] == pytest.approx(float(np.mean(losses)), abs=1e-6)
    np.testing.assert_array_equal(training.correct[-1], (np.asarray(on_points)[:, 0] > 0.5) == classes)


@pytest.mark.parametrize("kind", KINDS)
def test_linear_layers_have_a_straight_boundary_after_every_epoch(kind):
    training = train(kind, activation="identity", hidden=8, seed=1)
    probabilities = training.probabilities.astype(float)
    logits = np.log(probabilities / (1 - probabilities)).reshape(EPOCHS, -1)
    plane = np.column_stack([grid(), np.ones(GRID_SIDE * GRID_SIDE)])
    certain = np.abs(logits) > 8  # in float32, these probabilities are too close to 1
    for epoch in (0, 1, EPOCHS // 2, EPOCHS - 1):
        seen = ~certain[epoch]
        slopes, *_ = np.linalg.lstsq(plane[seen], logits[epoch, seen], rcond=None)
        np.testing.assert_allclose(plane[seen] @ slopes, logits[epoch, seen], atol=1e-3)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_linear_layers_are_no_better_than_logistic_regression(kind, seed):
    accuracy = train(kind, activation="identity", hidden=8, seed=seed).accuracies[-1]
    best = LogisticRegression().fit(*points(kind)).score(*points(kind))
    if kind == "moons":
        assert abs(accuracy - best) <= 0.02
        assert 0.8 < accuracy < 0.9
    else:
        assert accuracy <= 0.75


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("activation", NONLINEAR)
@pytest.mark.parametrize("kind", KINDS)
def test_eight_units_with_an_activation_solve_everything(kind, activation, seed):
    assert train(kind, activation=activation, hidden=8, seed=seed).accuracies[-1] >= 0.97


@pytest.mark.parametrize("activation", NONLINEAR)
def test_two_units_cannot_enclose_a_circle(activation):
    assert train("circles", activation=activation, hidden=2, seed=1).accuracies[-1] < 0.9


def test_the_same_seed_makes_the_same_training_and_another_seed_another_one():
    told: list[int] = []
    first, again = (_train("xor", "relu", 4, 5, 5, 0.005, told.append) for _ in range(2))
    assert told == [1, 2, 3, 4, 5] * 2
    np.testing.assert_array_equal(first.probabilities, again.probabilities)
    np.testing.assert_array_equal(first.losses, again.losses)
    other = train("xor", activation="relu", hidden=4, seed=6, epochs=5)
    assert not np.array_equal(first.probabilities, other.probabilities)


def test_trainings_of_one_seed_start_from_the_same_weights_but_for_the_size_of_the_sigmoids():
    # At this learning rate, nothing changes in an epoch.
    def start(activation: Activation) -> tuple[np.ndarray, ...]:
        return train("xor", activation=activation, hidden=8, seed=2, epochs=1, learning_rate=1e-13).weights

    for activation, factor in zip(NONLINEAR, (1, 1, 3**-0.5), strict=True):
        for linear, other in zip(start("identity"), start(activation), strict=True):
            np.testing.assert_allclose(other, factor * linear, atol=1e-9)


def test_a_class_that_presses_the_button_together_gets_one_training():
    with ThreadPoolExecutor(8) as learners:
        trainings = set(
            learners.map(lambda _: train("moons", activation="tanh", hidden=4, seed=77, epochs=5), range(8))
        )
    assert len(trainings) == 1


def test_a_training_cannot_be_changed_by_one_visitor_for_all():
    training = train("xor", activation="relu", hidden=4, seed=5, epochs=5)
    assert training is train("xor", activation="relu", hidden=4, seed=5, epochs=5)
    for array in (training.losses, training.accuracies, training.correct, training.probabilities, *training.weights):
        assert not array.flags.writeable
    assert not any(array.flags.writeable for array in points("xor"))
    assert training.seconds > 0


def test_what_does_not_exist_is_refused_in_a_sentence():
    unknown_kind: Kind = "spirals"  # type: ignore[assignment]
    unknown_activation: Activation = "softplus"  # type: ignore[assignment]
    for refused in (
        lambda: points(unknown_kind),
        lambda: train(unknown_kind, activation="relu", hidden=4),
        lambda: suitable_rate(unknown_kind, "relu"),
    ):
        with pytest.raises(ValueError, match="no points of the kind 'spirals'; there are circles, moons, xor"):
            refused()
    with pytest.raises(ValueError, match="no activation 'softplus' here; there are identity, relu, tanh, logistic"):
        train("moons", activation=unknown_activation, hidden=4)
    with pytest.raises(ValueError, match="at least one unit and one epoch, not 0 and 80"):
        train("moons", activation="relu", hidden=0)


def test_points_alone_leave_scikit_learn_out_of_the_process():
    code = "import sys; from models.experiments.toy import points; points('moons'); print('sklearn' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
