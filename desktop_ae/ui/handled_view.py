"""A view whose mouse is handled elsewhere."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class MouseHands(Protocol):
    def press(self, event: QMouseEvent) -> None: ...

    def move(self, event: QMouseEvent) -> None: ...

    def release(self, event: QMouseEvent) -> None: ...

    def double_click(self, event: QMouseEvent) -> None: ...

    def wheel(self, event: QWheelEvent) -> None: ...


class HandledView(QWidget):
    """Passes what the mouse does on to `mouse_hands`, and knows whether to draw its focus: only
    who came by keyboard looks for it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._focus_seen = False

    @property
    def mouse_hands(self) -> MouseHands:
        raise NotImplementedError

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouse_hands.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.mouse_hands.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.mouse_hands.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mouse_hands.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.mouse_hands.wheel(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._focus_seen = event.reason() in _BY_KEYBOARD
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._focus_seen = False
        super().focusOutEvent(event)
        self.update()
