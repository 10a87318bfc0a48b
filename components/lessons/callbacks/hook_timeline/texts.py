"""The words of the timeline of hooks."""

from components.browser import Texts
from components.player import TRANSPORT_TEXTS

CHOICES = {
    "epochs": [["1", "1"], ["2", "2"], ["3", "3"], ["4", "4"]],
    "steps": [["1", "1"], ["2", "2"], ["3", "3"], ["4", "4"], ["5", "5"], ["6", "6"]],
    "action": [["none", "only watches"], ["print", "prints"], ["stop", "stops"], ["save", "saves"]],
}

TEXTS: Texts = {
    "title": "A real fit, call by call",
    "picture": "A training as nested bars: the whole fit, in it the epochs, in each epoch its batches, then "
    "validation. A marker stands at every call of a callback.",
    "train": "fit",
    "epoch": "epoch",
    "batch": "batch",
    "test": "validation",
    "mine": "yours",
    "code": "What runs now",
    "by-fit": "Called by model.fit, through its list of callbacks.",
    "by-evaluate": "Called by model.evaluate, which model.fit itself calls to validate.",
    "logs-none": "logs is empty here: Keras hands over figures only where something ends.",
    "logs": "logs holds {logs}.",
    "average": "A batch’s loss is the mean of the epoch’s batches so far.",
    "time": "{time} ms after the first call.",
    "printed": "Your callback printed: {printed}",
    "saved": "Your callback saved mine.keras: {bytes} bytes.",
    "stopped": "Your callback set model.stop_training = True.",
    "stopped-batch": "Your callback set model.stop_training = True. No further batch of this epoch begins.",
    "quiet": "Your callback does nothing here.",
    "epochs": "Epochs",
    "steps": "Steps per epoch",
    "validation": "Validation",
    "action": "Your callback",
    "hook": "in",
    "waiting": "Recording a new fit …",
    "player": {**TRANSPORT_TEXTS, "position": "Call", "count": "call {position} of {count}"},
}
