"""Painting a row of the queue: thumbnail, name, what became of it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPixmap, QPixmapCache
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_ae.ui.queue_model import ROW_ROLE, Row, State
from desktop_ae.ui.theme import colour, font, pixmap
from desktop_ae.ui.thumbnails import Thumbnails, filling
from desktop_ae.ui.wording import Wording

ROW_HEIGHT = 70
_CARD_HEIGHT = 64
_SIDE = 10
_PICTURE = QSize(64, 48)
_TEXT_ROLE = {
    State.CLEANED: "good",
    State.SKIPPED: "good",
    State.CLEANING: "accent",
    State.FAILED: "bad",
}


class QueueDelegate(QStyledItemDelegate):
    """Draws with the theme's tokens; asks for thumbnails only of what it paints."""

    def __init__(self, thumbnails: Thumbnails, icon: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._icon = icon
        self._wording = Wording()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(200, ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: Row = index.data(ROW_ROLE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        card = QRect(rect.left() + _SIDE, rect.top(), rect.width() - 2 * _SIDE, _CARD_HEIGHT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            _fill(painter, card, colour("accent_soft"))
        elif state & QStyle.StateFlag.State_MouseOver:
            _fill(painter, card, colour("card"))
        if state & QStyle.StateFlag.State_HasFocus and not state & QStyle.StateFlag.State_Selected:
            painter.setPen(colour("accent"))
            painter.drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        picture = QRect(card.left() + 10, card.top() + 8, _PICTURE.width(), _PICTURE.height())
        self._paint_picture(painter, picture, row)
        left = picture.right() + 13
        self._paint_text(painter, QRect(left, card.top(), card.right() - left - 8, 64), row)
        painter.restore()

    def _paint_picture(self, painter: QPainter, rect: QRect, row: Row) -> None:
        painter.save()
        path = QPainterPath()
        path.addRoundedRect(QRectF(rect), 6, 6)
        painter.setClipPath(path)
        found = self._thumbnails.find(row.source)
        ratio = painter.device().devicePixelRatioF()
        if found is None:
            painter.fillRect(rect, colour("hover"))
            sign = pixmap(self._icon, "dim", 22, ratio)
            painter.drawPixmap(rect.center().x() - 10, rect.center().y() - 10, sign)
        else:
            painter.fillRect(rect, colour("card"))  # a waveform has no ground of its own
            painter.drawPixmap(rect.topLeft(), _cut(found, ratio))
        painter.restore()

    def _paint_text(self, painter: QPainter, rect: QRect, row: Row) -> None:
        name_font, body_font = font("body"), font("caption")
        name_font.setWeight(font("name").weight())
        body_font.setWeight(font("body").weight())
        body = QFontMetrics(body_font)
        status = self._wording.short_status(row)
        long = row.state is State.FAILED or row.is_warned
        lines = _two_lines(status, body, rect.width()) if long else [status]
        top = rect.top() + (13 if len(lines) == 1 else 5)
        painter.setFont(name_font)
        painter.setPen(colour("text"))
        metrics = QFontMetrics(name_font)
        name = metrics.elidedText(row.source.name, Qt.TextElideMode.ElideMiddle, rect.width())
        line = QRect(rect.left(), top, rect.width(), 20)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(body_font)
        painter.setPen(colour("bad" if row.is_warned else _TEXT_ROLE.get(row.state, "dim")))
        line.translate(0, 19)
        for text in lines:
            shown = body.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, shown)
            line.translate(0, 15)
        if row.state is State.CLEANING:
            bar = QRectF(rect.left(), rect.top() + 54, rect.width() - 8, 4)
            _fill(painter, bar, colour("line"), 2)
            bar.setWidth(max(4.0, bar.width() * row.fraction))
            _fill(painter, bar, colour("accent"), 2)


def _fill(painter: QPainter, rect: QRect | QRectF, tint: QColor, radius: float = 10) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawRoundedRect(QRectF(rect), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _cut(picture: QPixmap, ratio: float) -> QPixmap:
    key = f"queue-{picture.cacheKey()}-{ratio}"
    cut = QPixmap()
    if not QPixmapCache.find(key, cut):
        cut = filling(picture, _PICTURE, ratio)
        QPixmapCache.insert(key, cut)
    return cut


def _two_lines(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """A sentence broken between words; the second line keeps the rest, however long."""
    if metrics.horizontalAdvance(text) <= width:
        return [text]
    words = text.split(" ")
    count = len(words)
    while count > 1 and metrics.horizontalAdvance(" ".join(words[:count])) > width:
        count -= 1
    first, rest = " ".join(words[:count]), " ".join(words[count:])
    return [first, rest] if rest else [text]
