"""A small folder of data as the recipe and the bench want it: records of WFDB, recorded noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from desktop_ae.domains.ecg.rpeaks import detect
from tests.domains.ecg.hearts import beating, write_annotations

_P, _OPENS, _CLOSES, _BEAT = 24, 39, 40, 1


def write_data(root: Path, names: list[str], seconds: float = 40.0, rate_hz: int = 250) -> Path:
    """`root/ecg/qtdb` with records of two leads and marks of P waves and beats; and the noises."""
    folder = root / "ecg" / "qtdb"
    folder.mkdir(parents=True)
    for number, name in enumerate(names):
        heart = beating(1, seconds, rate_hz, seed=number + 1)
        leads = np.concatenate([heart, 0.6 * heart])
        counts = np.rint(leads * 200).clip(-2000, 2000).astype("<i2")
        counts.T.tofile(folder / f"{name}.dat")
        lines = [f"{name} 2 {rate_hz} {leads.shape[1]}"]
        lines += [f"{name}.dat 16 200 16 0 0 0 0 {lead}" for lead in ("MLII", "V5")]
        (folder / f"{name}.hea").write_text("\n".join(lines) + "\n")
        marks = []
        for beat in detect(leads, rate_hz).tolist():
            start = beat - round(0.2 * rate_hz)
            if start > 0:
                marks += [(start, _OPENS), (start + 10, _P), (start + 20, _CLOSES), (beat, _BEAT)]
        write_annotations(folder / f"{name}.pu1", marks)
    noise = root / "ecg" / "nstdb-first-half"
    noise.mkdir()
    rng = np.random.default_rng(0)
    for kind in ("bw", "em", "ma"):
        walk = np.cumsum(rng.standard_normal((40_000, 2)), axis=0) if kind == "bw" else 0
        waves = 0.01 * walk + 0.1 * rng.standard_normal((40_000, 2))
        np.save(noise / f"{kind}-360hz-mV.npy", waves.astype(np.float32))
    return root
