"""Where Keras's own callbacks end a training whose figures are known, and which epochs they keep."""

from typing import Any

import keras


class Model:
    """The parts of a model that the callbacks use."""

    def __init__(self) -> None:
        self.stop_training = False
        self.saved: list[str] = []

    def save(self, path: str, overwrite: bool = True) -> None:
        self.saved.append(path)


def by_keras(case: dict[str, Any]) -> dict[str, Any]:
    """Give Keras's callbacks the figures, epoch by epoch.

    Args:
        case: "values" (one for each epoch), "patience", "minDelta", "maximise" and "bestOnly", as rule.js takes them.

    Returns:
        "stop", the expected result of earlyStopping in rule.js, and "kept", that of keptEpochs, for all values.
    """
    mode = "max" if case["maximise"] else "min"
    stopping = keras.callbacks.EarlyStopping("figure", min_delta=case["minDelta"], patience=case["patience"], mode=mode)
    checkpoint = keras.callbacks.ModelCheckpoint("{epoch}.keras", "figure", save_best_only=case["bestOnly"], mode=mode)
    stopped, saving = Model(), Model()
    stopping.set_model(stopped)
    stopping.on_train_begin()
    checkpoint.set_model(saving)
    last = 0
    for last, value in enumerate(case["values"]):
        stopping.on_epoch_end(last, {"figure": value})
        if stopped.stop_training:
            break
    for epoch, value in enumerate(case["values"]):
        checkpoint.on_epoch_end(epoch, {"figure": value})
    stop = {
        "last": last,
        "stopped": stopped.stop_training,
        "best": int(stopping.best_epoch),
        "wait": stopping.wait,
    }
    return {"stop": stop, "kept": [int(path.removesuffix(".keras")) - 1 for path in saving.saved]}
