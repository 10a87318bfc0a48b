"""How much a picture file may be, and what its visitor reads when it is more."""

MAX_BYTES = 25 * 1024 * 1024
"""Largest file that is read, in bytes."""

MAX_PIXELS = 50_000_000
"""Largest picture that is decoded: width times height, as in the header."""

MIN_SIDE = 16
"""Shortest side, in pixels, of a picture."""

MAX_RATIO = 32
"""Largest ratio of the sides. With 512 pixels, a longer strip would be thinner than `MIN_SIDE`."""

MEMORY_BYTES = 270 * 2**20
"""Most memory that opening one file may take. A picture of `MAX_PIXELS` takes 200 MB in Pillow, four bytes a pixel, and
its file lies in memory twice."""

PICTURE_BYTES = 235_000_000
"""Most memory that a decoder may need, as far as a file's header tells."""

UNPACKED_BYTES = 320_000_000
"""Most bytes of a PNG's or a TIFF's pixels as they are unpacked. 50 megapixels have 300 MB at 16 bits a colour."""

SECONDS = 2.6
"""Most processor time that opening one file may take. The slowest honest ones, of 50 megapixels, take about one."""

TOO_MUCH = (
    "Opening this file takes more memory or time than one photo may: please save the photo as JPEG, at a smaller size, "
    "and choose that file."
)


class PhotoError(ValueError):
    """A file that cannot be used. `str()` is one sentence for the visitor: why, and what to do."""


def too_much() -> PhotoError:
    """Return the error for a file that is no photo's in what it asks of its decoder."""
    return PhotoError(TOO_MUCH)


def check_length(length: int) -> None:
    """Check how long a file is.

    Raises:
        PhotoError: it has no bytes or too many.
    """
    if not length:
        raise PhotoError("This file is empty (0 bytes): please choose it again, or choose another photo.")
    if length > MAX_BYTES:
        # Rounded up to one decimal, so that a file just above the limit does not seem to be within it.
        raise PhotoError(
            f"This file has {-(-length * 10 // 2**20) / 10:.1f} MB and at most {MAX_BYTES // 2**20} MB are read: "
            "please choose a smaller copy of the photo."
        )


def check_size(size: tuple[int, int]) -> None:
    """Check a picture's width and height.

    Raises:
        PhotoError: it has too many or too few pixels, or too thin a shape.
    """
    check_pixels(size)
    width, height = size
    if min(size) < MIN_SIDE:
        raise PhotoError(
            f"This picture has only {width} by {height} pixels and at least {MIN_SIDE} on each side are needed: "
            "please choose a larger one."
        )
    if max(size) > MAX_RATIO * min(size):
        raise PhotoError(
            f"This picture is a strip of {width} by {height} pixels, more than {MAX_RATIO} times as long as wide: "
            "please crop it and choose the part with the animal."
        )


def check_pixels(size: tuple[int, int], most: int = MAX_PIXELS, kind: str = "") -> None:
    """Check how many pixels a picture has.

    Args:
        size: width and height.
        most: pixels.
        kind: the format that the limit is for; "" for all.

    Raises:
        PhotoError: it has more.
    """
    width, height = size
    if width * height > most:
        of_kind = f" of {'an' if kind.startswith('A') else 'a'} {kind} file" if kind else ""
        raise PhotoError(
            f"This picture has {width} by {height} pixels ({width * height // 10**6} megapixels) and at most "
            f"{most // 10**6} megapixels{of_kind} are read: please choose a smaller copy."
        )
