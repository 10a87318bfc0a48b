"""What a recording of hooks may be of, and the one that comes along. Needs no TensorFlow, unlike hook_recorder."""

import json
from functools import lru_cache
from pathlib import Path

from models.answers import HookRecording

MAX_EPOCHS, MAX_STEPS = 4, 6
BATCH, INPUTS, UNITS, VALIDATION_STEPS = 8, 4, 8, 2
"""The small network's pictures in a batch, inputs, units in the hidden layer, and batches of validation."""

HOOKS = (
    "on_train_begin",
    "on_epoch_begin",
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_begin",
    "on_test_batch_begin",
    "on_test_batch_end",
    "on_test_end",
    "on_epoch_end",
    "on_train_end",
)
"""The methods of `keras.callbacks.Callback` that `fit` calls, in the order in which an epoch first reaches them."""

ACTIONS = ("none", "print", "stop", "save")
STOPPING_HOOKS = ("on_train_batch_end", "on_epoch_end")
"""The methods in which the visitor's callback may set `model.stop_training = True`."""

SHIPPED = Path(__file__).resolve().with_name("hook_recording.json")
DEFAULTS: tuple[int, int, bool, str, str] = (2, 3, True, "none", "on_epoch_end")
"""The arguments of `record_hooks` for the shipped recording."""


@lru_cache(maxsize=1)
def shipped_recording() -> HookRecording:
    """Return the shipped recording of `DEFAULTS`, without TensorFlow."""
    recording: HookRecording = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return recording
