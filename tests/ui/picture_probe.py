"""Hands and eyes for the tests of the compare view."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton

from desktop_ae.ui.picture_view import PictureView

Pixels = NDArray[np.uint8]
BEFORE = (200, 40, 60)
AFTER = (40, 180, 60)
LEFT, RIGHT = (100, 90), (300, 90)  # clear of badges, handle and pill


def flat(colour: tuple[int, ...], width: int = 400, height: int = 300) -> Pixels:
    return np.full((height, width, len(colour)), colour, np.uint8)


def noise(width: int = 400, height: int = 300, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def painted(view: PictureView) -> Pixels:
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def colour_at(view: PictureView, at: tuple[int, int]) -> tuple[int, ...]:
    return tuple(int(part) for part in painted(view)[at[1], at[0]])


def mouse(
    view: PictureView,
    kind: QEvent.Type,
    at: tuple[float, float],
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> None:
    moving = kind == QEvent.Type.MouseMove
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
    event = QMouseEvent(
        kind,
        QPointF(*at),
        QPointF(*at),
        Qt.MouseButton.NoButton if moving else button,
        held,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view, event)


def drag(
    view: PictureView,
    start: tuple[float, float],
    end: tuple[float, float],
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> None:
    mouse(view, QEvent.Type.MouseButtonPress, start, button)
    mouse(view, QEvent.Type.MouseMove, end, button)
    mouse(view, QEvent.Type.MouseButtonRelease, end, button)


def turn_wheel(view: PictureView, at: tuple[float, float], notches: int) -> None:
    event = QWheelEvent(
        QPointF(*at),
        QPointF(*at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def segment(view: PictureView, text: str) -> QPushButton:
    return next(b for b in view.findChildren(QPushButton) if text in (b.text(), b.accessibleName()))


def rgb(image: QImage, x: int, y: int) -> NDArray[np.float64]:
    colour = image.pixelColor(x, y)
    return np.array([colour.red(), colour.green(), colour.blue()], float)
