"""Pixels to the two streams that documents are made of: CCITT G4 and JPEG."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_ROWS_PER_STRIP, _STRIP_OFFSETS, _STRIP_BYTES = 278, 273, 279


def encode_g4(bits: NDArray[np.bool_]) -> bytes:
    """The bare fax stream of `(height, width)` bits, True for white, in one strip.

    Black is coded as black: that is photometric 0 (white is zero) in a TIFF, and BlackIs1 false
    (the default) in a PDF; the order within bytes is from the highest bit.
    """
    height, width = bits.shape
    # Pillow's "1" is one for white, but libtiff codes ones as black: hence the inversion.
    packed = np.packbits(~bits, axis=1).tobytes()
    image = Image.frombytes("1", (width, height), packed)
    file = io.BytesIO()
    strip = (width + 7) // 8 * height
    tags = {_ROWS_PER_STRIP: height}
    image.save(file, "TIFF", compression="group4", strip_size=strip, tiffinfo=tags)
    with Image.open(file) as written:
        tags_v2 = getattr(written, "tag_v2")  # noqa: B009 - the stub has no TIFF of Image.open
        (offset,), (length,) = tags_v2[_STRIP_OFFSETS], tags_v2[_STRIP_BYTES]
    return file.getvalue()[offset : offset + length]


def encode_jpeg(pixels: NDArray[Any], quality: int) -> bytes:
    """A baseline JPEG of grey `(height, width)` or RGB `(height, width, 3)`, uint8."""
    file = io.BytesIO()
    # Thin coloured strokes lose their colour at half resolution; small files need that anyway.
    subsampling = 0 if quality >= 85 else 2
    image = Image.fromarray(pixels)
    image.save(file, "JPEG", quality=quality, optimize=True, subsampling=subsampling)
    return file.getvalue()
