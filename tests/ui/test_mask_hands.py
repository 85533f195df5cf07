from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_ae.ui.mask_canvas import Canvas, grey_pixels
from desktop_ae.ui.mask_hands import BRUSH, ERASER, MaskHands
from desktop_ae.ui.mask_layer import MaskLayer
from desktop_ae.ui.mask_ring import MaskRing
from desktop_ae.ui.picture_view import PictureView
from desktop_ae.ui.theme import DARK
from tests.ui.picture_probe import AFTER, BEFORE, colour_at, drag, mouse, painted

SIZE = QSize(400, 300)


class Easel:
    """A view of 400 × 300 pixels with a mask over it, and its tools."""

    def __init__(self, view: PictureView) -> None:
        self.view = view
        self.layer = MaskLayer()
        self.layer.canvas = Canvas(SIZE, SIZE)
        view.overlay = self.layer
        self.hands = MaskHands(view, self.layer)
        self.hands.set_ready(True)
        self.strokes: list[None] = []
        self.hands.stroke_ended.connect(lambda: self.strokes.append(None))

    @property
    def canvas(self) -> Canvas:
        assert self.layer.canvas is not None
        return self.layer.canvas

    def marked(self, x: int, y: int) -> int:
        return int(grey_pixels(self.canvas.image)[y, x])

    @property
    def ring(self) -> MaskRing:
        found = self.view.findChild(MaskRing)
        assert isinstance(found, MaskRing)
        return found


@pytest.fixture
def easel(compared: PictureView) -> Iterator[Easel]:
    yield Easel(compared)


def hover(easel: Easel, at: tuple[int, int]) -> None:
    mouse(easel.view, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton)


def is_tinted(colour: tuple[int, ...]) -> bool:
    """Between the picture's red and the mask's orange."""
    tint = bytes.fromhex(DARK.mask[1:])
    return all(abs(c - (b + t) / 2) < 12 for c, b, t in zip(colour, BEFORE, tint, strict=True))


def test_the_brush_marks_where_it_is_drawn(easel: Easel) -> None:
    easel.hands.set_tool(BRUSH)
    drag(easel.view, (60, 60), (120, 60))
    assert easel.marked(60, 60) == easel.marked(90, 60) == easel.marked(120, 60) == 255
    assert easel.marked(90, 80) == 0
    assert easel.strokes == [None]
    assert is_tinted(colour_at(easel.view, (90, 60)))


def test_the_eraser_unmarks(easel: Easel) -> None:
    easel.hands.set_tool(BRUSH)
    easel.hands.set_size(70)
    drag(easel.view, (60, 60), (120, 60))
    easel.hands.set_tool(ERASER)
    drag(easel.view, (90, 60), (90, 61))
    assert easel.marked(90, 60) == 0 and easel.marked(60, 60) == 255
    assert colour_at(easel.view, (90, 60)) == BEFORE


def test_without_a_tool_a_drag_pans(easel: Easel) -> None:
    easel.view.zoom_to(2.0)
    start = easel.view.visible_part()
    drag(easel.view, (60, 60), (30, 40))
    assert easel.view.visible_part().topLeft() - start.topLeft() == QPoint(15, 10)
    assert not grey_pixels(easel.canvas.image).any()


def test_with_a_tool_the_middle_button_and_space_pan(easel: Easel) -> None:
    easel.hands.set_tool(BRUSH)
    easel.view.zoom_to(2.0)
    start = easel.view.visible_part()
    drag(easel.view, (60, 60), (40, 60), Qt.MouseButton.MiddleButton)
    assert easel.view.visible_part().left() - start.left() == 10
    QTest.keyPress(easel.view, Qt.Key.Key_Space)
    drag(easel.view, (60, 60), (40, 60))
    QTest.keyRelease(easel.view, Qt.Key.Key_Space)
    assert easel.view.visible_part().left() - start.left() == 20
    assert not grey_pixels(easel.canvas.image).any()


def test_the_handle_of_the_wipe_can_be_dragged_with_a_tool_in_hand(easel: Easel) -> None:
    easel.hands.set_tool(BRUSH)
    drag(easel.view, (200, 150), (300, 150))
    assert easel.view.wipe == pytest.approx(0.75)
    assert not grey_pixels(easel.canvas.image).any()
    drag(easel.view, (300, 60), (305, 60))  # on the line, away from its handle
    assert easel.view.wipe == pytest.approx(0.75)
    assert easel.marked(302, 60) == 255


def test_a_stroke_lands_under_the_pointer_at_any_zoom(easel: Easel) -> None:
    easel.hands.set_tool(BRUSH)
    easel.view.zoom_to(4.0)
    easel.view.pan(-100, 60)
    at = easel.view.visible_part().topLeft() + QPoint(10, 10)
    drag(easel.view, (40, 40), (42, 40))
    assert easel.marked(at.x(), at.y()) == 255


def test_side_by_side_both_panes_take_the_brush(easel: Easel) -> None:
    easel.hands.set_tool(BRUSH)
    easel.view.set_mode("side")
    left, right = easel.view.panes()
    middle = easel.view.picture_rect().center()
    drag(easel.view, (middle.x() - 20, middle.y()), (middle.x() - 15, middle.y()))
    in_right = middle.x() + right.left() - left.left()
    drag(easel.view, (in_right + 40, middle.y()), (in_right + 45, middle.y()))
    zoom = easel.view.zoom
    assert easel.marked(round(200 - 18 / zoom), 150) == 255
    assert easel.marked(round(200 + 42 / zoom), 150) == 255
    assert easel.marked(200, 150) == 0


