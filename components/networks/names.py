"""The networks that can be judged: those that come with the course, ImageNet's, and every run that has one."""

from pathlib import Path

from models import weights
from models.networks.files import IMAGENET, Which
from models.runs.run_directory import RunDirectory, all_runs
from models.storage import runs_dir

_TITLES = {
    "convnet": "The course's convnet, trained on photos",
    "digits": "The course's convnet, trained on digits",
    "drawn-pets": "A bad one on photos, to compare with (one epoch on drawn pets)",
    "efficientnet-lite0-pets": "EfficientNet-Lite0, fine-tuned on photos of pets",
    IMAGENET: "EfficientNet-Lite0, ImageNet's 1,000 classes",
}

_PREFIX = "run:"


def network_names() -> list[str]:
    """Return the names of all networks that can be judged, runs last, as "run:NAME"."""
    shipped = [name for name in _TITLES if name in weights.names()]
    more = [name for name in weights.names() if name not in _TITLES]
    runs = [f"{_PREFIX}{run.name}" for run in all_runs() if run.best_model.is_file() or run.last_model.is_file()]
    return [*shipped, *more, IMAGENET, *runs]


def network_title(name: str) -> str:
    """Return a network's display name."""
    return f"Run {name.removeprefix(_PREFIX)}" if is_run(name) else _TITLES.get(name, name)


def is_run(name: str) -> bool:
    """Return whether the name is that of a run."""
    return name.startswith(_PREFIX)


def run_name(name: str) -> str:
    """Return the name of the run in a network's name."""
    return name.removeprefix(_PREFIX)


def has_two_epochs(name: str) -> bool:
    """Return whether the name is that of a run whose best epoch and whose last one were both kept."""
    run = RunDirectory(Path(network_argument(name)))
    return is_run(name) and run.best_model.is_file() and run.last_model.is_file()


def network_argument(name: str) -> str:
    """Return a network as `models.networks.files.network_file` takes it."""
    return str(runs_dir() / name.removeprefix(_PREFIX)) if is_run(name) else name


def network_of(argument: str) -> str:
    """Return the name of a network from its `network_argument`: it shows no path of this server."""
    path = Path(argument)
    return f"{_PREFIX}{path.name}" if path.parent == runs_dir() else path.name


def network_words(name: str, which: Which | str) -> str:
    """Return a network's display name, with the epoch."""
    return f"{network_title(name)} ({which} epoch)" if is_run(name) else network_title(name)


def suitable_data(name: str) -> str:
    """Return the dataset that a network was trained on, if it is one of the page's choices."""
    if name == "digits":
        return "digits"
    if name in ("convnet", "efficientnet-lite0-pets", IMAGENET):
        return "pet-photos"
    if is_run(name):
        run = RunDirectory(runs_dir() / name.removeprefix(_PREFIX))
        try:
            dataset = run.config().dataset.partition(":")[0]
        except Exception:  # noqa: BLE001 - a damaged run: the page says so when it is judged
            return "drawn-pets"
        return dataset if dataset in ("digits", "dogs-vs-cats") else "drawn-pets"
    return "drawn-pets"
