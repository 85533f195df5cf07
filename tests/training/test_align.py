from __future__ import annotations

import numpy as np
import pytest

from desktop_ae.core.clip import Samples
from desktop_ae.training.align import align, find_shift


def scene(height: int, width: int, seed: int = 3) -> Samples:
    """Something with structure of every size, `(1, height, width)`."""
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft2(rng.normal(size=(height, width)))
    rows = np.fft.fftfreq(height)[:, None]
    columns = np.fft.rfftfreq(width)[None]
    smooth = np.fft.irfft2(spectrum / (0.02 + np.hypot(rows, columns)), (height, width))
    smooth = smooth - smooth.min()
    scaled: Samples = (smooth / smooth.max())[None].astype(np.float32)
    return scaled


def noise(shape: tuple[int, ...], size: float, seed: int = 5) -> Samples:
    return np.random.default_rng(seed).normal(0, size, shape).astype(np.float32)


@pytest.mark.parametrize(("down", "right"), [(0, 0), (3, -5), (-7, 0), (0, 12), (9, 9)])
def test_a_shifted_picture_is_found_and_laid_on_its_twin(down: int, right: int) -> None:
    whole = scene(240, 300)
    clean = whole[:, 20:200, 20:260]
    noisy = whole[:, 20 - down : 200 - down, 20 - right : 260 - right]
    noisy = noisy + noise(noisy.shape, 0.1)
    aligned = align(noisy, clean, 16)
    assert aligned.shift == (down, right)
    assert aligned.noisy.shape == aligned.clean.shape == (1, 180 - abs(down), 240 - abs(right))
    assert float(np.abs(aligned.noisy - aligned.clean).mean()) < 0.1


def test_a_shifted_signal_is_found_under_as_much_noise() -> None:
    whole = scene(1, 9000)[0]
    clean, noisy = whole[:, 500:8500], whole[:, 460:8460]
    noisy = noisy + noise(noisy.shape, float(clean.std()))
    aligned = align(noisy, clean, 200)
    assert aligned.shift == (40,)
    assert aligned.clean.shape == (1, 7960)


def test_two_that_differ_by_a_few_pixels_in_size_are_cut_to_what_both_show() -> None:
    whole = scene(200, 200)
    aligned = align(whole, whole[:, :196, :199], 16)
    assert aligned.noisy.shape == aligned.clean.shape == (1, 196, 199)
    assert np.array_equal(aligned.noisy, aligned.clean)


def test_sizes_that_differ_by_more_are_no_pair() -> None:
    with pytest.raises(ValueError, match="their sizes differ: 200×100 and 200×160"):
        align(scene(100, 200), scene(160, 200), 16)


def test_two_that_show_something_else_are_no_pair() -> None:
    with pytest.raises(ValueError, match="do not show the same"):
        align(scene(128, 128, 1), scene(128, 128, 2), 4)


def test_a_shift_of_more_than_is_made_good_is_not_taken_for_one() -> None:
    whole = scene(1, 6000)[0, 0]
    assert find_shift(whole[100:4100], whole[400:4400], 50) != (300,)
