"""Train the small network of the three programs, and keep its weights with a card.

    python -m models.experiments.three_programs --photos PATH

PATH holds `train` and `validation`, each with `cats` and `dogs`. It is the Sequential program that is trained.
"""

import argparse
import json
import sys
import time
from typing import Any

import numpy as np

from models import command_line, datasets
from models.experiments.three_programs import FOLDER, SIDE, rows
from models.experiments.three_programs.running import Namespace
from models.storage import typed_path, write_text, write_whole

SEED = 1
EPOCHS = 20
BATCH_SIZE = 64


def main(arguments: list[str] | None = None) -> int:
    """Train, write weights and card, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m models.experiments.three_programs",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--photos", type=typed_path, required=True, metavar="PATH", help="the photos")
    parser.add_argument("--epochs", type=int, default=EPOCHS, metavar="N", help="passes over them")
    options = parser.parse_args(arguments)
    try:
        data = datasets.load(f"folder:{options.photos}", side=SIDE)
    except datasets.DatasetError as error:
        print(error, file=sys.stderr)
        return 2
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(SEED)
    program: Namespace = {}
    exec("\n".join(lines for row, lines in rows("sequential").items() if row != "answer"), program)
    model = program["model"]
    steps = -(-len(data.train) // BATCH_SIZE)
    rate = keras.optimizers.schedules.CosineDecay(0.002, options.epochs * steps)
    model.compile(keras.optimizers.Adam(rate), "binary_crossentropy", metrics=["accuracy"])
    pictures, labels = np.asarray(data.train.images), data.train.labels.astype("float32")[:, np.newaxis]

    def mirrored(picture: Any, label: Any) -> tuple[Any, Any]:
        return tf.image.random_flip_left_right(picture), label

    train = tf.data.Dataset.from_tensor_slices((pictures, labels)).shuffle(len(labels), seed=SEED)
    begun = time.monotonic()
    others, expected = np.asarray(data.validation.images), data.validation.labels.astype("float32")[:, np.newaxis]
    model.fit(
        train.map(mirrored).batch(BATCH_SIZE), epochs=options.epochs, validation_data=(others, expected), verbose=2
    )
    right = int(((np.asarray(model.predict(others, verbose=0)) > 0.5) == (expected > 0.5)).sum())
    arrays = {f"array{number}": array for number, array in enumerate(model.get_weights())}
    write_whole(FOLDER / "weights.npz", lambda file: np.savez(file, **arrays))
    card = {
        "command": "python -m models.experiments.three_programs --photos PATH",
        "data": "Photos of Dogs vs. Cats (Kaggle 2013, from Microsoft Research's Asirra), squashed to 64 × 64 pixels. "
        "Their licence is unknown; they are used for teaching and research, and none is in this project.",
        "trained_on": len(data.train),
        "measured_on": len(others),
        "right": right,
        "classes": list(data.classes),
        "parameters": model.count_params(),
        "epochs": options.epochs,
        "minutes": round((time.monotonic() - begun) / 60, 1),
        "seed": SEED,
        "versions": {"tensorflow": tf.__version__, "keras": keras.__version__, "numpy": np.__version__},
    }
    write_text(FOLDER / "card.json", json.dumps(card, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(command_line.run(main, private=False))
