"""The middle of a pane for ECGs: the leads on paper, before and after."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_ae.core.domain import Domain, Task
from desktop_ae.core.errors import NeedsFacts
from desktop_ae.ui.ecg_data import EcgFunctions, Facts, FactsJob, Record, ReleaseJob, Shelf
from desktop_ae.ui.ecg_engine import ecg_functions
from desktop_ae.ui.ecg_preview import EcgPreview
from desktop_ae.ui.ecg_view import EcgView
from desktop_ae.ui.errands import VIEW, Errands
from desktop_ae.ui.masks import Masks
from desktop_ae.ui.queue_model import FINISHED, Row, State
from desktop_ae.ui.stage import Stage, seen
from desktop_ae.ui.wording import Wording, translated


class EcgStage(Stage):
    """Shows one row, previewed where it is not cleaned."""

    def __init__(
        self,
        task: Task,
        _domain: Domain,
        errands: Errands,
        _masks: Masks | None = None,
        *,
        functions: EcgFunctions | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self.compare = EcgView(errands)
        super().__init__(self.compare, parent)
        self._task = task
        self._errands = errands
        self._shelf = Shelf(functions or ecg_functions())
        self._wording = Wording()
        self._errand = 0
        self._facts: Facts | None = None
        self._record: Record | None = None
        self._preview_error = ""
        self._preview = EcgPreview(task.id, errands, self)
        self._preview.grown.connect(self._on_previewed)
        self._preview.failed.connect(self._on_preview_failed)
        self.compare.rested.connect(self.refresh)
        self.compare.failed.connect(self._on_unreadable)

    def show_row(self, row: Row | None) -> None:
        self._errands.drop(self._errand)
        if row is not self._row:
            self.failure.clear()
        self._row, self._unreadable = row, False
        self._facts = self._record = None
        self._errand = 0
        self._preview_error = ""
        self._preview.cancel()
        self.name.setText(row.source.name if row else "")
        self.show_about("")
        self.compare.show_recording(None, None, None)
        self._errands.ask(ReleaseJob(self._shelf), lambda _none: None)
        if row is not None:
            self.follow(row)

    def follow(self, row: Row) -> None:
        if row is not self._row:
            return
        if row.state is State.FAILED and row.error:
            self._unreadable = False
            self.show_failure(row.error)
            if self._facts is None:
                self._errand = 0  # it may be readable by the next time
            return
        if self._unreadable and row.state not in FINISHED:
            return  # it cannot be shown: the reason stays
        self.put_in_front(self.compare)
        if not self._errand:
            self._record = Record.of(row.source, row.key)
            self.compare.set_no_after(self.tr("Reading the recording…"))
            job = FactsJob(self._record, self._shelf)
            self._errand = self._errands.ask(job, self._on_facts, self._on_unreadable, VIEW)
        self.refresh()

    def refresh(self) -> None:
        row, facts = self._row, self._facts
        if row is None or facts is None or self._record is None:
            return
        fits = self._fits(row)
        if fits and row.target is not None:
            self._preview.cancel()
            self.compare.set_after_file(Record.of(row.target, row.key))
        elif fits and row.result is not None:
            self._preview.cancel()
            self.compare.set_no_after(translated(row.result.note or self._task.nothing))
        elif row.state in (State.WAITING, State.CLEANING):
            self._preview.cancel()
            self.compare.set_no_after(self._wording.status(row))
        else:
            self._preview.want(
                self._record,
                facts,
                self._shelf,
                self._model,
                self._options,
                self._strength,
                self.compare.visible(),
            )
            self._show_preview()

    def hold_original(self, held: bool) -> None:
        self.compare.hold(held)

    def _fits(self, row: Row) -> bool:
        """Whether the row's end is what today's choices would make of it."""
        job = row.job
        if row.state not in FINISHED or row.state is State.FAILED:
            return False
        if job is None:
            return True
        wanted = {**self._options, **seen(row.key)}
        same = job.model == self._model and seen(job.options) == wanted
        return same and job.strength == self._strength

    def _show_preview(self) -> None:
        """What there is of it now."""
        start_s, stop_s = self.compare.visible()
        if self._preview_error:
            self.compare.set_no_after(self._preview_error)
            return
        near = [s for s in self._preview.covered() if s[0] < stop_s and s[1] > start_s]
        note, word = self.tr("Preview"), ""
        if not near:
            word = self.tr("A preview of this part is being made…")
            if not self._preview.possible(start_s, stop_s):
                word = self.tr("Zoom in for a preview")
        elif near[0][0] > start_s + 0.01 or near[-1][1] < stop_s - 0.01:
            note = self.tr("Preview of a part. Zoom in for more")
        self.compare.set_after_preview(self._preview, "" if word else note, word)

    def _on_facts(self, facts: Facts) -> None:
        if self._row is None:
            return
        self._facts = facts
        self.show_about(facts.about)
        self.compare.show_recording(facts, self._record, self._shelf)
        self.refresh()

    def _on_unreadable(self, error: Exception) -> None:
        """A row that cannot be shown will fail when its turn comes; until then this says why."""
        self._unreadable = True
        self.show_failure(error)
        if isinstance(error, NeedsFacts):
            self.facts_missing.emit(self._row, error)

    def _on_previewed(self) -> None:
        row = self._row
        if row is not None and self._facts is not None and not self._fits(row):
            self._preview_error = ""
            self._show_preview()

    def _on_preview_failed(self, error: Exception) -> None:
        self._preview_error = str(error)
        self._show_preview()
