"""The Keras program of a recorded fit, as a visitor would write it: it runs as it stands."""

from components.lessons.callbacks.hook_timeline.scene import HookScene
from models.experiments.hook_plan import BATCH, INPUTS, UNITS, VALIDATION_STEPS

WORDS = "This is the fit above. The method's name says when Keras calls it: write the one for the moment that you want."


def keras_code(scene: HookScene) -> str:
    """Return a program that fits the network of `hook_recorder.record_hooks` with the visitor's callback."""
    number = "epoch, " if "epoch" in scene.hook else "batch, " if "batch" in scene.hook else ""
    act = {
        "none": f'print("{scene.hook}")',
        "print": f'print("Here I am: {scene.hook}", {{name: round(float(value), 4) '
        "for name, value in (logs or {}).items()})",
        "stop": "self.model.stop_training = True",
        "save": 'self.model.save("mine.keras")',
    }[scene.action]
    validation = ""
    data = ""
    if scene.validation:
        data = (
            f'x_val = rng.normal(size=({BATCH * VALIDATION_STEPS}, {INPUTS})).astype("float32")\n'
            'y_val = (x_val.sum(axis=1) > 0).astype("float32")\n'
        )
        validation = "validation_data=(x_val, y_val), "
    return (
        "import keras\n"
        "import numpy as np\n"
        "\n"
        "keras.utils.set_random_seed(1)\n"
        "rng = np.random.default_rng(1)\n"
        f'x = rng.normal(size=({BATCH * scene.steps}, {INPUTS})).astype("float32")\n'
        'y = (x.sum(axis=1) > 0).astype("float32")\n'
        f"{data}"
        "\n"
        "class Mine(keras.callbacks.Callback):\n"
        f"    def {scene.hook}(self, {number}logs=None):\n"
        f"        {act}\n"
        "\n"
        "model = keras.Sequential([\n"
        f"    keras.Input(({INPUTS},)),\n"
        f'    keras.layers.Dense({UNITS}, "relu"),\n'
        '    keras.layers.Dense(1, "sigmoid"),\n'
        "])\n"
        'model.compile(optimizer="sgd", loss="binary_crossentropy")\n'
        f"model.fit(x, y, batch_size={BATCH}, epochs={scene.epochs}, {validation}callbacks=[Mine()], verbose=0)\n"
    )
