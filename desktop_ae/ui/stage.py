"""The middle of a pane: the chosen file before and after, or why it could not be cleaned."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_ae.core.domain import Options, View
from desktop_ae.jobs import MASK, PASSWORD, SAVE_MASK, Password
from desktop_ae.ui.elided_label import ElidedLabel
from desktop_ae.ui.failure_card import FailureCard
from desktop_ae.ui.queue_model import Row
from desktop_ae.ui.settings import Settings

_ABOUT_PX = 240
# How the file is opened, and what comes of it beside the picture; a mask is compared apart.
_UNSEEN = frozenset({PASSWORD, MASK, SAVE_MASK})


class Stage(QWidget):
    """What all kinds of files have in common: a head, a failure, and what the pane says to it.

    A kind of compare view has its own, which follows one row, the model, the options and the
    strength. `stages.STAGES` names them.

    Signals:
        retry_asked(row: Row)
        unlocked(row: Row): it has a password now, perhaps the right one.
        pages_chosen(row: Row): other pages of it are left out now.
        facts_missing(row: Row, error: Exception): it cannot be shown; the card says why.
        facts_asked(row: Row): the person wants to tell them.
    """

    retry_asked = Signal(object)
    unlocked = Signal(object)
    pages_chosen = Signal(object)
    facts_missing = Signal(object, object)
    facts_asked = Signal(object)

    def __init__(self, compare: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._row: Row | None = None
        self._unreadable = False
        self._model = ""
        self._options: Options = {}
        self._strength = 1.0
        self.name = ElidedLabel("name", Qt.TextElideMode.ElideMiddle)
        self.about = ElidedLabel("dim")
        self.failure = FailureCard()
        self._stack = QStackedWidget()
        self._stack.addWidget(compare)
        self._stack.addWidget(self.failure)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(16)
        head.addWidget(self.name, 0)
        head.addWidget(self.about, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 18, 24, 16)
        self._column.setSpacing(12)
        self._column.addLayout(head)
        self._column.addWidget(self._stack, 1)
        self.failure.retry_asked.connect(self._on_retry)
        self.failure.unlock_asked.connect(self._on_unlock)
        self.failure.facts_asked.connect(self._on_facts_asked)

    @property
    def row(self) -> Row | None:
        return self._row

    @property
    def after(self) -> View | None:
        """The result on the screen, if it is a picture."""
        return None

    def keep_choices(self, settings: Settings) -> None:
        """Take over what was chosen in it at the last start, and keep it for the next one."""

    def show_row(self, row: Row | None) -> None:
        """Another row, or none."""
        raise NotImplementedError

    def follow(self, row: Row) -> None:
        """A row was changed: if it is the one on the screen, show what became of it."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Model, options or strength are others now."""
        raise NotImplementedError

    def hold_original(self, held: bool) -> None:
        """Space, pressed and released in the queue: the compare view's own meaning of it."""
        raise NotImplementedError

    def set_model(self, model: str) -> None:
        self._model = model
        self.refresh()

    def set_options(self, options: Options) -> None:
        """Those that differ from their defaults, without a password or a mask."""
        self._options = seen(options)
        self.refresh()

    def set_strength(self, strength: float) -> None:
        self._strength = strength
        self.refresh()

    def show_about(self, text: str) -> None:
        """The facts keep their room beside the longest name."""
        self.about.setText(text)
        self.about.setMinimumWidth(min(_ABOUT_PX, self.about.sizeHint().width()))

    def show_failure(self, error: Exception) -> None:
        row = self._row
        if row is not None:
            about = f"{row.job or row.source}"
            self.failure.show_failure(error, about, wrong=bool(row.password))
            self.put_in_front(self.failure)

    def put_in_front(self, part: QWidget) -> None:
        self._stack.setCurrentWidget(part)

    def _on_retry(self) -> None:
        if self._row is not None:
            self.retry_asked.emit(self._row)

    def _on_facts_asked(self) -> None:
        if self._row is not None:
            self.facts_asked.emit(self._row)

    def _on_unlock(self, password: str) -> None:
        if self._row is not None:
            self._row.password = Password(password)
            self.unlocked.emit(self._row)


def seen(options: Options) -> Options:
    """Those that change what is seen."""
    return {name: value for name, value in options.items() if name not in _UNSEEN}
