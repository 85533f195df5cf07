"""Taking noise off a sound of any rate and length, block by block.

The net hears 0 to 8 kHz, in frames of its own length in seconds, whatever the rate of the file.
What lies above is no longer speech that the net could know: there a gain follows the level of
noise, which is measured where the net says that nobody speaks.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.domain import Options, Request
from desktop_ae.core.errors import BrokenResult
from desktop_ae.core.library import Model
from desktop_ae.core.restore import Removed, uses_bf16
from desktop_ae.nets.spectral1d import Spectral1d, istft, stft

# Frames of a segment, and those on either side that the net sees beside it: it looks 118 far.
CORE_FRAMES = 512
CONTEXT_FRAMES = 128
# The loudness at which the net was trained (active RMS), and how much of a file tells its own.
LEVEL = 0.06
LISTEN_S = 30.0
# What strength 1 leaves of the noise: nothing, or with "keep ambience" a quarter (-12 dB).
AMBIENCE = 0.25
_HIGH_FLOOR = 0.05
_SMOOTH_FRAMES = 63  # about a second, for the noise above the net's band


class SoundRestorer:
    """Denoises the channels of a sound one by one; see `core.restore.Restorer`.

    Segments overlap by as much as the net can look, so the result does not depend on the blocks.
    """

    def __init__(self, model: Model, request: Request) -> None:
        assert request.rate_hz is not None
        self.removed = Removed()
        self._model = model
        self._check = request.check
        self._rate_hz = request.rate_hz
        self._channels, self._samples = request.shape
        net = _spectral(model)
        given = model.card.input
        assert given.rate_hz is not None
        # As many samples as last as long as the net's hop; an even number of hops in everything.
        self._hop = max(8, round(net.hop * request.rate_hz / given.rate_hz))
        self._bins = net.bins
        self._mixing = _mixing(request.strength, request.options)
        self._gain = _level_gain(request)
        self._held = np.zeros((self._channels, 0), np.float32)
        self._first = 0  # where `_held` begins
        self._done = 0  # samples given back

    def push(self, block: Clip) -> Iterator[Clip]:
        self._held = np.concatenate([self._held, block.samples], axis=1)
        core, context = CORE_FRAMES * self._hop, CONTEXT_FRAMES * self._hop
        have = self._first + self._held.shape[1]
        while self._done < self._samples:
            stop = min(self._done + core, self._samples)
            if have < min(stop + context, self._samples):
                return
            yield self._segment(self._done, stop)
            self._done = stop
            keep = max(0, stop - context)
            self._held = self._held[:, keep - self._first :]
            self._first = keep

    def finish(self) -> Iterator[Clip]:
        return iter(())

    def _segment(self, start: int, stop: int) -> Clip:
        context = CONTEXT_FRAMES * self._hop
        begin, end = max(0, start - context), min(self._samples, stop + context)
        noisy = self._held[:, begin - self._first : end - self._first]
        cleaned = np.empty((self._channels, stop - start), np.float32)
        for channel in range(self._channels):
            self._check()
            whole = self._denoised(noisy[channel])
            cleaned[channel] = whole[start - begin : stop - begin]
        inside = noisy[:, start - begin : stop - begin]
        residual = inside - cleaned
        self.removed.add(residual[:, None], inside[:, None])
        return Clip(inside - self._mixing * residual, start)

    def _denoised(self, wave: Samples) -> Samples:
        """One channel of a segment, its mean level as it is."""
        hop = self._hop
        # Whole pairs of frames, so that the net's half-rate grid is the same in every segment.
        padding = -len(wave) % (2 * hop) + 2 * hop
        noisy = torch.from_numpy(np.pad(wave, (0, padding)))[None]
        spectra = stft(noisy, hop)
        frames = spectra.shape[-1]
        if frames % 2:
            spectra = torch.nn.functional.pad(spectra, (0, 1))
        enhanced = enhance(self._model, spectra, self._gain * 256 / hop)
        result = istft(enhanced[..., :frames], hop, noisy.shape[1])[0, : len(wave)]
        if not bool(torch.isfinite(result).all()):
            raise BrokenResult("The model gave no usable result for this file; it was left alone.")
        return np.asarray(result.numpy(), np.float32)


def enhance(model: Model, spectra: Tensor, gain: float) -> Tensor:
    """Complex spectra `(1, bins, frames)` of any bandwidth, with less noise.

    gain: brings them to the level and scale at which the net was trained.
    """
    net = _spectral(model)
    known = min(net.bins, spectra.shape[1])
    heard = torch.zeros((1, net.bins, spectra.shape[2]), dtype=spectra.dtype)
    heard[:, :known] = spectra[:, :known] * gain
    precision = torch.autocast("cpu", torch.bfloat16, enabled=uses_bf16(model.card.input))
    with torch.inference_mode(), precision:
        cleaned = net.enhance(heard)
    result = spectra.clone()
    result[:, :known] = cleaned[:, :known] / gain
    if spectra.shape[1] > net.bins:
        result[:, net.bins :] = _without_high_noise(spectra, result[:, :known], net.bins)
    return result


def _without_high_noise(noisy: Tensor, cleaned: Tensor, first: int) -> Tensor:
    """The bins from `first` on, each damped where it is no louder than noise is there.

    The noise of a bin is its mean power over the frames around, weighed by how much the net took
    away in the upper half of its own band: where it left everything, nothing is noise.
    """
    top = slice(first // 2, first)
    before = noisy[:, top].abs().square().sum(1)
    after = cleaned[:, top].abs().square().sum(1)
    gone = (1 - after / before.clamp_min(1e-12)).clamp(0, 1) ** 2
    power = noisy[:, first:].abs().square()
    weight = gone[:, None]
    level = _smooth(power * weight) / _smooth(weight).clamp_min(1e-3)
    # Wiener's gain, less sure where little noise was heard at all.
    heard = _smooth(weight).clamp(0, 1)
    calm = torch.nn.functional.avg_pool1d(power, 3, 1, 1, count_include_pad=False)
    wiener = (1 - 1.5 * level / calm.clamp_min(1e-12)).clamp(_HIGH_FLOOR, 1)
    return noisy[:, first:] * (1 - heard * (1 - wiener))


def _smooth(power: Tensor) -> Tensor:
    """Mean over about a second of frames, `(1, bins, frames)`."""
    return torch.nn.functional.avg_pool1d(
        power, _SMOOTH_FRAMES, 1, _SMOOTH_FRAMES // 2, count_include_pad=False
    )


def _level_gain(request: Request) -> float:
    """What brings the file to LEVEL; 1 for one that is silent."""
    assert request.overview is not None and request.rate_hz is not None
    heard = request.overview(int(LISTEN_S * request.rate_hz)).mean(0)
    frame = max(1, int(0.05 * request.rate_hz))
    count = max(1, len(heard) // frame)
    power = np.square(heard[: count * frame]).reshape(count, -1).mean(1)
    loud = power[power > 0.05 * power.max()] if power.size else power
    rms = float(np.sqrt(loud.mean())) if loud.size else 0.0
    return LEVEL / rms if rms > 1e-6 else 1.0


def _mixing(strength: float, options: Options) -> np.float32:
    kept = AMBIENCE if options.get("ambience", False) else 0.0
    return np.float32(strength * (1 - kept))


def _spectral(model: Model) -> Spectral1d:
    assert isinstance(model.net, Spectral1d)
    return model.net
