"""The pixels behind the compare view: pictures wrapped, sampled at the size of the screen, mixed.

Everything here works on what is visible, at display resolution, so that it costs the same for a
24-megapixel picture as for a small one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPoint, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QTransform

from desktop_ae.ui.picture_camera import Camera

Pixels: TypeAlias = NDArray[np.uint8]

REMOVED_GAIN = 4
_SLAB_ROWS = 256  # about 5 ms of halving for a row of 6000
_NEAREST_ABOVE = 2.0
_ALPHA = 3 if sys.byteorder == "little" else 0  # of the four bytes of a 32-bit pixel


def wrapped(pixels: Pixels) -> QImage:
    """A QImage on the same memory. The caller must keep `pixels` for as long as the image."""
    height, width, channels = pixels.shape
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    return QImage(pixels.data, width, height, width * channels, kind)


class Levels:
    """One picture and its halves, quarters and so on, made when a small zoom asks for them.

    Shrinking by more than two in one go would skip pixels and show noise that is not there. A
    level is made in slabs between events, so the window answers meanwhile; until then the next
    larger level stands in. `grown` is called after each finished level, until the owner dies or
    drop() is called.
    """

    def __init__(self, pixels: Pixels, grown: Callable[[], None], owner: QObject) -> None:
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in (3, 4):
            raise ValueError("A picture to show is uint8 and of shape (height, width, 3 or 4).")
        self.pixels = np.ascontiguousarray(pixels)
        self._grown = grown
        self._levels = [self.pixels]
        self._images = [wrapped(self.pixels)]
        self._wanted = 0
        self._next: Pixels | None = None
        self._row = 0
        self._timer = QTimer(owner)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_idle)

    @property
    def size(self) -> QSize:
        return QSize(self.pixels.shape[1], self.pixels.shape[0])

    @property
    def has_alpha(self) -> bool:
        return bool(self.pixels.shape[2] == 4)

    @property
    def settled(self) -> bool:
        """Whether what was asked for last is there."""
        return self._wanted < len(self._images)

    def drop(self) -> None:
        """No more work for this picture: it will not be drawn again."""
        self._timer.stop()
        self._timer.deleteLater()

    def best(self, zoom: float) -> tuple[QImage, float, float]:
        """The image to draw from, and how many picture pixels one of its pixels covers (x, y)."""
        level = 0
        while zoom * 2 ** (level + 1) <= 1.0 and min(self.pixels.shape[:2]) >> (level + 1) > 0:
            level += 1
        self._wanted = level
        if not self.settled and not self._timer.isActive():
            self._timer.start()
        image = self._images[min(level, len(self._images) - 1)]
        height, width = self.pixels.shape[:2]
        return image, width / image.width(), height / image.height()

    def _on_idle(self) -> None:
        if self.settled:
            self._timer.stop()
            return
        source = self._levels[-1]
        height, width, channels = source.shape
        if self._next is None:
            self._next = np.empty((height // 2, width // 2, channels), np.uint8)
            self._row = 0
        last = min(self._row + _SLAB_ROWS // 2, height // 2)
        self._next[self._row : last] = halved(source[2 * self._row : 2 * last])
        self._row = last
        if last == height // 2:
            self._levels.append(self._next)
            self._images.append(wrapped(self._next))
            self._next = None
            self._grown()


def halved(pixels: Pixels) -> Pixels:
    """Each 2 x 2 block's mean; an odd last row or column is left out."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    rows = pixels[0 : 2 * height : 2, : 2 * width].astype(np.uint16)
    rows += pixels[1 : 2 * height : 2, : 2 * width]
    result = np.empty((height, width, pixels.shape[2]), np.uint8)
    for channel in range(pixels.shape[2]):
        block = rows[:, 0::2, channel] + rows[:, 1::2, channel]
        block += 2
        block >>= 2
        result[:, :, channel] = block
    return result


