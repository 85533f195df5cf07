"""The models that there are, one a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop_ae.core.card import ModelCard
from desktop_ae.core.errors import UnknownName
from desktop_ae.domains import task_named
from desktop_ae.ui.model_words import ModelWords
from desktop_ae.ui.theme import colour, font, pixmap
from desktop_ae.ui.wording import translated

ENTRY_ROLE = int(Qt.ItemDataRole.UserRole) + 1
NAME, TASK, SOURCE, MEASURED, SIZE, DATE = range(6)
_ROW_HEIGHT = 56
_WIDTHS = {NAME: 250, TASK: 104, SOURCE: 88, SIZE: 72, DATE: 84}
_ICON = 22
_NARROW, _NARROW_NAME = 700, 196  # below it, size and date are in the card alone
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Entry:
    """is_default: its task begins with it."""

    card: ModelCard
    is_own: bool
    is_default: bool


class ModelsTable(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = ModelWords()
        self.entries: Sequence[Entry] = ()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = tuple(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 6

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            self.tr("Name"),
            self.tr("Task"),
            self.tr("From"),
            self.tr("Measured"),
            self.tr("Size"),
            self.tr("Date"),
        )[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(entry, index.column())
        if role == Qt.ItemDataRole.ToolTipRole and index.column() in (NAME, MEASURED):
            return f"<span>{escape(self._text(entry, index.column()))}</span>"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = self._text(entry, index.column())
            if index.column() == NAME and entry.is_default:
                return f"{text}, {self.about(entry)}"
            return text
        return None

    def about(self, entry: Entry) -> str:
        """The line under a model's name."""
        return self.tr("Default") if entry.is_default else entry.card.id

    def _text(self, entry: Entry, column: int) -> str:
        card = entry.card
        match column:
            case 0:
                return translated(card.title)
            case 1:
                return self._words.task(card.task)
            case 2:
                return self._words.source(entry.is_own)
            case 3:
                return translated(card.summary)
            case 4:
                return self._words.size(card.bytes)
        return self._words.date(card)


class ModelsView(QTableView):
    """Whole rows are chosen, one at a time.

    Signals:
        entry_changed(entry: Entry | None)
        menu_asked(position: QPoint): right click or the menu key, in global coordinates.
        opened(entry: Entry): double click or Return.
    """

    entry_changed = Signal(object)
    menu_asked = Signal(object)
    opened = Signal(object)

    def __init__(self, table: ModelsTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("models")
        self._table = table
        self.setModel(table)
        self.setItemDelegate(_CellDelegate(table, self))
        self.setAccessibleName(self.tr("Models"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(56)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(MEASURED, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentRowChanged.connect(
            lambda index, _before: self.entry_changed.emit(index.data(ENTRY_ROLE))
        )
        self.activated.connect(lambda index: self.opened.emit(index.data(ENTRY_ROLE)))

    def current(self) -> Entry | None:
        entry = self.currentIndex().data(ENTRY_ROLE)
        return entry if isinstance(entry, Entry) else None

    def choose(self, model_id: str) -> bool:
        """Select a model's row; the first one if that is not there, and False."""
        places = [n for n, e in enumerate(self._table.entries) if e.card.id == model_id]
        if self._table.entries:
            self.selectRow(places[0] if places else 0)
        else:
            self.entry_changed.emit(None)
        return bool(places)

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = event.size().width() < _NARROW
        for column in (SIZE, DATE):
            self.setColumnHidden(column, narrow)
        self.setColumnWidth(NAME, _NARROW_NAME if narrow else _WIDTHS[NAME])
        super().resizeEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            rect = self.visualRect(self.currentIndex())
            self.menu_asked.emit(self.viewport().mapToGlobal(rect.center()))
        elif self.indexAt(event.pos()).isValid():
            self.menu_asked.emit(event.globalPos())


class _CellDelegate(QStyledItemDelegate):
    """Rows as rounded cards; the first cell has an icon and two lines."""

    def __init__(self, table: ModelsTable, view: QTableView) -> None:
        super().__init__(view)
        self._table = table
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, _ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, state, index)
        if index.column() == NAME:
            self._paint_name(painter, rect, entry, str(index.data()))
        else:
            inside = rect.adjusted(8, 0, -8, 0)
            tint = "text" if index.column() in (TASK, MEASURED) else "dim"
            _line(painter, inside, str(index.data()), "body", tint)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, index: Index
    ) -> None:
        """One card across the row, of which each cell paints its part."""
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if not selected and not state & QStyle.StateFlag.State_MouseOver:
            return
        last = index.column() == (MEASURED if self._view.isColumnHidden(DATE) else DATE)
        card = QRectF(rect).adjusted(0, 2, 0, -2)
        left, right = 12.0 * (index.column() != NAME), 12.0 * (not last)
        painter.setClipRect(rect)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent_soft" if selected else "card"))
        painter.drawRoundedRect(card.adjusted(-left, 0, right, 0), 8, 8)
        if selected and self._view.hasFocus():
            painter.setPen(colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = card.adjusted(0.5 - left, 0.5, right - 0.5, -0.5)
            painter.drawRoundedRect(ring, 8, 8)

    def _paint_name(self, painter: QPainter, rect: QRect, entry: Entry, title: str) -> None:
        top = rect.center().y() - _ICON // 2
        ratio = painter.device().devicePixelRatio()
        tint = "accent" if entry.is_default else "dim"
        painter.drawPixmap(rect.left() + 14, top, pixmap(_icon_of(entry), tint, _ICON, ratio))
        words = rect.adjusted(14 + _ICON + 12, 0, -8, 0)
        middle = rect.center().y()
        upper = QRect(words.left(), middle - 18, words.width(), 18)
        lower = QRect(words.left(), middle + 1, words.width(), 16)
        _line(painter, upper, title, "name", "text")
        about = "accent" if entry.is_default else "dim"
        _line(painter, lower, self._table.about(entry), "caption", about)


def _icon_of(entry: Entry) -> str:
    try:
        return task_named(entry.card.task).icon
    except UnknownName:
        return "models"


def _line(painter: QPainter, rect: QRect, text: str, role: str, tint: str) -> None:
    face = font(role)
    if role == "name":
        face.setPointSizeF(font("body").pointSizeF())
    painter.setFont(face)
    painter.setPen(colour(tint))
    elide = Qt.TextElideMode.ElideRight
    shown = QFontMetrics(face).elidedText(text, elide, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
