"""Pixels to the streams that documents are made of: CCITT G4, JPEG and Flate."""

from __future__ import annotations

import io
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# libjpeg's bound for either side.
LONGEST_JPEG_PX = 65_500
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


def encode_flate(pixels: NDArray[Any]) -> bytes:
    """Bits (True for white), eight a byte and each row from a new one, or uint8, zipped.

    Bytes are stored as differences from the pixel to their left: PDF's predictor 2.
    """
    if pixels.dtype == np.bool_:
        return zlib.compress(np.packbits(pixels, axis=1).tobytes())
    steps = pixels.copy()
    steps[:, 1:] -= pixels[:, :-1]
    return zlib.compress(steps.tobytes())


def encode_jpeg(pixels: NDArray[Any], quality: int) -> bytes:
    """A baseline JPEG of grey `(height, width)` or RGB `(height, width, 3)`, uint8.

    Neither side longer than LONGEST_JPEG_PX.
    """
    image = Image.fromarray(pixels)
    try:
        return _jpeg(image, quality, optimize=True)
    except OSError:
        # For that, Pillow has room for one byte a pixel; the noise of colours can need more.
        return _jpeg(image, quality, optimize=False)


def _jpeg(image: Image.Image, quality: int, optimize: bool) -> bytes:
    file = io.BytesIO()
    # Thin coloured strokes lose their colour at half resolution; small files need that anyway.
    subsampling = 0 if quality >= 85 else 2
    image.save(file, "JPEG", quality=quality, optimize=optimize, subsampling=subsampling)
    return file.getvalue()
