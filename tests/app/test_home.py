"""The home page: the course as one picture, with the photo and the network's answer to it."""

import math

import keras
import numpy as np
import pytest

from components.lessons.home.course_picture import BEFORE, STATIONS, _answer_picture, loss_of
from components.shell.course import COURSE


def test_every_lesson_stands_once_in_the_picture():
    paths = [path for path, _ in BEFORE] + [path for station in STATIONS for path, _ in station.parts]
    assert sorted(paths) == sorted(part.path for part in COURSE[1:])


def test_the_lessons_are_numbered_as_the_course_in_twelve_parts_is(visitor):
    numbers = [*(str(number) for number in range(1, 7)), "6b", *(str(number) for number in range(7, 13))]
    assert [part.number for part in COURSE[1:]] == numbers
    parts = {part.path: part.label for part in COURSE}
    assert parts["dense"].startswith("6b. ")
    assert (parts[""], parts["optimizers"], parts["evaluation"]) == ("Home", "9. Optimizers", "12. Evaluation")
    visitor.open("home")
    labels = [link.label for link in visitor.app.get("page_link")]
    for part in COURSE[1:]:
        own = [label for label in labels if label.startswith(f"{part.number}. ")]
        assert len(own) >= 2, f"{part.number} stands in the picture and on the map: {own}"
        assert part.label in own


@pytest.mark.parametrize("p", [0.01, 0.36, 0.64, 1.0])
def test_the_loss_in_the_picture_is_keras(p):
    keras_loss = float(keras.losses.binary_crossentropy(np.array([1.0]), np.array([p])))
    assert loss_of(p) == pytest.approx(keras_loss, abs=1e-5)


def test_percentages_are_written_as_everywhere_else():
    drawn = _answer_picture(("cat", 0.6404), ("dog", 0.3596))
    assert ">64.0\u00a0%</b>" in drawn
    assert ">36.0\u00a0%</b>" in drawn


def test_an_impossible_answer_has_a_finite_loss():
    assert math.isfinite(loss_of(0.0))


def test_a_tick_stands_where_the_visitor_has_been(visitor):
    def ticked() -> set[str]:
        return {link.label for link in visitor.app.get("page_link") if link.label.startswith("✓")}

    visitor.open("home")
    assert not ticked()
    visitor.open("pooling").open("home")
    assert "✓ 6. Pooling" in ticked()
    assert not any("Convolution" in label for label in ticked())
