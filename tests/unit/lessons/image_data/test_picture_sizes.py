"""The photo at five sizes: the table says what the networks answered, about this very photo."""

import numpy as np
import pytest

from components.lessons.image_data.picture_sizes import small
from components.networks.answers import pet_shares
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


@pytest.mark.parametrize("classes", [("cat", "dog"), ("Cats", "Dogs")])
def test_cat_and_dog_are_known_however_they_are_written(classes):
    assert pet_shares({"classes": list(classes), "probabilities": [0.1, 0.9], "top": []}) == (0.1, 0.9)
    assert pet_shares({"classes": list(classes[::-1]), "probabilities": [0.1, 0.9], "top": []}) == (0.9, 0.1)
