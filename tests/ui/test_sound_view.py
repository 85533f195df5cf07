from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_ae.ui.sound_data import FileSound, Samples
from desktop_ae.ui.sound_view import SoundView
from desktop_ae.ui.theme import theme
from tests.ui.sound_probe import AtHand, HandPulled, Shelf, scaled, tone

NONE = Qt.KeyboardModifier.NoModifier


class Room:
    """A view of 600 x 560 with a recording of 40 seconds in it."""

    def __init__(self, qtbot: QtBot, found: bool = True) -> None:
        self.qtbot = qtbot
        self.errands = AtHand()
        self.shelf = Shelf()
        self.view = SoundView(self.errands, HandPulled(found))
        qtbot.addWidget(self.view)
        self.view.resize(600, 560)
        with qtbot.waitExposed(self.view, timeout=5000):
            self.view.show()
        self.board, self.player = self.view.board, self.view.player

    def show(self, samples: Samples, after: Samples | None = None) -> None:
        before = self.sound("a.wav", samples)
        self.view.show_sound(self.shelf.functions.facts(before.path), before)
        if after is not None:
            self.view.set_after(self.sound("b.wav", after))
        self.settle()

    def sound(self, name: str, samples: Samples) -> FileSound:
        path = self.shelf.add(name, samples)
        self.shelf.built.add(path)
        return FileSound(path, self.shelf.functions)

    def settle(self) -> None:
        self.view.load()
        self.errands.do_all()

    def x(self, time_s: float) -> float:
        return self.board.x_of(time_s)

    def mouse(
        self, kind: QEvent.Type, x: float, y: float = 120.0, button: Qt.MouseButton | None = None
    ) -> None:
        chosen = Qt.MouseButton.LeftButton if button is None else button
        moving = kind == QEvent.Type.MouseMove
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else chosen
        pressed = Qt.MouseButton.NoButton if moving else chosen
        event = QMouseEvent(kind, QPointF(x, y), QPointF(x, y), pressed, held, NONE)
        QApplication.sendEvent(self.board, event)

    def drag(self, start: float, end: float, y: float = 120.0, **given: Qt.MouseButton) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, start, y, **given)
        self.mouse(QEvent.Type.MouseMove, (start + end) / 2, y, **given)
        self.mouse(QEvent.Type.MouseMove, end, y, **given)
        self.mouse(QEvent.Type.MouseButtonRelease, end, y, **given)

    def wheel(self, x: float, notches: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
        event = QWheelEvent(
            QPointF(x, 120),
            QPointF(x, 120),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.board, event)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.board, key, modifiers)

    def painted(self) -> Samples:
        image = self.board.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
        pixels = rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)
        return pixels.astype(np.float32)


@pytest.fixture
def room(qapp: QApplication, qtbot: QtBot) -> Iterator[Room]:
    theme().set_mode("dark")
    theme().apply(qapp)
    made = Room(qtbot)
    made.show(tone(40.0), scaled(tone(40.0), 0.25))
    yield made
    made.view.close()
    theme().set_mode("system")


def test_before_stands_over_after(room: Room) -> None:
    seen = room.painted()
    first, second = room.board._places
    heights = []
    for places in (first, second):
        top, bottom = round(places.wave.top()), round(places.wave.bottom())
        part = seen[top:bottom, 100:500]
        bare = part[0, 0]
        heights.append(int((np.abs(part - bare).max(axis=2) > 60).sum(axis=0).max()))
    assert heights[0] == pytest.approx(4 * heights[1], rel=0.35)


def test_a_click_puts_the_playhead_there(room: Room) -> None:
    room.mouse(QEvent.Type.MouseButtonPress, room.x(10.0))
    room.mouse(QEvent.Type.MouseButtonRelease, room.x(10.0))
    assert room.player.position_s == pytest.approx(10.0)
    assert room.board.playhead_s == pytest.approx(10.0)
    assert room.board.selection is None


