"""A pair of calipers on the paper: how long, how high."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from desktop_ae.ui.ecg_lanes import Lane
from desktop_ae.ui.ecg_paper import Paper
from desktop_ae.ui.ecg_words import EcgWords
from desktop_ae.ui.picture_marks import draw_badge
from desktop_ae.ui.sound_paint import faint
from desktop_ae.ui.theme import colour, font

_ABOVE_PX = 8.0


@dataclass(frozen=True, slots=True)
class Caliper:
    """Two points beside a lead: seconds, and millivolts above its line. Stays with the wave."""

    lead: int
    first: tuple[float, float]
    last: tuple[float, float]

    @property
    def seconds(self) -> float:
        return abs(self.last[0] - self.first[0])

    @property
    def millivolts(self) -> float:
        return self.last[1] - self.first[1]

    @classmethod
    def begun(cls, lane: Lane, point: tuple[float, float]) -> Caliper:
        return cls(lane.lead, point, point)

    def to(self, point: tuple[float, float]) -> Caliper:
        return replace(self, last=point)

    def draw(self, painter: QPainter, lane: Lane, paper: Paper, words: EcgWords) -> None:
        corners = [_place(lane, paper, point) for point in (self.first, self.last)]
        area = QRectF(*corners).normalized()
        painter.setClipRect(QRectF(lane.room.left(), 0, lane.room.width(), 1e6))
        painter.setPen(QPen(colour("accent"), 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(faint("accent", 30))
        painter.drawRect(area)
        text = words.measured(self.seconds, self.millivolts)
        wide = QFontMetricsF(font("caption")).horizontalAdvance(text) + 17
        left = min(
            max(area.center().x() - wide / 2, lane.room.left() + 4), lane.room.right() - wide
        )
        draw_badge(painter, QRectF(left, area.top() - 22 - _ABOVE_PX, wide, 22), text)
        painter.setClipping(False)


def point_at(lane: Lane, paper: Paper, place: QPointF) -> tuple[float, float]:
    time_s = paper.start_s + (place.x() - lane.room.left()) * paper.seconds_per_px
    return time_s, (lane.base - place.y()) / paper.px_per_mv


def _place(lane: Lane, paper: Paper, point: tuple[float, float]) -> QPointF:
    x = lane.room.left() + paper.x_of(point[0])
    return QPointF(x, lane.base - point[1] * paper.px_per_mv)
