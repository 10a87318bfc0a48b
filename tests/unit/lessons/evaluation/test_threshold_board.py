"""The board of the threshold: what the browser is sent of it, its scenes, and scores that do not go together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.lessons.evaluation.threshold_board import Beside, payload, story
from components.lessons.evaluation.threshold_board.scene import ThresholdScene
from models.evaluation import thresholds as board


@pytest.mark.parametrize(
    ("classes", "palette"),
    [
        (("cat", "dog"), ["cat", "dog"]),
        (("Dogs", "Cats"), ["dog", "cat"]),
        (("cat", "{dog}"), ["negative", "positive"]),
        (("cat", "cats"), ["negative", "positive"]),
    ],
)
def test_cats_and_dogs_have_their_colours_whichever_is_positive(classes, palette):
    sent = payload(classes, Beside(), aside=frozenset(), key="board", supply="photos", subject="one")
    assert sent["palette"] == palette
    # In a sentence about one photo, it is a dog, whatever the network's class is called.
    assert sent["classes"] == (palette if "cat" in palette else list(classes))
    assert ("shelter" in sent["story"]) == ("cat" in palette)
    assert "{" not in sent["story"]


def test_the_story_says_which_mistake_is_worse_by_the_classes_in_their_order():
    assert "opens the room of the cats" in story(("cats", "dogs"))
    assert "A missed dog walks in among the cats" in story(("Cat", "Dog"))
    assert "A missed cat walks in among the dogs" in story(("dog", "cats"))
    assert "shelter" not in story(("3", "8"))


def test_the_board_is_told_whether_another_part_prices_its_threshold():
    scores = (np.array([0, 1]), np.array([0.2, 0.7], np.float32))
    for beside, part, other in [
        (Beside("validation", scores, "a note"), "validation", True),
        (Beside("test", None), "test", False),
        (Beside(mine=0.3, caution="Beware."), "", False),
    ]:
        sent = payload(("cat", "dog"), beside, aside=frozenset(), key="board", supply="photos", subject="one")
        assert (sent["part"], sent["other"], sent["note"]) == (part, other, beside.note)
        assert (sent["mine"], sent["caution"]) == (beside.mine, beside.caution)


def test_each_classs_photos_have_ranks_that_are_shuffled_and_always_the_same():
    labels = np.array([0] * 100 + [1] * 40)
    ranks = board.shuffled_ranks(labels)
    assert sorted(ranks[:100]) == list(range(100))
    assert sorted(ranks[100:]) == list(range(40))
    assert ranks[:100].tolist() != sorted(ranks[:100])
    np.testing.assert_array_equal(ranks, board.shuffled_ranks(labels.copy()))


@pytest.mark.parametrize(
    ("labels", "scores", "words"),
    [
        ([0, 1], [0.5], "one length"),
        ([0, 2], [0.5, 0.5], "Labels are 0"),
        ([0, 1], [0.5, 1.5], "from 0 to 1"),
        ([0, 1], [0.5, np.nan], "from 0 to 1"),
    ],
)
def test_what_does_not_go_together_is_refused(labels, scores, words):
    with pytest.raises(ValueError, match=words):
        board.check_scores(np.array(labels), np.array(scores))
    board.check_scores(np.zeros(0, int), np.zeros(0))


@given(st.floats(0, 1))
def test_a_threshold_comes_back_from_the_url_with_all_its_digits(threshold):
    params = ThresholdScene(threshold=threshold).to_params()
    assert ThresholdScene.from_params(params).threshold == threshold


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"threshold": "7"}, ThresholdScene(threshold=1.0)),
        ({"threshold": "nan"}, ThresholdScene()),
        ({"cell": "xx", "percent": "half", "cover": "maybe"}, ThresholdScene()),
        ({"missed": "-3", "positives": "0", "photo": "-9"}, ThresholdScene(missed=0.0, positives=1, photo=-1)),
        ({"cell": "fp", "cover": "on", "photo": "12"}, ThresholdScene(cell="fp", cover=True, photo=12)),
    ],
)
def test_no_link_breaks_the_board(params, expected):
    assert ThresholdScene.from_params(params) == expected
