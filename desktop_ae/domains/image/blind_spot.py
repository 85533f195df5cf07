"""Learning from noisy photos alone, where noise differs from pixel to pixel.

Neighbor2Neighbor (Huang et al. 2021): of each cell of 2 x 2 pixels two neighbours are taken at
random; the picture of the first ones goes in, that of the second ones is the truth. They show
nearly the same, and their noise is independent, so it cannot be guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from desktop_ae.core.clip import Samples
from desktop_ae.domains.image.own_patches import Cuts
from desktop_ae.training.pairs import Damage, Draw

# Pixels whose noise is kept, and how many of about the same brightness one is drawn from.
_DRAWN, _NEAR = 400_000, 2_000
# Which two of a cell's pixels (0 1 above 2 3) are taken: every two that share a side.
_CHOICES = torch.tensor([[0, 1], [1, 0], [0, 2], [2, 0], [1, 3], [3, 1], [2, 3], [3, 2]])


def neighbour_pairs(noisy: Sequence[Samples], guesses: Sequence[Samples], patch_px: int) -> Draw:
    """Halves of noisy patches, and their neighbours as truth, `patch_px` a side.

    guesses: what the starting model made of each. Two neighbours differ by a little structure
    as well, which would be blurred; the paper's regulariser takes that difference from what the
    net makes of the whole patch. Here the guess stands for it, so that one pass is enough: the
    truth is moved by it. Single wrong pixels of the guess are left out of that.
    """
    cuts = Cuts(list(zip(noisy, guesses, strict=True)), 2 * patch_px)

    def draw(count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        whole, guess = cuts.draw(count, rng)
        first, second = neighbours(torch.stack([whole, _median(guess)]), rng)
        return first[0], second[0] + first[1] - second[1]

    return draw


def neighbours(pictures: Tensor, rng: Generator) -> tuple[Tensor, Tensor]:
    """Two pictures of half the size, `(layers, batch, channels, height, width)` in.

    Layers of a batch are sampled at the same places.
    """
    layers, batch, channels, height, width = pictures.shape
    cells = F.pixel_unshuffle(pictures.flatten(0, 1), 2)
    cells = cells.reshape(layers, batch, channels, 4, height // 2, width // 2)
    shape = (batch, height // 2, width // 2)
    chosen = torch.randint(len(_CHOICES), shape, generator=rng, device=rng.device)
    index = _CHOICES.to(rng.device)[chosen].movedim(-1, 0)

    def taken(which: Tensor) -> Tensor:
        places = which[None, :, None, None].expand(layers, batch, channels, 1, *shape[1:])
        return cells.gather(3, places).squeeze(3)

    return taken(index[0]), taken(index[1])


def _median(picture: Tensor) -> Tensor:
    """Of 3 x 3 pixels."""
    padded = F.pad(picture, (1, 1, 1, 1), mode="replicate")
    parts = padded.unfold(2, 3, 1).unfold(3, 3, 1).flatten(4)
    return parts.median(dim=4).values


def pixel_noise(noisy: Sequence[Samples], guesses: Sequence[Samples]) -> Damage:
    """Lays noise on clean pictures, pixel by pixel, as pixels of that brightness have it there.

    The noise is what the starting model took away; single pixels that it left count as noise.
    """
    rng = np.random.default_rng(1)
    bright, residual = [], []
    for sheet, guess in zip(noisy, guesses, strict=True):
        known = _median(torch.from_numpy(np.array(guess))[None])[0].numpy()
        chosen = rng.integers(known[0].size, size=_DRAWN // len(noisy) + 1)
        bright.append(known.mean(axis=0).ravel()[chosen])
        residual.append((sheet - known).reshape(3, -1)[:, chosen])
    brightness = np.concatenate(bright)
    order = torch.from_numpy(np.argsort(brightness))
    ordered = torch.from_numpy(np.sort(brightness))
    drawn = torch.from_numpy(np.concatenate(residual, axis=1))[:, order]

    def lay(clean: Tensor, rng: Generator) -> Tensor:
        """Each pixel has the noise of one of those nearest to it in brightness."""
        near = torch.searchsorted(ordered.to(clean), clean.mean(1).contiguous())
        away = torch.randint(-_NEAR, _NEAR + 1, near.shape, generator=rng, device=clean.device)
        index = (near + away).clamp(0, len(ordered) - 1)
        added = drawn.to(clean)[:, index].movedim(0, 1)
        return ((clean + added).clamp(0, 1) * 255).round() / 255

    return lay


def guess_neighbours(restore: Callable[[Samples], Samples], noisy: Samples) -> float:
    """How well pixels are guessed from what was restored without them, in dB.

    Every second pixel of every second row goes in. The truth are the mean of the pixels left and
    right of each, and that of those above and below: their structure is about its own, and their
    noise was not shown. It sets an upper bound, and nothing is told of noise that neighbours share.
    """
    height, width = (side // 2 * 2 for side in noisy.shape[1:])
    even = noisy[:, :height, :width]
    shown = np.ascontiguousarray(even[:, ::2, ::2])
    restored = restore(shown)[: len(noisy)]
    inside = (slice(None), slice(1, None), slice(1, None))
    squares = []
    for after, axis in ((even[:, ::2, 1::2], 2), (even[:, 1::2, ::2], 1)):
        before = np.roll(after, 1, axis)
        squares.append(np.square(restored - (before + after) / 2)[inside].mean())
    return -10 * float(np.log10(max(float(np.mean(squares)), 1e-12)))
