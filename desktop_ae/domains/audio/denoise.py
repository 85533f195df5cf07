"""Taking noise off a sound of any rate and length, block by block.

The net hears 0 to 8 kHz, in frames of its own length in seconds, whatever the rate of the file.
What lies above is no longer speech that the net could know: there a gain follows the level of
noise, which is measured where the net says that nobody speaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.domain import Options, Request
from desktop_ae.core.errors import BrokenResult
from desktop_ae.core.library import Model
from desktop_ae.core.restore import Removed, uses_bf16
from desktop_ae.domains.audio.noise import active_rms
from desktop_ae.nets.spectral1d import Spectral1d, istft, stft

# Frames of a segment, and those on either side that the net sees beside it: it looks 74 far, the
# noise above its band is averaged over 31 more, and a frame of sound reaches into the next.
CORE_FRAMES = 1024
CONTEXT_FRAMES = 112
# The loudness at which the net was trained (active RMS, of windows of so many seconds, in frames
# of 50 ms), and how much of a file tells its own.
LEVEL = 0.06
LEVEL_WINDOW_S = 2.0
LEVEL_FRAME_S = 0.05
LISTEN_S = 30.0
# Nothing quieter than this is made as loud as a voice. A mean is an offset if it is more than that
# part of what swings around it.
_SILENT = 1e-4
_OFFSET = 0.1
# What strength 1 leaves of the noise: nothing, or with "keep ambience" a quarter (-12 dB).
AMBIENCE = 0.25
_HIGH_FLOOR = 0.05
_SMOOTH_FRAMES = 63  # about a second, for the noise above the net's band
_SURE = 0.2  # so much of a second without speech tells what noise is like


class SoundRestorer:
    """Denoises the channels of a sound one by one; see `core.restore.Restorer`.

    Segments overlap by as much as the net can look, so the result does not depend on the blocks.
    """

    def __init__(self, model: Model, request: Request) -> None:
        assert request.rate_hz is not None
        self.removed = Removed()
        self._model = model
        self._check = request.check
        self._channels, self._samples = request.shape
        net = _spectral(model)
        given = model.card.input
        assert given.rate_hz is not None
        self._hop = hop_at(request.rate_hz, net.hop, given.rate_hz)
        # A frame of so many samples more adds up to that much larger a spectrum.
        self._scale = net.hop / self._hop
        self._mixing = _mixing(request.strength, request.options)
        self._loudness = _loudness(request)
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
        inside = noisy[:, start - begin : stop - begin]
        residual = np.empty_like(inside)
        for channel, loudness in enumerate(self._loudness):
            self._check()
            wave = noisy[channel] - loudness.offset
            cleaned = self._denoised(wave, loudness.gain)
            residual[channel] = (wave - cleaned)[start - begin : stop - begin]
        self.removed.add(residual[:, None], inside[:, None])
        return Clip(inside - self._mixing * residual, start)

    def _denoised(self, wave: Samples, gain: float) -> Samples:
        """One channel of a segment that begins a whole number of pairs of frames into the piece."""
        hop = self._hop
        # Whole pairs of frames, so that the net's half-rate grid is the same in every segment.
        padding = -len(wave) % (2 * hop) + 2 * hop
        noisy = torch.from_numpy(np.pad(wave, (0, padding)))[None]
        spectra = stft(noisy, hop)
        frames = spectra.shape[-1]
        if frames % 2:
            spectra = F.pad(spectra, (0, 1))
        enhanced = enhance(self._model, spectra, gain * self._scale)
        result = istft(enhanced[..., :frames], hop, noisy.shape[1])[0, : len(wave)]
        if not bool(torch.isfinite(result).all()):
            raise BrokenResult("The model gave no usable result for this file; it was left alone.")
        return np.asarray(result.numpy(), np.float32)


def hop_at(rate_hz: float, hop: int, known_hz: float) -> int:
    """As many samples as last about as long as the net's hop; a number that is quickly transformed
    (353 is prime: its spectra would cost twice those of 352).
    """
    return max(8, 8 * round(hop * rate_hz / known_hz / 8))


def enhance(model: Model, spectra: Tensor, gain: float) -> Tensor:
    """Complex spectra `(1, bins, frames)` of any bandwidth, with less noise; silence stays so.

    gain: brings them to the level and scale at which the net was trained.
    """
    net = _spectral(model)
    known = min(net.bins, spectra.shape[1])
    heard = torch.zeros((1, net.bins, spectra.shape[2]), dtype=spectra.dtype)
    heard[:, :known] = spectra[:, :known] * gain
    precision = torch.autocast("cpu", torch.bfloat16, enabled=uses_bf16(model.card.input))
    with torch.inference_mode(), precision:
        cleaned = net.enhance(heard)
    sounds = (spectra != 0).any(1, keepdim=True)
    result = spectra.clone()
    result[:, :known] = cleaned[:, :known] / gain * sounds
    if spectra.shape[1] > net.bins:
        result[:, net.bins :] = _without_high_noise(spectra, result[:, :known], net.bins)
    return result


def _without_high_noise(noisy: Tensor, cleaned: Tensor, first: int) -> Tensor:
    """The bins from `first` on, each damped where it is no louder than noise is there.

    The noise of a bin is its mean power over the frames around, weighed by how much the net took
    away in the upper half of its own band: where it left everything, nothing is noise.
    """
    top = slice(first // 2, first)
    before = _power(noisy[:, top]).sum(1)
    after = _power(cleaned[:, top]).sum(1)
    gone = (1 - after / before.clamp_min(1e-12)).clamp(0, 1) ** 2
    gone = gone * (before > 0)
    power = _power(noisy[:, first:])
    weight = gone[:, None]
    heard = _smooth(weight)
    level = _smooth(power * weight) / heard.clamp_min(1e-3)
    # Wiener's gain, less sure where little noise was heard at all.
    sure = (heard / _SURE).clamp(0, 1)
    calm = F.avg_pool1d(power, 3, 1, 1, count_include_pad=False)
    wiener = (1 - 1.5 * level / calm.clamp_min(1e-12)).clamp(_HIGH_FLOOR, 1)
    return noisy[:, first:] * (1 - sure * (1 - wiener))


def _power(spectra: Tensor) -> Tensor:
    return torch.view_as_real(spectra).square().sum(-1)


def _smooth(power: Tensor) -> Tensor:
    """Mean over about a second of frames, `(1, bins, frames)`."""
    return F.avg_pool1d(power, _SMOOTH_FRAMES, 1, _SMOOTH_FRAMES // 2, count_include_pad=False)


@dataclass(frozen=True, slots=True)
class _Loudness:
    """Of one channel. gain: what brings it to LEVEL. offset: what it rests at, if not at 0."""

    gain: float
    offset: np.float32


def _loudness(request: Request) -> list[_Loudness]:
    assert request.overview is not None and request.rate_hz is not None
    heard = request.overview(int(LISTEN_S * request.rate_hz))
    return [_loudness_of(wave, request.rate_hz) for wave in heard]


def _loudness_of(wave: Samples, rate_hz: float) -> _Loudness:
    """Measured as the windows of training were. A quarter of those that are not far quieter than
    others may be louder than the level taken, so that neither pauses nor a slammed door decide.
    """
    if not wave.size:
        return _Loudness(1.0, np.float32(0))
    mean, swing = (float(f) for f in (wave.mean(dtype=np.float64), wave.std(dtype=np.float64)))
    offset = np.float32(mean if abs(mean) > _OFFSET * swing else 0)
    length = min(len(wave), int(LEVEL_WINDOW_S * rate_hz))
    windows = wave[: len(wave) // length * length].reshape(-1, length) - offset
    frame = max(1, min(length, int(LEVEL_FRAME_S * rate_hz)))
    levels = active_rms(torch.from_numpy(windows), frame)[:, 0].numpy()
    level = float(np.quantile(levels[levels >= 0.05 * levels.max()], 0.75))
    return _Loudness(LEVEL / max(level, _SILENT), offset)


def _mixing(strength: float, options: Options) -> np.float32:
    kept = AMBIENCE if options.get("ambience", False) else 0.0
    return np.float32(strength * (1 - kept))


def _spectral(model: Model) -> Spectral1d:
    assert isinstance(model.net, Spectral1d)
    return model.net
