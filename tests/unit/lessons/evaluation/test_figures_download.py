"""The downloads of /evaluation hold the page's figures, and the scikit-learn lines give them again."""

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from sklearn import metrics

from components.lessons.evaluation.figures_download import picture
from components.lessons.evaluation.figures_download.files import (
    CSV_NAME,
    answers,
    as_cell,
    figures_json,
    photos_csv,
    scikit_lines,
)
from components.lessons.evaluation.figures_download.pictures import Curve, curves_svg, matrix_svg
from models.evaluation import figures
from models.evaluation.multiclass import confusion, curves_of_class
from models.evaluation.stored_scores import Judged

PETS, THREE = ("cat", "dog"), ("NA", "1, 2", 'the "third" Hündin')
"""Two classes, and three with names that a careless CSV reader would misread."""


def judged(classes: tuple[str, ...] = PETS, count: int = 90, *, empty: int | None = None, seed: int = 1) -> Judged:
    """The scores of a mediocre network, coarse enough for ties."""
    random = np.random.default_rng(seed)
    used = [label for label in range(len(classes)) if label != empty]
    labels = random.choice(used, count)
    logits = random.integers(-3, 4, (count, len(classes))) / 2
    logits[np.arange(count), labels] += 1
    scores = np.exp(logits)
    return Judged(
        network="net <&>",
        weights="0" * 64,
        dataset="folder:/photos",
        part="test",
        pictures="1" * 64,
        side=96,
        resize="squash",
        classes=classes,
        labels=labels,
        probabilities=(scores / scores.sum(axis=1, keepdims=True)).astype(np.float32),
        names=tuple(f'b "{place}", Hündin.jpg' for place in range(count)),
        features=np.zeros((count, 1), np.float32),
        distances=np.zeros(0),
    )


ASIDE = frozenset({0, 7, 8})
KINDS = {"two": (judged(), 0.5), "two, 0.1": (judged(seed=5), 0.1), "three": (judged(THREE), 0.5)}
every_kind = pytest.mark.parametrize(("one", "threshold"), KINDS.values(), ids=KINDS)


def rest(one: Judged) -> np.ndarray:
    """Indices of the photos that are not set aside."""
    return np.array([place for place in range(len(one.labels)) if place not in ASIDE])


def test_names_that_are_no_text_are_written_with_a_sign():
    one = replace(judged(("ch\udce2ts", "dogs"), 12), names=tuple(f"caf\udce9 {n}\x1b.jpg" for n in range(12)))
    one = replace(one, dataset="folder:/Bilder\udcfc")
    lines = list(csv.DictReader(io.StringIO(photos_csv(one, 0.5, ASIDE).encode().decode())))
    assert [line["name"] for line in lines] == [f"caf\ufffd {n}\ufffd.jpg" for n in range(12)]
    assert {line["true"] for line in lines} == {"ch\ufffdts", "dogs"}
    assert "probability of ch\ufffdts" in lines[0]
    found = json.loads(figures_json(one, 0.5, ASIDE).encode())
    assert (found["dataset"], found["classes"]) == ("folder:/Bilder\ufffd", ["ch\ufffdts", "dogs"])
    assert found["set_aside"][0] == "caf\ufffd 0\ufffd.jpg"
    assert 'classes = ["ch\ufffdts", "dogs"]' in scikit_lines(one, 0.5, ASIDE).encode().decode()
    assert "ch\ufffdts" in picture(one, 0.5, ASIDE, "matrix").encode().decode()
    picture(one, 0.5, ASIDE, "curves").encode()


FORMULAS = ("=1+1", "+49 30", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =HYPERLINK(1)", "＝1")


@pytest.mark.parametrize("name", FORMULAS)
def test_no_cell_of_the_csv_is_a_formula(name):
    one = replace(judged((name, "dogs"), 12), names=tuple(f"{name};=2 {n}.jpg" for n in range(12)))
    text = photos_csv(one, 0.5, ASIDE)
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 13
    # With semicolons between cells, as in a German spreadsheet, too: a name's own ones begin no cell.
    for cells in (*rows, *csv.reader(io.StringIO(text), delimiter=";")):
        for cell in cells:
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "＝")), cell
    assert name.strip()[-1] in rows[1][0]
    [told] = [line for line in scikit_lines(one, 0.5, ASIDE).splitlines() if line.startswith("classes = ")]
    classes = json.loads(told.removeprefix("classes = "))
    assert {row[1] for row in rows[1:]} == set(classes)
    assert rows[0][3:5] == [f"probability of {kind}" for kind in classes]


@pytest.mark.parametrize("name", ["cat", "1, 2", "a=b", "x-1", "Hündin", "7"])
def test_other_names_are_in_the_csv_as_they_are(name):
    assert as_cell(name) == name


