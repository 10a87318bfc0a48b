# ruff: noqa: F821
# mypy: ignore-errors
# fmt: off
# imports
import keras
from keras import layers

# photo
model = keras.Sequential([
    keras.Input((64, 64, 3),
        name="photo"),
# scaled
    layers.Rescaling(1 / 255,
        name="scaled"),
# conv1
    layers.Conv2D(24, 5, strides=2,
        activation="relu", name="conv1"),
# pool1
    layers.MaxPooling2D(2, name="pool1"),
# conv2
    layers.Conv2D(48, 5,
        activation="relu", name="conv2"),
# gap
    layers.GlobalAveragePooling2D(
        name="gap"),
# dog
    layers.Dense(1,
        activation="sigmoid", name="dog"),
# model
], name="small")
# answer
model.set_weights(weights)
answer = model(batch)
