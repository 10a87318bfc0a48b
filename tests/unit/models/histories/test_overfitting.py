"""The history of the runs that overfit: the test figures are those of each epoch's own weights."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models import datasets, histories
from models.histories import overfitting
from models.runs import checkpoint
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory, RunError
from models.zoo import assembly

EPOCHS = 3


@pytest.fixture
def photos(tmp_path, monkeypatch) -> Iterator[Path]:
    """Noise in the layout of Dogs vs. Cats, and a study that needs only a few of these photos."""
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setattr(histories, "FOLDER", tmp_path / "histories")
    (tmp_path / "histories").mkdir()
    for name, value in {"PHOTOS": 4, "WATCHED": 4, "EPOCHS": EPOCHS, "SEEDS": (1, 2)}.items():
        monkeypatch.setattr(overfitting, name, value)
    random = np.random.default_rng(0)
    for part, count in (("train", 3), ("validation", 8)):
        for kind in ("cats", "dogs"):
            folder = tmp_path / "photos" / part / kind
            folder.mkdir(parents=True)
            for number in range(count):
                pixels = random.integers(0, 256, (40, 40, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(folder / f"{kind}{number}.png")
    histories.load.cache_clear()
    yield tmp_path / "photos"
    histories.load.cache_clear()


def figures_by_hand(model, run: RunDirectory) -> dict[str, float]:
    """Cross-entropy and share right on the test photos, in NumPy."""
    test = datasets.load(run.config().dataset, side=overfitting.SIDE).test
    answers = model.predict(np.asarray(test.images, np.float32), verbose=0)[:, 0].astype(float)
    right = np.where(test.labels == 1, answers, 1 - answers)
    return {"test_loss": float(-np.log(right).mean()), "test_accuracy": float(np.mean(right > 0.5))}


def test_every_epochs_own_weights_are_measured_on_photos_that_nobody_learned(photos, library, monkeypatch, capsys):
    """Everything except the training: weights at random, in the checkpoints that a training writes."""
    expected: dict[str, list[dict[str, float]]] = {}
    trained = []

    def train(run: RunDirectory, *, report) -> str:
        about, random = run.config(), np.random.default_rng(run.config().seed)
        trained.append(about.seed)
        model = assembly.build(
            about.network, side=about.resolved_side, channels=3, classes=2, options=about.network_options
        )
        lines = []
        for epoch in range(about.epochs):
            if epoch:
                report({"kind": "batch", "epoch": epoch, "step": 1})
                report({"kind": "batch", "epoch": epoch, "step": 2})
            for variable in model.trainable_weights:
                variable.assign(random.normal(0, 0.1, variable.shape))
            arrays = [library.keras.ops.convert_to_numpy(variable) for variable in model.variables]
            optimizer = [np.zeros(3), np.ones((2, 2))]  # comes after the weights in a checkpoint
            checkpoint.save(run.checkpoints, 10 * epoch, [*arrays, *optimizer], {"epoch": epoch + 1, "step": 0})
            lines.append({"kind": "epoch", "epoch": epoch, "loss": 1.0, "val_loss": 0.5, "seconds": 2.0})
            run.metrics_file.write_text("".join(json.dumps(line) + "\n" for line in lines))
            expected.setdefault(run.name, []).append(figures_by_hand(model, run))
        run.data_file.write_text(json.dumps({"test": 12}))
        run.write_state("finished", epoch=about.epochs)
        return "finished"

    monkeypatch.setattr(overfitting, "train", train)
    assert overfitting.main(["--photos", str(photos)]) == 0, capsys.readouterr().err
    history = histories.load("overfitting")
    assert history["test"] == 12
    assert history["seed"] == [1, 2]
    assert len(history["runs"]) == 2
    for run, hand in zip(history["runs"].values(), expected.values(), strict=True):
        assert RunConfig.from_json(json.dumps(run["config"])).dataset == "folder:PATH"
        assert [line["loss"] for line in run["epochs"]] == [1.0] * EPOCHS
        for line, one in zip(run["epochs"], hand, strict=True):
            assert line["test_loss"] == pytest.approx(one["test_loss"], rel=1e-4)
            assert line["test_accuracy"] == pytest.approx(one["test_accuracy"])
    losses = [line["test_loss"] for run in history["runs"].values() for line in run["epochs"]]
    assert len(set(losses)) == 2 * EPOCHS
    # A finished seed is not trained again.
    assert overfitting.main(["--photos", str(photos)]) == 0
    assert trained == [1, 2]


def test_test_photos_are_neither_learned_nor_watched(photos, monkeypatch):
    monkeypatch.setattr(overfitting, "train", lambda run, *, report: "failed")
    assert overfitting.main(["--photos", str(photos), "--seed", "1"]) == 2
    folder = Path(RunDirectory.open(photos.parent / "runs" / "overfitting" / "1").config().dataset.partition(":")[2])
    parts = {part: {file.name for file in (folder / part).rglob("*.png")} for part in ("train", "validation", "test")}
    assert {part: len(names) for part, names in parts.items()} == {"train": 4, "validation": 4, "test": 12}
    originals = {part: {file.resolve() for file in (folder / part).rglob("*.png")} for part in parts}
    assert not originals["test"] & (originals["train"] | originals["validation"])


def test_what_cannot_be_measured_is_said(photos, capsys):
    run = RunDirectory.create(photos.parent / "runs" / "empty", RunConfig(dataset="digits", network="plain"))
    with pytest.raises(RunError, match="has no checkpoint of the end of an epoch"):
        overfitting.measure(run, datasets.load("digits", side=8).test)
    assert overfitting.main(["--photos", str(photos / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_the_shipped_runs_are_those_of_the_command():
    history = histories.load("overfitting")
    for run in history["runs"].values():
        about = RunConfig.from_json(json.dumps(run["config"]))
        assert about == overfitting.config(about.seed, "PATH")
    assert history["seed"] == list(overfitting.SEEDS)
    assert history["command"] == "python -m models.histories.overfitting --photos PATH"
