"""The comparison of endings: its Keras lines run, and a wrong pair does in a real training what the page says."""

from collections.abc import Iterator

import numpy as np
import pytest

from components.lessons.loss.chooser.outcome import outcome
from components.lessons.loss.chooser.problems import PAIRS, PROBLEMS, keras_code
from models.engine.questions import COMPARE_PAIRS, computed
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
    found, result = computed(COMPARE_PAIRS, ("softmax-one",))
    assert found
    assert len(result["right"]["loss"]) == EPOCHS + 1
    assert result["right"]["accuracy"][-1] > 0.9
    # On some CPUs, TensorFlow's softmax of one number is the largest float below 1.
    assert result["wrong"]["lowest"] == pytest.approx(1, abs=1e-7)
    assert result["wrong"]["highest"] == pytest.approx(1, abs=1e-7)
    assert result["wrong"]["accuracy"][-1] == result["wrong"]["accuracy"][0]
    assert "The wrong pair is behind." in outcome("softmax-one", result)


@pytest.fixture
def as_in_the_answering_worker(library) -> Iterator[None]:
    """Where no training has made TensorFlow deterministic: then it computes the slopes of a softmax in another way."""
    from tensorflow.python.framework import config

    before = config.is_op_determinism_enabled()
    config.disable_op_determinism()
    yield
    if before:
        library.tf.config.experimental.enable_op_determinism()


@pytest.mark.usefixtures("as_in_the_answering_worker")
def test_threes_push_the_one_unit_down_and_nothing_pushes_it_up(library):
    found, result = computed(COMPARE_PAIRS, ("categorical-one",))
    assert found
    wrong = result["wrong"]
    assert not any(wrong["loss"])
    assert wrong["highest"] < 0.5
    assert outcome("categorical-one", result).endswith("every output is below 0.5: it says “three” to every picture.")
    z, y = library.tf.Variable([[-1.0], [2.0]]), library.tf.constant([[0.0], [1.0]])
    with library.tf.GradientTape() as tape, pytest.warns(SyntaxWarning, match="Consider using 'binary_crossentropy'"):
        loss = library.keras.losses.categorical_crossentropy(y, library.keras.activations.sigmoid(z))
    assert tape.gradient(loss, z).numpy().ravel().tolist() == [1, 0]  # a three, an eight


@pytest.mark.parametrize(
    ("logits", "slope"), [([-1.0, 2.0, 3.0], 0), ([5.0, -2.0, -1.0], 0), ([-1.0, -2.0, -3.0], 1), ([1.0, 2.0, 3.0], 1)]
)
def test_without_an_activation_a_clipped_true_class_has_no_slope(logits, slope, library):
    share = logits[0] / sum(logits)
    assert (0 < share < 1) == bool(slope)
    z = library.tf.Variable([logits])
    with library.tf.GradientTape() as tape:
        loss = library.keras.losses.categorical_crossentropy(library.tf.constant([[1.0, 0.0, 0.0]]), z)
    assert np.asarray(tape.gradient(loss, z)).any() == bool(slope)


def test_an_unknown_comparison_is_refused_in_a_sentence():
    found, said = computed(COMPARE_PAIRS, ("nonsense",))
    assert not found
    assert said.startswith("There is no comparison “nonsense”")


def test_every_comparison_belongs_to_a_problem_and_has_a_name():
    assert set(COMPARISONS) == set(PAIRS) == {wrong for problem in PROBLEMS.values() for wrong in problem.wrong}
