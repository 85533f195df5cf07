"""Every file that was looked at, one a row, with what becomes of it."""

from __future__ import annotations

from html import escape
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop_ae.learning.request import KEPT, REFUSED, USED, FoundFile
from desktop_ae.ui.theme import colour, theme
from desktop_ae.ui.wording import said

NAME, TWIN, FATE, WHY = range(4)
_TINTS = {USED: "text", KEPT: "accent", REFUSED: "bad"}
_WIDTHS = {NAME: 220, TWIN: 200, FATE: 130}
_ROW_HEIGHT = 32
Index = QModelIndex | QPersistentModelIndex


class CheckTable(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.files: tuple[FoundFile, ...] = ()

    def show_files(self, files: tuple[FoundFile, ...]) -> None:
        """What is of no use comes first: that is what a person can do something about."""
        self.beginResetModel()
        self.files = tuple(sorted(files, key=lambda file: file.fate != REFUSED))
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.files)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        names = self.tr("File"), self.tr("Its clean twin"), self.tr("Use"), self.tr("Remark")
        return names[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        file, column = self.files[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(file, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            path = {NAME: file.path, TWIN: file.twin}.get(column)
            return f"<span>{escape(str(path) if path else self._text(file, column))}</span>"
        if role == Qt.ItemDataRole.ForegroundRole:
            tint = _TINTS[file.fate] if column == FATE else "dim" if column == WHY else "text"
            return colour(tint)
        return None

    def _text(self, file: FoundFile, column: int) -> str:
        fates = {
            USED: self.tr("Learned from"),
            KEPT: self.tr("Kept back"),
            REFUSED: self.tr("Left out"),
        }
        twin = file.twin.name if file.twin else ""
        return (file.path.name, twin, fates[file.fate], said(file.why))[column]


class CheckView(QTableView):
    def __init__(self, table: CheckTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(table)
        self.setAccessibleName(self.tr("What becomes of each file"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMinimumHeight(4 * _ROW_HEIGHT)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(WHY, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        theme().changed.connect(self.viewport().update)
