"""Which method of a callback Keras calls when, recorded from a real `model.fit`.

    python -m models.experiments.hook_recorder     writes the recording that the page shows while no engine answers

`record_hooks` needs TensorFlow: the web process asks the engine's answering worker.
"""

import contextlib
import io
import json
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType
from typing import Any

from models.answers import HookCall, HookRecording
from models.experiments.hook_plan import (
    ACTIONS,
    BATCH,
    DEFAULTS,
    HOOKS,
    INPUTS,
    MAX_EPOCHS,
    MAX_STEPS,
    SHIPPED,
    STOPPING_HOOKS,
    UNITS,
    VALIDATION_STEPS,
)


def record_hooks(epochs: int, steps: int, validation: bool, action: str, hook: str) -> HookRecording:
    """Fit a small network and return every call of a callback's method.

    Args:
        epochs: 1 to 4.
        steps: batches in an epoch, 1 to 6.
        validation: whether `fit` gets validation data (2 batches).
        action: what the visitor's callback does: "none", "print", "stop" or "save".
        hook: the method in which it does that.

    Returns:
        Plain data. calls: one dict a call, in order: hook; number (the epoch or batch that it was given, from 0, or
        None); epoch (the present one, or None); by ("fit" or "evaluate": which method called it); logs (name → float);
        milliseconds since the first call, before the visitor's callback acted; and, if that call did so, printed
        (text), bytes (size of the saved file) and stopped.

    Raises:
        ValueError: an argument is invalid; the text says which.
    """
    if not (1 <= epochs <= MAX_EPOCHS and 1 <= steps <= MAX_STEPS):
        raise ValueError(
            f"A recording has 1 to {MAX_EPOCHS} epochs of 1 to {MAX_STEPS} steps, not {epochs} of {steps}."
        )
    if action not in ACTIONS:
        raise ValueError(f"A callback can do one of {', '.join(ACTIONS)}, not {action}.")
    if hook not in (STOPPING_HOOKS if action == "stop" else HOOKS):
        raise ValueError(f"{hook} is no method in which a callback can {action} here.")
    import keras
    import numpy as np

    keras.utils.set_random_seed(1)
    rng = np.random.default_rng(1)
    x = rng.normal(size=(BATCH * steps, INPUTS)).astype("float32")
    y = (x.sum(axis=1) > 0).astype("float32")
    x_val = rng.normal(size=(BATCH * VALIDATION_STEPS, INPUTS)).astype("float32")
    y_val = (x_val.sum(axis=1) > 0).astype("float32")
    model = keras.Sequential(
        [keras.Input((INPUTS,)), keras.layers.Dense(UNITS, "relu"), keras.layers.Dense(1, "sigmoid")]
    )
    model.compile(optimizer="sgd", loss="binary_crossentropy")
    calls: list[HookCall] = []
    callbacks = [_recorder(calls)]
    with tempfile.TemporaryDirectory(prefix="hooks-") as folder:
        if action != "none":
            callbacks.append(_visitors(calls, action, hook, Path(folder)))
        model.fit(
            x,
            y,
            batch_size=BATCH,
            epochs=epochs,
            validation_data=(x_val, y_val) if validation else None,
            callbacks=callbacks,
            verbose=0,
        )
    return {"calls": calls}


def _recorder(calls: list[HookCall]) -> Any:
    """Return a callback that records every call."""
    import keras

    class Recorder(keras.callbacks.Callback):
        """Its methods are added below, one for each hook."""

    begun: list[float] = []
    place: dict[str, int | None] = {"epoch": None}

    def note(hook: str, number: int | None, logs: Any) -> None:
        now = time.perf_counter()
        begun.append(now)
        if hook == "on_epoch_begin":
            place["epoch"] = number
        calls.append(
            {
                "hook": hook,
                "number": number,
                "epoch": place["epoch"],
                "by": _caller(),
                "logs": {name: float(value) for name, value in (logs or {}).items()},
                "milliseconds": round((now - begun[0]) * 1000, 3),
            }
        )
        if hook == "on_epoch_end":
            place["epoch"] = None

    def method(hook: str) -> Any:
        if _has_number(hook):
            return lambda self, number, logs=None: note(hook, int(number), logs)
        return lambda self, logs=None: note(hook, None, logs)

    for hook in HOOKS:
        setattr(Recorder, hook, method(hook))
    return Recorder()


def _visitors(calls: list[HookCall], action: str, hook: str, folder: Path) -> Any:
    """Return the visitor's callback. What it does is noted in the call that the recorder has just recorded."""
    import keras

    class Visitors(keras.callbacks.Callback):
        """Its one method is added below."""

    def act(self: Any, logs: Any) -> None:
        call = calls[-1]
        if action == "print":
            heard = io.StringIO()
            with contextlib.redirect_stdout(heard):
                print("Here I am:", hook, {name: round(float(value), 4) for name, value in (logs or {}).items()})
            call["printed"] = heard.getvalue().rstrip("\n")
        elif action == "stop":
            self.model.stop_training = True
            call["stopped"] = True
        else:
            file = folder / "mine.keras"
            self.model.save(file)
            call["bytes"] = file.stat().st_size

    if _has_number(hook):
        setattr(Visitors, hook, lambda self, number, logs=None: act(self, logs))
    else:
        setattr(Visitors, hook, lambda self, logs=None: act(self, logs))
    return Visitors()


def _has_number(hook: str) -> bool:
    return "epoch" in hook or "batch" in hook


def _caller() -> str:
    """Return which of the model's methods the call comes from: "fit", or "evaluate", which `fit` calls."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - Python has no public one that is as fast
    while frame is not None:
        if frame.f_code.co_name in ("fit", "evaluate") and "trainer" in frame.f_code.co_filename:
            return frame.f_code.co_name
        frame = frame.f_back
    return "unknown"


def main() -> None:
    """Record `DEFAULTS` and write the recording, one call a line."""
    calls = record_hooks(*DEFAULTS)["calls"]
    lines = ",\n".join(f"  {json.dumps(call, allow_nan=False)}" for call in calls)
    SHIPPED.write_text('{\n "calls": [\n' + lines + "\n ]\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
