"""Pages that are pictures: JPEG and PNG, through the image domain, with all that they carry."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_ae.core.domain import View
from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.document.files import Page
from desktop_ae.domains.image.files import BAND_ROWS, decode, view_picture
from desktop_ae.domains.image.jpeg import copy_segments
from desktop_ae.domains.image.pixels import ArrayPixels, PillowPixels, Pixels
from desktop_ae.domains.image.png import save_png

# For black and white: even the least keeps every pixel on its side of the middle.
_QUALITIES = (90, 80, 70, 60)


class PicturePages:
    """See `files.Pages`: one page. Raises FileError as the image domain does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._picture = decode(path)
        self._is_bilevel = is_bilevel_png(path)
        self._bits: NDArray[np.bool_] | None = None

    @property
    def about(self) -> str:
        picture = dataclasses.replace(self._picture, bits=1) if self._is_bilevel else self._picture
        dpi = _dpi(self.path)
        return picture.about + (f" · {dpi:.0f} DPI" if dpi else "")

    @property
    def megapixels(self) -> float:
        _, height, width = self._picture.pixels.shape
        return height * width / 1e6

    def page_indices(self) -> Sequence[int]:
        return (0,)

    def shape(self, index: int) -> tuple[int, int, int]:
        return self._picture.pixels.shape

    def page(self, index: int) -> Page:
        pixels = page_pixels(self._picture.pixels)
        return Page(0, pixels > 127 if self._is_bilevel else pixels, _dpi(self.path))

    @property
    def passed_over(self) -> Mapping[int, str]:
        return {}

    def pages(self, left_out: Container[int] = ()) -> Iterator[Page]:
        if 0 not in left_out:
            yield self.page(0)

    def replace(self, index: int, pixels: NDArray[Any]) -> None:
        kept = self._picture.pixels
        if pixels.ndim == 2 and kept.shape[0] == 3:
            kept.drop_colour()
        if pixels.dtype == np.bool_:
            self._bits = pixels if kept.to_image().mode == "L" else None
        put_page_pixels(kept, pixels)

    def save(self, scratch: Path, keep_metadata: bool, made_by: str = "") -> None:
        """A black and white page is saved as bits in a PNG, and small in a JPEG: no larger than it
        was, unless that would take a quality under 60.
        """
        head, bits = _head(self.path), self._bits
        if bits is not None and head.startswith(b"\x89PNG"):
            profile = not self._picture.pixels.colour_dropped
            image = Image.fromarray(bits)
            save_png(self.path, image, scratch, keep_metadata, profile, made_by)
        elif bits is not None and head.startswith(b"\xff\xd8"):
            self._save_small_jpeg(scratch, keep_metadata, made_by)
        else:
            self._picture.save(scratch, keep_metadata, made_by)

    def _save_small_jpeg(self, scratch: Path, keep_metadata: bool, made_by: str) -> None:
        picture, largest = self._picture, self.path.stat().st_size
        profile = None if picture.pixels.colour_dropped else picture.icc
        with Image.open(self.path) as source:
            dpi = source.info.get("dpi", (0, 0))
        grey = picture.pixels.to_image().copy()
        grey.info.clear()  # or Pillow writes what it remembers; the segments follow as they are
        for quality in _QUALITIES:
            grey.save(scratch, "JPEG", quality=quality, progressive=True, dpi=dpi)
            way_up = None if keep_metadata else picture.orientation
            copy_segments(self.path, scratch, profile, way_up, made_by)
            if scratch.stat().st_size <= largest:
                return

    def close(self) -> None:
        """Nothing is held open: the file was read to its end."""


def view_picture_page(path: Path, longest_px: int, page: int) -> View:
    """See `Domain.view`. Raises Unreadable for another page than the first."""
    if page != 0:
        raise Unreadable(path, f"{path.name} has no page {page + 1}.")
    return view_picture(path, longest_px)


def page_pixels(pixels: Pixels) -> NDArray[Any]:
    """As `Page` wants them, without alpha; what is deeper than 16 bits becomes 16."""
    if isinstance(pixels, PillowPixels):
        array = np.atleast_3d(np.asarray(pixels.image))[..., : pixels.shape[0]]
    else:
        assert isinstance(pixels, ArrayPixels)
        array = pixels.array[..., : pixels.colours]
        if array.dtype not in (np.uint8, np.uint16):
            array = _in_16_bits(pixels)
    return array[..., 0] if array.shape[2] == 1 else array


def put_page_pixels(pixels: Pixels, page: NDArray[Any]) -> None:
    """Put a page's samples in the place of those that `page_pixels` gave, alpha left alone."""
    white = np.float32(1 if page.dtype == np.bool_ else np.iinfo(page.dtype).max)
    for start in range(0, len(page), BAND_ROWS):
        band = np.atleast_3d(page[start : start + BAND_ROWS]).transpose(2, 0, 1)
        pixels.put(start, band.astype(np.float32) / white)


def _in_16_bits(pixels: ArrayPixels) -> NDArray[np.uint16]:
    channels, height, width = pixels.shape
    array = np.empty((height, width, channels), np.uint16)
    for start in range(0, height, BAND_ROWS):
        band = pixels.band(start, min(start + BAND_ROWS, height)).clip(0, 1)
        array[start : start + BAND_ROWS] = np.rint(band * 65535).transpose(1, 2, 0)
    return array


def is_bilevel_png(path: Path) -> bool:
    head = _head(path)
    return head.startswith(b"\x89PNG") and head[24:26] == b"\x01\x00"  # one bit, grey


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(26)


def _dpi(path: Path) -> float | None:
    with Image.open(path) as image:
        found = image.info.get("dpi")
    try:
        across, down = (float(value) for value in found or ())
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return across if 20 <= across <= 10_000 and down > 0 else None
