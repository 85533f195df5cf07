"""Opening, writing and viewing documents of any format, page by page.

A format module gives `Pages`: an open document that hands out decoded pages, takes cleaned ones
in their place, and saves itself. Pages that were not replaced are saved as they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray


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

    def pages(self) -> Iterator[Page]:
        """The pages with something to clean, in order, one in memory at a time."""

    def replace(self, index: int, pixels: NDArray[Any]) -> None:
        """Put a page's cleaned pixels (bool, True for white, makes it black and white)."""

    def save(self, scratch: Path, keep_metadata: bool) -> None: ...

    def close(self) -> None: ...
