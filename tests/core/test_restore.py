from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from desktop_ae.core import restore
from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.errors import BrokenResult, Cancelled
from desktop_ae.core.library import Model
from desktop_ae.core.restore import BLOCK, PIECE_ROWS, Removed, TileRestorer, run_net
from tests.fakes import TINY_INPUT, model_of, nan_net, noise_picture, tiny_net

MODEL = model_of(tiny_net())


class Shift(nn.Module):
    """Takes a tenth away from every sample."""

    def forward(self, noisy: Tensor) -> Tensor:
        return noisy - 0.1


def restored(
    picture: Samples,
    *,
    bands: tuple[int, ...] = (),
    strength: float = 1.0,
    model: Model = MODEL,
    tile: int | None = None,
) -> Samples:
    """The whole result for a picture that arrives in bands of so many rows, then the rest."""
    restorer = TileRestorer(model, picture.shape, strength, tile=tile)
    edges = [0, *np.cumsum(bands), picture.shape[1]]
    clips: list[Clip] = []
    for start, stop in zip(edges, edges[1:], strict=False):
        clips += restorer.push(Clip(picture[:, start:stop], int(start)))
    clips += restorer.finish()
    assert [clip.start for clip in clips] == [0, *(clip.stop for clip in clips[:-1])]
    assert clips[-1].stop == picture.shape[1]
    return np.concatenate([clip.samples for clip in clips], axis=1)


@pytest.mark.parametrize("bands", [(1,) * 170, (7,) * 20, (40, 1, 100), (169,), (0, 50, 0)])
def test_bands_of_any_size_give_the_same_as_the_whole_picture(bands: tuple[int, ...]) -> None:
    picture = noise_picture(171, 90)
    assert np.array_equal(restored(picture, bands=bands), restored(picture))


@pytest.mark.parametrize(("height", "width"), [(171, 149), (64, 200), (33, 31), (96, 96)])
@pytest.mark.parametrize("tile", [56, 80, 128])
def test_the_result_does_not_depend_on_the_size_of_the_tiles(
    height: int, width: int, tile: int
) -> None:
    picture = noise_picture(height, width)
    at_once = restored(picture, tile=1000)
    assert np.abs(at_once - picture).max() > 10 / 255
    assert np.abs(restored(picture, tile=tile) - at_once).max() < 0.01 / 255


def test_an_overlap_that_is_too_small_for_the_net_would_be_noticed() -> None:
    blind = model_of(tiny_net(), replace(TINY_INPUT, overlap=4))
    picture = noise_picture(171, 149)
    gap = np.abs(restored(picture, model=blind) - restored(picture, tile=1000)).max()
    assert gap > 1 / 255


