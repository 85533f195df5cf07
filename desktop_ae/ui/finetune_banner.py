"""Tells of a training that was begun and neither kept nor given up."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop_ae.learning.session import Session
from desktop_ae.ui.finetune_step import text_label
from desktop_ae.ui.model_words import ModelWords


class SessionBanner(QFrame):
    """Signals: go_on_asked(session: Session), discard_asked(session: Session)."""

    go_on_asked = Signal(object)
    discard_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._words = ModelWords()
        self.session: Session | None = None
        self.label = text_label("strong")
        self.go_on = QPushButton()
        self.discard = QPushButton(self.tr("Discard"))
        self.discard.setProperty("role", "warn")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 10, 10, 10)
        layout.setSpacing(8)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.go_on)
        layout.addWidget(self.discard)
        self.go_on.clicked.connect(lambda: self.go_on_asked.emit(self.session))
        self.discard.clicked.connect(lambda: self.discard_asked.emit(self.session))
        self.hide()

    def show_session(self, session: Session | None) -> None:
        """None: there is none to tell of."""
        self.session = session
        self.setVisible(session is not None)
        if session is None:
            return
        facts = {"task": self._words.task(session.request.task), "when": _when(session)}
        if session.verdict is not None:
            text = self.tr("A model for {task} of {when} is ready, but not kept yet.")
            self.go_on.setText(self.tr("Look at it"))
        else:
            text = self.tr("A training for {task} of {when} was interrupted.")
            self.go_on.setText(self.tr("Go on"))
        self.label.setText(text.format(**facts))


def _when(session: Session) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(session.touched))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)
