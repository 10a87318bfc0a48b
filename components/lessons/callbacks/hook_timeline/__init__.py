"""The hooks of a real fit on a timeline: which method Keras calls when, out of which object, and with what logs."""

from pathlib import Path
from typing import TypedDict

import streamlit as st

from components.browser import Texts
from components.engine import engine
from components.engine.notice import engine_or_word
from components.lessons.callbacks.hook_timeline.scene import MAX_SPEED, HookScene
from components.lessons.callbacks.hook_timeline.texts import CHOICES, TEXTS
from components.photo.uploads import plain
from components.player import animation, register
from models.answers import HookCall, HookRecording
from models.engine import Engine, EngineError
from models.engine.questions import RECORD_HOOKS
from models.experiments.hook_plan import DEFAULTS, HOOKS, STOPPING_HOOKS, shipped_recording

KEY = "hook_timeline"

_mount = register("hook_timeline", Path(__file__).resolve().parent)

ASK_SECONDS = 20.0
PROGRAMS = {
    hook: f"{hook}({'epoch, ' if 'epoch' in hook else 'batch, ' if 'batch' in hook else ''}logs)" for hook in HOOKS
}
"""Hook → the method with its arguments, except self."""

_recordings: dict[tuple[int, int, bool, str, str], HookRecording] = {}
"""The recordings made so far, shared by all visitors: a fit is seeded and holds no visitor's data. At most 1,440."""


class HookMessage(TypedDict):
    """What the browser is sent; see `payload`."""

    choices: dict[str, list[list[str]]]
    texts: Texts
    topSpeed: int
    calls: list[HookCall]
    programs: dict[str, str]
    shown: list[object]


def payload(scene: HookScene, recording: HookRecording | None = None) -> HookMessage:
    """Return everything that the browser needs to play a recording.

    Args:
        scene: the settings.
        recording: what `record_hooks` returned; None for the recording that ships with the course.
    """
    recording = recording or shipped_recording()
    hooks = STOPPING_HOOKS if scene.action == "stop" else HOOKS
    return {
        "choices": {**CHOICES, "hook": [[hook, hook] for hook in hooks]},
        "texts": TEXTS,
        "topSpeed": MAX_SPEED,
        "calls": recording["calls"],
        "programs": PROGRAMS,
        "shown": list(scene.fit),
    }


def recording_of(scene: HookScene, engine: Engine) -> HookRecording:
    """Return the recording of a scene's fit; the engine's answering worker makes it once.

    Raises:
        EngineError: there is no answer; the text says why.
    """
    if scene.fit not in _recordings:
        _recordings[scene.fit] = engine.ask(RECORD_HOOKS, *scene.fit, timeout=ASK_SECONDS)
    return _recordings[scene.fit]


def hook_timeline() -> HookScene:
    """Draw the timeline and return the scene that it shows; if a fit could not be recorded, say why below it."""
    problems: list[str] = []

    def recorded(scene: HookScene) -> HookMessage:
        if scene.fit == DEFAULTS:
            return payload(scene)
        found = engine()
        if found is None:
            problems.append("")
        else:
            try:
                return payload(scene, recording_of(scene, found))
            except EngineError as error:
                problems.append(str(error))
        return {**payload(scene), "shown": list(DEFAULTS)}

    scene = animation(_mount, KEY, HookScene, recorded, subject=KEY)
    if problems:
        st.info("Shown is the recording that comes with the course: 2 epochs of 3 steps, with validation.")
        if problems[0]:
            st.warning(f"The new fit could not be recorded. {plain(problems[0])}")
        else:
            engine_or_word("Recording another fit")
    return scene
