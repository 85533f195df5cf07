"""Kinds of noise that a person can name; each is told apart by its look.

As in `noise`: batches `(batch, 3, height, width)`, sRGB in [0, 1], drawn from the given generator
alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Generator, Tensor

from desktop_ae.domains.image import noise
from desktop_ae.domains.image.noise import blur, jpeg, normal, uniform
from desktop_ae.training.pairs import Damage


def gaussian(clean: Tensor, rng: Generator) -> Tensor:
    """Independent in every pixel and channel, sigma 5 to 75 of 255."""
    sigma = uniform(rng, clean, len(clean), 5 / 255, 75 / 255)
    return _half_filed(clean + sigma * normal(clean, rng), rng)


def speckle(clean: Tensor, rng: Generator) -> Tensor:
    """In proportion to brightness, sigma 5 to 50 %; half of the time alike in all channels."""
    amount = uniform(rng, clean, len(clean), 0.05, 0.5)
    return _half_filed(clean * (1 + amount * _grey_or_coloured(clean, rng)), rng)


def salt_and_pepper(clean: Tensor, rng: Generator) -> Tensor:
    """One to 25 % of the pixels are black or white, half of the time in each channel by itself."""
    count = len(clean)
    share = uniform(rng, clean, count, 0.01, 0.25)
    drawn = torch.rand(clean.shape, generator=rng, device=clean.device)
    alike = uniform(rng, clean, count, 0.0, 1.0) < 0.5
    drawn = torch.where(alike, drawn[:, :1], drawn)
    salted = torch.where(drawn < share, (drawn < share / 2).to(clean), clean)
    return salted


def stripes(clean: Tensor, rng: Generator) -> Tensor:
    """Rows or columns are too bright or too dark, sigma 2 to 25 of 255, over a little noise."""
    count, _, height, width = clean.shape
    amount = uniform(rng, clean, count, 2 / 255, 25 / 255)
    rows = _grey_or_coloured(clean.new_empty((count, 3, height, 1)), rng).expand_as(clean)
    columns = _grey_or_coloured(clean.new_empty((count, 3, 1, width)), rng).expand_as(clean)
    lying = uniform(rng, clean, count, 0.0, 1.0) < 0.5
    fine = uniform(rng, clean, count, 0.0, 6 / 255) * normal(clean, rng)
    return _half_filed(clean + amount * torch.where(lying, rows, columns) + fine, rng)


def coarse_grain(clean: Tensor, rng: Generator) -> Tensor:
    """Film grain of two to six pixels, strongest in the mid-tones."""
    count = len(clean)
    amount = uniform(rng, clean, count, 5 / 255, 35 / 255)
    colour = uniform(rng, clean, count, 0.0, 0.6)
    drawn = normal(clean[:, :1], rng) + colour * normal(clean, rng)
    drawn = blur(drawn, uniform(rng, clean, count, 0.8, 2.2))
    drawn = drawn / drawn.std(dim=(1, 2, 3), keepdim=True).clamp_min(1e-6)
    brightness = clean.mean(1, keepdim=True)
    return _half_filed(clean + amount * (0.35 + 2.6 * brightness * (1 - brightness)) * drawn, rng)


def heavy_jpeg(clean: Tensor, rng: Generator) -> Tensor:
    """Quality 6 to 40."""
    return jpeg(clean, uniform(rng, clean, len(clean), 6.0, 40.0), rng)


# "" is what the shipped model learnt.
DAMAGES: Mapping[str, tuple[str, Damage]] = {
    "": ("Everything this task knows", noise.damage),
    "gaussian": ("Fine grain, even everywhere (Gaussian)", gaussian),
    "speckle": ("Speckle, stronger where it is bright", speckle),
    "salt-and-pepper": ("Single black and white pixels", salt_and_pepper),
    "stripes": ("Stripes across or down", stripes),
    "coarse-grain": ("Coarse film grain", coarse_grain),
    "jpeg": ("Blocks of strong JPEG compression", heavy_jpeg),
}


def _grey_or_coloured(like: Tensor, rng: Generator) -> Tensor:
    alike = uniform(rng, like, len(like), 0.0, 1.0) < 0.5
    return torch.where(alike, normal(like[:, :1], rng), normal(like, rng))


def _half_filed(picture: Tensor, rng: Generator) -> Tensor:
    """Half as a file holds it; half as it is, as most of what the net learnt first: all clipped, it
    would forget that what is outside is noise.
    """
    kept = uniform(rng, picture, len(picture), 0.0, 1.0) < 0.5
    return torch.where(kept, picture, (picture.clamp(0, 1) * 255).round() / 255)