@pytest.mark.parametrize(
    ("height", "width"), [(1, 1), (1, 60_000), (60_000, 1), (2, 3), (81, 79), (5, 161)]
)
def test_pictures_of_any_shape_come_back_in_that_shape(height: int, width: int) -> None:
    picture = noise_picture(height, width)
    tile = 80 if picture.size < 100_000 else 4096
    result = restored(picture, bands=(height // 2,), tile=tile)
    assert result.shape == picture.shape
    assert result.dtype == np.float32
    assert np.isfinite(result).all()


@pytest.mark.parametrize("channels", [1, 3])
def test_strength_0_gives_the_input_exactly(channels: int) -> None:
    picture = noise_picture(90, 85, channels)
    assert np.array_equal(restored(picture, strength=0.0), picture)


def test_strength_is_a_mixture_of_input_and_estimate() -> None:
    picture = noise_picture(70, 70)
    full = restored(picture)
    half = restored(picture, strength=0.5)
    assert np.allclose(half, (picture + full) / 2, atol=1e-6)


def test_a_grey_picture_is_seen_as_grey_colour_and_stays_grey() -> None:
    grey = noise_picture(100, 70, channels=1)
    colour = restored(np.repeat(grey, 3, axis=0))
    assert restored(grey).shape == grey.shape
    assert np.allclose(restored(grey), colour.mean(axis=0, keepdims=True), atol=1e-5)


def test_a_grey_net_takes_a_grey_picture() -> None:
    model = model_of(Shift(), replace(TINY_INPUT, channels=1))
    grey = noise_picture(30, 30, channels=1)
    assert np.allclose(restored(grey, model=model), grey - 0.1)


def test_the_input_is_not_changed() -> None:
    picture = noise_picture(100, 100)
    before = picture.copy()
    picture.setflags(write=False)
    restored(picture, bands=(30,))
    assert np.array_equal(picture, before)


def test_a_result_that_is_no_number_is_refused_with_a_sentence() -> None:
    with pytest.raises(BrokenResult, match="no usable result for this file; it was left alone"):
        restored(noise_picture(40, 40), model=model_of(nan_net()))


def test_even_at_strength_0_a_broken_result_is_not_hidden() -> None:
    with pytest.raises(BrokenResult):
        restored(noise_picture(40, 40), model=model_of(nan_net()), strength=0.0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_input_that_is_no_number_is_refused_and_not_passed_on(bad: float) -> None:
    picture = noise_picture(40, 40)
    picture[1, 20, 20] = bad
    with pytest.raises(BrokenResult):
        restored(picture)


def test_check_is_called_before_each_tile_and_may_stop_the_work() -> None:
    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise Cancelled

    picture = noise_picture(64, 96)  # 2 rows of 3 tiles
    restorer = TileRestorer(MODEL, picture.shape, 1.0, check)
    bands: list[Clip] = []
    with pytest.raises(Cancelled):
        bands.extend(restorer.push(Clip(picture)))
    assert calls == 4


def test_memory_is_bounded_by_a_row_of_tiles_not_by_the_picture() -> None:
    height, band = 2000, 16
    restorer = TileRestorer(model_of(Shift()), (3, height, 40), 1.0)
    most = 0
    for start in range(0, height, band):
        block = Clip(np.full((3, band, 40), 0.5, np.float32), start)
        given = sum(clip.samples.shape[1] for clip in restorer.push(block))
        assert given <= TINY_INPUT.tile
        most = max(most, restorer._held.capacity)
    assert most <= TINY_INPUT.tile + band


def test_a_very_wide_picture_is_cut_into_lower_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    picture = rng.random((3, 300, 500), dtype=np.float32)
    model = model_of(tiny_net(), replace(TINY_INPUT, tile=160))
    whole = restored(picture, model=model, tile=1024)
    monkeypatch.setattr(restore, "BUFFER_BYTES", 4 * 3 * 500 * 100)
    restorer = TileRestorer(model, picture.shape, 1.0)
    bands = [
        clip.samples
        for start in range(0, 300, 20)
        for clip in restorer.push(Clip(picture[:, start : start + 20], start))
    ]
    assert max(band.shape[1] for band in bands) == 52
    assert restorer._held.capacity <= 120
    assert np.abs(np.concatenate(bands, axis=1) - whole).max() < 1 / 255


def test_a_row_of_tiles_takes_its_memory_once() -> None:
    """Its result takes its place, and who keeps what was given last does not keep all of it."""
    model = model_of(Shift(), replace(TINY_INPUT, tile=256))
    size, height, width = 4 * 3 * 256 * 4000, 800, 4000
    rows = np.full((3, 16, width), 0.5, np.float32)
    restorer = TileRestorer(model, (3, height, width), 1.0)
    tracemalloc.start()
    try:
        for start in range(0, height, 16):
            for clip in restorer.push(Clip(rows, start)):
                assert clip.samples.base is None and clip.samples.shape[1] <= PIECE_ROWS
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # Beside the rows: some tiles, what the tiles below will look at, and the pieces in hand.
    assert size < most < 1.8 * size


def test_each_block_gives_its_rows_as_soon_as_they_can_be_known() -> None:
    restorer = TileRestorer(model_of(Shift()), (3, 200, 40), 1.0)
    core, overlap = TINY_INPUT.tile - 2 * TINY_INPUT.overlap, TINY_INPUT.overlap
    block = np.zeros((3, core + overlap - 1, 40), np.float32)
    assert list(restorer.push(Clip(block))) == []
    (clip,) = restorer.push(Clip(block[:, :1]))
    assert (clip.start, clip.stop) == (0, core)


def test_run_net_pads_to_the_multiple_and_cuts_back() -> None:
    shapes: list[tuple[int, ...]] = []

    class Recording(Shift):
        def forward(self, noisy: Tensor) -> Tensor:
            shapes.append(tuple(noisy.shape))
            return super().forward(noisy)

    picture = noise_picture(5, 9)
    result = run_net(model_of(Recording()), picture)
    assert shapes == [(1, 3, 8, 12)]
    assert np.allclose(result, picture - 0.1)


def test_removed_measures_what_the_net_took_at_any_strength() -> None:
    restorer = TileRestorer(model_of(Shift()), (3, 100, 100), 0.25)
    list(restorer.push(Clip(noise_picture(100, 100))))
    assert restorer.removed.count == 30_000
    assert restorer.removed.sigma == pytest.approx(0.1, rel=1e-4)
    assert restorer.removed.colour_share == pytest.approx(0.0, abs=1e-4)


def test_removed_tells_coloured_noise_from_grey() -> None:
    rng = np.random.default_rng(1)
    coloured, grey = Removed(), Removed()
    drawn = rng.normal(0, 0.1, (3, 200, 200)).astype(np.float32)
    coloured.add(drawn)
    grey.add(np.repeat(drawn[:1], 3, axis=0))
    assert coloured.colour_share == pytest.approx(2 / 3, abs=0.01)
    assert grey.colour_share == pytest.approx(0, abs=1e-4)
    assert coloured.sigma == pytest.approx(0.1, rel=0.02)


def test_nothing_removed_is_zero_not_an_error() -> None:
    assert (Removed().sigma, Removed().colour_share) == (0.0, 0.0)
    still = Removed()
    still.add(np.zeros((3, 4, 4), np.float32))
    assert (still.sigma, still.colour_share) == (0.0, 0.0)


@pytest.mark.parametrize(("card", "processor"), [(True, False), (False, True), (True, True)])
def test_bf16_needs_both_the_card_and_the_processor(
    monkeypatch: pytest.MonkeyPatch, card: bool, processor: bool
) -> None:
    monkeypatch.setattr(restore, "has_bf16", lambda: processor)
    seen: list[torch.dtype] = []

    class Looking(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Conv2d(3, 3, 1)

        def forward(self, noisy: Tensor) -> Tensor:
            result: Tensor = self.layer(noisy)
            seen.append(result.dtype)
            return result

    result = run_net(model_of(Looking(), replace(TINY_INPUT, bf16=card)), noise_picture(8, 8))
    assert seen == [torch.bfloat16 if card and processor else torch.float32]
    assert result.dtype == np.float32


def test_one_speck_is_little_of_a_page_but_much_of_its_block() -> None:
    residual = np.zeros((3, 200, 300), np.float32)
    residual[:, 70:73, 100:103] = 1.0
    removed = Removed()
    removed.add(residual[:, :100])
    removed.add(residual[:, 100:])
    assert removed.sigma < 0.02
    assert removed.peak_sigma == pytest.approx((9 / BLOCK**2) ** 0.5, rel=0.01)


def test_pieces_add_up_and_the_worst_block_is_kept() -> None:
    quiet, loud, both = Removed(), Removed(), Removed()
    quiet.add(np.full((1, 64, 64), 0.1, np.float32))
    loud.add(np.full((1, 64, 64), 0.3, np.float32))
    both.include(quiet)
    both.include(loud)
    assert both.sigma == pytest.approx(((0.01 + 0.09) / 2) ** 0.5, rel=1e-4)
    assert both.peak_sigma == pytest.approx(0.3, rel=1e-4)


def test_what_is_smaller_than_a_block_counts_as_one() -> None:
    removed = Removed()
    removed.add(np.full((1, 3, 50), 0.2, np.float32))
    assert removed.peak_sigma == pytest.approx(0.2, rel=1e-4)
