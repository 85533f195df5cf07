"""How a training does: scores of kept-back files over time, beside what they are measured by."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_ae.learning.lesson import Lesson
from desktop_ae.ui.finetune_plot import (
    Plot,
    Points,
    draw_dot,
    draw_level,
    draw_losses,
    draw_points,
    minute_ticks,
    score_span,
    score_texts,
    spread,
    time_span_s,
)
from desktop_ae.ui.picture_marks import CORNER_RADIUS, draw_focus
from desktop_ae.ui.sound_paint import faint
from desktop_ae.ui.theme import colour, font, pixmap, theme

_SIDE_PX, _HEAD_PX, _FOOT_PX = 16.0, 44.0, 30.0
_TICK_X_PX, _TICK_Y_PX = 72.0, 34.0
_SWATCH_PX = 16.0
_ICON_PX, _EMPTY_PX = 28, 340.0


@dataclass(slots=True)
class _Label:
    y: float
    name: str
    value: str
    role: str


class LearningCurve(QWidget):
    """Move the pointer over it, or press Left and Right, to read single points.

    A lesson without curves, as there are before and after the learning, leaves what is shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure = ""
        self._unit = ""
        self._scores: Points = ()
        self._losses: Points = ()
        self._start: float | None = None
        self._nothing: float | None = None
        self._budget_s: float | None = None
        self._picked: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(280, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Learning curve"))
        theme().changed.connect(self.update)
        self.clear()

    def sizeHint(self) -> QSize:
        return QSize(720, 280)

    # --- what is shown

    def set_figure(self, figure: str) -> None:
        """What the scores are, with their unit: "PSNR, dB"."""
        self._figure = figure
        self._unit = figure.rpartition(", ")[2] if ", " in figure else ""
        self._refresh()

    def show_lesson(self, lesson: Lesson) -> None:
        if not lesson.scores and not lesson.losses:
            return
        self._scores, self._losses = _finite(lesson.scores), _finite(lesson.losses)
        self._start, self._nothing = _known(lesson.start), _known(lesson.nothing)
        self._budget_s = lesson.total if lesson.unit == "s" else None
        if self._picked is not None and self._picked >= len(self._scores):
            self._picked = None
        self._refresh()

    def clear(self) -> None:
        self._scores, self._losses = (), ()
        self._start = self._nothing = self._budget_s = self._picked = None
        self._refresh()

    @property
    def best(self) -> int | None:
        """Index of the best score; the first of equal ones, since that is the one that is kept."""
        if not self._scores:
            return None
        return max(range(len(self._scores)), key=lambda n: (self._scores[n][1], -n))

    @property
    def picked(self) -> int | None:
        """Index of the score that is read out."""
        return self._picked

    def plot(self) -> Plot | None:
        """None while there is no score."""
        if not self._scores:
            return None
        low, high = score_span([score for _, score in self._scores], self._start, self._nothing)
        elapsed_s = max(seconds for seconds, _ in (*self._scores, *self._losses))
        left = _SIDE_PX + 8 + max(_wide(text) for _, text in score_texts(low, high, self._rows()))
        right = self.width() - _SIDE_PX - self._labels_px()
        area = QRectF(left, _HEAD_PX, right - left, self.height() - _HEAD_PX - _FOOT_PX)
        return Plot(area, time_span_s(elapsed_s, self._budget_s), low, high)

    def _refresh(self) -> None:
        self.setAccessibleDescription(self._seen())
        self.update()

    # --- hands

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        plot = self.plot()
        if plot is None:
            return
        x = event.position().x()
        inside = plot.area.left() - 8 <= x <= plot.area.right() + 8
        nearest = min(
            range(len(self._scores)), key=lambda n: abs(plot.x_of(self._scores[n][0]) - x)
        )
        self._pick(nearest if inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._pick(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and self._scores:
            last = len(self._scores) - 1
            place = last if self._picked is None else self._picked + step
            self._pick(min(max(place, 0), last))
        elif event.key() == Qt.Key.Key_Escape and self._picked is not None:
            self._pick(None)
        else:
            super().keyPressEvent(event)

    def _pick(self, place: int | None) -> None:
        if place != self._picked:
            self._picked = place
            self._refresh()

    # --- words

    def _score(self, score: float) -> str:
        return f"{score:.2f} {self._unit}".strip().replace("-", "−")

    def _readout(self, place: int) -> list[str]:
        seconds, score = self._scores[place]
        lines = [self.tr("{n} min").format(n=f"{seconds / 60:.1f}"), self._score(score)]
        if self._start is not None:
            change = f"{score - self._start:+.2f} {self._unit}".strip().replace("-", "−")
            lines.append(self.tr("{change} since the start").format(change=change))
        if self._losses:
            _, loss = min(self._losses, key=lambda point: abs(point[0] - seconds))
            lines.append(self.tr("Training loss {n}").format(n=f"{loss:.3g}"))
        return lines

    def _seen(self) -> str:
        """The curve in sentences."""
        best = self.best
        if best is None:
            return self._empty()
        if self._picked is not None:
            return ", ".join(self._readout(self._picked))
        at_s, score = self._scores[best]
        parts = [
            self.tr("Best on kept-back files: {score} after {n} min.").format(
                score=self._score(score), n=f"{at_s / 60:.1f}"
            )
        ]
        parts += [
            f"{name}: {self._score(value)}."
            for name, value in (
                (self.tr("Now"), self._scores[-1][1]),
                (self.tr("Starting model"), self._start),
                (self.tr("Doing nothing"), self._nothing),
            )
            if value is not None
        ]
        return " ".join(parts)

    def _empty(self) -> str:
        return self.tr("The curve begins as soon as the kept-back files have been looked at once.")

    # --- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("card" if theme().tokens.dark else "panel"))
        painter.drawRoundedRect(QRectF(self.rect()), CORNER_RADIUS, CORNER_RADIUS)
        plot = self.plot()
        if plot is None:
            self._paint_empty(painter)
        else:
            self._paint_axes(painter, plot)
            draw_losses(painter, plot, self._losses)
            self._paint_lines(painter, plot)
            self._paint_scores(painter, plot)
            self._paint_legend(painter)
            if self._picked is not None:
                self._paint_readout(painter, plot, self._picked)
        if self.hasFocus():
            draw_focus(painter, QRectF(self.rect()))
        painter.end()

    def _paint_empty(self, painter: QPainter) -> None:
        room = QRectF(0, 16, min(_EMPTY_PX, self.width() - 48.0), self.height() - 32.0)
        room.moveCenter(QRectF(self.rect()).center())
        sign = pixmap("finetune", "dim", _ICON_PX, self.devicePixelRatioF())
        middle = room.center()
        painter.drawPixmap(middle - QPointF(_ICON_PX / 2, _ICON_PX + 6), sign)
        painter.setFont(font("body"))
        painter.setPen(colour("dim"))
        below = QRectF(room.left(), middle.y() + 6, room.width(), room.bottom() - middle.y() - 6)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(below, flags | Qt.TextFlag.TextWordWrap, self._empty())

    def _paint_axes(self, painter: QPainter, plot: Plot) -> None:
        area = plot.area
        painter.setFont(_small())
        for score, text in score_texts(plot.low, plot.high, self._rows()):
            y = plot.y_of(score)
            painter.setPen(QPen(colour("line"), 1.0))
            draw_level(painter, area, y)
            painter.setPen(colour("dim"))
            room = QRectF(0, y - 8, area.left() - 8, 16)
            painter.drawText(
                room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text
            )
        minutes = minute_ticks(plot.span_s / 60, area.width() / _TICK_X_PX)
        for place, minute in enumerate(minutes):
            x = plot.x_of(minute * 60)
            painter.setPen(QPen(colour("line"), 1.0))
            painter.drawLine(QLineF(x, area.bottom(), x, area.bottom() + 4))
            text = f"{minute:g}"
            if place == len(minutes) - 1:
                text = self.tr("{n} min").format(n=text)
            painter.setPen(colour("dim"))
            half = _wide(text) / 2 + 1
            middle = min(x, area.right() + 2 - half)  # clear of the labels at the right
            room = QRectF(middle - half, area.bottom() + 6, 2 * half, 16)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_lines(self, painter: QPainter, plot: Plot) -> None:
        """What the scores are measured by, with the names of all at the right."""
        labels = []
        best = self.best
        if best is not None:
            score = self._scores[best][1]
            labels.append(_Label(plot.y_of(score), self.tr("Best"), self._score(score), "accent"))
        for value, name, role, style in (
            (self._start, self.tr("Starting model"), "text", Qt.PenStyle.DashLine),
            (self._nothing, self.tr("Doing nothing"), "dim", Qt.PenStyle.DotLine),
        ):
            if value is None:
                continue
            y, text = plot.y_of(value), self._score(value)
            if plot.shows(value):
                painter.setPen(QPen(colour(role), 1.0, style))
                draw_level(painter, plot.area, y)
            else:
                text = f"{'↓' if value < plot.low else '↑'} {text}"
            labels.append(_Label(y, name, text, role))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for label, y in zip(labels, spread([one.y for one in labels], plot.area), strict=True):
            room = QRectF(plot.area.right() + 12, y - 15, self._labels_px(), 15)
            painter.setFont(_small())
            painter.setPen(colour("dim"))
            painter.drawText(room, flags, label.name)
            painter.setFont(font("caption"))
            painter.setPen(colour(label.role))
            painter.drawText(room.translated(0, 14), flags, label.value)

    def _paint_scores(self, painter: QPainter, plot: Plot) -> None:
        draw_points(painter, plot, self._scores, QPen(colour("accent"), 2.5))
        best = self.best
        if best is not None:
            draw_dot(painter, plot, self._scores[best], 5.5)

    def _paint_legend(self, painter: QPainter) -> None:
        """The figure at the left, what the lines are at the right; the figure yields."""
        painter.setFont(_small())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = self.width() - _SIDE_PX
        entries = [(self.tr("Kept-back files"), QPen(colour("accent"), 2.5))]
        if self._losses:
            name = self.tr("Training loss, own scale")
            entries.append((name, QPen(faint("dim", 150), 1.0)))
        for text, pen in reversed(entries):
            left = right - _wide(text) - 4
            painter.setPen(colour("dim"))
            painter.drawText(QRectF(left, 14, right - left, 16), flags, text)
            painter.setPen(pen)
            painter.drawLine(QLineF(left - _SWATCH_PX - 6, 22, left - 6, 22))
            right = left - _SWATCH_PX - 22
        painter.setFont(font("caption"))
        painter.setPen(colour("text"))
        room = QRectF(_SIDE_PX, 14, right - _SIDE_PX, 16)
        elide = Qt.TextElideMode.ElideRight
        figure = QFontMetricsF(font("caption")).elidedText(self._figure, elide, room.width())
        painter.drawText(room, flags, figure)

    def _paint_readout(self, painter: QPainter, plot: Plot, place: int) -> None:
        seconds, score = self._scores[place]
        x = plot.x_of(seconds)
        painter.setPen(QPen(colour("dim"), 1.0))
        painter.drawLine(QLineF(x, plot.area.top(), x, plot.area.bottom()))
        draw_dot(painter, plot, (seconds, score), 4.5)
        box = self.readout_box(plot, place)
        painter.setPen(QPen(colour("line"), 1.0))
        painter.setBrush(colour("panel"))
        painter.drawRoundedRect(box, 8, 8)
        for row, line in enumerate(self._readout(place)):
            painter.setFont(font("caption") if row == 1 else _small())
            painter.setPen(colour("accent" if row == 1 else "text" if row == 0 else "dim"))
            room = QRectF(box.left() + 10, box.top() + 6 + 17 * row, box.width() - 12, 17)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, line)

    def readout_box(self, plot: Plot, place: int) -> QRectF:
        """It keeps off the curve: below what is high, above what is low."""
        area, lines = plot.area, self._readout(place)
        x, y = plot.x_of(self._scores[place][0]), plot.y_of(self._scores[place][1])
        wide, high = max(map(_wide, lines)) + 20, 17.0 * len(lines) + 12
        fits = x + 12 + wide <= area.right() or x - 12 - wide < 8
        left = x + 12 if fits else x - 12 - wide
        top = area.bottom() - high - 6 if y < area.center().y() else area.top() + 6
        return QRectF(left, top, wide, high)

    def _rows(self) -> float:
        return max(2.0, (self.height() - _HEAD_PX - _FOOT_PX) / _TICK_Y_PX)

    def _labels_px(self) -> float:
        names = (self.tr("Best"), self.tr("Starting model"), self.tr("Doing nothing"))
        values = [self._score(v) for v in (self._start, self._nothing) if v is not None]
        return 12 + max(_wide(text) for text in (*names, *(f"↓ {value}" for value in values)))


def _finite(points: Points) -> Points:
    return [point for point in points if math.isfinite(point[1])]


def _known(score: float | None) -> float | None:
    return score if score is not None and math.isfinite(score) else None


def _small() -> QFont:
    face = font("caption")
    face.setWeight(font("body").weight())
    return face


def _wide(text: str) -> float:
    return QFontMetricsF(font("caption")).horizontalAdvance(text)
