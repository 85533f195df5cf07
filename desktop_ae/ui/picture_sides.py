"""The two sides of a comparison, each as the image that the camera sees now."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QImage

from desktop_ae.ui.picture_camera import Camera
from desktop_ae.ui.picture_layers import (
    Levels,
    Pixels,
    mixed,
    paint_into,
    removed,
    sampled,
    whole_mix,
)


class Sides(QObject):
    """Before and after at the size of the screen, kept until the camera or the pictures change.

    Signals: refined() when a finer image of the same view can be had.
    """

    refined = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.before: Levels | None = None
        self.after: Levels | None = None
        self.mix = 1.0
        self._patch: Levels | None = None
        self._patch_rect = QRect()
        self._plain: dict[str, QImage] = {}  # "before", and "full": the after at full strength
        self._blends: dict[str, QImage] = {}  # "after" and "removed" at _blends_mix
        self._blends_mix = 1.0
        self._kept_for: object = None

    @property
    def has_after(self) -> bool:
        return self.after is not None or self._patch is not None

    @property
    def settled(self) -> bool:
        """Whether no finer image is on its way."""
        return all(side.settled for side in (self.before, self.after, self._patch) if side)

    def set_pictures(self, before: Pixels | None, after: Pixels | None) -> None:
        if before is None and after is not None:
            raise ValueError("There is no after without a before.")
        if before is not None and after is not None and before.shape[:2] != after.shape[:2]:
            raise ValueError("Before and after must be of the same size.")
        self.clear_patch()
        self.before = self._levels(before, self.before)
        self.after = self._levels(after, self.after)
        self._forget()

    def set_patch(self, rect: QRect, pixels: Pixels) -> None:
        if (pixels.shape[1], pixels.shape[0]) != (rect.width(), rect.height()):
            raise ValueError("A preview must be of the size of the part that it shows.")
        self.clear_patch()
        self._patch = Levels(pixels, self._on_grown, self)
        self._patch_rect = QRect(rect)
        self._forget()

    def clear_patch(self) -> None:
        if self._patch is not None:
            self._patch.drop()
        self._patch = None
        self._forget()

    def seen(self, side: str, camera: Camera) -> QImage:
        """One of "before", "after" (mixed), "removed" as an image as large as camera.drawn()."""
        place = (camera.zoom, camera.origin(), camera.drawn())
        if place != self._kept_for:
            self._forget()
            self._kept_for = place
        if side in ("before", "full"):
            kept = self._plain
        else:
            kept = self._blends
            if self._blends_mix != self.mix:
                kept.clear()  # a slider's past positions are not asked for again
                self._blends_mix = self.mix
        if side not in kept:
            kept[side] = self._make(side, camera)
        return kept[side]

    def whole_after(self) -> QImage | None:
        if self.before is None or self.after is None:
            return None
        before, after = self.before.pixels, self.after.pixels
        if before.shape != after.shape:
            before, after = _with_alpha(before), _with_alpha(after)
        return whole_mix(before, after, self.mix)

    def _make(self, side: str, camera: Camera) -> QImage:
        assert self.before is not None
        alpha = self.before.has_alpha or (self.after is not None and self.after.has_alpha)
        if side == "before":
            return sampled(self.before, camera, alpha)
        if side == "full":
            image = sampled(self.after or self.before, camera, alpha)
            if self._patch is not None:
                paint_into(image, self._patch, camera, self._patch_rect.topLeft())
            return image
        blend = removed if side == "removed" else mixed
        return blend(self.seen("before", camera), self.seen("full", camera), self.mix)

    def _levels(self, pixels: Pixels | None, old: Levels | None) -> Levels | None:
        """The old levels where the picture is the very same array, so that they need no making."""
        if pixels is not None and old is not None and old.pixels is pixels:
            return old
        if old is not None:
            old.drop()
        return None if pixels is None else Levels(pixels, self._on_grown, self)

    def _on_grown(self) -> None:
        self._forget()
        self.refined.emit()

    def _forget(self) -> None:
        self._plain.clear()
        self._blends.clear()
        self._kept_for = None


def _with_alpha(pixels: Pixels) -> Pixels:
    if pixels.shape[2] == 4:
        return pixels
    opaque = np.full((*pixels.shape[:2], 1), 255, np.uint8)
    return np.concatenate([pixels, opaque], axis=2)
