"""The mask as it lies over a picture: a warm tint, and a crisp outline."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from desktop_ae.core.mask import MaskPixels
from desktop_ae.ui.mask_canvas import Canvas, grey_pixels
from desktop_ae.ui.picture_camera import Camera
from desktop_ae.ui.theme import colour

_HALO, _LINE = 254, 255  # what of an image's 256 colours is not tint
_LINE_PX = 1.5


class MaskLayer:
    """Kept at the size of the screen; a stroke draws only what it touched anew.

    shown: whether it is to be seen at all. on_all: as an outline also where the mask does not
    belong, over the cleaned side; `fully` there with its tint, while a stroke is being drawn.
    """

    def __init__(self) -> None:
        self.canvas: Canvas | None = None
        self.shown = True
        self.on_all = False
        self.fully = False
        self._image = QImage()
        self._made_for: object = None
        self._ratio = 1.0
        self._dirty: list[QRect] = []

    def touch(self, rect: QRect | None = None) -> None:
        """The canvas was changed there, or everywhere."""
        if rect is None:
            self._made_for = None
        else:
            self._dirty.append(rect)

    def paint(self, painter: QPainter, camera: Camera, drawn: QRectF, side: str) -> None:
        """drawn: what the picture covers of the widget. side: of the comparison."""
        filled = side == "before" or self.fully
        if self.canvas is None or not self.shown or not (filled or self.on_all):
            return
        ratio = painter.device().devicePixelRatioF()
        self._refresh(self.canvas, camera, ratio)
        self._image.setColorTable(_colours(filled))
        self._image.setDevicePixelRatio(ratio)
        painter.drawImage(drawn.topLeft(), self._image)

    def _refresh(self, canvas: Canvas, camera: Camera, ratio: float) -> None:
        place = (camera.zoom, camera.origin(), camera.drawn(), ratio, id(canvas))
        transform = _to_drawn(canvas, camera)
        if place != self._made_for:
            self._made_for, self._ratio = place, ratio
            self._image = QImage(camera.drawn().size(), QImage.Format.Format_Indexed8)
            self._draw(canvas, transform, self._image.rect())
        for rect in self._dirty:
            self._draw(canvas, transform, transform.mapRect(QRectF(rect)).toAlignedRect())
        self._dirty = []

    def _draw(self, canvas: Canvas, transform: QTransform, part: QRect) -> None:
        """Make a part of the image anew, with what the outline needs around it."""
        thick = max(1, round(_LINE_PX * self._ratio))
        edge = 2 * thick
        part = part.adjusted(-edge, -edge, edge, edge).intersected(self._image.rect())
        if part.isEmpty():
            return
        wide = part.adjusted(-edge, -edge, edge, edge)
        soft = QImage(wide.size(), QImage.Format.Format_Grayscale8)
        soft.fill(0)
        canvas.draw(soft, transform * QTransform.fromTranslate(-wide.x(), -wide.y()))
        made = _outlined(grey_pixels(soft), thick)
        into = grey_pixels(self._image)
        inner = made[edge : edge + part.height(), edge : edge + part.width()]
        into[part.top() : part.bottom() + 1, part.left() : part.right() + 1] = inner


def screen_rect(canvas: Canvas, rect: QRect, camera: Camera, ratio: float) -> QRectF:
    """What a change of the canvas touches of a pane, in the widget's units, outline included."""
    across = _to_drawn(canvas, camera).mapRect(QRectF(rect))
    corner = QPoint(camera.drawn().topLeft())
    edge = 5 * _LINE_PX * ratio
    grown = across.translated(corner).adjusted(-edge, -edge, edge, edge)
    return QRectF(
        grown.x() / ratio, grown.y() / ratio, grown.width() / ratio, grown.height() / ratio
    )


def _to_drawn(canvas: Canvas, camera: Camera) -> QTransform:
    """From the canvas to what the camera sees of the picture, in device pixels."""
    offset = camera.origin() - camera.drawn().topLeft()
    wide, high = camera.scale()
    return canvas.to_picture * QTransform(wide, 0, 0, high, offset.x(), offset.y())


def _outlined(soft: MaskPixels, thick: int) -> MaskPixels:
    """Which colour each pixel gets. Only what lies around the mask is worked on."""
    made = np.zeros(soft.shape, np.uint8)
    rows, columns = (np.flatnonzero(soft.any(axis=axis)) for axis in (1, 0))
    if rows.size:
        top, left = max(0, rows[0] - 1), max(0, columns[0] - 1)
        around = np.s_[top : rows[-1] + 2, left : columns[-1] + 2]
        soft, into = soft[around], made[around]
        marked: NDArray[np.bool_] = soft > 127
        np.minimum(soft, _HALO - 1, out=into)
        into[_grown(marked, 1) & ~marked] = _HALO
        into[_grown(~marked, thick) & marked] = _LINE
    return made


def _grown(marked: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    for _ in range(by):
        wider = marked.copy()
        wider[1:] |= marked[:-1]
        wider[:-1] |= marked[1:]
        wider[:, 1:] |= marked[:, :-1]
        wider[:, :-1] |= marked[:, 1:]
        marked = wider
    return marked


def _colours(filled: bool) -> list[int]:
    tint, halo = colour("mask"), colour("shade")
    table = [0] * 256
    if filled:
        soft = QColor(tint)
        for value in range(_HALO):
            soft.setAlphaF(colour("mask_soft").alphaF() * value / (_HALO - 1))
            table[value] = soft.rgba()
    table[_HALO] = halo.rgba()
    table[_LINE] = tint.rgba()
    return table
