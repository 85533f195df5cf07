"""How good a photo model is, beside its peers, on pictures it has never seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Score
from desktop_ae.core.errors import UnknownName, Unreadable
from desktop_ae.core.library import Model
from desktop_ae.domains.image.files import decode

SIGMAS = (15, 25, 50)
Method = Callable[[Samples, float], Samples]


@dataclass(frozen=True, slots=True)
class Pair:
    """noisy, clean: `(channels, height, width)` in [0, 1]. sigma: of 255, None if not known."""

    noisy: Samples
    clean: Samples
    sigma: float | None


def bench_denoise(
    models: Sequence[Model], data: Path, peers: str, every: int, each: Callable[[Score], None]
) -> list[Score]:
    """Score doing nothing, the peers and the models on a folder.

    data: a folder of clean pictures (seeded Gaussian noise of sigma 15, 25 and 50 is added, not
    clipped; they are also given clean, to see that they stay so), or one with pairs
    `NAME_real.*` and `NAME_mean.*` of camera shots. peers: "none", "some" (OpenCV's non-local
    means), "all" (CBM3D as well: over a minute a megapixel). every: takes every so many-th
    picture, 1 all of them. Each figure is the mean over the pictures.
    Raises Unreadable for a folder without pictures, UnknownName for a peer that is not installed.
    """
    methods = {"nothing": _nothing, **_peers(peers)}
    for model in models:
        methods |= _ours(model)
    scores: list[Score] = []
    for name, pairs in _sets(data, every).items():
        for method, run in methods.items():
            score = Score(name, method, _figures(pairs(), run))
            scores.append(score)
            each(score)
    return scores


def _sets(data: Path, every: int) -> Mapping[str, Callable[[], Iterator[Pair]]]:
    paths = sorted(p for p in data.glob("*") if p.suffix.lower() in {".png", ".jpg", ".tif"})
    real = [p for p in paths if p.stem.endswith("_real")]
    chosen = (real or paths)[::every]
    if not chosen:
        raise Unreadable(data, f"There are no pictures in {data}.")
    name = data.name if every == 1 else f"{data.name} ({len(chosen)} of {len(real or paths)})"
    if real:
        return {f"{name} camera": lambda: _camera_pairs(chosen)}
    noisy = {f"{name} sigma {s}": _with_sigma(chosen, s) for s in SIGMAS}
    return {**noisy, f"{name} clean": _with_sigma(chosen, 0)}


def _with_sigma(paths: list[Path], sigma: int) -> Callable[[], Iterator[Pair]]:
    def pairs() -> Iterator[Pair]:
        rng = np.random.default_rng(sigma)
        for path in paths:
            clean = _load(path)
            added = rng.standard_normal(clean.shape, dtype=np.float32) * np.float32(sigma / 255)
            yield Pair(clean + added, clean, float(sigma))

    return pairs


def _camera_pairs(real: list[Path]) -> Iterator[Pair]:
    for path in real:
        mean = path.with_name(path.name.replace("_real", "_mean"))
        yield Pair(_load(path), _load(mean), None)


def _load(path: Path) -> Samples:
    pixels = decode(path).pixels
    return pixels.band(0, pixels.shape[1])


def _figures(pairs: Iterator[Pair], run: Method) -> Mapping[str, float]:
    psnrs, ssims, seconds, megapixels = [], [], 0.0, 0.0
    for pair in pairs:
        sigma = pair.sigma if pair.sigma is not None else estimate_sigma(pair.noisy)
        started = time.perf_counter()
        restored = run(pair.noisy, sigma)
        seconds += time.perf_counter() - started
        megapixels += pair.clean[0].size / 1e6
        psnrs.append(psnr(restored, pair.clean))
        ssims.append(ssim(restored, pair.clean))
    return {
        "psnr_db": float(np.mean(psnrs)),
        "ssim": float(np.mean(ssims)),
        "seconds_per_mp": seconds / megapixels,
    }


def demonstrate(source: Path, result: Path, truth: Path, picture: Path) -> Mapping[str, float]:
    """Score a cleaned sample against its truth; write before and after side by side, as PNG."""
    from PIL import Image

    noisy, cleaned, clean = _load(source), _load(result), _load(truth)
    both = np.concatenate([noisy, cleaned], axis=2).transpose(1, 2, 0)
    Image.fromarray(np.rint(both * 255).astype(np.uint8)).save(picture)
    return {
        "psnr_before_db": psnr(noisy, clean),
        "psnr_after_db": psnr(cleaned, clean),
        "ssim_before": ssim(noisy, clean),
        "ssim_after": ssim(cleaned, clean),
    }


def psnr(restored: Samples, clean: Samples) -> float:
    """In dB, for a peak of 1; 99 for two that are the same."""
    error = float(np.mean(np.square(restored.astype(np.float64) - clean)))
    return min(99.0, -10 * float(np.log10(error))) if error > 0 else 99.0


def ssim(restored: Samples, clean: Samples) -> float:
    """Wang et al. 2004: Gaussian window of 1.5 pixels, mean over the channels, peak 1."""
    import torch
    from torch.nn import functional as F

    offsets = torch.arange(-5, 6, dtype=torch.float64)
    window = torch.exp(-0.5 * (offsets / 1.5) ** 2)
    window = window / window.sum()

    def smooth(planes: Any) -> Any:
        across = F.conv2d(planes, window.reshape(1, 1, 1, 11))
        return F.conv2d(across, window.reshape(1, 1, 11, 1))

    a = torch.from_numpy(restored.astype(np.float64))[:, None]
    b = torch.from_numpy(clean.astype(np.float64))[:, None]
    mean_a, mean_b = smooth(a), smooth(b)
    var_a, var_b = smooth(a * a) - mean_a**2, smooth(b * b) - mean_b**2
    both = smooth(a * b) - mean_a * mean_b
    first, second = 0.01**2, 0.03**2
    top = (2 * mean_a * mean_b + first) * (2 * both + second)
    return float((top / ((mean_a**2 + mean_b**2 + first) * (var_a + var_b + second))).mean())


def estimate_sigma(noisy: Samples) -> float:
    """Noise level of 255 for peers that must be told one (Immerkaer 1996)."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    height, width = noisy.shape[1:]
    answer = sum(
        kernel[i, j] * noisy[:, i : height - 2 + i, j : width - 2 + j]
        for i in range(3)
        for j in range(3)
    )
    return float(np.abs(answer).mean() * np.sqrt(np.pi / 2) / 6 * 255)


