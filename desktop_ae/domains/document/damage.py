"""How clean pages get dirty: paper, light, stains, bleed-through, weak ink, scanners, JPEG.

Everything works on batches `(batch, 3, height, width)`, sRGB in [0, 1], on any device, and draws
from the given generator alone, so that a seed fixes the result.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from desktop_ae.domains.image.noise import blur, jpeg, normal, uniform


class PageDamage:
    """Lays what happens to pages onto clean ones.

    papers: `(3, h, w)` uint8 pictures of empty pages and creases, of which only the unevenness is
    used. stains: `(4, h, w)` uint8 sprites with alpha. backs: `(3, h, w)` uint8 clean pages, which
    shine through from behind.
    """

    def __init__(
        self, papers: Sequence[Tensor], stains: Sequence[Tensor], backs: Sequence[Tensor]
    ) -> None:
        self.papers = list(papers)
        self.stains = list(stains)
        self.backs = list(backs)

    def __call__(self, clean: Tensor, rng: Generator) -> Tensor:
        """Of each batch about a tenth stays as it was, and a fifth looks centuries old."""
        dirty = self.dirty(clean, rng)
        dirty = torch.where(_chance(rng, clean, 0.2), self.aged(dirty, rng), dirty)
        return torch.where(_chance(rng, clean, 0.1), clean, dirty)

    def aged(self, page: Tensor, rng: Generator) -> Tensor:
        """Rough, dark sheets with laid lines, on which the back shows almost as well as the front.

        These are what old books need, and beyond what offices have.
        """
        back = self._bleed_through(page, rng, share=0.5, strongest=0.75)
        rough = _blotches(page, rng) * _laid_lines(page, rng)
        return (page * back * rough * uniform(rng, page, len(page), 0.4, 1.0)).clamp(0, 1)

    def dirty(self, clean: Tensor, rng: Generator) -> Tensor:
        """Every page gets some damage; a seventh becomes black and white."""
        page = self._weaken(clean, rng)
        paper = self._paper(clean, rng)
        page = page * self._bleed_through(clean, rng) * paper * light(clean, rng)
        page = self._stain(page, rng)
        softness = _some(rng, clean, 0.6, 0.3, 1.3)
        page = blur(page, softness)
        page = _contrast(page, rng)
        page = _streaks(page, rng)
        page = _noise(page, rng)
        page = _speckle(page, rng)
        page = torch.where(_chance(rng, clean, 0.6), _jpeg(page, rng), page)
        return torch.where(_chance(rng, clean, 0.14), binarise(page, rng), page).clamp(0, 1)

    def _weaken(self, clean: Tensor, rng: Generator) -> Tensor:
        """Ink that has faded, here and there more."""
        amount = _some(rng, clean, 0.6, 0.0, 0.6)
        patchy = 1 - _some(rng, clean, 0.3, 0.0, 0.6) * _clouds(clean, rng, 6)
        return 1 - (1 - clean) * (1 - amount) * patchy

    def _paper(self, clean: Tensor, rng: Generator) -> Tensor:
        """Sheets with a tone and a texture of their own."""
        count = len(clean)
        brightness = uniform(rng, clean, count, 0.55, 1.0) ** 0.7
        yellow = uniform(rng, clean, count, 0.0, 1.0) ** 2 * 0.4
        tint = torch.cat([torch.zeros_like(yellow), 0.25 * yellow, yellow], dim=1)
        plain = brightness * (1 - tint)
        if not self.papers:
            return plain.expand_as(clean)
        grain = torch.stack([self._texture(clean, rng) for _ in range(count)])
        strength = uniform(rng, clean, count, 0.0, 1.0)
        return (plain * (1 + strength * (grain - 1))).clamp(0.05, 1.1)

    def _texture(self, like: Tensor, rng: Generator) -> Tensor:
        """A crop of a random paper at a random scale, divided by its brightest tone."""
        paper = self.papers[_number(rng, len(self.papers))]
        if _number(rng, 2):
            paper = paper.transpose(1, 2).flip(1)
        crop = _crop(
            paper, like.shape[-2:], rng, 2 ** (2 * float(torch.rand((), generator=rng)) - 1)
        )
        crop = crop.to(like.device)
        # Creases are pictures of light from black to white: never so strong on a page.
        low, high = crop.amin(), crop.amax().clamp_min(0.1)
        if float(high - low) > 0.5:
            crop = 0.6 + 0.4 * (crop - low) / (high - low)
            return crop
        return crop / high

    def _bleed_through(
        self, clean: Tensor, rng: Generator, share: float = 0.35, strongest: float = 0.5
    ) -> Tensor:
        """What is printed on the back, mirrored, soft and weak."""
        amount = _some(rng, clean, share, 0.05, strongest)
        if not self.backs or not bool(amount.any()):
            return torch.ones_like(clean)
        chosen = [self.backs[_number(rng, len(self.backs))] for _ in range(len(clean))]
        back = torch.stack([_crop(b, clean.shape[-2:], rng).flip(2) for b in chosen]).to(
            clean.device
        )
        soft = blur(back.mean(1, keepdim=True), uniform(rng, clean, len(clean), 0.5, 2.5))
        return 1 - amount * (1 - soft)

    def _stain(self, page: Tensor, rng: Generator) -> Tensor:
        """Sprites multiplied onto the page, and now and then the ring of a cup."""
        stained = page.clone()
        for number in range(len(page)):
            if self.stains and _number(rng, 100) < 35:
                for _ in range(1 + _number(rng, 3)):
                    stained[number] *= self._sprite(page, rng)
            if _number(rng, 100) < 22:
                stained[number] *= _ring(page, rng)
        return stained

    def _sprite(self, like: Tensor, rng: Generator) -> Tensor:
        """`(3, height, width)` of what a stain lets through."""
        height, width = like.shape[-2:]
        sprite = self.stains[_number(rng, len(self.stains))].to(like.device).float()[None] / 255
        side = int(min(height, width) * (0.4 + 1.6 * float(torch.rand((), generator=rng))))
        sprite = F.interpolate(sprite, (side, side), mode="bilinear", align_corners=False)[0]
        strength = 0.5 + 0.9 * float(torch.rand((), generator=rng))
        passed = 1 - (strength * sprite[3:] * (1 - sprite[:3])).clamp(0, 0.95)
        whole = torch.ones(3, height + 2 * side, width + 2 * side, device=like.device)
        top = side // 2 + _number(rng, height + side // 2)
        left = side // 2 + _number(rng, width + side // 2)
        whole[:, top : top + side, left : left + side] = passed
        return whole[:, side : side + height, side : side + width]


def light(like: Tensor, rng: Generator) -> Tensor:
    """Uneven light, `(batch, 1, height, width)`: slopes, soft and hard shadows, folds."""
    height, width = like.shape[-2:]
    slope = 1 - _some(rng, like, 0.6, 0.1, 0.6) * _clouds(like, rng, 2)
    y = torch.linspace(-1, 1, height, device=like.device)[:, None]
    x = torch.linspace(-1, 1, width, device=like.device)[None]
    angle = uniform(rng, like, len(like), 0, 2 * math.pi)
    across = x * angle.cos() + y * angle.sin() + uniform(rng, like, len(like), -1, 1)
    softness = uniform(rng, like, len(like), math.log(0.02), math.log(0.6)).exp()
    shadow = 1 - _some(rng, like, 0.3, 0.1, 0.65) * torch.sigmoid(across / softness)
    along = -x * angle.sin() + y * angle.cos() + uniform(rng, like, len(like), -1, 1)
    width_of_fold = uniform(rng, like, len(like), math.log(0.008), math.log(0.08)).exp()
    edge = torch.exp(-((along / width_of_fold) ** 2))
    sign = torch.where(_chance(rng, like, 0.7), 1.0, -0.6)
    fold = 1 - _some(rng, like, 0.25, 0.05, 0.4) * sign * edge
    return slope * shadow * fold


def binarise(page: Tensor, rng: Generator) -> Tensor:
    """Black and white by a threshold that is near right, as fax machines and old scanners did."""
    grey = page.mean(1, keepdim=True)
    middle = (grey.amin((2, 3), keepdim=True) + grey.amax((2, 3), keepdim=True)) / 2
    local = blur(blur(grey, torch.full_like(middle, 4.0)), torch.full_like(middle, 4.0))
    wanted = torch.where(_chance(rng, page, 0.5), middle, 0.85 * local)
    return (grey > wanted * uniform(rng, page, len(page), 0.85, 1.12)).to(page).expand_as(page)


def exposed(page: Tensor, rng: Generator) -> Tensor:
    """A real picture of a page as another camera would have taken it: light, contrast, colours."""
    count = len(page)
    low = uniform(rng, page, count, 0.0, 0.3)
    gains = torch.cat([uniform(rng, page, count, 0.85, 1.0) for _ in range(3)], dim=1)
    gains = torch.where(_chance(rng, page, 0.5), gains, torch.ones_like(gains))
    shown = page.clamp_min(1e-4) ** uniform(rng, page, count, 0.7, 1.5) * gains
    shown = torch.where(_chance(rng, page, 0.3), light(page, rng) * shown, shown)
    shown = shown * (1 - low) + low * 0.5
    shown = blur(shown, _some(rng, page, 0.2, 0.3, 0.8))
    return _noise(shown, rng)


def _contrast(page: Tensor, rng: Generator) -> Tensor:
    """A scanner's exposure: black is not 0, white not 1, the curve between them bent."""
    low = _some(rng, page, 0.5, 0.0, 0.2)
    high = 1 - _some(rng, page, 0.4, 0.0, 0.25) + _some(rng, page, 0.2, 0.0, 0.2)
    gamma = uniform(rng, page, len(page), 0.75, 1.35)
    return (low + (high - low) * page.clamp_min(1e-4) ** gamma).clamp(0, 1)


