"""A task with a mask that needs no net: what is white is an overlay, and becomes grey."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_ae import domains, look_jobs, planning
from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.domain import Domain, Request
from desktop_ae.core.library import Model
from desktop_ae.core.mask import Mask, MaskPixels
from desktop_ae.core.restore import Removed
from desktop_ae.domains import image, load_domains
from desktop_ae.ui import main_window

SHOWN = np.s_[10:20, 12:40]  # where `write_picture` puts its overlay
GREY = 0.5
looks: list[tuple[int, ...]] = []  # shapes of the pictures in which an overlay was looked for


def write_picture(path: Path, width: int = 64, height: int = 48, *, overlay: bool = True) -> Path:
    rng = np.random.default_rng(width)
    pixels = rng.integers(20, 200, (height, width, 3), dtype=np.uint8)
    if overlay:
        pixels[SHOWN] = 255
    Image.fromarray(pixels).save(path)
    return path


def write_mask(path: Path, width: int = 64, height: int = 48, fill: int = 0) -> Path:
    """White in its top left quarter, unless it is filled."""
    pixels = np.full((height, width), fill, np.uint8)
    if not fill:
        pixels[: height // 2, : width // 2] = 255
    Image.fromarray(pixels).save(path)
    return path


def find(model: Model, picture: Samples, check: Callable[[], object]) -> MaskPixels:
    check()
    looks.append(picture.shape)
    found: MaskPixels = (picture.min(axis=0) > 0.99).astype(np.uint8) * np.uint8(255)
    return found


class Greyer:
    """Takes one block, the whole picture."""

    def __init__(self, model: Model, request: Request) -> None:
        self._request = request
        self.removed = Removed()

    def push(self, block: Clip) -> Iterator[Clip]:
        picture, mask = block.samples, self._request.mask
        if mask is None:
            mask = find(None, picture, lambda: None)  # type: ignore[arg-type]
        height, width = picture.shape[1:]
        rows = np.arange(height) * mask.shape[0] // height
        columns = np.arange(width) * mask.shape[1] // width
        share = mask[rows][:, columns].astype(np.float32)[None] / 255
        whole = picture + share * np.float32(self._request.strength) * (GREY - picture)
        self.removed.add(picture - whole)
        self.removed.covered += int(np.count_nonzero(share))
        yield Clip(np.concatenate([whole, share]).astype(np.float32), block.start)

    def finish(self) -> Iterator[Clip]:
        return iter(())


TASK = replace(
    image.WATERMARK,
    id="image/marks",
    title="Marks",
    default_model="image/marks-v1",
    restorer=Greyer,
    find=find,
)
DOMAIN: Domain = replace(image.DOMAIN, tasks=(image.DENOISE, TASK))


def put_marks_beside_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    """Photos and marks: two panes of one domain, before the others."""
    all_of_them = (DOMAIN, *(d for d in load_domains() if d.id != "image"))
    for module in (domains, look_jobs, main_window, planning):
        monkeypatch.setattr(module, "load_domains", lambda: all_of_them)
    looks.clear()


def overlay_mask(width: int = 64, height: int = 48) -> Mask:
    pixels = np.zeros((height, width), np.uint8)
    pixels[SHOWN] = 255
    return Mask.of(pixels)
