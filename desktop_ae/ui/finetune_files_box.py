"""A place to drop files or folders on, which then says what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_ae.core.domain import Domain
from desktop_ae.domains import domain_of_task
from desktop_ae.jobs import Context
from desktop_ae.learning.files import files_of
from desktop_ae.ui.elided_label import ElidedLabel
from desktop_ae.ui.errands import PLAN
from desktop_ae.ui.pasting import local_files
from desktop_ae.ui.services import Services
from desktop_ae.ui.theme import colour, dress, theme
from desktop_ae.ui.wording import Wording

_RECENT = "lessons"


@dataclass(frozen=True, slots=True)
class CountJob:
    """How many files of a task's kind there are in files and folders."""

    task: str
    paths: Sequence[Path]

    def run(self, context: Context) -> int:
        return len(files_of(self.paths, domain_of_task(self.task), context.token.check))


class FilesBox(QWidget):
    """Signals: changed(): other paths than before."""

    changed = Signal()

    def __init__(self, title: str, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._settings = services.settings
        self._errands = services.errands
        self._wording = Wording()
        self._domain: Domain | None = None
        self._task = ""
        self._asked = 0
        self._lit = False
        self.paths: tuple[Path, ...] = ()
        self.count: int | None = None
        self.setAcceptDrops(True)
        self.setAccessibleName(title)
        self.name = ElidedLabel("name", Qt.TextElideMode.ElideMiddle)
        self.about = ElidedLabel("dim")
        self.folder = QPushButton(self.tr("Browse a folder…"))
        self.files = QPushButton(self.tr("Browse files…"))
        self.clear_button = QPushButton()
        self._lay_out()
        self.folder.clicked.connect(self.browse_folder)
        self.files.clicked.connect(self.browse)
        self.clear_button.clicked.connect(self.clear)
        theme().changed.connect(self.update)
        self._say()

    def set_task(self, task: str) -> None:
        """What was given stays if it is for the same kind of files."""
        domain = domain_of_task(task)
        self._task = task
        if self._domain is not domain:
            self._domain = domain
            self._put(())

    def add(self, paths: Sequence[Path]) -> None:
        new = tuple(path for path in paths if path not in self.paths)
        if new:
            self._settings.add_recent(_RECENT, new[0] if new[0].is_dir() else new[0].parent)
            self._put((*self.paths, *new))

    def clear(self) -> None:
        self._put(())
        self.folder.setFocus()  # the cross that was clicked is gone

    def browse(self) -> None:
        if self._domain is None:
            return
        endings = " ".join(f"*{s} *{s.upper()}" for s in sorted(self._domain.suffixes))
        everything = self.tr("All files")
        chosen, _ = QFileDialog.getOpenFileNames(
            self, self._title, self._start_folder(), f"{self._title} ({endings});;{everything} (*)"
        )
        self.add([Path(name) for name in chosen])

    def browse_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self._title, self._start_folder())
        self.add([Path(chosen)] if chosen else [])

    def _lay_out(self) -> None:
        for button, icon in ((self.folder, "folder"), (self.files, "plus")):
            button.setProperty("role", "outline")
            dress(button, icon, "text", 18)
            button.setAccessibleName(f"{self._title}: {button.text()}")
        self.clear_button.setProperty("role", "quiet")
        self.clear_button.setFixedSize(32, 32)
        self.clear_button.setToolTip(self.tr("Take these files away"))
        self.clear_button.setAccessibleName(f"{self._title}: {self.clear_button.toolTip()}")
        dress(self.clear_button, "close", "dim", 16)
        policy = self.clear_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # or everything would move when it comes
        self.clear_button.setSizePolicy(policy)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.clear_button)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.folder)
        buttons.addWidget(self.files)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 12, 16)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.about)
        column.addSpacing(8)
        column.addLayout(buttons)

    def _put(self, paths: tuple[Path, ...]) -> None:
        self.paths = paths
        self.count = None
        self._errands.drop(self._asked)
        if paths:
            self._asked = self._errands.ask(
                CountJob(self._task, paths), self._on_counted, None, PLAN
            )
        self._say()
        self.changed.emit()

    def _on_counted(self, count: int) -> None:
        self.count = count
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        self.clear_button.setVisible(bool(self.paths))
        self.name.setText(self._names() if self.paths else self._title)
        if not self.paths:
            self.about.setText(self.tr("Drop files or a folder here"))
        elif self.count is None:
            self.about.setText(f"{self._title} · {self.tr('Counting…')}")
        elif not self.count:
            self.about.setText(self.tr("There is no file of this kind in there"))
        else:
            self.about.setText(f"{self._title} · {self._wording.files(self.count)}")
        self.about.setProperty("role", "bad" if self.count == 0 else "dim")
        self.about.style().polish(self.about)
        self.update()

    def _names(self) -> str:
        names = [path.name or str(path) for path in self.paths]
        if len(names) <= 2:
            return ", ".join(names)
        return self.tr("{name} and {n} more").format(name=names[0], n=len(names) - 1)

    def _start_folder(self) -> str:
        return str(next(iter(self._settings.recent(_RECENT)), ""))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._set_lit(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_lit(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_lit(False)
        event.acceptProposedAction()
        self.add(local_files(event.mimeData()))

    def _set_lit(self, lit: bool) -> None:
        self._lit = lit
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(colour("accent" if self._lit else "line"), 2)
        if not self.paths:
            pen.setDashPattern([4, 4])
        painter.setPen(pen)
        if self._lit or self.paths:
            painter.setBrush(colour("accent_soft" if self._lit else "panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 12, 12)
        painter.end()
