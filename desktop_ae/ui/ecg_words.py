"""Scales, times and heart rates of a recording in words."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject

from desktop_ae.ui.sound_words import clock

_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d+)?)")


def number(value: float) -> str:
    """Two digits that matter, no zeros behind: 25, 6.3, 0.17."""
    text = f"{value:.2g}" if value < 10 else f"{value:.0f}"
    return f"{float(text):g}"


def seconds_of(text: str) -> float | None:
    """`1:02:03`, `2:03.5` or `123`; None for anything else."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


class EcgWords(QObject):
    """Has no state: a QObject because translations are looked up by the name of its class."""

    def speed(self, speed: float) -> str:
        """Of far views in minutes or hours: nobody reads 0.0015 mm/s."""
        if speed >= 0.1:
            return self.tr("{n} mm/s").format(n=number(speed))
        if speed * 60 >= 1:
            return self.tr("{n} mm/min").format(n=number(speed * 60))
        return self.tr("{n} mm/h").format(n=number(speed * 3600))

    def gain(self, gain: float) -> str:
        return self.tr("{n} mm/mV").format(n=number(gain))

    def rates(self, before: float | None, after: float | None, both: bool) -> str:
        """both: whether there is an after."""
        known = [f"{rate:.0f}" if rate is not None else "–" for rate in (before, after)]
        text = f"{known[0]} → {known[1]}" if both else known[0]
        return self.tr("{rates} bpm").format(rates=text)

    def measured(self, seconds: float, millivolts: float) -> str:
        """Between two points, with the heart rate of beats so far from each other."""
        parts = [self.tr("{n} ms").format(n=f"{seconds * 1000:.0f}")]
        if seconds >= 10:
            parts = [self.tr("{n} s").format(n=f"{seconds:.1f}")]
        if 0.2 <= seconds <= 3:
            parts.append(self.tr("{rates} bpm").format(rates=f"{60 / seconds:.0f}"))
        parts.append(self.tr("{n} mV").format(n=f"{millivolts:+.2f}"))
        return " · ".join(parts)

    def differing(self, count: int) -> str:
        one, many = self.tr("1 beat differs"), self.tr("{n} beats differ")
        return one if count == 1 else many.format(n=f"{count:,}")

    def lost_and_new(self, lost: int, new: int) -> str:
        """What a warning is about, in a sentence."""
        return self.tr(
            "R-peaks that only the original has: {lost}. Only the cleaned one: {new}."
        ).format(lost=f"{lost:,}", new=f"{new:,}")

    def seen(self, start_s: float, stop_s: float, scale: str, rates: str) -> str:
        """The view in a sentence."""
        if stop_s <= start_s:
            return self.tr("No recording")
        span = f"{clock(start_s, True)}–{clock(stop_s, True)}"
        return self.tr("{span} is shown at {scale}, heart rate {rates}").format(
            span=span, scale=scale, rates=rates
        )
