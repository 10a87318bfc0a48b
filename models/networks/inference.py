"""What a worker answers about one photo: what a network says it is.

The engine calls this in a worker process that stays alive, so that a network is loaded once and then answers in
milliseconds. Only plain data goes back: lists, text, bytes and small arrays. The first question loads TensorFlow.
"""

import itertools
import os
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any, Literal

import numpy as np

from models import weights
from models.answers import LayerDescription, Named, Prediction
from models.networks.ending import unwrapped
from models.networks.files import IMAGENET, file_title
from models.networks.saved_network import NetworkError, SavedNetwork, describe, is_resize, model_file, open_network
from models.pictures.photo import grey
from models.pictures.resize import resize
from models.storage import FileMark, file_mark, without_paths

WEIGHTS = weights.FOLDER
"""The folder of the networks that come with the course."""

NETWORKS = ("convnet", "digits", "efficientnet-lite0-pets", IMAGENET)
"""The networks with a name; any other network is given by its path."""

KEPT = 4
"""Number of networks that stay loaded: the most recently used ones."""


def resolve(network: str) -> Path | Literal["imagenet"]:
    """Return the file of a network, or "imagenet" for the one whose weights are a Python package.

    Args:
        network: one of `NETWORKS`, or the path of a .keras file or of a run's folder.

    Raises:
        ValueError: there is no such network; the text says which ones there are.
    """
    if network == IMAGENET:
        return "imagenet"
    if network in NETWORKS:
        path = WEIGHTS / f"{network}.keras"
        if not path.is_file():
            raise NetworkError(f"The weights of {network} are not installed: {path.name} is missing.")
        return path
    path = Path(os.path.expanduser(network))  # noqa: PTH111 - a home that nobody has stays a name
    if not network or not _is_there(path):
        raise NetworkError(
            f'There is no network "{Path(network).name}": choose from {", ".join(NETWORKS)}, '
            "or name a .keras file or the folder of a run."
        )
    return model_file(path)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:  # in a folder that may not be read; `model_file` says so
        return True


def predict(pixels: np.ndarray, network: str) -> Prediction:
    """Return a network's prediction for a photo.

    Args:
        pixels: uint8 array (height, width, 3) or (height, width, 1), 0 to the network's maximum, of any size.
        network: see `resolve`.

    Returns:
        "network": its name or path, as it was given. "classes": the names of all classes. "probabilities": one float
        for each class, also for a sigmoid unit. "top": up to five pairs (name, probability), the most probable first.

    Raises:
        ValueError: no such network, no picture, or an answer that is not a number; the text is one sentence.
    """
    asked = warm(network)
    return {"network": network, **asked.named(asked.answer(checked(pixels)))}


def warm_up() -> None:
    """Load TensorFlow and every network of `NETWORKS` that is installed, so that no visitor waits for it."""
    for name in NETWORKS:
        try:
            warm(name)
        except NetworkError:
            continue  # the reason is reported when somebody uses it


# Networks that stay loaded --------------------------------------------------------------------------------------------


class WarmNetwork:
    """A network that stays loaded, compiled for one picture at a time.

    Args:
        network: the open file.
    """

    _numbers = itertools.count()

    def __init__(self, network: SavedNetwork) -> None:
        self.number = next(self._numbers)  # differs from that of every other network, also of those that are gone
        self.network = network
        self.descriptions: list[LayerDescription] = []
        self.steps: list[Any] = []
        self._answer = self._compiled(network.model)
        self._outputs: Any = None
        self.answer(np.zeros((1, 1, network.channels), np.uint8))

    def _compiled(self, model: Any) -> Any:
        import tensorflow as tf

        # The photo is resized before, as for training: a network that resizes it itself would be traced again for every
        # size. For a photo of the right size, its own resize changes nothing.
        shape = (1, self.network.side, self.network.side, self.network.channels)
        signature = [tf.TensorSpec(shape, tf.float32)]
        return tf.function(lambda squares: model(squares, training=False), input_signature=signature, autograph=False)

    def answer(self, pixels: np.ndarray) -> np.ndarray:
        """Return the last layer's output: float32 (answers,)."""
        return self.run(self._answer, pixels)[0]

    def outputs(self, pixels: np.ndarray) -> list[np.ndarray]:
        """Return the output of each of `descriptions`, float32 without the batch, for a photo."""
        if self._outputs is None:
            every, self.descriptions, self.steps = _taken_apart(self.network)
            self._outputs = self._compiled(every)
        return self.run(self._outputs, pixels)

    def run(self, function: Any, pixels: np.ndarray) -> list[np.ndarray]:
        """Return a compiled function's outputs for a photo's square, float32 without the batch.

        Raises:
            NetworkError: the function fails, or an output is not a number.
        """
        square = resize(_with_channels(pixels, self.network.channels), self.network.side, self.network.resize)
        try:
            found = function(square[np.newaxis].astype(np.float32))
        except Exception as error:  # noqa: BLE001 - text reaches the page, never a class of TensorFlow
            # An exception of TensorFlow's must not reach a process that has not loaded it, even as a cause.
            reason = f"{type(error).__name__}: {without_paths(error).strip().splitlines()[0][:200]}"
            raise NetworkError(f"{file_title(self.network.path)} could not compute this photo ({reason}).") from None
        arrays = [
            np.asarray(output)[0].astype(np.float32) for output in (found if isinstance(found, list) else [found])
        ]
        if not all(np.isfinite(array).all() for array in arrays):
            raise NetworkError(
                f"{file_title(self.network.path)} gives something that is no number: its weights are damaged."
            )
        return arrays

    def named(self, answer: np.ndarray) -> Named:
        """Return the classes, their probabilities and the five most probable classes, as in `predict`."""
        numbers = [float(number) for number in answer]
        probabilities = [1 - numbers[0], numbers[0]] if len(numbers) == 1 else numbers
        classes = list(self.network.classes or (f"class {number}" for number in range(len(probabilities))))
        order = sorted(range(len(classes)), key=lambda place: -probabilities[place])
        top = [(classes[place], probabilities[place]) for place in order[:5]]
        return {"classes": classes, "probabilities": probabilities, "top": top}


