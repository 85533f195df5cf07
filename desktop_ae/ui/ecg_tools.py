"""The bar below the recording: where one is in it, and at what scale."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from desktop_ae.ui.ecg_words import EcgWords, seconds_of
from desktop_ae.ui.sound_words import clock
from desktop_ae.ui.theme import colour, dress

_HEIGHT_PX = 50
_FIELD_PX = 92


class EcgTools(QWidget):
    """Buttons only; the view does what they say.

    Signals: speed_stepped(bool: inward), gain_stepped(bool: larger), reset_asked(), fit_asked(),
    time_asked(seconds: float).
    """

    speed_stepped = Signal(object)
    gain_stepped = Signal(object)
    reset_asked = Signal()
    fit_asked = Signal()
    time_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = EcgWords()
        self._total_s = 0.0
        self._time_text = ""
        self.setFixedHeight(_HEIGHT_PX)
        self.time = QLineEdit()
        self.time.setFixedWidth(_FIELD_PX)
        self.time.setAccessibleName(self.tr("Go to a time"))
        self.time.setToolTip(self.tr("Type a time, such as 1:30 or 2:15:00, and press Enter (T)"))
        self.total = QLabel()
        self.total.setProperty("role", "dim")
        self.slower = self._tool("zoom-out", self.tr("Longer stretch"), self.tr("Zoom out (−)"))
        self.scale = self._make_scale()
        self.faster = self._tool("zoom-in", self.tr("Shorter stretch"), self.tr("Zoom in (+)"))
        self.smaller = self._tool("minus", self.tr("Lower waves"), self.tr("Lower waves (Down)"))
        self.larger = self._tool("plus", self.tr("Higher waves"), self.tr("Higher waves (Up)"))
        self.whole = self._tool("fit", self.tr("All of it"), self.tr("The whole recording (F)"))
        self._lay_out()
        self.slower.clicked.connect(lambda: self.speed_stepped.emit(False))
        self.faster.clicked.connect(lambda: self.speed_stepped.emit(True))
        self.smaller.clicked.connect(lambda: self.gain_stepped.emit(False))
        self.larger.clicked.connect(lambda: self.gain_stepped.emit(True))
        self.scale.clicked.connect(self.reset_asked)
        self.whole.clicked.connect(self.fit_asked)
        self.time.returnPressed.connect(self._on_entered)
        self.time.editingFinished.connect(self._forget)
        self.show_scale(25.0, 10.0)

    def sizeHint(self) -> QSize:
        return QSize(560, _HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _HEIGHT_PX)

    def show_place(self, time_s: float, total_s: float) -> None:
        self._total_s = total_s
        self._time_text = clock(time_s, total_s < 600)
        if not self.time.hasFocus():
            self._mark(wrong=False)
            self.time.setText(self._time_text)
        self.total.setText(f"/ {clock(total_s, total_s < 600)}")
        self._make_room()

    def show_scale(self, speed: float, gain: float) -> None:
        text = self.scale_text(speed, gain)
        self.scale.setText(text)
        self.scale.setAccessibleName(
            self.tr("Scale {scale}, go back to 25 mm/s and 10 mm/mV").format(scale=text)
        )
        self._make_room()

    def scale_text(self, speed: float, gain: float) -> str:
        return f"{self._words.speed(speed)} · {self._words.gain(gain)}"

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("line"), 1.0))
        painter.setBrush(colour("panel"))
        inside = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(inside, inside.height() / 2, inside.height() / 2)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 12, 0)
        row.setSpacing(2)
        row.addWidget(self.time)
        row.addSpacing(4)
        row.addWidget(self.total)
        row.addStretch(1)
        for part in (self.slower, self.faster, self.scale, self.smaller, self.larger, self.whole):
            row.addWidget(part)

    def _tool(self, sign: str, name: str, tip: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("role", "tool")
        button.setFixedSize(30, 30)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setAccessibleName(name)
        button.setToolTip(tip)
        dress(button, sign, "dim", 18)
        return button

    def _make_scale(self) -> QPushButton:
        button = QPushButton()
        button.setProperty("role", "quiet")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        tip = self.tr("Back to 25 mm/s and 10 mm/mV (1)")
        button.setToolTip(tip + "\n" + self.tr("Shift and drag on the paper measures"))
        return button

    def _make_room(self) -> None:
        """Leave out what has no room: the length, then the buttons, the scale last."""
        layout = self.layout()
        steps = (
            (self.total,),
            (self.smaller, self.larger),
            (self.slower, self.faster),
            (self.whole,),
        )
        for parts in steps:
            for part in parts:
                part.show()
        for parts in steps:
            if layout is None:
                return
            layout.invalidate()
            if layout.totalMinimumSize().width() <= self.width():
                return
            for part in parts:
                part.hide()

    def _on_entered(self) -> None:
        wanted = seconds_of(self.time.text())
        self._mark(wrong=wanted is None)
        if wanted is None:
            self.time.selectAll()
            return
        self.time_asked.emit(min(wanted, self._total_s))
        self.time.clearFocus()

    def _mark(self, wrong: bool) -> None:
        if bool(self.time.property("invalid")) != wrong:
            self.time.setProperty("invalid", wrong)
            self.time.style().unpolish(self.time)
            self.time.style().polish(self.time)

    def _forget(self) -> None:
        if not self.time.hasFocus():
            self.time.setText(self._time_text)
