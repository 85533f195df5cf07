from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Generator, Tensor

from desktop_ae.domains.image import noise

Kind = Callable[[Tensor, Generator], Tensor]
KINDS: list[Kind] = [noise.gaussian, noise.camera, noise.grain, noise.compress, noise.damage]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def texture(count: int, height: int = 32, width: int = 32) -> Tensor:
    return torch.rand((count, 3, height, width), generator=seeded(5)) * 0.6 + 0.2


def grey(count: int, size: int = 64, value: float = 0.45) -> Tensor:
    return torch.full((count, 3, size, size), value)


def sigmas(residual: Tensor) -> Tensor:
    return residual.std(dim=(1, 2, 3))


def correlation(one: Tensor, other: Tensor) -> float:
    """How strongly two equally large stacks of planes go together, either way, in the mean."""
    one, other = one.flatten(1), other.flatten(1)
    one, other = one - one.mean(1, keepdim=True), other - other.mean(1, keepdim=True)
    product = (one * other).sum(1) / (one.norm(dim=1) * other.norm(dim=1)).clamp_min(1e-9)
    return float(product.abs().mean())


def between_neighbours(residual: Tensor) -> float:
    return correlation(residual[..., 1:], residual[..., :-1])


def between_channels(residual: Tensor) -> float:
    return correlation(residual[:, :1], residual[:, 1:2])


@each_kind
def test_a_seed_fixes_the_noise_and_another_gives_other_noise(kind: Kind) -> None:
    clean = texture(6)
    assert torch.equal(kind(clean, seeded()), kind(clean, seeded()))
    assert not torch.equal(kind(clean, seeded()), kind(clean, seeded(1)))


@each_kind
def test_noise_draws_from_its_generator_alone(kind: Kind) -> None:
    before = torch.random.get_rng_state()
    kind(texture(6), seeded())
    assert torch.equal(torch.random.get_rng_state(), before)


@each_kind
@pytest.mark.parametrize("shape", [(1, 16, 16), (3, 37, 53), (7, 48, 17)])
def test_noise_keeps_the_shape_and_the_clean_side_and_is_always_a_number(
    kind: Kind, shape: tuple[int, int, int]
) -> None:
    clean = texture(*shape)
    before = clean.clone()
    noisy = kind(clean, seeded())
    assert noisy.shape == clean.shape
    assert noisy.dtype == torch.float32
    assert torch.isfinite(noisy).all()
    assert torch.equal(clean, before)


@each_kind
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_black_and_white_are_no_special_case(kind: Kind, value: float) -> None:
    noisy = kind(grey(8, 32, value), seeded())
    assert torch.isfinite(noisy).all()
    assert (noisy - value).abs().mean() < 0.3


@pytest.mark.parametrize("kind", [noise.camera, noise.grain, noise.compress])
def test_what_comes_from_a_file_is_8_bit(kind: Kind) -> None:
    levels = kind(texture(8), seeded()) * 255
    assert torch.allclose(levels, levels.round(), atol=1e-3)
    assert levels.min() >= 0
    assert levels.max() <= 255


def test_gaussian_noise_reaches_from_nothing_to_55() -> None:
    found = sigmas(noise.gaussian(grey(300, 24), seeded()) - grey(300, 24)) * 255
    assert found.max() < 58
    assert found.max() > 45
    assert found.min() < 4
    assert 20 < found.mean() < 35


def test_some_gaussian_pictures_are_clipped_and_rounded_as_in_a_file() -> None:
    noisy = noise.gaussian(texture(200, 16, 16), seeded()) * 255
    filed = (noisy - noisy.round()).abs().amax(dim=(1, 2, 3)) < 1e-3
    assert 0.2 < filed.float().mean() < 0.46


def test_camera_noise_is_correlated_between_neighbours_and_channels_unlike_gaussian() -> None:
    clean = grey(32)
    gaussian = noise.gaussian(clean, seeded()) - clean
    camera = noise.camera(clean, seeded()) - clean
    assert between_neighbours(gaussian) < 0.02
    assert between_channels(gaussian) < 0.03
    assert between_neighbours(camera) > 0.2
    assert between_channels(camera) > 0.15


