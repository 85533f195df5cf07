from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Generator, Tensor

from desktop_ae.core.clip import Samples
from desktop_ae.core.tuning import CLEAN, KINDS, NOISY, PAIRS, Material
from desktop_ae.domains.document import DOMAIN, tuning
from desktop_ae.domains.document.compose import ComposedPage
from desktop_ae.domains.document.paper import (
    filled,
    made_papers,
    made_stains,
    printed,
    without_ink,
)
from desktop_ae.domains.document.recipes import CLEAN as RECIPE
from desktop_ae.domains.document.tuning import CLEAN_TUNING, DAMAGES, OwnPages, with_ink
from desktop_ae.domains.fonts import Fonts
from tests.domains.document.sheets import sheet

PHOTOS = tuning._photos
SIZE = 64
SMALL = replace(RECIPE, patch=SIZE)
# The paper of `soiled` pages.
BROWN = np.array([0.9, 0.8, 0.6], np.float32)[:, None, None]

BLUE = (10, 20, 200)


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def page() -> Samples:
    """Text of 10 points at 100 DPI, `(3, 300, 400)`."""
    grey = np.asarray(sheet(), np.float32) / 255
    return np.repeat(grey[None], 3, 0)


def soiled(clean: Samples, floor: float = 0.2) -> Samples:
    """On brown paper that is darker to the right, with ink that lets some of it through."""
    shade = np.linspace(1, 0.6, clean.shape[2], dtype=np.float32)
    return (floor + (1 - floor) * clean) * BROWN * shade


def material(kind: str, damage: str = "") -> Material:
    clean = [page(), page()[:, ::-1].copy()]
    noisy = [] if kind == CLEAN else [soiled(c) for c in clean]
    return Material(kind, noisy, clean, [page()], damage, "harvest" if kind == NOISY else "")


@pytest.fixture(autouse=True)
def no_fonts_and_one_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "find_fonts", lambda: Fonts({}))
    monkeypatch.setattr(tuning, "_photos", lambda: [Image.new("RGB", (90, 80), BLUE)])


def made(kind: str, damage: str = "") -> OwnPages:
    return tuning.pairs(material(kind, damage), SMALL)


def test_the_task_knows_how_it_is_tuned() -> None:
    assert DOMAIN.tasks[0].tuning is not None
    assert DOMAIN.tasks[0].tuning() is CLEAN_TUNING
    assert set(CLEAN_TUNING.kinds) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_is_whole_and_its_truth_has_page_and_ink(kind: str) -> None:
    noisy, truth = made(kind).draw(6, seeded())
    assert noisy.shape == (6, 3, SIZE, SIZE) and truth.shape == (6, 4, SIZE, SIZE)
    assert noisy.dtype == truth.dtype == torch.float32
    assert bool(torch.isfinite(noisy).all()) and bool(torch.isfinite(truth[:, :3]).all())
    ink = truth[:, 3]
    assert set(ink[~ink.isnan()].tolist()) == {0.0, 1.0}
    again, _ = made(kind).draw(6, seeded())
    assert torch.equal(noisy, again)


def brown(noisy: Tensor) -> Tensor:
    """Which patches are of `soiled` pages, told by blue over red."""
    ratio = noisy[:, 2] / noisy[:, 0].clamp_min(1e-3)
    return ((ratio - 0.6 / 0.9).abs() < 1e-3).flatten(1).all(1)


def test_a_pair_s_patches_come_from_the_same_place() -> None:
    noisy, truth = made(PAIRS).draw(12, seeded())
    own = brown(noisy)
    tone, clean = noisy[own, :1], truth[own, :1]
    ink, paper = clean < 0.1, clean > 0.99
    assert bool(ink.any())
    assert float(tone[ink].max()) < float(tone[paper].min())


def test_about_a_third_of_what_is_drawn_is_the_task_s_own_damage() -> None:
    pairs = made(PAIRS)
    noisy, _ = pairs.draw(200, seeded())
    assert 0.6 < float(brown(noisy).float().mean()) < 0.8


def test_the_loss_falls_for_better_pages_and_ink_and_unknown_ink_costs_nothing() -> None:
    pairs = made(PAIRS)
    _, truth = pairs.draw(40, seeded())
    unknown = truth[:, 3:].isnan()
    assert bool(unknown.any())
    right = torch.cat([truth[:, :3], torch.where(truth[:, 3:] > 0.5, 20.0, -20.0)], 1)
    wrong_page, wrong_ink = right.clone(), right.clone()
    wrong_page[:, :3] -= 0.1
    wrong_ink[:, 3:] *= -1
    best = float(pairs.loss(right, truth))
    assert float(pairs.loss(wrong_page, truth)) > best + 0.1
    assert float(pairs.loss(wrong_ink, truth)) > best + 0.1
    guessed = torch.where(unknown, -right[:, 3:], right[:, 3:])
    assert float(pairs.loss(torch.cat([right[:, :3], guessed], 1), truth)) == pytest.approx(best)


