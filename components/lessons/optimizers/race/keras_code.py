"""The Keras program that takes the very steps of one optimizer on the page."""

from components.lessons.optimizers.race.scene import RUNNERS, RaceScene
from models.arithmetic.loss_surfaces import BATCH_SEED, BATCH_SIZE, DIGITS, HALVES_SCALE
from models.arithmetic.optimizer_updates import RULES

WORDS = (
    "These lines take the steps of the chosen optimizer above, from your start, with your learning rate and, with "
    "batches on, with the very same batches."
)

_LOSSES = {
    "bowl": "    return x**2 + 2 * y**2",
    "ravine": "    return x**2 + 50 * y**2",
    "beale": "    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2",
    "saddle": "    return (x**2 / 4 - 1) ** 2 + y**2",
    "digits": "    logits = x * left[pictures] + y * right[pictures]\n"
    "    losses = keras.losses.binary_crossentropy(labels[pictures, None], logits[:, None], from_logits=True)\n"
    "    return keras.ops.mean(losses)",
}

_DATA = f"""
from sklearn.datasets import load_digits

digits = load_digits()
chosen = (digits.target == {DIGITS[0]}) | (digits.target == {DIGITS[1]})
ink = (digits.images[chosen] / 16).astype("float32")
left = {HALVES_SCALE} * ink[:, :, :4].mean(axis=(1, 2))
right = {HALVES_SCALE} * ink[:, :, 4:].mean(axis=(1, 2))
labels = (digits.target[chosen] == {DIGITS[1]}).astype("float32")
"""


def keras_code(scene: RaceScene) -> str:
    """Return Python lines that end with the variables x and y after the scene's number of steps."""
    rule = RULES[RUNNERS[scene.optimizer]]
    arguments = [f"learning_rate={float(scene.rates[scene.optimizer])!r}"]
    arguments += [f"{name}={value}" for name, value in rule.options.items()]
    real = scene.surface == "digits"
    data = _DATA if real else ""
    argument = "pictures=slice(None)" if real else ""
    generator = f"generator = np.random.default_rng({BATCH_SEED})\n" if scene.noise else ""
    draw = f"    batch = generator.choice(len(labels), {BATCH_SIZE}, replace=False)\n" if scene.noise else ""
    batch = "batch" if scene.noise else ""
    return f"""import keras
{"import numpy as np" + chr(10) if scene.noise else ""}import tensorflow as tf
{data}
x = keras.Variable({scene.x:.6g}, dtype="float32")
y = keras.Variable({scene.y:.6g}, dtype="float32")


def loss({argument}):
{_LOSSES[scene.surface]}


optimizer = keras.optimizers.{rule.keras}({", ".join(arguments)})
{generator}for step in range({scene.position}):
{draw}    with tf.GradientTape() as tape:
        value = loss({batch})
    gradients = tape.gradient(value, [x.value, y.value])
    optimizer.apply(gradients, [x, y])
print(float(x), float(y), float(loss()))
"""
