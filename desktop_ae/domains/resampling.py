"""Signals at other rates."""

from __future__ import annotations

import torch
from torch import Tensor


def stretched(waves: Tensor, samples: int) -> Tensor:
    """Resampled along the last axis to so many samples, by cutting or extending the spectrum; the
    straight line from end to end is taken out before, so that the ends meet.
    """
    length = waves.shape[-1]
    if length == samples:
        return waves
    first, last = waves[..., :1], waves[..., -1:]

    def line(count: int) -> Tensor:
        place = torch.arange(count, device=waves.device) / count
        return first + (last - first) * place

    spectrum = torch.fft.rfft(waves - line(length))
    whole = torch.zeros(
        (*spectrum.shape[:-1], samples // 2 + 1), dtype=spectrum.dtype, device=waves.device
    )
    shared = min(whole.shape[-1], spectrum.shape[-1])
    whole[..., :shared] = spectrum[..., :shared]
    changed: Tensor = torch.fft.irfft(whole, samples) * (samples / length)
    return changed + line(samples)
