"""Whether an ECG still says the same after cleaning: beats, heart rate, QRS and ST.

Each beat is measured before and after; what noise does to one of them it does at random, so a mean
difference that is large against its scatter is the cleaning's doing.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples
from desktop_ae.core.restore import Removed
from desktop_ae.domains.ecg.rpeaks import Peaks, detect

# Seconds around the R peak: where the QRS complex lies, where the line before it is flat, and a
# stretch of the ST segment (J + 40 to 60 ms, of a QRS complex of usual width).
_QRS_S, _FLAT_S, _ST_S = (-0.06, 0.06), (-0.09, -0.06), (0.09, 0.12)
_SAME_BEAT_S = 0.08
# Beats are looked for in so many leads, those with the largest complexes.
_LEADS = 3
# What is worth a warning: of the ST level, of the QRS complex's height, of the beats.
ST_MV, QRS_SHARE, BEAT_SHARE = 0.1, 0.15, 0.03
_ERRORS = 4.0
_FEW_BEATS = 8
# A record noisier than this has beats of its own in the noise: their number says nothing.
NOISY_DB = -5.0

Numbers = NDArray[np.float64]


class HeartRemoved(Removed):
    """What was removed from an ECG, and what became of its beats.

    before, after, both: beats found in the input, in the output, and in both at the same place.
    """

    def __init__(self, leads: int) -> None:
        super().__init__()
        self.before = self.after = self.both = 0
        self.seconds = 0.0
        # Of each lead: number, sum and sum of squares of the differences, after minus before.
        self._st = np.zeros((3, leads))
        self._qrs = np.zeros((3, leads))

    def compare(
        self, noisy: Samples, cleaned: Samples, rate_hz: float, start: int, stop: int
    ) -> None:
        """Beats of a stretch `(leads, samples)` whose R peaks lie from `start` on, before `stop`.

        Millivolts, no gaps. The same stretch before and after.
        """
        chosen = np.sort(np.argsort(cleaned.std(axis=1))[-_LEADS:])
        found = [_inside(detect(wave[chosen], rate_hz), start, stop) for wave in (noisy, cleaned)]
        before, after = found
        self.before += len(before)
        self.after += len(after)
        same = _near(after, before, _SAME_BEAT_S * rate_hz)
        self.both += int(same.sum())
        self.seconds += (stop - start) / rate_hz
        beats = after[same]
        if len(beats):
            self._measure(noisy, cleaned, beats, rate_hz)

    def include(self, other: Removed) -> None:
        super().include(other)
        if isinstance(other, HeartRemoved):
            self.before += other.before
            self.after += other.after
            self.both += other.both
            self.seconds += other.seconds
            if other._st.shape == self._st.shape:
                self._st += other._st
                self._qrs += other._qrs

    @property
    def st_mv(self) -> float:
        """Change of the ST level in the lead where it is the clearest; 0 if noise explains it."""
        return _worst(self._st, 1.0)

    @property
    def qrs_share(self) -> float:
        """Change of the QRS complex's height, as a share of it; as `st_mv`."""
        return _worst(self._qrs, 1.0)

    @property
    def rate_before(self) -> float:
        """Beats a minute."""
        return 60 * self.before / self.seconds if self.seconds else 0.0

    @property
    def rate_after(self) -> float:
        return 60 * self.after / self.seconds if self.seconds else 0.0

    def _measure(self, noisy: Samples, cleaned: Samples, beats: Peaks, rate_hz: float) -> None:
        heights, levels = [], []
        for wave in (noisy, cleaned):
            complexes = _windows(wave, beats, _QRS_S, rate_hz)
            heights.append(complexes.max(axis=2) - complexes.min(axis=2))
            flat = _windows(wave, beats, _FLAT_S, rate_hz).mean(axis=2)
            levels.append(_windows(wave, beats, _ST_S, rate_hz).mean(axis=2) - flat)
        _add(self._st, levels[1] - levels[0])
        usual = np.median(heights[1], axis=1, keepdims=True).clip(1e-3)
        _add(self._qrs, (heights[1] - heights[0]) / usual)


def _add(sums: Numbers, differences: NDArray[np.float32]) -> None:
    sums[0] += differences.shape[1]
    sums[1] += differences.sum(axis=1)
    sums[2] += np.square(differences).sum(axis=1)


def _worst(sums: Numbers, least: float) -> float:
    """The largest mean difference that stands clear of its own error."""
    count, total, squares = sums
    worst = 0.0
    for n, s, q in zip(count, total, squares, strict=True):
        if n < _FEW_BEATS:
            continue
        mean = s / n
        error = math.sqrt(max(0.0, q / n - mean * mean) / n)
        if abs(mean) > _ERRORS * error * least and abs(mean) > abs(worst):
            worst = float(mean)
    return worst


def _windows(
    waves: Samples, beats: Peaks, around_s: tuple[float, float], rate_hz: float
) -> NDArray[np.float32]:
    """`(leads, beats, samples)`, the last sample repeated beyond the end."""
    places = np.arange(round(around_s[0] * rate_hz), round(around_s[1] * rate_hz) + 1)
    chosen = (beats[:, None] + places).clip(0, waves.shape[1] - 1)
    return np.asarray(waves[:, chosen], np.float32)


def _inside(peaks: Peaks, start: int, stop: int) -> Peaks:
    return peaks[(peaks >= start) & (peaks < stop)]


def _near(peaks: Peaks, others: Peaks, reach: float) -> NDArray[np.bool_]:
    """For each peak whether one of the others is within reach."""
    if not len(others) or not len(peaks):
        return np.zeros(len(peaks), np.bool_)
    at = np.searchsorted(others, peaks)
    right = np.abs(others[at.clip(max=len(others) - 1)] - peaks)
    left = np.abs(others[(at - 1).clip(min=0)] - peaks)
    return np.asarray(np.minimum(left, right) <= reach, np.bool_)
