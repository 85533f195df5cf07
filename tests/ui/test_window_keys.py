from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from desktop_ae.ui.shortcuts import KEYS
from desktop_ae.ui.window_keys import bind_keys


def test_what_a_key_does_depends_on_the_page_in_front(qapp: QApplication, qtbot: QtBot) -> None:
    done: list[str] = []
    window, stack = QMainWindow(), QStackedWidget()
    qtbot.addWidget(window)
    window.setCentralWidget(stack)
    pane, page = QWidget(), QWidget()
    stack.addWidget(pane)
    stack.addWidget(page)
    actions = {name: lambda name=name: done.append(name) for name, _, _ in KEYS}
    bind_keys(window, stack, actions, {page: {"undo": lambda: done.append("undo on the page")}})
    with qtbot.waitExposed(window, timeout=5000):
        window.show()
    for place in (0, 1):
        stack.setCurrentIndex(place)
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(window, Qt.Key.Key_F5)
    assert done == ["undo", "retry", "undo on the page", "retry"]
