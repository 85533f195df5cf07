from __future__ import annotations

import math

import numpy as np
import pytest

from desktop_ae.domains.ecg.rpeaks import bridged, detect, heart_rate, moving_mean
from tests.domains.ecg.hearts import regular


@pytest.mark.parametrize("rate_hz", [100, 250, 360, 500, 1000, 2000])
@pytest.mark.parametrize("bpm", [45, 72, 150])
def test_every_beat_is_found_at_any_rate(rate_hz: int, bpm: int) -> None:
    wave = regular(30, rate_hz, bpm)
    step = round(60 * rate_hz / bpm)
    wanted = np.arange(step // 2, wave.shape[1] - 21, step)
    found = detect(wave, rate_hz)
    assert len(found) == len(wanted)
    assert np.abs(found - wanted).max() <= 0.02 * rate_hz
    assert heart_rate(found, rate_hz) == pytest.approx(60 * rate_hz / step, rel=0.01)


@pytest.mark.parametrize("height", [-1.0, 0.02, 300.0])
def test_neither_sign_nor_size_nor_offset_matter(height: float) -> None:
    wave = regular(20, 360, height=height)
    assert len(detect(wave + np.float32(5 * height), 360)) == len(detect(regular(20, 360), 360))


def test_noise_and_wander_hide_few(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    clean = regular(60, 360)
    slow = 2 * np.sin(np.arange(clean.shape[1]) / 360 * 2 * np.pi * 0.3)
    noisy = clean + (0.1 * rng.standard_normal(clean.shape) + slow).astype(np.float32)
    wanted, found = detect(clean, 360), detect(noisy, 360)
    assert len(found) == len(wanted) and np.abs(found - wanted).max() < 18


def test_a_lead_that_is_off_does_not_matter() -> None:
    wave = regular(20, 360)
    leads = np.concatenate([np.zeros_like(wave), wave, np.full_like(wave, np.nan)])
    assert np.array_equal(detect(leads, 360), detect(wave, 360))


@pytest.mark.parametrize("wave", [np.zeros((2, 0)), np.zeros((1, 1)), np.zeros((1, 5000))])
def test_where_nothing_beats_nothing_is_found(wave: np.ndarray) -> None:
    found = detect(wave.astype(np.float32), 360)
    assert len(found) == 0 and math.isnan(heart_rate(found, 360))


def test_gaps_are_bridged_by_straight_lines() -> None:
    lead = np.array([np.nan, 1, np.nan, np.nan, 4, np.nan], np.float32)
    assert bridged(lead).tolist() == [1, 1, 2, 3, 4, 4]
    assert bridged(np.full(3, np.nan, np.float32)).tolist() == [0, 0, 0]


def test_a_moving_mean_is_shorter_at_the_ends() -> None:
    wave = np.array([3, 0, 0, 6], np.float32)
    assert moving_mean(wave, 3).tolist() == [1.5, 1, 2, 3]
    assert moving_mean(wave, 1) is wave
