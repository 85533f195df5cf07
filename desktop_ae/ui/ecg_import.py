"""Asks what a table of an ECG does not say: its rate, its unit, its columns."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_ae.core.domain import Options
from desktop_ae.ui.ecg_columns import EcgColumns
from desktop_ae.ui.ecg_peek import Peek
from desktop_ae.ui.segmented_control import SegmentedControl

LOWEST_HZ, HIGHEST_HZ = 100.0, 2000.0
_USUAL_HZ = ("125", "128", "250", "256", "360", "500", "512", "1000")
_WIDTH_PX = 640
_FIELD_PX = 140


class EcgImportDialog(QDialog):
    """`options` is what was told once it was accepted. told: what was told before, or nothing."""

    def __init__(self, path: Path, peek: Peek, told: Options, parent: QWidget | None = None):
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import settings"))
        self.setMinimumWidth(_WIDTH_PX)
        self._name = path.name
        self.rate = QComboBox()
        self.unit = SegmentedControl(
            [("", self.tr("Find out")), ("mV", "mV"), ("uV", "µV"), ("V", "V")]
        )
        self.columns = EcgColumns()
        self.note = QLabel()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.take = QPushButton(self.tr("Use these settings"))
        self._fill(peek, told)
        self._lay_out()
        self.rate.editTextChanged.connect(self._judge)
        self.columns.changed.connect(self._judge)
        self.take.clicked.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._judge()
        self.rate.setFocus()

    def options(self) -> Options:
        leads, time = self.columns.chosen()
        rate = self._rate()
        return {
            "rate_hz": f"{rate:g}" if rate is not None else "",
            "unit": self.unit.value,
            "columns": ",".join(leads),
            "time_column": time,
        }

    def _fill(self, peek: Peek, told: Options) -> None:
        self.rate.setEditable(True)
        self.rate.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.rate.addItems(_USUAL_HZ)
        validator = QDoubleValidator(self)
        validator.setLocale(QLocale.c())
        self.rate.setValidator(validator)
        self.rate.setEditText(str(told.get("rate_hz", "")))
        field = self.rate.lineEdit()
        if field is not None:
            field.setPlaceholderText(self.tr("e.g. 250"))
        self.rate.setAccessibleName(self.tr("Samples a second"))
        self.unit.describe(self.tr("Unit"), self.tr("What a number in the table is."))
        unit = str(told.get("unit", ""))
        self.unit.set_value(unit if unit in ("mV", "uV", "V") else "")
        self.columns.show_peek(peek)
        leads = [part for part in str(told.get("columns", "")).split(",") if part]
        self.columns.choose(leads, str(told.get("time_column", "")))

    def _lay_out(self) -> None:
        title = QLabel(self.tr("How was this recorded?"))
        title.setProperty("role", "title")
        about = QLabel(
            self.tr(
                "{name} holds numbers, but does not say all of what they mean."
                " Whoever recorded it, or the device's manual, knows."
            ).format(name=self._name)
        )
        about.setProperty("role", "dim")
        about.setWordWrap(True)
        self.rate.setFixedWidth(_FIELD_PX)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        grid.addWidget(_caption(self.tr("Samples a second")), 0, 0)
        grid.addWidget(_caption(self.tr("Unit")), 0, 1)
        across = QHBoxLayout()
        across.setSpacing(8)
        across.addWidget(self.rate)
        across.addWidget(QLabel("Hz"))
        grid.addLayout(across, 1, 0)
        grid.addWidget(self.unit, 1, 1)
        grid.setColumnStretch(1, 1)
        self.note.setWordWrap(True)
        self.take.setProperty("role", "primary")
        self.take.setDefault(True)
        cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setText(self.tr("Cancel"))
        cancel.setProperty("role", "outline")
        self.buttons.addButton(self.take, QDialogButtonBox.ButtonRole.ActionRole)
        same = QLabel(self.tr("Other files of this folder are read the same way."))
        same.setProperty("role", "small")
        foot = QHBoxLayout()
        foot.addWidget(same, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(about)
        column.addSpacing(12)
        column.addLayout(grid)
        column.addSpacing(12)
        column.addWidget(_caption(self.tr("Columns")))
        column.addWidget(self.columns)
        column.addWidget(self.note)
        column.addSpacing(8)
        column.addLayout(foot)

    def _rate(self) -> float | None:
        try:
            return float(self.rate.currentText().replace(",", "."))
        except ValueError:
            return None

    def _judge(self) -> None:
        """Say what is missing, or what will be done."""
        rate, (leads, time) = self._rate(), self.columns.chosen()
        wrong = ""
        if not leads:
            wrong = self.tr("Choose at least one column that is ECG.")
        elif rate is None and self.rate.currentText().strip():
            wrong = self.tr("The number of samples a second is no number.")
        elif rate is not None and not LOWEST_HZ <= rate <= HIGHEST_HZ:
            wrong = self.tr("From {low} to {high} samples a second can be cleaned.").format(
                low=f"{LOWEST_HZ:.0f}", high=f"{HIGHEST_HZ:.0f}"
            )
        elif rate is None and not time:
            wrong = self.tr("Tell the samples a second, or which column is the time.")
        text = wrong
        if not wrong and rate is None:
            text = self.tr("The time column says how many samples a second there are.")
        elif not wrong:
            text = self.tr("ECG columns: {names}").format(names=", ".join(leads))
        touched = bool(self.rate.currentText().strip()) or not leads
        role = "bad" if wrong and touched else "dim"
        self.note.setText(text)
        if self.note.property("role") != role:
            self.note.setProperty("role", role)
            self.note.style().unpolish(self.note)
            self.note.style().polish(self.note)
        self.take.setEnabled(not wrong)


def _caption(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "caption")
    return label
