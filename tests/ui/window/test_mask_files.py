from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog

from desktop_ae.ui.masks import Sight
from desktop_ae.ui.queue_model import Row
from tests.ui.window.conftest import Desk
from tests.ui.window.mask_probe import box, editor, masks, paint, until_seen
from tests.ui.window.overlays import SHOWN, write_mask

Make = Callable[..., Path]


@pytest.fixture
def ready(marks: Desk, picture: Make) -> Row:
    [row] = marks.drop(picture())
    until_seen(marks)
    return row


def choose(monkeypatch: pytest.MonkeyPatch, name: str, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, name, lambda *_: (str(path), ""))


def said(desk: Desk) -> str:
    return desk.window.notice.label.text()


def test_a_mask_from_a_file_takes_the_place_of_the_found_one(
    marks: Desk, ready: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, "getOpenFileName", write_mask(tmp_path / "mask.png", 128, 96))
    box(marks).load.click()
    marks.until(lambda: ready.edits.own is not None)
    assert ready.edits.own is not None
    pixels = ready.edits.own.pixels
    assert pixels.shape == (48, 64)
    assert (pixels[:23, :31] == 255).all() and not pixels[25:].any()
    assert masks(marks).sight is Sight.SEEN
    assert editor(marks).bar.undo.isEnabled()


def test_white_on_nothing_is_a_mask_too(marks: Desk, ready: Row, tmp_path: Path) -> None:
    pixels = np.full((48, 64, 4), 255, np.uint8)
    pixels[..., 3] = 0
    pixels[5:20, 5:20, 3] = 255
    Image.fromarray(pixels).save(tmp_path / "mask.png")
    masks(marks).load(tmp_path / "mask.png")
    marks.until(lambda: ready.edits.own is not None)
    assert ready.edits.own is not None
    assert int((ready.edits.own.pixels > 127).sum()) == 15 * 15


def test_a_grey_jpeg_is_no_picture_in_colour(marks: Desk, ready: Row, tmp_path: Path) -> None:
    with Image.open(write_mask(tmp_path / "mask.png")) as mask:
        mask.convert("RGB").save(tmp_path / "mask.jpg", quality=60)
    masks(marks).load(tmp_path / "mask.jpg")
    marks.until(lambda: ready.edits.own is not None)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: write_mask(path, 48, 64), "48 × 64 pixels, the picture 64 × 48"),
        (lambda path: write_mask(path, fill=255), "marks nearly the whole picture"),
        (lambda path: write_mask(path, fill=1), "marks nothing"),
        (lambda path: path.write_bytes(b"no picture") and path, "mask.png"),
        (lambda path: path, "no longer there"),
    ],
    ids=["another shape", "full", "empty", "no picture", "gone"],
)
def test_a_bad_mask_is_said_and_changes_nothing(
    marks: Desk, ready: Row, tmp_path: Path, make: Callable[[Path], Path], sentence: str
) -> None:
    path = make(tmp_path / "mask.png")
    masks(marks).load(path)
    marks.until(lambda: sentence in said(marks))
    assert said(marks).startswith("mask.png ")
    assert ready.edits.own is None and not ready.edits.can_undo


def test_a_mask_in_colour_is_said(marks: Desk, ready: Row, picture: Make) -> None:
    masks(marks).load(picture("other.png"))
    marks.until(lambda: said(marks) == "other.png is coloured: a mask is black and white.")
    assert ready.edits.own is None


def test_a_mask_is_saved_as_large_as_its_picture(
    marks: Desk, ready: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint(marks, 50, 40)
    choose(monkeypatch, "getSaveFileName", tmp_path / "kept")
    box(marks).save.click()
    marks.until(lambda: said(marks) == "Mask saved: kept.png")
    with Image.open(tmp_path / "kept.png") as image:
        assert image.mode == "L" and image.size == (64, 48)
        pixels = np.asarray(image)
    assert (pixels[SHOWN] == 255).all() and pixels[40, 50] == 255
    # What was saved can be loaded again.
    masks(marks).look_again()
    until_seen(marks)
    masks(marks).load(tmp_path / "kept.png")
    marks.until(lambda: ready.edits.own is not None)
    assert ready.edits.own is not None
    assert np.array_equal(ready.edits.own.pixels, pixels)


def test_an_existing_file_is_not_replaced_by_a_mask(
    marks: Desk, ready: Row, tmp_path: Path
) -> None:
    (tmp_path / "kept.png").write_text("mine")
    masks(marks).save(tmp_path / "kept.png")
    marks.until(lambda: said(marks).startswith("Mask saved: kept"))
    assert (tmp_path / "kept.png").read_text() == "mine"


def test_a_mask_that_comes_late_goes_to_the_row_it_was_for(
    marks: Desk, ready: Row, picture: Make, tmp_path: Path
) -> None:
    [other] = marks.drop(picture("b.png"))
    marks.pane.queue.select(ready)
    until_seen(marks)
    masks(marks).load(write_mask(tmp_path / "mask.png"))
    marks.pane.queue.select(other)
    marks.until(lambda: ready.edits.own is not None)
    assert other.edits.own is None