def test_a_patch_with_heavy_damage_counts_no_more_than_one_with_fine_errors() -> None:
    pairs = made(PAIRS)
    truth = torch.zeros(2, 4, 8, 8)
    errors = torch.tensor([0.4, 0.05])

    def loss(halved: int) -> float:
        restored = truth.clone()
        made = errors.clone()
        made[halved] /= 2
        restored[:, :3] += made[:, None, None, None]
        return float(pairs.loss(restored, truth))

    assert loss(0) == pytest.approx(loss(1), abs=0.01)


def test_ink_is_not_known_where_a_photo_may_be() -> None:
    clean = torch.ones(1, 3, 64, 64)
    clean[..., 40:44, :] = 0.1
    clean[..., :32, :32] = 0.5
    ink = with_ink(clean)[0, 3]
    assert bool(ink[:32, :32].isnan().all())
    assert bool((ink[40:44] == 1).all()) and bool((ink[:32, 32:] == 0).all())


@pytest.mark.parametrize("name", [name for name, _ in DAMAGES])
def test_every_damage_changes_the_page_and_repeats_itself(name: str) -> None:
    chosen = material(CLEAN, name)
    results = [CLEAN_TUNING.damaged(page(), chosen, seed) for seed in (*range(8), 0)]
    assert all(r.shape == page().shape and r.dtype == np.float32 for r in results)
    assert all(r.min() >= 0 and r.max() <= 1 for r in results)
    assert np.array_equal(results[0], results[-1])
    changed = [float(np.abs(r - page()).mean()) > 0.005 for r in results[:8]]
    assert sum(changed) >= 5


def test_a_chosen_damage_is_that_alone() -> None:
    def unevenness(name: str) -> float:
        """How far tones lie apart at most, away from the text."""
        pages = [CLEAN_TUNING.damaged(page(), material(CLEAN, name), s) for s in range(8)]
        return max(abs(float(p[:, :8, :8].mean() - p[:, -8:, -8:].mean())) for p in pages)

    assert unevenness("light") > 0.08
    assert unevenness("faint") < 0.04


def test_paper_is_found_under_the_ink() -> None:
    clean = torch.from_numpy(page())[None]
    noisy = torch.from_numpy(soiled(page()))[None]
    paper, tone = without_ink(noisy, clean)
    wanted = torch.from_numpy(soiled(np.ones_like(page())))[None]
    assert float((paper - wanted).abs().max()) < 0.03
    assert float((noisy - wanted).abs().max()) > 0.4, "there was ink on it"
    assert 0.18 < float(tone) < 0.35


def test_a_page_on_its_own_paper_looks_as_it_did() -> None:
    clean = torch.from_numpy(page())[None]
    noisy = torch.from_numpy(soiled(page()))[None]
    paper, tone = without_ink(noisy, clean)
    again = printed(clean, paper, tone, seeded())
    assert float((again - noisy).square().mean().sqrt()) < 0.05
    assert float((clean - noisy).square().mean().sqrt()) > 0.2


def test_holes_are_closed_from_around_and_nothing_at_all_is_white() -> None:
    picture = torch.full((1, 3, 37, 50), 0.4)
    known = torch.ones(1, 1, 37, 50)
    known[..., 5:30, 7:40] = 0
    holed = picture * known
    assert float((filled(holed, known) - 0.4).abs().max()) < 1e-5
    assert float((filled(holed, torch.zeros_like(known)) - 1).abs().max()) < 1e-5


def test_noise_from_noisy_pages_is_their_paper_and_fits_any_page() -> None:
    taken = material(NOISY)
    for size in ((700, 410), (140, 170)):
        blank = np.ones((3, *size), np.float32)
        noisy = CLEAN_TUNING.damaged(blank, taken, 3)
        assert noisy.shape == blank.shape
        assert np.allclose(noisy[2] / noisy[0], 0.6 / 0.9, atol=0.02), "brown as they are"
        assert np.array_equal(noisy, CLEAN_TUNING.damaged(blank, taken, 3))
    assert not np.array_equal(noisy, CLEAN_TUNING.damaged(blank, taken, 4))


