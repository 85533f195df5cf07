"""A short notice above a pane, with something to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop_ae.ui.elided_label import ElidedLabel
from desktop_ae.ui.theme import dress

_SHOWN_MS = 12_000


class NoticeBar(QFrame):
    """Shows one notice at a time; it goes by itself, or when its cross is clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.label = ElidedLabel("strong")
        self.action = QPushButton()
        self.action.setProperty("role", "outline")
        self.action.clicked.connect(self._on_action)
        self.close_button = QPushButton()
        self.close_button.setProperty("role", "quiet")
        self.close_button.setAccessibleName(self.tr("Close this notice"))
        self.close_button.setFixedSize(32, 32)
        dress(self.close_button, "close", "dim", 16)
        self.close_button.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 6, 6, 6)
        layout.setSpacing(12)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.action)
        layout.addWidget(self.close_button)
        self._do: Callable[[], None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def show_notice(
        self, text: str, action: str = "", do: Callable[[], None] | None = None
    ) -> None:
        self.label.setText(text)
        self.label.setAccessibleName(text)
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self._do = do
        self.show()
        self._timer.start(_SHOWN_MS)

    def place(self, area: QRect, *, at_foot: bool) -> None:
        """At the right of an area of the parent, above or below what it shows."""
        hint = self.sizeHint()
        width = min(hint.width() + 24, area.width() - 48)
        top = area.bottom() - hint.height() - 8 if at_foot else area.top() + 8
        self.setGeometry(area.right() - 24 - width, top, width, hint.height())
        self.raise_()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _on_action(self) -> None:
        if self._do:
            self._do()
