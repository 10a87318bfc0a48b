"""The Keras program that computes the very answers on the boards."""

from components.lessons.pooling.boards.scene import PoolingScene


def keras_words(scene: PoolingScene) -> str:
    """Return the sentence above the lines: what they do, or what is left where no window fits."""
    if scene.fits():
        return "These lines compute these very numbers. A pooling layer is made without weights, so nothing is set."
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
pool_all = keras.layers.GlobalAveragePooling2D()

mean = pool_all(batch)[0]
print(mean)
"""
    settings = f'pool_size={scene.size}{strides}, padding="{scene.padding}"'
    return f"""{begin}
pool_max = keras.layers.MaxPooling2D({settings})
pool_average = keras.layers.AveragePooling2D({settings})
pool_all = keras.layers.GlobalAveragePooling2D()

maxima = pool_max(batch)[0, :, :, 0]
averages = pool_average(batch)[0, :, :, 0]
mean = pool_all(batch)[0]
print(maxima, averages, mean, sep="\\n")
print(pool_max.count_params())  # 0
"""
