"""What is visible of a recording as today's choices would leave it, before it is cleaned."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from desktop_ae.core.domain import Options, Request
from desktop_ae.domains import task_named
from desktop_ae.jobs import Context, chosen_options
from desktop_ae.ui.errands import PREVIEW, Errands
from desktop_ae.ui.sound_data import Facts, FileSound, Pieces, Samples, SoundFunctions

PIECE_S = 10.0
_MOST_PIECES = 3  # around the playhead, of what is visible
_KEPT_BYTES = 96 * 2**20
_AROUND_S = 1.0  # cleaned with a piece and cut off again: a net needs to hear what was before
_DEBOUNCE_MS = 250


@dataclass(frozen=True, slots=True)
class Choices:
    """What the inspector says."""

    task: str
    model: str
    options: Options
    strength: float


@dataclass(frozen=True, slots=True)
class PieceJob:
    """Read a piece of a recording and clean it. Returned: `(channels, frames)` of the piece."""

    before: FileSound
    facts: Facts
    start: int
    stop: int
    choices: Choices

    def run(self, context: Context) -> Samples:
        around = round(_AROUND_S * self.facts.rate_hz)
        first = max(0, self.start - around)
        with contextlib.closing(self.before.open()) as source:
            noisy = source.read(first, min(self.facts.frames, self.stop + around) - first)
        context.token.check()
        assert noisy is not None
        cleaned = self.clean(context, noisy)
        return cleaned[:, self.start - first : self.stop - first].copy()

    def clean(self, context: Context, noisy: Samples) -> Samples:
        from desktop_ae.core.restore import restore

        task = task_named(self.choices.task)
        model = context.library.load(self.choices.model)
        options = chosen_options(task, self.choices.options)
        request = Request(
            noisy.shape,
            self.choices.strength,
            context.token.check,
            self.before.overview,
            rate_hz=self.facts.rate_hz,
            options=options,
        )
        restored = restore(task.restorer(model, request), noisy)
        return np.asarray(task.present(restored, options), np.float32)


class SoundPreview(QObject):
    """Cleans pieces around the playhead, one after the other, once a wish has rested.

    Signals:
        restored(start_s: float, stop_s: float): that stretch of `pieces` is there.
        outdated(): what was restored before is of another recording, model or options.
        failed(error: Exception)
    """

    restored = Signal(object, object)
    outdated = Signal()
    failed = Signal(object)

    def __init__(
        self, task: str, errands: Errands, functions: SoundFunctions, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._task = task
        self._errands = errands
        self._functions = functions
        self._errand = 0
        self._wish: tuple[Any, ...] | None = None
        self._before: FileSound | None = None
        self._choices = Choices(task, "", {}, 1.0)
        self._wanted: list[int] = []
        self._loading: int | None = None
        self.pieces: Pieces | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_DEBOUNCE_MS)
        self._rest.timeout.connect(self._next)

    def want(
        self,
        before: FileSound,
        facts: Facts,
        model: str,
        options: Options,
        strength: float,
        spans: Sequence[tuple[float, float, float]],
    ) -> None:
        """spans: (start_s, stop_s, first_s), what is visible before what will be heard next."""
        wish = (before, model, tuple(sorted(options.items())), round(strength, 3))
        if wish != self._wish:
            self._drop_errand()
            had_one, self._wish = self._wish is not None, wish
            self._before = before
            self._choices = Choices(self._task, model, options, strength)
            self.pieces = Pieces(facts, PIECE_S, self._functions)
            self._rest.start()
            if had_one:
                self.outdated.emit()
        self._wanted = _numbers(spans, facts.seconds)
        if not self._rest.isActive() and self._loading is None:
            self._rest.start()

    def cancel(self) -> None:
        self._rest.stop()
        self._drop_errand()
        self._wanted = []
        if self._wish is not None:
            self._wish = self.pieces = None
            self.outdated.emit()

    def spans(self) -> list[tuple[float, float]]:
        """What is there, in order; neighbours are one."""
        pieces = self.pieces
        joined: list[tuple[float, float]] = []
        for number in sorted(pieces.held) if pieces else []:
            start_s, stop_s = pieces.span_s(number) if pieces else (0.0, 0.0)
            if joined and abs(joined[-1][1] - start_s) < 1e-6:
                joined[-1] = (joined[-1][0], stop_s)
            else:
                joined.append((start_s, stop_s))
        return joined

    def _next(self) -> None:
        pieces, before = self.pieces, self._before
        if pieces is None or before is None or self._loading is not None:
            return
        number = next((n for n in self._wanted if n not in pieces.held), None)
        if number is None:
            return
        self._loading = number
        start = number * pieces.length
        stop = min(start + pieces.length, pieces.facts.frames)
        errand = PieceJob(before, pieces.facts, start, stop, self._choices)
        self._errand = self._errands.ask(errand, self._on_cleaned, self._on_failed, PREVIEW)

    def _drop_errand(self) -> None:
        self._errands.drop(self._errand)
        self._loading = None

    def _on_cleaned(self, samples: Samples) -> None:
        number, self._loading = self._loading, None
        if number is None or self.pieces is None:
            return
        self.pieces.put(number, samples)
        self._make_room(number, samples.nbytes)
        self.restored.emit(*self.pieces.span_s(number))
        self._next()

    def _make_room(self, newest: int, size: int) -> None:
        """Let go of the pieces that are furthest away."""
        assert self.pieces is not None
        most = max(_MOST_PIECES, _KEPT_BYTES // max(1, size))
        while len(self.pieces.held) > most:
            self.pieces.drop(max(self.pieces.held, key=lambda number: abs(number - newest)))

    def _on_failed(self, error: Exception) -> None:
        self._loading = None
        self._wanted = []
        self.failed.emit(error)


def _numbers(spans: Sequence[tuple[float, float, float]], total_s: float) -> list[int]:
    """The pieces to clean, most wanted first, no more than a few of each span."""
    wanted: list[int] = []
    for start_s, stop_s, first_s in spans:
        first = int(max(start_s, 0.0) / PIECE_S)
        last = int(min(stop_s, total_s - 1e-9) / PIECE_S)
        by_distance = sorted(
            range(first, last + 1), key=lambda number: abs((number + 0.5) * PIECE_S - first_s)
        )
        wanted += [number for number in by_distance[:_MOST_PIECES] if number not in wanted]
    return wanted
