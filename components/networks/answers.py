"""What the network map's components ask of the engine about one photo and one network."""

import hashlib
from collections.abc import Callable
from copy import copy
from typing import Any, Self, TypeVar

import numpy as np

from components.networks.names import is_run, network_argument
from components.photo import remembered
from components.photo.uploads import jpeg_url
from models.answers import MapOrigin, Named, NetworkMap
from models.engine import BusyError, Engine
from models.engine.questions import LAYER_FILTERS, LAYER_MAPS, MAP_ORIGIN, NETWORK_MAP, SMALL_MAPS, Answer, Question
from models.evaluation.class_names import pet
from models.networks.files import network_file, weights_digest
from models.pictures.photo import Photo

T = TypeVar("T")


class Asked:
    """The engine's answers for one photo and one network; those about the photo are forgotten with it.

    It is made in the run of a page, which has the session; the questions may be asked in any thread.

    Attributes:
        subject: the photo and the network's weights, as a digest.
    """

    def __init__(self, engine: Engine | None, photo: Photo, network: str, which: str) -> None:
        """Prepare questions.

        Args:
            engine: the engine that answers them; None while it is not there (see `by`).
            photo: the network's input.
            network: one of `components.networks.names.network_names`.
            which: "best" or "last"; only a run has both.

        Raises:
            JudgingError: there is no such network.
        """
        self._engine = engine
        self._photo = photo
        self._network = network_argument(network)
        self._which = which if is_run(network) else "best"
        weights = weights_digest(network_file(self._network, "last" if self._which == "last" else "best"))
        self.subject = hashlib.sha256(f"{photo.digest} {weights}".encode()).hexdigest()[:16]
        self._memory: dict[str, Any] = remembered(photo, f"network map {self.subject}", dict)

    def by(self, engine: Engine) -> Self:
        """Return the same questions, answered by this engine."""
        asked = copy(self)
        asked._engine = engine  # noqa: SLF001 - its own copy
        return asked

    @property
    def has_answer(self) -> bool:
        """Whether `answer` needs nobody any more."""
        return "map" in self._memory

    def answer(self) -> NetworkMap:
        """Return the answer of `models.networks.network_map.network_map`."""
        return self._kept("map", lambda: self._ask(NETWORK_MAP))

    def small(self, wanted: dict[str, list[int]]) -> dict[str, np.ndarray]:
        """See `models.networks.network_map.small_maps`."""
        return self._ask(SMALL_MAPS, wanted)

    def maps(self, layer: str, channels: list[int]) -> np.ndarray:
        """See `models.networks.network_map.layer_maps`."""
        return self._ask(LAYER_MAPS, layer, channels)

    def kernels(self, layer: str, channels: list[int]) -> np.ndarray | None:
        """See `models.networks.network_map.layer_filters`."""
        return self._ask(LAYER_FILTERS, layer, channels)

    def origin(self, layer: str, channel: int) -> MapOrigin:
        """See `models.networks.network_map.map_origin`."""
        return self._ask(MAP_ORIGIN, layer, channel)

    def square(self) -> str:
        """Return the photo as the network receives it, as a data URL."""
        square = self.answer()["square"]
        rgb = square if square.shape[-1] == 3 else square.repeat(3, axis=-1)
        return self._kept("square", lambda: jpeg_url(np.clip(rgb, 0, 255).astype(np.uint8), quality=90))

    def _kept(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._memory:
            self._memory[name] = make()
        kept: T = self._memory[name]
        return kept

    def _ask(self, question: Question[Answer], *arguments: Any) -> Answer:
        if self._engine is None:
            raise BusyError("The engine is not there yet.")
        return self._engine.ask(question, self._photo.pixels, self._network, *arguments, self._which)


def pet_shares(answer: Named) -> tuple[float, float]:
    """Return the probabilities of cat and dog in an answer of `models.networks.inference.predict`.

    Raises:
        ValueError: the network does not know one of them.
    """
    pets = [pet(str(name)) for name in answer["classes"]]
    cat, dog = (float(answer["probabilities"][pets.index(kind)]) for kind in ("cat", "dog"))
    return cat, dog
