"""Small PDFs of every kind, as scanners and printers make them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, Stream
from PIL import Image, ImageCms

from desktop_ae.domains.document.encode import encode_g4, encode_jpeg
from tests.domains.document import jbig2

WIDTH, HEIGHT = 240, 320  # of a page in points, and of its scan at 144 dpi half as much again
COLUMNS, ROWS = 2 * WIDTH, 2 * HEIGHT
FULL = b"q %d 0 0 %d 0 0 cm /Scan Do Q" % (WIDTH, HEIGHT)
SECRET = b"BT 3 Tr /F1 12 Tf 20 200 Td (hidden words) Tj ET"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r"/></x:xmpmeta>'

Pixels = NDArray[Any]


def letters(rows: int = ROWS, columns: int = COLUMNS) -> NDArray[np.bool_]:
    """Something like print, True for paper: no two corners, halves or quarters alike."""
    paper = np.ones((rows, columns), bool)
    for line in range(rows // 10, rows * 9 // 10, 16):
        for word in range(columns // 10, columns * (9 - line % 5) // 10, 22):
            paper[line : line + 7, word : word + 14 : 3] = False
    paper[rows // 20 : rows // 8, columns // 20 : columns // 5] = False
    return paper


def blots(rows: int = ROWS, columns: int = COLUMNS) -> NDArray[np.bool_]:
    """As `letters`, but without the regularity that Flate finds in those."""
    waves = np.random.default_rng(3).normal(size=(rows, columns))
    for axis in (0, 1) * 3:
        waves = np.sum([np.roll(waves, step, axis) for step in range(-6, 7)], axis=0)
    return np.asarray(waves < 1.2 * waves.std())


def _cells() -> NDArray[np.bool_]:
    return letters(ROWS // jbig2.CELL_PX, COLUMNS // jbig2.CELL_PX)


def grey(rows: int = ROWS, columns: int = COLUMNS, noise: float = 6) -> NDArray[np.uint8]:
    stains = np.random.default_rng(0).normal(0, noise, (rows, columns))
    page = np.where(letters(rows, columns), 215, 40) + stains
    return page.clip(0, 255).astype(np.uint8)


def colour() -> NDArray[np.uint8]:
    page = grey().astype(float)
    return np.stack([page, page * 0.9, page * 0.6], axis=-1).astype(np.uint8)


def image(pdf: Pdf, data: bytes, pixels: Pixels, **keys: Any) -> Stream:
    rows, columns = pixels.shape[:2]
    facts = {"Width": columns, "Height": rows, "BitsPerComponent": 8, **keys}
    return pdf.make_stream(data, Type=Name.XObject, Subtype=Name.Image, **facts)


def flate(pdf: Pdf, samples: Pixels, **keys: Any) -> Stream:
    data = zlib.compress(np.ascontiguousarray(samples).tobytes())
    return image(pdf, data, samples, Filter=Name.FlateDecode, **keys)


def bits(pdf: Pdf, paper: Pixels, **keys: Any) -> Stream:
    data = zlib.compress(np.packbits(paper, axis=1).tobytes())
    return image(pdf, data, paper, Filter=Name.FlateDecode, **{"BitsPerComponent": 1, **keys})


def jpeg(pdf: Pdf, pixels: Pixels, quality: int = 92, **keys: Any) -> Stream:
    space = Name.DeviceGray if pixels.ndim == 2 else Name.DeviceRGB
    data = encode_jpeg(pixels, quality)
    return image(pdf, data, pixels, **{"Filter": Name.DCTDecode, "ColorSpace": space, **keys})


def g4(pdf: Pdf, paper: Pixels, **keys: Any) -> Stream:
    rows, columns = paper.shape
    parameters = Dictionary(K=-1, Columns=columns, Rows=rows)
    facts = {"BitsPerComponent": 1, "DecodeParms": parameters, "Filter": Name.CCITTFaxDecode}
    return image(pdf, encode_g4(paper), paper, **{**facts, **keys})


def jbig2_generic(pdf: Pdf, paper: Pixels, **keys: Any) -> Stream:
    return _jbig2(pdf, jbig2.generic(paper), paper, **keys)


def jbig2_halftone(pdf: Pdf, cells: Pixels, shared: Stream | None = None, **keys: Any) -> Stream:
    """Its patterns stand in a stream that other images can share."""
    patterns, page = jbig2.halftone(cells)
    parameters = Dictionary(JBIG2Globals=shared or pdf.make_stream(patterns))
    return _jbig2(pdf, page, jbig2.enlarged(cells), DecodeParms=parameters, **keys)


def _jbig2(pdf: Pdf, data: bytes, paper: Pixels, **keys: Any) -> Stream:
    facts = {"BitsPerComponent": 1, "Filter": Name.JBIG2Decode, **keys}
    return image(pdf, data, paper, **facts)


def _saved(pixels: Pixels, kind: str, mode: str | None = None, **options: Any) -> bytes:
    file = io.BytesIO()
    picture = Image.fromarray(pixels)
    (picture.convert(mode) if mode else picture).save(file, kind, **options)
    return file.getvalue()


def profile(pdf: Pdf, channels: int) -> Array:
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return Array([Name.ICCBased, pdf.make_stream(made, N=channels)])


def _cmyk(pdf: Pdf) -> Stream:
    inks = np.zeros((ROWS, COLUMNS, 4), np.uint8)
    inks[..., 3] = 255 - grey()
    return flate(pdf, inks, ColorSpace=Name.DeviceCMYK)


def _cmyk_jpeg(pdf: Pdf) -> Stream:
    inks = np.zeros((ROWS, COLUMNS, 4), np.uint8)
    inks[..., 3] = 255 - grey()
    file = io.BytesIO()
    Image.fromarray(inks, "CMYK").save(file, "JPEG", quality=95)
    facts = {"Filter": Name.DCTDecode, "ColorSpace": Name.DeviceCMYK}
    # Pillow writes inverted inks, as Adobe does.
    return image(pdf, file.getvalue(), inks, Decode=Array([1, 0] * 4), **facts)


def _indexed(pdf: Pdf) -> Stream:
    shades = bytes(n for shade in range(256) for n in (shade, shade * 9 // 10, shade * 6 // 10))
    return flate(pdf, grey(), ColorSpace=Array([Name.Indexed, Name.DeviceRGB, 255, shades]))


def _lab(pdf: Pdf) -> Stream:
    space = Array([Name.Lab, Dictionary(WhitePoint=Array([0.95, 1, 1.09]))])
    samples = np.full((ROWS, COLUMNS, 3), 128, np.uint8)
    samples[..., 0] = grey()
    return flate(pdf, samples, ColorSpace=space, Decode=Array([0, 100, -128, 127, -128, 127]))


def _separation(pdf: Pdf) -> Stream:
    tint = Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([1.0]), C1=Array([0.0]))
    space = Array([Name.Separation, Name.Black, Name.DeviceGray, tint])
    return flate(pdf, 255 - grey(), ColorSpace=space)


def _deep(pdf: Pdf) -> Stream:
    samples = (grey().astype(np.uint16) << 8).astype(">u2")
    return flate(pdf, samples, ColorSpace=Name.DeviceGray, BitsPerComponent=16)


def _jpx(pdf: Pdf) -> Stream:
    data = _saved(colour(), "JPEG2000")
    return image(pdf, data, colour(), Filter=Name.JPXDecode)


def _soft(pdf: Pdf) -> Stream:
    mask = flate(pdf, np.full((20, 30), 255, np.uint8), ColorSpace=Name.DeviceGray)
    return jpeg(pdf, grey(), SMask=mask)


def _masked(pdf: Pdf) -> Stream:
    mask = bits(pdf, np.zeros((16, 16), bool), ImageMask=True)
    return jpeg(pdf, grey(), Mask=mask)


# Name: the image, and what its pixels are.
KINDS: Mapping[str, tuple[Callable[[Pdf], Stream], Callable[[], Pixels]]] = {
    "grey jpeg": (lambda pdf: jpeg(pdf, grey()), grey),
    "colour jpeg": (lambda pdf: jpeg(pdf, colour()), colour),
    "grey samples": (lambda pdf: flate(pdf, grey(), ColorSpace=Name.DeviceGray), grey),
    "16 bit": (_deep, grey),
    "1 bit": (lambda pdf: bits(pdf, letters(), ColorSpace=Name.DeviceGray), letters),
    "1 bit, zero for white": (
        lambda pdf: bits(pdf, ~letters(), ColorSpace=Name.DeviceGray, Decode=Array([1, 0])),
        letters,
    ),
    "1 bit palette": (
        lambda pdf: bits(
            pdf, ~letters(), ColorSpace=Array([Name.Indexed, Name.DeviceGray, 1, b"\xff\0"])
        ),
        letters,
    ),
    "fax": (lambda pdf: g4(pdf, letters(), ColorSpace=Name.DeviceGray), letters),
    "jbig2": (lambda pdf: jbig2_generic(pdf, letters(), ColorSpace=Name.DeviceGray), letters),
    "jbig2 stencil": (lambda pdf: jbig2_generic(pdf, letters(), ImageMask=True), letters),
    "jbig2 of shared patterns": (
        lambda pdf: jbig2_halftone(pdf, _cells(), ColorSpace=Name.DeviceGray),
        lambda: jbig2.enlarged(_cells()),
    ),
    "stencil": (lambda pdf: g4(pdf, letters(), ImageMask=True), letters),
    "stencil, inverted": (
        lambda pdf: bits(pdf, ~letters(), ImageMask=True, Decode=Array([1, 0])),
        letters,
    ),
    "palette": (_indexed, colour),
    "print": (_cmyk, grey),
    "print jpeg": (_cmyk_jpeg, grey),
    "profile": (lambda pdf: jpeg(pdf, colour(), ColorSpace=profile(pdf, 3)), colour),
    "calibrated": (
        lambda pdf: flate(
            pdf, grey(), ColorSpace=Array([Name.CalGray, Dictionary(WhitePoint=[0.95, 1, 1.09])])
        ),
        grey,
    ),
    "lab": (_lab, grey),
    "one ink": (_separation, grey),
    "jpeg 2000": (_jpx, colour),
    "soft mask": (_soft, grey),
    "mask": (_masked, grey),
}


def add_page(
    pdf: Pdf,
    content: bytes,
    xobjects: Mapping[str, Stream],
    size: tuple[float, float] = (WIDTH, HEIGHT),
    **keys: Any,
) -> pikepdf.Page:
    page = pdf.add_blank_page()
    page.obj.MediaBox = Array([0, 0, *size])
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(
        XObject=Dictionary({f"/{name}": stream for name, stream in xobjects.items()}),
        Font=Dictionary(F1=font),
    )
    page.obj.Contents = pdf.make_stream(content)
    for key, value in keys.items():
        page.obj[f"/{key}"] = value
    return page


def write(path: Path, *makers: Callable[[Pdf], Any], **options: Any) -> Path:
    with Pdf.new() as pdf:
        for make in makers:
            make(pdf)
        pdf.save(path, **options)
    return path


def scan(content: bytes = FULL, **keys: Any) -> Callable[[Pdf], Any]:
    return lambda pdf: add_page(pdf, content, {"Scan": jpeg(pdf, grey())}, **keys)


def vector(pdf: Pdf) -> None:
    add_page(pdf, b"BT /F1 24 Tf 20 200 Td (A page that no scanner made) Tj ET", {})


def book(path: Path, **options: Any) -> Path:
    """Three pages, a scan lying on its side among them, with all that a PDF can carry."""
    with Pdf.new() as pdf:
        page = add_page(pdf, FULL + SECRET, {"Scan": jpeg(pdf, grey())})
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([10, 10, 90, 30]),
            A=Dictionary(S=Name.URI, URI=pikepdf.String("https://example.org")),
        )  # fmt: skip
        page.obj.Annots = Array([pdf.make_indirect(link)])
        vector(pdf)
        crop = Array([10, 10, WIDTH - 10, HEIGHT - 20])
        add_page(pdf, FULL, {"Scan": jpeg(pdf, grey())}, Rotate=90, CropBox=crop)
        with pdf.open_outline() as outline:
            outline.root.extend([OutlineItem("First", 0), OutlineItem("Last", 2)])
        pdf.docinfo["/Title"], pdf.docinfo["/Producer"] = "A book", "A scanner"
        pdf.Root.Metadata = pdf.make_stream(XMP, Type=Name.Metadata, Subtype=Name.XML)
        pdf.attachments["notes.txt"] = b"attached"
        pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r)]))
        pdf.save(path, fix_metadata_version=False, **options)
    return path


def strips(pdf: Pdf) -> None:
    """A page in four strips, on white paper, with a text layer and a link."""
    scanned = grey()
    parts = {f"S{i}": jpeg(pdf, scanned[i * 160 : i * 160 + 160]) for i in range(4)}
    content = b"1 1 1 rg 0 0 240 320 re f q 0.5 0 0 0.5 0 0 cm "
    for i in range(4):
        content += b"q 480 0 0 160 0 %d cm /S%d Do Q " % (480 - i * 160, i)
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([10, 10, 90, 30]))
    add_page(pdf, content + b"Q " + SECRET, parts, Annots=Array([pdf.make_indirect(link)]))


def layers(pdf: Pdf) -> None:
    """A coarse background with print over it, as good compressors make them."""
    background = jpeg(pdf, np.full((160, 120, 3), (230, 220, 190), np.uint8))
    mask = g4(pdf, ~letters(), Decode=Array([0, 1]), ColorSpace=Name.DeviceGray)
    print_ = flate(pdf, np.zeros((1, 1, 3), np.uint8), ColorSpace=Name.DeviceRGB, SMask=mask)
    add_page(pdf, FULL + b" q 240 0 0 320 0 0 cm /Print Do Q " + SECRET,
             {"Scan": background, "Print": print_})  # fmt: skip


def inline(pdf: Pdf) -> None:
    samples = grey(80, 60).tobytes()
    head = b"BI /W 60 /H 80 /BPC 8 /CS /G ID "
    add_page(pdf, b"q 240 0 0 320 0 0 cm " + head + samples + b" EI Q " + SECRET, {}, UserUnit=0.4)