def _streaks(page: Tensor, rng: Generator) -> Tensor:
    """Dust on a scanner's glass: lines along the way of the sensor."""
    width = page.shape[-1]
    drawn = torch.rand((len(page), 1, 1, width), generator=rng, device=page.device)
    tone = torch.rand((len(page), 1, 1, width), generator=rng, device=page.device)
    hit = (drawn < 0.02) & _chance(rng, page, 0.08)
    return torch.where(hit, page * 0.5 + 0.5 * tone, page)


def _noise(page: Tensor, rng: Generator) -> Tensor:
    """Of the sensor, fine or over two pixels, mostly alike in the three colours."""
    sigma = _some(rng, page, 0.85, 0.0, 0.07)
    mono = normal(page[:, :1], rng)
    drawn = mono + 0.5 * normal(page, rng)
    drawn = torch.where(
        _chance(rng, page, 0.4), 1.6 * blur(drawn, torch.full_like(sigma, 0.8)), drawn
    )
    return (page + sigma * drawn).clamp(0, 1)


def _blotches(page: Tensor, rng: Generator) -> Tensor:
    """Fibres and dirt: unevenness over one to six pixels, `(batch, 1, height, width)` around 1."""
    drawn = normal(page[:, :1], rng)
    wide = blur(drawn, uniform(rng, page, len(page), 0.5, 3.0))
    wide = wide / wide.std(dim=(1, 2, 3), keepdim=True).clamp_min(1e-6)
    return (1 + _some(rng, page, 0.7, 0.02, 0.2) * wide).clamp(0.2, 1.5)


