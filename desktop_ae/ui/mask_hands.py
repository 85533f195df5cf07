"""Brush and eraser: what mouse and keys do to the mask in the compare view."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from desktop_ae.ui.mask_layer import MaskLayer, screen_rect
from desktop_ae.ui.mask_ring import MaskRing
from desktop_ae.ui.picture_marks import HANDLE_RADIUS
from desktop_ae.ui.picture_view import PictureView

BRUSH, ERASER = "brush", "eraser"
SIZES = 100  # steps of the size, from the smallest brush to the largest
_SMALLEST, _LARGEST = 0.002, 0.25  # of the longer side of the picture
_SIZE_STEP = 5
_TOOL_KEYS = {Qt.Key.Key_B: BRUSH, Qt.Key.Key_E: ERASER}
_SIZE_KEYS = {"[": -_SIZE_STEP, "]": _SIZE_STEP}
_ARROWS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}
_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MaskHands(QObject):
    """Stands between the view and its own hands, and takes what is meant for a brush.

    With a tool in hand the arrow keys move it, and Return puts it down and lifts it again.

    Signals:
        tool_changed(tool: str): BRUSH, ERASER, or "" for none.
        size_changed(size: int): 0 to SIZES.
        stroke_ended(): the canvas of the layer has changed.
        shown_asked(shown: bool): of the mask.
        undo_asked(redo: bool)
    """

    tool_changed = Signal(object)
    size_changed = Signal(object)
    stroke_ended = Signal()
    shown_asked = Signal(object)
    undo_asked = Signal(object)

    def __init__(self, view: PictureView, layer: MaskLayer) -> None:
        super().__init__(view)
        self._view = view
        self._layer = layer
        self._ring = MaskRing(view)
        self.tool = ""  # that is in hand now
        self.size = 40
        self.ready = False  # to be painted on
        self.steps = False  # that Ctrl+Z and Ctrl+Shift+Z could take
        self._wanted = ""  # by the person: taken up again with the next picture
        self._pane = QRectF()  # where the stroke began
        self._last: QPointF | None = None  # of the stroke being drawn, in picture pixels
        self._pen_down = False  # by the keyboard
        self._space = False
        view.installEventFilter(self)
        view.zoom_changed.connect(lambda _zoom: self._place_ring(self._ring.middle))

    @property
    def diameter(self) -> float:
        """Of the brush, in picture pixels."""
        picture = self._view.camera.picture
        share = _SMALLEST * math.pow(_LARGEST / _SMALLEST, self.size / SIZES)
        return max(1.0, share * max(picture.width(), picture.height()))

    def set_tool(self, tool: str) -> None:
        """Take a tool, or with "" none; nothing happens where there is nothing to paint on."""
        if self.ready:
            self._wanted = tool
            self._hold(tool)
            if tool:
                self.shown_asked.emit(True)
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.tool_changed.emit(self._wanted)

    def set_size(self, size: int) -> None:
        size = min(max(size, 0), SIZES)
        if size != self.size:
            self.size = size
            self._place_ring(self._ring.middle)
            self.size_changed.emit(size)

    def set_ready(self, ready: bool) -> None:
        """Whether there is a mask that may be painted on; the tool rests where not."""
        self.ready = ready
        self._hold(self._wanted if ready else "")

    def drop_stroke(self) -> None:
        """Another picture comes: what is being drawn belongs to the last one."""
        self._last, self._pen_down, self._layer.fully = None, False, False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QMouseEvent):
            return self._mouse(event)
        if isinstance(event, QKeyEvent):
            if kind == QEvent.Type.ShortcutOverride and self._claims(event):
                event.accept()
                return True
            if event.key() == Qt.Key.Key_Space:
                self._space = kind != QEvent.Type.KeyRelease
            return kind == QEvent.Type.KeyPress and self._key(event)
        if kind == QEvent.Type.Leave and self._last is None:
            self._ring.hide()
        elif kind == QEvent.Type.FocusOut:
            self._space = False
            self._end()
        return False

    def _hold(self, tool: str) -> None:
        if tool == self.tool:
            return
        self._end()
        self.tool = tool
        self._layer.on_all = bool(tool)
        self._ring.hide()
        self._view.unsetCursor()
        if tool and self._view.underMouse():
            self._point_with(QPointF(self._view.mapFromGlobal(self._view.cursor().pos())))
        self._view.update()

    # --- mouse

    def _mouse(self, event: QMouseEvent) -> bool:
        place = event.position()
        left = event.button() == Qt.MouseButton.LeftButton
        match event.type():
            case QEvent.Type.MouseButtonPress | QEvent.Type.MouseButtonDblClick:
                if self.tool and left and not self._space and not self._on_handle(place):
                    self._view.setFocus(Qt.FocusReason.MouseFocusReason)
                    self._begin(place)
                    return True
            case QEvent.Type.MouseMove:
                return self._move(event)
            case QEvent.Type.MouseButtonRelease if left and self._last is not None:
                self._end()
                return True
        return False

    def _move(self, event: QMouseEvent) -> bool:
        place = event.position()
        if self._last is not None and not self._pen_down:
            self._draw_to(place)
            self._point_with(place)
            return True
        free = not event.buttons()
        if not self.tool or self._space or not free or self._on_handle(place):
            self._ring.hide()
            return False
        self._point_with(place)
        return True

    def _on_handle(self, place: QPointF) -> bool:
        """The round one of the wipe, which can still be dragged; beside it one paints."""
        x = self._view.wipe_x()
        if x is None:
            return False
        away = place - QPointF(x, self._view.picture_rect().center().y())
        return away.x() ** 2 + away.y() ** 2 <= (HANDLE_RADIUS + 2) ** 2

    def _point_with(self, place: QPointF) -> None:
        self._view.setCursor(Qt.CursorShape.BlankCursor)
        self._place_ring(place, show=True)

    def _place_ring(self, place: QPointF, *, show: bool = False) -> None:
        if self.tool and (show or self._ring.isVisible()):
            ratio = self._view.devicePixelRatioF()
            width = self.diameter * self._view.camera.zoom / ratio
            self._ring.put(place, width, adds=self.tool == BRUSH)

    # --- keys

    def _claims(self, event: QKeyEvent) -> bool:
        """Keys that the window would take as its own."""
        undoes = event.key() in (Qt.Key.Key_Z, Qt.Key.Key_Y) and _with_control(event)
        return (undoes and self.steps) or (event.key() == Qt.Key.Key_Escape and bool(self.tool))

    def _key(self, event: QKeyEvent) -> bool:
        """Whether the key meant something here."""
        key = Qt.Key(event.key())
        if self._claims(event):
            if key == Qt.Key.Key_Escape:
                self.set_tool("")
            elif self._last is None:
                shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.undo_asked.emit(shift or key == Qt.Key.Key_Y)
            return True
        if event.text() in _SIZE_KEYS and self.ready:
            self.set_size(self.size + _SIZE_KEYS[event.text()])
            return True
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if key in _TOOL_KEYS:
            tool = _TOOL_KEYS[key]
            self.set_tool("" if tool == self._wanted else tool)
        elif key == Qt.Key.Key_M:
            self.shown_asked.emit(not self._layer.shown)
        elif self.tool and key in _ARROWS:
            self._step(_ARROWS[key])
        elif self.tool and key in _RETURN and not event.isAutoRepeat():
            self._turn_pen()
        else:
            return False
        return True

    def _step(self, way: QPointF) -> None:
        """Move the tool by a part of its size, and the picture where the view ends."""
        drawn = self._view.picture_rect()
        ratio = self._view.devicePixelRatioF()
        start = self._ring.middle if self._ring.isVisible() else drawn.center()
        stride = max(4.0, self.diameter * self._view.camera.zoom / ratio / 3)
        place = start + way * stride
        inside = QPointF(
            min(max(place.x(), drawn.left()), drawn.right() - 1),
            min(max(place.y(), drawn.top()), drawn.bottom() - 1),
        )
        beyond = (inside - place) * ratio
        if not beyond.isNull():
            self._view.pan(beyond.x(), beyond.y())
        if self._pen_down:
            self._draw_to(inside)
        self._place_ring(inside, show=True)

    def _turn_pen(self) -> None:
        if self._last is not None:
            self._end()
            return
        if not self._ring.isVisible():
            self._place_ring(self._view.picture_rect().center(), show=True)
        self._begin(self._ring.middle)
        self._pen_down = True

    # --- strokes

    def _begin(self, place: QPointF) -> None:
        panes = self._view.panes()
        self._pane = next((pane for pane in panes if pane.contains(place)), panes[0])
        self._layer.fully = True
        self._view.update()
        self._last = self._to_picture(place)
        self._draw_to(place)

    def _draw_to(self, place: QPointF) -> None:
        canvas = self._layer.canvas
        if canvas is None or self._last is None:
            return
        end = self._to_picture(place)
        rect = canvas.line(self._last, end, self.diameter, add=self.tool == BRUSH)
        self._last = end
        self._layer.touch(rect)
        ratio = self._view.devicePixelRatioF()
        area = screen_rect(canvas, rect, self._view.camera, ratio)
        for pane in self._view.panes():
            touched = area.translated(pane.topLeft()).intersected(pane)
            self._view.update(touched.toAlignedRect())

    def _end(self) -> None:
        if self._last is not None:
            self.drop_stroke()
            self._view.update()
            self.stroke_ended.emit()

    def _to_picture(self, place: QPointF) -> QPointF:
        ratio = self._view.devicePixelRatioF()
        camera = self._view.camera
        wide, high = camera.scale()
        point = (place - self._pane.topLeft()) * ratio - QPointF(camera.origin())
        return QPointF(point.x() / wide, point.y() / high)


def _with_control(event: QKeyEvent) -> bool:
    held = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
    return held == Qt.KeyboardModifier.ControlModifier
