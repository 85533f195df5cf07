"""Random numbers for a batch of signals, one row each, from a given generator alone."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Generator, Tensor


def uniform(rng: Generator, like: Tensor, count: int, low: float, high: float) -> Tensor:
    """`(count, 1)` numbers between low and high."""
    return torch.rand((count, 1), generator=rng, device=like.device) * (high - low) + low


def chance(rng: Generator, like: Tensor, share: float) -> Tensor:
    """`(batch, 1)` bool, each true with probability `share`."""
    return uniform(rng, like, len(like), 0.0, 1.0) < share


def normal(shape: tuple[int, ...], like: Tensor, rng: Generator) -> Tensor:
    return torch.randn(shape, generator=rng, device=like.device)


def where(chosen: Tensor, waves: Tensor, change: Callable[[Tensor], Tensor]) -> Tensor:
    """The rows of `waves` with some of them changed; `chosen` is `(batch, 1)`."""
    rows = chosen[:, 0]
    if not bool(rows.any()):
        return waves
    changed = waves.clone()
    changed[rows] = change(waves[rows])
    return changed
