"""Masks from files: any picture that is black and white."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.errors import BadMask
from desktop_ae.core.mask import Mask, MaskPixels, checked
from desktop_ae.domains.image.files import view_picture

# Between the channels of a pixel, of 255; and in so many pixels: JPEG makes some colour of grey.
COLOURFUL = 24
MOST_COLOURED = 0.001
_ROWS = 256


def read_mask(path: Path) -> Mask:
    """The mask that a picture shows, upright: white (255) is what shall go.

    Raises FileError for a file that is no picture, BadMask for one in colours, or with nothing or
    nearly everything in it.
    """
    shown = view_picture(path, 0).pixels
    mask = Mask.of(greys(shown, path.name), path.name)
    checked(mask, mask.width, mask.height)
    return mask


def greys(pixels: NDArray[np.uint8], name: str) -> MaskPixels:
    """How white each pixel is, `(height, width)`; what lets light through is not.

    pixels: `(height, width, 3 or 4)`. Raises BadMask if they are coloured.
    """
    height, width = pixels.shape[:2]
    grey = np.empty((height, width), np.uint8)
    coloured = 0
    for top in range(0, height, _ROWS):
        rows = pixels[top : top + _ROWS]
        colours = rows[..., :3]
        if rows.shape[2] == 4:
            colours = (colours.astype(np.uint16) * rows[..., 3:] // 255).astype(np.uint8)
        spread = colours.max(axis=2) - colours.min(axis=2)
        coloured += int(np.count_nonzero(spread > COLOURFUL))
        grey[top : top + _ROWS] = colours[..., 1]
    if coloured > MOST_COLOURED * height * width:
        raise BadMask(f"{name} is coloured: a mask is black and white.")
    return grey