@every_kind
def test_the_csv_has_a_line_for_every_photo_with_all_digits(one, threshold):
    lines = list(csv.DictReader(io.StringIO(photos_csv(one, threshold, ASIDE))))
    assert [line["name"] for line in lines] == list(one.names)
    assert [line["true"] for line in lines] == [one.classes[label] for label in one.labels]
    assert [line["set aside"] for line in lines] == ["yes" if place in ASIDE else "no" for place in range(len(lines))]
    assert [line["predicted"] for line in lines] == [one.classes[answer] for answer in answers(one, threshold)]
    for number, name in enumerate(one.classes):
        read = np.array([float(line[f"probability of {name}"]) for line in lines])
        assert np.array_equal(read, one.probabilities[:, number].astype(np.float64))


def test_a_probability_at_the_threshold_is_not_above_it():
    one = replace(
        judged(count=3),
        probabilities=np.array([[0.5, 0.5], [0.9, np.float32(0.1)], [0.4, 0.6]], np.float32),
        labels=np.array([0, 1, 1]),
    )
    assert answers(one, 0.5).tolist() == [0, 0, 1]
    # float32(0.1) is a little more than 0.1.
    assert answers(one, 0.1).tolist() == [1, 1, 1]


@every_kind
def test_the_json_has_the_figures_of_the_photos_that_count(one, threshold):
    found = json.loads(figures_json(one, threshold, ASIDE))
    kept = rest(one)
    labels, probabilities = one.labels[kept], one.probabilities[kept].astype(np.float64)
    expected = figures(labels, probabilities, one.classes, threshold=threshold)
    assert {name: found[name] for name in expected} == expected
    assert found["set_aside"] == [one.names[place] for place in sorted(ASIDE)]
    assert (found["network"], found["dataset"], found["part"]) == ("net <&>", "folder:/photos", "test")
    predicted = answers(one, threshold)[kept]
    for name in ("macro", "weighted", "micro"):
        sklearns = metrics.precision_recall_fscore_support(labels, predicted, average=name, zero_division=np.nan)
        assert [found["averages"][name][figure] for figure in ("precision", "recall", "f1")] == list(sklearns[:3])
        over = None if name == "micro" else dict.fromkeys(("precision", "recall", "f1"), len(one.classes))
        assert found["averages"][name]["classes"] == over
    assert list(found["curves"]) == (list(one.classes) if len(one.classes) > 2 else ["dog"])
    for name, curves in found["curves"].items():
        number = one.classes.index(name)
        is_class, scores = labels == number, probabilities[:, number]
        assert curves["roc_auc"] == metrics.roc_auc_score(is_class, scores)
        assert metrics.auc(curves["false_positive_rate"], curves["true_positive_rate"]) == pytest.approx(
            curves["roc_auc"]
        )
        assert curves["average_precision"] == metrics.average_precision_score(is_class, scores)
        assert curves["recall"][0] == 1


def test_what_has_no_value_is_null():
    found = json.loads(figures_json(judged(THREE, empty=1), 0.5))
    assert found["curves"]["1, 2"]["average_precision"] is None
    assert found["curves"]["1, 2"]["roc_auc"] is None
    assert found["per_class"][1]["recall"] is None
    assert found["averages"]["macro"]["classes"] == {"precision": 3, "recall": 2, "f1": 3}
    found = json.loads(figures_json(judged(empty=0), 0.5))
    assert found["curves"]["dog"]["roc_auc"] is None
    with pytest.raises(ValueError, match="at least one picture"):
        figures_json(judged(count=2), 0.5, frozenset({0, 1}))


LINES_CASES = {
    **KINDS,
    "no cats": (judged(empty=0), 0.5),
    "no dogs": (judged(empty=1), 0.3),
    "a class without photos": (judged(THREE, empty=2), 0.5),
}

RUN_EACH = """
import contextlib, io, json, os, runpy, sys
printed = {}
for folder in sys.argv[1:]:
    os.chdir(folder)
    with contextlib.redirect_stdout(io.StringIO()) as output:
        runpy.run_path("lines.py", run_name="__main__")
    printed[os.path.basename(folder)] = output.getvalue()
print(json.dumps(printed))
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> dict[str, str]:
    """What the lines of each case print. All run in one process, which imports scikit-learn once."""
    root = tmp_path_factory.mktemp("lines")
    for case, (one, threshold) in LINES_CASES.items():
        (root / case).mkdir()
        (root / case / CSV_NAME).write_bytes(photos_csv(one, threshold, ASIDE).encode("utf-8-sig"))
        (root / case / "lines.py").write_text(scikit_lines(one, threshold, ASIDE), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "utf8", "-c", RUN_EACH, *(str(root / case) for case in LINES_CASES)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.mark.parametrize("case", LINES_CASES)
def test_the_scikit_learn_lines_run_as_shown_and_give_the_same_figures(case, printed):
    one, threshold = LINES_CASES[case]
    output = printed[case]
    found = json.loads(figures_json(one, threshold, ASIDE))
    assert str(np.array(found["confusion_matrix"])) in output
    for row in found["per_class"]:
        numbers = " ".join(in_report(row[figure]) for figure in ("precision", "recall", "f1"))
        assert metrics_line(row["class"], output) == f"{numbers} {row['support']}"
    for name, average in (("macro avg", "macro"), ("weighted avg", "weighted")):
        numbers = " ".join(in_report(found["averages"][average][figure]) for figure in ("precision", "recall", "f1"))
        assert metrics_line(name, output) == f"{numbers} {found['n']}"
    for name, curves in found["curves"].items():
        shown = f"average precision {name} " if len(one.classes) > 2 else "average precision "
        area, auc = curves["average_precision"], curves["roc_auc"]
        assert (f"{shown}{area}\n" in output) == (area is not None)
        if len(one.classes) == 2:
            assert (f"area under ROC {auc}\n" in output) == (auc is not None)


def in_report(figure: float | None) -> str:
    """A figure as scikit-learn's classification report writes it."""
    return "nan" if figure is None else f"{figure:.4f}"


