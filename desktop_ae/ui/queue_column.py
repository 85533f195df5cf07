"""The left column of a pane: title, counts, the list, a place to drop more."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop_ae.core.domain import Domain, Options, Task
from desktop_ae.ui.drop_area import SmallDropArea
from desktop_ae.ui.elided_label import ElidedLabel
from desktop_ae.ui.errands import Errands
from desktop_ae.ui.queue_model import QueueModel, Row, State
from desktop_ae.ui.queue_view import QueueView
from desktop_ae.ui.show_in_folder import show_in_folder
from desktop_ae.ui.theme import dress
from desktop_ae.ui.thumbnails import Thumbnails
from desktop_ae.ui.wording import Wording, details, translated


class QueueColumn(QWidget):
    """Also answers the right-click menu, as far as that needs no cleaning.

    Signals:
        browse_asked()
        retry_asked(rows: list[Row])
        remove_asked(): the selected rows.
    """

    browse_asked = Signal()
    retry_asked = Signal(object)
    remove_asked = Signal()

    def __init__(
        self,
        task: Task,
        domain: Domain,
        model: QueueModel,
        errands: Errands,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("queue")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._wording = Wording()
        self.title = QLabel(translated(task.title))
        self.title.setProperty("role", "title")
        self.counts = ElidedLabel("dim")
        self.add = QPushButton()
        dress(self.add, "plus", "text", 20)
        self.add.setFixedSize(44, 32)
        self.add.setProperty("role", "icon")
        self.add.setToolTip(self.tr("Browse files… (Ctrl+O)"))
        self.add.setAccessibleName(self.tr("Add files"))
        self._model = model
        self.thumbnails = Thumbnails(errands, domain.id, self._options_of, parent=self)
        self.view = QueueView(model, self.thumbnails, task.icon)
        self.drop_area = SmallDropArea(task, domain)
        self._lay_out()
        self.add.clicked.connect(self.browse_asked)
        self.drop_area.clicked.connect(self.browse_asked)
        self.view.menu_asked.connect(self._on_menu_asked)
        self.view.opened.connect(self._on_opened)

    def show_counts(self, total: int, cleaned: int) -> None:
        text = self._wording.files(total)
        if cleaned:
            text += " · " + self.tr("{n} cleaned").format(n=f"{cleaned:,}")
        self.counts.setText(text)

    def make_menu(self, rows: list[Row]) -> QMenu:
        """What can be done with the rows; actions that do not apply are left out."""
        menu = QMenu(self)
        row = rows[0]
        target, single = row.target, len(rows) == 1
        if single and target is not None:
            menu.addAction(self.tr("Open result")).triggered.connect(lambda: _open(target))
        if single:
            shown = target or row.source
            menu.addAction(self.tr("Show in folder")).triggered.connect(
                lambda: show_in_folder(shown)
            )
        menu.addAction(self.tr("Copy path")).triggered.connect(lambda: _copy_paths(rows))
        error = row.error
        if single and row.state is State.FAILED and error is not None:
            about = str(row.job or row.source)
            menu.addAction(self.tr("Copy details")).triggered.connect(
                lambda: QGuiApplication.clipboard().setText(details(error, about))
            )
        menu.addSeparator()
        again = [r for r in rows if r.state in (State.FAILED, State.STOPPED)]
        if again:
            retry = menu.addAction(self.tr("Retry") + "\tF5")
            retry.triggered.connect(lambda: self.retry_asked.emit(again))
        remove = menu.addAction(self.tr("Remove from the list") + "\tDel")
        remove.triggered.connect(self.remove_asked)
        return menu

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.counts)
        head = QHBoxLayout()
        head.setContentsMargins(20, 16, 18, 8)
        head.addLayout(words, 1)
        head.addWidget(self.add, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 16)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.view, 100)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 6, 16, 0)
        foot.addWidget(self.drop_area)
        column.addLayout(foot)
        column.addStretch(1)

    def _options_of(self, source: Path) -> Options:
        row = self._model.find(source)
        return row.key if row else {}

    def _on_menu_asked(self, position: QPoint) -> None:
        rows = self.view.selected()
        if rows:
            self.make_menu(rows).popup(position)

    def _on_opened(self, row: Row) -> None:
        if row.target is not None:
            _open(row.target)


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _copy_paths(rows: list[Row]) -> None:
    text = "\n".join(str(row.target or row.source) for row in rows)
    QGuiApplication.clipboard().setText(text)
