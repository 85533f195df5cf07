"""What joins the mask of the row on the screen, the picture above which it lies, and the tools."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize

from desktop_ae.core.domain import View
from desktop_ae.core.mask import Mask
from desktop_ae.ui.mask_bar import MaskBar
from desktop_ae.ui.mask_canvas import Canvas
from desktop_ae.ui.mask_hands import MaskHands
from desktop_ae.ui.mask_layer import MaskLayer
from desktop_ae.ui.masks import Masks, Sight
from desktop_ae.ui.picture_view import PictureView


class MaskEditor(QObject):
    """Lays the mask over a compare view, and gives what is painted back to `masks`."""

    def __init__(self, masks: Masks, view: PictureView) -> None:
        super().__init__(view)
        self._masks = masks
        self._view = view
        self._loaded: Mask | None = None
        self._picture: View | None = None
        self.bar = MaskBar()
        self.layer = MaskLayer()
        self.hands = MaskHands(view, self.layer)
        view.overlay = self.layer
        bar, hands = self.bar, self.hands
        bar.shown_chosen.connect(self.set_shown)
        bar.tool_chosen.connect(hands.set_tool)
        bar.size_chosen.connect(hands.set_size)
        bar.undo_asked.connect(self._on_undo)
        bar.clear_asked.connect(self._on_clear)
        hands.shown_asked.connect(self.set_shown)
        hands.undo_asked.connect(self._on_undo)
        hands.tool_changed.connect(bar.show_tool)
        hands.size_changed.connect(lambda _size: self._show_size())
        hands.stroke_ended.connect(self._on_stroke_ended)
        masks.changed.connect(self._refresh)
        self._refresh()

    @property
    def canvas(self) -> Canvas | None:
        """The mask at the size at which it is painted, while there is a picture."""
        return self.layer.canvas

    def set_shown(self, shown: bool) -> None:
        self.layer.shown = shown
        self.bar.eye.setChecked(shown)
        if not shown:
            self.hands.set_tool("")
        self._view.update()

    def show_picture(self, view: View | None) -> None:
        """The picture of the row is there; None before that."""
        if view is self._picture:
            return
        self._picture = view
        self.hands.drop_stroke()
        self._loaded = None
        if view is None:
            self.layer.canvas = None
            return
        full = QSize(*view.full_size)
        height, width = view.pixels.shape[:2]
        self.layer.canvas = Canvas(full, QSize(width, height))
        self.layer.touch()
        self._masks.set_size(full)
        self._refresh()

    def _refresh(self) -> None:
        """Show the mask in force, and what can be done with it."""
        masks, canvas = self._masks, self.layer.canvas
        if canvas is not None and masks.mask is not self._loaded:
            self._loaded = masks.mask
            canvas.load(self._loaded)
            self.layer.touch()
            self._view.update()
        there = canvas is not None and masks.paintable
        edits = masks.edits
        self.hands.set_ready(there)
        self.hands.steps = edits.can_undo or edits.can_redo
        self.bar.allow(
            painting=there,
            undo=there and edits.can_undo,
            redo=there and edits.can_redo,
            clear=there and masks.sight is not Sight.NOTHING and masks.mask is not None,
        )
        self._show_size()

    def _show_size(self) -> None:
        canvas = self.layer.canvas
        share = canvas.full.width() / canvas.shown.width() if canvas else 0.0
        self.bar.show_size(self.hands.size, self.hands.diameter * share)

    def _on_stroke_ended(self) -> None:
        if self.canvas is not None:
            self._loaded = self.canvas.mask()  # what is put is on the canvas already
            self._masks.put(self._loaded)

    def _on_undo(self, redo: bool) -> None:
        if redo:
            self._masks.redo()
        else:
            self._masks.undo()

    def _on_clear(self) -> None:
        if self.canvas is not None:
            self.canvas.load(None)
            self.layer.touch()
            self._view.update()
            self._on_stroke_ended()
