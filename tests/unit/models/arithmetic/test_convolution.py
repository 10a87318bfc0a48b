"""models/arithmetic/convolution.py: the numbers are TensorFlow's, and what Keras refuses is refused."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models.arithmetic import axis_geometry, convolve, output_size

SIZES = ((1, 1), (6, 6), (7, 7), (9, 14), (16, 5), (33, 32))
KERNELS = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (1, 3), (4, 2), (3, 7))
STEPS = ((1, 1), (2, 1), (3, 1), (4, 1), (1, 2), (1, 3))  # stride and dilation, never both above 1
CHANNELS = (1, 3, 2, 5, 4)  # five of them, which divides no other count, so that every channel meets every setting


def fits(size: tuple[int, ...], kernel: tuple[int, ...], dilation: int) -> bool:
    return all((weights - 1) * dilation + 1 <= pixels for pixels, weights in zip(size, kernel, strict=True))


# Every image size with every kernel size, stride, dilation and padding; the numbers of channels take turns.
TABLE = [
    pytest.param(*(setting := (size, kernel, channels, stride, dilation, padding)), id="-".join(map(str, setting)))
    for (size, kernel, (stride, dilation), padding), channels in zip(
        itertools.product(SIZES, KERNELS, STEPS, ("valid", "same")), itertools.cycle(CHANNELS), strict=False
    )
    if padding == "same" or fits(size, kernel, dilation)
]


def picture(generator: np.random.Generator, *shape: int) -> np.ndarray:
    return generator.integers(0, 256, shape).astype(np.float32)


def assert_same_map(actual: np.ndarray, expected: Any) -> None:
    """Assert that two maps are equal within 1e-5 of the largest value."""
    expected = np.asarray(expected)
    assert actual.shape == expected.shape
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-5 * max(float(np.abs(expected).max()), 1e-30))


def slow_convolution(image, kernel, *, bias=0.0, stride=1, padding="valid", dilation=1) -> np.ndarray:
    """The textbook's loops: at every stop, weights times pixels, with zeros outside the picture."""
    (height, width, channels), (rows, columns, _) = image.shape, kernel.shape
    counts, starts = [], []
    for size, weights in ((height, rows), (width, columns)):
        reach = (weights - 1) * dilation + 1
        count = (size - reach) // stride + 1 if padding == "valid" else (size + stride - 1) // stride
        surplus = max((count - 1) * stride + reach - size, 0) if padding == "same" else 0
        counts.append(count)
        starts.append(-(surplus // 2))
    result = np.zeros(counts)
    for stop in np.ndindex(*counts):
        total = bias
        for row, column, channel in np.ndindex(rows, columns, channels):
            y = starts[0] + stop[0] * stride + row * dilation
            x = starts[1] + stop[1] * stride + column * dilation
            if 0 <= y < height and 0 <= x < width:
                total += float(image[y, x, channel]) * float(kernel[row, column, channel])
        result[stop] = total
    return result


@pytest.mark.parametrize(("size", "kernel_size", "channels", "stride", "dilation", "padding"), TABLE)
def test_the_map_is_tensorflows(library, size, kernel_size, channels, stride, dilation, padding):
    generator = np.random.default_rng([*size, *kernel_size, channels, stride, dilation])
    image = picture(generator, *size, channels)
    kernel = generator.normal(size=(*kernel_size, channels)).astype(np.float32)
    expected = library.tf.nn.conv2d(
        image[np.newaxis], kernel[..., np.newaxis], strides=stride, padding=padding.upper(), dilations=dilation
    )[0, :, :, 0]
    assert_same_map(convolve(image, kernel, stride=stride, padding=padding, dilation=dilation), expected)
    for axis in (0, 1):
        count = output_size(size[axis], kernel_size[axis], stride=stride, padding=padding, dilation=dilation)
        assert count == expected.shape[axis]


@pytest.mark.parametrize(
    ("side", "kernel_size", "settings", "bias", "activation"),
    [
        (28, 3, {"strides": 1, "padding": "valid"}, 0.0, None),
        (28, 5, {"strides": 2, "padding": "same"}, 12.5, None),
        (29, 4, {"strides": 3, "padding": "same"}, -40.0, "relu"),
        (32, 7, {"strides": 1, "padding": "valid", "dilation_rate": 3}, 3.0, "relu"),
        (31, 2, {"strides": 1, "padding": "same", "dilation_rate": 2}, -0.25, None),
    ],
)
def test_a_keras_layer_computes_the_same_map(library, side, kernel_size, settings, bias, activation):
    generator = np.random.default_rng(side)
    image = picture(generator, side, side, 3)
    kernel = generator.normal(size=(kernel_size, kernel_size, 3)).astype(np.float32)
    layer = library.keras.layers.Conv2D(1, kernel_size, activation=activation, **settings)
    layer.build((1, side, side, 3))
    layer.set_weights([kernel[..., np.newaxis], np.array([bias])])
    expected = np.asarray(layer(image[np.newaxis]))[0, :, :, 0]
    ours = convolve(
        image,
        kernel,
        bias=bias,
        stride=settings["strides"],
        padding=settings["padding"],
        dilation=settings.get("dilation_rate", 1),
    )
    assert_same_map(np.maximum(ours, 0) if activation else ours, expected)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("stride", "dilation"), STEPS)
def test_every_window_reads_the_pixels_that_tensorflows_window_reads(library, stride, dilation, padding):
    for size, kernel in itertools.product(range(1, 13), range(1, 8)):
        if padding == "valid" and not fits((size,), (kernel,), dilation):
            continue
        # Pixel n is n + 1, and filter j has only tap j. So the maps list the pixels that each window reads.
        numbers = np.arange(1, size + 1, dtype=np.float32)
        taps = np.eye(kernel, dtype=np.float32)[np.newaxis, :, np.newaxis, :]
        read = library.tf.nn.conv2d(
            numbers[np.newaxis, np.newaxis, :, np.newaxis], taps, stride, padding.upper(), dilations=dilation
        )
        read = np.asarray(read)[0, 0]
        axis = axis_geometry(size, kernel, stride=stride, padding=padding, dilation=dilation)
        case = f"{size} pixels, {kernel} weights"
        padded = np.pad(numbers, (axis.before, axis.after))
        places = np.arange(axis.output)[:, np.newaxis] * stride + np.arange(kernel) * dilation
        assert read.shape == (axis.output, kernel), case
        assert places.max() < len(padded), case
        np.testing.assert_array_equal(padded[places], read, err_msg=case)
        assert axis.reach == places[0].max() - places[0].min() + 1, case
        assert axis.after == max(places.max() + 1 - axis.before - size, 0), case
        if size >= axis.reach:
            assert axis.unreached == size - read.max(), case


def test_same_padding_puts_the_odd_pixel_at_the_bottom_right():
    axis = axis_geometry(6, 4, padding="same")
    assert (axis.before, axis.after) == (1, 2)
    ones = convolve(np.ones((4, 4)), np.ones((2, 2)), padding="same")
    np.testing.assert_array_equal(ones, [[4, 4, 4, 2], [4, 4, 4, 2], [4, 4, 4, 2], [2, 2, 2, 1]])


def test_valid_padding_with_a_stride_leaves_the_last_pixels_unread():
    axis = axis_geometry(128, 3, stride=4)
    assert (axis.output, axis.unreached, axis.before, axis.after) == (32, 1, 0, 0)
    image = np.zeros((128, 128))
    image[-1:], image[:, -1:] = 1.0, 1.0
    assert not convolve(image, np.ones((3, 3)), stride=4).any()


@pytest.mark.parametrize(
    ("size", "kernel", "settings", "expected"),
    [
        (128, 5, {}, 124),
        (128, 3, {"padding": "same"}, 128),
        (128, 3, {"stride": 2}, 63),
        (128, 3, {"stride": 2, "padding": "same"}, 64),
        (129, 3, {"stride": 2, "padding": "same"}, 65),
        (32, 7, {"dilation": 3}, 14),
        (7, 7, {}, 1),
    ],
)
def test_output_sizes_are_those_of_the_textbook(size, kernel, settings, expected):
    assert output_size(size, kernel, **settings) == expected


@st.composite
def cases(draw):
    """A random picture and kernel, with settings for which at least one window fits."""
    size = draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    stride, dilation = draw(st.sampled_from(STEPS))
    padding = draw(st.sampled_from(["valid", "same"]))
    limits = [7 if padding == "same" else min(7, (pixels - 1) // dilation + 1) for pixels in size]
    kernel_size = tuple(draw(st.integers(1, limit)) for limit in limits)
    channels = draw(st.integers(1, 4))
    numbers = st.integers(-255, 255).map(float)
    image = draw(arrays.arrays(np.float64, (*size, channels), elements=numbers))
    kernel = draw(arrays.arrays(np.float64, (*kernel_size, channels), elements=numbers))
    return image, kernel, {"stride": stride, "dilation": dilation, "padding": padding}


@given(cases(), st.integers(-1000, 1000))
def test_the_map_is_that_of_the_textbooks_loops(case, bias):
    image, kernel, options = case
    assert_same_map(
        convolve(image, kernel, bias=bias, **options), slow_convolution(image, kernel, bias=bias, **options)
    )


@given(cases(), st.integers(-8, 8), st.data())
def test_the_map_is_linear_in_the_picture_and_in_the_kernel(case, factor, data):
    image, kernel, options = case
    other = data.draw(arrays.arrays(np.float64, image.shape, elements=st.integers(-255, 255).map(float)))
    total = convolve(image, kernel, **options) + factor * convolve(other, kernel, **options)
    # The maps are rounded to float32, with an error below a millionth of the largest possible sum.
    tolerance = 1e-6 * 255 * 255 * kernel.size * (1 + abs(factor))
    np.testing.assert_allclose(convolve(image + factor * other, kernel, **options), total, rtol=0, atol=tolerance)
    scaled = convolve(image, factor * kernel, **options)
    np.testing.assert_allclose(scaled, factor * convolve(image, kernel, **options), rtol=0, atol=tolerance)


@given(
    arrays.arrays(np.float64, (9, 10, 2), elements=st.integers(0, 255).map(float)),
    arrays.arrays(np.float64, (3, 2, 2), elements=st.integers(-9, 9).map(float)),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_a_shifted_picture_gives_the_shifted_map(image, kernel, down, right):
    moved = np.pad(image, ((down, 0), (right, 0), (0, 0)))
    np.testing.assert_array_equal(convolve(moved, kernel)[down:, right:], convolve(image, kernel))


def test_the_kernel_is_not_flipped():
    image = np.zeros((3, 3))
    image[0, 2] = 1.0
    kernel = np.arange(9.0).reshape(3, 3)
    assert convolve(image, kernel) == [[2.0]]


def test_the_planes_of_a_colour_picture_are_added_up_into_one_map():
    generator = np.random.default_rng(3)
    image, kernel = generator.normal(size=(8, 8, 3)), generator.normal(size=(3, 3, 3))
    planes = [convolve(image[:, :, channel], kernel[:, :, channel]) for channel in range(3)]
    np.testing.assert_allclose(convolve(image, kernel), sum(planes), rtol=0, atol=1e-5)


def test_two_dimensions_count_as_one_channel():
    generator = np.random.default_rng(4)
    image, kernel = generator.normal(size=(8, 9)), generator.normal(size=(3, 2))
    expected = convolve(image[..., np.newaxis], kernel[..., np.newaxis])
    np.testing.assert_array_equal(convolve(image, kernel), expected)
    np.testing.assert_array_equal(convolve(image[..., np.newaxis], kernel), expected)


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.float16, np.float32, np.float64, bool])
def test_whatever_goes_in_float32_comes_out_and_nothing_overflows(dtype):
    image = np.full((5, 5, 3), np.iinfo(np.uint8).max).astype(dtype)
    kernel = np.full((3, 3, 3), 2).astype(dtype)
    result = convolve(image, kernel)
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, np.full((3, 3), 27 * float(image[0, 0, 0]) * float(kernel[0, 0, 0])))


def test_picture_and_kernel_stay_as_they_are():
    image, kernel = np.ones((4, 4, 1)), np.ones((2, 2, 1))
    image.flags.writeable = kernel.flags.writeable = False
    convolve(image, kernel, bias=5.0, padding="same")
    assert (image == 1).all()
    assert (kernel == 1).all()


@pytest.mark.parametrize(
    ("image", "kernel", "options", "message"),
    [
        ((5, 5, 3), (3, 3, 1), {}, "The kernel has weights for 1 channels, but the image has 3"),
        ((5, 5), (3, 3, 3), {}, "The kernel has weights for 3 channels, but the image has 1"),
        ((5,), (3, 3), {}, r"need 2 or 3 dimensions, but they have the shapes \(5,\) and \(3, 3, 1\)"),
        ((1, 5, 5, 1), (3, 3, 1), {}, r"need 2 or 3 dimensions, but they have the shapes \(1, 5, 5, 1\)"),
        ((5, 5, 1), (3, 3, 1, 1), {}, r"need 2 or 3 dimensions, .* and \(3, 3, 1, 1\)"),
        ((9, 9), (3, 3), {"stride": 2, "dilation": 3}, "Keras refuses stride 2 together with dilation 3"),
        ((5, 9), (6, 3), {}, "No window fits: it reaches over 6 pixels, but the picture has only 5 along this side"),
        ((9, 5), (3, 3), {"dilation": 3}, "it reaches over 7 pixels, but the picture has only 5"),
        ((5, 5), (3, 3), {"stride": 0}, "The stride is 0, but it must be at least 1"),
        ((5, 5), (3, 3), {"dilation": -1}, "The dilation is -1, but it must be at least 1"),
        ((0, 5), (1, 1), {"padding": "same"}, "The size is 0, but it must be at least 1"),
        ((5, 5), (0, 3), {}, "The kernel size is 0, but it must be at least 1"),
        ((5, 5), (3, 3), {"padding": "full"}, 'The padding is \'full\', but Keras knows "valid" and "same"'),
    ],
)
def test_the_impossible_is_refused_with_the_reason(image, kernel, options, message):
    with pytest.raises(ValueError, match=message):
        convolve(np.zeros(image), np.zeros(kernel), **options)


def test_keras_itself_refuses_stride_together_with_dilation(library):
    with pytest.raises(ValueError, match="`strides > 1` not supported in conjunction with `dilation_rate > 1`"):
        library.keras.layers.Conv2D(1, 3, strides=2, dilation_rate=2)
