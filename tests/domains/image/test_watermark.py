from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from desktop_ae.core.clip import Clip, Samples, reduced
from desktop_ae.core.domain import Request
from desktop_ae.core.errors import BrokenResult, Cancelled
from desktop_ae.core.library import Model
from desktop_ae.core.mask import MaskPixels
from desktop_ae.core.restore import restore
from desktop_ae.core.work import CancelToken
from desktop_ae.domains.image import watermark
from desktop_ae.domains.image.watermark import (
    FEATHER_PX,
    LEAST_AREA,
    WatermarkRestorer,
    find_overlay,
    without_specks,
)
from tests.fakes import OVERLAY_NET, model_of, overlay_net, tiny_card

BOX = np.s_[40:70, 60:110]


@pytest.fixture
def model() -> Model:
    made = model_of(overlay_net())
    return Model(tiny_card(arguments=OVERLAY_NET, input=made.card.input), made.net)


def photo(height: int = 150, width: int = 200, channels: int = 3) -> Samples:
    """Mid-tones, of 8 bits, with a pure white box laid over."""
    drawn = np.random.default_rng(1).integers(60, 200, (channels, height, width))
    picture = drawn.astype(np.float32) / np.float32(255)
    picture[:, *BOX] = 1
    return picture


def box(height: int = 150, width: int = 200) -> NDArray[np.bool_]:
    marked = np.zeros((height, width), np.bool_)
    marked[BOX] = True
    return marked


def request(picture: Samples, **given: Any) -> Request:
    return Request(picture.shape, overview=functools.partial(reduced, picture), **given)


def cleaned(model: Model, picture: Samples, **given: Any) -> tuple[Samples, Samples]:
    """What the restorer made of a picture, and how far it changed each pixel."""
    whole = restore(WatermarkRestorer(model, request(picture, **given)), picture)
    return whole[:-1], whole[-1]


