"""A small picture of a sound: its waveform, from the whole of a short one, from parts of a long."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.domain import Options, View
from desktop_ae.domains.audio.facts import Source
from desktop_ae.domains.audio.files import open_source
from desktop_ae.domains.audio.peaks import PyramidBuilder

USUAL_PX = 512
# Width to height.
ASPECT = 3
# As much of a sound is read as a whole; of a longer one only this much, in that many places.
READ_SECONDS = 20.0
PLACES = 48
PLACE_SECONDS = 0.2
COLOUR = (91, 141, 239)
_QUIET_ALPHA, _LOUD_ALPHA = 130, 255
# A quiet recording is drawn larger, but not so large that it looks loud.
MOST_GAIN = 8.0


def view_sound(path: Path, longest_px: int, page: int, options: Options) -> View:
    """RGBA, transparent behind the wave; see `Domain.view`. Raises as `open_sound`."""
    source = open_source(path)
    try:
        width = longest_px or USUAL_PX
        height = max(1, width // ASPECT)
        wave = _wave(source, width)
        return View(_drawn(wave, height), (width, height), source.facts.about)
    finally:
        source.close()


def _wave(source: Source, columns: int) -> NDArray[np.float32]:
    """`(columns, 3)`: least, greatest and root mean square of all channels."""
    facts = source.facts
    if facts.seconds <= READ_SECONDS:
        places = [(0, facts.frames)]
    else:
        length = int(PLACE_SECONDS * facts.rate_hz)
        starts = np.linspace(0, facts.frames - length, PLACES).astype(np.int64)
        places = [(int(start), int(start) + length) for start in starts]
    found = []
    each = columns if len(places) == 1 else 1
    for start, stop in places:
        builder = PyramidBuilder(facts.rate_hz, facts.channels)
        for block in source.blocks(start, stop):
            builder.push(block)
        pyramid = builder.finish()
        peaks = pyramid.peaks(each, 0, pyramid.seconds)
        rms = pyramid.rms(each, 0, pyramid.seconds)
        found.append(np.concatenate([peaks, rms[..., None]], axis=2))
    whole = np.concatenate(found, axis=1)
    least, greatest = whole[..., 0].min(axis=0), whole[..., 1].max(axis=0)
    wave = np.stack([least, greatest, whole[..., 2].max(axis=0)], axis=1)
    at = np.linspace(0, len(wave) - 1, columns)
    stretched = [np.interp(at, np.arange(len(wave)), wave[:, i]) for i in range(3)]
    return np.stack(stretched, axis=1).astype(np.float32)


def _drawn(wave: NDArray[np.float32], height: int) -> NDArray[np.uint8]:
    peak = float(np.abs(wave[:, :2]).max(initial=0.0))
    wave = wave * min(MOST_GAIN, 0.95 / peak if peak > 0 else 1.0)
    middle = (height - 1) / 2
    rows = (middle - np.arange(height)[:, None]) / max(middle, 0.5)
    # Silence is a line, not nothing.
    line = 0.5 / max(middle, 0.5)
    inside = (rows <= np.maximum(wave[:, 1], line)) & (rows >= np.minimum(wave[:, 0], -line))
    loud = np.abs(rows) <= wave[:, 2]
    pixels = np.zeros((height, len(wave), 4), np.uint8)
    pixels[..., :3] = COLOUR
    pixels[..., 3] = np.where(inside, np.where(loud, _LOUD_ALPHA, _QUIET_ALPHA), 0)
    return pixels
