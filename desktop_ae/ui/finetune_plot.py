"""Where the points of a learning curve lie, the ticks of its axes, and its lines. No state."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from desktop_ae.ui.sound_paint import faint
from desktop_ae.ui.theme import colour, theme

Points = Sequence[tuple[float, float]]

# Ends of the axis of time, in minutes: it stays while the curve grows, and then makes room.
_SPANS_MIN = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440)
_TIMES_MIN = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 240, 480)
# Less is not stretched to the whole height, or every tremble would look like a fall.
_LEAST_SPAN = 0.4
# A line farther off than so many heights of the curve would flatten it: its place is only told.
_FARTHEST = 1.5
_ROOM = 0.08  # of the height, above and below
_LABEL_PX = 30.0  # height of a label beside the plot


@dataclass(frozen=True, slots=True)
class Plot:
    """Where seconds and scores lie in `area`."""

    area: QRectF
    span_s: float
    low: float
    high: float

    def x_of(self, seconds: float) -> float:
        return self.area.left() + seconds / self.span_s * self.area.width()

    def y_of(self, score: float) -> float:
        """A score that the plot does not show lies at its edge."""
        share = (min(max(score, self.low), self.high) - self.low) / (self.high - self.low)
        return self.area.bottom() - share * self.area.height()

    def shows(self, score: float) -> bool:
        return self.low <= score <= self.high


def score_span(
    scores: Sequence[float], start: float | None, nothing: float | None
) -> tuple[float, float]:
    """Lowest and highest score that the plot shows: the curve's own and, if near enough, those of
    the starting model and of doing nothing.
    """
    low, high = min(scores), max(scores)
    for line in (start, nothing):
        height = max(high - low, _LEAST_SPAN)
        if line is not None and low - _FARTHEST * height <= line <= high + _FARTHEST * height:
            low, high = min(low, line), max(high, line)
    missing = max(0.0, _LEAST_SPAN - (high - low)) / 2
    room = _ROOM * max(high - low, _LEAST_SPAN)
    return low - missing - room, high + missing + room


def time_span_s(elapsed_s: float, budget_s: float | None) -> float:
    """Seconds that the plot shows: a round number of minutes, but no more than is to be learned."""
    rounded = next((60.0 * n for n in _SPANS_MIN if 60 * n >= elapsed_s), elapsed_s)
    return rounded if budget_s is None else max(elapsed_s, min(rounded, budget_s), 1.0)


def round_ticks(low: float, high: float, most: float) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten between low and high, at most so many."""
    step = _step(low, high, most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [place * step for place in range(first, last + 1)]


def minute_ticks(span: float, most: float) -> list[float]:
    """From 0 to span, in steps that a clock has."""
    step = next((one for one in _TIMES_MIN if span / one <= most), span)
    return [place * step for place in range(math.floor(span / step + 1e-9) + 1)]


def spread(places: Sequence[float], area: QRectF) -> list[float]:
    """Middles of labels at these heights, moved apart so that none covers another."""
    order = sorted(range(len(places)), key=lambda n: places[n])
    moved = list(places)
    limit = area.top()
    for place in order:
        moved[place] = limit = max(moved[place], limit)
        limit += _LABEL_PX
    limit = area.bottom()
    for place in reversed(order):
        moved[place] = limit = min(moved[place], limit)
        limit -= _LABEL_PX
    return moved


def _step(low: float, high: float, most: float) -> float:
    least = (high - low) / max(most, 1.0)
    power = 10.0 ** math.floor(math.log10(least))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= least * (1 - 1e-9))


def score_texts(low: float, high: float, most: float) -> list[tuple[float, str]]:
    """Ticks of the scores, each with as many digits as the step needs."""
    digits = max(0, -math.floor(math.log10(_step(low, high, most)) + 1e-9))
    return [
        (one, f"{one + 0.0:.{digits}f}".replace("-", "−")) for one in round_ticks(low, high, most)
    ]


def draw_level(painter: QPainter, area: QRectF, y: float) -> None:
    """A line across, in the middle of a pixel: beside it, it would be two of them, and faint."""
    row = math.floor(y) + 0.5
    painter.drawLine(QLineF(area.left(), row, area.right(), row))


def draw_losses(painter: QPainter, plot: Plot, losses: Points) -> None:
    """From the lowest to the highest loss: their own scale is not worth an axis."""
    if len(losses) < 2:
        return
    low, high = min(loss for _, loss in losses), max(loss for _, loss in losses)
    own = Plot(plot.area, plot.span_s, low, high if high > low else low + 1)
    draw_points(painter, own, losses, QPen(faint("dim", 150), 1.0))


def draw_points(painter: QPainter, plot: Plot, points: Points, pen: QPen) -> None:
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    places = [QPointF(plot.x_of(seconds), plot.y_of(value)) for seconds, value in points]
    painter.drawPolyline(QPolygonF(places))


def draw_dot(painter: QPainter, plot: Plot, point: tuple[float, float], radius: float) -> None:
    painter.setPen(QPen(colour("card" if theme().tokens.dark else "panel"), 2.0))
    painter.setBrush(colour("accent"))
    painter.drawEllipse(QPointF(plot.x_of(point[0]), plot.y_of(point[1])), radius, radius)
