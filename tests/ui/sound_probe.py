"""What the tests of the sound view share: sounds made of numbers, and a device that is pulled."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from desktop_ae.core.library import ModelLibrary
from desktop_ae.jobs import Context, Job
from desktop_ae.ui.errands import VIEW, Errands, OnDone, OnFailed
from desktop_ae.ui.sound_data import Facts, Samples, SoundFunctions
from desktop_ae.ui.sound_tape import Frames

RATE_HZ = 8000


def tone(seconds: float = 4.0, pitch_hz: float = 440.0, channels: int = 1) -> Samples:
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    wave = np.tile(0.5 * np.sin(2 * np.pi * pitch_hz * times), (channels, 1))
    return np.asarray(wave, np.float32)


def counted(frames: int = 4 * RATE_HZ) -> Samples:
    """Each sample says which frame it is."""
    return np.asarray(np.arange(frames)[None] / 2**17, np.float32)


def scaled(samples: Samples, share: float) -> Samples:
    return np.asarray(samples * np.float32(share), np.float32)


class ArraySource:
    """See sound_tape.PcmSource."""

    def __init__(self, samples: Samples, whole: Callable[[int, int], bool] | None = None) -> None:
        self._samples = samples
        self._whole = whole
        self.closed = False

    def read(self, start: int, count: int) -> Samples | None:
        if self._whole is not None and not self._whole(start, count):
            return None
        part = self._samples[:, start : start + count]
        return np.pad(part, ((0, 0), (0, count - part.shape[1])))

    def close(self) -> None:
        self.closed = True


class Shelf:
    """Recordings by path, with all that the domain would do for them."""

    def __init__(self) -> None:
        self.sounds: dict[Path, Samples] = {}
        self.asked: list[tuple[str, float, float]] = []
        self.built: set[Path] = set()
        self.build: Callable[..., None] = self._build
        self.broken: Exception | None = None

    def add(self, name: str, samples: Samples) -> Path:
        path = Path("/sounds") / name
        self.sounds[path] = samples
        return path

    @property
    def functions(self) -> SoundFunctions:
        return SoundFunctions(
            facts=self._facts,
            peaks=self._peaks,
            spectrogram=self._spectrogram,
            open=self._open,
            overview=lambda path, frames: self.sounds[path][:, :frames],
            spectrogram_of=_part_of,
            build=lambda path, check, report: self.build(path, check, report),
            is_built=self.built.__contains__,
            release=lambda: None,
        )

    def _build(
        self, path: Path, check: Callable[[], object], report: Callable[[float], object]
    ) -> None:
        check()
        report(1.0)
        self.built.add(path)

    def _facts(self, path: Path) -> Facts:
        if self.broken:
            raise self.broken
        channels, frames = self.sounds[path].shape
        return Facts(RATE_HZ, channels, frames, "8 kHz · mono")

    def _peaks(self, path: Path, columns: int, start_s: float, stop_s: float) -> Samples:
        self.asked.append(("peaks", start_s, stop_s))
        part = self._part(path, start_s, stop_s)
        edges = np.linspace(0, part.shape[1], columns, endpoint=False).astype(np.int64)
        least = np.minimum.reduceat(part, edges, axis=1)
        return np.stack([least, np.maximum.reduceat(part, edges, axis=1)], axis=-1)

    def _spectrogram(
        self, path: Path, start_s: float, stop_s: float, columns: int, rows: int
    ) -> Samples:
        self.asked.append(("spectrogram", start_s, stop_s))
        return spectrogram_of(self._part(path, start_s, stop_s), RATE_HZ, columns, rows)

    def _open(self, path: Path) -> ArraySource:
        return ArraySource(self.sounds[path])

    def _part(self, path: Path, start_s: float, stop_s: float) -> Samples:
        first = round(start_s * RATE_HZ)
        return self.sounds[path][:, first : max(first + 1, round(stop_s * RATE_HZ))]


def _part_of(
    samples: Samples, rate_hz: float, start_s: float, stop_s: float, columns: int, rows: int
) -> Samples:
    part = samples[:, round(start_s * rate_hz) : round(stop_s * rate_hz)]
    return spectrogram_of(part, rate_hz, columns, rows)


def spectrogram_of(samples: Samples, rate_hz: float, columns: int, rows: int) -> Samples:
    """Decibels of short stretches, one a column."""
    size = 2 * rows
    padded = np.pad(samples.mean(axis=0), (size // 2, size))
    starts = np.linspace(0, samples.shape[1], columns, endpoint=False).astype(np.int64)
    frames = padded[starts[:, None] + np.arange(size)] * np.hanning(size)
    power = np.abs(np.fft.rfft(frames, axis=1)[:, :rows]) ** 2 / (size / 4) ** 2
    return np.asarray(10 * np.log10(power.T + 1e-14), np.float32)


class AtHand(Errands):
    """Errands that wait until the test does them, in this thread."""

    def __init__(self) -> None:
        QObject.__init__(self)
        self._ids = itertools.count(1)
        self.left: list[tuple[int, int, Job, OnDone, OnFailed | None]] = []

    def ask(
        self, job: Job, on_done: OnDone, on_failed: OnFailed | None = None, urgency: int = VIEW
    ) -> int:
        number = next(self._ids)
        self.left.append((-urgency, number, job, on_done, on_failed))
        return number

    def drop(self, errand_id: int) -> None:
        self.left = [errand for errand in self.left if errand[1] != errand_id]

    def do_one(self) -> Job:
        chosen = min(self.left, key=lambda errand: errand[:2])
        self.left.remove(chosen)
        _, _, job, on_done, on_failed = chosen
        try:
            result = job.run(Context(ModelLibrary([])))
        except Exception as error:
            if on_failed:
                on_failed(error)
        else:
            on_done(result)
        return job

    def do_all(self) -> None:
        for _ in range(1000):
            if not self.left:
                return
            self.do_one()
        raise AssertionError("one errand asks for the next without an end")


class HandPulled(QObject):
    """Speakers that give what the test asks them for. See sound_speakers.Speakers."""

    looked = Signal(object)
    broke = Signal()

    def __init__(self, found: bool = True) -> None:
        super().__init__()
        self.found = found
        self.pull: Callable[[int], Frames] | None = None
        self.rate_hz = 0

    def look(self) -> None:
        self.looked.emit(self.found)

    def start(self, rate_hz: int, pull: Callable[[int], Frames]) -> None:
        self.rate_hz, self.pull = rate_hz, pull

    def stop(self) -> None:
        self.pull = None

    def delay_s(self) -> float:
        return 0.0