def test_a_drag_selects_and_its_edge_can_be_moved(room: Room) -> None:
    room.drag(room.x(20.0), room.x(10.0))
    assert room.board.selection == pytest.approx((10.0, 20.0))
    room.drag(room.x(20.0), room.x(30.0))
    assert room.board.selection == pytest.approx((10.0, 30.0))
    room.drag(room.x(35.0), room.x(35.0))
    assert room.board.selection is None


def test_a_click_in_the_selection_keeps_it(room: Room) -> None:
    room.drag(room.x(10.0), room.x(20.0))
    room.drag(room.x(15.0), room.x(15.0))
    assert room.board.selection == pytest.approx((10.0, 20.0))
    assert room.player.position_s == pytest.approx(15.0)


def test_the_wheel_zooms_at_the_pointer_and_moves_with_shift(room: Room) -> None:
    x = room.x(30.0)
    room.wheel(x, 3)
    assert room.x(30.0) == pytest.approx(x)
    assert room.board.timeline.visible_s < 25.0
    start = room.board.timeline.start_s
    room.wheel(x, 1, Qt.KeyboardModifier.ShiftModifier)
    assert room.board.timeline.start_s < start


def test_the_ruler_and_the_middle_button_move_the_recording(room: Room) -> None:
    room.board.show_span((10.0, 20.0))
    held = room.board.time_at(300.0)
    room.drag(300.0, 200.0, 8.0)
    assert room.board.time_at(200.0) == pytest.approx(held)
    room.drag(200.0, 300.0, 200.0, button=Qt.MouseButton.MiddleButton)
    assert room.board.time_at(300.0) == pytest.approx(held)
    assert room.board.selection is None


def test_the_strip_moves_the_window(room: Room) -> None:
    strip = room.view.overview
    room.board.show_span((0.0, 10.0))
    middle = QPoint(strip.width() // 2, strip.height() // 2)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, NONE, middle)
    line = room.board.timeline
    assert (line.start_s + line.stop_s) / 2 == pytest.approx(20.0, abs=0.2)


def test_the_whole_is_seen_in_the_strip_and_scales_the_lanes(room: Room) -> None:
    assert room.view.overview._peaks[0] is not None
    assert room.view.overview._peaks[1] is not None
    assert room.board._scale == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("key", "version"),
    [(Qt.Key.Key_B, "before"), (Qt.Key.Key_A, "after"), (Qt.Key.Key_R, "removed")],
)
def test_a_key_for_each_version(room: Room, key: Qt.Key, version: str) -> None:
    room.key(key)
    assert room.player.version == version
    checked = [button.text() for button in room.view.transport.segments if button.isChecked()]
    assert checked == [version.capitalize()]


def test_keys_play_loop_match_and_stop(room: Room) -> None:
    room.key(Qt.Key.Key_Space)
    assert room.player.playing
    room.key(Qt.Key.Key_S)
    assert not room.player.playing
    room.key(Qt.Key.Key_L)
    room.key(Qt.Key.Key_M)
    assert (room.player.looping, room.player.matched) == (True, False)
    room.key(Qt.Key.Key_X)
    assert room.player.version == "removed"
    room.key(Qt.Key.Key_Down)
    assert room.player.volume == pytest.approx(0.75)


def test_keys_seek_zoom_select_and_page(room: Room) -> None:
    room.key(Qt.Key.Key_End)
    assert room.player.position_s == 40.0
    room.key(Qt.Key.Key_Home)
    room.key(Qt.Key.Key_Right)
    assert room.player.position_s == pytest.approx(0.8)
    room.key(Qt.Key.Key_BracketRight)
    assert room.board.selection == pytest.approx((0.0, 0.8))
    room.key(Qt.Key.Key_Z)
    assert room.board.timeline.visible_s == pytest.approx(0.8)
    room.key(Qt.Key.Key_PageDown)
    assert room.board.timeline.start_s == pytest.approx(0.72)
    room.key(Qt.Key.Key_Backspace)
    assert room.board.selection is None
    room.key(Qt.Key.Key_F)
    assert room.board.timeline.fitted
    room.key(Qt.Key.Key_Plus)
    assert room.board.timeline.visible_s == pytest.approx(25.0)


