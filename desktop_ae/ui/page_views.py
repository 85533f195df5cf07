"""The two pictures of the page on the screen: loaded, and dropped when it is another page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from desktop_ae.core.domain import View
from desktop_ae.look_jobs import ViewJob
from desktop_ae.ui.errands import VIEW, Errands
from desktop_ae.ui.picture_layers import Pixels, wrapped
from desktop_ae.ui.queue_model import Row

# A larger picture is shown reduced: two of these are 400 MB.
LONGEST_SHOWN_PX = 8192


class PageViews(QObject):
    """Before and after of one page of a row.

    Signals:
        changed(): there is another picture, or one less.
        failed(error: Exception): the source cannot be shown.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, domain: str, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._domain = domain
        self._errands = errands
        self._before_errand = self._after_errand = 0
        self._waits_for_after = False
        self.before: View | None = None
        self.after: View | None = None

    def follow(self, row: Row) -> None:
        """Ask for what the row has and is not here; let go of a result that is no more."""
        if not self._before_errand:
            job = ViewJob(row.source, self._domain, LONGEST_SHOWN_PX, row.page, row.key)
            self._before_errand = self._errands.ask(job, self._on_before, self._on_failed, VIEW)
        if row.target is None:
            self._waits_for_after = False
            self._errands.drop(self._after_errand)
            self._after_errand = 0
            if self.after is not None:
                self.after = None
                self.changed.emit()
        elif not self._after_errand:
            job = ViewJob(row.target, self._domain, LONGEST_SHOWN_PX, row.page, row.key)
            self._after_errand = self._errands.ask(
                job, self._on_after, lambda _error: self._on_after(None), VIEW
            )

    def forget(self) -> None:
        for errand in (self._before_errand, self._after_errand):
            self._errands.drop(errand)
        self._before_errand = self._after_errand = 0
        self._waits_for_after = False
        self.before = self.after = None

    def turn(self) -> None:
        """Another page comes: both of its pictures at once, or it would flicker."""
        self.forget()
        self._waits_for_after = True

    def try_again(self) -> None:
        """A file that could not be shown may be readable by the next `follow`."""
        if self.before is None:
            self._before_errand = 0

    def _on_before(self, view: View) -> None:
        self.before = view
        if not (self._waits_for_after and self._after_errand):
            self.changed.emit()

    def _on_after(self, view: View | None) -> None:
        self._waits_for_after = False
        self.after = view
        if view is not None and self.before is not None:
            self.after = _of_size(view, self.before)
        self.changed.emit()

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(error)


def _of_size(view: View, other: View) -> View:
    """The same at the size of the other: straightening may have changed a page's own."""
    height, width = other.pixels.shape[:2]
    if view.pixels.shape[:2] == (height, width):
        return view
    image = wrapped(np.ascontiguousarray(view.pixels)).scaled(
        width,
        height,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    return replace(view, pixels=_rgba(image.convertToFormat(QImage.Format.Format_RGBA8888)))


def _rgba(image: QImage) -> Pixels:
    flat: Pixels = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[:, :, :3].copy()
