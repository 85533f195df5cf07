"""One task's part of the window: queue, compare view, inspector, and what joins them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop_ae.core.domain import Domain, Options, Task
from desktop_ae.jobs import CleanJob
from desktop_ae.planning import Planned, Refusal
from desktop_ae.ui.cleaning_run import CleaningRun
from desktop_ae.ui.drop_area import DropArea
from desktop_ae.ui.ecg_importing import Importing
from desktop_ae.ui.ecg_peek import can_be_told
from desktop_ae.ui.inspector import Inspector
from desktop_ae.ui.masks import Masks
from desktop_ae.ui.queue_column import QueueColumn
from desktop_ae.ui.queue_model import FINISHED, STARTABLE, QueueModel, Row, State
from desktop_ae.ui.services import Services
from desktop_ae.ui.stages import STAGES
from desktop_ae.ui.wording import Wording

_COUNT_EVERY_MS = 100
_WIDTHS = [292, 620, 280]


class Pane(QWidget):
    """Everything that a person can do with the files of one task.

    Signals:
        browse_asked(), folder_asked(), sample_asked(): the window does that.
        folder_chosen(folder: Path): a recent one.
        said(text: str): a notice.
    """

    browse_asked = Signal()
    folder_asked = Signal()
    sample_asked = Signal()
    folder_chosen = Signal(object)
    said = Signal(object)

    def __init__(
        self, task: Task, domain: Domain, services: Services, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.task = task
        self.domain = domain
        self._settings = services.settings
        self._wording = Wording()
        self._removed: list[list[tuple[int, Row]]] = []
        self.model = QueueModel(self)
        self.run = CleaningRun(self.model, services.cleaning, self.job_for, self)
        self.column = QueueColumn(task, domain, self.model, services.errands)
        self.queue = self.column.view
        self.masks = Masks(task, services.errands, self) if task.find else None
        self._stage = STAGES[domain.compare](task, domain, services.errands, self.masks)
        self.inspector = Inspector(task, domain, services.library, services.settings, self.masks)
        self.importing = Importing(services.settings, services.errands, self)
        self.drop_area = DropArea(task, domain, services.settings)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._counting = QTimer(self)
        self._lay_out()
        self._connect()
        self._stage.keep_choices(services.settings)
        self._stage.set_model(self.inspector.model)
        self._stage.set_options(self.inspector.options.options())
        self._stage.set_strength(self.inspector.strength.value() / 100)
        self._count()

    @property
    def stage(self) -> Any:
        """A Stage. What it has beside, its compare view say, is its own kind's."""
        return self._stage

    def job_for(self, row: Row) -> CleanJob:
        """The job that the inspector's choices make of a row."""
        return CleanJob(
            row.source,
            self.task.id,
            self.inspector.model,
            self.inspector.strength.value() / 100,
            self._settings.output(),
            row.below,
            {**self.inspector.options.options(), **row.key, **self._mask_of(row)},
            row.left_out,
        )

    def add(
        self, files: Sequence[Planned], refusals: Sequence[Refusal], *, start: bool
    ) -> tuple[int, int]:
        """Queue files; refused ones become failed rows.

        Returned: how many are new, and how many were in the queue already. Of the latter those
        that had failed are tried again.
        """
        rows = [Row(f.source, f.below) for f in files]
        refused = [Row(r.path, state=State.FAILED, error=r.reason) for r in refusals]
        known = [found for row in rows if (found := self.model.find(row.source))]
        added = self.model.add([*rows, *refused])
        if start:
            again = [row for row in known if row.state is State.FAILED]
            self.run.start([row for row in added if row.state is State.READY] + again)
        if added and self.queue.current() is None:
            self.queue.select(added[0])
        elif known and not added:
            self.queue.select(known[0])
        self._count()
        return len(added), len(known)

    def clean(self) -> None:
        """What the button says: the files not cleaned yet, else the selected ones anew."""
        rows = self._startable() or self._changed()
        if rows:
            self.run.start(rows)
            self._count()

    def retry(self, rows: Sequence[Row] | None = None) -> None:
        """Clean again what failed or was stopped, of the selected rows or the given ones."""
        chosen = self.queue.selected() if rows is None else rows
        again = [r for r in chosen if r.state in (State.FAILED, State.STOPPED)]
        for row in again:
            self.column.thumbnails.forget(row.source)
        if again:
            self.run.start(again)
        current = self.queue.current()
        if current in again:
            self._stage.show_row(current)

    def remove_selected(self) -> None:
        rows = self.queue.selected()
        if rows:
            self._removed.append(self.model.remove(rows))
            self._count()

    def undo_remove(self) -> bool:
        """Put the rows back that were removed last; False if there are none.

        Those that waited wait again, if the batch still runs.
        """
        if not self._removed:
            return False
        back = self.model.put_back(self._removed.pop())
        waiting = [row for row in back if row.state is State.WAITING]
        for row in waiting:
            row.state = State.READY
            self.model.touch(row)
        if waiting and self.run.active:
            self.run.start(waiting)
        if back:
            self.queue.select(back[0])
        self._count()
        return True

    def set_lit(self, lit: bool) -> None:
        """While files hang over the window."""
        self.drop_area.set_lit(lit)
        self.column.drop_area.set_lit(lit)

    def _lay_out(self) -> None:
        for part in (self.column, self._stage, self.inspector):
            self.splitter.addWidget(part)
        self.column.setMinimumWidth(240)
        self._stage.setMinimumWidth(320)
        self.inspector.setMinimumWidth(248)
        self.inspector.setMaximumWidth(420)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setHandleWidth(1)
        self.splitter.setSizes(_WIDTHS)
        empty = QWidget()
        around = QVBoxLayout(empty)
        around.setContentsMargins(32, 32, 32, 32)
        around.addWidget(self.drop_area)
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        self._stack.addWidget(self.splitter)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    def _connect(self) -> None:
        area, inspector = self.drop_area, self.inspector
        area.browse_asked.connect(self.browse_asked)
        area.folder_asked.connect(self.folder_asked)
        area.sample_asked.connect(self.sample_asked)
        area.folder_chosen.connect(self.folder_chosen)
        self.column.browse_asked.connect(self.browse_asked)
        self.column.retry_asked.connect(self.retry)
        self.column.remove_asked.connect(self.remove_selected)
        self.queue.current_changed.connect(self._on_current_changed)
        self.queue.selection_changed.connect(self._count_soon)
        self.queue.original_held.connect(self._stage.hold_original)
        self._stage.retry_asked.connect(lambda row: self.retry([row]))
        self._stage.unlocked.connect(self._on_unlocked)
        self._stage.facts_missing.connect(self._on_facts_missing)
        self._stage.facts_asked.connect(self.importing.ask)
        self.importing.told.connect(self._on_told)
        self.importing.said.connect(self.said)
        inspector.import_asked.connect(self._on_import_asked)
        self._stage.pages_chosen.connect(self.model.touch)
        self.model.row_changed.connect(self._on_row_changed)
        for signal in (self.model.rowsInserted, self.model.rowsRemoved):
            signal.connect(self._count_soon)
        inspector.clean_asked.connect(self.clean)
        inspector.model_changed.connect(self._stage.set_model)
        inspector.strength_changed.connect(self._stage.set_strength)
        inspector.options_changed.connect(self._stage.set_options)
        for changed in (
            inspector.model_changed,
            inspector.strength_changed,
            inspector.options_changed,
            inspector.output_changed,
            self.run.changed,
        ):
            changed.connect(self._count_soon)
        if self.masks:
            self.masks.edited.connect(self._count_soon)
            self.masks.said.connect(self.said)
        self._counting.setSingleShot(True)
        self._counting.timeout.connect(self._count)

    def _mask_of(self, row: Row) -> Options:
        return self.masks.options(row) if self.masks else {}

    def _startable(self) -> list[Row]:
        return [row for row in self.model.rows if row.state in STARTABLE]

    def _changed(self) -> list[Row]:
        """Selected rows that other choices than today's were made for."""
        rows = [r for r in self.queue.selected() if r.state in FINISHED]
        return [r for r in rows if r.state is State.FAILED or r.job != self.job_for(r)]

    def _count_soon(self) -> None:
        """Counting ten thousand rows at each of a hundred changes would be felt."""
        if not self._counting.isActive():
            self._counting.start(_COUNT_EVERY_MS)

    def _count(self) -> None:
        """Bring the counts, the button and the choice between empty and full up to date."""
        counts = self.model.counts()
        total = counts.total()
        self._stack.setCurrentIndex(1 if total else 0)
        self.column.show_counts(total, counts[State.CLEANED] + counts[State.SKIPPED])
        startable = counts[State.READY] + counts[State.STOPPED]
        again = [] if startable else self._changed()
        button = self.inspector.clean
        if startable:
            things = self._wording.things(startable, self.task)
            button.setText(self.tr("Clean {things}").format(things=things))
        elif self.run.active:
            button.setText(self.tr("Cleaning…"))
        elif len(again) > 1:
            button.setText(
                self.tr("Clean {things} again").format(
                    things=self._wording.things(len(again), self.task)
                )
            )
        else:
            button.setText(self.tr("Clean again"))
        button.setEnabled(bool(startable or again))
        button.setToolTip(
            self.tr(
                "Ctrl+Return. Cleans what is not cleaned yet, or the selected"
                " files again with other settings (Ctrl+A selects all)."
            )
        )

    def _on_current_changed(self, row: Row | None) -> None:
        self._stage.show_row(row)
        self._show_findings(row)
        self.inspector.options.set_importable(row is not None and can_be_told(row.source))

    def _on_row_changed(self, row: Row) -> None:
        if row.state is State.FAILED and self.importing.help(row, row.error):
            self._on_unlocked(row)
            return
        self._stage.follow(row)
        if row is self.queue.current():
            self._show_findings(row)
        self._count_soon()

    def _on_unlocked(self, row: Row) -> None:
        """It failed for want of a password, or could not be shown yet: it has one now."""
        self.column.thumbnails.forget(row.source)
        if row.state is State.FAILED:
            self.run.start([row])
        self._stage.show_row(row)

    def _on_facts_missing(self, row: Row, error: Exception) -> None:
        if self.importing.help(row, error):
            self._on_unlocked(row)

    def _on_import_asked(self) -> None:
        row = self.queue.current()
        if row is not None:
            self.importing.ask(row)

    def _on_told(self, row: Row) -> None:
        """The others of its folder that failed for the same want have it now as well."""
        for other in self.model.rows:
            beside = other is not row and other.source.parent == row.source.parent
            failed = beside and other.state is State.FAILED
            if failed and self.importing.help(other, other.error):
                self.run.start([other])
        self._on_unlocked(row)

    def _show_findings(self, row: Row | None) -> None:
        measures = row.result.measures if row and row.result and row.state in FINISHED else None
        warning = row.result.note if row and row.result and row.is_warned else ""
        self.inspector.show_findings(self.task.findings(measures) if measures else [], warning)
