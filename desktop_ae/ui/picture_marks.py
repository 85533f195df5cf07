"""What the compare view paints over and under a picture: squares, badges, the wipe, corners."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from desktop_ae.ui.theme import colour, font

HANDLE_RADIUS = 17.0
CORNER_RADIUS = 12.0
_SQUARE_PX = 8
_MARGIN = 12.0


def badge_rect(area: QRectF, text: str, right: bool = False, low: bool = False) -> QRectF:
    """Where a badge goes in a corner of `area`."""
    width = QFontMetricsF(font("caption")).horizontalAdvance(text) + 17.0
    left = area.right() - _MARGIN - width if right else area.left() + _MARGIN
    top = area.bottom() - _MARGIN - 22.0 if low else area.top() + _MARGIN
    return QRectF(left, top, width, 22.0)


def draw_badge(painter: QPainter, rect: QRectF, text: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("shade"))
    painter.drawRoundedRect(rect, 11, 11)
    painter.setPen(colour("bright"))
    painter.setFont(font("caption"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def draw_wipe(painter: QPainter, x: float, drawn: QRectF, held: bool) -> None:
    """The line over the picture, and its round handle in the middle of it."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_faint(70))
    painter.drawRect(QRectF(x - 2, drawn.top(), 4, drawn.height()))
    painter.setBrush(colour("bright"))
    painter.drawRect(QRectF(x - 1, drawn.top(), 2, drawn.height()))
    middle = QPointF(x, drawn.center().y())
    for spread in (3.0, 2.0, 1.0):
        painter.setBrush(_faint(22))
        painter.drawEllipse(middle + QPointF(0, 1), HANDLE_RADIUS + spread, HANDLE_RADIUS + spread)
    painter.setBrush(colour("bright"))
    painter.drawEllipse(middle, HANDLE_RADIUS, HANDLE_RADIUS)
    ink = colour("accent") if held else _faint(255)
    pen = QPen(ink, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for side in (-1, 1):
        near, far = 4.5 * side, 9.0 * side
        painter.drawPolyline(
            [
                middle + QPointF(near, -4.5),
                middle + QPointF(far, 0),
                middle + QPointF(near, 4.5),
            ]
        )


def squares(ratio: float) -> QPixmap:
    """The tile that shows where a picture lets light through."""
    side = round(_SQUARE_PX * ratio)
    tile = QPixmap(2 * side, 2 * side)
    tile.fill(colour("card"))
    painter = QPainter(tile)
    painter.fillRect(0, 0, side, side, colour("check"))
    painter.fillRect(side, side, side, side, colour("check"))
    painter.end()
    tile.setDevicePixelRatio(ratio)
    return tile


def draw_corners(painter: QPainter, area: QRectF) -> None:
    """Round the view off against the ground: a clip to a round path would leave steps."""
    outside = QPainterPath()
    outside.addRect(area)
    inside = QPainterPath()
    inside.addRoundedRect(area, CORNER_RADIUS, CORNER_RADIUS)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("ground"))
    painter.drawPath(outside.subtracted(inside))


def draw_focus(painter: QPainter, area: QRectF) -> None:
    painter.setPen(QPen(colour("accent"), 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), CORNER_RADIUS - 1, CORNER_RADIUS - 1)


def scaled(rect: QRect, ratio: float, left: float = 0.0) -> QRectF:
    """A rectangle of device pixels in the widget's own units, moved right by `left` of them."""
    return QRectF(
        rect.x() / ratio + left, rect.y() / ratio, rect.width() / ratio, rect.height() / ratio
    )


def _faint(alpha: int) -> QColor:
    shade = colour("shade")
    shade.setAlpha(alpha)
    return shade
