"""How WFDB packs samples into bytes (WFDB Applications Guide, signal(5)).

Codes are integers, as an analog-to-digital converter gives them. Bits that a format does not use
are kept as they are when samples around them are changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int32]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Coding:
    """samples, size: of a group that is packed together; of both, whole groups only.

    lowest, highest: codes that a valid sample may have. invalid: the code of a missing one.
    unpack: `(groups * size,)` bytes to `(groups * samples,)` codes. pack: codes, and the bytes that
    they replace, to bytes. available: how many whole samples are in so many bytes.
    """

    samples: int
    size: int
    lowest: int
    highest: int
    invalid: int | None
    unpack: Callable[[Bytes], Codes]
    pack: Callable[[Codes, Bytes], Bytes]

    def available(self, size: int) -> int:
        groups, rest = divmod(size, self.size)
        # Two bytes hold the first sample of any packed group; what follows needs all of it.
        return groups * self.samples + (1 if self.samples > 1 and rest >= 2 else 0)


def _plain(dtype: str, bits: int, bias: int = 0) -> Coding:
    """One integer after the other."""

    def unpack(raw: Bytes) -> Codes:
        return raw.view(dtype).astype(np.int32) - np.int32(bias)

    def pack(codes: Codes, raw: Bytes) -> Bytes:
        return (codes + np.int32(bias)).astype(dtype).view(np.uint8)

    return _coding(1, np.dtype(dtype).itemsize, bits, unpack, pack)


def _coding(
    samples: int,
    size: int,
    bits: int,
    unpack: Callable[[Bytes], Codes],
    pack: Callable[[Codes, Bytes], Bytes],
) -> Coding:
    half = 1 << (bits - 1)
    return Coding(samples, size, -half + 1, half - 1, -half, unpack, pack)


def _unpack_24(raw: Bytes) -> Codes:
    wide = np.zeros((len(raw) // 3, 4), np.uint8)
    wide[:, 1:] = raw.reshape(-1, 3)
    codes: Codes = wide.reshape(-1).view("<i4").astype(np.int32) >> 8
    return codes


def _pack_24(codes: Codes, raw: Bytes) -> Bytes:
    wide = codes.astype("<i4").view(np.uint8).reshape(-1, 4)
    return np.ascontiguousarray(wide[:, :3]).reshape(-1)


def _unpack_212(raw: Bytes) -> Codes:
    low, middle, high = raw.reshape(-1, 3).astype(np.int32).T
    codes = np.stack([low | (middle & 0x0F) << 8, high | (middle & 0xF0) << 4], axis=1)
    return _signed(codes.reshape(-1), 12)


def _pack_212(codes: Codes, raw: Bytes) -> Bytes:
    first, second = codes.reshape(-1, 2).T & 0xFFF
    packed = np.stack([first & 0xFF, first >> 8 | second >> 8 << 4, second & 0xFF], axis=1)
    return packed.astype(np.uint8).reshape(-1)


def _unpack_310(raw: Bytes) -> Codes:
    one, two = raw.view("<u2").astype(np.int32).reshape(-1, 2).T
    codes = np.stack([one >> 1, two >> 1, one >> 11 | two >> 11 << 5], axis=1) & 0x3FF
    return _signed(codes.reshape(-1), 10)


def _pack_310(codes: Codes, raw: Bytes) -> Bytes:
    one, two, three = codes.reshape(-1, 3).T & 0x3FF
    unused = raw.view("<u2").astype(np.int32).reshape(-1, 2) & 1
    words = np.stack([one << 1 | (three & 0x1F) << 11, two << 1 | three >> 5 << 11], axis=1)
    packed: Bytes = (words | unused).astype("<u2").reshape(-1).view(np.uint8)
    return packed


def _unpack_311(raw: Bytes) -> Codes:
    words = raw.view("<u4")
    codes = np.stack([words, words >> 10, words >> 20], axis=1).astype(np.int64) & 0x3FF
    return _signed(codes.astype(np.int32).reshape(-1), 10)


def _pack_311(codes: Codes, raw: Bytes) -> Bytes:
    one, two, three = codes.reshape(-1, 3).T.astype(np.int64) & 0x3FF
    unused = raw.view("<u4").astype(np.int64) & 0xC0000000
    packed: Bytes = (unused | one | two << 10 | three << 20).astype("<u4").view(np.uint8)
    return packed


def _signed(codes: Codes, bits: int) -> Codes:
    half = np.int32(1 << (bits - 1))
    return (codes ^ half) - half


CODINGS: dict[int, Coding] = {
    16: _plain("<i2", 16),
    24: _coding(1, 3, 24, _unpack_24, _pack_24),
    32: _plain("<i4", 32),
    61: _plain(">i2", 16),
    80: _plain("u1", 8, 128),
    160: _plain("<u2", 16, 32768),
    212: _coding(2, 3, 12, _unpack_212, _pack_212),
    310: _coding(3, 4, 10, _unpack_310, _pack_310),
    311: _coding(3, 4, 10, _unpack_311, _pack_311),
}
# Bits of a sample, for those in FLAC.
FLAC_BITS = {508: 8, 516: 16, 524: 24}
DIFFERENCES = 8
NO_SIGNAL = 0


def code_range(format: int) -> tuple[int, int, int | None]:
    """Lowest and highest code of a valid sample, and the code of an invalid one."""
    if format == DIFFERENCES:
        return -(2**30), 2**30, None
    if format in FLAC_BITS:
        half = 1 << (FLAC_BITS[format] - 1)
        return -half + 1, half - 1, -half
    coding = CODINGS[format]
    return coding.lowest, coding.highest, coding.invalid


def encode_differences(codes: Codes, before: int) -> tuple[NDArray[np.int8], Codes]:
    """Format 8: steps of at most one byte from `before` on, and the codes that they lead to.

    Where a step is too large the following ones catch up.
    """
    steps = np.diff(codes.astype(np.int64), prepend=before)
    if np.abs(steps).max(initial=0) <= 127:
        return steps.astype(np.int8), codes
    reached = codes.astype(np.int64)
    small = np.zeros(len(codes), np.int8)
    at = before
    for i, wanted in enumerate(codes.tolist()):
        step = max(-128, min(127, wanted - at))
        at += step
        small[i] = step
        reached[i] = at
    return small, reached.astype(np.int32)
