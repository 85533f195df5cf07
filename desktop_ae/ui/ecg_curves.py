"""From samples to lines on the screen: one curve for each lead, broken at gaps."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from desktop_ae.ui.ecg_data import Samples
from desktop_ae.ui.ecg_traces import STRIPS_BELOW_S, Trace, gathered, profile
from desktop_ae.ui.theme import font

_CURVE_BELOW = 3.0  # samples to a pixel of the screen, up to which each one is drawn
REMOVED_BELOW_S = 120.0  # of what is visible: the difference needs all samples of both

_GAP_ALPHA = 30
_INSIDE_ALPHA = 70
_LEAST_GAP_PX = 2.0

Curves = tuple[NDArray[Any], Samples]  # seconds `(n,)`, millivolts `(leads, n)`


def curves_of(
    trace: Trace, rate_hz: float, leads: int, start_s: float, stop_s: float, px_s: float
) -> Curves:
    """px_s: seconds to a pixel of the screen."""
    if px_s * rate_hz < _CURVE_BELOW:
        first = max(0, math.floor(start_s * rate_hz) - 1)
        last = math.ceil(stop_s * rate_hz) + 2
        samples = gathered(trace, leads, first, last, rate_hz)
        return np.arange(first, last) / rate_hz, samples
    first_s, bins = _bins(start_s, stop_s, px_s)
    return _zigzag(profile(trace, rate_hz, leads, first_s, px_s, bins), first_s, px_s)


def removed_of(
    before: Trace,
    after: Trace,
    rate_hz: float,
    leads: int,
    start_s: float,
    stop_s: float,
    px_s: float,
) -> Curves | None:
    """What is in one and not in the other; None of a stretch too long for that."""
    if stop_s - start_s > min(REMOVED_BELOW_S, STRIPS_BELOW_S):
        return None
    first, last = max(0, math.floor(start_s * rate_hz) - 1), math.ceil(stop_s * rate_hz) + 2
    ours = gathered(before, leads, first, last, rate_hz)
    removed = ours - gathered(after, leads, first, last, rate_hz)
    if px_s * rate_hz < _CURVE_BELOW:
        return np.arange(first, last) / rate_hz, removed
    first_s, bins = _bins(start_s, stop_s, px_s)
    edges = np.ceil((first_s + np.arange(bins + 1) * px_s) * rate_hz - 1e-6).astype(np.int64)
    edges = (edges - first).clip(0, removed.shape[1] - 1)
    made = np.stack(
        [reduce.reduceat(removed, edges, axis=1)[:, :-1] for reduce in (np.fmin, np.fmax)], axis=-1
    )
    return _zigzag(made, first_s, px_s)


def _bins(start_s: float, stop_s: float, px_s: float) -> tuple[float, int]:
    """On fixed times, so that a curve moves with the recording and does not boil."""
    first = math.floor(start_s / px_s) * px_s
    return first, math.ceil((stop_s - first) / px_s) + 1


def _zigzag(made: NDArray[np.float32], first_s: float, px_s: float) -> Curves:
    """Least and greatest in turn, so that the line fills what lies between."""
    leads, bins, _ = made.shape
    turned = made.copy()
    turned[:, 1::2] = made[:, 1::2, ::-1]
    times = first_s + (np.repeat(np.arange(bins), 2) + 0.5) * px_s
    return times, turned.reshape(leads, 2 * bins)


def draw_curve(
    painter: QPainter, x: NDArray[np.float64], y: NDArray[np.float64], tint: QColor, ratio: float
) -> None:
    """A pixel wide: anything else is a hundred times slower where the line is dense."""
    painter.setPen(QPen(tint, 1 / ratio))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    there = np.isfinite(y)
    if there.all():
        painter.drawPolyline(polygon(x, y))
        return
    edges = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(np.int8)))
    for first, last in edges.reshape(-1, 2).tolist():
        painter.drawPolyline(polygon(x[first:last], y[first:last]))


def draw_envelope(
    painter: QPainter, x: NDArray[np.float64], y: NDArray[np.float64], tint: QColor, ratio: float
) -> None:
    """Where a zigzag would be no more than a block: its outline, and a tint inside."""
    inside = QColor(tint)
    inside.setAlpha(_INSIDE_ALPHA)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    draw_curve(painter, x, y, inside, ratio)  # a polygon would take twenty times as long
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    sides = np.sort(y.reshape(-1, 2), axis=1)
    for side in sides.T:
        draw_curve(painter, x[::2], side, tint, ratio)


def polygon(x: NDArray[np.float64], y: NDArray[np.float64]) -> QPolygonF:
    """Points without an object for each of them."""
    made = QPolygonF()
    made.resize(len(x))
    if len(x):
        void: Any = shiboken6.VoidPtr  # its stub knows less than it does
        points = np.frombuffer(void(made.data(), len(x) * 16, True), np.float64).reshape(-1, 2)
        points[:, 0], points[:, 1] = x, y
    return made


def draw_gaps(
    painter: QPainter,
    area: QRectF,
    x: NDArray[np.float64],
    gone: NDArray[np.bool_],
    tint: QColor,
    word: str,
) -> None:
    """Shade where no lead has anything, and say so where there is room."""
    shaded = QColor(tint)
    shaded.setAlpha(_GAP_ALPHA)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], gone, [False]]).astype(np.int8)))
    painter.setFont(font("caption"))
    wide = QFontMetricsF(font("caption")).horizontalAdvance(word) + 16
    for first, last in edges.reshape(-1, 2).tolist():
        left = max(float(x[first]), area.left())
        right = min(float(x[min(last, len(x) - 1)]), area.right())
        if right - left < _LEAST_GAP_PX:
            continue
        room = QRectF(left, area.top(), right - left, area.height())
        painter.fillRect(room, shaded)
        if word and right - left >= wide:
            painter.setPen(tint)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, word)
