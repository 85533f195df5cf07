"""What can be drawn of one version of a recording: strips of it, and columns of long stretches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from desktop_ae.ui.ecg_data import (
    CHUNK_S,
    COLUMN_S,
    STRIP_S,
    Facts,
    Record,
    Samples,
    Shelf,
    Strip,
    StripJob,
)
from desktop_ae.ui.ecg_survey import EACH, EcgSurvey
from desktop_ae.ui.errands import VIEW, Errands
from desktop_ae.ui.sound_tiles import TILE_COLUMNS, Tiles

STRIPS_BELOW_S = 240.0  # of what is visible; longer stretches are drawn from a survey's columns
_LEVEL = math.log2(STRIP_S / TILE_COLUMNS)
assert _LEVEL.is_integer()


class Trace(Protocol):
    """One version."""

    def strips(self, start_s: float, stop_s: float) -> Sequence[Strip]: ...

    @property
    def survey(self) -> EcgSurvey | None: ...


class FileTrace(QObject):
    """A recording on disk.

    Signals:
        grown(): there is more to draw. surveyed(): there are more beats.
        failed(error: Exception)
    """

    grown = Signal()
    surveyed = Signal()
    failed = Signal(object)

    def __init__(self, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tiles: Tiles[Strip] = Tiles(errands, VIEW, self)
        self._survey = EcgSurvey(errands, self)
        self._rate_hz = 1.0
        self.record: Record | None = None
        self._tiles.shelf.grown.connect(self.grown)
        self._tiles.shelf.failed.connect(self.failed)
        self._survey.grown.connect(lambda _start, _stop: self.surveyed.emit())

    def show(self, record: Record | None, facts: Facts | None, shelf: Shelf | None) -> None:
        self.record = record
        self._survey.show(record, facts, shelf)
        if record is None or facts is None or shelf is None:
            self._tiles.show(None, 0.0)
            return
        rate_hz = self._rate_hz = facts.rate_hz

        def job(_columns: int, start_s: float, stop_s: float) -> StripJob:
            start, stop = (math.ceil(time_s * rate_hz - 1e-6) for time_s in (start_s, stop_s))
            return StripJob(record, shelf, start, stop)

        self._tiles.show(job, facts.seconds)

    @property
    def survey(self) -> EcgSurvey | None:
        return self._survey

    def hold(self, held: bool) -> None:
        self._survey.hold(held)

    def want(self, start_s: float, stop_s: float) -> None:
        """Load what is visible, from its middle outwards."""
        if self.record is None:
            return
        if not is_long(stop_s - start_s):
            self._tiles.want(int(_LEVEL), start_s, stop_s, (start_s + stop_s) / 2)
        self._survey.want(start_s, stop_s)

    def strips(self, start_s: float, stop_s: float) -> Sequence[Strip]:
        found = self._tiles.covering(int(_LEVEL), start_s, stop_s)
        return [tile.data for tile in found]

    @property
    def settled(self) -> bool:
        return self._tiles.settled and self._survey.settled


def profile(
    trace: Trace, rate_hz: float, leads: int, first_s: float, bin_s: float, bins: int
) -> NDArray[np.float32]:
    """Least and greatest of equal stretches: `(leads, bins, 2)`, NaN where nothing is there."""
    made = np.full((leads, bins, 2), np.nan, np.float32)
    if is_long(bins * bin_s - 2 * bin_s):
        survey = trace.survey
        if survey is not None and survey.columns.shape[0] == leads:
            columns, per_s = survey.columns, 1 / COLUMN_S
            if bin_s >= 2 * EACH * COLUMN_S:
                columns, per_s = survey.coarse, per_s / EACH
            _fold(made, columns[..., 0], columns[..., 1], 0.0, per_s, first_s, bin_s)
        return made
    for strip in trace.strips(first_s, first_s + bins * bin_s):
        if bin_s * rate_hz >= 2 * strip.every:
            low, high = strip.coarse[..., 0], strip.coarse[..., 1]
            per_s, begin = rate_hz / strip.every, strip.start / strip.every
        else:
            low = high = strip.samples
            per_s, begin = rate_hz, float(strip.start)
        _fold(made, low, high, begin, per_s, first_s, bin_s)
    return made


def _fold(
    made: NDArray[np.float32],
    low: Samples,
    high: Samples,
    begin: float,
    per_s: float,
    first_s: float,
    bin_s: float,
) -> None:
    """Put columns, `per_s` of them a second, the first of them number `begin`, into bins."""
    bins, count = made.shape[1], low.shape[1]
    times = first_s + np.arange(bins + 1) * bin_s
    edges = np.ceil(times * per_s - begin - 1e-6).astype(np.int64).clip(0, count)
    full = np.flatnonzero(edges[1:] > edges[:-1])
    if not len(full):
        _stretch(made, low, high, times[:-1], begin, per_s)
        return
    starts, stop = edges[full], int(edges[full[-1] + 1])
    least = np.fmin.reduceat(low[:, :stop], starts, axis=1)
    most = np.fmax.reduceat(high[:, :stop], starts, axis=1)
    made[:, full, 0] = np.fmin(made[:, full, 0], least)
    made[:, full, 1] = np.fmax(made[:, full, 1], most)
    if len(full) < np.count_nonzero(edges[:-1] < count):
        _stretch(made, low, high, times[:-1], begin, per_s)


def _stretch(
    made: NDArray[np.float32],
    low: Samples,
    high: Samples,
    times: NDArray[np.float64],
    begin: float,
    per_s: float,
) -> None:
    """Bins narrower than a column show the column that they lie in."""
    places = np.floor(times * per_s - begin + 1e-6).astype(np.int64)
    empty = np.isnan(made[:, :, 0]).all(axis=0) & (places >= 0) & (places < low.shape[1])
    made[:, empty, 0] = low[:, places[empty]]
    made[:, empty, 1] = high[:, places[empty]]


def gathered(trace: Trace, leads: int, start: int, stop: int, rate_hz: float) -> Samples:
    """All samples of a stretch, NaN where nothing is there."""
    made = np.full((leads, max(0, stop - start)), np.nan, np.float32)
    for strip in trace.strips(start / rate_hz, stop / rate_hz):
        first, last = max(start, strip.start), min(stop, strip.stop)
        if last > first:
            made[:, first - start : last - start] = strip.samples[
                :, first - strip.start : last - strip.start
            ]
    return made


def middle_of(trace: Trace, leads: int, start_s: float, stop_s: float, rate_hz: float) -> Samples:
    """Where each lead's line lies, around the middle of a stretch; gliding from strip to strip."""
    centre = (start_s + stop_s) / 2
    if not is_long(stop_s - start_s):
        around = max(STRIP_S, (stop_s - start_s) / 2)
        strips = trace.strips(centre - around, centre + around)
        times = np.array([(s.start + s.stop) / 2 / rate_hz for s in strips])
        levels = np.array([s.middle for s in strips]).reshape(-1, leads)
    else:
        survey = trace.survey
        chunks = survey.middles if survey is not None else np.zeros((leads, 0), np.float32)
        if chunks.shape[0] != leads:
            return np.zeros(leads, np.float32)
        first, last = int(start_s / CHUNK_S), math.ceil(stop_s / CHUNK_S)
        levels = chunks[:, first:last].T
        times = (np.arange(first, first + len(levels)) + 0.5) * CHUNK_S
    made = np.zeros(leads, np.float32)
    for lead in range(leads):
        known = np.isfinite(levels[:, lead])
        if stop_s - start_s > 2 * STRIP_S and known.any():
            made[lead] = np.median(levels[known, lead])
        elif known.any():
            order = np.argsort(times[known])
            made[lead] = np.interp(centre, times[known][order], levels[known, lead][order])
    return made


def covered(
    trace: Trace, times: NDArray[np.float64], rate_hz: float, long: bool
) -> NDArray[np.bool_]:
    """Which of these times were read: where nothing can be drawn of them, there is a gap."""
    made = np.zeros(len(times), np.bool_)
    if not len(times):
        return made
    if long:
        spans = trace.survey.known() if trace.survey is not None else []
    else:
        spans = [(s.start, s.stop) for s in trace.strips(float(times[0]), float(times[-1]))]
    for start, stop in spans:
        made |= (times * rate_hz >= start - 0.5) & (times * rate_hz < stop)
    return made


def is_long(span_s: float) -> bool:
    """Whether a stretch is drawn from a survey."""
    return span_s > STRIPS_BELOW_S
