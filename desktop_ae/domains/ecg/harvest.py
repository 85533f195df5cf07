"""What a noisy recording tells of its own noise: the heart repeats itself, the noise does not.

Beats are averaged with those around them; what is left when each beat's average is taken away, and
all that lies between the beats, is noise (coherent averaging: Rompelman and Ros 1986).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples
from desktop_ae.domains.ecg.recipes import RATE_HZ
from desktop_ae.domains.ecg.rpeaks import Peaks, moving_mean

# How far a beat reaches before and behind its R peak, in seconds and at most so much of the usual
# distance of beats.
_BEFORE_S, _BEFORE_SHARE = 0.30, 0.35
_BEHIND_S, _BEHIND_SHARE = 0.50, 0.60
# A beat's average is the median of so many beats on either side of it: hearts change slowly.
_BESIDE = 30
# Where it leaves so much more than the noise around, that beat is of another sort: of those that
# look most like it, so many are averaged instead. Others would be chosen by their noise.
_UNLIKE, _ALIKE = 2.5, 12
# Fewer beats have no average.
LEAST_BEATS = 5
# Where what is left is so much louder than what lies between the beats, it is heart and not noise.
_LOUDER = 1.5
_NEAR_S, _SLOW_S, _AROUND_S, _LEAST_BETWEEN, _LEAST_MV = 0.1, 0.2, 6.0, 0.02, 1e-3


@dataclass(frozen=True, slots=True)
class Harvest:
    """A lead taken apart; `(samples,)` at RATE_HZ, millivolts.

    heart: the averaged beats where they were found, on a flat line. noise: what else the lead
    holds. between: True where no beat is.
    """

    heart: Samples
    noise: Samples
    between: NDArray[np.bool_]

    @property
    def snr_db(self) -> float:
        """Of the heart over noise that can hide it; wander cannot."""
        hiding = self.noise - moving_mean(self.noise, _SLOW_S * RATE_HZ)
        return _decibels(np.var(self.heart), np.var(hiding))

    def left_db(self, cleaned: Samples, start: int, stop: int) -> float:
        """What a stretch of the cleaned lead holds between the beats, in dB of the heart."""
        between = cleaned[start:stop][self.between[start:stop]]
        return _decibels(np.var(between) if between.size else np.var(cleaned), np.var(self.heart))


def harvested(noisy: Samples, cleaned: Samples, peaks: Peaks) -> Harvest | None:
    """Take a lead `(samples,)` apart; None with fewer than LEAST_BEATS whole beats.

    cleaned: the same lead as a model gives it, or as it is. Its beats are averaged: noise that is
    gone already need not be averaged out.
    """
    before, behind = _reach(peaks)
    inside = peaks[(peaks >= before) & (peaks < len(noisy) - behind)]
    if len(inside) < LEAST_BEATS:
        return None
    between = np.ones(len(noisy), np.bool_)
    for peak in peaks.tolist():
        between[max(0, peak - before) : peak + behind] = False
    places = inside[:, None] + np.arange(-before, behind)
    beats = cleaned[places]
    usual = _usual(beats)
    odd = _loudness(cleaned - _laid(usual, places, len(noisy)), between)[inside] > _UNLIKE
    usual[odd] = _alike(beats, np.flatnonzero(odd))
    heart = _laid(usual, places, len(noisy))
    rest = noisy - heart
    return Harvest(heart, _no_louder(rest - np.median(rest), between), between)


def joined(pieces: Samples, step: int) -> Samples:
    """`(pieces, samples)`, each beginning `step` behind the last, as one signal: where two overlap
    one fades into the other, with weights that add up to 1.
    """
    length = pieces.shape[1]
    ramp = (np.arange(length - step) + 0.5) / max(1, length - step)
    whole = np.zeros(step * (len(pieces) - 1) + length, np.float32)
    for number, piece in enumerate(pieces):
        weight = np.ones(length, np.float32)
        if number:
            weight[: length - step] = ramp
        if number < len(pieces) - 1:
            weight[step:] = np.minimum(weight[step:], 1 - ramp)
        whole[number * step : number * step + length] += weight * piece
    return whole


def _decibels(power: np.floating, other: np.floating) -> float:
    return 10 * math.log10((float(power) + 1e-12) / (float(other) + 1e-12))


def _reach(peaks: Peaks) -> tuple[int, int]:
    """Samples of a beat before and from its R peak."""
    usual = float(np.median(np.diff(peaks))) if len(peaks) > 1 else float(RATE_HZ)
    before = min(_BEFORE_S * RATE_HZ, _BEFORE_SHARE * usual)
    return round(before), round(min(_BEHIND_S * RATE_HZ, _BEHIND_SHARE * usual))


def _usual(beats: Samples) -> Samples:
    """Of each of `(beats, samples)` the median of its neighbours."""
    level = beats - beats.mean(axis=1, keepdims=True)
    near = (level[max(0, one - _BESIDE) : one + _BESIDE + 1] for one in range(len(level)))
    return _from_zero(np.stack([np.median(some, axis=0) for some in near]))


def _alike(beats: Samples, chosen: NDArray[np.int64]) -> Samples:
    """Of each chosen beat the mean of those that look most like it, itself left out."""
    level = beats - beats.mean(axis=1, keepdims=True)
    unit = level / np.sqrt(np.square(level).sum(axis=1, keepdims=True) + 1e-12)
    likeness = unit[chosen] @ unit.T
    likeness[np.arange(len(chosen)), chosen] = -2
    count = min(_ALIKE, len(beats) - 1)
    others = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
    return _from_zero(level[others].mean(axis=1))


def _from_zero(beats: Samples) -> Samples:
    """The beats `(beats, samples)` so that each begins and ends at 0."""
    length = beats.shape[1]
    edge, fade = max(2, length // 32), max(2, length // 8)
    first, last = beats[:, :edge].mean(axis=1), beats[:, -edge:].mean(axis=1)
    level = beats - np.linspace(first, last, length, axis=1)
    ramp = (1 - np.cos(np.pi * (np.arange(fade) + 0.5) / fade)) / 2
    level[:, :fade] *= ramp
    level[:, -fade:] *= ramp[::-1]
    return np.asarray(level, np.float32)


def _laid(beats: Samples, places: NDArray[np.int64], samples: int) -> Samples:
    """Beats `(beats, samples)` at their places, on a flat line."""
    whole = np.zeros(samples, np.float32)
    np.add.at(whole, places, beats)
    return whole


def _loudness(rest: Samples, between: NDArray[np.bool_]) -> Samples:
    """Of what is left of a lead, sample by sample, against what lies between the beats around."""
    power = np.square(rest - moving_mean(rest, _SLOW_S * RATE_HZ))
    near = np.sqrt(moving_mean(power, _NEAR_S * RATE_HZ))
    share = moving_mean(between.astype(np.float32), _AROUND_S * RATE_HZ)
    around = np.sqrt(moving_mean(power * between, _AROUND_S * RATE_HZ) / share.clip(1e-3))
    # Where beats follow so fast that nothing is between them, all are compared with the usual one.
    usual = np.where(share > _LEAST_BETWEEN, around, np.median(near))
    return np.asarray(near / usual.clip(_LEAST_MV), np.float32)


def _no_louder(rest: Samples, between: NDArray[np.bool_]) -> Samples:
    """What is left of a lead, damped where it is louder than what lies between the beats."""
    slow = moving_mean(rest, _SLOW_S * RATE_HZ)
    gain = np.minimum(1, _LOUDER / _loudness(rest, between).clip(1e-6))
    return np.asarray(slow + gain * (rest - slow), np.float32)
