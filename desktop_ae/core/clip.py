"""A stretch of media in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Clip:
    """A block of a piece of media: rows of a picture, seconds of a recording.

    samples: float32 `(channels, *space)`, in the value range of the domain (pictures: [0, 1]).
    start: where the block begins along the first space axis (row, sample) of its piece.
    Never changed in place.
    """

    samples: Samples
    start: int = 0

    @property
    def stop(self) -> int:
        return self.start + int(self.samples.shape[1])


def reduced(samples: Samples, longest: int) -> Samples:
    """A picture `(channels, height, width)` with no side over `longest` pixels, by means of areas;
    one that is small enough already as it is. Its ratio of sides is kept but for rounding.
    """
    height, width = samples.shape[1:]
    side = max(height, width)
    if side <= longest:
        return samples
    import torch
    from torch.nn import functional as F

    size = (max(1, round(height * longest / side)), max(1, round(width * longest / side)))
    smaller = F.interpolate(torch.from_numpy(samples)[None], size, mode="area")[0]
    result: Samples = smaller.numpy()
    return result


def excerpts(samples: Samples, count: int, most: int = 15) -> Samples:
    """A signal `(channels, samples)` no longer than `count`: as it is, or in up to `most` even
    parts from all over it.
    """
    length = samples.shape[1]
    parts = min(most, max(1, length // max(1, count)))
    each = min(length, count) // parts
    starts = [length * part // parts for part in range(parts)]
    return np.concatenate([samples[:, start : start + each] for start in starts], axis=1)


def overview(samples: Samples, size: int) -> Samples:
    """A picture as `reduced`, a signal as `excerpts`."""
    return reduced(samples, size) if samples.ndim == 3 else excerpts(samples, size)
