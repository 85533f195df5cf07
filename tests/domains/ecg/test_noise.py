from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Generator, Tensor

from desktop_ae.domains.ecg import noise
from desktop_ae.domains.ecg.heart import hearts
from desktop_ae.domains.ecg.rpeaks import detect

RATE_HZ = 360.0
Make = Callable[[Tensor, float, Generator], Tensor]


def rng(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def spectrum(waves: Tensor) -> tuple[Tensor, Tensor]:
    """(hertz, mean power) of each bin."""
    power = torch.fft.rfft(waves - waves.mean(1, keepdim=True)).abs().square().mean(0)
    return torch.arange(len(power)) * RATE_HZ / waves.shape[1], power


@pytest.mark.parametrize("make", [noise.wander, noise.mains, noise.muscle, noise.steps, hearts])
def test_a_seed_fixes_it_and_rows_differ(make: Make) -> None:
    like = torch.zeros(6, 2880)
    made = make(like, RATE_HZ, rng(4))
    assert made.shape == like.shape and bool(made.isfinite().all())
    assert torch.equal(made, make(like, RATE_HZ, rng(4)))
    assert len({round(float(row.std()), 6) for row in made}) > 1


@pytest.mark.parametrize(
    ("make", "low", "high"),
    [(noise.wander, 0.0, 2.0), (noise.mains, 48.0, 181.0), (noise.muscle, 5.0, 181.0)],
)
def test_it_lies_in_its_band(make: Make, low: float, high: float) -> None:
    hertz, power = spectrum(make(torch.zeros(16, 7200), RATE_HZ, rng()))
    inside = (hertz >= low) & (hertz <= high)
    assert float(power[inside].sum() / power.sum()) > 0.9


def test_noise_is_as_loud_as_asked() -> None:
    clean, added = (
        torch.randn(3, 4000, generator=rng(1)) + 5,
        torch.randn(3, 4000, generator=rng(2)),
    )
    snr_db = torch.tensor([[-6.0], [0.0], [20.0]])
    loud = noise.at_snr(clean, added, snr_db)
    found = 10 * torch.log10(noise.power(clean) / noise.power(loud))
    assert torch.allclose(found, snr_db, atol=0.01)


def test_clipping_limits_and_leaves_the_rest() -> None:
    waves = torch.randn(40, 500, generator=rng())
    cut = noise.clipped(waves, rng(1))
    assert bool((cut.abs() <= waves.abs() + 1e-6).all())
    changed = (cut != waves).float().mean(1)
    assert float((changed > 0).float().mean()) > 0.8 and bool((changed < 0.9).all())


def test_a_converter_s_steps_are_small() -> None:
    waves = torch.randn(40, 500, generator=rng())
    error = (noise.stepped(waves, rng(1)) - waves).abs().amax(1)
    assert float(error.max()) <= 0.5 * 10**-1.7 + 1e-6 and float(error.min()) < 1e-3


def test_hearts_beat_at_rates_that_hearts_have() -> None:
    made = hearts(torch.zeros(24, int(20 * RATE_HZ)), RATE_HZ, rng(7)).numpy()
    rates = [3 * len(detect(wave[None], RATE_HZ)) for wave in made]
    assert sum(35 <= rate <= 190 for rate in rates) >= 22
    assert not any(math.isnan(rate) for rate in rates)
