"""What the shipped model does to the letter that ships as a sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import desktop_ae
from desktop_ae.domains.document.files import view_document
from desktop_ae.places import shipped

SAMPLES = shipped("resources") / "samples"
LETTER = SAMPLES / "scan-letter.pdf"
Picture = NDArray[np.uint8]


def scanned(page: int) -> Picture:
    return np.ascontiguousarray(view_document(LETTER, 0, page, {}).pixels[..., :3])


@pytest.fixture(scope="module")
def first() -> tuple[Picture, Picture]:
    """The first page: cleaned, and as it was before it was scanned."""
    with Image.open(SAMPLES / "clean" / "scan-letter.clean.png") as file:
        truth = np.array(file.convert("RGB"))
    cleaned: Picture = desktop_ae.clean(scanned(0), "document/clean")
    return cleaned, truth


def mean_colour(picture: Picture, where: NDArray[np.bool_]) -> NDArray[np.float64]:
    mean: NDArray[np.float64] = picture[where].astype(float).mean(0)
    return mean


def solid(where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Without the edges, which are of two colours."""
    mask: Any = where.astype(np.uint8)
    return np.asarray(cv2.erode(mask, np.ones((3, 3), np.uint8)) > 0)


def test_paper_turns_white_and_even(first: tuple[Picture, Picture]) -> None:
    cleaned, truth = first
    paper = (truth == 255).all(-1)
    before = scanned(0)[paper].astype(float)
    after = cleaned[paper].astype(float)
    assert after.mean() > 245
    assert after.std() < 0.3 * before.std()


def test_a_red_stamp_stays_red_and_a_blue_signature_blue(first: tuple[Picture, Picture]) -> None:
    cleaned, truth = first
    colours = truth.astype(int)
    red = solid((colours[..., 0] > 150) & (colours[..., 1] < 90))
    blue = solid((colours[..., 2] > 120) & (colours[..., 0] < 70))
    for name, where in (("stamp", red), ("signature", blue)):
        assert where.sum() > 200, name
        found, wanted = mean_colour(cleaned, where), mean_colour(truth, where)
        assert np.abs(found - wanted).max() < 50, f"{name}: {found} instead of {wanted}"
    assert mean_colour(cleaned, red)[0] - mean_colour(cleaned, red)[1] > 70
    assert mean_colour(cleaned, blue)[2] - mean_colour(cleaned, blue)[0] > 40


def test_no_stroke_is_erased_and_none_invented(first: tuple[Picture, Picture]) -> None:
    cleaned, truth = first
    near: Any = np.ones((3, 3), np.uint8)
    ink = (truth.max(-1) < 120).astype(np.uint8)
    found = (cleaned.max(-1) < 140).astype(np.uint8)
    assert (ink & cv2.dilate(found, near)).sum() > 0.98 * ink.sum()
    dark = (truth.min(-1) < 200).astype(np.uint8)
    assert (found & cv2.dilate(dark, near)).sum() > 0.98 * found.sum()


def test_a_photo_on_a_page_stays_a_photo() -> None:
    cleaned: Picture = desktop_ae.clean(scanned(2), "document/clean")
    with Image.open(SAMPLES / "clean" / "photo-chelsea.clean.png") as file:
        resized = file.convert("RGB").resize((600, 399), Image.Resampling.LANCZOS)
    truth = np.asarray(resized, float)
    found = cleaned[520:919, 120:720].astype(float)
    for channel in range(3):
        likeness = np.corrcoef(found[..., channel].ravel(), truth[..., channel].ravel())[0, 1]
        # 0.82 was measured in red: a fold runs across it, and its colours come out warmer.
        assert likeness > 0.78, f"channel {channel}: {likeness:.3f}"
    tones = np.unique(found[..., 1].astype(int)).size
    assert tones > 100, "it was not turned into ink"


def test_black_and_white_is_just_that(first: tuple[Picture, Picture]) -> None:
    _, truth = first
    two: Picture = desktop_ae.clean(scanned(0), "document/clean", options={"mode": "bw"})
    assert set(np.unique(two)) == {0, 255}
    ink = truth.max(-1) < 120
    assert (two[ink] == 0).mean() > 0.9
    assert (two[(truth == 255).all(-1)] == 255).mean() > 0.99


def test_the_sample_is_a_pdf_of_three_pages() -> None:
    assert view_document(Path(LETTER), 200, 0, {}).pages == 3
