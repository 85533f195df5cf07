"""What a model's card says, in words for a person."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QDateTime, QLocale, QObject

from desktop_ae.core.card import ModelCard
from desktop_ae.core.errors import UnknownName
from desktop_ae.domains import task_named
from desktop_ae.ui.wording import translated

_FIGURES: Mapping[str, str] = {
    "psnr_db": "PSNR, dB",
    "rmse": "RMSE",
    "f_measure_percent": "F, %",
    "word_errors_percent": "WER, %",
    "pesq": "PESQ",
    "si_sdr_db": "SI-SDR, dB",
    "si_sdr_to_input_db": "SI-SDR, dB",
    "snr_gain_db": "SNR gain, dB",
    "correlation": "r",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure on one set of data: what it is, of the file left alone, and with this model."""

    data: str
    figure: str
    untouched: str
    model: str


class ModelWords(QObject):
    """Has no state: a QObject because translations are looked up by the name of its class."""

    def task(self, task_id: str) -> str:
        try:
            return translated(task_named(task_id).title)
        except UnknownName:
            return task_id

    def source(self, is_own: bool) -> str:
        return self.tr("Your own") if is_own else self.tr("Shipped")

    def size(self, count: int) -> str:
        """count: of bytes."""
        return self.tr("{n} MB").format(n=QLocale().toString(count / 1e6, "f", 1))

    def date(self, card: ModelCard) -> str:
        """When it was written here; nothing where that is not known."""
        if card.written is None:
            return ""
        when = QDateTime.fromSecsSinceEpoch(int(card.written)).date()
        return QLocale().toString(when, QLocale.FormatType.ShortFormat)

    def recipe(self, card: ModelCard) -> Sequence[tuple[str, str]]:
        return [(_spaced(name), shown(value)) for name, value in card.recipe.items()]

    def training(self, card: ModelCard) -> Sequence[tuple[str, str]]:
        return [(_spaced(name), shown(value)) for name, value in card.trained.items()]

    def measures(self, card: ModelCard) -> list[Measure]:
        """The first figure on each set of data, as far as the card says it of this model.

        A card may be anyone's: whatever it holds, this gives texts.
        """
        own: dict[str, Mapping[str, Any]] = {}
        untouched: dict[str, Mapping[str, Any]] = {}
        for row in card.measured:
            figures, method = row.get("figures"), str(row.get("method"))
            if not isinstance(figures, dict) or not figures:
                continue
            if card.sha256[:7] in method:
                own.setdefault(str(row.get("data")), figures)
            elif method == "nothing":
                untouched.setdefault(str(row.get("data")), figures)
        found = []
        for data, figures in own.items():
            name, value = next(iter(figures.items()))
            before = untouched.get(data, {}).get(name)
            label = _FIGURES.get(str(name), _spaced(str(name)))
            found.append(Measure(data, label, shown(before), shown(value)))
        return found


def shown(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.4g}" if math.isfinite(value) else "∞" if value > 0 else "–"
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value))
    return str(value)


def _spaced(name: str) -> str:
    return name.replace("_", " ")
