"""Mains hum alone: steady sines at 50 or 60 Hz and their multiples, fitted and subtracted.

Each window of two seconds is explained by sines by weighted least squares, each of which may swell
and drift a little; what a sine explains is taken out only where it stands clearly above its
neighbourhood, so that voices stay whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.domain import Request
from desktop_ae.core.restore import Removed

WINDOW_S = 2.0
HARMONICS = 24
LISTEN_S = 30.0
# A sine is hum if it is so many times stronger than the sound beside it.
_STANDS_OUT = 6.0
# And there is hum at all if two of its lines stand out so much, on average over what is heard.
_IS_HUM = 30.0
_BESIDE_HZ = (-9.0, -6.0, 6.0, 9.0)
# To look for hum, a sound needs no higher rate.
_LOOK_HZ = 4000

Numbers = NDArray[np.float64]


class HumRemoved(Removed):
    """Of hum, so much less than of noise is worth removing: it stands alone in the pauses."""


class HumRestorer:
    """See `core.restore.Restorer`; needs no net. Works on windows that overlap by half."""

    def __init__(self, request: Request) -> None:
        assert request.rate_hz is not None and request.overview is not None
        self.removed = HumRemoved()
        self._check = request.check
        self._strength = np.float32(request.strength)
        self._channels, self._samples = request.shape
        rate_hz = request.rate_hz
        self._hop = int(WINDOW_S * rate_hz / 2)
        mains_hz = find_mains(request.overview(int(LISTEN_S * rate_hz)), rate_hz)
        self._fit = None if mains_hz is None else _Fit(mains_hz, rate_hz, self._hop)
        self._held = np.zeros((self._channels, 0), np.float32)
        self._start = 0  # of the next window, and of what is held
        # What the window before found in the first half of the next one.
        self._half = np.zeros((self._channels, self._hop), np.float32)

    def push(self, block: Clip) -> Iterator[Clip]:
        self._held = np.concatenate([self._held, block.samples], axis=1)
        while self._start < self._samples:
            if self._held.shape[1] < min(2 * self._hop, self._samples - self._start):
                return
            self._check()
            yield self._next()

    def finish(self) -> Iterator[Clip]:
        return iter(())

    def _next(self) -> Clip:
        """Move on by half a window, or by all of the last one; give what is complete then."""
        start, hop = self._start, self._hop
        noisy = self._held[:, : 2 * hop]
        last = start + 2 * hop >= self._samples
        hum = np.zeros_like(noisy)
        if self._fit is not None:
            hum = self._fit.hum(noisy, start == 0, last)
        overlap = min(hop, noisy.shape[1])
        hum[:, :overlap] += self._half[:, :overlap]
        count = noisy.shape[1] if last else hop
        self._half = hum[:, hop:]
        self._held = self._held[:, count:]
        self._start += count
        residual, before = hum[:, :count], noisy[:, :count]
        self.removed.add(residual[:, None], before[:, None])
        return Clip(before - self._strength * residual, start)


class _Fit:
    """Sines of one set of frequencies over windows of twice `hop`."""

    def __init__(self, mains_hz: float, rate_hz: float, hop: int) -> None:
        orders = np.arange(1, HARMONICS + 1)
        self._hz = mains_hz * orders[mains_hz * orders < 0.45 * rate_hz]
        self._hop = hop
        turn = 2 * np.pi * self._hz[:, None] * (np.arange(2 * hop) / rate_hz)
        # float32: at 192 kHz these are 70 MB.
        self._basis = np.empty((2 * len(turn), 2 * hop), np.float32)
        np.cos(turn, out=self._basis[: len(turn)], casting="same_kind")
        np.sin(turn, out=self._basis[len(turn) :], casting="same_kind")
        bins = np.arange(2 * hop) / (2 * hop)
        self._time = np.asarray(2 * bins - 1, np.float32)
        self._rise = np.asarray(np.sin(np.pi * bins[:hop]) ** 2, np.float32)
        self._beside = np.rint((self._hz + np.array(_BESIDE_HZ)[:, None]) * 2 * hop / rate_hz)
        self._gram: tuple[tuple[bool, bool, int], Numbers] | None = None

    def hum(self, noisy: Samples, first: bool, last: bool) -> Samples:
        """`(channels, samples)`, up to twice `hop`: tapered, so that windows laid over each other
        by half add up to the whole, but where the sound begins or ends.
        """
        count = noisy.shape[1]
        taper = self._taper(first, last)[:count]
        basis, time = self._basis[:, :count], self._time[:count]
        gram = self._gram_of(taper, (first, last, count))
        hum = np.empty_like(noisy)
        for channel, wave in enumerate(noisy):
            heard = wave * taper
            target = np.concatenate([basis @ heard, basis @ (heard * time)])
            steady, drifting = np.linalg.solve(gram, target.astype(np.float64)).reshape(2, -1)
            strength = np.square(steady).reshape(2, -1).sum(0)
            stands = np.tile(strength > _STANDS_OUT * self._around(heard, taper), 2)
            amounts = np.asarray((steady * stands, drifting * stands), np.float32)
            sines = amounts @ basis
            hum[channel] = (sines[0] + sines[1] * time) * taper
        return hum

    def _taper(self, first: bool, last: bool) -> Samples:
        flat = np.ones(self._hop, np.float32)
        return np.concatenate([flat if first else self._rise, flat if last else 1 - self._rise])

    def _gram_of(self, taper: Samples, kind: tuple[bool, bool, int]) -> Numbers:
        """All windows but the first and the last have the same."""
        if self._gram is None or self._gram[0] != kind:
            count = kind[2]
            basis, time = self._basis[:, :count], self._time[:count]
            whole, slope, square = (
                (basis * weight) @ basis.T for weight in (taper, taper * time, taper * time**2)
            )
            gram = np.block([[whole, slope], [slope, square]]).astype(np.float64)
            self._gram = kind, gram + 1e-5 * taper.sum() * np.eye(len(gram))
        return self._gram[1]

    def _around(self, heard: Samples, taper: Samples) -> Numbers:
        """Mean strength of what sounds beside each sine, on the side where that is less: a voice
        that comes close to hum does not hide it.
        """
        power = np.square(np.abs(np.fft.rfft(heard, 2 * self._hop)))
        places = np.clip(self._beside.astype(int), 0, len(power) - 1)
        beside: Numbers = power[places].reshape(2, 2, -1).mean(1).min(0)
        return beside * (2 / max(1e-9, float(taper.sum()))) ** 2


def find_mains(heard: Samples, rate_hz: float) -> float | None:
    """The frequency of mains hum in a sound, near 50 or 60 Hz; None if it has none.

    heard: `(channels, samples)`, perhaps parts of the sound that do not belong together: only what
    lies within two seconds is compared.
    """
    # The mean of a few samples is filter enough: what it folds comes down 20 dB beside the lines.
    factor = max(1, int(rate_hz / _LOOK_HZ))
    rate_hz = rate_hz / factor
    few = heard[:, : heard.shape[1] // factor * factor]
    few = few.reshape(len(few), -1, factor).mean(2)
    length = min(few.shape[1], int(WINDOW_S * rate_hz))
    if length < rate_hz:
        return None
    parts = few[:, : few.shape[1] // length * length].reshape(-1, length)
    parts = parts - parts.mean(1, keepdims=True)
    size = 16 * length
    power = np.zeros(size // 2 + 1)
    for part in parts:
        power += np.square(np.abs(np.fft.rfft(part * np.hanning(length), size)))
    step_hz = rate_hz / size
    score, around_hz = max(
        (_standing(power, around + off, step_hz), around + off)
        for around in (50.0, 60.0)
        for off in np.arange(-0.6, 0.6, step_hz / 4)
    )
    if score < _IS_HUM:
        return None
    fine = around_hz + np.arange(-0.15, 0.15, step_hz / 32)
    return float(max(fine, key=lambda hz: _likeness(power, hz, step_hz)))


def _standing(power: Numbers, mains_hz: float, step_hz: float) -> float:
    """By how much the two of the first lines that stand out most do so; some hum has only odd or
    even ones.
    """
    return float(np.sort(_ratios(power, mains_hz, step_hz)[:6])[-2:].mean())


def _likeness(power: Numbers, mains_hz: float, step_hz: float) -> float:
    """How well all lines agree: the higher ones tell the frequency most exactly."""
    return float(np.log(_ratios(power, mains_hz, step_hz) + 1).sum())


def _ratios(power: Numbers, mains_hz: float, step_hz: float) -> Numbers:
    """Each line's power in terms of that beside it."""
    orders = np.arange(1, HARMONICS + 1) * mains_hz / step_hz
    beside = np.mean([_at(power, orders + d / step_hz) for d in _BESIDE_HZ], axis=0)
    ratios: Numbers = _at(power, orders) / np.maximum(beside, 1e-12)
    return ratios


def _at(power: Numbers, places: NDArray[Any]) -> Numbers:
    """Between two bins by a straight line; nothing beyond the last."""
    return np.asarray(np.interp(places, np.arange(len(power)), power, right=0.0), np.float64)
