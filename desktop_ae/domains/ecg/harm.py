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
_LEAST_QRS_MV = 0.1
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
        # Sums of the complexes, `(before and after, leads, samples)`, and of the squares of their
        # differences. Of a mean complex noise is gone; in the height of a single one it adds up.
        self._complexes = np.zeros((2, leads, 0))
        self._scatter = np.zeros(leads)
        self._beats = 0

    def compare(
        self,
        noisy: Samples,
        cleaned: Samples,
        rate_hz: float,
        start: int,
        stop: int,
        gap_s: float = 0.0,
    ) -> None:
        """Beats of a stretch `(leads, samples)` whose R peaks lie from `start` on, before `stop`.

        Millivolts, gaps bridged. The same stretch before and after. gap_s: how long all leads of
        that part were silent together.
        """
        chosen = np.sort(np.argsort(cleaned.std(axis=1))[-_LEADS:])
        found = [_inside(detect(wave[chosen], rate_hz), start, stop) for wave in (noisy, cleaned)]
        before, after = found
        self.before += len(before)
        self.after += len(after)
        same = _near(after, before, _SAME_BEAT_S * rate_hz)
        self.both += int(same.sum())
        self.seconds += (stop - start) / rate_hz - gap_s
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
                self._add_complexes(other._complexes, other._scatter, other._beats)

    @property
    def st_mv(self) -> float:
        """Change of the ST level in the lead where it is the clearest; 0 if noise explains it."""
        return _worst(self._st)

    @property
    def qrs_share(self) -> float:
        """Change of the mean QRS complex's height, as a share of it; as `st_mv`."""
        if self._beats < _FEW_BEATS or not self._complexes.shape[2]:
            return 0.0
        before, after = np.ptp(self._complexes / self._beats, axis=2)
        samples = self._complexes.shape[2]
        errors = np.sqrt(2 * self._scatter / self._beats / samples / self._beats)
        change = np.where(np.abs(after - before) > _ERRORS * errors, after - before, 0.0)
        shares = np.where(before > _LEAST_QRS_MV, change / before.clip(_LEAST_QRS_MV), 0.0)
        return float(shares[np.argmax(np.abs(shares))])

    @property
    def rate_before(self) -> float:
        """Beats a minute."""
        return 60 * self.before / self.seconds if self.seconds > 0 else 0.0

    @property
    def rate_after(self) -> float:
        return 60 * self.after / self.seconds if self.seconds > 0 else 0.0

    def _measure(self, noisy: Samples, cleaned: Samples, beats: Peaks, rate_hz: float) -> None:
        complexes, levels = [], []
        for wave in (noisy, cleaned):
            flat = _windows(wave, beats, _FLAT_S, rate_hz).mean(axis=2)
            complexes.append(_windows(wave, beats, _QRS_S, rate_hz) - flat[:, :, None])
            levels.append(_windows(wave, beats, _ST_S, rate_hz).mean(axis=2) - flat)
        _add(self._st, levels[1] - levels[0])
        sums = np.stack([part.sum(axis=1, dtype=np.float64) for part in complexes])
        scatter = np.square(complexes[1] - complexes[0]).sum(axis=(1, 2), dtype=np.float64)
        self._add_complexes(sums, scatter, len(beats))

    def _add_complexes(self, sums: Numbers, scatter: Numbers, beats: int) -> None:
        if not self._complexes.shape[2]:
            self._complexes = np.zeros_like(sums)
        if sums.shape == self._complexes.shape:  # of another rate they are, in another piece
            self._complexes += sums
            self._scatter += scatter
            self._beats += beats


def _add(sums: Numbers, differences: NDArray[np.float32]) -> None:
    sums[0] += differences.shape[1]
    sums[1] += differences.sum(axis=1)
    sums[2] += np.square(differences).sum(axis=1)


def _worst(sums: Numbers) -> float:
    """The largest mean difference that stands clear of its own error."""
    count, total, squares = sums
    worst = 0.0
    for n, s, q in zip(count, total, squares, strict=True):
        if n < _FEW_BEATS:
            continue
        mean = s / n
        error = math.sqrt(max(0.0, q / n - mean * mean) / n)
        if abs(mean) > _ERRORS * error and abs(mean) > abs(worst):
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