def _nothing(noisy: Samples, sigma: float) -> Samples:
    return noisy


def _ours(model: Model) -> Mapping[str, Method]:
    """As the program runs it; and in float32, where that is not the same."""
    from desktop_ae.core.restore import uses_bf16

    methods = {model.card.label: _runner(model)}
    if uses_bf16(model.card.input):
        plain = replace(model.card, input=replace(model.card.input, bf16=False))
        methods[f"{model.card.label} float32"] = _runner(Model(plain, model.net))
    return methods


def _runner(model: Model) -> Method:
    from desktop_ae.core.restore import TileRestorer, restore

    def run(noisy: Samples, sigma: float) -> Samples:
        return restore(TileRestorer(model, noisy.shape, 1.0), noisy)

    run(np.zeros((3, 64, 64), np.float32), 0.0)  # the first call prepares the processor's kernels
    return run


def _peers(which: str) -> Mapping[str, Method]:
    try:
        match which:
            case "none":
                return {}
            case "some":
                return {"OpenCV non-local means": _nl_means()}
            case "all":
                return {"OpenCV non-local means": _nl_means(), "CBM3D": _cbm3d()}
    except ImportError as error:
        sentence = f"{error.name} is not installed: pip install 'desktop-ae[bench]'"
        raise UnknownName(sentence) from error
    raise UnknownName(f"There are no peers “{which}”: choose none, some or all.")


def _nl_means() -> Method:
    import cv2

    def run(noisy: Samples, sigma: float) -> Samples:
        # OpenCV's own advice for h; it takes 8-bit pictures only. Told sigma, as CBM3D is.
        pixels = np.rint(noisy.clip(0, 1) * 255).astype(np.uint8).transpose(1, 2, 0)
        strength = max(1.0, 0.9 * sigma)
        picture = np.ascontiguousarray(pixels[..., ::-1])
        result = cv2.fastNlMeansDenoisingColored(picture, None, strength, strength, 7, 21)
        return np.asarray(result[..., ::-1].transpose(2, 0, 1), np.float32) / np.float32(255)

    return run


def _cbm3d() -> Method:
    import bm3d

    def run(noisy: Samples, sigma: float) -> Samples:
        result = bm3d.bm3d_rgb(noisy.transpose(1, 2, 0).astype(np.float64), max(sigma, 0.1) / 255)
        return np.asarray(result, np.float32).transpose(2, 0, 1)

    return run
