"""models/training/features.py and saved_file.py: a head that is trained on features, compared with a whole network."""

import json
import os
import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np
import pytest

from models import datasets, kept_arrays
from models.datasets import photos
from models.datasets.batches import Augmentation
from models.pictures.photo import Photo
from models.runs import checkpoint
from models.runs.config import EarlyStopping, RunConfig
from models.runs.run_directory import RunDirectory
from models.runs.watching.snapshots import read_view
from models.storage import ROOT

OPTIONS = {"dropout": 0.4}
PETS = RunConfig(
    dataset="drawn-pets:train=44,validation=20,test=4",
    network="efficientnet-lite0",
    network_options=OPTIONS,
    side=48,
    epochs=4,
    batch_size=16,
    learning_rate=0.003,
    optimizer="nesterov",
    weight_decay=0.01,
    label_smoothing=0.05,
    early_stopping=EarlyStopping(patience=3, restore_best_weights=True),
    tensorboard=True,
    seed=5,
)
OWN = RunConfig(dataset="photos", network="efficientnet-lite0", side=48, epochs=2, batch_size=8, learning_rate=0.01)
FIGURES = ("loss", "accuracy", "batch_loss", "val_loss", "val_accuracy", "learning_rate")

# "whole" is like a run that an earlier version has begun: its machine.json says nothing about features.
WORKER = """
import shutil, sys
from pathlib import Path
from models.storage import ROOT, cache_dir, runs_dir
from models.runs.config import RunConfig
from models.training.fit import train
from models.runs.run_directory import RunDirectory

root = runs_dir()
pets, own = [RunConfig.from_json((root / name).read_text()) for name in ("pets", "own")]
packed = (root / "packed").read_bytes()
for name in ("whole", "once", "again", "anew"):
    run = RunDirectory.create(root / "runs" / name, pets)
    if name == "whole":
        run.machine_file.write_text('{"sessions": []}')
    if name == "anew":
        shutil.rmtree(cache_dir())
    told = []
    assert train(run, progress=lambda *what: told.append(what)) == "finished", run.state()
    (run.path / "told").write_text(repr(told))
shutil.rmtree(cache_dir())
for name in ("own whole", "own once"):
    run = RunDirectory.create(root / "runs" / name, own)
    if name == "own whole":
        run.machine_file.write_text('{"sessions": []}')
    assert train(run, pictures=packed) == "finished", run.state()
(root / "cached").write_text(repr(sorted(cache_dir().glob("*"))))
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a separate process has trained all runs of this file."""
    root = tmp_path_factory.mktemp("features")
    (root / "pets").write_text(PETS.to_json())
    (root / "own").write_text(OWN.to_json())
    random = np.random.default_rng(3)
    pixels = [random.integers(0, 256, (60, 50, 3), np.uint8) for _ in range(21)]
    pictures = [("abc"[number % 3], Photo(one, "a", "upload", (50, 60))) for number, one in enumerate(pixels)]
    (root / "packed").write_bytes(photos.pack(pictures))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RUNS_DIR": str(root), "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run([sys.executable, "-c", WORKER], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return root


def run_of(root: Path, name: str) -> RunDirectory:
    return RunDirectory.open(root / "runs" / name)


def figures(run: RunDirectory) -> list[dict[str, object]]:
    return [{name: line[name] for name in FIGURES if name in line} for line in run.metrics()[0]]


def weights(path: Path) -> dict[str, np.ndarray]:
    with zipfile.ZipFile(path) as archive, h5py.File(BytesIO(archive.read("model.weights.h5"))) as file:
        found: dict[str, np.ndarray] = {}
        file.visititems(lambda name, item: found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
        return found


def architecture(archive: zipfile.ZipFile) -> str:
    """The network's layers, without the numbers that Keras counts through a process."""
    text = archive.read("config.json").decode()
    return re.sub(r'"resize_\d+"', '"resize"', re.sub(r'"shared_object_id": \d+', "", text))


@pytest.mark.parametrize(("whole", "once"), [("whole", "once"), ("own whole", "own once")])
def test_every_figure_is_the_whole_networks(root, whole, once):
    one, other = run_of(root, whole), run_of(root, once)
    left, right = figures(one), figures(other)
    assert len(left) == len(right) >= 2 * 3
    assert "val_loss" in left[-1]
    for before, now in zip(left, right, strict=True):
        assert now == pytest.approx(before, abs=1e-4, rel=0)
    own = [line["batch_loss"] for line in right if "batch_loss" in line]
    assert len(set(own)) == len(own)  # it learns: otherwise, the comparison would mean little
    assert [line["best_epoch"] for line in one.epochs()] == [line["best_epoch"] for line in other.epochs()]
    assert one.state().name == other.state().name
    assert one.state().reason == other.state().reason


def test_machine_json_says_so(root):
    whole, once, again, anew = (run_of(root, name).machine() for name in ("whole", "once", "again", "anew"))
    assert whole["features_once"] is False
    assert once["features_once"] is again["features_once"] is anew["features_once"] is True
    assert (once["features_computed"], again["features_computed"], anew["features_computed"]) == (64, 0, 64)
    assert 0 < once["features_seconds"] < 600
    assert once["sessions"][-1]["features_seconds"] == once["features_seconds"]
    for name in ("trainable_parameters", "non_trainable_parameters", "layers_learning", "layers_frozen"):
        assert whole[name] == once[name]
    assert once["layers_learning"] == ["answer"]


def test_progress_tells_how_many_pictures_the_base_has_looked_at(root):
    doing = "the frozen base looks at every picture once"
    told = (run_of(root, "once").path / "told").read_text()
    assert all(f"'{doing}', {done}, 64)" in told for done in (32, 64))
    for name in ("whole", "again"):
        assert doing not in (run_of(root, name).path / "told").read_text()


@pytest.mark.parametrize("name", ["again", "anew"])
def test_features_from_the_file_and_features_computed_again_give_the_same_bits(root, name):
    once, other = run_of(root, "once"), run_of(root, name)
    assert figures(once) == figures(other)
    for left, right in zip(*(checkpoint.load_newest(run.checkpoints)[0] for run in (once, other)), strict=True):  # type: ignore[index]
        np.testing.assert_array_equal(left, right)
    for file in ("best.keras", "last.keras"):
        left_weights, right_weights = weights(once.path / file), weights(other.path / file)
        assert left_weights.keys() == right_weights.keys()
        for key, value in left_weights.items():
            np.testing.assert_array_equal(value, right_weights[key])


def test_a_visitors_pictures_and_their_features_are_written_nowhere(root):
    assert (root / "cached").read_text() == "[]"
    run = run_of(root, "own once")
    assert run.machine()["features_computed"] == 21
    assert {path.name for path in run.path.iterdir()} == {
        *("best.keras", "checkpoints", "config.json", "data.json", "last.keras", "lock", "machine.json"),
        *("metrics.jsonl", "state.json", "view.npz"),
    }


def test_a_heads_checkpoint_is_small(root):
    whole, once = (checkpoint.newest_first(run_of(root, name).checkpoints)[0] for name in ("whole", "once"))
    assert once.stat().st_size < 100_000 < 10_000_000 < whole.stat().st_size


@pytest.mark.parametrize(("whole", "once"), [("whole", "once"), ("own whole", "own once")])
def test_the_view_shows_the_same_answers_and_filters(root, whole, once):
    before, now = read_view(run_of(root, whole)), read_view(run_of(root, once))
    assert before is not None
    assert now is not None
    assert len(before.probabilities) == len(now.probabilities) > 0
    np.testing.assert_allclose(now.probabilities, before.probabilities, atol=1e-4)
    assert (now.layer, now.frozen, now.epoch) == (before.layer, before.frozen, before.epoch)
    assert (now.layer, now.frozen) == ("stem", True)
    np.testing.assert_array_equal(now.filters[0].weights, before.filters[0].weights)


@pytest.mark.parametrize("file", ["best.keras", "last.keras"])
@pytest.mark.parametrize(("whole", "once"), [("whole", "once"), ("own whole", "own once")])
def test_a_saved_file_is_the_whole_network(root, library: SimpleNamespace, whole, once, file):
    before, now = run_of(root, whole).path / file, run_of(root, once).path / file
    with zipfile.ZipFile(before) as left, zipfile.ZipFile(now) as right:
        assert left.namelist() == right.namelist()
        assert architecture(left) == architecture(right)
    for (name, value), (other_name, other) in zip(weights(before).items(), weights(now).items(), strict=True):
        assert name == other_name
        if "seed_generator" not in name:
            # The two ways add in different orders, which shows on some CPUs after a few steps of Adam.
            np.testing.assert_allclose(other, value, atol=1e-4)
    pictures = np.random.default_rng(0).integers(0, 256, (3, 90, 70, 3)).astype(np.float32)
    models = [library.keras.models.load_model(path) for path in (before, now)]  # safe mode is Keras's default
    expected, found = (model.predict(pictures, verbose=0) for model in models)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert models[1].layers[-1].name == "answer"
    assert np.abs(models[1].layers[-1].get_weights()[1]).min() > 0  # the trained answer, not the initial one


def test_a_saved_file_is_what_the_run_ends_with(root, library: SimpleNamespace):
    """Except for its resize, the file gives the view's answers of the last epoch for the validation pictures."""
    run = run_of(root, "own once")
    view, data = read_view(run), photos.unpack((root / "packed").read_bytes(), side=48, how="crop")
    assert view is not None
    network = library.keras.models.load_model(run.last_model)
    found = network.predict(data.validation.images.astype(np.float32), verbose=0)
    np.testing.assert_allclose(found, view.probabilities, atol=1e-4)


def test_tensorboard_hears_the_same(root):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    told = []
    for name in ("whole", "once"):
        events = EventAccumulator(str(run_of(root, name).tensorboard / "validation"))
        events.Reload()
        told.append({tag: [(one.step) for one in events.Tensors(tag)] for tag in events.Tags()["tensors"]})
    assert told[0] == told[1]
    assert "epoch_loss" in told[0]


# Which way a run goes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "once"),
    [
        ({}, True),
        ({"network_options": {"trainable_blocks": 0, "dropout": 0.5}}, True),
        ({"network_options": {"trainable_blocks": 1}}, False),
        ({"augmentation": Augmentation(flip=True)}, False),
        ({"network": "convnet"}, False),
        ({"network": "mlp"}, False),
    ],
)
def test_the_configuration_decides_how_a_new_run_begins(tmp_path, values, once):
    config = RunConfig(**{"network": "efficientnet-lite0", **values})
    assert config.features_once is once
    assert RunDirectory.create(tmp_path / "run", config).features_once() is once


def test_a_run_goes_on_as_it_began(tmp_path):
    run = RunDirectory.create(tmp_path / "run", RunConfig(network="efficientnet-lite0"))
    run.machine_file.write_text(json.dumps({"device": "CPU"}))  # by a version that knew no features
    assert not run.features_once()
    run.machine_file.write_text(json.dumps({"features_once": True}))
    assert run.features_once()
    run.machine_file.unlink()
    assert run.features_once()
    checkpoint.save(run.checkpoints, 1, [], {})  # it has begun, but nothing says how
    assert not run.features_once()


def test_a_note_goes_to_the_present_session(tmp_path):
    run = RunDirectory.create(tmp_path / "run", RunConfig())
    run.machine_file.write_text(json.dumps({"device": "CPU", "sessions": [{"time": 1}, {"time": 2}]}))
    run.note(features_seconds=1.5)
    assert run.machine() == {
        "device": "CPU",
        "features_seconds": 1.5,
        "sessions": [{"time": 1}, {"time": 2, "features_seconds": 1.5}],
    }


# Features -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def base(library: SimpleNamespace):
    """A quick base: the mean of each channel, times a weight."""
    inputs = library.keras.Input((8, 8, 3))
    features = library.keras.layers.Dense(4, use_bias=False)(
        library.keras.layers.GlobalAveragePooling2D(name="mean")(inputs)
    )
    return library.keras.Model(inputs, features)


def part_of(count: int, seed: int = 0) -> datasets.Part:
    images = np.random.default_rng(seed).integers(0, 256, (count, 8, 8, 3), dtype=np.uint8)
    return datasets.Part(images, np.arange(count) % 3, tuple(map(str, range(count))))


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("RUNS_DIR", str(tmp_path))
    return tmp_path / "cache"


def test_features_are_what_the_base_computes(base, cache):
    from models.training.features import looked_at

    parts = [part_of(70), part_of(0), part_of(5, seed=1)]
    seen, count = looked_at(base, parts, kept_as=None)
    assert count == 75
    assert not cache.exists()
    for part, found in zip(parts, seen, strict=True):
        expected = part.images.astype(np.float64).mean(axis=(1, 2)) @ base.layers[-1].get_weights()[0]
        assert found.images.dtype == np.float32
        np.testing.assert_allclose(found.images, expected.reshape(-1, 4), rtol=1e-4, atol=1e-3)
        assert found.labels is part.labels
        assert found.names is part.names


def test_kept_features_are_read_only_for_the_same_pictures_and_the_same_key(base, cache):
    from models.training.features import looked_at

    part = part_of(40)
    (first,), count = looked_at(base, [part], kept_as="a")
    assert count == 40
    (second,), count = looked_at(base, [part], kept_as="a")
    assert count == 0
    np.testing.assert_array_equal(first.images, second.images)
    changed = part.images.copy()
    changed[39, 7, 7, 2] ^= 1
    for other, key in ((datasets.Part(changed, part.labels, part.names), "a"), (part, "b")):
        assert looked_at(base, [other], kept_as=key)[1] == 40
    assert len(list(cache.glob("*.npy"))) == len(list(cache.glob("*.json"))) == 3
    assert not list(cache.glob(".*"))


@pytest.mark.parametrize("damage", [lambda data: data[:-9], lambda data: b"", lambda data: data[:20]])
def test_a_damaged_file_is_computed_again(base, cache, damage):
    from models.training.features import looked_at

    (first,), _ = looked_at(base, [part_of(9)], kept_as="a")
    (file,) = cache.glob("*.npy")
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    (second,), count = looked_at(base, [part_of(9)], kept_as="a")
    assert count == 9
    np.testing.assert_array_equal(first.images, second.images)
    (new,) = cache.glob("*.npy")
    assert new != file  # nobody ever writes to a file that may be mapped
    assert new.read_bytes() == whole


def test_a_disk_without_space_does_not_stop_the_training(base, cache, monkeypatch):
    from models.training import features

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_arrays, "write_whole", full)
    (seen,), count = features.looked_at(base, [part_of(3)], kept_as="a")
    assert (count, seen.images.shape) == (3, (3, 4))
    assert list(cache.iterdir()) == []


def test_who_asks_after_a_batch_gets_out_and_nothing_is_kept(base, cache):
    from models.training.features import looked_at

    told: list[tuple[int, int]] = []

    def leave() -> None:
        if told[-1][0] >= 64:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        looked_at(
            base,
            [part_of(200)],
            kept_as="a",
            progress=lambda _, done, total: told.append((done, total)),
            after_batch=leave,
        )
    assert told == [(32, 200), (64, 200)]
    assert not cache.exists()


def test_a_digest_knows_every_weight(base):
    from models.training.features import digest_of

    before = digest_of(base)
    assert before == digest_of(base)
    kernel = base.layers[-1].get_weights()[0]
    kernel[3 - 1, 3] = np.nextafter(kernel[3 - 1, 3], np.float32(9))
    base.layers[-1].set_weights([kernel])
    assert digest_of(base) != before