def grown(marked: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    import cv2

    side = 2 * reach + 1
    return cv2.dilate(marked.astype(np.uint8), np.ones((side, side), np.uint8)) > 0


def test_an_overlay_is_found_where_it_is(model: Model) -> None:
    mask = find_overlay(model, photo())
    assert mask.dtype == np.uint8
    assert np.array_equal(mask, box() * np.uint8(255))


def test_where_there_is_none_none_is_found(model: Model) -> None:
    assert not find_overlay(model, photo() * np.float32(0.9)).any()


def test_specks_and_doubtful_regions_are_no_overlay() -> None:
    chances = np.zeros((60, 60), np.float32)
    chances[2:6, 2:7] = 0.99  # 20 pixels
    chances[10:20, 10:20] = watermark.SURE - 0.02
    chances[30:40, 30:40] = 0.9
    chances[45:50, 45:50] = 0.7
    mask = without_specks(chances)
    assert LEAST_AREA > 20
    assert not mask[:25].any()
    assert (mask[30:40, 30:40] == 255).all() and (mask[45:50, 45:50] == 255).all()
    assert np.count_nonzero(mask) == 125


def test_the_overlay_goes_and_all_else_stays_bit_for_bit(model: Model) -> None:
    picture = photo()
    made, share = cleaned(model, picture)
    assert np.allclose(made[:, *BOX], 0.5, atol=0.01)
    outside = ~grown(box(), FEATHER_PX)
    assert np.array_equal(made[:, outside], picture[:, outside])
    assert not share[outside].any() and (share[BOX] > 0.99).all()


def test_a_given_mask_is_what_is_changed_and_nothing_else(model: Model) -> None:
    picture = photo()
    given = np.zeros((150, 200), np.uint8)
    given[100:120, 20:50] = 255
    made, share = cleaned(model, picture, mask=given)
    assert np.array_equal(made[:, *BOX], picture[:, *BOX])
    inside = given > 0
    assert (share[inside] == 1).all()
    assert np.allclose(made[:, inside], (picture[:, inside] - 0.5).clip(0, 1), atol=1e-6)
    outside = ~grown(inside, FEATHER_PX)
    assert np.array_equal(made[:, outside], picture[:, outside])
    between = ~inside & ~outside
    assert 0 < share[between].mean() < 1


def test_a_given_mask_may_be_smaller_than_the_picture(model: Model) -> None:
    given = (box()[::2, ::2] * 255).astype(np.uint8)
    _, share = cleaned(model, photo(), mask=given)
    assert (share[42:68, 62:108] > 0.99).all()
    assert not share[~grown(box(), FEATHER_PX + 2)].any()


def test_a_large_picture_is_searched_at_reduced_size_and_its_edges_found_at_full_size(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watermark, "FIND_PX", 67)
    picture = photo()
    looked: list[tuple[int, ...]] = []

    def overview(longest: int) -> Samples:
        small = reduced(picture, longest)
        looked.append(small.shape)
        return small

    restorer = WatermarkRestorer(model, Request(picture.shape, overview=overview))
    whole = restore(restorer, picture)
    assert looked == [(3, 50, 67)]
    assert (whole[-1][BOX] > 0.99).all()
    assert not whole[-1][~grown(box(), FEATHER_PX)].any()


def test_tiles_and_bands_make_no_difference(model: Model) -> None:
    picture = photo(300, 260)
    picture[:, 70:90, 70:90] = 1  # across the corner of four tiles
    made, share = cleaned(model, picture)
    restorer = WatermarkRestorer(model, request(picture))
    clips = [
        clip
        for top in range(0, 300, 7)
        for clip in restorer.push(Clip(picture[:, top : top + 7], top))
    ]
    banded = np.concatenate([clip.samples for clip in clips], axis=1)
    assert np.array_equal(banded, np.concatenate([made, share[None]]))
    wide = tiny_card(input=model.card.input.__class__(3, 0.0, 1.0, "sRGB", 4, 400, 24))
    whole, _ = cleaned(Model(wide, model.net), picture)
    assert np.array_equal(whole, made)


class Counting(nn.Module):
    """Counts the tiles that pass through a net."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner
        self.seen = 0

    def forward(self, tile: Tensor) -> Tensor:
        self.seen += 1
        made: Tensor = self.inner(tile)
        return made


def test_tiles_without_an_overlay_do_not_pass_through_the_net(model: Model) -> None:
    counting = Counting(model.net)
    picture = photo(500, 500)
    given = np.zeros((500, 500), np.uint8)
    given[5:12, 5:12] = 255
    cleaned(Model(model.card, counting), picture, mask=given)
    assert counting.seen == 1


def test_covered_counts_the_pixels_that_are_changed(model: Model) -> None:
    picture = photo()
    restorer = WatermarkRestorer(model, request(picture))
    share = restore(restorer, picture)[-1]
    assert restorer.removed.covered == np.count_nonzero(share) >= np.count_nonzero(box())
    none = WatermarkRestorer(model, request(picture * np.float32(0.9)))
    restore(none, picture * np.float32(0.9))
    assert none.removed.covered == 0


def test_strength_is_how_much_of_the_change_is_made_but_not_of_the_mask(model: Model) -> None:
    picture = photo()
    made, share = cleaned(model, picture, strength=0.5)
    assert np.allclose(made[:, *BOX], 0.75, atol=0.01)
    assert (share[BOX] > 0.99).all()
    assert np.array_equal(cleaned(model, picture, strength=0.0)[0], picture)


def test_a_grey_picture_stays_grey(model: Model) -> None:
    picture = photo(channels=1)
    made, share = cleaned(model, picture)
    assert made.shape == picture.shape
    assert np.allclose(made[:, *BOX], 0.5, atol=0.01) and (share[BOX] > 0.99).all()


@pytest.mark.parametrize("shape", [(3, 1, 1), (3, 1, 90), (1, 200, 3), (3, 17, 33)])
@pytest.mark.parametrize("given", [False, True])
def test_any_size_will_do(model: Model, shape: tuple[int, ...], given: bool) -> None:
    picture = np.ones(shape, np.float32)
    mask: MaskPixels | None = np.full(shape[1:], 255, np.uint8) if given else None
    made, share = cleaned(model, picture, mask=mask)
    assert made.shape == shape and share.shape == shape[1:]


def test_what_is_no_number_is_refused(model: Model) -> None:
    class Broken(nn.Module):
        def forward(self, tile: Tensor) -> Tensor:
            return torch.full_like(tile, torch.nan)

    with pytest.raises(BrokenResult):
        cleaned(Model(model.card, Broken()), photo())


@pytest.mark.parametrize("given", [False, True])
def test_it_can_be_stopped_while_it_looks_and_while_it_works(model: Model, given: bool) -> None:
    token = CancelToken()
    token.stop()
    mask = (box() * 255).astype(np.uint8) if given else None
    check: Callable[[], object] = token.check
    with pytest.raises(Cancelled):
        cleaned(model, photo(), check=check, mask=mask)
