"""class_matrix, score_tables and compared_networks: what the browser is sent, and what is said in words."""

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn import metrics

from components.browser import encode_message
from components.lessons.evaluation import class_matrix, compared_networks
from components.lessons.evaluation.class_matrix import Photos
from components.lessons.evaluation.class_matrix import class_matrix as draw_matrix
from components.lessons.evaluation.class_matrix.scene import MatrixScene
from components.lessons.evaluation.compared_networks.verdict import changes, percent, verdict
from components.lessons.evaluation.score_charts import precision_recall_figure, roc_figure
from components.lessons.evaluation.score_tables import ClassesScene, in_sorted_order, table
from models.evaluation.multiclass import confusion, curves_of_class, photos_in, predicted_classes, report
from models.evaluation.stored_scores import Judged

CLASSES = ("cat", "dog", "hare")


def decode(text: str, kind: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), kind)


def answers(count: int = 60, classes: int = 3, seed: int = 2) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    labels = random.integers(0, classes, count)
    probabilities = random.dirichlet(np.ones(classes) / 2, count)
    probabilities[np.arange(count), labels] += 0.4
    return labels, (probabilities / probabilities.sum(axis=1, keepdims=True)).astype(np.float32)


# The matrix -----------------------------------------------------------------------------------------------------------


def test_the_browser_finds_every_cells_photos_by_the_counts():
    labels, probabilities = answers()
    aside = frozenset({4, 9})
    sent = class_matrix.payload(Photos(labels, probabilities, CLASSES, aside))
    counts, places, sure = (
        decode(text, kind) for text, kind in ((sent["counts"], "<i4"), (sent["places"], "<i4"), (sent["percent"], "u1"))
    )
    kept = [place for place in range(60) if place not in aside]
    assert counts.sum() == len(places) == len(sure) == 58
    expected = metrics.confusion_matrix(labels[kept], predicted_classes(probabilities)[kept], labels=[0, 1, 2])
    assert np.array_equal(counts.reshape(3, 3), expected)
    begin = 0
    for cell, count in enumerate(counts):
        inside = places[begin : begin + count]
        assert inside.tolist() == photos_in(divmod(cell, 3), labels, probabilities, aside).tolist()
        assert sure[begin : begin + count].tolist() == [int(100 * probabilities[place, cell % 3]) for place in inside]
        begin += count
    assert [pair[2] for pair in sent["pairs"]] == sorted(expected[~np.eye(3, dtype=bool)], reverse=True)


def test_only_certainty_is_a_hundred_percent():
    sure = np.array([0.99996, 0.9999999, 1.0, 0.83, 0.29], np.float32)
    probabilities = np.stack([sure, 1 - sure], axis=1)
    sent = class_matrix.payload(Photos(np.zeros(5, int), probabilities, ("cat", "dog"), mine=np.array([0.2, 0.8])))
    # In the order of the cells: those called cat by probability, then the one called dog (0.71).
    assert decode(sent["percent"], "u1").tolist() == [100, 99, 99, 83, 71]
    assert sent["mine"] == {"predicted": 1, "percent": 80}


def test_a_network_that_reads_digits_has_no_row_for_a_pet():
    digits = tuple("0123456789")
    found = Photos(np.zeros(0, int), np.zeros((0, 10), np.float32), digits, mine=np.eye(10)[1])
    assert "for a photo of a pet, no row is right" in class_matrix.payload(found)["texts"]["mine"]
    animals = Photos(np.zeros(0, int), np.zeros((0, 3), np.float32), CLASSES, mine=np.eye(3)[1])
    assert "Only you know which row is its own" in class_matrix.payload(animals)["texts"]["mine"]


def test_no_photo_and_many_photos_can_be_sent():
    nothing = class_matrix.payload(Photos(np.zeros(0, int), np.zeros((0, 3), np.float32), CLASSES))
    assert decode(nothing["counts"], "<i4").tolist() == [0] * 9
    assert nothing["pairs"] == []
    labels, probabilities = answers(25_000, 100)
    names = tuple(f"breed {number}" for number in range(100))
    assert len(encode_message(class_matrix.payload(Photos(labels, probabilities, names)))) < 400_000


