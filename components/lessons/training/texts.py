"""Words of the training page that depend on a run."""

from models.runs.run_directory import RunDirectory, RunError

FORMULA = """<mtable columnalign="left"><mtr><mtd><mtext>steps per epoch</mtext><mo>=</mo><mo>⌈</mo><mfrac>
<mtext>photos</mtext><mtext>batch size</mtext></mfrac><mo>⌉</mo></mtd></mtr><mtr><mtd><mtext>updates</mtext><mo>=</mo>
<mtext>steps per epoch</mtext><mo>·</mo><mtext>epochs</mtext></mtd></mtr></mtable>"""

FORMULA_WORDS = (
    "The brackets round up: a last batch that is not full is a batch, too. After each batch the optimizer updates the "
    "weights once. Larger batches mean fewer updates in an epoch, each from a steadier gradient."
)

FINE_TUNING = """import keras

pets = keras.models.load_model("models/weights/efficientnet-lite0-pets.keras")
base = keras.Model(pets.input, pets.get_layer("features").output)
base.trainable = False                    # frozen: it keeps what it knows

inputs = keras.Input((224, 224, 3))
features = base(inputs, training=False)   # 1,280 numbers for each photo
features = keras.layers.Dropout(0.2)(features)
outputs = keras.layers.Dense(3, activation="softmax")(features)
model = keras.Model(inputs, outputs)      # new: only this last layer learns

model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model.summary()"""

FINE_TUNING_WORDS = (
    "Fine-tuning for three new classes, with a network that comes with this course: its old answer is cut off, the "
    "base is frozen, and one new layer learns. Afterwards the base's last layers may be thawed, with a small learning "
    "rate. training=False keeps the base's batch normalisation at what its own training taught it."
)

NOTICE = (
    "The training curve is measured while the weights move, the validation curve after the epoch, on pictures that "
    "were never trained on. Where they part, the network learns its pictures by heart.",
    "The thin line jumps: every batch holds other pictures. That is the noise in “stochastic” gradient descent.",
    "After a pulled plug the curve continues as if nothing had happened: weights, optimizer, the order of the "
    "pictures, Dropout's random numbers and the running means were all in the checkpoint. Train the same run once more "
    "without pulling the plug: every digit agrees.",
    "The best epoch is often not the last one. That is why both are kept.",
    "Loss and accuracy are different questions: a network can become surer of its right answers, so that the loss "
    "falls while no further picture changes sides.",
)


def learning_words(run: RunDirectory) -> str:
    """Return how many parameters of a run's network are trained and how many are frozen, or "" before it has begun."""
    machine = run.machine()
    learn, others = machine.get("trainable_parameters"), machine.get("non_trainable_parameters")
    if learn is None or others is None:
        return ""
    frozen = machine.get("layers_frozen") or []
    if not frozen:
        kept = f" ({others:,} more are running means and variances: measured, not learned.)" if others else ""
        return f"All layers learn: {learn:,} weights.{kept}"
    names = ", ".join(machine.get("layers_learning", [])[:8])
    many = len(machine.get("layers_learning", []))
    words = f"{learn:,} weights learn, in {'the layer' if many == 1 else f'{many} layers'} {names}"
    words += "…" if many > 8 else ""
    words += f"; the {others:,} numbers of {len(frozen)} layers, from {frozen[0]} to {frozen[-1]}, are frozen."
    return f"{words} {_looking_words(run)}".rstrip()


def _looking_words(run: RunDirectory) -> str:
    """Return how often a run's frozen layers see a picture, if only its last layer is trained; "" for other runs."""
    machine = run.machine()
    if machine.get("features_once") is True:
        return (
            "The frozen layers look at every picture once; each epoch trains the answer on what they saw, and its "
            "figures are those of the whole network."
        )
    try:
        config = run.config()
    except RunError:
        return ""
    if machine.get("layers_learning") == ["answer"] and config.augmentation.changes:
        return "Every picture is changed anew in each epoch, so that the frozen layers have to look at it each time."
    return ""
