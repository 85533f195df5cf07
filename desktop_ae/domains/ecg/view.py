"""A small picture of an ECG: some seconds of its first leads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Options, View
from desktop_ae.domains.ecg.facts import Source
from desktop_ae.domains.ecg.files import open_source

USUAL_PX = 512
# Width to height.
ASPECT = 3
SECONDS = 4.0
MOST_LEADS = 3
COLOUR = (232, 88, 104)
_ALPHA = 255
# An ECG smaller than this is drawn small.
LEAST_MV = 0.1


def view_ecg(path: Path, longest_px: int, page: int, options: Options) -> View:
    """RGBA, transparent behind the trace; see `Domain.view`. Raises as `open_ecg`."""
    source = open_source(path, options)
    try:
        width = longest_px or USUAL_PX
        height = max(1, width // ASPECT)
        pixels = np.zeros((height, width, 4), np.uint8)
        pixels[..., :3] = COLOUR
        leads = _excerpt(source)[:MOST_LEADS]
        edges = np.linspace(0, height, len(leads) + 1).astype(int)
        for lead, top, bottom in zip(leads, edges[:-1], edges[1:], strict=True):
            pixels[top:bottom, :, 3] = _trace(lead, width, int(bottom - top))
        return View(pixels, (width, height), source.facts.about)
    finally:
        source.close()


def _excerpt(source: Source) -> Samples:
    """`(leads, samples)` from near the beginning: the first seconds are often unsettled."""
    facts = source.facts
    length = min(facts.samples, max(1, round(SECONDS * facts.rate_hz)))
    start = min(facts.samples - length, length)
    found = source.read(start, start + length)
    if np.isnan(found).all() and facts.samples > 2 * length:  # a gap: look further
        start = (facts.samples - length) // 2
        found = source.read(start, start + length)
    return found


def _trace(lead: Samples, width: int, height: int) -> NDArray[np.uint8]:
    """Opacity `(height, width)` of a line through the samples; nothing in gaps."""
    alpha = np.zeros((height, width), np.uint8)
    valid = ~np.isnan(lead)
    if height < 1 or not valid.any():
        return alpha
    middle = float(np.median(lead[valid]))
    low, high = float(lead[valid].min()), float(lead[valid].max())
    span = max(high - low, LEAST_MV)
    centre = (high + low) / 2 if high - low > 0 else middle
    rows = (centre - lead) / span * 0.9 * (height - 1) + (height - 1) / 2
    columns = np.linspace(0, len(lead) - 1, width)
    for column in range(width):
        first = int(columns[column])
        last = int(columns[min(column + 1, width - 1)]) + 1
        part = rows[first : max(last, first + 1) + 1]
        part = part[~np.isnan(part)]
        if len(part):
            top, bottom = int(np.floor(part.min())), int(np.ceil(part.max()))
            alpha[max(0, top) : min(height - 1, bottom) + 1, column] = _ALPHA
    return alpha
