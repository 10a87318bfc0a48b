"""The Keras program of a run, in the course's eight steps: it runs as it stands, and gives the run's own losses."""

from collections.abc import Sequence
from typing import NamedTuple

from models import datasets, zoo
from models.runs.config import RunConfig

WIDTH = 80
"""Longest line, in characters, unless a value is longer."""

TITLES = {
    "data": "Prepare the data",
    "model": "Choose a model",
    "optimizer": "Optimizer",
    "objective": "Objective",
    "compile": "Compile",
    "metrics": "Metrics",
    "launch": "Launch",
    "save": "Save",
}
"""Key of each step → its title, in order."""

OPTIMIZER_CLASSES = {
    "sgd": "SGD",
    "nesterov": "SGD",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
    "rmsprop": "RMSprop",
    "adam": "Adam",
}
"""Name of an optimizer in `RunConfig` → its class in `keras.optimizers`."""

EVALUATION_BATCH = 128
"""Batch size of the validation, as in `models.training.session`."""

FEATURES_BATCH = 32
"""Batch size of the frozen base, as in `models.training.features`."""


class ProgramStep(NamedTuple):
    """One of the eight steps.

    Attributes:
        number: from 1.
        key: "data", "model" …
        title: for people.
        lines: lines of code, without line ends. The lines of all steps in a row are the program.
    """

    number: int
    key: str
    title: str
    lines: tuple[str, ...]


def program(
    config: RunConfig, *, classes: Sequence[str] = (), train: int | None = None, validation: int | None = None
) -> list[ProgramStep]:
    """Return the Keras program that does the same as a run with these values.

    It is run in this project's folder, from which it takes data and network; everything else is plain Keras. On one
    device it gives the run's losses: it has the same seed, order, augmentation, first weights and arithmetic. A
    visitor's own photos are in no file, so the program for them reads a folder that the reader fills in. If the run
    trains a head on features that are computed once, so does the program: otherwise the last digits would differ.

    Args:
        config: the run's values.
        classes: names of the data's classes; empty if they are not known yet.
        train: number of training pictures; None if it is not known yet.
        validation: number of validation pictures; None if it is not known yet.
    """
    classes = [_in_a_remark(name) for name in classes]
    listed = {
        "data": _data(config, classes, train, validation),
        "model": [*_model(config), *(_features(config, validation) if config.features_once else [])],
        "optimizer": _optimizer(config),
        "objective": _objective(config, classes),
        "compile": _compile(config),
        "metrics": _metrics(config, validation),
        "launch": _launch(config, validation),
        "save": ['model.save("last.keras")', 'print("loss of each epoch:", history.history["loss"])'],
    }
    steps = []
    for number, (key, title) in enumerate(TITLES.items(), start=1):
        indent = "    " if key == "metrics" else ""  # inside the call of `compile`
        heading = f"{indent}# {number}  {title}"
        after = [] if key in ("compile", "save") else [""]
        steps.append(ProgramStep(number, key, title, (heading, *listed[key], *after)))
    return steps


def as_text(steps: list[ProgramStep]) -> str:
    """Return the whole program as the text of a file."""
    return "\n".join(line for step in steps for line in step.lines) + "\n"


