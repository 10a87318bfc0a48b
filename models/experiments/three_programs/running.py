"""Run the three programs on one photo, as they are shown, and compare every number. Only a worker imports TensorFlow.

The engine's answering worker calls `run_programs` and `installation`.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
from functools import cache
from importlib import metadata
from itertools import combinations
from typing import Any

import numpy as np

from models.answers import ComparedOutputs, Installation, ProgramsRun
from models.experiments.three_programs import PROGRAMS, SIDE, STEPS, text, weights
from models.pictures.resize import resize

Namespace = dict[str, Any]
"""All names of an executed program, with their values."""

_DEVICES = (
    "import json, tensorflow as tf\n"
    "details = tf.config.experimental.get_device_details\n"
    "found = tf.config.list_physical_devices()\n"
    "print(json.dumps([[one.name, one.device_type, details(one).get('device_name', '')] for one in found]))"
)


def run_programs(pixels: np.ndarray) -> ProgramsRun:
    """Run all three programs on a photo.

    Args:
        pixels: uint8 (height, width, 3) of any size.

    Returns:
        Plain data. "answers": for each of `PROGRAMS`, the probability of a dog. "steps": for each of `STEPS`, a dict
        with "name"; "shape" without the batch; "parameters", their number; "place", the index of Sequential's largest
        number; "values", the number at this place in each program, in order; "difference", the largest difference
        between any two programs; "maps", float32 (3, height, width): each program's map with this place (for the photo,
        its three colours; for a vector, one row). "summaries": what `model.summary()` prints for the two Keras
        programs.

    Raises:
        ValueError: no photo.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
        raise ValueError(f"A photo is uint8 (height, width, 3), but this is {pixels.dtype} {pixels.shape}.")
    batch = resize(pixels, SIDE)[np.newaxis].astype(np.float32)
    found = {program: run(program, batch) for program in PROGRAMS}
    outputs = {program: outputs_of(namespace) for program, namespace in found.items()}
    model = found["sequential"]["model"]
    parameters = {layer.name: layer.count_params() for layer in model.layers}
    return {
        "answers": [float(np.asarray(found[program]["answer"])[0, 0]) for program in PROGRAMS],
        "steps": [
            {
                "name": step,
                "parameters": parameters.get(step, 0),
                **_compared([outputs[program][step] for program in PROGRAMS]),
            }
            for step in STEPS
        ],
        "summaries": [summary(found[program]["model"]) for program in ("sequential", "functional")],
    }


def run(program: str, batch: np.ndarray) -> Namespace:
    """Execute a program's text with the trained weights and a batch, and return all its names.

    Args:
        program: one of `PROGRAMS`.
        batch: float32 (1, 64, 64, 3), 0 to 255.

    Raises:
        ValueError: there is no such program.
    """
    namespace: Namespace = {"weights": list(weights()), "batch": batch}
    exec(compile(text(program), f"{program}.py", "exec"), namespace)
    return namespace


def outputs_of(namespace: Namespace) -> dict[str, np.ndarray]:
    """Return step → output, float32 without the batch, of a program that `run` has executed."""
    import keras

    batch = namespace["batch"]
    model = namespace.get("model")
    if model is None:
        found = {step: namespace[step] for step in STEPS}
    else:
        # Keras's own way to see inside: a model of the same layers with each of them as an output.
        every = keras.Model(model.inputs[0], {step: model.get_layer(step).output for step in STEPS[1:]})
        found = {"photo": batch, **every(batch)}
    return {step: np.asarray(output)[0] for step, output in found.items()}


def summary(model: Any) -> str:
    """Return what `model.summary()` prints."""
    lines: list[str] = []
    model.summary(line_length=58, positions=[0.42, 0.82, 1.0], print_fn=lines.append)
    return "\n".join(lines).strip("\n")


def _compared(outputs: list[np.ndarray]) -> ComparedOutputs:
    first = outputs[0]
    place = tuple(int(index) for index in np.unravel_index(np.abs(first).argmax(), first.shape))
    if first.ndim == 1:
        maps = [output[np.newaxis] for output in outputs]
    else:
        maps = [output if first.shape[-1] == 3 else output[..., place[-1]] for output in outputs]
    return {
        "shape": list(first.shape),
        "place": list(place),
        "values": [float(output[place]) for output in outputs],
        "difference": max(float(np.abs(one - other).max()) for one, other in combinations(outputs, 2)),
        "maps": np.stack(maps).astype(np.float32),
    }


@cache
def installation() -> Installation:
    """Return this machine's versions and devices, as Python, its packages and TensorFlow report them.

    Returns:
        "versions": pairs (name, version). "devices": triples (name, type, model name or ""), as
        `tf.config.list_physical_devices()` lists them. "cuda" and "cudnn": the versions that TensorFlow was built for,
        or "" if it was built for CPUs only. "backend": Keras's backend. "same": whether `tf.keras.Model` is
        `keras.Model`.
    """
    import keras
    import tensorflow as tf

    build = tf.sysconfig.get_build_info()
    return {
        "versions": [
            ("Python", platform.python_version()),
            ("TensorFlow", tf.__version__),
            ("Keras", keras.__version__),
            ("Streamlit", metadata.version("streamlit")),
            ("NumPy", np.__version__),
        ],
        "devices": devices(),
        "cuda": str(build.get("cuda_version", "")),
        "cudnn": str(build.get("cudnn_version", "")),
        "backend": keras.config.backend(),
        "same": tf.keras.Model is keras.Model,
    }


def devices() -> list[tuple[str, str, str]]:
    """Return (name, type, model name or "") of every device that TensorFlow finds on this machine.

    NVIDIA cards are for trainings, and the answering worker does not see them. If there are any, another process lists
    the devices.
    """
    if shutil.which("nvidia-smi") is None:
        import tensorflow as tf

        details = tf.config.experimental.get_device_details
        return [
            (device.name, device.device_type, details(device).get("device_name", ""))
            for device in tf.config.list_physical_devices()
        ]
    environment = {name: value for name, value in os.environ.items() if name != "CUDA_VISIBLE_DEVICES"}
    looked = subprocess.run(
        [sys.executable, "-c", _DEVICES], capture_output=True, text=True, timeout=50, check=False, env=environment
    )
    return [(name, kind, called) for name, kind, called in json.loads(looked.stdout.strip().splitlines()[-1])]
