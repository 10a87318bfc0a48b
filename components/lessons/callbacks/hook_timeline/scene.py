"""Everything that a visitor can set on the timeline of hooks, as one value that fits into a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from components.scene.parameters import SceneReader, SceneTexts
from models.experiments.hook_plan import ACTIONS, HOOKS, MAX_EPOCHS, MAX_STEPS, STOPPING_HOOKS

MAX_SPEED = 30


@dataclass(frozen=True)
class HookScene(SceneTexts):
    """A setting of all controls of the timeline.

    Attributes:
        epochs: of the recorded fit.
        steps: batches an epoch.
        validation: whether the fit has validation data.
        action: what the visitor's own callback does.
        hook: the method in which it does it.
        position: which call is shown, from 0.
        speed: calls a second while playing.
    """

    epochs: int = 2
    steps: int = 3
    validation: bool = True
    action: str = "none"
    hook: str = "on_epoch_end"
    position: int = 0
    speed: int = 2

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene of a URL; what is missing or makes no sense becomes the default."""
        read = SceneReader(cls, params)
        action = read.choice("action", ACTIONS)
        return cls(
            epochs=read.whole("epochs", 1, MAX_EPOCHS),
            steps=read.whole("steps", 1, MAX_STEPS),
            validation=read.flag("validation"),
            action=action,
            hook=read.choice("hook", STOPPING_HOOKS if action == "stop" else HOOKS),
            position=read.whole("position", 0, 10**4),
            speed=read.whole("speed", 1, MAX_SPEED),
        )

    @property
    def fit(self) -> tuple[int, int, bool, str, str]:
        """What the recording depends on: the arguments of `record_hooks`. Without an action, no hook matters."""
        hook = type(self)().hook if self.action == "none" else self.hook
        return self.epochs, self.steps, self.validation, self.action, hook
