"""The engine's settings from the environment."""

import math
import os


def seconds(variable: str, default: float) -> float:
    """Return a number of seconds from the environment; the default where it says no time, or a text."""
    try:
        found = float(os.environ[variable])
    except (KeyError, ValueError):
        return default
    return found if math.isfinite(found) and found > 0 else default
