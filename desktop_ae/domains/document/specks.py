"""Specks: small dark dots, far from all text. Dots of letters, periods and accents are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_BAND_PIXELS = 2**25  # labels take four bytes a pixel
_MARGIN = 64  # larger than any speck
_LEAST_LETTERS = 20
_USUAL_DPI = 150.0
# In inches: the height of a small letter and the width of a dot, of nine-point type.
_LETTER, _DOT = 0.065, 0.0125
_LEAST_DPI = 97  # 72 and 96 are what programs write that know nothing
_TINY, _SMALL = 0.5, 1.6  # of a dot's area
_NEAR, _FAR = 2.0, 3.0  # of a letter's height, for tiny ones and for small ones
_ROW = 5.0  # how far to look along a row of dots, in letters
_LEAST_MEANT = 0.25  # of a dot's area: smaller ones are no part of a drawing
_ALIKE = 1.6  # areas of dots that belong together
# How far to look for them, in letters: around tiny ones, and around small ones, which dust is not
# so often.
_AROUND, _AROUND_SMALL = 2.0, 5.0
_MOST_KIN = 12
_OFF_STEP = 0.1  # of the step between two dots: how far the third may be off where it belongs
_GRID = 6  # how many cells of the coarse map a letter is high


@dataclass(frozen=True, slots=True)
class _Scale:
    """letter: height of a small one. dot: area of a period. In pixels."""

    letter: float
    dot: float


def find_specks(black: NDArray[np.uint8], dpi: float | None) -> list[tuple[int, int, int, int]]:
    """Boxes (left, top, right, bottom) of specks.

    black: `(height, width)`, 1 where ink is. A speck is far smaller than a period and two letters'
    height away from text; or hardly larger than one, and far from text. A row of dots is none, for
    it leads somewhere; nor are dots alike that lie together, for they are a curve or a chart.
    """
    scale = _scale(black, dpi)
    text = _Map(black.shape, scale.letter)
    found: list[NDArray[np.int32]] = []
    for window, first, last in _windows(black):
        stats, labels = _components(window)
        top = first - _top(first)
        is_text = _is_text(stats, scale)
        text.add(is_text[labels], _top(first))
        loose = ~is_text & (stats[:, 4] <= max(1.0, _SMALL * scale.dot))
        loose[0] = False
        loose &= (stats[:, 1] >= top) & (stats[:, 1] < top + last - first)
        found.append(stats[loose] + np.array([0, _top(first), 0, 0, 0], np.int32))
    loose_stats = np.concatenate(found) if found else np.zeros((0, 5), np.int32)
    specks = loose_stats[_are_specks(loose_stats, text.distances(), scale)]
    return [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in specks]


def _are_specks(stats: NDArray[np.int32], distances: Distances, scale: _Scale) -> NDArray[np.bool_]:
    centres = stats[:, :2] + stats[:, 2:4] / 2
    away = distances(centres)
    limit = np.where(stats[:, 4] <= _TINY * scale.dot, _NEAR, _FAR) * scale.letter
    loose = away > limit
    loose &= ~_in_row(centres, loose, scale) & ~_in_row(centres[:, ::-1], loose, scale)
    return loose & ~_are_drawn(centres, stats[:, 4], loose, scale)


def _are_drawn(
    centres: NDArray[np.float64],
    areas: NDArray[np.int32],
    loose: NDArray[np.bool_],
    scale: _Scale,
) -> NDArray[np.bool_]:
    """Which of the loose dots lie with two others alike, close by or in equal steps; and which are
    close to one that does.
    """
    drawn = np.zeros(len(centres), np.bool_)
    order = np.argsort(centres[:, 1], kind="stable")
    heights = centres[order, 1]
    reach = _AROUND_SMALL * scale.letter
    close_by: dict[int, NDArray[np.int64]] = {}
    for index in np.nonzero(loose & (areas >= _LEAST_MEANT * scale.dot))[0]:
        begin, end = np.searchsorted(heights, centres[index, 1] + np.array([-reach, reach]))
        kin = order[begin:end]
        ratio = areas[kin] / areas[index]
        kin = kin[(ratio <= _ALIKE) & (ratio * _ALIKE >= 1) & (kin != index)]
        steps = centres[kin] - centres[index]
        far = np.hypot(steps[:, 0], steps[:, 1])
        nearest = np.argsort(far)[:_MOST_KIN]
        nearest = nearest[far[nearest] <= reach]
        kin, steps, far = kin[nearest], steps[nearest], far[nearest]
        around = _AROUND if areas[index] <= _TINY * scale.dot else _AROUND_SMALL
        close = kin[far <= np.where(loose[kin], around, _AROUND) * scale.letter]
        close_by[int(index)] = close
        opposite = _opposite(steps)
        drawn[kin[opposite]] = True
        drawn[index] |= len(close) >= 2 or opposite.any()
    beside = [index for index, kin in close_by.items() if drawn[kin].any()]
    drawn[beside] = True
    return drawn


def _opposite(steps: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which steps have one of the same length in the other direction."""
    across = steps[:, None] + steps[None]
    allowed = _OFF_STEP * np.hypot(steps[:, 0], steps[:, 1]) + 1
    return np.asarray((np.hypot(across[..., 0], across[..., 1]) <= allowed).any(axis=0))


