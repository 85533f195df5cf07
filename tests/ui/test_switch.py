from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_ae.ui.switch import Switch
from desktop_ae.ui.theme import DARK, theme


@pytest.fixture
def switch(qapp: QApplication, qtbot: QtBot) -> Iterator[Switch]:
    theme().set_mode("dark")
    theme().apply(qapp)
    made = Switch("Keep metadata")
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    made.move(300, 300)  # away from the pointer
    with qtbot.waitExposed(made, timeout=5000):
        made.show()
    yield made
    theme().set_mode("system")


def colour_at(switch: Switch, x: int) -> str:
    return switch.grab().toImage().pixelColor(x, switch.height() // 2).name()


def test_the_knob_slides_to_the_other_end(switch: Switch, qtbot: QtBot) -> None:
    assert (colour_at(switch, 10), colour_at(switch, 26)) == (DARK.bright, DARK.line)
    switch.setChecked(True)
    qtbot.waitUntil(lambda: switch.property("position") == 1.0, timeout=5000)
    assert (colour_at(switch, 10), colour_at(switch, 26)) == (DARK.accent, DARK.bright)


def test_it_is_not_there_at_once(switch: Switch) -> None:
    switch.setChecked(True)
    assert switch.property("position") < 1.0


def test_hidden_it_has_nothing_to_slide(qapp: QApplication, qtbot: QtBot) -> None:
    hidden = Switch()
    qtbot.addWidget(hidden)
    hidden.setChecked(True)
    assert hidden.property("position") == 1.0


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_turn_it(switch: Switch, qtbot: QtBot, key: Qt.Key) -> None:
    with qtbot.waitSignal(switch.toggled, timeout=5000) as told:
        QTest.keyClick(switch, key)
    assert told.args == [True]
    assert switch.isChecked()


@pytest.mark.parametrize("end", [2, -2])
def test_a_click_on_the_track_or_its_text_turns_it(switch: Switch, end: int) -> None:
    at = QPoint(end % switch.width(), switch.height() // 2)
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton, pos=at)
    assert switch.isChecked()


def test_a_screen_reader_finds_a_check_box_with_its_name(switch: Switch) -> None:
    spoken = QAccessible.queryAccessibleInterface(switch)
    assert spoken.role() == QAccessible.Role.CheckBox
    assert spoken.text(QAccessible.Text.Name) == "Keep metadata"
    assert not spoken.state().checked  # type: ignore[attr-defined, unused-ignore]
    switch.setChecked(True)
    assert spoken.state().checked  # type: ignore[attr-defined, unused-ignore]


def test_it_asks_for_room_for_all_of_its_text(switch: Switch) -> None:
    needed = switch.fontMetrics().horizontalAdvance(switch.text())
    assert switch.sizeHint().width() >= 36 + 12 + needed


def test_focus_shows(switch: Switch, qtbot: QtBot) -> None:
    switch.clearFocus()
    plain = switch.grab().toImage()
    switch.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(switch.hasFocus, timeout=5000)
    assert switch.grab().toImage() != plain
