from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from desktop_ae.core.errors import BadMask
from desktop_ae.core.mask import Mask, check_shape, checked, fitting


def box(height: int = 30, width: int = 40, name: str = "The mask") -> Mask:
    pixels = np.zeros((height, width), np.uint8)
    pixels[height // 3 : height // 2, width // 4 : width // 2] = 255
    return Mask.of(pixels, name)


def test_a_mask_gives_back_its_pixels_and_travels_in_a_pickle() -> None:
    drawn = np.random.default_rng(0).integers(0, 256, (7, 9), dtype=np.uint8)
    mask = pickle.loads(pickle.dumps(Mask.of(drawn)))
    assert (mask.width, mask.height) == (9, 7)
    assert np.array_equal(mask.pixels, drawn)


def test_a_large_mask_is_small_in_a_job() -> None:
    assert len(box(4000, 6000).packed) < 200_000


def test_the_digest_tells_masks_apart_by_what_they_say() -> None:
    same = replace(box(), name="other.png")
    assert same.digest == box().digest
    blank = [Mask.of(np.zeros(shape, np.uint8)).digest for shape in ((6, 4), (4, 6), (3, 8))]
    assert len({*blank, box().digest}) == 4


@pytest.mark.parametrize("size", [(400, 300), (401, 300), (399, 300), (400, 299), (4000, 3000)])
def test_a_mask_of_the_same_shape_but_for_rounding_suits(size: tuple[int, int]) -> None:
    check_shape(box(), *size)
    assert fitting(box(), *size).shape == size[::-1]


@pytest.mark.parametrize("size", [(300, 400), (40, 40), (400, 250), (440, 300)])
def test_another_shape_is_a_sentence(size: tuple[int, int]) -> None:
    with pytest.raises(BadMask) as caught:
        check_shape(box(name="stamp.png"), *size)
    width, height = size
    assert str(caught.value) == (
        f"stamp.png is 40 × 30 pixels, the picture {width} × {height}: it does not fit."
    )


@pytest.mark.parametrize("value", [0, 100])
def test_a_mask_that_marks_nothing_is_a_sentence(value: int) -> None:
    with pytest.raises(BadMask, match="a.png marks nothing: paint white what shall go."):
        checked(Mask.of(np.full((30, 40), value, np.uint8), "a.png"), 40, 30)


def test_a_mask_that_marks_everything_is_a_sentence() -> None:
    full = np.full((30, 40), 255, np.uint8)
    full[0, :5] = 0
    with pytest.raises(BadMask, match="a.png marks nearly the whole picture"):
        checked(Mask.of(full, "a.png"), 40, 30)


def test_scaling_keeps_the_place() -> None:
    large = fitting(box(), 400, 300)
    rows, columns = np.nonzero(large > 127)
    assert (rows.min(), rows.max() + 1) == (100, 150)
    assert (columns.min(), columns.max() + 1) == (100, 200)
    assert np.array_equal(fitting(box(), 40, 30), box().pixels)
