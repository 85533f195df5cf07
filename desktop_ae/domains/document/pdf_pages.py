"""Which part of a PDF page is a scan that can be cleaned, and how large it is.

A page is cleaned in one of two ways. The one image that covers most of it is taken out and put
back in its place; nothing else on the page is touched. Or, where several images together make up
the page (strips, a background with a mask over it) and nothing else is to be seen, the page is
rendered and one image put in the place of all. Any other page is left as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pikepdf
from numpy.typing import NDArray

from desktop_ae.domains.document.pdf_content import Content, Drawn, Key, Matrix
from desktop_ae.domains.image.files import LARGEST_PIXELS

LEAST_COVER = 0.6
# A scan bears a stamp or a page number; a slide with a photo behind it bears more.
MOST_INK = 200
FLAT_MOST_DPI, FLAT_MOST_PIXELS = 400.0, 120_000_000
# Below this, what fills a page is a pattern or a shade, no scan.
LEAST_DPI, LEAST_SIDE_PX = 36.0, 1000
VECTOR_DPI = 150.0
_GRID = 64

# Why a page is left as it is.
IS_TEXT = "This page is text already."
NO_SCAN = "This page shows no scan."
HAS_MORE = "This page shows text or drawings beside its picture."

Box = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True, slots=True)
class Sheet:
    """The visible part of a page.

    box: left, bottom, right, top in the page's points. quarter_turns: clockwise, as displayed.
    unit: a point's length, of 1/72 inch.
    """

    box: Box
    quarter_turns: int
    unit: float

    @property
    def upright(self) -> tuple[float, float]:
        """Width and height in points, as displayed."""
        width, height = self.box[2] - self.box[0], self.box[3] - self.box[1]
        return (height, width) if self.quarter_turns % 2 else (width, height)

    @property
    def area(self) -> float:
        return self.upright[0] * self.upright[1]

    def pixels(self, per_point: float) -> tuple[int, int]:
        """Width and height as displayed."""
        # A little more, so that what is whole but for rounding is not one less.
        width, height = (math.floor(side * per_point + 1e-3) for side in self.upright)
        return max(1, width), max(1, height)


@dataclass(frozen=True, slots=True)
class Turn:
    """From pixels as stored to pixels as displayed: first transposed, then mirrored."""

    transpose: bool
    flip_rows: bool
    flip_columns: bool

    def upright(self, stored: NDArray[Any]) -> NDArray[Any]:
        turned = stored.swapaxes(0, 1) if self.transpose else stored
        return np.ascontiguousarray(self._flip(turned))

    def back(self, upright: NDArray[Any]) -> NDArray[Any]:
        turned = self._flip(upright)
        return np.ascontiguousarray(turned.swapaxes(0, 1) if self.transpose else turned)

    def _flip(self, pixels: NDArray[Any]) -> NDArray[Any]:
        rows, columns = (slice(None, None, -1 if f else 1) for f in self._flips)
        return pixels[rows, columns]

    @property
    def _flips(self) -> tuple[bool, bool]:
        return self.flip_rows, self.flip_columns


@dataclass(frozen=True, slots=True)
class Plan:
    """How a page is cleaned.

    image: the one to take; None where the whole page is rendered. size: of the upright pixels.
    per_point: pixels a point. parts: the images that will go, each once, with their lengths
    in the file; inline ones have no key.
    """

    index: int
    sheet: Sheet
    image: Drawn | None
    turn: Turn
    size: tuple[int, int]
    per_point: float
    level: bool
    parts: tuple[tuple[Key | None, int], ...]

    @property
    def dpi(self) -> float:
        return self.per_point * 72 / self.sheet.unit

    @property
    def megapixels(self) -> float:
        return self.size[0] * self.size[1] / 1e6

    @property
    def too_large(self) -> bool:
        return self.size[0] * self.size[1] > LARGEST_PIXELS


def read_sheet(page: pikepdf.Page) -> Sheet:
    """Raises ValueError for a page without extent."""
    media, crop = _box(page.mediabox), _box(page.cropbox)
    both = _intersection(media, crop)
    left, bottom, right, top = both if both[0] < both[2] and both[1] < both[3] else media
    if not (0 < right - left < math.inf and 0 < top - bottom < math.inf):
        raise ValueError(f"a page of {media}")
    turns = round(float(page.obj.get("/Rotate", 0)) / 90) % 4
    unit = float(page.obj.get("/UserUnit", 1))
    return Sheet((left, bottom, right, top), turns, unit if unit > 0 else 1.0)


def plan_page(index: int, sheet: Sheet, content: Content) -> Plan | str:
    """Or a sentence: there is nothing to clean, or something that cleaning could harm."""
    images = [image for image in content.images if _cover(image, sheet) > 0]
    large = [image for image in images if _cover(image, sheet) >= LEAST_COVER]
    together = _cover_together(images, sheet)
    if len(large) == 1 and large[0].key and not _needs_others(large[0], images, together, sheet):
        return _plan_single(index, sheet, content, large[0])
    if together < LEAST_COVER:
        return IS_TEXT if content.seen_text else NO_SCAN
    if not _only_images(content, images, sheet):
        return HAS_MORE
    return _plan_flat(index, sheet, content, images)


def shown_per_point(sheet: Sheet, plan: Plan | None) -> float:
    """The resolution at which a page is shown at most; the same before and after cleaning."""
    per_point = plan.per_point if plan else VECTOR_DPI * sheet.unit / 72
    return min(per_point, math.sqrt(LARGEST_PIXELS / 2 / sheet.area))


def _plan_single(index: int, sheet: Sheet, content: Content, image: Drawn) -> Plan | str:
    per_point = _per_point(image)
    unseen = image.stencil and not image.black
    if unseen or _is_coarse(per_point, max(image.finest), sheet):
        return IS_TEXT if content.seen_text else NO_SCAN
    if content.ink_after(image.order) > MOST_INK:
        return HAS_MORE
    turn = _turn_of(image.place, sheet.quarter_turns)
    size = (image.height, image.width) if turn.transpose else (image.width, image.height)
    alone = len(content.images) == 1 and not content.ink and _is_bare(content)
    level = alone and (image.stencil or not image.see_through)
    parts = ((image.key, image.stream_bytes),)
    return Plan(index, sheet, image, turn, size, per_point, level, parts)


def _plan_flat(index: int, sheet: Sheet, content: Content, images: list[Drawn]) -> Plan | str:
    finest = max(_per_point(image) for image in images)
    if _is_coarse(finest, max(max(image.finest) for image in images), sheet):
        return NO_SCAN
    most = min(FLAT_MOST_DPI * sheet.unit / 72, math.sqrt(FLAT_MOST_PIXELS / sheet.area))
    # A whole number of pixels along the longer side: then the image that replaces all of them has
    # this very resolution.
    longer = max(sheet.upright)
    per_point = max(1, round(longer * min(finest, most))) / longer
    parts = tuple(_parts(images))
    turn = _turn_of(Matrix(), sheet.quarter_turns)
    level = _is_bare(content)
    return Plan(index, sheet, None, turn, sheet.pixels(per_point), per_point, level, parts)


def _parts(images: list[Drawn]) -> Iterator[tuple[Key | None, int]]:
    seen = set()
    for image in images:
        if image.key is None or image.key not in seen:
            yield image.key, image.stream_bytes + image.mask_bytes
        seen.add(image.key)


def _is_bare(content: Content) -> bool:
    """Whether nothing lies over the scan that would stay behind if that were turned."""
    return not content.hidden_text and not content.annotated


def _needs_others(image: Drawn, images: list[Drawn], together: float, sheet: Sheet) -> bool:
    """Whether the large image alone would be half a page, or one layer of it."""
    if image.is_layer:
        return True
    others = [other for other in images if other is not image]
    layered = any(other.see_through and _cover(other, sheet) >= 0.02 for other in others)
    return layered or together - _cover(image, sheet) >= 0.05


def _only_images(content: Content, images: list[Drawn], sheet: Sheet) -> bool:
    """Whether one image can stand for all without hiding or losing anything."""
    left, bottom, right, top = sheet.box
    slack = 0.02 * max(sheet.upright)
    inside = all(
        box[0] >= left - slack
        and box[1] >= bottom - slack
        and box[2] <= right + slack
        and box[3] <= top + slack
        for box in (image.place.box for image in content.images)
    )
    apart = not content.entangled and not content.seen_text and content.before is not None
    return inside and apart and len(images) == len(content.images)


def _per_point(image: Drawn) -> float:
    """Pixels of the image or of its mask a point, whichever has more."""
    across, up = image.place.sides
    return max(image.finest[0] / across, image.finest[1] / up) if across and up else 0.0


def _is_coarse(per_point: float, longest_px: int, sheet: Sheet) -> bool:
    return per_point * 72 / sheet.unit < LEAST_DPI and longest_px < LEAST_SIDE_PX


def _overlap(image: Drawn, sheet: Sheet) -> Box:
    left, bottom, right, top = _intersection(image.place.box, sheet.box)
    return left, bottom, max(left, right), max(bottom, top)


def _cover(image: Drawn, sheet: Sheet) -> float:
    """The part of the page that an image covers, 0 to 1."""
    left, bottom, right, top = _overlap(image, sheet)
    place = image.place
    own = abs(place.a * place.d - place.b * place.c)
    return min(own, (right - left) * (top - bottom)) / sheet.area


def _cover_together(images: list[Drawn], sheet: Sheet) -> float:
    covered = np.zeros((_GRID, _GRID), bool)
    origin = np.array([*sheet.box[:2]] * 2)
    extent = np.array([sheet.box[2] - sheet.box[0], sheet.box[3] - sheet.box[1]] * 2)
    for image in images:
        cells = (np.array(_overlap(image, sheet)) - origin) / extent * _GRID
        left, bottom, right, top = np.round(cells).astype(int)
        covered[bottom:top, left:right] = True
    return float(covered.mean())


def _turn_of(place: Matrix, quarter_turns: int) -> Turn:
    """How an image in this place must be turned to be seen as the page shows it."""
    right, up = (place.a, place.b), (place.c, place.d)
    for _ in range(quarter_turns):
        right, up = (right[1], -right[0]), (up[1], -up[0])
    if abs(right[0]) >= abs(right[1]):
        return Turn(False, flip_rows=up[1] < 0, flip_columns=right[0] < 0)
    return Turn(True, flip_rows=right[1] > 0, flip_columns=up[0] > 0)


def _intersection(a: Box, b: Box) -> Box:
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def _box(values: Any) -> Box:
    x0, y0, x1, y1 = (float(n) for n in values)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
