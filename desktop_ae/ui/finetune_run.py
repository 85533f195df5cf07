"""The wizard's jobs on the engine that learns: one at a time."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop_ae.engine import Engine
from desktop_ae.jobs import Job


class FineTuneRun(QObject):
    """Knows nothing of what the jobs do. Whatever an earlier job still says is not passed on.

    Signals:
        progressed(progress: Progress)
        done(result: object): what the job gave.
        failed(error: Exception)
        cancelled()
    """

    progressed = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._id = 0
        self.job: Job | None = None
        engine.job_progressed.connect(self._on_progressed)
        engine.job_done.connect(self._on_done)
        engine.job_failed.connect(self._on_failed)
        engine.job_cancelled.connect(self._on_cancelled)

    @property
    def paused(self) -> bool:
        return self._engine.paused

    def start(self, job: Job) -> None:
        """In place of the one before, if that still runs."""
        self.cancel()
        self.job = job
        self._id = self._engine.submit(job)

    def cancel(self) -> None:
        if self.job is not None:
            self._engine.resume()  # or the next job would begin paused
            self._engine.cancel(self._id)

    def finish(self) -> None:
        """Ask the job for what it has so far."""
        self._engine.resume()
        self._engine.finish(self._id)

    def pause(self) -> None:
        self._engine.pause()

    def resume(self) -> None:
        self._engine.resume()

    def _take(self, job_id: int) -> bool:
        if self.job is None or job_id != self._id:
            return False
        self.job = None
        return True

    def _on_progressed(self, job_id: int, progress: object) -> None:
        if self.job is not None and job_id == self._id:
            self.progressed.emit(progress)

    def _on_done(self, job_id: int, result: object) -> None:
        if self._take(job_id):
            self.done.emit(result)

    def _on_failed(self, job_id: int, error: Exception) -> None:
        if self._take(job_id):
            self.failed.emit(error)

    def _on_cancelled(self, job_id: int) -> None:
        if self._take(job_id):
            self.cancelled.emit()
