"""Samples as the numbers that files hold, without a loss where nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples

# Bytes of one sample, and its kind in numpy, by libsndfile's names.
WIDTHS = {"PCM_U8": 1, "PCM_S8": 1, "PCM_16": 2, "PCM_24": 3, "PCM_32": 4}
WIDTHS |= {"FLOAT": 4, "DOUBLE": 8, "ULAW": 1, "ALAW": 1}
LAWS = {"ULAW", "ALAW"}
FLOATS = {"FLOAT", "DOUBLE"}
# Those that float32 cannot hold as they are: the writer adds what changed to the original.
EXACT = {"FLOAT": "float32", "DOUBLE": "float64", "PCM_32": "int32"}
# libsndfile gives every integer at the top of 32 bits.
FULL_SCALE = 2.0**31
# Beyond this (96 dB over full scale) a float is no sound but damage, and as good as no number.
LOUDEST = 2.0**16


def as_clip(frames: NDArray[Any]) -> Samples:
    """`(frames, channels)` int32 or floats as float32 `(channels, frames)`, without NaN."""
    if frames.dtype == np.int32:
        scaled = np.ascontiguousarray(frames.T, np.float32)  # rounds 32 bits, and no fewer
        scaled *= np.float32(1 / FULL_SCALE)
        return scaled
    with np.errstate(over="ignore"):  # a double too large for a float
        samples = np.ascontiguousarray(frames.T, np.float32)
    wrong = _no_sound(samples)
    if wrong.any():
        samples = samples.copy() if samples.base is not None else samples
        samples[wrong] = 0
    return samples


def with_change(original: NDArray[Any], cleaned: Samples) -> NDArray[Any]:
    """`original` `(frames, channels)`, changed as far as `cleaned` differs from its clip."""
    change = (cleaned - as_clip(original)).astype(np.float64).T
    if original.dtype == np.int32:
        summed = original + np.rint(change * FULL_SCALE)
        return summed.clip(-FULL_SCALE, FULL_SCALE - 1).astype(np.int32)
    if original.dtype == np.float32:  # exact, and without the sum's rounding
        changed: NDArray[Any] = cleaned.T.astype(np.float32)
    else:
        changed = original + change
    return np.where(_no_sound(original), original, changed)


def as_integers(samples: Samples, bits: int) -> NDArray[np.int32]:
    """`(channels, frames)` as `(frames, channels)`, rounded to `bits` at the top of 32."""
    # A power of two changes no digit of a float, and 24 bits fit into one of 32.
    kind = np.float32 if bits <= 24 else np.float64
    peak = 2.0 ** (bits - 1)
    scaled = np.multiply(samples.T, kind(peak), dtype=kind)
    np.rint(scaled, out=scaled)
    np.clip(scaled, kind(-peak), kind(peak - 1), out=scaled)
    whole = scaled.astype(np.int32, order="C")
    whole <<= 32 - bits
    return whole


def packed(frames: NDArray[Any], subtype: str, big_endian: bool) -> bytes:
    """int32 at the top of 32 bits, or floats, as a file holds them."""
    order = ">" if big_endian else "<"
    match subtype:
        case "PCM_U8":
            return ((frames >> 24) + 128).astype(np.uint8).tobytes()
        case "PCM_S8":
            return (frames >> 24).astype(np.int8).tobytes()
        case "PCM_16":
            return (frames >> 16).astype(f"{order}i2").tobytes()
        case "PCM_24":
            four = np.ascontiguousarray(frames, f"{order}i4").view(np.uint8).reshape(-1, 4)
            return (four[:, :3] if big_endian else four[:, 1:]).tobytes()
        case "PCM_32":
            return frames.astype(f"{order}i4").tobytes()
        case "FLOAT":
            return frames.astype(f"{order}f4").tobytes()
        case _:
            return frames.astype(f"{order}f8").tobytes()


def bits_of(subtype: str) -> int:
    """Of a sample of an integer subtype; 16 for those that code 16 in fewer."""
    digits = "".join(c for c in subtype if c.isdigit())
    return int(digits) if subtype.startswith(("PCM_", "ALAC_")) else 16


def in_blocks(frames: int, size: int) -> Iterator[tuple[int, int]]:
    """(start, stop) of each block."""
    for start in range(0, frames, size):
        yield start, min(start + size, frames)


def _no_sound(values: NDArray[Any]) -> NDArray[np.bool_]:
    # NaN compares as false, too.
    found: NDArray[np.bool_] = ~(np.abs(values) <= LOUDEST)
    return found
