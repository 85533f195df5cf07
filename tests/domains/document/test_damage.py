from __future__ import annotations

import torch
from torch import Generator, Tensor

from desktop_ae.domains.document.damage import PageDamage, binarise, light


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def lines(count: int, size: int = 64) -> Tensor:
    """White pages with black bars, as text would lie on them."""
    page = torch.ones(count, 3, size, size)
    page[..., 8::16, 6:-6] = 0.1
    page[..., 9::16, 6:-6] = 0.1
    return page


def textures() -> PageDamage:
    rng = seeded(9)
    papers = [(torch.rand((3, 90, 70), generator=rng) * 60 + 190).to(torch.uint8)]
    stains = [(torch.rand((4, 30, 40), generator=rng) * 255).to(torch.uint8)]
    backs = [(lines(1, 96)[0] * 255).to(torch.uint8)]
    return PageDamage(papers, stains, backs)


def test_a_seed_fixes_the_damage_and_another_does_other_damage() -> None:
    clean = lines(6)
    damage = textures()
    assert torch.equal(damage(clean, seeded()), damage(clean, seeded()))
    assert not torch.equal(damage(clean, seeded()), damage(clean, seeded(1)))


def test_it_draws_from_its_generator_alone_and_leaves_the_clean_page_alone() -> None:
    clean = lines(6)
    before, state = clean.clone(), torch.random.get_rng_state()
    textures()(clean, seeded())
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.equal(clean, before)


def test_pages_of_any_shape_stay_in_range() -> None:
    clean = torch.ones(8, 3, 40, 100)
    noisy = textures().dirty(clean, seeded())
    assert noisy.shape == clean.shape
    assert bool(torch.isfinite(noisy).all())
    assert bool(((noisy >= 0) & (noisy <= 1)).all())


def test_some_pages_stay_as_they_are_and_dirty_ones_never() -> None:
    clean = lines(150)
    noisy = textures()(clean, seeded())
    kept = (noisy - clean).abs().flatten(1).amax(1) == 0
    assert 0.02 < float(kept.float().mean()) < 0.2
    dirty = textures().dirty(clean, seeded())
    assert float((dirty - clean).abs().flatten(1).amax(1).min()) > 0


def test_every_kind_of_damage_shows_up_somewhere() -> None:
    clean = lines(200)
    noisy = textures().dirty(clean, seeded(2))
    paper = noisy[:, :, :4].mean((1, 2, 3))
    assert float((paper < 0.6).float().mean()) > 0.05, "some paper is dark"
    assert float((paper > 0.9).float().mean()) > 0.05, "some paper is bright"
    yellow = (noisy[:, 0] - noisy[:, 2]).mean((1, 2))
    assert float((yellow > 0.1).float().mean()) > 0.05, "some paper is yellow"
    two_tone = ((noisy == 0) | (noisy == 1)).flatten(1).all(1)
    assert 0.03 < float(two_tone.float().mean()) < 0.3, "some pages are black and white"


def test_the_back_shines_through_mirrored() -> None:
    back = torch.ones(3, 64, 64, dtype=torch.uint8) * 255
    back[:, :, :16] = 0
    damage = PageDamage([], [], [back])
    through = damage._bleed_through(torch.ones(80, 3, 64, 64), seeded())
    darker = through[..., -8:].mean((1, 2, 3)) - through[..., :8].mean((1, 2, 3))
    hit = through.flatten(1).amin(1) < 0.99
    assert 0.15 < float(hit.float().mean()) < 0.6
    assert bool((darker[hit] < 0).all())


def test_light_dims_and_never_goes_out() -> None:
    field = light(torch.ones(100, 3, 48, 48), seeded())
    assert field.shape == (100, 1, 48, 48)
    assert float(field.min()) > 0.02 and float(field.max()) < 1.3
    assert float((field.flatten(1).std(1) > 0.05).float().mean()) > 0.2


def test_black_and_white_keeps_strokes_where_they_were() -> None:
    page = lines(20) * 0.7 + 0.1
    two_tone = binarise(page, seeded())
    assert bool(((two_tone == 0) | (two_tone == 1)).all())
    assert float(two_tone[..., 8, 10:-10].mean()) < 0.1
