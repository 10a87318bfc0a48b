"""Everything that a visitor can set on the timeline of hooks, as one value that fits into a URL."""

from dataclasses import dataclass, replace
from typing import Self

from components.scene import Playing, choice, flag, whole
from models.experiments.hook_plan import ACTIONS, HOOKS, MAX_EPOCHS, MAX_STEPS, STOPPING_HOOKS

MAX_SPEED = 30


@dataclass(frozen=True)
class HookScene(Playing):
    """All settings of the timeline.

    Attributes:
        epochs: of the recorded fit.
        steps: batches an epoch.
        validation: whether the fit has validation data.
        action: what the visitor's own callback does.
        hook: the method in which it does so.
        position: which call is shown, from 0.
        speed: calls a second while playing.
    """

    epochs: int = whole(2, 1, MAX_EPOCHS)
    steps: int = whole(3, 1, MAX_STEPS)
    validation: bool = flag(True)
    action: str = choice("none", ACTIONS)
    hook: str = choice("on_epoch_end", HOOKS)
    position: int = whole(3, 0, 10**4)
    speed: int = whole(2, 1, MAX_SPEED)

    def fitted(self) -> Self:
        """Return the scene with a hook in which its action is possible."""
        stops_nothing = self.action == "stop" and self.hook not in STOPPING_HOOKS
        return replace(self, hook=type(self).hook) if stops_nothing else self

    @property
    def fit(self) -> tuple[int, int, bool, str, str]:
        """The arguments of `record_hooks`. Without an action, the hook does not matter."""
        hook = type(self)().hook if self.action == "none" else self.hook
        return self.epochs, self.steps, self.validation, self.action, hook
