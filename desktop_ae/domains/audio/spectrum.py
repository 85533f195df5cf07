"""Short-time spectra of some moments of a sound, for pictures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples
from desktop_ae.domains.audio.facts import Source
from desktop_ae.domains.audio.pcm import in_blocks

LEAST_DB = -140.0
WINDOW_SECONDS = 0.043
SHORTEST, LONGEST = 128, 8192
# Up to this long a stretch is read as a whole; in longer ones each column is gone to.
READ_SECONDS = 60.0
# At most so many columns are gone to in files where a jump costs much; between them, neighbours.
MOST_JUMPS = 160
# Of wide columns a few moments are looked at.
MOST_MOMENTS = 4
AT_ONCE = 256


def spectrum_columns(
    source: Source, start_s: float, stop_s: float, columns: int, rows: int, jumps_are_cheap: bool
) -> NDArray[np.float32]:
    """See `SoundScope.spectrogram`."""
    facts = source.facts
    rate_hz = facts.rate_hz
    width = (stop_s - start_s) * rate_hz / max(1, columns)
    size = _window_size(rate_hz, width)
    is_read = stop_s - start_s <= READ_SECONDS
    shown = columns if is_read or jumps_are_cheap else min(columns, MOST_JUMPS)
    moments = min(MOST_MOMENTS, max(1, int(width / size))) if is_read else 1
    centres = (start_s + (stop_s - start_s) * (np.arange(shown) + 0.5) / shown) * rate_hz
    spread = (np.arange(moments) + 0.5) / moments - 0.5
    begins = (centres[:, None] + spread * width).astype(np.int64) - size // 2
    ways = _read_windows if is_read else _jump_windows
    picture = np.full((rows, shown), LEAST_DB, np.float32)
    for first, samples in ways(source, begins, size):
        last = min(shown, first + len(samples))
        picture[:, first:last] = _decibels(samples, rows).T
    outside = (centres < 0) | (centres >= facts.frames)
    picture[:, outside] = LEAST_DB
    if shown == columns:
        return picture
    nearest: NDArray[np.float32] = picture[:, np.arange(columns) * shown // columns]
    return nearest


def _window_size(rate_hz: int, width: float) -> int:
    """Shorter windows for narrow columns: there it is time that a person looks at."""
    usual = rate_hz * WINDOW_SECONDS
    wanted = min(usual, max(usual / 8, 16 * width))
    return int(min(LONGEST, max(SHORTEST, 2 ** round(np.log2(wanted)))))


def _read_windows(
    source: Source, begins: NDArray[np.int64], size: int
) -> Iterator[tuple[int, Samples]]:
    """(first column, `(columns, channels, moments, size)`), a few hundred at a time."""
    frames = source.facts.frames
    for first, last in in_blocks(len(begins), AT_ONCE):
        some = begins[first:last]
        start, stop = int(some.min()), int(some.max()) + size
        inside = max(0, start), min(frames, stop)
        blocks = list(source.blocks(*inside)) if inside[0] < inside[1] else []
        empty = np.zeros((source.facts.channels, 0), np.float32)
        samples = np.concatenate([empty, *blocks], axis=1)
        before = min(inside[0] - start, stop - start)
        after = stop - start - before - samples.shape[1]
        samples = np.pad(samples, ((0, 0), (before, after)))
        index = (some - start)[..., None] + np.arange(size)
        yield first, samples[:, index].swapaxes(0, 1)


def _jump_windows(
    source: Source, begins: NDArray[np.int64], size: int
) -> Iterator[tuple[int, Samples]]:
    for column, (begin,) in enumerate(begins):
        for _, samples in _read_windows(source, np.array([[begin]]), size):
            yield column, samples


def _decibels(windows: Samples, rows: int) -> NDArray[np.float32]:
    """`(columns, channels, moments, size)` to `(columns, rows)`."""
    size = windows.shape[-1]
    shape = np.hanning(size).astype(np.float32)
    spectra = np.fft.rfft(windows * shape, axis=-1)
    power = (np.abs(spectra) * (2 / shape.sum())) ** 2
    power = power.mean(axis=(1, 2))[:, :-1]
    bins = power.shape[1]
    if bins >= rows:
        # The loudest of a row's frequencies: a whistle is not to vanish among quiet ones.
        edges = np.arange(rows) * bins // rows
        power = np.maximum.reduceat(power, edges, axis=1)
    else:
        power = power[:, np.arange(rows) * bins // rows]
    decibels = 10 * np.log10(np.maximum(power, 1e-30))
    found: NDArray[np.float32] = np.maximum(decibels, LEAST_DB).astype(np.float32)
    return found
