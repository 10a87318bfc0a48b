"""The words of the stopping chart; the browser only fills in numbers."""

from components.browser import Texts
from components.player import TRANSPORT_TEXTS

CHOICES = {
    "figure": [["loss", "loss"], ["accuracy", "accuracy"]],
    "monitor": [["val_loss", "val_loss"], ["val_accuracy", "val_accuracy"], ["loss", "loss"]],
}

TEXTS: Texts = {
    "picture": "Curves of training and validation by epoch, with the best epoch, the stop and the saved epochs. Click "
    "or drag to choose how many epochs have ended.",
    "training": "training",
    "validation": "validation",
    "epoch": "epoch",
    "stop-line": "stop",
    "best-mark": "best",
    "saved-mark": "▲ saved",
    "untrained": "faint: never trained",
    "reached": "After epoch {epoch}: {monitor} = {value}. {wait}",
    "improved": "The best so far.",
    "waiting": "Epochs without improvement: {wait} of {patience}.",
    "stopped": "Stops after epoch {last} of {count}. That saves {saved}.",
    "not-stopped": "Never stops: all {count} epochs are trained.",
    "best": "Best epoch for EarlyStopping: {best}.",
    "ends-restored": "You end with the weights of epoch {kept}, the best one: validation accuracy {accuracy} %.",
    "ends-last": "You end with the weights of epoch {kept}, the last one: validation accuracy {accuracy} %.",
    "cost": "The whole run’s highest is {top} % (epoch {top_epoch}). Cost: {cost} percentage points.",
    "kept-best": "ModelCheckpoint saves {times}; the file then holds epoch {file}.",
    "kept-all": "ModelCheckpoint saves after every epoch; the file then holds epoch {file}.",
    "one-epoch": "1 epoch",
    "epochs": "{number} epochs",
    "once": "once",
    "times": "{number} times",
    "figure": "Show",
    "monitor": "monitor",
    "patience": "patience",
    "min-delta": "min_delta",
    "restore": "restore_best_weights",
    "best-only": "save_best_only",
    "player": {**TRANSPORT_TEXTS, "position": "Epoch", "count": "epoch {position} of {count}"},
}
