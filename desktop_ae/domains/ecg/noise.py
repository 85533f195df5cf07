"""What spoils an ECG: wander, electrodes, muscles, mains, amplifiers at their limit, loose leads.

Everything works on `(batch, samples)` in millivolts and draws from the given generator alone, so
that a seed fixes the result.
"""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor

from desktop_ae.domains.chances import chance, normal, uniform


def power(waves: Tensor) -> Tensor:
    """Mean square without the mean, `(batch, 1)`."""
    return (waves - waves.mean(1, keepdim=True)).square().mean(1, keepdim=True)


def at_snr(clean: Tensor, noise: Tensor, snr_db: Tensor) -> Tensor:
    """The noise, so loud that `clean` stands `snr_db` `(batch, 1)` above it."""
    ratio = (power(clean) / power(noise).clamp_min(1e-12)).sqrt()
    return noise * ratio * 10 ** (-snr_db / 20)


def wander(like: Tensor, rate_hz: float, rng: Generator) -> Tensor:
    """Breathing and slow drift: a few slow waves, and noise below half a hertz."""
    count = len(like)
    time = torch.arange(like.shape[1], device=like.device) / rate_hz
    whole = torch.zeros_like(like)
    for _ in range(3):
        hertz = uniform(rng, like, count, 0.03, 0.6)
        phase = uniform(rng, like, count, 0.0, 2 * math.pi)
        whole = whole + uniform(rng, like, count, 0.0, 1.0) * torch.sin(
            2 * math.pi * hertz * time + phase
        )
    spectrum = torch.fft.rfft(normal(tuple(like.shape), like, rng))
    hertz = torch.arange(spectrum.shape[1], device=like.device) * rate_hz / like.shape[1]
    slow = torch.fft.irfft(spectrum / (1 + (hertz / 0.3) ** 2), like.shape[1])
    slow = slow / power(slow).sqrt().clamp_min(1e-9)
    wandering: Tensor = whole + uniform(rng, like, count, 0.0, 1.0) * slow
    return wandering


def mains(like: Tensor, rate_hz: float, rng: Generator) -> Tensor:
    """50 or 60 Hz, a little off, with odd and some even harmonics, now louder and now quieter."""
    count = len(like)
    time = torch.arange(like.shape[1], device=like.device) / rate_hz
    hertz = torch.where(chance(rng, like, 0.5), 50.0, 60.0) + uniform(rng, like, count, -0.3, 0.3)
    whole = torch.zeros_like(like)
    for order in (1, 2, 3):
        loud = uniform(rng, like, count, 0.0, 1.0) * (0.1, 0.05, 0.3)[order - 1] * 3
        loud = torch.ones_like(loud) if order == 1 else loud
        phase = uniform(rng, like, count, 0.0, 2 * math.pi)
        known = (order * hertz < 0.5 * rate_hz).to(like)
        whole = whole + known * loud * torch.sin(2 * math.pi * order * hertz * time + phase)
    swell = 1 + uniform(rng, like, count, 0.0, 0.9) * torch.sin(
        2 * math.pi * uniform(rng, like, count, 0.02, 0.5) * time
        + uniform(rng, like, count, 0.0, 2 * math.pi)
    )
    return whole * swell


def muscle(like: Tensor, rate_hz: float, rng: Generator) -> Tensor:
    """Noise above some 15 Hz that comes in bursts."""
    count = len(like)
    spectrum = torch.fft.rfft(normal(tuple(like.shape), like, rng))
    hertz = torch.arange(spectrum.shape[1], device=like.device) * rate_hz / like.shape[1]
    low, high = uniform(rng, like, count, 5.0, 30.0), uniform(rng, like, count, 40.0, 180.0)
    band = torch.sigmoid((hertz - low) / 4) * torch.sigmoid((high - hertz) / 15)
    waves = torch.fft.irfft(spectrum * band, like.shape[1])
    swell = wander(like, rate_hz, rng)
    depth = uniform(rng, like, count, 0.0, 1.5)
    bursts: Tensor = waves * torch.exp(depth * swell / power(swell).sqrt().clamp_min(1e-6))
    return bursts


def steps(like: Tensor, rate_hz: float, rng: Generator) -> Tensor:
    """An electrode that moves: a sudden shift that decays in a tenth of a second to seconds."""
    count, samples = like.shape
    time = torch.arange(samples, device=like.device) / rate_hz
    whole = torch.zeros_like(like)
    for _ in range(3):
        start = uniform(rng, like, count, 0.0, samples / rate_hz)
        age = time - start
        decay = torch.exp(-age.clamp_min(0) * 10 ** uniform(rng, like, count, -0.5, 1.0))
        height = normal((count, 1), like, rng) * chance(rng, like, 0.6)
        whole = whole + height * decay * torch.sigmoid(age / 0.004)
    return whole


def clipped(waves: Tensor, rng: Generator) -> Tensor:
    """An amplifier at its limit, on one side or on both."""
    count = len(waves)
    size = waves.abs().amax(1, keepdim=True)
    high = size * uniform(rng, waves, count, 0.35, 0.9)
    low = torch.where(chance(rng, waves, 0.5), high, 2 * size)
    turned = torch.where(chance(rng, waves, 0.5), 1.0, -1.0)
    limited = torch.minimum(torch.maximum(waves * turned, -low), high)
    return limited * turned


def stepped(waves: Tensor, rng: Generator) -> Tensor:
    """As a converter of few bits reads it: from 1 to 20 microvolts a step."""
    size = 10 ** uniform(rng, waves, len(waves), -3.0, -1.7)
    return torch.round(waves / size) * size
