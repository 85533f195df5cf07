"""Before over after: a waveform and a spectrogram of each, above them a ruler of time."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath

from desktop_ae.ui import sound_paint as paint
from desktop_ae.ui.errands import FIND, VIEW, Errands
from desktop_ae.ui.sound_data import Facts, PeaksJob, Sound, SpectrogramJob
from desktop_ae.ui.sound_paint import BAR_PITCH_PX, Heat
from desktop_ae.ui.sound_tiles import Tiles, level_for, profile
from desktop_ae.ui.sound_timeline import Timeline
from desktop_ae.ui.theme import colour, font, theme

HEAT_ROWS = 256
_FINEST_HEAT = -9  # about 2 ms a column: finer ones would only repeat
_READ_BELOW_S = 60.0  # of what is visible, for which nothing needs to be built
_CURVE_BELOW = 24.0  # samples to a pixel, from which on a waveform is a line
_SIDE_PX, _HEAD_PX, _FOOT_PX, _GAP_PX = 22.0, 30.0, 14.0, 8.0
_WAVE_SHARE = 0.31


@dataclass(slots=True)
class LanePlaces:
    """Where the parts of a lane are, in the widget's units."""

    card: QRectF = field(default_factory=QRectF)
    waves: list[QRectF] = field(default_factory=list)
    heat: QRectF = field(default_factory=QRectF)

    @property
    def wave(self) -> QRectF:
        return self.waves[0].united(self.waves[-1]) if self.waves else QRectF()

    @property
    def pictures(self) -> QRectF:
        return self.wave.united(self.heat)

    @classmethod
    def within(cls, card: QRectF, channels: int) -> LanePlaces:
        inside = card.adjusted(_SIDE_PX, _HEAD_PX, -_SIDE_PX, -_FOOT_PX)
        wave = max(0.0, inside.height() * _WAVE_SHARE)
        rows = 2 if channels == 2 else 1
        high = (wave - (rows - 1) * 4) / rows
        waves = [
            QRectF(inside.left(), inside.top() + row * (high + 4), inside.width(), high)
            for row in range(rows)
        ]
        top = inside.top() + wave + _GAP_PX
        heat = QRectF(inside.left(), top, inside.width(), max(0.0, inside.bottom() - top))
        return cls(card, waves, heat)


