"""Small pictures to learn from, made here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def photo(seed: int, height: int = 190, width: int = 210) -> NDArray[np.uint8]:
    """Smooth hills with some edges in them, `(height, width, 3)`."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    picture = np.zeros((height, width, 3))
    for channel in range(3):
        for _ in range(6):
            period = rng.uniform(15, 120)
            angle, phase = rng.uniform(0, 7, 2)
            wave = np.sin((x * np.cos(angle) + y * np.sin(angle)) / period * 6.28 + phase)
            picture[..., channel] += wave * rng.uniform(0.3, 1)
    for _ in range(8):
        top, left = rng.integers(0, height - 30), rng.integers(0, width - 30)
        tall, wide = rng.integers(12, 60, 2)
        picture[top : top + tall, left : left + wide] += rng.uniform(-2, 2, 3)
    low, high = picture.min(), picture.max()
    scaled: NDArray[np.uint8] = (20 + 210 * (picture - low) / (high - low)).astype(np.uint8)
    return scaled


def noisy(clean: NDArray[np.uint8], seed: int, sigma: float = 20.0) -> NDArray[np.uint8]:
    noise = np.random.default_rng(seed + 1000).normal(0, sigma, clean.shape)
    return (clean + noise).clip(0, 255).astype(np.uint8)


def write_photos(folder: Path, count: int, sigma: float = 0.0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        picture = photo(number)
        if sigma:
            picture = noisy(picture, number, sigma)
        Image.fromarray(picture).save(folder / f"p{number}.png")
    return folder


def write_pairs(folder: Path, count: int) -> tuple[Path, Path]:
    """(folder of noisy ones, folder of clean ones)"""
    return write_photos(folder / "noisy", count, 20.0), write_photos(folder / "clean", count)
