from __future__ import annotations

import random

import numpy as np
import pytest
from PIL import Image

from desktop_ae.domains.document.compose import UNKNOWN, ComposedPage, compose
from desktop_ae.domains.fonts import Fonts, find_fonts
from desktop_ae.places import shipped

SHIPPED = str(shipped("resources") / "fonts")
SIZE = (320, 240)


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return find_fonts(folders=[SHIPPED])


def pages(fonts: Fonts, count: int, photos: list[Image.Image] | None = None) -> list[ComposedPage]:
    rng = random.Random(1)
    return [compose(rng, fonts, SIZE, photos or []) for _ in range(count)]


def test_a_page_has_its_size_and_ink_where_it_is_dark(fonts: Fonts) -> None:
    for made in pages(fonts, 6):
        assert made.page.shape == (SIZE[1], SIZE[0], 3) and made.page.dtype == np.uint8
        assert made.ink.shape == made.page.shape[:2]
        assert set(np.unique(made.ink)) <= {0, 1, UNKNOWN}
        ink = made.ink == 1
        assert 0.002 < ink.mean() < 0.6
        assert made.page[ink].mean() < made.page[made.ink == 0].mean() - 60


def test_paper_is_white_but_for_a_few_boxes(fonts: Fonts) -> None:
    shares = [float((m.page[m.ink == 0] > 180).all(-1).mean()) for m in pages(fonts, 6)]
    assert min(shares) > 0.8 and np.mean(shares) > 0.9


def test_nobody_says_what_is_ink_inside_a_photo(fonts: Fonts) -> None:
    grey = Image.new("RGB", (64, 48), (90, 120, 60))
    found = [m for m in pages(fonts, 25, [grey]) if (m.ink == UNKNOWN).sum() > 500]
    assert found
    inside = np.concatenate([m.page[m.ink == UNKNOWN] for m in found])
    assert ((inside == (90, 120, 60)).all(-1)).mean() > 0.3


def test_a_seed_fixes_the_page(fonts: Fonts) -> None:
    assert np.array_equal(pages(fonts, 2)[1].page, pages(fonts, 2)[1].page)
    assert not np.array_equal(pages(fonts, 2)[0].page, pages(fonts, 2)[1].page)
