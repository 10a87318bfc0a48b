"""The libraries that the app's numbers are compared with."""

import os
from types import SimpleNamespace

import pytest


@pytest.fixture(scope="session")
def library() -> SimpleNamespace:
    """TensorFlow and Keras, imported when the first test asks for them: that takes seconds."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import tensorflow as tf

    return SimpleNamespace(tf=tf, keras=keras)
