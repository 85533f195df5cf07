"""What stands in the place of a picture that could not be cleaned."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_ae.core.errors import NeedsFacts, NeedsPassword
from desktop_ae.ui.theme import dress, pixmap, theme
from desktop_ae.ui.wording import details

_LOCK_PX = 340


class FailureCard(QWidget):
    """The sentence, and the ways forward. A locked file gets a field for its password, one that
    does not say what it holds a button to tell it.

    Signals:
        retry_asked()
        unlock_asked(password: str)
        facts_asked(): what the file leaves out can be told.
    """

    retry_asked = Signal()
    unlock_asked = Signal(object)
    facts_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._error: Exception | None = None
        self._about = ""
        self._unlocking = False
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence = _centred("name")
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.untouched = _centred("dim")
        self.lock = _Lock()
        self.lock.entered.connect(self._on_entered)
        self.retry = QPushButton(self.tr("Retry"))
        self.retry.setProperty("role", "primary")
        self.retry.setToolTip("F5")
        dress(self.retry, "retry", "on_accent", 18)
        self.retry.clicked.connect(self.retry_asked)
        self.tell = QPushButton(self.tr("Tell the rate…"))
        self.tell.setProperty("role", "primary")
        self.tell.setToolTip(self.tr("Rate, unit and columns of this file"))
        self.tell.clicked.connect(self.facts_asked)
        self.copy = QPushButton(self.tr("Copy details"))
        dress(self.copy, "copy", "text", 18)
        self.copy.clicked.connect(self._on_copy)
        self._lay_out()
        theme().changed.connect(self._draw_icon)
        self._draw_icon()

    def show_failure(self, error: Exception, about: str, *, wrong: bool = False) -> None:
        """about: what was being done, for *Copy details*. wrong: a password was given."""
        self._error, self._about = error, about
        locked = isinstance(error, NeedsPassword)
        if isinstance(error, NeedsPassword):
            name = error.path.name
            self.sentence.setText(self.tr("{name} is locked with a password.").format(name=name))
            self.untouched.setText(
                self.tr("The password is used to open this file, and is not stored anywhere.")
            )
        else:
            self.sentence.setText(str(error))
            self.untouched.setText(self.tr("The original file was not changed."))
        untold = isinstance(error, NeedsFacts)
        self.tell.setVisible(untold)
        self.lock.setVisible(locked)
        self.lock.say_wrong(wrong and locked)
        self.retry.setVisible(not locked and not untold)
        self.copy.setVisible(not locked)
        self.copy.setText(self.tr("Copy details"))
        self._draw_icon()
        if self._unlocking and locked:
            self.lock.field.setFocus()
        self._unlocking = False

    def clear(self) -> None:
        """Another file comes: nothing of the last one stays in the field."""
        self.lock.field.clear()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch()
        for button in (self.tell, self.retry, self.copy):
            button.setMinimumHeight(40)
            buttons.addWidget(button)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 32, 48, 32)
        column.setSpacing(12)
        column.addStretch()
        for part in (self.picture, self.sentence, self.untouched):
            column.addWidget(part)
        column.addSpacing(12)
        column.addWidget(self.lock, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(buttons)
        column.addStretch()

    def _on_entered(self, password: str) -> None:
        self._unlocking = True
        self.unlock_asked.emit(password)

    def _on_copy(self) -> None:
        if self._error:
            QGuiApplication.clipboard().setText(details(self._error, self._about))
            self.copy.setText(self.tr("Copied"))

    def _draw_icon(self) -> None:
        locked = isinstance(self._error, NeedsPassword)
        name, role = ("lock", "dim") if locked else ("warning", "bad")
        if isinstance(self._error, NeedsFacts):
            name, role = "info", "accent"
        self.picture.setPixmap(pixmap(name, role, 48, self.devicePixelRatioF()))


class _Lock(QWidget):
    """Asks for a password.

    Signals:
        entered(password: str): not empty.
    """

    entered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_LOCK_PX)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setPlaceholderText(self.tr("Password"))
        self.field.setAccessibleName(self.tr("Password"))
        self.unlock = QPushButton(self.tr("Unlock"))
        self.unlock.setProperty("role", "primary")
        for part in (self.field, self.unlock):
            part.setFixedHeight(40)
        self.wrong = _centred("bad")
        self.wrong.setText(self.tr("This password does not open it. Try another one."))
        across = QHBoxLayout()
        across.setSpacing(8)
        across.addWidget(self.field, 1)
        across.addWidget(self.unlock)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(across)
        column.addWidget(self.wrong)
        self.field.returnPressed.connect(self._on_entered)
        self.unlock.clicked.connect(self._on_entered)

    def say_wrong(self, wrong: bool) -> None:
        self.wrong.setVisible(wrong)
        self.field.setAccessibleDescription(self.wrong.text() if wrong else "")
        if wrong:
            self.field.selectAll()

    def _on_entered(self) -> None:
        if self.field.text():
            self.entered.emit(self.field.text())
        else:
            self.field.setFocus()


def _centred(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    return label
