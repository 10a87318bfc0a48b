"""The choices of each of the eight steps: Streamlit's widgets, and a sentence or two that say what they decide."""

import html
from collections.abc import Callable
from typing import Any

import streamlit as st

from components import shell
from components.lessons.training import change
from components.lessons.training.data_facts import found_words
from components.lessons.training.draft import (
    AUGMENTATION,
    COUNTS,
    DATA,
    MAX_BATCH,
    MAX_EPOCHS,
    NETWORKS,
    Draft,
    network_title,
    side_of,
)
from components.networks.choosers import DATA_TITLES, choose_folder, offered_data
from components.photo.uploads import plain
from models.datasets import DatasetError
from models.figures import number_of, percent
from models.runs import program
from models.runs.config import OPTIMIZERS, SCHEDULES

TITLES = tuple(program.TITLES.values())

OPTIMIZER_TITLES = {
    "sgd": "SGD",
    "nesterov": "SGD with Nesterov momentum",
    "adagrad": "AdaGrad",
    "adadelta": "AdaDelta",
    "rmsprop": "RMSProp",
    "adam": "Adam",
}
SCHEDULE_TITLES = {"constant": "stays as it is", "cosine": "falls along a cosine to 0"}
MONITOR_TITLES = {
    "val_loss": "validation loss (lowest)",
    "val_accuracy": "validation accuracy (highest)",
    "loss": "training loss (lowest)",
    "accuracy": "training accuracy (highest)",
}


def choice_of(draft: Draft, step: int, *, classes: int | None, photos: int | None) -> str:
    """Return the choice made in a step, in a few words.

    Args:
        draft: the choices.
        step: from 1.
        classes: number of classes in the data, if known.
        photos: number of training pictures, if known.
    """
    if step == 1:
        if draft.data == "folder" and photos:
            return f"{number_of(photos, 'photo')} of a folder on the server"
        count = f"{photos:,} " if photos else ""
        title = DATA_TITLES[draft.data]
        return f"{count}{title[:1].lower()}{title[1:]}" if count else title
    if step == 2:
        thawed = draft.blocks if draft.network == "efficientnet-lite0" else 0
        more = f", last {number_of(thawed, 'block')} fine-tuned" if thawed else ""
        return f"{network_title(draft.network)}{more}"
    if step == 3:
        falls = ", cosine" if draft.schedule == "cosine" else ""
        return f"{OPTIMIZER_TITLES[draft.optimizer]}, {draft.learning_rate:g}{falls}"
    if step == 4:
        return {None: "cross-entropy", 2: "binary cross-entropy"}.get(classes, "categorical cross-entropy")
    if step == 5:
        return f"seed {draft.seed}"
    if step == 6:
        return "accuracy" + (", TensorBoard" if draft.board else "")
    if step == 7:
        return f"{number_of(draft.epochs, 'epoch')}, batches of {draft.batch:,}"
    return "best and last epoch" if draft.keep else "last epoch"


def widget(kind: Callable[..., Any], label: str, name: str, draft: Draft, **options: Any) -> Any:
    """Draw a widget that shows one of the draft's values and changes it."""
    key = f"training-{name}"
    st.session_state[key] = getattr(draft, name)  # the draft decides: a link may have changed it

    def changed() -> None:
        if st.session_state[key] is not None:  # an emptied number field
            change(**{name: st.session_state[key]})

    return kind(label, key=key, on_change=changed, **options)


def choices(draft: Draft) -> None:
    """Draw the choices of the draft's step, except those of launching and saving."""
    title = f"{draft.step}. {TITLES[draft.step - 1]}"
    with st.container(key="training-decides"):
        st.html(f'<section class="lesson"><h2>{title}</h2><p>{_DECIDES[draft.step]}</p></section>')
    _CHOICES[draft.step](draft)


_DECIDES = {
    1: "The network knows only what its pictures show. This decides what it can learn at all, and how long an epoch "
    "takes.",
    2: "This decides how many weights are trained. A pretrained network brings filters learned from 1.28 million "
    "photos; then only its last layer has to learn your classes.",
    3: "The gradient says how fast the loss rises with each weight; the optimizer turns it into a step. The learning "
    "rate decides how long that step is: too long and the loss jumps about or explodes, too short and nothing happens "
    "for hours.",
    4: "The loss is the number that training minimises. It follows from the classes: binary cross-entropy after one "
    "sigmoid unit for two, categorical cross-entropy after softmax for more.",
    5: "Compiling ties network, optimizer, loss and metrics together into one training step. The seed decides "
    "everything random in it: with the same seed the same run gives the same numbers.",
    6: "Metrics are watched, not minimised. One figure decides which epoch counts as the best one.",
    7: "An epoch shows every training picture once; the weights are updated after each batch.",
    8: "A saved network is one file, with everything that it takes to classify a photo.",
}