def _in_row(
    centres: NDArray[np.float64], loose: NDArray[np.bool_], scale: _Scale
) -> NDArray[np.bool_]:
    """Which of the loose dots have two others beside them at their own height."""
    result = np.zeros(len(centres), np.bool_)
    order = np.argsort(centres[:, 1], kind="stable")
    heights = centres[order, 1]
    band = max(1.0, scale.letter / 6)
    for index in np.nonzero(loose)[0]:
        x, y = centres[index]
        begin, end = np.searchsorted(heights, (y - band, y + band))
        beside = np.abs(centres[order[begin:end], 0] - x) < _ROW * scale.letter
        result[index] = beside.sum() > 2  # itself is one of them
    return result


class Distances:
    """From any place to the nearest text, in pixels, a cell of a coarse map too short at most."""

    def __init__(self, cells: NDArray[np.uint8], cell: int) -> None:
        self._cell = cell
        self._far = cv2.distanceTransform(1 - cells, cv2.DIST_L2, 5) if cells.any() else None

    def __call__(self, centres: NDArray[np.float64]) -> NDArray[np.float64]:
        if self._far is None:
            return np.full(len(centres), np.inf)
        columns, rows = (centres / self._cell).astype(int).T
        height, width = self._far.shape
        found = self._far[np.minimum(rows, height - 1), np.minimum(columns, width - 1)]
        away: NDArray[np.float64] = np.maximum(0.0, (found.astype(np.float64) - 1) * self._cell)
        return away


class _Map:
    """Where text is, in cells of a few pixels."""

    def __init__(self, shape: tuple[int, ...], letter: float) -> None:
        self._cell = max(1, int(letter / _GRID))
        rows, columns = (-(-side // self._cell) for side in shape)
        self._cells = np.zeros((rows, columns), np.uint8)

    def add(self, text: NDArray[np.bool_], top: int) -> None:
        begin = top // self._cell
        lead = top - begin * self._cell
        rows = -(-(lead + text.shape[0]) // self._cell)
        columns = self._cells.shape[1]
        padding = ((lead, rows * self._cell - lead - text.shape[0]),
                   (0, columns * self._cell - text.shape[1]))  # fmt: skip
        padded = np.pad(text, padding)
        cells = padded.reshape(rows, self._cell, columns, self._cell).any(axis=(1, 3))
        self._cells[begin : begin + rows] |= cells

    def distances(self) -> Distances:
        return Distances(self._cells, self._cell)


def _scale(black: NDArray[np.uint8], dpi: float | None) -> _Scale:
    """From the resolution and from the letters themselves: distances from the larger of both, the
    size of a dot from the smaller.
    """
    rows = max(1, _BAND_PIXELS // 4 // black.shape[1])
    begin = max(0, (len(black) - rows) // 2)
    stats, _ = _components(black[begin : begin + rows])
    heights = stats[1:, 3]
    letters = heights[(heights >= 5) & (heights < 250) & (stats[1:, 2] < 4 * heights)]
    guesses = [dpi] if dpi and dpi >= _LEAST_DPI else []
    if len(letters) >= _LEAST_LETTERS:
        guesses.append(float(np.median(letters)) / _LETTER)
    guesses = guesses or [_USUAL_DPI]
    return _Scale(max(4.0, _LETTER * max(guesses)), (_DOT * min(guesses)) ** 2)


def _is_text(stats: NDArray[np.int32], scale: _Scale) -> NDArray[np.bool_]:
    longest = np.maximum(stats[:, 2], stats[:, 3])
    is_text = (stats[:, 4] > _SMALL * scale.dot) | (longest > 0.6 * scale.letter)
    is_text[0] = False  # the paper
    return is_text


def _components(black: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """stats: rows of left, top, width, height, area; the first is the paper."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(black))
    return np.asarray(stats, np.int32), np.asarray(labels, np.int32)


def _windows(black: NDArray[np.uint8]) -> Iterator[tuple[NDArray[np.uint8], int, int]]:
    """Bands that see some of their neighbours, and the first and last row of their own."""
    height, width = black.shape
    rows = max(4 * _MARGIN, _BAND_PIXELS // max(1, width))
    for first in range(0, height, rows):
        last = min(first + rows, height)
        yield black[_top(first) : last + _MARGIN], first, last


def _top(first: int) -> int:
    return max(0, first - _MARGIN)
