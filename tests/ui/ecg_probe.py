"""What the tests of the ECG view share: hearts made of numbers, and errands done by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.domain import Options
from desktop_ae.core.errors import Unreadable
from desktop_ae.ui.ecg_data import EcgFunctions, Peaks, Record, Samples, Shelf

RATE_HZ = 250.0
# (seconds from the R peak, width in seconds, height in millivolts in lead II) of P, Q, R, S, T.
WAVES = (
    *((-0.17, 0.025, 0.14), (-0.032, 0.01, -0.11), (0.0, 0.0115, 1.1)),
    *((0.03, 0.011, -0.24), (0.29, 0.05, 0.27)),
)
NAMES = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
# How tall P, Q, R, S and T stand in each lead, against lead II.
_SHAPES: NDArray[np.float64] = np.array(
    [
        (0.6, 0.7, 0.65, 0.6, 0.7),
        (1.0, 1.0, 1.0, 1.0, 1.0),
        (0.5, 0.9, 0.4, 1.0, 0.4),
        (-0.8, -0.8, -0.85, -0.8, -0.85),
        (0.2, 0.4, 0.3, 0.3, 0.3),
        (0.7, 0.9, 0.7, 1.0, 0.7),
        (0.4, 0.0, 0.2, 4.2, -0.4),
        (0.5, 0.0, 0.4, 5.5, 1.6),
        (0.5, 0.2, 0.8, 3.6, 1.7),
        (0.5, 0.7, 1.4, 2.0, 1.5),
        (0.5, 0.9, 1.3, 1.0, 1.2),
        (0.5, 0.9, 1.0, 0.6, 0.9),
    ]
)


def beat_times(seconds: float, bpm: float = 72.0, seed: int = 1) -> NDArray[np.float64]:
    """When a heart beats that breathes, and that beats faster for a while."""
    chance = np.random.default_rng(seed)
    times = [0.4]
    while times[-1] < seconds - 0.5:
        now = times[-1]
        rate = bpm * (
            1 + 0.04 * np.sin(now * 1.5) + 0.25 * np.exp(-(((now % 1800) - 900) ** 2) / 3e4)
        )
        times.append(now + 60 / rate * (1 + 0.01 * chance.standard_normal()))
    return np.array(times[:-1] if times[-1] > seconds - 0.4 else times)


def heartbeats(
    seconds: float, leads: int = 2, rate_hz: float = RATE_HZ, bpm: float = 72.0, seed: int = 1
) -> Samples:
    """A sum of Gaussians for each beat: `(leads, samples)`; two leads are I and II, one is II."""
    count = round(seconds * rate_hz)
    chosen = _SHAPES[1:2] if leads == 1 else _SHAPES[:leads]
    made = np.zeros((leads, count), np.float32)
    for beat in beat_times(seconds, bpm, seed).tolist():
        for wave, (shift, width, height) in enumerate(WAVES):
            first = max(0, round((beat + shift - 4 * width) * rate_hz))
            last = min(count, round((beat + shift + 4 * width) * rate_hz))
            times = np.arange(first, last) / rate_hz - beat - shift
            bump = height * np.exp(-0.5 * (times / width) ** 2)
            made[:, first:last] += chosen[:, wave, None] * bump
    return made


def noise(samples: Samples, rate_hz: float = RATE_HZ, seed: int = 2, share: float = 1.0) -> Samples:
    """The wander of an electrode, mains and muscles, as much as a person at rest has of them."""
    chance = np.random.default_rng(seed)
    leads, count = samples.shape
    times = np.arange(count) / rate_hz
    phases = chance.uniform(0, 6.28, (leads, 4, 1))
    wander = 0.32 * np.sin(2 * np.pi * 0.22 * times + phases[:, 0])
    wander = wander + 0.18 * np.sin(2 * np.pi * 0.07 * times + phases[:, 1])
    mains = 0.05 * np.sin(2 * np.pi * 50 * times + phases[:, 2])
    effort = np.clip(np.sin(2 * np.pi * times / 19 + phases[:, 3]), 0, 1)
    muscle = (0.025 + 0.07 * effort) * chance.standard_normal((leads, count))
    return np.asarray(share * (wander + mains + muscle), np.float32)


def noisy(seconds: float, leads: int = 2, rate_hz: float = RATE_HZ) -> Samples:
    clean = heartbeats(seconds, leads, rate_hz)
    return clean + noise(clean, rate_hz)


@dataclass(frozen=True)
class FakeFacts:
    rate_hz: float
    samples: int
    leads: tuple[str, ...]
    about: str = "250 Hz · 2 leads · 0:30"


class ArraySource:
    """See ecg_data.Source."""

    def __init__(self, samples: Samples, rate_hz: float = RATE_HZ) -> None:
        self._samples = samples
        self.closed = False
        names = NAMES[1:2] if len(samples) == 1 else NAMES[: len(samples)]
        self.facts = FakeFacts(rate_hz, samples.shape[1], names)

    def read(self, start: int, stop: int) -> Samples:
        assert 0 <= start <= stop <= self.facts.samples
        return self._samples[:, start:stop]

    def close(self) -> None:
        self.closed = True


class Cabinet:
    """Recordings by path, with all that the domain would do for them."""

    def __init__(self, rate_hz: float = RATE_HZ) -> None:
        self.rate_hz = rate_hz
        self.records: dict[Path, Samples] = {}
        self.opened: list[tuple[Path, Options]] = []
        self.broken: Exception | None = None
        self.gone: Path | None = None

    def add(self, name: str, samples: Samples) -> Path:
        path = Path("/hearts") / name
        self.records[path] = samples
        return path

    @property
    def functions(self) -> EcgFunctions:
        return EcgFunctions(self._open, detect)

    def shelf(self) -> Shelf:
        return Shelf(self.functions)

    def record(self, name: str, samples: Samples) -> Record:
        return Record(self.add(name, samples))

    def _open(self, path: Path, options: Options) -> ArraySource:
        self.opened.append((path, options))
        if self.broken:
            raise self.broken
        if path == self.gone:
            raise Unreadable(path, "It is gone.")
        return ArraySource(self.records[path], self.rate_hz)


def detect(samples: Samples, rate_hz: float) -> Peaks:
    """The tops of what stands out of its last lead, at least a third of a second apart."""
    lead = np.nan_to_num(samples[-1])
    lead = lead - np.median(lead)
    places = np.flatnonzero(lead > 0.5 * max(float(lead.max()), 1e-6))
    peaks: list[int] = []
    for place in places.tolist():
        if peaks and place - peaks[-1] < rate_hz / 3:
            if lead[place] > lead[peaks[-1]]:
                peaks[-1] = place
        else:
            peaks.append(place)
    return np.array(peaks, np.int64)
