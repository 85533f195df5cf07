"""Is it better? What a training came to, in words and numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop_ae.core.tuning import NOISY
from desktop_ae.learning.verdict import CLASSICAL, NOTHING, START, TUNED, WORTH_DB, Verdict
from desktop_ae.ui.elided_label import ElidedLabel
from desktop_ae.ui.sound_paint import faint
from desktop_ae.ui.theme import colour, font, pixmap, theme
from desktop_ae.ui.wording import said

MOST_FILES = 8
_ICON_PX = 28
_ROW_PX, _BAR_PX = 28, 10.0


class VerdictCard(QWidget):
    """The verdict, the scores that it stands on, and the gain of each file, worst first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = ("info", "dim")
        self.picture = QLabel()
        self.headline = _label("title")
        self.words = QVBoxLayout()
        self.caption = _label("small")
        self.bars = ScoreBars()
        self.elsewhere = _label("small")
        self.files_title = _label("small")
        self.files = QGridLayout()
        self.more = _label("small")
        self._lay_out()
        self.setAccessibleName(self.tr("Is it better?"))
        theme().changed.connect(self._tint)
        self._tint()

    def show_verdict(self, verdict: Verdict, figure: str) -> None:
        """figure: of the scores, with its unit: "PSNR, dB"."""
        unit = figure.rpartition(", ")[2] if ", " in figure else ""
        self._icon = self._icon_of(verdict)
        self.headline.setText(self._headline(verdict))
        sentences = [said(sentence) for sentence in verdict.sentences()]
        _empty(self.words)
        for sentence in sentences:
            label = _label()
            label.setText(sentence)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.words.addWidget(label)
        self.caption.setText(self._caption(verdict, figure))
        names = {
            NOTHING: self.tr("Doing nothing"),
            CLASSICAL: self.tr("Classical filter"),
            START: self.tr("Starting model"),
            TUNED: self.tr("Tuned model"),
        }
        self.bars.show_scores(
            {names[n]: verdict.scores[n] for n in names if n in verdict.scores}, unit
        )
        text = self.tr("On other material: {gain} against the starting model")
        known = verdict.elsewhere_db
        self.elsewhere.setText(text.format(gain=gain(known, "dB")) if known is not None else "")
        self.elsewhere.setVisible(known is not None)
        self._show_files(verdict.by_file)
        self.setAccessibleDescription(" ".join((self.headline.text(), *sentences)))
        self._tint()

    def _headline(self, verdict: Verdict) -> str:
        if verdict.is_better:
            if verdict.forgets or verdict.harms:
                return self.tr("Better here, but read on")
            return self.tr("Better: worth keeping")
        if verdict.gain_db < -WORTH_DB:
            return self.tr("Worse: do not keep it")
        return self.tr("No better: not worth keeping")

    def _icon_of(self, verdict: Verdict) -> tuple[str, str]:
        """Name and colour."""
        if verdict.is_better:
            return "check", "good"
        return ("warning", "bad") if verdict.gain_db < -WORTH_DB else ("info", "dim")

    def _caption(self, verdict: Verdict, figure: str) -> str:
        texts = (
            self.tr("{figure}, on 1 kept-back file"),
            self.tr("{figure}, on {n} kept-back files"),
        )
        if verdict.kind == NOISY:
            texts = (
                self.tr("{figure}, estimated on 1 kept-back file"),
                self.tr("{figure}, estimated on {n} kept-back files"),
            )
        return texts[verdict.judged != 1].format(figure=figure, n=verdict.judged)

    def _show_files(self, by_file: Mapping[str, float]) -> None:
        _empty(self.files)
        shown = sorted(by_file.items(), key=lambda one: one[1])
        for row, (name, change) in enumerate(shown[:MOST_FILES]):
            file = ElidedLabel("", Qt.TextElideMode.ElideMiddle)
            file.setText(name)
            value = _label("good" if change > WORTH_DB else "bad" if change < -WORTH_DB else "dim")
            value.setWordWrap(False)
            value.setText(gain(change, "dB"))
            self.files.addWidget(file, row, 0)
            self.files.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
        self.files.setColumnStretch(0, 1)
        left = len(shown) - MOST_FILES
        self.more.setText(self.tr("and {n} more").format(n=left))
        self.more.setVisible(left > 0)
        self.files_title.setVisible(bool(shown))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.picture)
        head.addWidget(self.headline, 1)
        left = QVBoxLayout()
        left.setSpacing(6)
        for part in (self.caption, self.bars, self.elsewhere):
            left.addWidget(part)
        left.addStretch()
        self.files_title.setText(self.tr("Gain by file, worst first"))
        self.files.setHorizontalSpacing(12)
        self.files.setVerticalSpacing(4)
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addWidget(self.files_title)
        right.addLayout(self.files)
        right.addWidget(self.more)
        right.addStretch()
        sides = QHBoxLayout()
        sides.setSpacing(32)
        sides.addLayout(left, 3)
        sides.addLayout(right, 2)
        self.words.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(self.words)
        column.addSpacing(6)
        column.addLayout(sides)
        column.addStretch()

    def _tint(self) -> None:
        name, role = self._icon
        self.picture.setPixmap(pixmap(name, role, _ICON_PX, self.devicePixelRatioF()))
        tint = colour("text" if role == "dim" else role).name()
        self.headline.setStyleSheet(f"color: {tint}")
        self.bars.update()