def metrics_line(name: str, report: str) -> str:
    """The numbers after a name in a classification report."""
    lines = [line.strip() for line in report.splitlines()]
    return " ".join(next(line for line in lines if line.startswith(name))[len(name) :].split())


# Pictures -------------------------------------------------------------------------------------------------------------

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@every_kind
@pytest.mark.parametrize("name", ["matrix", "curves"])
def test_every_picture_is_an_svg_that_asks_nobody_for_anything(one, threshold, name):
    svg = picture(one, threshold, ASIDE, name)
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert float(root.get("width", 0)) > 300
    assert svg.count("http") == 1  # the format's namespace
    assert any("net <&>" in text for text in texts(svg))
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    for element in root.iter(f"{SVG}rect"):
        if element.get("width") != "100%":
            assert float(element.get("x", 0)) + float(element.get("width", 0)) <= width
            assert float(element.get("y", 0)) + float(element.get("height", 0)) <= height


@every_kind
def test_the_matrix_shows_its_counts_row_by_row(one, threshold):
    kept = rest(one)
    matrix = confusion(one.labels[kept], answers(one, threshold)[kept], len(one.classes))
    shown = [text for text in texts(picture(one, threshold, ASIDE, "matrix")) if text.isdecimal()]
    assert shown == [str(count) for count in matrix.ravel()]


def test_the_curves_tell_their_areas_and_those_that_are_not_drawn():
    one = judged(THREE, empty=1)
    shown = texts(picture(one, 0.5, frozenset(), "curves"))
    for number in (0, 2):
        found = curves_of_class(one.labels, one.probabilities, number)
        line = f"average precision {found.average_precision:.3f}, area under ROC {found.auc:.3f}"
        assert f"{THREE[number]}: {line}" in shown
    assert "Not drawn: 1 of 3 classes, which are better or have no photo." in shown


def test_of_many_classes_the_weakest_curves_are_drawn():
    names = tuple(f"class {number}" for number in range(12))
    one = judged(names, 400)
    lines = [Curve(name, curves_of_class(one.labels, one.probabilities, k)) for k, name in enumerate(names)]
    shown = [text.partition(":")[0] for text in texts(curves_svg(lines, "title")) if "average" in text]
    weakest = sorted(lines, key=lambda line: line.curves.average_precision or 0)[:8]
    assert shown == [line.name for line in lines if line in weakest]


def test_stairs_of_a_curve_enclose_its_average_precision():
    one = judged()
    svg = picture(one, 0.5, frozenset(), "curves")
    lines = ElementTree.fromstring(svg).findall(f"{SVG}polyline")
    first = next(line for line in lines if line.get("stroke-width") == "2.5")
    points = np.array([pair.split(",") for pair in first.get("points", "").split()], float)
    across, up = (points[:, 0] - 80) / 420, 1 - (points[:, 1] - 56) / 420
    area = -np.sum(np.diff(across) * up[:-1])
    found = curves_of_class(one.labels, one.probabilities, 1)
    assert area == pytest.approx(found.average_precision, abs=1e-3)


def test_a_hundred_classes_and_names_that_xml_cannot_write():
    random = np.random.default_rng(0)
    matrix = confusion(random.integers(0, 100, 5000), random.integers(0, 100, 5000), 100)
    svg = matrix_svg(matrix, [f"\x01class\ud800 {number}" for number in range(100)], "a \x00 title ]]> & more")
    root = ElementTree.fromstring(svg)
    filled = [element for element in root.iter(f"{SVG}rect") if element.get("fill", "").startswith("rgb")]
    assert len(filled) == np.count_nonzero(matrix) + 1
    assert "a � title ]]> & more" in texts(svg)
    small = matrix_svg(np.eye(2, dtype=int), ["\x01cat", "dog\ud800"], "title")
    assert {"�cat", "dog�"} <= set(texts(small))
