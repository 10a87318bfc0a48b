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

    Two classes end in one sigmoid unit, the probability of the second class; more end in a softmax. Preparing the
    pixels is part of the network. Only layers and operations of Keras are used, so that a saved file opens without this
    project.

    Args:
        name: one of `models.zoo.names()`.
        side: width and height of the square that the network works on, in pixels.
        channels: 3 for colour, 1 for grey.
        classes: how many there are, at least 2.
        maximum: the value of a white pixel.
        any_size: the first step is a resize, so that photos of any size go in (one size a batch). Training leaves it
            out: its pictures have their size. The weights are the same and in the same order.
        options: what the network's `body` can be told, and `dropout`, the share of features that training silences.

    Raises:
        ValueError: no such network or option, or less than two classes.
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
    # Probabilities stay in 32 bits when the rest of the network computes in 16.
    outputs = keras.layers.Dense(units, activation=activation, dtype="float32", name="answer")(features)
    return keras.Model(inputs, outputs, name=name.replace("-", "_"))


def base_of(model: Any) -> Any:
    """Return what of a network of `build` comes before Dropout: pixels in, features out.

    Weights are shared with the network; training is for `head_of`.
    """
    import keras

    return keras.Model(model.input, model.get_layer("dropout").input, name="base")


def head_of(model: Any) -> Any:
    """Return what of a network of `build` comes after its features: Dropout and the answer.

    Layers are the network's own: whoever trains the head trains the network, with the same random numbers of Dropout.
    """
    import keras

    features = model.get_layer("dropout").input
    inputs = keras.Input(features.shape[1:], dtype=features.dtype, name="features")
    return keras.Model(inputs, model.get_layer("answer")(model.get_layer("dropout")(inputs)), name="head")


def resized(inputs: Any, side: int, how: Resize) -> Any:
    """Return the tensor of photos as squares, as `models.pictures.resize.resize` makes them, but in floating point."""
    import keras

    return keras.ops.image.resize(
        inputs,
        (side, side),
        interpolation="bilinear",
        antialias=True,
        crop_to_aspect_ratio=how == "crop",
        pad_to_aspect_ratio=how == "pad",
    )
