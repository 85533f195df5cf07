"""Train a net of our family under the QT-NSTDB protocol, and judge it beside filters.

    python packaging/qt_nstdb.py --data DIR --minutes 12

Prints the measures of Romero et al. 2021 on the beats of held-out records: SSD, MAD (mV), PRD (%)
and cosine similarity. The checkpoint stays in `runs/qt-nstdb`, to go on with `--resume`.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from desktop_ae.domains.ecg.bench import peers_named
from desktop_ae.domains.ecg.protocol import (
    SAMPLES,
    ProtocolPairs,
    clean_beats,
    figures,
    judged_pairs,
)
from desktop_ae.domains.ecg.recipes import DENOISE
from desktop_ae.nets import build_net
from desktop_ae.training.loop import best_device, fit
from desktop_ae.training.train import keep_freed_memory

RECIPE = replace(
    DENOISE,
    arguments={**DENOISE.arguments, "fold": 2, "blocks": (1, 1, 1, 2)},
    batch=96,
    patch=SAMPLES,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=12.0)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--peers", default="some", help="none, some or all, as in the bench")
    given = parser.parse_args()
    keep_freed_memory()
    torch.manual_seed(RECIPE.seed)
    net = build_net(RECIPE.net, RECIPE.arguments)
    fitted = fit(
        net,
        ProtocolPairs(given.data),
        RECIPE,
        Path("runs/qt-nstdb"),
        minutes=given.minutes,
        device=best_device(),
        resume=given.resume,
        report=lambda progress: print(progress.note, flush=True),
    )
    noisy, clean = judged_pairs(given.data)
    print(f"{fitted.steps} steps, {fitted.seconds / 60:.1f} min; {len(clean)} beats")
    rows = {"nothing": noisy}
    for name, run in peers_named(given.peers).items():
        rows[name] = np.stack([run(beat) for beat in noisy])
    rows["ours"] = clean_beats(fitted.net.cpu().eval(), noisy)
    for name, cleaned in rows.items():
        told = "  ".join(f"{key} {value:.3f}" for key, value in figures(cleaned, clean).items())
        print(f"{name:24} {told}")


if __name__ == "__main__":
    main()
