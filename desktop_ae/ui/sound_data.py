"""What the compare view draws and plays: a recording on disk, or pieces cleaned for a preview."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from desktop_ae.jobs import Context
from desktop_ae.ui.sound_tape import PcmSource

Samples = NDArray[np.float32]  # (channels, frames)

QUIETEST_DB, LOUDEST_DB = -140.0, 20.0  # what a byte of a spectrogram reaches from and to
_GATE_DB = -60.0
_RELATIVE_GATE_DB = -10.0
_LISTENED = 40  # blocks of a recording that its loudness is taken from
_BLOCK_S = 0.4
_AROUND_S = 0.1  # that the windows of a spectrum's edges reach over


@dataclass(frozen=True, slots=True)
class Facts:
    """about: in one line for the person."""

    rate_hz: float
    channels: int
    frames: int
    about: str

    @property
    def seconds(self) -> float:
        return self.frames / self.rate_hz


class Sound(Protocol):
    """One version of a recording, to look at and to listen to."""

    @property
    def is_built(self) -> bool:
        """Whether the peaks of long stretches are there at once."""

    def peaks(self, columns: int, start_s: float, stop_s: float) -> Samples:
        """Least and greatest sample in each column: `(channels, columns, 2)`."""

    def spectrogram(self, columns: int, rows: int, start_s: float, stop_s: float) -> Samples:
        """Decibels `(rows, columns)`, the lowest frequency first."""

    def open(self) -> PcmSource: ...


@dataclass(frozen=True, slots=True)
class SoundFunctions:
    """What the domain does for us, as plain functions of a path.

    facts: (path). peaks: (path, columns, start_s, stop_s) to `(channels, columns, 2)`.
    spectrogram: (path, start_s, stop_s, columns, rows) to dB. open: (path) to samples anywhere.
    overview: (path, frames) to what a model is shown of a whole recording. spectrogram_of:
    (samples, rate_hz, start_s, stop_s, columns, rows) to dB, of what is in memory.
    build: (path, check, report of the share done): reads the whole file once, for the peaks of
    long stretches. is_built: (path). release: lets go of the files that were looked at.
    """

    facts: Callable[[Path], Facts]
    peaks: Callable[[Path, int, float, float], Samples]
    spectrogram: Callable[[Path, float, float, int, int], Samples]
    open: Callable[[Path], PcmSource]
    overview: Callable[[Path, int], Samples]
    spectrogram_of: Callable[[Samples, float, float, float, int, int], Samples]
    build: Callable[[Path, Callable[[], object], Callable[[float], object]], None]
    is_built: Callable[[Path], bool]
    release: Callable[[], None]


@dataclass(frozen=True, slots=True)
class FileSound:
    path: Path
    functions: SoundFunctions

    @property
    def is_built(self) -> bool:
        return self.functions.is_built(self.path)

    def peaks(self, columns: int, start_s: float, stop_s: float) -> Samples:
        return self.functions.peaks(self.path, columns, start_s, stop_s)

    def spectrogram(self, columns: int, rows: int, start_s: float, stop_s: float) -> Samples:
        return self.functions.spectrogram(self.path, start_s, stop_s, columns, rows)

    def open(self) -> PcmSource:
        return self.functions.open(self.path)

    def overview(self, frames: int) -> Samples:
        """At most so many of its frames, from which a model learns how loud it is."""
        return self.functions.overview(self.path, frames)


class Pieces:
    """What was cleaned for a preview: equal pieces of a recording, by their number. Thread-safe."""

    def __init__(self, facts: Facts, piece_s: float, functions: SoundFunctions) -> None:
        self.facts = facts
        self.length = max(1, round(piece_s * facts.rate_hz))
        self._functions = functions
        self._held: Mapping[int, Samples] = {}

    @property
    def is_built(self) -> bool:
        return True

    @property
    def held(self) -> Mapping[int, Samples]:
        return self._held

    def put(self, number: int, samples: Samples) -> None:
        self._held = {**self._held, number: samples}

    def drop(self, number: int) -> None:
        self._held = {n: piece for n, piece in self._held.items() if n != number}

    def span_s(self, number: int) -> tuple[float, float]:
        first, last = number * self.length, min((number + 1) * self.length, self.facts.frames)
        return first / self.facts.rate_hz, last / self.facts.rate_hz

    def read(self, start: int, count: int) -> Samples | None:
        """None unless all of it is there."""
        samples, whole = self._collect(start, count)
        return samples if whole else None

    def peaks(self, columns: int, start_s: float, stop_s: float) -> Samples:
        samples = self._between(start_s, stop_s)
        edges = np.linspace(0, samples.shape[1], columns + 1)[:-1].astype(np.int64)
        least = np.minimum.reduceat(samples, edges, axis=1)
        return np.stack([least, np.maximum.reduceat(samples, edges, axis=1)], axis=-1)

    def spectrogram(self, columns: int, rows: int, start_s: float, stop_s: float) -> Samples:
        around = min(_AROUND_S, start_s)
        samples = self._between(start_s - around, stop_s + _AROUND_S)
        rate_hz, stop_s = self.facts.rate_hz, around + stop_s - start_s
        return self._functions.spectrogram_of(samples, rate_hz, around, stop_s, columns, rows)

    def open(self) -> PcmSource:
        return _PieceSource(self)

    def _between(self, start_s: float, stop_s: float) -> Samples:
        first = round(start_s * self.facts.rate_hz)
        count = max(1, round(stop_s * self.facts.rate_hz) - first)
        return self._collect(first, count)[0]

    def _collect(self, start: int, count: int) -> tuple[Samples, bool]:
        """Zeros where nothing is there; whether all of the recording's part was."""
        held = self._held
        samples = np.zeros((self.facts.channels, count), np.float32)
        stop = min(start + count, self.facts.frames)
        whole = True
        for number in range(start // self.length, max(stop - 1, start) // self.length + 1):
            piece = held.get(number)
            if piece is None:
                whole = False
                continue
            begin = number * self.length
            first, last = max(start, begin), min(stop, begin + piece.shape[1])
            samples[:, first - start : last - start] = piece[:, first - begin : last - begin]
        return samples, whole


class _PieceSource:
    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces

    def read(self, start: int, count: int) -> Samples | None:
        return self._pieces.read(start, count)

    def close(self) -> None:
        pass


# Jobs: what the errands' thread runs.


@dataclass(frozen=True, slots=True)
class FactsJob:
    path: Path
    functions: SoundFunctions

    def run(self, context: Context) -> Facts:
        context.token.check()
        return self.functions.facts(self.path)


@dataclass(frozen=True, slots=True)
class ReleaseJob:
    """Let go of the files that were looked at, in the thread that holds them."""

    functions: SoundFunctions

    def run(self, context: Context) -> None:
        self.functions.release()


@dataclass(frozen=True, slots=True)
class PeaksJob:
    """Columns of a waveform: `(channels, columns, 2)`."""

    sound: Sound
    columns: int
    start_s: float
    stop_s: float

    def run(self, context: Context) -> Samples:
        context.token.check()
        return self.sound.peaks(self.columns, self.start_s, self.stop_s)


@dataclass(frozen=True, slots=True)
class SpectrogramJob:
    """A spectrogram in bytes, `(rows, columns)`, the highest frequency first: a picture."""

    sound: Sound
    columns: int
    rows: int
    start_s: float
    stop_s: float

    def run(self, context: Context) -> NDArray[np.uint8]:
        context.token.check()
        levels = self.sound.spectrogram(self.columns, self.rows, self.start_s, self.stop_s)
        share = (levels[::-1] - QUIETEST_DB) / (LOUDEST_DB - QUIETEST_DB)
        shown = np.nan_to_num(share, nan=0.0).clip(0.0, 1.0) * 255
        return np.ascontiguousarray(shown.round(), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class LoudnessJob:
    """How loud both versions are, as they are listened to: a gated level of each, in decibels.

    Loudest blocks count, as in ITU-R BS.1770, but no frequency does more than another: both are
    the same voice. spans: seconds in which there are both; blocks are taken from all over them.
    """

    before: Sound
    after: Sound
    facts: Facts
    spans: Sequence[tuple[float, float]]

    def run(self, context: Context) -> tuple[float, float]:
        length = max(1, min(round(_BLOCK_S * self.facts.rate_hz), self.facts.frames))
        powers = []
        sources = (self.before.open(), self.after.open())
        try:
            for start in self._starts(length):
                context.token.check()
                blocks = [source.read(start, length) for source in sources]
                found = [np.nan_to_num(block) for block in blocks if block is not None]
                if len(found) == 2:
                    powers.append([float(np.mean(np.square(block))) for block in found])
        finally:
            for source in sources:
                source.close()
        pairs = np.array(powers, np.float64).reshape(-1, 2)
        return gated_level(pairs[:, 0]), gated_level(pairs[:, 1])

    def _starts(self, length: int) -> list[int]:
        each = max(1, _LISTENED // max(1, len(self.spans)))
        starts: set[int] = set()
        for start_s, stop_s in self.spans:
            first = round(start_s * self.facts.rate_hz)
            last = max(first, round(stop_s * self.facts.rate_hz) - length)
            starts.update(np.linspace(first, last, each).astype(np.int64).tolist())
        return sorted(starts)


def gated_level(powers: NDArray[np.float64]) -> float:
    """Decibels of the blocks that are no pauses; -inf for silence."""
    loud = powers[powers > 10 ** (_GATE_DB / 10)]
    if not len(loud):
        return float("-inf")
    loud = loud[loud >= loud.mean() * 10 ** (_RELATIVE_GATE_DB / 10)]
    return float(10 * np.log10(loud.mean()))


def matching_gains(before_db: float, after_db: float) -> tuple[float, float]:
    """Factors that bring the louder version down to the other: up could clip. 12 dB at most."""
    if not np.isfinite(before_db) or not np.isfinite(after_db):
        return 1.0, 1.0
    difference = min(max(before_db - after_db, -12.0), 12.0)
    if difference >= 0:
        return float(10 ** (-difference / 20)), 1.0
    return 1.0, float(10 ** (difference / 20))
