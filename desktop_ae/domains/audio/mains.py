"""Mains hum alone: steady sines at 50 or 60 Hz and their multiples, fitted and subtracted.

Each window of two seconds is explained by sines by weighted least squares; what a sine explains is
taken out only where it stands clearly above its neighbourhood, so that voices stay whole.
"""

from __future__ import annotations

from collections.abc import Iterator

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
# And there is hum at all if two of its lines stand out so much over eight seconds.
_IS_HUM = 40.0
_BESIDE_HZ = (-9.0, -6.0, 6.0, 9.0)


class HumRestorer:
    """See `core.restore.Restorer`; needs no net. Works on windows that overlap by half."""

    def __init__(self, request: Request) -> None:
        assert request.rate_hz is not None and request.overview is not None
        self.removed = Removed()
        self._check = request.check
        self._strength = np.float32(request.strength)
        self._channels, self._samples = request.shape
        rate_hz = request.rate_hz
        self._hop = int(WINDOW_S * rate_hz / 2)
        mains_hz = find_mains(request.overview(int(LISTEN_S * rate_hz)).mean(0), rate_hz)
        self._fit = None if mains_hz is None else _Fit(mains_hz, rate_hz, 2 * self._hop)
        self._held = np.zeros((self._channels, 0), np.float32)
        self._first = 0
        self._window = -self._hop  # where the next window begins
        # Half of the hum below the next window, from the one before it.
        self._half = np.zeros((self._channels, self._hop))

    def push(self, block: Clip) -> Iterator[Clip]:
        self._held = np.concatenate([self._held, block.samples], axis=1)
        have = self._first + self._held.shape[1]
        while self._window < self._samples:
            if have < min(self._window + 2 * self._hop, self._samples):
                return
            self._check()
            clip = self._next()
            if clip is not None:
                yield clip

    def finish(self) -> Iterator[Clip]:
        return iter(())

    def _next(self) -> Clip | None:
        """Move on by half a window; give what is complete then."""
        hop, start = self._hop, self._window
        noisy = np.zeros((self._channels, 2 * hop), np.float32)
        low, high = max(0, start), min(self._samples, start + 2 * hop)
        noisy[:, low - start : high - start] = self._held[:, low - self._first : high - self._first]
        hum = np.zeros(noisy.shape)
        if self._fit is not None:
            inside = np.zeros(2 * hop)
            inside[low - start : high - start] = 1
            hum = self._fit.hum(noisy, inside)
        whole = self._half + hum[:, :hop]
        self._half = hum[:, hop:]
        self._window += hop
        keep = max(0, self._window)
        self._held = self._held[:, keep - self._first :]
        self._first = keep
        if start < 0:
            return None
        count = min(hop, self._samples - start)
        before = noisy[:, :count]
        residual = whole[:, :count].astype(np.float32)
        self.removed.add(residual[:, None], before[:, None])
        return Clip(before - self._strength * residual, start)


class _Fit:
    """Sines of one set of frequencies over one length of window."""

    def __init__(self, mains_hz: float, rate_hz: float, length: int) -> None:
        orders = np.arange(1, HARMONICS + 1)
        self._hz = mains_hz * orders[mains_hz * orders < 0.45 * rate_hz]
        time = np.arange(length) / rate_hz
        self._taper = np.hanning(length + 1)[:-1]
        self._basis = _sines(self._hz, time)
        self._beside = [_sines(self._hz + offset, time) for offset in _BESIDE_HZ]

    def hum(self, noisy: Samples, inside: NDArray[np.float64]) -> NDArray[np.float64]:
        """`(channels, length)`, tapered so that windows laid over each other by half add up."""
        weight = self._taper * inside
        basis = self._basis
        gram = (basis * weight) @ basis.T + 1e-6 * np.eye(len(basis))
        hum = np.zeros(noisy.shape)
        for channel, wave in enumerate(noisy.astype(np.float64)):
            amounts = np.linalg.solve(gram, basis @ (wave * weight))
            strength = np.square(amounts).reshape(2, -1).sum(0)
            beside = np.mean(
                [np.square(b @ (wave * weight)).reshape(2, -1).sum(0) for b in self._beside], axis=0
            ) / max(1e-12, (weight.sum() / 2) ** 2)
            standing = strength > _STANDS_OUT * beside
            hum[channel] = (amounts * np.tile(standing, 2)) @ basis * self._taper
        return hum


def find_mains(wave: Samples, rate_hz: float) -> float | None:
    """The frequency of mains hum in a sound, near 50 or 60 Hz; None if it has none."""
    length = min(len(wave), int(8 * rate_hz))
    if length < rate_hz:
        return None
    parts = wave[: len(wave) // length * length].reshape(-1, length).astype(np.float64)
    size = 4 * length
    power = np.square(np.abs(np.fft.rfft(parts * np.hanning(length), size))).mean(0)
    step_hz = rate_hz / size
    best, found = _IS_HUM, None
    for around in (50.0, 60.0):
        for mains_hz in np.arange(around - 0.6, around + 0.6, step_hz / 2):
            orders = np.arange(1, 7) * mains_hz
            orders = orders[orders < 0.45 * rate_hz]
            here = power[np.rint(orders / step_hz).astype(int)]
            beside = np.mean(
                [power[np.rint((orders + d) / step_hz).astype(int)] for d in _BESIDE_HZ], axis=0
            )
            # Of the first six, the two that stand out most: some hum has only odd or even ones.
            score = float(np.sort(here / np.maximum(beside, 1e-12))[-2:].mean())
            if score > best:
                best, found = score, float(mains_hz)
    return found


def _sines(hz: NDArray[np.float64], time: NDArray[np.float64]) -> NDArray[np.float64]:
    """`(2 * frequencies, samples)`: all cosines, then all sines."""
    turn = 2 * np.pi * hz[:, None] * time
    return np.concatenate([np.cos(turn), np.sin(turn)])
