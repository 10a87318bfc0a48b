"""The neuron: what its lines say is what Keras answers, and its curve is Keras's activation."""

import base64
import contextlib
import io
import re

import keras
import numpy as np
import pytest

from components.lessons.deep_learning.neuron import REACH, payload
from components.lessons.deep_learning.neuron.scene import ACTIVATIONS, NeuronScene
from models.storage import ROOT

PAGE = ROOT / "pages" / "deep_learning.py"


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_curve_is_that_of_keras(activation):
    message = payload(NeuronScene(activation=activation))
    curve = np.frombuffer(base64.b64decode(message["curve"]), "<f8")
    chart = message["chart"]
    z = chart["start"] + chart["step"] * np.arange(chart["count"])
    assert z[-1] == pytest.approx(REACH)
    expected = np.asarray(keras.activations.get(activation)(z.astype("float32")))
    np.testing.assert_allclose(curve, expected, rtol=0, atol=1e-5)


def test_the_keras_lines_are_the_neuron_as_the_page_opens_with_it():
    code = re.search(r'"""(import numpy.*?)""",\n', PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(code[1], {})
    scene = NeuronScene()
    z = np.dot(scene.inputs, scene.weights) + scene.b
    assert float(re.findall(r"\[\[([\d.]+)\]\]", said.getvalue())[0]) == pytest.approx(1 / (1 + np.exp(-z)), abs=1e-5)


def test_what_a_link_says_is_rounded_and_kept_within_bounds():
    scene = NeuronScene.from_params({"w1": "9", "w2": "-0.04", "x2": "0.333", "x3": "-1", "b": "no"})
    assert scene.w1 == 4
    assert str(scene.w2) == "0.0"
    assert (scene.x2, scene.x3, scene.b) == (0.33, 0, NeuronScene.b)
