"""The 25,000 photos of Dogs vs. Cats, fetched at the press of a button; one download for all visitors."""

import streamlit as st

from components.engine.shared_job import SharedJobs, Told, share_of
from components.photo.uploads import plain
from components.scene import rerun
from components.shell.press import pressed
from components.shell.visitor import is_teacher
from models.datasets import dogs_vs_cats
from models.progress import in_words

_jobs: SharedJobs[str, object] = SharedJobs("dogs-vs-cats", failed="The photos could not be fetched")
_PHOTOS = "photos"


def dogs_download() -> bool:
    """Say whether the photos are on this machine; offer to download them, and show the progress.

    Returns:
        Whether they are here.
    """
    if dogs_vs_cats.is_available():
        st.caption("The 25,000 photos are on this machine.")
        return True
    job = _jobs.get(_PHOTOS)
    if job is not None and not job.done:
        _jobs.watch(_PHOTOS, _progress)
        return False
    if job is not None and job.problem:
        st.warning(plain(job.problem))
    st.caption(
        "25,000 photos of cats and dogs, about 800 MB from Microsoft's server, fetched once. They are not on this "
        "machine yet. A download that is cut goes on where it was."
    )
    if not is_teacher():
        st.info("The teacher can fetch them.")
    elif pressed("Fetch the photos", key="training-fetch"):
        _jobs.start(_PHOTOS, dogs_vs_cats.fetch)
        rerun()
    return False


def _progress(told: Told | None) -> tuple[float, str]:
    return share_of(told), in_words(told) if told and told[2] else f"{told[0] if told else 'beginning'}: …"
