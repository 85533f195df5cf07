"""Heart rates from R-peaks, and where two versions of a recording do not have the same beats."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from desktop_ae.ui.ecg_data import Peaks

TOLERANCE_S = 0.15  # ANSI/AAMI EC57: what counts as the same beat
_SHORTEST_S, _LONGEST_S = 0.2, 3.0  # between two beats; more is a pause or a gap

Span = tuple[int, int]  # samples
_NONE: Peaks = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Beats:
    """before, after: R-peaks. spans: where both were looked for, in samples; none without an
    after. lost: peaks of before that after has not. new: the other way round. breaks: where gaps
    begin.
    """

    rate_hz: float = 1.0
    before: Peaks = field(default_factory=lambda: _NONE)
    after: Peaks | None = None
    spans: tuple[Span, ...] = ()
    lost: Peaks = field(default_factory=lambda: _NONE)
    new: Peaks = field(default_factory=lambda: _NONE)
    breaks: Peaks = field(default_factory=lambda: _NONE)

    @classmethod
    def of(
        cls,
        rate_hz: float,
        before: Peaks,
        after: Peaks | None = None,
        spans: tuple[Span, ...] = (),
        breaks: Peaks = _NONE,
    ) -> Beats:
        if after is None:
            return cls(rate_hz, before, breaks=breaks)
        ours, theirs = within(before, spans), within(after, spans)
        tolerance = TOLERANCE_S * rate_hz
        lost = ours[distances(ours, theirs) > tolerance]
        new = theirs[distances(theirs, ours) > tolerance]
        return cls(rate_hz, before, after, spans, lost, new, breaks)

    @property
    def shown(self) -> Peaks:
        return self.before if self.after is None else self.after

    @property
    def differing(self) -> Peaks:
        """Where beats differ, in order; a beat that only moved counts once."""
        both = np.sort(np.concatenate([self.lost, self.new]))
        if not len(both):
            return both
        apart = np.diff(both) > 2 * TOLERANCE_S * self.rate_hz
        once: Peaks = both[np.concatenate([[True], apart])]
        return once

    def rates(self, start_s: float, stop_s: float) -> tuple[float | None, float | None]:
        """Beats a minute, before and after, of that stretch as far as both are known there."""
        start, stop = round(start_s * self.rate_hz), round(stop_s * self.rate_hz)
        if self.after is None:
            peaks = within(self.before, ((start, stop),))
            return mean_bpm(peaks, self.rate_hz, self.breaks), None
        spans = tuple(
            (max(a, start), min(b, stop)) for a, b in self.spans if a < stop and b > start
        )
        both = (within(peaks, spans) for peaks in (self.before, self.after))
        before, after = (mean_bpm(peaks, self.rate_hz, self.breaks) for peaks in both)
        return before, after


def within(peaks: Peaks, spans: tuple[Span, ...]) -> Peaks:
    parts = [peaks[slice(*np.searchsorted(peaks, span))] for span in spans]
    return np.concatenate(parts) if parts else peaks[:0]


def distances(ours: Peaks, theirs: Peaks) -> NDArray[np.float64]:
    """From each of ours to the nearest of theirs, in samples."""
    if not len(theirs):
        return np.full(len(ours), np.inf)
    places = np.searchsorted(theirs, ours)
    after = theirs[np.minimum(places, len(theirs) - 1)]
    before = theirs[np.maximum(places - 1, 0)]
    nearest: NDArray[np.float64] = np.minimum(np.abs(after - ours), np.abs(ours - before)) * 1.0
    return nearest


def intervals(peaks: Peaks, rate_hz: float, breaks: Peaks = _NONE) -> NDArray[np.float64]:
    """Seconds from each peak to the next; NaN for what is no heart's interval."""
    seconds = np.diff(peaks) / rate_hz
    whole = np.diff(np.searchsorted(breaks, peaks)) == 0
    usual = (seconds >= _SHORTEST_S) & (seconds <= _LONGEST_S)
    return np.where(whole & usual, seconds, np.nan)


def mean_bpm(peaks: Peaks, rate_hz: float, breaks: Peaks = _NONE) -> float | None:
    """None where there are no two beats in a row."""
    seconds = intervals(peaks, rate_hz, breaks)
    seconds = seconds[np.isfinite(seconds)]
    return float(60.0 / seconds.mean()) if len(seconds) else None


def trend(
    peaks: Peaks, rate_hz: float, total_s: float, bins: int, breaks: Peaks = _NONE
) -> NDArray[np.float64]:
    """Beats a minute in equal parts of a recording; NaN where none are known."""
    seconds = intervals(peaks, rate_hz, breaks)
    middles = (peaks[:-1] + peaks[1:]) / (2 * rate_hz)
    known = np.isfinite(seconds)
    places = np.clip(middles[known] / max(total_s, 1e-9) * bins, 0, bins - 1).astype(np.int64)
    count = np.bincount(places, minlength=bins)
    total = np.bincount(places, weights=seconds[known], minlength=bins)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count > 0, 60.0 * count / total, np.nan)


def next_after(places: Peaks, sample: float, backward: bool = False) -> int | None:
    """The next place beyond a sample; the first one again after the last."""
    if not len(places):
        return None
    if backward:
        earlier = places[places < sample]
        return int(earlier[-1] if len(earlier) else places[-1])
    later = places[places > sample]
    return int(later[0] if len(later) else places[0])
