from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Generator

from desktop_ae.core.clip import Samples
from desktop_ae.domains.image.own_patches import (
    Cuts,
    OwnPairs,
    cut_and_damage,
    cut_pairs,
    halved,
)


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def sheet(height: int, width: int, seed: int = 0) -> Samples:
    return np.random.default_rng(seed).random((3, height, width), np.float32) * np.float32(0.5)


def test_a_pair_is_cut_at_the_same_place_and_turned_alike() -> None:
    clean = [sheet(40, 64), sheet(90, 50, 1)]
    noisy, truth = cut_pairs([c + np.float32(0.25) for c in clean], clean, 32)(40, seeded())
    assert noisy.shape == truth.shape == (40, 3, 32, 32)
    assert torch.allclose(noisy, truth + 0.25)
    assert len({float(patch.sum()) for patch in truth}) > 30, "patches are of many places"


def test_large_sheets_give_more_patches() -> None:
    cuts = Cuts([[np.zeros((3, 32, 32), np.float32)], [np.ones((3, 64, 96), np.float32)]], 32)
    (drawn,) = cuts.draw(400, seeded())
    assert abs(float(drawn.mean()) - 6 / 7) < 0.06


def test_sheets_that_must_not_be_written_to_are_no_trouble() -> None:
    kept = sheet(40, 40)
    kept.flags.writeable = False
    (drawn,) = Cuts([[kept]], 32).draw(2, seeded())
    assert drawn.shape == (2, 3, 32, 32)


def test_nothing_to_cut_from_is_refused() -> None:
    with pytest.raises(ValueError, match="no pictures"):
        Cuts([], 32)


def test_damage_is_on_the_noisy_side_alone() -> None:
    draw = cut_and_damage([sheet(40, 40)], 32, lambda clean, rng: clean + 0.5)
    noisy, clean = draw(4, seeded())
    assert torch.allclose(noisy - clean, torch.tensor(0.5))


def test_the_loss_is_the_absolute_error() -> None:
    pairs = OwnPairs(cut_pairs([sheet(40, 40)], [sheet(40, 40)], 32))
    assert float(pairs.loss(torch.tensor([0.0, 1.0]), torch.tensor([0.5, 0.75]))) == 0.375


def test_half_the_size_holds_means_and_drops_an_odd_line() -> None:
    made = halved(np.arange(3 * 5 * 4, dtype=np.float32).reshape(3, 5, 4))
    assert made.shape == (3, 2, 2)
    assert made[0].tolist() == [[2.5, 4.5], [10.5, 12.5]]
