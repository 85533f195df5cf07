"""Small jobs that the window needs an answer to: thumbnails, views, previews, walks of folders."""

from __future__ import annotations

import heapq
import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject

from desktop_ae.engine import Engine
from desktop_ae.jobs import Job

log = logging.getLogger(__name__)

OnDone = Callable[[Any], None]
OnFailed = Callable[[Exception], None]

THUMBNAIL, FIND, PREVIEW, VIEW, PLAN = range(5)  # urgencies, the least first


@dataclass(order=True, slots=True)
class _Errand:
    key: tuple[int, int]
    id: int = field(compare=False)
    job: Job = field(compare=False)
    on_done: OnDone = field(compare=False)
    on_failed: OnFailed | None = field(compare=False)


class Errands(QObject):
    """Gives jobs to an engine one at a time, the most urgent first, and answers by a call.

    Lives in the window's thread, and so do the calls. An errand that is dropped never answers.
    """

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._ids = itertools.count(1)
        self._waiting: list[_Errand] = []
        self._running: _Errand | None = None
        self._job_id = 0
        self._dropped = False
        self._closed = False
        engine.job_done.connect(self._on_done)
        engine.job_failed.connect(self._on_failed)
        engine.job_cancelled.connect(self._on_cancelled)

    def ask(
        self, job: Job, on_done: OnDone, on_failed: OnFailed | None = None, urgency: int = VIEW
    ) -> int:
        """Run a job when its turn comes; the id serves `drop`."""
        number = next(self._ids)
        errand = _Errand((-urgency, number), number, job, on_done, on_failed)
        heapq.heappush(self._waiting, errand)
        self._next()
        return number

    def drop(self, errand_id: int) -> None:
        """Forget an errand, running or waiting; one that has ended is left alone."""
        if self._running and self._running.id == errand_id:
            self._dropped = True
            self._engine.cancel(self._job_id)
            return
        self._waiting = [e for e in self._waiting if e.id != errand_id]
        heapq.heapify(self._waiting)

    def close(self) -> None:
        """Answer nobody from now on: those who asked are about to go."""
        self._closed = True
        self._waiting = []
        if self._running:
            self.drop(self._running.id)

    def _next(self) -> None:
        if self._running is None and self._waiting and not self._closed:
            self._running = heapq.heappop(self._waiting)
            self._dropped = False
            self._job_id = self._engine.submit(self._running.job)

    def _take(self, job_id: int) -> _Errand | None:
        """The errand that this job answers, unless it is another's or was dropped."""
        if self._running is None or job_id != self._job_id:
            return None
        errand, self._running = self._running, None
        return None if self._dropped else errand

    def _on_done(self, job_id: int, result: object) -> None:
        errand = self._take(job_id)
        self._next()
        if errand:
            errand.on_done(result)

    def _on_failed(self, job_id: int, error: Exception) -> None:
        errand = self._take(job_id)
        self._next()
        if errand and errand.on_failed:
            errand.on_failed(error)

    def _on_cancelled(self, job_id: int) -> None:
        self._take(job_id)
        self._next()
