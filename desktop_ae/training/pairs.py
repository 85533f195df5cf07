"""Where training batches come from: patches cut from clean material, and their damaged twins."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Protocol

import torch
from torch import Generator, Tensor

Damage = Callable[[Tensor, Generator], Tensor]
# How many: (noisy, clean), each `(count, channels, *patch)`.
Draw = Callable[[int, Generator], tuple[Tensor, Tensor]]


class Pairs(Protocol):
    """A source of training batches."""

    def draw(self, count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        """(noisy, clean), each `(count, channels, *patch)` float32."""

    def loss(self, restored: Tensor, clean: Tensor) -> Tensor:
        """What training makes small, from what the net gave for `noisy` (float32)."""


class DamagedPatches:
    """Random patches of clean pictures, turned and mirrored, with the task's damage on them.

    clean: `(channels, height, width)` uint8 tensors, no side shorter than the patch.
    damage: clean batch in [0, 1] to noisy batch; draws from the generator alone.
    A picture is chosen by its area, so that every pixel is as likely as any other.
    """

    def __init__(self, clean: Sequence[Tensor], damage: Damage, patch_px: int) -> None:
        if not clean:
            raise ValueError("no clean pictures to train on")
        self.clean = list(clean)
        self.damage = damage
        self.patch_px = patch_px
        self._areas = torch.tensor([float(c.shape[1] * c.shape[2]) for c in clean])

    def draw(self, count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        clean = torch.stack([self._patch(rng) for _ in range(count)]).float() / 255
        return self.damage(clean, rng), clean

    def loss(self, restored: Tensor, clean: Tensor) -> Tensor:
        return (restored - clean).abs().mean()

    def _patch(self, rng: Generator) -> Tensor:
        size = self.patch_px
        where = torch.rand(2, generator=rng, device=rng.device).tolist()
        chosen = int(torch.multinomial(self._areas.to(rng.device), 1, generator=rng))
        picture = self.clean[chosen]
        top = int(where[0] * (picture.shape[1] - size + 1))
        left = int(where[1] * (picture.shape[2] - size + 1))
        patch = picture[:, top : top + size, left : left + size]
        return turned(patch, int(torch.randint(8, (), generator=rng, device=rng.device)))


def mixed(first: Draw, second: Draw, share: float) -> Draw:
    """Batches of which `second` gives that share, on average."""

    def draw(count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        shift = float(torch.rand((), generator=rng, device=rng.device))
        others = math.floor(share * count + shift)
        if others in (0, count):
            return (second if others else first)(count, rng)
        parts = zip(first(count - others, rng), second(others, rng), strict=True)
        noisy, clean = (torch.cat(part) for part in parts)
        return noisy, clean

    return draw


def taught(draw: Draw, teacher: Callable[[Tensor], Tensor]) -> Draw:
    """The same noisy batches, with what another net makes of them as truth (Li and Hoiem 2016):
    whoever learns them goes on doing what that net does, also with what these do not show.
    """

    def draw_taught(count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        noisy, _ = draw(count, rng)
        with torch.no_grad():
            return noisy, teacher(noisy)

    return draw_taught


def turned(patch: Tensor, turn: int) -> Tensor:
    """A square patch `(channels, height, width)` in one of its eight positions, 0 to 7."""
    if turn & 1:
        patch = patch.flip(2)
    if turn & 2:
        patch = patch.flip(1)
    return patch.transpose(1, 2) if turn & 4 else patch
