"""The sample of a scanned document: a letter of three pages, as an old scanner saw it."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from skimage import data

Floats = NDArray[np.float64]

DPI = 150
PAGE_PX = (874, 1240)  # A5
INK = (38, 36, 44)

LETTER = """\
Reading Room of the Old Harbour
7 Quay Street, Port Alder

18 September 2026

Dear Ms Okafor,

thank you for the boxes from your grandmother's
attic. We opened them on Tuesday and found, under
two maps and a bundle of receipts, her notebooks
of the years on the lightship: eleven of them, in
a small, steady hand, hardly touched by the damp.

The first pages read like a log. Wind, sea, the
hours of the lamp. Then, from the third winter on,
she begins to draw: birds at rest on the rail, the
cook asleep, a seal that came each morning at six.

With your leave we would copy all of it before the
paper gets worse, and send the originals back to
you by the end of the year. The enclosed table says
what is in which box; the last page shows what the
damp has done, and what it has not.

With kind regards,
"""
ROWS = (
    ("Box", "What is in it", "Pages", "State"),
    ("1", "Letters 1951-1958", "212", "good"),
    ("2", "Notebooks I-IV", "388", "good"),
    ("3", "Notebooks V-XI", "641", "damp"),
    ("4", "Maps, Port Alder", "9", "torn"),
    ("5", "Receipts", "530", "faded"),
    ("6", "Photographs", "74", "good"),
    ("7", "Newspapers", "118", "brittle"),
)
NOTE = """\
Notebook VII was lying at the bottom. Its back
cover is lost, and the last forty pages stick
together. We did not force them.

The picture was between pages 60 and 61. Nobody
on the lightship is known to have had a cat.
"""


def make_letter(target: Path, clean_first_page: Path) -> None:
    """Write the PDF, and the first page as it was before it was scanned."""
    pages = [_first(), _second(), _third()]
    pages[0].save(clean_first_page, optimize=True, dpi=(DPI, DPI))
    pdf = pikepdf.new()
    for number, page in enumerate(pages):
        _add_page(pdf, _scanned(np.asarray(page) / 255.0, number))
    with pdf.open_outline() as outline:
        for number, title in enumerate(("Letter", "What is in the boxes", "Notebook VII")):
            outline.root.append(pikepdf.OutlineItem(title, number))
    pdf.docinfo["/Title"] = "Letter of the Reading Room"
    pdf.save(target, deterministic_id=True)


def _font(size_px: int, name: str = "DejaVuSerif.ttf") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(name, size_px)


def _first() -> Image.Image:
    page, draw = _empty()
    draw.multiline_text((84, 90), LETTER, INK, _font(25), spacing=11)
    x = np.linspace(0, 1, 160)
    y = 1085 - 36 * np.sin(15 * x) * np.exp(-1.6 * x) - 14 * np.sin(47 * x)
    draw.line(list(zip(100 + 270 * x, y, strict=True)), (28, 52, 150), 4, joint="curve")
    stamp = Image.new("RGBA", (320, 210))
    pen = ImageDraw.Draw(stamp)
    pen.ellipse((6, 6, 313, 203), outline=(190, 30, 45), width=7)
    pen.text((54, 62), "READING ROOM", (190, 30, 45), _font(27, "DejaVuSans-Bold.ttf"))
    pen.text((70, 108), "18 SEP 2026", (190, 30, 45), _font(27, "DejaVuSans-Bold.ttf"))
    turned = stamp.rotate(11, Image.Resampling.BICUBIC, expand=True)
    page.paste(turned, (480, 960), turned)
    return page


def _second() -> Image.Image:
    page, draw = _empty()
    draw.text((84, 100), "What is in the boxes", INK, _font(38))
    lefts, height = (84, 160, 500, 630, 790), 62
    for number, row in enumerate(ROWS):
        top = 200 + number * height
        if number == 0:
            draw.rectangle((84, top, 790, top + height), (214, 228, 240))
        draw.line((84, top, 790, top), INK, 3)
        for left, word in zip(lefts[:-1], row, strict=True):
            draw.text((left + 12, top + 15), word, INK, _font(25))
    bottom = 200 + len(ROWS) * height
    draw.line((84, bottom, 790, bottom), INK, 3)
    for left in lefts:
        draw.line((left, 200, left, bottom), INK, 3)
    return page


def _third() -> Image.Image:
    page, draw = _empty()
    draw.text((84, 100), "Notebook VII", INK, _font(38))
    draw.multiline_text((84, 190), NOTE, INK, _font(25), spacing=11)
    cat = Image.fromarray(data.chelsea())  # type: ignore[no-untyped-call]
    page.paste(cat.resize((600, 399), Image.Resampling.LANCZOS), (120, 520))
    draw.text((120, 935), "Found between pages 60 and 61", INK, _font(21))
    return page


def _empty() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    page = Image.new("RGB", PAGE_PX, "white")
    return page, ImageDraw.Draw(page)


def _scanned(page: Floats, number: int) -> Image.Image:
    """Yellow paper, the shade of a fold and of the spine, a cup's ring, damp, a sensor's noise."""
    rng = np.random.default_rng(10 + number)
    y, x = np.mgrid[: PAGE_PX[1], : PAGE_PX[0]] / DPI  # inches
    faded = 0.16 + 0.84 * page
    paper = np.array([0.93, 0.88, 0.77]) * (
        1 + 0.03 * _soft(rng.standard_normal(y.shape), 3)[..., None]
    )
    spine = 1 - 0.45 * np.exp(-x / 0.35)
    fold = 1 - 0.22 * np.exp(-(((y - 4.1) / 0.05) ** 2)) - 0.08 * (y > 4.1)
    distance = np.hypot(x - (4.3, 1.6, 4.0)[number], y - (2.2, 6.6, 1.4)[number])
    ring = np.exp(-(((distance - 1.0) / 0.06) ** 2)) + 0.3 * (distance < 0.98)
    edge = np.hypot(x - 6.2, y - 8.6) + 0.25 * np.sin(5 * y) + 0.15 * np.sin(11 * x)
    damp = 0.7 / (1 + np.exp((edge - (1.2, 2.0, 2.9)[number]) / 0.05))
    stain = 1 - (ring + damp)[..., None] * np.array([0.13, 0.23, 0.36])
    noise = _soft(rng.standard_normal((*y.shape, 3)), 1) * 0.03
    seen = faded * paper * (spine * fold)[..., None] * stain + noise
    return Image.fromarray(np.rint(seen.clip(0, 1) * 255).astype(np.uint8))


def _soft(noise: Floats, times: int) -> Floats:
    for _ in range(times):
        for axis in (0, 1):
            noise = noise / 2 + (np.roll(noise, 1, axis) + np.roll(noise, -1, axis)) / 4
    return noise / noise.std()


def _add_page(pdf: pikepdf.Pdf, picture: Image.Image) -> None:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=72)
    image = pikepdf.Stream(
        pdf,
        buffer.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    width, height = (72 * side / DPI for side in picture.size)
    page = pdf.add_blank_page(page_size=(width, height))
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image))
    page.obj.Contents = pdf.make_stream(f"q {width} 0 0 {height} 0 0 cm /Scan Do Q".encode())
