"""Small sound nets: one that does nothing, one whose every layer matters, one that is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from desktop_ae.core.card import ModelCard
from desktop_ae.core.clip import Clip, Samples, excerpts
from desktop_ae.core.domain import Request
from desktop_ae.core.library import Model
from desktop_ae.core.restore import Restorer
from desktop_ae.domains.audio.recipes import DENOISE
from desktop_ae.nets.spectral1d import Spectral1d
from tests.fakes import tiny_card, write_weights

# At half of the real net's window, so that its hop is 128 at 16 kHz; its reach is the real one's.
TINY_SOUND_NET: Mapping[str, Any] = {
    "bins": 129,
    "channels": (12, 16),
    "dilations": DENOISE.arguments["dilations"],
}
_FACTS: Mapping[str, Any] = {
    "id": "audio/denoise-v1",
    "task": "audio/denoise",
    "net": "spectral1d",
    "arguments": TINY_SOUND_NET,
    "input": replace(DENOISE.input, bf16=False),
}


def tiny_sound_net(*, identity: bool = False) -> Spectral1d:
    """It changes sounds a lot, as far as it looks; with `identity` it leaves them as they are."""
    net = Spectral1d(**TINY_SOUND_NET)
    rng = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, weight in net.named_parameters():
            fan = weight[0].numel() if weight.ndim == 3 else 400
            last = name.startswith("tail")
            size = 0.0 if identity and last else 0.2 if last else 1.0
            weight.copy_(torch.randn(weight.shape, generator=rng) * size * fan**-0.5)
    return net.eval().requires_grad_(False)


def sound_model(net: Spectral1d) -> Model:
    return Model(tiny_card(**_FACTS), net)


def write_sound_model(root: Path, *, identity: bool = False) -> ModelCard:
    from safetensors.torch import save

    return write_weights(root, save(tiny_sound_net(identity=identity).state_dict()), **_FACTS)


class Told(Spectral1d):
    """A net that knows how much of each bin of the first segment is clean."""

    def __init__(self, share: Tensor) -> None:
        super().__init__(**{**TINY_SOUND_NET, "bins": share.shape[1]})
        self.share = share

    def enhance(self, spectra: Tensor) -> Tensor:
        return spectra * self.share[..., : spectra.shape[-1]]


def request_of(samples: Samples, rate_hz: float, **more: Any) -> Request:
    heard = partial(excerpts, samples)
    return Request(samples.shape, overview=heard, rate_hz=float(rate_hz), **more)


def in_blocks(restorer: Restorer, samples: Samples, largest: int) -> Samples:
    """What comes back if the sound goes in by uneven blocks; checks that it comes in order."""
    rng = np.random.default_rng(0)
    parts = [np.zeros((len(samples), 0), np.float32)]
    given = came = 0
    while given < samples.shape[1]:
        size = int(rng.integers(1, largest))
        for clip in restorer.push(Clip(samples[:, given : given + size], given)):
            assert clip.start == came
            came = clip.stop
            parts.append(clip.samples)
        given += size
    assert not list(restorer.finish())
    return np.concatenate(parts, axis=1)


def under_db(error: Samples, truth: Samples) -> float:
    """By how much an error is below the truth, in dB; -200 for none."""
    ratio = np.square(error.astype(np.float64)).mean() / np.square(truth.astype(np.float64)).mean()
    return float(10 * np.log10(ratio + 1e-20))


def white(channels: int, samples: int, level: float = 0.1) -> Samples:
    rng = np.random.default_rng(samples)
    return np.asarray(rng.standard_normal((channels, samples)) * level, np.float32)
