"""models/runs/arguments.py: every setting of a run can be said on the command line, and wrong ones are named."""

import argparse
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from models.datasets.batches import AUGMENTATION_FIELDS, Augmentation
from models.runs.arguments import add_run_options, run_config
from models.runs.config import ConfigError, EarlyStopping, RunConfig
from models.training.__main__ import main

# Field → the words that set it, and its value then.
WORDS: dict[str, tuple[str, Any]] = {
    "dataset": ("--dataset digits", "digits"),
    "network": ("--network mlp", "mlp"),
    "network_options": ("--network-option width=0.5 --network-option dropout=0.3", {"width": 0.5, "dropout": 0.3}),
    "side": ("--side 96", 96),
    "initial_weights": ("--initial-weights ~/first.keras", str(Path("~/first.keras").expanduser())),
    "optimizer": ("--optimizer rmsprop", "rmsprop"),
    "learning_rate": ("--learning-rate 2e-3", 0.002),
    "optimizer_options": (
        "--optimizer-option beta_1=0.8 --optimizer-option epsilon=1e-6",
        {"beta_1": 0.8, "epsilon": 1e-6},
    ),
    "weight_decay": ("--weight-decay 0.01", 0.01),
    "schedule": ("--schedule cosine", "cosine"),
    "warmup_epochs": ("--warmup-epochs 1.5", 1.5),
    "schedule_epochs": ("--schedule-epochs 40", 40),
    "label_smoothing": ("--label-smoothing 0.1", 0.1),
    "batch_size": ("--batch-size 64", 64),
    "epochs": ("--epochs 9", 9),
    "augmentation": ("--augment flip,rotation=10", Augmentation(flip=True, rotation=10)),
    "keep_best": ("--no-best", False),
    "monitor": ("--monitor val_accuracy", "val_accuracy"),
    "early_stopping": ("--patience 3", EarlyStopping(patience=3)),
    "tensorboard": ("--tensorboard", True),
    "seed": ("--seed 7", 7),
    "precision": ("--precision mixed_float16", "mixed_float16"),
    "deterministic": ("--deterministic", True),
    "checkpoint_seconds": ("--checkpoint-seconds 2.5", 2.5),
}

# For a visitor's own photos, which only pages can hand over.
ONLY_ON_PAGES = {"keep_pictures"}

LATER = {"continuations"}
"""What `resume` adds."""


def parsed(words: str) -> RunConfig:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_run_options(parser)
    return run_config(parser.parse_args(words.split()))


def test_without_words_a_run_has_its_defaults():
    assert parsed("") == RunConfig()


def test_every_field_can_be_said():
    assert set(WORDS) | ONLY_ON_PAGES | LATER == {field.name for field in fields(RunConfig)}


@pytest.mark.parametrize("name", WORDS)
def test_words_set_their_field_and_no_other(name):
    words, value = WORDS[name]
    assert value != getattr(RunConfig(), name)
    assert parsed(words) == RunConfig(**{name: value})


def test_a_run_from_words_is_the_run_from_values():
    words = [text for name, (text, _) in WORDS.items() if name not in ("network", "optimizer", "deterministic")]
    values = {
        name: value for name, (_, value) in WORDS.items() if name not in ("network", "optimizer", "deterministic")
    }
    config = parsed(" ".join([*words, "--no-deterministic"]))
    assert config == RunConfig(**values, deterministic=False)
    assert RunConfig.from_json(config.to_json()) == config


@pytest.mark.parametrize("words", ["photos", "./photos", "{here}/photos", "{here}/other/../photos"])
def test_a_folder_is_remembered_by_its_whole_path(words, monkeypatch, tmp_path):
    """The run may be resumed from another folder."""
    monkeypatch.chdir(tmp_path)
    assert parsed(f"--dataset folder:{words.format(here=tmp_path)}").dataset == f"folder:{tmp_path.resolve()}/photos"


@pytest.mark.parametrize("name", AUGMENTATION_FIELDS)
def test_every_augmentation_can_be_said(name):
    value: Any = True if name == "flip" else 0.25
    words = "--augment flip" if name == "flip" else f"--augment {name}=0.25"
    assert parsed(words).augmentation == Augmentation(**{name: value})


def test_augmentation_of_nothing_is_none():
    assert parsed("--augment=").augmentation == Augmentation()


def test_momentum_is_an_option_of_sgd():
    config = parsed("--optimizer sgd --optimizer-option momentum=0.95")
    assert config.optimizer_settings == {"learning_rate": 0.01, "momentum": 0.95}


def test_early_stopping_takes_all_its_settings():
    words = "--patience 0 --min-delta 0.01 --stop-monitor accuracy --restore-best-weights"
    assert parsed(words).early_stopping == EarlyStopping(0, 0.01, "accuracy", True)


