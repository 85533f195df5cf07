"""Images inside a PDF: to pixels, and from pixels to what takes their place."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name

from desktop_ae.domains.document.encode import (
    LONGEST_JPEG_PX,
    encode_flate,
    encode_g4,
    encode_jpeg,
)
from desktop_ae.domains.document.pdf_content import Key, masks_of, size_of
from desktop_ae.domains.document.pdf_open import BROKEN
from desktop_ae.domains.document.pdf_render import WHITE, pdfium_document, render

QUALITIES = tuple(range(90, 40, -5))
# Where even the least of these is too large, this is the last resort.
LAST_QUALITIES = (40, 35, 30, 25)
# A shade this near to black or white may be called so; a page this full of such shades is print.
_NEAR, _PRINT = 56, 0.97
_BAND_ROWS = 1024
# What describes the stored pixels, or shows them once more.
_PIXEL_KEYS = {
    "/Width", "/Height", "/BitsPerComponent", "/ColorSpace", "/Decode", "/Filter", "/DecodeParms",
    "/F", "/FFilter", "/FDecodeParms", "/Length", "/DL", "/Alternates", "/SMaskInData",
}  # fmt: skip
# What it takes to decode them.
_SAMPLE_KEYS = (
    "/Width", "/Height", "/BitsPerComponent", "/ColorSpace", "/Decode", "/Filter", "/DecodeParms",
)  # fmt: skip
_FAX, _FLATE, _JPEG = "/CCITTFaxDecode", "/FlateDecode", "/DCTDecode"
_GREY, _RGB = {"/DeviceGray", "/CalGray", "/G"}, {"/DeviceRGB", "/CalRGB", "/RGB"}


class Held:
    """Which images a page's resources name, in its forms too, and how large they are.

    A page need not draw them all: some programs name those of all pages on each. Only headers
    are read, and what pages share only once.
    """

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pixels: dict[Key, int] = {}
        self._shared: dict[Key, frozenset[Key]] = {}
        self._pages = [self._on(page) for page in pdf.pages]
        self._holders = Counter(key for keys in self._pages for key in keys)

    def holders(self, key: Key) -> list[int]:
        """Indices of the pages that name an image."""
        return [index for index, keys in enumerate(self._pages) if key in keys]

    def megapixels(self, index: int) -> float:
        """About what a page shows: of an image that n pages name, the nth part."""
        return sum(self._pixels[key] / self._holders[key] for key in self._pages[index]) / 1e6

    def _on(self, page: pikepdf.Page) -> frozenset[Key]:
        """None where they cannot be read: then the page is left, and changes nobody's."""
        try:
            resources = page.obj.get("/Resources") or Dictionary()
            number: Key = (resources.get("/XObject") or Dictionary()).objgen
            if number not in self._shared or not number[0]:  # 0: an object without a number
                self._shared[number] = frozenset(self._walk(resources))
            return self._shared[number]
        except BROKEN:
            return frozenset()

    def _walk(self, resources: Any) -> Iterator[Key]:
        rest, seen = [resources], set()
        while rest:
            xobjects = (rest.pop() or Dictionary()).get("/XObject") or Dictionary()
            for xobject in dict(xobjects.items()).values():
                key: Key = xobject.objgen
                if key in seen:
                    continue
                seen.add(key)
                if xobject.get("/Subtype") == "/Form":
                    rest.append(xobject.get("/Resources"))
                elif xobject.get("/Subtype") == "/Image":
                    sizes = [size_of(each) for each in (xobject, *masks_of(xobject))]
                    self._pixels[key] = max(max(0, width * height) for width, height in sizes)
                    yield key


def is_replaceable(image: Any) -> bool:
    """Not so where its mask depends on its very samples."""
    matte = image.get("/SMask")
    return not (
        isinstance(image.get("/Mask"), Array)
        or int(image.get("/SMaskInData", 0))
        or (isinstance(matte, pikepdf.Stream) and "/Matte" in matte)
    )


