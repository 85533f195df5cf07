from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtWidgets import QApplication

from desktop_ae.core.mask import Mask, check_shape
from desktop_ae.ui.mask_canvas import LONGEST_PX, Canvas, canvas_size, grey_pixels
from desktop_ae.ui.mask_edits import MaskEdits


def canvas(width: int = 100, height: int = 60) -> Canvas:
    size = QSize(width, height)
    return Canvas(size, size)


def mask_of(value: int) -> Mask:
    return Mask.of(np.full((6, 8), value, np.uint8))


@pytest.mark.parametrize("size", [(300, 200), (6000, 4000), (4001, 2999), (20, 20000), (9000, 7)])
def test_what_is_painted_fits_its_picture(qapp: QApplication, size: tuple[int, int]) -> None:
    width, height = canvas_size(*size)
    assert max(width, height) <= LONGEST_PX
    check_shape(Mask.of(np.zeros((height, width), np.uint8)), *size)


def test_a_line_marks_what_a_round_brush_passes_over(qapp: QApplication) -> None:
    made = canvas()
    rect = made.line(QPointF(20, 30), QPointF(60, 30), 10, add=True)
    pixels = made.mask().pixels
    assert (pixels[26:34, 20:60] == 255).all()
    assert not pixels[:24].any() and not pixels[37:].any()
    assert pixels[30, 16] and not pixels[25, 15]  # its ends are round
    rows, columns = np.nonzero(pixels)
    for row, column in ((rows.min(), columns.min()), (rows.max(), columns.max())):
        assert rect.contains(int(column), int(row))


def test_a_click_marks_a_dot_and_the_eraser_takes_it_away(qapp: QApplication) -> None:
    made = canvas()
    made.line(QPointF(20, 30), QPointF(20, 30), 9, add=True)
    assert 40 < int((made.mask().pixels > 127).sum()) < 90
    made.line(QPointF(20, 30), QPointF(20, 30), 12, add=False)
    assert not made.mask().pixels.any()


def test_each_change_is_another_version(qapp: QApplication) -> None:
    made = canvas()
    versions = [made.version]
    made.line(QPointF(2, 3), QPointF(4, 5), 2, add=True)
    versions.append(made.version)
    made.load(None)
    assert len({*versions, made.version}) == 3


def test_a_large_picture_is_painted_on_at_reduced_size(qapp: QApplication) -> None:
    """Full 8000 × 4000, shown at half of that, painted at 2048 × 1024."""
    made = Canvas(QSize(8000, 4000), QSize(4000, 2000))
    made.line(QPointF(1000, 500), QPointF(3000, 500), 200, add=True)
    pixels = made.mask().pixels
    assert pixels.shape == (1024, 2048)
    assert (pixels[210:300, 520:1530] == 255).all()
    part = made.part(QRect(900, 380, 300, 250))
    assert part.shape == (250, 300)
    assert part[120, 200] == 255 and part[2, 200] == 0
    assert abs(int((part[:, 200] > 127).sum()) - 200) <= 4


def test_a_found_mask_of_another_size_fills_the_canvas(qapp: QApplication) -> None:
    found = np.zeros((30, 50), np.uint8)
    found[10:20, 25:] = 255
    made = canvas()
    made.load(Mask.of(found))
    pixels = grey_pixels(made.image)
    assert (pixels[24:36, 54:] == 255).all()
    assert not pixels[:17].any() and not pixels[:, :46].any()


def test_a_part_at_the_edge_is_marked_to_the_edge(qapp: QApplication) -> None:
    made = canvas()
    made.load(Mask.of(np.full((6, 10), 255, np.uint8)))
    assert (made.part(QRect(0, 0, 100, 60)) == 255).all()


def test_edits_are_undone_and_done_again_in_order() -> None:
    one, two = mask_of(1), mask_of(2)
    edits = MaskEdits(found=mask_of(9))
    edits.put(one)
    edits.put(two)
    edits.undo()
    assert edits.shown == one and edits.can_undo and edits.can_redo
    edits.undo()
    assert edits.own is None and edits.shown == edits.found and not edits.can_undo
    edits.redo()
    edits.redo()
    assert edits.own == two and not edits.can_redo


def test_a_new_edit_takes_the_place_of_what_was_undone() -> None:
    edits = MaskEdits()
    edits.put(mask_of(1))
    edits.undo()
    edits.put(mask_of(2))
    assert not edits.can_redo
    edits.undo()
    assert edits.own is None


def test_the_same_mask_again_is_no_edit() -> None:
    edits = MaskEdits()
    edits.put(mask_of(1))
    edits.put(mask_of(1))
    edits.undo()
    assert not edits.can_undo
