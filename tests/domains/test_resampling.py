from __future__ import annotations

import pytest
import torch

from desktop_ae.domains.resampling import stretched


@pytest.mark.parametrize("samples", [500, 1441, 5000])
def test_a_wave_is_the_same_with_another_number_of_samples(samples: int) -> None:
    def wave(count: int) -> torch.Tensor:
        return (
            torch.sin(2 * torch.pi * 7 * torch.arange(count) / count) + torch.arange(count) / count
        )

    found = stretched(wave(1000), samples)
    assert float((found - wave(samples))[20:-20].abs().max()) < 0.02
    assert stretched(found, samples) is found
