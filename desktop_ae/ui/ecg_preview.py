"""The visible stretch as today's choices would leave it, before anything is cleaned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from desktop_ae.core.domain import Options
from desktop_ae.jobs import Context
from desktop_ae.look_jobs import PreviewJob
from desktop_ae.ui.ecg_beats import Span
from desktop_ae.ui.ecg_data import (
    EcgFunctions,
    Facts,
    Peaks,
    Record,
    Samples,
    Shelf,
    Strip,
    beats_between,
)
from desktop_ae.ui.ecg_survey import EcgSurvey
from desktop_ae.ui.ecg_traces import is_long
from desktop_ae.ui.errands import PREVIEW, Errands

PIECE_S = 20.0
_AROUND_S = 5.0  # cleaned with a piece and cut off again
_MOST_PIECES = 14
_KEPT_PIECES = 24
_DEBOUNCE_MS = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch before and after, cleaned at full strength; both begin at `first` and reach a
    little further than what they are shown for. peaks: before, and after at that strength.
    """

    start: int
    stop: int
    first: int
    noisy: Samples
    cleaned: Samples
    rate_hz: float
    strength: float
    peaks: tuple[Peaks, Peaks]

    def mixed(self, strength: float) -> Samples:
        return mix(self.noisy, self.cleaned, strength)

    def strip(self, strength: float) -> Strip:
        inside = slice(self.start - self.first, self.stop - self.first)
        shown = mix(self.noisy[:, inside], self.cleaned[:, inside], strength)
        return Strip.of(self.start, shown, self.rate_hz)


def mix(noisy: Samples, cleaned: Samples, strength: float) -> Samples:
    if strength >= 1.0:
        return cleaned
    return np.asarray(noisy + np.float32(strength) * (cleaned - noisy), np.float32)


@dataclass(frozen=True, slots=True)
class PieceJob:
    """Read a stretch with what is around it, clean it, and find the beats of both."""

    record: Record
    shelf: Shelf
    start: int
    stop: int
    job: PreviewJob  # without samples
    strength: float

    def run(self, context: Context) -> Piece:
        source = self.shelf.source(self.record)
        rate_hz, total = float(source.facts.rate_hz), int(source.facts.samples)
        around = round(_AROUND_S * rate_hz)
        first = max(0, self.start - around)
        noisy = source.read(first, min(total, self.stop + around))
        context.token.check()
        cleaned = self.clean(context, noisy, rate_hz)
        context.token.check()
        functions = self.shelf.functions
        mixed = mix(noisy, cleaned, self.strength)
        before, after = (
            beats_between(functions, samples, rate_hz, first, self.start, self.stop)
            for samples in (noisy, mixed)
        )
        stop = min(self.stop, total)
        peaks = (before, after)
        return Piece(self.start, stop, first, noisy, cleaned, rate_hz, self.strength, peaks)

    def clean(self, context: Context, noisy: Samples, rate_hz: float) -> Samples:
        job = self.job
        asked = PreviewJob(noisy, job.task, job.model, job.options, rate_hz=rate_hz)
        return np.asarray(asked.run(context), np.float32)


@dataclass(frozen=True, slots=True)
class BeatsJob:
    """Find the beats of a piece at another strength."""

    piece: Piece
    strength: float
    functions: EcgFunctions

    def run(self, context: Context) -> Piece:
        context.token.check()
        piece = self.piece
        after = beats_between(
            self.functions,
            piece.mixed(self.strength),
            piece.rate_hz,
            piece.first,
            piece.start,
            piece.stop,
        )
        return replace(piece, strength=self.strength, peaks=(piece.peaks[0], after))