@pytest.mark.parametrize("words", ["--min-delta 0.1", "--stop-monitor loss", "--restore-best-weights"])
def test_settings_of_early_stopping_without_patience_are_refused(words):
    """They would have no effect, and nobody would notice."""
    with pytest.raises(ConfigError, match=r"^early_stopping needs --patience N: "):
        parsed(words)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--dataset unicorns", "^dataset: .*unicorns"),
        ("--dataset folder", "^dataset must be folder:PATH"),
        ("--dataset folder:", "^dataset must be folder:PATH"),
        ("--network perceptron", "^network must be one of .*'perceptron'"),
        ("--network-option depth=3", "^network_options: convnet has .* no 'depth'"),
        ("--network-option dropout", "^network_options must be written NAME=VALUE, not 'dropout'"),
        ("--network-option dropout=", "^network_options must be written NAME=VALUE, not 'dropout='"),
        ("--network-option dropout=much", "^network_options: dropout must be a number, not 'much'"),
        ("--network-option dropout=nan", "^network_options: dropout must be a number, not nan"),
        ("--network-option dropout=true", "^network_options: dropout must be a number, not True"),
        ("--side 7", "^side must be a whole number from 8 to 512, not 7"),
        ("--learning-rate 0", "^learning_rate must be a number above 0 up to 100, not 0.0"),
        ("--learning-rate nan", "^learning_rate must be .* not nan"),
        ("--learning-rate inf", "^learning_rate must be .* not inf"),
        ("--optimizer-option momentum=0.9", "^optimizer_options: adam has .* no 'momentum'"),
        ("--optimizer-option learning_rate=0.9", "^optimizer_options: adam has .* no 'learning_rate'"),
        ("--optimizer-option beta_1=2", "^optimizer_options: beta_1 must be a number from 0 to 1, not 2"),
        ("--weight-decay -1", "^weight_decay must be a number from 0 to 1, not -1"),
        ("--warmup-epochs -1", "^warmup_epochs must be a number from 0"),
        ("--schedule-epochs 0", "^schedule_epochs must be a whole number from 1"),
        ("--label-smoothing 1", "^label_smoothing must be a number from 0 to 0.9"),
        ("--batch-size 0", "^batch_size must be a whole number from 1 to 4096, not 0"),
        ("--epochs 0", "^epochs must be a whole number from 1"),
        ("--seed -1", "^seed must be a whole number from 0"),
        ("--checkpoint-seconds -1", "^checkpoint_seconds must be a number from 0"),
        ("--augment spin=3", "^augmentation has flip, .* but no 'spin'"),
        ("--augment rotation=200", "^augmentation: rotation must be a number from 0 to 180, not 200"),
        ("--augment rotation", "^augmentation: rotation must be a number .* not True"),
        ("--augment rotation=far", "^augmentation: rotation must be a number .* not 'far'"),
        ("--augment rotation=", "^augmentation: rotation must be a number .* not ''"),
        ("--augment flip=2", "^augmentation: flip must be true or false, not 2"),
        ("--patience -1", "^early_stopping: patience must be a whole number from 0, not -1"),
        ("--patience 1 --min-delta -1", "^early_stopping: min_delta must be a number from 0"),
    ],
)
def test_a_value_that_a_run_cannot_have_is_named(words, message):
    with pytest.raises(ConfigError, match=message):
        parsed(words)


@pytest.mark.parametrize(
    "words",
    ["--optimizer lion", "--schedule linear", "--precision float8", "--monitor f1", "--patience 1 --stop-monitor f1"],
)
def test_a_choice_that_does_not_exist_is_refused_with_those_that_do(words):
    option = words.split()[-2]
    with pytest.raises(argparse.ArgumentError, match=f"argument {option}: invalid choice"):
        parsed(words)


@pytest.mark.parametrize("words", ["--epochs 1.5", "--batch-size many", "--learning-rate fast", "--patience long"])
def test_a_word_that_is_no_number_is_refused(words):
    with pytest.raises(argparse.ArgumentError, match=f"argument {words.split()[0]}: invalid"):
        parsed(words)


@pytest.mark.parametrize("command", ["", "start", "resume", "pause", "stop", "show", "list", "export", "import"])
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    assert ended.value.code == 0
    assert f"python -m models.training {command}".strip() in capsys.readouterr().out


def test_the_help_of_start_names_every_option(capsys):
    with pytest.raises(SystemExit):
        main(["start", "--help"])
    text = capsys.readouterr().out
    for words, _ in WORDS.values():
        assert words.split()[0] in text


def test_a_wrong_value_ends_with_2_and_one_sentence(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    assert main(["start", "--epochs", "0"]) == 2
    assert capsys.readouterr().err == "config: epochs must be a whole number from 1 to 100000, not 0.\n"
    assert list(tmp_path.iterdir()) == []
