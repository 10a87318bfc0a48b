"""The words of the stopping chart; the browser only fills in numbers."""

from math import log

from components.browser import Texts
from components.player import TRANSPORT_TEXTS

CHOICES = {
    "figure": [["loss", "loss"], ["accuracy", "accuracy"]],
    "monitor": [["val_loss", "val_loss"], ["val_accuracy", "val_accuracy"], ["loss", "loss"]],
}

TEXTS: Texts = {
    "why": "Why does the loss rise so much, and the accuracy fall so little?",
    "code": "These two callbacks in Keras",
    "picture": "Curves of training and validation by epoch, with the best epoch, the stop and the saved epochs. Click "
    "or drag to choose how many epochs have ended.",
    "training": "training",
    "validation": "validation",
    "epoch": "epoch",
    "stop-line": "stop",
    "best-mark": "best",
    "saved-mark": "saved",
    "untrained": "faint: not trained",
    "others": "thin: other seeds",
    "reached": "After epoch {epoch}: {monitor} = {value}. {wait}",
    "improved": "The best so far.",
    "waiting": "Epochs without improvement: {wait} of {patience}.",
    "stopped": "Stops after epoch {last} of {count}. That saves {saved}.",
    "not-stopped": "Never stops: the whole run is trained, {all}.",
    "ends-restored": "You keep the weights of epoch {kept}, the best one.",
    "ends-last": "You keep the weights of epoch {kept}, the last one trained; the best one was epoch {best}.",
    "test": "On {pictures} test photos, which neither training nor stop saw: {accuracy}\u00a0% right "
    "({low} to {high}\u00a0%), loss {loss}.",
    "test-end": "Without a stop, after epoch {count}: {accuracy}\u00a0% right ({low} to {high}\u00a0%), loss {loss}.",
    "same-end": "That is the end of the run.",
    "overlap": "The 95\u00a0% intervals overlap: so small a difference in accuracy may be chance.",
    "won": "The 95\u00a0% intervals lie apart: the stop made the network more accurate.",
    "lost": "The 95\u00a0% intervals lie apart: the stop cost accuracy.",
    "no-test": "This run was not measured on test pictures after every epoch, so what a stop costs or saves cannot be "
    "said: the validation pictures chose the epoch, and may not judge it as well.",
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

WHY = (
    "After epoch {best}, the validation loss rises from {loss} to {last_loss}, while the validation accuracy goes from "
    "{accuracy}\u00a0% to {last_accuracy}\u00a0%. The loss also counts how sure the network is: with "
    f"two classes, a wrong prediction of 60\u00a0% costs {-log(1 - 0.6):.1f}, and one of 99\u00a0% costs "
    f"{-log(1 - 0.99):.1f}. Wrong predictions that get surer raise the loss, even if no more predictions are wrong."
)
"""Said below a run whose validation loss ends above its lowest."""
