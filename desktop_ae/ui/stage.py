"""The middle of a pane: the chosen file before and after, or why it could not be cleaned."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_ae.core.domain import Domain, Task, View
from desktop_ae.jobs import PreviewJob, ViewJob
from desktop_ae.ui.compare_views import COMPARE_VIEWS
from desktop_ae.ui.elided_label import ElidedLabel
from desktop_ae.ui.errands import PREVIEW, VIEW, Errands
from desktop_ae.ui.failure_card import FailureCard
from desktop_ae.ui.queue_model import Row, State

# A larger picture is shown reduced: two of these are 400 MB.
LONGEST_SHOWN_PX = 8192
PREVIEW_PIXELS = 1_500_000
_DEBOUNCE_MS = 250
_ABOUT_PX = 240
_PREVIEWED = frozenset({State.READY, State.STOPPED, State.CLEANED, State.SKIPPED})


class Stage(QWidget):
    """Shows one row at a time and follows it, the model and the strength.

    Signals:
        retry_asked(row: Row)
    """

    retry_asked = Signal(object)

    def __init__(
        self, task: Task, domain: Domain, errands: Errands, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._task = task
        self._domain = domain
        self._errands = errands
        self._row: Row | None = None
        self._before: View | None = None
        self._after: View | None = None
        self._before_errand = self._after_errand = 0
        self._preview = 0
        self._model = ""
        self._strength = 1.0
        self._visible = QRect()
        self._restored = QRect()  # what the preview on the screen covers
        self.name = ElidedLabel("name", Qt.TextElideMode.ElideMiddle)
        self.about = ElidedLabel("dim")
        self.compare = COMPARE_VIEWS[domain.compare]()
        self.failure = FailureCard()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.compare)
        self._stack.addWidget(self.failure)
        self._lay_out()
        self._debounce = QTimer(self)
        self._debounce.setSingleShot(True)
        self._debounce.setInterval(_DEBOUNCE_MS)
        self._debounce.timeout.connect(self._ask_preview)
        self.compare.view_changed.connect(self._on_view_changed)
        self.failure.retry_asked.connect(self._on_retry)

    @property
    def row(self) -> Row | None:
        return self._row

    @property
    def after(self) -> View | None:
        """The result on the screen, if the row has one."""
        return self._after

    def show_row(self, row: Row | None) -> None:
        self._forget()
        self._row = row
        self.name.setText(row.source.name if row else "")
        self._show_about("")
        self.compare.set_pictures(None, None)
        self.compare.set_overlay_note("")
        if row is not None:
            self.follow(row)

    def follow(self, row: Row) -> None:
        """The row on the screen was changed: show what became of it."""
        if row is not self._row:
            return
        if row.state is State.FAILED and row.error is not None:
            self.failure.show_failure(row.error, f"{row.job or row.source}")
            self._stack.setCurrentWidget(self.failure)
            if self._before is None:
                self._before_errand = 0  # it may be readable when it is cleaned again
            return
        self._stack.setCurrentWidget(self.compare)
        if not self._before_errand:
            job = ViewJob(row.source, self._domain.id, LONGEST_SHOWN_PX)
            self._before_errand = self._errands.ask(job, self._on_before, self._on_unreadable, VIEW)
        if row.target is None:
            gone, self._after = self._after, None
            self._errands.drop(self._after_errand)
            self._after_errand = 0
            if gone is not None:
                self._show()
            else:
                self._show_strength()
        elif not self._after_errand:
            job = ViewJob(row.target, self._domain.id, LONGEST_SHOWN_PX)
            self._after_errand = self._errands.ask(job, self._on_after, None, VIEW)

    def set_model(self, model: str) -> None:
        self._model = model
        self._cancel_preview()
        self._show()

    def set_strength(self, strength: float) -> None:
        self._strength = strength
        self._show_strength()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(16)
        head.addWidget(self.name, 0)
        head.addWidget(self.about, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._stack, 1)

    def _show_about(self, text: str) -> None:
        """The facts keep their room beside the longest name."""
        self.about.setText(text)
        self.about.setMinimumWidth(min(_ABOUT_PX, self.about.sizeHint().width()))

    def _forget(self) -> None:
        for errand in (self._before_errand, self._after_errand):
            self._errands.drop(errand)
        self._before_errand = self._after_errand = 0
        self._cancel_preview()
        self._before = self._after = None

    def _fits_model(self) -> bool:
        """Whether the result on the screen is the chosen model's."""
        job = self._row.job if self._row else None
        return self._after is not None and (job is None or job.model == self._model)

    def _show(self) -> None:
        """Put the pictures that are loaded on the screen."""
        if self._row is None or self._before is None:
            return
        after = self._after if self._fits_model() else None
        self.compare.set_pictures(self._before.pixels, after.pixels if after is not None else None)
        self._show_strength()

    def _show_strength(self) -> None:
        row = self._row
        if row is None or self._before is None:
            return
        if row.state is State.UNCHANGED:
            self.compare.set_overlay_note(self.tr("Already clean, left alone"))
            return
        if self._fits_model():
            saved = row.job.strength if row.job else 1.0
            self.compare.set_overlay_note("")
            self.compare.set_mix(self._strength / saved if saved > 0 else 1.0)
            return
        self.compare.set_mix(self._strength)
        if row.state not in _PREVIEWED:
            self.compare.set_overlay_note("")
        elif self._visible.width() * self._visible.height() > PREVIEW_PIXELS:
            self.compare.set_overlay_note(self.tr("Zoom in to preview"))
        elif not self._preview and self._restored != self._visible:
            self._debounce.start()

    def _ask_preview(self) -> None:
        if self._before is None or self._visible.isEmpty():
            return
        rect = QRect(self._visible)
        pixels = self._before.pixels[
            rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1, :3
        ]
        samples = np.ascontiguousarray(pixels.transpose(2, 0, 1), dtype=np.float32) / 255
        job = PreviewJob(samples, self._task.id, self._model)

        def on_done(restored: Any) -> None:
            self._preview = 0
            self._restored = rect
            shown = (restored.transpose(1, 2, 0) * 255 + 0.5).clip(0, 255).astype(np.uint8)
            self.compare.show_restored(rect, shown)
            self.compare.set_overlay_note("")

        self._preview = self._errands.ask(job, on_done, self._on_preview_failed, PREVIEW)

    def _cancel_preview(self) -> None:
        self._debounce.stop()
        if self._preview:
            self._errands.drop(self._preview)
        self._preview = 0
        self._restored = QRect()
        self.compare.clear_restored()

    def _on_before(self, view: View) -> None:
        self._before = view
        self._show_about(view.about)
        self._show()

    def _on_after(self, view: View) -> None:
        self._after = view
        self._cancel_preview()
        self._show()

    def _on_unreadable(self, error: Exception) -> None:
        """A row that cannot be shown will fail when its turn comes; until then this says why."""
        if self._row is not None:
            self.failure.show_failure(error, str(self._row.source))
            self._stack.setCurrentWidget(self.failure)

    def _on_preview_failed(self, error: Exception) -> None:
        self._preview = 0
        self.compare.set_overlay_note(str(error))

    def _on_view_changed(self, visible: QRect) -> None:
        if visible == self._visible:
            return
        self._visible = QRect(visible)
        if not self._fits_model() and self._row is not None:
            self._cancel_preview()
            self._show_strength()

    def _on_retry(self) -> None:
        if self._row is not None:
            self.retry_asked.emit(self._row)
