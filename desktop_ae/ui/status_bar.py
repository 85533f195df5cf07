"""The foot of the window: what it runs on, how fast, how far, Pause and Stop."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from desktop_ae.ui.cleaning_run import Figures
from desktop_ae.ui.elided_label import ElidedLabel
from desktop_ae.ui.theme import colour, theme
from desktop_ae.ui.wording import Wording

_STEPS = 1000


class StatusBar(QWidget):
    """44 px at the bottom.

    Signals:
        pause_asked()
        resume_asked()
        stop_asked()
    """

    pause_asked = Signal()
    resume_asked = Signal()
    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(44)
        self._wording = Wording()
        self._paused = False
        self.dot = _Dot()
        self.machine = ElidedLabel("dim")
        self.machine.setText(self.tr("Starting…"))
        self.rate = QLabel()
        self.rate.setProperty("role", "dim")
        self.progress = QProgressBar()
        self.progress.setRange(0, _STEPS)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the whole queue"))
        self.count = QLabel()
        self.count.setProperty("role", "strong")
        self.pause = QPushButton(self.tr("Pause"))
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setToolTip("Esc")
        self.pause.clicked.connect(self._on_pause)
        self.stop.clicked.connect(self.stop_asked)
        self._lay_out()
        self.show_figures(None, paused=False)

    def show_machine(self, text: str, role: str = "good") -> None:
        self.machine.setText(text)
        self.dot.set_role(role)

    def show_figures(self, figures: Figures | None, *, paused: bool) -> None:
        """None: nothing is being cleaned."""
        self._paused = paused
        busy = figures is not None
        for part in (self.progress, self.count, self.pause, self.stop, self.rate):
            part.setVisible(busy)
        self.pause.setText(self.tr("Resume") if paused else self.tr("Pause"))
        if figures is None:
            return
        self.progress.setValue(round(figures.fraction * _STEPS))
        unit = figures.unit
        self.rate.setText(f"{figures.rate:.1f} {unit}/s" if figures.rate >= 0.05 else "")
        text = self.tr("{done} of {total}").format(done=figures.done, total=figures.total)
        if paused:
            text += " · " + self.tr("paused")
        elif figures.seconds_left is not None:
            left = self._wording.time_left(figures.seconds_left)
            text += " · " + self.tr("{time} left").format(time=left)
        self.count.setText(text)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 0, 18, 0)
        layout.setSpacing(8)
        layout.addWidget(self.dot)
        layout.addWidget(self.machine, 1)
        self.machine.setMinimumWidth(150)
        self.machine.setMaximumWidth(260)
        layout.addWidget(self.rate)
        self.rate.setMinimumWidth(80)
        layout.addSpacing(24)
        layout.addWidget(self.progress, 4)
        layout.addSpacing(8)
        layout.addWidget(self.count)
        self.count.setMinimumWidth(120)
        layout.addStretch(1)
        layout.addWidget(self.pause)
        layout.addWidget(self.stop)

    def _on_pause(self) -> None:
        if self._paused:
            self.resume_asked.emit()
        else:
            self.pause_asked.emit()


class _Dot(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(8, 8)
        self._role = "dim"
        theme().changed.connect(self.update)

    def set_role(self, role: str) -> None:
        self._role = role
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(self._role))
        painter.drawEllipse(self.rect())
        painter.end()
