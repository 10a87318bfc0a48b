"""What the board of a dense layer says."""

TEXTS = {
    "region": "Dense layer",
    "network": "Network",
    "which": "Epoch",
    "unit": "Class",
    "unit-hidden": "Unit",
    "order": "Terms",
    "order-strength": "strongest first",
    "order-for": "for {for} first",
    "order-against": "for {against} first",
    "number": "“{name}”",
    "not": "not {name}",
    "lower": "lower",
    "higher": "higher",
    "previous": "Previous terms",
    "next": "Next terms",
    "page": "{first}–{last} of {count}",
    "reset": "Reset",
    "wait": "The network looks at the photo …",
    "head-part": "on",
    "head-feature": "feature",
    "head-x": "xᵢ",
    "head-w": "· wᵢ",
    "head-term": "= wᵢxᵢ",
    "feature": "map {feature}",
    "feature-plain": "input {feature}",
    "takes-part": "{name} takes part",
    "look": "Look at {name}",
    "weight": "Weight of {name}",
    "drag": "Term of {name}: move its weight",
    "drag-value": "weight {weight}, term {term}",
    "dead": "This input is 0: whatever its weight, its term is 0.",
    "all": "All {count} terms, from {against} to {for}: what is left over decides. The marks are the rows above.",
    "all-but": "The {count} of {all} terms that are not 0, from {against} to {for}. The marks are the rows above.",
    "added": "Everything added up",
    "shown": "these {count}",
    "rest": "{count} other features",
    "rest-parts": "{low} and {high}",
    "bias": "bias b",
    "bias-label": "Bias b",
    "logit": "logit z",
    "sum": "sum z",
    "before": "Without your changes: {answer}.",
    "hint": "Drag the end of a bar, type a weight, or untick a feature: the answer follows at once.",
    "changed": "Your changes turn the answer over.",
    "answer": "{name} {percent} %",
    "others": "all {count} classes",
    "hidden": "This unit is no answer yet: other layers read its output.",
    "mean": "x of {name} = mean of {height} × {width} = {count} numbers = {value}",
    "no-map": "{name} = {value}",
    "large": "{name}, {height} × {width}",
    "on-photo": "where it is large",
    "map-picture": "{name} large: {height} × {width} numbers from {low} to {high}",
    "photo-picture": "The photo, bright where {name} is large",
    "push": "Times its weight {weight}, it pushes to {side} by {term}.",
    "push-none": "It pushes to neither side.",
    "push-hidden": "Times its weight {weight}, it gives {term}.",
    "way": "Open it in the network map →",
}

CHOICES = {"which": [["best", "best"], ["last", "last"]]}

KERAS_LINES = """import keras
import numpy as np

network = keras.models.load_model("models/weights/convnet.keras")
pooled = network.get_layer("features")  # GlobalAveragePooling2D
answer = network.get_layer("answer")  # Dense(1, activation="sigmoid")
features = keras.Model(network.input, pooled.output)

# Noise: put your own photo here.
photo = np.random.default_rng(0).uniform(0, 255, (1, 300, 400, 3))
x = np.array(features(photo))[0]  # 192 numbers, one for each map
w, b = np.array(answer.kernel)[:, 0], float(answer.bias[0])
terms = w * x
z = terms.sum() + b
p = 1 / (1 + np.exp(-z))

for i in np.argsort(-np.abs(terms))[:5]:
    side = "dogs" if terms[i] > 0 else "cats"
    print(f"map {i:3}: {w[i]:+.4f} * {x[i]:.4f} = {terms[i]:+.4f}, to {side}")
print(f"p(dogs) = {p:.4f}, the network: {float(network(photo)[0, 0]):.4f}")
print(f"{answer.count_params()} of {network.count_params():,} parameters")"""
