"""Kept-back files as they were and as the model of the moment cleans them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from desktop_ae.core.clip import Samples
from desktop_ae.learning.lesson import Glimpse
from desktop_ae.ui.picture_marks import CORNER_RADIUS, badge_rect, draw_badge, draw_focus
from desktop_ae.ui.sound_paint import draw_curve, faint
from desktop_ae.ui.theme import colour, font, theme

MOST = 3
_ECG_BELOW_HZ = 1000.0
_GAP_PX = 12
_EDGE_PX, _FOOT_PX, _HEAD_PX = 8.0, 28.0, 20.0
_RADIUS = 6.0
_LARGEST = 2.0  # times its size that a picture is shown at
_GRID_S, _GRID_MV = 0.2, 0.5  # five millimetres of ECG paper
_CLOSEST_PX = 4.0


class GlimpseRow(QWidget):
    """Up to three glimpses side by side; a sentence while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles = [GlimpseTile() for _ in range(MOST)]
        self.word = QLabel(self.tr("Samples of kept-back files appear here while it learns."))
        self.word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.word.setWordWrap(True)
        self.word.setProperty("role", "dim")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP_PX)
        for part in (self.word, *self.tiles):
            row.addWidget(part, 1)
        self.setAccessibleName(self.tr("Samples of kept-back files, before and after"))
        self.show_glimpses(())

    def show_glimpses(self, glimpses: Sequence[Glimpse]) -> None:
        self.word.setVisible(not glimpses)
        for tile, glimpse in zip_longest(self.tiles, glimpses[:MOST]):
            tile.show_glimpse(glimpse)
            tile.setVisible(glimpse is not None)


