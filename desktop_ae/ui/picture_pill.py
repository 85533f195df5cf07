"""The floating bar of the compare view: its modes and its zoom."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget

from desktop_ae.ui.theme import dress

MODES = ("wipe", "side", "removed")


class PicturePill(QFrame):
    """Buttons only; the view does what they say.

    Signals: mode_chosen(str of MODES), zoom_stepped(bool: inward), one_to_one_asked(),
    fit_asked().
    """

    mode_chosen = Signal(object)
    zoom_stepped = Signal(object)
    one_to_one_asked = Signal()
    fit_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("pill")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._modes = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 4, 8, 4)
        self._row.setSpacing(2)
        self._segments = [self._segment(mode) for mode in MODES]
        self._row.addSpacing(10)
        self._out = self._button("minus", icon="minus")
        self._level = self._button("level")
        self._in = self._button("plus", icon="plus")
        self._fit = self._button("fit")
        self._name_all()
        self.set_zoom(1.0)
        self._segments[0].setChecked(True)
        self._modes.idClicked.connect(self._on_mode_clicked)
        self._out.clicked.connect(lambda: self.zoom_stepped.emit(False))
        self._in.clicked.connect(lambda: self.zoom_stepped.emit(True))
        self._level.clicked.connect(self.one_to_one_asked)
        self._fit.clicked.connect(self.fit_asked)

    def set_mode(self, mode: str) -> None:
        self._segments[MODES.index(mode)].setChecked(True)

    def set_zoom(self, zoom: float) -> None:
        percent = zoom * 100
        digits = 0 if percent >= 10 or percent == round(percent) else 1
        self._level.setText(f"{percent:.{digits}f} %")
        self._level.setAccessibleName(
            self.tr("Zoom {0}, show actual pixels").format(self._level.text())
        )

    def set_comparing(self, comparing: bool) -> None:
        """Without an after there is nothing to choose between."""
        for button in self._segments:
            button.setEnabled(comparing)

    def fit_into(self, width: int) -> bool:
        """Leave out the zoom where the view is narrow; False where not even the modes fit."""
        for button in self.findChildren(QPushButton):
            button.ensurePolished()  # or it is measured with the font from before the style sheet
        for with_zoom in (True, False):
            for button in (self._out, self._level, self._in, self._fit):
                button.setVisible(with_zoom)
            self._row.invalidate()
            if self.sizeHint().width() <= width:
                break
        self.adjustSize()
        return self.width() <= width

    def sizeHint(self) -> QSize:
        return QSize(self._row.totalSizeHint().width(), 40)  # the border included

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._name_all()
        super().changeEvent(event)

    def _segment(self, mode: str) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("role", "segment")
        button.setCheckable(True)
        # Tab reaches it, a click leaves the keyboard with the picture.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        self._modes.addButton(button, MODES.index(mode))
        self._row.addWidget(button)
        return button

    def _button(self, name: str, icon: str = "") -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(name)
        button.setProperty("role", "quiet")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        if icon:
            dress(button, icon, "dim", 14)
        self._row.addWidget(button)
        return button

    def _name_all(self) -> None:
        names = (self.tr("Wipe"), self.tr("Side by side"), self.tr("Removed"))
        tips = (
            self.tr("Drag the line between before and after (W)"),
            self.tr("Before and after beside each other (S)"),
            self.tr("What was taken out, four times as strong (R)"),
        )
        hold = self.tr("Hold Space to see the original")
        for button, name, tip in zip(self._segments, names, tips, strict=True):
            button.setText(name)
            button.setToolTip(f"{tip}\n{hold}")
        self._fit.setText(self.tr("Fit"))
        for button, tip in (
            (self._out, self.tr("Zoom out (−)")),
            (self._in, self.tr("Zoom in (+)")),
            (self._level, self.tr("Actual pixels (1)")),
            (self._fit, self.tr("Fit the view (0 or F)")),
        ):
            button.setToolTip(tip)
        self._out.setAccessibleName(self.tr("Zoom out"))
        self._in.setAccessibleName(self.tr("Zoom in"))
        self._fit.setAccessibleName(self.tr("Fit the view"))

    def _on_mode_clicked(self, index: int) -> None:
        self.mode_chosen.emit(MODES[index])
