"""How large a network may be that a stranger brought, as its file describes it; nothing of it is built or unpacked.

A description cannot be trusted to be small. What it does not tell, such as how long an answer takes, is bounded where
the network is computed (`models.engine.strangers`).
"""

import json
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.figures import number_of
from models.networks.files import file_title
from models.networks.keras_file import CONFIG

MOST_CONFIG_BYTES = 16 * 2**20
MOST_LAYERS = 1_000
MOST_SIZE = 1_000_000
"""Most units, filters, repetitions: whatever a layer says of its sizes."""

MOST_NUMBERS = 10**8
"""Most numbers in a picture that comes in or is resized: 400 MB."""

MOST_UNPACKED_BYTES = 2**30
"""Most that a network's file may hold, unpacked."""

_NO_SIZES = ("seed", "shared_object_id")


def excess_of(path: Path) -> str:
    """Return what is too large about the network in a .keras file, as a sentence for the visitor, or "".

    What is no such file is none of this function's business: `keras_file.fault_of` says that.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if unpacked > MOST_UNPACKED_BYTES:
                return _sentence(path, f"it unpacks to {unpacked / 1e9:,.1f} GB")
            with archive.open(CONFIG) as file:
                text = file.read(MOST_CONFIG_BYTES + 1)
        if len(text) > MOST_CONFIG_BYTES:
            return _sentence(path, "its description alone has more than 16 MB")
        return _of_config(path, json.loads(text))
    except RecursionError:
        return _sentence(path, "its description is nested too deeply")
    except (OSError, ValueError, KeyError, RuntimeError, NotImplementedError, EOFError, zipfile.BadZipFile):
        return ""


def _of_config(path: Path, config: Any) -> str:
    layers = [one for one in _dictionaries(config) if _is_layer(one)]
    if len(layers) > MOST_LAYERS:
        return _sentence(path, f"it has {number_of(len(layers), 'layer')}")
    for layer in layers:
        name = str(layer["config"]["name"])[:60]
        largest = max(_sizes(layer["config"]), default=0)
        if largest > MOST_SIZE:
            return _sentence(path, f"its layer {name} has a size of {largest:,}")
        picture = _picture(layer["config"])
        if picture > MOST_NUMBERS:
            return _sentence(path, f"its layer {name} makes pictures of {picture:,} numbers")
    return ""


def _dictionaries(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _dictionaries(one)


def _is_layer(value: dict[str, Any]) -> bool:
    settings = value.get("config")
    return isinstance(value.get("class_name"), str) and isinstance(settings, dict) and "name" in settings


def _sizes(config: Any, key: str = "") -> Iterator[int]:
    """Every whole number of a layer's settings that may be a size, but for those of layers within it."""
    if type(config) is int and key not in _NO_SIZES:
        yield abs(config)
    elif isinstance(config, dict) and not _is_layer(config):
        for name, one in config.items():
            yield from _sizes(one, name)
    elif isinstance(config, list):
        for one in config:
            yield from _sizes(one, key)


def _picture(config: dict[str, Any]) -> int:
    """How many numbers come out of a layer that says so itself: an input, a resize, a shape."""
    shapes = [config.get(name) for name in ("batch_shape", "batch_input_shape", "target_shape")]
    if "height" in config and "width" in config:
        shapes.append([config["height"], config["width"]])
    counts = [[abs(one) for one in shape if type(one) is int] for shape in shapes if isinstance(shape, list)]
    return max((math.prod(count) for count in counts), default=0)


def _sentence(path: Path, why: str) -> str:
    return f"{file_title(path)} was brought in and is too large to be opened here: {why}."
