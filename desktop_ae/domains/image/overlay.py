"""How a clean picture gets an overlay: sprites laid over it once, some times, or all over.

Everything works on torch tensors and draws from the given generator alone, so that a seed fixes
the result. Pictures are sRGB in [0, 1].
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from desktop_ae.domains.image.noise import blur, jpeg, normal, uniform

# An overlay is where it covers more than this: less cannot be seen.
VISIBLE = 0.02
# The shorter side of a sprite is never laid smaller.
LEAST_PX = 7


@dataclass(frozen=True, slots=True)
class Overlaid:
    """picture, clean: `(3, height, width)`. mask: `(1, height, width)`, 1 where the overlay is."""

    picture: Tensor
    clean: Tensor
    mask: Tensor


def lay_over(
    clean: Tensor,
    sprites: Sequence[Tensor],
    rng: Generator,
    opacity: tuple[float, float],
    side: float = 0.0,
) -> Overlaid:
    """Lay sprites over one picture: mostly one, now and then some, or one repeated all over.

    clean: `(3, height, width)`. sprites: `(4, h, w)` uint8, straight alpha. opacity: least, most.
    side: shorter side of the picture of which `clean` is a part, so that a patch sees a part of a
    large overlay as well; 0 for a whole picture.
    """
    kind = _random(rng)
    if kind < 0.25:
        layers = [_layer(clean, _any(sprites, rng), rng, side, tiled=True)]
    else:
        count = 1 if kind < 0.85 else 2 + _number(rng, 2)
        layers = [_layer(clean, _any(sprites, rng), rng, side, tiled=False) for _ in range(count)]
    picture = clean
    covered = torch.zeros_like(clean[:1])
    least, most = opacity
    for layer in layers:
        alpha = layer[3:] * (least + (most - least) * _random(rng))
        if _random(rng) < 0.1:  # fading out to one side
            alpha = alpha * _slope(clean, rng)
        picture = _blend(picture, layer[:3], alpha, _random(rng))
        covered = 1 - (1 - covered) * (1 - alpha)
    # What has the colour of the picture below it cannot be seen, and need not be found.
    change = (picture - clean).abs().amax(0, keepdim=True)
    near = F.max_pool2d((change > 1.5 / 255).to(clean)[None], 5, 1, 2)[0] > 0
    # In linear light a little of white is much on black.
    mask = ((covered > VISIBLE) & near) | (change > 0.03)
    return Overlaid(picture, clean, mask.to(clean))


def _layer(
    like: Tensor, sprite: Tensor, rng: Generator, side: float = 0.0, *, tiled: bool
) -> Tensor:
    """A sprite at a random size, angle and place, `(4, height, width)` in [0, 1]."""
    height, width = like.shape[1:]
    scale = _scale(like, sprite, rng, side, tiled=tiled)
    # What grows is drawn larger below: no need of its pixels.
    small = _resized(sprite.to(like.device), min(scale, 1.0))
    steps = (0.0, 0.0, 0.0, math.pi / 4, -math.pi / 4, math.pi / 2, -math.pi / 6)
    angle = steps[_number(rng, len(steps))]
    if _random(rng) < 0.35:
        angle = _between(rng, -math.pi, math.pi)
    y, x = torch.meshgrid(
        torch.arange(height, dtype=torch.float32),
        torch.arange(width, dtype=torch.float32),
        indexing="ij",
    )
    tall, wide = (length * max(scale, 1.0) for length in small.shape[1:])
    centre_y, centre_x = _place(height, width, rng)
    u = (x - centre_x) * math.cos(angle) + (y - centre_y) * math.sin(angle)
    v = -(x - centre_x) * math.sin(angle) + (y - centre_y) * math.cos(angle)
    if side:  # any part of the sprite may be the one that is seen
        u = u + wide * _between(rng, -0.5, 0.5)
        v = v + tall * _between(rng, -0.5, 0.5)
    if tiled:
        across, down = wide * _between(rng, 1.0, 2.2), tall * _between(rng, 1.05, 3.0)
        row = torch.floor(v / down)
        v = v - row * down - down / 2
        u = torch.remainder(u + row * across * (0.5 if _random(rng) < 0.5 else 0.0), across)
        u = u - across / 2
    grid = torch.stack([2 * u / wide, 2 * v / tall], dim=-1)[None]
    # Premultiplied, or the colour of what is clear would bleed in.
    small = torch.cat([small[:3] * small[3:], small[3:]])
    drawn = F.grid_sample(small[None], grid.to(small), align_corners=False)[0]
    return torch.cat([drawn[:3] / drawn[3:].clamp_min(1e-4), drawn[3:]])


def _scale(like: Tensor, sprite: Tensor, rng: Generator, side: float, *, tiled: bool) -> float:
    height, width = like.shape[1:]
    shorter, longer = (side, 1.4 * side) if side else (min(height, width), max(height, width))
    low, high = (0.07, 0.35) if tiled else (0.05, 1.3)
    long_side = shorter * math.exp(_between(rng, math.log(low), math.log(high)))
    scale = long_side / max(sprite.shape[1:])
    if not tiled and _random(rng) < 0.12:  # a word across the whole picture
        scale = 1.2 * longer / max(sprite.shape[1:])
    # Less is a speck, and no words.
    return max(scale, LEAST_PX / min(sprite.shape[1:]))


def _place(height: int, width: int, rng: Generator) -> tuple[float, float]:
    """Anywhere, half of the time in a corner or the middle."""
    if _random(rng) < 0.5:
        return height * _random(rng), width * _random(rng)
    shares = (0.12, 0.5, 0.88)
    return height * shares[_number(rng, 3)], width * shares[_number(rng, 3)]


def _resized(sprite: Tensor, scale: float) -> Tensor:
    size = [max(2, round(side * scale)) for side in sprite.shape[1:]]
    pixels = sprite.float()[None] / 255
    pixels = torch.cat([pixels[:, :3] * pixels[:, 3:], pixels[:, 3:]], dim=1)
    resized = F.interpolate(pixels, size, mode="bilinear", antialias=True, align_corners=False)[0]
    colour = resized[:3] / resized[3:].clamp_min(1e-4)
    return torch.cat([colour, resized[3:]]).clamp(0, 1)


def _blend(picture: Tensor, colour: Tensor, alpha: Tensor, kind: float) -> Tensor:
    """Over in sRGB, mostly; else in linear light, or by multiplying or screening."""
    if kind < 0.78:
        return picture + alpha * (colour - picture)
    if kind < 0.9:
        low = picture.clamp_min(1e-4) ** 2.2
        high = colour.clamp(1e-4, 1) ** 2.2
        blended: Tensor = (low + alpha * (high - low)).clamp_min(1e-4) ** (1 / 2.2)
        return torch.where(alpha > 0, blended, picture)
    laid = picture * colour if kind < 0.95 else 1 - (1 - picture) * (1 - colour)
    return picture + alpha * (laid - picture)


def _slope(like: Tensor, rng: Generator) -> Tensor:
    ramp = torch.linspace(_random(rng), 1, like.shape[2])[None, None]
    return (ramp.flip(2) if _random(rng) < 0.5 else ramp).to(like)


def scene_text(
    clean: Tensor, sprites: Sequence[Tensor], rng: Generator, side: float = 0.0
) -> Tensor:
    """A sign that belongs to the scene: seen at a slant, lit unevenly, as sharp as the picture.

    `(3, height, width)` in and out. Nothing of it is an overlay. side: as `lay_over`'s.
    """
    layer = _layer(clean, _any(sprites, rng), rng, side, tiled=False)
    height, width = clean.shape[1:]
    y, x = torch.meshgrid(
        torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij"
    )
    slant = 1 + _between(rng, -0.45, 0.45) * x + _between(rng, -0.45, 0.45) * y
    bend = _between(rng, -0.25, 0.25)
    grid = torch.stack([(x + bend * y) / slant, (y + bend * x) / slant], dim=-1)[None].to(clean)
    layer = F.grid_sample(layer[None], grid, align_corners=False)
    layer = blur(layer, torch.full((1, 1, 1, 1), _between(rng, 0.5, 1.8)))[0]
    plate = clean.mean((1, 2), keepdim=True) * _between(rng, 0.4, 1.6)
    if _random(rng) < 0.5:  # painted on a board
        board = (layer[3:].amax((1, 2), keepdim=True) > 0) & (slant[None] > 0)
        inside = F.max_pool2d(layer[3:][None], 25, 1, 12)[0] > 0.2
        clean = torch.where(board & inside, plate + 0.15 * (clean - plate), clean)
    shade = 1 - _between(rng, 0.0, 0.6) * torch.sigmoid(4 * (x + y * _between(rng, -1, 1)))[None]
    ink = (layer[:3] * 0.85 + 0.05) * shade.to(clean)
    ink = ink + 0.02 * normal(ink, rng) + 0.12 * (clean - plate)
    return (clean + layer[3:] * (ink - clean)).clamp(0, 1)


def filed(pictures: Tensor, rng: Generator) -> Tensor:
    """As files hold them, `(batch, 3, h, w)`: rounded to 8 bits, three in five as JPEG."""
    count = len(pictures)
    quality = uniform(rng, pictures, count, 60.0, 98.0)
    kept = uniform(rng, pictures, count, 0.0, 1.0) < 0.4
    rounded = (pictures.clamp(0, 1) * 255).round() / 255
    return torch.where(kept, rounded, jpeg(pictures.clamp(0, 1), quality, rng))


def rough_hint(mask: Tensor, rng: Generator) -> Tensor:
    """What a person's brush, or a look at reduced size, makes of a mask `(1, height, width)`."""
    reach = _number(rng, 9)
    hint = mask[None]
    if reach:
        # One way, then the other: a square pool takes seven times as long.
        hint = F.max_pool2d(hint, (2 * reach + 1, 1), 1, (reach, 0))
        hint = F.max_pool2d(hint, (1, 2 * reach + 1), 1, (0, reach))
    if _random(rng) < 0.5:
        step = 2 ** (1 + _number(rng, 3))
        small = F.avg_pool2d(hint, step, ceil_mode=True)
        hint = F.interpolate(small, mask.shape[1:], mode="bilinear", align_corners=False)
    if _random(rng) < 0.15:  # a box around it
        rows, columns = mask[0].any(1).nonzero(), mask[0].any(0).nonzero()
        if len(rows):
            hint = hint.clone()
            hint[..., rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = 1
    return hint[0].clamp(0, 1)


def _any(sprites: Sequence[Tensor], rng: Generator) -> Tensor:
    return sprites[_number(rng, len(sprites))]


def _random(rng: Generator) -> float:
    return float(torch.rand((), generator=rng, device=rng.device))


def _between(rng: Generator, low: float, high: float) -> float:
    return low + (high - low) * _random(rng)


def _number(rng: Generator, below: int) -> int:
    return int(torch.randint(below, (), generator=rng, device=rng.device))
