"""The choices of each of the eight steps: Streamlit's widgets, and a sentence or two that say what they decide."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from components.lessons.training import change
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
    "val_loss": "validation loss, the lowest",
    "val_accuracy": "validation accuracy, the highest",
    "loss": "training loss, the lowest",
    "accuracy": "training accuracy, the highest",
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
        count = f"{photos:,} " if photos else ""
        title = DATA_TITLES[draft.data]
        return f"{count}{title[:1].lower()}{title[1:]}" if count else title
    if step == 2:
        more = f", last {draft.blocks} blocks" if draft.blocks and draft.network == "efficientnet-lite0" else ""
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
        return f"{draft.epochs} epochs, batches of {draft.batch}"
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
    st.html(f'<section class="lesson"><h2>{title}</h2><p>{_DECIDES[draft.step]}</p></section>')
    _CHOICES[draft.step](draft)


_DECIDES = {
    1: "The network knows only what its pictures show. This decides what it can learn at all, and how long an epoch "
    "takes.",
    2: "This decides how many numbers learn. A pretrained network brings filters that 1.28 million photos have taught; "
    "then only its last layer has to learn your classes.",
    3: "The optimizer turns each gradient into a step. The learning rate decides how long that step is: too long and "
    "the loss jumps about or explodes, too short and nothing happens for hours.",
    4: "The loss is the one number that has to fall. It follows from the question: one sigmoid unit for two classes, "
    "softmax for more.",
    5: "Compiling ties network, optimizer, loss and metrics together into one training step. The seed decides "
    "everything random in it: with the same seed the same run gives the same numbers.",
    6: "Metrics are watched, not learned from. One of them decides which epoch counts as the best one.",
    7: "An epoch shows every training picture once; the weights move after each batch.",
    8: "A saved network is one file that answers for a photo by itself.",
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
    elif draft.data == "folder":
        choose_folder(draft.folder, key="training", change=change)
    widget(st.checkbox, "Change the pictures a little", "augment", draft)
    if draft.data in ("digits", "mnist"):
        st.caption("Better not here: it also mirrors, and a mirrored 3 or 7 is no digit.")
    else:
        st.caption(
            f"Each time a training picture is shown, it may be mirrored, turned by up to {AUGMENTATION.rotation:.0f}°, "
            f"zoomed and moved by up to {AUGMENTATION.zoom:.0%}: so there is less to learn by heart."
        )


_BASE_PASSES = {
    False: "With only the new last layer to learn, all layers before it look at every picture once, and each epoch "
    "computes the last layer alone: it takes a moment.",
    True: "Pictures that are changed a little are new in every epoch, so that the frozen layers have to look at them "
    "each time. Without changes they would look at every picture only once.",
}
"""Whether pictures are augmented → a sentence on how often the frozen layers see them."""


def _model(draft: Draft) -> None:
    widget(st.radio, "Network", "network", draft, options=NETWORKS, format_func=network_title)
    if draft.network == "efficientnet-lite0":
        widget(
            st.select_slider,
            "Blocks that learn, too, counted from the last",
            "blocks",
            draft,
            options=(0, 1, 2, 4, 8, 16),
            format_func=lambda n: "only the new last layer" if n == 0 else str(n),
        )
        st.caption(
            "It has seen 1.28 million photos. All blocks that do not learn are frozen: their weights stay as they are, "
            "and only what comes after them needs gradients."
        )
        if not draft.blocks:
            st.caption(_BASE_PASSES[draft.augment])
    elif draft.network == "convnet":
        st.caption(
            "The course's own network: twelve convolutions, three of them on ways around, pooling, global average "
            "pooling, one dense layer. It starts from random weights."
        )
    else:
        st.caption("Two hidden layers of 1,000 units, no convolution: every pixel is an input of its own.")
    side = side_of(draft)
    if side:
        st.caption(f"The pictures are made {side} × {side} pixels for it.")


def _optimizer(draft: Draft) -> None:
    widget(
        st.selectbox,
        "Optimizer",
        "optimizer",
        draft,
        options=tuple(OPTIMIZERS),
        format_func=OPTIMIZER_TITLES.__getitem__,
    )
    default = OPTIMIZERS[draft.optimizer]["learning_rate"]
    widget(
        st.number_input,
        f"Learning rate (0 takes Keras's default, {default:g})",
        "rate",
        draft,
        min_value=0.0,
        max_value=100.0,
        step=default,
        format="%.6g",
    )
    widget(
        st.radio,
        "During the training the learning rate",
        "schedule",
        draft,
        options=SCHEDULES,
        format_func=SCHEDULE_TITLES.__getitem__,
    )


def _objective(draft: Draft) -> None:
    widget(st.number_input, "Label smoothing: 0 and 1 are moved towards each other by this share", "smoothing", draft,
           min_value=0.0, max_value=0.5, step=0.05)  # fmt: skip


def _compile(draft: Draft) -> None:
    widget(st.number_input, "Seed", "seed", draft, min_value=0, max_value=2**31 - 1, step=1)


def _metrics(draft: Draft) -> None:
    widget(
        st.selectbox,
        "The best epoch is the one with this",
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
        "Stop early after so many epochs without an improvement (0: never)",
        "patience",
        draft,
        min_value=0,
        max_value=50,
        step=1,
    )


def _save(draft: Draft) -> None:
    widget(st.checkbox, "Keep the best epoch's network, too, not only the last one's", "keep", draft)


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
