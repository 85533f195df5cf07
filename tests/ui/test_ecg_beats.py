"""Heart rates, and beats that two versions do not share."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_ae.ui.ecg_beats import Beats, mean_bpm, next_after, trend
from desktop_ae.ui.ecg_data import Peaks

RATE_HZ = 100.0


def peaks(*seconds: float) -> Peaks:
    return np.array([round(s * RATE_HZ) for s in seconds], np.int64)


def test_a_beat_a_second_is_sixty_a_minute() -> None:
    assert mean_bpm(peaks(1, 2, 3, 4), RATE_HZ) == pytest.approx(60)
    assert mean_bpm(peaks(1), RATE_HZ) is None


def test_a_pause_or_a_gap_is_no_heart_rate() -> None:
    assert mean_bpm(peaks(1, 2, 3, 20, 21), RATE_HZ) == pytest.approx(60)
    gap = peaks(2.1)
    assert mean_bpm(peaks(1, 2, 4, 5), RATE_HZ, gap) == pytest.approx(60)


def test_beats_within_150_ms_are_the_same() -> None:
    before = peaks(1, 2, 3)
    moved = Beats.of(RATE_HZ, before, peaks(1.1, 2, 2.9), ((0, 500),))
    assert not len(moved.differing)
    other = Beats.of(RATE_HZ, before, peaks(1, 2.4, 3), ((0, 500),))
    assert other.lost.tolist() == [200]
    assert other.new.tolist() == [240]
    assert other.differing.tolist() == [200, 240]


def test_a_beat_that_only_moved_far_counts_once() -> None:
    moved = Beats.of(RATE_HZ, peaks(1, 2, 3), peaks(1, 2.2, 3), ((0, 500),))
    assert moved.differing.tolist() == [200]


def test_nothing_differs_where_only_one_version_was_read() -> None:
    beats = Beats.of(RATE_HZ, peaks(1, 2, 3, 4), peaks(1, 2), ((0, 250),))
    assert not len(beats.differing)
    assert beats.rates(0, 10) == pytest.approx((60, 60))


def test_all_beats_are_lost_where_none_are_left() -> None:
    beats = Beats.of(RATE_HZ, peaks(1, 2), peaks(), ((0, 500),))
    assert beats.lost.tolist() == [100, 200]
    before, after = beats.rates(0, 5)
    assert before == pytest.approx(60) and after is None


def test_local_rates_are_of_the_stretch() -> None:
    beats = Beats.of(RATE_HZ, peaks(1, 2, 3, 3.5, 4, 4.5))
    assert beats.rates(0, 3.1)[0] == pytest.approx(60)
    assert beats.rates(2.9, 5)[0] == pytest.approx(120)


def test_a_trend_has_holes_where_nothing_beats() -> None:
    found = trend(peaks(1, 2, 3, 31, 31.5, 32), RATE_HZ, 40.0, 4)
    assert found[0] == pytest.approx(60)
    assert np.isnan(found[1]) and np.isnan(found[2])
    assert found[3] == pytest.approx(120)
    assert np.isnan(trend(peaks(), RATE_HZ, 40.0, 4)).all()


def test_the_next_place_follows_the_last_with_the_first() -> None:
    places = peaks(1, 2)
    assert next_after(places, 0) == 100
    assert next_after(places, 100) == 200
    assert next_after(places, 200) == 100
    assert next_after(places, 100, backward=True) == 200
    assert next_after(peaks(), 0) is None
