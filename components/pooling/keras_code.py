"""The Keras program that computes the very answers on the boards."""

from components.pooling.scene import PoolingScene


def keras_words(scene: PoolingScene) -> str:
    """Return the sentence above the lines: what they do, or what is left where no window fits."""
    if scene.fits():
        return "These lines compute these very answers. A pooling layer is made without weights, so nothing is set."
    return "No window fits into the grid, so only the mean of all numbers is left to compute."


def keras_code(scene: PoolingScene) -> str:
    """Return Python lines that pool the scene's grid in all three ways.

    They end with `maxima` and `averages`, tensors (output rows, output columns), and `mean`, a tensor (1,). Where no
    window fits there is the mean alone: Keras does not refuse such layers in a sentence, and some end Python.
    """
    grid = scene.numbers()
    rows = ",\n    ".join("[" + ", ".join(f"{number:g}" for number in row) + "]" for row in grid)
    strides = "" if scene.strides is None else f", strides={scene.strides}"
    begin = f"""import keras
import numpy as np

grid = np.array([
    {rows},
], dtype="float32")
batch = grid.reshape(1, {grid.shape[0]}, {grid.shape[1]}, 1)
"""
    if not scene.fits():
        return f"""{begin}
global_average_pooling = keras.layers.GlobalAveragePooling2D()

mean = global_average_pooling(batch)[0]
print(mean)
"""
    settings = f'pool_size={scene.size}{strides}, padding="{scene.padding}"'
    return f"""{begin}
max_pooling = keras.layers.MaxPooling2D({settings})
average_pooling = keras.layers.AveragePooling2D({settings})
global_average_pooling = keras.layers.GlobalAveragePooling2D()

maxima = max_pooling(batch)[0, :, :, 0]
averages = average_pooling(batch)[0, :, :, 0]
mean = global_average_pooling(batch)[0]
print(maxima, averages, mean, sep="\\n")
print(max_pooling.count_params())  # 0
"""
