"""The whole recording in a strip: heart rate over time, gaps, and the part that is visible."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from desktop_ae.ui.ecg_beats import Beats, trend
from desktop_ae.ui.ecg_board import EcgBoard
from desktop_ae.ui.ecg_curves import polygon
from desktop_ae.ui.ecg_data import Facts, Peaks
from desktop_ae.ui.ecg_survey import EcgSurvey
from desktop_ae.ui.sound_paint import faint
from desktop_ae.ui.theme import colour, font, theme

_HEIGHT_PX = 46
_SIDE_PX, _SCALE_PX = 10.0, 34.0
_LEAST_WINDOW_PX = 8.0
_EVERY_MS = 150
_BIN_PX = 3.0
_TREND_FROM_S = 60.0
_PADDING_BPM = 5.0


class EcgOverview(QWidget):
    """Drag the window in it, or click beside it; the wheel zooms as on the paper."""

    def __init__(self, board: EcgBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._facts: Facts | None = None
        self._survey: EcgSurvey | None = None
        self._beats = Beats()
        self._partial = False
        self._grip = 0.0
        self._plate: QPixmap | None = None
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_EVERY_MS)
        self._late.timeout.connect(self._on_outdated)
        self.setFixedHeight(_HEIGHT_PX)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName(self.tr("Whole recording"))
        self.setToolTip(
            self.tr("Heart rate of the whole recording. Drag to move, double-click for all of it")
        )
        board.view_changed.connect(self.update)
        theme().changed.connect(self._on_outdated)

    def show_recording(self, facts: Facts | None, survey: EcgSurvey | None) -> None:
        self._facts, self._survey, self._beats = facts, survey, Beats()
        self._on_outdated()

    def set_beats(self, beats: Beats, partial: bool) -> None:
        """More of them; drawn in a moment. partial: the after is a preview's."""
        self._beats, self._partial = beats, partial
        if not self._late.isActive():
            self._late.start()

    # --- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._plate is None:
            self._plate = self._painted()
        painter.drawPixmap(0, 0, self._plate)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._board.paper.total_s > 0 and not self._board.paper.fitted:
            window = self._window()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(faint("accent", 40))
            painter.drawRoundedRect(window, 5, 5)
            painter.setPen(colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(window.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.end()

    def _painted(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        plate = QPixmap(self.size() * ratio)
        plate.setDevicePixelRatio(ratio)
        plate.fill(colour("ground"))
        painter = QPainter(plate)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("card" if theme().tokens.dark else "panel"))
        painter.drawRoundedRect(QRectF(self.rect()), 10, 10)
        facts, survey = self._facts, self._survey
        if facts is not None and survey is not None and facts.seconds > 0:
            self._paint_unread(painter, survey, facts)
            if facts.seconds >= _TREND_FROM_S:
                self._paint_trend(painter, survey, facts)
            else:
                self._paint_envelope(painter, survey)
            self._paint_differing(painter)
        painter.end()
        return plate

    def _paint_unread(self, painter: QPainter, survey: EcgSurvey, facts: Facts) -> None:
        """What is not known yet, and what nothing is in."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faint("dim", 34))
        stop = 0.0
        spans = [(a / facts.rate_hz, b / facts.rate_hz) for a, b in survey.known()]
        for start_s, stop_s in [*spans, (facts.seconds, facts.seconds)]:
            if start_s > stop:
                painter.drawRect(self._room(stop, start_s))
            stop = max(stop, stop_s)

    def _paint_trend(self, painter: QPainter, survey: EcgSurvey, facts: Facts) -> None:
        inner = self._inner()
        bins = max(8, min(round(inner.width() / _BIN_PX), round(facts.seconds / 2)))
        versions: list[tuple[Peaks, str]] = [(survey.peaks, "dim")]
        if self._beats.after is not None and self._beats.spans and not self._partial:
            versions = [(survey.peaks, "original"), (self._beats.after, "accent")]
        breaks = survey.breaks
        rates = [trend(peaks, facts.rate_hz, facts.seconds, bins, breaks) for peaks, _ in versions]
        known = np.concatenate([rate[np.isfinite(rate)] for rate in rates])
        if not len(known):
            return
        low = math.floor((float(np.percentile(known, 1)) - _PADDING_BPM) / 10) * 10
        high = math.ceil((float(np.percentile(known, 99)) + _PADDING_BPM) / 10) * 10
        self._paint_scale(painter, inner, low, high)
        for rate, (_, role) in zip(rates, versions, strict=True):
            self._paint_line(painter, inner, (rate - low) / max(high - low, 1), role)

    def _paint_line(
        self, painter: QPainter, inner: QRectF, share: NDArray[np.float64], role: str
    ) -> None:
        x = inner.left() + (np.arange(len(share)) + 0.5) / len(share) * inner.width()
        y = inner.bottom() - np.clip(share, 0, 1) * inner.height()
        painter.setPen(QPen(colour(role), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        there = np.isfinite(y)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(np.int8)))
        for first, last in edges.reshape(-1, 2).tolist():
            painter.drawPolyline(polygon(x[first:last], y[first:last]))

    def _paint_scale(self, painter: QPainter, inner: QRectF, low: int, high: int) -> None:
        face = font("caption")
        face.setWeight(font("body").weight())
        face.setPointSizeF(face.pointSizeF() * 0.86)
        painter.setFont(face)
        painter.setPen(colour("dim"))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for y, bpm in ((inner.top() + 2, high), (inner.bottom() - 2, low)):
            painter.drawText(QRectF(2, y - 7, _SCALE_PX - 6, 14), flags, str(bpm))

    def _paint_envelope(self, painter: QPainter, survey: EcgSurvey) -> None:
        """Of the first lead, where a recording is too short for a trend."""
        if not survey.columns.size:
            return
        columns, inner = survey.columns[0], self._inner()
        known = columns[np.isfinite(columns)]
        if not len(known):
            return
        low, high = float(known.min()), float(known.max())
        scale = inner.height() / max(high - low, 1e-6)
        wide = inner.width() / len(columns)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("dim"))
        painter.drawRects(
            [
                QRectF(
                    inner.left() + place * wide,
                    inner.bottom() - (most - low) * scale,
                    max(1.0, wide * 0.6),
                    max(1.0, (most - least) * scale),
                )
                for place, (least, most) in enumerate(columns.tolist())
                if least == least
            ]
        )

    def _paint_differing(self, painter: QPainter) -> None:
        inner = self._inner()
        places = self._beats.differing / max(1.0, self._beats.rate_hz)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("bad"))
        for x in np.unique(np.round(self._x_of(places))).tolist():
            painter.drawRect(QRectF(x - 0.75, inner.bottom() + 2, 1.5, 5))

    # --- where things are

    def _inner(self) -> QRectF:
        room = QRectF(self.rect())
        return room.adjusted(_SCALE_PX, 9, -_SIDE_PX, -9)

    def _x_of(self, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
        inner = self._inner()
        return inner.left() + time_s / (self._board.paper.total_s or 1.0) * inner.width()

    def _room(self, start_s: float, stop_s: float) -> QRectF:
        left, right = self._x_of(np.array([start_s, stop_s])).tolist()
        return QRectF(left, 3, right - left, self.height() - 6)

    def _time_at(self, x: float) -> float:
        inner = self._inner()
        share = (x - inner.left()) / max(1.0, inner.width())
        return min(max(share, 0.0), 1.0) * self._board.paper.total_s

    def _window(self) -> QRectF:
        paper = self._board.paper
        window = self._room(paper.start_s, min(paper.stop_s, paper.total_s))
        if window.width() < _LEAST_WINDOW_PX:
            window = QRectF(window.center().x() - _LEAST_WINDOW_PX / 2, 3, _LEAST_WINDOW_PX, 0)
            window.setHeight(self.height() - 6)
        return window

    # --- input

    def mousePressEvent(self, event: QMouseEvent) -> None:
        window, x = self._window(), event.position().x()
        self._grip = x - window.left() if window.contains(event.position()) else window.width() / 2
        self._drag_to(event.position())
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons():
            self._drag_to(event.position())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._board.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        along = event.angleDelta().y() / 120
        if along:
            self._board.zoom_by(1.3**along)
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._on_outdated()

    def _drag_to(self, position: QPointF) -> None:
        left = self._time_at(position.x() - self._grip)
        if self._window().width() <= _LEAST_WINDOW_PX:  # it is drawn wider than it is
            left = self._time_at(position.x()) - self._board.paper.visible_s / 2
        self._board.pan(left - self._board.paper.start_s)

    def _on_outdated(self) -> None:
        self._plate = None
        self.update()
