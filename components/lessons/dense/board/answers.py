"""What the board of a dense layer asks of the engine; the photo's answers are forgotten with the photo."""

from components.lessons.dense.board.scene import DenseScene
from components.networks.answers import Asked
from components.photo.uploads import jpeg_url
from models.answers import DenseLayer, DenseRows
from models.engine import Engine
from models.engine.questions import DENSE_LAYER, DENSE_ROWS
from models.pictures.photo import Photo


class AskedDense(Asked):
    """The engine's answers about the last layer of one network, for one photo."""

    def __init__(self, engine: Engine, photo: Photo, scene: DenseScene) -> None:
        """Prepare questions.

        Args:
            engine: the engine that answers them.
            photo: the network's input.
            scene: which network, layer and unit.

        Raises:
            JudgingError: there is no such network.
        """
        super().__init__(engine, photo, scene.network, scene.which)
        self._scene = scene

    def told(self) -> DenseLayer:
        """Return the answer of `models.networks.dense_layer.dense_layer`."""
        layer, unit = self._scene.layer, self._scene.map
        return self._kept(f"dense {layer} {unit}", lambda: self._ask(DENSE_LAYER, layer, unit))

    def rows(self, features: list[int]) -> DenseRows:
        """Return the answer of `models.networks.dense_layer.dense_rows` for these inputs."""
        layer = self.told()["layer"]
        return self._kept(f"rows {layer} {features}", lambda: self._ask(DENSE_ROWS, layer, features))

    def square(self) -> str:
        """Return the photo as the network receives it, as a data URL."""
        return self._kept("square", self._picture)

    def _picture(self) -> str:
        square = self.told()["square"]
        return jpeg_url(square if square.shape[-1] == 3 else square.repeat(3, axis=-1), quality=90)