def test_the_mask_lies_on_the_before_side_alone(easel: Easel) -> None:
    easel.canvas.line(QRectF(0, 60, 1, 1).center(), QRectF(399, 60, 1, 1).center(), 20, add=True)
    easel.layer.touch()
    assert is_tinted(colour_at(easel.view, (60, 60)))
    assert colour_at(easel.view, (340, 60)) == AFTER
    assert colour_at(easel.view, (340, 51)) == AFTER
    easel.hands.set_tool(BRUSH)  # then its outline is there, to correct it by
    assert colour_at(easel.view, (340, 51)) == tuple(bytes.fromhex(DARK.mask[1:]))
    assert colour_at(easel.view, (340, 60)) == AFTER


def test_a_stroke_on_the_after_side_is_seen_while_it_is_drawn(easel: Easel) -> None:
    easel.hands.set_tool(BRUSH)
    easel.hands.set_size(80)
    mouse(easel.view, QEvent.Type.MouseButtonPress, (300, 60))
    assert colour_at(easel.view, (300, 60)) != AFTER
    mouse(easel.view, QEvent.Type.MouseButtonRelease, (300, 60))
    assert colour_at(easel.view, (300, 60)) == AFTER


def test_a_hidden_mask_and_the_original_show_the_bare_picture(easel: Easel) -> None:
    easel.canvas.line(QRectF(0, 60, 1, 1).center(), QRectF(399, 60, 1, 1).center(), 20, add=True)
    easel.layer.touch()
    easel.layer.shown = False
    assert colour_at(easel.view, (60, 60)) == BEFORE
    easel.layer.shown = True
    easel.view.show_original(True)
    assert colour_at(easel.view, (60, 60)) == BEFORE


def test_a_stroke_drawn_in_parts_looks_as_if_it_was_drawn_at_once(easel: Easel) -> None:
    easel.hands.set_tool(BRUSH)
    painted(easel.view)  # the layer has an image, of which only parts are made anew
    mouse(easel.view, QEvent.Type.MouseButtonPress, (60, 60))
    for x, y in ((80, 90), (120, 70), (150, 95)):
        mouse(easel.view, QEvent.Type.MouseMove, (x, y))
        painted(easel.view)
    mouse(easel.view, QEvent.Type.MouseButtonRelease, (150, 95))
    easel.hands.set_tool("")
    in_parts = painted(easel.view)
    easel.layer.touch()
    assert np.array_equal(painted(easel.view), in_parts)


def test_the_keyboard_does_it_all(easel: Easel) -> None:
    hands = easel.hands
    asked: list[object] = []
    hands.shown_asked.connect(asked.append)
    for key, tool in (
        (Qt.Key.Key_B, BRUSH),
        (Qt.Key.Key_E, ERASER),
        (Qt.Key.Key_E, ""),
        (Qt.Key.Key_B, BRUSH),
        (Qt.Key.Key_Escape, ""),
    ):
        QTest.keyClick(easel.view, key)
        assert hands.tool == tool
    size = hands.size
    QTest.keyClicks(easel.view, "]]")
    assert hands.size == size + 10
    QTest.keyClicks(easel.view, "[")
    assert hands.size == size + 5
    asked.clear()
    QTest.keyClick(easel.view, Qt.Key.Key_M)
    assert asked == [False]


def test_arrows_and_return_paint_without_a_mouse(easel: Easel) -> None:
    QTest.keyClick(easel.view, Qt.Key.Key_B)
    hover(easel, (200, 110))
    QTest.keyClick(easel.view, Qt.Key.Key_Return)
    for _ in range(5):
        QTest.keyClick(easel.view, Qt.Key.Key_Right)
    QTest.keyClick(easel.view, Qt.Key.Key_Return)
    end = easel.ring.middle.toPoint()
    assert end.x() > 210
    assert easel.marked(200, 110) == easel.marked(end.x() - 2, 110) == 255
    QTest.keyClick(easel.view, Qt.Key.Key_Down)
    assert easel.marked(end.x(), 130) == 0
    assert easel.strokes == [None]


def test_arrows_still_pan_without_a_tool(easel: Easel) -> None:
    easel.view.zoom_to(2.0)
    start = easel.view.visible_part()
    QTest.keyClick(easel.view, Qt.Key.Key_Right)
    assert easel.view.visible_part().left() - start.left() == 30


def test_the_ring_is_as_large_as_what_it_marks(easel: Easel) -> None:
    easel.hands.set_tool(BRUSH)
    easel.hands.set_size(90)
    hover(easel, (100, 100))
    assert easel.ring.isVisible()
    before = easel.ring.width()
    assert before == pytest.approx(easel.hands.diameter + 6, abs=2)
    easel.view.zoom_to(2.0)
    assert easel.ring.width() - 6 == pytest.approx(2 * (before - 6), abs=3)
    easel.hands.set_tool("")
    assert not easel.ring.isVisible()


def test_a_tool_rests_while_there_is_nothing_to_paint_on(easel: Easel) -> None:
    easel.hands.set_tool(BRUSH)
    easel.hands.set_ready(False)
    assert easel.hands.tool == ""
    drag(easel.view, (60, 60), (80, 60))
    assert not grey_pixels(easel.canvas.image).any()
    easel.hands.set_ready(True)
    assert easel.hands.tool == BRUSH


def test_undo_is_asked_for_only_where_there_is_something_to_undo(
    easel: Easel, qtbot: QtBot
) -> None:
    asked: list[object] = []
    easel.hands.undo_asked.connect(asked.append)
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(easel.view, Qt.Key.Key_Z, control)
    assert asked == []
    easel.hands.steps = True
    QTest.keyClick(easel.view, Qt.Key.Key_Z, control)
    QTest.keyClick(easel.view, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(easel.view, Qt.Key.Key_Y, control)
    assert asked == [False, True, True]
