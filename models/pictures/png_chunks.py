"""What stands in a PNG before its pixels and is not kept by Pillow."""


def png_chunk(data: bytes, wanted: bytes) -> bytes:
    """Return the contents of the first chunk of a kind that stands before the pixels (IDAT), or b"" if there is none.

    Args:
        data: the file's bytes.
        wanted: the chunk's type, four letters, such as b"eXIf".
    """
    position = 8
    while len(head := data[position : position + 8]) == 8 and head[4:] != b"IDAT":
        length = int.from_bytes(head[:4], "big")
        if head[4:] == wanted:
            return data[position + 8 : position + 8 + length]
        position += 12 + length
    return b""
