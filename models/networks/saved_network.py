"""A `.keras` file opened for use: the model, the square that it works on, and the names of its classes."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.networks.ending import ending
from models.networks.files import file_title
from models.networks.keras_file import fault_in_words, fault_of
from models.pictures.resize import Resize


class NetworkError(ValueError):
    """A network that cannot be used. `str()` is a sentence for the visitor."""


@dataclass(frozen=True, eq=False)
class SavedNetwork:
    """A trained network, and the facts that are needed to prepare a photo for it.

    Attributes:
        path: the file.
        model: the `keras.Model`, not compiled. Its input is (batch, height, width, channels), its answer probabilities:
            of one sigmoid unit, or of a softmax.
        side: width and height, in pixels, of its square input. The model always accepts a batch of such squares, even
            if it also takes photos of any size.
        resize: what happens to a photo that is not square.
        channels: 3 for colour, 1 for grey.
        answers: number of classes: two for one sigmoid unit.
        classes: their names; None if they are not recorded.
        added: "sigmoid" or "softmax" if the network in the file ends in logits, and `model` ends in this activation
            more; else "".
    """

    path: Path
    model: Any
    side: int
    resize: Resize
    channels: int
    answers: int
    classes: tuple[str, ...] | None
    added: str = ""


def model_file(path: Path) -> Path:
    """Return the file of a network: the path itself, or, in a run's folder, the best model, else the last one.

    Raises:
        NetworkError: there is no such file.
    """
    if os.path.isdir(path):  # noqa: PTH112 - unlike Path's, it raises nothing where it may not look
        path = next((file for name in ("best.keras", "last.keras") if (file := path / name).is_file()), path)
    checked(path)
    if path.suffix != ".keras":
        raise NetworkError(f"{file_title(path)} is no .keras file by its name: end it in .keras.")
    return path


def checked(path: Path) -> None:
    """Check without TensorFlow that a file could be a network that Keras opens here.

    Raises:
        NetworkError: it cannot; the sentence says why, whichever door the file came by.
    """
    fault = fault_of(path)
    if fault:
        raise NetworkError(fault)


def load(path: Path) -> Any:
    """Return the `keras.Model` in a file, not compiled, opened in Keras's safe mode: no code in the file is run.

    Raises:
        NetworkError: it cannot be opened.
    """
    checked(path)
    import keras

    try:
        return keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # noqa: BLE001 - a damaged file raises whatever its parsers stumble over, TensorFlow's own, too
        raise NetworkError(fault_in_words(path, error)) from None


def open_network(path: Path) -> SavedNetwork:
    """Open a `.keras` file, or the model in a run's folder; no code in the file is run.

    If the network ends in logits, the activation that makes them probabilities is added (`SavedNetwork.added`).

    The names of the classes come from data.json in the same folder (a run's), else from the file's own card, which has
    the same name with the ending .json. If their number differs from that of the network's answers, they are ignored.

    Raises:
        NetworkError: no such file, or the network does not classify square pictures.
    """
    path = model_file(path)
    network = describe(path, load(path))
    # XLA would compile anew for every batch size, and on a CPU it is slower.
    network.model.jit_compile = False
    return network


def describe(path: Path, model: Any, classes: tuple[str, ...] | None = None) -> SavedNetwork:
    """Return the facts about a model that are needed to prepare a photo for it, read from its graph.

    Args:
        path: its file.
        model: a `keras.Model`.
        classes: the names of its classes, if they are known already.

    Raises:
        NetworkError: the model does not classify square pictures.
    """
    title = file_title(path)
    takes, gives = getattr(model, "input_shape", None), getattr(model, "output_shape", None)
    if not isinstance(takes, tuple) or len(takes) != 4 or takes[3] not in (1, 3):
        raise NetworkError(f"{title} is no network for pictures: it takes {takes}, not (batch, height, width, 3 or 1).")
    if not isinstance(gives, tuple) or len(gives) != 2 or not gives[1]:
        raise NetworkError(f"{title} does not tell classes apart: it gives {gives}, not one number for each class.")
    if takes[1] is None or takes[2] is None:
        height, width, how = _own_resize(path, model)
    else:
        (height, width), how = takes[1:3], "squash"
    if height != width:
        raise NetworkError(f"{title} works on pictures of {width} by {height} pixels: only square ones can be used.")
    answers = max(2, gives[1])
    end, fault = ending(model)
    if end is None:
        raise NetworkError(f"{title} {fault}")
    added = ("sigmoid" if gives[1] == 1 else "softmax") if end == "logits" else ""
    if added:
        model = _with_activation(model, added)
    elif any(isinstance(getattr(model, name, None), dict | list | tuple) for name in _STRUCTURES):
        model = _of_one_tensor(model)
    return SavedNetwork(path, model, height, how, takes[3], answers, classes or _class_names(path, answers), added)


def _with_activation(model: Any, activation: str) -> Any:
    """The network with one activation more, which makes probabilities of its logits. The weights are the same."""
    import keras

    name = f"added_{activation}"
    while any(layer.name == name for layer in model.layers):
        name += "_"
    last = keras.layers.Activation(activation, name=name, dtype="float32")
    return keras.Model(model.inputs[0], last(model.outputs[0]), name=model.name)


_STRUCTURES = ("_inputs_struct", "_outputs_struct")
"""Where Keras keeps whether a network takes or gives a tensor, or a dictionary of tensors by name."""


def _of_one_tensor(model: Any) -> Any:
    """The same network without names for its only input and output, so that a picture gives its answers alone."""
    import keras

    return keras.Model(model.inputs[0], model.outputs[0], name=model.name)


def is_resize(step: Any) -> bool:
    """Return whether a step of a graph resizes pictures: `keras.ops.image.resize` or the layer Resizing."""
    return type(step).__name__ in ("Resize", "Resizing")


def _own_resize(path: Path, model: Any) -> tuple[int, int, Resize]:
    """Height, width and kind of the resize with which a network for photos of any size begins."""
    # A functional model has operations beside its layers, a sequential model has layers only.
    for step in getattr(model, "operations", None) or model.layers:
        if not is_resize(step):
            continue
        height, width = step.size if hasattr(step, "size") else (step.height, step.width)
        if step.crop_to_aspect_ratio:
            return height, width, "crop"
        return height, width, "pad" if step.pad_to_aspect_ratio else "squash"
    raise NetworkError(
        f"{file_title(path)} takes photos of any size but does not resize them: the size it works on is not known."
    )


def _class_names(path: Path, count: int) -> tuple[str, ...] | None:
    for file in (path.with_name("data.json"), path.with_suffix(".json")):
        try:
            card = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        names = card.get("classes") if isinstance(card, dict) else None
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            continue
        if len(names) == len(set(names)) == count:  # two classes of one name could not be told apart
            return tuple(names)
    return None
