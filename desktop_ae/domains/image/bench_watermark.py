"""How good a watermark model is, beside inpainting that is told where the overlay is."""

from __future__ import annotations

import functools
import io
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Generator, Tensor

from desktop_ae.core.clip import Samples, reduced
from desktop_ae.core.domain import Request, Score
from desktop_ae.core.errors import UnknownName, Unreadable
from desktop_ae.core.library import Model
from desktop_ae.core.restore import restore, uses_bf16
from desktop_ae.domains.fonts import find_fonts
from desktop_ae.domains.image.bench import psnr, ssim
from desktop_ae.domains.image.files import decode
from desktop_ae.domains.image.overlay import lay_over, scene_text
from desktop_ae.domains.image.sprites import logo_sprites, make_sprites
from desktop_ae.domains.image.watermark import WatermarkRestorer

Marked = NDArray[np.bool_]
SPRITES = 300
# An overlay covers at least this much of its picture: less is drawn again.
LEAST_SHARE = 0.001
# OpenCV's radius of inpainting, in pixels.
RADIUS_PX = 5
_SUFFIXES = {".png", ".jpg", ".tif"}


@dataclass(frozen=True, slots=True)
class Case:
    """overlaid, clean: `(3, height, width)` in [0, 1]. mask: where they differ."""

    overlaid: Samples
    clean: Samples
    mask: Marked


@dataclass(frozen=True, slots=True)
class Result:
    """restored: as a Case's pictures. share: of change of each pixel, if it had to be found."""

    restored: Samples
    share: Samples | None = None


Method = Callable[[Samples, Marked], Result]
Cases = Callable[[], Iterator[Case]]


def bench_watermark(
    models: Sequence[Model], data: Path, peers: str, every: int, each: Callable[[Score], None]
) -> list[Score]:
    """Score doing nothing, the peers and the models on pictures with an overlay, and without.

    data: a folder with `photo/dev-kodak24`, `photo/dev-cc15` and `watermark/logos`, or one of clean
    pictures. Words in held-out fonts and held-out logos are laid over the pictures, seeded, and
    rounded to 8 bits. peers: "none"; "some" or "all" (OpenCV's two ways of inpainting, given the
    true mask). A model works blind, and once more with the true mask. every: takes every so
    many-th picture.
    `rmse_inside` (of 1) is that of all pixels under the true masks together; the other figures are
    means over the pictures. Raises Unreadable without pictures, or with neither logos nor fonts.
    """
    inner = data / "photo" / "dev-kodak24"
    folder = inner if inner.is_dir() else data
    there = _pictures(folder)
    if not there:
        raise Unreadable(data, f"There are no pictures in {data}.")
    pictures = there[::every]
    title = folder.name if every == 1 else f"{folder.name} ({len(pictures)} of {len(there)})"
    sprites = _held_out_sprites(data)
    methods: dict[str, Method] = {"nothing": lambda overlaid, mask: Result(overlaid)}
    methods |= _peers(peers)
    for model in models:
        methods |= _blind(model)
        methods[f"{model.card.label} given the mask"] = _runner(model, hinted=True)
    scores: list[Score] = []

    def tell(name: str, method: str, figures: Mapping[str, float]) -> None:
        scores.append(Score(name, method, figures))
        each(scores[-1])

    for name, cases in _overlaid(title, pictures, sprites).items():
        for method, run in methods.items():
            tell(name, method, _figures(cases(), run))
    bare = {f"{title} no overlay": lambda: _unchanged(pictures)}
    # The noiseless halves of camera pairs.
    if means := sorted((data / "photo" / "dev-cc15").glob("*_mean.png"))[::every]:
        bare["dev-cc15 no overlay"] = lambda: _unchanged(means)
    bare[f"{title} signs in the scene"] = lambda: _with_signs(pictures, sprites)
    for name, cases in bare.items():
        for model in models:
            for method, run in _blind(model).items():
                tell(name, method, _left_alone(cases(), run))
    return scores


