"""The three programs: one text that is shown and run, one network, the same numbers, and what Keras says of itself."""

import contextlib
import io
import json

import numpy as np
import pytest

from components.engine.thinking import Thought
from components.lessons.keras.installation import tables
from components.lessons.keras.model_summaries import COLUMNS, LINES
from components.lessons.keras.three_programs import KEY, payload
from components.lessons.keras.three_programs.scene import ProgramsScene
from components.lessons.keras.three_programs.story import KERAS_LINES
from components.lessons.keras.three_programs.texts import NAMES, TITLES, WORDS
from models.answers import Installation, ProgramsRun
from models.experiments.three_programs import FOLDER, PROGRAMS, ROWS, SIDE, STEPS, card, rows, text, weights
from models.experiments.three_programs.running import installation, outputs_of, run, run_programs
from models.pictures.photo import Photo
from models.pictures.samples import sample

WIDEST = 42
"""Most characters in a line when three programs are side by side on 1280 pixels."""


@pytest.fixture(scope="module")
def photo() -> Photo:
    return sample("chelsea")


@pytest.fixture(scope="module")
def found(photo) -> ProgramsRun:
    return run_programs(photo.pixels)


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_is_shown_is_the_file_without_its_comments(program):
    assert tuple(rows(program)) == ROWS
    lines = [line for line in (FOLDER / f"{program}.py").read_text(encoding="utf-8").splitlines() if line]
    assert text(program).splitlines() == [line for line in lines if not line.startswith("#")]
    assert max(map(len, text(program).splitlines())) <= WIDEST


def test_a_program_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="There is no program"):
        rows("jax")


def test_every_row_and_every_program_has_its_words():
    assert tuple(TITLES) == tuple(WORDS) == ROWS
    assert tuple(NAMES) == PROGRAMS


@pytest.mark.parametrize("program", PROGRAMS[1:])
def test_every_output_of_every_step_is_that_of_the_sequential_model(program):
    batch = np.random.default_rng(0).uniform(0, 255, (1, SIDE, SIDE, 3)).astype(np.float32)
    expected, outputs = (outputs_of(run(name, batch)) for name in (PROGRAMS[0], program))
    for step in STEPS:
        np.testing.assert_allclose(outputs[step], expected[step], rtol=0, atol=1e-5, err_msg=step)


def test_the_answers_are_what_the_programs_answered(found):
    assert found["answers"] == pytest.approx(found["steps"][-1]["values"], abs=1e-7)
    assert max(found["answers"]) - min(found["answers"]) < 1e-5
    assert 0 < found["answers"][0] < 1


def test_numbers_and_differences_are_of_the_outputs_themselves(found, photo):
    assert [step["name"] for step in found["steps"]] == list(STEPS)
    for step in found["steps"]:
        assert step["difference"] <= 1e-5
        assert max(step["values"]) - min(step["values"]) <= step["difference"]
        maps = step["maps"]
        assert maps.shape[0] == len(PROGRAMS)
        # The strongest number is in the drawn map.
        for drawn, value in zip(maps, step["values"], strict=True):
            assert np.isclose(drawn, value, rtol=0, atol=1e-7).any()
    assert found["steps"][0]["shape"] == [SIDE, SIDE, 3]


def test_summaries_are_printed_by_keras_for_this_network(found):
    for printed in found["summaries"]:
        assert printed.startswith('Model: "small"')
        for line in ("conv1 (Conv2D)", "(None, 30, 30, 24)", f"Total params: {card()['parameters']:,}"):
            assert line in printed
    assert "photo (InputLayer)" in found["summaries"][1]
    printed_lines = [printed.splitlines() for printed in found["summaries"]]
    assert [len(lines) for lines in printed_lines] == list(LINES.values())
    assert {max(map(len, lines)) for lines in printed_lines} == {COLUMNS}


def test_the_weights_are_those_of_the_card_and_nobody_changes_them():
    arrays = weights()
    assert sum(array.size for array in arrays) == card()["parameters"]
    assert all(array.dtype == np.float32 and np.isfinite(array).all() for array in arrays)
    with pytest.raises(ValueError, match="read-only"):
        arrays[0][:] = 0
    assert 0.6 < card()["right"] / card()["measured_on"] <= 1


@pytest.mark.parametrize(
    "pixels", [np.zeros((4, 4, 3), np.float32), np.zeros((4, 4), np.uint8), np.zeros((0, 4, 3), np.uint8)]
)
def test_what_is_no_photo_is_refused_in_a_sentence(pixels):
    with pytest.raises(ValueError, match="A photo is uint8"):
        run_programs(pixels)


def test_the_message_says_what_was_found_and_nothing_before(found):
    empty = payload(ProgramsScene(), Thought(KEY, words="The network is waking up …"), "data:")
    assert empty["answers"] is None
    assert empty["steps"] == {}
    assert empty["waiting"] == "The network is waking up …"
    full = payload(ProgramsScene(), Thought(KEY, found), "data:")
    assert not full["waiting"]
    assert full["answers"] == found["answers"]
    assert tuple(full["steps"]) == STEPS
    json.dumps(full, allow_nan=False)


def test_the_machine_is_described_as_its_packages_say():
    import keras
    import tensorflow as tf

    told = installation()
    assert dict(told["versions"])["Keras"] == keras.__version__
    assert dict(told["versions"])["TensorFlow"] == tf.__version__
    assert [name for name, *_ in told["devices"]] == [device.name for device in tf.config.list_physical_devices()]
    assert told["same"] is True
    drawn = tables(told)
    assert "/physical_device:CPU:0" in drawn
    assert keras.__version__ in drawn


@pytest.mark.parametrize(
    ("devices", "cuda", "words"),
    [
        ([("/physical_device:GPU:0", "GPU", "NVIDIA T4")], "12.5.1", "finds a graphics card and trains on it"),
        ([("/physical_device:CPU:0", "CPU", "")], "12.5.1", "It could use an NVIDIA card"),
        ([("/physical_device:CPU:0", "CPU", "")], "", "the processor computes everything"),
    ],
)
def test_the_devices_are_told_in_words(devices, cuda, words):
    told: Installation = {
        "versions": [],
        "backend": "tensorflow",
        "cuda": cuda,
        "cudnn": "",
        "devices": devices,
        "same": True,
    }
    assert words in tables(told)


def test_the_keras_lines_run_as_they_stand():
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(KERAS_LINES, {})
    assert "tf.keras is Keras: True" in said.getvalue()
    assert "Total params: 1,849" in said.getvalue()
