"""What a window draws of a sound: peaks of any stretch, and its spectrogram. No torch."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples
from desktop_ae.core.saving import replace_file
from desktop_ae.domains.audio.facts import Facts
from desktop_ae.domains.audio.files import open_source
from desktop_ae.domains.audio.spectrum import spectrum_columns

# Frames of the finest step of a pyramid, and how many steps make one of the next level.
STEP_FRAMES = 256
FACTOR = 4
LEAST_STEPS = 512
# Narrower columns are read from the file: that is less than a minute for a screen's width.
DIRECT_FRAMES = 2 * STEP_FRAMES

Peaks = NDArray[np.float32]
Level = NDArray[np.float16]


class Pyramid:
    """Least, greatest and root mean square of a sound's every 256 frames, and of coarser steps.

    levels: `(channels, steps, 3)` float16 each: three hours in stereo at 48 kHz take 33 MB.
    """

    def __init__(self, rate_hz: int, frames: int, levels: list[Level]) -> None:
        self.rate_hz = rate_hz
        self.frames = frames
        self.levels = levels

    @property
    def seconds(self) -> float:
        return self.frames / self.rate_hz

    def peaks(self, columns: int, start_s: float, stop_s: float) -> Peaks:
        """`(channels, columns, 2)`: least and greatest of each column. Outside of the sound: 0."""
        return self._columns(columns, start_s, stop_s)[..., :2]

    def rms(self, columns: int, start_s: float, stop_s: float) -> NDArray[np.float32]:
        """`(channels, columns)`: root mean square of each column."""
        return self._columns(columns, start_s, stop_s)[..., 2]

    def save(self, path: Path) -> None:
        """Raises OSError."""
        arrays = {f"level_{i}": level for i, level in enumerate(self.levels)}
        with replace_file(path) as scratch, scratch.open("wb") as file:
            np.savez(file, about=np.array([self.rate_hz, self.frames]), **arrays)  # type: ignore[arg-type]

    @staticmethod
    def load(path: Path) -> Pyramid | None:
        """None if there is none, or it is broken."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
                rate_hz, frames = (int(v) for v in found["about"])
                levels = [found[f"level_{i}"] for i in range(len(found.files) - 1)]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        return Pyramid(rate_hz, frames, levels)

    def _columns(self, columns: int, start_s: float, stop_s: float) -> Peaks:
        width = (stop_s - start_s) * self.rate_hz / max(1, columns)
        step, level = STEP_FRAMES, self.levels[0]
        for coarser in self.levels[1:]:
            if step * FACTOR > width:
                break
            step, level = step * FACTOR, coarser
        start, stop = start_s * self.rate_hz / step, stop_s * self.rate_hz / step
        return reduced_to_columns(level, columns, start, stop)


