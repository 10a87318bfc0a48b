"""models/training/optimizers.py: Keras's own optimizers with a run's settings, and the learning rate's plan."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from models.runs.config import OPTIMIZERS, Continuation, RunConfig
from models.runs.config import EarlyStopping as StoppingConfig

STEPS = 10  # batches in an epoch
CHOSEN: dict[str, dict[str, float]] = {
    "sgd": {"momentum": 0.5},
    "nesterov": {"momentum": 0.8},
    "adagrad": {"initial_accumulator_value": 0.2, "epsilon": 1e-6},
    "adadelta": {"rho": 0.9, "epsilon": 1e-6},
    "rmsprop": {"rho": 0.8, "momentum": 0.3, "epsilon": 1e-6},
    "adam": {"beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-6},
}
CLASSES = {
    "sgd": "SGD",
    "nesterov": "SGD",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
    "rmsprop": "RMSprop",
    "adam": "Adam",
}


@pytest.fixture
def build(library):
    """`build_optimizer`; its module imports Keras."""
    from models.training.optimizers import build_optimizer

    return lambda steps=STEPS, **values: build_optimizer(RunConfig(**values), steps)


def rate(optimizer: Any, step: float) -> float:
    return float(optimizer._learning_rate(np.float32(step)))


def test_every_optimizer_is_tried_here():
    assert set(CHOSEN) == set(CLASSES) == set(OPTIMIZERS)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_name_is_kerass_class_with_the_settings(library, build, name):
    optimizer = build(optimizer=name, learning_rate=0.25, optimizer_options=CHOSEN[name])
    assert type(optimizer) is getattr(library.keras.optimizers, CLASSES[name])
    config = optimizer.get_config()
    assert config["learning_rate"] == 0.25
    assert config["weight_decay"] is None
    assert config.get("nesterov", False) == (name == "nesterov")
    for setting, value in CHOSEN[name].items():
        assert config[setting] == value


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_without_settings_an_update_is_kerass_own(library, build, name):
    options = {"momentum": 0.9, "nesterov": True} if name == "nesterov" else {}
    theirs = getattr(library.keras.optimizers, CLASSES[name])(**options)
    weights = [library.keras.Variable([1.0, -2.0, 3.0]) for _ in range(2)]
    for optimizer, variable in zip((build(optimizer=name), theirs), weights, strict=True):
        for gradient in ([0.5, 1.0, -1.0], [0.1, -3.0, 0.0]):
            optimizer.apply([library.tf.constant(gradient)], [variable])
    np.testing.assert_array_equal(weights[0].numpy(), weights[1].numpy())
    assert not np.array_equal(weights[0].numpy(), [1.0, -2.0, 3.0])


# The learning rate ---------------------------------------------------------------------------------------------------


def test_a_constant_rate_is_a_number(build):
    optimizer = build(learning_rate=0.125, epochs=4, warmup_epochs=2)
    assert float(optimizer.learning_rate) == 0.125


def test_a_cosine_falls_from_its_peak_to_nothing(build):
    optimizer = build(schedule="cosine", learning_rate=0.4, epochs=4)
    assert rate(optimizer, 0) == pytest.approx(0.4)
    for step in range(40):
        assert rate(optimizer, step) == pytest.approx(0.4 * (1 + math.cos(math.pi * step / 40)) / 2, abs=1e-6)
    for step in (40, 41, 400):
        assert rate(optimizer, step) == pytest.approx(0, abs=1e-8)


def test_a_warm_up_rises_from_a_tenth_to_the_peak(build):
    optimizer = build(schedule="cosine", learning_rate=0.4, epochs=10, schedule_epochs=6, warmup_epochs=1.5)
    assert rate(optimizer, 0) == pytest.approx(0.04)
    for step in range(15):
        assert rate(optimizer, step) == pytest.approx(0.04 + 0.36 * step / 15, abs=1e-6)
    assert rate(optimizer, 15) == pytest.approx(0.4)
    assert rate(optimizer, 15 + 45 / 2) == pytest.approx(0.2, abs=0.02)
    assert rate(optimizer, 59) > 1e-5
    for step in (60, 61, 100):
        assert rate(optimizer, step) == pytest.approx(0, abs=1e-8)


def test_more_epochs_do_not_move_a_plan_with_its_own_end(build):
    short = build(schedule="cosine", epochs=4, schedule_epochs=4, warmup_epochs=1)
    long = build(schedule="cosine", epochs=9, schedule_epochs=4, warmup_epochs=1)
    assert [rate(short, step) for step in range(90)] == [rate(long, step) for step in range(90)]


@pytest.mark.parametrize("warmup", [4, 5, 1000])
def test_a_warm_up_as_long_as_the_plan_still_ends_at_nothing(build, warmup):
    optimizer = build(schedule="cosine", learning_rate=0.4, epochs=4, warmup_epochs=warmup)
    rates = [rate(optimizer, step) for step in range(60)]
    assert max(rates) <= 0.4 + 1e-6
    assert rates[40:] == pytest.approx([0] * 20, abs=1e-8)


def test_a_plan_of_a_single_batch_is_one(build):
    optimizer = build(steps=1, schedule="cosine", learning_rate=0.4, epochs=1, warmup_epochs=3)
    assert [rate(optimizer, step) for step in (0, 1, 2)] == pytest.approx([0.4, 0, 0], abs=1e-8)


# Weight decay and precision ------------------------------------------------------------------------------------------


@pytest.fixture
def network(library):
    keras = library.keras
    inputs = keras.Input((4, 4, 1))
    x = keras.layers.Conv2D(2, 3, name="conv")(inputs)
    x = keras.layers.BatchNormalization(name="norm")(x)
    outputs = keras.layers.Dense(1, name="answer")(keras.layers.Flatten()(x))
    model = keras.Model(inputs, outputs)
    for weight in model.trainable_weights:
        weight.assign(np.ones(weight.shape))
    return SimpleNamespace(model=model, weights=model.trainable_weights)


@pytest.mark.parametrize("name", ["sgd", "adam", "rmsprop"])
def test_weights_shrink_by_their_share_and_biases_and_batch_normalisation_do_not(library, build, network, name):
    optimizer = build(optimizer=name, learning_rate=0.1, weight_decay=0.5)
    optimizer.apply([library.tf.zeros(weight.shape) for weight in network.weights], network.weights)
    for weight in network.weights:
        shrinks = weight.path in ("conv/kernel", "answer/kernel")
        expected = np.full(weight.shape, 0.95 if shrinks else 1, np.float32)
        np.testing.assert_allclose(weight.numpy(), expected, rtol=1e-6 if shrinks else 0, err_msg=weight.path)
    assert len(network.weights) == 6


def test_without_decay_nothing_shrinks(library, build, network):
    optimizer = build(optimizer="sgd", learning_rate=0.1)
    optimizer.apply([library.tf.zeros(weight.shape) for weight in network.weights], network.weights)
    assert all((weight.numpy() == 1).all() for weight in network.weights)


def test_sixteen_bit_gradients_are_scaled_and_those_with_a_wide_range_are_not(library, build):
    scaled = build(precision="mixed_float16", weight_decay=0.5)
    assert type(scaled) is library.keras.optimizers.LossScaleOptimizer
    assert type(scaled.inner_optimizer) is library.keras.optimizers.Adam
    for precision in ("float32", "mixed_bfloat16"):
        assert type(build(precision=precision)) is library.keras.optimizers.Adam


# Going on after the end of a schedule --------------------------------------------------------------------------------


def test_a_continued_schedule_is_the_planned_one_and_then_the_others(build):
    later = (Continuation(4, 0.1, "cosine", 6), Continuation(6, 1e-4))
    planned = build(schedule="cosine", learning_rate=0.4, epochs=4, warmup_epochs=1.5)
    optimizer = build(
        schedule="cosine", learning_rate=0.4, epochs=9, schedule_epochs=4, warmup_epochs=1.5, continuations=later
    )
    assert [rate(optimizer, step) for step in range(40)] == [rate(planned, step) for step in range(40)]
    for step in range(40, 60):
        assert rate(optimizer, step) == pytest.approx(0.1 * (1 + math.cos(math.pi * (step - 40) / 20)) / 2, abs=1e-6)
    for step in (60, 61, 89, 1000):
        assert rate(optimizer, step) == pytest.approx(1e-4)


def test_a_continued_schedule_has_the_variables_of_the_planned_one(build, network):
    """A checkpoint that was written before goes on fitting."""
    planned = build(schedule="cosine", epochs=3)
    continued = build(schedule="cosine", epochs=5, schedule_epochs=3, continuations=(Continuation(3, 1e-4),))
    for optimizer in (planned, continued):
        optimizer.build(network.weights)
    assert [one.shape for one in planned.variables] == [one.shape for one in continued.variables]
    continued.iterations.assign(3 * STEPS)
    assert float(continued.learning_rate) == pytest.approx(1e-4)


# A figure that is no number is never the best ------------------------------------------------------------------------


@pytest.mark.parametrize("monitor", ["val_loss", "val_accuracy"])
def test_early_stopping_and_the_best_model_leave_out_what_is_no_number(library, monitor):
    from models.training.callbacks import BestModel, EarlyStopping

    model = SimpleNamespace(stop_training=False, metrics=[])
    stopping = EarlyStopping(StoppingConfig(patience=3, monitor=monitor))
    stopping.mode = "min" if "loss" in monitor else "max"
    stopping.set_model(model)
    stopping.on_train_begin()
    saved = []
    best = BestModel(monitor, lambda: saved.append(best.best_epoch))
    for epoch, value in enumerate([math.nan, 0.5, math.inf, -math.inf, math.nan]):
        for callback in (stopping, best):
            callback.on_epoch_end(epoch, {monitor: value})
    assert (stopping.best, stopping.best_epoch, stopping.stopped_epoch) == (0.5, 1, 4)
    assert model.stop_training
    assert (best.best, best.best_epoch, saved) == (0.5, 1, [1])
    # As an earlier version's checkpoint may hold it:
    best.restore({"best": math.nan, "best_epoch": 0})
    stopping.restore({"wait": 1, "stopped_epoch": 0, "best": math.nan, "best_epoch": 0}, [])
    for callback in (stopping, best):
        callback.on_epoch_end(9, {monitor: 0.25})
    assert (best.best, stopping.best, stopping.best_epoch) == (0.25, 0.25, 9)
