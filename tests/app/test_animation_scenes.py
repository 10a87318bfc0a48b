"""Every animation of the pooling and activation pages: link, component, URL and session agree, each with its prefix."""

import json
from dataclasses import dataclass

import pytest

from components.lessons.activation import feature_map as activation_map
from components.lessons.activation.feature_map.scene import MapScene
from components.lessons.pooling import global_pooling
from components.lessons.pooling import picture as pooling_picture
from components.lessons.pooling.global_pooling.scene import GlobalPoolingScene
from components.lessons.pooling.picture.scene import PictureScene
from models.pictures.samples import sample
from models.pretrained.first_layer import first_layer
from tests.app.visitor import Visitor


@dataclass(frozen=True)
class Animation:
    """The page of an animation, and settings that differ from its defaults."""

    page: str
    name: str
    prefix: str
    changes: dict[str, str]


ANIMATIONS = [
    Animation("pooling", "pooling", "", {"size": "3", "stride": "1", "padding": "same", "grid": "1,2,3;4,5,6;7,8,9"}),
    Animation("pooling", "pooling_picture", "picture-", {"source": "map", "map": "9", "size": "8", "view": "lost"}),
    Animation("pooling", "global_pooling", "gap-", {"side": "64", "classes": "1000", "maps": "last"}),
    Animation("activation", "activation_curve", "", {"activation": "softmax", "second": "2.5", "third": "-1"}),
    Animation("activation", "activation_map", "map-", {"activation": "gelu", "map": "4", "bias": "-0.7"}),
    Animation("activation", "linear_collapse", "stack-", {"relu": "on", "seed": "12"}),
    Animation("activation", "toy_training", "toy-", {"points": "moons", "units": "4", "activation": "tanh"}),
    Animation("activation", "vanishing", "vanishing-", {"depth": "20", "seed": "3"}),
    Animation("training", "epoch_batches", "batches-", {"epoch": "2"}),
    Animation("loss", "loss_curve", "", {"chart": "push", "label": "0"}),
    Animation("loss", "softmax_board", "softmax-", {"classes": "5", "label": "4", "z5": "3.5"}),
    Animation("deep_learning", "neuron", "neuron-", {"activation": "tanh", "w1": "-2.5", "x3": "0.75"}),
    Animation("keras", "three_programs", "", {"program": "functional"}),
    Animation("callbacks", "hook_timeline", "", {"action": "stop"}),
    Animation("callbacks", "stopping_chart", "stop-", {"patience": "7"}),
]
each = pytest.mark.parametrize("animation", ANIMATIONS, ids=lambda animation: animation.name)


def payload_of(visitor: Visitor, name: str) -> dict:
    found = visitor.component(name)
    return json.loads(found.bytes or found.json)


def link(animation: Animation) -> dict[str, str]:
    return {animation.prefix + name: text for name, text in animation.changes.items()}


@each
def test_a_link_sets_the_scene_and_stays_in_the_url(visitor, animation):
    visitor.open(animation.page, **link(animation))
    data = payload_of(visitor, animation.name)
    assert data["scene"].items() >= animation.changes.items()
    assert data["epoch"] == 1
    assert visitor.url == link(animation)
    assert not visitor.app.exception


@each
def test_a_change_in_the_component_reaches_the_url_and_the_message(visitor, animation):
    visitor.open(animation.page)
    plain = payload_of(visitor, animation.name)
    visitor.set_state(animation.name, scene={**plain["scene"], **animation.changes, "edit": "1"})
    data = payload_of(visitor, animation.name)
    assert data["scene"].items() >= animation.changes.items()
    assert (data["edit"], data["epoch"]) == (1, plain["epoch"])
    assert visitor.url == link(animation)
    changed = {name for name in plain if data.get(name) != plain[name]} - {"edit", "scene"}
    assert changed != set()
    assert not visitor.app.exception


