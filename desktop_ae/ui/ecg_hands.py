"""Mouse and wheel over the paper: move, measure, zoom in time and height, one lead alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

if TYPE_CHECKING:
    from desktop_ae.ui.ecg_board import EcgBoard

_ZOOM_PER_NOTCH = 1.3
_PAN_PER_NOTCH = 0.12


class EcgHands(QObject):
    """Turns input into calls of the board. A drag moves the paper; with Shift it measures."""

    def __init__(self, board: EcgBoard) -> None:
        super().__init__(board)
        self._board = board
        self._from: float | None = None
        self._measuring = False
        self._turned = 0.0
        board.setCursor(Qt.CursorShape.OpenHandCursor)

    def press(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            event.ignore()
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._measuring = True
            self._board.measure(event.position(), begin=True)
            self._board.setCursor(Qt.CursorShape.CrossCursor)
            return
        self._from = event.position().x()
        self._board.setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, event: QMouseEvent) -> None:
        if self._measuring:
            self._board.measure(event.position(), begin=False)
        elif self._from is not None:
            x = event.position().x()
            self._board.pan((self._from - x) * self._board.paper.seconds_per_px)
            self._from = x

    def release(self, _event: QMouseEvent) -> None:
        caliper = self._board.caliper
        if self._measuring and caliper is not None and not caliper.seconds:
            self._board.put_calipers_away()
        self._from, self._measuring = None, False
        self._board.setCursor(Qt.CursorShape.OpenHandCursor)

    def double_click(self, event: QMouseEvent) -> None:
        """One lead alone; again: all of them."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._board.toggle_alone(event.position().y())
        else:
            event.ignore()

    def wheel(self, event: QWheelEvent) -> None:
        """A wheel zooms in time, with Ctrl in height, with Shift it moves."""
        board = self._board
        event.accept()
        modifiers = event.modifiers()
        shifted = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        fingers = event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        across, along = event.angleDelta().x() / 120, event.angleDelta().y() / 120
        if fingers and abs(event.pixelDelta().x()) > abs(event.pixelDelta().y()):
            board.pan(-event.pixelDelta().x() * board.paper.seconds_per_px)
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            self._turn_gain(along)
        elif shifted or (across and not along):
            board.pan(-(along or across) * _PAN_PER_NOTCH * board.paper.visible_s)
        elif along:
            board.zoom_by(_ZOOM_PER_NOTCH**along, event.position().x())

    def _turn_gain(self, notches: float) -> None:
        """A touchpad turns in small parts of a notch."""
        self._turned += notches
        while abs(self._turned) >= 1:
            larger = self._turned > 0
            self._turned -= 1 if larger else -1
            self._board.step_gain(larger)
