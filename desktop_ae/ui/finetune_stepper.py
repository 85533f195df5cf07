"""The seven steps of the wizard in a row: which are done, which one is at hand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_ae.ui.theme import colour, font, pixmap, theme

_RADIUS, _HEIGHT, _MOST_WIDTH = 13.0, 72, 920


class Stepper(QWidget):
    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = tuple(names)
        self._place = 0
        self.setFixedHeight(_HEIGHT)
        theme().changed.connect(self.update)
        self.show_place(0)

    def show_place(self, place: int) -> None:
        """From 0."""
        self._place = place
        text = self.tr("Step {n} of {all}: {name}")
        facts = {"n": place + 1, "all": len(self._names), "name": self._names[place]}
        self.setAccessibleName(text.format(**facts))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = min(self.width() - 32, _MOST_WIDTH)
        share = width / len(self._names)
        left = (self.width() - width) / 2
        middles = [QPointF(left + (n + 0.5) * share, 26) for n in range(len(self._names))]
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            middles.reverse()
        for number, (first, second) in enumerate(zip(middles, middles[1:], strict=False)):
            painter.setPen(QPen(colour("accent" if number < self._place else "line"), 2))
            gap = _RADIUS + 6 if second.x() > first.x() else -_RADIUS - 6
            painter.drawLine(first + QPointF(gap, 0), second - QPointF(gap, 0))
        for number, middle in enumerate(middles):
            self._paint_step(painter, number, middle, share)
        painter.end()

    def _paint_step(self, painter: QPainter, number: int, middle: QPointF, share: float) -> None:
        is_done, is_here = number < self._place, number == self._place
        painter.setPen(QPen(colour("accent" if is_done or is_here else "line"), 2))
        none = QColor(Qt.GlobalColor.transparent)
        painter.setBrush(
            colour("accent") if is_here else colour("accent_soft") if is_done else none
        )
        painter.drawEllipse(middle, _RADIUS, _RADIUS)
        circle = QRectF(middle.x() - _RADIUS, middle.y() - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)
        if is_done:
            ratio = self.devicePixelRatioF()
            at = circle.center() - QPointF(8, 8)
            painter.drawPixmap(at, pixmap("check", "accent", 16, ratio))
        else:
            painter.setFont(font("caption"))
            painter.setPen(colour("on_accent" if is_here else "dim"))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(number + 1))
        face = font("caption")
        painter.setFont(face)
        painter.setPen(colour("text" if is_here else "dim"))
        room = QRectF(middle.x() - share / 2 + 2, 46, share - 4, 18)
        elide = Qt.TextElideMode.ElideRight
        shown = QFontMetrics(face).elidedText(self._names[number], elide, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, shown)
