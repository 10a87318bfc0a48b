"""The parameters of a scene that name a network or a run: whatever stands in a list of networks fits into a link."""

import re

from components.networks.names import is_run, run_name
from components.scene import tidied
from models.runs.names import can_be_there

EPOCH = "@"
"""Stands between a run's name and "best" or "last", where a parameter names both."""

_SHIPPED = re.compile(r"[\w .-]{1,100}")


def network_parameter(default: str) -> str:
    """Declare a network: the name of one that comes with the course, or "run:" and a run's name; "" if that is allowed.

    Args:
        default: what it is at first; "" allows "".
    """
    return tidied(default, lambda text: text if _is_network(text) or text == default else None)


def network_and_epoch_parameter() -> str:
    """Declare a network as `network_parameter` does, with "@best" or "@last" after the name of a run; "" for none."""
    return tidied("", lambda text: text if not text or _is_network(epoch_of(text)[0]) else None)


def run_parameter(default: str = "") -> str:
    """Declare the name of a run; "" for none."""
    return tidied(default, lambda text: text if not text or can_be_there(text) else None)


def epoch_of(text: str) -> tuple[str, str]:
    """Return the network and the epoch, "best", "last" or "", of what `network_and_epoch_parameter` declares."""
    name, _, which = text.rpartition(EPOCH)
    return (name, which) if which in ("best", "last") and is_run(name) else (text, "")


def _is_network(text: str) -> bool:
    return can_be_there(run_name(text)) if is_run(text) else bool(_SHIPPED.fullmatch(text))
