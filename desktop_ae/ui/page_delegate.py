"""Painting a page of the strip: its picture, what became of it, whether it is to be cleaned."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_ae.ui.page_model import PageModel
from desktop_ae.ui.page_state import PageState, page_state, shown_file
from desktop_ae.ui.theme import colour, font, pixmap
from desktop_ae.ui.thumbnails import Thumbnails

CELL = QSize(84, 108)
_PICTURE = QSize(68, 68)
_TOP = 6
_BAR_PX = 3
_CHECK_PX = 14
_FAINT = 0.35
_BAR_ROLE = {
    PageState.CLEANED: "good",
    PageState.CLEANING: "accent",
    PageState.UNCHANGED: "dim",
}


def check_rect(cell: QRect) -> QRect:
    """Where a click chooses whether the page is cleaned; a view may make cells taller than CELL."""
    return QRect(cell.left() + 14, cell.top() + CELL.height() - 27, 26, 24)


class PageDelegate(QStyledItemDelegate):
    """Draws with the theme's tokens; asks for thumbnails only of what it paints."""

    def __init__(self, thumbnails: Thumbnails, icon: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._icon = icon

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return CELL

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        model = index.model()
        assert isinstance(model, PageModel)
        row, page = model.row, index.row()
        if row is None:
            return
        given: QRect = option.rect
        cell = QRect(given.topLeft(), CELL)
        flags: QStyle.StateFlag = option.state
        selected = bool(flags & QStyle.StateFlag.State_Selected)
        state = page_state(row, page)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        card = QRectF(cell).adjusted(2, 0, -2, -2)
        if selected or flags & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent_soft" if selected else "card"))
            painter.drawRoundedRect(card, 8, 8)
        if selected:
            painter.setPen(QPen(colour("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(card.adjusted(0.75, 0.75, -0.75, -0.75), 8, 8)
        box = QRect(QPoint(cell.center().x() - _PICTURE.width() // 2, cell.top() + _TOP), _PICTURE)
        found = self._thumbnails.find(shown_file(row, page), page)
        found = found or self._thumbnails.kept(row.source, page)
        sheet = self._paint_picture(painter, box, found, state is PageState.LEFT_OUT)
        if state in _BAR_ROLE:
            share = row.piece_fraction if state is PageState.CLEANING else 1.0
            _paint_bar(painter, sheet, _BAR_ROLE[state], share)
        elif state is PageState.PASSED_OVER:
            _paint_dots(painter, sheet)
        _paint_check(painter, cell, state)
        painter.setFont(font("caption"))
        painter.setPen(colour("dim" if state is PageState.LEFT_OUT else "text"))
        words = QRect(check_rect(cell).topRight(), QSize(40, 24))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, str(page + 1))
        painter.restore()

    def _paint_picture(
        self, painter: QPainter, box: QRect, picture: QPixmap | None, faint: bool
    ) -> QRectF:
        """Where the page lies in its box."""
        size = picture.size() if picture else QSize(48, 68)
        fitted = QRectF(0, 0, 0, 0)
        fitted.setSize(size.scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio).toSizeF())
        fitted.moveCenter(QRectF(box).center())
        painter.save()
        painter.setOpacity(_FAINT if faint else 1.0)
        edge = QPainterPath()
        edge.addRoundedRect(fitted, 3, 3)
        painter.setClipPath(edge)
        if picture is None:
            painter.fillRect(fitted, colour("hover"))
            sign = pixmap(self._icon, "dim", 22, painter.device().devicePixelRatioF())
            painter.drawPixmap(fitted.center() - QPoint(11, 11), sign)
        else:
            painter.drawPixmap(fitted, picture, QRectF(picture.rect()))
        painter.restore()
        painter.setPen(QPen(colour("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(fitted.adjusted(-0.5, -0.5, 0.5, 0.5), 3, 3)
        return fitted


def _paint_bar(painter: QPainter, sheet: QRectF, role: str, share: float) -> None:
    """Just below the page: how far it is, or what became of it."""
    bar = QRectF(sheet.left(), sheet.bottom() + 3, sheet.width(), _BAR_PX)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("line"))
    painter.drawRoundedRect(bar, _BAR_PX / 2, _BAR_PX / 2)
    bar.setWidth(max(_BAR_PX, bar.width() * share))
    painter.setBrush(colour(role))
    painter.drawRoundedRect(bar, _BAR_PX / 2, _BAR_PX / 2)


def _paint_dots(painter: QPainter, sheet: QRectF) -> None:
    """In place of the bar: the page was left as it is, for a reason that its tooltip says."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("dim"))
    middle = QPointF(sheet.center().x(), sheet.bottom() + 3 + _BAR_PX / 2)
    for step in (-2, -1, 0, 1, 2):
        place = middle + QPointF(2.5 * _BAR_PX * step, 0)
        painter.drawEllipse(place, _BAR_PX / 2, _BAR_PX / 2)


def _paint_check(painter: QPainter, cell: QRect, state: PageState) -> None:
    """Checked to be cleaned; a dash where that was wanted, but the page was passed over."""
    square = QRect(0, 0, _CHECK_PX, _CHECK_PX)
    square.moveCenter(check_rect(cell).center())
    filled = state not in (PageState.LEFT_OUT, PageState.PASSED_OVER)
    painter.setPen(Qt.PenStyle.NoPen if filled else QPen(colour("dim"), 1))
    painter.setBrush(colour("accent") if filled else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(square).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    if filled:
        ratio = painter.device().devicePixelRatioF()
        mark = pixmap("check", "on_accent", _CHECK_PX - 2, ratio)
        painter.drawPixmap(square.topLeft() + QPoint(1, 1), mark)
    elif state is PageState.PASSED_OVER:
        dash = QRectF(0, 0, _CHECK_PX / 2, 1.5)
        dash.moveCenter(QRectF(square).center())
        painter.fillRect(dash, colour("dim"))
