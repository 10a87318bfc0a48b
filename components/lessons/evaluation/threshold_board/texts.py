"""What the board of the threshold says. Everything in {braces} is filled in by the browser."""

from components.browser import Texts

CHOICES = {
    "percent": [["row", "of the row"], ["column", "of the column"], ["all", "of all"]],
}

METRICS = (
    ("accuracy", "accuracy", "({tp} + {tn}) / {all}", "no photo is left"),
    ("precision", "precision", "{tp} / ({tp} + {fp})", "0 / 0: nothing is called {positive}"),
    ("recall", "recall", "{tp} / ({tp} + {fn})", "0 / 0: there is no {positive}"),
    ("specificity", "specificity", "{tn} / ({tn} + {fp})", "0 / 0: there is no {negative}"),
    ("f1", "F1", "2 · {tp} / (2 · {tp} + {fp} + {fn})", "0 / 0: there is no {positive}, and nothing is called so"),
    (
        "balanced_accuracy",
        "balanced accuracy",
        "({tp} / {positives} + {tn} / {negatives}) / 2",
        "one class has no photo",
    ),
)
"""Name in `models.evaluation.thresholds.figures_of`, display name, formula, and the words for 0 / 0."""

STORY = (
    "A shelter’s camera opens the room of the {negative}s for every animal that the network calls a {negative}. A "
    "missed {positive} walks in among the {negative}s; a false alarm leaves a {negative} waiting outside. The first is "
    "worse: say 5 to 1, or put in your own costs."
)
"""Which mistake is worse, where one class is cats and the other one dogs."""

NO_STORY = "Which kind of mistake is worse, and by how much? Put in what each of them costs."

TEXTS: Texts = {
    "region": "Threshold board",
    "slider": "Threshold",
    "threshold": "threshold {threshold}",
    "value": "{threshold}: called {positive}: {called} of {all} photos",
    "low": "0, surely {negative}",
    "high": "surely {positive}, 1",
    "histogram": "How many photos have which score: {positive} upwards, {negative} downwards, each bar as high as the "
    "square root of its count. Click or drag to move the threshold.",
    "up": "up: is {positive}",
    "down": "down: is {negative}",
    "pale": "pale: a mistake",
    "heights": "height: √ of the count",
    "hint": "Score: the network’s probability for “{positive}”. Drag the circle, or use the arrow keys.",
    "film": "The photos next to the threshold. Left of the line the network says {negative}, right of it {positive}; "
    "a cross marks its mistakes.",
    "says": "says {name}",
    "is": "is {name}",
    "tn": "right",
    "fp": "false alarm",
    "fn": "missed",
    "tp": "right",
    "cell": "is {is}, says {says}: {count}, {percent}",
    "covered": "is {is}, says {says}: covered, press to guess",
    "percent": "Percent",
    "precision-recall": "Precision-recall curve",
    "roc": "ROC curve",
    "picture": "{curve}, with a point at the threshold.",
    "average-precision": "average precision {value}",
    "area": "AUC (area below) {value}",
    "no-average-precision": "no average precision: there is no {positive}",
    "no-area": "no AUC: one class has no photo",
    "precision": "precision",
    "recall": "recall",
    "false-alarms": "false positive rate",
    "equal-f1": "F1 = {f1}",
    "majority": "always saying “{name}” has accuracy {value}",
    "cover": "Cover the cells, guess first",
    "guess": "How many photos are {is} and called {says}?",
    "reveal": "Reveal",
    "right-guess": "You said {guess}. It is {count}: exactly.",
    "off-guess": "You said {guess}. It is {count}: {off} off.",
    "no-guess": "It is {count}.",
    "missed-cost": "A missed {positive} costs",
    "alarm-cost": "a false alarm costs",
    "cost-title": "What do its mistakes cost?",
    "validation": "validation",
    "test": "test",
    "these-photos": "these photos",
    "price-threshold": "threshold",
    "price-on": "cost on {part} ({count})",
    "price-now": "Now",
    "price-chosen": "Cheapest on {part}",
    "price-late": "Cheapest on {part}, known too late",
    "price-words": "A threshold suits the photos that it was chosen on: there the cheapest one costs {chosen}. What it "
    "costs on new photos is read off those that had no say: {price}.",
    "price-words-each": "A threshold suits the photos that it was chosen on: there the cheapest one costs {chosen} for "
    "every 100 photos. What it costs on new photos is read off those that had no say: {price} for every 100.",
    "price-alone": "Chosen and priced on the same photos, a threshold looks better than it is: on new photos it "
    "probably costs more.",
    "go": "Go there",
    "more": "More: the ROC curve, and what unequal classes do to accuracy",
    "keep": "Share of each class to keep",
    "keep-words": "Keep only a few photos of one class, and watch accuracy and balanced accuracy part.",
    "kept": "{name}: {percent}\u00a0%, {count} photos",
    "kept-one": "{name}: {percent}\u00a0%, 1 photo",
    "strip-tn": "Right: {count}; is {negative}, says {negative}; surest first",
    "strip-fp": "False alarms: {count}; is {negative}, says {positive}; surest first",
    "strip-fn": "Missed: {count}; is {positive}, says {negative}; surest first",
    "strip-tp": "Right: {count}; is {positive}, says {positive}; surest first",
    "mine": "your photo {score}",
    "mine-words": "Your photo: score {score}, so the network says “{name}”",
}
