"""Whether two sheets show the same thing, and how far one is shifted against the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desktop_ae.core.clip import Samples

# A shift is looked for in the middle, up to so many samples along each axis of a picture, or of a
# signal.
_PICTURE_SIDE, _SIGNAL_LENGTH = 1024, 1 << 20
_LEAST_LIKENESS = 0.15


@dataclass(frozen=True, slots=True)
class Aligned:
    """noisy, clean: what both show, of one shape. shift: how far the clean one lay off, by axis."""

    noisy: Samples
    clean: Samples
    shift: tuple[int, ...]


def align(noisy: Samples, clean: Samples, most: int) -> Aligned:
    """Cut off what only one of two sheets `(channels, *space)` shows.

    most: largest shift along an axis that is made good. Raises ValueError with a sentence's end for
    sizes that differ by more, and for sheets that do not show the same.
    """
    differences = [abs(a - b) for a, b in zip(noisy.shape[1:], clean.shape[1:], strict=True)]
    if max(differences) > most:
        sizes = " and ".join("×".join(map(str, s.shape[:0:-1])) for s in (noisy, clean))
        raise ValueError(f"their sizes differ: {sizes}")
    common = tuple(
        slice(0, min(a, b)) for a, b in zip(noisy.shape[1:], clean.shape[1:], strict=True)
    )
    noisy, clean = noisy[(slice(None), *common)], clean[(slice(None), *common)]
    shift = find_shift(noisy.mean(0), clean.mean(0), most)
    noisy, clean = _overlapping(noisy, clean, shift)
    if _likeness(noisy, clean) < _LEAST_LIKENESS:
        raise ValueError("they do not show the same")
    return Aligned(noisy, clean, shift)


def find_shift(noisy: Samples, clean: Samples, most: int) -> tuple[int, ...]:
    """By how much `clean` must be moved along each axis to lie on `noisy`.

    Phase correlation (Kuglin and Hines 1975), weighed by the clean spectrum, since in what it lacks
    there is only noise. Zero unless another shift is clearly better.
    """
    limit = _PICTURE_SIDE if noisy.ndim == 2 else _SIGNAL_LENGTH
    middle = tuple(
        slice(max(0, (n - limit) // 2), max(0, (n - limit) // 2) + limit) for n in noisy.shape
    )
    first, second = (_windowed(part[middle]) for part in (noisy, clean))
    spectra = np.fft.rfftn(first), np.fft.rfftn(second)
    cross = spectra[0] * np.conj(spectra[1])
    size = np.abs(spectra[1])
    correlation = np.fft.irfftn(
        cross / (size + 1e-3 * size.max() + 1e-12), first.shape, tuple(range(first.ndim))
    )
    reach = tuple(min(most, (n - 1) // 2) for n in first.shape)
    near = correlation[np.ix_(*(np.arange(-r, r + 1) for r in reach))]
    place = np.unravel_index(int(near.argmax()), near.shape)
    here = float(near[reach])
    if here > 0 and float(near[place]) < 1.1 * here:
        return (0,) * noisy.ndim
    return tuple(int(p) - r for p, r in zip(place, reach, strict=True))


def _windowed(part: Samples) -> Samples:
    windowed: Samples = part - part.mean()
    for axis, length in enumerate(part.shape):
        shape = [1] * part.ndim
        shape[axis] = length
        windowed *= np.hanning(length + 2)[1:-1].reshape(shape).astype(np.float32)
    return windowed


def _overlapping(noisy: Samples, clean: Samples, shift: tuple[int, ...]) -> tuple[Samples, Samples]:
    here, there = [slice(None)], [slice(None)]
    for length, by in zip(noisy.shape[1:], shift, strict=True):
        here.append(slice(max(0, by), length + min(0, by)))
        there.append(slice(max(0, -by), length - max(0, by)))
    return noisy[tuple(here)], clean[tuple(there)]


def _likeness(noisy: Samples, clean: Samples) -> float:
    """Correlation of the two, whatever their levels; -1 to 1."""
    first, second = (part.mean(0).ravel() - part.mean() for part in (noisy, clean))
    sizes = float(np.linalg.norm(first)) * float(np.linalg.norm(second))
    return float(first @ second) / sizes if sizes > 0 else 0.0
