"""What the board of a dense layer says."""

TEXTS = {
    "region": "Dense layer",
    "network": "Network",
    "which": "Epoch",
    "unit": "Class",
    "unit-hidden": "Unit",
    "order": "Sort by",
    "order-sides": "strongest of each side",
    "order-strength": "strongest first",
    "order-for": "most for {for}",
    "order-against": "most for {against}",
    "number": "“{name}”",
    "not": "not {name}",
    "lower": "lower",
    "higher": "higher",
    "previous": "Previous terms",
    "next": "Next terms",
    "page": "{first}–{last} of {count}",
    "reset": "Reset",
    "wait": "The network looks at the photo …",
    "head-part": "use",
    "head-feature": "feature",
    "head-x": "xᵢ",
    "head-w": "· wᵢ",
    "head-term": "= wᵢxᵢ",
    "feature": "map {number}",
    "feature-plain": "input {number}",
    "takes-part": "Use {name}",
    "look": "Look at {name}",
    "weight": "Weight of {name}",
    "drag": "Term of {name}: move its weight",
    "drag-value": "weight {weight}, term {term}",
    "dead": "This input is 0: whatever its weight, its term is 0.",
    "all": "All {count} terms, from {against} to {for}: what is left over decides. The marks are the rows above.",
    "all-but": "The {count} of {all} terms that are not 0, from {against} to {for}. The marks are the rows above.",
    "added": "Everything added up",
    "all-terms": "all {count} terms",
    "all-parts": "{low} and {high}",
    "shown": "these {count}",
    "rest": "{count} others",
    "rest-1": "1 other",
    "lesson-many": "No single {kind} matters much: {count} small pushes decide. The strongest, {name}, is "
    "{percent}\u00a0% of all.",
    "lesson-one": "The strongest of {count} pushes, {name}, is {percent}\u00a0% of all.",
    "lesson-rest": "The rows that are shown lean to the other side: the {count} others decide.",
    "lesson-rest-1": "The rows that are shown lean to the other side: the 1 other decides.",
    "lesson-bias": "All terms together lean to the other side: the bias decides.",
    "kind": "map",
    "kind-plain": "input",
    "bias": "bias b",
    "bias-label": "Bias b",
    "logit": "sum z (logit)",
    "sum": "sum z",
    "before": "Without your changes: {answer}.",
    "hint": "Drag the end of a bar, type a weight, or untick a feature: the prediction follows at once.",
    "changed": "Your changes flip the prediction.",
    "answer": "{name} {percent}\u00a0%",
    "others": "all {count} classes",
    "hidden": "This unit predicts nothing yet: other layers read its output.",
    "mean": "x of {name} = mean of {height} × {width} = {count} numbers = {value}",
    "no-map": "{name} = {value}",
    "large": "{name}, {height} × {width}",
    "on-photo": "where it is large",
    "map-picture": "{name} large: {height} × {width} numbers from {low} to {high}",
    "photo-picture": "The photo, clear where {name} is large and veiled elsewhere",
    "push": "Times its weight {weight}, it pushes to {side} by {term}.",
    "push-none": "It pushes to neither side.",
    "push-hidden": "Times its weight {weight}, it gives {term}.",
    "way": "Open it in the network map →",
}

CHOICES = {"which": [["best", "best"], ["last", "last"]]}

KERAS_LINES = """import keras
import numpy as np
from PIL import Image

network = keras.models.load_model("models/weights/convnet.keras")
pooled = network.get_layer("features")  # GlobalAveragePooling2D
answer = network.get_layer("answer")  # Dense(1, activation="sigmoid")
features = keras.Model(network.input, pooled.output)

# Noise. Put your own photo here: np.array(Image.open("photo.jpg").convert("RGB"))
photo = np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype="uint8")
# Resized to whole numbers, as on this page. The network would resize to fractions, and its numbers differ a little.
square = Image.fromarray(photo).resize((112, 112), Image.Resampling.BILINEAR)
batch = np.array(square, dtype="float32")[np.newaxis]
x = np.array(features(batch))[0]  # 192 numbers, one for each map
w, b = np.array(answer.kernel)[:, 0], float(answer.bias[0])
terms = w * x
z = terms.sum() + b
p = 1 / (1 + np.exp(-z))

order = np.argsort(terms)
for i in [*order[:5], *order[::-1][:5]]:  # the strongest of each side; i is an index: map 1 has index 0
    side = "dog" if terms[i] > 0 else "cat"
    print(f"map {i + 1:3}: {w[i]:+.4f} * {x[i]:.4f} = {terms[i]:+.4f}, to {side}")
print(f"z = {z:.4f}, p(dog) = {p:.4f}, the network: {float(network(batch)[0, 0]):.4f}")
print(f"{answer.count_params()} of {network.count_params():,} parameters")"""
