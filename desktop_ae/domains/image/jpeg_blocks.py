"""A JPEG of which a part was changed: every other block stays as the source has it, bit for bit.

Decoding and encoding anew would change all of them a little. Here the difference of the pixels is
transformed and added to the source's own coefficients; where there is none, these stay.
"""

from __future__ import annotations

import functools
import io
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_ae.core.work import give_back_memory
from desktop_ae.domains.image.jpeg_coefficients import (
    ZIGZAG,
    Coefficients,
    Component,
    quantisation_tables,
    read_coefficients,
    write_coefficients,
)
from desktop_ae.domains.image.jpeg_huffman import BrokenCode

Floats = NDArray[np.float32]
Marked = NDArray[np.bool_]
# As for other results: what is changed is written as finely as this quality would.
QUALITY = 90
_BAND_MCUS = 4
_LARGEST = 1023  # that a sequential file of 8 bits can hold
# A mean error of more than this under what was changed (of 255) is a colour misunderstood.
_WORST_MEAN = 12.0
_YCC = np.array(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float32
)


def save_changed(source: Path, image: Image.Image, target: Path) -> bool:
    """Write `image` as the JPEG `source` with other coefficients where the two differ.

    Returned: False, and nothing is written, for a source that this cannot be done with: arithmetic,
    lossless, CMYK, damaged, very large and progressive. A progressive one becomes sequential.
    Beside a changed block a decoder that smooths chroma changes a row of pixels or two more.
    """
    with Image.open(source) as before:
        before.load()
        if (before.mode, before.size) != (image.mode, image.size):
            return False
        try:
            found = read_coefficients(source.read_bytes())
            give_back_memory()
            if not _suits(found, image):
                return False
            touched = _differing(found, before, image)
            if touched.any():
                _refine(found)
                _add(found, before, image, touched)
            give_back_memory()
            content = write_coefficients(found)
        except BrokenCode:
            return False
        sides = _mcus(found)[2:]
        del found  # as large as the picture itself
        if not _came_out(content, before, image, touched, sides):
            return False
    target.write_bytes(content)
    return True


def _suits(found: Coefficients, image: Image.Image) -> bool:
    across, down = _most(found.components)
    whole = all(across % c.across == 0 and down % c.down == 0 for c in found.components)
    modes = {1: "L", 3: "RGB"}
    same_size = (found.width, found.height) == image.size
    return whole and same_size and modes[len(found.components)] == image.mode


def _most(components: Sequence[Component]) -> tuple[int, int]:
    return max(c.across for c in components), max(c.down for c in components)


def _mcus(found: Coefficients) -> tuple[int, int, int, int]:
    """Rows and columns of MCUs, and height and width of one in pixels."""
    first = found.components[0]
    across, down = _most(found.components)
    rows, columns = first.blocks.shape[0] // first.down, first.blocks.shape[1] // first.across
    return rows, columns, 8 * down, 8 * across


def _band(image: Image.Image, top: int, bottom: int) -> NDArray[np.int16]:
    part = np.asarray(image.crop((0, top, image.width, min(bottom, image.height))), np.int16)
    return np.atleast_3d(part)


def _differing(found: Coefficients, before: Image.Image, after: Image.Image) -> Marked:
    """Which MCUs hold a pixel that was changed, `(rows, columns)`."""
    rows, columns, height, width = _mcus(found)
    touched = np.zeros((rows, columns), np.bool_)
    for first in range(0, rows, _BAND_MCUS):
        top, bottom = first * height, (first + _BAND_MCUS) * height
        differs = (_band(before, top, bottom) != _band(after, top, bottom)).any(axis=2)
        down, across = -differs.shape[0] % height, -differs.shape[1] % width
        tiles = np.pad(differs, ((0, down), (0, across))).reshape(-1, height, columns, width)
        touched[first : first + len(tiles)] = tiles.any(axis=(1, 3))
    return touched