def _laid_lines(page: Tensor, rng: Generator) -> Tensor:
    """The ribs of a paper mould or the lines of a bad sensor, along or across."""
    side = max(page.shape[-2:])
    drawn = torch.randn((len(page), 1, 1, side), generator=rng, device=page.device)
    lines = blur(drawn.expand(-1, -1, 11, -1), uniform(rng, page, len(page), 0.7, 3.0))[:, :, :1]
    lines = lines / lines.std(dim=3, keepdim=True).clamp_min(1e-6)
    amount = _some(rng, page, 0.4, 0.02, 0.15)
    across = 1 + amount * lines[..., : page.shape[-1]]
    along = 1 + amount * lines[..., : page.shape[-2]].transpose(2, 3)
    shape = (len(page), 1, *page.shape[-2:])
    turned = _chance(rng, page, 0.5)
    return torch.where(turned, along.expand(shape), across.expand(shape)).clamp(0.3, 1.5)


def _speckle(page: Tensor, rng: Generator) -> Tensor:
    """Toner where none should be, holes where it should; single pixels and small clumps."""
    share = _some(rng, page, 0.15, 0.0005, 0.02)
    drawn = torch.rand(page[:, :1].shape, generator=rng, device=page.device)
    size = uniform(rng, page, len(page), 0.0, 1.0)
    dots = torch.where(
        size < 0.5,
        (drawn < share).to(page),
        F.max_pool2d((drawn < share / 4).to(page), 2, 1, 1)[
            ..., : page.shape[-2], : page.shape[-1]
        ],
    )
    holes = (drawn > 1 - share).to(page)
    return page * (1 - dots) + dots * 0.1 + holes * (1 - page) * 0.9