class PyramidBuilder:
    """Makes a Pyramid of blocks of any length, as they come by."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate_hz = rate_hz
        self._rest: Samples = np.zeros((channels, 0), np.float32)
        self._steps: list[Level] = []
        self._frames = 0

    def push(self, samples: Samples) -> None:
        """`(channels, frames)`."""
        self._frames += samples.shape[1]
        waiting = np.concatenate([self._rest, samples], axis=1) if self._rest.size else samples
        whole = waiting.shape[1] // STEP_FRAMES * STEP_FRAMES
        if whole:
            self._steps.append(_steps(waiting[:, :whole]))
        self._rest = waiting[:, whole:].copy()

    def finish(self) -> Pyramid:
        if self._rest.shape[1]:
            missing = STEP_FRAMES - self._rest.shape[1]
            self._steps.append(_steps(np.pad(self._rest, ((0, 0), (0, missing)), "edge")))
        channels = len(self._rest)
        empty = np.zeros((channels, 1, 3), np.float16)
        levels = [np.concatenate(self._steps, axis=1) if self._steps else empty]
        while levels[-1].shape[1] > LEAST_STEPS:
            levels.append(_coarser(levels[-1]))
        return Pyramid(self._rate_hz, self._frames, levels)


def build_pyramid(
    path: Path,
    cache: Path | None = None,
    check: Callable[[], object] = lambda: None,
    report: Callable[[float], object] = lambda share: None,
) -> Pyramid:
    """Read a whole file once; the next time it comes from the folder `cache`, if one is given.

    check: called between blocks; may raise. report: gets the share that is done.
    Raises FileError as `open_sound`.
    """
    kept = cache / _cache_name(path) if cache else None
    if kept and (found := Pyramid.load(kept)):
        return found
    source = open_source(path)
    try:
        facts = source.facts
        builder = PyramidBuilder(facts.rate_hz, facts.channels)
        done = 0
        for block in source.blocks():
            check()
            builder.push(block)
            done += block.shape[1]
            report(done / facts.frames)
    finally:
        source.close()
    made = builder.finish()
    if kept:
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            made.save(kept)
        except OSError:  # no room for it: it is made again the next time
            return made
    return made


class SoundScope:
    """A file held open to be looked at in any stretch. For one thread."""

    def __init__(self, path: Path, pyramid: Pyramid | None = None) -> None:
        self._source = open_source(path)
        self.pyramid = pyramid

    @property
    def facts(self) -> Facts:
        return self._source.facts

    def peaks(self, columns: int, start_s: float, stop_s: float) -> Peaks:
        """`(channels, columns, 2)` float32: least and greatest of each column; outside 0.

        Wide columns come from the pyramid, if there is one; or else all of the stretch is read.
        """
        facts = self.facts
        start, stop = start_s * facts.rate_hz, stop_s * facts.rate_hz
        width = (stop - start) / max(1, columns)
        if width < DIRECT_FRAMES:
            first = max(0, int(start))
            samples = self.samples(first, min(facts.frames, int(np.ceil(stop)) + 1))
            both = np.repeat(samples[..., None], 2, axis=2)
            return reduced_to_columns(both, columns, start - first, stop - first)
        if self.pyramid is not None:
            return self.pyramid.peaks(columns, start_s, stop_s)
        first = max(0, int(start)) // STEP_FRAMES * STEP_FRAMES
        builder = PyramidBuilder(facts.rate_hz, facts.channels)
        for block in self._source.blocks(first, min(facts.frames, int(np.ceil(stop)))):
            builder.push(block)
        offset = first / facts.rate_hz
        return builder.finish().peaks(columns, start_s - offset, stop_s - offset)

    def spectrogram(
        self, start_s: float, stop_s: float, columns: int, rows: int
    ) -> NDArray[np.float32]:
        """`(rows, columns)` float32, dB of a full-scale sine, at least -140; row 0 is the lowest,
        and the last ends at half of the sample rate. All channels together. Outside: -140.
        """
        plain = self.facts.depth != "" and self.facts.container not in {"FLAC", "M4A", "CAF"}
        return spectrum_columns(self._source, start_s, stop_s, columns, rows, plain)

    def samples(self, start: int, stop: int) -> Samples:
        """`(channels, frames)` of a stretch that fits into memory."""
        blocks = list(self._source.blocks(start, stop)) if stop > start else []
        empty = np.zeros((self.facts.channels, 0), np.float32)
        return np.concatenate([empty, *blocks], axis=1)

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> SoundScope:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def peaks(path: Path, columns: int, start_s: float, stop_s: float) -> Peaks:
    """See `SoundScope.peaks`."""
    with SoundScope(path) as scope:
        return scope.peaks(columns, start_s, stop_s)


def spectrogram(
    path: Path, start_s: float, stop_s: float, columns: int, rows: int
) -> NDArray[np.float32]:
    """See `SoundScope.spectrogram`."""
    with SoundScope(path) as scope:
        return scope.spectrogram(start_s, stop_s, columns, rows)


def reduced_to_columns(level: NDArray[Any], columns: int, start: float, stop: float) -> Peaks:
    """`(channels, steps, 2 or 3)` of least, greatest and root mean square, for columns of steps.

    start, stop: in steps, and outside of them allowed. A column narrower than a step shows it.
    """
    steps = level.shape[1]
    found = np.zeros((len(level), columns, level.shape[2]), np.float32)
    edges = np.floor(np.linspace(start, stop, columns + 1) + 1e-9).astype(np.int64)
    edges[-1] = max(edges[-1], int(np.ceil(stop - 1e-9)))  # what is left of a step counts as well
    inside = (edges[:-1] < steps) & (np.maximum(edges[1:], edges[:-1] + 1) > 0)
    if steps == 0 or not inside.any():
        return found
    begins = edges[:-1][inside].clip(0, steps - 1)
    end = int(min(steps, max(edges[1:][inside][-1], begins[-1] + 1)))
    part = level[:, :end].astype(np.float32)
    found[:, inside, 0] = np.minimum.reduceat(part[..., 0], begins, axis=1)
    found[:, inside, 1] = np.maximum.reduceat(part[..., 1], begins, axis=1)
    if level.shape[2] > 2:
        sums = np.add.reduceat(part[..., 2] ** 2, begins, axis=1)
        counts = np.maximum(1, np.diff(np.append(begins, end)))
        found[:, inside, 2] = np.sqrt(sums / counts)
    return found


def _steps(samples: Samples) -> Level:
    shaped = samples.reshape(len(samples), -1, STEP_FRAMES)
    rms = np.sqrt(np.mean(shaped**2, axis=2))
    found = np.stack([shaped.min(axis=2), shaped.max(axis=2), rms], axis=2)
    most = np.finfo(np.float16).max
    return found.clip(-most, most).astype(np.float16)


def _coarser(level: Level) -> Level:
    missing = -level.shape[1] % FACTOR
    padded = np.pad(level, ((0, 0), (0, missing), (0, 0)), "edge").astype(np.float32)
    shaped = padded.reshape(len(level), -1, FACTOR, 3)
    rms = np.sqrt(np.mean(shaped[..., 2] ** 2, axis=2))
    found = np.stack([shaped[..., 0].min(axis=2), shaped[..., 1].max(axis=2), rms], axis=2)
    return found.astype(np.float16)


def _cache_name(path: Path) -> str:
    """Changes with the file."""
    stat = path.stat() if path.exists() else None
    told = f"{path.absolute()}|{stat.st_size if stat else 0}|{stat.st_mtime_ns if stat else 0}|1"
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:32] + ".peaks"