def test_camera_noise_depends_on_the_light() -> None:
    half = grey(48, 48, 0.1)
    half[..., 24:] = 0.8
    residual = noise.camera(half, seeded()) - half
    dark, light = residual[..., 4:20].std(dim=(1, 2, 3)), residual[..., 28:44].std(dim=(1, 2, 3))
    ratio = (dark / light.clamp_min(1e-4)).log().abs()
    assert ratio.median() > 0.1
    assert ratio.max() > 0.3


def test_camera_noise_does_not_change_the_colour_of_mid_tones() -> None:
    clean = grey(64, 32)
    drift = (noise.camera(clean, seeded()) - clean).mean(dim=(0, 2, 3))
    assert drift.abs().max() < 3 / 255


def test_camera_noise_spans_slight_to_strong() -> None:
    clean = grey(96, 32)
    found = sigmas(noise.camera(clean, seeded()) - clean) * 255
    assert found.min() < 5
    assert found.max() > 20
    assert found.max() < 110


def test_grain_is_mostly_luma() -> None:
    clean = grey(32)
    assert between_channels(noise.grain(clean, seeded()) - clean) > 0.6


def test_grain_is_weakest_in_black_and_white() -> None:
    strength = [
        float(sigmas(noise.grain(grey(32, 32, value), seeded()) - value).mean())
        for value in (0.1, 0.5, 0.9)
    ]
    assert strength[1] > 1.2 * max(strength[0], strength[2])


def quality(count: int, value: float) -> Tensor:
    return torch.full((count, 1, 1, 1), value)


@pytest.mark.parametrize("value", [0.0, 0.2, 128 / 255, 0.8, 1.0])
def test_jpeg_leaves_a_flat_picture_flat_and_nearly_as_it_was(value: float) -> None:
    clean = grey(4, 40, value)
    kept = noise.jpeg(clean, quality(4, 75), seeded())
    assert (kept - clean).abs().max() <= 2 / 255
    assert kept.flatten(2).std(dim=2).max() < 1e-6


def test_jpeg_at_quality_100_only_rounds() -> None:
    clean = texture(8)
    kept = noise.jpeg(clean, quality(8, 100), seeded())
    errors = (kept - clean).abs().mean(dim=(1, 2, 3)) * 255
    # Half of them with chroma at half size, which a texture of pure noise shows.
    assert errors.min() < 1


def test_jpeg_gets_worse_as_the_quality_falls() -> None:
    clean = texture(8)
    errors = [
        float((noise.jpeg(clean, quality(8, q), seeded()) - clean).square().mean())
        for q in (95, 75, 50, 25, 10)
    ]
    assert errors == sorted(errors)
    assert errors[-1] > 2 * errors[0]


def test_jpeg_works_in_blocks_of_8_alike_whatever_surrounds_them() -> None:
    clean = texture(1)
    other = clean.clone()
    other[..., 16:, 16:] = 0.5
    one = noise.jpeg(clean, quality(1, 40), seeded())
    two = noise.jpeg(other, quality(1, 40), seeded())
    assert torch.allclose(one[..., :15, :15], two[..., :15, :15], atol=1.5 / 255)
    assert not torch.equal(one[..., 16:, 16:], two[..., 16:, 16:])


def test_each_batch_mixes_kinds_and_a_share_of_it_stays_clean() -> None:
    clean = texture(64, 16, 16)
    rng = seeded()
    untouched = []
    for _ in range(20):
        residual = noise.damage(clean, rng) - clean
        untouched.append(int((residual.abs().amax(dim=(1, 2, 3)) == 0).sum()))
    assert all(2 <= count <= 6 for count in untouched)
    assert 0.04 < sum(untouched) / (20 * 64) < 0.08


def test_small_batches_see_every_kind_in_the_long_run(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, int] = dict.fromkeys(("gaussian", "camera", "grain", "compress"), 0)

    def counted(name: str) -> Kind:
        def kind(clean: Tensor, rng: Generator) -> Tensor:
            seen[name] += len(clean)
            return clean

        return kind

    for name in seen:
        monkeypatch.setattr(noise, name, counted(name))
    rng = seeded()
    for _ in range(1000):
        noise.damage(torch.zeros(2, 3, 8, 8), rng)
    shares = {name: count / 2000 for name, count in seen.items()}
    wanted = {"gaussian": 0.66, "camera": 0.18, "grain": 0.06, "compress": 0.04}
    assert shares == pytest.approx(wanted, abs=0.025)
