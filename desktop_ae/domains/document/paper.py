"""Paper: taken from a person's own pages, or made by computation where no pictures of it are.

Everything draws from the given generator alone, so that a seed fixes the result.
"""

from __future__ import annotations

import math
from functools import lru_cache

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from desktop_ae.domains.image.noise import blur, normal, uniform

_SIDE = 384
_SHEETS = 12

# Darker than this on a cleaned page is ink, or the edge of it; darker than that is its core.
_EDGE, _CORE = 0.9, 0.3
# What ink lets through of the paper where a part of a page has none that could be measured.
_USUAL_TONE = 0.1
_BROWN = (0.35, 0.55, 0.8)


def without_ink(noisy: Tensor, cleaned: Tensor) -> tuple[Tensor, Tensor]:
    """The paper of pages, and how much of it their ink lets through, `(batch, 1, 1, 1)`.

    noisy, cleaned: `(batch, 3, height, width)` in [0, 1], the same pages before and after cleaning.
    """
    dark = cleaned.mean(1, keepdim=True)
    # Blur and ink that ran out reach a little further than what was cleaned up.
    near = F.max_pool2d((dark < _EDGE).to(noisy), 5, 1, 2)
    paper = filled(noisy, 1 - near).clamp_min(0.02)
    core = (dark < _CORE).to(noisy)
    through = (core * (noisy / paper).mean(1, keepdim=True)).sum((2, 3), keepdim=True)
    pixels = core.sum((2, 3), keepdim=True)
    tone = torch.where(
        pixels > 0, through / pixels.clamp_min(1), torch.full_like(pixels, _USUAL_TONE)
    )
    return paper, tone.clamp(0, 0.9)


def filled(picture: Tensor, known: Tensor) -> Tensor:
    """Holes closed from what is around them, the nearest first (Gortler et al. 1996, "pull-push").

    picture: `(batch, channels, height, width)`. known: `(batch, 1, height, width)`, 0 in the holes.
    White, where nothing is known at all.
    """
    if max(picture.shape[2:]) == 1:
        return torch.where(known > 0, picture, torch.ones_like(picture))
    weight = F.avg_pool2d(known, 2, ceil_mode=True)
    coarse = F.avg_pool2d(picture * known, 2, ceil_mode=True) / weight.clamp_min(1e-6)
    around = filled(coarse, (weight > 0).to(known))
    size = list(picture.shape[2:])
    smooth = F.interpolate(around, size, mode="bilinear", align_corners=False)
    return torch.where(known > 0, picture, smooth)


def printed(clean: Tensor, paper: Tensor, tone: Tensor, rng: Generator) -> Tensor:
    """Clean pages on other pages' paper, with ink about as weak as theirs, a little blurred."""
    sigma = uniform(rng, clean, len(clean), 0.0, 0.8)
    weak = (tone * uniform(rng, clean, len(clean), 0.8, 1.2)).clamp(0, 0.9)
    return (paper * (weak + (1 - weak) * blur(clean, sigma))).clamp(0, 1)


@lru_cache(maxsize=1)
def made_papers() -> tuple[Tensor, ...]:
    """Sheets of fibres, some crumpled, `(3, side, side)` uint8 each; the same each time."""
    rng = Generator().manual_seed(11)
    return tuple(_in_bytes(_sheet(rng, number % 2 == 1))[0] for number in range(_SHEETS))


@lru_cache(maxsize=1)
def made_stains() -> tuple[Tensor, ...]:
    """Brown and grey spills with darker edges, `(4, side, side)` uint8 with alpha each."""
    rng = Generator().manual_seed(12)
    return tuple(_in_bytes(_spill(rng))[0] for _ in range(_SHEETS))


def _sheet(rng: Generator, crumpled: bool) -> Tensor:
    like = torch.ones(1, 3, _SIDE, _SIDE)
    fibres = sum(blur(normal(like[:, :1], rng), torch.full((1, 1, 1, 1), s)) * s for s in (0.7, 2))
    sheet = like * (0.92 + 0.03 * fibres)
    if crumpled:
        y, x = torch.meshgrid(*[torch.linspace(-1, 1, _SIDE)] * 2, indexing="ij")
        for _ in range(14):
            sheet = sheet * _crease(x, y, rng)
    return sheet


def _crease(x: Tensor, y: Tensor, rng: Generator) -> Tensor:
    """Light on one side of a broken line, shade on the other, fading away from it and along it."""
    drawn = torch.rand(7, generator=rng).tolist()
    angle = 2 * math.pi * drawn[0]
    across = (x - 2 * drawn[1] + 1) * math.cos(angle) + (y - 2 * drawn[2] + 1) * math.sin(angle)
    along = (y - 2 * drawn[2] + 1) * math.cos(angle) - (x - 2 * drawn[1] + 1) * math.sin(angle)
    reach = 0.05 + 0.3 * drawn[3]
    height = (0.05 + 0.2 * drawn[4]) * torch.exp(-((along / (0.3 + drawn[5])) ** 2))
    crease: Tensor = 1 - height * across.sign() * torch.exp(-across.abs() / reach)
    return crease


def _spill(rng: Generator) -> Tensor:
    grid = torch.rand((1, 1, 6, 6), generator=rng)
    clouds = F.interpolate(grid, (_SIDE, _SIDE), mode="bicubic", align_corners=True)
    y, x = torch.meshgrid(*[torch.linspace(-1, 1, _SIDE)] * 2, indexing="ij")
    inside = 0.62 - (x**2 + y**2).sqrt() + 0.4 * (clouds - 0.5)
    drawn = torch.rand(3, generator=rng).tolist()
    body = torch.sigmoid(inside / 0.01) * (0.1 + 0.4 * drawn[0])
    # A spill dries from its middle and leaves most at its edge.
    edge = torch.exp(-((inside / (0.02 + 0.04 * drawn[1])) ** 2)) * 0.6
    tone = torch.tensor(_BROWN)[None, :, None, None] if drawn[2] < 0.7 else torch.tensor(0.6)
    colour = (1 - tone) * torch.ones(1, 3, _SIDE, _SIDE)
    return torch.cat([colour, (body + edge).clamp(0, 1)], 1)


def _in_bytes(picture: Tensor) -> Tensor:
    return (picture.clamp(0, 1) * 255).round().to(torch.uint8)
