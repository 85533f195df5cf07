"""Mouse, wheel, touch and keys of the compare view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture

from desktop_ae.ui.picture_camera import Camera
from desktop_ae.ui.picture_marks import HANDLE_RADIUS

if TYPE_CHECKING:
    from desktop_ae.ui.picture_view import PictureView

_NEAR_LINE_PX = 14.0
_ZOOM_PER_NOTCH = 1.25
_PAN_STEP_PX = 60.0
_WIPE_STEP = 0.02
_MODE_KEYS = {Qt.Key.Key_W: "wipe", Qt.Key.Key_S: "side", Qt.Key.Key_R: "removed"}
_ARROWS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class Hands(QObject):
    """Turns input into calls of the view. Remembers only what is being dragged."""

    def __init__(self, view: PictureView, camera: Camera) -> None:
        super().__init__(view)
        self._view = view
        self._camera = camera
        self._drag = ""  # "wipe", "pan" or nothing
        self._last = QPointF()
        self._grip = 0.0  # from the pointer to the line, so that the line does not jump

    @property
    def holds_wipe(self) -> bool:
        return self._drag == "wipe"

    def press(self, event: QMouseEvent) -> None:
        position = event.position()
        if event.button() == Qt.MouseButton.LeftButton and self._near_wipe(position):
            self._drag = "wipe"
            self._grip = (self._view.wipe_x() or 0.0) - position.x()
            self._view.update()
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._drag = "pan"
        else:
            event.ignore()
        self._last = position
        self._point_with(position)

    def move(self, event: QMouseEvent) -> None:
        position = event.position()
        if self._drag == "wipe":
            drawn = self._view.picture_rect()
            if drawn.width() > 0:
                x = position.x() + self._grip
                self._view.set_wipe((x - drawn.left()) / drawn.width())
        elif self._drag == "pan":
            ratio = self._view.devicePixelRatioF()
            step = (position - self._last) * ratio
            self._view.pan(step.x(), step.y())
        self._last = position
        self._point_with(position)

    def release(self, event: QMouseEvent) -> None:
        self._drag = ""
        self._point_with(event.position())
        self._view.update()

    def double_click(self, event: QMouseEvent) -> None:
        """On the handle: back to the middle. Elsewhere: fit, or 1:1 at the pointer."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
        elif self._near_wipe(event.position()):
            self._view.set_wipe(0.5)
        elif self._camera.fitted and self._camera.zoom != 1.0:
            self._view.one_to_one(self._view.to_pane(event.position()))
        else:
            self._view.fit()

    def wheel(self, event: QWheelEvent) -> None:
        """A wheel zooms. Two fingers on a touchpad pan; with Ctrl, they zoom as well."""
        zooming = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        fingers = event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        if fingers and not zooming:
            ratio = self._view.devicePixelRatioF()
            step = event.pixelDelta()
            self._view.pan(step.x() * ratio, step.y() * ratio)
        else:
            notches = event.angleDelta().y() / 120
            if notches:
                self._zoom_by(_ZOOM_PER_NOTCH**notches, event.position())
        event.accept()

    def gesture(self, event: QEvent) -> bool:
        """Pinches of a touchpad and of a touch screen; False for every other event."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self._zoom_by(max(1.0 + event.value(), 0.1), event.position())
                return True
            return False
        if event.type() == QEvent.Type.Gesture and isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                middle = self._view.mapFromGlobal(pinch.centerPoint())
                self._zoom_by(pinch.scaleFactor(), QPointF(middle))
                return True
        return False

    def key(self, event: QKeyEvent) -> bool:
        """Whether the key meant something here."""
        key = Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Space:
            self._view.show_original(True)
        elif key in _ARROWS:
            return self._arrow(key, modifiers)
        elif modifiers & ~Qt.KeyboardModifier.ShiftModifier:
            return False  # Ctrl+F and its like belong to the window
        elif key in (Qt.Key.Key_0, Qt.Key.Key_F):
            self._view.fit()
        elif key == Qt.Key.Key_1:
            self._view.one_to_one()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._view.step_zoom(True)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self._view.step_zoom(False)
        elif key in _MODE_KEYS and self._view.comparing():
            self._view.set_mode(_MODE_KEYS[key])
        else:
            return False
        return True

    def key_up(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Space:
            return False
        if not event.isAutoRepeat():
            self._view.show_original(False)
        return True

    def _arrow(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        across, down = _ARROWS[key]
        if modifiers == Qt.KeyboardModifier.ShiftModifier and across:
            self._view.set_wipe(self._view.wipe - across * _WIPE_STEP)
            return True
        if modifiers == Qt.KeyboardModifier.NoModifier:
            step = _PAN_STEP_PX * self._view.devicePixelRatioF()
            self._view.pan(across * step, down * step)
            return True
        return False

    def _zoom_by(self, factor: float, position: QPointF) -> None:
        self._view.zoom_to(self._camera.zoom * factor, self._view.to_pane(position))

    def _near_wipe(self, position: QPointF) -> bool:
        x = self._view.wipe_x()
        drawn = self._view.picture_rect()
        if x is None or drawn.isEmpty():
            return False
        away = position - QPointF(x, drawn.center().y())
        on_handle = away.x() ** 2 + away.y() ** 2 <= (HANDLE_RADIUS + 5) ** 2
        on_line = abs(away.x()) <= _NEAR_LINE_PX and drawn.top() <= position.y() <= drawn.bottom()
        return on_handle or on_line

    def _point_with(self, position: QPointF) -> None:
        if self._drag == "wipe" or (not self._drag and self._near_wipe(position)):
            self._view.setCursor(Qt.CursorShape.SplitHCursor)
        elif self._camera.can_pan():
            shape = Qt.CursorShape.ClosedHandCursor if self._drag else Qt.CursorShape.OpenHandCursor
            self._view.setCursor(shape)
        else:
            self._view.unsetCursor()
