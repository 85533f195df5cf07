"""The compare view of ECGs: what keys, wheel and buttons do, and what it says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_ae.ui.ecg_data import Facts, Samples
from desktop_ae.ui.ecg_view import EcgView
from desktop_ae.ui.theme import colour, theme
from tests.ui.ecg_probe import NAMES, RATE_HZ, Cabinet, heartbeats, noisy
from tests.ui.sound_probe import AtHand


class Scene:
    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.errands = AtHand()
        self.cabinet = Cabinet()
        self.shelf = self.cabinet.shelf()
        self.view = EcgView(self.errands)
        qtbot.addWidget(self.view)
        self.view.resize(620, 700)
        with qtbot.waitExposed(self.view, timeout=5000):
            self.view.show()
        self.view.board.setFocus()

    def show(self, samples: Samples, after: Samples | None = None) -> None:
        names = NAMES[1:2] if len(samples) == 1 else NAMES[: len(samples)]
        facts = Facts(RATE_HZ, samples.shape[1], names, "")
        record = self.cabinet.record("a.hea", samples)
        self.view.show_recording(facts, record, self.shelf)
        if after is not None:
            self.view.set_after_file(self.cabinet.record("a_clean.hea", after))
        self.settle()

    def settle(self) -> None:
        def settled() -> bool:
            self.errands.do_all()
            return self.view.settled

        self.qtbot.waitUntil(settled, timeout=5000)

    def press(self, key: Qt.Key, shift: bool = False) -> None:
        held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(self.view.board, key, held)

    def wheel(self, at: QPointF, held: Qt.KeyboardModifier) -> None:
        event = QWheelEvent(
            at,
            at,
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            held,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.view.board, event)

    def inks(self) -> set[str]:
        """Colours of a picture of the paper."""
        image = self.view.board.grab().toImage()
        places = [(x, y) for x in range(0, image.width()) for y in range(40, image.height(), 2)]
        return {image.pixelColor(x, y).name() for x, y in places}


@pytest.fixture
def scene(qapp: QApplication, qtbot: QtBot) -> Iterator[Scene]:
    theme().set_mode("dark")
    theme().apply(qapp)
    made = Scene(qtbot)
    yield made
    made.view.close()
    theme().set_mode("system")


def test_it_opens_at_25_mm_a_second(scene: Scene) -> None:
    scene.show(noisy(60))
    view = scene.view
    assert view.board.paper.speed == pytest.approx(25)
    assert view.tools.scale.text() == "25 mm/s · 10 mm/mV"
    assert view.visible()[0] == 0.0


def test_many_leads_have_half_the_height(scene: Scene) -> None:
    scene.show(noisy(20, 12))
    assert scene.view.tools.scale.text() == "25 mm/s · 5 mm/mV"


def test_before_stands_faint_under_after(scene: Scene) -> None:
    scene.show(noisy(20), heartbeats(20))
    assert {colour("accent").name(), colour("original").name()} <= scene.inks()
    scene.press(Qt.Key.Key_O)
    assert colour("original").name() not in scene.inks()


def test_what_was_removed_is_shown_on_request(scene: Scene) -> None:
    scene.show(noisy(20), heartbeats(20))
    assert colour("mask").name() not in scene.inks()
    scene.press(Qt.Key.Key_R)
    assert colour("mask").name() in scene.inks()


def test_space_shows_the_original_alone(scene: Scene) -> None:
    scene.show(noisy(20), heartbeats(20))
    scene.press(Qt.Key.Key_B)
    QTest.keyPress(scene.view.board, Qt.Key.Key_Space)
    assert colour("accent").name() not in scene.inks()
    assert scene.view.board.note == "Original"
    QTest.keyRelease(scene.view.board, Qt.Key.Key_Space)
    assert colour("accent").name() in scene.inks()
    assert scene.view.board.note == ""


def test_heart_rates_before_and_after_are_said(scene: Scene) -> None:
    scene.show(heartbeats(60, bpm=60), heartbeats(60, bpm=60))
    assert scene.view.rates.mean.text() == "60 → 60 bpm"
    assert scene.view.rates.scope.text() == "whole recording"
    assert not scene.view.rates.warning.isVisible()
    assert "60 → 60 bpm" in scene.view.board.accessibleDescription()


def test_a_lost_beat_warns_and_can_be_visited(scene: Scene) -> None:
    before = heartbeats(60)
    after = before.copy()
    after[:, round(30 * RATE_HZ) : round(30.8 * RATE_HZ)] = 0
    scene.show(before, after)
    assert scene.view.rates.warning.isVisible()
    assert scene.view.rates.warning.text() == "1 beat differs"
    scene.press(Qt.Key.Key_N)
    start_s, stop_s = scene.view.visible()
    assert start_s < 30.4 < stop_s
    assert any(c.red() > 2 * c.green() for c in map(QColor, scene.inks()))


def test_a_gap_says_so(scene: Scene) -> None:
    samples = noisy(30)
    samples[:, round(1.5 * RATE_HZ) : round(3 * RATE_HZ)] = np.nan
    scene.show(samples)
    middle = scene.view.board.grab().toImage()
    paper = QColor(theme().tokens.paper)
    x = round(58 + scene.view.board.paper.x_of(2.9))
    assert middle.pixelColor(x, 137) != paper


def test_keys_move_and_zoom(scene: Scene) -> None:
    scene.show(noisy(600))
    paper = scene.view.board.paper
    scene.press(Qt.Key.Key_Right)
    assert paper.start_s > 0
    scene.press(Qt.Key.Key_End)
    assert paper.stop_s == pytest.approx(600)
    scene.press(Qt.Key.Key_Home)
    scene.press(Qt.Key.Key_PageDown)
    assert paper.start_s == pytest.approx(0.9 * paper.visible_s)
    scene.press(Qt.Key.Key_Up)
    assert paper.gain == 20
    scene.press(Qt.Key.Key_F)
    assert paper.fitted
    scene.press(Qt.Key.Key_1)
    assert paper.speed == pytest.approx(25) and paper.gain == 10
    scene.press(Qt.Key.Key_Plus)
    assert paper.speed == pytest.approx(40)


def test_the_wheel_zooms_where_it_points(scene: Scene) -> None:
    scene.show(noisy(600))
    board = scene.view.board
    board.pan(100)
    held = board.paper.start_s + 200 * board.paper.seconds_per_px
    at = QPointF(258, 300)
    scene.wheel(at, Qt.KeyboardModifier.NoModifier)
    assert board.paper.speed == pytest.approx(32.5)
    assert board.paper.start_s + 200 * board.paper.seconds_per_px == pytest.approx(held)
    scene.wheel(at, Qt.KeyboardModifier.ControlModifier)
    assert board.paper.gain == 20
    start_s = board.paper.start_s
    scene.wheel(at, Qt.KeyboardModifier.ShiftModifier)
    assert board.paper.start_s < start_s


def test_a_drag_moves_the_paper(scene: Scene) -> None:
    scene.show(noisy(600))
    board = scene.view.board
    board.pan(100)
    QTest.mousePress(board, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    QTest.mouseMove(board, QPoint(200, 300))
    QTest.mouseRelease(board, Qt.MouseButton.LeftButton, pos=QPoint(200, 300))
    assert board.paper.start_s == pytest.approx(100 + 100 * board.paper.seconds_per_px)


def test_calipers_measure_time_and_height(scene: Scene) -> None:
    scene.show(noisy(600))
    board = scene.view.board
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mousePress(board, Qt.MouseButton.LeftButton, shift, QPoint(200, 200))
    QTest.mouseMove(board, QPoint(279, 160))
    QTest.mouseRelease(board, Qt.MouseButton.LeftButton, shift, QPoint(279, 160))
    caliper = board.caliper
    assert caliper is not None
    assert caliper.seconds == pytest.approx(79 * board.paper.seconds_per_px)
    assert caliper.millivolts == pytest.approx(40 / board.paper.px_per_mv)
    assert board.paper.start_s == 0
    board.grab()
    scene.press(Qt.Key.Key_Backspace)
    assert board.caliper is None


def test_the_strip_moves_the_paper(scene: Scene) -> None:
    scene.show(noisy(600))
    strip = scene.view.overview
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(strip.width() // 2, 20))
    middle = sum(scene.view.visible()) / 2
    assert middle == pytest.approx(600 * (310 - 34) / (620 - 44), abs=4)


def test_a_lead_can_be_alone(scene: Scene) -> None:
    scene.show(noisy(20, 3))
    board = scene.view.board
    scene.press(Qt.Key.Key_L)
    assert board.leads == [0]
    QTest.mouseDClick(board, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert board.leads == [0, 1, 2]
    board.grab()
    QTest.mouseDClick(board, Qt.MouseButton.LeftButton, pos=QPoint(300, 460))
    assert board.leads == [2]


def test_a_time_can_be_gone_to(scene: Scene) -> None:
    scene.show(noisy(600))
    scene.press(Qt.Key.Key_T)
    field = scene.view.tools.time
    field.setText("2:05")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert scene.view.board.paper.start_s == pytest.approx(125)
    field.setText("soon")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.property("invalid")
    assert scene.view.board.paper.start_s == pytest.approx(125)


def test_from_afar_what_was_removed_asks_to_zoom_in(scene: Scene) -> None:
    scene.show(noisy(300), heartbeats(300))
    scene.press(Qt.Key.Key_R)
    scene.press(Qt.Key.Key_F)
    scene.settle()
    assert colour("mask").name() not in scene.inks()
    assert colour("bright").name() in scene.inks()  # of the words on a badge


def test_nothing_is_left_of_the_last_recording(scene: Scene) -> None:
    scene.show(noisy(60), heartbeats(60))
    scene.view.show_recording(None, None, None)
    assert scene.view.rates.mean.text() == "– bpm"
    assert colour("accent").name() not in scene.inks()


def test_every_button_has_a_name_and_a_tip(scene: Scene) -> None:
    from PySide6.QtWidgets import QAbstractButton

    for button in scene.view.findChildren(QAbstractButton):
        assert button.toolTip() or button is scene.view.rates.warning
        assert button.accessibleName() or button.text() or not button.isVisible()


def test_it_fits_into_a_narrow_window(scene: Scene) -> None:
    scene.show(noisy(60), heartbeats(60))
    scene.view.resize(320, 500)
    QApplication.processEvents()
    assert scene.view.width() == 320
    for row in (scene.view.rates, scene.view.tools):
        assert row.width() <= 320
