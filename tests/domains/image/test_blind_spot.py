from __future__ import annotations

import numpy as np
import torch
from torch import Generator

from desktop_ae.core.clip import Samples
from desktop_ae.domains.image.blind_spot import (
    guess_neighbours,
    neighbour_pairs,
    neighbours,
    pixel_noise,
)
from tests.domains.image.own_photos import filed, independent


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def places(side: int = 32) -> torch.Tensor:
    """Each pixel holds its own row and column."""
    rows, columns = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    return torch.stack([rows, columns]).float()[None, None]


def waves(side: int = 160) -> Samples:
    down, across = np.mgrid[:side, :side]
    plane = 0.5 + 0.25 * np.sin(down / 9) * np.cos(across / 7)
    return np.stack([plane, 0.9 * plane, 1 - plane]).astype(np.float32)


def test_the_two_are_neighbours_in_one_cell_and_never_the_same() -> None:
    first, second = neighbours(places(), seeded())
    assert first.shape == second.shape == (1, 1, 2, 16, 16)
    assert torch.equal((first - second).abs().sum(2), torch.ones(1, 1, 16, 16))
    assert torch.equal((first / 2).floor(), (second / 2).floor())
    assert len(torch.unique((first - second).flatten(3), dim=3)[0, 0, 0]) == 4, "all directions"


def test_layers_are_sampled_at_the_same_places() -> None:
    picture = torch.rand((1, 3, 3, 20, 24), generator=seeded(2))
    first, second = neighbours(torch.cat([picture, picture + 5]), seeded())
    assert torch.allclose(first[1] - first[0], torch.tensor(5.0))
    assert torch.allclose(second[1] - second[0], torch.tensor(5.0))
    assert not torch.equal(neighbours(picture, seeded(1))[0], neighbours(picture, seeded(2))[0])


def test_the_truth_is_the_first_pixel_with_the_noise_of_the_second() -> None:
    clean = waves()
    noisy = (clean + 0.1 * np.random.default_rng(1).standard_normal(clean.shape)).astype(np.float32)
    given, truth = neighbour_pairs([noisy], [clean], 64)(16, seeded())
    assert given.shape == truth.shape == (16, 3, 64, 64)
    same, moved = neighbour_pairs([clean], [clean], 64)(16, seeded())
    assert float((same - moved).abs().mean()) < 0.002, (
        "the structure between the two is made up for"
    )
    first, second = given - same, truth - same
    assert abs(float(second.std()) / 0.1 - 1) < 0.05
    both = torch.corrcoef(torch.stack([first.flatten(), second.flatten()]))
    assert abs(float(both[0, 1])) < 0.02, "noise that could be guessed would be kept"


def test_a_single_pixel_that_the_guess_left_is_not_passed_on() -> None:
    clean = waves()
    spiked = clean.copy()
    spiked[:, 5::16, 7::16] = 1.0
    given, truth = neighbour_pairs([clean], [spiked], 64)(16, seeded())
    assert float((given - truth).abs().max()) < 0.06


def test_noise_is_laid_as_pixels_of_that_brightness_have_it() -> None:
    clean = waves(200)
    rng = np.random.default_rng(4)
    noisy = filed(clean + 0.2 * clean.mean(axis=0) * rng.standard_normal(clean.shape))
    lay = pixel_noise([noisy], [clean])
    for value in (0.43, 0.54):
        plain = torch.full((2, 3, 64, 64), value)
        added = lay(plain, seeded()) - plain
        assert torch.equal(added, lay(plain, seeded()) - plain)
        assert abs(float(added.std()) / (0.2 * value) - 1) < 0.1
        beside = (added[..., 1:] * added[..., :-1]).mean() / added.square().mean()
        assert abs(float(beside)) < 0.05


def test_black_and_white_pixels_are_laid_though_the_guess_left_some() -> None:
    clean = waves(200)
    drawn = np.random.default_rng(4).random((1, 200, 200))
    noisy = np.where(drawn < 0.1, drawn < 0.05, clean).astype(np.float32)
    guess = np.where(drawn < 0.02, noisy, clean).astype(np.float32)
    plain = torch.full((2, 3, 64, 64), 0.5)
    made = pixel_noise([noisy], [guess])(plain, seeded())
    assert abs(float((made < 0.05).float().mean()) - 0.05) < 0.015
    assert abs(float((made > 0.95).float().mean()) - 0.05) < 0.015


def test_a_better_guess_of_neighbours_scores_higher() -> None:
    clean = waves()
    noisy = independent(clean, 1, 0.1)

    def blurred(sheet: Samples) -> Samples:
        padded = np.pad(sheet, ((0, 0), (1, 1), (1, 1)), mode="edge")
        height, width = sheet.shape[1:]
        parts = [padded[:, i : i + height, j : j + width] for i in range(3) for j in range(3)]
        mean: Samples = np.mean(parts, axis=0, dtype=np.float32)
        return mean

    left = guess_neighbours(lambda sheet: sheet, noisy)
    better = guess_neighbours(blurred, noisy)
    flattened = guess_neighbours(lambda sheet: np.full_like(sheet, sheet.mean()), noisy)
    assert better > left + 2
    assert better > flattened + 2
    # Two noisy neighbours are averaged: no guess can be nearer than half the variance.
    assert better < -10 * np.log10(0.1**2 / 2) + 0.3


def test_channels_behind_the_picture_and_odd_sizes_are_no_trouble() -> None:
    noisy = filed(waves(131))

    def with_share(sheet: Samples) -> Samples:
        return np.concatenate([sheet, sheet[:1]])

    assert guess_neighbours(with_share, noisy) == guess_neighbours(lambda sheet: sheet, noisy)
