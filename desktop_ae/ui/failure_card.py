"""What stands in the place of a picture that could not be cleaned."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_ae.ui.theme import dress, pixmap, theme
from desktop_ae.ui.wording import details


class FailureCard(QWidget):
    """The sentence, and the ways forward.

    Signals:
        retry_asked()
    """

    retry_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._error: Exception | None = None
        self._about = ""
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence = QLabel()
        self.sentence.setProperty("role", "name")
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        untouched = QLabel(self.tr("The original file was not changed."))
        untouched.setProperty("role", "dim")
        untouched.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.retry = QPushButton(self.tr("Retry"))
        self.retry.setProperty("role", "primary")
        self.retry.setToolTip("F5")
        dress(self.retry, "retry", "on_accent", 18)
        self.retry.clicked.connect(self.retry_asked)
        self.copy = QPushButton(self.tr("Copy details"))
        dress(self.copy, "copy", "text", 18)
        self.copy.clicked.connect(self._on_copy)
        buttons = QHBoxLayout()
        buttons.addStretch()
        for button in (self.retry, self.copy):
            button.setMinimumHeight(40)
            buttons.addWidget(button)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 32, 48, 32)
        column.setSpacing(12)
        column.addStretch()
        for part in (self.picture, self.sentence, untouched):
            column.addWidget(part)
        column.addSpacing(12)
        column.addLayout(buttons)
        column.addStretch()
        theme().changed.connect(self._draw_icon)
        self._draw_icon()

    def show_failure(self, error: Exception, about: str) -> None:
        """about: what was being done, for *Copy details*."""
        self._error, self._about = error, about
        self.sentence.setText(str(error))
        self.copy.setText(self.tr("Copy details"))

    def _on_copy(self) -> None:
        if self._error:
            QGuiApplication.clipboard().setText(details(self._error, self._about))
            self.copy.setText(self.tr("Copied"))

    def _draw_icon(self) -> None:
        self.picture.setPixmap(pixmap("warning", "bad", 48, self.devicePixelRatioF()))
