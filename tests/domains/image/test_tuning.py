from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Generator, Tensor

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Recipe
from desktop_ae.core.tuning import CLEAN, NOISY, PAIRS, Material, Tuning
from desktop_ae.domains import image
from desktop_ae.domains.fonts import Fonts
from desktop_ae.domains.image import own_overlays
from desktop_ae.domains.image.chosen_noise import DAMAGES
from desktop_ae.domains.image.recipes import DENOISE, WATERMARK
from desktop_ae.domains.image.tuning import (
    BLIND_SPOT,
    DENOISE_TUNING,
    HARVEST,
    WATERMARK_TUNING,
    blockiness,
    prepare,
)
from desktop_ae.nets import build_net
from desktop_ae.places import shipped
from tests.domains.image.own_photos import (
    correlated,
    filed,
    independent,
    scene,
    texture,
)

SMALL = replace(DENOISE, patch=96)
INTER = shipped("resources") / "fonts" / "Inter-Bold.otf"


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def scenes(count: int = 3, side: int = 256) -> list[Samples]:
    return [scene(number, side) for number in range(count)]


def material(kind: str, **more: Any) -> Material:
    clean = scenes()
    if kind == CLEAN:
        return Material(CLEAN, clean=clean, spare=[texture(9)], **more)
    noisy = [correlated(c, n) for n, c in enumerate(clean)]
    guesses = clean if kind == PAIRS else [filed(c + 0.01) for c in clean]
    return Material(kind, noisy=noisy, clean=guesses, spare=[texture(9)], **more)


def test_the_tasks_know_their_tuning() -> None:
    assert image.DENOISE.tuning is not None and image.DENOISE.tuning() is DENOISE_TUNING
    assert image.WATERMARK.tuning is not None and image.WATERMARK.tuning() is WATERMARK_TUNING


@pytest.mark.parametrize("tuning", [DENOISE_TUNING, WATERMARK_TUNING])
def test_what_cannot_be_learned_from_has_a_reason(tuning: Tuning) -> None:
    assert set(tuning.kinds) | set(tuning.why_not) == {PAIRS, CLEAN, NOISY}
    assert not set(tuning.kinds) & set(tuning.why_not)
    assert tuning.least >= DENOISE.patch


@pytest.mark.parametrize(
    "given",
    [
        material(PAIRS),
        material(CLEAN),
        *(material(CLEAN, damage=name) for name in DAMAGES if name),
        material(NOISY, approach=HARVEST),
        material(NOISY, approach=BLIND_SPOT),
    ],
    ids=lambda given: f"{given.kind} {given.damage}{given.approach}",
)
def test_every_kind_gives_whole_batches_that_the_net_learns_from(given: Material) -> None:
    pairs = DENOISE_TUNING.pairs(given, SMALL)
    noisy, clean = pairs.draw(8, seeded())
    side = 64 if given.approach == BLIND_SPOT else SMALL.patch
    assert noisy.shape == clean.shape == (8, 3, side, side)
    assert noisy.dtype == clean.dtype == torch.float32
    assert bool(torch.isfinite(noisy).all()) and bool(torch.isfinite(clean).all())
    assert float((noisy - clean).abs().mean()) > 0.003
    loss = pairs.loss(noisy.requires_grad_(), clean)
    loss.backward()  # type: ignore[no-untyped-call]
    assert noisy.grad is not None and bool(noisy.grad.any())


@pytest.mark.parametrize(
    "given",
    [
        material(PAIRS),
        material(NOISY, approach=HARVEST),
        material(NOISY, approach=BLIND_SPOT),
        material(CLEAN, damage="jpeg"),
    ],
)
def test_a_sheet_is_damaged_whole_and_the_same_for_a_seed(given: Material) -> None:
    clean = scene(7)[:, :150, :201]
    once = DENOISE_TUNING.damaged(clean, given, 5)
    assert once.shape == clean.shape and once.dtype == np.float32
    assert np.array_equal(once, DENOISE_TUNING.damaged(clean, given, 5))
    assert not np.array_equal(once, DENOISE_TUNING.damaged(clean, given, 6))


def test_a_sheet_gets_the_noise_of_the_noisy_ones() -> None:
    clean = np.full((3, 160, 160), 0.5, np.float32)
    residual = DENOISE_TUNING.damaged(clean, material(NOISY, approach=HARVEST), 1) - clean
    together = (residual[..., 1:] * residual[..., :-1]).mean() / np.square(residual).mean()
    assert abs(together - 2 / 3) < 0.1


def through_jpeg(picture: Samples, quality: int) -> Samples:
    held = io.BytesIO()
    pixels = np.rint(picture * 255).astype(np.uint8).transpose(1, 2, 0)
    Image.fromarray(pixels).save(held, "JPEG", quality=quality)
    read: Samples = np.asarray(Image.open(held), np.float32).transpose(2, 0, 1)
    return read / np.float32(255)


def striped(clean: Samples, seed: int) -> Samples:
    rng = np.random.default_rng(seed)
    lines = rng.standard_normal((1, clean.shape[1], 1)).astype(np.float32)
    return independent(clean + np.float32(0.05) * lines, seed, 0.02)


@pytest.mark.parametrize(
    ("noisy", "approach", "said"),
    [
        (independent, BLIND_SPOT, "differs from pixel to pixel"),
        (correlated, HARVEST, "goes together in neighbouring pixels"),
        (striped, HARVEST, "stripes"),
    ],
)
def test_the_noise_decides_how_it_is_learned(
    noisy: Callable[[Samples, int], Samples], approach: str, said: str
) -> None:
    study = DENOISE_TUNING.study([noisy(c, n) for n, c in enumerate(scenes(6))])
    assert (study.approach, study.warning) == (approach, "")
    assert said in study.why


