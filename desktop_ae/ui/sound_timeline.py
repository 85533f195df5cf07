"""Where in a recording one looks: the visible stretch of time and its limits. Numbers only."""

from __future__ import annotations

SHORTEST_S = 0.02
_ZOOM_STEP = 1.6
_TICK_PX = 84.0
_TICKS_S = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    *(1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0),
    *(14400.0, 21600.0, 43200.0),
)


class Timeline:
    """Looks at a recording through a view. Lengths of the view are logical pixels.

    While `fitted`, the whole recording follows every new width of the view.
    """

    def __init__(self) -> None:
        self.total_s = 0.0
        self.start_s = 0.0
        self.seconds_per_px = 0.0
        self.width_px = 1.0
        self.fitted = True

    @property
    def visible_s(self) -> float:
        return self.seconds_per_px * self.width_px

    @property
    def stop_s(self) -> float:
        return self.start_s + self.visible_s

    def set_total(self, total_s: float) -> None:
        """A recording of the length before keeps the place, so that results can be compared."""
        if total_s != self.total_s:
            self.total_s = total_s
            self.fit()

    def set_width(self, width_px: float) -> None:
        """The left edge stays, and so does the zoom."""
        self.width_px = max(1.0, width_px)
        if self.fitted:
            self.fit()
        else:
            self._hold_in()

    def fit(self) -> None:
        self.fitted = True
        self.start_s = 0.0
        self.seconds_per_px = self.total_s / self.width_px

    def x_of(self, time_s: float) -> float:
        return (time_s - self.start_s) / self.seconds_per_px if self.seconds_per_px else 0.0

    def time_at(self, x_px: float) -> float:
        """Held inside the recording."""
        return min(max(self.start_s + x_px * self.seconds_per_px, 0.0), self.total_s)

    def shows(self, time_s: float) -> bool:
        return self.start_s <= time_s <= self.stop_s

    def zoom_by(self, factor: float, anchor_px: float) -> None:
        """More than 1 shows less time; what lies at the anchor stays there."""
        if self.total_s <= 0:
            return
        held = self.start_s + anchor_px * self.seconds_per_px
        shortest = min(SHORTEST_S, self.total_s) / self.width_px
        longest = self.total_s / self.width_px
        self.seconds_per_px = min(max(self.seconds_per_px / factor, shortest), longest)
        self.fitted = self.seconds_per_px == longest
        self.start_s = held - anchor_px * self.seconds_per_px
        self._hold_in()

    def step_zoom(self, inward: bool, anchor_px: float) -> None:
        self.zoom_by(_ZOOM_STEP if inward else 1 / _ZOOM_STEP, anchor_px)

    def pan(self, seconds: float) -> bool:
        """Show what comes so much later; False if there was nowhere to go."""
        before = self.start_s
        self.start_s += seconds
        self._hold_in()
        return self.start_s != before

    def show_span(self, start_s: float, stop_s: float) -> None:
        """Fill the view with that stretch."""
        span = max(stop_s - start_s, min(SHORTEST_S, self.total_s))
        self.seconds_per_px = min(span, self.total_s) / self.width_px
        self.fitted = span >= self.total_s
        self.start_s = start_s
        self._hold_in()

    def bring_in(self, time_s: float) -> bool:
        """Turn the page if that time is out of view; whether it was."""
        if self.shows(time_s):
            return False
        self.start_s = time_s - 0.05 * self.visible_s
        self._hold_in()
        return True

    def ticks(self) -> tuple[float, list[float]]:
        """The step of the ruler in seconds, and the marks that are visible."""
        if self.seconds_per_px <= 0:
            return 1.0, []
        least = _TICK_PX * self.seconds_per_px
        step = next((tick for tick in _TICKS_S if tick >= least), _TICKS_S[-1])
        first = int(self.start_s / step + 0.999999)
        last = int(min(self.stop_s, self.total_s) / step + 1e-6)
        return step, [place * step for place in range(first, last + 1)]

    def _hold_in(self) -> None:
        self.start_s = min(max(self.start_s, 0.0), max(0.0, self.total_s - self.visible_s))
