from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_ae.ui.segmented_control import SegmentedControl


@pytest.fixture
def control(qtbot: QtBot) -> SegmentedControl:
    made = SegmentedControl([("colour", "Keep colour"), ("grey", "Grey"), ("bw", "Black")])
    qtbot.addWidget(made)
    made.resize(400, 36)
    made.show()
    return made


def segments(control: SegmentedControl) -> list[QPushButton]:
    return control.findChildren(QPushButton)


def test_a_click_chooses_and_says_so(control: SegmentedControl, qtbot: QtBot) -> None:
    assert control.value == "colour"
    with qtbot.waitSignal(control.chosen, timeout=5000) as chosen:
        segments(control)[2].click()
    assert chosen.args == ["bw"]
    assert control.value == "bw"
    assert [button.isChecked() for button in segments(control)] == [False, False, True]


def test_an_arrow_key_chooses_the_neighbour(control: SegmentedControl, qtbot: QtBot) -> None:
    segments(control)[0].setFocus()
    with qtbot.waitSignal(control.chosen, timeout=5000):
        QTest.keyClick(segments(control)[0], Qt.Key.Key_Right)
    assert control.value == "grey"


def test_a_value_set_by_the_program_is_shown_and_not_said(
    control: SegmentedControl, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(control.chosen):
        control.set_value("grey")
    assert control.value == "grey"
    with pytest.raises(ValueError):
        control.set_value("green")


def test_without_room_the_segments_stand_one_below_the_other(
    control: SegmentedControl, qtbot: QtBot
) -> None:
    first, _, last = segments(control)
    qtbot.waitUntil(lambda: first.y() == last.y(), timeout=5000)
    control.setFixedWidth(110)
    qtbot.waitUntil(lambda: last.y() > first.y() + 10, timeout=5000)
    assert last.geometry().right() <= control.width()
    assert last.geometry().bottom() <= control.height()


def test_each_segment_has_a_name_for_screen_readers(control: SegmentedControl) -> None:
    control.describe("Result", "What comes out.")
    assert segments(control)[1].accessibleName() == "Result: Grey"
    assert segments(control)[1].accessibleDescription() == "What comes out."
