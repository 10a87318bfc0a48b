"""What the answering worker does: it keeps networks warm and answers in plain data, never with an exception."""

import importlib
from typing import Any

from models.storage import without_paths

QUESTIONS = {
    "predict": "models.networks.inference",
    "warm_up": "models.networks.inference",
    "network_map": "models.networks.network_map",
    "small_maps": "models.networks.network_map",
    "layer_maps": "models.networks.network_map",
    "layer_filters": "models.networks.network_map",
    "map_origin": "models.networks.network_map",
    "dense_layer": "models.networks.dense_layer",
    "dense_rows": "models.networks.dense_layer",
    "compare_pairs": "models.experiments.output_pairs",
    "record_hooks": "models.experiments.hook_recorder",
    "survey": "models.survey",
    "judge": "models.evaluation.scoring",
    "judge_photos": "models.evaluation.scoring",
    "heatmap": "models.evaluation.heatmap",
    "look_closely": "models.evaluation.heatmap",
    "time_batches": "models.experiments.batch_timing",
    "run_programs": "models.experiments.three_programs.running",
    "installation": "models.experiments.three_programs.running",
}
"""Question → the module whose function answers it. By its name only: the web process imports this file to send the
function below, and never loads Keras."""


def answer(name: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    """Call a function of `models.networks.inference` in this worker.

    Args:
        name: one of `QUESTIONS`, and the name of the function that answers it.
        arguments: its arguments.

    Returns:
        (True, what it returned), or (False, a sentence that says why there is no answer). An exception object would
        need TensorFlow on the other side, which must not load it.
    """
    try:
        return True, getattr(importlib.import_module(QUESTIONS[name]), name)(*arguments)
    except ValueError as error:
        return False, str(error)
    except Exception as error:
        return False, f"The network could not answer ({type(error).__name__}: {without_paths(error)[:300]})."
