from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from desktop_ae.domains.image import jpeg_blocks
from desktop_ae.domains.image.jpeg_blocks import save_changed
from desktop_ae.domains.image.jpeg_coefficients import (
    Coefficients,
    read_coefficients,
    write_coefficients,
)
from tests.domains.image.test_jpeg_coefficients import photo

BOX = np.s_[20:44, 33:77]
# Its blocks of 16 pixels, and two pixels around: how far smoothed chroma reaches.
REACH = np.s_[14:50, 30:82]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "source.jpg"


def read(path: Path) -> NDArray[np.int16]:
    with Image.open(path) as file:
        return np.asarray(file, np.int16)


def overlaid(before: NDArray[np.int16]) -> Image.Image:
    after = before.copy()
    after[BOX] = after[BOX] // 2 + 60
    return Image.fromarray(after.clip(0, 255).astype(np.uint8))


def smooth(mode: str) -> Image.Image:
    y, x = np.mgrid[:70, :131]
    planes = np.stack([60 + x, 80 + y, 200 - x], -1)
    return Image.fromarray(planes.clip(0, 255).astype(np.uint8)).convert(mode)


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("quality", [20, 75, 92, 100])
@pytest.mark.parametrize(
    "options",
    [
        {"subsampling": 0},
        {"subsampling": 1},
        {"subsampling": 2},
        {"keep_rgb": True},
        {"progressive": True},
    ],
    ids=str,
)
def test_what_was_not_changed_stays_bit_for_bit(
    source: Path, mode: str, quality: int, options: dict[str, Any]
) -> None:
    for image in (photo(mode=mode), smooth(mode)):
        image.save(source, quality=quality, **options)
        before, target = read(source), source.with_name("target.jpg")
        wanted = overlaid(before)
        assert save_changed(source, wanted, target)
        after = read(target)
        outside = np.ones(before.shape[:2], np.bool_)
        outside[REACH] = False
        assert np.array_equal(after[outside], before[outside])
    error = np.abs(after[BOX] - np.asarray(wanted, np.int16)[BOX]).mean()
    assert error < 3.0, "a smooth picture comes out as it was wanted"


def test_a_picture_that_was_not_changed_keeps_every_coefficient(source: Path) -> None:
    photo().save(source, quality=60)
    target = source.with_name("target.jpg")
    assert save_changed(source, Image.open(source), target)
    before, after = (read_coefficients(p.read_bytes()) for p in (source, target))
    for ours, theirs in zip(after.components, before.components, strict=True):
        assert np.array_equal(ours.blocks, theirs.blocks)
        assert np.array_equal(ours.steps, theirs.steps)


def test_what_is_new_is_written_finely_even_in_a_coarse_file(source: Path) -> None:
    smooth("L").save(source, quality=10)
    before, target = read(source), source.with_name("target.jpg")
    after = before.copy()
    rng = np.random.default_rng(1)
    after[BOX] = after[BOX] + rng.integers(-12, 12, after[BOX].shape)
    wanted = Image.fromarray(after.clip(0, 255).astype(np.uint8))
    assert save_changed(source, wanted, target)
    error = np.sqrt(np.square(read(target)[BOX] - np.asarray(wanted, np.float32)[BOX]).mean())
    assert error < 4, "at quality 10 the steps are 55 and more"


def test_kinds_that_it_cannot_change_are_left_to_others(source: Path) -> None:
    photo(mode="CMYK").save(source)
    target = source.with_name("target.jpg")
    assert not save_changed(source, photo(), target)
    assert not target.exists()


def test_another_size_or_mode_is_left_to_others(source: Path) -> None:
    photo().save(source)
    target = source.with_name("target.jpg")
    assert not save_changed(source, photo(130, 70), target)
    assert not save_changed(source, photo(mode="L"), target)


def test_a_result_that_shows_something_else_is_not_written(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo().save(source, quality=90)
    target = source.with_name("target.jpg")
    wanted = overlaid(read(source))
    real = write_coefficients

    def spoiled(found: Coefficients) -> bytes:
        found.components[0].blocks[0, 0, 0] += 4
        return real(found)

    monkeypatch.setattr(jpeg_blocks, "write_coefficients", spoiled)
    assert not save_changed(source, wanted, target)
    assert not target.exists()
    monkeypatch.setattr(Coefficients, "is_ycc", False)
    monkeypatch.setattr(jpeg_blocks, "write_coefficients", real)
    monkeypatch.setattr(jpeg_blocks, "_WORST_MEAN", 2.0)
    assert not save_changed(source, wanted, target)
