"""Parts of waveforms and spectrograms, loaded as they come into view and kept for a while.

A level's columns each cover 2**level seconds; a tile is 256 of them. While a tile is on its way,
those of other levels stand in, so that zooming and panning never wait.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from desktop_ae.jobs import Job
from desktop_ae.ui.errands import Errands

TILE_COLUMNS = 256
_KEPT = 96
_FINER, _COARSER = 2, 12  # levels that stand in
_WANTED_AT_MOST = 48

T = TypeVar("T")
MakeJob = Callable[[int, float, float], Job]  # (columns, start_s, stop_s)
_Key = tuple[int, int]  # level, place


def level_for(seconds_per_px: float, finest: int) -> int:
    """The coarsest level whose columns are no wider than a pixel, but none below the finest."""
    if seconds_per_px <= 0:
        return finest
    return max(math.floor(math.log2(seconds_per_px)), finest)


@dataclass(frozen=True, slots=True)
class Tile(Generic[T]):
    start_s: float
    stop_s: float
    data: T


class _Shelf(QObject):
    """Holds the signals of Tiles: a generic class cannot be a QObject.

    Signals:
        grown(): there is another tile.
        failed(error: Exception): of one that could not be made; nothing more is asked.
    """

    grown = Signal()
    failed = Signal(object)


class Tiles(Generic[T]):
    """One kind of tile of one version. Asks for one at a time, the most wanted first."""

    def __init__(self, errands: Errands, urgency: int, owner: QObject) -> None:
        self.shelf = _Shelf(owner)
        self._errands = errands
        self._urgency = urgency
        self._make_job: MakeJob | None = None
        self._finish: Callable[[Any], T] = lambda result: result
        self._total_s = 0.0
        self._kept: OrderedDict[_Key, Tile[T]] = OrderedDict()
        self._stale: set[_Key] = set()
        self._wanted: list[_Key] = []
        self._errand = 0
        self._loading: _Key | None = None

    def show(
        self, make_job: MakeJob | None, total_s: float, finish: Callable[[Any], T] | None = None
    ) -> None:
        """Other contents: forget what is here. None: there are none."""
        self._errands.drop(self._errand)
        self._make_job, self._total_s = make_job, total_s
        if finish is not None:
            self._finish = finish
        self._kept.clear()
        self._stale.clear()
        self._wanted = []
        self._loading = None

    def outdate(self, start_s: float, stop_s: float) -> None:
        """That part is another now; what is shown stays until it is here anew."""
        touched = {k for k, t in self._kept.items() if t.start_s < stop_s and t.stop_s > start_s}
        self._stale |= touched
        if self._loading is not None:
            first, last = self._span(self._loading)
            if first < stop_s and last > start_s:
                self._errands.drop(self._errand)
                self._loading = None

    def want(self, level: int, start_s: float, stop_s: float, first_s: float) -> None:
        """Load what is missing of that stretch, outwards from first_s."""
        if self._make_job is None or stop_s <= start_s:
            return
        width = TILE_COLUMNS * 2.0**level
        last = min(math.ceil(stop_s / width), math.ceil(self._total_s / width))
        places = range(max(0, math.floor(start_s / width)), last)
        by_distance = sorted(places, key=lambda place: abs((place + 0.5) * width - first_s))
        self._wanted = [(level, place) for place in by_distance][:_WANTED_AT_MOST]
        self._next()

    def covering(self, level: int, start_s: float, stop_s: float) -> list[Tile[T]]:
        """What there is of that stretch, to be laid on each other in this order."""
        at_level = self._at(level, start_s, stop_s)
        width = TILE_COLUMNS * 2.0**level
        needed = math.ceil(min(stop_s, self._total_s) / width) - math.floor(start_s / width)
        if len(at_level) >= needed:
            return at_level
        found: list[Tile[T]] = []
        for coarser in range(level + _COARSER, level, -1):
            found += self._at(coarser, start_s, stop_s)
        for finer in range(level - _FINER, level):
            found += self._at(finer, start_s, stop_s)
        return found + at_level

    @property
    def settled(self) -> bool:
        """Whether all that was wanted is here."""
        return all(self._is_here(key) for key in self._wanted)

    def _at(self, level: int, start_s: float, stop_s: float) -> list[Tile[T]]:
        width = TILE_COLUMNS * 2.0**level
        places = range(math.floor(start_s / width), math.ceil(stop_s / width))
        found = []
        for place in places:
            tile = self._kept.get((level, place))
            if tile is not None:
                self._kept.move_to_end((level, place))
                found.append(tile)
        return found

    def _is_here(self, key: _Key) -> bool:
        return key in self._kept and key not in self._stale

    def _span(self, key: _Key) -> tuple[float, float]:
        width = TILE_COLUMNS * 2.0 ** key[0]
        return key[1] * width, min((key[1] + 1) * width, self._total_s)

    def _next(self) -> None:
        if self._loading is not None or self._make_job is None:
            return
        key = next((k for k in self._wanted if not self._is_here(k)), None)
        if key is None:
            return
        self._loading = key
        start_s, stop_s = self._span(key)
        columns = max(1, round((stop_s - start_s) / 2.0 ** key[0]))
        job = self._make_job(columns, start_s, stop_s)
        self._errand = self._errands.ask(job, self._on_made, self._on_failed, self._urgency)

    def _on_made(self, result: Any) -> None:
        key, self._loading = self._loading, None
        if key is not None:
            self._kept[key] = Tile(*self._span(key), self._finish(result))
            self._kept.move_to_end(key)
            self._stale.discard(key)
            while len(self._kept) > _KEPT:
                self._stale.discard(self._kept.popitem(last=False)[0])
            self.shelf.grown.emit()
        self._next()

    def _on_failed(self, error: Exception) -> None:
        self._loading = None
        self._make_job = None
        self.shelf.failed.emit(error)


def profile(
    tiles: list[Tile[NDArray[np.float32]]], start_s: float, bin_s: float, bins: int
) -> NDArray[np.float32] | None:
    """Least and greatest of each of so many equal stretches: `(channels, bins, 2)`.

    Later tiles lie over earlier ones; NaN where there is none. None without any.
    """
    if not tiles:
        return None
    channels = tiles[0].data.shape[0]
    made = np.full((channels, bins, 2), np.nan, np.float32)
    for tile in tiles:
        first = max(0, math.ceil((tile.start_s - start_s) / bin_s - 0.5))
        last = min(bins, math.ceil((tile.stop_s - start_s) / bin_s - 0.5))
        columns = tile.data.shape[1]
        if last <= first or not columns:
            continue
        column_s = (tile.stop_s - tile.start_s) / columns
        edges = (start_s + np.arange(first, last) * bin_s - tile.start_s) / column_s
        places = np.clip(np.floor(edges + 1e-6), 0, columns - 1).astype(np.int64)
        end = min(columns, max(int(places[-1]) + 1, round(edges[-1] + bin_s / column_s)))
        part = tile.data[:, :end]
        made[:, first:last, 0] = np.minimum.reduceat(part[:, :, 0], places, axis=1)
        made[:, first:last, 1] = np.maximum.reduceat(part[:, :, 1], places, axis=1)
    return made
