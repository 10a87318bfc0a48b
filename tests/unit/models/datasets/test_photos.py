"""models/datasets/photos.py: a visitor's own pictures travel as bytes, and are kept only where the owner said so."""

import io
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models import datasets
from models.datasets import DatasetError
from models.datasets.photos import MAX_PICTURES, SIDE, pack, unpack
from models.pictures.photo import Photo, decode
from models.runs.config import RunConfig
from models.runs.run_directory import PicturesMissing, RunDirectory
from models.training.own_pictures import of_run

COLOURS = {"cat": (230, 120, 20), "dog": (40, 80, 160), "hamster": (90, 160, 60)}


def photo(colour: tuple[int, int, int], size: tuple[int, int] = (40, 40), number: int = 0) -> Photo:
    """A photo of one colour with a stripe, whose width differs between pictures of a class."""
    pixels = np.full((size[1], size[0], 3), colour, np.uint8)
    pixels[: 2 + number % 20] = 255 - number // 20
    return Photo(pixels, "a pet", "upload", size)


def pictures(**counts: int) -> list[tuple[str, Photo]]:
    return [(kind, photo(COLOURS[kind], number=number)) for kind, count in counts.items() for number in range(count)]


def opened(packed: bytes) -> dict[str, Image.Image]:
    """The picture files in packed bytes, by their names there."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as file:
        return {name: Image.open(io.BytesIO(file[name].tobytes())) for name in file.files if name.startswith("picture")}


def every(dataset: datasets.Dataset) -> datasets.Part:
    return dataset.part("all")


# Packed and unpacked -------------------------------------------------------------------------------------------------


def test_classes_and_pictures_come_back():
    given = pictures(dog=5, cat=5)
    dataset = unpack(pack(given), side=40, how="squash")
    assert dataset.name == "photos"
    assert dataset.classes == ("cat", "dog")  # sorted, whatever order they came in
    assert not dataset.divided
    assert not dataset.drawn
    found = every(dataset)
    assert found.images.shape == (10, 40, 40, 3)
    assert found.images.dtype == np.uint8
    assert found.labels.dtype == np.int64
    for image, label, name in zip(found.images, found.labels, found.names, strict=True):
        kind, _, place = name.partition("/")
        original_kind, original = given[int(place.partition("-")[0])]
        assert (dataset.classes[label], kind) == (original_kind, original_kind)
        np.testing.assert_array_equal(image, original.pixels)


@pytest.mark.parametrize(
    ("size", "packed"),
    [
        ((512, 384), (224, 168)),
        ((384, 512), (168, 224)),
        ((512, 16), (224, 16)),  # thinner pictures are not decoded
        ((224, 224), (224, 224)),
        ((100, 50), (100, 50)),
    ],
)
def test_pictures_are_packed_with_224_pixels_at_most(size, packed):
    found = opened(pack([("cat", photo(COLOURS["cat"], size)), ("dog", photo(COLOURS["dog"], size))]))
    assert [image.size for image in found.values()] == [packed, packed]
    assert max(packed) <= SIDE


def test_a_picture_is_packed_upright_and_without_metadata():
    image = Image.new("RGB", (60, 30), (255, 0, 0))
    image.paste((0, 0, 255), (0, 0, 30, 30))  # blue on the left
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side: to be rotated to the right
    exif[0x010F] = "A camera of mine"
    exif.get_ifd(0x8825)[2] = (48.0, 12.0, 30.0)
    file = io.BytesIO()
    image.save(file, "PNG", exif=exif)
    turned = decode(file.getvalue())
    assert turned.location_removed
    packed = pack([("cat", turned), ("dog", photo(COLOURS["dog"]))])
    found = opened(packed)["picture0000"]
    found.load()
    assert found.size == (30, 60)
    assert found.getpixel((15, 5)) == (0, 0, 255)
    assert found.getpixel((15, 55)) == (255, 0, 0)
    assert dict(found.getexif()) == {}
    assert found.info == {}
    assert b"A camera" not in packed
    assert b"a pet" not in packed  # nor the file's name


def test_all_ways_to_a_square_are_known():
    given = [(kind, photo(COLOURS[kind], (60, 30))) for kind in ("cat", "dog")]
    padded = every(unpack(pack(given), side=32, how="pad")).images
    squashed = every(unpack(pack(given), side=32, how="squash")).images
    assert (padded[:, 0] == 0).all()
    assert (squashed[:, 0] == 255).all()


# Parts ---------------------------------------------------------------------------------------------------------------


def test_one_in_five_of_every_class_is_for_validation():
    dataset = unpack(pack(pictures(cat=25, dog=10, hamster=4)), side=16, how="squash")
    assert np.bincount(dataset.train.labels, minlength=3).tolist() == [20, 8, 4]
    assert np.bincount(dataset.validation.labels, minlength=3).tolist() == [5, 2, 0]
    assert len(dataset.test) == 0
    assert not set(dataset.train.names) & set(dataset.validation.names)
    assert len({*dataset.train.names, *dataset.validation.names}) == 39


def test_few_pictures_are_all_for_training():
    dataset = unpack(pack(pictures(cat=2, dog=2)), side=16, how="squash")
    assert (len(dataset.train), len(dataset.validation)) == (4, 0)
    assert dataset.validation.images.shape == (0, 16, 16, 3)


def test_the_parts_are_the_same_every_time():
    packed = pack(pictures(cat=10, dog=10))
    one, other = (unpack(packed, side=16, how="squash") for _ in range(2))
    assert one.validation.names == other.validation.names
    assert one.fingerprint() == other.fingerprint()


def test_chance_and_not_the_order_decides_who_validates():
    dataset = unpack(pack(pictures(cat=40, dog=40)), side=16, how="squash")
    places = [int(name.partition("/")[2].partition("-")[0]) for name in dataset.validation.names]
    assert places != list(range(8)) + list(range(40, 48))
    assert places != list(range(32, 40)) + list(range(72, 80))


def test_other_pictures_of_the_same_number_have_another_fingerprint():
    given = pictures(cat=5, dog=5)
    one = unpack(pack(given), side=16, how="squash")
    given[3] = ("cat", photo((1, 2, 3)))
    assert unpack(pack(given), side=16, how="squash").fingerprint() != one.fingerprint()


# Refused -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 6])
def test_less_than_two_and_more_than_five_classes_are_refused(count):
    given = [(f"class {number}", photo(COLOURS["cat"])) for number in range(count)]
    with pytest.raises(DatasetError, match=f"need 2 to 5 classes with pictures, and here are {count}"):
        pack(given)


@pytest.mark.parametrize("count", [2, 5])
def test_two_and_five_classes_are_taken(count):
    given = [(f"class {number}", photo(COLOURS["cat"])) for number in range(count)]
    assert len(unpack(pack(given), side=16, how="squash").classes) == count


def test_too_many_pictures_are_refused():
    one = photo(COLOURS["cat"])
    given = [("cat", one)] * (MAX_PICTURES // 2) + [("dog", one)] * (MAX_PICTURES // 2 + 1)
    with pytest.raises(DatasetError, match="At most 1,000 own photos are taken, and here are 1,001"):
        pack(given)


def test_bytes_with_too_many_classes_are_refused():
    """Bytes may come from an imported run, which `pack` has not checked."""
    packed = pack([(f"class {number}", photo(COLOURS["cat"])) for number in range(6)], limits=(1, 9))
    with pytest.raises(DatasetError, match="need 2 to 5 classes"):
        unpack(packed, side=16, how="squash")


def saved(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no pictures",
        pack(pictures(cat=2, dog=2))[:-40],
        pack(pictures(cat=2, dog=2))[40:],
        saved(classes=np.array(["cat", "dog"])),
        saved(picture0000=np.zeros(3, np.uint8)),
        saved(classes=np.array(["cat", "dog"], object), picture0000=np.zeros(3, np.uint8)),
        saved(classes=np.array("cat")),
    ],
    ids=["nothing", "text", "no end", "no beginning", "no pictures", "no classes", "pickles", "one word"],
)
def test_damaged_bytes_are_refused(data):
    with pytest.raises(DatasetError, match="The pictures of this run are damaged"):
        unpack(data, side=16, how="squash")


def test_a_changed_byte_is_noticed():
    """Every entry of the file has a checksum."""
    packed = bytearray(pack(pictures(cat=2, dog=2)))
    packed[packed.index(b"IDAT") + 8] ^= 1
    with pytest.raises(DatasetError, match="damaged"):
        unpack(bytes(packed), side=16, how="squash")


def test_a_picture_that_cannot_be_read_is_skipped_and_named():
    with np.load(io.BytesIO(pack(pictures(cat=5, dog=5)))) as file:
        arrays = {name: file[name] for name in file.files}
    arrays["picture0002"] = np.frombuffer(b"no picture", np.uint8)
    dataset = unpack(saved(**arrays), side=16, how="squash")
    assert [skipped.name for skipped in dataset.skipped] == ["cat/2"]
    assert dataset.skipped[0].reason
    assert np.bincount(every(dataset).labels).tolist() == [4, 5]


def test_on_the_command_line_they_are_refused_with_what_to_use_instead():
    with pytest.raises(DatasetError, match="use folder:PATH"):
        datasets.load("photos", side=16)


# A run's photos ------------------------------------------------------------------------------------------------------


def create(tmp_path: Path, *, keep: bool) -> RunDirectory:
    return RunDirectory.create(tmp_path / "run", RunConfig(dataset="photos", side=16, keep_pictures=keep))


def files(run: RunDirectory) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in run.path.iterdir()}


def test_pictures_that_are_handed_over_are_not_written_anywhere(tmp_path):
    run = create(tmp_path, keep=False)
    before = files(run)
    packed = pack(pictures(cat=5, dog=5))
    assert len(of_run(run, side=16, how="squash", pictures=packed).train) == 8
    assert files(run) == before
    with pytest.raises(PicturesMissing, match="add them again, and the run goes on"):
        of_run(run, side=16, how="squash", pictures=None)


def test_pictures_that_the_owner_wants_kept_are_found_again(tmp_path):
    run = create(tmp_path, keep=True)
    before = files(run)
    packed = pack(pictures(cat=5, dog=5))
    handed_over = of_run(run, side=16, how="squash", pictures=packed)
    assert files(run) == before | {"pictures.npz": packed}
    found = of_run(run, side=16, how="squash", pictures=None)
    assert found.fingerprint() == handed_over.fingerprint()
    np.testing.assert_array_equal(found.train.images, handed_over.train.images)


def test_kept_pictures_are_not_written_over(tmp_path):
    run = create(tmp_path, keep=True)
    packed = pack(pictures(cat=5, dog=5))
    of_run(run, side=16, how="squash", pictures=packed)
    of_run(run, side=16, how="squash", pictures=pack(pictures(cat=6, dog=6)))
    assert run.pictures_file.read_bytes() == packed


@pytest.mark.parametrize("pictures", [None, b""])
@pytest.mark.parametrize("keep", [True, False])
def test_without_pictures_the_run_says_what_it_needs(tmp_path, keep, pictures):
    with pytest.raises(PicturesMissing, match="Its pictures were in a memory that is gone"):
        of_run(create(tmp_path, keep=keep), side=16, how="squash", pictures=pictures)


def test_damaged_pictures_are_not_kept(tmp_path):
    run = create(tmp_path, keep=True)
    with pytest.raises(DatasetError, match="damaged"):
        of_run(run, side=16, how="squash", pictures=b"damaged")
    assert not run.pictures_file.exists()


def test_other_pictures_than_the_run_began_with_are_refused_and_not_kept(tmp_path):
    run = create(tmp_path, keep=True)
    given = pictures(cat=5, dog=5)
    began = unpack(pack(given), side=16, how="squash").fingerprint()
    run.data_file.write_text(f'{{"fingerprint": "{began}"}}')
    other = pack([*given[:-1], ("dog", photo((1, 2, 3)))])
    with pytest.raises(DatasetError, match="not the pictures that the run began with: add the same ones"):
        of_run(run, side=16, how="squash", pictures=other)
    assert not run.pictures_file.exists()
    assert of_run(run, side=16, how="squash", pictures=pack(given)).fingerprint() == began


def test_packed_pictures_that_unpack_to_gigabytes_are_not_unpacked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("classes", "picture0000"):
            with archive.open(f"{name}.npy", "w") as entry:
                np.lib.format.write_array_header_1_0(entry, {"descr": "|u1", "fortran_order": False, "shape": (2**28,)})
                for _ in range(2**28 // 2**20):
                    entry.write(bytes(2**20))
    assert len(file.getvalue()) < 2**20
    tracemalloc.start()
    with pytest.raises(DatasetError, match="damaged"):
        unpack(file.getvalue(), side=32, how="squash")
    assert tracemalloc.get_traced_memory()[1] < 2**24
    tracemalloc.stop()
