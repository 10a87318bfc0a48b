"""/convolution: every control changes what the browser gets, the URL and the Keras lines together."""

import pytest

from components.lessons.convolution.slide import input_message, payload
from components.lessons.convolution.slide.keras_code import keras_code
from components.lessons.convolution.slide.scene import ConvolutionScene
from models.pictures.samples import DEFAULT, sample
from tests.app.visitor import Visitor

CONTROLS = [
    {"side": "32"},
    {"colour": "grey"},
    {"pixels": "1"},
    {"kernel": "emboss"},
    {"kernel": "learned-4"},
    {"kernel": "own", "weights": "1,0,0,0,0,0,0,0,-1"},
    {"kernel": "own", "weights": ";".join([",".join(map(str, range(25)))] * 3)},
    {"bias": "-12.5"},
    {"relu": "on"},
    {"stride": "3"},
    {"padding": "same"},
    {"dilation": "2"},
    {"side": "64", "stride": "2", "padding": "same", "relu": "on", "bias": "100"},
    {"stride": "2", "dilation": "2"},
]
SENT_WITH_IT = {"scene", "epoch", "edit", "position", "speed", "session"}


def check_everything_shows(visitor: Visitor, params: dict[str, str]) -> None:
    """Assert that the component, the URL and the Keras lines all show the scene with these parameters."""
    scene = ConvolutionScene.from_params(params)
    data = visitor.data()
    expected = payload(sample(DEFAULT), scene)
    assert visitor.data("carrier") == input_message(sample(DEFAULT), scene)
    assert {name: data[name] for name in expected} == expected
    assert set(data) - set(expected) == SENT_WITH_IT
    assert data["scene"] == {
        name: text for name, text in scene.all_params().items() if name not in ("position", "speed")
    }
    assert visitor.url == params
    assert visitor.data("keras_lines")["code"] == keras_code(scene)
    assert not visitor.app.exception


def test_the_page_opens_with_a_plain_url_and_the_default_scene(on_convolution):
    check_everything_shows(on_convolution, {})


@pytest.mark.parametrize("params", CONTROLS, ids=str)
def test_a_link_sets_the_controls(visitor, params):
    visitor.open("convolution", **params)
    check_everything_shows(visitor, params)
    assert visitor.data()["epoch"] == 1


@pytest.mark.parametrize("changes", CONTROLS, ids=str)
def test_a_control_in_the_component_changes_everything_with_it(on_convolution, changes):
    plain = on_convolution.data()
    on_convolution.set_state("convolution", scene={**plain["scene"], **changes, "edit": "1"})
    check_everything_shows(on_convolution, changes)
    data = on_convolution.data()
    assert data["edit"] == 1
    assert data["epoch"] == plain["epoch"]
    relevant = [name for name in plain if name not in ("edit", "scene")]
    changed = [name for name in relevant if data.get(name) != plain[name]]
    assert changed or changes == {"relu": "on"}  # the browser applies ReLU by itself


def test_a_control_that_changes_no_pixel_does_not_send_the_picture_again(on_convolution):
    before = on_convolution.component("carrier")
    on_convolution.follow(bias="50", stride="2")
    assert on_convolution.data()["bias"] == 50
    assert on_convolution.component("carrier") == before


def test_an_impossible_setting_is_refused_in_a_sentence_and_can_be_taken_back(on_convolution):
    scene = on_convolution.data()["scene"]
    on_convolution.set_state("convolution", scene={**scene, "stride": "2", "dilation": "2", "edit": "1"})
    data = on_convolution.data()
    assert data["refusal"].startswith("Keras refuses stride 2 together with dilation 2")
    assert data["axis"] is None
    assert not on_convolution.app.exception
    on_convolution.set_state("convolution", scene={**scene, "stride": "2", "edit": "2"})
    assert "refusal" not in on_convolution.data()
    assert on_convolution.data()["axis"]["output"] == 63


def test_a_link_to_nonsense_opens_the_default_scene(visitor):
    visitor.open("convolution", side="many", kernel="<script>", weights="1,2", bias="nan", stride="0", relu="maybe")
    check_everything_shows(visitor, {})


def test_where_the_visitor_paused_is_in_the_url_and_imposes_nothing(on_convolution):
    on_convolution.set_state("convolution", place={"position": 500, "speed": 240})
    assert on_convolution.url == {"position": "500", "speed": "240"}
    data = on_convolution.data()
    assert (data["epoch"], data["position"], data["speed"]) == (0, 0, 0)


def test_a_link_imposes_place_and_speed(visitor):
    visitor.open("convolution", position="77", speed="1000")
    data = visitor.data()
    assert (data["epoch"], data["position"], data["speed"]) == (1, 77, 1000)


def test_the_back_button_brings_the_scene_before_back(on_convolution):
    on_convolution.set_state("convolution", scene={**on_convolution.data()["scene"], "stride": "4", "edit": "1"})
    on_convolution.follow(kernel="outline")
    check_everything_shows(on_convolution, {"kernel": "outline"})
    assert on_convolution.data()["epoch"] == 1


def test_the_scene_waits_while_the_visitor_looks_at_another_page(on_convolution):
    on_convolution.set_state("convolution", scene={**on_convolution.data()["scene"], "stride": "4", "edit": "1"})
    on_convolution.app.query_params.clear()  # as Streamlit does when a menu entry is clicked
    on_convolution.open("home")
    assert on_convolution.url == {}
    on_convolution.open("convolution")
    check_everything_shows(on_convolution, {"stride": "4"})


def test_parameters_of_others_stay_in_the_url(visitor):
    visitor.open("convolution", stride="2", unrelated="kept")
    assert visitor.url == {"stride": "2", "unrelated": "kept"}
    visitor.set_state("convolution", scene={**visitor.data()["scene"], "stride": "1", "edit": "1"})
    assert visitor.url == {"unrelated": "kept"}


def test_another_photo_starts_at_the_first_stop_and_keeps_the_settings(visitor):
    visitor.open("convolution", stride="2", position="300", speed="120")
    visitor.click("sample-drawn-dog")
    data = visitor.data()
    assert visitor.url == {"stride": "2", "speed": "120"}
    assert (data["position"], data["speed"], data["epoch"]) == (0, 120, 2)


def test_the_picture_for_the_keras_lines_can_be_saved(on_convolution):
    (button,) = on_convolution.app.get("download_button")
    assert button.label == "Save input.png"
    assert any("Save the picture as input.png first" in element.value for element in on_convolution.app.html)


def test_a_run_that_changes_nothing_sends_the_same_message(on_convolution):
    before = on_convolution.component("convolution")
    on_convolution.app.run()
    assert on_convolution.component("convolution") == before
