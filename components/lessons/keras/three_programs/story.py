"""The words around the three programs: how keras and tf.keras came together, and lines to try."""

SUMMARY = (
    "Keras prints this for a model that is whole. None is the batch: any number of photos. Bare TensorFlow has nothing "
    "to print, because it knows no layers."
)
TWO_PROJECTS = (
    "“Keras and tf.keras are two separate projects”: many slides and answers on the web say so. It was true from 2017 "
    "to 2020, and again for some months from November 2023. Since TensorFlow 2.16 (March 2024) tf.keras is Keras 3."
)

STORY = [
    ["2015", "François Chollet publishes Keras. It computes with Theano, and soon with TensorFlow, too.", "keras"],
    [
        "2017",
        "TensorFlow gets a Keras of its own, tf.keras. From now on there are two projects with the same interface.",
        "keras or tf.keras",
    ],
    [
        "2019",
        "In TensorFlow 2.0, tf.keras is the official interface. Keras 2.3 is the last of the old line that runs on "
        "several backends.",
        "tf.keras",
    ],
    ["2020", "Keras 2.4: the package keras only hands you tf.keras.", "keras or tf.keras"],
    [
        "2021",
        "Keras 2.6: the code moves back into the package keras, and tf.keras hands you that.",
        "keras or tf.keras",
    ],
    [
        "November 2023",
        "Keras 3, written anew: one interface that runs on TensorFlow, JAX or PyTorch. For some months tf.keras is "
        "still Keras 2, so once more there are two.",
        "keras (3) or tf.keras (2)",
    ],
    [
        "March 2024",
        "TensorFlow 2.16: tf.keras is Keras 3. The old Keras 2 lives on as the package tf_keras, for programs that "
        "need it.",
        "keras or tf.keras",
    ],
]

KERAS_LINES = """import keras
import tensorflow as tf

print("TensorFlow", tf.__version__, "· Keras", keras.__version__)
print("Keras computes with", keras.config.backend())
print("tf.keras is Keras:", tf.keras.Model is keras.Model)
print(tf.config.list_physical_devices())

model = keras.Sequential([
    keras.Input((64, 64, 3)),
    keras.layers.Conv2D(24, 5, strides=2, activation="relu"),
    keras.layers.GlobalAveragePooling2D(),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.summary()
"""

KERAS_WORDS = (
    "Ask your own installation. To run the same lines on another backend, install JAX or PyTorch and set the "
    "environment variable KERAS_BACKEND to “jax” or “torch” before Python starts: no line changes but those that name "
    "TensorFlow."
)