_loaded: OrderedDict[str, tuple[FileMark | None, WarmNetwork]] = OrderedDict()
_loading = threading.RLock()


def warm(network: str) -> WarmNetwork:
    """Return a network, loaded now or earlier. A file that has changed, as during a training, is loaded again.

    Args:
        network: see `resolve`.

    Raises:
        NetworkError: there is no such network.
    """
    found = resolve(network)
    mark = None
    if isinstance(found, Path):
        mark = file_mark(found)
        found = found.resolve()
    key = str(found)
    with _loading:
        if key not in _loaded or _loaded[key][0] != mark:
            _loaded[key] = (mark, WarmNetwork(_imagenet() if found == "imagenet" else open_network(Path(key))))
        _loaded.move_to_end(key)
        while len(_loaded) > KEPT:
            _loaded.popitem(last=False)
        return _loaded[key][1]


def _imagenet() -> SavedNetwork:
    from models.zoo import efficientnet_lite0

    try:
        model = efficientnet_lite0.imagenet(any_size=True)
        names = efficientnet_lite0.imagenet_names()
    except FileNotFoundError as error:
        raise NetworkError(str(error)) from None
    return describe(Path(IMAGENET), model, names)


# The graph ------------------------------------------------------------------------------------------------------------


def _taken_apart(network: SavedNetwork) -> tuple[Any, list[LayerDescription], list[Any]]:
    """A model that outputs every step, the steps' descriptions, and the steps. The resize is left out."""
    import keras

    photo = network.model.inputs[0]
    # A sequential model has layers only; this also has its input, and a functional model's operations.
    graph = keras.Model(photo, network.model.outputs[0])
    makers: dict[int, str] = {}  # tensor → the step that makes it
    outputs, steps = [], []
    descriptions: list[LayerDescription] = []
    # Nodes and not layers: a layer's own `output` is that of its first use, and adding a layer to a sequential model
    # uses all earlier ones once more. Keras has no public name for nodes.
    for _, nodes in sorted(graph._nodes_by_depth.items(), reverse=True):  # noqa: SLF001
        for node in nodes:
            step, made = unwrapped(node.operation), node.outputs
            names = list(dict.fromkeys(makers[id(tensor)] for tensor in node.input_tensors))
            if is_resize(step):
                makers[id(made[0])] = names[0]
                continue
            name = _unused(node.operation.name, makers)
            makers.update((id(tensor), name) for tensor in made)
            if len(made) == 1 and len(made[0].shape) in (2, 4):
                outputs.append(made[0])
                descriptions.append(_description(step, made[0], network, name, names))
                steps.append(step)
    return keras.Model(photo, outputs), descriptions, steps


def _unused(name: str, makers: dict[int, str]) -> str:
    """The name, or name_2 and so on for a layer that is used several times."""
    taken, number, found = set(makers.values()), 1, name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found


def _description(step: Any, output: Any, network: SavedNetwork, name: str, inputs: list[str]) -> LayerDescription:
    # An operation such as keras.ops.add is not a layer: it has no weights.
    count = getattr(step, "count_params", None)
    shape = list(output.shape[1:])
    if None in shape:  # the input of a network for photos of any size
        shape = [network.side, network.side, network.channels]
    return {
        "name": name,
        "class": type(step).__name__,
        "shape": shape,
        "parameters": count() if count else 0,
        "inputs": inputs,
    }


def _with_channels(pixels: np.ndarray, channels: int) -> np.ndarray:
    if pixels.shape[2] == channels:
        return pixels
    return grey(pixels)[..., np.newaxis] if channels == 1 else pixels.repeat(channels, axis=2)


def checked(pixels: np.ndarray) -> np.ndarray:
    """Return the photo unchanged, once it has been checked.

    Raises:
        ValueError: it is not a photo; the text is one sentence.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in (1, 3) or 0 in pixels.shape:
        raise ValueError(
            f"A photo is uint8 (height, width, 3), or with 1 channel, but this is {pixels.dtype} {pixels.shape}."
        )
    return pixels