class GlimpseTile(QWidget):
    """Before and after of one file; under the pointer, or while Space is held, what the result is
    compared with. That is no more than a guess where a person has noisy files alone.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glimpse: Glimpse | None = None
        self._pictures: dict[str, QImage] = {}
        self._reach = (0.0, 1.0)
        self._pointed = self._held = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(96, 96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(272, 240)

    def show_glimpse(self, glimpse: Glimpse | None) -> None:
        if glimpse is self._glimpse:
            return  # lessons come often, and new glimpses seldom
        self._glimpse = glimpse
        self._pictures = {}
        name, tip = "", ""
        if glimpse is not None:
            parts = {"before": glimpse.noisy, "after": glimpse.restored, "truth": glimpse.truth}
            if glimpse.noisy.ndim == 3:
                self._pictures = {name: _image(samples) for name, samples in parts.items()}
            else:
                self._reach = _reach([samples[0] for samples in parts.values()])
            name = self.tr("{name}, before and after").format(name=self._name(glimpse))
            if self._has_truth:
                tip = self.tr("Point at it, or hold Space, to see what it is compared with")
        self.setAccessibleName(name)
        self.setAccessibleDescription(tip)
        self.update()

    @property
    def shows_truth(self) -> bool:
        return self._has_truth and (self._pointed or self._held)

    @property
    def _has_truth(self) -> bool:
        glimpse = self._glimpse
        return glimpse is not None and not np.array_equal(glimpse.truth, glimpse.noisy)

    def _name(self, glimpse: Glimpse) -> str:
        """Samples that came with the program have none."""
        return glimpse.name or self.tr("Your noise on a clean sample")

    # --- hands

    def enterEvent(self, event: QEnterEvent) -> None:
        self._pointed = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._pointed = False
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._hold(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._hold(event.isAutoRepeat())
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._hold(False)  # the key may be released elsewhere
        super().focusOutEvent(event)

    def _hold(self, held: bool) -> None:
        if held != self._held:
            self._held = held
            self.update()

    # --- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        card = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(_card()))
        painter.drawRoundedRect(card, CORNER_RADIUS, CORNER_RADIUS)
        if self._glimpse is not None:
            area = card.adjusted(_EDGE_PX, _EDGE_PX, -_EDGE_PX, -_FOOT_PX)
            if self._pictures:
                self._paint_pictures(painter, area)
            else:
                self._paint_traces(painter, area, self._glimpse)
            self._paint_name(painter, card, self._name(self._glimpse))
        if self.hasFocus():
            draw_focus(painter, card)
        painter.end()

    def _paint_pictures(self, painter: QPainter, area: QRectF) -> None:
        """The same part of the file throughout: left of the line as it was, right of it cleaned."""
        before, after = self._pictures["before"], self._pictures["after"]
        drawn, part = _placed(before, area)
        if self.shows_truth:
            painter.drawImage(drawn, self._pictures["truth"], part)
            text = self.tr("Target")
            draw_badge(painter, badge_rect(drawn, text), text)
        else:
            painter.drawImage(drawn, before, part)
            half = QRectF(drawn.center().x(), drawn.top(), drawn.width() / 2, drawn.height())
            right = QRectF(part.center().x(), part.top(), part.width() / 2, part.height())
            painter.drawImage(half, after, right)
            line = QRectF(half.left() - 1, half.top(), 2, half.height())
            painter.fillRect(line, colour("bright"))
            for text, room in (
                (self.tr("Before"), drawn.adjusted(0, 0, -drawn.width() / 2, 0)),
                (self.tr("After"), half),
            ):
                badge = badge_rect(room, text, right=room is half)
                if badge.width() + 16 <= room.width():
                    draw_badge(painter, badge, text)
        _round_off(painter, drawn)

    def _paint_traces(self, painter: QPainter, area: QRectF, glimpse: Glimpse) -> None:
        """The first channel: before, and over it after or what that is compared with."""
        is_ecg = glimpse.rate_hz is not None and glimpse.rate_hz < _ECG_BELOW_HZ
        room = area.adjusted(4, _HEAD_PX, -4, -4)
        if glimpse.rate_hz is not None and is_ecg:
            self._paint_paper(painter, area, room, glimpse.noisy.shape[1] / glimpse.rate_hz)
        upper = glimpse.truth if self.shows_truth else glimpse.restored
        tint = "good" if self.shows_truth else "accent"
        word = self.tr("Target") if self.shows_truth else self.tr("After")
        behind = colour("original") if is_ecg else faint("dim", 150)
        painter.save()
        painter.setClipRect(area)
        for samples, ink in ((glimpse.noisy, behind), (upper, colour(tint))):
            draw_curve(painter, room, _columns(samples[0], self._reach, room.width()), ink, 1.0)
        painter.restore()
        painter.setFont(font("caption"))
        left = area.left() + 8
        for text, role in ((self.tr("Before"), "dim"), (word, tint)):
            painter.setPen(colour(role))
            wide = QFontMetricsF(font("caption")).horizontalAdvance(text) + 2
            line = QRectF(left, area.top() + 4, wide, 16)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)
            left += wide + 12

    def _paint_paper(self, painter: QPainter, area: QRectF, room: QRectF, seconds: float) -> None:
        """room: where the curve of so many seconds lies in the area."""
        low, high = self._reach
        across = room.width() * _GRID_S / max(seconds, _GRID_S)
        up = room.height() * _GRID_MV / (high - low)
        lines = []
        if across >= _CLOSEST_PX:
            xs = [room.left() + across * n for n in range(math.ceil(room.width() / across) + 1)]
            xs = [math.floor(x) + 0.5 for x in xs if x < area.right()]
            lines += [QLineF(x, area.top(), x, area.bottom()) for x in xs]
        if up >= _CLOSEST_PX:
            ys = [room.bottom() - up * n for n in range(math.ceil(area.height() / up) + 1)]
            ys = [math.floor(y) + 0.5 for y in ys if y > area.top()]
            lines += [QLineF(area.left(), y, area.right(), y) for y in ys]
        painter.fillRect(area, colour("paper"))
        painter.setPen(QPen(colour("grid_bold"), 1.0))
        painter.drawLines(lines)
        _round_off(painter, area)

    def _paint_name(self, painter: QPainter, card: QRectF, name: str) -> None:
        room = QRectF(card.left() + 12, card.bottom() - _FOOT_PX, card.width() - 24, _FOOT_PX)
        face = font("caption")
        painter.setFont(face)
        painter.setPen(colour("dim"))
        shown = QFontMetricsF(face).elidedText(name, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)


def _image(samples: Samples) -> QImage:
    """Grey or RGB of `(channels, height, width)` in [0, 1]; what is more than that is left out."""
    shown = samples[:3] if len(samples) >= 3 else np.repeat(samples[:1], 3, axis=0)
    held = np.nan_to_num(shown).clip(0, 1).transpose(1, 2, 0) * 255
    pixels = np.ascontiguousarray(held.round().astype(np.uint8))
    high, wide, _ = pixels.shape
    return QImage(pixels.data, wide, high, 3 * wide, QImage.Format.Format_RGB888).copy()


def _placed(image: QImage, area: QRectF) -> tuple[QRectF, QRectF]:
    """Where a picture goes in `area`, and the part of it that is seen there: never smaller than
    it is, since that would take out noise; the rest is cut off.
    """
    wide, high = image.width(), image.height()
    scale = min(max(area.width() / wide, area.height() / high, 1.0), _LARGEST)
    drawn = QRectF(0, 0, min(area.width(), wide * scale), min(area.height(), high * scale))
    drawn.moveCenter(area.center())
    part = QRectF(0, 0, drawn.width() / scale, drawn.height() / scale)
    part.moveCenter(QRectF(0, 0, wide, high).center())
    return drawn, part


def _reach(curves: Sequence[NDArray[np.float32]]) -> tuple[float, float]:
    """Lowest and highest value of all of them."""
    values = np.nan_to_num(np.concatenate(curves))
    low, high = float(values.min()), float(values.max())
    return (low, high) if high - low > 1e-9 else (low - 0.5, low + 0.5)


def _columns(
    curve: NDArray[np.float32], reach: tuple[float, float], width: float
) -> NDArray[np.float32]:
    """Least and greatest of each column of the screen, `(columns, 2)`, from -1 to 1 in `reach`."""
    low, high = reach
    scaled = ((np.nan_to_num(curve) - low) / (high - low) * 2 - 1).astype(np.float32)
    edges = np.linspace(0, len(scaled), min(len(scaled), max(1, int(width))), endpoint=False)
    starts = edges.astype(np.int64)
    ends = [np.minimum.reduceat(scaled, starts), np.maximum.reduceat(scaled, starts)]
    return np.stack(ends, axis=1)


def _card() -> str:
    return "card" if theme().tokens.dark else "panel"


def _round_off(painter: QPainter, area: QRectF) -> None:
    """Corners against the card: a clip to a round path would leave steps."""
    outside, inside = QPainterPath(), QPainterPath()
    outside.addRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))
    inside.addRoundedRect(area, _RADIUS, _RADIUS)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(_card()))
    painter.drawPath(outside.subtracted(inside))
