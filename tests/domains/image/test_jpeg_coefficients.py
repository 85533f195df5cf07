from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desktop_ae.domains.image import jpeg_huffman, jpeg_progressive
from desktop_ae.domains.image.jpeg_coefficients import (
    ZIGZAG,
    read_coefficients,
    write_coefficients,
)
from desktop_ae.domains.image.jpeg_huffman import BrokenCode, Table

SIZES = [(1, 1), (8, 8), (33, 17), (131, 70)]


def photo(width: int = 131, height: int = 70, mode: str = "RGB") -> Image.Image:
    y, x = np.mgrid[:height, :width]
    planes = np.stack([128 + 80 * np.sin(x / 7), 128 + 70 * np.cos(y / 5), x + y], -1)
    planes += np.random.default_rng(0).normal(0, 25, planes.shape)
    return Image.fromarray(planes.clip(0, 255).astype(np.uint8)).convert(mode)


def jpeg(image: Image.Image, **options: Any) -> bytes:
    held = io.BytesIO()
    image.save(held, "JPEG", **options)
    return held.getvalue()


def shown(content: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(content)))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("quality", [1, 50, 92, 100])
@pytest.mark.parametrize(
    "options",
    [
        {"subsampling": 0},
        {"subsampling": 1},
        {"subsampling": 2},
        {"optimize": True},
        {"restart_marker_blocks": 1},
        {"restart_marker_rows": 1},
        {"keep_rgb": True},
        {"progressive": True},
        {"progressive": True, "subsampling": 0},
        {"progressive": True, "subsampling": 1, "restart_marker_blocks": 5},
    ],
    ids=str,
)
def test_coefficients_survive_the_way_out_and_in(
    options: dict[str, Any], quality: int, size: tuple[int, int]
) -> None:
    for mode in ("RGB", "L"):
        source = jpeg(photo(*size, mode), quality=quality, **options)
        found = read_coefficients(source)
        written = write_coefficients(found)
        assert np.array_equal(shown(written), shown(source))
        again = read_coefficients(written)
        for ours, theirs in zip(again.components, found.components, strict=True):
            assert np.array_equal(ours.blocks, theirs.blocks)
            assert np.array_equal(ours.steps, theirs.steps)


def test_in_the_standard_s_own_tables_even_the_bytes_are_the_same() -> None:
    source = jpeg(photo(), quality=90)
    written = write_coefficients(read_coefficients(source))
    scan = source.index(b"\xff\xda")
    assert written[written.index(b"\xff\xda") :] == source[scan:]


def test_many_chunks_are_as_good_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for options in ({}, {"restart_marker_blocks": 5}):
        source = jpeg(photo(300, 200), quality=95, **options)
        whole = read_coefficients(source)
        monkeypatch.setattr(jpeg_huffman, "_CHUNK_BYTES", 1000)
        for ours, theirs in zip(
            read_coefficients(source).components, whole.components, strict=True
        ):
            assert np.array_equal(ours.blocks, theirs.blocks)
        monkeypatch.undo()


def test_the_coefficients_are_those_of_the_picture() -> None:
    flat = Image.new("L", (16, 8), 200)
    (component,) = read_coefficients(jpeg(flat, quality=100)).components
    assert component.blocks.shape == (1, 2, 64)
    assert (component.blocks[..., 0] * component.steps[0] == 8 * (200 - 128)).all()
    assert not component.blocks[..., 1:].any()
    assert ZIGZAG[:6].tolist() == [0, 1, 8, 16, 9, 2]


def test_colours_are_told_as_decoders_tell_them() -> None:
    source = jpeg(photo(), quality=90)
    assert read_coefficients(source).is_ycc
    plain = jpeg(photo(), quality=90, keep_rgb=True)
    assert not read_coefficients(plain).is_ycc


def test_another_kind_is_not_read() -> None:
    with pytest.raises(BrokenCode):
        read_coefficients(jpeg(photo(mode="CMYK")))


def test_a_very_large_progressive_one_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jpeg_progressive, "_MOST_PIXELS", 100 * 70)
    with pytest.raises(BrokenCode, match="too large"):
        read_coefficients(jpeg(photo(), progressive=True))
    assert read_coefficients(jpeg(photo(96, 64), progressive=True)).width == 96


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.9])
def test_a_file_cut_short_is_not_read(share: float, progressive: bool) -> None:
    source = jpeg(photo(300, 200), quality=92, progressive=progressive)
    with pytest.raises(BrokenCode):
        read_coefficients(source[: int(share * len(source))])


@pytest.mark.parametrize("options", [{"restart_marker_rows": 1}, {"progressive": True}], ids=str)
def test_damage_is_noticed_or_gives_other_coefficients_but_nothing_worse(
    options: dict[str, Any],
) -> None:
    source = jpeg(photo(100, 100), quality=92, **options)
    rng = np.random.default_rng(0)
    refused = 0
    for _ in range(150):
        damaged = bytearray(source)
        for place in rng.integers(2, len(source), 3):
            damaged[place] = rng.integers(0, 256)
        try:
            write_coefficients(read_coefficients(bytes(damaged)))
        except BrokenCode:
            refused += 1
    assert refused > 30


@pytest.mark.parametrize("content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xda\x00\x02", b"PNG" * 9])
def test_what_is_no_jpeg_is_refused(content: bytes) -> None:
    with pytest.raises(BrokenCode):
        read_coefficients(content)


def test_an_impossible_table_is_refused() -> None:
    with pytest.raises(BrokenCode):
        Table(bytes([3] + 15 * [0]), b"abc")
    with pytest.raises(BrokenCode):
        Table(bytes([0, 2] + 14 * [0]), b"a")


def test_coefficients_that_are_too_large_are_refused() -> None:
    found = read_coefficients(jpeg(photo(), quality=90))
    found.components[0].blocks[0, 0, 5] = 2000
    with pytest.raises(BrokenCode):
        write_coefficients(found)


def test_coarse_tables_of_16_bits_are_kept() -> None:
    found = read_coefficients(jpeg(photo(), quality=90))
    found.components[0].steps = found.components[0].steps * 100
    found.components[0].blocks //= 100
    written = write_coefficients(found)
    again = read_coefficients(written)
    assert np.array_equal(again.components[0].steps, found.components[0].steps)
    assert struct.pack(">BB", 0xFF, 0xC1) in written
    assert shown(written).shape == (70, 131, 3)