class Lane(QObject):
    """One version: what is loaded of it, and how it is painted.

    Signals:
        grown(): more of it can be painted.
    """

    grown = Signal()

    def __init__(self, tint: str, errands: Errands, parent: QObject) -> None:
        super().__init__(parent)
        self._tint = tint
        self._peaks: Tiles[NDArray[np.float32]] = Tiles(errands, VIEW, self)
        self._heat: Tiles[Heat] = Tiles(errands, FIND, self)  # previews come first
        self._sound: Sound | None = None
        self._facts: Facts | None = None
        self._loudest_seen: float | None = None
        self.title = ""
        self.note = ""  # beside the title
        self.word = ""  # in place of what is not there
        self.covered: list[tuple[float, float]] | None = None  # None: all of it
        for tiles in (self._peaks, self._heat):
            tiles.shelf.grown.connect(self.grown)

    def show(self, sound: Sound | None, facts: Facts | None) -> None:
        """Another sound; None: nothing."""
        self._sound, self._facts, self._loudest_seen = sound, facts, None
        self.covered = None
        if sound is None or facts is None:
            self._peaks.show(None, 0.0)
            self._heat.show(None, 0.0)
            return
        self._peaks.show(lambda n, a, b: PeaksJob(sound, n, a, b), facts.seconds)
        self._heat.show(
            lambda n, a, b: SpectrogramJob(sound, n, HEAT_ROWS, a, b), facts.seconds, self._heated
        )

    def outdate(self, start_s: float, stop_s: float) -> None:
        self._peaks.outdate(start_s, stop_s)
        self._heat.outdate(start_s, stop_s)

    @property
    def loudest_db(self) -> float | None:
        """Of the first part that came; it stays, or the colours would change under the eye."""
        return self._loudest_seen

    @property
    def settled(self) -> bool:
        return self._peaks.settled and self._heat.settled

    def want(self, line: Timeline, ratio: float, first_s: float) -> None:
        """Load what is visible, from first_s outwards; only what is covered."""
        if self._facts is None or self._sound is None:
            return
        start_s, stop_s = line.start_s, line.stop_s
        if self.covered is not None:
            seen = [(a, b) for a, b in self.covered if a < stop_s and b > start_s]
            if not seen:
                return
            start_s = max(start_s, min(a for a, _ in seen))
            stop_s = min(stop_s, max(b for _, b in seen))
        peak_level, heat_level = self._levels(line, ratio)
        if line.visible_s <= _READ_BELOW_S or self._sound.is_built:
            self._peaks.want(peak_level, start_s, stop_s, first_s)
        self._heat.want(heat_level, start_s, stop_s, first_s)

    def draw(
        self,
        painter: QPainter,
        places: LanePlaces,
        line: Timeline,
        ratio: float,
        table: list[int],
        scale: float,
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("card" if theme().tokens.dark else "panel"))
        painter.drawRoundedRect(places.card, 12, 12)
        self._draw_head(painter, places)
        if self.word:
            painter.setFont(font("body"))
            painter.setPen(colour("dim"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(places.pictures, flags, self.word)
        elif self._facts is not None and line.total_s > 0:
            painter.fillRect(places.heat, QColor.fromRgb(table[0]))
            paint.draw_pitches(painter, places.heat, self._facts.rate_hz / 2)
            painter.save()
            self._clip(painter, places, line)
            self._draw_heat(painter, places.heat, line, ratio, table)
            self._draw_waves(painter, places, line, ratio, scale)
            painter.restore()

    def _draw_head(self, painter: QPainter, places: LanePlaces) -> None:
        line = QRectF(places.heat.left() + 8, places.card.top() + 8, places.heat.width() - 8, 20)
        painter.setFont(font("caption"))
        painter.setPen(colour(self._tint))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self.title)
        face = font("caption")
        face.setWeight(font("body").weight())
        painter.setFont(face)
        painter.setPen(colour("dim"))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(line, right, self.note)

    def _clip(self, painter: QPainter, places: LanePlaces, line: Timeline) -> None:
        area = places.pictures
        if self.covered is None:
            painter.setClipRect(area)
            return
        path, bounds = QPainterPath(), QPainterPath()
        for start_s, stop_s in self.covered:
            left, right = area.left() + line.x_of(start_s), area.left() + line.x_of(stop_s)
            path.addRect(QRectF(left, area.top(), right - left, area.height()))
        bounds.addRect(area)
        painter.setClipPath(path.intersected(bounds))

    def _draw_heat(
        self, painter: QPainter, area: QRectF, line: Timeline, ratio: float, table: list[int]
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # three times as slow
        level = self._levels(line, ratio)[1]
        for tile in self._heat.covering(level, line.start_s, line.stop_s):
            # Whole pixels of the screen, or there would be a seam between two tiles.
            left, right = (
                round((area.left() + line.x_of(time_s)) * ratio) / ratio
                for time_s in (tile.start_s, tile.stop_s)
            )
            room = QRectF(left, area.top(), right - left, area.height())
            painter.drawImage(room, tile.data.image(table))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _draw_waves(
        self, painter: QPainter, places: LanePlaces, line: Timeline, ratio: float, scale: float
    ) -> None:
        facts = self._facts
        assert facts is not None
        tiles = self._peaks.covering(self._levels(line, ratio)[0], line.start_s, line.stop_s)
        curved = line.seconds_per_px * facts.rate_hz < _CURVE_BELOW
        pitch = 1.0 / ratio if curved else BAR_PITCH_PX
        bin_s = pitch * line.seconds_per_px
        # Bars stand on fixed times, so that they move with the sound and do not boil.
        first = line.start_s if curved else math.floor(line.start_s / bin_s) * bin_s
        bins = math.ceil(line.width_px / pitch) + (0 if curved else 1)
        made = profile(tiles, first, bin_s, bins)
        if made is None:
            return
        if len(made) != len(places.waves):
            with np.errstate(all="ignore"):
                least, most = np.min(made[:, :, 0], axis=0), np.max(made[:, :, 1], axis=0)
            made = np.stack([least, most], axis=-1)[None]
        tint = colour(self._tint)
        for area, channel in zip(places.waves, made, strict=False):
            if curved:
                paint.draw_curve(painter, area, channel, tint, scale)
            else:
                shift = (first - line.start_s) / line.seconds_per_px
                paint.draw_bars(painter, area, channel, shift, tint, scale)

    def _levels(self, line: Timeline, ratio: float) -> tuple[int, int]:
        assert self._facts is not None
        per_px = line.seconds_per_px / ratio
        finest = math.ceil(math.log2(1.0 / self._facts.rate_hz))
        return level_for(per_px, finest), level_for(per_px, _FINEST_HEAT)

    def _heated(self, levels: NDArray[np.uint8]) -> Heat:
        if self._loudest_seen is None:
            self._loudest_seen = paint.loudest_level(levels)
        return Heat(levels)
