"""The visible part of a page as today's choices would leave it, before it is cleaned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QRect, QTimer, Signal

from desktop_ae.core.domain import Options
from desktop_ae.look_jobs import PreviewJob
from desktop_ae.ui.errands import PREVIEW, Errands
from desktop_ae.ui.mask_canvas import Canvas
from desktop_ae.ui.picture_layers import Pixels

_DEBOUNCE_MS = 250


class Preview(QObject):
    """Asks once for each wish, when no other has followed for a moment.

    Signals:
        restored(rect: QRect, pixels: Pixels): that part of the picture.
        outdated(): what was restored before is of another part, model or options.
        failed(error: Exception)
    """

    restored = Signal(object, object)
    outdated = Signal()
    failed = Signal(object)

    def __init__(self, task: str, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = task
        self._errands = errands
        self._errand = 0
        self._wish: tuple[Any, ...] | None = None
        self._job: PreviewJob | None = None
        self._picture: Pixels | None = None
        self._rect = QRect()
        self._canvas: Canvas | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_DEBOUNCE_MS)
        self._rest.timeout.connect(self._ask)

    def want(
        self,
        picture: Pixels,
        rect: QRect,
        model: str,
        options: Options,
        strength: float,
        canvas: Canvas | None = None,
    ) -> bool:
        """rect: of the picture. strength: less than full only where nothing can mix it later.
        canvas: the mask; what is shown of an older one stays until the next is there.

        Returned: whether this is another wish than the last one.
        """
        place = (id(picture), rect.getRect(), model, tuple(sorted(options.items())))
        wish = (*place, strength, canvas.version if canvas else 0)
        if wish == self._wish:
            return False
        if self._wish is not None and self._wish[: len(place)] != place:
            self.outdated.emit()
        self._wish = wish
        self._errands.drop(self._errand)
        self._canvas = canvas
        self._picture, self._rect = picture, QRect(rect)  # held, so that its id stays its own
        self._job = PreviewJob(None, self._task, model, options, strength)
        self._rest.start()
        return True

    def cancel(self) -> None:
        self._rest.stop()
        self._errands.drop(self._errand)
        self._picture = None
        if self._wish is not None:
            self._wish = None
            self.outdated.emit()

    def _ask(self) -> None:
        if self._picture is None or self._job is None:
            return
        height, width = self._picture.shape[:2]
        rect = self._rect.intersected(QRect(0, 0, width, height))
        if rect.isEmpty():
            return
        part = self._picture[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1, :3]
        samples = np.ascontiguousarray(part.transpose(2, 0, 1), dtype=np.float32) / 255
        mask = self._canvas.part(rect) if self._canvas else None
        job = replace(self._job, samples=samples, mask=mask)

        def on_done(restored: Any) -> None:
            shown = (restored.transpose(1, 2, 0) * 255 + 0.5).clip(0, 255).astype(np.uint8)
            grey = shown.shape[2] == 1
            self.restored.emit(rect, np.repeat(shown, 3, axis=2) if grey else shown)

        self._errand = self._errands.ask(job, on_done, self.failed.emit, PREVIEW)
