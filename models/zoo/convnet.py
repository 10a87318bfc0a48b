"""`convnet`: the course's own network, trained from scratch."""

from typing import Any

from models.zoo import Info

INFO = Info("convnet", "The course's convnet", side=112)


def body(inputs: Any, *, maximum: int = 255, width: float = 1.0) -> Any:
    """Return the features of a batch of squares: convolution blocks, pooling, global average pooling.

    A block is two 3 × 3 convolutions, each with batch normalisation, and a skip connection past them, so that the
    gradient reaches the first layers undiminished (He et al., "Deep Residual Learning", 2016). If a block halves the
    picture, its skip connection averages 2 × 2 pixels, and a 1 × 1 convolution adapts the channels (He et al., "Bag of
    Tricks", 2019, ResNet-D). Small pictures are halved less often: 112 pixels become 7 × 7 maps, 8 pixels become 2 × 2.

    Args:
        inputs: (batch, side, side, channels), 0 to `maximum`.
        maximum: the value of a white pixel.
        width: factor on every layer's number of filters.

    Returns:
        (batch, features): 192 of them at width 1.

    Raises:
        ValueError: a width that leaves no filters or more than a million weights.
    """
    from keras import layers

    if not 0.1 <= width <= 1:
        raise ValueError(f"width is a factor from 0.1 to 1, not {width}.")
    side = inputs.shape[1]

    def filters(count: int) -> int:
        return max(1, round(count * width))

    def convolution(x: Any, count: int, name: str, *, size: int = 3, stride: int = 1) -> Any:
        x = layers.Conv2D(count, size, strides=stride, padding="same", use_bias=False, name=f"{name}_conv")(x)
        return layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)

    def block(x: Any, count: int, name: str, *, stride: int = 1) -> Any:
        around = x
        if stride > 1:
            around = layers.AveragePooling2D(stride, padding="same", name=f"{name}_around_pool")(around)
        if around.shape[-1] != count:
            around = convolution(around, count, f"{name}_around", size=1)
        x = convolution(x, count, f"{name}_a", stride=stride)
        x = layers.ReLU(name=f"{name}_a_relu")(x)
        x = convolution(x, count, f"{name}_b")
        x = layers.Add(name=f"{name}_add")([x, around])
        return layers.ReLU(name=f"{name}_relu")(x)

    x = layers.Rescaling(2 / maximum, offset=-1, name="rescale")(inputs)
    x = convolution(x, filters(32), "stem", stride=2 if side >= 64 else 1)
    x = layers.ReLU(name="stem_relu")(x)
    if side >= 24:
        x = layers.MaxPooling2D(3, strides=2, padding="same", name="stem_pool")(x)
    x = block(x, filters(48), "block1")
    x = block(x, filters(96), "block2", stride=2)
    x = block(x, filters(96), "block3")
    x = block(x, filters(192), "block4", stride=2)
    return layers.GlobalAveragePooling2D(name="features")(x)
