"""components/lessons/training/texts.py: what is said of the layers of a run."""

import json

import pytest

from components.lessons.training.texts import learning_words
from models.datasets.batches import Augmentation
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory

HEAD = {
    "trainable_parameters": 1281,
    "non_trainable_parameters": 3_371_024,
    "layers_learning": ["answer"],
    "layers_frozen": ["stem", "stem_bn", "head_bn"],
}


def words(tmp_path, machine, **values) -> str:
    run = RunDirectory.create(tmp_path / "run", RunConfig(network="efficientnet-lite0", **values))
    run.machine_file.write_text(json.dumps(machine))
    return learning_words(run)


def test_before_a_run_has_begun_there_is_nothing_to_say(tmp_path):
    assert learning_words(RunDirectory.create(tmp_path / "run", RunConfig())) == ""


@pytest.mark.parametrize(
    ("machine", "values", "said", "not_said"),
    [
        ({"features_once": True}, {}, "compute the features of every picture once", "each time"),
        ({"features_once": False}, {"augmentation": Augmentation(flip=True)}, "computed each time", "once"),
        # An earlier version ran all layers in every epoch, and there is no reason to give for that.
        ({}, {}, "are frozen.", "frozen layers"),
        (
            {"features_once": False, "layers_learning": ["head", "answer"]},
            {},
            "2 layers, head, answer",
            "frozen layers",
        ),
    ],
)
def test_how_often_frozen_layers_look_is_told(tmp_path, machine, values, said, not_said):
    found = words(tmp_path, {**HEAD, **machine}, **values)
    assert found.startswith("1,281 weights of ")
    assert said in found
    assert not_said not in found
