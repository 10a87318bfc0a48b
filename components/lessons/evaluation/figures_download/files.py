"""What a network said about every photo as CSV, all figures as JSON, and the scikit-learn lines that make them."""

import csv
import io
import json
from dataclasses import asdict
from typing import TypedDict

import numpy as np

from components.networks.names import network_of
from models.datasets.spelling import shown
from models.evaluation import figures
from models.evaluation.multiclass import (
    ClassFigures,
    DefinedFigures,
    counted,
    curves_of_class,
    predicted_classes,
    report,
)
from models.evaluation.stored_scores import Judged

CSV_NAME = "evaluation.csv"
YES, NO = "yes", "no"

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""How a cell begins that spreadsheets compute, whoever named the file or the folder."""


def answers(judged: Judged, threshold: float) -> np.ndarray:
    """Return the predicted class of every photo, int (n,).

    With two classes, the second is predicted where its probability is above the threshold, as in Keras's
    `BinaryAccuracy`; with more, the most probable one, and if several are equal, the first.
    """
    if len(judged.classes) == 2:
        # In float64, like the CSV's digits: in float32, a threshold of 0.1 would be another number.
        return (judged.probabilities[:, 1].astype(np.float64) > threshold).astype(np.int64)
    return predicted_classes(judged.probabilities)


def photos_csv(judged: Judged, threshold: float, aside: frozenset[int] = frozenset()) -> str:
    """Return one line for each photo: name, true and predicted class, every probability, whether it is set aside.

    Probabilities have enough digits to be read back exactly, so that they give the same figures. A name that a
    spreadsheet would take for a formula has an apostrophe before it.
    """
    text = io.StringIO()
    # All texts are in quotation marks: where a semicolon separates cells, one in a name would begin another cell.
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    classes = list(map(as_cell, judged.classes))
    writer.writerow(["name", "true", "predicted", *(f"probability of {name}" for name in classes), "set aside"])
    predicted = answers(judged, threshold).tolist()
    probabilities = judged.probabilities.astype(np.float64).tolist()
    for place, name in enumerate(judged.names):
        true, answer = classes[int(judged.labels[place])], classes[predicted[place]]
        writer.writerow([as_cell(name), true, answer, *probabilities[place], YES if place in aside else NO])
    return text.getvalue()


def as_cell(name: str) -> str:
    """Return a name as the CSV has it: as text that no spreadsheet computes."""
    text = shown(name)
    return f"'{text}" if text.lstrip().startswith(_FORMULAS) else text


def figures_json(judged: Judged, threshold: float, aside: frozenset[int] = frozenset()) -> str:
    """Return all figures of the photos that count as JSON.

    Figures that are 0 / 0, such as recall and average precision of a class without photos, are null. Points of a curve
    that lie on the straight line between their neighbours are left out, as in scikit-learn with
    `drop_intermediate=True`.

    Raises:
        ValueError: every photo is set aside.
    """
    places = counted(len(judged.labels), aside)
    labels, probabilities = judged.labels[places], judged.probabilities[places].astype(np.float64)
    classes = tuple(map(shown, judged.classes))
    found = figures(labels, probabilities, classes, threshold=threshold)
    averages = report(np.array(found["confusion_matrix"]))
    everything = {
        "network": shown(network_of(judged.network)),
        "weights_sha256": judged.weights,
        "dataset": shown(judged.dataset),
        "part": judged.part,
        "set_aside": [shown(judged.names[place]) for place in sorted(aside) if 0 <= place < len(judged.names)],
        **found,
        "averages": {
            "macro": _plain(averages.macro, averages.defined),
            "micro": _plain(averages.micro),
            "weighted": _plain(averages.weighted, averages.defined),
        },
        "curves": {
            name: _curves(labels, probabilities, number)
            for number, name in enumerate(classes)
            if len(classes) > 2 or number == 1
        },
    }
    return json.dumps(everything, allow_nan=False, ensure_ascii=False, indent=1) + "\n"


class Average(TypedDict):
    """Figures of all classes together; None if there is none to average over.

    "classes" says over how many classes each of the three is a mean: those in which it has a value. It is None where
    all photos are counted together.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    classes: dict[str, int] | None


def _plain(one: ClassFigures, over: DefinedFigures | None = None) -> Average:
    return {
        "precision": one.precision,
        "recall": one.recall,
        "f1": one.f1,
        "classes": asdict(over) if over is not None else None,
    }


class CurveFigures(TypedDict):
    """What `_curves` returns."""

    average_precision: float | None
    precision: list[float]
    recall: list[float]
    roc_auc: float | None
    false_positive_rate: list[float]
    true_positive_rate: list[float]


def _curves(labels: np.ndarray, probabilities: np.ndarray, number: int) -> CurveFigures:
    found = curves_of_class(labels, probabilities, number)
    return {
        "average_precision": found.average_precision,
        "precision": found.precision.tolist(),
        "recall": found.recall.tolist(),
        "roc_auc": found.auc,
        "false_positive_rate": found.false_positive_rate.tolist(),
        "true_positive_rate": found.true_positive_rate.tolist(),
    }


def scikit_lines(judged: Judged, threshold: float, aside: frozenset[int] = frozenset()) -> str:
    """Return a Python program that makes the figures from the CSV beside it. A test runs it as it stands."""
    classes = json.dumps(list(map(as_cell, judged.classes)), ensure_ascii=False, allow_nan=False)
    present = set(judged.labels[counted(len(judged.labels), aside)].tolist())
    named = ["average_precision_score", "classification_report", "confusion_matrix"]
    if len(judged.classes) == 2:
        predicted = f"np.where(y_score[:, 1] > {float(threshold)!r}, classes[1], classes[0])"
        areas = ["positive, score = y_true == classes[1], y_score[:, 1]"]
        if 1 in present:
            areas.append('print("average precision", average_precision_score(positive, score))')
        else:  # no photo of the second class: neither area has a value
            named.remove("average_precision_score")
        if present == {0, 1}:
            named.append("roc_auc_score")
            areas.append('print("area under ROC", roc_auc_score(positive, score))')
        areas = areas if len(areas) > 1 else []
    else:
        predicted = "np.array(classes)[y_score.argmax(axis=1)]"
        areas = [
            "for number, name in enumerate(classes):",
            "    if name in y_true:",
            "        positive, score = y_true == name, y_score[:, number]",
            "        area = average_precision_score(positive, score)",
            '        print("average precision", name, area)',
        ]
    return "\n".join(
        [
            "import csv",
            "",
            "import numpy as np",
            "from sklearn.metrics import (",
            *(f"    {name}," for name in named),
            ")",
            "",
            f'with open("{CSV_NAME}", newline="", encoding="utf-8-sig") as file:',
            f'    photos = [row for row in csv.DictReader(file) if row["set aside"] == "{NO}"]',
            f"classes = {classes}",
            'columns = [f"probability of {name}" for name in classes]',
            'y_true = np.array([row["true"] for row in photos])',
            "y_score = np.array([[float(row[name]) for name in columns] for row in photos])",
            f"y_pred = {predicted}",
            "",
            "print(confusion_matrix(y_true, y_pred, labels=classes))",
            "print(",
            "    classification_report(",
            "        y_true, y_pred, labels=classes, digits=4, zero_division=np.nan",
            "    )",
            ")",
            *areas,
            "",
        ]
    )
