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
    """Print the median of `repetitions`, and whether it meets the goal. Nothing fails if it does not.

    `min` and `max` of the repetitions, and the number of processes that waited for a core (`load_1min`), show how busy
    the machine was.

    Args:
        repetitions: one value for each repetition.
        goal: "<= 20" or ">= 58"; the value is compared as it is printed.
        n: number of single measurements in all repetitions, if a repetition has more than one.
        floor: the result of the same measurement when nothing is computed or drawn.
        peer: CNN Explainer's figure for a similar task, measured earlier on such a machine, not in this run.
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
    """A number with four significant digits."""
    return float(f"{number:.4g}")
