"""The networks that come with the course are what their cards say."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models import datasets, weights
from models.evaluation import figures, score
from models.experiments.three_programs.running import run_programs
from models.networks.inference import predict
from models.networks.saved_network import open_network
from models.pictures.digit_drawing import to_eight_by_eight
from models.pictures.samples import DEFAULT, SAMPLES, sample
from models.runs.arguments import run_config
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory
from models.runs.unpacking import unpack
from models.training.__main__ import _parser
from models.weights.__main__ import _for_people, command
from tests.unit.models.pictures import test_digit_drawing

NAMES = weights.names()


def test_the_course_comes_with_these_networks() -> None:
    assert set(NAMES) >= {"digits", "efficientnet-lite0-pets"}


@pytest.mark.parametrize("name", NAMES)
def test_a_card_says_everything_and_its_figures_fit_together(name: str) -> None:
    card = weights.card(name)
    matrix = np.array(card["figures"]["confusion_matrix"])
    assert matrix.sum() == card["figures"]["n"] == card["pictures"][card["part"]]
    assert card["figures"]["accuracy"] == pytest.approx(np.trace(matrix) / matrix.sum())
    assert card["figures"]["classes"] == card["classes"]
    assert card["megabytes"] == pytest.approx((weights.FOLDER / f"{name}.keras").stat().st_size / 10**6, abs=0.01)
    text = (weights.FOLDER / f"{name}.md").read_text(encoding="utf-8")
    for fact in (card["command"], card["data"], card["licence"], card["gets_wrong"], f"seed {card['seed']}"):
        assert fact in text
    assert text == _for_people(card)
    assert "/work" not in text + json.dumps(card)


@pytest.mark.parametrize("name", NAMES)
def test_the_command_on_a_card_describes_the_run_in_the_history(name: str, tmp_path: Path) -> None:
    card = weights.card(name)
    unpack(weights.history(name), tmp_path / "run")
    run = RunDirectory(tmp_path / "run")
    config = run.config()
    assert run.state().name == "finished"
    assert len(run.epochs()) == card["epochs"] == config.epochs
    words = shlex.split(card["command"].removeprefix("python -m models.training "))
    described = run_config(_parser().parse_args(words))
    same = {"dataset": config.dataset, "initial_weights": ""}  # paths of another machine
    assert RunConfig(**{**described.__dict__, **same}) == config
    batches = [event for event in run.metrics()[0] if event["kind"] == "batch"]
    assert len(batches) == config.epochs * -(-card["pictures"]["train"] // config.batch_size)
    if card["part"] == "validation":
        shipped = run.epochs()[card["epoch_shipped"] - 1]
        assert shipped["val_accuracy"] == pytest.approx(card["figures"]["accuracy"], abs=1.01 / card["figures"]["n"])


def test_a_command_names_every_value_that_is_not_the_default() -> None:
    words = (
        "start --dataset digits --network mlp --network-option units=9 --optimizer rmsprop --learning-rate 0.01 "
        "--optimizer-option rho=0.8 --weight-decay 0.1 --augment flip,zoom=0.25 --patience 3 --min-delta 0.5 "
        "--stop-monitor val_accuracy --restore-best-weights --no-best --tensorboard --no-deterministic --epochs 9 "
        "--schedule cosine --schedule-epochs 12 --warmup-epochs 0.5 --batch-size 8 --side 16 --seed 4"
    )
    config = run_config(_parser().parse_args(shlex.split(words)))
    again = shlex.split(command(config, "x").removeprefix("python -m models.training "))
    assert run_config(_parser().parse_args(again)) == config


def test_a_card_says_which_figures_have_no_value() -> None:
    two, ten = weights.card("drawn-pets"), weights.card("digits")
    assert "no value" not in _for_people(two) + _for_people(ten)
    two["figures"] = figures([0, 0], [0.1, 0.2], two["classes"])
    assert (
        "Accuracy 100.00\u00a0%, precision –, recall –, average precision –. – is 0 / 0, which has no value."
        in _for_people(two)
    )
    scores = np.eye(10)[[0, 1, 1]]
    ten["figures"] = figures([0, 1, 2], scores, ten["classes"])
    assert (
        "Of 10 classes, the averages leave out those without a value (0 / 0): precision is over 2, recall over 3, "
        "average precision over 3." in _for_people(ten)
    )


def test_every_file_opens_in_safe_mode_without_this_project(tmp_path: Path) -> None:
    code = (
        "import keras, numpy as np, sys\n"
        "for path in sys.argv[1:]:\n"
        "    model = keras.models.load_model(path)\n"
        "    photo = np.full((1, 90, 70, model.input_shape[-1]), 7, 'float32')\n"
        "    print(path, model.predict(photo, verbose=0).sum() >= 0, model.count_params())\n"
    )
    files = [str(weights.FOLDER / f"{name}.keras") for name in NAMES]
    settings = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    run = subprocess.run(
        [sys.executable, "-c", code, *files], cwd=tmp_path, env=settings, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    counted = [int(line.split()[-1]) for line in run.stdout.splitlines() if line.startswith("/")]
    assert counted == [weights.card(name)["parameters"] for name in NAMES]


def test_the_digits_of_the_test_part_are_read_as_the_card_says(library) -> None:
    card = weights.card("digits")
    part = datasets.load("digits", side=8).test
    model = open_network(weights.FOLDER / "digits.keras").model
    assert figures(part.labels, score(model, part), card["classes"]) == card["figures"]
    assert card["figures"]["accuracy"] >= 0.98


def test_drawn_strokes_are_read_once_they_are_brought_to_eight_by_eight(library, monkeypatch) -> None:
    model = open_network(weights.FOLDER / "digits.keras").model

    def read(drawings: list[np.ndarray]) -> np.ndarray:
        squares = np.stack([to_eight_by_eight(drawing) for drawing in drawings])[..., None]
        return model.predict_on_batch(squares.astype(np.float32)).argmax(axis=1)

    right = total = 0
    for digit, styles in test_digit_drawing.STYLES.items():
        for strokes in styles.values():
            drawings = [
                test_digit_drawing.draw(strokes, **how)  # type: ignore[arg-type]
                for how in test_digit_drawing.VARIATIONS[::3]
            ]
            right += int((read(drawings) == digit).sum())
            total += len(drawings)
    assert total >= 150
    assert right / total >= 0.97


PHOTO_NETWORKS = [name for name in NAMES if not weights.card(name)["drawn"] and name != "digits"]


@pytest.mark.parametrize("name", PHOTO_NETWORKS)
def test_chelsea_is_a_cat(library, name: str) -> None:
    answer = predict(sample("chelsea").pixels, name)
    assert answer["classes"] == weights.card(name)["classes"]
    assert answer["top"][0][0] == "cats"
    assert answer["top"][0][1] > 0.5


def said_rightly(sample_id: str, network: str) -> float:
    """The probability that a network gives to what a sample shows."""
    answer = predict(sample(sample_id).pixels, network)
    return dict(zip(answer["classes"], answer["probabilities"], strict=True))[f"{SAMPLES[sample_id].species}s"]


@pytest.mark.parametrize("sample_id", SAMPLES)
def test_the_convnet_is_sure_of_a_sample_and_right_unless_it_is_called_hard(library, sample_id: str) -> None:
    assert (said_rightly(sample_id, "convnet") < 0.9) == SAMPLES[sample_id].hard


def test_the_first_sample_is_a_cat_for_every_network_that_learned_from_photos(library) -> None:
    assert all(said_rightly(DEFAULT, network) > 0.9 for network in PHOTO_NETWORKS)
    assert run_programs(sample(DEFAULT).pixels)["answers"][0] < 0.5  # the small network of the three programs


def test_goals_of_accuracy_are_met() -> None:
    goals = {"digits": 0.98, "efficientnet-lite0-pets": 0.99, "convnet": 0.93, "drawn-pets": 0.9}
    for name in NAMES:
        assert weights.card(name)["figures"]["accuracy"] >= goals[name]
        assert weights.card(name)["megabytes"] <= (20 if name.startswith("efficientnet") else 10)
    if "convnet" in NAMES:
        assert weights.card("convnet")["parameters"] <= 1_000_000
