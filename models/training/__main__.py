"""Train from the command line.

    python -m models.training start --dataset drawn-pets --network convnet --epochs 5 --seed 7 --run runs/first
    python -m models.training resume runs/first --epochs 8
    python -m models.training resume runs/first --epochs 12 --learning-rate 1e-4    # where its schedule has ended
    python -m models.training pause | stop | show runs/first
    python -m models.training list
    python -m models.training export runs/first first.zip
    python -m models.training import first.zip --run runs/first-here

`start` and `resume` train in this process; with --submit they hand the run to the engine. Ctrl-C pauses.
Exit codes: 0 finished, 1 failed, 2 cannot be done as asked, 3 paused, 130 ended by Ctrl-C before the first batch.
"""

import argparse
import contextlib
import json
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict, final

from models import command_line
from models.engine.cluster import EngineError
from models.figures import number_of
from models.networks.saved_network import NetworkError, checked
from models.runs import names
from models.runs.arguments import add_run_options, run_config
from models.runs.config import SCHEDULES, ConfigError
from models.runs.preparation import preparation_teller
from models.runs.records import BatchLine, EpochLine, known_figure
from models.runs.run_directory import RunDirectory, RunError, Wish, all_runs, writing
from models.runs.schedule import rate_words
from models.runs.watching.progress_bar import ProgressBar, duration
from models.storage import json_text, runs_dir, typed_path

EXIT = {"finished": 0, "failed": 1, "paused": 3, "queued": 0}


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks for and return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except (ConfigError, RunError, EngineError) as error:
        print(f"{type(error).__name__.removesuffix('Error').lower()}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m models.training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, function: Any, meaning: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=meaning, description=meaning)
        added.set_defaults(command=function)
        return added

    start = command("start", _start, "begin a new run")
    add_run_options(start)
    start.add_argument("--run", type=typed_path, metavar="FOLDER", help="the run's new folder (one below runs/)")
    resume = command("resume", _resume, "go on with a run, exactly where it is")
    resume.add_argument("run", type=typed_path, metavar="FOLDER")
    resume.add_argument("--epochs", type=int, metavar="N", help="all its epochs from now on")
    resume.add_argument(
        "--learning-rate", type=float, metavar="X", help="of the epochs after the end of its schedule, which it needs"
    )
    resume.add_argument(
        "--schedule", choices=SCHEDULES, help="how these epochs go on: at that rate (constant), or from it to 0 again"
    )
    for one in (start, resume):
        one.add_argument("--submit", action="store_true", help="let the engine train it")
        one.add_argument(
            "--json", action="store_true", help="print every event as a line of JSON on the standard output"
        )
    # The engine calls this program with it: pictures come by the standard input, and when that ends, so does the
    # program.
    resume.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)
    for name, meaning in (
        ("pause", "pause a running run after its batch"),
        ("stop", "end a running run after its batch"),
    ):
        added = command(name, _ask, meaning)
        added.add_argument("run", type=typed_path, metavar="FOLDER")
        added.set_defaults(wish=name)
    show = command("show", _show, "say how a run is")
    show.add_argument("run", type=typed_path, metavar="FOLDER")
    listing = command("list", _list, "list all runs")
    listing.add_argument("--folder", type=typed_path, help="where they are (runs/, or RUNS_DIR)")
    for one in (show, listing):
        one.add_argument("--json", action="store_true", help="as JSON")
    export = command("export", _export, "write a run to one zip file")
    export.add_argument("run", type=typed_path, metavar="FOLDER")
    export.add_argument("file", type=typed_path, metavar="FILE", nargs="?", help="(NAME.zip)")
    importing = command("import", _import, "read a run from a zip file")
    importing.add_argument("file", type=typed_path, metavar="FILE")
    importing.add_argument("--run", type=typed_path, metavar="FOLDER", help="the run's new folder (one below runs/)")
    return parser


