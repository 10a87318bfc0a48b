"""Another network, or another epoch of a run, beside the one that is shown: what learning changed."""

from dataclasses import dataclass

from components.lessons.convnet.network_map.scene import MapScene
from components.networks.answers import Asked
from components.networks.names import has_two_epochs, network_title, network_words
from components.networks.network_parameters import EPOCH, epoch_of
from models.answers import MapLayer, NetworkMap
from models.engine import Engine
from models.networks.files import JudgingError
from models.pictures.photo import Photo


@dataclass(frozen=True)
class Second:
    """A second network that is to be asked.

    Attributes:
        title: its display name.
        asked: the questions to it about the photo.
    """

    title: str
    asked: Asked


@dataclass(frozen=True)
class Beside:
    """A second network with the same layers.

    Attributes:
        title: its display name.
        asked: the engine's answers about it and the photo.
        answer: what `models.networks.network_map.network_map` returned for it.
    """

    title: str
    asked: Asked
    answer: NetworkMap

    def layers(self) -> dict[str, MapLayer]:
        """Its layers by name."""
        return {layer["name"]: layer for layer in self.answer["layers"]}


def beside_choices(networks: list[str]) -> list[list[str]]:
    """Return the choices for a second network, as [value, label].

    Args:
        networks: see `components.networks.names.network_names`.
    """
    choices = [["", "nothing"]]
    for name in networks:
        if has_two_epochs(name):
            choices += [[f"{name}{EPOCH}{which}", network_words(name, which)] for which in ("best", "last")]
        else:
            choices.append([name, network_title(name)])
    return choices


def second_of(photo: Photo, scene: MapScene) -> Second | None:
    """Return the second network of a scene, or None if there is none.

    Args:
        photo: the input of both.
        scene: names both.

    Raises:
        JudgingError: there is no such network.
    """
    if not scene.beside:
        return None
    name, which = epoch_of(scene.beside)
    return Second(network_words(name, which or "best"), Asked(None, photo, name, which or "best"))


def beside_of(engine: Engine, second: Second, answer: NetworkMap) -> Beside:
    """Return what a second network has answered.

    Args:
        engine: the engine that answers.
        second: the network.
        answer: what `models.networks.network_map.network_map` returned for the first.

    Raises:
        JudgingError: it has other layers.
    """
    asked = second.asked.by(engine)
    other = asked.answer()
    if _body(other) != _body(answer):
        raise JudgingError(f"{second.title} has other layers, so it cannot stand beside this network.")
    return Beside(second.title, asked, other)


def _body(answer: NetworkMap) -> list[tuple[str, int]]:
    """Return all layers but the last, which may have other classes; the sizes of maps may differ."""
    return [(layer["name"], layer["shape"][-1]) for layer in answer["layers"][:-1]]
