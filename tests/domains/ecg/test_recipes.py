from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.ecg import noise, recipes
from desktop_ae.domains.ecg.recipes import DENOISE, HELD_OUT, RATE_HZ, NoisyHearts
from tests.domains.ecg.hearts import beating
from tests.domains.ecg.records import write_data


def seed(number: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(number)


def some(samples: int = 1440) -> NoisyHearts:
    leads = [torch.from_numpy(lead) for lead in beating(4, 20)]
    noises = {kind: torch.randn(9000, 2, generator=seed(2)) for kind in recipes.NOISES}
    return NoisyHearts(leads, noises, samples)


def test_a_draw_is_a_pair_of_one_scale_that_a_seed_fixes() -> None:
    noisy, clean = some().draw(40, seed(1))
    assert noisy.shape == clean.shape == (40, 1, 1440)
    assert bool(noisy.isfinite().all()) and bool(clean.isfinite().all())
    again = some().draw(40, seed(1))
    assert torch.equal(noisy, again[0]) and torch.equal(clean, again[1])
    scale = recipes.robust_scale(noisy[:, 0]).log2()
    assert bool((scale.abs() < 0.81).all())
    same = [torch.equal(a, b) for a, b in zip(noisy, clean, strict=True)]
    assert 0 < sum(same) < 20


def test_most_windows_are_as_noisy_as_they_should_be() -> None:
    noisy, clean = some().draw(200, seed(3))
    ratio = 10 * torch.log10(
        noise.power(clean[:, 0]) / noise.power((noisy - clean)[:, 0]).clamp_min(1e-9)
    )
    loud = ratio[ratio < 60]
    assert len(loud) > 120
    assert -12 < float(loud.quantile(0.05)) < 6 and 12 < float(loud.quantile(0.95)) < 45


def test_gaps_and_flat_leads_are_never_drawn() -> None:
    gap = torch.from_numpy(beating(1, 20)[0]).clone()
    gap[:3000] = torch.nan
    pairs = NoisyHearts([gap, torch.zeros(7200)], some().noises, 1440)
    for drawn in pairs.draw(30, seed()):
        assert bool(drawn.isfinite().all())


def test_the_loss_is_least_for_the_truth_and_its_gradient_is_a_number() -> None:
    pairs = some()
    noisy, clean = pairs.draw(8, seed(5))
    losses = [float(pairs.loss(w, clean)) for w in (clean, 0.5 * clean + 0.5 * noisy, noisy)]
    assert losses == sorted(losses) and losses[0] == 0 < losses[1] < losses[2]
    guess = torch.zeros_like(clean).requires_grad_(True)
    pairs.loss(guess, torch.zeros_like(clean)).backward()  # type: ignore[no-untyped-call]
    assert guess.grad is not None and bool(guess.grad.isfinite().all())


def test_held_out_records_and_noise_are_never_trained_on(tmp_path: Path) -> None:
    held = sorted(HELD_OUT)[0]
    write_data(tmp_path, ["one", "two", held])
    for folder in (tmp_path, tmp_path / "ecg"):
        pairs = recipes.denoise_pairs(folder, DENOISE)
        assert len(pairs.leads) == 4
    whole = recipes.load_noise(tmp_path, "bw")
    trained, kept = pairs.noises["bw"], recipes.held_out_noise(tmp_path, "bw")
    assert torch.equal(torch.cat([trained, kept]), whole)
    assert {lead.record for lead in recipes.load_leads(tmp_path)} == {"one", "two", held}


def test_what_is_missing_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no recorded noise “bw”"):
        recipes.denoise_pairs(tmp_path, DENOISE)
    write_data(tmp_path, [])
    with pytest.raises(Unreadable, match="no ECG recordings to learn from"):
        recipes.denoise_pairs(tmp_path, DENOISE)
    (tmp_path / "ecg" / "nstdb-first-half" / "bw-360hz-mV.npy").write_bytes(b"no array")
    with pytest.raises(Unreadable, match="cannot be read"):
        recipes.denoise_pairs(tmp_path, DENOISE)


def test_at_another_rate_gaps_stay() -> None:
    lead = beating(1, 4, 250)[0]
    lead[500:600] = np.nan
    found = recipes.at_rate(lead, 250)
    assert len(found) == 4 * RATE_HZ
    missing = np.flatnonzero(np.isnan(found)) / RATE_HZ
    assert missing.min() == pytest.approx(2.0, abs=0.01)
    assert missing.max() == pytest.approx(2.4, abs=0.01)


def test_wander_is_taken_out_and_beats_stay() -> None:
    clean = beating(1, 30)[0]
    seconds = np.arange(len(clean)) / RATE_HZ
    slow = (2 * np.sin(2 * np.pi * 0.15 * seconds)).astype(np.float32)
    flat = recipes.without_wander(clean)
    assert np.abs(recipes.without_wander(clean + slow) - flat)[1080:-1080].max() < 0.1
    assert np.ptp(flat[720:-720]) == pytest.approx(np.ptp(clean[720:-720]), rel=0.1)
    clean[100:110] = np.nan
    assert np.isnan(recipes.without_wander(clean)).sum() == 10