class ScoreBars(QWidget):
    """A bar a score: what is gained over the first one, which is doing nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scores: Mapping[str, float] = {}
        self._unit = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_scores(self, scores: Mapping[str, float], unit: str) -> None:
        """By name, in order; the last one is the one that it is all about."""
        self._scores, self._unit = scores, unit
        self.setAccessibleName(
            ", ".join(f"{name}: {text}" for name, text in zip(scores, self.texts(), strict=True))
        )
        self.updateGeometry()
        self.update()

    def texts(self) -> list[str]:
        return [_number(score, self._unit) for score in self._scores.values()]

    def bars(self) -> list[QRectF]:
        """Each with its left end at what doing nothing gives, or its right end if it is worse."""
        area = self._area()
        scores = [score if math.isfinite(score) else None for score in self._scores.values()]
        base = next(iter(scores), None) or 0.0
        gains = [score - base if score is not None else 0.0 for score in scores]
        low, high = min(0.0, *gains), max(0.0, *gains)
        scale = area.width() / max(high - low, 1e-6)
        zero = area.left() - low * scale
        made = []
        for row, change in enumerate(gains):
            x = zero + min(0.0, change) * scale
            y = _ROW_PX * (row + 0.5) - _BAR_PX / 2
            made.append(QRectF(x, y, abs(change) * scale, _BAR_PX))
        return made

    def sizeHint(self) -> QSize:
        return QSize(320, _ROW_PX * len(self._scores))

    def minimumSizeHint(self) -> QSize:
        return QSize(180, _ROW_PX * len(self._scores))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._scores:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area, bars = self._area(), self.bars()
        last = len(bars) - 1
        zero = bars[0].left()
        painter.setPen(QPen(colour("dim"), 1.0))
        painter.drawLine(QLineF(zero, 2, zero, self.height() - 2))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        rows = zip(self._scores, self.texts(), bars, strict=True)
        for row, (name, text, bar) in enumerate(rows):
            line = QRectF(0, _ROW_PX * row, self.width(), _ROW_PX)
            painter.setFont(_face(row == last))
            painter.setPen(colour("text" if row == last else "dim"))
            names = line.adjusted(0, 0, area.left() - 12 - self.width(), 0)
            elide = Qt.TextElideMode.ElideRight
            metrics = QFontMetricsF(painter.font())
            painter.drawText(names, left, metrics.elidedText(name, elide, names.width()))
            painter.setPen(colour("text"))
            painter.drawText(line, right, text)
            painter.setPen(Qt.PenStyle.NoPen)
            worse = bar.left() < zero - 0.5
            tint = "bad" if worse else "accent" if row == last else "dim"
            painter.setBrush(colour(tint) if row == last else faint(tint, 150))
            if bar.width() >= 1:
                painter.drawRoundedRect(bar, 3, 3)
        painter.end()

    def _area(self) -> QRectF:
        """Between names and numbers."""
        metrics = QFontMetricsF(_face(True))
        names = max((metrics.horizontalAdvance(name) for name in self._scores), default=0.0)
        texts = max((metrics.horizontalAdvance(text) for text in self.texts()), default=0.0)
        names = min(names, self.width() * 0.45)
        return QRectF(names + 12, 0, max(8.0, self.width() - names - texts - 24), self.height())


def _empty(layout: QLayout) -> None:
    while item := layout.takeAt(0):
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def gain(change: float, unit: str) -> str:
    """With its sign; what rounds to nothing has none."""
    text = f"{change:+.1f}" if round(change, 1) else "0.0"
    return f"{text.replace('-', '−')} {unit}".strip()


def _number(score: float, unit: str) -> str:
    if not math.isfinite(score):
        return "–"
    return f"{score:.2f} {unit}".strip().replace("-", "−")


def _face(strong: bool) -> QFont:
    face = font("body")
    if strong:
        face.setWeight(QFont.Weight.DemiBold)
    return face


def _label(role: str = "") -> QLabel:
    """Plain: names of files are never taken for markup."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label
