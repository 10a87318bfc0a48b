"""Several own photos with labels: how good is the network on them, and how much do so few photos say?"""

import html

import numpy as np
import streamlit as st

from components.lessons.evaluation.own_photos import Labelled, judge_own, own_grid, unread_words
from components.networks.choosers import DATA_TITLES
from components.networks.score_job import Asked
from components.photo.uploads import jpeg_url, plain
from models.answers import JudgedPhotos
from models.evaluation.intervals import wilson_interval
from models.evaluation.stored_scores import Judged
from models.figures import percent, probability

_SIDE = 96


def own_test(judged: Judged, asked: Asked) -> None:
    """Draw the grid for own photos and, once there are some, the network's figures on them beside the judged ones.

    Args:
        judged: the judgement to compare with.
        asked: the request to the engine about its network.
    """
    st.write(
        f"Name the classes as the network does: {', '.join(plain(name) for name in judged.classes)}. "
        "No picture should be one that the network was trained on."
    )
    photos = own_grid(asked)
    if not photos:
        return
    found = judge_own(photos, asked)
    if found is None:
        return
    right = found["probabilities"].argmax(axis=1) == found["labels"]
    theirs = judged.probabilities.argmax(axis=1) == judged.labels
    rows = [
        ("Your pictures", int(right.sum()), len(right)),
        (f"{DATA_TITLES[judged.dataset.partition(':')[0]]}, {judged.part}", int(theirs.sum()), len(theirs)),
    ]
    st.html(accuracy_table(rows))
    st.html(_called(photos, found))
    if found["skipped"]:
        st.caption(unread_words(found["skipped"]))


def accuracy_table(rows: list[tuple[str, int, int]]) -> str:
    """Return (name, right, all) of several tests as an HTML table with accuracies and their 95 % intervals."""
    cells, widest = "", 0.0
    for name, right, count in rows:
        share, interval = "–", "–"  # 0 of 0 is no share
        if count:
            low, high = wilson_interval(right, count)
            share, interval = percent(right / count), f"{percent(low)} to {percent(high)}"
            widest = max(widest, high - low)
        cells += (
            f'<tr><th scope="row">{html.escape(name)}</th><td>{right:,} of {count:,}</td>'
            f"<td><b>{share}</b></td><td>{interval}</td></tr>"
        )
    words = (
        "If the same test were made again and again with other pictures of the same kind, such an interval would hold "
        "the true accuracy 19 times out of 20 (Wilson's interval)."
    )
    if widest > 0.2:
        words += " So few pictures allow a wide one: they cannot tell a good network from a middling one."
    return (
        '<section class="lesson"><table class="plain-table"><thead><tr><th scope="col">Test</th>'
        '<th scope="col">Right</th><th scope="col">Accuracy</th><th scope="col">95\u00a0% interval</th></tr></thead>'
        f"<tbody>{cells}</tbody></table><p>{words}</p></section>"
    )


def _called(photos: Labelled, found: JudgedPhotos) -> str:
    items = ""
    for place, label, p in zip(found["places"], found["labels"], found["probabilities"], strict=True):
        answer = int(np.argmax(p))
        photo = photos[int(place)][1]
        verdict = "right" if answer == label else "wrong"
        items += (
            f'<li data-verdict="{verdict}"><img alt="{html.escape(photo.name)}" src="{jpeg_url(photo.square(_SIDE))}">'
            f"<b>{html.escape(found['classes'][answer])} {html.escape(probability(float(p[answer])))}</b>"
            f"<span>{verdict}: {html.escape(found['classes'][label])}</span></li>"
        )
    return f'<section class="nearest"><h3>What it calls each</h3><ul>{items}</ul></section>'
