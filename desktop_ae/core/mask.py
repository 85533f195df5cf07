"""Where on a picture something is: drawn by a person, read from a file, or found by a net."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.errors import BadMask

MaskPixels = NDArray[np.uint8]
FULLEST = 0.95  # of the picture


@dataclass(frozen=True, slots=True)
class Mask:
    """A picture of 0 (leave alone) to 255 (here it is), upright, small enough to travel in a job.

    name: what a sentence about it calls it.
    """

    width: int
    height: int
    packed: bytes = field(repr=False)
    name: str = "The mask"

    @classmethod
    def of(cls, pixels: MaskPixels, name: str = "The mask") -> Mask:
        """pixels: `(height, width)`."""
        height, width = pixels.shape
        return cls(width, height, zlib.compress(pixels.tobytes(), 1), name)

    @property
    def pixels(self) -> MaskPixels:
        flat = np.frombuffer(zlib.decompress(self.packed), np.uint8)
        return flat.reshape(self.height, self.width)

    @property
    def digest(self) -> str:
        """The same for two masks that say the same."""
        sides = f"{self.width}x{self.height}:".encode()
        return hashlib.sha256(sides + zlib.decompress(self.packed)).hexdigest()


def check_shape(mask: Mask, width: int, height: int) -> None:
    """Raises BadMask if a mask cannot be scaled to a picture of this size."""
    # As near as rounding of the shorter side can bring it.
    slack = max(mask.width / width, mask.height / height)
    uneven = abs(mask.width * height - mask.height * width)
    if uneven > (1 + slack) * max(width, height):
        raise BadMask(
            f"{mask.name} is {mask.width} × {mask.height} pixels, the picture"
            f" {width} × {height}: it does not fit."
        )


def checked(mask: Mask, width: int, height: int) -> MaskPixels:
    """The pixels of a mask that suits a picture of this size, at the mask's own.

    Raises BadMask for another shape, and for a mask with nothing or nearly everything in it.
    """
    check_shape(mask, width, height)
    pixels = mask.pixels
    share = float((pixels > 127).mean())
    if share == 0:
        raise BadMask(f"{mask.name} marks nothing: paint white what shall go.")
    if share > FULLEST:
        raise BadMask(f"{mask.name} marks nearly the whole picture: nothing is left to go by.")
    return pixels


def fitting(mask: Mask, width: int, height: int) -> MaskPixels:
    """`checked`, then scaled to the picture if only the scale differs."""
    pixels = checked(mask, width, height)
    if pixels.shape == (height, width):
        return pixels
    import torch
    from torch.nn import functional as F

    plane = torch.from_numpy(pixels.astype(np.float32))[None, None]
    scaled = F.interpolate(plane, (height, width), mode="bilinear", align_corners=False)
    result: MaskPixels = scaled[0, 0].round().to(torch.uint8).numpy()
    return result
