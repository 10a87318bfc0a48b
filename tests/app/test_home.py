"""The home page: the course as one picture, with the photo and the network's answer to it."""

import math

import keras
import numpy as np
import pytest

from components.lessons.home.course_picture import BEFORE, STATIONS, loss_of
from components.shell.course import COURSE


def test_every_lesson_stands_once_in_the_picture():
    paths = [path for path, _ in BEFORE] + [path for station in STATIONS for path, _ in station.parts]
    assert sorted(paths) == sorted(part.path for part in COURSE[1:])


@pytest.mark.parametrize("p", [0.01, 0.36, 0.64, 1.0])
def test_the_loss_in_the_picture_is_keras(p):
    keras_loss = float(keras.losses.binary_crossentropy(np.array([1.0]), np.array([p])))
    assert loss_of(p) == pytest.approx(keras_loss, abs=1e-5)


def test_an_impossible_answer_has_a_finite_loss():
    assert math.isfinite(loss_of(0.0))


def test_a_tick_stands_where_the_visitor_has_been(visitor):
    def ticked() -> set[str]:
        return {link.label for link in visitor.app.get("page_link") if link.label.startswith("✓")}

    visitor.open("home")
    assert not ticked()
    visitor.open("pooling").open("home")
    assert "✓ Pooling" in ticked()
    assert not any("Convolution" in label for label in ticked())
