"""Words of the training page that depend on a run."""

from models.figures import number_of
from models.runs.run_directory import RunDirectory, RunError
from models.runs.schedule import rate_words

FORMULA = """<mtable columnalign="left"><mtr><mtd><mtext>steps per epoch</mtext><mo>=</mo><mo>⌈</mo><mfrac>
<mtext>photos</mtext><mtext>batch size</mtext></mfrac><mo>⌉</mo></mtd></mtr><mtr><mtd><mtext>updates</mtext><mo>=</mo>
<mtext>steps per epoch</mtext><mo>·</mo><mtext>epochs</mtext></mtd></mtr></mtable>"""

FORMULA_WORDS = (
    "The brackets round up: a last batch that is not full is a batch, too. After each batch the optimizer updates the "
    "weights once. Larger batches mean fewer updates in an epoch, each from a steadier gradient."
)

FINE_TUNING = """import keras

pets = keras.models.load_model(
    "models/weights/efficientnet-lite0-pets.keras"
)
base = keras.Model(pets.input, pets.get_layer("features").output)
base.trainable = False  # frozen: it keeps what it knows

inputs = keras.Input((224, 224, 3))
features = base(inputs, training=False)  # 1,280 numbers a photo
features = keras.layers.Dropout(0.2)(features)
outputs = keras.layers.Dense(3, activation="softmax")(features)
model = keras.Model(inputs, outputs)  # new: only this layer learns

model.compile(
    optimizer="adam",
    loss="categorical_crossentropy",
    metrics=["accuracy"],
)
model.summary()"""

FINE_TUNING_WORDS = (
    "Transfer learning for three new classes, with a network that comes with this course: the output layer is "
    "replaced, the base is frozen, and only the new layer is trained. This is often called fine-tuning. Strictly, it "
    "is feature extraction: fine-tuning begins when layers of the base are unfrozen (trainable = True) and trained on "
    "with a small learning rate. training=False keeps the base's batch normalisation at the statistics of its own "
    "training."
)

NOTICE = (
    "The training curve is measured while the weights change, the validation curve after the epoch, on pictures that "
    "were never trained on. Where the training loss goes on falling and the validation loss rises, the network "
    "memorises its training pictures: it overfits.",
    "The order of the pictures comes from the seed: the same run has the same batches again.",
    "The thin line jumps: every batch holds other pictures. That is the noise in “stochastic” gradient descent.",
    "After a pulled plug the curve continues as if nothing had happened: weights, optimizer, the order of the "
    "pictures, Dropout's random numbers and the running means were all in the checkpoint. Train the same run once more "
    "without pulling the plug: every digit agrees.",
    "The best epoch is often not the last one. That is why the networks of both are saved.",
    "Loss and accuracy measure different things: a network can become surer of predictions that were right already. "
    "Then the loss falls, and the accuracy stays as it is.",
)


def learning_words(run: RunDirectory) -> str:
    """Return how many parameters of a run's network are trained and how many are frozen, or "" before it has begun."""
    machine = run.machine()
    learn, others = machine.get("trainable_parameters"), machine.get("non_trainable_parameters")
    if learn is None or others is None:
        return ""
    frozen = machine.get("layers_frozen") or []
    if not frozen:
        kept = f" ({others:,} more are running means and variances: measured, not trained.)" if others else ""
        return f"All layers are trained: {number_of(learn, 'weight')}.{kept}{_rate_words(run)}"
    names = ", ".join(machine.get("layers_learning", [])[:8])
    many = len(machine.get("layers_learning", []))
    words = f"{number_of(learn, 'weight')} of {'the layer' if many == 1 else f'{many} layers,'} {names}"
    words += "…" if many > 8 else ""
    words += f", {'is' if learn == 1 else 'are'} trained; the {number_of(others, 'number')} of "
    layers = f"{len(frozen)} layers, from {frozen[0]} to {frozen[-1]}," if len(frozen) > 1 else f"the layer {frozen[0]}"
    words += f"{layers} are frozen."
    return f"{words} {_looking_words(run)}".rstrip() + _rate_words(run)


def _rate_words(run: RunDirectory) -> str:
    """Return a sentence on a learning rate that changes, after a blank; "" for a constant one."""
    try:
        config = run.config()
    except RunError:
        return ""
    return "" if config.schedule == "constant" else f" {rate_words(config)}"


def _looking_words(run: RunDirectory) -> str:
    """Return how often a run's frozen layers see a picture, if only its last layer is trained; "" for other runs."""
    machine = run.machine()
    if machine.get("features_once") is True:
        return (
            "The frozen layers compute the features of every picture once; each epoch trains the output layer on them, "
            "and its figures are those of the whole network."
        )
    try:
        config = run.config()
    except RunError:
        return ""
    if machine.get("layers_learning") == ["answer"] and config.augmentation.changes:
        return "Every picture is augmented anew in each epoch, so its features are computed each time."
    return ""