def test_what_does_not_fit_is_refused():
    labels, probabilities = answers()
    with pytest.raises(ValueError, match="2 to 100 classes, not 101"):
        draw_matrix(labels, np.zeros((60, 101)), ["x"] * 101, thumbnail=str, subject="")
    with pytest.raises(ValueError, match="do not go with"):
        draw_matrix(labels, probabilities, CLASSES[:2], thumbnail=str, subject="")


@pytest.mark.parametrize(
    ("params", "cell"),
    [({}, None), ({"position": "1"}, (0, 0)), ({"position": "6"}, (1, 2)), ({"position": "9"}, (2, 2)),
     ({"position": "10"}, None), ({"position": "-4"}, None), ({"position": "x"}, None)],
)  # fmt: skip
def test_a_link_opens_a_cell_or_none(params, cell):
    assert MatrixScene.from_params(params).open_cell(3) == cell


def test_a_link_with_an_unknown_choice_shows_the_counts():
    scene = MatrixScene.from_params({"show": "column", "position": "3"})
    assert MatrixScene.from_params(scene.to_params()) == scene
    assert MatrixScene.from_params({"show": "rows"}).show == "counts"
    assert ClassesScene.from_params({"sort": "f1", "of": "700"}) == ClassesScene("f1", 99)
    assert ClassesScene.from_params({"sort": "x", "of": "x"}) == ClassesScene()


# The table ------------------------------------------------------------------------------------------------------------


def test_the_table_shows_scikit_learns_report():
    labels, probabilities = answers()
    predicted = predicted_classes(probabilities)
    shown = table(report(confusion(labels, predicted, 3)), CLASSES)
    expected = metrics.classification_report(labels, predicted, target_names=CLASSES, output_dict=True)
    for name in (*CLASSES, "macro avg", "weighted avg"):
        row = shown[shown.index(f'<th scope="row">{name.removesuffix(" avg")}') :].partition("</tr>")[0]
        numbers = [f"{expected[name][figure]:.3f}" for figure in ("precision", "recall", "f1-score")]
        assert [number in row for number in numbers] == [True] * 3
        assert f">{expected[name]['support']:.0f}<" in row
    assert "0 / 0" not in shown


def test_what_is_undefined_is_said():
    shown = table(report(np.array([[3, 1, 0], [2, 2, 0], [0, 0, 0]])), ("cat", "<dog>", "hare"))
    assert "The network never predicts hare: that precision, –, is 0 / 0 and has no value." in shown
    assert "There is no picture of hare: that recall, –, is 0 / 0 and has no value." in shown
    assert "of 3 classes, precision is the mean of 2, recall of 2, F1 of 2." in shown
    assert shown.count(">–<") == 3
    # The mean is made over two classes, not over three.
    macro = shown[shown.index('<th scope="row">macro') :].partition("</tr>")[0]
    assert [f"{value:.3f}" in macro for value in ((3 / 5 + 2 / 3) / 2, (3 / 4 + 2 / 4) / 2)] == [True] * 2
    nothing = table(report(np.zeros((3, 3), int)), CLASSES)
    assert nothing.count(">–<") == 3 * 6
    assert "nan" not in shown + nothing
    assert "&lt;dog&gt;" in shown
    assert "<dog>" not in shown


def test_the_weakest_class_comes_first():
    figures = report(np.array([[9, 1, 0], [2, 2, 0], [0, 0, 5]]))
    assert in_sorted_order(figures, "class") == [0, 1, 2]
    assert in_sorted_order(figures, "recall") == [1, 0, 2]
    assert in_sorted_order(figures, "support") == [1, 2, 0]
    figures = report(np.array([[0, 0, 0], [0, 2, 2], [0, 0, 5]]))
    assert in_sorted_order(figures, "recall") == [1, 2, 0]  # what has no value is not the weakest
    assert in_sorted_order(figures, "support") == [0, 1, 2]


