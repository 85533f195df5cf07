"""Mouse and wheel over the lanes: seek, select, pan, zoom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

if TYPE_CHECKING:
    from desktop_ae.ui.sound_board import SoundBoard

_CLICK_PX = 4.0
_NEAR_EDGE_PX = 5.0
_ZOOM_PER_NOTCH = 1.3
_PAN_PER_NOTCH = 0.12


class Hands(QObject):
    """Turns input into calls of the board. Remembers only what is being dragged.

    In the lanes a click seeks and a drag selects; on the ruler, or with the middle button, a drag
    moves the recording. An edge of the selection can be dragged.
    """

    def __init__(self, board: SoundBoard) -> None:
        super().__init__(board)
        self._board = board
        self._drag = ""  # "seek" (until it moves), "select", "pan" or nothing
        self._from = QPointF()
        self._held_s = 0.0  # the end of the selection that stays, or the time under the hand

    def press(self, event: QMouseEvent) -> None:
        position, board = event.position(), self._board
        self._from = position
        if event.button() == Qt.MouseButton.MiddleButton:
            self._drag = "pan"
        elif event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        elif (stays := self._edge_opposite(position)) is not None:
            self._drag, self._held_s = "select", stays
        else:
            self._drag = "seek"
            self._held_s = board.time_at(position.x())
        self._point_with(position)

    def move(self, event: QMouseEvent) -> None:
        position, board = event.position(), self._board
        if self._drag == "seek" and abs(position.x() - self._from.x()) > _CLICK_PX:
            self._drag = "pan" if board.on_ruler(self._from.y()) else "select"
        if self._drag == "select":
            time_s = board.time_at(position.x())
            board.select((min(time_s, self._held_s), max(time_s, self._held_s)))
        elif self._drag == "pan":
            board.pan((self._from.x() - position.x()) * board.timeline.seconds_per_px)
            self._from = position
        self._point_with(position)

    def release(self, event: QMouseEvent) -> None:
        if self._drag == "seek":
            if not self._board.on_ruler(self._from.y()):
                self._deselect_unless_within(self._held_s)
            self._board.seek_asked.emit(self._held_s)
        self._drag = ""
        self._point_with(event.position())

    def double_click(self, event: QMouseEvent) -> None:
        """On the ruler: all of it. In the selection: fill the view with that."""
        board = self._board
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
        elif board.on_ruler(event.position().y()):
            board.fit()
        elif board.selection is not None:
            board.show_span(board.selection)

    def wheel(self, event: QWheelEvent) -> None:
        """A wheel zooms, with Shift it moves. Two fingers on a touchpad do as they go."""
        board = self._board
        event.accept()
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        fingers = event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        across, along = event.angleDelta().x() / 120, event.angleDelta().y() / 120
        if fingers and abs(event.pixelDelta().x()) > abs(event.pixelDelta().y()):
            board.pan(-event.pixelDelta().x() * board.timeline.seconds_per_px)
        elif shifted or (across and not along):
            board.pan(-(along or across) * _PAN_PER_NOTCH * board.timeline.visible_s)
        elif along:
            board.zoom_by(_ZOOM_PER_NOTCH**along, event.position().x())

    def _deselect_unless_within(self, time_s: float) -> None:
        chosen = self._board.selection
        if chosen is not None and not chosen[0] <= time_s <= chosen[1]:
            self._board.select(None)

    def _edge_opposite(self, position: QPointF) -> float | None:
        """The other end of the selection, where the pointer is on one of them."""
        board = self._board
        if board.selection is None or board.on_ruler(position.y()):
            return None
        start_s, stop_s = board.selection
        if abs(board.x_of(start_s) - position.x()) <= _NEAR_EDGE_PX:
            return stop_s
        if abs(board.x_of(stop_s) - position.x()) <= _NEAR_EDGE_PX:
            return start_s
        return None

    def _point_with(self, position: QPointF) -> None:
        if self._drag == "pan":
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._drag == "select" or self._edge_opposite(position) is not None:
            shape = Qt.CursorShape.SizeHorCursor
        elif self._board.on_ruler(position.y()) and not self._board.timeline.fitted:
            shape = Qt.CursorShape.OpenHandCursor
        else:
            shape = Qt.CursorShape.IBeamCursor
        self._board.setCursor(shape)
