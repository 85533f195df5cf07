"""Patches cut from a person's own pictures, alone or several at the same place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Generator, Tensor

from desktop_ae.core.clip import Samples
from desktop_ae.training.pairs import Damage, Draw, turned

# Of each batch, what the task knows anyway, so that it is not forgotten. With 0.35 of it smooth
# noise cost 0.4 dB at sigma 15 after 75 steps already, and 0.1 dB with 0.55.
KNOWN_SHARE = 0.6


class Cuts:
    """Square patches of groups of sheets, all of a group cut at the same place and turned alike.

    groups: `(channels, height, width)` each, those of a group equally large, no side shorter than
    the patch. They are not copied. A group is chosen by its area.
    """

    def __init__(self, groups: Sequence[Sequence[Samples]], patch_px: int) -> None:
        if not groups:
            raise ValueError("no pictures to cut patches from")
        # torch warns of memory that it must not write to.
        self._groups = [
            [torch.from_numpy(sheet if sheet.flags.writeable else sheet.copy()) for sheet in group]
            for group in groups
        ]
        self._patch_px = patch_px
        self._areas = torch.tensor([float(group[0][0].numel()) for group in self._groups])

    def draw(self, count: int, rng: Generator) -> list[Tensor]:
        """One tensor `(count, channels, patch, patch)` for each place in a group."""
        chosen = torch.multinomial(self._areas.to(rng.device), count, True, generator=rng).tolist()
        places = torch.rand((count, 2), generator=rng, device=rng.device).tolist()
        turns = torch.randint(8, (count,), generator=rng, device=rng.device).tolist()
        cut = [self._cut(*one) for one in zip(chosen, places, turns, strict=True)]
        return [torch.stack(sheets).to(rng.device) for sheets in zip(*cut, strict=True)]

    def _cut(self, chosen: int, place: Sequence[float], turn: int) -> list[Tensor]:
        group, size = self._groups[chosen], self._patch_px
        height, width = group[0].shape[1:]
        top, left = int(place[0] * (height - size + 1)), int(place[1] * (width - size + 1))
        return [turned(s[:, top : top + size, left : left + size], turn) for s in group]


def cut_and_damage(sheets: Sequence[Samples], patch_px: int, damage: Damage) -> Draw:
    """Clean patches and their damaged twins."""
    cuts = Cuts([[sheet] for sheet in sheets], patch_px)

    def draw(count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        (clean,) = cuts.draw(count, rng)
        return damage(clean, rng), clean

    return draw


def cut_pairs(noisy: Sequence[Samples], clean: Sequence[Samples], patch_px: int) -> Draw:
    cuts = Cuts(list(zip(noisy, clean, strict=True)), patch_px)

    def draw(count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        first, second = cuts.draw(count, rng)
        return first, second

    return draw


class OwnPairs:
    """Batches of a person's own, with the absolute error as loss: the recipe's.

    It is right where noise stands for the truth, too: it asks for the median of what may be there,
    which is the truth for all symmetric noise, and for salt and pepper.
    """

    def __init__(self, draw: Draw) -> None:
        self.draw = draw

    def loss(self, restored: Tensor, clean: Tensor) -> Tensor:
        return (restored - clean).abs().mean()


def halved(sheet: Samples) -> Samples:
    """At half its size, by the means of 2 x 2 pixels."""
    channels, height, width = (side // 2 * 2 for side in sheet.shape)
    channels = len(sheet)
    blocks = sheet[:, :height, :width].reshape(channels, height // 2, 2, width // 2, 2)
    return np.ascontiguousarray(blocks.mean(axis=(2, 4), dtype=np.float32))
