"""The words of the command line that say what a run is to do → `RunConfig`."""

import argparse
from typing import Any

from models.datasets.batches import AUGMENTATION_FIELDS, Augmentation
from models.runs.config import MONITORS, OPTIMIZERS, PRECISIONS, SCHEDULES, ConfigError, EarlyStopping, RunConfig
from models.runs.schedule import refuse_idle
from models.storage import tidy_path, typed_path

_STOPPING = {
    "patience": "patience",
    "min_delta": "min_delta",
    "stop_monitor": "monitor",
    "restore_best_weights": "restore_best_weights",
}
"""Option of the command line → field of `EarlyStopping`."""


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add an option for every field of a run. An option that is left out keeps the field's default."""
    text = {
        "dataset": "what to learn from: drawn-pets, digits, mnist, folder:PATH, dogs-vs-cats",
        "network": "what learns: convnet, efficientnet-lite0, mlp",
        "initial_weights": "a .keras file of the same network to start from",
    }
    whole = {
        "side": "width and height of the pictures in pixels",
        "schedule_epochs": "epoch at which a cosine schedule reaches 0 (the last one)",
        "batch_size": "pictures between two updates",
        "epochs": "passes over the training pictures",
        "seed": "the same seed gives the same run",
    }
    numbers = {
        "learning_rate": "the optimizer's, at its highest (Keras's default)",
        "weight_decay": "share by which weights shrink in an update, times the learning rate",
        "warmup_epochs": "epochs over which a cosine schedule rises first",
        "label_smoothing": "how far the targets 0 and 1 are moved towards each other",
        "checkpoint_seconds": "time between two checkpoints",
    }
    choices = {
        "optimizer": ("how weights are moved", tuple(OPTIMIZERS)),
        "schedule": ("of the learning rate", SCHEDULES),
        "precision": ("of the arithmetic; the mixed ones are for graphics cards", PRECISIONS),
        "monitor": ("the figure by which the best epoch is told", MONITORS),
    }
    for name, meaning in text.items():
        parser.add_argument(_flag(name), default=argparse.SUPPRESS, help=meaning)
    for name, meaning in whole.items():
        parser.add_argument(_flag(name), type=int, metavar="N", default=argparse.SUPPRESS, help=meaning)
    for name, meaning in numbers.items():
        parser.add_argument(_flag(name), type=float, metavar="X", default=argparse.SUPPRESS, help=meaning)
    for name, (meaning, allowed) in choices.items():
        parser.add_argument(_flag(name), choices=allowed, default=argparse.SUPPRESS, help=meaning)
    for name, meaning in (("network_options", "of the network"), ("optimizer_options", "of the optimizer")):
        parser.add_argument(
            _flag(name).removesuffix("s"),
            dest=name,
            action="append",
            metavar="NAME=VALUE",
            default=argparse.SUPPRESS,
            help=f"a further setting {meaning}; may be given several times",
        )
    parser.add_argument(
        "--augment",
        metavar="LIST",
        default=argparse.SUPPRESS,
        help=f"how training pictures are changed, such as flip,rotation=10,zoom=0.2: {', '.join(AUGMENTATION_FIELDS)}",
    )
    parser.add_argument("--tensorboard", action="store_true", default=argparse.SUPPRESS, help="write event files")
    parser.add_argument(
        "--no-best", dest="keep_best", action="store_false", default=argparse.SUPPRESS, help="keep no best.keras"
    )
    parser.add_argument(
        "--deterministic",
        action=argparse.BooleanOptionalAction,
        default=argparse.SUPPRESS,
        help="the same bits every time (on the CPU only)",
    )
    stopping = parser.add_argument_group("early stopping")
    unset: Any = {"default": argparse.SUPPRESS}
    stopping.add_argument(
        "--patience", type=int, metavar="N", help="stop after N epochs without an improvement", **unset
    )
    stopping.add_argument("--min-delta", type=float, metavar="X", help="what counts as an improvement", **unset)
    stopping.add_argument("--stop-monitor", choices=MONITORS, help="the figure that should improve", **unset)
    stopping.add_argument(
        "--restore-best-weights", action="store_true", help="end with the best epoch's weights", **unset
    )


def run_config(arguments: argparse.Namespace) -> RunConfig:
    """Return the run that the command line describes.

    Raises:
        ConfigError: a value that a run cannot have, or a schedule that ends before the run; the text begins with the
            field's name.
    """
    given = vars(arguments)
    values = {
        name: given[name] for name in RunConfig.__dataclass_fields__ if name in given and name != "early_stopping"
    }
    kind, _, path = values.get("dataset", "").partition(":")
    if kind == "folder" and path:  # the run may be resumed from another folder
        values["dataset"] = f"folder:{typed_path(path).resolve()}"
    if "initial_weights" in values:
        weights = tidy_path(values["initial_weights"])
        values["initial_weights"] = str(typed_path(weights)) if weights else ""  # a shell may leave ~ as it is
    for name in ("network_options", "optimizer_options"):
        if name in values:
            values[name] = dict(_pair(item, name) for item in values[name])
    if "augment" in given:
        values["augmentation"] = _augmentation(given["augment"])
    stopping = {name: given[option] for option, name in _STOPPING.items() if option in given}
    if stopping and "patience" not in stopping:
        raise ConfigError("early_stopping needs --patience N: its other options only say how to stop early.")
    if stopping:
        values["early_stopping"] = EarlyStopping(**stopping)
    config = RunConfig(**values)
    refuse_idle(config)
    return config


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _pair(item: str, field: str) -> tuple[str, bool | float | str]:
    name, equals, text = item.partition("=")
    if not equals or not text:
        raise ConfigError(f"{field} must be written NAME=VALUE, not {item!r}.")
    return name, _value(text)


def _value(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return {"true": True, "false": False}.get(text.lower(), text)


def _augmentation(text: str) -> Augmentation:
    values: dict[str, Any] = {}  # `Augmentation` checks the types
    for item in filter(None, text.split(",")):
        name, equals, amount = item.partition("=")
        if name not in AUGMENTATION_FIELDS:
            raise ConfigError(f"augmentation has {', '.join(AUGMENTATION_FIELDS)}, but no {name!r}.")
        values[name] = _value(amount) if equals else True
    try:
        return Augmentation(**values)
    except ValueError as error:
        raise ConfigError(f"augmentation: {error}.") from error
