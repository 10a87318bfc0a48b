"""EarlyStopping's and ModelCheckpoint's decisions, compared with Keras's own callbacks."""

import keras
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.stopping_reference import early_stopping, kept_epochs


class Model:
    """As much of a model as the callbacks look at."""

    stop_training = False

    def __init__(self):
        self.saved = []

    def save(self, path, overwrite=True):
        self.saved.append(path)


figures = some.lists(some.integers(0, 20).map(lambda number: number / 8), min_size=1, max_size=25)


@settings(max_examples=150, deadline=None)
@given(figures, some.integers(0, 8), some.sampled_from([0.0, 0.125, 0.3]), some.booleans())
def test_the_stop_is_that_of_keras(values, patience, min_delta, maximise):
    callback = keras.callbacks.EarlyStopping(
        "figure", min_delta=min_delta, patience=patience, mode="max" if maximise else "min"
    )
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    last = 0
    for last, value in enumerate(values):
        callback.on_epoch_end(last, {"figure": value})
        if model.stop_training:
            break
    found = early_stopping(values, patience=patience, min_delta=min_delta, maximise=maximise)
    assert (found.last, found.stopped, found.best) == (last, model.stop_training, callback.best_epoch)
    assert found.waits[-1] == callback.wait


@settings(max_examples=50, deadline=None)
@given(figures, some.booleans(), some.booleans())
def test_the_kept_epochs_are_those_of_keras(values, best_only, maximise):
    callback = keras.callbacks.ModelCheckpoint(
        "{epoch}.keras", "figure", save_best_only=best_only, mode="max" if maximise else "min"
    )
    model = Model()
    callback.set_model(model)
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {"figure": value})
    kept = kept_epochs(values, save_best_only=best_only, maximise=maximise)
    assert model.saved == [f"{epoch + 1}.keras" for epoch in kept]


def test_no_epochs_and_negative_settings_are_refused():
    with pytest.raises(ValueError, match="no epochs"):
        early_stopping([], patience=1)
    with pytest.raises(ValueError, match="0 or more"):
        early_stopping([1.0], patience=-1)