def _refine(found: Coefficients) -> None:
    """Finer quantisation by whole numbers: what the coefficients stand for stays the same."""
    for number, component in enumerate(found.components):
        wanted = _fine_steps()[min(number, 1)]
        blocks = component.blocks
        highest = np.maximum(blocks.max(axis=(0, 1)), -blocks.min(axis=(0, 1)))
        factors = np.ones(64, np.int16)
        for place, step in enumerate(component.steps.tolist()):
            fine = (d for d in range(1, step + 1) if step % d == 0 and step // d <= wanted[place])
            factor = next(fine)
            if int(highest[place]) * factor <= _LARGEST:
                factors[place] = factor
        if (factors > 1).any():
            component.blocks *= factors
            component.steps = component.steps // factors


@functools.cache
def _fine_steps() -> list[list[int]]:
    """Luma and chroma, in zigzag order."""
    held = io.BytesIO()
    Image.new("RGB", (8, 8)).save(held, "JPEG", quality=QUALITY)
    tables = quantisation_tables(held.getvalue())
    return [tables[0].tolist(), tables[1].tolist()]


def _add(found: Coefficients, before: Image.Image, after: Image.Image, touched: Marked) -> None:
    rows, _, height, width = _mcus(found)
    for first in range(0, rows, _BAND_MCUS):
        own_rows, own_columns = np.nonzero(touched[first : first + _BAND_MCUS])
        if not len(own_rows):
            continue
        top, bottom = first * height, (first + _BAND_MCUS) * height
        change = (_band(after, top, bottom) - _band(before, top, bottom)).astype(np.float32)
        down, across = -change.shape[0] % height, -change.shape[1] % width
        change = np.pad(change, ((0, down), (0, across), (0, 0)), mode="edge")
        tiles = change.reshape(-1, height, change.shape[1] // width, width, change.shape[2])
        chosen = tiles.transpose(0, 2, 1, 3, 4)[own_rows, own_columns]
        if found.is_ycc and len(found.components) == 3:
            chosen = chosen @ _YCC.T
        for number, component in enumerate(found.components):
            added = _coefficients(chosen[..., number], component)
            for y in range(component.down):
                for x in range(component.across):
                    place = (own_rows + first) * component.down + y
                    column = own_columns * component.across + x
                    sums = component.blocks[place, column] + added[:, y, x]
                    component.blocks[place, column] = sums.clip(-_LARGEST, _LARGEST)


def _coefficients(tiles: Floats, component: Component) -> NDArray[np.int16]:
    """Of tiles `(count, height, width)`, each an MCU: `(count, down, across, 64)`, quantised."""
    down, across = component.down, component.across
    count, height, width = tiles.shape
    parts = tiles.reshape(count, 8 * down, height // (8 * down), 8 * across, width // (8 * across))
    blocks = parts.mean(axis=(2, 4)).reshape(count, down, 8, across, 8).transpose(0, 1, 3, 2, 4)
    cosines = _cosines()
    found = (cosines @ blocks @ cosines.T).reshape(count, down, across, 64)[..., ZIGZAG]
    return np.asarray(np.rint(found / component.steps.astype(np.float32)), np.int16)


@functools.cache
def _cosines() -> Floats:
    index = np.arange(8)
    rows = np.cos((2 * index[None] + 1) * index[:, None] * math.pi / 16) / 2
    rows[0] /= math.sqrt(2)
    return rows.astype(np.float32)


def _came_out(
    content: bytes,
    before: Image.Image,
    wanted: Image.Image,
    touched: Marked,
    sides: tuple[int, int],
) -> bool:
    """Whether the file shows what it should: its reader is not the one that made it.

    sides: height and width of an MCU.
    """
    rows, columns = touched.shape
    # A decoder that smooths chroma reaches into the neighbours.
    near = np.pad(touched, 1)
    near = np.any([near[y : y + rows, x : x + columns] for y in range(3) for x in range(3)], 0)
    error = count = 0
    with Image.open(io.BytesIO(content)) as file:
        file.load()
        if (file.mode, file.size) != (wanted.mode, wanted.size):
            return False
        for first in range(0, rows, _BAND_MCUS):
            top, bottom = first * sides[0], (first + _BAND_MCUS) * sides[0]
            shown = _band(file, top, bottom)
            marks = near[first : first + _BAND_MCUS].repeat(sides[0], 0).repeat(sides[1], 1)
            marks = marks[: shown.shape[0], : shown.shape[1]]
            if not np.array_equal(shown[~marks], _band(before, top, bottom)[~marks]):
                return False
            error += int(np.abs(shown - _band(wanted, top, bottom))[marks].sum())
            count += int(marks.sum()) * shown.shape[2]
    return error <= _WORST_MEAN * count
