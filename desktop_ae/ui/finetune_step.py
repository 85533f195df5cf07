"""What the steps of the wizard have in common."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

_FIELD_PX = 480


class Step(QWidget):
    """A question, a sentence about it, and below, in `body`, what answers it.

    buttons: those that stand at the window's foot in place of Next. primary: the one of them that
    Return presses.

    scrolls: in a window too small for it. What can shrink by itself does not.

    Signals:
        changed(): whether one can go on, or the buttons, may be others than before.
    """

    scrolls = True
    changed = Signal()

    def __init__(self, title: str, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = text_label("title", title)
        self.about = text_label("dim", about)
        self.body = QVBoxLayout()
        self.body.setSpacing(16)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 8, 24, 16)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.about)
        column.addSpacing(12)
        column.addLayout(self.body, 1)

    @property
    def is_ready(self) -> bool:
        """Whether one can go on from here."""
        return True

    @property
    def can_go_back(self) -> bool:
        return True

    @property
    def buttons(self) -> Sequence[QPushButton]:
        return ()

    @property
    def first(self) -> QWidget | None:
        """What has the focus at first; nothing is lit before a Tab otherwise."""
        return None

    @property
    def primary(self) -> QPushButton | None:
        return None


def captioned(caption: str, field: QWidget) -> QWidget:
    """A field on a sheet, with its name above it."""
    holder = QFrame()
    holder.setObjectName("sheet")
    holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    holder.setMaximumWidth(_FIELD_PX)
    column = QVBoxLayout(holder)
    column.setContentsMargins(16, 12, 16, 16)
    column.setSpacing(8)
    column.addWidget(text_label("caption", caption))
    column.addWidget(field)
    return holder


def text_label(role: str, text: str = "") -> QLabel:
    """In as many lines as it takes. A person's file names come by here, so markup is none."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
