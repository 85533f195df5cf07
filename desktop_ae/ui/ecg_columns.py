"""The first rows of a table, with what each column is to be chosen above it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from desktop_ae.ui.ecg_peek import Peek
from desktop_ae.ui.theme import colour, theme

_ROLES = ("ecg", "time", "none")
_COLUMN_PX, _ROW_PX, _ROLES_PX = 132, 28, 44
_SHOWN_ROWS = 6


class EcgColumns(QTableWidget):
    """Signals:
    changed(): the role of a column.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._peek: Peek | None = None
        self.roles: list[QComboBox] = []
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.setAccessibleName(self.tr("First rows of the file"))
        theme().changed.connect(self._tint)

    def sizeHint(self) -> QSize:
        return QSize(560, _ROLES_PX + _SHOWN_ROWS * _ROW_PX + 64)

    def show_peek(self, peek: Peek) -> None:
        self._peek = peek
        self.roles = []
        shown = peek.rows[:_SHOWN_ROWS]
        self.clear()
        self.setColumnCount(len(peek.names))
        self.setRowCount(1 + len(shown))
        names = [
            name or self.tr("Column {n}").format(n=number + 1)
            for number, name in enumerate(peek.names)
        ]
        self.setHorizontalHeaderLabels(names)
        for column, name in enumerate(names):
            self.setColumnWidth(column, _COLUMN_PX)
            role = "time" if column == peek.time else "ecg" if column in peek.leads else "none"
            self._add_role(column, name, role)
            for place, row in enumerate(shown):
                self.setItem(1 + place, column, QTableWidgetItem(row[column]))
        self.setRowHeight(0, _ROLES_PX)
        for place in range(len(shown)):
            self.setRowHeight(1 + place, _ROW_PX)
        self._tint()

    def chosen(self) -> tuple[list[str], str]:
        """The ECG's columns and that of time, as the options name them; "" for no time."""
        peek = self._peek
        if peek is None:
            return [], ""
        which = [box.currentData() for box in self.roles]
        leads = [peek.called(n) for n, role in enumerate(which) if role == "ecg"]
        times = [peek.called(n) for n, role in enumerate(which) if role == "time"]
        return leads, times[0] if times else ""

    def choose(self, leads: list[str], time: str) -> None:
        """As told before, as far as this file has such columns."""
        peek = self._peek
        if peek is None or not leads:
            return
        for column, box in enumerate(self.roles):
            called = {peek.called(column), str(column + 1), peek.names[column]} - {""}
            role = "time" if time in called else "ecg" if called & set(leads) else "none"
            box.setCurrentIndex(max(0, box.findData(role)))

    def _add_role(self, column: int, name: str, role: str) -> None:
        box = QComboBox()
        words = (self.tr("ECG"), self.tr("Time"), self.tr("Not ECG"))
        for word, value in zip(words, _ROLES, strict=True):
            if value != "time" or (self._peek and self._peek.timed):
                box.addItem(word, value)
        box.setCurrentIndex(box.findData(role))
        box.setAccessibleName(self.tr("What {column} is").format(column=name))
        box.currentIndexChanged.connect(lambda _place: self._on_role(column))
        self.setCellWidget(0, column, box)
        self.roles.append(box)

    def _on_role(self, changed: int) -> None:
        """There is one time."""
        if self.roles[changed].currentData() == "time":
            for column, box in enumerate(self.roles):
                if column != changed and box.currentData() == "time":
                    box.setCurrentIndex(box.findData("none"))
        self._tint()
        self.changed.emit()

    def _tint(self) -> None:
        """Columns that are left as they are stand back."""
        for column, box in enumerate(self.roles):
            shade = "off" if box.currentData() == "none" else "text"
            for place in range(1, self.rowCount()):
                item = self.item(place, column)
                if item is not None:
                    item.setForeground(colour(shade))
