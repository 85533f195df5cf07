"""Learning to take off overlays from a person's own pictures."""

from __future__ import annotations

import functools
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from desktop_ae.core.clip import Samples
from desktop_ae.core.errors import UnknownName
from desktop_ae.domains.fonts import find_fonts
from desktop_ae.domains.image.overlay import filed, lay_over, rough_hint
from desktop_ae.domains.image.own_patches import Cuts
from desktop_ae.domains.image.sprites import make_sprites

if TYPE_CHECKING:
    from desktop_ae.domains.image.recipes import OverlaidPatches

SPRITES = 400
# A mean difference of 3 x 3 pixels from which on something was laid over: JPEG changes less.
_DIFFERS = 10 / 255
# Of the batches, those that the task makes itself.
_KNOWN_SHARE = 0.3
# Of the patches; the others fall where they may, mostly beside the overlay.
_MARKED_SHARE, _TRIES = 0.75, 8
_HINTED = 0.25
_OPACITY = (0.12, 1.0)


class OverlayPairs:
    """Patches of pictures with and without an overlay; and whole batches of the task's own.

    In and out as `OverlaidPatches`, whose loss it is: picture and hint, picture and mask. The mask
    is where the two differ clearly; beside it the truth is the picture as it was given.
    """

    def __init__(
        self,
        overlaid: Sequence[Samples],
        clean: Sequence[Samples],
        known: OverlaidPatches,
        patch_px: int,
    ) -> None:
        self._cuts = Cuts(list(zip(overlaid, clean, strict=True)), patch_px)
        self._known = known

    def draw(self, count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        if float(torch.rand((), generator=rng, device=rng.device)) < _KNOWN_SHARE:
            return self._known.draw(count, rng)
        patches = [self._patch(rng) for _ in range(count)]
        overlaid, clean, masks = (torch.stack(part) for part in zip(*patches, strict=True))
        near = F.max_pool2d(masks, 5, 1, 2) > 0
        truth = torch.where(near, clean, overlaid)
        hinted = torch.rand((count, 1, 1, 1), generator=rng, device=rng.device) < _HINTED
        hints = torch.stack([rough_hint(mask, rng) for mask in masks]) * hinted
        return torch.cat([overlaid, hints], 1), torch.cat([truth, masks], 1)

    def loss(self, restored: Tensor, truth: Tensor) -> Tensor:
        return self._known.loss(restored, truth)

    def _patch(self, rng: Generator) -> tuple[Tensor, Tensor, Tensor]:
        wanted = float(torch.rand((), generator=rng, device=rng.device)) < _MARKED_SHARE
        for _ in range(_TRIES if wanted else 1):
            overlaid, clean = (one[0] for one in self._cuts.draw(1, rng))
            mask = differing(overlaid, clean)
            if bool(mask.any()):
                break
        return overlaid, clean, mask


def differing(overlaid: Tensor, clean: Tensor) -> Tensor:
    """`(1, height, width)`, 1 where two pictures `(3, height, width)` differ more than by JPEG."""
    change = (overlaid - clean).abs().amax(0, keepdim=True)[None]
    mean = F.avg_pool2d(change, 3, 1, 1, count_include_pad=False)
    return (F.max_pool2d((mean > _DIFFERS).float(), 3, 1, 1))[0]


def words(seed: int, count: int = SPRITES) -> list[Tensor]:
    """Sprites of words in the fonts of this machine. Raises UnknownName if it has none."""
    fonts = _fonts()
    if not fonts:
        raise UnknownName("This machine has no fonts to write watermarks with: install some.")
    return make_sprites(random.Random(seed), fonts, [], count)


_fonts = functools.cache(find_fonts)


def lay_words_over(clean: Samples, seed: int) -> Samples:
    """A whole picture with words laid over it, as a file holds it."""
    rng = Generator().manual_seed(seed)
    picture = torch.from_numpy(np.array(clean, np.float32))
    made = lay_over(picture, words(seed, 8), rng, _OPACITY)
    result: Samples = filed(made.picture[None], rng)[0].numpy()
    return result
