"""How clean sound becomes noisy: rooms, noise, hum, clicks, clipping, narrow bands, codecs.

Everything works on `(batch, samples)` around [-1, 1], on any device, and draws from the given
generator alone, so that a seed fixes the result.
"""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor

from desktop_ae.domains.chances import chance, normal, uniform
from desktop_ae.nets.spectral1d import istft, stft


def mix(clean: Tensor, noise: Tensor, snr_db: Tensor) -> Tensor:
    """Add noise so loud that the sounding part of `clean` stands `snr_db` `(batch, 1)` above it."""
    loud, low = active_rms(clean), noise.square().mean(1, keepdim=True).sqrt()
    factor = loud / low.clamp_min(1e-6) * 10 ** (-snr_db / 20)
    return clean + factor * noise


def active_rms(waves: Tensor, frame: int = 800) -> Tensor:
    """Root mean square of the louder frames, `(batch, 1)`: pauses do not make a voice quieter."""
    count = waves.shape[1] // frame
    frames = waves[:, : count * frame].reshape(len(waves), count, frame)
    power = frames.square().mean(2)
    loud = power > 0.05 * power.amax(1, keepdim=True)
    mean: Tensor = (power * loud).sum(1, keepdim=True) / loud.sum(1, keepdim=True).clamp_min(1)
    return mean.sqrt()


def room(clean: Tensor, rate_hz: float, rng: Generator) -> tuple[Tensor, Tensor]:
    """(in a synthesised room, the same without its late echo), both `(batch, samples)`.

    An exponentially decaying tail of noise after a direct sound and a few early reflections;
    what comes in the first 50 ms belongs to the voice, as people hear it.
    """
    count = len(clean)
    length = int(0.6 * rate_hz)
    time = torch.arange(length, device=clean.device) / rate_hz
    decay_s = uniform(rng, clean, count, 0.12, 0.7)
    tail = normal((count, length), clean, rng) * torch.exp(-6.9 * time / decay_s)
    start_s = uniform(rng, clean, count, 0.005, 0.03)
    tail = tail * (time > start_s)
    sparse = torch.rand((count, length), generator=rng, device=clean.device) < 0.02
    tail = torch.where(time < 0.05, tail * sparse * 3, tail)
    ratio = 10 ** (-uniform(rng, clean, count, 3.0, 18.0) / 20)
    tail = tail * ratio / tail.square().sum(1, keepdim=True).sqrt().clamp_min(1e-6)
    tail[:, 0] = 1.0
    early = tail * (time < 0.05)
    return convolve(clean, tail), convolve(clean, early)


def convolve(waves: Tensor, response: Tensor) -> Tensor:
    """Causal, cut to the length of the waves."""
    size = waves.shape[1] + response.shape[1]
    product = torch.fft.rfft(waves, size) * torch.fft.rfft(response, size)
    whole: Tensor = torch.fft.irfft(product, size)
    return whole[:, : waves.shape[1]]


def hum(like: Tensor, rate_hz: float, rng: Generator) -> Tensor:
    """50 or 60 Hz, a little off, with harmonics."""
    count = len(like)
    time = torch.arange(like.shape[1], device=like.device) / rate_hz
    mains = torch.where(chance(rng, like, 0.5), 50.0, 60.0) * uniform(
        rng, like, count, 0.995, 1.005
    )
    whole = torch.zeros_like(like)
    fall = uniform(rng, like, count, 0.3, 1.6)
    for order in range(1, 13):
        level = uniform(rng, like, count, 0.0, 1.0) / order**fall
        phase = uniform(rng, like, count, 0.0, 2 * math.pi)
        whole = whole + level * torch.sin(2 * math.pi * order * mains * time + phase)
    return whole


def hiss(like: Tensor, rng: Generator) -> Tensor:
    """Noise whose spectrum falls or rises evenly, from brown to a little blue."""
    spectrum = torch.fft.rfft(normal(tuple(like.shape), like, rng))
    bins = torch.arange(spectrum.shape[1], device=like.device).clamp_min(1) / spectrum.shape[1]
    tilt = uniform(rng, like, len(like), -1.2, 0.4)
    tilted: Tensor = torch.fft.irfft(spectrum * bins**tilt, like.shape[1])
    return tilted


def crackle(like: Tensor, rng: Generator) -> Tensor:
    """Clicks of a few samples, some a second to some hundred."""
    density = 10 ** uniform(rng, like, len(like), -4.2, -2.4)
    hit = torch.rand(like.shape, generator=rng, device=like.device) < density
    size = normal(tuple(like.shape), like, rng) * hit
    ring = torch.tensor([1.0, 0.6, -0.4, -0.2, 0.1], device=like.device)
    return convolve(size, ring.expand(len(like), 5))


