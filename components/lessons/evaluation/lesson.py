"""The words around the boards: accuracy that misleads, two questions, and a guess."""

from components import shell
from components.lessons.evaluation.figures_download import scikit_learn
from components.lessons.evaluation.threshold_board import shown_names
from models.evaluation.stored_scores import Judged

KERAS_CODE = """import keras
import numpy as np

y_true = np.array([0, 0, 1, 1])
y_score = np.array([0.1, 0.6, 0.4, 0.9])  # as model.predict gives them

for metric in [
    keras.metrics.BinaryAccuracy(threshold=0.5),
    keras.metrics.Precision(thresholds=0.5),
    keras.metrics.Recall(thresholds=0.5),
    keras.metrics.AUC(curve="PR"),
]:
    metric.update_state(y_true, y_score)
    print(metric.name, float(metric.result()))
"""

KERAS_WORDS = (
    "Keras counts while it trains and evaluates: give it the same objects in compile(metrics=…). Its AUC adds up 200 "
    "thresholds, so it differs a little from the average precision above."
)


def lesson(judged: Judged | None, threshold: float, aside: frozenset[int]) -> None:
    """Draw what to notice, the formulas and the question.

    Args:
        judged: the evaluation, for the names of the classes; None if there is none yet.
        threshold: of the board of two classes.
        aside: indices of photos that do not count.
    """
    names = judged.classes if judged is not None and len(judged.classes) == 2 else ("cat", "dog")
    negative, positive = shown_names((names[0], names[1]))

    tabs = shell.reference(
        shell.Question(
            "Of 1,000 photos 10 show a dog. A network says “no dog” to every photo. What is its accuracy?",
            ["1\u00a0%", "50\u00a0%", "90\u00a0%", "99\u00a0%"],
            right=3,
            because="It is right on the 990 photos without a dog: 99\u00a0%. Its recall is 0 of 10, and its balanced "
            "accuracy is (0 + 1) / 2 = 50\u00a0%, as good as a coin.",
            key="evaluation-question",
        ),
    )
    with tabs.formula:
        shell.formula(
            """<mtable><mtr><mtd><mtext>precision</mtext><mo>=</mo><mfrac><mi>TP</mi><mrow><mi>TP</mi><mo>+</mo>
            <mi>FP</mi></mrow></mfrac></mtd></mtr><mtr><mtd><mtext>recall</mtext><mo>=</mo><mfrac><mi>TP</mi><mrow>
            <mi>TP</mi><mo>+</mo><mi>FN</mi></mrow></mfrac></mtd></mtr></mtable>""",
            f"“{positive}” is the positive class here. TP, true positives, are “{positive}” and called so; FP, false "
            f"positives, are false alarms; FN, false negatives, are “{positive}” that are missed. F1 is the harmonic "
            "mean of both, 2 · precision · recall / (precision + recall): it is high only where both are.",
        )
    with tabs.keras:
        shell.keras_lines(KERAS_CODE, KERAS_WORDS)
        if judged is not None:
            scikit_learn(judged, threshold, aside)
    with tabs.notice:
        shell.notice(
            [
                "The threshold changes no score. It only decides above which score the network’s output counts as "
                f"“{positive}”.",
                "A higher threshold never gives more false alarms, and never fewer misses. No threshold avoids both "
                "kinds of mistake, unless the scores of the two classes do not overlap.",
                f"Precision and recall are two questions. Precision: of all that it calls “{positive}”, which share is "
                f"one? Recall: of all that are “{positive}”, which share does it call so? "
                f"Specificity is the recall of “{negative}”.",
                "Choose a threshold on validation photos, and read its price off test photos. A threshold suits the "
                "photos that it was chosen on a little too well, as a pupil does who knew the questions.",
                "The ROC curve sets recall against the false positive rate: the false alarms among all that are "
                f"“{negative}”. The area below it, AUC, says how often a “{positive}” has a higher score than a "
                f"“{negative}”, of all pairs of one each; equal scores count half. Average precision is the area below "
                "the precision-recall curve, taken as steps.",
                "Accuracy misleads where classes are unequal. Keep only a few photos of one class: whoever always "
                "says the other one is right nearly always, and finds none of the rare ones. Balanced accuracy then "
                "falls to 50\u00a0%.",
                "Where the pictures are at hand, as those of the drawn pets, look at the surest mistakes first. Some "
                "are hard pictures, some are wrong labels, and some show what the network goes by.",
            ]
        )
