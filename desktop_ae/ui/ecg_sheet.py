"""One view of a recording on paper, as it is painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from desktop_ae.ui.ecg_beats import Beats
from desktop_ae.ui.ecg_curves import Curves, curves_of, draw_gaps, removed_of
from desktop_ae.ui.ecg_data import Facts, Samples
from desktop_ae.ui.ecg_lanes import (
    Lane,
    draw_beats,
    draw_curves,
    draw_names,
    draw_removed_lines,
)
from desktop_ae.ui.ecg_paper import Paper
from desktop_ae.ui.ecg_traces import Trace, covered, is_long, middle_of
from desktop_ae.ui.picture_marks import badge_rect, draw_badge
from desktop_ae.ui.theme import colour

_CROWDED_PX = 64.0  # a lane lower than this has no room for three curves


@dataclass(frozen=True, slots=True)
class Layers:
    """What is drawn beside the cleaned curves. gap, far: words for a gap, and for a stretch too
    long to show what was removed.
    """

    original: bool = True
    removed: bool = False
    beats: bool = True
    gap: str = ""
    far: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """card: all of the paper. area: of the waves."""

    facts: Facts
    before: Trace
    after: Trace | None
    layers: Layers
    paper: Paper
    card: QRectF
    area: QRectF

    @property
    def is_split(self) -> bool:
        """Whether each lane has room for what was removed."""
        return self.layers.removed and self.after is not None

    @property
    def span(self) -> tuple[float, float]:
        """What is visible, in seconds."""
        return self.paper.start_s, min(self.paper.stop_s, self.facts.seconds)

    def paint(self, painter: QPainter, lanes: Sequence[Lane], beats: Beats, ratio: float) -> None:
        original = self._curves(self.before, ratio)
        self._paint_gaps(painter, lanes, original)
        after = self.after
        if after is None:
            self._draw(painter, lanes, self.before, original, "text", ratio, bold=True)
        else:
            crowded = self.is_split and len(lanes) > 1 and lanes[0].room.height() < _CROWDED_PX
            if self.layers.original and not crowded:
                self._draw(painter, lanes, self.before, original, "original", ratio)
            cleaned = self._curves(after, ratio)
            self._draw(painter, lanes, after, cleaned, "accent", ratio, bold=True)
            if self.is_split:
                self._paint_removed(painter, lanes, after, ratio)
        if self.layers.beats:
            draw_beats(painter, self.area, self.card.top(), beats, self.paper)
        margin = self.area.left() - self.card.left()
        draw_names(painter, lanes, self.facts.leads, self.paper, margin)

    def _curves(self, trace: Trace, ratio: float) -> Curves:
        px_s = self.paper.seconds_per_px / ratio
        return curves_of(trace, self.facts.rate_hz, len(self.facts.leads), *self.span, px_s)

    def _draw(
        self,
        painter: QPainter,
        lanes: Sequence[Lane],
        trace: Trace,
        curves: Curves,
        role: str,
        ratio: float,
        *,
        bold: bool = False,
    ) -> None:
        start_s, stop_s = self.span
        count = len(self.facts.leads)
        middles = middle_of(trace, count, start_s, stop_s, self.facts.rate_hz)
        filled = is_long(stop_s - start_s)
        draw_curves(
            painter, lanes, curves, middles, self.paper, role, ratio, bold=bold, filled=filled
        )

    def _paint_removed(
        self, painter: QPainter, lanes: Sequence[Lane], after: Trace, ratio: float
    ) -> None:
        draw_removed_lines(painter, lanes)
        count, px_s = len(self.facts.leads), self.paper.seconds_per_px / ratio
        removed = removed_of(self.before, after, self.facts.rate_hz, count, *self.span, px_s)
        if removed is None:
            draw_badge(painter, badge_rect(self.card, self.layers.far, low=True), self.layers.far)
            return
        middles: Samples = np.zeros(count, np.float32)
        for lead, values in enumerate(removed[1]):
            there = values[np.isfinite(values)]
            middles[lead] = np.median(there) if len(there) else 0.0
        draw_curves(painter, lanes, removed, middles, self.paper, "mask", ratio, removed=True)

    def _paint_gaps(self, painter: QPainter, lanes: Sequence[Lane], curves: Curves) -> None:
        times, values = curves
        start_s, stop_s = self.span
        gone = np.isnan(values[[lane.lead for lane in lanes]]).all(axis=0)
        gone &= covered(self.before, times, self.facts.rate_hz, is_long(stop_s - start_s))
        x = self.area.left() + (times - start_s) / self.paper.seconds_per_px
        room = QRectF(self.area.left(), self.card.top(), self.area.width(), self.card.height())
        draw_gaps(painter, room, x, gone, colour("dim"), self.layers.gap)
