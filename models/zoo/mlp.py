"""`mlp`: the multilayer perceptron on which the Adam paper compares optimizers."""

from typing import Any

from models.zoo import Info

INFO = Info("mlp", "Multilayer perceptron", side=28)


def body(inputs: Any, *, maximum: int = 255, units: int = 1000, hidden_dropout: float = 0.5) -> Any:
    """Return the features of a batch of squares: all pixels in a row, then two hidden layers of ReLU units.

    Args:
        inputs: (batch, side, side, channels), 0 to `maximum`.
        maximum: the value of a white pixel.
        units: in each hidden layer.
        hidden_dropout: share of units that training drops after the first hidden layer; for the second one, it is
            `dropout`.

    Returns:
        (batch, units).

    Raises:
        ValueError: no units.

    Source: Kingma & Ba, "Adam: A Method for Stochastic Optimization", 2015, section 6.2.
    """
    from keras import layers

    if units < 1:
        raise ValueError(f"A hidden layer has at least one unit, not {units}.")
    x = layers.Rescaling(1 / maximum, name="rescale")(inputs)
    x = layers.Flatten(name="pixels_in_a_row")(x)
    x = layers.Dense(units, activation="relu", name="hidden1")(x)
    x = layers.Dropout(hidden_dropout, name="hidden1_dropout")(x)
    return layers.Dense(units, activation="relu", name="hidden2")(x)
