"""AVIF and HEIC files that hold more than a photo does."""

import struct
from functools import cache

from tests.unit.models.pictures.bombs.parts import FULL, HIGH, WIDE, Makers, encoded, noise, pet
from tests.unit.models.pictures.bombs.tiff import overlapping_tiff


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def full_box(name: bytes, version: int, *parts: bytes) -> bytes:
    return box(name, struct.pack(">I", version << 24), *parts)


def find_box(data: bytes, name: bytes) -> bytes:
    """The contents of the first box of this name, wherever it is."""
    place = data.index(name)
    return data[place + 4 : place - 4 + int.from_bytes(data[place - 4 : place], "big")]


@cache
def coded_tile(kind: str, side: int) -> tuple[bytes, bytes]:
    """A picture's settings (a box) and data, as the encoder writes them."""
    data = encoded(pet(side, side), kind, **({"speed": 10} if kind == "AVIF" else {}))
    name = b"av1C" if kind == "AVIF" else b"hvcC"
    return box(name, find_box(data, name)), find_box(data, b"mdat")


def heif(
    kind: str,
    *,
    tiles: int = 0,
    side: int = 64,
    alone: int = 0,
    exif: bytes = b"",
    thumbnails: int = 0,
    rotations: int = 0,
) -> bytes:
    """A file of many pictures, all of which have the same data.

    Args:
        kind: AVIF or HEIC.
        tiles: the number of tiles in each direction of a picture that is made of them; 0 for a picture without.
        side: of each tile.
        alone: further pictures.
        exif: a block that belongs to all of them.
        thumbnails: further pictures that are thumbnails of the first.
        rotations: how often the first picture is turned.
    """
    settings, data = coded_tile(kind, side)
    coded = b"av01" if kind == "AVIF" else b"hvc1"
    items: list[bytes] = []  # the type of each; their numbers begin with 1
    references = b""
    if tiles:
        items.append(b"grid")
    items += [coded] * (tiles * tiles)
    if tiles:
        parts = b"".join(struct.pack(">H", 2 + number) for number in range(tiles * tiles))
        references += box(b"dimg", struct.pack(">HH", 1, tiles * tiles), parts)
    first = len(items) + 1
    items += [coded] * (alone + (0 if tiles else 1))
    pictures = [1] if tiles else []
    pictures += list(range(first, len(items) + 1))
    for _ in range(thumbnails):
        items.append(coded)
        references += box(b"thmb", struct.pack(">HHH", len(items), 1, 1))
    if exif:
        items.append(b"Exif")
        for picture in pictures:
            references += box(b"cdsc", struct.pack(">HHH", len(items), 1, picture))
    entries = b"".join(
        full_box(b"infe", 2, struct.pack(">HH4sB", number, 0, one, 0)) for number, one in enumerate(items, 1)
    )
    whole = side * tiles if tiles else side
    sizes = [full_box(b"ispe", 0, struct.pack(">II", one, one)) for one in (whole, side)]
    pixi = full_box(b"pixi", 0, b"\3\x08\x08\x08")
    turns = [box(b"irot", b"\1")] * rotations
    properties = box(b"ipco", *sizes, settings, pixi, *turns)
    links = b""
    for number, one in enumerate(items, 1):
        mine = {b"grid": [1, 4], coded: [2, 0x83, 4], b"Exif": []}[one]
        if number == 1:
            mine = mine + [0x80 | (5 + turn) for turn in range(min(rotations, 100))]
        links += struct.pack(">HB", number, len(mine)) + bytes(mine)
    grid = struct.pack(">BBBBHH", 0, 0, tiles - 1, tiles - 1, whole, whole) if tiles else b""
    contents = grid + data + (b"\0\0\0\0" + exif if exif else b"")

    def described(start: int) -> bytes:
        places = b""
        for number, one in enumerate(items, 1):
            place, length = {
                b"grid": (start, len(grid)),
                coded: (start + len(grid), len(data)),
                b"Exif": (start + len(grid) + len(data), 4 + len(exif)),
            }[one]
            places += struct.pack(">HHHII", number, 0, 1, place, length)
        return full_box(
            b"meta",
            0,
            full_box(b"hdlr", 0, bytes(4) + b"pict" + bytes(13)),
            full_box(b"pitm", 0, struct.pack(">H", 1)),
            full_box(b"iinf", 0, struct.pack(">H", len(items)), entries),
            full_box(b"iloc", 0, b"\x44\0", struct.pack(">H", len(items)), places),
            full_box(b"iref", 0, references) if references else b"",
            box(b"iprp", properties, full_box(b"ipma", 0, struct.pack(">I", len(items)), links)),
        )

    brand = b"avif" if kind == "AVIF" else b"heic"
    head = box(b"ftyp", brand, bytes(4), b"mif1", brand)
    start = len(head) + len(described(0)) + 8
    return head + described(start) + box(b"mdat", contents)


def resized_heif(kind: str, width: int, height: int) -> bytes:
    """A small picture that says it is a large one."""
    data = encoded(pet(), kind, **({"speed": 10} if kind == "AVIF" else {}))
    return data.replace(struct.pack(">II", 96, 64), struct.pack(">II", width, height))


def makers(kind: str) -> Makers:
    """What an AVIF or HEIC file holds → how it is made."""
    return {
        "small tiles": lambda: heif(kind, tiles=100),
        "tiles of 46 megapixels": lambda: heif(kind, tiles=53, side=128),
        "tiles of 49 megapixels": lambda: heif(kind, tiles=27, side=256),
        "900 pictures": lambda: heif(kind, alone=900),
        "10,000 pictures": lambda: heif(kind, alone=10_000),
        "900 pictures that share a large EXIF": lambda: heif(kind, alone=900, exif=b"MM\0*" + noise(10**6)),
        "EXIF whose entries are all of it": lambda: heif(kind, exif=overlapping_tiff()[:FULL]),
        "900 thumbnails": lambda: heif(kind, thumbnails=900),
        "turned many times": lambda: heif(kind, tiles=27, side=256, rotations=100),
        "a size that is not true": lambda: resized_heif(kind, WIDE, HIGH),
    }
