"""Beats that the annotation files of WFDB records name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.errors import Unreadable

# Codes of annotations that stand for a beat (WFDB's `isqrs`).
BEATS = frozenset([*range(1, 14), 25, 30, 31, 34, 35, 38, 41])
_SKIP, _NUM, _SUB, _CHN, _AUX = 59, 60, 61, 62, 63


def read_beats(path: Path) -> NDArray[np.int64]:
    """Samples of the beats in an annotation file, in order. Raises as `read_marks`."""
    codes, samples = read_marks(path)
    beats = [sample for code, sample in zip(codes, samples, strict=True) if code in BEATS]
    return np.asarray(beats, np.int64)


def read_marks(path: Path) -> tuple[list[int], list[int]]:
    """(codes, samples) of an annotation file in MIT format, in order.

    Raises Unreadable for a file that is gone or ends in the middle.
    """
    try:
        words = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise Unreadable(path, f"{path.name} cannot be read: {error.strerror}.") from error
    pairs = words[: len(words) // 2 * 2].view("<u2").tolist()
    time, at = 0, 0
    codes: list[int] = []
    samples: list[int] = []
    try:
        while at < len(pairs) and pairs[at]:
            code, value = pairs[at] >> 10, pairs[at] & 0x3FF
            at += 1
            if code == _SKIP:
                step = pairs[at] << 16 | pairs[at + 1]
                time += step - (1 << 32) if step >> 31 else step
                at += 2
            elif code == _AUX:
                at += (value + 1) // 2
            elif code not in (_NUM, _SUB, _CHN):
                time += value
                codes.append(code)
                samples.append(time)
    except IndexError as error:
        raise Unreadable(path, f"{path.name} ends in the middle.") from error
    return codes, samples
