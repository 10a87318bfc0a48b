"""What the network map says."""

TEXTS = {
    "region": "Network map",
    "picture": "All layers of the network on the photo. Arrow keys go from map to map, Enter opens one",
    "network": "Network",
    "which": "Epoch",
    "view": "View",
    "beside": "Compare with",
    "pairs": "Of each pair, left: {left}. Right: {right}.",
    "order": "Sort by",
    "count": "Maps at once",
    "scale": "Full colour",
    "back": "Back",
    "run": "Run",
    "run-label": "Run the photo through the network",
    "again": "Ask again",
    "unfold": "{layers} layers",
    "fold": "fold {block}",
    "unfold-label": "Unfold {block}: show its {layers} layers",
    "fold-label": "Fold {block} into one column",
    "then": "then {name}",
    "then-label": "Open {name}, after which every map looks the same",
    "unfold-all": "All {layers} layers",
    "fold-all": "Fold the blocks",
    "previous": "Maps before",
    "next": "Next maps",
    "previous-layer-label": "Layer before: {layer}",
    "next-layer-label": "Next layer: {layer}",
    "all-maps": "All maps of {layer}",
    "page": "page {page} of {pages}",
    "photo": "photo",
    "answer": "answer",
    "negative": "negative",
    "positive": "positive",
    "head": "Open {name}: all its maps. {about}",
    "hint": "Every square is a real feature map of this photo. Point at one: lines lead to its inputs and outputs, a "
    "frame shows what it sees of the photo. Open it to see how it was computed.",
    "read": "{layer}, map {channel} of {channels}: {size}, numbers from {low} to {high}. {sees}",
    "read-picture": "The photo, {size}: numbers from {low} to {high}. Open it to see its planes.",
    "scale-map": "The strongest colour is each map's own largest number: shapes show, strengths cannot be compared.",
    "scale-layer": "The strongest colour is the layer's largest number: maps of a layer can be compared.",
    "scale-all": "The strongest colour is the largest number of all maps that are shown: layers can be compared.",
    "map": "map {channel}",
    "range": "{low} to {high}",
    "place": "Place on the map",
    "number": "row {row}, column {column}: {value}",
    "square": "The photo as the network gets it",
    "field": "Frame: all pixels that this one number depends on (its receptive field). It ends where the photo ends.",
    "formula-rest": "{count} other maps",
    "formula-rest-one": "1 other map",
    "formula-bias": "bias",
    "formula-mean": "{value} = mean of {count} numbers, {low} to {high}",
    "whole-photo": "This number depends on the whole photo.",
}

CHOICES = {
    "order": [["strength", "strongest first"], ["number", "number"]],
    "count": [["0", "as many as fit"], ["6", "6"], ["8", "8"], ["12", "12"], ["16", "16"]],
    "scale": [["map", "each map's largest number"], ["layer", "each layer's"], ["all", "of all layers"]],
    "which": [["best", "best"], ["last", "last"]],
}

COLOURS = ("red", "green", "blue")

KERAS_LINES = """import keras
import numpy as np

network = keras.models.load_model("models/weights/convnet.keras")
layers = [layer for layer in network.layers if len(layer.output.shape) == 4]
every_map = keras.Model(network.input, [layer.output for layer in layers])

photo = np.random.default_rng(0).uniform(0, 255, (1, 300, 400, 3))  # noise: put your own photo here
for layer, maps in zip(layers, every_map(photo)):
    print(f"{layer.name:20} {layer.count_params():8,} parameters, maps {maps.shape[1:]}")"""
