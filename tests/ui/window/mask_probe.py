"""Hands and eyes for the tests of a pane with a mask."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from desktop_ae.ui.mask_box import MaskBox
from desktop_ae.ui.mask_editor import MaskEditor
from desktop_ae.ui.masks import Masks, Sight
from desktop_ae.ui.picture_view import PictureView
from tests.ui.window.conftest import Desk


def masks(desk: Desk) -> Masks:
    assert desk.pane.masks is not None
    return desk.pane.masks


def editor(desk: Desk) -> MaskEditor:
    found = desk.pane.stage.editor
    assert isinstance(found, MaskEditor)
    return found


def box(desk: Desk) -> MaskBox:
    assert desk.pane.inspector.mask_box is not None
    return desk.pane.inspector.mask_box


def view(desk: Desk) -> PictureView:
    found: PictureView = desk.pane.stage.compare
    return found


def note(desk: Desk) -> str:
    return view(desk).accessibleDescription()


def until_seen(desk: Desk, sight: Sight = Sight.SEEN) -> None:
    desk.until(lambda: masks(desk).sight is sight)


def paint(desk: Desk, x: float, y: float) -> None:
    """A dot of the brush at this pixel of the picture."""
    canvas = editor(desk).canvas
    assert canvas is not None
    place = QPointF(x, y)
    editor(desk).layer.touch(canvas.line(place, place, 6, add=True))
    editor(desk).hands.stroke_ended.emit()
