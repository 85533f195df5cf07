from __future__ import annotations

import numpy as np
import pytest

from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.restore import restore
from desktop_ae.domains.audio import findings, measures, nothing_to_do
from desktop_ae.domains.audio.mains import HumRestorer, find_mains
from tests.domains.audio.nets import in_blocks, request_of, under_db, white


def hum(samples: int, rate_hz: int, mains_hz: float = 50.0, drift_hz: float = 0.0) -> Samples:
    """`(1, samples)` with harmonics to the tenth."""
    time = np.arange(samples) / rate_hz
    turn = 2 * np.pi * np.cumsum(mains_hz + drift_hz * np.sin(time / 3)) / rate_hz
    waves = [0.05 / order * np.sin(order * turn + order**2) for order in range(1, 11)]
    return np.asarray(sum(waves), np.float32)[None]


def voice(samples: int, rate_hz: int) -> Samples:
    """Gliding around 100 Hz, over and over the second harmonic of 50 Hz, with its own harmonics."""
    time = np.arange(samples) / rate_hz
    turn = 2 * np.pi * np.cumsum(100 + 15 * np.sin(2 * np.pi * 0.7 * time)) / rate_hz
    waves = np.sin(turn) + 0.5 * np.sin(2 * turn) + 0.3 * np.sin(3 * turn)
    return np.asarray(0.1 * waves * (0.6 + 0.4 * np.sin(8 * time)), np.float32)[None]


def without_hum(noisy: Samples, rate_hz: int) -> Samples:
    return restore(HumRestorer(request_of(noisy, rate_hz)), noisy)


@pytest.mark.parametrize("mains_hz", [50.0, 60.0, 49.9, 60.08])
@pytest.mark.parametrize(("rate_hz", "seconds"), [(8000, 9.3), (44_100, 4.0), (48_000, 2.7)])
def test_hum_goes_from_start_to_end(mains_hz: float, rate_hz: int, seconds: float) -> None:
    samples = int(seconds * rate_hz)
    added = hum(samples, rate_hz, mains_hz)
    rest = white(1, samples, 0.01)
    left = without_hum(rest + added, rate_hz) - rest
    assert under_db(left, added) < -22
    part = rate_hz // 4
    assert under_db(left[:, :part], added[:, :part]) < -20
    assert under_db(left[:, -part:], added[:, -part:]) < -20


def test_a_long_sound_is_heard_in_parts_that_do_not_belong_together() -> None:
    samples = 8000 * 95
    added = hum(samples, 8000, 50.05)
    rest = white(1, samples, 0.01)
    assert under_db(without_hum(rest + added, 8000) - rest, added) < -30


def test_hum_that_drifts_as_mains_do_goes_as_well() -> None:
    samples = 8000 * 30
    added = hum(samples, 8000, 50.0, drift_hz=0.03)
    assert under_db(without_hum(added + 0, 8000), added) < -20


def test_a_voice_that_glides_over_hum_stays() -> None:
    samples = 8000 * 12
    spoken, added = voice(samples, 8000), hum(samples, 8000)
    result = without_hum(spoken + added, 8000)
    assert under_db(result - spoken, added) < -15
    assert under_db(result - spoken, spoken) < -20


def test_a_sound_without_hum_is_left_alone() -> None:
    for sound in (voice(40_000, 8000), white(2, 40_000), np.zeros((1, 40_000), np.float32)):
        restorer = HumRestorer(request_of(sound, 8000))
        assert np.array_equal(restore(restorer, sound), sound)
        assert restorer.removed.share_db == -99


@pytest.mark.parametrize("seconds", [1 / 8000, 0.01, 0.9, 1.0, 1.3, 2.0, 3.001])
def test_short_sounds_keep_their_length_and_are_not_harmed(seconds: float) -> None:
    samples = max(1, int(seconds * 8000))
    sound = white(2, samples) + hum(samples, 8000)
    result = without_hum(sound, 8000)
    assert result.shape == sound.shape
    assert np.square(result).mean() < 1.05 * np.square(sound).mean()


def test_blocks_leave_no_trace() -> None:
    noisy = np.concatenate([white(1, 50_001), voice(50_001, 8000)]) + hum(50_001, 8000)
    streamed = in_blocks(HumRestorer(request_of(noisy, 8000)), noisy, largest=9000)
    assert np.array_equal(streamed, without_hum(noisy, 8000))


def test_no_more_than_a_window_is_held() -> None:
    noisy = hum(200_000, 8000)
    restorer = HumRestorer(request_of(noisy, 8000))
    for start in range(0, 200_000, 1000):
        list(restorer.push(Clip(noisy[:, start : start + 1000], start)))
        assert restorer._held.shape[1] < 17_000


def test_strength_0_gives_the_sound_back_and_a_half_leaves_half() -> None:
    noisy = hum(40_000, 8000)
    assert np.array_equal(restore(HumRestorer(request_of(noisy, 8000, strength=0.0)), noisy), noisy)
    half = restore(HumRestorer(request_of(noisy, 8000, strength=0.5)), noisy)
    assert under_db(half - 0.5 * noisy, noisy) < -25


def test_the_frequency_is_found_to_a_hundredth_even_in_opposite_channels() -> None:
    added = hum(8000 * 20, 8000, 59.93)
    both = np.concatenate([added, -added]) + white(2, 8000 * 20, 0.02)
    assert find_mains(both, 8000) == pytest.approx(59.93, abs=0.01)
    assert find_mains(white(2, 8000 * 20), 8000) is None


def test_quiet_hum_is_worth_removing_and_a_sound_without_is_not() -> None:
    talk = voice(64_000, 8000)
    for noisy, is_there in ((talk + 0.05 * hum(64_000, 8000), True), (talk, False)):
        restorer = HumRestorer(request_of(noisy, 8000))
        restore(restorer, noisy)
        measured = measures(restorer.removed)
        assert (-60 < measured["removed_db"] < -20) == is_there
        assert nothing_to_do(measured) != is_there
        assert findings(measured)[0].label == "Hum found"
