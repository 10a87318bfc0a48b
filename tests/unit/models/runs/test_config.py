"""models/runs/config.py: a run that cannot be is refused with the field's name; any other survives as JSON."""

import json
import math
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import datasets, zoo
from models.datasets.batches import Augmentation
from models.runs.config import (
    MONITORS,
    OPTIMIZERS,
    PRECISIONS,
    SCHEDULES,
    ConfigError,
    Continuation,
    EarlyStopping,
    RunConfig,
)

NO_NUMBERS: list[Any] = ["1", True, math.nan, math.inf, -math.inf, 10**400, [1], {}]
NO_OPTIONS: list[Any] = [None, [], "dropout=0.3", 5]

WRONG: dict[str, list[Any]] = {
    "dataset": [None, 7, "", "wolves", "drawn_pets", "folder", "folder:", ["digits"]],
    "network": [None, 7, "", "resnet", "Convnet", ["mlp"]],
    "network_options": [*NO_OPTIONS, {"wings": 2}, {"dropout": "much"}, {"dropout": None}, {"width": math.nan}],
    "side": [0, 7, 513, 32.0, *NO_NUMBERS],
    "initial_weights": [None, 7, ["a.keras"]],
    "optimizer": [None, 7, "", "Adam", "lion", ["adam"], {}],
    "learning_rate": [0, -0.1, 101, *NO_NUMBERS],
    "optimizer_options": [
        *NO_OPTIONS,
        {"speed": 0.1},
        {"learning_rate": 0.1},
        {"momentum": 0.9},
        {"beta_1": 1.5},
        {"beta_1": -0.1},
        {"beta_1": "0.9"},
        {"beta_1": True},
        {"beta_1": math.nan},
    ],
    "weight_decay": [None, -0.1, 1.1, *NO_NUMBERS],
    "schedule": [None, "", "linear", "Cosine", 0, ["cosine"]],
    "warmup_epochs": [None, -1, 1001, *NO_NUMBERS],
    "schedule_epochs": [0, -1, 2.0, 100_001, *NO_NUMBERS],
    "continuations": [
        None,
        5,
        {"epoch": 3},
        [{"epoch": 3, "learning_rate": 0.1}],  # the schedule is constant
        (Continuation(3, 0.1),),
        ("later",),
        (Continuation(3, 0.0),),
        (Continuation(3, math.nan),),
        (Continuation(3, 0.1, "linear"),),  # type: ignore[arg-type]
    ],
    "label_smoothing": [None, -0.1, 1, *NO_NUMBERS],
    "batch_size": [None, 0, -1, 4097, 32.0, *NO_NUMBERS],
    "epochs": [None, 0, -1, 100_001, 2.5, *NO_NUMBERS],
    "augmentation": [None, True, {}, {"flip": True}, "flip"],
    "keep_best": [None, 0, 1, "true"],
    "monitor": [None, "", "f1", "Loss", 0, ["loss"]],
    "early_stopping": [
        True,
        5,
        {"patience": 5},
        EarlyStopping(patience=-1),
        EarlyStopping(patience=2.0),  # type: ignore[arg-type]
        EarlyStopping(patience=True),
        EarlyStopping(min_delta=-0.1),
        EarlyStopping(min_delta=math.nan),
        EarlyStopping(min_delta=True),
        EarlyStopping(min_delta="0"),  # type: ignore[arg-type]
        EarlyStopping(monitor="f1"),
        EarlyStopping(monitor=["loss"]),  # type: ignore[arg-type]
        EarlyStopping(restore_best_weights=1),  # type: ignore[arg-type]
        EarlyStopping(restore_best_weights="no"),  # type: ignore[arg-type]
    ],
    "tensorboard": [None, 0, 1, "true"],
    "seed": [None, -1, 2**31, 1.0, *NO_NUMBERS],
    "precision": [None, "", "float16", "float64", 32, ["float32"]],
    "deterministic": [0, 1, 1.0, "true", []],
    "checkpoint_seconds": [None, -1, 3601, *NO_NUMBERS],
    "keep_pictures": [None, 0, 1, "true"],
}

SETTINGS = {name: [one for one in settings if one != "learning_rate"] for name, settings in OPTIMIZERS.items()}


def test_every_field_has_wrong_values_here():
    assert set(WRONG) == {field.name for field in fields(RunConfig)}


