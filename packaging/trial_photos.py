"""Does learning from a person's own photos help? Three trials, and what is forgotten.

    python packaging/trial_photos.py noisy --data ../shared/data --minutes 10

`clean`: clean photos alone, with speckle as the damage chosen. `noisy`: noisy photos alone, of a
simulated camera whose strong noise is smooth and follows brightness. `pixels`: noisy photos alone,
a tenth of their pixels black or white. What is learned from are photos of `photo/train`, which the
shipped model knows; what is judged by are Kodak's, which no model of ours has seen. The truth of
noisy photos is not used. Minutes are those of a clock: give a busy machine more.
"""

from __future__ import annotations

import argparse
import copy
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from desktop_ae.core.card import read_card
from desktop_ae.core.clip import Samples
from desktop_ae.core.library import Model, load_model
from desktop_ae.core.restore import TileRestorer, restore
from desktop_ae.core.tuning import CLEAN, NOISY, Material
from desktop_ae.domains.image.recipes import DENOISE
from desktop_ae.domains.image.tuning import DENOISE_TUNING
from desktop_ae.training.loop import fit
from desktop_ae.training.train import keep_freed_memory

ROOT = Path(__file__).resolve().parent.parent
SPARE = ROOT / "resources" / "samples" / "clean"
PHOTOS, SIDE_PX, JUDGED_PX = 30, 512, 384
LEAST_GAIN_DB, MOST_LOSS_DB = 0.5, 0.3
Pair = tuple[Samples, Samples]
Array = NDArray[np.floating[Any]]


def read(path: Path, side_px: int) -> Samples:
    """The middle of a photo, no side over so many pixels."""
    with Image.open(path) as file:
        pixels = np.asarray(file.convert("RGB"), np.float32).transpose(2, 0, 1) / np.float32(255)
    top, left = (max(0, (side - side_px) // 2) for side in pixels.shape[1:])
    return np.ascontiguousarray(pixels[:, top : top + side_px, left : left + side_px])


def smooth_noise(clean: Samples, seed: int) -> Samples:
    """Luma through a Gaussian of 1.2 pixels and colour through one of 2, stronger where bright."""
    rng = np.random.default_rng(seed)
    luma = _through_gaussian(rng.standard_normal((1, *clean.shape[1:])), 1.2)
    colour = _through_gaussian(rng.standard_normal(clean.shape), 2.0)
    return _filed(clean + np.sqrt(0.0004 + 0.01 * clean) * (0.8 * luma + 0.6 * colour))


def _through_gaussian(drawn: Array, sigma: float) -> Array:
    """Of deviation 1 again. The edges meet."""
    down = np.fft.fftfreq(drawn.shape[1])[:, None]
    across = np.fft.rfftfreq(drawn.shape[2])[None]
    answer = np.exp(-2 * (np.pi * sigma) ** 2 * (down**2 + across**2))
    smooth = np.fft.irfft2(np.fft.rfft2(drawn) * answer, s=drawn.shape[1:])
    unit: Array = smooth / smooth.std()
    return unit


def single_pixels(clean: Samples, seed: int) -> Samples:
    rng = np.random.default_rng(seed)
    drawn = rng.random((1, *clean.shape[1:]))
    return _filed(np.where(drawn < 0.1, drawn < 0.05, clean))


def _filed(picture: Array) -> Samples:
    kept: Samples = (np.rint(picture.clip(0, 1) * 255) / 255).astype(np.float32)
    return kept


def run(model: Model, noisy: Samples) -> Samples:
    return restore(TileRestorer(model, noisy.shape, 1.0), noisy)


def mean_db(restored: Callable[[Samples], Samples], pairs: Sequence[Pair]) -> float:
    return float(np.mean([DENOISE_TUNING.score(restored(n), clean) for n, clean in pairs]))


def gaussian_pairs(paths: Sequence[Path], sigma: int) -> list[Pair]:
    rng = np.random.default_rng(sigma)
    clean = [read(path, JUDGED_PX) for path in paths]
    return [
        (c + np.float32(sigma / 255) * rng.standard_normal(c.shape, np.float32), c) for c in clean
    ]


def gather(case: str, data: Path, model: Model) -> tuple[Material, list[Pair]]:
    """What is learned from, and (noisy, clean) to judge by."""
    names = sorted((data / "photo" / "train").iterdir())
    photos = [read(path, SIDE_PX) for path in names[:: len(names) // PHOTOS][:PHOTOS]]
    spare = [read(path, SIDE_PX) for path in sorted(SPARE.glob("photo-*"))]
    judged = [read(path, JUDGED_PX) for path in _kodak(data)[::4]]
    if case == "clean":
        material = Material(CLEAN, clean=photos, spare=spare, damage="speckle")
        return material, [(DENOISE_TUNING.damaged(c, material, n), c) for n, c in enumerate(judged)]
    spoil = smooth_noise if case == "noisy" else single_pixels
    noisy = [spoil(photo, number) for number, photo in enumerate(photos)]
    study = DENOISE_TUNING.study(noisy)
    print(f"{study.approach}: {study.why} {study.warning}")
    guesses = [run(model, sheet) for sheet in noisy]
    material = Material(NOISY, noisy, guesses, spare, approach=study.approach)
    return material, [(spoil(c, 1000 + n), c) for n, c in enumerate(judged)]


def _kodak(data: Path) -> list[Path]:
    return sorted((data / "photo" / "dev-kodak24").glob("*.png"))


def tuned(model: Model, material: Material, minutes: float) -> Model:
    recipe = replace(
        DENOISE, learning_rate=DENOISE_TUNING.learning_rate, batch=DENOISE_TUNING.batch
    )
    pairs = DENOISE_TUNING.pairs(material, recipe)
    net = copy.deepcopy(model.net).requires_grad_(True)
    with tempfile.TemporaryDirectory() as folder:
        made = fit(net, pairs, recipe, Path(folder), minutes=minutes, device=torch.device("cpu"))
    print(f"{made.steps} steps in {made.seconds / 60:.1f} minutes")
    return Model(model.card, made.net)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("case", choices=("clean", "noisy", "pixels"))
    words.add_argument("--data", type=Path, required=True)
    words.add_argument("--minutes", type=float, default=10.0)
    given = words.parse_args()
    keep_freed_memory()
    model = load_model(read_card(ROOT / "models" / "image" / "denoise-v1"))
    material, judged = gather(given.case, given.data, model)
    own = tuned(model, material, given.minutes)
    before = mean_db(lambda sheet: run(model, sheet), judged)
    gain = mean_db(lambda sheet: run(own, sheet), judged) - before
    print(f"own noise: nothing {mean_db(lambda sheet: sheet, judged):.2f} dB,", end=" ")
    print(f"non-local means {mean_db(DENOISE_TUNING.classical, judged):.2f},", end=" ")
    print(f"shipped {before:.2f}, tuned {before + gain:.2f} ({gain:+.2f})")
    losses = []
    for sigma in (15, 25, 50):
        pairs = gaussian_pairs(_kodak(given.data)[1::4], sigma)
        was = mean_db(lambda sheet: run(model, sheet), pairs)
        losses.append(was - mean_db(lambda sheet: run(own, sheet), pairs))
        print(f"Gaussian, sigma {sigma}: shipped {was:.2f} dB, tuned {was - losses[-1]:.2f}")
    kept = gain >= LEAST_GAIN_DB and max(losses) <= MOST_LOSS_DB
    print("as wanted" if kept else "NOT as wanted")
    raise SystemExit(0 if kept else 1)


if __name__ == "__main__":
    main()
