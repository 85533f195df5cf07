"""Train a net of our family under the QT-NSTDB protocol of Romero et al. 2021.

    python packaging/qt_nstdb.py --data DIR --minutes 12
    desktop-ae bench ecg/denoise --data DIR --model runs/qt-nstdb/model

The second command judges it beside filters on the beats of held-out records. With `--resume` the
training goes on from its checkpoint in `runs/qt-nstdb`.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from desktop_ae.domains import task_named
from desktop_ae.domains.ecg.protocol import SAMPLES, ProtocolPairs
from desktop_ae.domains.ecg.recipes import DENOISE
from desktop_ae.nets import build_net
from desktop_ae.training.loop import best_device, fit
from desktop_ae.training.train import keep_freed_memory, save_model

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
    given = parser.parse_args()
    keep_freed_memory()
    torch.manual_seed(RECIPE.seed)
    net = build_net(RECIPE.net, RECIPE.arguments)
    folder = Path("runs/qt-nstdb")
    fitted = fit(
        net,
        ProtocolPairs(given.data),
        RECIPE,
        folder,
        minutes=given.minutes,
        device=best_device(),
        resume=given.resume,
        report=lambda progress: print(progress.note, flush=True),
    )
    facts = {"steps": fitted.steps, "minutes": round(fitted.seconds / 60, 1)}
    print(save_model(fitted.net, task_named(RECIPE.task), RECIPE, facts, folder / "model"))


if __name__ == "__main__":
    main()
