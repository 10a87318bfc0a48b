"""The own photos that a run is trained on: handed over for it, or kept with it."""

from models.datasets import Dataset, DatasetError
from models.datasets.photos import unpack
from models.pictures.resize import Resize
from models.runs.run_directory import PICTURES_GONE, PicturesMissing, RunDirectory
from models.storage import write_whole


def of_run(run: RunDirectory, *, side: int, how: Resize, pictures: bytes | None) -> Dataset:
    """Return the pictures of a run: those that are handed over now, else those that are stored with it.

    Pictures that are handed over are stored with the run only if its owner has ticked that.

    Raises:
        PicturesMissing: there are neither; the run goes on when they are handed over again.
        DatasetError: they are damaged, or not those that the run began with.
    """
    handed_over = pictures
    if not pictures:
        if not run.pictures_file.is_file():
            raise PicturesMissing(PICTURES_GONE)
        pictures = run.pictures_file.read_bytes()
    dataset = unpack(pictures, side=side, how=how)
    before = run.data().get("fingerprint")
    if before and not dataset.fits(before):
        raise DatasetError("These are not the pictures that the run began with: add the same ones, in the same order.")
    if handed_over and run.config().keep_pictures and not run.pictures_file.exists():
        kept = handed_over
        write_whole(run.pictures_file, lambda file: file.write(kept))
    return dataset
