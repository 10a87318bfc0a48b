"""What the answering worker does: it keeps networks warm and answers in plain data, never with an exception."""

import importlib
from typing import Any

WARM = "models.inference"
"""By its name only: the web process imports this file to send the function below, and never loads Keras."""


def answer(name: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    """Call a function of `models.inference` in this worker.

    Args:
        name: "predict", "activations" or "warm_up".
        arguments: its arguments.

    Returns:
        (True, what it returned), or (False, a sentence that says why there is no answer). An exception object would
        need TensorFlow on the other side, which must not load it.
    """
    try:
        inference = importlib.import_module(WARM)
        if name == "warm_up":
            inference.warm_up()
            return True, None
        return True, getattr(inference, name)(*arguments)
    except ValueError as error:
        return False, str(error)
    except Exception as error:
        return False, f"The network could not answer ({type(error).__name__}: {str(error)[:300]})."
