"""From a recording's rate to the sound device's, where the device does not take the first."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.float32]  # (frames, 2)

_HALF_TAPS = 16
_MOST_PHASES = 1024


class Resampler:
    """Pulls frames at one rate and gives them at another: a windowed sinc, phase by phase.

    pull: gives exactly so many frames (n, 2) of the source at each call.
    """

    def __init__(self, source_hz: int, target_hz: int, pull: Callable[[int], Frames]) -> None:
        self._pull = pull
        common = math.gcd(source_hz, target_hz)
        self._up, self._down = target_hz // common, source_hz // common
        self._taps: NDArray[np.float32] = _phases(
            min(self._up, _MOST_PHASES), min(1.0, target_hz / source_hz)
        )
        self._kept = np.zeros((2 * _HALF_TAPS, 2), np.float32)
        self._place = 0  # of the next output frame, in source frames / up, from the kept ones

    def read(self, frames: int) -> Frames:
        places = self._place + self._down * np.arange(frames, dtype=np.int64)
        whole, part = np.divmod(places, self._up)
        reach = self._taps.shape[1]
        needed = int(whole[-1]) + reach - len(self._kept) if frames else 0
        if needed > 0:
            self._kept = np.concatenate([self._kept, self._pull(needed)])
        phase = part * len(self._taps) // self._up
        windows = self._kept[whole[:, None] + np.arange(reach)]
        made = np.einsum("nk,nkc->nc", self._taps[phase], windows)
        following = self._place + self._down * frames
        gone = min(following // self._up, len(self._kept))
        self._kept = self._kept[gone:]
        self._place = following - gone * self._up
        return np.asarray(made, np.float32)


def _phases(count: int, cutoff: float) -> NDArray[np.float32]:
    """(phases, taps): a Kaiser-windowed sinc that starts at each part of a source frame."""
    half = math.ceil(_HALF_TAPS / cutoff)
    offsets = np.arange(2 * half)[None, :] - half + 1 - np.arange(count)[:, None] / count
    window = np.i0(8.0 * np.sqrt(np.clip(1 - (offsets / half) ** 2, 0, 1))) / np.i0(8.0)
    taps = np.sinc(offsets * cutoff * 0.95) * window
    return np.asarray(taps / taps.sum(axis=1, keepdims=True), np.float32)