def test_the_charts_draw_the_curves_and_say_their_areas():
    labels, probabilities = answers()
    curves = curves_of_class(labels, probabilities, 1)
    precision = precision_recall_figure(curves, "dog", text_size=16)
    assert np.array_equal(precision.data[-1].x, curves.recall)
    assert np.array_equal(precision.data[-1].y, curves.precision)
    assert precision.data[-1].line.shape == "hv"
    area = metrics.average_precision_score(labels == 1, probabilities[:, 1])
    assert precision.layout.title.text == f"dog: average precision {area:.3f}"
    for line, f1 in zip(precision.data[:-1], (0.2, 0.4, 0.6, 0.8, 0.9), strict=True):
        assert 2 * line.x * line.y / (line.x + line.y) == pytest.approx(np.full(len(line.x), f1))
        assert (line.y <= 1 + 1e-12).all()
    roc = roc_figure(curves, "dog", text_size=16)
    assert np.array_equal(roc.data[-1].y, curves.true_positive_rate)
    assert roc.layout.title.text == f"dog: area under ROC {metrics.roc_auc_score(labels == 1, probabilities[:, 1]):.3f}"


# Two networks ---------------------------------------------------------------------------------------------------------


def judged(right: list[bool], classes: tuple[str, ...] = ("cat", "dog")) -> Judged:
    """A network that gets some photos right. The later a photo, the higher its probability."""
    count = len(right)
    labels = np.arange(count) % 2
    sure = 0.6 + 0.3 * np.arange(count) / count
    answer = np.where(right, labels, 1 - labels)
    probabilities = np.where(np.arange(2) == answer[:, None], sure[:, None], 1 - sure[:, None]).astype(np.float32)
    return Judged(
        "net", "0", "folder:/x", "test", "1", 96, "squash", classes, labels, probabilities,
        tuple(f"{place}.jpg" for place in range(count)), np.zeros((count, 1), np.float32), np.zeros(0),
    )  # fmt: skip


FIRST, SECOND = [True] * 12 + [False] * 5 + [True] * 3, [False] * 12 + [True] * 5 + [True] * 3
TITLES = ("the best epoch", "the last epoch")


def test_the_photos_that_changed_sides_come_surest_mistake_first():
    found = changes(judged(FIRST), judged(SECOND))
    assert found.lost.tolist() == list(reversed(range(12)))
    assert found.won.tolist() == [16, 15, 14, 13, 12]
    found = changes(judged(FIRST), judged(SECOND), frozenset({16, 0}))
    assert found.places[found.won].tolist() == [15, 14, 13, 12]
    assert found.places[found.lost].tolist() == list(reversed(range(1, 12)))


def test_what_chance_has_to_do_with_it_is_said():
    first, second, third = verdict(changes(judged(FIRST), judged(SECOND)), TITLES)
    assert first == (
        "The best epoch gets 15 of 20 pictures right: 75.0\u00a0%. The last epoch gets 8 right: 40.0\u00a0%. "
        "They differ by 35.0 percentage points."
    )
    # SciPy: binomtest(5, 17).pvalue = 0.1435
    assert second == (
        "12 pictures only the best epoch gets right, 5 pictures only the last epoch. If both were equally good, these "
        "17 pictures would fall to either side like coins: so uneven a split, or a more uneven one, comes by chance in "
        "14\u00a0% of cases."
    )
    assert third == "So this may well be chance: only more pictures can tell which is better."
    far = verdict(changes(judged([True] * 20), judged([False] * 20)), TITLES)
    assert "in fewer than 0.01\u00a0% of cases" in far[1]
    assert far[2] == "So chance alone hardly explains it: one is better on pictures like these."


