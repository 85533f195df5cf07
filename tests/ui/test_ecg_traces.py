"""What is drawn of a recording, near and from afar."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from desktop_ae.ui.ecg_curves import curves_of, polygon, removed_of
from desktop_ae.ui.ecg_data import Facts, Samples
from desktop_ae.ui.ecg_traces import FileTrace, covered, gathered, middle_of, profile
from tests.ui.ecg_probe import RATE_HZ, Cabinet, heartbeats, noisy
from tests.ui.sound_probe import AtHand


def loaded(samples: Samples, start_s: float, stop_s: float) -> FileTrace:
    cabinet, errands = Cabinet(), AtHand()
    trace = FileTrace(errands)
    facts = Facts(RATE_HZ, samples.shape[1], ("II",) * len(samples), "")
    trace.show(cabinet.record("a.hea", samples), facts, cabinet.shelf())
    trace.want(start_s, stop_s)
    errands.do_all()
    return trace


def test_near_by_every_sample_is_drawn(qapp: QApplication) -> None:
    samples = noisy(30)
    trace = loaded(samples, 3, 9)
    times, values = curves_of(trace, RATE_HZ, 2, 3.0, 9.0, 1 / 98)
    first = round(times[0] * RATE_HZ)
    assert np.array_equal(values, samples[:, first : first + len(times)])
    assert times[0] <= 3.0 and times[-1] >= 9.0


def test_further_off_no_peak_is_lost(qapp: QApplication) -> None:
    samples = noisy(60)
    trace = loaded(samples, 0, 60)
    for px_s in (0.03, 0.1):
        _, values = curves_of(trace, RATE_HZ, 2, 0.0, 60.0, px_s)
        assert np.nanmax(values, axis=1) == pytest.approx(samples.max(axis=1))
        assert np.nanmin(values, axis=1) == pytest.approx(samples.min(axis=1))


def test_from_afar_the_survey_is_drawn(qapp: QApplication) -> None:
    samples = noisy(400)
    trace = loaded(samples, 0, 400)
    assert not trace.strips(0, 400)
    made = profile(trace, RATE_HZ, 2, 0.0, 1.0, 400)
    low = samples[:, : 400 * 250].reshape(2, 400, 250).min(axis=2)
    assert made.shape == (2, 400, 2)
    assert np.abs(made[..., 0] - low).max() < 0.25
    assert not np.isnan(made).any()


def test_a_gap_stays_a_gap(qapp: QApplication) -> None:
    samples = noisy(30)
    samples[:, 1000:1500] = np.nan
    trace = loaded(samples, 0, 30)
    for px_s in (1 / 98, 0.05):
        times, values = curves_of(trace, RATE_HZ, 2, 0.0, 12.0, px_s)
        inside = (times > 4.1) & (times < 5.9)
        assert np.isnan(values[:, inside]).all()
        assert np.isfinite(values[:, (times > 0.1) & (times < 3.9)]).all()
    assert covered(trace, np.array([5.0, 29.0]), RATE_HZ, False).all()


def test_what_was_not_read_is_no_gap(qapp: QApplication) -> None:
    trace = loaded(noisy(60), 0, 6)
    assert covered(trace, np.array([3.0, 50.0]), RATE_HZ, False).tolist() == [True, False]


def test_removed_is_the_difference(qapp: QApplication) -> None:
    before, after = noisy(20), heartbeats(20)
    ours, theirs = loaded(before, 0, 10), loaded(after, 0, 10)
    found = removed_of(ours, theirs, RATE_HZ, 2, 2.0, 6.0, 1 / 98)
    assert found is not None
    first = round(found[0][0] * RATE_HZ)
    truth = (before - after)[:, first : first + len(found[0])]
    assert np.allclose(found[1], truth, atol=1e-6)
    assert removed_of(ours, theirs, RATE_HZ, 2, 0.0, 500.0, 1.0) is None
    coarse = removed_of(ours, theirs, RATE_HZ, 2, 0.0, 10.0, 0.05)
    assert coarse is not None
    assert np.nanmax(coarse[1]) == pytest.approx((before - after)[:, :2510].max(), abs=0.05)


def test_lines_lie_on_their_own_level(qapp: QApplication) -> None:
    samples = heartbeats(60) + np.array([[3.0], [-5.0]], np.float32)
    trace = loaded(samples, 0, 10)
    assert middle_of(trace, 2, 0.0, 6.0, RATE_HZ) == pytest.approx([3, -5], abs=0.05)
    assert gathered(trace, 2, 0, 10, RATE_HZ).shape == (2, 10)


def test_a_polygon_is_made_without_objects(qapp: QApplication) -> None:
    made = polygon(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    assert [(p.x(), p.y()) for p in (made.at(0), made.at(1))] == [(1, 3), (2, 4)]
    assert polygon(np.zeros(0), np.zeros(0)).size() == 0
