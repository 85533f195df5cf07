"""An ECG on its way through the pane: previewed, cleaned, unreadable, not told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_ae.core.errors import BadModel, NeedsFacts, Unreadable
from desktop_ae.domains import domain_of_task, task_named
from desktop_ae.jobs import Cleaned, CleanJob
from desktop_ae.ui import ecg_preview
from desktop_ae.ui.ecg_data import Samples
from desktop_ae.ui.ecg_preview import EcgPreview, PieceJob
from desktop_ae.ui.ecg_stage import EcgStage
from desktop_ae.ui.ecg_traces import FileTrace
from desktop_ae.ui.queue_model import Row, State
from tests.ui.ecg_probe import RATE_HZ, Cabinet, heartbeats, noisy
from tests.ui.sound_probe import AtHand

MODEL = "ecg/denoise-v1"


class Scene:
    """A stage whose model halves every sample."""

    def __init__(self, qtbot: QtBot, patch: pytest.MonkeyPatch) -> None:
        self.qtbot = qtbot
        self.errands = AtHand()
        self.cabinet = Cabinet()
        self.previews: list[tuple[PieceJob, Samples]] = []
        self.wrong: Exception | None = None
        patch.setattr(PieceJob, "clean", lambda job, _context, noisy, _hz: self.clean(job, noisy))
        patch.setattr(ecg_preview, "_DEBOUNCE_MS", 0)
        self.stage = EcgStage(
            task_named("ecg/denoise"),
            domain_of_task("ecg/denoise"),
            self.errands,
            functions=self.cabinet.functions,
        )
        qtbot.addWidget(self.stage)
        self.stage.set_model(MODEL)
        self.stage.resize(620, 700)
        with qtbot.waitExposed(self.stage, timeout=5000):
            self.stage.show()
        self.view = self.stage.compare

    def clean(self, job: PieceJob, samples: Samples) -> Samples:
        if self.wrong:
            raise self.wrong
        self.previews.append((job, samples))
        return samples * np.float32(0.5)

    def show(self, seconds: float = 120.0, **given: Any) -> Row:
        row = Row(self.cabinet.add("night.hea", heartbeats(seconds)), **given)
        self.stage.show_row(row)
        self.errands.do_all()
        return row

    def rest(self) -> None:
        """Until the preview was asked for and is there."""

        def settled() -> bool:
            self.errands.do_all()
            return self.view.settled and self.stage._preview.settled

        self.qtbot.waitUntil(settled, timeout=5000)

    def finish(self, row: Row, status: str = "cleaned", note: str = "") -> Path:
        target = self.cabinet.add("night_clean.hea", self.cabinet.records[row.source] * 0.5)
        row.job = CleanJob(row.source, "ecg/denoise", MODEL, options=row.key)
        cleaned = target if status == "cleaned" else None
        row.result = Cleaned(row.source, cleaned, status, 1.0, note=note)
        row.state = State.CLEANED if cleaned else State.UNCHANGED
        self.stage.follow(row)
        return target

    def await_word(self, word: str) -> None:
        def said() -> bool:
            self.errands.do_all()
            return self.view.board.word == word

        self.qtbot.waitUntil(said, timeout=5000)

    @property
    def after(self) -> object:
        return self.view.board._after


@pytest.fixture
def scene(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    made = Scene(qtbot, monkeypatch)
    yield made
    made.stage.close()


def test_what_is_visible_is_previewed(scene: Scene) -> None:
    scene.show()
    scene.rest()
    assert scene.stage.name.text() == "night.hea"
    assert scene.stage.about.text() == "250 Hz · 2 leads · 0:30"
    assert isinstance(scene.after, EcgPreview)
    assert scene.stage._preview.covered() == [(0.0, 20.0)]
    assert scene.view.board.note == "Preview"
    scene.view.board.go_to(50)
    scene.rest()
    assert scene.stage._preview.covered() == [(0.0, 20.0), (40.0, 60.0)]


def test_a_preview_is_cleaned_with_what_is_around_it(scene: Scene) -> None:
    row = scene.show()
    scene.view.board.go_to(50)
    scene.rest()
    job, given = scene.previews[-1]
    assert (job.job.task, job.job.model) == ("ecg/denoise", MODEL)
    assert given.shape == (2, round(30 * RATE_HZ))
    strip = scene.stage._preview.strips(45, 46)[0]
    truth = scene.cabinet.records[row.source][:, strip.start : strip.stop] / 2
    assert strip.start == 40 * RATE_HZ
    assert np.allclose(strip.samples, truth)


def test_strength_answers_without_cleaning_again(scene: Scene) -> None:
    scene.show()
    scene.rest()
    count = len(scene.previews)
    whole = scene.stage._preview.strips(0, 5)[0].samples
    scene.stage.set_strength(0.0)
    assert np.allclose(scene.stage._preview.strips(0, 5)[0].samples, 2 * whole)
    scene.rest()
    assert len(scene.previews) == count
    assert not len(scene.view.board.beats.differing)


def test_another_model_asks_for_another_preview(scene: Scene) -> None:
    scene.show()
    scene.rest()
    scene.stage.set_model("ecg/other")
    assert scene.stage._preview.covered() == []
    assert scene.view.board.word == "A preview of this part is being made…"
    scene.rest()
    assert scene.previews[-1][0].job.model == "ecg/other"


def test_from_afar_there_is_no_preview(scene: Scene) -> None:
    scene.show(600)
    scene.view.board.fit()
    scene.rest()
    scene.stage._preview.cancel()
    scene.stage.refresh()
    assert scene.view.board.word == "Zoom in for a preview"


def test_a_preview_that_fails_says_why_in_its_place(scene: Scene) -> None:
    scene.wrong = BadModel("There is no model for ECGs.")
    scene.show()
    scene.await_word("There is no model for ECGs.")
    assert scene.after is None


def test_the_result_takes_the_place_of_the_preview(scene: Scene) -> None:
    row = scene.show()
    scene.rest()
    target = scene.finish(row)
    scene.rest()
    assert isinstance(scene.after, FileTrace)
    assert scene.after.record is not None and scene.after.record.path == target
    assert scene.view.board.note == ""
    assert scene.view.rates.scope.text() == "whole recording"


def test_a_result_of_other_choices_gives_way_to_a_preview(scene: Scene) -> None:
    row = scene.show()
    scene.finish(row)
    scene.stage.set_strength(0.5)
    scene.rest()
    assert isinstance(scene.after, EcgPreview)
    assert scene.view.board.note == "Preview"
    scene.stage.set_strength(1.0)
    assert isinstance(scene.after, FileTrace)


def test_what_was_clean_already_says_so(scene: Scene) -> None:
    row = scene.show()
    scene.finish(row, "unchanged")
    assert scene.after is None
    assert scene.view.board.word == "Already clean, left alone"


def test_while_it_is_cleaned_the_original_is_seen(scene: Scene) -> None:
    row = scene.show()
    row.state = State.CLEANING
    scene.stage.follow(row)
    assert scene.view.board.word == "Cleaning"
    assert scene.after is None


def test_an_unreadable_recording_shows_its_sentence(scene: Scene) -> None:
    scene.cabinet.broken = Unreadable(Path("night.hea"), "night.hea is no ECG.")
    row = scene.show()
    assert scene.stage.failure.sentence.text() == "night.hea is no ECG."
    assert not scene.stage.failure.tell.isVisible()
    scene.cabinet.broken = None
    row.state, row.error = State.FAILED, Unreadable(row.source, "night.hea is no ECG.")
    scene.stage.follow(row)
    row.state, row.error = State.READY, None
    scene.stage.follow(row)
    scene.errands.do_all()
    assert scene.view.facts is not None


def test_a_table_that_does_not_say_its_rate_asks_for_it(scene: Scene) -> None:
    missing: list[Row] = []
    asked: list[Row] = []
    scene.stage.facts_missing.connect(lambda row, _error: missing.append(row))
    scene.stage.facts_asked.connect(asked.append)
    scene.cabinet.broken = NeedsFacts(Path("night.csv"), "night.csv does not say its rate.")
    row = scene.show()
    assert missing == [row]
    assert scene.stage.failure.tell.isVisible()
    assert not scene.stage.failure.retry.isVisible()
    scene.stage.failure.tell.click()
    assert asked == [row]


def test_what_was_told_opens_the_file_and_its_result(scene: Scene) -> None:
    row = scene.show(facts={"rate_hz": "250", "unit": "", "columns": "II", "time_column": ""})
    told = {"rate_hz": "250", "columns": "II"}
    assert scene.cabinet.opened[0] == (row.source, told)
    scene.rest()
    assert scene.previews[0][0].job.options == told
    target = scene.finish(row)
    scene.rest()
    assert (target, told) in scene.cabinet.opened
    assert isinstance(scene.after, FileTrace)


def test_a_result_that_is_gone_says_so(scene: Scene) -> None:
    row = scene.show()
    target = scene.cabinet.add("night_clean.hea", scene.cabinet.records[row.source])
    scene.cabinet.gone = target
    scene.finish(row)
    scene.await_word("It is gone.")


def test_another_row_forgets_the_first(scene: Scene) -> None:
    scene.show()
    scene.rest()
    scene.stage.show_row(None)
    assert scene.stage.name.text() == ""
    assert scene.view.facts is None
    scene.errands.do_all()
    assert scene.errands.left == []


def test_space_in_the_queue_holds_the_original(scene: Scene) -> None:
    scene.show()
    scene.rest()
    scene.stage.hold_original(True)
    assert scene.view.board.note == "Original"
    scene.stage.hold_original(False)
    assert scene.view.board.note == "Preview"


def test_twelve_leads_are_shown_together(scene: Scene) -> None:
    row = Row(scene.cabinet.add("noisy.hea", noisy(30, 12)))
    scene.stage.show_row(row)
    scene.rest()
    assert len(scene.view.board.leads) == 12
