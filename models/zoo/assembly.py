"""A network's name and sizes → a Keras model: the network's own body, between a way in and an answer."""

from collections.abc import Mapping
from typing import Any

from models import zoo
from models.pictures.resize import Resize


def build(
    name: str,
    *,
    side: int,
    channels: int,
    classes: int,
    maximum: int = 255,
    any_size: bool = False,
    options: Mapping[str, Any] | None = None,
) -> Any:
    """Return a network as a `keras.Model`: pixels in, probabilities out.

    For two classes, the answer is one sigmoid unit, the probability of the second class; for more, it is a softmax. The
    network itself prepares the pixels. It has only layers and operations of Keras, so that a saved file opens without
    this project.

    Args:
        name: one of `models.zoo.names()`.
        side: width and height of the square that the network works on, in pixels.
        channels: 3 for colour, 1 for grey.
        classes: number of classes, at least 2.
        maximum: the value of a white pixel.
        any_size: the first step is a resize, so that photos of any size go in (one size a batch). Training needs none:
            its pictures have the right size. The weights are the same, in the same order.
        options: the keyword parameters of the network's `body`, and `dropout`, the share of features that training
            drops.

    Raises:
        ValueError: no such network or option, or fewer than two classes.
    """
    import keras

    module = zoo.module(name)
    options = dict(options or {})
    unknown = set(options) - set(zoo.option_names(name))
    if unknown:
        raise ValueError(f"The network {name} has no option {sorted(unknown)[0]}: {', '.join(zoo.option_names(name))}.")
    if classes < 2:
        raise ValueError(f"A network tells at least two classes apart, not {classes}.")
    dropout = options.pop("dropout", 0.2)
    if not 0 <= dropout < 1:
        raise ValueError(f"dropout is a share from 0 to below 1, not {dropout}.")
    if any_size:
        inputs = keras.Input((None, None, channels), name="photo")
        squares = resized(inputs, side, module.INFO.resize)
    else:
        inputs = squares = keras.Input((side, side, channels), name="pixels")
    features = module.body(squares, maximum=maximum, **options)
    features = keras.layers.Dropout(dropout, name="dropout")(features)
    units, activation = (1, "sigmoid") if classes == 2 else (classes, "softmax")
    # The probabilities stay in 32 bits, even if the rest of the network computes in 16.
    outputs = keras.layers.Dense(units, activation=activation, dtype="float32", name="answer")(features)
    return keras.Model(inputs, outputs, name=name.replace("-", "_"))


def base_of(model: Any) -> Any:
    """Return the part of a network of `build` before Dropout: pixels in, features out.

    It shares the network's weights. It is not meant for training; `head_of` is.
    """
    import keras

    return keras.Model(model.input, model.get_layer("dropout").input, name="base")


def head_of(model: Any) -> Any:
    """Return the part of a network of `build` after the features: Dropout and the answer.

    It has the network's own layers: to train the head trains the network, with the same random numbers of Dropout.
    """
    import keras

    features = model.get_layer("dropout").input
    inputs = keras.Input(features.shape[1:], dtype=features.dtype, name="features")
    return keras.Model(inputs, model.get_layer("answer")(model.get_layer("dropout")(inputs)), name="head")


def resized(inputs: Any, side: int, how: Resize) -> Any:
    """Return a tensor of photos as squares, resized as by `models.pictures.resize.resize`, but in floating point."""
    import keras

    return keras.ops.image.resize(
        inputs,
        (side, side),
        interpolation="bilinear",
        antialias=True,
        crop_to_aspect_ratio=how == "crop",
        pad_to_aspect_ratio=how == "pad",
    )
