"""The states of a pane with a mask, for `screenshots.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from overlaid_photos import write_photo
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from screenshots import Studio

ROOT = Path(__file__).resolve().parent.parent


def watermarks_empty(studio: Studio) -> None:
    studio.front("image/watermark")
    studio.settle()
    studio.shoot()


def watermarks_found(studio: Studio) -> None:
    """What was found, not cleaned yet; the same side by side; with the mask hidden; cleaned."""
    studio.front("image/watermark")
    studio.show(write_photo(studio.files / "IMG_2041.png"))
    pane = studio.window.pane
    studio.wait(lambda: pane.masks.sight.name == "SEEN" and pane.stage.compare.comparing())
    studio.shoot()
    pane.stage.compare.set_mode("side")
    studio.shoot("-side", modes=("dark",))
    pane.stage.compare.set_mode("wipe")
    pane.stage.editor.bar.eye.click()
    studio.shoot("-hidden", modes=("dark",))
    pane.stage.editor.bar.eye.click()
    pane.clean()
    studio.wait(lambda: not pane.run.active)
    studio.settle(1.5)
    studio.shoot("-cleaned", modes=("dark",))


def watermarks_brush(studio: Studio) -> None:
    """In the middle of a stroke, with brush and with eraser."""
    studio.front("image/watermark")
    studio.show(write_photo(studio.files / "IMG_2041.png"))
    pane = studio.window.pane
    view, hands = pane.stage.compare, pane.stage.editor.hands
    studio.wait(lambda: pane.masks.sight.name == "SEEN" and view.comparing())
    hands.set_size(58)
    pane.stage.editor.bar.brush.click()
    area = view.picture_rect()
    at = [(0.12, 0.2), (0.2, 0.14), (0.28, 0.2), (0.36, 0.14), (0.42, 0.2)]
    places = [QPointF(area.x() + x * area.width(), area.y() + y * area.height()) for x, y in at]
    _press(view, places[0])
    for place in places[1:]:
        _move(view, place)
    studio.shoot()
    _release(view, places[-1])
    studio.settle(2.0)
    pane.stage.editor.bar.eraser.click()
    view.zoom_to(3.0)
    _move(view, QPointF(view.width() * 0.3, view.height() * 0.55), held=False)
    studio.settle(2.0)
    studio.shoot("-zoomed")


def watermarks_nothing(studio: Studio) -> None:
    studio.front("image/watermark")
    studio.show(write_photo(studio.files / "No overlay.png", ""))
    studio.wait(lambda: studio.window.pane.masks.sight.name == "NOTHING")
    studio.settle()
    studio.shoot()
    studio.window.pane.clean()
    studio.wait(lambda: not studio.window.pane.run.active)
    studio.settle()
    studio.shoot("-cleaned", modes=("light",))


def watermarks_batch(studio: Studio) -> None:
    """The same mask for all, of which one has another shape; and a mask that does not fit."""
    studio.front("image/watermark")
    pane = studio.window.pane
    studio.settings.put("clean_on_drop", False)
    paths = [write_photo(studio.files / f"IMG_20{n}.png", size=(900, 600)) for n in range(41, 46)]
    paths.append(write_photo(studio.files / "Upright.png", size=(600, 800)))
    studio.window.take(paths)
    studio.wait(lambda: len(pane.model.rows) == 6 and pane.masks.sight.name == "SEEN")
    studio.settle(2.5)
    pane.inspector.mask_box.same.click()
    studio.shoot()
    pane.clean()
    studio.wait(lambda: not pane.run.active)
    studio.window.notice.hide()
    studio.settle()
    pane.queue.select(pane.model.rows[5])
    studio.settle(1.5)
    studio.shoot("-unfit")
    pane.queue.select(pane.model.rows[0])
    studio.settle(1.5)
    pane.masks.load(ROOT / "resources" / "samples" / "photo-chelsea.png")
    studio.settle(1.5)
    studio.shoot("-refused", modes=("dark",))


SCENES: tuple[Callable[[Studio], None], ...] = (
    watermarks_empty,
    watermarks_found,
    watermarks_brush,
    watermarks_nothing,
    watermarks_batch,
)


def _press(view: QWidget, place: QPointF) -> None:
    _mouse(view, QEvent.Type.MouseButtonPress, place)


def _move(view: QWidget, place: QPointF, *, held: bool = True) -> None:
    _mouse(view, QEvent.Type.MouseMove, place, held=held)


def _release(view: QWidget, place: QPointF) -> None:
    _mouse(view, QEvent.Type.MouseButtonRelease, place, held=False)


def _mouse(view: QWidget, kind: QEvent.Type, place: QPointF, *, held: bool = True) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    buttons = left if held else none
    event = QMouseEvent(kind, place, place, button, buttons, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(view, event)
