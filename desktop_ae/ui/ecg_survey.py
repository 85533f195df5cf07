"""Reading a whole recording in the background: a summary of it and its beats, nearest first."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QObject, Signal

from desktop_ae.ui.ecg_beats import Span
from desktop_ae.ui.ecg_data import (
    CHUNK_S,
    COLUMN_S,
    Chunk,
    ChunkJob,
    Facts,
    Peaks,
    Record,
    Samples,
    Shelf,
)
from desktop_ae.ui.errands import THUMBNAIL, VIEW, Errands

_COLUMNS = round(CHUNK_S / COLUMN_S)
EACH = 16  # columns to one of the coarser summary


class EcgSurvey(QObject):
    """One chunk at a time: what is visible is urgent, the rest has time.

    Signals:
        grown(start_s: float, stop_s: float): that stretch is known now.
        failed(error: Exception): nothing more is read.
    """

    grown = Signal(object, object)
    failed = Signal(object)

    def __init__(self, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errands = errands
        self._errand = 0
        self._loading: int | None = None
        self._held = False
        self._broken = False
        self._visible = (0.0, 0.0)
        self._record: Record | None = None
        self._shelf: Shelf | None = None
        self._rate_hz = 1.0
        self._total_s = 0.0
        self._samples = 0
        self._missing: set[int] = set()
        self._peaks: dict[int, Peaks] = {}
        self._all_peaks: Peaks | None = None
        self._breaks: dict[int, Peaks] = {}
        self._known: list[Span] | None = None
        self.columns: Samples = np.zeros((0, 0, 2), np.float32)
        self.coarse: Samples = np.zeros((0, 0, 2), np.float32)
        self.middles: Samples = np.zeros((0, 0), np.float32)

    def show(self, record: Record | None, facts: Facts | None, shelf: Shelf | None) -> None:
        """Another recording; None: none."""
        self._errands.drop(self._errand)
        self._loading, self._broken = None, False
        self._record, self._shelf = record, shelf
        self._peaks, self._all_peaks, self._breaks, self._known = {}, None, {}, None
        self._visible = (0.0, 0.0)
        leads, self._rate_hz, self._samples = 0, 1.0, 0
        if facts is not None and record is not None:
            leads, self._rate_hz, self._samples = len(facts.leads), facts.rate_hz, facts.samples
        self._total_s = self._samples / self._rate_hz
        chunks = math.ceil(self._total_s / CHUNK_S)
        self._missing = set(range(chunks))
        columns = math.ceil(self._total_s / COLUMN_S)
        self.columns = np.full((leads, columns, 2), np.nan, np.float32)
        self.coarse = np.full((leads, math.ceil(columns / EACH), 2), np.nan, np.float32)
        self.middles = np.full((leads, chunks), np.nan, np.float32)

    def want(self, start_s: float, stop_s: float) -> None:
        """What is visible now."""
        self._visible = (start_s, stop_s)
        if self._loading is not None and not self._is_seen(self._loading):
            near = [chunk for chunk in self._missing if self._is_seen(chunk)]
            if near:
                self._errands.drop(self._errand)
                self._loading = None
        self._next()

    def hold(self, held: bool) -> None:
        """While nobody sees it, nothing is read."""
        self._held = held
        if held:
            self._errands.drop(self._errand)
            self._loading = None
        else:
            self._next()

    @property
    def share(self) -> float:
        """How much is known, 0 to 1."""
        chunks = self.middles.shape[1]
        return 1 - len(self._missing) / chunks if chunks else 0.0

    @property
    def settled(self) -> bool:
        return self._broken or self._record is None or not self._missing

    @property
    def peaks(self) -> Peaks:
        """All beats that are known, in order."""
        if self._all_peaks is None:
            parts = [self._peaks[number] for number in sorted(self._peaks)]
            self._all_peaks = np.concatenate(parts) if parts else np.zeros(0, np.int64)
        return self._all_peaks

    @property
    def breaks(self) -> Peaks:
        """Where gaps begin, as far as they are known."""
        parts = [self._breaks[number] for number in sorted(self._breaks)]
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def known(self) -> list[Span]:
        """What was read, in samples; neighbours are one."""
        if self._known is not None:
            return self._known
        spans = self._known = []
        for number in sorted(self._peaks):
            start, stop = self._span(number)
            if spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], stop)
            else:
                spans.append((start, stop))
        return spans

    def _span(self, number: int) -> Span:
        start, stop = (
            math.ceil(place * _COLUMNS * COLUMN_S * self._rate_hz - 1e-6)
            for place in (number, number + 1)
        )
        return start, min(stop, self._samples)

    def _is_seen(self, number: int) -> bool:
        return number * CHUNK_S < self._visible[1] and (number + 1) * CHUNK_S > self._visible[0]

    def _next(self) -> None:
        if self._loading is not None or self._held or self._broken or not self._missing:
            return
        if self._record is None or self._shelf is None:
            return
        middle = sum(self._visible) / 2 / CHUNK_S - 0.5
        number = min(self._missing, key=lambda chunk: abs(chunk - middle))
        self._loading = number
        urgency = VIEW if self._is_seen(number) else THUMBNAIL
        job = ChunkJob(self._record, self._shelf, number)
        self._errand = self._errands.ask(job, self._on_read, self._on_failed, urgency)

    def _on_read(self, chunk: Chunk) -> None:
        self._loading = None
        first = chunk.number * _COLUMNS
        self.columns[:, first : first + chunk.columns.shape[1]] = chunk.columns
        starts = np.arange(0, chunk.columns.shape[1], EACH)
        coarse = slice(first // EACH, first // EACH + len(starts))
        for side, reduce in enumerate((np.fmin, np.fmax)):
            self.coarse[:, coarse, side] = reduce.reduceat(chunk.columns[..., side], starts, axis=1)
        self.middles[:, chunk.number] = chunk.middle
        self._peaks[chunk.number] = chunk.peaks
        if len(chunk.breaks):
            self._breaks[chunk.number] = chunk.breaks
        self._all_peaks = self._known = None
        self._missing.discard(chunk.number)
        start_s = chunk.number * CHUNK_S
        self.grown.emit(start_s, min(start_s + CHUNK_S, self._total_s))
        self._next()

    def _on_failed(self, error: Exception) -> None:
        self._loading, self._broken = None, True
        self.failed.emit(error)
