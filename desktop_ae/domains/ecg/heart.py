"""Synthesised ECG: beats of Gaussian waves along the phase of the heart's cycle.

After McSharry, Clifford, Tarassenko and Smith 2003 ("A dynamical model for generating synthetic
electrocardiogram signals"), drawn in closed form, beat by beat: every window is another heart, some
of them with ectopic beats, fibrillation, wide complexes, shifted ST segments or a pacemaker.
"""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor

# Of P, Q, R, S, T: seconds from the R peak, width in seconds, height in mV, and how much of each
# may differ from heart to heart.
_WAVES = (
    (-0.17, 0.024, 0.14, 0.10),
    (-0.030, 0.010, -0.12, 0.15),
    (0.0, 0.011, 1.1, 0.6),
    (0.030, 0.011, -0.25, 0.3),
    (0.28, 0.055, 0.30, 0.30),
)


def hearts(like: Tensor, rate_hz: float, rng: Generator) -> Tensor:
    """As many windows as `like` `(batch, samples)` has, millivolts, on a flat line of 0."""
    return torch.stack([_heart(like.shape[1], rate_hz, rng, like) for _ in range(len(like))])


def _heart(samples: int, rate_hz: float, rng: Generator, like: Tensor) -> Tensor:
    draw = _Drawn(rng, like.device)
    seconds = samples / rate_hz
    time = torch.arange(samples, device=like.device) / rate_hz
    waves = [_wave(draw, *known) for known in _WAVES]
    wide = draw.between(1.6, 2.6) if draw.happens(0.12) else 1.0
    fibrillates, paced = draw.happens(0.1), draw.happens(0.06)
    ectopic = draw.between(0.05, 0.4) if draw.happens(0.25) else 0.0
    st_mv = draw.between(-0.25, 0.35) if draw.happens(0.3) else 0.0
    mean_s = 60 / draw.between(42, 150)
    # Waves draw together as the heart beats faster (Bazett).
    tempo = math.sqrt(min(1.2, mean_s))
    whole = torch.zeros_like(time)
    at = -draw.between(0, mean_s)
    while at < seconds + 0.6:
        is_ectopic = draw.happens(ectopic)
        here = at - (0.25 * mean_s if is_ectopic else 0.0)
        breadth = 2.3 if is_ectopic else wide
        for number, (offset, width, height) in enumerate(waves):
            if number == 0 and (fibrillates or is_ectopic or paced):
                continue
            late = offset * (tempo if number in (0, 4) else breadth)
            narrow = width * (tempo if number in (0, 4) else breadth)
            tall = height * draw.between(0.93, 1.07)
            if is_ectopic and number in (2, 4):
                tall *= -1.4 if number == 4 else 1.3
            whole += tall * torch.exp(-0.5 * ((time - here - late) / narrow) ** 2)
        if st_mv:
            begin, end = here + 0.05 * breadth, here + waves[4][0] * tempo
            rise = torch.sigmoid((time - begin) / 0.012) * torch.sigmoid((end - time) / 0.03)
            whole += st_mv * rise
        if paced:
            whole += draw.between(0.6, 2.5) * ((time - here + 0.06).abs() < 0.5 / rate_hz)
        spread = 0.25 if fibrillates else 0.035
        at += mean_s * (1 + spread * draw.normal()) if not is_ectopic else 1.1 * mean_s
    if fibrillates:
        swing = draw.between(0.02, 0.08)
        whole += swing * torch.sin(
            2 * math.pi * draw.between(4, 9) * time + 2 * torch.sin(5 * time)
        )
    return whole * draw.between(0.4, 1.8)


def _wave(
    draw: _Drawn, offset: float, width: float, height: float, spread: float
) -> tuple[float, float, float]:
    tall = height + spread * draw.normal()
    return offset * draw.between(0.85, 1.2), width * draw.between(0.75, 1.4), tall


class _Drawn:
    """Single random numbers."""

    def __init__(self, rng: Generator, device: torch.device) -> None:
        self._rng = rng
        self._device = device

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * float(torch.rand((), generator=self._rng, device=self._device))

    def happens(self, share: float) -> bool:
        return self.between(0.0, 1.0) < share

    def normal(self) -> float:
        return float(torch.randn((), generator=self._rng, device=self._device))
