"""models/runs/program.py: the program of a run, run as it stands, has the run's own losses."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models.datasets.batches import Augmentation
from models.runs.config import OPTIMIZERS, Continuation, EarlyStopping, RunConfig
from models.runs.packed import count_parameters
from models.runs.program import OPTIMIZER_CLASSES, TITLES, as_text, program
from models.runs.run_directory import RunDirectory
from models.storage import ROOT

QUICK = ("digits, mlp", "digits, convnet", "pets, everything", "pets, other first weights", "pets, a frozen base")
"""The cases that are quick. The others take half a minute together."""

PETS = "drawn-pets:train=48,validation=16,test=2"
MLP: dict[str, Any] = {"dataset": "digits", "network": "mlp", "network_options": {"units": 16}, "batch_size": 512}

CASES: dict[str, RunConfig] = {
    "digits, mlp": RunConfig(**MLP, epochs=2, seed=3),
    "digits, convnet": RunConfig(
        dataset="digits",
        network_options={"width": 0.1, "dropout": 0.3},
        batch_size=256,
        epochs=1,
        optimizer="nesterov",
        optimizer_options={"momentum": 0.8},
        learning_rate=0.05,
        keep_best=False,
    ),
    "pets, everything": RunConfig(
        dataset=PETS,
        network="mlp",
        network_options={"units": 16},
        side=32,
        batch_size=20,
        epochs=2,
        seed=11,
        learning_rate=0.003,
        optimizer_options={"beta_1": 0.8},
        weight_decay=0.05,
        schedule="cosine",
        warmup_epochs=0.5,
        label_smoothing=0.1,
        augmentation=Augmentation(flip=True, rotation=20.0, zoom=0.2, shift=0.1, contrast=0.2, brightness=0.1),
        early_stopping=EarlyStopping(patience=1, min_delta=0.5, monitor="val_accuracy", restore_best_weights=True),
        tensorboard=True,
    ),
    "pets, a frozen base": RunConfig(
        dataset=PETS,
        network="efficientnet-lite0",
        network_options={"dropout": 0.4},
        side=32,
        batch_size=20,
        epochs=3,
        seed=6,
        early_stopping=EarlyStopping(patience=2, restore_best_weights=True),
        tensorboard=True,
    ),
    "a frozen base, and changed pictures": RunConfig(
        dataset=PETS, network="efficientnet-lite0", side=32, epochs=1, augmentation=Augmentation(flip=True)
    ),
    "a warm-up longer than the run": RunConfig(**MLP, epochs=1, schedule="cosine", warmup_epochs=7.0),
    "a cosine without a warm-up": RunConfig(**MLP, epochs=1, schedule="cosine", schedule_epochs=4, keep_best=False),
    "a cosine that was continued": RunConfig(
        **MLP,
        epochs=3,
        schedule="cosine",
        schedule_epochs=1,
        continuations=(Continuation(1, 0.01, "cosine", 2), Continuation(2, 0.002)),
    ),
    "sgd": RunConfig(**MLP, epochs=1, optimizer="sgd", learning_rate=0.1, optimizer_options={"momentum": 0.5}),
    "adagrad": RunConfig(**MLP, epochs=1, optimizer="adagrad", learning_rate=0.1),
    "adadelta": RunConfig(**MLP, epochs=1, optimizer="adadelta", learning_rate=1.0, optimizer_options={"rho": 0.9}),
    "rmsprop": RunConfig(**MLP, epochs=1, optimizer="rmsprop", monitor="loss"),
}
"""`trained` adds cases with a folder as the dataset and with other initial weights."""

WORKER = """
import json, os, sys, warnings
from pathlib import Path
from models.runs.config import RunConfig
from models.training.fit import train
from models.runs.run_directory import RunDirectory