def _data(draft: Draft) -> None:
    options = offered_data(DATA, draft.data)
    widget(st.selectbox, "Pictures", "data", draft, options=options, format_func=DATA_TITLES.__getitem__)
    if draft.data == "drawn-pets":
        widget(st.selectbox, "Training pictures", "count", draft, options=COUNTS, format_func=lambda n: f"{n:,}")
        st.caption("Cats and dogs that this course draws itself. They are drawings, no photos.")
    elif draft.data == "digits":
        st.caption("1,797 handwritten digits of 8 × 8 pixels, from scikit-learn. Ten classes, 0 to 9.")
    elif draft.data == "mnist":
        st.caption(
            "70,000 handwritten digits of 28 × 28 pixels. The first run fetches them (11 MB): this needs the internet."
        )
    elif draft.data == "folder" and choose_folder(draft.folder, key="training", change=change):
        _found(draft)
    widget(st.checkbox, "Augment the training pictures", "augment", draft)
    if draft.data in ("digits", "mnist"):
        st.caption("Better not here: it also mirrors, and a mirrored 3 or 7 is no digit.")
    else:
        shell.more(
            "What augmenting does",
            f"Each time a training picture is shown, it may be mirrored, turned by up to {AUGMENTATION.rotation:.0f}°, "
            f"zoomed and shifted by up to {percent(AUGMENTATION.zoom, 0)}: that is data augmentation, "
            "against overfitting, for what changes each time is not easily memorised.",
        )


def _found(draft: Draft) -> None:
    """Say what lies in the folder, before anything is trained on it."""
    try:
        lines = found_words(draft)
    except DatasetError as error:
        st.warning(plain(str(error)))
        return
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    st.html(f'<section class="lesson" style="overflow-wrap:anywhere"><ul>{items}</ul></section>')


_BASE_PASSES = {
    False: "With only the new last layer to train, the features of every picture are computed once, and each epoch "
    "trains the last layer alone: it takes a moment.",
    True: "Augmented pictures are new in every epoch, so that the frozen layers have to compute their features each "
    "time. Without augmentation, once would be enough.",
}
"""Whether pictures are augmented → a sentence on how often the frozen layers see them."""


def _model(draft: Draft) -> None:
    widget(st.radio, "Network", "network", draft, options=NETWORKS, format_func=network_title)
    if draft.network == "efficientnet-lite0":
        widget(
            st.select_slider,
            "Blocks to fine-tune, counted from the last",
            "blocks",
            draft,
            options=(0, 1, 2, 4, 8, 16),
            format_func=lambda n: "none: only the new last layer" if n == 0 else str(n),
        )
        st.caption(
            "It was trained on 1.28 million photos. All other blocks are frozen: their weights stay as they are, and "
            "only what comes after them needs gradients. Without a block to fine-tune, this is feature extraction."
        )
        if not draft.blocks:
            st.caption(_BASE_PASSES[draft.augment])
    elif draft.network == "convnet":
        st.caption(
            "The course's own network: twelve convolutions, three of them in skip connections, pooling, global "
            "average pooling, one dense layer. It starts from random weights."
        )
    else:
        st.caption("Two hidden layers of 1,000 units, no convolution: every pixel is an input of its own.")
    side = side_of(draft)
    if side:
        st.caption(f"The pictures are resized to {side} × {side} pixels for it.")


def _optimizer(draft: Draft) -> None:
    widget(
        st.selectbox,
        "Optimizer",
        "optimizer",
        draft,
        options=tuple(OPTIMIZERS),
        format_func=OPTIMIZER_TITLES.__getitem__,
    )
    _learning_rate(draft)
    widget(
        st.radio,
        "During the training the learning rate",
        "schedule",
        draft,
        options=SCHEDULES,
        format_func=SCHEDULE_TITLES.__getitem__,
    )


def _learning_rate(draft: Draft) -> None:
    """Draw the field for the learning rate. For the default the draft has 0: another optimizer brings its own."""
    key = "training-rate"
    default = OPTIMIZERS[draft.optimizer]["learning_rate"]
    st.session_state[key] = draft.learning_rate

    def changed() -> None:
        rate = st.session_state[key]
        if rate is not None:  # an emptied field
            change(rate=0.0 if rate == default else rate)

    st.number_input(
        f"Learning rate (Keras's default for this optimizer is {default:g})",
        key=key,
        on_change=changed,
        min_value=0.0,
        max_value=100.0,
        step=default,
        format="%.6g",
    )


def _objective(draft: Draft) -> None:
    widget(st.number_input, "Label smoothing: the share by which the targets 0 and 1 move together", "smoothing", draft,
           min_value=0.0, max_value=0.5, step=0.05)  # fmt: skip


def _compile(draft: Draft) -> None:
    widget(st.number_input, "Seed", "seed", draft, min_value=0, max_value=2**31 - 1, step=1)


def _metrics(draft: Draft) -> None:
    widget(
        st.selectbox,
        "The best epoch is the one with the best",
        "monitor",
        draft,
        options=tuple(MONITOR_TITLES),
        format_func=MONITOR_TITLES.__getitem__,
    )
    widget(st.checkbox, "Write event files for TensorBoard", "board", draft)


def _launch(draft: Draft) -> None:
    left, right = st.columns(2)
    with left:
        widget(st.number_input, "Epochs", "epochs", draft, min_value=1, max_value=MAX_EPOCHS, step=1)
    with right:
        widget(st.number_input, "Batch size", "batch", draft, min_value=1, max_value=MAX_BATCH, step=8)
    widget(
        st.number_input,
        "Patience: stop after this many epochs without improvement (0: never)",
        "patience",
        draft,
        min_value=0,
        max_value=50,
        step=1,
    )


def _save(draft: Draft) -> None:
    widget(st.checkbox, "Keep the best epoch’s network, too", "keep", draft)


_CHOICES: dict[int, Callable[[Draft], None]] = {
    1: _data,
    2: _model,
    3: _optimizer,
    4: _objective,
    5: _compile,
    6: _metrics,
    7: _launch,
    8: _save,
}