def test_jpeg_blocks_are_harvested_with_a_warning() -> None:
    pictures = [through_jpeg(independent(c, n), 40) for n, c in enumerate(scenes(6))]
    study = DENOISE_TUNING.study(pictures)
    assert study.approach == HARVEST
    assert "JPEG blocks" in study.warning


def test_photos_without_an_even_part_or_without_noise_get_a_warning() -> None:
    clipped = [np.where(texture(n) > 0.5, 1, 0).astype(np.float32) for n in range(3)]
    study = DENOISE_TUNING.study(clipped)
    assert study.approach == BLIND_SPOT and "cannot be told" in study.warning
    rough = DENOISE_TUNING.study([texture(n) for n in range(4)])
    assert "texture" in rough.warning
    assert "hardly any noise" in DENOISE_TUNING.study([np.round(s, 2) for s in plain()]).warning


def plain() -> list[Samples]:
    return [np.full((3, 256, 256), 0.3 + 0.1 * n, np.float32) for n in range(4)]


def test_steps_between_blocks_are_seen_wherever_the_blocks_begin() -> None:
    noisy = independent(scene(1), 1)
    assert blockiness(noisy) < 1.05
    coarse = through_jpeg(noisy, 40)
    assert blockiness(coarse) > 1.1
    assert blockiness(coarse[:, 3:, 5:]) > 1.1


def test_a_blind_spot_tells_nothing_where_neighbours_share_their_noise() -> None:
    score = DENOISE_TUNING.self_score
    assert score is not None
    assert math.isnan(score(lambda sheet: sheet, correlated(scene(1, 384), 1)))
    told = score(lambda sheet: sheet, independent(scene(1, 384), 1))
    assert 10 < told < 30


def test_grey_is_shown_in_three_equal_channels() -> None:
    grey = texture(1)[:1]
    assert np.array_equal(prepare(grey, None), np.concatenate([grey] * 3))
    assert np.array_equal(prepare(texture(1), None), texture(1))


def test_a_sheet_with_nothing_in_it_is_no_use() -> None:
    assert "one colour" in DENOISE_TUNING.fault(np.full((3, 130, 130), 0.5, np.float32))
    mostly = np.ones((3, 200, 200), np.float32)
    mostly[:, :40, :40] = texture(1)[:, :40, :40]
    assert "96 %" in DENOISE_TUNING.fault(mostly)
    assert DENOISE_TUNING.fault(scene(1)) == ""


def test_the_score_is_that_of_a_file_and_of_the_picture_alone() -> None:
    clean = np.ones((3, 10, 10), np.float32)
    restored = np.full((4, 10, 10), 1.5, np.float32)
    restored[:3, :5] = 0.9
    assert DENOISE_TUNING.score(restored, clean) == pytest.approx(23.0, abs=0.02)


def test_the_classical_filter_takes_off_noise_and_keeps_colours() -> None:
    clean = scene(3)[:, :128, :128]
    noisy = independent(clean, 1, 0.08)
    made = DENOISE_TUNING.classical(noisy)
    assert DENOISE_TUNING.score(made, clean) > DENOISE_TUNING.score(noisy, clean) + 4


@pytest.fixture
def inter(monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = ("latin", "cyrillic", "greek", "devanagari", "arabic", "cjk")
    fonts = Fonts({script: [INTER] if script == "latin" else [] for script in scripts})
    monkeypatch.setattr(own_overlays, "_fonts", lambda: fonts)
    monkeypatch.setattr(own_overlays, "SPRITES", 12)


@pytest.mark.usefixtures("inter")
@pytest.mark.parametrize("kind", [PAIRS, CLEAN])
def test_an_untrained_net_learns_overlays(kind: str) -> None:
    recipe: Recipe = replace(WATERMARK, patch=96)
    pairs = WATERMARK_TUNING.pairs(material(kind), recipe)
    torch.manual_seed(1)
    net = build_net("unet2d", {"in_channels": 4, "channels": (8, 16), "blocks": (1, 1)})
    given, truth = pairs.draw(2, seeded(3))
    assert given.shape == truth.shape and given.shape[1] == 4
    loss = pairs.loss(net(given), truth)
    loss.backward()  # type: ignore[no-untyped-call]
    assert bool(torch.isfinite(loss))
    gradients: list[Tensor | None] = [p.grad for p in net.parameters()]
    assert all(g is not None and bool(torch.isfinite(g).all()) for g in gradients)


@pytest.mark.usefixtures("inter")
def test_a_whole_picture_gets_words_in_some_places_only() -> None:
    clean = scene(2)
    once = WATERMARK_TUNING.damaged(clean, Material(CLEAN), 3)
    assert np.array_equal(once, WATERMARK_TUNING.damaged(clean, Material(CLEAN), 3))
    changed = (np.abs(once - clean).max(axis=0) > 0.1).mean()
    assert 0.0005 < changed < 0.7


def test_doing_nothing_is_the_filter_that_overlays_are_compared_with() -> None:
    sheet = texture(1)
    assert np.array_equal(WATERMARK_TUNING.classical(sheet), sheet)
    with pytest.raises(ValueError, match="overlay"):
        WATERMARK_TUNING.study([sheet])
