"""The bar below the lanes: play, stop, what is heard, loop, levels, volume."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QWidget,
)

from desktop_ae.ui.elided_label import ElidedLabel
from desktop_ae.ui.sound_mixer import VERSIONS
from desktop_ae.ui.sound_player import Player
from desktop_ae.ui.sound_words import SoundWords, position_of
from desktop_ae.ui.theme import colour, dress, pixmap, theme

_HEIGHT_PX = 50
_PLAY_PX = 34


class SoundTransport(QWidget):
    """Buttons for a player, which is told at once; says so where there is no sound device."""

    def __init__(self, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._words = SoundWords()
        self.setFixedHeight(_HEIGHT_PX)
        self.play = PlayButton()
        self.stop = self._tool("stop", self.tr("Stop"), self.tr("Back to where it began (S)"))
        self.time = QLabel("0:00 / 0:00")
        self.time.setProperty("role", "strong")
        self.versions = QButtonGroup(self)
        self.segments = [self._segment(place, name) for place, name in enumerate(VERSIONS)]
        self.loop = self._tool(
            "loop",
            self.tr("Loop"),
            self.tr("Play the selection, or all of it, again and again (L)"),
            checkable=True,
        )
        self.match = self._tool(
            "level",
            self.tr("Equal loudness"),
            self.tr("Before and after equally loud, so that louder does not pass for better (M)"),
            checkable=True,
        )
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setRange(0, 100)
        self.volume.setPageStep(10)
        self.volume.setFixedWidth(52)
        self.volume.setAccessibleName(self.tr("Volume in percent"))
        self.volume_sign = QLabel()
        self.sentence = ElidedLabel("dim")
        self._lay_out()
        self._connect()
        self._draw_sign()
        self.refresh()

    def sizeHint(self) -> QSize:
        return QSize(560, _HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _HEIGHT_PX)

    def show_position(self, position_s: float) -> None:
        self.time.setText(position_of(position_s, self._player.total_s))

    def refresh(self) -> None:
        """Follow the player."""
        player = self._player
        silent = player.device is False
        self.play.set_playing(player.playing)
        self.play.setEnabled(player.playable)
        self.stop.setEnabled(player.playable)
        self.segments[VERSIONS.index(player.version)].setChecked(True)
        for button in self.segments:
            button.setEnabled(player.comparable and not silent)
        self.loop.setChecked(player.looping)
        self.match.setChecked(player.matched)
        self.match.setEnabled(player.comparable)
        self.volume.blockSignals(True)
        self.volume.setValue(round(player.volume * 100))
        self.volume.blockSignals(False)
        self.volume.setToolTip(self.tr("Volume {n} % (Up, Down)").format(n=self.volume.value()))
        self.show_position(player.position_s)
        self._keep_room()
        self._name_play()
        self._fit()

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
        self._fit()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 14, 0)
        row.setSpacing(2)
        row.addWidget(self.play)
        row.addWidget(self.stop)
        row.addSpacing(2)
        row.addWidget(self.time)
        row.addSpacing(8)
        row.addWidget(self.sentence, 1000)
        row.addStretch(1)
        for button in self.segments:
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.loop)
        row.addWidget(self.match)
        row.addSpacing(4)
        row.addWidget(self.volume_sign)
        row.addWidget(self.volume)

    def _connect(self) -> None:
        player = self._player
        self.play.clicked.connect(player.toggle)
        self.stop.clicked.connect(player.stop)
        self.loop.clicked.connect(player.set_looping)
        self.match.clicked.connect(player.set_matched)
        self.versions.idClicked.connect(lambda place: player.set_version(VERSIONS[place]))
        self.volume.valueChanged.connect(lambda percent: player.set_volume(percent / 100))
        player.changed.connect(self.refresh)
        player.moved.connect(self.show_position)
        theme().changed.connect(self._draw_sign)

    def _segment(self, place: int, version: str) -> QPushButton:
        button = QPushButton(self._words.version(version))
        button.setProperty("role", "segment")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        tip = (
            self.tr("Hear the original (B)"),
            self.tr("Hear what is left (A)"),
            self.tr("Hear what was taken out (R)"),
        )[place]
        button.setToolTip(f"{tip}\n" + self.tr("X goes from one to the next, without a jump"))
        self.versions.addButton(button, place)
        return button

    def _tool(self, sign: str, name: str, tip: str, checkable: bool = False) -> QPushButton:
        button = QPushButton()
        button.setProperty("role", "tool")
        button.setCheckable(checkable)
        button.setFixedSize(30, 30)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setAccessibleName(name)
        button.setToolTip(tip)
        dress(button, sign, "dim", 18, checked="accent" if checkable else None)
        return button

    def _name_play(self) -> None:
        self.play.setAccessibleName(self.tr("Pause") if self._player.playing else self.tr("Play"))
        tip = self.tr("Play or pause (Space)")
        self.play.setToolTip(self._why_silent() or tip)

    def _why_silent(self) -> str:
        if self._player.device is False:
            return self.tr("No sound device: nothing can be heard, but cleaning works.")
        return ""

    def _keep_room(self) -> None:
        """For the longest time, or the bar would move as it plays."""
        self.time.ensurePolished()
        longest = position_of(self._player.total_s, self._player.total_s)
        digits = "".join("0" if sign.isdigit() else sign for sign in longest)
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance(digits) + 2)

    def _draw_sign(self) -> None:
        self.volume_sign.setPixmap(pixmap("volume", "dim", 18, self.devicePixelRatioF()))

    def _fit(self) -> None:
        """Leave out what has no room: the volume first, then stop and levels, the time last."""
        why = self._why_silent()
        self.sentence.setText(why)
        self.sentence.setToolTip(why)
        self.sentence.setVisible(bool(why))
        room = self.width()
        layout = self.layout()
        steps = (
            (self.volume, self.volume_sign),
            (self.match,),
            (self.stop,),
            (self.loop,),
            (self.time,),
        )
        for parts in steps:
            for part in parts:
                part.setVisible(not why or part is self.time)
        for button in self.segments:
            button.setVisible(not why)
            button.ensurePolished()
        for parts in steps:
            if layout is None or why:
                return
            layout.invalidate()
            if layout.totalMinimumSize().width() <= room:
                return
            for part in parts:
                part.hide()


class PlayButton(QAbstractButton):
    """A filled circle with a triangle in it, or two bars while it plays."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playing = False
        self.setFixedSize(_PLAY_PX + 4, _PLAY_PX + 4)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme().changed.connect(self.update)

    def set_playing(self, playing: bool) -> None:
        if playing != self._playing:
            self._playing = playing
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        disc = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent" if self.isEnabled() else "line"))
        painter.drawEllipse(disc)
        ink = colour("on_accent" if self.isEnabled() else "off")
        if self.isEnabled() and self.isDown():
            painter.setBrush(colour("shade"))
            painter.drawEllipse(disc)
        painter.setBrush(ink)
        middle = disc.center()
        if self._playing:
            for left in (-5.5, 1.5):
                painter.drawRoundedRect(QRectF(middle.x() + left, middle.y() - 6.5, 4, 13), 1, 1)
        else:
            painter.drawPolygon(
                [middle + QPointF(-4.5, -7), middle + QPointF(7.5, 0), middle + QPointF(-4.5, 7)]
            )
        if self.hasFocus() or (self.underMouse() and self.isEnabled()):
            painter.setPen(QPen(colour("text"), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(disc.adjusted(-1, -1, 1, 1))
        painter.end()
