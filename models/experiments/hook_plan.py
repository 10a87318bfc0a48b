"""What a recording of hooks may be of, and the one that comes along. Needs no TensorFlow, unlike hook_recorder."""

import json
from functools import lru_cache
from pathlib import Path

from models.answers import HookRecording

MAX_EPOCHS, MAX_STEPS = 4, 6
BATCH, INPUTS, UNITS, VALIDATION_STEPS = 8, 4, 8, 2
"""Of the small network: pictures a batch, inputs, units of its hidden layer, batches of validation."""

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
"""Where `model.stop_training = True` may stand here."""

SHIPPED = Path(__file__).resolve().with_name("hook_recording.json")
DEFAULTS: tuple[int, int, bool, str, str] = (2, 3, True, "none", "on_epoch_end")
"""What the shipped recording is of: the arguments of `record_hooks`."""


@lru_cache(maxsize=1)
def shipped_recording() -> HookRecording:
    """Return the recording of `DEFAULTS` that comes along; needs no TensorFlow."""
    recording: HookRecording = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return recording
