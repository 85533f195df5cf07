"""The pages of a document in a row below the compare view."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QWidget

from desktop_ae.core.domain import Options
from desktop_ae.ui.errands import Errands
from desktop_ae.ui.page_delegate import CELL, PageDelegate, check_rect
from desktop_ae.ui.page_model import PageModel
from desktop_ae.ui.queue_model import Row
from desktop_ae.ui.theme import theme
from desktop_ae.ui.thumbnails import Thumbnails

_THUMBNAILS_KEPT = 200
_SCROLL_BAR_PX = 12
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageUp: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageDown: 1,
}


class PageStrip(QListView):
    """Not there for a row of one page. Five hundred pages cost no more than those in sight.

    Signals:
        page_chosen(page: int)
        left_out_chosen(pages: frozenset[int])
        original_held(held: bool): Space, which the compare view answers as if it had the focus.
    """

    page_chosen = Signal(object)
    left_out_chosen = Signal(object)
    original_held = Signal(object)

    def __init__(
        self, domain: str, icon: str, errands: Errands, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._target: Path | None = None
        self.pages = PageModel(self)
        self.thumbnails = Thumbnails(errands, domain, self._options_of, _THUMBNAILS_KEPT, self)
        self.setModel(self.pages)
        self.setItemDelegate(PageDelegate(self.thumbnails, icon, self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(CELL.height() + _SCROLL_BAR_PX)
        self.setAccessibleName(self.tr("Pages"))
        self.hide()
        self.pages.left_out_chosen.connect(self.left_out_chosen)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.horizontalScrollBar().valueChanged.connect(self._on_scrolled)
        self.thumbnails.loaded.connect(lambda _source: self.viewport().update())
        theme().changed.connect(self.viewport().update)

    def show_row(self, row: Row | None) -> None:
        """Show a row's pages, or what became of them."""
        target = row.target if row is not None else None
        if target is not None and target != self._target and row is self.pages.row:
            self.thumbnails.forget(target)  # an earlier result may have borne its name
        self._target = target
        if self.pages.show_row(row) and row is not None:
            self.thumbnails.drop_asked()
            self._show_current(row.page)
        self.setVisible(row is not None and row.pages > 1)

    def step(self, by: int) -> None:
        """Go on or back by so many pages, as far as there are any."""
        if self.pages.rowCount():
            page = self.currentIndex().row() + by
            self.setCurrentIndex(self.pages.index(max(0, min(page, self.pages.rowCount() - 1))))

    def make_menu(self, page: int) -> QMenu:
        menu = QMenu(self)
        row = self.pages.row
        if row is not None:
            if page in row.left_out:
                action = menu.addAction(self.tr("Clean this page too"))
                action.triggered.connect(lambda: self.pages.leave_out(page, False))
            else:
                action = menu.addAction(self.tr("Leave this page out") + "\t↵")
                action.triggered.connect(lambda: self.pages.leave_out(page, True))
            only = menu.addAction(self.tr("Clean only this page"))
            only.setEnabled(row.left_out != frozenset(range(row.pages)) - {page})
            only.triggered.connect(lambda: self.pages.clean_only(page))
            every = menu.addAction(self.tr("Clean all pages"))
            every.setEnabled(bool(row.left_out))
            every.triggered.connect(self.pages.clean_all)
        return menu

    def sizeHint(self) -> QSize:
        return QSize(CELL.width() * 4, CELL.height() + _SCROLL_BAR_PX)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
        if index.isValid():
            menu = self.make_menu(index.row())
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        index = self.indexAt(point)
        on_check = index.isValid() and check_rect(self.visualRect(index)).contains(point)
        if on_check and event.button() == Qt.MouseButton.LeftButton:
            self._toggle(index)
        elif event.button() == Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _STEPS:
            self.step(_STEPS[key])
        elif key == Qt.Key.Key_Space:
            self.original_held.emit(True)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._toggle(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.original_held.emit(False)
            return
        super().keyReleaseEvent(event)

    def _options_of(self, _source: object) -> Options:
        return self.pages.row.key if self.pages.row else {}

    def _show_current(self, page: int) -> None:
        """Highlight a page without telling anyone: it is on the screen."""
        blocked = self.selectionModel().blockSignals(True)
        index = self.pages.index(page)
        self.setCurrentIndex(index)
        self.selectionModel().blockSignals(blocked)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        self.viewport().update()

    def _toggle(self, index: QModelIndex) -> None:
        row = self.pages.row
        if row is not None and index.isValid():
            self.pages.leave_out(index.row(), index.row() not in row.left_out)

    def _on_current_changed(self, index: QModelIndex) -> None:
        if index.isValid():
            self.page_chosen.emit(index.row())

    def _on_scrolled(self) -> None:
        """Only what is in sight now is worth loading; painting it asks for it."""
        self.thumbnails.drop_asked()
        self.viewport().update()
