"""The pages of the row on the screen, as a list that a view can show."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, Signal

from desktop_ae.ui.page_state import page_state, why_not
from desktop_ae.ui.queue_model import Index, Row
from desktop_ae.ui.wording import Wording

_NOWHERE = QModelIndex()


class PageModel(QAbstractListModel):
    """Holds nothing of a page: all of it is the row's.

    Signals:
        left_out_chosen(pages: frozenset[int]): which pages the person wants to stay as they are.
    """

    left_out_chosen = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._row: Row | None = None
        self._count = 0
        self._seen: object = None
        self._wording = Wording()

    @property
    def row(self) -> Row | None:
        return self._row

    def show_row(self, row: Row | None) -> bool:
        """Show a row, or what became of it; True where the pages are other ones now."""
        count = row.pages if row else 0
        seen = row and (row.state, row.piece, row.piece_fraction, row.left_out, id(row.result))
        if row is not self._row or count != self._count:
            self.beginResetModel()
            self._row, self._count, self._seen = row, count, seen
            self.endResetModel()
            return True
        if seen != self._seen and count:
            self._seen = seen
            self.dataChanged.emit(self.index(0), self.index(count - 1))
        return False

    def leave_out(self, page: int, out: bool) -> None:
        if self._row is not None:
            pages = self._row.left_out
            self.left_out_chosen.emit(pages | {page} if out else pages - {page})

    def clean_only(self, page: int) -> None:
        self.left_out_chosen.emit(frozenset(range(self._count)) - {page})

    def clean_all(self) -> None:
        self.left_out_chosen.emit(frozenset())

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._row
        if row is None or not index.isValid():
            return None
        page = index.row()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return str(page + 1)
            case Qt.ItemDataRole.CheckStateRole:
                out = page in row.left_out
                return Qt.CheckState.Unchecked if out else Qt.CheckState.Checked
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._wording.page(page, page_state(row, page), why_not(row, page))
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        self.leave_out(index.row(), Qt.CheckState(value) == Qt.CheckState.Unchecked)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemNeverHasChildren
