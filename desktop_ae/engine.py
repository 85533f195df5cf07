"""The only Qt below `ui/`: a thread that runs jobs in order."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QThread, Signal

from desktop_ae.core.errors import Cancelled, DesktopAEError
from desktop_ae.core.ledger import Ledger
from desktop_ae.core.library import ModelLibrary
from desktop_ae.core.work import CancelToken, Progress
from desktop_ae.jobs import Context, Job

REPORT_EVERY_S = 0.05
log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Ticket:
    id: int
    job: Job
    token: CancelToken = field(default_factory=CancelToken)


class Engine(QThread):
    """Runs jobs in order. Exactly one of done, failed, cancelled follows each submit().

    Everything but the signals' delivery is thread-safe; results cross threads as they are, so a
    result must not be changed by whoever made it.
    """

    job_started = Signal(object)  # id
    job_progressed = Signal(object, object)  # id, Progress; at most every 50 ms, the last always
    job_done = Signal(object, object)  # id, what run() returned
    job_failed = Signal(object, object)  # id, exception, already logged
    job_cancelled = Signal(object)  # id

    def __init__(
        self, library: ModelLibrary, ledger: Ledger | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._ledger = ledger
        self._tickets: queue.SimpleQueue[_Ticket | None] = queue.SimpleQueue()
        self._open: dict[int, _Ticket] = {}
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._paused = False

    def submit(self, job: Job) -> int:
        """Put a job at the end of the queue; the id is in every signal about it."""
        with self._lock:
            ticket = _Ticket(next(self._ids), job)
            if self._paused:
                ticket.token.pause()
            self._open[ticket.id] = ticket
        self._tickets.put(ticket)
        return ticket.id

    def cancel(self, job_id: int) -> None:
        """Stop a job, running or waiting; one that has ended is left alone."""
        with self._lock:
            ticket = self._open.get(job_id)
        if ticket:
            ticket.token.stop()

    def finish(self, job_id: int) -> None:
        """Ask a job for what it has so far; see `CancelToken.finish`."""
        with self._lock:
            ticket = self._open.get(job_id)
        if ticket:
            ticket.token.finish()

    def cancel_all(self) -> None:
        with self._lock:
            tickets = list(self._open.values())
            self._paused = False
        for ticket in tickets:
            ticket.token.stop()

    def pause(self) -> None:
        """Hold the running job at its next step, and all others."""
        self._for_all(pause=True)

    def resume(self) -> None:
        self._for_all(pause=False)

    @property
    def paused(self) -> bool:
        return self._paused

    def close(self, timeout_ms: int = 5000) -> bool:
        """Stop everything and end the thread; False if it did not end in time."""
        self.cancel_all()
        self._tickets.put(None)
        return self.wait(timeout_ms)

    def run(self) -> None:
        while (ticket := self._tickets.get()) is not None:
            self._run(ticket)

    def _run(self, ticket: _Ticket) -> None:
        report = _Throttle(ticket.id, self)
        context = Context(self._library, self._ledger, report, ticket.token)
        try:
            ticket.token.check()
            self.job_started.emit(ticket.id)
            result = ticket.job.run(context)
        except Cancelled:
            self._forget(ticket)
            self.job_cancelled.emit(ticket.id)
        except Exception as error:
            if isinstance(error, DesktopAEError):
                log.warning("%s: %s", type(error).__name__, error, exc_info=error)
            else:
                log.exception("a job failed in a way that nobody foresaw: %r", ticket.job)
            self._forget(ticket)
            self.job_failed.emit(ticket.id, error)
        else:
            self._forget(ticket)
            report.flush()
            self.job_done.emit(ticket.id, result)

    def _forget(self, ticket: _Ticket) -> None:
        with self._lock:
            self._open.pop(ticket.id, None)

    def _for_all(self, *, pause: bool) -> None:
        with self._lock:
            self._paused = pause
            tickets = list(self._open.values())
        for ticket in tickets:
            if pause:
                ticket.token.pause()
            else:
                ticket.token.resume()


class _Throttle:
    """Passes progress on at most every 50 ms, and the last one in any case."""

    def __init__(self, job_id: int, engine: Engine) -> None:
        self._id = job_id
        self._engine = engine
        self._sent = 0.0
        self._held: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._sent < REPORT_EVERY_S:
            self._held = progress
            return
        self._sent = now
        self._held = None
        self._engine.job_progressed.emit(self._id, progress)

    def flush(self) -> None:
        if self._held is not None:
            self._engine.job_progressed.emit(self._id, self._held)
            self._held = None
