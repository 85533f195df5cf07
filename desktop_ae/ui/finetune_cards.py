"""Cards of which one is chosen: an icon, a title, and a few words about it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop_ae.ui.theme import colour, pixmap, theme

_ICON = 26


class ChoiceCards(QWidget):
    """A row of cards. Arrow keys move within it, Tab leaves it.

    Signals:
        chosen(value: str): by the person.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, ChoiceCard] = {}
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(lambda _card: self.chosen.emit(self.value))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)

    @property
    def value(self) -> str:
        """Nothing if no card is chosen."""
        return next((name for name, card in self.cards.items() if card.isChecked()), "")

    def add(self, value: str, icon: str, title: str, about: str = "") -> ChoiceCard:
        card = self.cards[value] = ChoiceCard(icon, title, about)
        self._group.addButton(card)
        self._row.addWidget(card, 1)
        return card

    def choose(self, value: str) -> None:
        """KeyError for one that is not among the cards."""
        self.cards[value].setChecked(True)

    def choose_none(self) -> None:
        self._group.setExclusive(False)
        for card in self.cards.values():
            card.setChecked(False)
        self._group.setExclusive(True)


class ChoiceCard(QAbstractButton):
    def __init__(self, icon: str, title: str, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        # All of a row are equally wide, whatever they say.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._icon = icon
        self._picture = QLabel()
        self._picture.setFixedSize(_ICON, _ICON)
        self._title = QLabel()
        self._title.setProperty("role", "name")
        self._about = QLabel()
        self._about.setProperty("role", "dim")
        self._about.setWordWrap(True)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(6)
        for part in (self._picture, self._title, self._about):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part)
        column.addStretch(1)
        self.toggled.connect(self._draw_icon)
        theme().changed.connect(self._draw_icon)
        self.say(title, about)
        self._draw_icon()

    def say(self, title: str, about: str) -> None:
        self.setText(title)
        self.setAccessibleDescription(about)
        self._title.setText(title)
        self._about.setText(about)
        self._about.setVisible(bool(about))

    def setEnabled(self, enabled: bool) -> None:
        super().setEnabled(enabled)
        self._draw_icon()

    def sizeHint(self) -> QSize:
        return self._column.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return is left to the page, where it means Next; some systems press buttons by it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.isEnabled() and (self.underMouse() or self.isDown())
        ground = "accent_soft" if self.isChecked() else "hover" if lit else "panel"
        painter.setBrush(colour(ground))
        edge, width = ("accent", 1.0) if self.isChecked() else ("line", 1.0)
        if self.hasFocus():
            edge, width = "accent", 2.0
        painter.setPen(QPen(colour(edge), width))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 12, 12)
        painter.end()

    def _draw_icon(self) -> None:
        role = "off" if not self.isEnabled() else "accent" if self.isChecked() else "dim"
        ratio = self.devicePixelRatioF()
        self._picture.setPixmap(pixmap(self._icon, role, _ICON, ratio))
