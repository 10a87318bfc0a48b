"""What is written down about a network beside its file: enough to get pictures ready for it, without opening it."""

from dataclasses import dataclass
from typing import get_args

from models import weights, zoo
from models.evaluation.stored_scores import IMAGENET_PETS
from models.networks.files import IMAGENET, JudgingError, Which, network_file
from models.pictures.resize import Resize
from models.runs.run_directory import RunDirectory, RunError


@dataclass(frozen=True)
class NetworkFacts:
    """What a network's card or run says about it. If the network itself says otherwise, the worker's answer counts.

    Attributes:
        classes: their names, in the order of its answers.
        side: width and height of the network's square input in pixels.
        resize: what happens to a photo that is not square.
    """

    classes: tuple[str, ...]
    side: int
    resize: Resize


def network_facts(network: str, which: Which = "best") -> NetworkFacts | None:
    """Return the recorded facts about a network, or None if there are none or they are damaged.

    Args:
        network: see `models.networks.files.network_file`.
        which: the one of a run's two networks.
    """
    try:
        if network == IMAGENET:
            info = zoo.info(IMAGENET)
            return NetworkFacts(tuple(IMAGENET_PETS), info.side, info.resize)
        if network in weights.names():
            card = weights.card(network)
            return _checked(card["classes"], card["side"], card["resize"])
        run = RunDirectory(network_file(network, which).parent)
        config = run.config()
        return _checked(run.data()["classes"], config.resolved_side, zoo.info(config.network).resize)
    except (JudgingError, RunError, OSError, ValueError, KeyError, TypeError):
        return None


def _checked(classes: object, side: object, how: object) -> NetworkFacts:
    if not isinstance(classes, list) or not all(isinstance(name, str) for name in classes):
        raise TypeError("Classes are a list of names.")
    if type(side) is not int or side < 1 or how not in get_args(Resize):
        raise ValueError("A network has a side and a way to resize.")
    return NetworkFacts(tuple(classes), side, how)  # type: ignore[arg-type]
