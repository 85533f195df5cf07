from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Generator, Tensor
from torch.nn import functional as F

from desktop_ae.core.domain import Recipe
from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.fonts import Fonts
from desktop_ae.domains.image import recipes
from desktop_ae.domains.image.recipes import DENOISE, WATERMARK, OverlaidPatches, watermark_pairs
from desktop_ae.nets import build_net

PATCH = 64


def pairs() -> OverlaidPatches:
    rng = Generator().manual_seed(1)
    photos = [torch.randint(30, 220, (3, 90, 120), generator=rng, dtype=torch.uint8)]
    bar = torch.full((4, 20, 60), 255, dtype=torch.uint8)
    return OverlaidPatches([F.avg_pool2d(p.float(), 5, 1, 2).byte() for p in photos], [bar], PATCH)


def draw(count: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    return pairs().draw(count, Generator().manual_seed(seed))


@pytest.mark.parametrize("recipe", [DENOISE, WATERMARK])
def test_a_recipe_s_net_takes_its_patch(recipe: Recipe) -> None:
    net = build_net(recipe.net, recipe.arguments)
    assert net.multiple_of == recipe.input.multiple_of
    assert recipe.patch % recipe.input.multiple_of == 0


def test_the_watermark_net_begins_by_changing_nothing_much() -> None:
    torch.manual_seed(1)
    net = build_net(WATERMARK.net, WATERMARK.arguments)
    given, _ = draw(1)
    with torch.inference_mode():
        made = net(given)
    assert made.shape == given.shape
    assert float((made - given).abs().mean()) < 0.5


def test_picture_and_hint_go_in_and_picture_and_mask_come_out() -> None:
    shapes = set()
    for seed in range(6):
        given, truth = draw(8, seed)
        assert given.shape == truth.shape
        assert float(given.min()) >= 0 and float(given.max()) <= 1
        assert set(torch.unique(truth[:, 3]).tolist()) == {0.0, 1.0}
        shapes.add(tuple(given.shape))
    assert shapes == {(8, 4, PATCH, PATCH), (32, 4, PATCH // 2, PATCH // 2)}


def test_far_from_the_mask_the_truth_is_what_was_given() -> None:
    given, truth = draw(24)
    far = F.max_pool2d(truth[:, 3:], 5, 1, 2) == 0
    change = (given[:, :3] - truth[:, :3]).abs().amax(1, keepdim=True)
    assert float(change[far].max()) == 0
    near = truth[:, 3:] > 0
    assert float(change[near].mean()) > 0.05


def test_some_have_no_overlay_and_some_no_hint() -> None:
    given, truth = draw(120)
    bare = (truth[:, 3].amax((1, 2)) == 0).float().mean()
    hinted = (given[:, 3].amax((1, 2)) > 0).float().mean()
    assert 0.08 < float(bare) < 0.35
    assert 0.45 < float(hinted) < 0.75
    without = truth[:, 3].amax((1, 2)) == 0
    assert not given[without, 3].any(), "a hint where nothing is would teach a lie"


def test_a_hint_covers_the_mask() -> None:
    given, truth = draw(60)
    hinted = given[:, 3].amax((1, 2)) > 0
    inside = truth[hinted, 3] > 0
    assert float((given[hinted, 3][inside] > 0).float().mean()) > 0.99


def test_a_seed_fixes_the_batch() -> None:
    assert all(torch.equal(a, b) for a, b in zip(draw(4, 7), draw(4, 7), strict=True))


def test_the_loss_is_least_for_the_truth() -> None:
    given, truth = draw(12)
    perfect = torch.cat([truth[:, :3], truth[:, 3:] * 40 - 20], 1)
    nothing = torch.cat([given[:, :3], torch.full_like(truth[:, 3:], -20.0)], 1)
    loss = pairs().loss
    assert float(loss(perfect, truth)) < 1e-3 < float(loss(nothing, truth))
    half = torch.cat([truth[:, :3], nothing[:, 3:]], 1)
    assert float(loss(perfect, truth)) < float(loss(half, truth)) < float(loss(nothing, truth))


def test_pairs_are_made_of_photos_and_logos(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipes, "find_fonts", lambda: Fonts({}))
    (tmp_path / "photo" / "train").mkdir(parents=True)
    with pytest.raises(Unreadable, match="no photos"):
        watermark_pairs(tmp_path, WATERMARK)
    pixels = np.random.default_rng(1).integers(0, 255, (240, 390, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo" / "train" / "a.png")
    with pytest.raises(Unreadable, match="no logos in .* and this machine has no fonts"):
        watermark_pairs(tmp_path, WATERMARK)
    logos = tmp_path / "watermark" / "logos"
    logos.mkdir(parents=True)
    for number in range(9):
        Image.new("RGBA", (30, 20), (200, 0, 0, 255)).save(logos / f"logo-{number}.png")
    made = watermark_pairs(tmp_path, WATERMARK)
    assert len(made.sprites) == recipes.SPRITES
    given, _ = made.draw(2, Generator().manual_seed(1))
    assert given.shape == (2, 4, WATERMARK.patch, WATERMARK.patch)
