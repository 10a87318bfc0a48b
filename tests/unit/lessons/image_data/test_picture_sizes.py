"""How small is too small: what the table says of this very photo, and what was measured on many."""

import numpy as np
import pytest
from PIL import Image

from components.lessons.image_data import picture_sizes
from components.lessons.image_data.picture_sizes import conclusion
from components.networks.answers import pet_shares
from models.experiments import size_measuring
from models.experiments.size_study import BLURRED, CONTROLS, GREY, NETWORKS, VIEWS, RightCount, shipped_study, view
from models.networks.inference import predict
from models.pictures.resize import resize
from models.pictures.samples import sample


def share(network: str, kind: str, name: str) -> float:
    count = shipped_study()["networks"][network][kind]
    return count["right"][name] / count["photos"]


def test_a_small_picture_is_the_middle_of_the_photo():
    photo = sample("chelsea")
    np.testing.assert_array_equal(view(photo.pixels, "32"), resize(photo.pixels, 32, "crop"))
    assert view(photo.pixels, "224").shape == (224, 224, 3)


def test_in_the_controls_there_is_no_shape_to_be_seen():
    """Neighbouring pixels of the blurred photo are almost equal, and so are all pixels of the grey one."""
    sharp, blurred = (view(sample("chelsea").pixels, name).astype(int) for name in ("224", BLURRED))
    assert np.abs(np.diff(blurred, axis=0)).max() <= 4 < np.abs(np.diff(sharp, axis=0)).max()
    assert len(np.unique(view(sample("chelsea").pixels, GREY))) == 1


@pytest.mark.parametrize("network", NETWORKS)
def test_both_shares_are_those_of_the_network(network):
    answer = predict(view(sample("chelsea").pixels, "128"), network)
    cat, dog = pet_shares(answer)
    assert [cat, dog] == [answer["probabilities"][answer["classes"].index(name)] for name in ("cats", "dogs")]
    assert cat + dog == pytest.approx(1, abs=1e-6)


def test_at_the_smallest_size_the_convnet_says_what_it_says_of_a_grey_picture():
    """This is what the section shows: an answer at 16 × 16 is no sign of recognition."""
    said = predict(view(sample("chelsea").pixels, GREY), "convnet")["top"][0][0]
    other = {"cats": "dog", "dogs": "cat"}[said]
    assert share("convnet", said[:-1], "16") > 0.95
    assert share("convnet", other, "16") < 0.1
    for network in NETWORKS:  # and at the largest size it is one
        assert min(share(network, "cat", "224"), share(network, "dog", "224")) > 0.92


def test_with_more_pixels_the_rarer_answer_is_right_more_often():
    for network in NETWORKS:
        shares = [min(share(network, kind, name) for kind in ("cat", "dog")) for name in ("16", "32", "64", "128")]
        assert shares == sorted(shares)


def test_every_view_was_measured_on_1600_photos():
    for network in NETWORKS:
        counts = shipped_study()["networks"][network]
        assert sum(count["photos"] for count in counts.values()) == 1600
        for count in counts.values():
            assert tuple(count["right"]) == VIEWS
            assert all(0 <= right <= count["photos"] for right in count["right"].values())
        # One picture has one answer: of a grey picture, all of one kind are right and none of the other.
        assert sorted(count["right"][GREY] for count in counts.values()) == [0, 800]


def test_the_conclusion_quotes_the_measured_shares_and_the_control():
    count = shipped_study()["networks"]["convnet"]["cat"]
    before = conclusion({})
    assert f"{100 * count['right']['16'] / count['photos']:.0f}\u00a0% of 800 cats" in before
    assert "even grey it says" not in before
    answers = {name: dict.fromkeys(VIEWS, (0.25, 0.75)) for name in NETWORKS}
    assert conclusion(answers).count("Of an even grey it says “dog 75.0\u00a0%”.") == 2


def test_a_share_that_is_not_quite_all_or_nothing_is_not_written_as_such():
    count: RightCount = {"photos": 800, "right": {"a": 799, "b": 1, "c": 0, "d": 800}}
    assert [picture_sizes._share(count, name) for name in "abcd"] == [
        ">99\u00a0%",
        "<1\u00a0%",
        "0\u00a0%",
        "100\u00a0%",
    ]


def test_photos_are_counted_by_their_folder(tmp_path, monkeypatch):
    for folder, shades in (("cats", (10, 20)), ("dogs", (200,))):
        (tmp_path / folder).mkdir()
        for shade in shades:
            Image.fromarray(np.full((40, 60, 3), shade, np.uint8)).save(tmp_path / folder / f"{shade}.png")
    said = lambda pixels, _: {"top": [("Cats" if pixels.mean() < 15 else "Dogs", 1.0)]}  # noqa: E731
    monkeypatch.setattr(size_measuring, "predict", said)
    found = size_measuring.measured(tmp_path, "convnet")
    for name in VIEWS:
        expected = {"cat": 0 if name == GREY else 1, "dog": 1}
        assert {kind: count["right"][name] for kind, count in found.items()} == expected
    assert {kind: count["photos"] for kind, count in found.items()} == {"cat": 2, "dog": 1}


def test_the_table_marks_its_controls():
    html = picture_sizes._table(sample("chelsea"), {}, "–")
    assert html.count('class="control"') == len(CONTROLS) * (1 + 2 + 2 * len(NETWORKS))


@pytest.mark.parametrize("classes", [("cat", "dog"), ("Cats", "Dogs")])
def test_cat_and_dog_are_known_however_they_are_written(classes):
    assert pet_shares({"classes": list(classes), "probabilities": [0.1, 0.9], "top": []}) == (0.1, 0.9)
    assert pet_shares({"classes": list(classes[::-1]), "probabilities": [0.1, 0.9], "top": []}) == (0.9, 0.1)