def _data(config: RunConfig, classes: Sequence[str], train: int | None, validation: int | None) -> list[str]:
    exact = config.deterministic
    changed = {name: value for name, value in vars(config.augmentation).items() if value}
    lines = ["# Run it in the course's folder: data and network come from there."]
    lines += ["import dataclasses"] if config.features_once else []
    lines += ["import math", "", "import keras"]
    lines += ["import tensorflow as tf"] if exact is not False else []
    lines += ["", "from models import datasets"]
    lines += ["from models.datasets.batches import Augmentation"] if changed else []
    lines.append("from models.datasets.pipeline import evaluation_pipeline, training_pipeline")
    lines += ["from models.zoo import assembly", ""]
    lines.append(f"keras.utils.set_random_seed({config.seed})  # the same seed, the same training")
    if exact:
        lines.append("tf.config.experimental.enable_op_determinism()")
    elif exact is None:
        lines.append('if not tf.config.list_physical_devices("GPU"):')
        lines.append("    tf.config.experimental.enable_op_determinism()")
    if config.precision != "float32":
        lines.append(f'keras.config.set_dtype_policy("{config.precision}")')
    lines.append("")
    name = config.dataset
    if name.partition(":")[0] == "photos":
        name = "folder:PATH"
        lines.append("# Your own photos: a folder that holds one folder for each class.")
    resize = zoo.info(config.network).resize
    options = [f"side={config.resolved_side}"] + ([f'resize="{resize}"'] if resize != "squash" else [])
    lines += _call("data = datasets.load", [_quoted(name), *options])
    lines += _with_remark("classes = len(data.classes)", f"{len(classes)}: {', '.join(classes)}" if classes else "")
    lines += _with_remark(
        f"steps_per_epoch = math.ceil(len(data.train) / {config.batch_size})",
        f"{train:,} / {config.batch_size}, rounded up: {-(-train // config.batch_size):,}" if train else "",
    )
    if config.features_once:
        return lines
    arguments = _training("data.train", config)
    if changed:
        lines += _call("augmentation = Augmentation", [f"{name}={value!r}" for name, value in changed.items()])
        arguments += ["augmentation=augmentation", "maximum=data.maximum"]
    lines += _call("train = training_pipeline", arguments)
    return lines + _where_validated(config, validation, [_call("validation = evaluation_pipeline", _evaluation())])


def _training(part: str, config: RunConfig) -> list[str]:
    return [part, "classes", f"batch_size={config.batch_size}", f"seed={config.seed}"]


def _evaluation(part: str = "data.validation") -> list[str]:
    return [part, "classes", f"batch_size={EVALUATION_BATCH}"]


def _where_validated(config: RunConfig, validation: int | None, calls: list[list[str]]) -> list[str]:
    """Lines that make `validation`, if there are validation pictures."""
    if validation == 0:
        return []
    lines = [line for call in calls for line in call]
    if validation is None and not _has_validation(config):
        return ["validation = None", "if len(data.validation):", *(f"    {line}" for line in lines)]
    return lines


def _features(config: RunConfig, validation: int | None) -> list[str]:
    """Lines that run every picture through the base once and put the features in place of the pictures."""

    def seen(part: str) -> list[str]:
        batch = f"batch_size={FEATURES_BATCH}"
        return [
            *_call("pictures = evaluation_pipeline", [f"data.{part}", "classes", batch], width=WIDTH - 4),
            f"seen = dataclasses.replace(data.{part}, images=base.predict(pictures))",
        ]

    evaluation = _call("validation = evaluation_pipeline", _evaluation("seen"), width=WIDTH - 4)
    return [
        "",
        "# The base is frozen: it sees the same in every epoch, so it looks only once.",
        'base = keras.Model(model.input, model.get_layer("features").output)',
        "base.compile(jit_compile=False)",
        *seen("train"),
        *_call("train = training_pipeline", _training("seen", config)),
        *_where_validated(config, validation, [[*seen("validation"), *evaluation]]),
        "# What comes after it learns from that. Its layers are the model's own.",
        "inputs = keras.Input(base.output_shape[1:])",
        'answer = model.get_layer("answer")(model.get_layer("dropout")(inputs))',
        "head = keras.Model(inputs, answer)",
    ]


def _has_validation(config: RunConfig) -> bool:
    """Whether the dataset certainly has validation pictures. A folder may be too small to have any."""
    kind, _, argument = config.dataset.partition(":")
    return not datasets.info(kind).argument and kind != "photos" and "validation=0" not in argument.split(",")


def _model(config: RunConfig) -> list[str]:
    arguments = [
        _quoted(config.network),
        f"side={config.resolved_side}",
        "channels=data.channels",
        "classes=classes",
        "maximum=data.maximum",
    ]
    options = ", ".join(f"{_quoted(name)}: {value!r}" for name, value in config.network_options.items())
    lines = _call("model = assembly.build", [*arguments, *([f"options={{{options}}}"] if options else [])])
    if config.initial_weights:
        lines += [
            "",
            "# Begin with the weights of another training, wherever a layer fits.",
            *_call("before = keras.models.load_model", [_quoted(config.initial_weights), "compile=False"]),
            "weights = {layer.name: layer.get_weights() for layer in before.layers}",
            "for layer in model.layers:",
            "    new, own = weights.get(layer.name, []), layer.get_weights()",
            "    if [array.shape for array in new] == [array.shape for array in own]:",
            "        layer.set_weights(new)",
        ]
    return lines


