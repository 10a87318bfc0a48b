"""Ship a network: write weights, cards and history from a finished run.

    python -m models.weights runs/convnet-photos convnet --data "…" --licence "…" --notes notes.md

Every figure on the cards is measured now, with `models.evaluation`, on the file that is shipped.
"""

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import fields, replace
from pathlib import Path

from models import command_line, datasets, weights, zoo
from models.evaluation import figures, score
from models.figures import Figures, number_of, percent, written
from models.networks.saved_network import open_network
from models.runs.config import RunConfig
from models.runs.run_directory import RunDirectory, RunError
from models.runs.transfer import export_run
from models.runs.watching.progress_bar import duration
from models.storage import typed_path

MAX_MEGABYTES = 20


def main(arguments: list[str] | None = None) -> int:
    """Write the four files of a network and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m models.weights", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", type=typed_path, metavar="RUN", help="the folder of a finished run")
    parser.add_argument("name", metavar="NAME", help="what the network is to be called")
    parser.add_argument("--model", choices=("best", "last"), default="best", help="which of the run's two files")
    parser.add_argument("--part", choices=datasets.PARTS, default="validation", help="the part that is measured")
    parser.add_argument("--data", required=True, help="the data, for people: where from, how many")
    parser.add_argument("--licence", required=True, help="what is known of the data's and the first weights' licences")
    parser.add_argument("--notes", type=typed_path, required=True, help="a text file: what the network gets wrong")
    parser.add_argument("--before", type=typed_path, help="the run that its initial weights came from")
    options = parser.parse_args(arguments)
    try:
        card = ship(options)
    except (RunError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(card["figures"], allow_nan=False))
    return 0


def _sessions_in_words(sessions: int) -> str:
    if sessions == 1:
        return "in one go"
    return f"in {sessions} parts: it was resumed exactly where it had been cut"


def ship(options: argparse.Namespace) -> weights.Card:
    """Write the files and return the card.

    Raises:
        RunError: the run is not finished.
        ValueError: its data cannot be opened, or the network is too large to be shipped.
    """
    run = RunDirectory.open(options.run)
    if run.state().name != "finished":
        raise RunError(f"The run {run.name} is {run.state().name}: only a finished one is shipped.")
    source = run.best_model if options.model == "best" else run.last_model
    if not source.is_file():
        raise RunError(f"The run {run.name} has no {source.name}.")
    megabytes = source.stat().st_size / 10**6
    notes = options.notes.read_text(encoding="utf-8").strip()
    if megabytes > MAX_MEGABYTES:
        raise ValueError(f"{source} has {megabytes:.0f} MB, more than the {MAX_MEGABYTES} MB that come along.")
    config = run.config()
    measured, parameters = _measure(source, config, options.part)
    epochs = run.epochs()
    best = epochs[-1].get("best_epoch", len(epochs) - 1) if options.model == "best" else len(epochs) - 1
    data, machine = run.data(), run.machine()
    card: weights.Card = {
        "name": options.name,
        "network": config.network,
        "classes": data["classes"],
        "parameters": parameters,
        "megabytes": round(megabytes, 2),
        "side": config.resolved_side,
        "resize": zoo.info(config.network).resize,
        "maximum": data["maximum"],
        "data": options.data,
        "pictures": {"train": data["train"], "validation": data["validation"], "test": data["test"]},
        "drawn": data["drawn"],
        "command": command(config, run.name),
        "before": command(RunDirectory.open(options.before).config(), options.before.name) if options.before else None,
        "seed": config.seed,
        "epochs": len(epochs),
        "epoch_shipped": best + 1,
        "seconds": epochs[-1]["seconds"],
        "sessions": len(machine.get("sessions", [])),
        "device": machine["device"],
        "versions": {
            "tensorflow": machine["tensorflow"],
            "keras": machine["keras"],
            "numpy": machine["numpy"],
            "python": machine["python"],
        },
        "part": options.part,
        "figures": measured,
        "licence": options.licence,
        "gets_wrong": notes,
    }
    # Written at the end: the files of an earlier network stay until everything of the new one is there.
    target = weights.FOLDER / f"{options.name}.keras"
    for_programs = json.dumps(card, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    for_people = _for_people(card)
    shutil.copyfile(source, target)
    target.with_suffix(".json").write_text(for_programs, encoding="utf-8")
    target.with_suffix(".md").write_text(for_people, encoding="utf-8")
    _history(run, config, weights.FOLDER / f"{options.name}.run.zip")
    return card


def _measure(file: Path, config: RunConfig, part: str) -> tuple[Figures, int]:
    network = open_network(file)
    how = zoo.info(config.network).resize
    data = datasets.load(config.dataset, side=config.resolved_side, resize=how)
    pictures = data.part(part)
    return figures(pictures.labels, score(network.model, pictures), data.classes), int(network.model.count_params())


def command(config: RunConfig, name: str) -> str:
    """Return the command that starts a run with these values, without paths of this machine."""
    words = ["python -m models.training start", f"--dataset {_without_path(config.dataset)}"]
    words.append(f"--network {config.network}")
    plain = RunConfig()
    # A run that was continued began with fewer epochs, and got the others afterwards.
    begun = replace(config, epochs=config.continuations[0].epoch) if config.continuations else config
    for field in fields(config):
        value = getattr(begun, field.name)
        if field.name in ("dataset", "network", "continuations") or value == getattr(plain, field.name):
            continue
        flag = "--" + field.name.replace("_", "-")
        if field.name in ("network_options", "optimizer_options"):
            words += [f"{flag.removesuffix('s')} {key}={item}" for key, item in value.items()]
        elif field.name == "augmentation":
            items = {one.name: getattr(value, one.name) for one in fields(value) if getattr(value, one.name)}
            words.append(
                "--augment " + ",".join(key if item is True else f"{key}={item:g}" for key, item in items.items())
            )
        elif field.name == "early_stopping":
            words += [f"--patience {value.patience} --min-delta {value.min_delta} --stop-monitor {value.monitor}"]
            words += ["--restore-best-weights"] * value.restore_best_weights
        elif field.name == "initial_weights":
            words.append(f"{flag} {'/'.join(Path(value).parts[-2:])}")
        elif field.name == "keep_best":
            words.append("--no-best")
        elif isinstance(value, bool):
            words.append(flag if value else flag.replace("--", "--no-", 1))
        else:
            words.append(f"{flag} {value}")
    commands = [" ".join([*words, f"--run runs/{name}"])]
    ends = [*(one.epoch for one in config.continuations[1:]), config.epochs]
    for one, end in zip(config.continuations, ends, strict=bool(config.continuations)):
        falls = " --schedule cosine" if one.schedule == "cosine" else ""
        again = f"python -m models.training resume runs/{name} --epochs {end}"
        commands.append(f"{again} --learning-rate {one.learning_rate!r}{falls}")
    return " && ".join(commands)


def _without_path(dataset: str) -> str:
    name, colon, argument = dataset.partition(":")
    return f"{name}{colon}{Path(argument).name}" if name == "folder" else dataset


def _history(run: RunDirectory, config: RunConfig, target: Path) -> None:
    """Write the run without weights and checkpoints: what happened, batch by batch."""
    with tempfile.TemporaryDirectory() as folder:
        copy = RunDirectory(Path(folder, run.name))
        copy.path.mkdir()
        for file in (run.state_file, run.metrics_file, run.data_file, run.machine_file):
            shutil.copyfile(file, copy.path / file.name)
        # The paths of the machine that trained mean nothing elsewhere.
        plain = replace(config, dataset=_without_path(config.dataset), initial_weights="")
        copy.config_file.write_text(plain.to_json(), encoding="utf-8")
        data = json.loads(copy.data_file.read_text(encoding="utf-8"))
        named = json.dumps(data | {"name": plain.dataset}, indent=1, allow_nan=False)
        copy.data_file.write_text(f"{named}\n", encoding="utf-8")
        export_run(copy, target)


def _without_value(measured: Figures) -> str:
    """A sentence on the figures that are 0 / 0, or ""."""
    over = measured["averaged_over"]
    if over is None:
        undefined = None in (measured["precision"], measured["recall"], measured["average_precision"])
        return " – is 0 / 0, which has no value." if undefined else ""
    count = len(measured["classes"])
    if over["precision"] == over["recall"] == over["average_precision"] == count:
        return ""
    return (
        f" Of {number_of(count, 'class', 'classes')}, the averages leave out those without a value (0 / 0): precision "
        f"is over {over['precision']}, recall over {over['recall']}, average precision over "
        f"{over['average_precision']}."
    )


def _for_people(card: weights.Card) -> str:
    """The card as Markdown."""
    measured, classes = card["figures"], card["classes"]
    pictures = ", ".join(f"{count:,} for {name}" for name, count in card["pictures"].items() if count)
    versions = ", ".join(f"{name} {version}" for name, version in card["versions"].items())
    chosen = " It chose the epoch that is shipped." if card["part"] == "validation" else ""
    matrix = [
        "|  | " + " | ".join(f"called {name}" for name in classes) + " |",
        "|---|" + "---|" * len(classes),
        *(
            f"| truly {name} | " + " | ".join(map(str, row)) + " |"
            for name, row in zip(classes, measured["confusion_matrix"], strict=True)
        ),
    ]
    paragraphs = [
        f"# {card['name']}",
        f"A network that tells {', '.join(classes[:-1])} and {classes[-1]} apart: `{card['network']}`, "
        f"{card['parameters']:,} parameters, {card['megabytes']} MB. Photos of any size go in, with values from 0 to "
        f"{card['maximum']}; its first step brings them to {card['side']} × {card['side']} pixels ({card['resize']}). "
        "It opens with `keras.models.load_model` alone.",
        f"**Data.** {card['data']} Pictures: {pictures}.",
        f"**Training.** {number_of(card['epochs'], 'epoch')} in {duration(card['seconds'])} on a "
        f"{card['device']}, seed {card['seed']}, {_sessions_in_words(card['sessions'])}. The weights are those of "
        f"epoch {card['epoch_shipped']}. With {versions}.",
        f"    {card['command']}",
        *(["Its first weights came from:", f"    {card['before']}"] if card["before"] else []),
        f"**Figures** on the {card['part']} part ({measured['n']:,} pictures), from which nothing was learned.{chosen} "
        f"Accuracy {percent(measured['accuracy'], 2)}, precision {percent(measured['precision'], 2)}, recall "
        f"{percent(measured['recall'], 2)}, average precision {written(measured['average_precision'])}."
        + _without_value(measured),
        "\n".join(matrix),
        f"**What it gets wrong.** {card['gets_wrong']}",
        f"**Licences.** {card['licence']}",
    ]
    return "\n\n".join(paragraphs) + "\n"


if __name__ == "__main__":
    sys.exit(command_line.run(main, private=False))
