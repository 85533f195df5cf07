from __future__ import annotations

import numpy as np

from desktop_ae.core.clip import Samples
from desktop_ae.domains.ecg.harvest import LEAST_BEATS, Harvest, harvested, joined
from desktop_ae.domains.ecg.recipes import RATE_HZ
from desktop_ae.domains.ecg.rpeaks import detect
from tests.domains.ecg.hearts import regular

SECONDS = 60


def heart(seconds: int = SECONDS) -> Samples:
    """One lead with R and T waves, 0.83 s apart."""
    sharp = regular(seconds, RATE_HZ)[0]
    shape = 0.3 * np.exp(-0.5 * (np.arange(-50, 51) / 18) ** 2)
    slow = np.convolve(sharp > 0.99, shape, "same")
    return np.asarray(sharp + np.roll(slow, 95), np.float32)


def tone(hertz: float, size: float, seconds: int = SECONDS) -> Samples:
    time = np.arange(seconds * RATE_HZ) / RATE_HZ
    return np.asarray(size * np.sin(2 * np.pi * hertz * time + 2 * np.sin(0.4 * time)), np.float32)


def taken(noisy: Samples, cleaned: Samples | None = None) -> Harvest:
    given = noisy if cleaned is None else cleaned
    found = harvested(noisy, given, detect(given[None], RATE_HZ))
    assert found is not None
    return found


def test_noise_and_heart_are_told_apart_by_what_repeats() -> None:
    clean, noise = heart(), tone(7.7, 0.15)
    found = taken(clean + noise)
    assert np.corrcoef(found.noise, noise)[0, 1] > 0.9
    assert np.var(found.heart - clean) < 0.1 * np.var(noise)
    wanted_db = 10 * np.log10(np.var(clean) / np.var(noise))
    assert abs(found.snr_db - wanted_db) < 1.5


def test_wander_is_noise_but_hides_no_beats() -> None:
    clean, wander = heart(), tone(0.2, 1.0)
    found = taken(clean + wander, clean)
    assert np.corrcoef(found.noise, wander)[0, 1] > 0.99
    assert found.snr_db > 15


def test_a_beat_unlike_the_others_does_not_become_noise_at_its_full_height() -> None:
    clean, noise = heart(), tone(11.0, 0.1)
    odd = int(detect(clean[None], RATE_HZ)[30])
    around = slice(odd - 25, odd + 26)
    noisy = clean + noise
    noisy[around] += clean[around]
    found = taken(noisy)
    assert np.abs(found.noise[around]).max() < 0.5
    assert np.abs((noisy - found.heart)[around]).max() > 0.8


def test_what_a_model_left_is_measured_between_the_beats() -> None:
    clean, noise = heart(), tone(9.0, 0.2)
    found = taken(clean + noise, clean)
    length = len(clean)
    assert found.left_db(clean, 0, length) < -30
    assert found.left_db(clean + noise, 0, length) > -10
    late = np.where(np.arange(length) < length // 2, clean, clean + noise)
    assert found.left_db(late, 0, length // 3) < -30 < found.left_db(late, length // 2, length)


def test_too_few_beats_have_no_average() -> None:
    lead = heart(3)
    peaks = detect(lead[None], RATE_HZ)
    assert len(peaks) < LEAST_BEATS
    assert harvested(lead, lead, peaks) is None
    assert harvested(lead, lead, peaks[:0]) is None


def test_overlapping_parts_of_a_signal_are_joined_to_the_signal() -> None:
    whole = tone(3.0, 1.0, 5)
    step, length = 400, 600
    count = (len(whole) - length) // step + 1
    pieces = np.stack([whole[n * step : n * step + length] for n in range(count)])
    result = joined(pieces, step)
    assert len(result) == step * (count - 1) + length
    np.testing.assert_allclose(result, whole[: len(result)], atol=1e-5)
    np.testing.assert_array_equal(joined(pieces[:1], step), pieces[0])
