"""Where the leads of a recording are on the paper, and how they are painted there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from desktop_ae.ui.ecg_beats import Beats, intervals
from desktop_ae.ui.ecg_curves import Curves, draw_curve, draw_envelope
from desktop_ae.ui.ecg_paper import Paper
from desktop_ae.ui.sound_paint import faint
from desktop_ae.ui.theme import colour, font

BEATS_PX = 26.0
_WAVE_SHARE = 0.62  # of a lane, where what was removed has the rest
_SPILL = 0.55  # of a lane's height that a tall wave may reach into its neighbours
_SNAPPED_FROM_MM = 5
_ABOVE_PX = 10.0  # that the first lane's waves may reach into the row of marks
_BELOW_PX = 40.0  # the waves' area, at least, the paper goes on
_MARK_PX = 4.5
_LEAST_APART_PX = 9.0  # of two beats, or their marks would run together
_NUMBER_APART_PX = 34.0


@dataclass(frozen=True, slots=True)
class Lane:
    """base, removed: the middle lines of the wave and of what was taken out of it."""

    lead: int
    room: QRectF
    base: float
    removed: float


def lanes_within(area: QRectF, shown: Sequence[int], paper: Paper, removed: bool) -> list[Lane]:
    """One below the other, on lines of the paper."""
    if not shown:
        return []
    high = area.height() / len(shown)
    if high >= _SNAPPED_FROM_MM * paper.px_per_mm:
        high = math.floor(high / paper.px_per_mm) * paper.px_per_mm  # evenly spaced, then
    lanes = []
    spare = (area.height() - high * len(shown)) / 2
    above = area.top() + math.floor(spare / paper.px_per_mm) * paper.px_per_mm
    for place, lead in enumerate(shown):
        room = QRectF(area.left(), above + place * high, area.width(), high)
        share = _WAVE_SHARE if removed else 1.0
        base = room.top() + paper.snapped(high * share * 0.55)
        below = room.top() + paper.snapped(high * (1 + share) / 2)
        lanes.append(Lane(lead, room, base, below))
    return lanes


def draw_curves(
    painter: QPainter,
    lanes: Sequence[Lane],
    curves: Curves,
    middles: NDArray[np.float32],
    paper: Paper,
    role: str,
    ratio: float,
    *,
    removed: bool = False,
    bold: bool = False,
    filled: bool = False,
) -> None:
    times, values = curves
    if not len(times) or not lanes:
        return
    x = lanes[0].room.left() + (times - paper.start_s) / paper.seconds_per_px
    tint = colour(role)
    for lane in lanes:
        base = lane.removed if removed else lane.base
        spill = lane.room.height() * _SPILL
        y = base - (values[lane.lead] - middles[lane.lead]) * np.float64(paper.px_per_mv)
        highest = max(lane.room.top() - spill, lanes[0].room.top() - _ABOVE_PX)
        lowest = lane.room.bottom() + spill
        painter.setClipRect(QRectF(lane.room.left(), highest, lane.room.width(), lowest - highest))
        y = np.clip(y, highest - 50, lowest + 50)
        if filled:
            draw_envelope(painter, x, y, tint, ratio)
            continue
        draw_curve(painter, x, y, tint, ratio)
        if bold:  # two thin lines are drawn much faster than a thick one
            draw_curve(painter, x, y + 0.5, tint, ratio)
    painter.setClipping(False)


def draw_names(
    painter: QPainter, lanes: Sequence[Lane], names: Sequence[str], paper: Paper, margin: float
) -> None:
    """Beside each lane its name, and above it, where there is room, a pulse of a millivolt."""
    face = font("body")
    face.setWeight(font("name").weight())
    for lane in lanes:
        left = lane.room.left() - margin
        painter.setFont(face)
        painter.setPen(colour("text"))
        room = QRectF(left + 12, lane.base - 9, margin - 18, 18)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        metrics = QFontMetricsF(face)
        name = metrics.elidedText(names[lane.lead], Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, flags, name)
    if lanes:
        _draw_pulse(painter, lanes[0], paper, margin)


def _draw_pulse(painter: QPainter, lane: Lane, paper: Paper, margin: float) -> None:
    """What a millivolt is, as every ECG on paper says it."""
    high = paper.px_per_mv
    bottom = lane.base - 14
    if high < 8 or bottom - high < lane.room.top() - 6:
        return
    wide = min(5 * paper.px_per_mm, margin - 30)
    left = lane.room.left() - margin + 12
    painter.setPen(QPen(colour("dim"), 1.2))
    painter.drawPolyline(
        [
            QPointF(left, bottom),
            QPointF(left + wide * 0.25, bottom),
            QPointF(left + wide * 0.25, bottom - high),
            QPointF(left + wide * 0.75, bottom - high),
            QPointF(left + wide * 0.75, bottom),
            QPointF(left + wide, bottom),
        ]
    )


def draw_removed_lines(painter: QPainter, lanes: Sequence[Lane]) -> None:
    """The zero lines of what was removed."""
    painter.setPen(QPen(faint("mask", 70), 1.0))
    painter.drawLines(
        [QLineF(lane.room.left(), lane.removed, lane.room.right(), lane.removed) for lane in lanes]
    )


def draw_beats(painter: QPainter, area: QRectF, top: float, beats: Beats, paper: Paper) -> None:
    """Marks above the paper's waves, the heart rate between two of them; lines where they differ.

    area: of the waves. top: of the row of marks.
    """
    rate_hz = beats.rate_hz
    first, last = paper.start_s * rate_hz, paper.stop_s * rate_hz
    shown = beats.shown
    shown = shown[slice(*np.searchsorted(shown, (first, last)))]
    painter.setClipRect(QRectF(area.left(), top, area.width(), area.bottom() + _BELOW_PX - top))
    _draw_differing(painter, area, top, beats, paper)
    apart_px = float(np.median(np.diff(shown))) / rate_hz if len(shown) > 1 else 1.0
    apart_px /= paper.seconds_per_px
    if apart_px >= _LEAST_APART_PX:
        new = set(beats.new.tolist())
        painter.setPen(Qt.PenStyle.NoPen)
        for peak in shown.tolist():
            painter.setBrush(colour("bad" if peak in new else "accent"))
            _draw_mark(painter, area.left() + paper.x_of(peak / rate_hz), top)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour("bad"), 1.4))
    for peak in beats.lost[slice(*np.searchsorted(beats.lost, (first, last)))].tolist():
        _draw_mark(painter, area.left() + paper.x_of(peak / rate_hz), top)
    if apart_px >= _NUMBER_APART_PX:
        _draw_rates(painter, area, top, beats, paper)
    painter.setClipping(False)


def _draw_mark(painter: QPainter, x: float, top: float) -> None:
    tip = top + BEATS_PX - 6
    painter.drawPolygon(
        [
            QPointF(x - _MARK_PX, tip - 1.5 * _MARK_PX),
            QPointF(x + _MARK_PX, tip - 1.5 * _MARK_PX),
            QPointF(x, tip),
        ]
    )


def _draw_differing(
    painter: QPainter, area: QRectF, top: float, beats: Beats, paper: Paper
) -> None:
    span = (paper.start_s * beats.rate_hz, paper.stop_s * beats.rate_hz)
    places = beats.differing
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faint("bad", 46))
    for peak in places[slice(*np.searchsorted(places, span))].tolist():
        x = area.left() + paper.x_of(peak / beats.rate_hz)
        painter.drawRect(QRectF(x - 5, top, 10, area.bottom() + _BELOW_PX - top))


def _draw_rates(painter: QPainter, area: QRectF, top: float, beats: Beats, paper: Paper) -> None:
    face = font("caption")
    face.setWeight(font("body").weight())
    painter.setFont(face)
    painter.setPen(colour("dim"))
    peaks, rate_hz = beats.shown, beats.rate_hz
    first, last = np.searchsorted(peaks, (paper.start_s * rate_hz, paper.stop_s * rate_hz))
    near = peaks[max(0, first - 1) : last + 1]
    between = intervals(near, rate_hz, beats.breaks).tolist()
    near = near.tolist()
    for one, other, seconds in zip(near, near[1:], between, strict=False):
        if seconds / paper.seconds_per_px >= _NUMBER_APART_PX:
            x = area.left() + paper.x_of((one + other) / 2 / rate_hz)
            room = QRectF(x - 20, top + 1, 40, BEATS_PX - 4)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, f"{60 / seconds:.0f}")
