"""What a shipped sound model must do, beside what `test_shipped_models` asks of every model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from desktop_ae.core.card import CARD_NAME, read_card
from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.domain import Request
from desktop_ae.core.library import Model, load_model
from desktop_ae.domains.audio.denoise import SoundRestorer
from desktop_ae.domains.audio.recipes import si_sdr
from desktop_ae.places import shipped

FOLDERS = sorted(p.parent for p in shipped("models").glob(f"audio/*/{CARD_NAME}"))
each_model = pytest.mark.parametrize("folder", FOLDERS, ids=[f.name for f in FOLDERS])
SAMPLES = shipped("resources") / "samples"


def sound(path: Path) -> tuple[Samples, float]:
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    return np.ascontiguousarray(samples.T), float(rate_hz)


def cleaned(model: Model, noisy: Samples, rate_hz: float, block: int = 2**17) -> Samples:
    request = Request(noisy.shape, overview=lambda n: noisy[:, :n], rate_hz=rate_hz)
    restorer = SoundRestorer(model, request)
    parts = [Clip(noisy[:, at : at + block], at) for at in range(0, noisy.shape[1], block)]
    clips = [clip for part in parts for clip in restorer.push(part)]
    return np.concatenate([clip.samples for clip in [*clips, *restorer.finish()]], axis=1)


@each_model
def test_the_sample_has_less_noise_afterwards(folder: Path) -> None:
    noisy, rate_hz = sound(SAMPLES / "speech-noisy.flac")
    clean, _ = sound(SAMPLES / "clean" / "speech-noisy.clean.flac")
    made = cleaned(load_model(read_card(folder)), noisy, rate_hz)
    assert made.shape == noisy.shape
    before, after = (
        float(si_sdr(torch.from_numpy(x[:1]), torch.from_numpy(clean[:1]))[0])
        for x in (noisy, made)
    )
    assert after > before + 3, f"{before:.1f} dB before, {after:.1f} dB after"


@each_model
def test_blocks_of_any_size_give_the_same_sound(folder: Path) -> None:
    noisy, rate_hz = sound(SAMPLES / "speech-noisy.flac")
    model = load_model(read_card(folder))
    whole = cleaned(model, noisy, rate_hz, noisy.shape[1])
    parts = cleaned(model, noisy, rate_hz, 7_001)
    assert np.abs(whole - parts).max() < 1e-3 * np.abs(whole).max()


@each_model
@pytest.mark.parametrize("rate_hz", [8_000.0, 44_100.0])
def test_silence_stays_silent(folder: Path, rate_hz: float) -> None:
    silence = np.zeros((2, int(rate_hz)), np.float32)
    made = cleaned(load_model(read_card(folder)), silence, rate_hz)
    assert np.abs(made).max() < 1e-3
