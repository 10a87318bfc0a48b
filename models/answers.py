"""What the answering worker answers, question by question.

The functions that compute it and the pages that read it are held to these types. Plain data and arrays only, no
TensorFlow; what a key means stands with the function.
"""

from typing import Literal, NotRequired, TypedDict

import numpy as np

from models.pictures.resize import Resize

# A photo and a network: models.networks -------------------------------------------------------------------------------


class Named(TypedDict):
    """A network's prediction for one photo; see `models.networks.inference.predict`."""

    classes: list[str]
    probabilities: list[float]
    top: list[tuple[str, float]]


class Prediction(Named):
    """What `models.networks.inference.predict` returns."""

    network: str


_HasClass = TypedDict("_HasClass", {"class": str})  # in this syntax, because `class` is a keyword


class LayerParameters(_HasClass):
    """The number of a layer's parameters."""

    name: str
    parameters: int


class LayerDescription(LayerParameters):
    """A layer or an operation of a network. "shape" leaves out the batch."""

    shape: list[int]
    inputs: list[str]


class ReceptiveField(TypedDict):
    """A receptive field along one axis; see `models.networks.network_map.receptive.Field`."""

    size: int
    step: int
    start: int


class MapLayer(LayerDescription):
    """A layer of the network map; "low", "high" and "strength" are float32 (channels,)."""

    block: str
    field: ReceptiveField | None
    low: np.ndarray
    high: np.ndarray
    strength: np.ndarray


class NetworkMap(Prediction):
    """What `models.networks.network_map.network_map` returns."""

    side: int
    resize: Resize
    square: np.ndarray
    layers: list[MapLayer]


class Settings(TypedDict, total=False):
    """A layer's settings. A layer has those that its kind knows."""

    stride: int
    padding: Literal["valid", "same"]
    dilation: int
    pool: str
    size: int
    activation: str
    max_value: float
    scale: float
    offset: float


class Normalisation(TypedDict):
    """What a batch normalisation uses to normalise one feature map."""

    gamma: float
    beta: float
    mean: float
    variance: float
    epsilon: float


class Contribution(TypedDict):
    """An input map of another map, and how much it matters there."""

    layer: str
    channel: int
    strength: float


class MapOrigin(TypedDict):
    """What `models.networks.network_map.map_origin` returns."""

    kind: str
    inputs: list[str]
    settings: Settings
    filter: np.ndarray | None
    bias: float
    weights: np.ndarray | None
    norm: Normalisation | None
    partials: np.ndarray | None
    contributions: list[Contribution]


class DenseLayer(Prediction):
    """What `models.networks.dense_layer.dense_layer` returns."""

    layer: str
    unit: int
    units: int
    activation: str
    last: bool
    x: np.ndarray
    source: str
    weights: np.ndarray
    biases: np.ndarray
    logits: np.ndarray
    output: float
    maps: str
    maps_shape: tuple[int, ...]
    parameters: list[LayerParameters]
    side: int
    square: np.ndarray


class DenseRows(TypedDict):
    """What `models.networks.dense_layer.dense_rows` returns."""

    kernel: np.ndarray
    maps: np.ndarray


# A network and many pictures: models.evaluation -----------------------------------------------------------------------


class JudgingTurn(TypedDict):
    """What `models.evaluation.scoring.judge` returns after each turn."""

    finished: bool
    done: int
    total: int
    weights: str
    dataset: str
    part: str
    pictures: str


class JudgedPhotos(TypedDict):
    """What `models.evaluation.scoring.judge_photos` returns."""

    network: str
    weights: str
    classes: tuple[str, ...]
    side: int
    resize: Resize
    places: np.ndarray
    labels: np.ndarray
    probabilities: np.ndarray
    features: np.ndarray
    names: tuple[str, ...]
    skipped: int


_HasClassNumber = TypedDict("_HasClassNumber", {"class": int})


class Heatmap(_HasClassNumber):
    """What `models.evaluation.heatmap.heatmap` returns."""

    map: np.ndarray
    peak: float
    layer: str
    side: int
    resize: Resize
    name: str
    score: float


class Look(Named):
    """A network's prediction for a photo, its features, and a heatmap of where it looked."""

    features: np.ndarray
    heatmap: Heatmap | None
    no_heatmap: str


class CloseLook(Look):
    """What `models.evaluation.heatmap.look_closely` returns."""

    network: str


# A dataset: models.survey ---------------------------------------------------------------------------------------------


class SurveyTurn(TypedDict):
    """What `models.survey.survey` returns while it is unfinished."""

    finished: Literal[False]
    done: int
    total: int


class PictureFacts(TypedDict):
    """Facts about pictures that need no network; see `models.survey.survey`."""

    sizes: np.ndarray
    brightness: np.ndarray
    twins: list[tuple[str, list[int]]]


class SurveyFindings(PictureFacts):
    """The facts, and a digest of the pictures that they belong to."""

    pictures: str
    files: bool


class Survey(SurveyFindings):
    """What `models.survey.survey` returns when it is finished."""

    finished: Literal[True]
    done: int
    total: int


# Experiments: models.experiments --------------------------------------------------------------------------------------


class PairSide(TypedDict):
    """How a network with one of two endings learned. None stands for NaN or infinity."""

    loss: list[float | None]
    accuracy: list[float]
    lowest: float | None
    highest: float | None
    sum_low: float | None
    sum_high: float | None


class PairComparison(TypedDict):
    """What `models.experiments.output_pairs.compare_pairs` returns."""

    trained: int
    held_out: int
    right: PairSide
    wrong: PairSide


class HookCall(TypedDict):
    """One call of a callback's method."""

    hook: str
    number: int | None
    epoch: int | None
    by: str
    logs: dict[str, float]
    milliseconds: float
    printed: NotRequired[str]
    bytes: NotRequired[int]
    stopped: NotRequired[bool]


class HookRecording(TypedDict):
    """What `models.experiments.hook_recorder.record_hooks` returns."""

    calls: list[HookCall]


class TimedBatch(TypedDict):
    """How long batches of one size took, in seconds."""

    size: int
    seconds: list[float]
    rate: float


class BatchTiming(TypedDict):
    """What `models.experiments.batch_timing.time_batches` returns."""

    pictures: int
    repeats: int
    shape: list[int]
    batches: list[TimedBatch]
    difference: float


class ComparedOutputs(TypedDict):
    """The outputs of the three programs in one step."""

    shape: list[int]
    place: list[int]
    values: list[float]
    difference: float
    maps: np.ndarray


class ProgramStep(ComparedOutputs):
    """A step of the three programs: its outputs and its number of parameters."""

    name: str
    parameters: int


class ProgramsRun(TypedDict):
    """What `models.experiments.three_programs.running.run_programs` returns."""

    answers: list[float]
    steps: list[ProgramStep]
    summaries: list[str]


class Installation(TypedDict):
    """What `models.experiments.three_programs.running.installation` returns."""

    versions: list[tuple[str, str]]
    devices: list[tuple[str, str, str]]
    cuda: str
    cudnn: str
    backend: str
    same: bool
