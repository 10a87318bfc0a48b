"""Receptive fields: which pixels of the square a number of a feature map can have come from.

Along an axis, the number at position p sees `size` pixels from start + p · step on. Through a window of k numbers that
moves by s, size grows by (k − 1) · dilation · step, step becomes step · s, and start moves back by what padding puts
before the picture.

Source: Araujo, Norris & Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill, 2019.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypedDict


class Field(NamedTuple):
    """A receptive field along one axis, in pixels of the square; it may extend beyond the square.

    Attributes:
        size: number of pixels that one number depends on.
        step: pixels from one number's field to the next one's.
        start: first pixel of the first number's field.
    """

    size: int
    step: int
    start: int


PIXEL = Field(1, 1, 0)
"""The receptive field of a pixel."""


def through_window(field: Field, length: int, *, size: int, stride: int, dilation: int, padding: str) -> Field:
    """Return the field of a window's outputs, when it slides over numbers with a field.

    Args:
        field: the field of the numbers that the window slides over.
        length: how many there are along the axis; Keras's "same" padding depends on it.
        size: of the window, in numbers.
        stride: numbers between two stops.
        dilation: distance between two neighbouring numbers of the window.
        padding: "same" or "valid".
    """
    reach = (size - 1) * dilation + 1
    before = 0
    if padding == "same":
        output = -(-length // stride)
        before = max((output - 1) * stride + reach - length, 0) // 2
    return Field(
        size=field.size + (reach - 1) * field.step,
        step=field.step * stride,
        start=field.start - before * field.step,
    )


def united(fields: Sequence[Field]) -> Field:
    """Return the field of numbers that are computed place by place from several maps of the same size."""
    start = min(field.start for field in fields)
    end = max(field.start + field.size for field in fields)
    return Field(size=end - start, step=fields[0].step, start=start)


def field_of(step: Any, inputs: Sequence[tuple[Field, int]]) -> Field | None:
    """Return the receptive field of a step's outputs, or None if it is the whole picture.

    Args:
        step: a Keras layer or operation with maps as its output.
        inputs: (field, side) of its input maps.
    """
    if not inputs:
        return PIXEL
    window = _window(step)
    if window is None:
        return united([field for field, _ in inputs])
    (field, length), size = inputs[0], window["size"]
    return through_window(field, length, **window) if size else None


class _Window(TypedDict):
    size: int
    stride: int
    dilation: int
    padding: str


def _window(step: Any) -> _Window | None:
    """Size, stride, dilation and padding of a step's window, or None for a step that works place by place."""
    kind = type(step).__name__
    if kind in ("Conv2D", "DepthwiseConv2D", "SeparableConv2D"):
        return {
            "size": step.kernel_size[0],
            "stride": step.strides[0],
            "dilation": step.dilation_rate[0],
            "padding": step.padding,
        }
    if kind in ("MaxPooling2D", "AveragePooling2D"):
        return {"size": step.pool_size[0], "stride": step.strides[0], "dilation": 1, "padding": step.padding}
    return None
