"""`plain`: a small convnet in which nothing keeps it from memorising its pictures."""

from typing import Any

from models.zoo import Info

INFO = Info("plain", "Plain convnet without normalisation", side=64)


def body(inputs: Any, *, maximum: int = 255, units: int = 64) -> Any:
    """Return the features of a batch of squares: three convolutions that each halve the picture, then one hidden layer.

    Args:
        inputs: (batch, side, side, channels), 0 to `maximum`; a side of at least 8.
        maximum: the value of a white pixel.
        units: in the hidden layer.

    Returns:
        (batch, units).

    Raises:
        ValueError: no units.
    """
    from keras import layers

    if units < 1:
        raise ValueError(f"A hidden layer has at least one unit, not {units}.")
    x = layers.Rescaling(2 / maximum, offset=-1, name="rescale")(inputs)
    for number, filters in enumerate((16, 32, 64), start=1):
        x = layers.Conv2D(filters, 3, strides=2, padding="same", name=f"conv{number}")(x)
        x = layers.ReLU(name=f"conv{number}_relu")(x)
    x = layers.Flatten(name="pixels_in_a_row")(x)
    return layers.Dense(units, activation="relu", name="hidden")(x)
