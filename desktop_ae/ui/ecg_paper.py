"""ECG paper: how many millimetres a second and a millivolt get, and the lines of its grid."""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter, QPen, QScreen

from desktop_ae.ui.sound_timeline import Timeline
from desktop_ae.ui.theme import colour

SPEED_MM = 25.0  # a second
GAIN_MM = 10.0  # a millivolt
GAINS = (0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0)
_LEAST_DPI, _MOST_DPI = 60.0, 400.0  # what screens say that tell the truth of their size
_CLOSEST_PX = 3.4  # between fine lines
_BOLD_EVERY = 5
# Seconds between fine lines and between bold ones: paper's own, and what follows it from afar.
_TIMES = (
    *((0.008, 0.04), (0.04, 0.2), (0.2, 1.0), (1.0, 5.0), (5.0, 30.0), (30.0, 60.0)),
    *((60.0, 300.0), (300.0, 1800.0), (1800.0, 7200.0), (7200.0, 43200.0)),
)


class Paper(Timeline):
    """A timeline on paper. Its millimetres are those of the screen.

    gain: millimetres a millivolt. A short recording is never stretched beyond 25 mm/s.
    """

    def __init__(self) -> None:
        super().__init__()
        self.px_per_mm = 96 / 25.4
        self.gain = GAIN_MM

    def set_screen(self, screen: QScreen) -> None:
        dpi = screen.physicalDotsPerInch()
        if not _LEAST_DPI <= dpi <= _MOST_DPI:
            dpi = screen.logicalDotsPerInch()
        self.px_per_mm = dpi / 25.4

    @property
    def speed(self) -> float:
        """Millimetres a second."""
        return 1 / (self.seconds_per_px * self.px_per_mm) if self.seconds_per_px else SPEED_MM

    @property
    def px_per_mv(self) -> float:
        return self.gain * self.px_per_mm

    def set_speed(self, speed: float, anchor_px: float) -> None:
        if self.total_s > 0:
            self.zoom_by(speed / self.speed, anchor_px)

    def step_gain(self, larger: bool) -> bool:
        """Whether there was another one."""
        place = min(range(len(GAINS)), key=lambda n: abs(math.log(GAINS[n] / self.gain)))
        chosen = GAINS[min(max(place + (1 if larger else -1), 0), len(GAINS) - 1)]
        changed, self.gain = chosen != self.gain, chosen
        return changed

    def fit(self) -> None:
        super().fit()
        if self.total_s > 0:
            self.seconds_per_px = max(self.seconds_per_px, self._least_longest())

    def zoom_by(self, factor: float, anchor_px: float) -> None:
        """As every timeline's, but all of a short recording is not as far as one can go."""
        if self.total_s <= 0:
            return
        wanted = self.seconds_per_px / factor
        held = self.start_s + anchor_px * self.seconds_per_px
        super().zoom_by(factor, anchor_px)
        longest = max(self.total_s / self.width_px, self._least_longest())
        if wanted > self.seconds_per_px:
            self.seconds_per_px = min(wanted, longest)
            self.start_s = held - anchor_px * self.seconds_per_px
            self._hold_in()
        self.fitted = self.seconds_per_px >= longest - 1e-12

    def _least_longest(self) -> float:
        return 1 / (SPEED_MM * self.px_per_mm)

    # --- lines

    def draw_grid(self, painter: QPainter, area: QRectF, time_left: float, ratio: float) -> None:
        """area: all of the paper. time_left: where the visible stretch begins."""
        fine_px, bold_px = self.px_per_mm, self.px_per_mm * _BOLD_EVERY
        fine_s, bold_s = self.steps()
        fine: list[QLineF] = []
        bold: list[QLineF] = []
        for step_px, lines in ((fine_px, fine), (bold_px, bold)):
            for place in range(1, int(area.height() / step_px) + 1):
                y = _crisp(area.top() + place * step_px, ratio)
                lines.append(QLineF(area.left(), y, area.right(), y))
        if self.seconds_per_px > 0:
            for step_s, lines in ((fine_s, fine), (bold_s, bold)):
                step_px = step_s / self.seconds_per_px
                first = math.ceil((area.left() - time_left) / step_px + self.start_s / step_s)
                last = math.floor((area.right() - time_left) / step_px + self.start_s / step_s)
                for place in range(first, last + 1):
                    x = _crisp(time_left + self.x_of(place * step_s), ratio)
                    lines.append(QLineF(x, area.top(), x, area.bottom()))
        for role, lines in (("grid", fine), ("grid_bold", bold)):
            painter.setPen(QPen(colour(role), 1 / ratio))
            painter.drawLines(lines)

    def steps(self) -> tuple[float, float]:
        """Seconds between fine and between bold lines."""
        least = _CLOSEST_PX * self.seconds_per_px
        return next((pair for pair in _TIMES if pair[0] >= least), _TIMES[-1])

    def snapped(self, height: float) -> float:
        """The nearest whole number of millimetres."""
        return round(height / self.px_per_mm) * self.px_per_mm


def _crisp(place: float, ratio: float) -> float:
    """The middle of a pixel of the screen."""
    return (math.floor(place * ratio) + 0.5) / ratio
