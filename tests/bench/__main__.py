"""Measure the app as its visitors meet it.

    python -m tests.bench              list the benches
    python -m tests.bench NAME …       run some; "all" runs all

Each figure is one line of JSON: the median of several repetitions, the goal, and whether it is met. A missed goal is
reported and nothing more: figures depend on the machine and on what else runs on it.
"""

import importlib
import sys

BENCHES = (
    *("animation", "pooling", "activation", "optimizer_race", "photo", "first_page", "wire", "rerun"),
    *("drawn_pets", "training", "head", "events", "inference", "network_map", "evaluation", "resume", "live", "flood"),
    "layout_shift",
)


def main(names: list[str]) -> int:
    """Run the named benches and return the exit code."""
    modules = {name: importlib.import_module(f"tests.bench.{name}") for name in BENCHES}
    if not names:
        for name, module in modules.items():
            print(f"{name:<12} {(module.__doc__ or '').splitlines()[0]}")
        return 0
    unknown = [name for name in names if name not in (*BENCHES, "all")]
    if unknown:
        print(f"There is no bench {unknown[0]}: choose from {', '.join(BENCHES)} and all.", file=sys.stderr)
        return 2
    for name in BENCHES if "all" in names else dict.fromkeys(names):
        modules[name].run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
