"""The list of files: select, reorder, drag results out, right-click."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop_ae.ui.queue_delegate import ROW_HEIGHT, QueueDelegate
from desktop_ae.ui.queue_model import ROWS_MIME, QueueModel, Row
from desktop_ae.ui.theme import colour, pixmap
from desktop_ae.ui.thumbnails import Thumbnails


class QueueView(QListView):
    """As tall as its rows where there is room, so that what is below follows the last one.

    Signals:
        current_changed(row: Row | None)
        selection_changed()
        menu_asked(position: QPoint): right click, in global coordinates.
        opened(row: Row): double click or Return.
        original_held(held: bool): Space, which the compare view answers as if it had the focus.
    """

    current_changed = Signal(object)
    selection_changed = Signal()
    menu_asked = Signal(object)
    opened = Signal(object)
    original_held = Signal(object)

    def __init__(
        self, model: QueueModel, thumbnails: Thumbnails, icon: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._queue = model
        self._icon = icon
        self.setModel(model)
        self.setItemDelegate(QueueDelegate(thumbnails, icon, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(True)
        self.setAccessibleName(self.tr("Files"))
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())
        self.doubleClicked.connect(lambda index: self.opened.emit(model.row_at(index)))
        thumbnails.loaded.connect(lambda _source: self.viewport().update())
        model.rowsInserted.connect(self._on_rows_inserted)
        model.rowsRemoved.connect(self._on_rows_removed)

    def sizeHint(self) -> QSize:
        return QSize(200, min(self._queue.rowCount(), 1000) * ROW_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, min(2, self._queue.rowCount()) * ROW_HEIGHT)

    def selected(self) -> list[Row]:
        """In the order of the queue."""
        places = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self._queue.rows[place] for place in places]

    def current(self) -> Row | None:
        return self._queue.row_at(self.currentIndex())

    def select(self, row: Row) -> None:
        index = self._queue.index_of(row)
        if index.isValid():
            # Whatever keys are held: QAbstractItemView would extend the selection with Shift.
            alone = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, alone)
            self.scrollTo(index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current()
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and row and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(row)
            return
        if event.key() == Qt.Key.Key_Space:
            self.original_held.emit(True)
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.original_held.emit(False)
            return
        super().keyReleaseEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.selected() and self.current():
            self.setCurrentIndex(self.currentIndex())

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """Copy only: a file manager offered a move would take the result away from its place."""
        rows = self.selected()
        if not rows:
            return
        drag = QDrag(self)
        drag.setMimeData(self._queue.mimeData(self.selectionModel().selectedIndexes()))
        ratio = self.devicePixelRatioF()
        drag.setPixmap(pixmap(self._icon if len(rows) == 1 else "copy", "accent", 32, ratio))
        drag.exec(Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not event.mimeData().hasFormat(ROWS_MIME):
            event.ignore()  # files from outside are for the window
            return
        super().dragEnterEvent(event)
        event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if not event.mimeData().hasFormat(ROWS_MIME):
            event.ignore()
            return
        super().dragMoveEvent(event)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        if not event.mimeData().hasFormat(ROWS_MIME):
            event.ignore()
            return
        index = self.indexAt(event.position().toPoint())
        place = index.row() if index.isValid() else self._queue.rowCount()
        if index.isValid() and event.position().y() > self.visualRect(index).center().y():
            place += 1
        action = Qt.DropAction.CopyAction
        self._queue.dropMimeData(event.mimeData(), action, place, 0, self.rootIndex())
        event.setDropAction(action)
        event.accept()
        self.setState(QAbstractItemView.State.NoState)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.state() != QAbstractItemView.State.DraggingState:
            return
        position = self.viewport().mapFromGlobal(self.cursor().pos())
        index = self.indexAt(position)
        if index.isValid():
            rect = self.visualRect(index)
            below = position.y() > rect.center().y()
            y = rect.bottom() - 2 if below else rect.top() - 3
            painter = QPainter(self.viewport())
            painter.fillRect(rect.left() + 16, y, rect.width() - 32, 2, colour("accent"))
            painter.end()

    def _on_rows_inserted(self) -> None:
        self._fit_rows()

    def _fit_rows(self) -> None:
        self.setMaximumHeight(self.sizeHint().height())
        self.updateGeometry()

    def _on_rows_removed(self) -> None:
        self._fit_rows()
        if not self.selected() and self.current():
            self.setCurrentIndex(self.currentIndex())

    def _on_current_changed(self) -> None:
        self.current_changed.emit(self.current())
