from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from torch import Generator, Tensor

from desktop_ae.domains.image.overlay import (
    LEAST_PX,
    Overlaid,
    filed,
    lay_over,
    rough_hint,
    scene_text,
)

OPACITY = (0.3, 0.7)


def seeded(seed: int) -> Generator:
    return Generator().manual_seed(seed)


def photo(height: int = 96, width: int = 128) -> Tensor:
    y, x = torch.meshgrid(
        torch.linspace(0.1, 0.9, height), torch.linspace(0.2, 0.8, width), indexing="ij"
    )
    return torch.stack([y, x, (x + y) / 2])


def sprites() -> Sequence[Tensor]:
    """A white bar, and a ring of many colours."""
    bar = torch.full((4, 20, 60), 255, dtype=torch.uint8)
    y, x = torch.meshgrid(torch.arange(64) - 32, torch.arange(64) - 32, indexing="ij")
    radius = (y.float() ** 2 + x.float() ** 2).sqrt()
    ring = torch.stack([x * 3 + 100, y * 3 + 100, x * 0 + 40, ((radius - 22).abs() < 8) * 255])
    return [bar, ring.clamp(0, 255).to(torch.uint8)]


def laid(seed: int, side: float = 0.0) -> Overlaid:
    return lay_over(photo(), sprites(), seeded(seed), OPACITY, side)


@pytest.mark.parametrize("side", [0.0, 600.0])
@pytest.mark.parametrize("seed", range(25))
def test_the_mask_is_where_the_picture_was_changed(seed: int, side: float) -> None:
    made = laid(seed, side)
    assert made.picture.shape == made.clean.shape == (3, 96, 128)
    assert made.mask.shape == (1, 96, 128)
    assert set(torch.unique(made.mask).tolist()) <= {0.0, 1.0}
    change = (made.picture - made.clean).abs().amax(0)
    outside = made.mask[0] == 0
    assert not outside.any() or float(change[outside].max()) <= 0.031
    assert torch.equal(made.clean, photo())
    assert float(made.picture.min()) >= -0.01 and float(made.picture.max()) <= 1.01


def test_a_seed_fixes_it_all() -> None:
    assert torch.equal(laid(3).picture, laid(3).picture)
    assert not torch.equal(laid(3).picture, laid(4).picture)


def test_nearly_every_overlay_can_be_seen_and_few_cover_everything() -> None:
    shares = [float(laid(seed).mask.mean()) for seed in range(60)]
    assert sum(share > 0.001 for share in shares) > 50
    assert sum(share > 0.9 for share in shares) < 6


def test_a_part_of_a_large_picture_sees_larger_overlays() -> None:
    whole = [float(laid(seed).mask.mean()) for seed in range(60)]
    part = [float(laid(seed, 1000.0).mask.mean()) for seed in range(60)]
    assert sum(part) > 1.2 * sum(whole)


def test_opacity_is_within_its_bounds() -> None:
    black, white = torch.zeros(3, 96, 128), sprites()[:1]
    for seed in range(40):
        made = lay_over(black, white, seeded(seed), (0.2, 0.5))
        assert float(made.picture.max()) <= 1 - (1 - 0.5) ** 3 + 0.35  # linear light is brighter


def test_no_overlay_is_thinner_than_words_can_be() -> None:
    for seed in range(40):
        made = lay_over(photo(24, 24), sprites()[:1], seeded(seed), (0.9, 1.0))
        rows = made.mask[0].any(1).sum()
        columns = made.mask[0].any(0).sum()
        touches = made.mask[0][[0, -1]].any() or made.mask[0][:, [0, -1]].any()
        assert touches or not rows or min(rows, columns) >= LEAST_PX - 2


def test_what_has_the_colour_below_it_need_not_be_found() -> None:
    white = torch.ones(3, 64, 64)
    assert float(lay_over(white, sprites()[:1], seeded(1), OPACITY).mask.sum()) == 0


@pytest.mark.parametrize("side", [0.0, 600.0])
@pytest.mark.parametrize("seed", range(8))
def test_a_sign_in_the_scene_is_a_picture_like_any_other(seed: int, side: float) -> None:
    made = scene_text(photo(), sprites(), seeded(seed), side)
    assert made.shape == (3, 96, 128)
    assert float(made.min()) >= 0 and float(made.max()) <= 1


def test_files_hold_8_bits_and_most_are_jpeg() -> None:
    batch = photo()[None].repeat(40, 1, 1, 1)
    kept = filed(batch, seeded(2))
    assert torch.allclose(kept * 255, (kept * 255).round(), atol=1e-3)
    exact = [torch.equal(one, (photo() * 255).round() / 255) for one in kept]
    assert 8 <= sum(exact) <= 24


@pytest.mark.parametrize("seed", range(20))
def test_a_hint_is_a_rough_mask(seed: int) -> None:
    mask = torch.zeros(1, 64, 64)
    mask[:, 20:40, 10:50] = 1
    hint = rough_hint(mask, seeded(seed))
    assert hint.shape == mask.shape
    assert float(hint.min()) >= 0 and float(hint.max()) <= 1
    assert float(hint[:, 24:36, 14:46].min()) > 0.5
    assert float(hint[:, :4].max()) < 0.6
    assert not rough_hint(mask * 0, seeded(seed)).any()
