"""Questions before work that goes on is ended."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

Role = QMessageBox.ButtonRole


class Leaving(QObject):
    """Asks in front of `window`, and does nothing until it is answered."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def ask_about_cleaning(self, stop: Callable[[], object]) -> None:
        """The window is to be closed. stop: what is done if it shall be."""
        box = self._box(
            self.tr("Files are still being cleaned"),
            self.tr("Files are still being cleaned. Stop and close?"),
            self.tr("What is finished stays. The file being cleaned now is left as it was."),
        )
        end = box.addButton(self.tr("Stop and close"), Role.DestructiveRole)
        end.clicked.connect(stop)
        _open(box, box.addButton(self.tr("Keep cleaning"), Role.RejectRole))

    def ask_about_learning(
        self,
        later: Callable[[], object],
        discard: Callable[[], object],
        *,
        closing: bool,
        cleaning: bool = False,
    ) -> None:
        """later, discard: what is done if it shall go on another time, or never.

        closing: whether the window is to be closed; cleaning: whether that also ends a queue.
        """
        title = self.tr("A model is still learning")
        text = self.tr("A model is still learning. What shall become of it?")
        about = self.tr("Kept for later, it goes on where it is now.")
        if cleaning:
            about += " " + self.tr("Files are still being cleaned, too: that ends now.")
        box = self._box(title, text, about)
        keep = self.tr("Close, go on later") if closing else self.tr("Keep for later")
        drop = self.tr("Close and discard") if closing else self.tr("Discard")
        box.addButton(keep, Role.AcceptRole).clicked.connect(later)
        box.addButton(drop, Role.DestructiveRole).clicked.connect(discard)
        _open(box, box.addButton(self.tr("Keep learning"), Role.RejectRole))

    def ask_about_dropping(self, drop: Callable[[], object]) -> None:
        """A model that is better is not to be kept. drop: what is done if so."""
        box = self._box(
            self.tr("This model is better"),
            self.tr("This model is better than the one it started from. Drop it all the same?"),
            self.tr("What it learned is lost then."),
        )
        box.addButton(self.tr("Drop it"), Role.DestructiveRole).clicked.connect(drop)
        _open(box, box.addButton(self.tr("Go back"), Role.RejectRole))

    def _box(self, title: str, text: str, about: str) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(title)
        box.setText(text)
        box.setInformativeText(about)
        return box


def _open(box: QMessageBox, stay: QPushButton) -> None:
    """stay: the button that changes nothing, which Return and Esc press."""
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.open()
