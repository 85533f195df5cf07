"""What the compare view needs of the audio domain, which is imported when it is first called."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from desktop_ae.places import user_cache
from desktop_ae.ui.sound_data import Facts, Samples, SoundFunctions
from desktop_ae.ui.sound_tape import PcmSource

if TYPE_CHECKING:
    from desktop_ae.domains.audio import facts as domain
    from desktop_ae.domains.audio.peaks import Pyramid, SoundScope

_OPEN_FILES = 2  # before and after
_PYRAMIDS = 8
_CACHED_FILES = 64


def sound_functions() -> SoundFunctions:
    """Functions that share what they hold open; `release` lets go of that."""
    engine = _SoundEngine()
    return SoundFunctions(
        facts=engine.facts,
        peaks=engine.peaks,
        spectrogram=engine.spectrogram,
        open=_open,
        overview=_overview,
        spectrogram_of=_spectrogram_of,
        build=engine.build,
        is_built=engine.is_built,
        release=engine.release,
    )


class _SoundEngine:
    """Holds the files that are looked at, and what was measured of them.

    `build`, `is_built`: from any thread. The others: from one.
    """

    def __init__(self) -> None:
        self._scopes: OrderedDict[Path, SoundScope] = OrderedDict()
        self._pyramids: OrderedDict[Path, Pyramid] = OrderedDict()
        self._lock = threading.Lock()

    def facts(self, path: Path) -> Facts:
        found = self._scope(path).facts
        return Facts(float(found.rate_hz), found.channels, found.frames, found.about)

    def peaks(self, path: Path, columns: int, start_s: float, stop_s: float) -> Samples:
        scope = self._scope(path)
        with self._lock:
            scope.pyramid = self._pyramids.get(path)
        return scope.peaks(columns, start_s, stop_s)

    def spectrogram(
        self, path: Path, start_s: float, stop_s: float, columns: int, rows: int
    ) -> Samples:
        return self._scope(path).spectrogram(start_s, stop_s, columns, rows)

    def build(
        self, path: Path, check: Callable[[], object], report: Callable[[float], object]
    ) -> None:
        from desktop_ae.domains.audio.peaks import build_pyramid

        cache = user_cache() / "peaks"
        made = build_pyramid(path, cache, check, report)
        with self._lock:
            self._pyramids[path] = made
            while len(self._pyramids) > _PYRAMIDS:
                self._pyramids.popitem(last=False)
        _prune(cache)

    def is_built(self, path: Path) -> bool:
        with self._lock:
            return path in self._pyramids

    def release(self) -> None:
        for scope in self._scopes.values():
            scope.close()
        self._scopes.clear()

    def _scope(self, path: Path) -> SoundScope:
        from desktop_ae.domains.audio.peaks import SoundScope

        scope = self._scopes.get(path)
        if scope is None:
            scope = self._scopes[path] = SoundScope(path)
            while len(self._scopes) > _OPEN_FILES:
                self._scopes.popitem(last=False)[1].close()
        self._scopes.move_to_end(path)
        return scope


class _FileSource:
    """See sound_tape.PcmSource. Reading on is cheap; anywhere else, the file is gone to."""

    def __init__(self, path: Path) -> None:
        from desktop_ae.domains.audio.files import open_source

        self._source = open_source(path)
        self._blocks: Iterator[Samples] = iter(())
        self._held = np.zeros((self._source.facts.channels, 0), np.float32)
        self._start = -1  # of what is held

    def read(self, start: int, count: int) -> Samples:
        stop = min(start + count, self._source.facts.frames)
        if not self._start <= start <= self._start + self._held.shape[1]:
            self._blocks = self._source.blocks(start)
            self._held, self._start = self._held[:, :0], start
        while self._start + self._held.shape[1] < stop:
            block = next(self._blocks, None)
            if block is None:
                break
            over = min(start - self._start, self._held.shape[1])
            self._held = np.concatenate([self._held[:, over:], block], axis=1)
            self._start += over
        part = self._held[:, start - self._start :][:, :count]
        return np.pad(part, ((0, 0), (0, count - part.shape[1])))

    def close(self) -> None:
        self._source.close()


class _MemorySource:
    """See the domain's Source: samples that are in memory."""

    def __init__(self, samples: Samples, rate_hz: float) -> None:
        from desktop_ae.domains.audio.facts import Facts as DomainFacts

        channels, frames = samples.shape
        self._samples = samples
        self._facts = DomainFacts(Path(), "", "", round(rate_hz), channels, frames)

    @property
    def facts(self) -> domain.Facts:
        return self._facts

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[Samples]:
        yield self._samples[:, start:stop]

    def close(self) -> None:
        pass


def _spectrogram_of(
    samples: Samples, rate_hz: float, start_s: float, stop_s: float, columns: int, rows: int
) -> Samples:
    from desktop_ae.domains.audio.spectrum import spectrum_columns

    source = _MemorySource(samples, rate_hz)
    return spectrum_columns(source, start_s, stop_s, columns, rows, True)


def _open(path: Path) -> PcmSource:
    return _FileSource(path)


def _overview(path: Path, frames: int) -> Samples:
    """As the piece that is cleaned gives it, or the beginning."""
    from desktop_ae.domains.audio.files import open_sound

    with contextlib.closing(open_sound(path)) as reader:
        piece = next(reader.pieces())
        if piece.overview is not None:
            return piece.overview(frames)
        blocks = list(reader.source.blocks(0, min(frames, reader.facts.frames)))
        return np.concatenate(blocks, axis=1)


def _prune(folder: Path) -> None:
    """Keep the newest: each takes some megabytes, and is made again when it is needed."""
    try:
        found = sorted(folder.glob("*.peaks"), key=lambda path: path.stat().st_mtime)
        for old in found[:-_CACHED_FILES]:
            old.unlink()
    except OSError:
        return