@each
def test_a_place_is_kept_and_imposes_nothing(visitor, animation):
    visitor.open(animation.page)
    plain = payload_of(visitor, animation.name)
    visitor.set_state(animation.name, place={"position": 1, "speed": 7})
    assert visitor.url == {f"{animation.prefix}position": "1", f"{animation.prefix}speed": "7"}
    data = payload_of(visitor, animation.name)
    assert {**data, "edit": 0} == {**plain, "edit": 0}


@each
def test_nonsense_in_a_link_opens_the_default_scene(visitor, animation):
    visitor.open(animation.page)
    plain = payload_of(visitor, animation.name)["scene"]
    other = Visitor().open(animation.page, **{animation.prefix + name: "<b>no</b>" for name in plain})
    assert payload_of(other, animation.name)["scene"] == plain
    assert other.url == {}
    assert not other.app.exception


@each
def test_the_scene_waits_while_the_visitor_looks_at_another_page(visitor, animation):
    visitor.open(animation.page, **link(animation))
    visitor.app.query_params.clear()  # as Streamlit does when a menu entry is clicked
    visitor.open("home")
    assert visitor.url == {}
    visitor.open(animation.page)
    assert visitor.url == link(animation)


@each
def test_who_comes_back_finds_the_place_too(visitor, animation):
    visitor.open(animation.page)
    epoch = payload_of(visitor, animation.name)["epoch"]
    visitor.set_state(animation.name, place={"position": 2, "speed": 5})
    visitor.app.query_params.clear()
    visitor.open("home").open(animation.page)
    data = payload_of(visitor, animation.name)
    assert (data["position"], data["speed"], data["epoch"]) == (2, 5, epoch + 1)
    assert visitor.url == {f"{animation.prefix}position": "2", f"{animation.prefix}speed": "5"}


def test_a_change_in_one_animation_undoes_no_other_whatever_url_the_browser_sends_along(visitor):
    visitor.open("pooling")
    stale = dict(visitor.url)
    first = payload_of(visitor, "pooling")["scene"]
    visitor.set_state("pooling", scene={**first, "size": "3", "edit": "1"})
    second = payload_of(visitor, "pooling_picture")["scene"]
    visitor.app.query_params.clear()
    visitor.app.query_params.update({**stale, "unrelated": "kept"})
    visitor.set_state("pooling_picture", scene={**second, "size": "8", "edit": "1"})
    assert visitor.url == {"unrelated": "kept", "size": "3", "picture-size": "8"}
    assert payload_of(visitor, "pooling")["scene"]["size"] == "3"


@pytest.mark.parametrize("page", ["pooling", "activation"])
def test_several_animations_of_a_page_share_its_url_and_leave_others_alone(visitor, page):
    here = [animation for animation in ANIMATIONS if animation.page == page]
    visitor.open(page, unrelated="kept")
    for animation in here:
        scene = payload_of(visitor, animation.name)["scene"]
        visitor.set_state(animation.name, scene={**scene, **animation.changes, "edit": "1"})
    together = {name: text for animation in here for name, text in link(animation).items()}
    assert visitor.url == {"unrelated": "kept", **together}


def test_a_new_photo_is_shown_everywhere_and_nothing_of_the_old_one_stays(visitor):
    visitor.open("pooling", **{"picture-position": "3"})
    before = {name: payload_of(visitor, name) for name in ("pooling_picture", "global_pooling", "pooling")}
    visitor.click("sample-drawn-dog")
    dog = sample("drawn-dog")
    after = {name: payload_of(visitor, name) for name in before}
    expected = pooling_picture.payload(dog, PictureScene())
    assert {name: after["pooling_picture"][name] for name in expected} == json.loads(json.dumps(expected))
    assert after["pooling_picture"]["epoch"] == before["pooling_picture"]["epoch"] + 1
    assert "picture-position" not in visitor.url
    means = global_pooling.payload(first_layer(dog.square(224)), GlobalPoolingScene())["means"]
    assert after["global_pooling"]["means"] == means != before["global_pooling"]["means"]
    assert after["pooling"] == before["pooling"]
    visitor.open("activation")
    of_map = activation_map.payload(first_layer(dog.square(192)), MapScene())
    assert payload_of(visitor, "activation_map")["before"] == of_map["before"]


