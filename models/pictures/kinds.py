"""What a file is, by its first bytes: one of the formats that are read, or something that has a name."""

from models.pictures.photo_limits import PhotoError

READ_MAGIC = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),  # BigTIFF
    (b"MM\0+", "TIFF"),
    (b"BM", "BMP"),
)

_AVIF_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}

_REFUSED_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"8BPS", "a Photoshop file (PSD)"),
    (b"gimp xcf", "a GIMP file (XCF)"),
    (b"%!PS", "a PostScript file (EPS)"),
    (b"\xc5\xd0\xd3\xc6", "a PostScript file (EPS)"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"\0\0\1\0", "an icon (ICO)"),
    (b"icns", "an icon (ICNS)"),
    (b"SIMPLE  =", "an astronomical picture (FITS)"),
    (b"v/1\x01", "an OpenEXR picture"),
    (b"#?RADIANCE", "a Radiance picture (HDR)"),
    (b"qoif", "a QOI picture"),
    (b"DDS ", "a texture (DDS)"),
    (b"FUJIFILMCCD-RAW", "a camera's raw file"),
    (b"IIRO", "a camera's raw file"),
    (b"IIU\0", "a camera's raw file"),
    (b"AT&TFORM", "a DjVu document"),
    (b"\x1a\x45\xdf\xa3", "a video"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"Rar!", "an archive (RAR)"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)"),
    (b"\x1f\x8b", "an archive (gzip)"),
    *((b"P%d" % digit + space, "a Netpbm picture") for digit in range(1, 8) for space in (b"\n", b" ", b"\r", b"\t")),
)


def recognise(data: bytes) -> str:
    """Return JPEG, PNG, WebP, AVIF, GIF, TIFF, BMP or HEIC, by a file's first bytes.

    Raises:
        PhotoError: they are those of another type of file, or of none that is known.
    """
    if data.startswith(b"RIFF"):
        if data[8:12] == b"WEBP":
            return "WebP"
        if data[8:12] == b"AVI ":
            raise refusal("a video")
    if data[4:8] == b"ftyp":
        return _recognise_brand(data)
    if data.startswith(b"II*\0") and data[8:10] == b"CR":
        raise refusal("a camera's raw file")
    for magic, kind in READ_MAGIC:
        if data.startswith(magic):
            return kind
    for magic, thing in _REFUSED_MAGIC:
        if data.startswith(magic):
            raise refusal(thing)
    text = data[:2048].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<"):
        if b"<svg" in text:
            raise refusal("an SVG drawing")
        if text.startswith((b"<!doctype html", b"<html")):
            raise refusal("a web page")
    raise PhotoError(
        "This file is not a picture: please choose a photo in JPEG, PNG, WebP, AVIF, GIF, TIFF, BMP or HEIC format."
    )


def _recognise_brand(data: bytes) -> str:
    """AVIF or HEIC, by the brands in the file type box (ISO/IEC 14496-12, 4.3). Videos have such a box, too."""
    major = data[8:12]
    if major in _HEIC_BRANDS - {b"mif1", b"msf1"}:
        return "HEIC"
    box_end = min(int.from_bytes(data[:4], "big"), 512)
    brands = {major, *(data[start : start + 4] for start in range(16, box_end, 4))}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    if brands & _HEIC_BRANDS:
        return "HEIC"
    raise refusal("a camera's raw file" if major == b"crx " else "a video")


def refusal(thing: str) -> PhotoError:
    """Return the error for a file that is something else, such as "a video"."""
    return PhotoError(
        f"This file is {thing}, which is not read here: please save the photo as JPEG or PNG and choose that file."
    )
