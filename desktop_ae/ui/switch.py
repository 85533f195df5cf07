"""An on/off switch with its label beside it."""

from __future__ import annotations

from PySide6.QtCore import (
    Property,
    QEasingCurve,
    QEvent,
    QPoint,
    QPropertyAnimation,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QStyle, QWidget

from desktop_ae.ui.theme import colour, theme

_TRACK = QSize(36, 20)
_GAP_PX = 12
_SLIDE_MS = 130


class Switch(QCheckBox):
    """A check box to screen readers and the keyboard (Space, Return), a switch to the eye.

    Signals: those of QAbstractButton; toggled(bool) is the one to listen to.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._position = 0.0
        self._hovered = False
        self._slide = QPropertyAnimation(self, b"position", self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._on_toggled)
        theme().changed.connect(self.update)

    def _read_position(self) -> float:
        return self._position

    def _move_knob(self, position: float) -> None:
        self._position = position
        self.update()

    position = Property(float, _read_position, _move_knob)  # 0 is off, 1 is on

    def sizeHint(self) -> QSize:
        width = _TRACK.width()
        if self.text():
            width += _GAP_PX + self.fontMetrics().horizontalAdvance(self.text())
        height = max(_TRACK.height() + 4, self.fontMetrics().height())
        return QSize(width, height)

    def minimumSizeHint(self) -> QSize:
        return QSize(_TRACK.width(), self.sizeHint().height())

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        top = (self.height() - _TRACK.height()) / 2
        left = self.width() - _TRACK.width() if self._mirrored() else 0
        track = QRectF(left, top, _TRACK.width(), _TRACK.height())
        self._paint_track(painter, track)
        if self.text():
            self._paint_text(painter, track)
        painter.end()

    def _paint_track(self, painter: QPainter, track: QRectF) -> None:
        radius = track.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        off = colour("hover" if self._hovered else "line")
        painter.setBrush(_between(off, colour("accent"), self._position))
        painter.drawRoundedRect(track, radius, radius)
        if not theme().tokens.dark and self._position < 0.5:
            # A white knob on a pale track would vanish.
            painter.setPen(QPen(colour("dim"), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
            painter.setPen(Qt.PenStyle.NoPen)
        travel = track.width() - track.height()
        along = 1.0 - self._position if self._mirrored() else self._position
        knob = QRectF(track.left() + travel * along, track.top(), track.height(), track.height())
        painter.setBrush(colour("bright"))
        painter.drawEllipse(knob.adjusted(2, 2, -2, -2))
        if self.hasFocus():
            painter.setPen(QPen(colour("text"), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(track.adjusted(1, 1, -1, -1), radius - 1, radius - 1)

    def _paint_text(self, painter: QPainter, track: QRectF) -> None:
        start = QRectF(self.rect())
        if self._mirrored():
            start.setRight(track.left() - _GAP_PX)
        else:
            start.setLeft(track.right() + _GAP_PX)
        painter.setPen(colour("text"))
        painter.setFont(self.font())
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(start.width()) + 1
        )
        side = Qt.AlignmentFlag.AlignRight if self._mirrored() else Qt.AlignmentFlag.AlignLeft
        painter.drawText(start, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def _mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _on_toggled(self, checked: bool) -> None:
        self._slide.stop()
        wanted = 1.0 if checked else 0.0
        # The style says 0 where the person has turned animations off.
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        span_ms = min(_SLIDE_MS, self.style().styleHint(hint, None, self))
        if not self.isVisible() or span_ms <= 0:
            self._move_knob(wanted)
            return
        self._slide.setDuration(span_ms)
        self._slide.setStartValue(self._position)
        self._slide.setEndValue(wanted)
        self._slide.start()


def _between(first: QColor, second: QColor, share: float) -> QColor:
    mixed = [
        round(one + share * (other - one))
        for one, other in (
            (first.red(), second.red()),
            (first.green(), second.green()),
            (first.blue(), second.blue()),
        )
    ]
    return QColor(*mixed)
