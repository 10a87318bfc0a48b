"""The training that a visitor is putting together: all choices of the eight steps, as one value that fits a URL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

from components.scene import Scene, choice, flag, number, tidied, whole
from models import zoo
from models.datasets.batches import Augmentation
from models.runs.config import MONITORS, OPTIMIZERS, SCHEDULES, EarlyStopping, RunConfig
from models.runs.names import can_be_there
from models.storage import tidy_path

DATA = ("drawn-pets", "digits", "photos", "dogs-vs-cats", "folder", "mnist")
"""Where the pictures come from, in the order in which they are offered."""

COUNTS = (500, 1000, 2000, 4000)
"""Training pictures of the drawn pets."""

NETWORKS = ("convnet", "efficientnet-lite0", "mlp")
STEPS = 8
MAX_EPOCHS = 200
MAX_BATCH = 512

SUITABLE: Mapping[str, Mapping[str, Any]] = {
    "drawn-pets": {"network": "convnet", "epochs": 5, "batch": 32},
    "digits": {"network": "convnet", "epochs": 10, "batch": 32},
    "mnist": {"network": "mlp", "epochs": 3, "batch": 128},
    "photos": {"network": "efficientnet-lite0", "epochs": 10, "batch": 8, "blocks": 0},
    "dogs-vs-cats": {"network": "efficientnet-lite0", "epochs": 3, "batch": 32, "blocks": 0},
    "folder": {"network": "efficientnet-lite0", "epochs": 5, "batch": 32, "blocks": 0},
}
"""Dataset → choices that suit it: a first run that ends soon and learns something."""


AUGMENTATION = Augmentation(flip=True, rotation=10.0, zoom=0.1, shift=0.1)
"""The augmentation behind the tick box "change the training pictures"."""


@dataclass(frozen=True)
class Draft(Scene):
    """The choices of all eight steps, the open step, and the open run.

    Attributes:
        step: of the course's eight, from 1.
        run: name of the open run, "" for none.
        compare: names of the runs whose curves are compared; see `in_one`.
        data: one of `DATA`.
        count: training pictures, for drawn pets.
        folder: path on the server, for "folder".
        augment: change the training pictures a little.
        network: one of `NETWORKS`.
        blocks: number of EfficientNet-Lite0's last blocks that are trained, too.
        optimizer: one of `OPTIMIZERS`.
        rate: learning rate; 0 for Keras's default.
        schedule: of the learning rate.
        smoothing: label smoothing.
        monitor: the figure that decides which epoch is the best.
        board: write event files for TensorBoard.
        batch: pictures between two updates.
        epochs: passes over the pictures.
        patience: epochs without an improvement before it stops; 0 for no early stopping.
        seed: decides the first weights, the order, and all that is random.
        keep: keep best.keras.
        pictures: own photos may be kept with the run.
    """

    step: int = whole(1, 1, STEPS)
    run: str = tidied("", lambda name: name if not name or can_be_there(name) else None)
    compare: str = tidied("", lambda names: names[:2000])
    data: str = choice("drawn-pets", DATA)
    count: int = choice(4000, COUNTS)
    folder: str = tidied("", lambda path: tidy_path(path[:1000]))
    augment: bool = flag(False)
    network: str = choice("convnet", NETWORKS)
    blocks: int = whole(0, 0, 16)
    optimizer: str = choice("adam", tuple(OPTIMIZERS))
    rate: float = number(0.0, 0, 100)
    schedule: str = choice("constant", SCHEDULES)
    smoothing: float = number(0.0, 0, 0.5)
    monitor: str = choice("val_loss", MONITORS)
    board: bool = flag(False)
    batch: int = whole(32, 1, MAX_BATCH)
    epochs: int = whole(5, 1, MAX_EPOCHS)
    patience: int = whole(0, 0, 50)
    seed: int = whole(0, 0, 2**31 - 1)
    keep: bool = flag(True)
    pictures: bool = flag(False)

    leader = "data"

    @classmethod
    def at_first(cls, data: str) -> Self:
        """Return the default draft for these pictures, with the choices that suit them."""
        return cls(data=data, **SUITABLE[data])

    @property
    def compared(self) -> tuple[str, ...]:
        """Names of the runs that are compared."""
        return tuple(filter(None, self.compare.split("/" if "/" in self.compare else ",")))

    @property
    def dataset(self) -> str:
        """The dataset's name as `models.datasets` reads it."""
        if self.data == "drawn-pets" and self.count != COUNTS[-1]:
            return f"drawn-pets:train={self.count}"
        return f"folder:{self.folder}" if self.data == "folder" else self.data

    @property
    def learning_rate(self) -> float:
        """The learning rate that is used."""
        return self.rate or OPTIMIZERS[self.optimizer]["learning_rate"]


