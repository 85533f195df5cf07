"""Step 3: every file opened and judged before anything is learned from it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from desktop_ae.core.tuning import PAIRS
from desktop_ae.core.work import Progress
from desktop_ae.learning.request import KEPT, REFUSED, USED, Checked
from desktop_ae.ui.finetune_check_table import TWIN, CheckTable, CheckView
from desktop_ae.ui.finetune_step import Step, text_label
from desktop_ae.ui.wording import Wording, said

_STEPS = 1000


class CheckStep(Step):
    """Signals: cancel_asked()."""

    scrolls = False
    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("What can be used"),
            self.tr(
                "Some files are kept back: they are never learned from, and tell in the end"
                " whether the model got better."
            ),
            parent,
        )
        self._wording = Wording()
        self.checked: Checked | None = None
        self.doing = text_label("strong")
        self.progress = QProgressBar()
        self.progress.setRange(0, _STEPS)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Files looked at"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.cancel_asked)
        self.summary = text_label("name")
        self.why = text_label("dim")
        self.warning = text_label("bad")
        self.table = CheckTable(self)
        self.view = CheckView(self.table)
        self._busy = QWidget()
        across = QHBoxLayout(self._busy)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(16)
        across.addWidget(self.doing, 2)
        across.addWidget(self.progress, 3)
        across.addWidget(self.cancel)
        for part in (self._busy, self.summary, self.why, self.warning):
            self.body.addWidget(part)
        self.body.addWidget(self.view, 1)
        self.body.setSpacing(8)

    @property
    def is_ready(self) -> bool:
        return self.checked is not None and not self.checked.too_few

    def begin(self, kind: str) -> None:
        self.checked = None
        self.view.setColumnHidden(TWIN, kind != PAIRS)
        self.table.show_files(())
        self.doing.setText(self.tr("Looking for files…"))
        self.progress.setValue(0)
        self._show(busy=True)

    def show_progress(self, progress: Progress) -> None:
        done, total = int(progress.done), int(progress.total)
        text = self.tr("Opening file {n} of {total}")
        if done + 1 >= total:  # the last one, or what comes after it
            text = self.tr("Opening file {n} of {total}, then trying how fast it learns here")
        self.doing.setText(text.format(n=min(done + 1, total), total=total))
        self.progress.setValue(round(progress.fraction * _STEPS))

    def show_checked(self, checked: Checked) -> None:
        self.checked = checked
        self.table.show_files(checked.files)
        self.summary.setText(self._summary(checked))
        study = checked.study
        self.why.setText(said(study.why) if study else "")
        warning = said(study.warning) if study and study.warning else ""
        self.warning.setText(checked.too_few or warning)
        self._show(busy=False)

    def show_error(self, error: Exception) -> None:
        self.summary.setText(self.tr("The files could not be looked at."))
        self.why.setText("")
        self.warning.setText(str(error))
        self._show(busy=False)

    def _summary(self, checked: Checked) -> str:
        used, kept, refused = (checked.count(fate) for fate in (USED, KEPT, REFUSED))
        text = self.tr("{all} usable: {used} to learn from, {kept} kept back to judge.").format(
            all=used + kept, used=used, kept=kept
        )
        if checked.too_few:
            text = self.tr("Not enough to learn from.")
        if refused:
            text += " " + self.tr("{files} left out.").format(files=self._wording.files(refused))
        return text

    def _show(self, *, busy: bool) -> None:
        self._busy.setVisible(busy)
        self.summary.setVisible(not busy)
        self.why.setVisible(not busy and bool(self.why.text()))
        self.warning.setVisible(not busy and bool(self.warning.text()))
        self.view.setVisible(not busy)
        self.changed.emit()
