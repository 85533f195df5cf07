"""Does learning from a person's own photos help? Three trials, and what is forgotten.

    python packaging/trial_photos.py noisy --data ../shared/data [--minutes 10]

`clean`: clean photos alone, with speckle as the damage chosen. `noisy`: noisy photos alone, of a
simulated camera whose strong noise is smooth and follows brightness. `pixels`: noisy photos alone,
a tenth of their pixels black or white. What is learned from are photos of `photo/train`, which the
shipped model knows; what is judged by are Kodak's, which no model of ours has seen. The truth of
noisy photos is not used. The minutes are of computing, so that other work beside it does not
matter. The exit status is 1 if the noise gains too little or others lose too much.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from desktop_ae.core.clip import Samples  # noqa: E402
from desktop_ae.core.library import Model, ModelLibrary, load_model  # noqa: E402
from desktop_ae.core.restore import TileRestorer, restore  # noqa: E402
from desktop_ae.core.tuning import CLEAN, NOISY, Material  # noqa: E402
from desktop_ae.domains.image.tuning import DENOISE_TUNING  # noqa: E402
from desktop_ae.jobs import Context  # noqa: E402
from desktop_ae.learning.jobs import LearnJob  # noqa: E402
from desktop_ae.learning.request import LearnRequest  # noqa: E402
from desktop_ae.learning.session import begin  # noqa: E402
from desktop_ae.places import shipped  # noqa: E402
from desktop_ae.training import loop  # noqa: E402

TASK, BASE = "image/denoise", "image/denoise-v1"
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


def learn(case: str, data: Path, minutes: float, scratch: Path) -> Model:
    """As the wizard would; a fourth of the photos ends and judges the training."""
    names = sorted((data / "photo" / "train").iterdir())
    spoil = {"clean": _as_it_is, "noisy": smooth_noise, "pixels": single_pixels}[case]
    photos = scratch / "photos"
    photos.mkdir()
    for number, path in enumerate(names[:: len(names) // PHOTOS][:PHOTOS]):
        pixels = np.rint(spoil(read(path, SIDE_PX), number) * 255).astype(np.uint8)
        Image.fromarray(pixels.transpose(1, 2, 0)).save(photos / f"{path.stem}.png")
    if case == "clean":
        request = LearnRequest(TASK, BASE, CLEAN, (), (photos,), minutes, "speckle")
    else:
        request = LearnRequest(TASK, BASE, NOISY, (photos,), (), minutes)
    context = Context(ModelLibrary([shipped("models"), scratch / "models"]))
    learned = LearnJob(begin(scratch / "sessions", request)).run(context)
    print(*learned.verdict.sentences(), learned.card.trained, sep="\n")
    return load_model(learned.card)


def judged_pairs(case: str, data: Path) -> list[Pair]:
    clean = [read(path, JUDGED_PX) for path in _kodak(data)[::4]]
    if case == "clean":
        own = Material(CLEAN, damage="speckle")
        return [(DENOISE_TUNING.damaged(c, own, n), c) for n, c in enumerate(clean)]
    spoil = smooth_noise if case == "noisy" else single_pixels
    return [(spoil(c, 1000 + n), c) for n, c in enumerate(clean)]


def _as_it_is(clean: Samples, seed: int) -> Samples:
    return clean


def _kodak(data: Path) -> list[Path]:
    return sorted((data / "photo" / "dev-kodak24").glob("*.png"))


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("case", choices=("clean", "noisy", "pixels"))
    words.add_argument("--data", type=Path, required=True)
    words.add_argument("--minutes", type=float, default=10.0)
    wanted = words.parse_args()
    loop.time = SimpleNamespace(monotonic=time.process_time)  # type: ignore
    model = ModelLibrary([shipped("models")]).load(BASE)
    with tempfile.TemporaryDirectory() as scratch:
        own = learn(wanted.case, wanted.data, wanted.minutes, Path(scratch))
    judged = judged_pairs(wanted.case, wanted.data)
    before = mean_db(lambda sheet: run(model, sheet), judged)
    gain = mean_db(lambda sheet: run(own, sheet), judged) - before
    print(f"own noise: nothing {mean_db(lambda sheet: sheet, judged):.2f} dB,", end=" ")
    print(f"non-local means {mean_db(DENOISE_TUNING.classical, judged):.2f},", end=" ")
    print(f"shipped {before:.2f}, tuned {before + gain:.2f} ({gain:+.2f})")
    losses = []
    for sigma in (15, 25, 50):
        pairs = gaussian_pairs(_kodak(wanted.data)[1::4], sigma)
        was = mean_db(lambda sheet: run(model, sheet), pairs)
        losses.append(was - mean_db(lambda sheet: run(own, sheet), pairs))
        print(f"Gaussian, sigma {sigma}: shipped {was:.2f} dB, tuned {was - losses[-1]:.2f}")
    print(f"processor time {time.process_time() / 60:.1f} minutes")
    return int(gain < LEAST_GAIN_DB or max(losses) > MOST_LOSS_DB)


if __name__ == "__main__":
    sys.exit(main())
