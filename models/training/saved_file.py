"""A network in training → a .keras file that answers for photos of any size by itself, and back into another training.

This module imports Keras.
"""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np

from models.networks.files import file_title
from models.networks.saved_network import NetworkError, load
from models.runs.run_directory import RunError
from models.storage import write_whole

_WEIGHTS = "model.weights.h5"


class SavedFile:
    """Saves a network repeatedly while its weights change.

    Keras takes about half a second for 250 arrays. If only a head is trained, that would be most of the time. So if
    the base never changes, Keras writes the file once, and from then on only the answer's numbers are replaced in it.
    The bytes are those that Keras would have written.

    Args:
        model: the network, built for one size of pictures.
        build: builds the same network with a resize as its first step, and with its weights in the same order.
        frozen_base: only the layer "answer" learns.
    """

    def __init__(self, model: Any, build: Callable[[], Any], *, frozen_base: bool) -> None:
        self.model = model
        self.build = build
        self.frozen_base = frozen_base
        self._servable: Any = None
        self._entries: list[tuple[zipfile.ZipInfo, bytes]] = []
        self._places: list[str] = []

    def save(self, path: Path) -> None:
        """Save the network with its present weights, in 32 bits, whole or not at all.

        Raises:
            OSError: the disk is full; an earlier file is as it was.
        """
        data = self._with_new_answer() if self._places else self._whole(path)
        write_whole(path, lambda file: file.write(data))

    def _whole(self, path: Path) -> bytes:
        if self._servable is None:
            policy = keras.config.dtype_policy()
            keras.config.set_dtype_policy("float32")
            try:
                self._servable = self.build()
            finally:
                keras.config.set_dtype_policy(policy)
        self._servable.set_weights(self.model.get_weights())
        # Keras insists on a path that ends in .keras.
        beside = path.with_name(f".{path.stem}.saving.keras")
        try:
            self._servable.save(beside)
            data = beside.read_bytes()
        finally:
            beside.unlink(missing_ok=True)
        if self.frozen_base:
            self._remember(data)
        return data

    def _answer(self) -> list[np.ndarray]:
        return list(self.model.get_layer("answer").get_weights())

    def _remember(self, data: bytes) -> None:
        """Keep the file's parts and the places of the answer's numbers in them, if those are unambiguous."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [(entry, archive.read(entry)) for entry in archive.infolist()]
        answer = self._answer()
        groups: list[list[str]] = []

        def look(name: str, thing: Any) -> None:
            # Keras names a layer's group after its class, and numbers the arrays in it.
            if isinstance(thing, h5py.Group) and name.endswith("/vars") and len(thing) == len(answer):
                arrays = [thing[str(number)][()] for number in range(len(answer))]
                if all(map(np.array_equal, arrays, answer)):
                    groups.append([f"{name}/{number}" for number in range(len(answer))])

        with h5py.File(io.BytesIO({entry.filename: part for entry, part in entries}[_WEIGHTS]), "r") as weights:
            weights.visititems(look)
        if len(groups) == 1:
            self._entries, self._places = entries, groups[0]
            self._servable = None  # 14 MB that are not needed any more

    def _with_new_answer(self) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for entry, part in self._entries:
                archive.writestr(entry, self._exchanged(part) if entry.filename == _WEIGHTS else part)
        return out.getvalue()

    def _exchanged(self, weights: bytes) -> bytes:
        file = io.BytesIO(weights)
        with h5py.File(file, "r+") as groups:
            for place, array in zip(self._places, self._answer(), strict=True):
                groups[place][...] = array
        return file.getvalue()


def start_with(model: Any, path: Path) -> None:
    """Copy the weights of a saved model into another, layer by layer by name. A layer of another shape keeps its own.

    Raises:
        RunError: the file cannot be read, or no layer fits.
    """
    try:
        saved = load(path)
    except NetworkError as error:
        raise RunError(str(error)) from None
    fitting = 0
    for layer in model.layers:
        try:
            weights = saved.get_layer(layer.name).get_weights()
        except ValueError:
            continue
        if weights and [w.shape for w in weights] == [w.shape for w in layer.get_weights()]:
            layer.set_weights(weights)
            fitting += 1
    if not fitting:
        raise RunError(
            f"{file_title(path)} is another network than this one: no layer has the same name and the same shape of "
            "weights. Start from a file of the same kind of network and the same number of channels."
        )