def decode_image(pdf: pikepdf.Pdf, image: Any) -> NDArray[Any] | None:
    """An image's own pixels without its mask: bool, grey or RGB; None where it is damaged.

    Grey and RGB stay in the image's own colour space; other kinds become sRGB. Of 16 bits the
    higher 8 remain. pdfium decodes, as it knows all filters and colour spaces, by drawing the
    image on a page of the same size.
    """
    width, height = int(image.Width), int(image.Height)
    channels = _channels(image)
    page = _page_with(pdf, image, (width, height), channels)
    pixels = _drawn(page, (width, height), grey=channels == 1)
    if pixels is None:
        return None
    return _simplest(pixels, bilevel=_is_bilevel(image))


def image_of(pixels: NDArray[Any], old: Any, budget_bytes: int) -> tuple[bytes, Dictionary]:
    """A stream and its dictionary with the pixels, in the place of `old`.

    old: None for a new image. budget_bytes: what it should not exceed, and does where no
    encoding can be that small.
    """
    bilevel = old is not None and _is_bilevel(old)
    stencil = old is not None and bool(old.get("/ImageMask", False))
    found = encode_within(pixels, budget_bytes, bilevel, only_bits=stencil)
    kept = {} if old is None else {k: v for k, v in old.items() if k not in _PIXEL_KEYS}
    dictionary = Dictionary(kept)
    dictionary.Type, dictionary.Subtype = Name.XObject, Name.Image
    dictionary.Height, dictionary.Width = pixels.shape[:2]
    dictionary.BitsPerComponent = 1 if found.bits else 8
    dictionary.Filter = Name(found.filter)
    if found.filter == _FAX:
        dictionary.DecodeParms = Dictionary(K=-1, Columns=dictionary.Width, Rows=dictionary.Height)
    elif found.filter == _FLATE and not found.bits:
        facts = {"Columns": dictionary.Width, "Colors": found.channels, "BitsPerComponent": 8}
        dictionary.DecodeParms = Dictionary(Predictor=2, **facts)
    if not stencil:
        same = old is not None and _channels(old) == found.channels
        plain = Name.DeviceGray if found.channels == 1 else Name.DeviceRGB
        dictionary.ColorSpace = old.ColorSpace if same and "/ColorSpace" in old else plain
    return found.data, dictionary


