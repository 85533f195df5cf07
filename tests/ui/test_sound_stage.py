"""A recording on its way through the pane: previewed, cleaned, unreadable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_ae.core.domain import Domain
from desktop_ae.core.errors import BadModel, Unreadable
from desktop_ae.domains import domain_of_task, task_named
from desktop_ae.jobs import Cleaned, CleanJob
from desktop_ae.ui import sound_preview
from desktop_ae.ui.queue_model import Row, State
from desktop_ae.ui.sound_data import FileSound, Pieces, Samples
from desktop_ae.ui.sound_preview import PieceJob
from desktop_ae.ui.sound_stage import SoundStage
from tests.ui.sound_probe import RATE_HZ, AtHand, HandPulled, Shelf, scaled, tone

MODEL = "audio/denoise-v1"


class Scene:
    """A stage whose model halves every sample."""

    def __init__(self, qtbot: QtBot, patch: pytest.MonkeyPatch) -> None:
        self.qtbot = qtbot
        self.errands = AtHand()
        self.shelf = Shelf()
        self.previews: list[tuple[PieceJob, Samples]] = []
        self.wrong: Exception | None = None
        patch.setattr(PieceJob, "clean", lambda job, _context, noisy: self.clean(job, noisy))
        patch.setattr(sound_preview, "_DEBOUNCE_MS", 0)
        task = replace(task_named("image/denoise"), id="audio/denoise")
        domain: Domain = domain_of_task("image/denoise")
        self.stage = SoundStage(
            task, domain, self.errands, functions=self.shelf.functions, speakers=HandPulled()
        )
        qtbot.addWidget(self.stage)
        self.stage.set_model(MODEL)
        self.stage.resize(620, 700)
        with qtbot.waitExposed(self.stage, timeout=5000):
            self.stage.show()
        self.view = self.stage.compare

    def clean(self, job: PieceJob, noisy: Samples) -> Samples:
        if self.wrong:
            raise self.wrong
        self.previews.append((job, noisy))
        return scaled(noisy, 0.5)

    def show(self, seconds: float = 40.0, **given: Any) -> Row:
        row = Row(self.shelf.add("memo.wav", tone(seconds)), **given)
        self.stage.show_row(row)
        self.errands.do_all()
        return row

    def rest(self) -> None:
        """Until the preview was asked for and is there."""
        self.qtbot.waitUntil(lambda: bool(self.errands.left), timeout=5000)
        self.errands.do_all()

    def finish(self, row: Row, status: str = "cleaned") -> Path:
        target = self.shelf.add("memo_clean.wav", scaled(self.shelf.sounds[row.source], 0.5))
        row.job = CleanJob(row.source, "audio/denoise", MODEL)
        cleaned = target if status == "cleaned" else None
        row.result = Cleaned(row.source, cleaned, status, 1.0)
        row.state = State.CLEANED if cleaned else State.UNCHANGED
        self.stage.follow(row)
        return target

    @property
    def after(self) -> object:
        return self.view._shown_after


@pytest.fixture
def scene(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    made = Scene(qtbot, monkeypatch)
    yield made
    made.stage.close()


def test_a_recording_that_is_not_cleaned_is_previewed_around_the_playhead(scene: Scene) -> None:
    scene.show()
    assert scene.stage.name.text() == "memo.wav"
    assert scene.stage.about.text() == "8 kHz · mono"
    scene.rest()
    assert isinstance(scene.after, Pieces)
    assert scene.stage._preview.spans() == [(0.0, 30.0)]
    assert "0:00–0:30" in scene.view.board.after.note
    scene.view.player.seek(39.0)
    scene.rest()
    assert scene.stage._preview.spans() == [(0.0, 40.0)]
    assert scene.view.board.after.note == "Preview"


def test_a_preview_hears_what_was_before_and_after_its_piece(scene: Scene) -> None:
    scene.show()
    scene.rest()
    job, noisy = scene.previews[1]
    assert (job.choices.task, job.choices.model) == ("audio/denoise", MODEL)
    assert noisy.shape == (1, 12 * RATE_HZ)
    assert job.before.overview(100).shape == (1, 100)
    pieces = scene.after
    assert isinstance(pieces, Pieces)
    found = pieces.read(10 * RATE_HZ - 50, 100)
    assert found is not None
    assert np.allclose(found, tone(40.0)[:, 10 * RATE_HZ - 50 :][:, :100] / 2, atol=1e-6)


def test_other_choices_ask_for_another_preview(scene: Scene) -> None:
    scene.show()
    scene.rest()
    count = len(scene.previews)
    scene.stage.set_strength(0.5)
    scene.rest()
    assert scene.previews[count][0].choices.strength == 0.5
    scene.stage.set_options({"hum_only": True})
    scene.rest()
    assert scene.previews[-1][0].choices.options == {"hum_only": True}


def test_a_preview_is_drawn_and_heard(scene: Scene) -> None:
    scene.show(8.0)
    scene.rest()
    assert scene.view.board.after.covered == [(0.0, 8.0)]
    assert scene.view.player.comparable
    assert scene.view.player._gains == pytest.approx((0.5, 1.0), abs=0.01)


def test_a_preview_that_fails_says_why_in_its_place(scene: Scene) -> None:
    scene.wrong = BadModel("There is no model for sound.")
    scene.show(8.0)
    scene.rest()
    assert scene.view.board.after.word == "There is no model for sound."
    assert not scene.view.player.comparable
    assert scene.stage._stack.currentWidget() is scene.view


def test_the_result_takes_the_place_of_the_preview(scene: Scene) -> None:
    row = scene.show(8.0)
    scene.rest()
    target = scene.finish(row)
    scene.errands.do_all()
    assert isinstance(scene.after, FileSound)
    assert scene.after.path == target
    assert scene.view.board.after.covered is None
    assert scene.view.player.comparable
    scene.qtbot.waitUntil(lambda: target in scene.shelf.built, timeout=5000)


def test_a_result_of_other_choices_gives_way_to_a_preview(scene: Scene) -> None:
    row = scene.show(8.0)
    scene.finish(row)
    scene.stage.set_strength(0.5)
    scene.rest()
    assert isinstance(scene.after, Pieces)
    scene.stage.set_strength(1.0)
    assert isinstance(scene.after, FileSound)


def test_what_was_clean_already_says_so(scene: Scene) -> None:
    row = scene.show(8.0)
    scene.finish(row, "unchanged")
    assert scene.after is None
    assert scene.view.board.after.word == "Already clean, left alone"
    assert scene.view.player.version == "before"


def test_while_it_is_cleaned_the_original_can_be_heard(scene: Scene) -> None:
    row = scene.show(8.0)
    row.state = State.CLEANING
    scene.stage.follow(row)
    assert scene.view.board.after.word == "Cleaning"
    assert scene.view.player.playable


def test_an_unreadable_recording_shows_its_sentence(scene: Scene) -> None:
    scene.shelf.broken = Unreadable(Path("memo.wav"), "memo.wav is no sound.")
    row = scene.show(8.0)
    assert scene.stage.failure.sentence.text() == "memo.wav is no sound."
    scene.shelf.broken = None
    row.state, row.error = State.FAILED, Unreadable(row.source, "memo.wav is no sound.")
    scene.stage.follow(row)
    row.state, row.error = State.READY, None
    scene.stage.follow(row)
    scene.errands.do_all()
    assert scene.stage._stack.currentWidget() is scene.view
    assert scene.view.facts is not None


def test_what_is_heard_next_is_cleaned_ahead(scene: Scene) -> None:
    scene.show(200.0)
    scene.rest()
    assert scene.stage._preview.spans() == [(0.0, 30.0)]
    scene.view.player.play()
    scene.view.player._position_s = 25.0
    scene.view.player.moved.emit(25.0)
    scene.rest()
    assert scene.stage._preview.spans() == [(0.0, 40.0)]


def test_another_row_forgets_the_first(scene: Scene) -> None:
    scene.show(8.0)
    scene.rest()
    scene.stage.show_row(None)
    assert scene.stage.name.text() == ""
    assert scene.after is None
    assert scene.view.facts is None
    scene.errands.do_all()
    assert scene.errands.left == []


def test_space_in_the_queue_plays(scene: Scene) -> None:
    scene.show(8.0)
    scene.stage.hold_original(True)
    scene.stage.hold_original(False)
    assert scene.view.player.playing
