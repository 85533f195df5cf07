"""What a person says of a file that does not say it, and what is guessed where nobody does."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Options
from desktop_ae.core.errors import UnknownName
from desktop_ae.domains.ecg.leads import millivolts

# Heights of an ECG, from the lowest to the highest point of two seconds, in its own unit: more is
# in µV, less is in V.
_MICROVOLTS_FROM, _VOLTS_BELOW = 40.0, 0.02


def rate_given(options: Options) -> float | None:
    """Raises UnknownName for what is no rate."""
    text = _text(options, "rate_hz").lower().removesuffix("hz").strip()
    if not text:
        return None
    try:
        rate_hz = float(text.replace(",", "."))
    except ValueError:
        rate_hz = 0.0
    if not math.isfinite(rate_hz) or rate_hz <= 0:
        raise UnknownName(f"rate_hz cannot be “{text}”. It is a number: samples a second.")
    return rate_hz


def unit_given(options: Options) -> str | None:
    """Raises UnknownName for what is no unit of voltage."""
    unit = _text(options, "unit")
    if not unit:
        return None
    if millivolts(unit) is None:
        raise UnknownName(f"unit cannot be “{unit}”. It can be: mV, uV, V.")
    return unit


def columns_given(options: Options, labels: Sequence[str]) -> list[int] | None:
    """Places of the columns named or numbered (from 1) in "columns". Raises UnknownName."""
    words = [word.strip() for word in _text(options, "columns").split(",")]
    return [place_of(word, labels, "columns") for word in words if word] or None


def time_column_given(options: Options, labels: Sequence[str]) -> int | None:
    """As `columns_given`, of "time_column"."""
    word = _text(options, "time_column")
    return place_of(word, labels, "time_column") if word else None


def place_of(word: str, labels: Sequence[str], option: str) -> int:
    for spelling in (str.strip, lambda label: label.strip().lower()):
        names = [spelling(label) for label in labels]
        if spelling(word) in names:
            return names.index(spelling(word))
    if word.isdigit() and 1 <= int(word) <= len(labels):
        return int(word) - 1
    known = ", ".join(labels[:20]) or "none"
    raise UnknownName(f"{option} cannot be “{word}”. There are: {known}, or 1 to {len(labels)}.")


def unit_of(excerpts: Sequence[Samples]) -> str:
    """The unit that makes an ECG of parts of a few seconds, each `(leads, samples)`: "mV", "uV" or
    "V". Leads that do not move say nothing.
    """
    heights = []
    for samples in excerpts:
        for lead in samples:
            valid = lead[np.isfinite(lead)]
            if len(valid) > 1:
                low, high = np.percentile(valid, (0.5, 99.5))
                heights.append(float(high - low))
    heights = [height for height in heights if height > 0]
    if not heights:
        return "mV"
    height = float(np.median(heights))
    if height >= _MICROVOLTS_FROM:
        return "uV"
    return "mV" if height >= _VOLTS_BELOW else "V"


def _text(options: Options, name: str) -> str:
    return str(options.get(name, "") or "").strip()
