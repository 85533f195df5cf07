"""The row above the paper: heart rates before and after, a warning, and what is drawn."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop_ae.ui.ecg_beats import Beats
from desktop_ae.ui.ecg_words import EcgWords
from desktop_ae.ui.theme import dress, pixmap, theme

_HEIGHT_PX = 40
LAYERS = ("original", "removed", "beats")
_TINTS = ("original", "mask", "accent")


class EcgRates(QWidget):
    """Says what it is given; buttons only.

    Signals:
        next_asked(): the next place where beats differ.
        layers_chosen(): what `shown` says is another.
    """

    next_asked = Signal()
    layers_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = EcgWords()
        self.setFixedHeight(_HEIGHT_PX)
        self.sign = QLabel()
        self.mean = QLabel("–")
        self.mean.setProperty("role", "strong")
        self.scope = QLabel()
        self.scope.setProperty("role", "small")
        self.local = QLabel()
        self.local.setProperty("role", "dim")
        self.warning = QPushButton()
        self.warning.setProperty("role", "warn")
        self.warning.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.warning.setCursor(Qt.CursorShape.PointingHandCursor)
        dress(self.warning, "warning", "bad", 16)
        self.layers = [self._layer(place) for place in range(len(LAYERS))]
        self._lay_out()
        self.warning.clicked.connect(self.next_asked)
        theme().changed.connect(self._draw_sign)
        self._draw_sign()
        self.show_beats(None, 0.0, 0.0)

    def sizeHint(self) -> QSize:
        return QSize(560, _HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _HEIGHT_PX)

    def shown(self, layer: str) -> bool:
        return self.layers[LAYERS.index(layer)].isChecked()

    def toggle(self, layer: str) -> None:
        button = self.layers[LAYERS.index(layer)]
        if button.isEnabled():
            button.click()

    def set_comparing(self, comparing: bool) -> None:
        """Without an after there is nothing to choose between."""
        for button in self.layers[:2]:
            button.setEnabled(comparing)

    def show_beats(
        self, beats: Beats | None, start_s: float, stop_s: float, scope: str = "whole"
    ) -> None:
        """The span is what is visible. scope: "whole", "part" or "preview" of the recording."""
        both = beats is not None and beats.after is not None
        everywhere = (0.0, float("inf"))
        rates = _rates(beats, *everywhere)
        self.mean.setText(self._words.rates(*rates, both))
        self.scope.setText(
            {
                "whole": self.tr("whole recording"),
                "part": self.tr("read so far"),
                "preview": self.tr("preview"),
            }[scope]
        )
        here = self._words.rates(*_rates(beats, start_s, stop_s), both)
        self.local.setText(self.tr("here {rates}").format(rates=here))
        count = len(beats.differing) if beats is not None else 0
        self.warning.setVisible(bool(count))
        self.warning.setText(self._words.differing(count))
        if beats is not None and count:
            text = self._words.lost_and_new(len(beats.lost), len(beats.new))
            self.warning.setToolTip(text + "\n" + self.tr("Go to the next one (N)"))
            self.warning.setAccessibleDescription(text)
        name = self.tr("Mean heart rate, before and after: {rates}").format(rates=self.mean.text())
        self.pill.setAccessibleName(name)
        self.pill.setToolTip(name)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _lay_out(self) -> None:
        self.pill = QFrame()
        self.pill.setObjectName("pill")
        self.pill.setFixedHeight(_HEIGHT_PX)
        inside = QHBoxLayout(self.pill)
        inside.setContentsMargins(12, 0, 14, 0)
        inside.setSpacing(7)
        for part in (self.sign, self.mean, self.scope):
            inside.addWidget(part)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._row.addWidget(self.pill)
        self._row.addSpacing(4)
        self._row.addWidget(self.local)
        self._row.addWidget(self.warning)
        self._row.addStretch(1)
        for button in self.layers:
            self._row.addWidget(button)

    def _layer(self, place: int) -> QPushButton:
        names = (self.tr("Original"), self.tr("Removed"), self.tr("Beats"))
        tips = (
            self.tr("The original, faint behind the cleaned one (O)"),
            self.tr("What was removed, below each lead (R)"),
            self.tr("R-peaks and the heart rate between them (B)"),
        )
        button = QPushButton(names[place])
        button.setProperty("role", "segment")
        button.setCheckable(True)
        button.setChecked(LAYERS[place] != "removed")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        hold = self.tr("Hold Space to see the original")
        button.setToolTip(f"{tips[place]}\n{hold}" if place < 2 else tips[place])
        dress(button, "stroke", "off", 16, checked=_TINTS[place])
        button.toggled.connect(lambda _on: self.layers_chosen.emit())
        return button

    def _draw_sign(self) -> None:
        self.sign.setPixmap(pixmap("heart", "accent", 18, self.devicePixelRatioF()))

    def _fit(self) -> None:
        """Leave out what has no room: the rate here first, then what the mean is of."""
        parts = (self.local, self.scope)
        for part in parts:
            part.show()
        if self.warning.isVisibleTo(self):
            self.local.hide()
        for part in parts:
            self.pill.updateGeometry()  # or the row remembers how wide it was
            self._row.invalidate()
            if self._row.totalMinimumSize().width() <= self.width():
                break
            part.hide()
        self.pill.updateGeometry()


def _rates(beats: Beats | None, start_s: float, stop_s: float) -> tuple[float | None, float | None]:
    if beats is None:
        return None, None
    return beats.rates(start_s, min(stop_s, 1e9))
