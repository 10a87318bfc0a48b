"""The hooks of a real fit: order, logs, and what the visitor's callback does."""

import io
from contextlib import redirect_stdout

import pytest

from components.lessons.callbacks.hook_timeline.keras_code import keras_code
from components.lessons.callbacks.hook_timeline.scene import HookScene
from models.experiments.hook_plan import DEFAULTS, shipped_recording
from models.experiments.hook_recorder import record_hooks


def hooks_of(recording):
    return [(call["hook"], call["number"]) for call in recording["calls"]]


def expected(epochs, steps, validation):
    calls: list[tuple[str, int | None]] = [("on_train_begin", None)]
    for epoch in range(epochs):
        calls.append(("on_epoch_begin", epoch))
        for step in range(steps):
            calls += [("on_train_batch_begin", step), ("on_train_batch_end", step)]
        if validation:
            calls.append(("on_test_begin", None))
            for step in range(2):
                calls += [("on_test_batch_begin", step), ("on_test_batch_end", step)]
            calls.append(("on_test_end", None))
        calls.append(("on_epoch_end", epoch))
    return [*calls, ("on_train_end", None)]


def test_the_shipped_recording_is_what_keras_does():
    shipped, fresh = shipped_recording(), record_hooks(*DEFAULTS)
    assert hooks_of(shipped) == hooks_of(fresh) == expected(2, 3, True)
    for one, other in zip(shipped["calls"], fresh["calls"], strict=True):
        assert one["logs"] == pytest.approx(other["logs"], abs=1e-5)
        assert one["by"] == other["by"] == ("evaluate" if "test" in one["hook"] else "fit")


def test_a_fit_without_validation_has_no_test_hooks():
    assert hooks_of(record_hooks(1, 2, False, "none", "on_epoch_end")) == expected(1, 2, False)


def test_a_callback_that_stops_in_on_epoch_end_ends_the_fit_after_that_epoch():
    calls = record_hooks(3, 2, False, "stop", "on_epoch_end")["calls"]
    assert hooks_of({"calls": calls}) == expected(1, 2, False)
    assert [call["hook"] for call in calls if call.get("stopped")] == ["on_epoch_end"]


def test_a_callback_that_stops_in_on_train_batch_end_leaves_the_epoch_at_once():
    calls = record_hooks(3, 2, True, "stop", "on_train_batch_end")["calls"]
    hooks = [call["hook"] for call in calls]
    assert hooks.count("on_train_batch_begin") == hooks.count("on_epoch_end") == 1
    assert hooks[-2:] == ["on_epoch_end", "on_train_end"]


def test_a_callback_that_saves_writes_a_real_file():
    calls = record_hooks(1, 1, False, "save", "on_train_end")["calls"]
    assert [call["hook"] for call in calls if "bytes" in call] == ["on_train_end"]
    assert calls[-1]["bytes"] > 5000


def test_the_keras_lines_print_what_was_recorded():
    scene = HookScene(epochs=2, steps=2, action="print", hook="on_epoch_end")
    heard = io.StringIO()
    with redirect_stdout(heard):
        exec(compile(keras_code(scene), "lines", "exec"), {"__name__": "lines"})
    printed = [call["printed"] for call in record_hooks(*scene.fit)["calls"] if "printed" in call]
    assert len(printed) == 2
    assert heard.getvalue().splitlines() == printed


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((5, 1, True, "none", "on_epoch_end"), "1 to 4 epochs"),
        ((1, 1, True, "jump", "on_epoch_end"), "not jump"),
        ((1, 1, True, "stop", "on_train_begin"), "no method"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(arguments, word):
    with pytest.raises(ValueError, match=word):
        record_hooks(*arguments)
