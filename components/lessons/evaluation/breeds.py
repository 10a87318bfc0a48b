"""What breed the visitor's pet is, to a network that knows breeds: ImageNet has 5 kinds of cats and 118 of dogs."""

import numpy as np
import streamlit as st

from components.engine import engine
from components.photo import current_photo, remembered
from components.photo.figures import probability_bars
from components.photo.uploads import plain
from models.answers import Named, Prediction
from models.engine import EngineError
from models.engine.questions import PREDICT
from models.evaluation.stored_scores import IMAGENET_PETS, Judged
from models.figures import probability
from models.networks.files import IMAGENET

_SHOWN = 5
_ASKED = "evaluation:breed"
_BREEDS = [place for places in IMAGENET_PETS.values() for place in places]


def breeds(judged: Judged, seen: Named) -> None:
    """Draw the most probable breeds of the visitor's photo, or a button that asks for them.

    Args:
        judged: the judgement; if its network is EfficientNet-Lite0, trained on or not, no button is needed.
        seen: its network's answer for the photo, as `components.lessons.evaluation.your_pet.look_at_pet` returned it.
    """
    photo = current_photo()
    wanted = judged.network.startswith(IMAGENET) or st.session_state.get(_ASKED) == photo.digest
    if judged.network == IMAGENET:
        answer: Named = seen
    elif wanted:
        try:
            answer = remembered(photo, "breeds", lambda: _ask(photo.pixels))
        except EngineError as error:
            st.caption(plain(str(error)))
            return
    else:
        st.button(
            "Ask EfficientNet-Lite0 for the breed",
            key="evaluation-breed",
            on_click=lambda: st.session_state.update({_ASKED: photo.digest}),
        )
        return
    st.write("**Likeliest breeds, says EfficientNet-Lite0**")
    st.html(probability_bars(likeliest(answer)))
    st.write(breed_words(answer))


def _ask(pixels: np.ndarray) -> Prediction:
    found = engine()
    if found is None:
        raise EngineError("The breed needs the engine.")
    return found.ask(PREDICT, pixels, IMAGENET)


def likeliest(answer: Named) -> list[tuple[str, float]]:
    """Return the most probable breeds, (name, probability among all 1000 classes), the most probable first.

    Args:
        answer: ImageNet's 1000 "classes" and "probabilities", as `models.networks.inference.predict` gives them.
    """
    order = sorted(_BREEDS, key=lambda place: -answer["probabilities"][place])[:_SHOWN]
    return [(answer["classes"][place], answer["probabilities"][place]) for place in order]


def breed_words(answer: Named) -> str:
    """Return, as Markdown, how much of the network's probability went to cats and dogs at all; see `likeliest`."""
    share = sum(answer["probabilities"][place] for place in _BREEDS)
    words = (
        f"It knows 1,000 classes of ImageNet, among them {len(IMAGENET_PETS['cats'])} kinds of cats and "
        f"{len(IMAGENET_PETS['dogs'])} of dogs. Together these {len(_BREEDS)} have {100 * share:.1f}\u00a0% of the "
        "probability."
    )
    name, p = answer["top"][0]
    if name not in {answer["classes"][place] for place in _BREEDS}:
        words += f" Its first choice is none of them: {plain(name)}, {plain(probability(p))}."
    return words
