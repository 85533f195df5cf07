"""Decoded pixels of any depth behind one small face: float32 bands out, cleaned bands back in."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_ae.core.clip import Samples

Changed = NDArray[np.bool_]
_ROWS = 64


class Pixels(Protocol):
    """shape: `(channels, height, width)`, alpha not counted.

    colour_dropped: whether `drop_colour` was called. partial: whether `put` was told of pixels to
    leave alone.
    """

    colour_dropped: bool
    partial: bool

    @property
    def shape(self) -> tuple[int, int, int]: ...

    def band(self, start: int, stop: int) -> Samples:
        """Rows start to stop, `(channels, rows, width)` in [0, 1] (floating point: as it is)."""

    def put(self, start: int, samples: Samples, changed: Changed | None = None) -> None:
        """Replace rows from start on, where they are changed (None: everywhere); alpha and what is
        no number stay as they are.
        """

    def to_image(self) -> Image.Image:
        """8 bits a sample, mode L, LA, RGB or RGBA."""

    def drop_colour(self) -> None:
        """Go on with one colour channel, whose rows are to be put anew; alpha stays.

        The picture's profile is no longer for these pixels: `colour_dropped` says so.
        """


class PillowPixels:
    """Over a Pillow image of mode L, LA, RGB or RGBA."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.colour_dropped = False
        self.partial = False

    @property
    def shape(self) -> tuple[int, int, int]:
        channels = 1 if self.image.mode in {"L", "LA"} else 3
        return channels, self.image.height, self.image.width

    def band(self, start: int, stop: int) -> Samples:
        rows = self._rows(start, stop)[..., : self.shape[0]]
        return rows.transpose(2, 0, 1).astype(np.float32) / np.float32(255)

    def put(self, start: int, samples: Samples, changed: Changed | None = None) -> None:
        # What is not changed comes back as the integer that it was.
        self.partial |= changed is not None
        rows = self._rows(start, start + samples.shape[1]).copy()
        rows[..., : len(samples)] = _to_integers(samples, 255).transpose(1, 2, 0)
        pasted = Image.fromarray(rows[..., 0] if self.image.mode == "L" else rows, self.image.mode)
        self.image.paste(pasted, (0, start))

    def to_image(self) -> Image.Image:
        return self.image

    def drop_colour(self) -> None:
        self.colour_dropped = True
        self.image = self.image.convert("LA" if self.image.mode in {"LA", "RGBA"} else "L")

    def _rows(self, start: int, stop: int) -> NDArray[np.uint8]:
        return np.atleast_3d(np.asarray(self.image.crop((0, start, self.image.width, stop))))


class ArrayPixels:
    """Over an array `(height, width, samples)`: uint8, uint16, uint32 or floating point.

    colours: how many of the samples are colour (1 or 3); the others (alpha) are left alone.
    white: the value that stands for 1.0; found from the data for floating point.
    """

    def __init__(self, array: NDArray[Any], colours: int) -> None:
        self.array = array
        self.colours = colours
        self.white = _white(array[..., :colours])
        self.colour_dropped = False
        self.partial = False

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.colours, self.array.shape[0], self.array.shape[1]

    def band(self, start: int, stop: int) -> Samples:
        rows = self.array[start:stop, :, : self.colours].transpose(2, 0, 1).astype(np.float32)
        if np.issubdtype(self.array.dtype, np.floating):
            np.nan_to_num(rows, copy=False, posinf=self.white, neginf=0.0)
        rows /= np.float32(self.white)
        return rows

    def put(self, start: int, samples: Samples, changed: Changed | None = None) -> None:
        self.partial |= changed is not None
        rows = self.array[start : start + samples.shape[1], :, : self.colours]
        where = np.ones((), np.bool_) if changed is None else changed[..., None]
        if np.issubdtype(self.array.dtype, np.floating):
            cleaned = samples.transpose(1, 2, 0) * np.float32(self.white)
            rows[...] = np.where(np.isfinite(rows) & where, cleaned, rows)
        else:
            integers = _to_integers(samples, int(self.white)).transpose(1, 2, 0)
            np.copyto(rows, integers, where=where)

    def to_image(self) -> Image.Image:
        height, width, samples = self.array.shape
        shown = samples if samples == self.colours + 1 else self.colours
        pixels = np.empty((height, width, shown), np.uint8)
        # A few rows at a time: floats of the whole picture would be many times its size.
        for top in range(0, height, _ROWS):
            rows = self.array[top : top + _ROWS, :, :shown].astype(np.float32)
            pixels[top : top + _ROWS] = _to_integers(np.nan_to_num(rows / self.white), 255)
        return Image.fromarray(pixels[..., 0] if shown == 1 else pixels)

    def drop_colour(self) -> None:
        self.colour_dropped = True
        self.array = np.ascontiguousarray(self.array[..., self.colours - 1 :])
        self.colours = 1


def bytes_of(image: Image.Image) -> NDArray[np.uint8]:
    """What `np.asarray` gives, `(height, width)` or with channels, in memory of its own.

    That copies the whole picture twice in one go, and no other thread runs meanwhile.
    """
    width, height = image.size
    channels = len(image.getbands())
    whole = np.empty((height, width) if channels == 1 else (height, width, channels), np.uint8)
    for top in range(0, height, _ROWS):
        part = image.crop((0, top, width, min(top + _ROWS, height)))
        whole[top : top + _ROWS] = np.asarray(part)
    return whole


def _to_integers(samples: Samples, white: int) -> NDArray[Any]:
    kind = np.uint8 if white <= 0xFF else np.uint16 if white <= 0xFFFF else np.uint32
    # float32 cannot hold 2**32 - 1; only 32-bit integers need more.
    wide = samples.astype(np.float64) if white > 0xFFFF else samples
    integers: NDArray[Any] = np.rint(wide.clip(0, 1) * white).astype(kind)
    return integers


def _white(colours: NDArray[Any]) -> float:
    if np.issubdtype(colours.dtype, np.integer):
        return float(np.iinfo(colours.dtype).max)
    finite = colours[np.isfinite(colours)]
    highest = float(finite.max()) if finite.size else 1.0
    # Up to 2 is taken for a picture in [0, 1] with some light above white.
    return highest if highest > 2.0 else 1.0
