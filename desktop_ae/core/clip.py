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
