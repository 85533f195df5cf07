"""What a shipped watermark model must do, beside what `test_shipped_models` asks of every model."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_ae.core.card import CARD_NAME, read_card
from desktop_ae.core.clip import Samples, reduced
from desktop_ae.core.domain import Request
from desktop_ae.core.library import Model, load_model
from desktop_ae.core.mask import MaskPixels
from desktop_ae.core.restore import restore
from desktop_ae.domains.image.bench import psnr
from desktop_ae.domains.image.bench_watermark import f1
from desktop_ae.domains.image.watermark import WatermarkRestorer
from desktop_ae.places import shipped

FOLDERS = sorted(p.parent for p in shipped("models").glob(f"image/watermark*/{CARD_NAME}"))
each_model = pytest.mark.parametrize("folder", FOLDERS, ids=[f.name for f in FOLDERS])
SAMPLES = shipped("resources") / "samples"


def picture(path: Path) -> Samples:
    with Image.open(path) as file:
        pixels: Samples = np.asarray(file.convert("RGB"), np.float32).transpose(2, 0, 1)
    return np.ascontiguousarray(pixels / np.float32(255))


def draft() -> tuple[Samples, Samples, MaskPixels]:
    """The sample, its truth, and where they differ by more than JPEG makes them."""
    overlaid = picture(SAMPLES / "photo-draft.jpg")
    clean = picture(SAMPLES / "clean" / "photo-draft.clean.png")
    marked = np.abs(overlaid - clean).max(axis=0) > 24 / 255
    return overlaid, clean, marked.astype(np.uint8) * np.uint8(255)


def cleaned(
    model: Model, overlaid: Samples, mask: MaskPixels | None = None
) -> tuple[Samples, Samples]:
    overview = functools.partial(reduced, overlaid)
    request = Request(overlaid.shape, overview=overview, mask=mask)
    made = restore(WatermarkRestorer(model, request), overlaid)
    return made[:-1].clip(0, 1), made[-1]


@each_model
def test_the_sample_s_overlay_is_found_and_goes(folder: Path) -> None:
    overlaid, clean, marked = draft()
    made, share = cleaned(load_model(read_card(folder)), overlaid)
    assert f1(share >= 0.5, marked > 0) > 0.8
    assert psnr(made, clean) > psnr(overlaid, clean) + 8


@each_model
def test_a_mask_makes_it_no_worse(folder: Path) -> None:
    overlaid, clean, marked = draft()
    model = load_model(read_card(folder))
    blind, _ = cleaned(model, overlaid)
    told, _ = cleaned(model, overlaid, marked)
    inside = marked > 0
    assert psnr(told[:, inside], clean[:, inside]) > psnr(blind[:, inside], clean[:, inside]) - 0.3


@each_model
@pytest.mark.parametrize("name", ["photo-draft", "photo-astronaut", "photo-chelsea"])
def test_a_picture_without_one_stays(folder: Path, name: str) -> None:
    clean = picture(SAMPLES / "clean" / f"{name}.clean.png")
    made, share = cleaned(load_model(read_card(folder)), clean)
    assert (share > 0).mean() < 0.05
    assert np.array_equal(made[:, share == 0], clean[:, share == 0])


@each_model
def test_its_tiles_are_large_enough_for_its_net(folder: Path) -> None:
    overlaid, _, marked = draft()
    model = load_model(read_card(folder))
    given = model.card.input
    small = replace(given, tile=2 * given.overlap + 64)
    wide = replace(given, tile=4096)
    results = [
        cleaned(Model(replace(model.card, input=tiles), model.net), overlaid, marked)[0]
        for tiles in (small, wide)
    ]
    assert np.abs(results[0] - results[1]).max() < 4 / 255
