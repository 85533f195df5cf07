"""Where the heart beats: the R peaks of an ECG, from all its leads together. numpy alone.

The method is that of NeuroKit2 (Makowski et al. 2021, `ecg_findpeaks`, method "neurokit"):
complexes are where the smoothed steepness stands out from its own mean around; applied to the band
of the QRS complex and to the steepness of all leads, each at a scale of its own. A library would do
it as well; those that there are bring downloaders with them, which this program shall not have.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples

Peaks = NDArray[np.int64]
_NARROW_S, _WIDE_S = 0.02, 0.16  # moving means: their difference passes about 4 to 25 Hz
_COMPLEX_S, _AROUND_S = 0.1, 0.9
_STANDS_OUT = 1.5
_REFRACTORY_S = 0.28
# A complex far smaller than those around it is a wave between them, or noise.
_LEAST_SHARE = 0.3
_NEIGHBOURS = 8


def detect(samples: Samples, rate_hz: float) -> Peaks:
    """Samples of the R peaks, in order. samples: `(leads, samples)`; NaN in gaps."""
    count = samples.shape[1]
    if count < 0.5 * rate_hz:
        return np.zeros(0, np.int64)
    band = _band(samples, rate_hz)
    steep = np.abs(np.diff(band, axis=1, prepend=band[:, :1]))
    # A lead's own scale, so that the leads count alike; one without a signal counts for nothing.
    typical = np.quantile(steep[:, :: max(1, count // 200_000)], 0.95, axis=1, keepdims=True)
    usable = typical[:, 0] > 0
    if not usable.any():
        return np.zeros(0, np.int64)
    together = (steep[usable] / typical[usable]).mean(axis=0)
    smooth = moving_mean(together, _COMPLEX_S * rate_hz)
    inside = smooth > _STANDS_OUT * moving_mean(smooth, _AROUND_S * rate_hz)
    edges = np.flatnonzero(np.diff(inside.astype(np.int8), prepend=0, append=0))
    starts, stops = edges[::2], edges[1::2]
    if not len(starts):
        return np.zeros(0, np.int64)
    lengths = stops - starts
    kept = lengths >= 0.4 * lengths.mean()
    starts, stops = starts[kept], stops[kept]
    heights = np.maximum.reduceat(smooth, np.stack([starts, stops], 1).ravel().clip(0, count - 1))
    heights = heights[::2]
    usual = _running_median(heights)
    kept = heights >= _LEAST_SHARE * usual
    strength = np.abs(band[usable] / typical[usable]).mean(axis=0)
    return _apart(
        np.asarray(
            [
                s + int(np.argmax(strength[s:e]))
                for s, e in zip(starts[kept], stops[kept], strict=True)
            ],
            np.int64,
        ),
        strength,
        _REFRACTORY_S * rate_hz,
    )


def heart_rate(peaks: Peaks, rate_hz: float) -> float:
    """Beats a minute, by the median distance; NaN for fewer than two beats."""
    if len(peaks) < 2:
        return float("nan")
    return 60 * rate_hz / float(np.median(np.diff(peaks)))


def moving_mean(waves: NDArray[np.float32], width: float) -> NDArray[np.float32]:
    """Over an odd number of samples near `width`, along the last axis, shorter at the ends."""
    reach = max(0, round((width - 1) / 2))
    if reach == 0:
        return waves
    count = waves.shape[-1]
    sums = np.cumsum(waves, axis=-1, dtype=np.float64)
    sums = np.concatenate([np.zeros((*waves.shape[:-1], 1)), sums], axis=-1)
    place = np.arange(count)
    first, last = np.maximum(place - reach, 0), np.minimum(place + reach + 1, count)
    means = (sums[..., last] - sums[..., first]) / (last - first)
    return np.asarray(means, np.float32)


def _band(samples: Samples, rate_hz: float) -> NDArray[np.float32]:
    """What of it may be a QRS complex; gaps are bridged by a straight line."""
    filled = np.stack([bridged(lead) for lead in samples])
    narrow = moving_mean(filled, _NARROW_S * rate_hz)
    narrow = moving_mean(narrow, _NARROW_S * rate_hz)
    return narrow - moving_mean(narrow, _WIDE_S * rate_hz)


def bridged(lead: NDArray[np.float32]) -> NDArray[np.float32]:
    """A lead with a straight line over each gap; one that is all gap as zeros."""
    known = np.isfinite(lead)
    if known.all():
        return lead
    if not known.any():
        return np.zeros_like(lead)
    place = np.arange(len(lead))
    return np.interp(place, place[known], lead[known]).astype(np.float32)


def _running_median(heights: NDArray[np.float32]) -> NDArray[np.float32]:
    padded = np.pad(heights, _NEIGHBOURS, mode="reflect" if len(heights) > _NEIGHBOURS else "edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEIGHBOURS + 1)
    return np.asarray(np.median(windows, axis=1), np.float32)


def _apart(peaks: Peaks, strength: NDArray[np.float32], least: float) -> Peaks:
    """Of peaks closer than `least` samples the stronger one."""
    kept: list[int] = []
    for peak in peaks.tolist():
        if kept and peak - kept[-1] < least:
            if strength[peak] > strength[kept[-1]]:
                kept[-1] = peak
        else:
            kept.append(peak)
    return np.asarray(kept, np.int64)
