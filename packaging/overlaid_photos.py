"""Photos with an overlay for pictures of the window; and a stand-in while no model is shipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from desktop_ae.core.library import ModelLibrary

ROOT = Path(__file__).resolve().parent.parent
CLEAN = ROOT / "resources" / "samples" / "clean" / "photo-chelsea.clean.png"
_OPACITY = 0.45


def write_photo(path: Path, text: str = "SAMPLE", size: tuple[int, int] = (1350, 900)) -> Path:
    """A photo with white letters across; without any where the text is empty."""
    with Image.open(CLEAN) as clean:
        photo = clean.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    letters = overlay(size, text).point(lambda value: round(value * _OPACITY))
    photo.paste((255, 255, 255), mask=letters)
    photo.save(path)
    return path


def overlay(size: tuple[int, int], text: str) -> Image.Image:
    width, height = size
    whole = Image.new("L", size, 0)
    if not text:
        return whole
    fonts = ROOT / "resources" / "fonts"
    large = ImageFont.truetype(fonts / "Inter-Bold.otf", width // 6)
    small = ImageFont.truetype(fonts / "Inter-SemiBold.otf", width // 32)
    drawn = Image.new("L", size, 0)
    draw = ImageDraw.Draw(drawn)
    draw.text((width / 2, height / 2), text, 255, large, anchor="mm")
    whole.paste(drawn.rotate(20, Image.Resampling.BICUBIC))
    corner = (width - width // 40, height - width // 40)
    ImageDraw.Draw(whole).text(corner, "© Riverside Studio", 255, small, anchor="rs")
    return whole


def stand_in_library(models: Path, home: Path) -> ModelLibrary:
    """Models with one more for watermarks, whose task needs no net: until there is a real one.

    That task finds the letters above, and fills in from around them.
    """
    from desktop_ae import domains, jobs, planning
    from desktop_ae.core.library import ModelLibrary
    from desktop_ae.domains import image, load_domains
    from desktop_ae.ui import main_window
    from tests.fakes import write_model

    real = image.WATERMARK
    write_model(home / "stand-in", id=real.default_model, task=real.id, title="Stand-in")
    task = replace(real, find=_find, restorer=_Filler)
    photos = replace(image.DOMAIN, tasks=(image.DENOISE, task))
    all_of_them = tuple(photos if d.id == "image" else d for d in load_domains())
    for module in (domains, jobs, main_window, planning):
        vars(module)["load_domains"] = lambda: all_of_them
    return ModelLibrary([models, home / "stand-in"])


def _find(model: Any, picture: Any, check: Callable[[], object]) -> Any:
    _, height, width = picture.shape
    drawn = np.asarray(overlay((width, height), "SAMPLE"))
    marked = drawn > 100
    # A photo without letters is no brighter there than beside them.
    beside = np.roll(marked, height // 30, axis=0) & ~marked
    there = picture[:, marked].mean() - picture[:, beside].mean() > 0.08
    return marked.astype(np.uint8) * np.uint8(255 if there else 0)


class _Filler:
    """Takes the whole picture at once."""

    def __init__(self, model: Any, request: Any) -> None:
        from desktop_ae.core.restore import Removed

        self._request = request
        self._bands: list[Any] = []
        self.removed = Removed()

    def push(self, block: Any) -> Iterator[Any]:
        self._bands.append(block.samples)
        return iter(())

    def finish(self) -> Iterator[Any]:
        import cv2

        from desktop_ae.core.clip import Clip

        picture = np.concatenate(self._bands, axis=1)
        mask = self._request.mask
        if mask is None:
            mask = _find(None, picture, lambda: None)
        grown = cv2.dilate(mask, np.ones((5, 5), np.uint8))
        pixels = np.ascontiguousarray(np.rint(picture * 255).astype(np.uint8).transpose(1, 2, 0))
        filled = cv2.inpaint(pixels, (grown > 127).astype(np.uint8), 5, cv2.INPAINT_TELEA)
        share = (grown / 255).astype(np.float32)[None] * np.float32(self._request.strength)
        whole = picture + share * (filled.transpose(2, 0, 1).astype(np.float32) / 255 - picture)
        self.removed.add(picture - whole)
        self.removed.covered += int(np.count_nonzero(share))
        yield Clip(np.concatenate([whole, share]))