def narrow(waves: Tensor, rate_hz: float, rng: Generator) -> tuple[Tensor, Tensor]:
    """What phones and old tapes let through; and the pass band, to apply to the truth as well."""
    count = len(waves)
    low = uniform(rng, waves, count, 20.0, 350.0)
    high = uniform(rng, waves, count, 2800.0, rate_hz / 2)
    bins = torch.linspace(0, rate_hz / 2, waves.shape[1] // 2 + 1, device=waves.device)
    band = torch.sigmoid((bins - low) / 20) * torch.sigmoid((high - bins) / 60)
    return apply_band(waves, band), band


def equalised(waves: Tensor, rate_hz: float, rng: Generator) -> Tensor:
    """As other microphones, rooms and tone controls give it: a curve of up to 10 dB up or down,
    bent at 60, 120, ... 7680 Hz.
    """
    count = waves.shape[0]
    knots = torch.stack([uniform(rng, waves, count, -10.0, 10.0)[:, 0] for _ in range(8)], 1)
    hertz = torch.linspace(0, rate_hz / 2, waves.shape[1] // 2 + 1, device=waves.device)
    place = torch.log2(hertz.clamp_min(1) / 60).clamp(0, 6.999)
    low = place.long()
    share = (1 - torch.cos(math.pi * (place - low))) / 2
    curve_db = knots[:, low] * (1 - share) + knots[:, low + 1] * share
    return apply_band(waves, 10 ** (curve_db / 20))


def apply_band(waves: Tensor, band: Tensor) -> Tensor:
    cut: Tensor = torch.fft.irfft(torch.fft.rfft(waves) * band, waves.shape[1])
    return cut


def clip(waves: Tensor, rng: Generator) -> Tensor:
    """An amplifier driven too far: everything over a share of the peak is cut."""
    share = uniform(rng, waves, len(waves), 0.15, 0.7)
    limit = share * waves.abs().amax(1, keepdim=True).clamp_min(1e-6)
    return torch.maximum(torch.minimum(waves, limit), -limit)


def codec(waves: Tensor, rng: Generator) -> Tensor:
    """Holes and rough steps in the spectrum, as low bit rates leave them."""
    hop = 256
    spectra = stft(waves, hop)
    size = spectra.abs()
    step = size.amax(1, keepdim=True) * 10 ** uniform(rng, waves, len(waves), -2.6, -1.5)[..., None]
    rounded = torch.round(size / step.clamp_min(1e-9)) * step
    return istft(spectra * rounded / size.clamp_min(1e-9), hop, waves.shape[1])


def music(like: Tensor, rate_hz: float, rng: Generator) -> Tensor:
    """Notes of synthesised instruments, alone and in chords, plucked or held, some with drums."""
    count, samples = like.shape
    time = torch.arange(samples, device=like.device) / rate_hz
    whole = torch.zeros_like(like)
    base = 110 * 2 ** uniform(rng, like, count, 0.0, 2.0)
    for _ in range(7):
        step = torch.randint(0, 25, (count, 1), generator=rng, device=like.device)
        pitch = base * 2 ** (step / 12)
        start = uniform(rng, like, count, -0.3, samples / rate_hz)
        age = time - start
        held = chance(rng, like, 0.5)
        fade = torch.exp(-age.clamp_min(0) * uniform(rng, like, count, 1.0, 8.0))
        length = uniform(rng, like, count, 0.2, 1.2)
        flat = torch.sigmoid((length - age) / 0.02)
        shape = torch.where(held, flat, fade) * torch.sigmoid((age - 0.01) / 0.003)
        wobble = uniform(rng, like, count, 0.0, 0.004) * torch.sin(2 * math.pi * 5.5 * time)
        tilt = uniform(rng, like, count, 0.7, 2.2)
        note = torch.zeros_like(like)
        for order in range(1, 16):
            below = (order * pitch < 0.48 * rate_hz).to(like)
            phase = uniform(rng, like, count, 0.0, 2 * math.pi)
            turn = 2 * math.pi * order * pitch * time * (1 + wobble) + phase
            note = note + below * torch.sin(turn) / order**tilt
        whole = whole + shape * note * uniform(rng, like, count, 0.2, 1.0)
    drums = normal((count, samples), like, rng) * torch.exp(-((time * 2) % 1) * 30)
    whole = whole + drums * torch.where(chance(rng, like, 0.4), 1.0, 0.0)
    return whole / active_rms(whole).clamp_min(1e-6) * 0.05
