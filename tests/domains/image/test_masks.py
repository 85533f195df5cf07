from __future__ import annotations

from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from desktop_ae.core.errors import BadMask, Unreadable
from desktop_ae.domains.image.masks import greys, read_mask

BOX = np.s_[8:20, 10:30]


def drawn(height: int = 40, width: int = 60) -> NDArray[np.uint8]:
    pixels = np.zeros((height, width), np.uint8)
    pixels[BOX] = 255
    return pixels


def colours(pixels: NDArray[Any]) -> NDArray[Any]:
    return np.repeat(pixels[..., None], 3, axis=2)


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.webp", "a.tif", "a.jpg"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_any_picture_that_is_grey_is_a_mask(tmp_path: Path, name: str, mode: str) -> None:
    path = tmp_path / name
    Image.fromarray(drawn()).convert(mode).save(path)
    mask = read_mask(path)
    assert (mask.name, mask.width, mask.height) == (name, 60, 40)
    assert np.array_equal(mask.pixels > 127, drawn() > 127)


@pytest.mark.parametrize("mode", ["1", "P"])
def test_so_is_one_of_two_tones_or_with_a_palette(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(drawn()).convert(mode).save(path)
    assert np.array_equal(read_mask(path).pixels, drawn())


def test_so_is_a_deep_one(tmp_path: Path) -> None:
    png, tif = tmp_path / "a.png", tmp_path / "a.tif"
    png.write_bytes(imagecodecs.png_encode(drawn().astype(np.uint16) * 257))
    tifffile.imwrite(tif, drawn().astype(np.float32) / 255)
    for path in (png, tif):
        assert np.array_equal(read_mask(path).pixels, drawn())


def test_what_lets_light_through_is_not_marked(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    white = np.full((40, 60, 3), 255, np.uint8)
    Image.fromarray(np.dstack([white, drawn()])).save(path)
    assert np.array_equal(read_mask(path).pixels, drawn())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_as_people_see_it(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "a.png"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(drawn()).save(path, exif=exif)
    mask = read_mask(path)
    assert (mask.width, mask.height) == ((60, 40) if orientation < 5 else (40, 60))
    turned = {6: np.rot90(drawn(), -1), 8: np.rot90(drawn()), 3: np.rot90(drawn(), 2)}
    if orientation in turned:
        assert np.array_equal(mask.pixels, turned[orientation])


def test_a_coloured_picture_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    pixels = colours(drawn())
    pixels[BOX] = (255, 0, 0)
    Image.fromarray(pixels).save(path)
    with pytest.raises(BadMask, match=r"^photo.png is coloured: a mask is black and white.$"):
        read_mask(path)


def test_a_tint_and_a_few_coloured_pixels_are_forgiven() -> None:
    pixels = colours(np.pad(drawn(), ((0, 300), (0, 300))))
    pixels[BOX] = (255, 246, 240)
    pixels[100, 100:140] = (255, 0, 0)
    assert (greys(pixels, "a")[BOX] == 246).all()


@pytest.mark.parametrize(("fill", "words"), [(0, "marks nothing"), (255, "nearly the whole")])
def test_an_empty_or_a_full_one_is_a_sentence(tmp_path: Path, fill: int, words: str) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(np.full((40, 60), fill, np.uint8)).save(path)
    with pytest.raises(BadMask, match=words):
        read_mask(path)


def test_a_file_that_is_no_picture_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("words", encoding="utf-8")
    with pytest.raises(Unreadable, match="a.png is not a picture"):
        read_mask(tmp_path / "a.png")
    with pytest.raises(Unreadable, match="b.png is no longer there"):
        read_mask(tmp_path / "b.png")
