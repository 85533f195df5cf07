from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_ae.ui.handled_view import HandledView, MouseHands


class Told:
    def __init__(self) -> None:
        self.events: list[str] = []

    def __getattr__(self, name: str) -> object:
        return lambda event: self.events.append(name)


class View(HandledView):
    def __init__(self) -> None:
        super().__init__()
        self.told = Told()

    @property
    def mouse_hands(self) -> MouseHands:
        return self.told  # type: ignore[return-value]


def test_what_the_mouse_does_goes_to_its_hands(qtbot: QtBot) -> None:
    view = View()
    qtbot.addWidget(view)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    QTest.mouseMove(view, QPoint(5, 5))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert {"press", "release", "double_click"} <= set(view.told.events), view.told.events


@pytest.mark.parametrize(
    ("reason", "seen"),
    [(Qt.FocusReason.TabFocusReason, True), (Qt.FocusReason.MouseFocusReason, False)],
)
def test_focus_is_drawn_for_who_came_by_keyboard(
    qtbot: QtBot, reason: Qt.FocusReason, seen: bool
) -> None:
    view = View()
    qtbot.addWidget(view)
    QApplication.sendEvent(view, QFocusEvent(QFocusEvent.Type.FocusIn, reason))
    assert view._focus_seen == seen
    QApplication.sendEvent(view, QFocusEvent(QFocusEvent.Type.FocusOut))
    assert not view._focus_seen
