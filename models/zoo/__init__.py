"""The networks of the course: one module a network, found by its name. Adding a network is adding one file.

A module `my_net.py` has `INFO` (an `Info`) and `body(inputs, **options)`, and is the network "my-net" everywhere. Keras
is imported when a network is built, not before: names and titles cost nothing.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from models.pictures.resize import Resize


class Info(NamedTuple):
    """Facts about a network before it is built.

    Attributes:
        name: as on the command line.
        title: for people.
        side: default width and height of its input in pixels.
        resize: what happens to a photo that is not square.
        pretrained: it comes with weights, which stay frozen except for the blocks of its option `trainable_blocks`.
    """

    name: str
    title: str
    side: int
    resize: Resize = "squash"
    pretrained: bool = False


TOOLS = {"assembly"}
"""Modules in this folder that are no networks."""


@cache
def names() -> tuple[str, ...]:
    """Return the names of all networks, without building any."""
    found = {one.name.replace("_", "-") for one in pkgutil.iter_modules(__path__)}
    return tuple(sorted(found - TOOLS))


def info(name: str) -> Info:
    """Return the facts about a network.

    Raises:
        ValueError: no such network.
    """
    found: Info = module(name).INFO
    return found


def is_frozen(name: str, options: Mapping[str, Any]) -> bool:
    """Return whether only a network's answer learns: it comes with weights, and no block is to be trained.

    Raises:
        ValueError: no such network.
    """
    return info(name).pretrained and not options.get("trainable_blocks", 0)


def option_names(name: str) -> tuple[str, ...]:
    """Return the names of a network's options, beside its size and its classes.

    Raises:
        ValueError: no such network.
    """
    parameters = inspect.signature(module(name).body).parameters.values()
    return ("dropout", *(one.name for one in parameters if one.kind is one.KEYWORD_ONLY and one.name != "maximum"))


def module(name: str) -> Any:
    """Return the module of a network, with its INFO and body.

    Raises:
        ValueError: no such network.
    """
    if name not in names():
        raise ValueError(f'There is no network "{name}": choose from {", ".join(names())}.')
    return importlib.import_module(f"models.zoo.{name.replace('-', '_')}")
