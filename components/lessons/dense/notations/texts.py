"""What the notations say."""

from models.answers import DenseLayer

TEXTS = {"none": "Point at a part, or choose one here: it lights up in the picture and in every notation."}

NAMES = {"x": "x, inputs", "w": "W, weights", "b": "b, bias", "s": "σ, activation", "y": "y, output"}

CARDS = {
    "column": ("Wx + b", "Books write x as a column. A row of W holds the weights of one unit."),
    "row": ("xW + b", "Keras and NumPy write x as a row: a batch is many rows. A column of W belongs to one unit."),
    "sum": ("Σ wᵢxᵢ + b", "One unit alone, here the first one: every input times its weight, added up."),
    "dot": ("σ(·)", "The dot stands for whatever goes in, here the whole sum. Others write f(·), φ(·) or g(·)."),
    "keras": ("Dense(units)", "Keras needs only the number of units: it counts the inputs when it sees them."),
}
"""Card → title and explanation."""


def words(told: DenseLayer | None) -> dict[str, str]:
    """Return what each part is, with the sizes of a real layer if one is known.

    Args:
        told: what `models.networks.dense_layer.dense_layer` returned, or None.
    """
    found = {
        "x": "x are the inputs: here 3 numbers",
        "w": "W are the weights, one for each pair of input and unit: here 3 · 2 = 6. They are learned",
        "b": "b is the bias, one number for each unit, added whatever the inputs are: here 2. They are learned, too",
        "s": "σ is the activation: a function of each unit's sum alone, with nothing to learn. Here it is the sigmoid",
        "y": "y is the output, one number for each unit: here 2",
    }
    if told is not None:
        inputs, units = len(told["x"]), told["units"]
        each = "number" if units == 1 else "numbers"
        found["x"] += f"; in the network above {inputs:,}, the means of its last maps" if told["maps"] else ""
        found["w"] += f"; in the network above {inputs:,} · {units:,} = {inputs * units:,}"
        found["b"] += f"; in the network above {units:,} {each}"
        own = told["activation"]
        found["s"] += ", as in the network above" if own == "sigmoid" else f", in the network above {own}"
        found["y"] += f"; in the network above {units:,} {each}"
    return {part: f"{text}." for part, text in found.items()}