def _jpeg(page: Tensor, rng: Generator) -> Tensor:
    return jpeg(page, uniform(rng, page, len(page), 20.0, 95.0), rng)


def _ring(like: Tensor, rng: Generator) -> Tensor:
    """The mark of a cup, `(3, height, width)`."""
    height, width = like.shape[-2:]
    y = torch.arange(height, device=like.device)[:, None].float()
    x = torch.arange(width, device=like.device)[None].float()
    drawn = torch.rand(6, generator=rng).tolist()
    radius = width * (0.3 + 1.2 * drawn[0])
    distance = (
        (y - height * (2 * drawn[1] - 0.5)) ** 2 + (x - width * (2 * drawn[2] - 0.5)) ** 2
    ).sqrt()
    edge = torch.exp(-(((distance - radius) / (1 + 0.04 * radius * drawn[3])) ** 2))
    inside = (distance < radius).float() * 0.3 * drawn[4]
    brown = torch.tensor([0.25, 0.38, 0.5], device=like.device)[:, None, None]
    passed: Tensor = 1 - brown * (0.3 + drawn[5]) * (edge + inside).clamp(0, 1)
    return passed


def _clouds(like: Tensor, rng: Generator, cells: int) -> Tensor:
    """Smooth random fields in [0, 1], `(batch, 1, height, width)`."""
    grid = torch.rand((len(like), 1, cells + 1, cells + 1), generator=rng, device=like.device)
    return F.interpolate(grid, like.shape[-2:], mode="bicubic", align_corners=True).clamp(0, 1)


def _some(rng: Generator, like: Tensor, share: float, low: float, high: float) -> Tensor:
    """Numbers between low and high for a share of the batch, 0 for the others."""
    drawn = uniform(rng, like, len(like), low, high)
    return torch.where(_chance(rng, like, share), drawn, torch.zeros_like(drawn))


def _chance(rng: Generator, like: Tensor, share: float) -> Tensor:
    return uniform(rng, like, len(like), 0.0, 1.0) < share


def _number(rng: Generator, below: int) -> int:
    return int(torch.randint(below, (), generator=rng, device=rng.device))


def _crop(picture: Tensor, shape: torch.Size, rng: Generator, scale: float = 1.0) -> Tensor:
    """A random part of a uint8 picture as floats in [0, 1], resized to a shape.

    scale: pixels of the picture for one of the shape's, if the picture has that many.
    """
    scale = min(scale, picture.shape[1] / shape[0], picture.shape[2] / shape[1])
    height, width = max(1, int(shape[0] * scale)), max(1, int(shape[1] * scale))
    top = _number(rng, picture.shape[1] - height + 1)
    left = _number(rng, picture.shape[2] - width + 1)
    crop = picture[:, top : top + height, left : left + width].float()[None] / 255
    return F.interpolate(crop, tuple(shape), mode="bilinear", align_corners=False)[0]
