"""What the lanes of a recording are painted with: bars, lines, heat, marks. No state."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from desktop_ae.ui.sound_data import LOUDEST_DB, QUIETEST_DB
from desktop_ae.ui.theme import colour, font, theme

Bytes = NDArray[np.uint8]
LaneArea = tuple[QRectF, QRectF]  # all of a lane's pictures, and its waveforms

BAR_PITCH_PX = 4.0
_BAR_PX = 2.4
_SHORTEST_BAR_PX = 0.6
_RANGE_DB = 80.0
_GAMMA = 2.0
_KNOB_PX = 5.0


class Heat:
    """A tile of a spectrogram: a byte a point, coloured when it is painted."""

    def __init__(self, levels: Bytes) -> None:
        self._levels = levels  # QImage does not keep it
        rows, columns = levels.shape
        self._image = QImage(levels.data, columns, rows, columns, QImage.Format.Format_Indexed8)
        self._coloured = QImage()
        self._table: Sequence[int] | None = None

    def image(self, table: Sequence[int]) -> QImage:
        """Coloured once for each table, into what is painted fastest."""
        if self._table is not table:
            self._image.setColorTable(table)
            self._coloured = self._image.convertToFormat(QImage.Format.Format_RGB32)
            self._table = table
        return self._coloured


def heat_table(loudest_db: float) -> list[int]:
    """Colours of a Heat's bytes: the theme's, from quiet to loud, the loudest at that level."""
    stops = [QColor(text) for text in theme().tokens.heat]
    anchors = np.array([(c.red(), c.green(), c.blue()) for c in stops], np.float64)
    levels = np.linspace(QUIETEST_DB, LOUDEST_DB, 256)
    share = np.clip((levels - loudest_db + _RANGE_DB) / _RANGE_DB, 0, 1) ** _GAMMA
    places = share * (len(anchors) - 1)
    mixed = [np.interp(places, np.arange(len(anchors)), anchors[:, part]) for part in range(3)]
    red, green, blue = (part.round().astype(int) for part in mixed)
    return [
        0xFF000000 | int(r) << 16 | int(g) << 8 | int(b)
        for r, g, b in zip(red, green, blue, strict=True)
    ]


def loudest_level(levels: Bytes) -> float:
    """What a few points of a Heat's bytes are louder than, in decibels."""
    top = float(np.percentile(levels, 99.9)) if levels.size else 0.0
    return QUIETEST_DB + top / 255 * (LOUDEST_DB - QUIETEST_DB)


def draw_bars(
    painter: QPainter,
    area: QRectF,
    bins: NDArray[np.float32],
    first_px: float,
    tint: QColor,
    scale: float,
) -> None:
    """Rounded bars, one a bin `(bins, 2)`, the first bin beginning at first_px of the area."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    middle = area.center().y()
    reach = area.height() / 2 - _BAR_PX / 2
    lows, highs = _heights(bins, scale, reach)
    half = _BAR_PX / 2
    for place, (low, high) in enumerate(zip(lows.tolist(), highs.tolist(), strict=True)):
        x = area.left() + first_px + (place + 0.5) * BAR_PITCH_PX
        if low == low and area.left() <= x <= area.right():
            bar = QRectF(x - half, middle - high - half, _BAR_PX, high - low + _BAR_PX)
            painter.drawRoundedRect(bar, half, half)


def draw_curve(
    painter: QPainter, area: QRectF, bins: NDArray[np.float32], tint: QColor, scale: float
) -> None:
    """A waveform zoomed in so far that it is a line: each bin is a column of the screen."""
    painter.setPen(QPen(tint, 1.3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    middle, reach = area.center().y(), area.height() / 2 - 1
    step = area.width() / max(1, len(bins))
    centre = bins.mean(axis=1)
    lows, highs = _heights(bins, scale, reach, 0.0)
    points: list[QPointF] = []
    lines = []
    for place, mean in enumerate(np.clip(centre * scale, -1, 1).tolist()):
        if mean != mean:
            continue
        x = area.left() + (place + 0.5) * step
        points.append(QPointF(x, middle - mean * reach))
        if highs[place] - lows[place] > 1:
            lines.append(QLineF(x, middle - highs[place], x, middle - lows[place]))
    painter.drawLines(lines)
    painter.drawPolyline(QPolygonF(points))


def _heights(
    bins: NDArray[np.float32], scale: float, reach: float, least: float = _SHORTEST_BAR_PX
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both ends of each bar in pixels above the middle; a silent one is a dot."""
    ends = np.clip(bins.astype(np.float64) * scale, -1, 1) * reach
    centre = ends.mean(axis=1)
    half = np.maximum((ends[:, 1] - ends[:, 0]) / 2, least / 2)
    return centre - half, centre + half


def draw_tick(painter: QPainter, x: float, area: QRectF, text: str) -> None:
    """A mark of the ruler, with its time to the right of it."""
    painter.setPen(QPen(colour("line"), 1.0))
    painter.drawLine(QLineF(x, area.top() + 4, x, area.bottom() - 1))
    painter.setPen(colour("dim"))
    face = font("caption")
    face.setWeight(font("body").weight())
    painter.setFont(face)
    room = QRectF(x + 5, area.top(), QFontMetricsF(face).horizontalAdvance(text) + 2, area.height())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def draw_playhead(painter: QPainter, x: float, area: QRectF, knob: bool) -> None:
    """A line over the lanes; the knob says that it can be dragged."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faint("ground", 110))
    painter.drawRect(QRectF(x - 2, area.top(), 4, area.height()))
    painter.setBrush(colour("text"))
    painter.drawRect(QRectF(x - 0.9, area.top(), 1.8, area.height()))
    if knob:
        painter.drawEllipse(QPointF(x, area.top() + 1), _KNOB_PX, _KNOB_PX)


def draw_selection(painter: QPainter, lanes: Sequence[LaneArea], left: float, right: float) -> None:
    """What is selected, tinted where that hides no colour; its edges can be dragged."""
    painter.setPen(Qt.PenStyle.NoPen)
    for area, tinted in lanes:
        painter.setBrush(faint("accent", 44))
        painter.drawRect(QRectF(left, tinted.top(), right - left, tinted.height()))
        painter.setBrush(colour("accent"))
        for x in (left, right):
            painter.drawRect(QRectF(x - 0.75, area.top(), 1.5, area.height()))


def draw_span(painter: QPainter, area: QRectF, bold: bool) -> None:
    """The selection on the ruler: what is repeated is bold."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("accent") if bold else faint("accent", 120))
    painter.drawRoundedRect(area, 1.5, 1.5)


def draw_pitches(painter: QPainter, area: QRectF, highest_hz: float) -> None:
    """The scale of a spectrogram, in the margin before it."""
    face = font("caption")
    face.setWeight(font("body").weight())
    face.setPointSizeF(face.pointSizeF() * 0.82)
    painter.setFont(face)
    painter.setPen(colour("dim"))
    flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    texts = ("kHz", f"{highest_hz / 2e3:.3g}", f"{highest_hz / 1e3:.3g}")
    for share, text in zip((0.0, 0.5, 1.0), texts, strict=True):
        y = area.bottom() - 6 - share * (area.height() - 12)
        painter.drawText(QRectF(area.left() - 30, y - 8, 27, 16), flags, text)


def faint(role: str, alpha: int) -> QColor:
    tint = colour(role)
    tint.setAlpha(alpha)
    return tint
