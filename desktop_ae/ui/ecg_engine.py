"""What the ECG view asks of the domain, which is imported when it is first called."""

from __future__ import annotations

from pathlib import Path

from desktop_ae.core.domain import Options
from desktop_ae.ui.ecg_data import EcgFunctions, Peaks, Samples, Source


def ecg_functions() -> EcgFunctions:
    return EcgFunctions(_open, _detect)


def _open(path: Path, options: Options) -> Source:
    from desktop_ae.domains.ecg.files import open_source

    return open_source(path, options)


def _detect(samples: Samples, rate_hz: float) -> Peaks:
    from desktop_ae.domains.ecg.rpeaks import detect

    return detect(samples, rate_hz)
