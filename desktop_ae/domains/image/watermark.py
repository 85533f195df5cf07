"""Finding an overlay at reduced size, and taking it off at full size, under its mask alone."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.domain import Request
from desktop_ae.core.errors import BrokenResult
from desktop_ae.core.library import Model
from desktop_ae.core.mask import MaskPixels
from desktop_ae.core.restore import Check, Removed, TileRestorer, uses_bf16

# The net looks for overlays in a picture of at most this size: words and logos are still large.
FIND_PX = 1024
# A found overlay is at least so many pixels large there, and the net at least so sure of it.
LEAST_AREA = 24
SURE = 0.6
# How far beyond its edge a mask changes pixels, at full size, less and less.
FEATHER_PX = 3


def find_overlay(model: Model, picture: Samples, check: Check = lambda: None) -> MaskPixels:
    """Where an overlay is: `(height, width)`, 255 there, 0 elsewhere.

    picture: `(channels, height, width)` in [0, 1], at most FIND_PX a side for the best result.
    """
    chances = _chances(model, picture, check)
    return without_specks(chances)


def _chances(model: Model, picture: Samples, check: Check) -> Samples:
    """How likely each pixel is under an overlay, `(height, width)`, 0 to 1."""

    def run(noisy: Samples, row: int, column: int) -> Samples:
        restored, chance = run_with_hint(model, noisy, np.zeros(noisy.shape[1:], np.float32))
        return np.concatenate([restored, chance[None]])

    restorer = TileRestorer(model, picture.shape, 1.0, check, run=run)
    clips = [clip.samples[-1] for clip in restorer.push(Clip(picture))]
    return np.concatenate(clips)


def without_specks(chances: Samples) -> MaskPixels:
    """255 on each connected region of a chance over one half that is large and sure enough."""
    import cv2

    likely = (chances > 0.5).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(likely, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    sums = np.bincount(labels.ravel(), chances.ravel(), count)
    kept = (areas >= LEAST_AREA) & (sums / np.maximum(areas, 1) >= SURE)
    kept[0] = False
    mask: MaskPixels = kept[labels].astype(np.uint8) * 255
    return mask


class WatermarkRestorer:
    """Takes the overlay off one picture; see `core.restore.Restorer`.

    Behind the picture's channels it gives how far each pixel was changed, 0 to 1 at full strength.
    Where that is 0 the picture is given back bit for bit. Tiles without an overlay do not pass
    through the net. With a mask that is changed which the mask says; else what `find_overlay` finds
    on the overview.
    """

    def __init__(self, model: Model, request: Request) -> None:
        self._model = model
        self._given = request.mask is not None
        self._height, self._width = request.shape[1:]
        if request.mask is not None:
            self._mask: MaskPixels = request.mask
        else:
            assert request.overview is not None
            self._mask = find_overlay(model, request.overview(FIND_PX), request.check)
        # What is found at reduced size ends somewhere in its edge pixels.
        self._scale = max(self._height / self._mask.shape[0], self._width / self._mask.shape[1])
        reach = FEATHER_PX if self._given else round(2 * self._scale) + FEATHER_PX
        self._grown = _grown(self._mask, math.ceil(reach / self._scale) + 1)
        strength = request.strength
        self._tiles = TileRestorer(model, request.shape, strength, request.check, run=self._tile)

    @property
    def removed(self) -> Removed:
        return self._tiles.removed

    def push(self, block: Clip) -> Iterator[Clip]:
        for clip in self._tiles.push(block):
            self.removed.covered += int(np.count_nonzero(clip.samples[-1]))
            yield clip

    def finish(self) -> Iterator[Clip]:
        return self._tiles.finish()

    def _tile(self, noisy: Samples, row: int, column: int) -> Samples:
        grown = self._part(self._grown, noisy.shape, row, column)
        if not grown[self._core(noisy.shape, row, column)].any():
            return np.concatenate([noisy, np.zeros((1, *noisy.shape[1:]), np.float32)])
        hint = self._part(self._mask, noisy.shape, row, column)
        restored, chance = run_with_hint(self._model, noisy, hint)
        inside = hint if self._given else np.minimum(_ramp(chance), (grown > 0).astype(np.float32))
        share = _feathered(inside)
        changed = noisy + share * (restored.clip(0, 1) - noisy)
        return np.concatenate([np.where(share > 0, changed, noisy), share[None]])

    def _core(self, shape: tuple[int, ...], row: int, column: int) -> tuple[slice, slice]:
        """What is kept of a tile."""
        overlap = self._model.card.input.overlap
        bottom, right = row + shape[1] < self._height, column + shape[2] < self._width
        rows = slice(overlap if row else 0, shape[1] - overlap if bottom else None)
        return rows, slice(overlap if column else 0, shape[2] - overlap if right else None)

    def _part(self, mask: MaskPixels, shape: tuple[int, ...], row: int, column: int) -> Samples:
        """The mask of one tile at full size, 0 to 1."""
        height, width = shape[1:]
        scale_y, scale_x = mask.shape[0] / self._height, mask.shape[1] / self._width
        # Places of the tile's pixels in the mask, with half a pixel to their middles.
        y = (np.arange(row, row + height) + 0.5) * scale_y - 0.5
        x = (np.arange(column, column + width) + 0.5) * scale_x - 0.5
        if scale_x == scale_y == 1:
            part = mask[row : row + height, column : column + width].astype(np.float32)
        else:
            part = _sampled(mask, y, x)
        return part / np.float32(255)


def run_with_hint(model: Model, noisy: Samples, hint: Samples) -> tuple[Samples, Samples]:
    """One tile through the net: the picture below the overlay, and the chance of an overlay.

    noisy: `(channels, height, width)`. hint: `(height, width)`, 0 where nobody knows.
    """
    given = model.card.input
    channels, height, width = noisy.shape
    planes = torch.from_numpy(np.ascontiguousarray(noisy)).expand(given.channels, height, width)
    tensor = torch.cat([planes, torch.from_numpy(np.ascontiguousarray(hint))[None]])[None]
    padding = (0, -width % given.multiple_of, 0, -height % given.multiple_of)
    tensor = F.pad(tensor, padding, mode="replicate").contiguous(memory_format=torch.channels_last)
    precision = torch.autocast("cpu", torch.bfloat16, enabled=uses_bf16(given))
    with torch.inference_mode(), precision:
        restored = model.net(tensor)[0, :, :height, :width].float()
    if not bool(torch.isfinite(restored).all()):
        raise BrokenResult("The model gave no usable result for this file; it was left alone.")
    picture = restored[: given.channels]
    if channels < given.channels:
        picture = picture.mean(0, keepdim=True)
    return picture.numpy(), restored[given.channels].sigmoid().numpy()


def _ramp(chance: Samples) -> Samples:
    """Fully changed where the net is sure, not at all where it thinks otherwise."""
    return ((chance - 0.3) / 0.4).clip(0, 1)


def _grown(mask: MaskPixels, reach: int) -> MaskPixels:
    import cv2

    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    return np.asarray(cv2.dilate(mask, kernel), np.uint8)


def _feathered(inside: Samples) -> Samples:
    """1 on the mask, and from its edge down to 0 within FEATHER_PX."""
    import cv2

    side = 2 * FEATHER_PX + 1
    wide = cv2.dilate(inside, np.ones((3, 3), np.uint8))
    soft = cv2.blur(wide, (side - 2, side - 2))
    # The blur takes from inside, too: what is fully changed stays so.
    feathered: Samples = np.maximum(inside, np.where(soft > 0.02, soft, 0)).astype(np.float32)
    return feathered


def _sampled(mask: MaskPixels, y: NDArray[np.float64], x: NDArray[np.float64]) -> Samples:
    """Bilinear, with the edge repeated outside."""
    import cv2

    top, bottom = max(0, int(y[0])), min(mask.shape[0], int(y[-1]) + 3)
    left, right = max(0, int(x[0])), min(mask.shape[1], int(x[-1]) + 3)
    part = mask[top:bottom, left:right].astype(np.float32)
    columns = (x - left).clip(0, part.shape[1] - 1).astype(np.float32)
    rows = (y - top).clip(0, part.shape[0] - 1).astype(np.float32)
    map_x, map_y = np.meshgrid(columns, rows)
    return np.asarray(cv2.remap(part, map_x, map_y, cv2.INTER_LINEAR), np.float32)
