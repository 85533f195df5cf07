"""The brush as it will mark the picture: a ring at the pointer."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_ae.ui.theme import colour

_SMALLEST_PX = 5.0
_MARGIN = 3


class MaskRing(QWidget):
    """Lies over the view and lets every click through."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.lower()  # below the bar that floats in the view
        self.middle = QPointF()
        self._diameter = 0.0
        self._adds = True
        self.hide()

    def put(self, middle: QPointF, diameter: float, *, adds: bool) -> None:
        """Lengths are the view's. adds: a brush; else an eraser, which shows a dashed ring."""
        self.middle, self._diameter = middle, max(diameter, _SMALLEST_PX)
        self._adds = adds
        side = self._diameter + 2 * _MARGIN
        area = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
        self.setGeometry(area.toAlignedRect())
        self.show()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self.middle - QPointF(self.pos()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = self._diameter / 2
        dark, bright = QPen(colour("shade"), 3.0), QPen(colour("bright"), 1.5)
        if not self._adds:
            bright.setDashPattern([3, 3])
        for pen in (dark, bright):
            painter.setPen(pen)
            painter.drawEllipse(QPointF(), radius, radius)
        if self._diameter > 24:
            painter.setPen(Qt.PenStyle.NoPen)
            for tint, size in (("shade", 2.5), ("bright", 1.5)):
                painter.setBrush(colour(tint))
                painter.drawEllipse(QPointF(), size, size)
        painter.end()