@pytest.mark.parametrize("field", WRONG)
def test_a_wrong_value_is_refused_with_the_fields_name(field):
    for value in WRONG[field]:
        with pytest.raises(ConfigError) as caught:
            RunConfig(**{field: value})
        text = str(caught.value)
        assert text.startswith((f"{field} must be ", f"{field}: ")), f"{value!r}: {text}"
        assert text.endswith(".")


def is_json(value: Any) -> bool:
    """Whether a value is one of JSON's: a number, a text, a list or an object."""
    return not isinstance(value, (EarlyStopping, tuple)) and value != 10**400


@pytest.mark.parametrize("field", WRONG)
def test_a_wrong_value_in_the_file_is_refused_too(field):
    for value in filter(is_json, WRONG[field]):
        if field in ("augmentation", "early_stopping") and isinstance(value, dict):
            continue  # in the file, these are JSON objects
        with pytest.raises(ConfigError, match=field):
            RunConfig.from_json(json.dumps({field: value}))


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("seed", "seed must be a whole number from 0 to 2147483647, not -1."),
        ("learning_rate", "learning_rate must be a number above 0 up to 100, not -1."),
        ("schedule_epochs", "schedule_epochs must be a whole number from 1 to 100000, not -1."),
        ("label_smoothing", "label_smoothing must be a number from 0 to 0.9, not -1."),
    ],
)
def test_the_sentence_says_what_may_be(field, text):
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_json(json.dumps({field: -1}))
    assert str(caught.value) == text


def test_a_value_cannot_be_changed_later():
    with pytest.raises(FrozenInstanceError):
        RunConfig().epochs = 7  # type: ignore[misc]
    assert replace(RunConfig(), epochs=7).epochs == 7
    with pytest.raises(ConfigError, match=r"^epochs must be "):
        replace(RunConfig(), epochs=0)


# Derived values ------------------------------------------------------------------------------------------------------


def test_equal_values_are_equal_runs():
    assert RunConfig() == RunConfig()
    assert RunConfig(augmentation=Augmentation(flip=True)) == RunConfig(augmentation=Augmentation(flip=True))
    assert RunConfig(network_options={"dropout": 0.3}) == RunConfig(network_options={"dropout": 0.3})
    assert RunConfig(early_stopping=EarlyStopping(3)) != RunConfig(early_stopping=EarlyStopping(4))
    assert RunConfig(seed=1) != RunConfig(seed=2)


def test_the_side_is_the_runs_then_the_datasets_then_the_networks():
    assert RunConfig(dataset="digits", network="convnet", side=40).resolved_side == 40
    assert RunConfig(dataset="digits", network="convnet").resolved_side == datasets.info("digits").side
    assert datasets.info("folder").side is None
    assert RunConfig(dataset="folder:/pets", network="convnet").resolved_side == zoo.info("convnet").side == 112


def test_settings_of_the_optimizer_are_defaults_but_for_what_was_chosen():
    chosen = RunConfig(optimizer="nesterov", learning_rate=0.5, optimizer_options={"momentum": 0.95})
    assert chosen.optimizer_settings == {"learning_rate": 0.5, "momentum": 0.95}
    assert RunConfig(optimizer="sgd").optimizer_settings == {"learning_rate": 0.01, "momentum": 0.0}
    assert OPTIMIZERS["nesterov"] == {"learning_rate": 0.01, "momentum": 0.9}


@pytest.mark.parametrize(
    ("name", "keras_name"),
    [("sgd", "SGD"), ("adagrad", "Adagrad"), ("adadelta", "Adadelta"), ("rmsprop", "RMSprop"), ("adam", "Adam")],
)
def test_defaults_are_those_of_keras(library, name, keras_name):
    defaults = getattr(library.keras.optimizers, keras_name)().get_config()
    for setting, value in OPTIMIZERS[name].items():
        assert value == pytest.approx(defaults[setting], rel=1e-6)  # Keras keeps the learning rate in 32 bits


# JSON ----------------------------------------------------------------------------------------------------------------


def numbers(low: float, high: float, **options) -> st.SearchStrategy[float]:
    return st.one_of(st.floats(low, high, **options), st.integers(math.ceil(low), math.floor(high)))


