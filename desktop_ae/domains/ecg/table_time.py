"""The rate of a table's samples, from its column of times or from the words above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop_ae.domains.ecg.facts import usable
from desktop_ae.domains.ecg.table_cells import Cells, bare, clock_seconds, decimals, is_number

TIMED_ROWS = 4000
COMMON_HZ: tuple[int, ...] = (
    100,
    125,
    128,
    180,
    200,
    240,
    250,
    256,
    257,
    300,
    320,
    360,
    400,
    480,
    500,
    512,
    600,
)
COMMON_HZ += (720, 750, 800, 900, 960, 977, 1000, 1024, 1200, 1250, 1500, 1600, 2000)
_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_NAMED = re.compile(
    r"(?i)\W*(?:elapsed\s*|relative\s*|local\s*|utc\s*|unix\s*)?"
    r"(?:t|time|times|timestamps?|zeit|tiempo|temps|seconds|secs?|s|ms|us|msecs?|milliseconds?"
    r"|microseconds?|date\W?time|datetime|clock|elapsed)(?:[\W_]*(?:stamp|s|[mµμun]s|sec\w*|utc|[\w:.]*ss\W*\w*))?\W*"
)
_INDEX = re.compile(
    r"(?i)\W*(?:sample\w*|index|idx|nr|no|n|i|#|frame|n?seq\w*|unnamed.*|)\W*(?:no|nr|#)?\W*"
)
_UNITS = (
    (re.compile(r"(?i)(?:\b|_)(?:ms|msecs?|milli\w*)\b"), "ms"),
    (re.compile(r"(?i)(?:\b|_)(?:us|µs|μs|usecs?|micro\w*)\b"), "us"),
    (re.compile(r"(?i)(?:\b|_)(?:ns|nano\w*)\b"), "ns"),
    (re.compile(r"(?i)(?:\b|_)(?:s|secs?|seconds?)\b"), "s"),
)
_RATE_WORDS = re.compile(
    r"(?i)(?:sampl\w*[\s_-]*(?:rate|freq\w*)|\bfs\b|\bsfreq\b|abtastrate|frequency)"
    r"[^\d\n]{0,20}?(\d+(?:[.,]\d+)?)\s*(khz|hz|hertz|sps|samples?)?"
)
_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Clock:
    """How a column tells time. column: its place. seconds: of one unit; 0 for a time of day.

    rate_hz: of the samples. longest: seconds from one row to the next beyond which there is a gap.
    usual: seconds from one row to the next.
    """

    column: int
    seconds: float
    rate_hz: float
    longest: float
    usual: float

    def times(self, cells: Cells, words: Sequence[str]) -> NDArray[np.float64]:
        """Seconds."""
        if self.seconds == 0:
            return np.array([clock_seconds(word) for word in words])
        return np.array([cells.number(word) for word in words]) * self.seconds

    def gaps(self, times: NDArray[np.float64]) -> NDArray[np.int64]:
        """How many samples are missing before each row but the first; what goes back in time, which
        no clock does but at midnight, has one.
        """
        steps = np.diff(times)
        if self.seconds == 0:
            steps = np.where(steps < -_DAY / 2, steps + _DAY, steps)
            steps = np.where((steps < -3000) & (steps > -3700), steps + 3600, steps)
        missing = np.round((steps - self.usual) * self.rate_hz)
        missing = np.where(steps > self.longest, np.maximum(missing, 1), 0)
        back = steps < -self.longest
        return np.where(np.isnan(steps), 0, np.where(back, 1, missing)).astype(np.int64)


def rate_in_words(lines: Sequence[str]) -> float | None:
    """Of the lines above a table, as in "Sample Rate,512 hertz" or "# fs = 360"."""
    for line in lines:
        found = _RATE_WORDS.search(line)
        if found:
            rate_hz = float(found[1].replace(",", ".")) * (1000 if _is_kilo(found[2]) else 1)
            if usable(rate_hz):
                return rate_hz
    return None


def is_index(label: str, numbers: NDArray[np.float64]) -> bool:
    """Whether a column counts the samples, perhaps from 0 again and again."""
    steps = np.diff(numbers)
    even = len(steps) > 0 and float((steps == 1).mean()) >= 0.9
    return even and bool(_INDEX.fullmatch(label)) and bool((numbers == np.round(numbers)).all())


def is_time_name(label: str) -> bool:
    return bool(_NAMED.fullmatch(bare(label)))


def find_clock(
    cells: Cells, column: int, label: str, unit: str, words: Sequence[str], is_sure: bool = False
) -> Clock | None:
    """What a column says of time; None if it is none.

    words: its cells in the first rows. is_sure: whether a person says that it is the time.
    """
    words = words[:TIMED_ROWS]
    if len(words) < 2:
        return None
    if sum(is_number(word) for word in words) < len(words) / 2:
        times = np.array([clock_seconds(word) for word in words])
        found = _clock(column, times, 0.0, words)
        return found if found and usable(found.rate_hz) else None
    numbers = np.array([cells.number(word) for word in words])
    if not is_sure and not is_time_name(label) and (label or is_index(label, numbers)):
        return None
    if not label and not is_sure and (np.diff(numbers) <= 0).any():
        return None
    told = next((name for find, name in _UNITS if find.search(f"{label} {unit}")), "")
    if re.fullmatch(r"(?i)\W*(t|times?)\W*", label) and not unit:
        told = ""
    for name in [told] if told else ["s", "ms", "us", "ns"]:
        found = _clock(column, numbers * _SECONDS[name], _SECONDS[name], words)
        if found and usable(found.rate_hz):
            return found
    return None


def _clock(
    column: int, times: NDArray[np.float64], seconds: float, words: Sequence[str]
) -> Clock | None:
    """None unless it goes on and on, in steps that are even but for gaps."""
    times = times[~np.isnan(times)]
    steps = np.diff(times)
    if seconds == 0:
        steps = np.where(steps < -_DAY / 2, steps + _DAY, steps)
    forward = steps[steps >= 0]
    if not len(forward) or len(forward) < 0.9 * len(steps) or forward.max() <= 0:
        return None
    step = (seconds or 1.0) * 10.0 ** -max(decimals(_last(word)) for word in words[:50])
    if float((forward > 0).mean()) < 0.7:
        return _packets(column, np.maximum(steps, 0), seconds, step)
    regular = float(np.percentile(forward, 95))
    kept = forward[forward <= 1.5 * regular]
    span = float(kept.sum())
    if span <= 0 or (len(kept) < 0.9 * len(forward) and len(forward) > 20):
        return None
    rate_hz = len(kept) / span
    rate_hz = _snapped(rate_hz, 2 * step / span * rate_hz)
    usual = 1 / rate_hz
    return Clock(column, seconds, rate_hz, max(1.5 * usual + step, 1.5 * regular), usual)


def _packets(column: int, steps: NDArray[np.float64], seconds: float, step: float) -> Clock | None:
    """Of samples that came together and have one time, or of a clock that is slower than they."""
    places = np.flatnonzero(steps)
    if len(places) < 3:
        return None
    rows, times = np.diff(places), steps[places[1:]]
    usual = float(np.median(times))
    kept = times <= 1.5 * usual + step
    span = float(times[kept].sum())
    rate_hz = float(rows[kept].sum()) / span
    rate_hz = _snapped(rate_hz, 2 * step / span * rate_hz)
    return Clock(column, seconds, rate_hz, 1.5 * usual + step, usual)


def _last(word: str) -> str:
    """The seconds of a time of day."""
    return bare(word).split(":")[-1].split(" ")[0].strip("[]Zz")


def _snapped(rate_hz: float, error: float) -> float:
    """The rate that was meant, as far as the times leave it open."""
    error = max(error, 1e-4 * rate_hz)
    nearest = min(COMMON_HZ, key=lambda common: abs(common - rate_hz))
    if abs(nearest - rate_hz) <= error:
        return float(nearest)
    return float(round(rate_hz)) if abs(round(rate_hz) - rate_hz) <= error else rate_hz


def _is_kilo(unit: str | None) -> bool:
    return bool(unit) and str(unit).lower() == "khz"
