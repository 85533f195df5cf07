"""A combo box whose entries have a title and a line about it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QStylePainter,
    QWidget,
)

from desktop_ae.ui.theme import colour, font

ABOUT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_HEIGHT = 52


class TwoLineBox(QComboBox):
    """Entries are added by `add`; `currentData()` is what was given there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Through a style sheet, because the program's sheet would win over setFixedHeight.
        self.setStyleSheet(f"QComboBox {{ min-height: {_HEIGHT - 4}px; }}")
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setItemDelegate(_TwoLineDelegate(self))

    def add(self, title: str, about: str, data: object) -> None:
        self.addItem(title, data)
        place = self.count() - 1
        self.setItemData(place, about, ABOUT_ROLE)
        self.setItemData(place, f"{title}\n{about}", Qt.ItemDataRole.ToolTipRole)
        self.setItemData(place, f"{title}, {about}", Qt.ItemDataRole.AccessibleTextRole)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = ""
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        about = self.currentData(ABOUT_ROLE) or ""
        rect = self.rect().adjusted(14, 0, -36, 0)
        _paint_lines(painter, rect, self.currentText(), about, self.isEnabled())


class _TwoLineDelegate(QStyledItemDelegate):
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(200, _HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent_soft"))
            painter.drawRoundedRect(rect.adjusted(2, 1, -2, -1), 6, 6)
        title = index.data(Qt.ItemDataRole.DisplayRole)
        _paint_lines(painter, rect.adjusted(12, 0, -12, 0), title, index.data(ABOUT_ROLE), True)
        painter.restore()


def _paint_lines(painter: QPainter, rect: QRect, title: str, about: str, enabled: bool) -> None:
    for text, role, tint, top in (
        (title, "body", "text" if enabled else "dim", 8),
        (about or "", "caption", "dim", 26),
    ):
        face = font(role)
        face.setWeight(font("name" if role == "body" else "body").weight())
        line = QRect(rect.left(), rect.top() + top, rect.width(), 18)
        painter.setFont(face)
        painter.setPen(colour(tint))
        shown = QFontMetrics(face).elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, shown)
