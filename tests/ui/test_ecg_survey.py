"""A whole recording read in the background: what is visible comes first."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from desktop_ae.core.errors import Unreadable
from desktop_ae.ui.ecg_data import CHUNK_S, COLUMN_S, Facts, Strip, gaps_of
from desktop_ae.ui.ecg_survey import EACH, EcgSurvey
from tests.ui.ecg_probe import RATE_HZ, Cabinet, detect, heartbeats, noisy
from tests.ui.sound_probe import AtHand


class Scene:
    def __init__(self, seconds: float, leads: int = 1) -> None:
        self.samples = heartbeats(seconds, leads)
        self.cabinet = Cabinet()
        self.errands = AtHand()
        self.survey = EcgSurvey(self.errands)
        self.grown: list[float] = []
        self.survey.grown.connect(lambda start_s, _stop_s: self.grown.append(start_s))
        record = self.cabinet.record("long.hea", self.samples)
        facts = Facts(RATE_HZ, self.samples.shape[1], ("II",) * leads, "")
        self.survey.show(record, facts, self.cabinet.shelf())


def test_all_beats_are_found_although_it_reads_in_chunks(qapp: QApplication) -> None:
    scene = Scene(200)
    scene.survey.want(0, 5)
    scene.errands.do_all()
    assert scene.survey.share == 1.0
    assert scene.survey.peaks.tolist() == detect(scene.samples, RATE_HZ).tolist()
    assert scene.survey.known() == [(0, scene.samples.shape[1])]


def test_what_is_visible_is_read_first(qapp: QApplication) -> None:
    scene = Scene(400)
    scene.survey.want(260, 265)
    scene.errands.do_one()
    scene.errands.do_one()
    assert scene.grown[0] == 4 * CHUNK_S
    scene.survey.want(10, 15)
    scene.errands.do_one()
    assert scene.grown[2] == 0


def test_its_columns_hold_every_extreme(qapp: QApplication) -> None:
    scene = Scene(100, 2)
    scene.survey.want(0, 5)
    scene.errands.do_all()
    each = round(COLUMN_S * RATE_HZ)
    edges = np.ceil(np.arange(400) * COLUMN_S * RATE_HZ).astype(int)
    low = np.minimum.reduceat(scene.samples, edges, axis=1)
    assert each == 62
    assert np.array_equal(scene.survey.columns[..., 0], low)
    assert scene.survey.coarse[:, 0, 1] == pytest.approx(
        scene.survey.columns[:, :EACH, 1].max(axis=1)
    )


def test_nothing_is_read_while_nobody_looks(qapp: QApplication) -> None:
    scene = Scene(100)
    scene.survey.hold(True)
    scene.survey.want(0, 5)
    assert scene.errands.left == []
    scene.survey.hold(False)
    scene.errands.do_all()
    assert scene.survey.share == 1.0


def test_a_file_that_breaks_stops_it(qapp: QApplication) -> None:
    scene = Scene(300)
    said: list[Exception] = []
    scene.survey.failed.connect(said.append)
    scene.cabinet.broken = Unreadable(scene.cabinet.add("x", scene.samples), "It is gone.")
    scene.survey.want(0, 5)
    scene.errands.do_all()
    assert [str(error) for error in said] == ["It is gone."]
    assert scene.survey.settled


def test_a_gap_of_all_leads_is_a_break() -> None:
    samples = noisy(10)
    samples[:, 1000:1100] = np.nan
    samples[0, 2000:2100] = np.nan
    assert gaps_of(samples, RATE_HZ).tolist() == [1000]


def test_a_lead_without_samples_has_no_middle() -> None:
    samples = noisy(8)
    samples[1] = np.nan
    strip = Strip.of(0, samples, RATE_HZ)
    assert np.isfinite(strip.middle[0]) and np.isnan(strip.middle[1])
    assert strip.coarse.shape == (2, 500, 2)
