"""The tools above a picture whose mask can be corrected."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from desktop_ae.ui.mask_hands import BRUSH, ERASER, SIZES
from desktop_ae.ui.theme import dress

_ICON_PX = 18
_HEIGHT = 36
_WORDS_FROM_PX = 480


class MaskBar(QWidget):
    """Buttons only; the editor does what they say. Where there is no room they lose their words.

    Signals:
        shown_chosen(shown: bool): of the mask.
        tool_chosen(tool: str): BRUSH, ERASER, or "" to put it down.
        size_chosen(size: int)
        undo_asked(redo: bool)
        clear_asked()
    """

    shown_chosen = Signal(object)
    tool_chosen = Signal(object)
    size_chosen = Signal(object)
    undo_asked = Signal(object)
    clear_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.eye = self._button("eye", self.tr("Mask"), self.tr("Show or hide the mask (M)"))
        self.brush = self._button(
            "brush", self.tr("Brush"), self.tr("Mark what shall go (B). Again or Esc puts it down.")
        )
        self.eraser = self._button(
            "eraser",
            self.tr("Eraser"),
            self.tr("Unmark what shall stay (E). Again or Esc puts it down."),
        )
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, SIZES)
        self.slider.setPageStep(10)
        self.slider.setMaximumWidth(140)
        self.slider.setMinimumWidth(36)
        self.slider.setToolTip(self.tr("Size of brush and eraser ([ and ])"))
        self.slider.setAccessibleName(self.tr("Size of brush and eraser"))
        self.pixels = QLabel()
        self.pixels.setProperty("role", "dim")
        self.pixels.setMinimumWidth(48)
        self.undo = self._button("undo", "", self.tr("Undo the last stroke (Ctrl+Z)"))
        self.redo = self._button("redo", "", self.tr("Redo a stroke (Ctrl+Shift+Z)"))
        self.clear = self._button("remove", self.tr("Clear"), self.tr("Unmark everything"))
        self._words = {b: b.text() for b in (self.eye, self.brush, self.eraser, self.clear)}
        for button in (self.eye, self.brush, self.eraser):
            button.setCheckable(True)
        self.undo.setAccessibleName(self.tr("Undo the last stroke"))
        self.redo.setAccessibleName(self.tr("Redo a stroke"))
        self.eye.setChecked(True)
        self._lay_out()
        self.eye.clicked.connect(lambda on: self.shown_chosen.emit(on))
        self.brush.clicked.connect(lambda on: self.tool_chosen.emit(BRUSH if on else ""))
        self.eraser.clicked.connect(lambda on: self.tool_chosen.emit(ERASER if on else ""))
        self.slider.valueChanged.connect(self.size_chosen.emit)
        self.undo.clicked.connect(lambda: self.undo_asked.emit(False))
        self.redo.clicked.connect(lambda: self.undo_asked.emit(True))
        self.clear.clicked.connect(self.clear_asked)

    def show_tool(self, tool: str) -> None:
        self.brush.setChecked(tool == BRUSH)
        self.eraser.setChecked(tool == ERASER)

    def show_size(self, size: int, pixels: float) -> None:
        """pixels: of the picture, which the tool is wide; 0 where there is none."""
        self.slider.setValue(size)
        self.pixels.setText(self.tr("{n} px").format(n=f"{pixels:.0f}") if pixels else "")

    def allow(self, *, painting: bool, undo: bool, redo: bool, clear: bool) -> None:
        for part in (self.brush, self.eraser, self.slider):
            part.setEnabled(painting)
        self.undo.setEnabled(undo)
        self.redo.setEnabled(redo)
        self.clear.setEnabled(clear)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        with_words = event.size().width() >= _WORDS_FROM_PX
        for button, text in self._words.items():
            button.setText(text if with_words else "")
        self.pixels.setVisible(with_words)

    def _button(self, icon: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", "tool")
        button.setToolTip(tip)
        button.setAccessibleName(text)
        # Tab reaches it, a click leaves the keyboard with the picture.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        dress(button, icon, "dim", _ICON_PX, checked="accent")
        return button

    def _lay_out(self) -> None:
        self.setFixedHeight(_HEIGHT)
        tools = QFrame()
        tools.setObjectName("segments")
        tools.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        pair = QHBoxLayout(tools)
        pair.setContentsMargins(2, 2, 2, 2)
        pair.setSpacing(2)
        pair.addWidget(self.brush)
        pair.addWidget(self.eraser)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.eye)
        row.addSpacing(4)
        row.addWidget(tools)
        row.addSpacing(4)
        row.addWidget(self.slider, 100)
        row.addWidget(self.pixels)
        row.addStretch(1)
        for button in (self.undo, self.redo, self.clear):
            row.addWidget(button)
