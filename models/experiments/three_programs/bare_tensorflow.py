# ruff: noqa: F821
# mypy: ignore-errors
# fmt: off
# imports
import tensorflow as tf

# photo
photo = tf.constant(batch)
# scaled
scaled = photo / 255
# conv1
kernel1 = tf.Variable(weights[0])
bias1 = tf.Variable(weights[1])
conv1 = tf.nn.relu(bias1 + tf.nn.conv2d(
    scaled, kernel1, 2, padding="VALID"))
# pool1
pool1 = tf.nn.max_pool2d(
    conv1, 2, 2, padding="VALID")
# conv2
kernel2 = tf.Variable(weights[2])
bias2 = tf.Variable(weights[3])
conv2 = tf.nn.relu(bias2 + tf.nn.conv2d(
    pool1, kernel2, 1, padding="VALID"))
# gap
gap = tf.reduce_mean(conv2, axis=[1, 2])
# dog
kernel3 = tf.Variable(weights[4])
bias3 = tf.Variable(weights[5])
dog = tf.sigmoid(gap @ kernel3 + bias3)
# model
# answer
answer = dog
