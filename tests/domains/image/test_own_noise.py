from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Generator, Tensor

from desktop_ae.domains.image.own_noise import (
    LEVELS,
    REACH,
    between_pixels,
    flat_blocks,
    measure_noise,
)
from tests.domains.image.own_photos import (
    correlated,
    filed,
    independent,
    scene,
    smooth_noise,
    texture,
)


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def neighbours_go_together(noise: Tensor, steps: int = 1) -> float:
    product = (noise[..., steps:] * noise[..., :-steps]).mean()
    return float(product / noise.square().mean())


def test_strength_is_measured_for_each_brightness() -> None:
    own = measure_noise(flat_blocks([correlated(scene(n), n) for n in range(8)]))
    for brightness in (0.25, 0.5, 0.7):
        expected = np.sqrt(0.0004 + 0.008 * brightness)
        found = own.level[:, round(brightness * (LEVELS - 1))] * np.median(own.strengths)
        assert np.all(np.abs(found / expected - 1) < 0.15), brightness


def test_correlation_between_pixels_is_measured() -> None:
    own = measure_noise(flat_blocks([correlated(scene(n), n) for n in range(8)]))
    row = own.covariance[0, 0, REACH, REACH:]
    assert abs(row[1] / row[0] - 2 / 3) < 0.06
    assert abs(row[2] / row[0] - 1 / 6) < 0.06
    assert abs(row[5] / row[0]) < 0.06
    assert abs(own.covariance[0, 1, REACH, REACH] / row[0]) < 0.15


def test_what_is_laid_is_what_was_measured() -> None:
    own = measure_noise(flat_blocks([correlated(scene(n), n) for n in range(8)]))
    clean = torch.full((24, 3, 96, 96), 0.5)
    added = own.lay(clean, seeded()) - clean
    assert abs(float(added.std()) / np.sqrt(0.0044) - 1) < 0.15
    assert abs(neighbours_go_together(added) - 2 / 3) < 0.06
    assert abs(neighbours_go_together(added, 40)) < 0.06
    dark = torch.full((24, 3, 96, 96), 0.25)
    assert float((own.lay(dark, seeded()) - dark).std()) < 0.85 * float(added.std())


def test_channels_that_go_together_are_laid_together() -> None:
    grey = [filed(scene(n) + 0.06 * smooth_noise((1, 256, 256), n)) for n in range(6)]
    own = measure_noise(flat_blocks(grey))
    added = own.draw(torch.zeros((8, 3, 64, 64)), seeded())
    red, green = added[:, 0].flatten(), added[:, 1].flatten()
    assert float(torch.corrcoef(torch.stack([red, green]))[0, 1]) > 0.95


def test_stripes_go_through_the_whole_picture() -> None:
    rng = np.random.default_rng(1)
    striped = [
        filed(
            scene(n)
            + 0.06 * rng.standard_normal((1, 256, 1))
            + 0.02 * rng.standard_normal((3, 256, 256))
        )
        for n in range(8)
    ]
    own = measure_noise(flat_blocks(striped))
    assert own.lines[0].any() and not own.lines[1].any()
    added = own.draw(torch.zeros((6, 3, 80, 200)), seeded())
    assert neighbours_go_together(added, 150) > 0.7
    assert abs(neighbours_go_together(added.transpose(2, 3))) < 0.25


def test_texture_is_not_taken_for_noise() -> None:
    plain = measure_noise(flat_blocks([independent(scene(n), n) for n in range(6)]))
    assert abs(float(np.median(plain.level)) / 0.06 - 1) < 0.12
    assert plain.spread < 0.2


def test_every_size_of_picture_can_be_laid_on_and_a_seed_fixes_it() -> None:
    own = measure_noise(flat_blocks([correlated(scene(n), n) for n in range(4)]))
    for shape in ((1, 3, 40, 40), (2, 3, 128, 90), (1, 3, 33, 301)):
        clean = torch.full(shape, 0.4)
        once = own.lay(clean, seeded(3))
        assert once.shape == shape
        assert torch.equal(once, own.lay(clean, seeded(3)))
        assert not torch.equal(once, own.lay(clean, seeded(4)))


def test_noise_of_each_pixel_by_itself_is_told_from_smooth_noise() -> None:
    assert between_pixels(flat_blocks([independent(scene(n), n) for n in range(4)])) < 0.08
    assert between_pixels(flat_blocks([correlated(scene(n), n) for n in range(4)])) > 0.3


def test_too_few_even_places_are_refused() -> None:
    clipped = [np.where(texture(n) > 0.5, 1, 0).astype(np.float32) for n in range(3)]
    with pytest.raises(ValueError, match="too few"):
        measure_noise(flat_blocks(clipped))