def test_keys_of_the_window_are_left_to_it(room: Room) -> None:
    for key in (Qt.Key.Key_A, Qt.Key.Key_R):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.ControlModifier)
        assert not room.view._on_key(event)


def test_the_view_follows_the_playhead(room: Room) -> None:
    room.board.show_span((0.0, 1.0))
    room.player.play()
    room.player.moved.emit(1.5)
    assert room.board.timeline.start_s == pytest.approx(1.45)
    room.board.show_span((20.0, 21.0))  # the person looks elsewhere
    room.player.moved.emit(1.6)
    assert room.board.timeline.start_s == 20.0


def test_hiding_it_is_silence(room: Room) -> None:
    room.player.play()
    room.view.hide()
    assert not room.player.playing


def test_without_a_device_a_sentence_stands_there(qapp: QApplication, qtbot: QtBot) -> None:
    room = Room(qtbot, found=False)
    room.show(tone(4.0), tone(4.0))
    bar = room.view.transport
    assert bar.sentence.isVisible()
    assert "cleaning works" in bar.sentence.toolTip()
    assert not bar.play.isEnabled()
    assert not any(button.isVisible() for button in bar.segments)


def test_a_narrow_bar_leaves_out_what_has_no_room(room: Room) -> None:
    bar = room.view.transport
    room.view.resize(600, 560)
    assert bar.volume.isVisible()
    room.view.resize(330, 560)
    assert not bar.volume.isVisible()
    assert all(button.isVisible() for button in bar.segments)
    shown = [bar.play, *bar.segments]
    assert all(part.geometry().right() <= bar.width() for part in shown)


def test_a_screen_reader_hears_what_is_shown(room: Room) -> None:
    assert room.board.accessibleName() == "Compare view"
    room.player.seek(10.0)
    room.player.set_version("before")
    said = room.board.accessibleDescription()
    assert said == "0:00–0:40 is shown, Before is heard, at 0:10"
    assert all(b.accessibleName() or b.text() for b in room.view.transport.segments)
    assert room.view.transport.play.accessibleName() == "Play"


def test_two_channels_have_two_waveforms_and_six_have_one(room: Room) -> None:
    room.show(tone(4.0, channels=2))
    assert len(room.board._places[0].waves) == 2
    room.show(tone(4.0, channels=6))
    assert len(room.board._places[0].waves) == 1
    room.board.grab()


def test_a_far_zoom_is_a_line(room: Room) -> None:
    room.board.show_span((10.0, 10.05))
    room.settle()
    seen = room.painted()
    places = room.board._places[0]
    part = seen[round(places.wave.top()) : round(places.wave.bottom()), 100:500]
    lit = np.abs(part - part[0, 0]).max(axis=2) > 60
    crossings = np.diff(lit.argmax(axis=0) > lit.shape[0] / 2).astype(bool).sum()
    assert 20 <= crossings <= 60  # 22 waves in 50 ms


def test_an_hour_is_moved_through_without_a_stall(room: Room) -> None:
    hour = np.zeros((2, 8000 * 3600), np.float32)
    hour[:, ::50] = 0.5
    room.show(hour, hour)
    spans = []
    for notch in range(12):
        room.board.zoom_by(1.5, 300.0)
        start = perf_counter()
        room.board.grab()
        spans.append(perf_counter() - start)
        if notch % 3 == 0:
            room.settle()
    assert sorted(spans)[len(spans) // 2] < 0.05


def test_light_and_dark_are_other_colours(room: Room) -> None:
    dark = room.painted()
    theme().set_mode("light")
    light = room.painted()
    heat = room.board._places[1].heat
    x, y = round(heat.left()) + 10, round(heat.top()) + 10
    assert dark[y, x].mean() < 80
    assert light[y, x].mean() > 180
