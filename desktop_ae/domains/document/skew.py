"""Straightening: by what angle a page's lines are off level, and turning it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

LARGEST_DEGREES = 15.0
SMALLEST_DEGREES = 0.15
_LONG_SIDE, _SHORT_SIDE = 1500, 600
_FEWEST_POINTS = 150
_MOST_POINTS = 150_000
# Of the best angle's score: to the median of all, and to the best that lies elsewhere.
_OVER_MEDIAN, _OVER_OTHERS = 1.6, 1.15
_NEIGHBOURS_DEGREES = 2.0
_MOST_LOST = 0.001  # of the ink, beyond the page's edges
_TILE = 4096


@dataclass(frozen=True, slots=True)
class Turn:
    """degrees: to turn by, counter-clockwise on the screen, about the page's centre.
    shift: (right, down) in pixels afterwards, so that what is written stays on the page.
    """

    degrees: float
    shift: tuple[float, float]


def find_turn(black: NDArray[np.uint8]) -> Turn | None:
    """What makes the lines of a page level; None where that is not certain, or too little.

    black: `(height, width)`, 1 where ink is. The profile of ink across the lines is sharpest at
    the right angle (Postl 1986); lines may run along either side of the page.
    """
    points, scale = _points(black)
    if len(points) < _FEWEST_POINTS:
        return None
    # Coarsely on half as many pixels a side: a quarter degree is two pixels across such a page.
    coarse = np.arange(-LARGEST_DEGREES - 1, LARGEST_DEGREES + 1.01, 0.25)
    some = points[:: max(1, len(points) // 40_000)] / np.float32(2)
    scores = [[_score(some, float(angle), axis) for angle in coarse] for axis in (0, 1)]
    axis = int(np.argmax([max(s) / np.median(s) for s in scores]))
    best = _certain_peak(coarse, np.array(scores[axis]))
    if best is None:
        return None
    degrees = -_refined(points, best, axis)
    if not SMALLEST_DEGREES < abs(degrees) <= LARGEST_DEGREES:
        return None
    shift = _fitting_shift(points, degrees, black.shape, scale)
    return None if shift is None else Turn(degrees, shift)


def turned(pixels: NDArray[Any], turn: Turn, fill: int) -> NDArray[Any]:
    """Turn `(height, width[, 3])`; the size stays, `fill` comes in at the edges.

    In tiles: OpenCV warps nothing of 32767 pixels a side or more.
    """
    height, width = pixels.shape[:2]
    matrix = _matrix(turn.degrees, (width, height), turn.shift)
    back = cv2.invertAffineTransform(matrix)
    result = np.empty_like(pixels)
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            bottom, right = min(top + _TILE, height), min(left + _TILE, width)
            tile = (left, top, right, bottom)
            result[top:bottom, left:right] = _turned_tile(pixels, back, tile, fill)
    return result


def _turned_tile(
    pixels: NDArray[Any], back: NDArray[Any], tile: tuple[int, int, int, int], fill: int
) -> NDArray[Any]:
    left, top, right, bottom = tile
    corners = np.array([[x, y, 1.0] for x in (left, right) for y in (top, bottom)]) @ back.T
    west, north = np.maximum(np.floor(corners.min(0)).astype(int) - 3, 0)
    east, south = np.maximum(np.ceil(corners.max(0)).astype(int) + 4, (west + 1, north + 1))
    seen = pixels[north:south, west:east]
    if seen.size == 0:
        return np.full((bottom - top, right - left, *pixels.shape[2:]), fill, pixels.dtype)
    moved = back.copy()
    moved[:, 2] += back[:, :2] @ (left, top) - (west, north)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    size = (right - left, bottom - top)
    filled = (float(fill),) * 3
    return cv2.warpAffine(np.ascontiguousarray(seen), moved, size, flags=flags, borderValue=filled)


def _points(black: NDArray[np.uint8]) -> tuple[NDArray[np.float32], float]:
    """(x, y) of ink pixels of a small page, and how many of the page's pixels one of its is."""
    height, width = black.shape
    # A long receipt is not made so small that its lines vanish.
    scale = max(1.0, min(max(height, width) / _LONG_SIDE, min(height, width) / _SHORT_SIDE))
    size = (max(1, round(width / scale)), max(1, round(height / scale)))
    small = cv2.resize(black * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    rows, columns = np.nonzero(small > 80)
    points = np.stack([columns, rows], axis=1).astype(np.float32)
    rng = np.random.default_rng(0)
    if len(points) > _MOST_POINTS:
        points = points[np.sort(rng.choice(len(points), _MOST_POINTS, replace=False))]
    # Anywhere within their pixels: or else the grid itself would look like level lines.
    points += rng.random(points.shape, np.float32)
    return points, scale


def _score(points: NDArray[np.float32], degrees: float, axis: int) -> float:
    """How sharply the ink's profile changes across lines along x (0) or y (1) that were turned by
    so many degrees counter-clockwise.
    """
    angle = np.float32(np.deg2rad(degrees))
    x, y = points[:, axis], points[:, 1 - axis]
    sign = np.float32(1 if axis == 0 else -1)
    across = y * np.cos(angle) + sign * x * np.sin(angle)
    profile = np.bincount((across - across.min()).astype(np.int32))
    steps = np.diff(profile.astype(np.float64), prepend=0, append=0)
    return float(np.dot(steps, steps))


def _certain_peak(angles: NDArray[Any], scores: NDArray[Any]) -> float | None:
    best = int(scores.argmax())
    elsewhere = scores[np.abs(angles - angles[best]) > _NEIGHBOURS_DEGREES]
    if scores[best] < _OVER_MEDIAN * np.median(scores) or best in (0, len(angles) - 1):
        return None
    return None if scores[best] < _OVER_OTHERS * elsewhere.max() else float(angles[best])


def _refined(points: NDArray[np.float32], degrees: float, axis: int) -> float:
    for step in (0.1, 0.03):
        near = degrees + step * np.arange(-4, 5)
        scores = np.array([_score(points, float(a), axis) for a in near])
        degrees = float(near[scores.argmax()])
    # The middle of the peak, not its highest tooth.
    weights = np.maximum(scores - scores.min(), 0) ** 2
    return float((near * weights).sum() / weights.sum()) if weights.any() else degrees


def _fitting_shift(
    points: NDArray[np.float32], degrees: float, shape: tuple[int, ...], scale: float
) -> tuple[float, float] | None:
    """How to move the turned page so that its ink stays on it; None if no move does it."""
    height, width = shape
    matrix = _matrix(degrees, (width / scale, height / scale), (0.0, 0.0))
    places = points @ matrix[:, :2].T.astype(np.float32) + matrix[:, 2].astype(np.float32)
    before = np.quantile(points, (_MOST_LOST / 2, 1 - _MOST_LOST / 2), axis=0)
    low, high = np.quantile(places, (_MOST_LOST / 2, 1 - _MOST_LOST / 2), axis=0)
    # No nearer to the edges than some of it was anyway.
    margin = min(4.0, *before[0], *(np.array([width, height]) / scale - before[1]))
    room = np.array([width, height]) / scale - margin
    if ((high - low) > room - margin).any():
        return None
    shift = np.where(low < margin, margin - low, np.where(high > room, room - high, 0.0))
    return float(shift[0] * scale), float(shift[1] * scale)


def _matrix(
    degrees: float, size: tuple[float, float], shift: tuple[float, float]
) -> NDArray[np.float64]:
    centre = ((size[0] - 1) / 2, (size[1] - 1) / 2)
    matrix = np.array(cv2.getRotationMatrix2D(centre, degrees, 1.0), np.float64)
    matrix[:, 2] += shift
    return matrix
