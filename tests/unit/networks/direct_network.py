"""What a network says of the sample photo, asked without an engine."""

import numpy as np

from models.answers import MapOrigin
from models.networks.network_map import layer_maps, map_origin
from models.pictures.samples import sample


class DirectNetwork:
    """Answers a step's questions like `components.networks.answers.Asked`."""

    def __init__(self, network: str) -> None:
        self._network = network
        self._pixels = sample("chelsea").pixels

    def maps(self, layer: str, channels: list[int]) -> np.ndarray:
        return layer_maps(self._pixels, self._network, layer, channels)

    def origin(self, layer: str, channel: int) -> MapOrigin:
        return map_origin(self._pixels, self._network, layer, channel)
