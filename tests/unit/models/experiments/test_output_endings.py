"""The comparison of endings: its Keras lines run, and a wrong pair does in a real training what the page says."""

import numpy as np
import pytest

from components.lessons.loss.chooser.outcome import outcome
from components.lessons.loss.chooser.problems import PAIRS, PROBLEMS, keras_code
from models.engine.questions import COMPARE_PAIRS, answer
from models.experiments.output_endings import COMPARISONS, EPOCHS


@pytest.mark.parametrize("name", ["pets", "digits", "labels"])
def test_the_keras_lines_run_and_give_one_answer_for_each_unit(name, library):
    names: dict = {}
    exec(keras_code(PROBLEMS[name]), names)
    assert names["predictions"].shape == (2, PROBLEMS[name].units)
    assert 0 < names["loss"] < np.inf
    if "sparse_loss" in names:
        assert names["sparse_loss"] == pytest.approx(names["loss"], abs=1e-5)


def test_softmax_of_one_unit_answers_1_and_learns_nothing(library):
    found, result = answer(COMPARE_PAIRS, ("softmax-one",))
    assert found
    assert len(result["right"]["loss"]) == EPOCHS + 1
    assert result["right"]["accuracy"][-1] > 0.9
    # On some CPUs, TensorFlow's softmax of one number is the largest float below 1.
    assert result["wrong"]["lowest"] == pytest.approx(1, abs=1e-7)
    assert result["wrong"]["highest"] == pytest.approx(1, abs=1e-7)
    assert result["wrong"]["accuracy"][-1] == result["wrong"]["accuracy"][0]
    assert "The wrong pair is behind." in outcome("softmax-one", result)


def test_an_unknown_comparison_is_refused_in_a_sentence():
    found, said = answer(COMPARE_PAIRS, ("nonsense",))
    assert not found
    assert said.startswith("There is no comparison “nonsense”")


def test_every_comparison_belongs_to_a_problem_and_has_a_name():
    assert set(COMPARISONS) == set(PAIRS) == {wrong for problem in PROBLEMS.values() for wrong in problem.wrong}
