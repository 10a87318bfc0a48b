"""The photo at five sizes: the table says what the networks answered, about this very photo."""

import numpy as np
import pytest

from components.lessons.image_data.picture_sizes import pet_shares, small
from models.networks.inference import predict
from models.pictures.resize import resize
from models.pictures.samples import sample


def test_a_small_picture_is_the_middle_of_the_photo():
    photo = sample("chelsea")
    np.testing.assert_array_equal(small(photo, 32), resize(photo.pixels, 32, "crop"))
    assert small(photo, 224).shape == (224, 224, 3)


@pytest.mark.parametrize("network", ["convnet", "efficientnet-lite0-pets"])
def test_both_shares_are_those_of_the_network(network):
    answer = predict(small(sample("chelsea"), 128), network)
    cat, dog = pet_shares(answer)
    assert [cat, dog] == [answer["probabilities"][answer["classes"].index(name)] for name in ("cats", "dogs")]
    assert cat + dog == pytest.approx(1, abs=1e-6)