CONFIGS = st.sampled_from(sorted(OPTIMIZERS)).flatmap(
    lambda optimizer: st.builds(
        RunConfig,
        dataset=st.one_of(
            st.sampled_from(["drawn-pets", "digits"]),
            st.text(min_size=1).map("folder:{}".format),
        ),
        network=st.sampled_from(["convnet", "mlp"]),
        network_options=st.dictionaries(st.just("dropout"), st.floats(0, 0.9)),
        side=st.none() | st.integers(8, 512),
        initial_weights=st.text(),
        optimizer=st.just(optimizer),
        learning_rate=st.none() | numbers(0, 100).filter(lambda value: value > 0),
        optimizer_options=st.dictionaries(st.sampled_from(SETTINGS[optimizer]), st.floats(0, 1)),
        weight_decay=numbers(0, 1),
        schedule=st.sampled_from(SCHEDULES),
        warmup_epochs=numbers(0, 1000),
        schedule_epochs=st.none() | st.integers(1, 100_000),
        label_smoothing=st.floats(0, 0.9),
        batch_size=st.integers(1, 4096),
        epochs=st.integers(1, 100_000),
        augmentation=st.builds(
            Augmentation,
            flip=st.booleans(),
            rotation=numbers(0, 180),
            zoom=st.floats(0, 0.9),
            shift=st.floats(0, 0.5),
            contrast=st.floats(0, 0.9),
            brightness=st.floats(0, 0.9),
        ),
        keep_best=st.booleans(),
        monitor=st.sampled_from(MONITORS),
        early_stopping=st.none()
        | st.builds(
            EarlyStopping,
            patience=st.integers(0, 50),
            min_delta=st.floats(0, 10),
            monitor=st.sampled_from(MONITORS),
            restore_best_weights=st.booleans(),
        ),
        tensorboard=st.booleans(),
        seed=st.integers(0, 2**31 - 1),
        precision=st.sampled_from(PRECISIONS),
        deterministic=st.none() | st.booleans(),
        checkpoint_seconds=numbers(0, 3600),
        keep_pictures=st.booleans(),
    )
)


@given(config=CONFIGS)
def test_a_run_comes_back_from_json_as_it_was(config):
    text = config.to_json()
    again = RunConfig.from_json(text)
    assert again == config
    assert again.to_json() == text
    assert set(json.loads(text)) == {field.name for field in fields(RunConfig)}


def test_the_file_is_for_people_too():
    text = RunConfig(dataset="folder:/Fotos/Hündinnen").to_json()
    assert ' "dataset": "folder:/Fotos/Hündinnen",\n' in text
    assert text.endswith("}\n")


def test_what_a_file_leaves_out_is_the_default():
    assert RunConfig.from_json("{}") == RunConfig()
    assert RunConfig.from_json('{"augmentation": {"flip": true}}').augmentation == Augmentation(flip=True)
    stopping = RunConfig.from_json('{"early_stopping": {"patience": 2}}').early_stopping
    assert stopping == EarlyStopping(patience=2)


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", "7", '"epochs"', '{"epochs": 5', "\x00", '{"seed": ' + "9" * 5000 + "}"]
)
def test_damaged_json_is_said(text):
    with pytest.raises(ConfigError, match=r"^config\.json is damaged: "):
        RunConfig.from_json(text)


def test_an_unknown_field_is_said():
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_json('{"epochs": 5, "speed": 1}')
    assert str(caught.value) == "speed is no field of a run: this version of the program does not know it."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"augmentation": {"wings": 2}}', "augmentation, early_stopping or continuations has an unknown setting"),
        ('{"early_stopping": {"wings": 2}}', "augmentation, early_stopping or continuations has an unknown setting"),
        ('{"continuations": [{"wings": 2}]}', "augmentation, early_stopping or continuations has an unknown setting"),
        ('{"augmentation": {"zoom": 3}}', "augmentation: zoom must be a number from 0 to 0.9, not 3"),
        ('{"augmentation": {"flip": "yes"}}', "augmentation: flip must be true or false, not 'yes'"),
        ('{"early_stopping": {"patience": null}}', "early_stopping: patience must be a whole number from 0, not None."),
    ],
)
def test_a_wrong_setting_is_said(text, said):
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_json(text)
    assert str(caught.value).startswith(said)
