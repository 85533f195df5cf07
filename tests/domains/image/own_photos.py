"""Pictures as a person's camera would make them: even parts, fine structure, noise of a kind."""

from __future__ import annotations

import numpy as np

from desktop_ae.core.clip import Samples


def scene(seed: int, side: int = 256) -> Samples:
    """Four parts: two even greys, a slope, and fine texture, `(3, side, side)`, 0.15 to 0.85."""
    rng = np.random.default_rng(seed)
    half = side // 2
    picture = np.empty((3, side, side), np.float32)
    dark, bright = rng.uniform(0.2, 0.45, (3, 1, 1)), rng.uniform(0.5, 0.75, (3, 1, 1))
    picture[:, :half, :half] = dark
    picture[:, :half, half:] = bright
    picture[:, half:, :half] = np.linspace(0.2, 0.75, half)
    picture[:, half:, half:] = texture(seed, half, 0.7)
    return picture


def texture(seed: int, side: int = 256, weakest: float = 0.02) -> Samples:
    """Stones of five pixels, here strong, there weak; nothing even anywhere."""
    rng = np.random.default_rng(seed)

    def squares(size: int) -> Samples:
        drawn = rng.random((1, side // size + 1, side // size + 1), np.float32)
        grown: Samples = drawn.repeat(size, axis=1).repeat(size, axis=2)[:, :side, :side]
        return grown

    stones = 0.5 + (squares(5) - 0.5) * (weakest + (0.9 - weakest) * squares(45))
    return np.broadcast_to(stones, (3, side, side)).astype(np.float32)


def filed(picture: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> Samples:
    kept: Samples = (np.rint(picture.clip(0, 1) * 255) / 255).astype(np.float32)
    return kept


def independent(clean: Samples, seed: int, sigma: float = 0.06) -> Samples:
    rng = np.random.default_rng(seed)
    return filed(clean + sigma * rng.standard_normal(clean.shape))


def smooth_noise(shape: tuple[int, ...], seed: int) -> Samples:
    """Independent noise through a triangle of 3 x 3 pixels, of deviation 1: 2/3 and 1/6."""
    rng = np.random.default_rng(seed)
    drawn = rng.standard_normal((shape[0], shape[1] + 2, shape[2] + 2))
    across = (drawn[:, :, :-2] + 2 * drawn[:, :, 1:-1] + drawn[:, :, 2:]) / np.sqrt(6)
    both = (across[:, :-2] + 2 * across[:, 1:-1] + across[:, 2:]) / np.sqrt(6)
    unit: Samples = both.astype(np.float32)
    return unit


def correlated(clean: Samples, seed: int) -> Samples:
    """Stronger where it is bright: a variance of 0.0004 and 0.008 times the brightness."""
    return filed(clean + np.sqrt(0.0004 + 0.008 * clean) * smooth_noise(clean.shape, seed))
