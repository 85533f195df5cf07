"""Feeding the rows of a queue to the engine, one at a time, and what is known about the batch."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QModelIndex, QObject, Signal

from desktop_ae.core.work import Progress
from desktop_ae.engine import Engine
from desktop_ae.jobs import Cleaned, CleanJob
from desktop_ae.ui.queue_model import QueueModel, Row, State

_STATUS = {
    "cleaned": State.CLEANED,
    "unchanged": State.UNCHANGED,
    "skipped": State.SKIPPED,
}
_SETTLED_S = 0.3  # no time left is guessed before a file has been worked on for this long


@dataclass(frozen=True, slots=True)
class Summary:
    """How a batch ended. folder: where its last result is, or None if it made none."""

    cleaned: int
    unchanged: int
    skipped: int
    failed: int
    stopped: int
    first_failure: str
    folder: Path | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A batch that runs. done and total: files. rate: `unit` a second, 0 if not known yet."""

    done: int
    total: int
    fraction: float
    seconds_left: float | None
    rate: float
    unit: str


class CleaningRun(QObject):
    """Cleans the waiting rows of one queue in their order; rows may join, move and go meanwhile.

    Only the row being cleaned is known to the engine: the order of the others is the model's.

    Signals:
        changed(): started, went on, was paused, or ended.
        ended(summary: Summary): no row of the batch waits any more.
    """

    changed = Signal()
    ended = Signal(object)

    def __init__(
        self,
        model: QueueModel,
        engine: Engine,
        make_job: Callable[[Row], CleanJob],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._engine = engine
        self._make_job = make_job
        self._batch: dict[Row, None] = {}  # in the order in which they joined
        self._jobs: dict[int, Row] = {}  # also those that were stopped but have not ended yet
        self._current: Row | None = None
        self._current_id = 0
        self._clock = _Clock()
        self._row_clock = _Clock()
        self._work_done = 0.0
        self._work_s = 0.0  # without the gaps between files, and the wait for torch at the start
        self._row_work = Progress(0, 0)
        engine.job_started.connect(self._on_started)
        engine.job_progressed.connect(self._on_progressed)
        engine.job_done.connect(self._on_done)
        engine.job_failed.connect(self._on_failed)
        engine.job_cancelled.connect(self._on_cancelled)
        model.rowsRemoved.connect(self._on_rows_removed)

    @property
    def active(self) -> bool:
        return bool(self._batch)

    @property
    def current(self) -> Row | None:
        return self._current

    def needs(self, model_id: str) -> bool:
        """Whether a file is being cleaned with a model, or will be when its turn comes."""
        jobs = [row.job for row in self._jobs.values()]
        jobs += [self._make_job(row) for row in list(self._batch)[:1]]
        return any(job is not None and job.model == model_id for job in jobs)

    def start(self, rows: Iterable[Row]) -> None:
        """Let rows wait for their turn; they join a batch that runs."""
        if not self._batch:
            self._clock = _Clock()
            self._work_done = self._work_s = 0.0
        for row in rows:
            if row is not self._current:
                row.state = State.WAITING
                row.fraction, row.seconds_left, row.error = 0.0, None, None
                self._batch[row] = None
                self._model.touch(row)
        self._next()
        self.changed.emit()

    def stop(self) -> None:
        """End the batch: the rows say so at once, the engine within a moment."""
        if self._current is not None:
            self._engine.cancel(self._current_id)
        self._current = None
        for row in self._batch:
            if row.state in (State.WAITING, State.CLEANING):
                row.state, row.seconds_left = State.STOPPED, None
                self._model.touch(row)
        self._engine.resume()
        self._end()

    def pause(self) -> None:
        self._engine.pause()
        self._clock.pause()
        self._row_clock.pause()
        self.changed.emit()

    def resume(self) -> None:
        self._engine.resume()
        self._clock.resume()
        self._row_clock.resume()
        self.changed.emit()

    def figures(self) -> Figures:
        waiting = sum(row.state is State.WAITING for row in self._batch)
        total = len(self._batch)
        running = self._current.fraction if self._current else 0.0
        done = total - waiting - (self._current is not None)
        reached = done + running
        elapsed = self._clock.seconds()
        left = None
        if reached > 0 and elapsed > _SETTLED_S:
            left = elapsed / reached * (total - reached)
        work = self._work_done + self._row_work.done
        worked = self._work_s + (self._row_clock.seconds() if self._row_work.done else 0.0)
        rate = work / worked if worked > _SETTLED_S else 0.0
        fraction = reached / total if total else 0.0
        return Figures(done, total, fraction, left, rate, self._row_work.unit)

    def _next(self) -> None:
        if self._current is not None or not self._batch:
            return
        row = next((r for r in self._model.rows if r.state is State.WAITING), None)
        if row is None:
            self._end()
            return
        row.job = self._make_job(row)
        row.state, row.result = State.CLEANING, None
        row.piece, row.piece_fraction = -1, 0.0
        row.pieces, row.passed_over = {}, {}
        self._current = row
        self._row_clock = _Clock()
        self._row_work = Progress(0, 0, self._row_work.unit)
        self._current_id = self._engine.submit(row.job)
        self._jobs[self._current_id] = row
        self._model.touch(row)

    def _end(self) -> None:
        batch = list(self._batch)
        self._batch = {}
        if batch:
            self.ended.emit(_summary(batch))
        self.changed.emit()

    def _on_started(self, job_id: int) -> None:
        if job_id == self._current_id:
            self._row_clock = _Clock()

    def _on_progressed(self, job_id: int, progress: Progress) -> None:
        row = self._current
        if row is None or job_id != self._current_id:
            return
        self._row_work = progress
        row.fraction = progress.fraction
        row.piece, row.piece_fraction = progress.piece, progress.piece_fraction
        row.pieces, row.passed_over = progress.pieces, progress.passed_over
        elapsed = self._row_clock.seconds()
        if elapsed > _SETTLED_S and 0 < row.fraction < 1:
            row.seconds_left = elapsed / row.fraction * (1 - row.fraction)
        self._model.touch(row)
        self.changed.emit()

    def _on_done(self, job_id: int, result: Cleaned) -> None:
        row = self._jobs.pop(job_id, None)
        if row is None:
            return
        if job_id == self._current_id or row.state is State.STOPPED:
            # A file that was finished while Stop was on its way is there, and so shown.
            row.state, row.result, row.fraction = _STATUS[result.status], result, 1.0
        self._finish(job_id, row)

    def _on_failed(self, job_id: int, error: Exception) -> None:
        row = self._jobs.pop(job_id, None)
        if row is None:
            return
        if job_id == self._current_id:
            row.state, row.error = State.FAILED, error
        self._finish(job_id, row)

    def _on_cancelled(self, job_id: int) -> None:
        row = self._jobs.pop(job_id, None)
        if row is not None:
            self._finish(job_id, row)

    def _finish(self, job_id: int, row: Row) -> None:
        if job_id == self._current_id and self._current is row:
            self._work_done += self._row_work.done
            self._work_s += self._row_clock.seconds()
            self._row_work = Progress(0, 0, self._row_work.unit)
            row.seconds_left = None
            self._current = None
        self._model.touch(row)
        self._next()
        self.changed.emit()

    def _on_rows_removed(self, _parent: QModelIndex, _first: int, _last: int) -> None:
        here = set(self._model.rows)
        self._batch = {row: None for row in self._batch if row in here}
        if self._current is not None and self._current not in here:
            self._engine.cancel(self._current_id)
            self._current.state = State.STOPPED
            self._current = None
        self._next()
        self.changed.emit()


class _Clock:
    """Seconds since it was made, without those in which it was paused."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self._paused: float | None = None

    def pause(self) -> None:
        self._paused = self._paused or time.monotonic()

    def resume(self) -> None:
        if self._paused is not None:
            self._begin += time.monotonic() - self._paused
            self._paused = None

    def seconds(self) -> float:
        return (self._paused or time.monotonic()) - self._begin


def _summary(batch: Iterable[Row]) -> Summary:
    rows = list(batch)
    count = Counter(row.state for row in rows)
    failure = next((str(row.error) for row in rows if row.state is State.FAILED), "")
    targets = [row.target for row in rows if row.target is not None]
    return Summary(
        count[State.CLEANED],
        count[State.UNCHANGED],
        count[State.SKIPPED],
        count[State.FAILED],
        count[State.STOPPED],
        failure,
        targets[-1].parent if targets else None,
    )
