"""The end of a network: the features that its answer is computed from, and its last feature maps.

This module imports Keras when it is asked.
"""

from typing import Any, NamedTuple

from models.networks.ending import activation_name, is_passing, unwrapped
from models.networks.files import file_title
from models.networks.saved_network import NetworkError, SavedNetwork

_CONVOLUTIONS = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose")
_ACTIVATIONS = ("Sigmoid", "Softmax", "LogSoftmax", "Activation")


class LastLayers(NamedTuple):
    """Symbolic tensors of a network, as outputs for a `keras.Model`.

    Attributes:
        features: (batch, f): the input of the last Dense layer.
        dense: that layer. features · kernel + bias are the logits, before sigmoid or softmax.
        maps: (batch, height, width, channels): the last maps that come from convolutions and are larger than 1 × 1;
            None for a network without convolutions.
        layer: the name of the layer that makes the maps, or "".
    """

    features: Any
    dense: Any
    maps: Any
    layer: str


def last_layers(network: SavedNetwork) -> LastLayers:
    """Find the last layers of a network in its graph.

    Raises:
        NetworkError: the network does not end in a Dense layer and the activation of its answer.
    """
    import keras

    # Nodes and not layers, as in `models.networks.inference`: a layer may be used several times. A functional model is
    # made, because a sequential model has no nodes.
    graph = keras.Model(network.model.inputs[0], network.model.outputs[0])
    makers: dict[int, Any] = {}
    convolved: set[int] = set()
    maps, layer = None, ""
    for _, nodes in sorted(graph._nodes_by_depth.items(), reverse=True):  # noqa: SLF001
        for node in nodes:
            step = node.operation
            after = _is_convolution(step) or any(id(tensor) in convolved for tensor in node.input_tensors)
            for tensor in node.outputs:
                makers[id(tensor)] = node
                if not after:
                    continue
                convolved.add(id(tensor))
                if len(tensor.shape) == 4 and 1 not in tensor.shape[1:3]:
                    maps, layer = tensor, step.name
    features, dense = _answer(network, makers)
    return LastLayers(features, dense, maps, layer)


def _is_convolution(step: Any) -> bool:
    # A network inside a network counts as one step.
    step = unwrapped(step)
    return type(step).__name__ in _CONVOLUTIONS or any(map(_is_convolution, getattr(step, "layers", ())))


def _answer(network: SavedNetwork, makers: dict[int, Any]) -> tuple[Any, Any]:
    """The last Dense layer's input, and that layer.

    Its activation may be a step of its own, and steps that change no number may follow. Which activation it is,
    `models.networks.ending` has checked when the network was opened.
    """
    node = makers[id(network.model.outputs[0])]
    while is_passing(node.operation) or type(node.operation).__name__ in _ACTIVATIONS:
        node = makers[id(node.input_tensors[0])]
    step = unwrapped(node.operation)
    if type(step).__name__ != "Dense" or activation_name(step) not in ("linear", "sigmoid", "softmax", "log_softmax"):
        raise NetworkError(
            f"{file_title(network.path)} does not end in a Dense layer with one sigmoid unit or a softmax: what its "
            "answer is computed from is not known."
        )
    return node.input_tensors[0], step
