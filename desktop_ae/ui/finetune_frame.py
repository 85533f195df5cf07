"""What stands around a step of the wizard: where one is, and the buttons at the foot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_ae.ui.finetune_step import Step
from desktop_ae.ui.finetune_stepper import Stepper

_WIDTH = 968
_BUTTON_PX = 36


class StepFrame(QWidget):
    """head: shown between the row of steps and the step itself. buttons: all that any of the steps
    puts at the foot.

    Signals: next_asked(), back_asked().
    """

    next_asked = Signal()
    back_asked = Signal()

    def __init__(
        self,
        named: Sequence[tuple[str, Step]],
        head: QWidget,
        buttons: Sequence[QPushButton],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._steps = [step for _, step in named]
        self._next_texts = [self.tr("Next")] * len(named)
        self.stepper = Stepper([name for name, _ in named])
        self.back = QPushButton(self.tr("Back"))
        self.next = QPushButton()
        self._buttons = [self.next, *buttons]
        self._stack = QStackedWidget()
        self._lay_out(head)
        self.back.clicked.connect(self.back_asked)
        self.next.clicked.connect(self.next_asked)
        for step in self._steps:
            step.changed.connect(self._show_foot)

    @property
    def place(self) -> int:
        """Of the step that is shown, from 0."""
        return self._stack.currentIndex()

    def say_next(self, place: int, text: str) -> None:
        """What the button says that leads on from a step."""
        self._next_texts[place] = text

    def show_place(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self.stepper.show_place(place)
        self._show_foot()
        if self.isVisible():
            (self._steps[place].first or self).setFocus()

    def _lay_out(self, head: QWidget) -> None:
        for step in self._steps:
            self._stack.addWidget(_scrolled(step) if step.scrolls else step)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 0, 24, 0)
        foot.setSpacing(8)
        foot.addWidget(self.back)
        foot.addStretch(1)
        for button in (self.back, *self._buttons):
            button.setMinimumHeight(_BUTTON_PX)
            button.setProperty("role", "outline")
            button.hide()
        for button in self._buttons:
            foot.addWidget(button)
        top = QHBoxLayout()
        top.setContentsMargins(24, 0, 24, 0)
        top.addWidget(head)
        column = QVBoxLayout()
        column.setContentsMargins(0, 16, 0, 16)
        column.setSpacing(8)
        column.addWidget(self.stepper)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)
        inside = QWidget()
        inside.setLayout(column)
        inside.setMaximumWidth(_WIDTH)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addStretch(1)
        across.addWidget(inside, 1000)  # all there is, as far as it may
        across.addStretch(1)

    def _primary(self) -> QPushButton | None:
        step = self._steps[self.place]
        return step.primary or (None if step.buttons else self.next)

    def _show_foot(self) -> None:
        step, primary = self._steps[self.place], self._primary()
        shown = step.buttons or (self.next,)
        self.next.setEnabled(step.is_ready)
        self.next.setText(self._next_texts[self.place])
        self.back.setVisible(step.can_go_back and self.place > 0)
        for button in self._buttons:
            button.setVisible(button in shown)
            role = "primary" if button is primary else "outline"
            if button.property("role") != role:
                button.setProperty("role", role)
                button.style().polish(button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes on, unless a button has the focus: then it presses that."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        focused = QApplication.focusWidget()
        button = focused if isinstance(focused, QPushButton) else self._primary()
        if button is not None:
            button.click()


def _scrolled(step: Step) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(step)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
