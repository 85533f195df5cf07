"""What the ECG view reads: recordings on disk, in strips and in summaries of long stretches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.domain import Options
from desktop_ae.jobs import Context

Samples = NDArray[np.float32]  # (leads, samples), millivolts, NaN in a gap
Peaks = NDArray[np.int64]  # samples at which hearts beat, ascending

STRIP_S = 8.0
COARSE_HZ = 64.0  # columns of a strip's own summary
CHUNK_S = 64.0  # what a survey reads at once
COLUMN_S = 0.25  # of a survey's summary
CONTEXT_S = 5.0  # on both sides of a chunk: a detector of beats has to settle
_KEPT_OPEN = 3
_GAP_S = 0.2


class SourceFacts(Protocol):
    """What a domain's recording says of itself."""

    @property
    def rate_hz(self) -> float: ...

    @property
    def samples(self) -> int: ...

    @property
    def leads(self) -> tuple[str, ...]: ...

    @property
    def about(self) -> str: ...


class Source(Protocol):
    @property
    def facts(self) -> SourceFacts: ...

    def read(self, start: int, stop: int) -> Samples: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class EcgFunctions:
    """What the domain does for us.

    open: (path, options) to a Source. detect: (samples, rate_hz) to the R-peaks in them.
    """

    open: Callable[[Path, Options], Source]
    detect: Callable[[Samples, float], Peaks]


@dataclass(frozen=True, slots=True)
class Facts:
    """about: in one line for the person."""

    rate_hz: float
    samples: int
    leads: tuple[str, ...]
    about: str

    @property
    def seconds(self) -> float:
        return self.samples / self.rate_hz


@dataclass(frozen=True, slots=True)
class Record:
    """A file, with the options that open it."""

    path: Path
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, path: Path, options: Options) -> Record:
        return cls(path, tuple(sorted((name, str(value)) for name, value in options.items())))


class Shelf:
    """The files that are open to be looked at. Belongs to the thread that runs the errands."""

    def __init__(self, functions: EcgFunctions) -> None:
        self.functions = functions
        self._open: dict[Record, Source] = {}

    def source(self, record: Record) -> Source:
        source = self._open.pop(record, None)
        if source is None:
            source = self.functions.open(record.path, dict(record.options))
        self._open[record] = source  # as the last one
        while len(self._open) > _KEPT_OPEN:
            self._open.pop(next(iter(self._open))).close()
        return source

    def release(self) -> None:
        while self._open:
            self._open.popitem()[1].close()


@dataclass(frozen=True, slots=True)
class Strip:
    """A stretch in full. coarse: least and greatest in columns of `every` samples, `(leads,
    columns, 2)`. middle: the median of each lead; NaN for one without samples.
    """

    start: int
    samples: Samples
    every: int
    coarse: Samples
    middle: Samples

    @property
    def stop(self) -> int:
        return self.start + int(self.samples.shape[1])

    @classmethod
    def of(cls, start: int, samples: Samples, rate_hz: float) -> Strip:
        every = max(1, round(rate_hz / COARSE_HZ))
        starts = np.arange(0, samples.shape[1], every)
        return cls(start, samples, every, extremes(samples, starts), medians(samples))


@dataclass(frozen=True, slots=True)
class Chunk:
    """What a survey keeps of a stretch. columns: `(leads, n, 2)`. peaks: in samples of
    the recording, as are breaks, where gaps of all leads begin.
    """

    number: int
    columns: Samples
    peaks: Peaks
    middle: Samples
    breaks: Peaks


def extremes(samples: Samples, starts: NDArray[np.int64]) -> Samples:
    """Least and greatest from each start to the next: `(leads, starts, 2)`. Gaps count not."""
    if not len(starts):
        return np.full((len(samples), 0, 2), np.nan, np.float32)
    low = np.fmin.reduceat(samples, starts, axis=1)
    return np.stack([low, np.fmax.reduceat(samples, starts, axis=1)], axis=-1)


def medians(samples: Samples) -> Samples:
    """Of each lead, from a few hundred of its samples; NaN for a lead without any."""
    some = samples[:, :: max(1, samples.shape[1] // 512)]
    middle = np.full(len(samples), np.nan, np.float32)
    for lead, row in enumerate(some):
        there = row[np.isfinite(row)]
        if len(there):
            middle[lead] = np.median(there)
    return middle


def gaps_of(samples: Samples, rate_hz: float) -> Peaks:
    """Where gaps of all leads begin that could hide a beat."""
    gone = np.isnan(samples).all(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], gone, [False]]).astype(np.int8)))
    spans = edges.reshape(-1, 2)
    starts: Peaks = spans[spans[:, 1] - spans[:, 0] >= _GAP_S * rate_hz, 0].astype(np.int64)
    return starts


def column_starts(first: int, last: int, rate_hz: float) -> Peaks:
    """Where columns of COLUMN_S begin, as samples, from the column `first` to before `last`."""
    starts: Peaks = np.ceil(np.arange(first, last) * COLUMN_S * rate_hz - 1e-6).astype(np.int64)
    return starts


# Jobs: what the errands' thread runs.


@dataclass(frozen=True, slots=True)
class FactsJob:
    record: Record
    shelf: Shelf

    def run(self, context: Context) -> Facts:
        context.token.check()
        facts = self.shelf.source(self.record).facts
        return Facts(float(facts.rate_hz), int(facts.samples), tuple(facts.leads), facts.about)


@dataclass(frozen=True, slots=True)
class ReleaseJob:
    shelf: Shelf

    def run(self, context: Context) -> None:
        self.shelf.release()


@dataclass(frozen=True, slots=True)
class StripJob:
    record: Record
    shelf: Shelf
    start: int
    stop: int

    def run(self, context: Context) -> Strip:
        context.token.check()
        source = self.shelf.source(self.record)
        samples = source.read(self.start, min(self.stop, int(source.facts.samples)))
        return Strip.of(self.start, samples, float(source.facts.rate_hz))


@dataclass(frozen=True, slots=True)
class ChunkJob:
    """Read one chunk of a recording for its summary and its beats."""

    record: Record
    shelf: Shelf
    number: int

    def run(self, context: Context) -> Chunk:
        context.token.check()
        source = self.shelf.source(self.record)
        rate_hz, total = float(source.facts.rate_hz), int(source.facts.samples)
        each = round(CHUNK_S / COLUMN_S)
        starts = column_starts(self.number * each, (self.number + 1) * each + 1, rate_hz)
        start, stop = int(starts[0]), min(int(starts[-1]), total)
        around = round(CONTEXT_S * rate_hz)
        first = max(0, start - around)
        samples = source.read(first, min(total, stop + around))
        context.token.check()
        peaks = beats_between(self.shelf.functions, samples, rate_hz, first, start, stop)
        here = samples[:, start - first : stop - first]
        inside = starts[starts < stop] - start
        columns = extremes(here, inside)
        breaks = start + gaps_of(here, rate_hz)
        return Chunk(self.number, columns, peaks, medians(here), breaks)


def beats_between(
    functions: EcgFunctions, samples: Samples, rate_hz: float, first: int, start: int, stop: int
) -> Peaks:
    """Beats of the recording from `start` to before `stop`, in samples that begin at `first`."""
    if not np.isfinite(samples).any():
        return np.zeros(0, np.int64)
    peaks = np.asarray(functions.detect(samples, rate_hz), np.int64) + first
    return peaks[(peaks >= start) & (peaks < stop)]
