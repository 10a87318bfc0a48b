# ruff: noqa: F821
# mypy: ignore-errors
# fmt: off
# imports
import keras
from keras import layers

# photo
photo = keras.Input((64, 64, 3),
    name="photo")
# scaled
scaled = layers.Rescaling(1 / 255,
    name="scaled")(photo)
# conv1
conv1 = layers.Conv2D(24, 5, strides=2,
    activation="relu",
    name="conv1")(scaled)
# pool1
pool1 = layers.MaxPooling2D(2,
    name="pool1")(conv1)
# conv2
conv2 = layers.Conv2D(48, 5,
    activation="relu",
    name="conv2")(pool1)
# gap
gap = layers.GlobalAveragePooling2D(
    name="gap")(conv2)
# dog
dog = layers.Dense(1,
    activation="sigmoid",
    name="dog")(gap)
# model
model = keras.Model(photo, dog,
    name="small")
# answer
model.set_weights(weights)
answer = model(batch)
