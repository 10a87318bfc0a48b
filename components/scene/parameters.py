"""What all scenes share: a scene is a frozen dataclass in which every parameter is one short text that fits a URL."""

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar

import numpy as np

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
"""A decimal number as a visitor or a URL writes it."""


class SceneTexts:
    """The texts of a scene's parameters; a scene is a frozen dataclass that inherits from this one."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of all parameters."""
        return tuple(field.name for field in fields(cls))

    def to_params(self) -> dict[str, str]:
        """Return the parameters that differ from the default, so that a plain scene has a plain URL."""
        defaults = type(self)().all_params()
        return {name: text for name, text in self.all_params().items() if text != defaults[name]}

    def all_params(self) -> dict[str, str]:
        """Return every parameter as text."""
        return {name: _write(getattr(self, name)) for name in self.names()}


class SceneReader:
    """Reads parameters one by one; what is missing or makes no sense becomes the scene's default."""

    def __init__(self, kind: type, params: Mapping[str, str]) -> None:
        self._kind = kind
        self._params = params

    def number(self, name: str, low: float, high: float) -> float:
        """Return the number, moved into [low, high], with six significant digits."""
        text = self._params.get(name, "").strip()
        value = float(text) if NUMBER.fullmatch(text) else getattr(self._kind, name)
        value = min(max(value, low), high) if np.isfinite(value) else getattr(self._kind, name)
        return float(f"{value:.6g}") + 0.0  # minus zero becomes zero

    def whole(self, name: str, low: int, high: int) -> int:
        """Return the whole number, cut, moved into [low, high]."""
        text = self._params.get(name, "").strip()
        value = float(text) if NUMBER.fullmatch(text) else getattr(self._kind, name)
        return int(min(max(value, low), high)) if np.isfinite(value) else getattr(self._kind, name)

    def choice(self, name: str, choices: tuple[Any, ...]) -> Any:
        """Return the one of `choices` whose text this is."""
        texts = {str(choice): choice for choice in choices}
        return texts.get(self._params.get(name, ""), getattr(self._kind, name))

    def flag(self, name: str) -> bool:
        """Return whether the parameter is "on"; anything but "on" and "off" is the default."""
        return bool({"on": True, "off": False}.get(self._params.get(name, ""), getattr(self._kind, name)))


def _write(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
