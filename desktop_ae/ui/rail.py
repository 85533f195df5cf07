"""The column of buttons at the left: one for each task that is there, settings at the foot."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QToolButton, QVBoxLayout, QWidget

from desktop_ae.ui.theme import dress

WIDTH = 88


class Rail(QWidget):
    """Signals: chosen(place: int): of a button, in the order in which they were added."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen.emit)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 12, 8, 12)
        self._column.setSpacing(8)
        self._column.addStretch(1)

    def add(self, icon: str, title: str, *, at_foot: bool = False) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "rail")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setText(title)
        button.setAccessibleName(title)
        dress(button, icon, "dim", 26, checked="accent")
        place = len(self._group.buttons())
        self._group.addButton(button, place)
        if place < 9:
            button.setToolTip(f"{title} (Ctrl+{place + 1})" if not at_foot else title)
        at = self._column.count() if at_foot else self._column.count() - 1
        self._column.insertWidget(at, button, 0, Qt.AlignmentFlag.AlignHCenter)
        return button

    def choose(self, place: int) -> None:
        button = self._group.button(place)
        if button is not None:
            button.setChecked(True)
            self.chosen.emit(place)
