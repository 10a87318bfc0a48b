"""One picture at a time and in batches: the same work, the same answers, and words that follow from the numbers."""

import numpy as np
import pytest

from components.lessons.deep_learning.batch_timing import drawn, words
from models.answers import BatchTiming, TimedBatch
from models.experiments.batch_timing import BATCHES, PICTURES, REPEATS, time_batches
from models.pictures.samples import sample


@pytest.fixture(scope="module")
def found() -> BatchTiming:
    return time_batches(sample("chelsea").pixels, "digits")


def test_every_size_is_timed_several_times_on_the_same_pictures(found):
    assert [batch["size"] for batch in found["batches"]] == list(BATCHES)
    for batch in found["batches"]:
        assert len(batch["seconds"]) == REPEATS
        assert min(batch["seconds"]) > 0
        assert batch["rate"] == pytest.approx(PICTURES / np.median(batch["seconds"]))
    assert all(PICTURES % size == 0 for size in BATCHES)
    assert found["shape"] == [8, 8, 1]


def test_a_batch_gives_the_same_answers(found):
    assert found["difference"] < 1e-5


def test_it_is_drawn_with_the_numbers_that_were_measured(found):
    page = drawn(found)
    for batch in found["batches"]:
        assert f'data-rate="{batch["rate"]!r}"' in page


@pytest.mark.parametrize(
    ("rate", "said"), [(400.0, "4.0 times as many"), (101.0, "gains next to nothing"), (50.0, "the batch is slower")]
)
def test_the_words_say_what_came_out_whichever_way(rate, said):
    one: TimedBatch = {"size": 1, "rate": 100.0, "seconds": []}
    batch: TimedBatch = {"size": 32, "rate": rate, "seconds": []}
    timing: BatchTiming = {"pictures": 32, "repeats": 5, "difference": 0.0, "shape": [], "batches": [one, batch]}
    assert said in words(timing, one, batch)


def test_another_network_is_refused():
    with pytest.raises(ValueError, match="to be timed"):
        time_batches(sample("chelsea").pixels, "toy")
