"""A mask that can be painted on, and cut out of for a preview."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform

from desktop_ae.core.mask import Mask, MaskPixels

LONGEST_PX = 2048


def canvas_size(width: int, height: int) -> tuple[int, int]:
    """Width and height at which the mask of a picture is kept: no side over LONGEST_PX."""
    share = min(1.0, LONGEST_PX / max(width, height))
    return max(1, round(width * share)), max(1, round(height * share))


def grey_image(pixels: MaskPixels) -> QImage:
    """In its own memory."""
    height, width = pixels.shape
    tight = np.ascontiguousarray(pixels)
    return QImage(tight.data, width, height, width, QImage.Format.Format_Grayscale8).copy()


def grey_pixels(image: QImage) -> MaskPixels:
    """The memory of a Grayscale8 image that nobody else holds; valid while the image lives."""
    flat: MaskPixels = np.frombuffer(image.bits(), np.uint8)
    return flat.reshape(image.height(), image.bytesPerLine())[:, : image.width()]


class Canvas:
    """Lengths and places are pixels of the picture as it is shown, but for `image` and `rect`s.

    full, shown: the picture's size in its file, and in the array that is on the screen.
    """

    def __init__(self, full: QSize, shown: QSize) -> None:
        self.full, self.shown = full, shown
        width, height = canvas_size(full.width(), full.height())
        self.image = QImage(width, height, QImage.Format.Format_Grayscale8)
        self.image.fill(0)
        self.version = 0  # another one after each change
        self._across = width / shown.width()
        self._down = height / shown.height()

    @property
    def to_picture(self) -> QTransform:
        return QTransform.fromScale(1 / self._across, 1 / self._down)

    def load(self, mask: Mask | None) -> None:
        """Show this mask, of the picture's shape; None for an empty one."""
        self.version += 1
        if mask is None:
            self.image.fill(0)
            return
        image = grey_image(mask.pixels)
        if image.size() != self.image.size():
            image = image.scaled(
                self.image.size(),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            ).convertToFormat(QImage.Format.Format_Grayscale8)
        self.image = image

    def mask(self) -> Mask:
        return Mask.of(grey_pixels(self.image))

    def line(self, start: QPointF, end: QPointF, diameter: float, *, add: bool) -> QRect:
        """Mark what a round brush passes over, or unmark it. Returned: where `image` changed."""
        self.version += 1
        scale = QTransform.fromScale(self._across, self._down)
        first, last = scale.map(start), scale.map(end)
        width = max(1.0, diameter * self._across)
        value = 255 if add else 0
        tint = QColor(value, value, value)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter = QPainter(self.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tint, width, Qt.PenStyle.SolidLine, cap, join))
        if first == last:
            painter.drawPoint(first)
        else:
            painter.drawLine(first, last)
        painter.end()
        grown = width / 2 + 2
        touched = QRectF(first, last).normalized().adjusted(-grown, -grown, grown, grown)
        return touched.toAlignedRect().intersected(self.image.rect())

    def part(self, rect: QRect) -> MaskPixels:
        """The mask of a part of the picture, as many pixels as the part has."""
        made = QImage(rect.size(), QImage.Format.Format_Grayscale8)
        made.fill(0)
        self.draw(made, self.to_picture * QTransform.fromTranslate(-rect.x(), -rect.y()))
        return grey_pixels(made).copy()

    def draw(self, onto: QImage, transform: QTransform) -> None:
        """transform: from pixels of `image` to those of the Grayscale8 image `onto`."""
        painter = QPainter(onto)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.setTransform(transform)
        painter.drawImage(QPointF(0, 0), self.image)
        painter.end()
