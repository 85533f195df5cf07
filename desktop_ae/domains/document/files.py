"""Opening, writing and viewing documents of any format, page by page.

A format module gives `Pages`: an open document that hands out decoded pages, takes cleaned ones
in their place, and saves itself. Pages that were not replaced are saved as they were.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Clip
from desktop_ae.core.domain import Options, Piece, View
from desktop_ae.core.errors import Unreadable
from desktop_ae.core.provenance import Provenance
from desktop_ae.domains.document import sniff

BAND_ROWS = 256
PUT_ROWS = 64


@dataclass(frozen=True, slots=True)
class Page:
    """A decoded page.

    pixels: `(height, width)` or `(height, width, 3)`; uint8 or uint16, or bool, True for white.
    dpi: resolution, None where the file does not say. level: whether the page may be turned by a
    small angle (not where a text layer lies over it).
    """

    index: int
    pixels: NDArray[Any]
    dpi: float | None
    level: bool = True


class Pages(Protocol):
    """An open document."""

    @property
    def about(self) -> str:
        """Facts in one line: pages, size, resolution, colour."""

    @property
    def megapixels(self) -> float:
        """Of all pages that `pages` will give, from their headers."""

    @property
    def passed_over(self) -> Mapping[int, str]:
        """Why pages were not given, by index, as sentences; whole once `pages` has ended."""

    def pages(self, left_out: Container[int] = ()) -> Iterator[Page]:
        """The pages with something to clean, in order, one in memory at a time; those left out are
        not read.
        """

    def replace(self, index: int, pixels: NDArray[Any]) -> None:
        """Put a page's cleaned pixels (bool, True for white, makes it black and white)."""

    def save(self, scratch: Path, keep_metadata: bool, made_by: str = "") -> None:
        """made_by: a line to put among the metadata."""

    def close(self) -> None: ...


class DocumentReader:
    """A Reader of one piece a page, in bands of rows.

    source: the open document. page: the one that was read last, if any was.
    """

    def __init__(self, source: Pages) -> None:
        self.source = source
        self.page: Page | None = None

    @property
    def about(self) -> str:
        return self.source.about

    @property
    def work(self) -> float:
        return self.source.megapixels

    @property
    def passed_over(self) -> Mapping[int, str]:
        return self.source.passed_over

    def pieces(self, left_out: Container[int] = ()) -> Iterator[Piece]:
        pages = self.source.pages(left_out)
        while (page := next(pages, None)) is not None:
            self.page = page
            height, width = page.pixels.shape[:2]
            shape = (1 if page.pixels.ndim == 2 else 3, height, width)
            yield Piece(shape, _bands(page.pixels), height * width / 1e6, page.index)
            # Before the next one needs its memory.
            self.page = page = None

    def close(self) -> None:
        self.page = None
        self.source.close()


