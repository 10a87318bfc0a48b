"""What the answering worker can be asked, and how it answers: in plain data, never with an exception."""

import importlib
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from models import answers
from models.storage import without_paths

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Question(Generic[Answer]):
    """A question, typed by its answer; see `models.answers`.

    The function that answers is given by its name only: the web process imports this file and never loads Keras.

    Attributes:
        module: where the function is that answers.
        name: the function's name.
    """

    module: str
    name: str


PREDICT: Question[answers.Prediction] = Question("models.networks.inference", "predict")
WARM_UP: Question[None] = Question("models.networks.inference", "warm_up")
NETWORK_MAP: Question[answers.NetworkMap] = Question("models.networks.network_map", "network_map")
SMALL_MAPS: Question[dict[str, np.ndarray]] = Question("models.networks.network_map", "small_maps")
LAYER_MAPS: Question[np.ndarray] = Question("models.networks.network_map", "layer_maps")
LAYER_FILTERS: Question[np.ndarray | None] = Question("models.networks.network_map", "layer_filters")
MAP_ORIGIN: Question[answers.MapOrigin] = Question("models.networks.network_map", "map_origin")
DENSE_LAYER: Question[answers.DenseLayer] = Question("models.networks.dense_layer", "dense_layer")
DENSE_ROWS: Question[answers.DenseRows] = Question("models.networks.dense_layer", "dense_rows")
JUDGE: Question[answers.JudgingTurn] = Question("models.evaluation.scoring", "judge")
JUDGE_PHOTOS: Question[answers.JudgedPhotos] = Question("models.evaluation.scoring", "judge_photos")
HEATMAP: Question[answers.Heatmap] = Question("models.evaluation.heatmap", "heatmap")
LOOK_CLOSELY: Question[answers.CloseLook] = Question("models.evaluation.heatmap", "look_closely")
SURVEY: Question[answers.SurveyTurn | answers.Survey] = Question("models.survey", "survey")
COMPARE_PAIRS: Question[answers.PairComparison] = Question("models.experiments.output_pairs", "compare_pairs")
RECORD_HOOKS: Question[answers.HookRecording] = Question("models.experiments.hook_recorder", "record_hooks")
TIME_BATCHES: Question[answers.BatchTiming] = Question("models.experiments.batch_timing", "time_batches")
RUN_PROGRAMS: Question[answers.ProgramsRun] = Question("models.experiments.three_programs.running", "run_programs")
INSTALLATION: Question[answers.Installation] = Question("models.experiments.three_programs.running", "installation")


def answer(question: Question[Any], arguments: tuple[Any, ...], number: str, seconds: float) -> tuple[bool, Any]:
    """Answer a question in this worker.

    Args:
        question: one of those above.
        arguments: for the function that answers it.
        number: tells this question from all others.
        seconds: the answer may take.

    Returns:
        (True, the function's result), or (False, a sentence that says why there is no answer). To unpickle an exception
        of TensorFlow's, the web process would have to load TensorFlow.
    """
    from models.engine.turns import TurnError, turn

    try:
        with turn(number, seconds):
            return computed(question, arguments)
    except TurnError as error:
        return False, str(error)


def computed(question: Question[Any], arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    """Compute the answer to a question in this process; see `answer`."""
    try:
        return True, getattr(importlib.import_module(question.module), question.name)(*arguments)
    except ValueError as error:
        return False, str(error)
    except Exception as error:  # noqa: BLE001 - text reaches the page, never a class of TensorFlow
        return False, f"The network could not answer ({type(error).__name__}: {without_paths(error)[:300]})."