def share_of(tone: tuple[int, int, int], truth: Tensor) -> float:
    """How many patches are of one tone alone."""
    pages = (truth[:, :3] * 255).round().flatten(2)
    return float((pages == torch.tensor(tone)[None, :, None]).flatten(1).all(1).float().mean())


def test_photos_and_composed_pages_are_mixed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    _, truth = made(PAIRS).draw(200, seeded())
    # Three in ten of the photos are shown in grey.
    assert 0.05 < share_of(BLUE, truth) < 0.16
    assert truth[:, 3].isnan().flatten(1).all(1).any(), "nobody knows the ink of a photo"
    composed = ComposedPage(np.full((90, 80, 3), 120, np.uint8), np.zeros((90, 80), np.uint8))
    monkeypatch.setattr(tuning, "find_fonts", lambda: Fonts({"latin": [Path("any")]}))
    monkeypatch.setattr(tuning, "compose", lambda *_: composed)
    _, truth = made(PAIRS).draw(200, seeded())
    assert 0.05 < share_of((120, 120, 120), truth) < 0.16


def test_the_photos_are_those_that_ship() -> None:
    found = PHOTOS()
    assert len(found) >= 2 and all(min(photo.size) >= RECIPE.patch for photo in found)


def test_grey_pages_become_three_equal_channels_and_coloured_ones_stay() -> None:
    grey = CLEAN_TUNING.prepare(page()[:1], None)
    assert grey.shape == page().shape and np.array_equal(grey, page())
    assert CLEAN_TUNING.prepare(page(), None).shape == page().shape
    # Their memory is shared and read only: training must cope with that.
    pairs = tuning.pairs(Material(PAIRS, [grey], [grey]), SMALL)
    assert pairs.draw(4, seeded())[0].shape == (4, 3, SIZE, SIZE)


def test_blank_and_black_pages_are_no_use_and_others_are() -> None:
    blank = np.ones((3, 200, 200), np.float32)
    assert "blank" in CLEAN_TUNING.fault(blank)
    assert "blank" in CLEAN_TUNING.fault(soiled(blank)), "shade is no ink"
    assert "black" in CLEAN_TUNING.fault(0.03 * blank)
    assert CLEAN_TUNING.fault(page()) == CLEAN_TUNING.fault(soiled(page())) == ""


def test_noisy_pages_are_harvested_and_useless_ones_warn() -> None:
    found = CLEAN_TUNING.study([soiled(page())])
    assert found.approach == "harvest" and found.why and "seldom" in found.warning
    assert "black and white" in CLEAN_TUNING.study([(page() > 0.5).astype(np.float32)]).warning
    assert "white already" in CLEAN_TUNING.study([page()]).warning


def test_the_score_is_the_page_s_alone_in_decibels() -> None:
    clean = np.full((3, 20, 20), 0.5, np.float32)
    restored = np.concatenate([clean + np.float32(0.1), np.full((1, 20, 20), 50, np.float32)])
    assert CLEAN_TUNING.score(restored, clean) == pytest.approx(20, abs=1e-3)
    assert CLEAN_TUNING.score(clean, clean) > 100
    shaded = soiled(page())
    better = CLEAN_TUNING.score(CLEAN_TUNING.classical(shaded), page())
    assert better > CLEAN_TUNING.score(shaded, page()) + 3


def test_made_papers_and_stains_are_uneven_and_the_same_each_time() -> None:
    papers, stains = made_papers(), made_stains()
    assert all(p.dtype == torch.uint8 and len(p) == 3 for p in papers)
    assert all(float(p.float().std()) > 3 for p in papers)
    assert all(len(s) == 4 for s in stains)
    for stain in stains:
        alpha = stain[3].float() / 255
        assert float(alpha[0].max()) < 0.1 and float(alpha.max()) > 0.3, "it ends on the sprite"
    made_papers.cache_clear()
    assert torch.equal(made_papers()[3], papers[3])


def test_noisy_pages_are_learned_from_as_they_are_and_as_paper_for_other_text() -> None:
    guess = np.full_like(page(), 0.97)
    draw = tuning._printed_patches([(soiled(page()), guess)], [(page(),)], SIZE)
    noisy, truth = draw(60, seeded())
    as_they_are = ((truth[:, :3] - 0.97).abs() < 1e-6).flatten(1).all(1)
    assert 0.3 < float(as_they_are.float().mean()) < 0.7
    assert bool(brown(noisy).all()), "all of it is on their paper"