def as_seen(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Grey where there is no colour."""
    grey = _as_grey(pixels)
    return pixels if grey is None else grey


def colour_of(image: Any) -> str:
    if _is_bilevel(image):
        return "black and white"
    return "grey" if _channels(image) == 1 else "colour"


@dataclass(frozen=True, slots=True)
class Encoded:
    """data: the stream. filter: its name in a PDF. bits: black and white, one bit a pixel."""

    data: bytes
    filter: str
    bits: bool
    channels: int


def encode_within(
    pixels: NDArray[Any], budget_bytes: int, bilevel: bool = False, only_bits: bool = False
) -> Encoded:
    """The best that fits. bilevel: the source was black and white, so the result may be."""
    pixels = _as_bytes(pixels)
    if pixels.dtype == np.bool_:
        return _encode_bits(pixels)
    grey = _as_grey(pixels)
    if only_bits or (bilevel and grey is not None and _is_print(grey)):
        return _encode_bits(_middle(pixels) >= 128)
    found = _encode_shades(pixels if grey is None else grey, budget_bytes)
    if len(found.data) > budget_bytes and grey is not None and (bilevel or _is_print(grey)):
        found = min(found, _encode_bits(grey >= 128), key=_length)
    return found


def _encode_bits(paper: NDArray[np.bool_]) -> Encoded:
    """Fax is made for print; of dots, as a printer's shades are, Flate makes less."""
    fax = Encoded(encode_g4(paper), _FAX, True, 1)
    return min(fax, Encoded(encode_flate(paper), _FLATE, True, 1), key=_length)


def _encode_shades(pixels: NDArray[np.uint8], budget_bytes: int) -> Encoded:
    channels = 1 if pixels.ndim == 2 else 3
    if max(pixels.shape[:2]) > LONGEST_JPEG_PX:
        return Encoded(encode_flate(pixels), _FLATE, False, channels)
    return Encoded(_jpeg_within(pixels, budget_bytes), _JPEG, False, channels)


def _length(encoded: Encoded) -> int:
    return len(encoded.data)


def _jpeg_within(pixels: NDArray[np.uint8], budget_bytes: int) -> bytes:
    """The highest quality that fits, else the lowest there is."""
    best = encode_jpeg(pixels, QUALITIES[0])
    if len(best) <= budget_bytes:
        return best
    ladder = [*QUALITIES[1:], *LAST_QUALITIES]
    low, high, found = 0, len(ladder) - 1, b""
    while low <= high:
        middle = (low + high) // 2
        tried = encode_jpeg(pixels, ladder[middle])
        if len(tried) <= budget_bytes:
            found, high = tried, middle - 1
        else:
            low = middle + 1
    return found or tried


def _channels(image: Any) -> int:
    """1 for grey, 3 for RGB, 0 for whatever else."""
    if bool(image.get("/ImageMask", False)):
        return 1
    space = image.get("/ColorSpace")
    name = str(space[0] if isinstance(space, Array) else space)
    if name == "/ICCBased":
        components = int(space[1].get("/N", 0))
        return components if components in (1, 3) else 0
    return 1 if name in _GREY else 3 if name in _RGB else 0


def _is_bilevel(image: Any) -> bool:
    filters = image.get("/Filter", Array())
    names = [str(f) for f in filters] if isinstance(filters, Array) else [str(filters)]
    fax = {"/CCITTFaxDecode", "/JBIG2Decode", "/CCF"}.intersection(names)
    return bool(
        fax or image.get("/ImageMask", False) or int(image.get("/BitsPerComponent", 8)) == 1
    )


def _page_with(pdf: pikepdf.Pdf, image: Any, size: tuple[int, int], channels: int) -> bytes:
    """A PDF of one page that shows the image, pixel for point."""
    with pikepdf.Pdf.new() as small:
        # Copied as a stream, the image would stay in memory as long as `pdf`.
        facts = Dictionary({key: image[key] for key in _SAMPLE_KEYS if key in image})
        copy = small.make_stream(image.read_raw_bytes())
        copy.stream_dict = Dictionary(dict(small.copy_foreign(pdf.make_indirect(facts)).items()))
        copy.Type, copy.Subtype = Name.XObject, Name.Image
        if image.get("/ImageMask", False):
            copy.BitsPerComponent = 1
        if channels:  # so that pdfium converts nothing
            copy.ColorSpace = Name.DeviceGray if channels == 1 else Name.DeviceRGB
        page = small.add_blank_page().obj
        page.MediaBox = Array([0, 0, *size])
        page.Resources = Dictionary(XObject=Dictionary(Image=copy))
        page.Contents = small.make_stream(b"%d 0 0 %d 0 0 cm /Image Do" % size)
        file = io.BytesIO()
        small.save(file, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        return file.getvalue()


def _drawn(page: bytes, size: tuple[int, int], grey: bool) -> NDArray[np.uint8] | None:
    """The page's pixels, or None where the paper shines through: the image cannot be decoded."""
    with pdfium_document(page) as document:
        for paper in (WHITE, 0):
            pixels = render(document, 0, size, grey=grey, paper=paper)
            if pixels.min() != paper or pixels.max() != paper:
                return pixels
    return None


def _simplest(pixels: NDArray[np.uint8], bilevel: bool) -> NDArray[Any]:
    grey = _as_grey(pixels, tolerance=0)
    if grey is None:
        return pixels
    if bilevel and not np.any((grey != 0) & (grey != WHITE)):
        return grey > 127
    return grey


def _as_bytes(pixels: NDArray[Any]) -> NDArray[Any]:
    return (pixels >> 8).astype(np.uint8) if pixels.dtype == np.uint16 else pixels


def _as_grey(pixels: NDArray[Any], tolerance: int = 2) -> NDArray[Any] | None:
    """The pixels as one channel if they have no colour."""
    if pixels.ndim == 2:
        return pixels
    for start in range(0, len(pixels), _BAND_ROWS):
        band = pixels[start : start + _BAND_ROWS].astype(np.int16)
        if np.abs(band - band[..., 1:2]).max(initial=0) > tolerance:
            return None
    return np.ascontiguousarray(pixels[..., 1])


def _middle(pixels: NDArray[Any]) -> NDArray[Any]:
    return pixels if pixels.ndim == 2 else pixels[..., 1]


def _is_print(grey: NDArray[Any]) -> bool:
    """Whether nearly all is black or white, as in a page of text."""
    near = np.count_nonzero(grey <= _NEAR) + np.count_nonzero(grey >= WHITE - _NEAR)
    return bool(near >= _PRINT * grey.size)
