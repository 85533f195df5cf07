from __future__ import annotations

import pytest
import torch
from torch import Generator, Tensor

from desktop_ae.domains.image import chosen_noise, noise
from desktop_ae.domains.image.chosen_noise import DAMAGES

each_name = pytest.mark.parametrize("name", list(DAMAGES))


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def grey(count: int = 24, value: float = 0.5, size: int = 64) -> Tensor:
    return torch.full((count, 3, size, size), value)


def neighbours_go_together(residual: Tensor, steps: int = 1) -> float:
    return float((residual[..., steps:] * residual[..., :-steps]).mean() / residual.square().mean())


@each_name
def test_a_seed_fixes_the_noise(name: str) -> None:
    clean = torch.rand((8, 3, 40, 48), generator=seeded(5))
    damage = DAMAGES[name][1]
    before = torch.random.get_rng_state()
    noisy = damage(clean, seeded())
    assert torch.equal(torch.random.get_rng_state(), before)
    assert noisy.shape == clean.shape and torch.equal(noisy, damage(clean, seeded()))
    assert not torch.equal(noisy, damage(clean, seeded(1)))


@pytest.mark.parametrize("name", ["gaussian", "speckle", "stripes", "coarse-grain"])
def test_half_is_as_a_file_holds_it(name: str) -> None:
    noisy = DAMAGES[name][1](grey(60, 0.9, 32), seeded())
    in_range = [float(one.min()) >= 0 and float(one.max()) <= 1 for one in noisy]
    steps = noisy * 255
    filed = [bool((one - one.round()).abs().max() < 1e-3) for one in steps]
    assert 18 <= sum(filed) <= 42
    assert all(inside for inside, kept in zip(in_range, filed, strict=True) if kept)


def test_the_first_is_all_that_the_task_knows() -> None:
    assert DAMAGES[""][1] is noise.damage
    assert next(iter(DAMAGES)) == ""
    assert len({label for label, _ in DAMAGES.values()}) == len(DAMAGES)


def test_speckle_is_in_proportion_to_brightness() -> None:
    bright = (chosen_noise.speckle(grey(value=0.4), seeded()) - 0.4).abs().mean()
    dark = (chosen_noise.speckle(grey(value=0.1), seeded()) - 0.1).abs().mean()
    assert abs(float(bright / dark) - 4) < 0.4
    assert float((chosen_noise.speckle(grey(value=0.0), seeded())).max()) == 0


def test_salt_and_pepper_leaves_most_pixels_alone() -> None:
    noisy = chosen_noise.salt_and_pepper(grey(value=100 / 255), seeded())
    changed = (noisy - 100 / 255).abs() > 1e-4
    assert 0.05 < float(changed.float().mean()) < 0.2
    assert set(noisy[changed].tolist()) == {0.0, 1.0}
    alike = [bool((p[0] == p[1]).all()) for p in noisy]
    assert 4 < sum(alike) < 20


def test_stripes_lie_or_stand() -> None:
    residual = chosen_noise.stripes(grey(), seeded()) - 0.5
    across = [neighbours_go_together(one, 40) for one in residual]
    down = [neighbours_go_together(one.transpose(1, 2), 40) for one in residual]
    assert sum(a > 0.6 for a in across) > 5 and sum(d > 0.6 for d in down) > 5
    assert not any(a > 0.6 and d > 0.6 for a, d in zip(across, down, strict=True))


def test_coarse_grain_is_coarser_than_fine_grain() -> None:
    coarse = chosen_noise.coarse_grain(grey(), seeded()) - 0.5
    fine = chosen_noise.gaussian(grey(), seeded()) - 0.5
    assert neighbours_go_together(coarse, 2) > 0.3
    assert abs(neighbours_go_together(fine, 1)) < 0.05


def test_strong_jpeg_leaves_blocks() -> None:
    rough = 0.5 + 0.08 * torch.randn((8, 3, 64, 64), generator=seeded(2))
    steps = chosen_noise.heavy_jpeg(rough, seeded()).diff(dim=3).abs().mean((0, 1, 2))
    assert float(steps[7::8].mean()) > 1.3 * float(steps[3::8].mean())