def _optimizer(config: RunConfig) -> list[str]:
    rate = config.optimizer_settings["learning_rate"]
    lines: list[str] = []
    arguments = [f"learning_rate={rate!r}"]
    if config.schedule == "cosine":
        lines += [*_cosine(config, rate), *_continued(config)]
        arguments = ["learning_rate=learning_rate"]
    others = {name: value for name, value in config.optimizer_options.items() if name != "learning_rate"}
    if config.optimizer == "nesterov":
        others = {"momentum": config.optimizer_settings["momentum"], "nesterov": True}
    arguments += [f"{name}={value!r}" for name, value in others.items()]
    if config.weight_decay:
        arguments.append(f"weight_decay={config.weight_decay!r}")
    lines += _call(f"optimizer = keras.optimizers.{OPTIMIZER_CLASSES[config.optimizer]}", arguments)
    if config.weight_decay:
        lines.append('optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])')
    if config.precision == "mixed_float16":
        lines.append("optimizer = keras.optimizers.LossScaleOptimizer(optimizer)")
    return lines


def _cosine(config: RunConfig, rate: float) -> list[str]:
    variable = "first" if config.continuations else "learning_rate"
    name = f"{variable} = keras.optimizers.schedules.CosineDecay"
    end = config.schedule_epochs or config.epochs
    if not config.warmup_epochs:
        return _call(name, [repr(rate), f"decay_steps={end} * steps_per_epoch"])
    return [
        f"peak = {rate!r}",
        f"steps = {end} * steps_per_epoch",
        f"warmup_steps = min(round({config.warmup_epochs!r} * steps_per_epoch), steps - 1)",
        *_call(
            name,
            ["peak / 10", "decay_steps=steps - warmup_steps", "warmup_target=peak", "warmup_steps=warmup_steps"],
        ),
    ]


def _continued(config: RunConfig) -> list[str]:
    """Lines that put further schedules after the first one."""
    if not config.continuations:
        return []
    lines = ["later = [  # from which step on, and how"]
    for one in config.continuations:
        begin = f"{one.epoch} * steps_per_epoch"
        if one.end is None:
            lines.append(f"    ({begin}, lambda step: {one.learning_rate!r}),")
        else:
            arguments = f"{one.learning_rate!r}, {one.end - one.epoch} * steps_per_epoch"
            lines += [f"    ({begin},", f"     keras.optimizers.schedules.CosineDecay({arguments})),"]
    return [*lines, "]", "", "", *_CONTINUED]


_CONTINUED = [
    "class Continued(keras.optimizers.schedules.LearningRateSchedule):",
    '    """The first schedule, and the later ones from their steps on."""',
    "",
    "    def __call__(self, step):",
    "        rate = first(step)",
    "        for begin, then in later:",
    "            rate = keras.ops.where(step < begin, rate, then(step - begin))",
    "        return rate",
    "",
    "    def get_config(self):",
    "        return {}",
    "",
    "",
    "learning_rate = Continued()",
]


def _learner(config: RunConfig) -> str:
    """The variable of the model that is compiled and trained."""
    return "head" if config.features_once else "model"


def _compile(config: RunConfig) -> list[str]:
    remark = "  # on a processor, XLA makes convolutions slower"
    return [
        f"{_learner(config)}.compile(",
        "    optimizer=optimizer,",
        "    loss=loss,",
        f"    jit_compile=False,{remark}",
    ]


