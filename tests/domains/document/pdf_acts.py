"""What the tests do with PDFs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2

from desktop_ae.domains.document.files import Page
from desktop_ae.domains.document.pdf import open_pdf, view_pdf
from tests.domains.document.pdfs import Pixels


def marked(page: Page) -> Pixels:
    """A page made clean, with a black bar in its upper left corner as displayed."""
    pixels = page.pixels.copy()
    white = True if pixels.dtype == np.bool_ else 255
    pixels[:] = white
    rows, columns = pixels.shape[:2]
    pixels[: rows // 8, : columns // 2] = 0
    return pixels


def clean(
    source: Path, keep: bool = True, password: str = "", only: set[int] | None = None
) -> Path:
    """Every page marked; the result lies beside the source, which must not change."""
    before = hashlib.sha256(source.read_bytes()).digest()
    target = source.with_name("cleaned.pdf")
    document = open_pdf(source, password)
    try:
        for page in document.pages():
            if only is None or page.index in only:
                document.replace(page.index, marked(page))
        target.touch()
        document.save(target, keep)
    finally:
        document.close()
    assert hashlib.sha256(source.read_bytes()).digest() == before
    return target


def replaced(source: Path, change: Callable[[Pixels], Pixels]) -> Path:
    """Every page changed; the result lies beside the source."""
    target = source.with_name("replaced.pdf")
    document = open_pdf(source)
    try:
        for page in document.pages():
            document.replace(page.index, change(page.pixels))
        document.save(target, True)
    finally:
        document.close()
    return target


def given(source: Path, password: str = "") -> list[Page]:
    document = open_pdf(source, password)
    try:
        return list(document.pages())
    finally:
        document.close()


def text(path: Path, index: int = 0, password: str | None = None) -> str:
    with pypdfium2.PdfDocument(path, password) as document:
        page = document[index]
        words = page.get_textpage()
        found = str(words.get_text_range())
        words.close()
        page.close()
    return found


def shown(path: Path, page: int = 0, longest: int = 0, password: str = "") -> Pixels:
    return view_pdf(path, longest, page, password).pixels


def has_mark(pixels: Pixels) -> bool:
    rows, columns = pixels.shape[:2]
    dark = pixels[rows // 32 : rows // 10, columns // 32 : columns * 15 // 32]
    light = pixels[rows // 6 :]
    return bool(dark.mean() < 8 and light.mean() > 247)