root = Path(sys.argv[1])
for case in sorted(root.iterdir()):
    config = RunConfig.from_json((case / "config.json").read_text())
    weights = Path(config.initial_weights) if config.initial_weights else None
    run = RunDirectory.create(case / "run", config, initial_weights=weights)
    assert train(run) == "finished", run.state()
    os.chdir(case)
    space = {"__name__": "__main__"}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*ran out of data.*")
        exec(compile((case / "train.py").read_text(), "train.py", "exec"), space)
    (case / "found.json").write_text(json.dumps({"program": space["history"].history, "run": run.epochs()}))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Case → the folder in which its run and its program have been trained."""
    return trained(tmp_path_factory, quick=True)


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same for the slow cases."""
    return trained(tmp_path_factory, quick=False)


def trained(tmp_path_factory: pytest.TempPathFactory, *, quick: bool) -> dict[str, Path]:
    """Train cases twice, as a run and by its program, all in one separate process."""
    root = tmp_path_factory.mktemp("programs")
    photos = tmp_path_factory.mktemp("photos") / 'it\'s a "folder"'
    random = np.random.default_rng(0)
    for kind in ("cats", "dogs", "mice"):
        (photos / "train" / kind).mkdir(parents=True)
        (photos / "validation" / kind).mkdir(parents=True)
        for number in range(4):
            pixels = random.integers(0, 256, (20, 20, 3), np.uint8)
            Image.fromarray(pixels).save(photos / "train" / kind / f"{number}.png")
    known: dict[str, Any] = {"digits": (tuple("0123456789"), 1284, 258), "drawn-pets": (("cat", "dog"), 48, 16)}
    without = RunConfig(
        dataset=f"folder:{photos}", network="mlp", network_options={"units": 16}, side=8, epochs=2, batch_size=5
    )
    frozen = RunConfig(
        dataset=f"folder:{photos}", network="efficientnet-lite0", side=32, epochs=2, batch_size=5, keep_best=False
    )
    # Folders are trained in the order of their names: this one comes after the one with its initial weights.
    first = root / "pets, everything" / "run" / "last.keras"
    begun = RunConfig(
        dataset=PETS, network="mlp", network_options={"units": 16}, side=32, initial_weights=str(first), epochs=1
    )
    every = {
        **CASES,
        "a folder without validation pictures": without,
        "a folder and a frozen base": frozen,
        "pets, other first weights": begun,
    }
    cases = {name: config for name, config in every.items() if (name in QUICK) == quick}
    for name, config in cases.items():
        (root / name).mkdir()
        (root / name / "config.json").write_text(config.to_json())
        classes, train, validation = known.get(config.dataset.partition(":")[0], ((), None, None))
        text = as_text(program(config, classes=classes, train=train, validation=validation))
        (root / name / "train.py").write_text(text)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, "-c", WORKER, str(root)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {name: root / name for name in cases}


@pytest.mark.parametrize("name", QUICK)
def test_a_program_has_the_losses_of_its_run(found, name):
    same_losses(found[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CASES if name not in QUICK])