def _objective(config: RunConfig, classes: Sequence[str]) -> list[str]:
    smoothing = f"label_smoothing={config.label_smoothing!r}" if config.label_smoothing else ""
    two, more = (f"keras.losses.{kind}Crossentropy({smoothing})" for kind in ("Binary", "Categorical"))
    if not classes:
        return ["if classes == 2:", f"    loss = {two}", "else:", f"    loss = {more}"]
    if len(classes) == 2:
        return [f"# The network answers with one number: the probability of {classes[1]}.", f"loss = {two}"]
    return ["# The network answers with a probability for each class.", f"loss = {more}"]


def _metrics(config: RunConfig, validation: int | None) -> list[str]:
    lines = ['    metrics=["accuracy"],', ")"]
    if not config.keep_best:
        return lines
    return [*lines, f"monitor = {_monitor(config, config.monitor, validation)}"]


def _monitor(config: RunConfig, name: str, validation: int | None) -> str:
    """The figure to watch, as code. Without validation pictures, it is the training's own."""
    plain = name.removeprefix("val_")
    if validation == 0 or name == plain:
        return _quoted(plain)
    if validation is None and not _has_validation(config):
        return f"{_quoted(name)} if validation else {_quoted(plain)}"
    return _quoted(name)


def _launch(config: RunConfig, validation: int | None) -> list[str]:
    callbacks = []
    if config.tensorboard:
        callbacks += _call("keras.callbacks.TensorBoard", [_quoted("tensorboard"), "write_graph=False"], 4)
    lines: list[str] = []
    if config.keep_best:
        kind = "keras.callbacks.ModelCheckpoint"
        if config.features_once:
            lines += _BEST
            kind = "WholeModel"
        callbacks += _call(kind, [_quoted("best.keras"), "monitor=monitor", "save_best_only=True"], 4)
    stopping = config.early_stopping
    if stopping is not None:
        arguments = [f"monitor={_monitor(config, stopping.monitor, validation)}", f"patience={stopping.patience}"]
        arguments += [f"min_delta={stopping.min_delta!r}"] if stopping.min_delta else []
        arguments += ["restore_best_weights=True"] if stopping.restore_best_weights else []
        callbacks += _call("keras.callbacks.EarlyStopping", arguments, 4)
    lines += ["callbacks = [", *callbacks, "]"] if callbacks else []
    arguments = ["train", f"epochs={config.epochs}", "steps_per_epoch=steps_per_epoch"]
    arguments += [] if validation == 0 else ["validation_data=validation"]
    arguments += ["callbacks=callbacks"] if callbacks else []
    arguments.append(
        "shuffle=False"
    )  # Keras warns otherwise that it cannot shuffle such data: the batches are shuffled
    return lines + _call(f"history = {_learner(config)}.fit", arguments)


_BEST = [
    "class WholeModel(keras.callbacks.ModelCheckpoint):",
    '    """Keeps base and head together: a head alone answers for no photo."""',
    "",
    "    def set_model(self, _head):",
    "        super().set_model(model)",
    "",
    "",
]


def _call(name: str, arguments: list[str], indent: int = 0, *, width: int = WIDTH) -> list[str]:
    """A call as code: on one line if it fits, else with all arguments on the next line, else one argument a line.

    Inside a list (`indent`), it ends with a comma.
    """
    space, comma = " " * indent, "," if indent else ""
    line = f"{space}{name}({', '.join(arguments)}){comma}"
    if len(line) <= width:
        return [line]
    together = f"{space}    {', '.join(arguments)}"
    if len(together) <= width:
        return [f"{space}{name}(", together, f"{space}){comma}"]
    return [f"{space}{name}(", *(f"{space}    {argument}," for argument in arguments), f"{space}){comma}"]


def _with_remark(line: str, remark: str) -> list[str]:
    if not remark:
        return [line]
    together = f"{line}  # {remark}"
    return [together] if len(together) <= WIDTH else [f"# {remark}", line]


def _in_a_remark(text: str) -> str:
    """A class's name for a comment. It may be any folder's name, so nothing in it may end the comment."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()[:20] or "?"


def _quoted(text: str) -> str:
    """A text as code, in double quotes, as Python's formatters write it."""
    plain = repr(text)
    return f'"{text}"' if plain == f"'{text}'" and '"' not in text else plain
