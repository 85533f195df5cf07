"""pdfium: pages and images to pixels. It is not thread-safe; one lock holds every call."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pypdfium2 import raw

# Views are loaded in another thread than the one that cleans.
_LOCK = threading.RLock()
WHITE = 255


@contextlib.contextmanager
def pdfium_document(source: Path | bytes, password: str = "") -> Iterator[pypdfium2.PdfDocument]:
    """Holds the lock while open. Raises pypdfium2.PdfiumError."""
    with _LOCK:
        document = pypdfium2.PdfDocument(source, password=password or None)
        try:
            yield document
        finally:
            document.close()


def render(
    document: pypdfium2.PdfDocument,
    index: int,
    size: tuple[int, int],
    *,
    grey: bool = False,
    paper: int = WHITE,
    annotations: bool = False,
) -> NDArray[np.uint8]:
    """A page, upright, stretched to `size` (width, height): `(height, width[, 3])`.

    paper: the shade behind everything. annotations: and filled forms are drawn too.
    """
    flags = raw.FPDF_GRAYSCALE if grey else raw.FPDF_REVERSE_BYTE_ORDER
    flags |= raw.FPDF_ANNOT if annotations else 0
    kind = raw.FPDFBitmap_Gray if grey else raw.FPDFBitmap_BGR
    with contextlib.closing(document[index]) as page:
        bitmap = pypdfium2.PdfBitmap.new_native(*size, kind, rev_byteorder=not grey)
        with contextlib.closing(bitmap):
            bitmap.fill_rect((paper, paper, paper, 255), 0, 0, *size)
            place = 0, 0, *size, 0
            raw.FPDF_RenderPageBitmap(bitmap, page, *place, flags)
            if annotations and page.formenv:
                raw.FPDF_FFLDraw(page.formenv, bitmap, page, *place, flags)
            pixels = np.array(bitmap.to_numpy())
    return pixels[..., 0] if grey and pixels.ndim == 3 else pixels
