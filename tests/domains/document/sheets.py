"""Small pages with text on them, and a net's stand-in that cleans them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from desktop_ae.core.clip import Clip, Samples
from desktop_ae.domains.document.files import DocumentReader, DocumentWriter, open_document

FONTS = Path("/usr/share/fonts/truetype/dejavu")
TEXT = "It is äöü i. j: first; 3.14, 2,5%! Ångström naïve façade ñ ő ů ż (í). "


def font(pixels: int, name: str = "DejaVuSerif.ttf") -> ImageFont.FreeTypeFont | Any:
    path = FONTS / name
    return ImageFont.truetype(path, pixels) if path.exists() else ImageFont.load_default(pixels)


def sheet(dpi: int = 100, inches: tuple[float, float] = (4, 3), points: int = 10) -> Image.Image:
    """Grey, white paper, full of text."""
    width, height = round(inches[0] * dpi), round(inches[1] * dpi)
    image = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(image)
    letters = font(round(points * dpi / 72))
    top, line = dpi * 0.4, 0
    while top < height - dpi * 0.5:
        words = (TEXT * 2)[line % 9 : line % 9 + round(inches[0] * 10) - line * 7 % 11]
        draw.text((dpi * 0.4, top), words, 0, font=letters)
        top += points * dpi / 72 * 1.5
        line += 1
    return image


def dirty(grey: Image.Image) -> NDArray[np.uint8]:
    """On brownish paper, `(height, width, 3)`."""
    tone = np.asarray(grey, np.float32)[..., None] * np.array([0.9, 0.82, 0.7], np.float32)
    return tone.astype(np.uint8)


def cleaned(samples: Samples) -> Samples:
    """As the net would: brighter paper, and the logit of ink behind it."""
    bright = (samples * 1.5).clip(0, 1)
    return np.concatenate([bright, (0.5 - samples.mean(0, keepdims=True)) * 30])


def clean(
    source: Path,
    target: Path,
    options: Mapping[str, Any] | None = None,
    left_out: set[int] | None = None,
    leave: bool = False,
    keep: bool = True,
) -> list[bool]:
    """What CleanJob does, with a stand-in for the net. Returned: which pages changed."""
    reader = open_document(source, options or {})
    try:
        return _clean(reader, target, options or {}, left_out or set(), leave, keep)
    finally:
        reader.close()


def _clean(
    reader: DocumentReader,
    target: Path,
    options: Mapping[str, Any],
    left_out: set[int],
    leave: bool,
    keep: bool,
) -> list[bool]:
    writer = DocumentWriter(reader, keep, options)
    changed = []
    for piece in reader.pieces():
        if piece.index in left_out:
            changed.append(writer.end_piece(True))
            continue
        for block in piece.blocks:
            writer.write(Clip(cleaned(block.samples), block.start))
        changed.append(writer.end_piece(leave))
    writer.finish(target)
    return changed
