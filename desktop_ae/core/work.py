"""What a long piece of work shares with whoever waits for it: progress, pause and cancel."""

from __future__ import annotations

import ctypes
import platform
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from desktop_ae.core.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `done` of `total` in `unit`; `note` says in words what is happening.

    piece: index of the page being worked on. piece_fraction: how much of that is done. pieces,
    passed_over: what is known of the pages before it, as of a whole file's (`jobs.Cleaned`).
    """

    done: float
    total: float
    unit: str = ""
    note: str = ""
    piece: int = 0
    piece_fraction: float = 0.0
    pieces: Mapping[int, str] = field(default_factory=dict)
    passed_over: Mapping[int, str] = field(default_factory=dict)

    @property
    def fraction(self) -> float:
        return min(1.0, self.done / self.total) if self.total > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Learning(Progress):
    """Progress of a training: curves as (seconds, value), whole, the first point first."""

    steps: int = 0
    losses: Sequence[tuple[float, float]] = ()
    scores: Sequence[tuple[float, float]] = ()


class Report(Protocol):
    def __call__(self, progress: Progress, /) -> None: ...


def silent(progress: Progress) -> None:
    """A Report that nobody reads."""


def give_back_memory() -> None:
    """Return what was freed to the system, before a step that needs as much again.

    glibc keeps the memory of a net's activations for the next ones. Elsewhere this does nothing.
    """
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)


class CancelToken:
    """Asks a job to stop, to wait, or to come to an end with what it has; the job looks at it
    between two pieces of work.

    Thread-safe. `stop` wins over `pause`, and `finish` ends it.
    """

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._finishing = threading.Event()
        self._running = threading.Event()
        self._running.set()

    def stop(self) -> None:
        self._stopped.set()
        self._running.set()

    def pause(self) -> None:
        self._running.clear()
        if self._stopped.is_set():  # asked after, so that a stop in between is not lost
            self._running.set()

    def resume(self) -> None:
        self._running.set()

    def finish(self) -> None:
        """Ask for the result as it is now; a job that only has a whole one goes on as before."""
        self._finishing.set()
        self._running.set()

    @property
    def finishing(self) -> bool:
        return self._finishing.is_set()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    @property
    def paused(self) -> bool:
        return not self._running.is_set()

    def check(self) -> float:
        """Wait while paused; return the seconds waited. Raises Cancelled once stopped."""
        waited = 0.0
        if not self._running.is_set():
            start = time.monotonic()
            self._running.wait()
            waited = time.monotonic() - start
        if self._stopped.is_set():
            raise Cancelled
        return waited
