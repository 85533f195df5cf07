"""Telling the person something while another window is in front."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from desktop_ae.ui.theme import icon


class Notifier(QObject):
    """A notification of the system; nothing happens where the system has none."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tray: QSystemTrayIcon | None = None

    def tell(self, title: str, text: str) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(icon("app", "accent", 32), self)
            self._tray.messageClicked.connect(self._on_clicked)
        self._tray.show()
        self._tray.showMessage(title, text, icon("app", "accent", 32))

    def clear(self) -> None:
        """Take the icon away again: the window is in front."""
        if self._tray is not None:
            self._tray.hide()

    def _on_clicked(self) -> None:
        self._window.raise_()
        self._window.activateWindow()
