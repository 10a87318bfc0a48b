"""Scenes: what a visitor can set on a component, the same in the URL, in the session and in the browser."""

from components.scene.address import (
    change,
    current,
    forget,
    just_arrived,
    leave,
    note_change,
    open_scene,
    read_url,
    rerun,
    take_changes,
    write_url,
)
from components.scene.component import show
from components.scene.parameters import NUMBER, choice, flag, number, text, tidied, whole
from components.scene.scene import Playing, Scene

__all__ = [
    "NUMBER",
    "Playing",
    "Scene",
    "change",
    "choice",
    "current",
    "flag",
    "forget",
    "just_arrived",
    "leave",
    "note_change",
    "number",
    "open_scene",
    "read_url",
    "rerun",
    "show",
    "take_changes",
    "text",
    "tidied",
    "whole",
    "write_url",
]
