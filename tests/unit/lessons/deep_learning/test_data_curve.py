"""Accuracy against the number of photos: what is trained for a point, and what the page says of the points."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from components.charts import accuracy_by_photos
from components.lessons.deep_learning.data_curve import findings, how
from models.histories import data_study, more_photos
from models.histories.data_study import BATCH_SIZE, PROGRESS, SIZES, UPDATES, Point, config, points
from models.runs.config import RunConfig
from models.runs.run_directory import RunError


@pytest.fixture(scope="module")
def photos(tmp_path_factory) -> Path:
    """A folder like that of Dogs vs. Cats, with bright cats, dark dogs, and noise."""
    root = tmp_path_factory.mktemp("photos")
    random = np.random.default_rng(0)
    for part, count in (("train", 20), ("validation", PROGRESS // 2 + 10)):
        for kind, grey in (("cats", 190), ("dogs", 40)):
            folder = root / part / kind
            folder.mkdir(parents=True)
            for number in range(count):
                pixels = np.clip(grey + random.normal(0, 20, (16, 16, 3)), 0, 255).astype(np.uint8)
                Image.fromarray(pixels).save(folder / f"{number}.png")
    return root


def names(folder: Path, part: str) -> set[str]:
    return {f"{file.parent.name}/{file.name}" for file in (folder / part).rglob("*.png")}


def test_more_photos_are_the_fewer_ones_and_more_and_no_part_shares_one(photos, tmp_path):
    few, many, other = (tmp_path / name for name in ("few", "many", "other"))
    more_photos.linked(photos, few, size=10, seed=0)
    more_photos.linked(photos, many, size=30, seed=0)
    more_photos.linked(photos, other, size=10, seed=1)
    assert len(names(few, "train")) == 10
    assert names(few, "train") < names(many, "train")
    assert names(few, "train") != names(other, "train")
    assert names(few, "validation") == names(other, "validation")
    assert len(names(few, "validation")) == PROGRESS
    assert not names(few, "validation") & names(few, "test")
    assert len(names(few, "test")) == 20


def test_too_few_photos_are_refused_in_a_sentence(photos, tmp_path, monkeypatch, capsys):
    with pytest.raises(RunError, match="has 20 photos, but 50 are needed"):
        more_photos.linked(photos, tmp_path / "none", size=100, seed=0)
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    assert more_photos.main(["--photos", str(photos), "--size", "100", "--seed", "0"]) == 2
    assert "has 20 photos, but 50 are needed" in capsys.readouterr().err


@pytest.mark.parametrize("size", SIZES)
def test_every_size_makes_about_as_many_updates(size):
    about = config(size, 0, "photos")
    assert abs(about.epochs * -(-size // BATCH_SIZE) - UPDATES) <= 0.1 * UPDATES


def test_a_point_is_measured_again_on_photos_that_it_never_saw(photos, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    monkeypatch.setattr(data_study, "UPDATES", 10)
    assert more_photos.main(["--photos", str(photos), "--size", "40", "--seed", "0"]) == 0
    printed = next(line for line in capfd.readouterr().out.splitlines() if line.startswith('{"photos"'))
    assert '"photos": 40' in printed
    assert '"test": 20' in printed


HISTORY = {
    "points": [
        {"photos": size, "seed": seed, "test": 100, "right": right + seed, "train_accuracy": 1.0}
        for size, right in ((100, 55), (400, 65))
        for seed in range(3)
    ],
    "notes": "Photos.",
    "machine": {"device": "CPU", "keras": "3"},
    "command": "python -m models.histories.more_photos --photos PATH",
}


def test_points_are_read_and_told_as_they_are():
    few, many = points(HISTORY)
    assert (few.photos, many.photos) == (100, 400)
    assert (few.median, many.median) == (0.56, 0.66)
    said = findings([few, many])
    assert "With 100 photos the network is right on 56.0\u00a0% of new ones, with 400 on 66.0\u00a0%" in said
    assert "memorised" in said
    assert "python -m models.histories.more_photos" in how(HISTORY)


def test_a_network_that_memorised_nothing_is_not_said_to_have():
    assert "memorised" not in findings([Point(100, np.array([0.9]), np.array([0.95]))])


def test_a_history_without_points_is_refused():
    with pytest.raises(ValueError, match="no points"):
        points({})


def test_the_chart_shows_every_run_and_the_medians():
    figure = accuracy_by_photos([100, 400], [0.56, 0.66], [(100, 0.55), (400, 0.66)], text_size=16)
    line, dots = figure.data
    assert list(line.y) == pytest.approx([56, 66])
    assert list(dots.x) == [100, 400]
    assert list(figure.layout.xaxis.tickvals) == [100, 400]


def test_what_comes_along_has_every_point_and_says_how_it_was_trained():
    history = data_study.shipped()
    assert history is not None
    measured = {(point["photos"], point["seed"]) for point in history["points"]}
    assert measured == {(size, seed) for size in SIZES for seed in range(data_study.SEEDS)}
    assert all(0 <= point["right"] <= point["test"] for point in history["points"])
    about = config(SIZES[-1], data_study.SEEDS - 1, "PATH")
    assert RunConfig.from_json(json.dumps(history["config"])) == about
    assert [point["epochs"] for point in history["points"] if point["photos"] == SIZES[-1]] == [about.epochs] * 3
