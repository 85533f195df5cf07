"""The noise of a person's own photos, measured where they are flat, and laid onto clean ones.

A model of three parts: how strong it is in each channel, by brightness (shot noise, tone curves);
how it goes together between neighbours and channels (demosaicing, in-camera smoothing, film); and
lines that differ from their neighbours (banding). Gaussian otherwise. What varies more slowly than
a block cannot be told from the picture and is not in it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor
from torch.nn import functional as F

from desktop_ae.core.clip import Samples
from desktop_ae.domains.image.noise import normal, uniform

Array = NDArray[np.float64]
BLOCK = 32
# Flat blocks of one brightness that are used of one sheet: at most, and as a share.
_MOST, _SHARE = 16, 0.15
# Between the variances of flat blocks of one sheet.
_DIFFERENT = 6
# Structure only ever adds: noise is what the lowest quarter of flat blocks have.
_LOW = 0.25
# A block or sheet that is stronger than the others by this has structure in it.
_SAME = 1.25
_BRIGHTNESSES = 16
# Fewer flat blocks than this tell nothing.
LEAST_BLOCKS = 12
# Sheets that are looked at; more of them tell nothing new.
_SHEETS = 24
# Correlation is followed up to this many pixels, and fades out from half of it on.
REACH = 15
# A level is known at so many brightnesses from 0 to 1.
LEVELS = 33


@dataclass(frozen=True, slots=True)
class FlatBlocks:
    """Places without structure. residual: `(count, 3, BLOCK, BLOCK)`, what a plane does not
    explain. mean: `(count, 3)`. sheet: `(count,)`, which sheet each is from.
    """

    residual: Array
    mean: Array
    sheet: NDArray[np.int64]


def flat_blocks(sheets: Sequence[Samples]) -> FlatBlocks:
    """The flattest blocks of each brightness, of sheets `(3, height, width)` in [0, 1].

    A block is chosen by what lies around it: chosen by its own variance, those with the least
    noise would be taken, and the noise be underestimated.
    """
    count = min(len(sheets), _SHEETS)
    chosen = [number * len(sheets) // count for number in range(count)]
    found = [_of_sheet(sheets[index], index) for index in chosen]
    return FlatBlocks(
        np.concatenate([one.residual for one in found]),
        np.concatenate([one.mean for one in found]),
        np.concatenate([one.sheet for one in found]),
    )


def _of_sheet(sheet: Samples, index: int) -> FlatBlocks:
    rows, columns = sheet.shape[1] // BLOCK, sheet.shape[2] // BLOCK
    blocks = sheet[:, : rows * BLOCK, : columns * BLOCK].reshape(3, rows, BLOCK, columns, BLOCK)
    blocks = blocks.transpose(1, 3, 0, 2, 4).reshape(rows * columns, 3, BLOCK * BLOCK)
    basis = _plane()
    residual = blocks - (blocks @ basis) @ basis.T
    mean = blocks.mean(axis=2)
    variance = np.square(residual).mean(axis=(1, 2))
    # What is cut off at black or white shows less noise than there is.
    clipped = ((blocks <= 0) | (blocks >= 1)).mean(axis=(1, 2)) > 0.02
    around = _around(variance.reshape(rows, columns)).ravel()
    # Where nothing of a brightness is flat, its least structure would be taken. Noise differs
    # with brightness, too, but about so: the same everywhere, or in proportion to it, or between.
    relative = np.maximum(around, variance) / (mean.mean(axis=1) + 0.1)
    flat = ~clipped & (relative <= _DIFFERENT * np.quantile(relative, 0.1))
    brightness = np.minimum((mean.mean(axis=1) * _BRIGHTNESSES).astype(int), _BRIGHTNESSES - 1)
    chosen: list[int] = []
    for level in range(_BRIGHTNESSES):
        there = np.flatnonzero((brightness == level) & flat)
        kept = min(_MOST, math.ceil(_SHARE * len(there)))
        chosen += there[np.argsort(around[there], kind="stable")[:kept]].tolist()
    return FlatBlocks(
        residual[chosen].reshape(-1, 3, BLOCK, BLOCK).astype(np.float64),
        mean[chosen].astype(np.float64),
        np.full(len(chosen), index),
    )


def _plane() -> Samples:
    """`(BLOCK * BLOCK, 3)`, orthonormal: constant, slope down, slope across."""
    return _polynomials(BLOCK, 1).astype(np.float32)


def _polynomials(side: int, degree: int) -> Array:
    """`(side * side, count)`, orthonormal: what a smooth surface is made of."""
    down, across = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j].reshape(2, -1)
    powers = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
    basis: Array = np.linalg.qr(np.stack([down**i * across**j for i, j in powers], axis=1))[0]
    return basis


def _around(variance: Samples) -> Samples:
    """The mean of the eight neighbours of each block, the edge repeated."""
    padded = np.pad(variance, 1, mode="edge")
    rows, columns = variance.shape
    parts = [padded[i : i + rows, j : j + columns] for i in range(3) for j in range(3)]
    around: Samples = (np.sum(parts, axis=0) - variance) / np.float32(8)
    return around


@dataclass(frozen=True, slots=True)
class OwnNoise:
    """level: `(3, LEVELS)`, standard deviation by the channel's own brightness. strengths: how much
    stronger or weaker each sheet was than that. covariance: `(3, 3, 2 REACH + 1, 2 REACH + 1)`,
    between channels and at distances, of noise of level 1. lines: `(2, 3, 3)`, covariance of the
    offsets of whole rows and columns. kernel: what turns white noise into noise of that covariance.
    spread: how much the strength differs from block to block where it should not, as a share.
    """

    level: Array
    strengths: Array
    covariance: Array
    lines: Array
    kernel: Array
    spread: float

    def lay(self, clean: Tensor, rng: Generator) -> Tensor:
        """Clean `(batch, 3, height, width)` with this noise, as a file of 8 bits holds it."""
        level = torch.from_numpy(self.level).to(clean)
        chosen = torch.randint(
            len(self.strengths), (len(clean),), generator=rng, device=clean.device
        )
        strength = torch.from_numpy(self.strengths).to(clean)[chosen][:, None, None, None]
        # Files to come will not all be as those that were measured.
        strength = strength * uniform(rng, clean, len(clean), 0.85, 1.2)
        noisy = clean + strength * _at(level, clean) * self.draw(clean, rng)
        return (noisy.clamp(0, 1) * 255).round() / 255

    def draw(self, like: Tensor, rng: Generator) -> Tensor:
        """Noise of level 1 in the shape of a batch."""
        height, width = like.shape[-2:]
        kernel = torch.from_numpy(self.kernel).to(like)
        padding = (0, max(0, width - kernel.shape[-1]), 0, max(0, height - kernel.shape[-2]))
        size = (max(height, kernel.shape[-2]), max(width, kernel.shape[-1]))
        answer = torch.fft.rfft2(F.pad(kernel, padding))
        white = torch.randn((len(like), 3, *size), generator=rng, device=like.device)
        mixed = torch.einsum("cdhw,bdhw->bchw", answer, torch.fft.rfft2(white))
        drawn: Tensor = torch.fft.irfft2(mixed, s=size)[..., :height, :width]
        for covariance, shape in zip(self.lines, ((height, 1), (1, width)), strict=True):
            if covariance.any():
                root = torch.from_numpy(_root(covariance)).to(like)
                offsets = normal(like.new_empty((len(like), 3, *shape)), rng)
                drawn = drawn + torch.einsum("cd,bdhw->bchw", root, offsets)
        return drawn


def between_pixels(flat: FlatBlocks) -> float:
    """The strongest correlation with a neighbour one or two pixels away, in luma or in chroma.

    Told from parts of a few pixels, without their curvature: what little structure is left in a
    flat block goes together far more than noise, over longer distances. What a surface through
    white noise takes along is made up for.
    """
    side = 8
    parts = flat.residual.reshape(-1, 3, BLOCK // side, side, BLOCK // side, side)
    parts = parts.transpose(0, 2, 4, 1, 3, 5).reshape(-1, 3, side * side)
    basis = _polynomials(side, 2)
    parts = parts - (parts @ basis) @ basis.T
    luma = parts.mean(axis=1)
    chroma = (parts - luma[:, None]).reshape(-1, side * side)
    white = _near(np.eye(side * side) - basis @ basis.T, side)
    found = []
    for plane in (luma, chroma):
        power = np.square(plane).mean(axis=1)
        if power.mean() > 0.05 * np.square(parts).mean():  # of less than that it is chance
            quiet = plane[power <= np.quantile(power, 0.5)]
            found.append(np.abs(_near(quiet.T @ quiet, side) - white).max())
    return float(max(found, default=0.0))


def _near(covariance: Array, side: int) -> Array:
    """Correlation with the pixels beside, below, across and two away, of a square's covariance."""
    places = np.arange(side * side).reshape(side, side)
    steps = [(0, 1), (1, 0), (1, 1), (0, 2), (2, 0)]
    pairs = [(places[: side - i, : side - j], places[i:, j:]) for i, j in steps]
    near = np.array([covariance[a, b].mean() for a, b in pairs])
    correlation: Array = near / np.diag(covariance).mean()
    return correlation