def _start(options: argparse.Namespace) -> int:
    from models.runs.planning import default_name

    config = run_config(options)
    weights = Path(config.initial_weights) if config.initial_weights else None
    if weights is not None:
        try:
            checked(weights)
        except NetworkError as error:
            raise ConfigError(f"initial_weights: {error}") from None
    folder = _named(options.run) if options.run else default_name(config, runs_dir())
    run = RunDirectory.create(folder, config, initial_weights=weights)
    print(f"run {run.path}", file=sys.stderr)
    try:
        return _hand_over(run) if options.submit else _train(run, options)
    except (ConfigError, RunError, EngineError):
        if run.never_began():  # a run that was refused leaves its name free
            run.discard()
        raise


def _resume(options: argparse.Namespace) -> int:
    from models.runs.planning import idle_of, more_epochs, take_back

    run = _opened(options.run)
    if options.schedule and options.learning_rate is None:
        raise ConfigError("schedule needs --learning-rate X, at which these epochs begin.")
    asked = (options.epochs, options.learning_rate) != (None, None)
    # What the engine hands over was decided before.
    if asked or (not options.supervised and idle_of(run)):
        if run.lock.is_held():
            raise RunError(f"The run {run.name} is being trained: pause it before you give it more epochs.")
        more_epochs(run, options.epochs, rate=options.learning_rate, schedule=options.schedule or "constant")
        print(rate_words(run.config()), file=sys.stderr)
    if not options.submit:
        return _train(run, options)
    try:
        return _hand_over(run)
    except (RunError, EngineError):
        if asked:
            with contextlib.suppress(OSError, RunError), writing(run):
                take_back(run)
        raise


def _named(path: Path) -> Path:
    """The folder of a new run, whose name is kept as all names are."""
    return path.with_name(names.tidy(path.name)) if names.tidy(path.name) else path


def _opened(path: Path) -> RunDirectory:
    """The run in a folder, in whichever of Unicode's ways its name is written there.

    Raises:
        RunError: there is no run.
    """
    whole = path if path.name not in ("", "..") else path.resolve()
    return RunDirectory.open(names.run_folder(whole.name, whole.parent) or whole)


def _hand_over(run: RunDirectory) -> int:
    from models.engine import Engine

    with Engine.connect() as engine:
        engine.submit(run)
    print(f"handed to the engine: python -m models.training show {run.path}", file=sys.stderr)
    return 0


def _train(run: RunDirectory, options: argparse.Namespace) -> int:
    supervised = getattr(options, "supervised", False)
    if supervised:
        _lower_priority()
    from models.training.fit import train

    pictures = _follow_supervisor() if supervised else None
    config = run.config()
    data = run.data()
    bar = ProgressBar(config.epochs, data.get("train", 0), config.batch_size)
    tell, prepared = preparation_teller(run)
    closed: list[BrokenPipeError] = []  # the reader of the output has gone: the run pauses, as it does after Ctrl-C

    def report(event: BatchLine | EpochLine) -> None:
        if not bar.images:
            bar.images = run.data().get("train", 0)
        prepared()
        try:
            if options.json:
                print(json_text(event), flush=True)
            elif not supervised:  # nobody reads the output of an engine's child: pages read the run's folder
                bar.event(event)
        except BrokenPipeError as error:
            closed.append(error)

    def said(lines: Sequence[str]) -> None:
        prepared()
        bar.clear()
        print("\n".join(lines), file=sys.stderr)

    def asked() -> Wish | None:
        return "pause" if closed else None

    try:
        state = train(
            run,
            report=report,
            progress=tell if options.json or supervised else bar.preparation,
            asked=asked,
            pictures=pictures,
            found=None if supervised else said,
            supervised=supervised,
        )
    finally:
        prepared()
        bar.clear()
    if closed:
        raise closed[0]
    ended = run.state()
    place = f"after {number_of(ended.epoch, 'epoch')}"
    place += f" and {number_of(ended.step, 'batch', 'batches')}" if ended.step else ""
    print(f"{state} {place}. {ended.reason}".strip(), file=sys.stderr)
    if state == "paused" and ended.reason == "It was paused." and not supervised:
        print(f"go on with: python -m models.training resume {run.path}", file=sys.stderr)
    return EXIT[state]


def _lower_priority() -> None:
    """Give pages priority: a training uses every core, and a class must still be able to turn a page.

    Alone on the machine, it is as fast as before. Threads inherit the priority, so it is set before TensorFlow starts.
    """
    if hasattr(os, "nice"):
        os.nice(10)


