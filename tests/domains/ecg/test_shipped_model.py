"""What the shipped ECG model must hold, on hearts and noise that the tests make themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from desktop_ae.core.card import read_card
from desktop_ae.core.clip import Samples
from desktop_ae.core.library import Model, load_model
from desktop_ae.core.restore import restore
from desktop_ae.domains.ecg import DENOISE, noise, warning
from desktop_ae.domains.ecg.denoise import EcgRestorer
from desktop_ae.domains.ecg.recipes import at_rate, without_wander
from desktop_ae.domains.ecg.rpeaks import detect
from desktop_ae.nets.residual1d import ResidualBlock1d
from desktop_ae.places import shipped
from tests.domains.ecg.hearts import beating, request_of

RATE_HZ = 360


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model(read_card(shipped("models") / DENOISE.default_model))


def hearts(seconds: float = 30.0) -> Samples:
    return np.stack([without_wander(lead) for lead in beating(6, seconds, seed=77)])


def spoilt(clean: Samples, kind: str, snr_db: float) -> Samples:
    waves, rng = torch.from_numpy(clean), torch.Generator().manual_seed(5)
    made = {"wander": noise.wander, "mains": noise.mains, "muscle": noise.muscle}[kind]
    level = torch.full((len(clean), 1), snr_db)
    noisy: Samples = (waves + noise.at_snr(waves, made(waves, RATE_HZ, rng), level)).numpy()
    return noisy


def cleaned(model: Model, noisy: Samples, rate_hz: float = RATE_HZ) -> Samples:
    return restore(EcgRestorer(model, request_of(noisy, rate_hz)), noisy)


def gain_db(clean: Samples, noisy: Samples, restored: Samples) -> float:
    before, after = (np.var(wave - clean, axis=1) for wave in (noisy, restored))
    return float(np.mean(10 * np.log10(before / after)))


@pytest.mark.parametrize(("kind", "least_db"), [("wander", 8), ("mains", 12), ("muscle", 5)])
def test_noise_goes(model: Model, kind: str, least_db: float) -> None:
    clean = hearts()
    noisy = spoilt(clean, kind, 0.0)
    assert gain_db(clean, noisy, cleaned(model, noisy)) > least_db


def test_clean_ecg_stays_as_it_is(model: Model) -> None:
    clean = hearts()
    for before, after in zip(clean, cleaned(model, clean), strict=True):
        assert np.corrcoef(before, after)[0, 1] > 0.995


def test_beats_stay_where_they_are(model: Model) -> None:
    clean = hearts()
    for lead in clean:
        noisy = spoilt(lead[None], "muscle", 6.0)
        before, after = detect(lead[None], RATE_HZ), detect(cleaned(model, noisy), RATE_HZ)
        assert abs(len(after) - len(before)) <= 2


def test_nothing_is_warned_of(model: Model) -> None:
    clean = hearts(60.0)
    for lead in clean:
        noisy = spoilt(lead[None], "wander", 0.0)
        restorer = EcgRestorer(model, request_of(noisy, RATE_HZ))
        restore(restorer, noisy)
        assert "beats" not in warning(DENOISE.measures(restorer.removed))


@pytest.mark.parametrize("rate_hz", [128, 250, 1000])
def test_it_works_at_other_rates(model: Model, rate_hz: int) -> None:
    clean = beating(2, 20, rate_hz, seed=11)
    clean = clean - np.median(clean, axis=1, keepdims=True)
    slow = np.sin(2 * np.pi * 0.3 * np.arange(clean.shape[1]) / rate_hz).astype(np.float32)
    noisy = clean + slow * clean.std()
    restored = cleaned(model, noisy, rate_hz)
    known = np.stack([without_wander(at_rate(lead, rate_hz)) for lead in clean])
    found = np.stack([at_rate(lead, rate_hz) for lead in restored])
    worse = np.stack([at_rate(lead, rate_hz) for lead in noisy])
    assert gain_db(known, worse, found) > 3


def test_bf16_changes_nothing_to_speak_of(model: Model) -> None:
    noisy = spoilt(hearts(10.0), "muscle", 6.0)
    plain = replace(model.card, input=replace(model.card.input, bf16=False))
    difference = cleaned(model, noisy) - cleaned(Model(plain, model.net), noisy)
    assert np.abs(difference).max() < 0.03 * np.abs(noisy).max()


def test_no_block_of_it_is_dead(model: Model) -> None:
    changed: dict[str, float] = {}

    def look(name: str, block: ResidualBlock1d) -> None:
        def hook(_: object, given: tuple[torch.Tensor], out: torch.Tensor) -> None:
            changed[name] = float((out - given[0]).abs().mean() / given[0].abs().mean())

        block.register_forward_hook(hook)

    for name, part in model.net.named_modules():
        if isinstance(part, ResidualBlock1d):
            look(name, part)
    cleaned(model, spoilt(hearts(10.0), "muscle", 0.0))
    assert changed and min(changed.values()) > 0.02