class DocumentWriter:
    """A Writer that holds the page being cleaned, and gives it to the document when it is whole."""

    def __init__(self, reader: DocumentReader, keep_metadata: bool, options: Options) -> None:
        self.reader = reader
        self.keep_metadata = keep_metadata
        self.options = options
        self.made_by = ""
        self._pixels: NDArray[Any] | None = None
        self._ink: NDArray[np.uint8] | None = None

    def write(self, clip: Clip) -> None:
        """Take restored rows: the page's channels, and behind them, if there, the logit of ink."""
        from desktop_ae.domains.document.pages import ink_of

        channels, height, width = self._shape()
        if self._pixels is None:
            kind = self._page().pixels.dtype
            self._pixels = np.empty((height, width, channels), kind if kind == np.uint16 else "u1")
            if len(clip.samples) > channels:
                self._ink = np.empty((height, width), np.uint8)
        white = np.float32(np.iinfo(self._pixels.dtype).max)
        # A few rows at a time: turning floats into integers takes copies of them.
        for top in range(clip.start, clip.stop, PUT_ROWS):
            rows = slice(top, min(top + PUT_ROWS, clip.stop))
            given = clip.samples[:, rows.start - clip.start : rows.stop - clip.start]
            samples = np.rint(given[:channels].clip(0, 1) * white)
            self._pixels[rows] = samples.transpose(1, 2, 0)
            if self._ink is not None:
                self._ink[rows] = ink_of(given[channels])

    def end_piece(self, leave: bool) -> bool:
        pixels, ink = self._pixels, self._ink
        self._pixels = self._ink = None
        if pixels is None:  # nothing was written, nothing is wanted
            return False
        page = self._page()
        if leave:
            # Clean already, so that the source's own pixels are better than any other.
            pixels = page.pixels
            pixels = np.where(pixels, np.uint8(255), np.uint8(0)) if _is_bits(pixels) else pixels
            pixels = pixels if pixels.ndim == 3 else pixels[..., None]
        return self._finish(page, np.moveaxis(pixels, -1, 0), ink, leave)

    def record(self, provenance: Provenance) -> None:
        self.made_by = provenance.text

    def finish(self, scratch: Path) -> None:
        self.reader.source.save(scratch, self.keep_metadata, self.made_by)

    def _finish(
        self, page: Page, pixels: NDArray[Any], ink: NDArray[np.uint8] | None, leave: bool
    ) -> bool:
        from desktop_ae.domains.document.pages import apply_to_page, look_at_page

        found = look_at_page(pixels, ink, page, self.options)
        if leave and not found and self._keeps_kind(page):
            return False
        finished = apply_to_page(pixels, ink, page, self.options, found)
        self.reader.source.replace(page.index, finished)
        # A format may find that a page would only grow, keep it, and say so.
        return page.index not in self.reader.source.passed_over

    def _keeps_kind(self, page: Page) -> bool:
        match self.options.get("mode", "colour"):
            case "grey":
                return page.pixels.ndim == 2
            case "bw":
                return _is_bits(page.pixels)
            case _:
                return True

    def _page(self) -> Page:
        assert self.reader.page is not None
        return self.reader.page

    def _shape(self) -> tuple[int, int, int]:
        pixels = self._page().pixels
        return 1 if pixels.ndim == 2 else 3, *pixels.shape[:2]


def open_document(path: Path, options: Options) -> DocumentReader:
    """Raises Unreadable, Unsupported, TooLarge or NeedsPassword with a sentence."""
    match _kind(path):
        case "PDF":
            from desktop_ae.domains.document.pdf import open_pdf

            return DocumentReader(open_pdf(path, options.get("password", "")))
        case "TIFF":
            from desktop_ae.domains.document.tiff import TiffPages

            return DocumentReader(TiffPages(path))
        case _:
            from desktop_ae.domains.document.pictures import PicturePages

            return DocumentReader(PicturePages(path))


def view_document(path: Path, longest_px: int, page: int, options: Options) -> View:
    """See `Domain.view`. Raises as `open_document`, and Unreadable for a page that is not there."""
    match _kind(path):
        case "PDF":
            from desktop_ae.domains.document.pdf import view_pdf

            return view_pdf(path, longest_px, page, options.get("password", ""))
        case "TIFF":
            from desktop_ae.domains.document.tiff import view_tiff

            return view_tiff(path, longest_px, page)
        case _:
            from desktop_ae.domains.document.pictures import view_picture_page

            return view_picture_page(path, longest_px, page)


def looks_like_document(path: Path) -> bool:
    """Whether it is a PDF, a TIFF of several pages, or of black and white. Never raises."""
    try:
        match _kind(path):
            case "PDF":
                return True
            case "TIFF":
                from desktop_ae.domains.document.tiff import tiff_looks_like_document

                return tiff_looks_like_document(path)
            case "PNG":
                from desktop_ae.domains.document.pictures import is_bilevel_png

                return is_bilevel_png(path)
            case _:
                return False
    except Exception:  # whatever is wrong with it is said when it is opened
        return False


def _kind(path: Path) -> str:
    try:
        with path.open("rb") as file:
            kind = sniff(file.read(4096))
    except FileNotFoundError as error:
        raise Unreadable(path, f"{path.name} is no longer there.") from error
    except OSError as error:
        raise Unreadable(path, f"{path.name} cannot be opened: {error.strerror}.") from error
    if kind is None:
        raise Unreadable(path, f"{path.name} is no document, whatever its name says.")
    return kind


def _bands(pixels: NDArray[Any]) -> Iterator[Clip]:
    white = np.float32(1 if _is_bits(pixels) else np.iinfo(pixels.dtype).max)
    for start in range(0, len(pixels), BAND_ROWS):
        rows = pixels[start : start + BAND_ROWS].astype(np.float32)
        rows /= white
        yield Clip(rows[None] if rows.ndim == 2 else rows.transpose(2, 0, 1), start)


def _is_bits(pixels: NDArray[Any]) -> bool:
    return pixels.dtype == np.bool_
