"""The middle of a pane for pictures and pages: wiped, side by side, or what was removed."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop_ae.core.domain import Domain, Task, View
from desktop_ae.core.errors import BadMask
from desktop_ae.jobs import MASK
from desktop_ae.ui.errands import Errands
from desktop_ae.ui.mask_editor import MaskEditor
from desktop_ae.ui.masks import Masks
from desktop_ae.ui.page_state import PageState, page_state, why_not
from desktop_ae.ui.page_strip import PageStrip
from desktop_ae.ui.page_views import PageViews
from desktop_ae.ui.picture_layers import Pixels
from desktop_ae.ui.picture_view import PictureView
from desktop_ae.ui.preview import Preview
from desktop_ae.ui.queue_model import FINISHED, Row, State
from desktop_ae.ui.stage import Stage, seen
from desktop_ae.ui.wording import Wording, translated

PREVIEW_PIXELS = 2_500_000
_CLEAR_OF_NOTICE_PX = 14  # which lies over the head of the stage
_BUSY = frozenset({State.WAITING, State.CLEANING, State.FAILED})  # no preview for these
_STEPS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class PictureStage(Stage):
    """Shows a page of one row at a time.

    masks: for a task that has one; it can be corrected here then.
    """

    def __init__(
        self,
        task: Task,
        domain: Domain,
        errands: Errands,
        masks: Masks | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self.compare = PictureView()
        super().__init__(self.compare, parent)
        self._task = task
        self._masks = masks
        self._on_screen: tuple[Pixels | None, Pixels | None] = (None, None)
        self._visible = QRect()
        self._wording = Wording()
        self._views = PageViews(domain.id, errands, self)
        self._preview = Preview(task.id, errands, self)
        self.editor = MaskEditor(masks, self.compare) if masks else None
        self.strip = PageStrip(domain.id, task.icon, errands)
        if self.editor:
            self._column.insertSpacing(1, _CLEAR_OF_NOTICE_PX)
            self._column.insertWidget(2, self.editor.bar)
        self._column.addWidget(self.strip)
        self._connect()

    @property
    def after(self) -> View | None:
        return self._views.after

    def show_row(self, row: Row | None) -> None:
        self._views.forget()
        self._preview.cancel()
        if row is not self._row:
            self.failure.clear()
        self._row, self._unreadable = row, False
        self.name.setText(row.source.name if row else "")
        self.show_about("")
        self._show_pictures(None, None)
        if self._masks and self.editor:
            self.editor.show_picture(None)
            self._masks.show_row(row)
        self.compare.set_overlay_note("")
        self.strip.show_row(row)
        if row is not None:
            self.follow(row)

    def show_page(self, page: int) -> None:
        """Turn to another page of the row; zoom and place stay."""
        if self._row is not None and page != self._row.page:
            self._row.page, self._unreadable = page, False
            self._views.turn()
            self._preview.cancel()
            self.follow(self._row)

    def follow(self, row: Row) -> None:
        """The row on the screen was changed: show what became of it."""
        if row is not self._row:
            return
        # What is wrong with a mask is mended on the picture, so that stays.
        if row.state is State.FAILED and row.error and not isinstance(row.error, BadMask):
            self._unreadable = False
            self.strip.hide()
            self.show_failure(row.error)
            self._views.try_again()
            return
        if self._unreadable and row.state not in FINISHED:
            return  # it cannot be shown: the reason stays, and so does what is being typed
        self.put_in_front(self.compare)
        self.strip.show_row(row)
        self._views.follow(row)
        self.refresh()

    def refresh(self) -> None:
        """Put the pictures that are loaded on the screen, and preview the one that is not there."""
        row, before = self._row, self._views.before
        if row is None or before is None:
            return
        fits = self._fits(row)
        state = page_state(row, row.page)
        stays = state in (PageState.LEFT_OUT, PageState.PASSED_OVER)
        stays = stays or (fits and state is PageState.UNCHANGED)
        after = self._views.after if fits and not stays else None
        self._show_pictures(before.pixels, after.pixels if after else None)
        busy = row.state in _BUSY and not isinstance(row.error, BadMask)
        if not (stays or fits or busy):
            self._show_preview(before.pixels)
            return
        self._preview.cancel()
        saved = row.job.strength if row.job and not self._options else 0.0
        self.compare.set_mix(self._strength / saved if saved > 0 else 1.0)
        self.compare.set_overlay_note(self._why_it_stays(row, state) if stays else "")

    def hold_original(self, held: bool) -> None:
        self.compare.show_original(held)

    def set_model(self, model: str) -> None:
        if self._masks:
            self._masks.set_model(model)
        super().set_model(model)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS and self.strip.isVisible():
            self.strip.step(_STEPS[key])
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self.compare.view_changed.connect(self._on_view_changed)
        self.strip.page_chosen.connect(self.show_page)
        self.strip.left_out_chosen.connect(self._on_left_out_chosen)
        self.strip.original_held.connect(self.compare.show_original)
        self._views.changed.connect(self._on_views_changed)
        self._views.failed.connect(self._on_unreadable)
        self._preview.restored.connect(self.compare.show_restored)
        self._preview.outdated.connect(self.compare.clear_restored)
        if self._masks:
            self._masks.changed.connect(self.refresh)
        self._preview.failed.connect(lambda error: self.compare.set_overlay_note(str(error)))

    def put_in_front(self, part: QWidget) -> None:
        super().put_in_front(part)
        if self.editor:
            self.editor.bar.setEnabled(part is self.compare)

    def _show_pictures(self, before: Pixels | None, after: Pixels | None) -> None:
        if before is not self._on_screen[0] or after is not self._on_screen[1]:
            self._on_screen = (before, after)
            self.compare.set_pictures(before, after)

    def _fits(self, row: Row) -> bool:
        """Whether the row's end is what today's choices would make of this page."""
        job = row.job
        if row.state not in FINISHED or row.state is State.FAILED:
            return False
        if job is None:
            return True
        mask = self._masks.options(row).get(MASK) if self._masks else None
        return (
            job.model == self._model
            and seen(job.options) == self._options
            and job.options.get(MASK) == mask
            and (not self._options or job.strength == self._strength)
            and (row.page in job.left_out) == (row.page in row.left_out)
        )

    def _why_it_stays(self, row: Row, state: PageState) -> str:
        if self._masks and state is PageState.UNCHANGED:
            return self._masks.note() or translated(self._task.nothing)
        return self._wording.page_state(state, why_not(row))

    def _show_preview(self, picture: Pixels) -> None:
        # What options make of a result, black and white say, cannot be mixed with the original.
        mixable = not self._options
        self.compare.set_mix(self._strength if mixable else 1.0)
        if self._masks and (why := self._masks.note()):
            self._preview.cancel()
            self.compare.set_overlay_note(why)
            return
        if self._visible.width() * self._visible.height() > PREVIEW_PIXELS:
            self._preview.cancel()
            self.compare.set_overlay_note(self.tr("Zoom in to preview"))
        elif not self._visible.isEmpty():
            strength = 1.0 if mixable else self._strength
            canvas = self.editor.canvas if self.editor else None
            if self._preview.want(
                picture, self._visible, self._model, self._options, strength, canvas
            ):
                self.compare.set_overlay_note("")

    def _on_views_changed(self) -> None:
        row, view = self._row, self._views.before
        if row is None or view is None:
            return
        row.pages = max(1, view.pages)
        page = self.tr("Page {n} of {pages}").format(n=row.page + 1, pages=row.pages)
        self.show_about(f"{page} · {view.about}" if row.pages > 1 else view.about)
        self.strip.show_row(row)
        if self.editor:
            self.editor.show_picture(view)
        self.refresh()

    def _on_unreadable(self, error: Exception) -> None:
        """A row that cannot be shown will fail when its turn comes; until then this says why."""
        self._unreadable = True
        self.show_failure(error)

    def _on_view_changed(self, visible: QRect) -> None:
        if visible != self._visible:
            self._visible = QRect(visible)
            self.refresh()

    def _on_left_out_chosen(self, pages: frozenset[int]) -> None:
        if self._row is not None:
            self._row.left_out = pages
            self.pages_chosen.emit(self._row)
