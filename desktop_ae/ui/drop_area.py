"""Where files are dropped: the whole of an empty pane, or a small one below the queue."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop_ae.core.domain import Domain, Task
from desktop_ae.ui.settings import Settings
from desktop_ae.ui.theme import colour, dress, pixmap, theme
from desktop_ae.ui.wording import translated


class _Dashed(QWidget):
    """A dashed frame that lights up while files hang over the window. The drop is the window's."""

    def __init__(self, icon: str, icon_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._icon_px = icon, icon_px
        self._lit = False
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme().changed.connect(self._draw_icon)
        self._draw_icon()

    def set_lit(self, lit: bool) -> None:
        self._lit = lit
        self._draw_icon()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(colour("accent" if self._lit else "line"), 2)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        if self._lit:
            painter.setBrush(colour("accent_soft"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 12, 12)
        painter.end()

    def _draw_icon(self) -> None:
        name, role = ("drop", "accent") if self._lit else (self._icon, "dim")
        ratio = self.devicePixelRatioF()
        self.picture.setPixmap(pixmap(name, role, self._icon_px, ratio))


class DropArea(_Dashed):
    """An empty pane: what the task does, and the ways to give it a file.

    Signals:
        browse_asked()
        folder_asked()
        sample_asked()
        folder_chosen(folder: Path): one of the recent ones.
    """

    browse_asked = Signal()
    folder_asked = Signal()
    sample_asked = Signal()
    folder_chosen = Signal(object)

    def __init__(
        self, task: Task, domain: Domain, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(task.icon, 56, parent)
        self._settings = settings
        sentence = _centred(translated(task.sentence), "title")
        formats = _centred(" · ".join(domain.formats), "dim")
        private = _centred(self.tr("Nothing leaves this computer."), "dim")
        notices = [_centred(translated(task.notice), "dim")] if task.notice else []
        self.browse = QPushButton(self.tr("Browse files…"))
        self.browse.setProperty("role", "primary")
        self.browse.setToolTip("Ctrl+O")
        self.browse.clicked.connect(self.browse_asked)
        self.folder = QPushButton(self.tr("Browse a folder…"))
        self.folder.setProperty("role", "outline")
        self.folder.setToolTip("Ctrl+Shift+O")
        self.folder.clicked.connect(self.folder_asked)
        self.recent = QPushButton(self.tr("Recent folders"))
        self.recent.setProperty("role", "outline")
        menu = QMenu(self.recent)
        menu.aboutToShow.connect(lambda: self._fill_recent(menu))
        self.recent.setMenu(menu)
        self.sample = QPushButton(self.tr("Try a sample"))
        self.sample.setProperty("role", "quiet")
        dress(self.sample, "sample", "dim", 18)
        self.sample.setToolTip(self.tr("Cleans a file that came with this program"))
        self.sample.clicked.connect(self.sample_asked)
        settings.changed.connect(self._on_setting_changed)
        self._lay_out(sentence, formats, *notices, private)
        self._on_setting_changed("recent/sources")

    def _lay_out(self, sentence: QLabel, formats: QLabel, *below: QLabel) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addStretch()
        for button in (self.browse, self.folder, self.recent):
            button.setFixedHeight(40)
            buttons.addWidget(button)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 28)
        column.addStretch(3)
        for part, space in ((self.picture, 20), (sentence, 10), (formats, 28)):
            column.addWidget(part)
            column.addSpacing(space)
        column.addLayout(buttons)
        column.addSpacing(12)
        column.addWidget(self.sample, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        for part in below:
            column.addWidget(part)

    def _fill_recent(self, menu: QMenu) -> None:
        menu.clear()
        for folder in self._settings.recent("sources"):
            action = menu.addAction(str(folder))
            action.triggered.connect(lambda _=False, f=folder: self.folder_chosen.emit(f))

    def _on_setting_changed(self, name: str) -> None:
        if name == "recent/sources":
            self.recent.setVisible(bool(self._settings.recent("sources")))


class SmallDropArea(_Dashed):
    """Below the rows of a queue.

    Signals:
        clicked()
    """

    clicked = Signal()

    def __init__(self, task: Task, domain: Domain, parent: QWidget | None = None) -> None:
        super().__init__("drop", 28, parent)
        many = translated(task.nouns[1])
        text = self.tr("Drop more {things} or folders").format(things=many)
        head = _centred(text, "strong")
        formats = _centred(" · ".join(domain.formats), "small")
        self.setFixedHeight(110)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(self.tr("Browse files… (Ctrl+O)"))
        self.setAccessibleName(text)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 14, 8, 12)
        column.setSpacing(4)
        for part in (self.picture, head, formats):
            column.addWidget(part)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


def copy_of_sample(sample: Path, folder: Path) -> Path:
    """A copy to clean, so that results never land in the program's own folder."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / sample.name
    content = sample.read_bytes()
    if not copy.exists() or copy.read_bytes() != content:
        copy.write_bytes(content)
    return copy


def _centred(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    return label