# Single animations ----------------------------------------------------------------------------------------------------


def test_a_pasted_grid_is_taken_over_or_refused_in_a_sentence(visitor):
    visitor.open("pooling")
    visitor.set_trigger("pooling", "paste", "1 2\n3 4")
    data = payload_of(visitor, "pooling")
    assert data["values"] == [[1, 2], [3, 4]]
    assert data["pasted"] == {"count": 1, "taken": True, "problem": "", "readings": []}
    assert visitor.url == {"grid": "1,2;3,4"}
    visitor.set_trigger("pooling", "paste", "1 2\n3 x")
    data = payload_of(visitor, "pooling")
    assert data["values"] == [[1, 2], [3, 4]]
    assert data["pasted"]["count"] == 2
    assert data["pasted"]["problem"] == "“x” is no number. The grid stays as it was."
    assert not data["pasted"]["taken"]
    assert not visitor.app.exception


def test_a_pasted_grid_with_two_meanings_is_asked_about(visitor):
    visitor.open("pooling")
    visitor.set_trigger("pooling", "paste", "1,234\t12\n3\t4")
    data = payload_of(visitor, "pooling")
    assert visitor.url == {}
    assert data["pasted"]["problem"] == "“1,234” can be 1.234 or 1234. Which do you mean?"
    assert data["pasted"]["readings"] == [["decimal", "Decimal: 1.234"], ["thousands", "Thousands: 1234"]]
    visitor.set_trigger("pooling", "reading", "thousands")
    assert "1,234, which is 1234, is too large" in payload_of(visitor, "pooling")["pasted"]["problem"]
    visitor.set_trigger("pooling", "reading", "decimal")
    data = payload_of(visitor, "pooling")
    assert data["values"] == [[1.2, 12], [3, 4]]
    assert data["pasted"]["taken"]
    assert data["pasted"]["problem"] == "Numbers are rounded to one decimal: 1,234 became 1.2."
    assert not visitor.app.exception


def test_the_keras_lines_follow_the_boards_and_the_curve(visitor):
    visitor.open("pooling", size="3", stride="2", padding="same")
    assert 'MaxPooling2D(pool_size=3, strides=2, padding="same")' in visitor.data("keras_lines")["code"]
    visitor.open("activation", activation="gelu", position="0")
    code = visitor.data("keras_lines")["code"]
    assert "keras.activations.gelu(x)" in code
    assert "tf.constant([[-6]]" in code


def test_the_chart_waits_until_the_visitor_comes_near(visitor):
    visitor.open("activation")
    assert len(visitor.app.get("plotly_chart")) == 0
    visitor.set_trigger("in_view", "seen", True)
    (chart,) = visitor.app.get("plotly_chart")
    assert [trace["name"] for trace in json.loads(chart.proto.spec)["data"]] == ["ReLU", "sigmoid", "tanh"]
    assert not visitor.app.exception


NO_ANIMATIONS = {
    *(
        "act_index",
        "formula",
        "keras_lines",
        "projector_switch",
        "in_view",
        "training_stepper",
        "training_program",
        "digit_board",
    ),
    "forgotten_photo",
    "waiting_files",
}
IN_THE_BROWSER = {"backpropagation", "digit_neurons"}
"""Whatever their scene, they are sent the same: the browser computes. tests/e2e looks at them."""


def test_every_animation_of_these_pages_is_tested_here(visitor):
    for page in dict.fromkeys(animation.page for animation in ANIMATIONS):
        visitor.open(page)
        shown = {node.proto.component_name for node in visitor.app.get("bidi_component")}
        known = {animation.name for animation in ANIMATIONS if animation.page == page}
        assert shown - NO_ANIMATIONS - IN_THE_BROWSER - {"runs_table"} == known
