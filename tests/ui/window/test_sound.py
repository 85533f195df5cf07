"""The pane for recordings in its window: what it keeps, and what it says of hum."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QLabel

from desktop_ae.core.library import ModelLibrary
from desktop_ae.places import shipped
from desktop_ae.ui.pane import Pane
from desktop_ae.ui.queue_model import Row
from desktop_ae.ui.sound_player import Player
from desktop_ae.ui.switch import Switch
from desktop_ae.ui.wording import Wording
from tests.fakes import write_model
from tests.ui.window.conftest import Desk

RATE_HZ = 8000
TASK = "audio/denoise"


@pytest.fixture
def make_room(
    make_desk: Callable[[], Desk], models: ModelLibrary, tmp_path: Path
) -> Callable[[], Desk]:
    """Opens windows with the pane for recordings in front."""
    write_model(tmp_path / "models", id="audio/denoise-v1", task=TASK)
    models.scan()

    def make() -> Desk:
        desk = make_desk()
        desk.window.rail.choose([pane.task.id for pane in desk.window.panes].index(TASK))
        return desk

    return make


@pytest.fixture
def hindi() -> QTranslator:
    translator = QTranslator()
    folder = str(shipped("resources") / "translations")
    assert translator.load(QLocale("hi"), "desktop_ae", "_", folder)
    return translator


def player(desk: Desk) -> Player:
    found: Player = desk.pane.stage.compare.player
    return found


def sound(path: Path, hum: float) -> Path:
    times = np.arange(4 * RATE_HZ) / RATE_HZ
    noise = np.random.default_rng(0).normal(0, 0.02, len(times))
    lines = sum(np.sin(2 * np.pi * 50 * n * times) / n for n in (1, 2, 3))
    soundfile.write(path, noise + hum * lines, RATE_HZ)
    return path


def measured(pane: Pane) -> list[str]:
    """The lines of the inspector, label and value in turn."""
    lines = pane.inspector.measured.findChildren(QLabel)
    texts = [label.toolTip() or label.text() for label in lines if label.isVisible()]
    return texts[1:]  # without the caption


def test_the_volume_is_as_it_was_left(make_room: Callable[[], Desk]) -> None:
    first = make_room()
    assert player(first).volume == 0.8
    player(first).set_volume(0.35)
    player(first).set_looping(True)
    again = make_room()
    assert player(again).volume == 0.35
    assert not player(again).looping
    assert again.pane.stage.compare.transport.volume.value() == 35


def test_a_volume_that_is_no_number_is_the_usual_one(make_room: Callable[[], Desk]) -> None:
    make_room().services.settings.put("volume", "nan")
    assert player(make_room()).volume == 0.8


def test_a_file_cleaned_of_hum_alone_says_so(
    make_room: Callable[[], Desk], tmp_path: Path, hindi: QTranslator
) -> None:
    desk = make_room()
    only = desk.pane.inspector.options.controls["hum_only"]
    assert isinstance(only, Switch)
    only.setChecked(True)
    hummed: Row
    hummed, quiet = desk.clean(sound(tmp_path / "a.wav", 0.05), sound(tmp_path / "b.wav", 0))
    status = Wording().status
    assert status(hummed).startswith("Cleaned")
    assert status(quiet) == "No hum found, left alone"
    desk.pane.queue.select(hummed)
    desk.until(lambda: len(measured(desk.pane)) == 4)
    label, amount, removed, how_much = measured(desk.pane)
    assert (label, amount, removed) == ("Hum found", "very strong", "Removed")
    assert how_much.endswith(" dB below the sound") and int(how_much.split()[0]) < 10
    desk.pane.queue.select(quiet)
    desk.until(lambda: measured(desk.pane) == ["Hum found", "none", "Removed", "nothing"])
    texts = [status(quiet)]
    for row in (hummed, quiet):
        assert row.result is not None
        findings = desk.pane.task.findings(row.result.measures)
        texts += [text for finding in findings for text in (finding.label, finding.value)]
    for text in texts:
        assert hindi.translate("Task", text), text
