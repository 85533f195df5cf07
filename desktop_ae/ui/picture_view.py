"""The compare view of pictures: before and after, wiped, side by side, or what was removed."""

from __future__ import annotations

import sys

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_ae.ui import picture_marks as marks
from desktop_ae.ui.handled_view import HandledView
from desktop_ae.ui.mask_layer import MaskLayer
from desktop_ae.ui.picture_camera import Camera
from desktop_ae.ui.picture_hands import Hands
from desktop_ae.ui.picture_layers import Pixels
from desktop_ae.ui.picture_pill import MODES, PicturePill
from desktop_ae.ui.picture_sides import Sides
from desktop_ae.ui.picture_words import PictureWords
from desktop_ae.ui.theme import colour, theme

_GUTTER_PX = 4
_PILL_BOTTOM_PX = 14
_VIEW_CHANGED_MS = 150


class PictureView(HandledView):
    """Shows a picture and its cleaned sister; never copies or changes the arrays it is given.

    Arrays are uint8 sRGB of shape (height, width, 3 or 4), both of one size. They must not be
    written to while they are shown. Zoom 1.0 is one picture pixel on one pixel of the screen.

    Signals: view_changed(QRect: visible part in picture pixels), once the view has rested for
    150 ms; zoom_changed(float); mode_changed(str of "wipe", "side", "removed").
    """

    view_changed = Signal(object)
    zoom_changed = Signal(object)
    mode_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._camera = Camera()
        self._sides = Sides(self)
        self._mode = "wipe"
        self._wipe = 0.5  # of the width of the picture's visible part
        self._note = ""
        self._showing_original = False
        self._words = PictureWords()
        self.overlay: MaskLayer | None = None  # on the before side, below badges and wipe
        self._hands = Hands(self, self._camera)
        self._pill = PicturePill(self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_VIEW_CHANGED_MS)
        self._rest.timeout.connect(self._on_rested)
        self._pill.mode_chosen.connect(self.set_mode)
        self._pill.zoom_stepped.connect(self.step_zoom)
        self._pill.one_to_one_asked.connect(self.one_to_one)
        self._pill.fit_asked.connect(self.fit)
        self._sides.refined.connect(self.update)
        theme().changed.connect(self.update)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 120)
        self.setAccessibleName(self.tr("Compare view"))
        if sys.platform != "darwin":  # there the native gestures tell the same a second time
            self.grabGesture(Qt.GestureType.PinchGesture)
        self._on_state_changed()

    def set_pictures(self, before: Pixels | None, after: Pixels | None) -> None:
        """Show these; None and None empties the view. ValueError for other shapes and sizes.

        Zoom and place stay where the new picture is of the same size as the old.
        """
        self._sides.set_pictures(before, after)
        levels = self._sides.before
        self._place_camera()
        self._camera.set_picture(QSize(0, 0) if levels is None else levels.size)
        self._on_state_changed()
        self._on_moved()

    def show_restored(self, rect: QRect, pixels: Pixels) -> None:
        """Lay the full-strength result for that part of the full picture over the after side."""
        self._sides.set_patch(rect, pixels)
        self._on_state_changed()

    def clear_restored(self) -> None:
        self._sides.clear_patch()
        self._on_state_changed()

    def set_mix(self, mix: float) -> None:
        """Show before + mix * (after - before) as the after; above 1 it goes further, clipped."""
        if mix != self._sides.mix:
            self._sides.mix = mix
            self.update()

    def read_after(self) -> QImage | None:
        """The whole cleaned picture at the present mix, in its own memory.

        None while there is none, a preview of a part included. Takes some tenths of a second for
        24 megapixels at a mix other than 1.
        """
        return self._sides.whole_after()

    def set_overlay_note(self, text: str) -> None:
        """A short remark at the bottom left of the view; "" takes it away."""
        self._note = text
        self._on_state_changed()

    @property
    def camera(self) -> Camera:
        """To read only: where things are."""
        return self._camera

    @property
    def mode(self) -> str:
        return self._mode

    @property
    def zoom(self) -> float:
        return self._camera.zoom

    @property
    def fitted(self) -> bool:
        return self._camera.fitted

    @property
    def wipe(self) -> float:
        return self._wipe

    @property
    def settled(self) -> bool:
        """False while a finer image of a shrunk picture is still being made."""
        return self._sides.settled

    def visible_part(self) -> QRect:
        """In picture pixels; empty without a picture."""
        return self._camera.visible()

    def set_mode(self, mode: str) -> None:
        """One of "wipe", "side", "removed"; ValueError for anything else."""
        if mode not in MODES:
            raise ValueError(f"There is no mode {mode!r}; it is one of {', '.join(MODES)}.")
        if mode == self._mode:
            return
        self._mode = mode
        self._pill.set_mode(mode)
        self._place_camera()
        self._on_moved()
        self._on_state_changed()
        self.mode_changed.emit(mode)

    def set_wipe(self, share: float) -> None:
        """Where the line stands, 0 to 1 of the visible picture's width."""
        self._wipe = min(max(share, 0.0), 1.0)
        self._describe()
        self.update()

    def show_original(self, shown: bool) -> None:
        """Before alone for as long as this is on: what holding Space does."""
        if shown != self._showing_original:
            self._showing_original = shown
            self.update()

    def fit(self) -> None:
        self._camera.fit()
        self._on_moved()

    def one_to_one(self, anchor: QPoint | None = None) -> None:
        """One picture pixel on one pixel of the screen; the anchor is in device pixels."""
        self.zoom_to(1.0, anchor)

    def zoom_to(self, zoom: float, anchor: QPoint | None = None) -> None:
        """Held between 5 % and 3200 %. The anchor, in device pixels of a pane, stays in place."""
        self._camera.zoom_to(zoom, anchor)
        self._on_moved()

    def step_zoom(self, inward: bool) -> None:
        self.zoom_to(self._camera.next_step(inward))

    def pan(self, right_px: float, down_px: float) -> bool:
        """Move the picture by that many device pixels; False where it is at its edge."""
        moved = self._camera.pan(right_px, down_px)
        if moved:
            self._on_moved()
        return moved

    def comparing(self) -> bool:
        return self._sides.has_after

    def panes(self) -> list[QRectF]:
        """The areas that each show the picture: two side by side, else one."""
        ratio = self.devicePixelRatioF()
        width = self._camera.view.width() / ratio
        first = QRectF(0, 0, width, self.height())
        if not self._is_split():
            return [first]
        return [first, QRectF(self.width() - width, 0, width, self.height())]

    def to_pane(self, point: QPointF) -> QPoint:
        """A point of the widget as device pixels of the pane that it is in."""
        pane = next((pane for pane in self.panes() if pane.contains(point)), self.panes()[0])
        return ((point - pane.topLeft()) * self.devicePixelRatioF()).toPoint()

    def picture_rect(self) -> QRectF:
        """The picture's visible part in the first pane, in the widget's units."""
        return marks.scaled(self._camera.drawn(), self.devicePixelRatioF())

    def wipe_x(self) -> float | None:
        """Where the line is, on a whole device pixel; None where none is shown."""
        if self._mode != "wipe" or not self.comparing() or self._showing_original:
            return None
        drawn = self._camera.drawn()
        return (drawn.x() + round(self._wipe * drawn.width())) / self.devicePixelRatioF()

    def event(self, event: QEvent) -> bool:
        if not hasattr(self, "_hands"):  # Qt sends events while the parts are being made
            return super().event(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._place_camera()
            self._on_moved()
        return self._hands.gesture(event) or super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place_pill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_camera()
        self._place_pill()
        self._on_moved()

    @property
    def mouse_hands(self) -> Hands:
        return self._hands

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._hands.key(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self._hands.key_up(event):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.show_original(False)
        super().focusOutEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        painter.fillRect(area, colour("card"))
        if self._sides.before is not None and not self._camera.drawn().isEmpty():
            self._paint_panes(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = self.wipe_x()
        if x is not None and not self.picture_rect().isEmpty():
            marks.draw_wipe(painter, x, self.picture_rect(), self._hands.holds_wipe)
        if self._note:
            marks.draw_badge(painter, self._note_rect(), self._note)
        marks.draw_corners(painter, area)
        if self._focus_seen:
            marks.draw_focus(painter, area)
        painter.end()

    def _paint_panes(self, painter: QPainter) -> None:
        panes = self.panes()
        if len(panes) == 2:
            self._paint_side(painter, panes[0], "before")
            self._paint_side(painter, panes[1], "before" if self._showing_original else "after")
            painter.fillRect(
                QRectF(panes[0].right(), 0, panes[1].left() - panes[0].right(), self.height()),
                colour("ground"),
            )
            return
        if not self.comparing() or self._showing_original:
            self._paint_side(painter, panes[0], "before")
        elif self._mode == "removed":
            self._paint_side(painter, panes[0], "removed")
        else:
            self._paint_wiped(painter, panes[0])

    def _paint_wiped(self, painter: QPainter, pane: QRectF) -> None:
        x = self.wipe_x() or 0.0
        left, right = QRectF(pane), QRectF(pane)
        left.setRight(x)
        right.setLeft(x)
        for half, side in ((left, "before"), (right, "after")):
            if half.width() > 0:
                painter.setClipRect(half)
                self._paint_side(painter, pane, side, half)
        painter.setClipping(False)

    def _paint_side(
        self, painter: QPainter, pane: QRectF, side: str, shown: QRectF | None = None
    ) -> None:
        """One side into a pane, with its badge where that fits into the part that is shown."""
        ratio = self.devicePixelRatioF()
        image = self._sides.seen(side, self._camera)
        image.setDevicePixelRatio(ratio)
        drawn = marks.scaled(self._camera.drawn(), ratio, pane.left())
        if image.hasAlphaChannel():
            painter.drawTiledPixmap(drawn, marks.squares(ratio))
        painter.drawImage(drawn.topLeft(), image)
        if self.overlay is not None and not self._showing_original:
            self.overlay.paint(painter, self._camera, drawn, side)
        on_right = side != "before" and shown is not None
        name = {"before": self.tr("Before"), "after": self.tr("After")}.get(side)
        text = name or self.tr("Removed")
        badge = marks.badge_rect(drawn, text, right=on_right)
        room = drawn if shown is None else drawn.intersected(shown)
        if room.contains(badge):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            marks.draw_badge(painter, badge, text)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _note_rect(self) -> QRectF:
        """At the bottom left, above the pill where they would touch."""
        area = QRectF(self.rect())
        rect = marks.badge_rect(area, self._note, low=True)
        pill = QRectF(self._pill.geometry()).adjusted(-8, 0, 8, 0)
        if self._pill.isVisibleTo(self) and rect.intersects(pill):
            rect.moveBottom(pill.top() - 8)
        return rect

    def _is_split(self) -> bool:
        return self._mode == "side" and self.comparing()

    def _place_camera(self) -> None:
        ratio = self.devicePixelRatioF()
        width = self.width()
        if self._is_split():
            width = (width - _GUTTER_PX) // 2
        self._camera.set_view(QSize(round(width * ratio), round(self.height() * ratio)))

    def _place_pill(self) -> None:
        fits = self._pill.fit_into(self.width() - 24)
        self._pill.setVisible(fits and self._sides.before is not None)
        size = self._pill.size()
        self._pill.move(
            (self.width() - size.width()) // 2, self.height() - size.height() - _PILL_BOTTOM_PX
        )

    def _describe(self) -> None:
        """What a screen reader says after the name."""
        mode = self._mode if self.comparing() else ""
        said = self._words.seen(self._sides.before is not None, mode, self._wipe, self.zoom)
        self.setAccessibleDescription(f"{said}. {self._note}" if self._note else said)

    def _on_state_changed(self) -> None:
        self._pill.set_comparing(self.comparing())
        self._place_camera()
        self._place_pill()
        self._describe()
        self.update()

    def _on_moved(self) -> None:
        self._pill.set_zoom(self._camera.zoom)
        self._place_pill()
        self._describe()
        self.zoom_changed.emit(self._camera.zoom)
        self._rest.start()
        self.update()

    def _on_rested(self) -> None:
        self.view_changed.emit(self._camera.visible())