class EcgPreview(QObject):
    """Cleans pieces around what is visible, one after the other; see ecg_traces.Trace.

    Strength is mixed in when a piece is drawn, and so answers at once.

    Signals:
        grown(): there is more, or another strength, to draw.
        failed(error: Exception)
    """

    grown = Signal()
    failed = Signal(object)

    def __init__(self, task: str, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = task
        self._errands = errands
        self._errand = 0
        self._loading: int | None = None
        self._wish: tuple[Any, ...] | None = None
        self._record: Record | None = None
        self._shelf: Shelf | None = None
        self._facts: Facts | None = None
        self._job = PreviewJob(None, task, "")
        self._strength = 1.0
        self._wanted: list[int] = []
        self._pieces: dict[int, Piece] = {}
        self._strips: dict[int, Strip] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_DEBOUNCE_MS)
        self._rest.timeout.connect(self._next)

    @property
    def survey(self) -> EcgSurvey | None:
        """A preview has no summary of long stretches."""
        return None

    def want(
        self,
        record: Record,
        facts: Facts,
        shelf: Shelf,
        model: str,
        options: Options,
        strength: float,
        visible: tuple[float, float],
    ) -> None:
        wish = (record, model, tuple(sorted(options.items())))
        if wish != self._wish:
            self._forget()
            self._wish = wish
            self._record, self._facts, self._shelf = record, facts, shelf
            chosen = {**options, **dict(record.options)}
            self._job = PreviewJob(None, self._task, model, chosen)
        if strength != self._strength:
            self._strength = strength
            self._strips = {}
        self._wanted = _numbers(*visible, facts.seconds)
        if self._loading is None or not self._pieces:
            self._rest.start()

    def cancel(self) -> None:
        self._rest.stop()
        self._wanted = []
        if self._wish is not None:
            self._forget()
            self._wish = None

    def possible(self, start_s: float, stop_s: float) -> bool:
        """Whether that stretch is short enough."""
        return not is_long(stop_s - start_s)

    def strips(self, start_s: float, stop_s: float) -> Sequence[Strip]:
        found = []
        for number, piece in self._pieces.items():
            if piece.start < stop_s * piece.rate_hz and piece.stop > start_s * piece.rate_hz:
                if number not in self._strips:
                    self._strips[number] = piece.strip(self._strength)
                found.append(self._strips[number])
        return found

    def beats(self) -> tuple[Peaks, Peaks, tuple[Span, ...]]:
        """Before and after, and where they were looked for."""
        pieces = [self._pieces[number] for number in sorted(self._pieces)]
        nothing = np.zeros(0, np.int64)
        before = np.concatenate([nothing, *(piece.peaks[0] for piece in pieces)])
        after = np.concatenate([nothing, *(piece.peaks[1] for piece in pieces)])
        return before, after, tuple((piece.start, piece.stop) for piece in pieces)

    def covered(self) -> list[tuple[float, float]]:
        """Seconds; neighbours are one."""
        joined: list[tuple[float, float]] = []
        for number in sorted(self._pieces):
            piece = self._pieces[number]
            start_s, stop_s = piece.start / piece.rate_hz, piece.stop / piece.rate_hz
            if joined and abs(joined[-1][1] - start_s) < 1e-6:
                joined[-1] = (joined[-1][0], stop_s)
            else:
                joined.append((start_s, stop_s))
        return joined

    @property
    def settled(self) -> bool:
        late = any(piece.strength != self._strength for piece in self._pieces.values())
        done = all(number in self._pieces for number in self._wanted)
        return done and not late and not self._rest.isActive()

    def _next(self) -> None:
        if self._loading is not None or self._record is None or self._shelf is None:
            return
        number = next((n for n in self._wanted if n not in self._pieces), None)
        if number is not None and self._facts is not None:
            self._loading = number
            start, stop = (round((number + end) * PIECE_S * self._facts.rate_hz) for end in (0, 1))
            stop = min(stop, self._facts.samples)
            job = PieceJob(self._record, self._shelf, start, stop, self._job, self._strength)
            self._errand = self._errands.ask(job, self._on_made, self._on_failed, PREVIEW)
            return
        late = [n for n in self._wanted if self._pieces[n].strength != self._strength]
        if late:
            self._loading = late[0]
            again = BeatsJob(self._pieces[late[0]], self._strength, self._shelf.functions)
            self._errand = self._errands.ask(again, self._on_made, self._on_failed, PREVIEW)

    def _on_made(self, piece: Piece) -> None:
        number, self._loading = self._loading, None
        if number is None:
            return
        self._pieces[number] = piece
        self._strips.pop(number, None)
        while len(self._pieces) > _KEPT_PIECES:
            furthest = max(self._pieces, key=lambda other: abs(other - number))
            del self._pieces[furthest]
            self._strips.pop(furthest, None)
        self.grown.emit()
        self._next()

    def _on_failed(self, error: Exception) -> None:
        self._loading = None
        self._wanted = []
        self.failed.emit(error)

    def _forget(self) -> None:
        self._errands.drop(self._errand)
        self._loading = None
        self._pieces, self._strips = {}, {}


def _numbers(start_s: float, stop_s: float, total_s: float) -> list[int]:
    """The pieces of what is visible, from its middle; none of a stretch too long to look at."""
    if total_s <= 0 or is_long(stop_s - start_s):
        return []
    first = int(max(start_s, 0.0) / PIECE_S)
    last = int(max(min(stop_s, total_s - 1e-9), 0.0) / PIECE_S)
    middle = (start_s + stop_s) / 2 / PIECE_S - 0.5
    return sorted(range(first, last + 1), key=lambda n: abs(n - middle))[:_MOST_PIECES]