def _pictures(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*") if p.suffix.lower() in _SUFFIXES)


def _held_out_sprites(data: Path) -> list[Tensor]:
    logos = logo_sprites(data / "watermark" / "logos", held_out=True)
    fonts = find_fonts(held_out=True)
    if not logos and not fonts:
        raise Unreadable(data, f"There are no logos in {data}, and this machine lacks the fonts.")
    return make_sprites(random.Random(7), fonts, logos, SPRITES)


def _overlaid(
    title: str, pictures: Sequence[Path], sprites: Sequence[Tensor]
) -> Mapping[str, Cases]:
    def cases(opacity: tuple[float, float], quality: int | None) -> Iterator[Case]:
        for number, path in enumerate(pictures):
            yield _laid_over(_load(path), sprites, number, opacity, quality)

    seen_through, opaque = (0.15, 0.8), (0.8, 1.0)
    return {
        f"{title} opacity up to 0.8": lambda: cases(seen_through, None),
        f"{title} opacity up to 0.8, JPEG 90": lambda: cases(seen_through, 90),
        f"{title} opaque": lambda: cases(opaque, None),
    }


def _laid_over(
    clean: Samples,
    sprites: Sequence[Tensor],
    seed: int,
    opacity: tuple[float, float],
    quality: int | None,
) -> Case:
    rng = Generator().manual_seed(seed)
    while True:
        made = lay_over(torch.from_numpy(clean), sprites, rng, opacity)
        if float(made.mask.mean()) >= LEAST_SHARE:
            break
    overlaid = rounded(made.picture.numpy())
    if quality is not None:
        overlaid = _through_jpeg(overlaid, quality)
    return Case(overlaid, clean, made.mask[0].numpy() > 0)


def _unchanged(pictures: Sequence[Path]) -> Iterator[Case]:
    for path in pictures:
        yield _bare(_load(path))


def _with_signs(pictures: Sequence[Path], sprites: Sequence[Tensor]) -> Iterator[Case]:
    for number, path in enumerate(pictures):
        rng = Generator().manual_seed(number)
        yield _bare(rounded(scene_text(torch.from_numpy(_load(path)), sprites, rng).numpy()))


def _bare(clean: Samples) -> Case:
    return Case(clean, clean, np.zeros(clean.shape[1:], np.bool_))


def _figures(cases: Iterator[Case], run: Method) -> Mapping[str, float]:
    psnrs, ssims, inside, f1s = [], [], [], []
    squares = pixels = seconds = megapixels = 0.0
    for case in cases:
        started = time.perf_counter()
        result = run(case.overlaid, case.mask)
        seconds += time.perf_counter() - started
        megapixels += case.mask.size / 1e6
        restored = rounded(result.restored)
        below = case.mask
        psnrs.append(psnr(restored, case.clean))
        ssims.append(ssim(restored, case.clean))
        inside.append(psnr(restored[:, below], case.clean[:, below]))
        squares += float(np.square(restored[:, below] - case.clean[:, below]).sum())
        pixels += 3 * np.count_nonzero(below)
        if result.share is not None:
            f1s.append(f1(result.share >= 0.5, below))
    return {
        "psnr_db": float(np.mean(psnrs)),
        "ssim": float(np.mean(ssims)),
        "rmse_inside": float(np.sqrt(squares / pixels)),
        "psnr_inside_db": float(np.mean(inside)),
        **({"mask_f1": float(np.mean(f1s))} if f1s else {}),
        "seconds_per_mp": seconds / megapixels,
    }


def _left_alone(cases: Iterator[Case], run: Method) -> Mapping[str, float]:
    unchanged, nothing = [], []
    seconds = megapixels = 0.0
    for case in cases:
        started = time.perf_counter()
        result = run(case.overlaid, case.mask)
        seconds += time.perf_counter() - started
        megapixels += case.mask.size / 1e6
        assert result.share is not None
        same = (rounded(result.restored) == rounded(case.overlaid)).all(axis=0)
        unchanged.append(float(same.mean()))
        nothing.append(not result.share.any())
    return {
        "unchanged_percent": 100 * float(np.mean(unchanged)),
        "nothing_found_percent": 100 * float(np.mean(nothing)),
        "seconds_per_mp": seconds / megapixels,
    }


def f1(found: Marked, truth: Marked) -> float:
    """Of two masks: 1 where they are the same, 0 where they have no pixel in common."""
    both = int(np.count_nonzero(found & truth))
    marked = int(np.count_nonzero(found)) + int(np.count_nonzero(truth))
    return 2 * both / marked if marked else 1.0


def _blind(model: Model) -> Mapping[str, Method]:
    """As the program runs it; and in float32, where that is not the same."""
    methods = {model.card.label: _runner(model, hinted=False)}
    if uses_bf16(model.card.input):
        plain = replace(model.card, input=replace(model.card.input, bf16=False))
        exact = Model(plain, model.net)
        methods[f"{model.card.label} float32"] = _runner(exact, hinted=False)
    return methods


def _runner(model: Model, *, hinted: bool) -> Method:
    def run(overlaid: Samples, mask: Marked) -> Result:
        overview = functools.partial(reduced, overlaid)
        given = mask.astype(np.uint8) * np.uint8(255) if hinted else None
        request = Request(overlaid.shape, overview=overview, mask=given)
        made = restore(WatermarkRestorer(model, request), overlaid)
        return Result(made[:-1], None if hinted else made[-1])

    # The first call prepares the processor's kernels.
    run(np.zeros((3, 64, 64), np.float32), np.ones((64, 64), np.bool_))
    return run


def _peers(which: str) -> Mapping[str, Method]:
    if which == "none":
        return {}
    if which not in {"some", "all"}:
        raise UnknownName(f"There are no peers “{which}”: choose none, some or all.")
    import cv2

    return {
        "Telea inpainting, given the mask": _inpainting(cv2.INPAINT_TELEA),
        "Navier-Stokes inpainting, given the mask": _inpainting(cv2.INPAINT_NS),
    }


def _inpainting(how: int) -> Method:
    import cv2

    def run(overlaid: Samples, mask: Marked) -> Result:
        pixels = np.rint(overlaid.clip(0, 1) * 255).astype(np.uint8).transpose(1, 2, 0)
        marked = mask.astype(np.uint8) * np.uint8(255)
        filled = np.asarray(cv2.inpaint(np.ascontiguousarray(pixels), marked, RADIUS_PX, how))
        return Result(filled.transpose(2, 0, 1).astype(np.float32) / np.float32(255))

    return run


def rounded(picture: Samples) -> Samples:
    """As a file of 8 bits holds it."""
    kept: Samples = np.rint(picture.clip(0, 1) * 255).astype(np.float32) / np.float32(255)
    return kept


def _through_jpeg(picture: Samples, quality: int) -> Samples:
    pixels = np.rint(picture * 255).astype(np.uint8).transpose(1, 2, 0)
    held = io.BytesIO()
    Image.fromarray(pixels).save(held, "JPEG", quality=quality)
    read: Samples = np.asarray(Image.open(held), np.float32).transpose(2, 0, 1)
    return np.ascontiguousarray(read / np.float32(255))


def _load(path: Path) -> Samples:
    """In colour, whatever the file is."""
    pixels = decode(path).pixels
    samples = pixels.band(0, pixels.shape[1])
    return np.ascontiguousarray(np.broadcast_to(samples, (3, *samples.shape[1:])))
