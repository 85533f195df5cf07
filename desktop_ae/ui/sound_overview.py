"""The whole recording in a strip, with the part that the lanes show."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from desktop_ae.ui.errands import VIEW, Errands
from desktop_ae.ui.sound_board import SoundBoard
from desktop_ae.ui.sound_data import Facts, PeaksJob, Samples, Sound
from desktop_ae.ui.sound_paint import faint
from desktop_ae.ui.theme import colour, theme

_HEIGHT_PX = 38
_COLUMNS = 2048
_SIDE_PX = 22.0
_LEAST_WINDOW_PX = 8.0


class SoundOverview(QWidget):
    """Drag the window in it, or click beside it; the wheel zooms as in the lanes.

    Signals:
        peaked(peak: float): the greatest sample of the original is known.
    """

    peaked = Signal(object)

    def __init__(self, board: SoundBoard, errands: Errands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._errands = errands
        self._asked: list[int] = [0, 0]
        self._peaks: list[NDArray[np.float32] | None] = [None, None]
        self._shown: list[tuple[Facts | None, Sound | None]] = [(None, None), (None, None)]
        self._grip = 0.0
        self._plate: QPixmap | None = None
        self.setFixedHeight(_HEIGHT_PX)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName(self.tr("Whole recording"))
        self.setToolTip(self.tr("Drag to move, wheel to zoom, double-click for all of it (F)"))
        board.view_changed.connect(self.update)
        theme().changed.connect(self._on_outdated)

    def show_sounds(self, facts: Facts | None, before: Sound | None, after: Sound | None) -> None:
        """after: None where there is no whole one."""
        for place, sound in enumerate((before, after)):
            if (facts, sound) != self._shown[place]:
                self._shown[place] = (facts, sound)
                self._errands.drop(self._asked[place])
                self._asked[place] = 0
                self._peaks[place] = None
        self.load()
        self._on_outdated()

    def load(self) -> None:
        """Ask for what can be had now."""
        for place, (facts, sound) in enumerate(self._shown):
            if facts is None or sound is None or self._asked[place] or not sound.is_built:
                continue
            columns = min(_COLUMNS, facts.frames)
            job = PeaksJob(sound, columns, 0.0, facts.seconds)
            self._asked[place] = self._errands.ask(
                job, partial(self._on_peaks, place), urgency=VIEW
            )

    def set_playhead(self, _time_s: float) -> None:
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._plate is None:
            self._plate = self._painted()
        painter.drawPixmap(0, 0, self._plate)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self._board.timeline
        if line.total_s > 0:
            if not line.fitted:
                window = self._window()
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(faint("accent", 40))
                painter.drawRoundedRect(window, 6, 6)
                painter.setPen(colour("accent"))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(window.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            x = self._x_of(self._board.playhead_s)
            painter.fillRect(QRectF(x - 0.75, 3, 1.5, self.height() - 6), colour("text"))
        painter.end()

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
        line = self._board.timeline
        if along and line.total_s:
            at = line.x_of(self._time_at(event.position().x()))
            self._board.zoom_by(1.3**along, at + _SIDE_PX)
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._on_outdated()

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
        before = self._peaks[0]
        scale = 1.0 / max(0.02, float(np.abs(before).max())) if before is not None else 1.0
        # Over the original what is left of it: what was taken out stands around it.
        strength = faint("dim", 150 if self._peaks[1] is not None else 255)
        for peaks, tint in zip(self._peaks, (strength, colour("accent")), strict=True):
            if peaks is not None:
                self._paint_peaks(painter, peaks, scale, tint)
        painter.end()
        return plate

    def _paint_peaks(self, painter: QPainter, peaks: Samples, scale: float, tint: QColor) -> None:
        width = round(self._room())
        least, most = peaks[:, :, 0].min(axis=0), peaks[:, :, 1].max(axis=0)
        edges = np.linspace(0, len(least), width, endpoint=False).astype(np.int64)
        lows = np.clip(np.minimum.reduceat(least, edges) * scale, -1, 1).tolist()
        highs = np.clip(np.maximum.reduceat(most, edges) * scale, -1, 1).tolist()
        middle, reach = self.height() / 2, self.height() / 2 - 6
        painter.setBrush(tint)
        bars = [
            QRectF(_SIDE_PX + x, middle - high * reach, 1.0, max(1.0, (high - low) * reach))
            for x, (low, high) in enumerate(zip(lows, highs, strict=True))
        ]
        painter.drawRects(bars)

    def _room(self) -> float:
        return max(1.0, self.width() - 2 * _SIDE_PX)

    def _x_of(self, time_s: float) -> float:
        return _SIDE_PX + time_s / (self._board.timeline.total_s or 1.0) * self._room()

    def _time_at(self, x: float) -> float:
        line = self._board.timeline
        return min(max((x - _SIDE_PX) / self._room(), 0.0), 1.0) * line.total_s

    def _window(self) -> QRectF:
        line = self._board.timeline
        left, right = self._x_of(line.start_s), self._x_of(line.stop_s)
        if right - left < _LEAST_WINDOW_PX:
            middle = (left + right) / 2
            left, right = middle - _LEAST_WINDOW_PX / 2, middle + _LEAST_WINDOW_PX / 2
        return QRectF(left, 2, right - left, self.height() - 4)

    def _drag_to(self, position: QPointF) -> None:
        line = self._board.timeline
        self._board.pan(self._time_at(position.x() - self._grip) - line.start_s)

    def _on_peaks(self, place: int, peaks: Samples) -> None:
        self._peaks[place] = peaks
        self._on_outdated()
        if place == 0 and peaks.size:
            self.peaked.emit(float(np.nanmax(np.abs(peaks))))

    def _on_outdated(self) -> None:
        self._plate = None
        self.update()