def test_every_program_has_the_losses_of_its_run(others, name):
    same_losses(others[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a folder without validation pictures", "a folder and a frozen base"])
def test_a_program_on_a_folder_without_validation_pictures_runs_too(others, name):
    same_losses(others[name])


def same_losses(folder: Path) -> None:
    both = json.loads((folder / "found.json").read_text())
    program_says, lines = both["program"], both["run"]
    assert len(program_says["loss"]) == len(lines) > 0
    for figure in set(lines[0]) & {"loss", "accuracy", "val_loss", "val_accuracy"}:
        assert program_says[figure] == pytest.approx([line[figure] for line in lines], rel=1e-6), figure
    assert ("val_loss" in program_says) == ("val_loss" in lines[0])


def test_a_program_saves_what_the_run_saves(found):
    for name, folder in found.items():
        assert (folder / "last.keras").is_file(), name
        assert (folder / "best.keras").is_file() == (folder / "run" / "best.keras").is_file(), name
    assert list(found["pets, everything"].glob("tensorboard/*/events.out.tfevents.*"))


def test_a_program_with_a_frozen_base_computes_features_once_and_saves_whole_networks(found):
    folder = found["pets, a frozen base"]
    assert (folder / "train.py").read_text().count("base.predict(") == 2
    for name in ("best.keras", "last.keras"):
        parameters = count_parameters(folder / name)
        assert parameters == count_parameters(folder / "run" / name)
        assert parameters is not None
        assert parameters > 3_000_000  # a head alone has 1,281
    assert RunDirectory(folder / "run").machine()["features_once"] is True


@pytest.mark.parametrize(
    "values", [{"augmentation": Augmentation(flip=True)}, {"network_options": {"trainable_blocks": 1}}]
)
def test_a_base_that_learns_or_sees_new_pictures_is_in_every_epoch(values):
    text = as_text(program(RunConfig(**{"network": "efficientnet-lite0", **values})))
    assert "predict" not in text
    assert "model.fit(" in text


def test_a_run_with_another_seed_has_other_losses(found):
    """Otherwise, the comparison above would mean nothing."""
    told = [json.loads((found[name] / "found.json").read_text())["program"]["loss"][0] for name in found]
    assert len(set(told)) == len(told)


# The program's text ---------------------------------------------------------------------------------------------------


def test_the_eight_steps_are_the_courses():
    steps = program(RunConfig())
    assert [step.number for step in steps] == list(range(1, 9))
    assert [(step.key, step.title) for step in steps] == list(TITLES.items())
    for step in steps:
        assert step.lines[0].strip() == f"# {step.number}  {step.title}"
    assert as_text(steps) == "\n".join("\n".join(step.lines) for step in steps) + "\n"


@pytest.mark.parametrize("config", CASES.values(), ids=list(CASES))
def test_lines_are_narrow_and_whole(config):
    text = as_text(program(config, classes=("a", "b"), train=1000, validation=10))
    ast.parse(text)
    assert max(map(len, text.splitlines())) <= 80
    assert len(text.splitlines()) < 100


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_is_written(optimizer):
    text = as_text(program(RunConfig(optimizer=optimizer)))
    assert f"optimizer = keras.optimizers.{OPTIMIZER_CLASSES[optimizer]}(" in text
    assert ("nesterov=True" in text) == (optimizer == "nesterov")


@pytest.mark.parametrize(
    ("deterministic", "lines"), [(None, 2), (True, 1), (False, 0)], ids=["on the CPU", "always", "never"]
)
def test_it_is_as_exact_as_the_run(deterministic, lines):
    text = as_text(program(RunConfig(deterministic=deterministic)))
    assert text.count("tf.config") == lines
    assert ("import tensorflow" in text) == bool(lines)


def test_sixteen_bits_need_a_scaled_loss():
    assert "set_dtype_policy" not in as_text(program(RunConfig()))
    text = as_text(program(RunConfig(precision="mixed_float16")))
    assert 'keras.config.set_dtype_policy("mixed_float16")' in text
    assert "LossScaleOptimizer(optimizer)" in text


def test_own_photos_are_a_folder_that_has_to_be_named():
    text = as_text(program(RunConfig(dataset="photos", network="efficientnet-lite0")))
    assert 'datasets.load("folder:PATH", side=224, resize="crop")' in text
    assert "# Your own photos:" in text


def test_steps_per_epoch_are_told_with_the_runs_numbers():
    text = as_text(program(RunConfig(batch_size=32), classes=("cat", "dog"), train=4001, validation=800))
    assert "# 4,001 / 32, rounded up: 126" in text
    assert "# 2: cat, dog" in text


def test_a_class_cannot_write_code():
    text = as_text(program(RunConfig(), classes=("cat\nimport os\r", "\u2028"), train=10, validation=0))
    assert not any(line.startswith("import os") for line in text.splitlines())
    ast.parse(text)


def test_without_validation_pictures_the_trainings_own_loss_tells_the_best_epoch():
    text = as_text(program(RunConfig(early_stopping=EarlyStopping()), classes=("cat", "dog"), train=10, validation=0))
    assert "validation" not in text
    assert "val_" not in text
