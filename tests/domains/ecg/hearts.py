"""Small nets, models and signals for the tests of the ECG domain."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from desktop_ae.core.card import ModelCard
from desktop_ae.core.clip import Samples, excerpts
from desktop_ae.core.domain import Request
from desktop_ae.core.library import Model
from desktop_ae.domains.ecg.heart import hearts
from desktop_ae.domains.ecg.recipes import DENOISE
from desktop_ae.nets.unet1d import UNet1d
from tests.fakes import tiny_card, write_weights

TINY_ECG_NET: Mapping[str, Any] = {"channels": (6, 8, 8, 8), "blocks": (1, 1, 1, 1), "kernel": 3}
_FACTS: Mapping[str, Any] = {
    "id": "ecg/denoise-v1",
    "task": "ecg/denoise",
    "net": "unet1d",
    "arguments": TINY_ECG_NET,
    "input": replace(DENOISE.input, bf16=False),
}


def tiny_ecg_net(identity: bool = False) -> UNet1d:
    """Random weights that change everything, or none that change anything."""
    torch.manual_seed(3)
    net = UNet1d(**TINY_ECG_NET)
    if not identity:
        for part in net.modules():
            if isinstance(part, torch.nn.Conv1d):
                torch.nn.init.normal_(part.weight, std=0.15)
    return net.eval().requires_grad_(False)


def ecg_model(net: UNet1d) -> Model:
    return Model(tiny_card(**_FACTS), net)


def write_ecg_model(root: Path, *, identity: bool = False) -> ModelCard:
    from safetensors.torch import save

    return write_weights(root, save(tiny_ecg_net(identity).state_dict()), **_FACTS)


def beating(leads: int, seconds: float, rate_hz: int = 360, seed: int = 1) -> Samples:
    """`(leads, samples)` millivolts of synthesised hearts."""
    rng = torch.Generator().manual_seed(seed)
    samples: Samples = hearts(torch.zeros((leads, int(seconds * rate_hz))), rate_hz, rng).numpy()
    return samples


def request_of(leads: Samples, rate_hz: float, strength: float = 1.0) -> Request:
    heard = functools.partial(excerpts, leads)
    return Request(leads.shape, strength, overview=heard, rate_hz=rate_hz)


def regular(seconds: float, rate_hz: float, bpm: float = 72.0, height: float = 1.0) -> Samples:
    """One lead, `(1, samples)`, of nothing but sharp peaks, a whole number of samples apart."""
    wave = np.zeros(int(seconds * rate_hz), np.float32)
    step = round(60 * rate_hz / bpm)
    shape = np.exp(-0.5 * (np.arange(-20, 21) / (0.011 * rate_hz)) ** 2)
    for at in range(step // 2, len(wave) - 21, step):
        wave[at - 20 : at + 21] += (height * shape).astype(np.float32)
    return wave[None]


def write_annotations(path: Path, marks: list[tuple[int, int]]) -> None:
    """(sample, code) each, in MIT format, with a skip before every far one."""
    words: list[int] = []
    before = 0
    for sample, code in marks:
        step = sample - before
        if step > 1023:
            words += [59 << 10, step >> 16 & 0xFFFF, step & 0xFFFF]
            step = 0
        words.append(code << 10 | step)
        before = sample
    np.asarray([*words, 0], "<u2").tofile(path)