def sampled(levels: Levels, camera: Camera, alpha: bool) -> QImage:
    """What the camera sees of a picture: an image of the size of camera.drawn()."""
    kind = QImage.Format.Format_ARGB32_Premultiplied if alpha else QImage.Format.Format_RGB32
    image = QImage(camera.drawn().size(), kind)
    image.fill(Qt.GlobalColor.transparent)
    paint_into(image, levels, camera, QPoint(0, 0))
    return image


def paint_into(image: QImage, levels: Levels, camera: Camera, corner: QPoint) -> None:
    """Lay a picture, or a patch whose first pixel is `corner` of the picture, over the image."""
    source, across, down = levels.best(camera.zoom)
    offset = camera.origin() - camera.drawn().topLeft()
    wide, high = camera.scale()
    left = offset.x() + corner.x() * wide
    top = offset.y() + corner.y() * high
    painter = QPainter(image)
    smooth = camera.zoom <= _NEAREST_ABOVE
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    # Replace, not blend: nothing beneath a patch may shine through its alpha.
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.setTransform(QTransform(wide * across, 0, 0, high * down, left, top))
    painter.drawImage(QPointF(0, 0), source)
    painter.end()


def mixed(before: QImage, after: QImage, mix: float) -> QImage:
    """The sum before + mix * (after - before), clipped. Both of one size and 32-bit format."""
    if mix == 1.0:
        return after
    if mix == 0.0:
        return before
    one, two = _bytes_of(before), _bytes_of(after)
    result = QImage(before.size(), before.format())
    into = _bytes_in(result)
    if 0.0 < mix < 1.0:
        share = round(mix * 256)
        total = one.astype(np.uint16)
        total *= 256 - share
        part = two.astype(np.uint16)
        part *= share
        total += part
        total += 128
        total >>= 8
        into[...] = total
    else:
        wide = two.astype(np.int32)
        wide -= one
        wide *= round(mix * 256)
        wide += 128
        wide >>= 8
        wide += one
        np.clip(wide, 0, 255, out=wide)
        into[...] = wide
        _cap_at_alpha(result, into)
    return result


def removed(before: QImage, after: QImage, mix: float) -> QImage:
    """Mid-grey plus four times what `after` at that mix took away; opaque."""
    one, two = _bytes_of(before), _bytes_of(after)
    wide = one.astype(np.int32)
    wide -= two
    wide *= round(mix * 256) * REMOVED_GAIN
    wide += 128
    wide >>= 8
    wide += 128
    np.clip(wide, 0, 255, out=wide)
    result = QImage(before.size(), QImage.Format.Format_RGB32)
    into = _bytes_in(result)
    into[...] = wide
    into[:, :, _ALPHA] = 255
    return result


def whole_mix(before: Pixels, after: Pixels, mix: float) -> QImage:
    """The full picture at that mix, in memory of its own."""
    if mix == 1.0:
        return wrapped(after).copy()
    result = np.empty_like(before)
    for row in range(0, before.shape[0], _SLAB_ROWS):
        part = slice(row, row + _SLAB_ROWS)
        one = before[part].astype(np.float32)
        slab = one + mix * (after[part].astype(np.float32) - one)
        result[part] = np.clip(slab + 0.5, 0, 255)
    return wrapped(result).copy()


def _cap_at_alpha(image: QImage, pixels: Pixels) -> None:
    """Premultiplied colours may not exceed their alpha."""
    if image.format() == QImage.Format.Format_ARGB32_Premultiplied:
        np.minimum(pixels, pixels[:, :, _ALPHA : _ALPHA + 1], out=pixels)


def _bytes_of(image: QImage) -> Pixels:
    """The bytes of a 32-bit image as (height, width, 4), to read; valid while the image lives."""
    flat: Pixels = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.width(), 4)


def _bytes_in(image: QImage) -> Pixels:
    """The same to write into: for an image that nobody else holds yet."""
    flat: Pixels = np.frombuffer(image.bits(), np.uint8)
    return flat.reshape(image.height(), image.width(), 4)
