"""Times of a recording, and what a screen reader says of it."""

from __future__ import annotations

from PySide6.QtCore import QObject

_TENTHS_BELOW_S = 100.0
_SPAN_TENTHS_BELOW_S = 10.0


def clock(seconds: float, tenths: bool = False) -> str:
    """`41:07`, `1:32:05`, or `0:05.9`."""
    ticks = int(max(0.0, seconds) * 10 + 1e-6)
    whole, part = divmod(ticks, 10)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    text = f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
    return f"{text}.{part}" if tenths else text


def position_of(position_s: float, total_s: float) -> str:
    """`17:03 / 41:07`; a short one with tenths."""
    tenths = total_s < _TENTHS_BELOW_S
    return f"{clock(position_s, tenths)} / {clock(total_s, tenths)}"


def ruler_time(seconds: float, step_s: float) -> str:
    """As fine as the ruler's step needs."""
    if step_s >= 1:
        return clock(round(seconds))
    digits = 1 if step_s >= 0.1 else 2 if step_s >= 0.01 else 3
    minutes, rest = divmod(round(seconds, digits), 60)
    return f"{int(minutes)}:{rest:0{3 + digits}.{digits}f}"


class SoundWords(QObject):
    """Has no state: a QObject because translations are looked up by the name of its class."""

    def version(self, name: str) -> str:
        return {
            "before": self.tr("Before"),
            "after": self.tr("After"),
            "removed": self.tr("Removed"),
        }[name]

    def span(self, start_s: float, stop_s: float) -> str:
        tenths = stop_s - start_s < _SPAN_TENTHS_BELOW_S
        return f"{clock(start_s, tenths)}–{clock(stop_s, tenths)}"

    def seen(self, start_s: float, stop_s: float, heard: str, position_s: float) -> str:
        """The view in a sentence."""
        if stop_s <= start_s:
            return self.tr("No recording")
        return self.tr("{span} is shown, {version} is heard, at {time}").format(
            span=self.span(start_s, stop_s), version=self.version(heard), time=clock(position_s)
        )