def test_two_networks_are_compared_at_the_threshold_of_the_board():
    first, second = judged(FIRST), judged(SECOND)
    found = changes(first, second, threshold=0.8)
    for scores, labels, photos in ((first, second, found.lost), (second, first, found.won)):
        right, other = ((one.probabilities[:, 1] > 0.8) == one.labels for one in (scores, labels))
        assert sorted(photos) == np.flatnonzero(right & ~other).tolist()
    assert verdict(found, TITLES)[0].endswith("Both at the threshold of the board above, 0.8.")
    sent = compared_networks.payload(found, ("cat", "dog"), TITLES)
    matrix = metrics.confusion_matrix(first.labels, first.probabilities[:, 1] > 0.8)
    assert np.array_equal(decode(sent["counts"][0], "<i4").reshape(2, 2), matrix)


def test_equal_networks_one_photo_and_none():
    same = verdict(changes(judged(FIRST), judged(FIRST)), TITLES)
    assert same[0].endswith("They are equal.")
    assert same[1] == "Both get the very same pictures right: on these pictures, nothing tells them apart."
    one = verdict(changes(judged([True]), judged([False])), TITLES)
    assert one[1].startswith("1 picture only the best epoch gets right, no picture only the last epoch.")
    assert "this one picture would fall to either side like a coin" in one[1]
    assert "in 100\u00a0% of cases" in one[1]
    nothing = changes(judged([True]), judged([False]), frozenset({0}))
    assert verdict(nothing, TITLES) == ["There is no picture to compare them on."]
    sent = compared_networks.payload(nothing, ("cat", "dog"), TITLES)
    assert decode(sent["lost"]["places"], "<i4").size == 0


def test_networks_with_their_classes_in_another_order_are_compared():
    second = judged(SECOND)
    other = replace(
        second, classes=("dogs", "cats"), labels=1 - second.labels, probabilities=second.probabilities[:, ::-1]
    )
    plain, turned = changes(judged(FIRST), second), changes(judged(FIRST), other)
    assert np.array_equal(plain.second, turned.second)
    assert np.array_equal(plain.lost, turned.lost)
    sent = compared_networks.payload(turned, ("cat", "dog"), TITLES, photo=3)
    assert json.loads(encode_message(sent))["photo"] == 3
    expected = metrics.confusion_matrix(second.labels, predicted_classes(second.probabilities))
    assert decode(sent["counts"][1], "<i4").tolist() == expected.ravel().tolist()
    lost = sent["lost"]
    assert decode(lost["places"], "<i4").tolist() == list(reversed(range(12)))
    assert decode(lost["answers"], "u1").tolist() == [1 - place % 2 for place in reversed(range(12))]
    assert decode(lost["percent"], "u1").tolist() == [int(60 + 30 * place / 20 + 1e-4) for place in reversed(range(12))]


def test_what_cannot_be_compared_is_refused():
    one, other = judged(FIRST), judged(SECOND)
    with pytest.raises(ValueError, match="were not evaluated on the same pictures"):
        changes(one, judged(SECOND[:-1]))
    for classes in (("cat", "hare"), ("cat", "dog", "hare"), ("cat", "cats")):
        with pytest.raises(ValueError, match="do not have the same classes"):
            changes(one, replace(other, classes=classes))
    with pytest.raises(ValueError, match="labels differ"):
        changes(one, replace(other, labels=1 - other.labels))


@pytest.mark.parametrize(
    ("share", "words"),
    [(1.0, "100\u00a0%"), (0.1435, "14\u00a0%"), (0.0995, "10\u00a0%"), (0.0994, "9.9\u00a0%"),
     (0.01, "1.0\u00a0%"), (0.0099, "0.99\u00a0%"), (0.0001, "0.01\u00a0%"), (0.00009, "fewer than 0.01\u00a0%")],
)  # fmt: skip
def test_a_share_says_no_more_than_it_is_worth(share, words):
    assert percent(share) == words
