"""What is done to a whole cleaned page: straightened, trimmed, despeckled, made grey or bilevel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Options
from desktop_ae.domains.document.borders import find_border
from desktop_ae.domains.document.files import Page
from desktop_ae.domains.document.skew import Turn, find_turn, turned
from desktop_ae.domains.document.specks import find_specks

# How much darker tones need less of an ink's probability, and lighter ones more.
_TONE_WEIGHT = 0.3
# The logit above which a pixel is taken for ink: best F-measure on training pairs (DIBCO 2010,
# 2012, 2014). The ink of composed pages, of which the net learned most, ends half-way up an edge;
# people draw it a little fatter.
INK_LOGIT = -1.25
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, slots=True)
class Found:
    """What options want changed on a page: pixels to whiten, before it is turned."""

    white: NDArray[np.bool_] | None
    turn: Turn | None

    def __bool__(self) -> bool:
        return self.white is not None or self.turn is not None


def finish_page(
    pixels: NDArray[Any], ink: NDArray[np.uint8] | None, page: Page, options: Options
) -> NDArray[Any]:
    """A cleaned page as it will be saved: `(height, width[, 3])`, or bool with True for white.

    pixels: `(channels, height, width)`, uint8 or uint16. ink: probability of 0 to 255, None for
    none known. A page of black and white in the source stays one.
    """
    found = look_at_page(pixels, ink, page, options)
    return apply_to_page(pixels, ink, page, options, found)


def look_at_page(
    pixels: NDArray[Any], ink: NDArray[np.uint8] | None, page: Page, options: Options
) -> Found:
    """What straightening, trimming and despeckling would change, as far as the options want it."""
    wanted = [options.get(name, False) for name in ("deskew", "trim", "despeckle")]
    if not any(wanted):
        return Found(None, None)
    deskew, trim, despeckle = wanted
    tone = _tone(pixels)
    white = find_border(_in_8_bits(pixels.max(axis=0))) if trim else None
    black = (~_is_white(tone, ink)).view(np.uint8)
    if white is not None:
        black[white] = 0
    if despeckle:
        white = _with_boxes(white, black, find_specks(black, page.dpi))
    return Found(white, find_turn(black) if deskew and page.level else None)


def apply_to_page(
    pixels: NDArray[Any],
    ink: NDArray[np.uint8] | None,
    page: Page,
    options: Options,
    found: Found,
) -> NDArray[Any]:
    """See `finish_page`; `found` is what `look_at_page` said of the same page."""
    highest = int(np.iinfo(pixels.dtype).max)
    image = np.moveaxis(pixels, 0, -1)
    image = np.array(image[..., 0] if image.shape[2] == 1 else image, order="C")
    mode = options.get("mode", "colour")
    bilevel = mode == "bw" or page.pixels.dtype == np.bool_
    if mode != "colour" or bilevel:
        image = _grey(image)
    if found.white is not None:
        image[found.white] = highest
        ink = ink if ink is None else np.where(found.white, np.uint8(0), ink)
    if found.turn is not None:
        image = turned(image, found.turn, highest)
        ink = ink if ink is None else turned(ink, found.turn, 0)
    return _is_white(_in_8_bits(image), ink) if bilevel else image


def present(restored: Samples, options: Options) -> Samples:
    """A restored part of a page as its result will look: `(channels, height, width)` in [0, 1].

    restored: the page's channels, and behind them the logit of ink, if the net gives that.
    """
    channels = 3 if len(restored) >= 3 else 1
    pixels = restored[:channels].clip(0, 1)
    ink = ink_of(restored[channels]) if len(restored) > channels else None
    mode = options.get("mode", "colour")
    if mode == "colour" and not options.get("despeckle", False):
        return pixels
    tone = _tone(np.rint(pixels * 255).astype(np.uint8))
    white = _is_white(tone, ink)
    if mode != "colour" and channels == 3:
        pixels = np.tensordot(_LUMA, pixels, 1)[None].astype(np.float32)
    if mode == "bw":
        pixels = white[None].astype(np.float32)
    if options.get("despeckle", False):
        black = (~white).view(np.uint8)
        specks = _with_boxes(None, black, find_specks(black, None))
        if specks is not None:
            pixels = np.where(specks, np.float32(1), pixels)
    return pixels


def ink_of(logits: Samples) -> NDArray[np.uint8]:
    """How sure it is that a pixel is ink, 0 to 255; 128 and more at INK_LOGIT and above."""
    probability = 1 / (1 + np.exp(INK_LOGIT - logits.clip(-20, 20)))
    ink: NDArray[np.uint8] = np.rint(probability * 255).astype(np.uint8)
    return ink


def _is_white(tone: NDArray[np.uint8], ink: NDArray[np.uint8] | None) -> NDArray[np.bool_]:
    """Where no ink is. What the net is not sure of is settled by the tone of the cleaned page."""
    if ink is None:
        white: NDArray[np.bool_] = tone > 127
        return white
    tones = np.arange(256) / 255
    limits = np.rint(255 * (0.5 + _TONE_WEIGHT * (tones - 0.5))).astype(np.uint8)
    below: NDArray[np.bool_] = ink <= cv2.LUT(tone, limits)
    return below


def _tone(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """`(channels, height, width)` of 8 or 16 bits to `(height, width)` of 8."""
    image = np.moveaxis(pixels, 0, -1)
    grey = _grey(image[..., 0] if image.shape[2] == 1 else np.ascontiguousarray(image))
    return np.ascontiguousarray(_in_8_bits(grey))


def _grey(image: NDArray[Any]) -> NDArray[Any]:
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)


def _in_8_bits(image: NDArray[Any]) -> NDArray[np.uint8]:
    return image if image.dtype == np.uint8 else (image >> 8).astype(np.uint8)


def _with_boxes(
    mask: NDArray[np.bool_] | None,
    black: NDArray[np.uint8],
    boxes: list[tuple[int, int, int, int]],
) -> NDArray[np.bool_] | None:
    """The mask with specks and their grey fringes added; they are gone from `black` then."""
    if not boxes:
        return mask
    whole = np.zeros(black.shape, np.bool_) if mask is None else mask
    for left, top, right, bottom in boxes:
        black[top:bottom, left:right] = 0
        whole[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1] = True
    return whole