def measure_noise(flat: FlatBlocks) -> OwnNoise:
    """Raises ValueError for fewer than LEAST_BLOCKS blocks."""
    if len(flat.residual) < LEAST_BLOCKS:
        raise ValueError("too few flat blocks to measure noise in")
    variance = np.square(flat.residual).mean(axis=(2, 3))
    level = _levels(flat.mean, variance)
    expected = _interpolated(level, flat.mean)
    ratio = np.sqrt((variance / expected**2).mean(axis=1))
    sheets = np.unique(flat.sheet)
    strengths = np.array([np.quantile(ratio[flat.sheet == s], _LOW) for s in sheets]).clip(0.01)
    own = strengths[np.searchsorted(sheets, flat.sheet)]
    spread = float(np.median(np.abs(ratio / own - 1)) * 1.48)
    even = (ratio < _SAME * own) & (own <= max(_SAME, strengths.min()))
    unit = (flat.residual / (expected * own[:, None])[..., None, None])[even]
    # Spectra take much memory, and a thousand of them tell what more would.
    unit, lines = _without_lines(unit[:: len(unit) // 1000 + 1])
    covariance = _covariance(unit)
    whole = (np.trace(covariance[:, :, REACH, REACH]) + np.trace(lines.sum(axis=0))) / 3
    whole = max(float(whole), 1e-9)  # without any noise
    covariance, lines = covariance / whole, lines / whole
    return OwnNoise(level, strengths, covariance, lines, _kernel(covariance), spread)


def _levels(mean: Array, variance: Array) -> Array:
    """`(3, LEVELS)`: what the lowest of the blocks of about each brightness have."""
    grid = np.linspace(0, 1, LEVELS)
    near = max(LEAST_BLOCKS // 2, len(mean) // 16)
    level = np.empty((3, LEVELS))
    for channel in range(3):
        order = np.argsort(mean[:, channel])
        parts = np.array_split(order, max(1, len(order) // near))
        middles = [float(np.median(mean[part, channel])) for part in parts]
        low = [float(np.quantile(variance[part, channel], _LOW)) for part in parts]
        level[channel] = np.sqrt(np.interp(grid, middles, low).clip(1e-8))
    return level


def _interpolated(level: Array, mean: Array) -> Array:
    grid = np.linspace(0, 1, LEVELS)
    return np.stack([np.interp(mean[:, c], grid, level[c]) for c in range(3)], axis=1)


def _at(level: Tensor, clean: Tensor) -> Tensor:
    place = clean.clamp(0, 1) * (LEVELS - 1)
    low = place.floor().clamp_max(LEVELS - 2)
    share, index = place - low, low.long()
    channel = torch.arange(3, device=clean.device)[None, :, None, None]
    return torch.lerp(level[channel, index], level[channel, index + 1], share)


def _without_lines(unit: Array) -> tuple[Array, Array]:
    """Blocks without the offsets of whole lines, if they have any, and the offsets' covariance."""
    lines = np.zeros((2, 3, 3))
    means = [unit.mean(axis=axis) for axis in (3, 2)]
    found = [np.einsum("ncl,ndl->cd", one, one) / (one.shape[0] * BLOCK) for one in means]
    # Noise that is alike in both directions gives means of rows as strong as those of columns.
    for way in (0, 1):
        if np.trace(found[way]) > 3 * np.trace(found[1 - way]):
            lines[way] = found[way] - found[1 - way]
            unit = unit - np.expand_dims(means[way], 3 - way)
    return unit, lines


def _covariance(unit: Array) -> Array:
    """Covariance at each distance, fading out towards REACH."""
    size = 2 * BLOCK
    spectra = np.fft.rfft2(unit, s=(size, size))
    power = np.einsum("nchw,ndhw->cdhw", spectra, spectra.conj()) / len(unit)
    ones = np.fft.rfft2(np.ones((BLOCK, BLOCK)), s=(size, size))
    pairs = np.fft.irfft2(np.abs(ones) ** 2, s=(size, size))
    whole = np.fft.irfft2(power, s=(size, size)) / pairs.clip(1)
    whole = np.roll(whole, (REACH, REACH), axis=(2, 3))[:, :, : 2 * REACH + 1, : 2 * REACH + 1]
    distance = np.abs(np.arange(-REACH, REACH + 1)) / (REACH + 1)
    fade = np.where(distance <= 0.5, 1, np.cos(np.pi * (distance - 0.5)) ** 2)
    faded: Array = whole * np.outer(fade, fade)
    return faded


def _kernel(covariance: Array) -> Array:
    """`(3, 3, size, size)`: what turns white noise into noise of that covariance."""
    size = 4 * REACH
    padded = np.zeros((3, 3, size, size))
    padded[:, :, : 2 * REACH + 1, : 2 * REACH + 1] = covariance
    padded = np.roll(padded, (-REACH, -REACH), axis=(2, 3))
    spectrum = np.fft.fft2(padded).transpose(2, 3, 0, 1)
    roots = _root((spectrum + spectrum.conj().swapaxes(2, 3)) / 2)
    kernel = np.fft.ifft2(roots.transpose(2, 3, 0, 1)).real
    # What was negative in the spectrum, by chance, must not make it stronger.
    power = np.trace(covariance[:, :, REACH, REACH])
    kernel *= np.sqrt(power / max(float(np.square(kernel).sum()), 1e-12))
    # Its middle in the middle, so that it can be padded; noise does not care where it begins.
    return np.fft.fftshift(kernel, axes=(2, 3))


def _root(matrix: NDArray[Any]) -> NDArray[Any]:
    """The square root of a Hermitian matrix, what is negative in it taken for nothing."""
    values, vectors = np.linalg.eigh(matrix)
    scaled = vectors * np.sqrt(values.clip(0))[..., None, :]
    root: NDArray[Any] = scaled @ vectors.conj().swapaxes(-1, -2)
    return root
