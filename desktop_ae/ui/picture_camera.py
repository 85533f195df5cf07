"""Where in a picture one looks: zoom, centre and their limits. Numbers only, no painting."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QRect, QSize

SMALLEST = 0.05
LARGEST = 32.0
# A small picture is enlarged to fill the view, but no further than it stays a picture.
LARGEST_FIT = 2.0
STEPS = (
    *(0.05, 0.0625, 0.0833, 0.1, 0.125, 0.1667, 0.25, 0.3333, 0.5, 0.6667, 0.8),
    *(1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0),
)


class Camera:
    """Looks at a picture through a view. Lengths of the view are device pixels.

    zoom is device pixels per picture pixel, so 1.0 is sharp on every screen. While `fitted`, the
    picture follows every new size of the view.
    """

    def __init__(self) -> None:
        self.picture = QSize(0, 0)
        self.view = QSize(0, 0)
        self.zoom = 1.0
        self.fitted = True
        self._x = 0.0  # the picture point in the middle of the view
        self._y = 0.0

    def set_picture(self, size: QSize) -> None:
        """A picture of the size before keeps the place, so that pictures can be compared."""
        if size != self.picture:
            self.picture = size
            self.fit()

    def set_view(self, size: QSize) -> None:
        self.view = size
        if self.fitted:
            self.fit()
        else:
            self._hold_in()

    def fit(self) -> None:
        self.zoom = self.fit_zoom()
        self.fitted = True
        self._x = self.picture.width() / 2
        self._y = self.picture.height() / 2

    def fit_zoom(self) -> float:
        if self.picture.isEmpty() or self.view.isEmpty():
            return 1.0
        across = self.view.width() / self.picture.width()
        down = self.view.height() / self.picture.height()
        return min(across, down, LARGEST_FIT)

    def zoom_to(self, zoom: float, anchor: QPoint | None = None) -> None:
        """Zoom so that what lies under the anchor (default: the middle of the view) stays."""
        middle = QPoint(self.view.width() // 2, self.view.height() // 2)
        anchor = middle if anchor is None else anchor
        zoom = min(max(zoom, min(SMALLEST, self.fit_zoom())), LARGEST)
        across = anchor.x() - self.view.width() / 2
        down = anchor.y() - self.view.height() / 2
        self._x += across / self.zoom - across / zoom
        self._y += down / self.zoom - down / zoom
        self.zoom = zoom
        self.fitted = False
        self._hold_in()

    def next_step(self, inward: bool) -> float:
        if inward:
            return next((step for step in STEPS if step > self.zoom * 1.001), LARGEST)
        smaller = [step for step in STEPS if step < self.zoom * 0.999]
        return smaller[-1] if smaller else SMALLEST

    def pan(self, right_px: float, down_px: float) -> bool:
        """Move the picture under the view; False if there was nowhere to go."""
        before = (self._x, self._y)
        self._x -= right_px / self.zoom
        self._y -= down_px / self.zoom
        self._hold_in()
        return before != (self._x, self._y)

    def can_pan(self) -> bool:
        return (
            self.picture.width() * self.zoom > self.view.width() + 1
            or self.picture.height() * self.zoom > self.view.height() + 1
        )

    def origin(self) -> QPoint:
        """Where the picture's first pixel lies in the view; whole pixels, or panning shimmers."""
        return QPoint(
            math.floor(self.view.width() / 2 - self._x * self.zoom + 0.5),
            math.floor(self.view.height() / 2 - self._y * self.zoom + 0.5),
        )

    def shown(self) -> QSize:
        """The size of the whole picture in the view, whole pixels."""
        return QSize(
            max(1, round(self.picture.width() * self.zoom)),
            max(1, round(self.picture.height() * self.zoom)),
        )

    def scale(self) -> tuple[float, float]:
        """zoom, across and down, adjusted so that the picture ends on a whole pixel."""
        shown = self.shown()
        return shown.width() / self.picture.width(), shown.height() / self.picture.height()

    def drawn(self) -> QRect:
        """The part of the view that the picture covers."""
        if self.picture.isEmpty():
            return QRect()
        return QRect(self.origin(), self.shown()).intersected(QRect(QPoint(0, 0), self.view))

    def visible(self) -> QRect:
        """The part of the picture that is in the view, in whole picture pixels."""
        drawn = self.drawn()
        if drawn.isEmpty():
            return QRect()
        origin = self.origin()
        left = math.floor((drawn.left() - origin.x()) / self.zoom)
        top = math.floor((drawn.top() - origin.y()) / self.zoom)
        right = math.ceil((drawn.left() + drawn.width() - origin.x()) / self.zoom)
        bottom = math.ceil((drawn.top() + drawn.height() - origin.y()) / self.zoom)
        part = QRect(left, top, right - left, bottom - top)
        return part.intersected(QRect(QPoint(0, 0), self.picture))

    def _hold_in(self) -> None:
        """No empty margin beside a picture that could fill the view; a smaller one is centred."""
        self._x = _held(self._x, self.picture.width(), self.view.width() / self.zoom)
        self._y = _held(self._y, self.picture.height(), self.view.height() / self.zoom)


def _held(centre: float, picture: int, seen: float) -> float:
    if picture <= seen:
        return picture / 2
    return min(max(centre, seen / 2), picture - seen / 2)
