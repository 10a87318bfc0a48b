"""One measured figure as one line of JSON."""

import json
import operator
import os
import statistics
from collections.abc import Mapping, Sequence

_COMPARE = {"<=": operator.le, ">=": operator.ge}


def print_figure(
    bench: str,
    figure: str,
    unit: str,
    repetitions: Sequence[float],
    *,
    goal: str = "",
    n: int = 0,
    floor: float | None = None,
    peer: Mapping[str, object] | None = None,
    notes: Mapping[str, object] | None = None,
) -> None:
    """Print the median of `repetitions`, and whether it is as good as the goal. Nothing fails when it is not.

    `min` and `max` of the repetitions, and the number of processes that waited for a core (`load_1min`), tell how noisy
    the machine was.

    Args:
        repetitions: one value for each repetition.
        goal: "<= 20" or ">= 58"; the value is compared as it is printed.
        n: number of single measurements behind all repetitions, where a repetition is more than one.
        floor: what the same measurement gives where nothing is computed or drawn.
        peer: what CNN Explainer needs for a similar task. That was measured on such a machine before, not in this run.
        notes: further fields.
    """
    value = _shown(statistics.median(repetitions))
    line: dict[str, object] = {"bench": bench, "figure": figure, "value": value, "unit": unit}
    if goal:
        sign, limit = goal.split()
        line |= {"goal": goal, "met": bool(_COMPARE[sign](value, float(limit)))}
    line |= {
        "n": n or len(repetitions),
        "median_of": len(repetitions),
        "min": _shown(min(repetitions)),
        "max": _shown(max(repetitions)),
    }
    if floor is not None:
        line["floor"] = _shown(floor)
    if peer:
        line["peer"] = {"name": "CNN Explainer", "measured": "earlier", **peer}
    line |= {name: _shown(note) if isinstance(note, float) else note for name, note in (notes or {}).items()}
    if hasattr(os, "getloadavg"):
        line |= {"load_1min": round(os.getloadavg()[0], 1), "cores": os.cpu_count()}
    print(json.dumps(line, ensure_ascii=False, allow_nan=False), flush=True)


def _shown(number: float) -> float:
    """Four significant digits."""
    return float(f"{number:.4g}")