def in_one(names: Sequence[str]) -> str:
    """Return names of runs as one text: with commas between, or with slashes, which no name has, if one has a comma."""
    return f"{'/'.join(names)}/" if any("," in name for name in names) else ",".join(names)


def suiting(data: str) -> dict[str, object]:
    """Return the fields of a draft that change when these pictures are chosen."""
    return {"data": data, "blocks": Draft.blocks, **SUITABLE[data]}


def config_of(draft: Draft) -> RunConfig:
    """Return the configuration of a run of this draft.

    Raises:
        ConfigError: a run cannot have one of the choices; the text says which.
    """
    options = {"trainable_blocks": draft.blocks} if draft.network == "efficientnet-lite0" and draft.blocks else {}
    return RunConfig(
        dataset=draft.dataset,
        network=draft.network,
        network_options=options,
        side=side_of(draft),
        optimizer=draft.optimizer,
        learning_rate=draft.rate or None,
        schedule=draft.schedule,  # type: ignore[arg-type]
        label_smoothing=draft.smoothing,
        batch_size=draft.batch,
        epochs=draft.epochs,
        augmentation=AUGMENTATION if draft.augment else Augmentation(),
        keep_best=draft.keep,
        monitor=draft.monitor,
        early_stopping=EarlyStopping(patience=draft.patience) if draft.patience else None,
        tensorboard=draft.board,
        seed=draft.seed,
        checkpoint_seconds=5.0,
        keep_pictures=draft.pictures and draft.data == "photos",
    )


def side_of(draft: Draft) -> int | None:
    """Return the pictures' side in pixels if the dataset's own does not suit the network, else None."""
    if draft.data == "drawn-pets" and draft.network == "efficientnet-lite0":
        return 96  # it halves a picture five times: of 64 pixels, 2 × 2 would be left
    if draft.data in ("photos", "dogs-vs-cats", "folder") and draft.network == "mlp":
        return 32
    return None


def same_training(config: RunConfig) -> Draft:
    """Return the draft of an open run, as far as the page's choices can express it."""
    name, _, argument = config.dataset.partition(":")
    early = config.early_stopping
    wanted = {
        "data": name if name in DATA else "drawn-pets",
        "count": next((count for count in COUNTS if argument == f"train={count}"), COUNTS[-1]),
        "folder": argument if name == "folder" else "",
        "augment": config.augmentation.changes,
        "network": config.network,
        "blocks": int(config.network_options.get("trainable_blocks", 0)),
        "optimizer": config.optimizer,
        "rate": config.learning_rate or 0.0,
        "schedule": config.schedule,
        "smoothing": config.label_smoothing,
        "monitor": config.monitor,
        "board": config.tensorboard,
        "batch": config.batch_size,
        "epochs": config.epochs,
        "patience": early.patience if early else 0,
        "seed": config.seed,
        "keep": config.keep_best,
        "pictures": config.keep_pictures,
    }
    return Draft.from_params({name: _text(value) for name, value in wanted.items()})


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def network_title(network: str) -> str:
    """Return a network's display name."""
    return zoo.info(network).title


assert {field.name for field in fields(Draft)} >= set().union(*SUITABLE.values())
