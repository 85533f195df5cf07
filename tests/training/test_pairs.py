from __future__ import annotations

import pytest
import torch
from torch import Generator, Tensor

from desktop_ae.training.pairs import DamagedPatches, mixed, taught

SIZE = 6


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def untouched(clean: Tensor, rng: Generator) -> Tensor:
    return clean


def noisy(clean: Tensor, rng: Generator) -> Tensor:
    return clean + torch.randn(clean.shape, generator=rng)


def map_of(height: int, width: int, number: int = 0) -> Tensor:
    """A picture whose every pixel says where it is: row, column, number of the picture."""
    rows = torch.arange(height)[:, None].expand(height, width)
    columns = torch.arange(width)[None].expand(height, width)
    return torch.stack([rows, columns, torch.full((height, width), number)]).to(torch.uint8)


def positions(batch: Tensor) -> Tensor:
    return (batch * 255).round().long()


def test_a_batch_has_its_shape_and_the_range_0_to_1() -> None:
    pairs = DamagedPatches([torch.full((3, 20, 30), 255, dtype=torch.uint8)], untouched, SIZE)
    damaged, clean = pairs.draw(5, seeded())
    assert damaged.shape == clean.shape == (5, 3, SIZE, SIZE)
    assert clean.dtype == torch.float32
    assert torch.equal(clean, torch.ones_like(clean))


def test_a_seed_fixes_the_batch_and_the_next_one_differs() -> None:
    pairs = DamagedPatches([map_of(40, 50)], noisy, SIZE)
    one, other = seeded(), seeded()
    first, again = pairs.draw(8, one), pairs.draw(8, other)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not torch.equal(pairs.draw(8, one)[1], first[1])
    assert not torch.equal(pairs.draw(8, seeded(1))[1], first[1])


def test_the_drawing_leaves_torchs_own_random_state_alone() -> None:
    before = torch.random.get_rng_state()
    DamagedPatches([map_of(40, 50)], noisy, SIZE).draw(8, seeded())
    assert torch.equal(torch.random.get_rng_state(), before)


def test_every_patch_is_a_whole_square_of_one_picture_up_to_its_edges() -> None:
    pairs = DamagedPatches([map_of(9, 14, 1), map_of(20, 8, 2)], untouched, SIZE)
    _, clean = pairs.draw(1500, seeded())
    found: dict[int, set[tuple[int, int]]] = {1: set(), 2: set()}
    for rows, columns, numbers in positions(clean):
        assert numbers.unique().numel() == 1
        pixels = set(zip(rows.flatten().tolist(), columns.flatten().tolist(), strict=True))
        top, left = int(rows.min()), int(columns.min())
        square = {(top + i, left + j) for i in range(SIZE) for j in range(SIZE)}
        assert pixels == square
        found[int(numbers[0, 0])].add((top, left))
    assert found[1] == {(t, c) for t in range(4) for c in range(9)}
    assert {t for t, _ in found[2]} == set(range(15))
    assert {c for _, c in found[2]} == set(range(3))


def test_a_picture_of_exactly_the_patch_is_taken_whole() -> None:
    pairs = DamagedPatches([map_of(SIZE, SIZE)], untouched, SIZE)
    _, clean = pairs.draw(4, seeded())
    assert all(sorted(p[0].unique().tolist()) == list(range(SIZE)) for p in positions(clean))


def test_all_eight_turns_and_mirror_images_are_drawn() -> None:
    pairs = DamagedPatches([map_of(SIZE, SIZE)], untouched, SIZE)
    _, clean = pairs.draw(200, seeded())
    seen = {tuple(patch[:2].flatten().tolist()) for patch in positions(clean)}
    assert len(seen) == 8


def test_a_picture_is_chosen_by_its_area() -> None:
    pairs = DamagedPatches([map_of(10, 10, 1), map_of(30, 30, 2)], untouched, SIZE)
    _, clean = pairs.draw(600, seeded())
    share = float((positions(clean)[:, 2, 0, 0] == 2).float().mean())
    assert share == pytest.approx(0.9, abs=0.05)


def test_the_damage_sees_the_clean_batch_and_only_the_noisy_side_carries_it() -> None:
    pairs = DamagedPatches([map_of(40, 50)], lambda clean, rng: clean + 1, SIZE)
    damaged, clean = pairs.draw(3, seeded())
    assert torch.equal(damaged, clean + 1)
    assert clean.max() <= 1


def test_no_pictures_are_refused() -> None:
    with pytest.raises(ValueError, match="no clean pictures"):
        DamagedPatches([], untouched, SIZE)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_mixture_keeps_its_share_even_in_small_batches(share: float) -> None:
    def giving(value: float) -> Tensor:
        return torch.full((1, 3, 8, 8), value, dtype=torch.float32)

    draw = mixed(
        lambda count, rng: (giving(0.0).repeat(count, 1, 1, 1), giving(0.0).repeat(count, 1, 1, 1)),
        lambda count, rng: (giving(1.0).repeat(count, 1, 1, 1), giving(1.0).repeat(count, 1, 1, 1)),
        share,
    )
    rng = seeded()
    batches = [draw(5, rng) for _ in range(200)]
    assert all(noisy.shape == (5, 3, 8, 8) and torch.equal(noisy, c) for noisy, c in batches)
    assert abs(float(torch.cat([noisy for noisy, _ in batches]).mean()) - share) < 0.03


def test_a_teacher_s_answer_is_the_truth_for_the_same_noisy_batch() -> None:
    weight = torch.ones(1, requires_grad=True)

    def draw(count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        noisy = torch.rand((count, 1, 4), generator=rng)
        return noisy, noisy * 0

    given, _ = draw(3, seeded(4))
    noisy, truth = taught(draw, lambda batch: batch * weight * 2)(3, seeded(4))
    assert torch.equal(noisy, given)
    assert torch.equal(truth, given * 2)
    assert not truth.requires_grad