def _follow_supervisor() -> bytes | None:
    """Read the pictures that the engine hands over, and from then on end this process when the engine's worker dies."""

    def read(size: int) -> bytes:
        data = b""
        while len(data) < size and (piece := os.read(0, min(size - len(data), 2**20))):
            data += piece
        return data

    pictures = read(int.from_bytes(read(8), "big")) or None

    def watch() -> None:
        # Not sys.stdin: a thread that waits there would keep the interpreter from ending properly.
        while os.read(0, 1024):
            pass
        os._exit(1)  # as if killed: the checkpoints are on the disk, and nobody is left to report to

    threading.Thread(target=watch, daemon=True).start()
    return pictures


def _ask(options: argparse.Namespace) -> int:
    run = _opened(options.run)
    run.ask(options.wish)
    print(f"The run {run.name} will {options.wish} after its present batch.", file=sys.stderr)
    return 0


@final
class Summary(TypedDict):
    """What `show` and `list` say about a run. The last three fields are None while they are not known."""

    run: str
    folder: str
    state: str
    reason: str
    dataset: str
    network: str
    epoch: int
    epochs: int
    step: int
    best_accuracy: float | None
    seconds: float | None
    device: str | None


@final
class Unreadable(TypedDict):
    """What `list` says about a run whose files cannot be used."""

    run: str
    state: str
    reason: str


def _summary(run: RunDirectory) -> Summary:
    state = run.state()
    config = run.config()
    epochs = run.epochs()
    accuracies = [known_figure(epoch, "val_accuracy", "accuracy") for epoch in epochs]
    best = max((accuracy for accuracy in accuracies if accuracy is not None), default=None)
    return {
        "run": run.name,
        "folder": str(run.path),
        "state": state.name,
        "reason": state.reason,
        "dataset": config.dataset,
        "network": config.network,
        "epoch": state.epoch,
        "epochs": config.epochs,
        "step": state.step,
        "best_accuracy": best,
        "seconds": epochs[-1].get("seconds") if epochs else None,
        "device": run.machine().get("device"),
    }


def _show(options: argparse.Namespace) -> int:
    run = _opened(options.run)
    summary = _summary(run)
    if options.json:
        print(json_text({**summary, "config": json.loads(run.config().to_json()), "epochs_done": run.epochs()}))
        return 0
    for name, value in summary.items():
        if value not in (None, ""):
            print(f"{name:<14} {value}")
    print(rate_words(run.config()))
    bar = ProgressBar(summary["epochs"], stream=sys.stdout)
    for event in run.epochs():
        bar.event(event)
    return 0


def _list(options: argparse.Namespace) -> int:
    rows: list[Summary | Unreadable] = []
    for run in all_runs(options.folder):
        try:
            rows.append(_summary(run))
        except RunError as error:
            rows.append({"run": run.name, "state": "unreadable", "reason": str(error)})
    if options.json:
        print(json_text(rows))
        return 0
    if not rows:
        print(f"There are no runs in {options.folder or runs_dir()}.")
    for row in rows:
        if "network" not in row:
            print(f"{row['run']:<24} {row['state']:<12} {row['reason']}")
            continue
        best = f"{row['best_accuracy']:.4f}" if row["best_accuracy"] is not None else "-"
        seconds = duration(row["seconds"]) if row["seconds"] else "-"
        print(
            f"{row['run']:<24} {row['state']:<12} {row['network']:<19} {row['dataset']:<24} "
            f"epoch {row['epoch']}/{row['epochs']}  accuracy {best}  {seconds}"
        )
    return 0


def _export(options: argparse.Namespace) -> int:
    from models.runs.transfer import export_run

    run = _opened(options.run)
    print(export_run(run, options.file or Path(f"{run.name}.zip")))
    return 0


def _import(options: argparse.Namespace) -> int:
    from models.runs.transfer import import_run

    target = _named(options.run) if options.run else runs_dir() / names.name_from_file(options.file.name)
    print(import_run(options.file, target).path)
    return 0


if __name__ == "__main__":
    sys.exit(command_line.run(main))
