"""Write a history from the folders of finished runs.

    python -m models.histories widths runs/small runs/large --title "…" --notes "…" --command "…" --label small large

Everything but the texts comes from the runs themselves.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from models import command_line, histories
from models.histories import History, HistoryMachine, HistoryRun
from models.runs.records import known_fields
from models.runs.run_directory import RunDirectory, RunError
from models.storage import json_text, typed_path, write_text


def main(arguments: list[str] | None = None) -> int:
    """Write the file and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m models.histories", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", metavar="NAME", help="what the history is to be called")
    parser.add_argument("runs", type=typed_path, nargs="+", metavar="RUN", help="the folder of a finished run")
    parser.add_argument("--title", required=True, help="for people")
    parser.add_argument("--notes", required=True, help="what has to be known to read the numbers")
    parser.add_argument("--command", required=True, help="what trained the runs, as it is typed")
    parser.add_argument("--label", nargs="+", default=[], help="a name for each run; otherwise its folder's")
    options = parser.parse_args(arguments)
    try:
        found = gather(
            _labelled(options.runs, options.label), title=options.title, notes=options.notes, command=options.command
        )
        print(write(options.name, found))
    except (RunError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _labelled(paths: Sequence[Path], labels: Sequence[str]) -> dict[str, RunDirectory]:
    runs = [RunDirectory.open(path) for path in paths]
    labels = labels or [run.name for run in runs]
    if len(labels) != len(runs):
        raise RunError(f"There are {len(runs)} runs, but {len(labels)} labels.")
    if len(set(labels)) != len(labels):
        raise RunError("Two runs have the same label.")
    return dict(zip(labels, runs, strict=True))


def gather(
    runs: dict[str, RunDirectory], *, title: str, notes: str, command: str, figures: Sequence[str] = ()
) -> History:
    """Return the history of runs.

    Args:
        runs: label → a finished run.
        title: for people.
        notes: what has to be known to read the numbers.
        command: what trained the runs, as it is typed.
        figures: the figures of every epoch's line to keep, beside its number; all of them if none is named.

    Raises:
        RunError: there are no runs, or one is not finished.
    """
    if not runs:
        raise RunError("A history needs at least one run.")
    labelled: dict[str, HistoryRun] = {}
    seeds = []
    for label, run in runs.items():
        state = run.state()
        if state.name != "finished":
            raise RunError(f"The run {run.name} is {state.name}: only a finished one has a history.")
        config = run.config()
        seeds.append(config.seed)
        kept = ("epoch", *figures)
        lines = [{name: value for name, value in line.items() if not figures or name in kept} for line in run.epochs()]
        labelled[label] = {"config": json.loads(config.to_json()), "epochs": lines}
    machine = next(iter(runs.values())).machine()
    every = sorted(set(seeds))
    return {
        "title": title,
        "command": command,
        "seed": every[0] if len(every) == 1 else every,
        "notes": notes,
        "machine": known_fields(machine, HistoryMachine),
        "runs": labelled,
    }


def write(name: str, history: History) -> Path:
    """Write a history, whole or not at all, one line an epoch, and return its file.

    Raises:
        RunError: the name is not valid for a file.
        OSError: the file cannot be written.
    """
    if not name or not all(letter.isalnum() or letter in "-_" for letter in name):
        raise RunError(f"A history is named with letters, digits, - and _, not {name!r}.")
    target = histories.FOLDER / f"{name}.json"
    write_text(target, to_json(history))
    histories.load.cache_clear()
    return target


def to_json(history: History) -> str:
    """Return a history as JSON in which an epoch is one line, so that a diff is readable."""

    def short(value: object) -> str:
        return json_text(value)

    runs = []
    for label, run in history["runs"].items():
        lines = ",\n".join(f"    {short(line)}" for line in run["epochs"])
        runs.append(f'  {short(label)}: {{\n   "config": {short(run["config"])},\n   "epochs": [\n{lines}\n   ]\n  }}')
    others = [f" {short(name)}: {short(value)}" for name, value in history.items() if name != "runs"]
    return "{\n" + ",\n".join([*others, ' "runs": {\n' + ",\n".join(runs) + "\n }"]) + "\n}\n"


if __name__ == "__main__":
    sys.exit(command_line.run(main, private=False))
