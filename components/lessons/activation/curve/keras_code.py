"""The Keras program that computes value and slope at the very input on the page."""

from components.lessons.activation.curve.scene import LIMIT, STEP, CurveScene

WORDS = "These lines compute value and slope at the input above. In a layer it is one word, as in the last line."


def keras_code(scene: CurveScene) -> str:
    """Return Python lines that end with `value` (1, outputs) and `slope` (outputs,): 3 outputs for softmax, else 1."""
    x = round(scene.position * STEP - LIMIT, 2) + 0.0
    if scene.activation == "softmax":
        numbers = f"{x:g}, {scene.second:g}, {scene.third:g}"
        layer = "Dense(3"
        slope = """# The slope of each output by its own input is on the diagonal.
slopes = tape.jacobian(value, x)[0, :, 0, :]
slope = tf.linalg.diag_part(slopes)"""
    else:
        numbers = f"{x:g}"
        layer = "Conv2D(32, 3"
        slope = "slope = tape.gradient(value, x)[0]"
    return f"""import keras
import tensorflow as tf

x = tf.constant([[{numbers}]], dtype="float64")

with tf.GradientTape() as tape:
    tape.watch(x)
    value = keras.activations.{scene.activation}(x)
{slope}
print(value[0].numpy(), slope.numpy())

layer = keras.layers.{layer}, activation="{scene.activation}")
"""
