"""ECGs for pictures of the window, and a stand-in while no model is shipped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from desktop_ae.core.library import ModelLibrary

_GAIN = 1000.0  # steps a millivolt
_INVALID = -32768  # what WFDB has for a sample that is not there


def write_record(path: Path, samples: Any, rate_hz: float) -> Path:
    """A WFDB header, with the data beside it, of `(leads, samples)` in millivolts."""
    from tests.ui.ecg_probe import NAMES

    names = NAMES[1:2] if len(samples) == 1 else NAMES[: len(samples)]
    steps = np.where(np.isnan(samples), _INVALID, np.rint(np.nan_to_num(samples) * _GAIN))
    record = path.stem.replace(" ", "_").replace(",", "")  # no blanks within a header's words
    data = path.with_name(f"{record}.dat")
    data.write_bytes(steps.T.astype("<i2").tobytes())
    lines = [f"{record} {len(names)} {rate_hz:g} {samples.shape[1]}"]
    lines += [f"{data.name} 16 {_GAIN:g}/mV 16 0 0 0 0 {name}" for name in names]
    path.write_text("\n".join(lines) + "\n")
    return path


def write_table(path: Path, samples: Any) -> Path:
    """Numbers with names of columns, and not a word of rate or unit."""
    rows = ["ch_I,ch_II,resp,marker"]
    count = samples.shape[1]
    breath = 300 * np.sin(np.arange(count) / 240)
    for one, other, breathed in zip(*np.rint(samples * 1000).tolist(), breath, strict=True):
        rows.append(f"{one:.0f},{other:.0f},{breathed:.0f},0")
    path.write_text("\n".join(rows) + "\n")
    return path


def stand_in_library(models: Path, home: Path) -> ModelLibrary:
    """Models with one more for ECGs, whose task needs no net: until there is a real one."""
    from desktop_ae import domains, jobs, planning
    from desktop_ae.core.library import ModelLibrary
    from desktop_ae.domains import ecg, load_domains
    from desktop_ae.ui import main_window
    from tests.fakes import write_model

    real = ecg.DENOISE
    write_model(home / "stand-in", id=real.default_model, task=real.id, title="ECG · stand-in")
    task = replace(real, restorer=_Filter)
    hearts = replace(ecg.DOMAIN, tasks=(task,))
    all_of_them = tuple(hearts if d.id == "ecg" else d for d in load_domains())
    for module in (domains, jobs, main_window, planning):
        vars(module)["load_domains"] = lambda: all_of_them
    return ModelLibrary([models, home / "stand-in"])


class _Filter:
    """Takes wander away, and smooths what lies between the complexes."""

    def __init__(self, _model: Any, request: Any) -> None:
        from desktop_ae.domains.ecg.harm import HeartRemoved

        self._request = request
        self._blocks: list[Any] = []
        self.removed = HeartRemoved(request.shape[0])

    def push(self, block: Any) -> Iterator[Any]:
        self._blocks.append(block.samples)
        return iter(())

    def finish(self) -> Iterator[Any]:
        from desktop_ae.core.clip import Clip
        from desktop_ae.domains.ecg.rpeaks import bridged, moving_mean

        noisy = np.concatenate(self._blocks, axis=1)
        rate_hz = self._request.rate_hz
        filled = np.stack([bridged(lead) for lead in noisy])
        mains = moving_mean(filled, rate_hz / 50)
        wander = moving_mean(moving_mean(filled, 0.7 * rate_hz), 0.5 * rate_hz)
        smooth = moving_mean(moving_mean(mains, 0.03 * rate_hz), 0.025 * rate_hz)
        steep = moving_mean(np.abs(mains - moving_mean(mains, 0.1 * rate_hz)), 0.05 * rate_hz)
        typical = np.quantile(steep, 0.97, axis=1, keepdims=True)
        inside = np.clip(2.2 * steep / np.maximum(typical, 1e-6) - 0.7, 0, 1)
        inside = moving_mean(inside.astype(np.float32), 0.03 * rate_hz)
        cleaned = smooth + inside * (filled - smooth) - wander
        strength = np.float32(self._request.strength)
        mixed = (noisy + strength * (cleaned - noisy)).astype(np.float32)
        self.removed.compare(filled, cleaned.astype(np.float32), rate_hz, 0, noisy.shape[1])
        gone, heard = np.nan_to_num(noisy - mixed), np.nan_to_num(noisy)
        self.removed.add(gone[:, None], heard[:, None])
        yield Clip(mixed)
